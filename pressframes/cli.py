"""The command line: a thin door. Exit code 0 done, 1 the work failed, 2 the input is wrong (one line on stderr says what)."""

import signal
import sys
from pathlib import Path

import click

from pressframes import shelf
from pressframes.errors import InputError, WorkError

_STUDY = click.argument("study", default="seeds")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pressframes")
def cli():
    """Compare how outlets frame the same actors, in whose words, and how sure one can be.

    STUDY is a folder with a study.toml; the five articles in seeds/ where none is given.
    """


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "paths", multiple=True, required=True, type=click.Path(path_type=Path), help="A file, folder or zip with the articles; may be given several times.")
@click.option("--group-by", default="", help="What makes a group: outlet, folder, domain, file (the beginning of file names) or a column.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="What a column means, where it is not seen: text, title, outlet, date, author, url, id or file.")
@click.option("--title", help="Of the study; else the folder's name.")
@click.option("--targets", "targets_file", type=click.Path(path_type=Path), help="Who is looked for, a TOML file; else the suite's targets that the articles mention.")
@click.option("--suggest-targets", is_flag=True, help="Also write suggested-targets.toml: the names that the articles print most, to be edited.")
@click.option("--merge-copies", is_flag=True, help="Of articles that print the same words, keep the first.")
@click.option("--dates", "order", type=click.Choice(["dmy", "mdy"]), help="Whether day or month stands first in dates such as 4/5/2017.")
@click.option("--encoding", help="Of all text files; detected where not given.")
@click.option("--skip-faults", is_flag=True, help="Leave out what cannot be used, and say so.")
@click.option("--non-interactive", is_flag=True, help="Never ask; fail where only you can say.")
def new(folder, paths, columns, group_by, title, targets_file, suggest_targets, merge_copies, order, encoding, skip_faults, non_interactive):
    """Make a study in FOLDER from articles in any common format; what was given stays as it is."""
    from pressframes.intake import copies, mapping, readers, targets, write
    from pressframes.intake.columns import Undecided

    write.check_new(folder)
    meanings = {}
    for told in columns:
        if "=" not in told:
            raise InputError(f"--column {told}: write it as FIELD=COLUMN, for instance text=body")
        meanings[told.split("=", 1)[0].strip()] = told.split("=", 1)[1].strip()
    if targets_file:
        targets.choose((), targets_file)  # a wrong file is told before the reading
    readings = readers.read(paths, encoding=encoding, skip=skip_faults)
    while True:
        try:
            proposal = mapping.propose(readings, columns=meanings, group_by=group_by, order=order or "", skip=skip_faults)
            break
        except Undecided as question:
            if non_interactive or not sys.stdin.isatty():
                raise
            click.echo(str(question), err=True)
            meanings[question.meaning] = click.prompt(f"Column of the {question.meaning}s", type=click.Choice(question.candidates), err=True)
    click.echo(f"{proposal.understood!r}\n")
    found = copies.find_copies(proposal.entries)
    proposal = copies.mark(proposal, found, merge=merge_copies)
    if found:
        click.echo(f"{copies.shown(found).top(20)!r}\n")
    keys, why = targets.choose(proposal.entries, targets_file)
    files = {"targets.toml": targets_file.read_bytes()} if targets_file else {}
    if suggest_targets:
        files["suggested-targets.toml"] = targets.suggest(proposal.entries).encode("utf-8")
    write.write_study(proposal, folder, title=title or folder.absolute().name, targets=keys, files=files, targets_file="targets.toml" if targets_file else "")
    click.echo(f"{proposal.by_group()!r}\n")
    for note in (*proposal.notes, f"Looked for: {why}."):
        click.echo(f"- {note}")
    click.echo(f"\nThe study is in {folder}: `pressframes check {folder}` says what it can show, `pressframes report {folder}` makes the report.")


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for one file a table; made if missing.")
@click.option("--format", "file_format", default="parquet", show_default=True, help="parquet, csv or jsonl.")
@click.option("--engine", help="For many articles: local, processes or dask. Writes a folder of Parquet files a table, and carries on where it stopped; STUDY may also be a folder of texts, Parquet files or a URL.")
@click.option("--workers", type=int, help="With --engine: so many processes; as many as processors where not given.")
@click.option("--scheduler", help="With --engine dask: of a cluster that runs already, such as tcp://10.0.0.1:8786.")
@click.option("--layers", help="With --engine: all, or surface: words alone, counted by group.")
def annotate(study, out, file_format, engine, workers, scheduler, layers):
    """Write every annotation layer of STUDY as a table."""
    if engine or workers or scheduler or layers:
        from pressframes.engines import annotate_shown

        if file_format != "parquet":
            raise InputError(f"--format {file_format}: with --engine the tables are Parquet; leave --format out")
        click.echo(repr(annotate_shown(study, out, engine=engine or "local", workers=workers, scheduler=scheduler, layers=layers or "all")))
        return
    from pressframes.annotate import FORMATS, annotate_cached, write_annotations
    from pressframes.corpus import in_other_languages, read_articles
    from pressframes.lexicon import read_lexicons
    from pressframes.settings import read_settings

    if file_format not in FORMATS:
        raise InputError(f"--format: unknown format '{file_format}'; use {', '.join(FORMATS)}")
    settings = read_settings(study)
    articles, lexicons = read_articles(settings), read_lexicons(settings)
    files = write_annotations(annotate_cached(articles, lexicons, languages=settings.corpus.languages), out, format=file_format)
    for line in in_other_languages(articles, settings):
        click.echo(line, err=True)
    click.echo(f"{len(articles)} articles, {len(files)} tables in {out}")


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), default="report", show_default=True, help="Folder of the report; a former report there is replaced.")
def report(study, out):
    """Make the report of STUDY: a page, a PDF, figures, tables and executed notebooks."""
    from tqdm import tqdm

    from pressframes.report.build import build_report
    from pressframes.report.run import suite

    with tqdm(total=len(suite()) + 3, bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt} {desc}", file=sys.stderr) as bar:

        def step(name: str) -> None:
            bar.set_description_str(name, refresh=False)
            bar.update()

        notes = build_report(study, out, step=step)
    for note in notes:
        click.echo(note, err=True)
    click.echo(f"The report is in {out}: open {out / 'index.html'} in a browser.")


@cli.command()
@_STUDY
def check(study):
    """Say what STUDY compares with what, and what it cannot show."""
    from pressframes.study import Study

    loaded = Study.load(study)
    for line in loaded.remarks():
        click.echo(line, err=True)
    for part in (loaded, loaded.about(), loaded.design(), *([loaded.power()] if loaded.contrasts else []), loaded.confounds()):
        click.echo(repr(part))
    mentioned = set(loaded.annotations().mentions["target"])
    for key, label in loaded.targets.items():
        if key not in mentioned:
            click.echo(f"target '{label}': never mentioned in these {len(loaded.articles)} articles; see its names in the targets file", err=True)


@cli.command()
@click.argument("words", nargs=-1, metavar="[STUDY] [TERM]")
@click.option("--loaded", help="In place of a term: a category or entry of the loaded terms, or * for all.")
@click.option("--target", help="Only sentences that mention this target.")
@click.option("--group", help="Only this group.")
@click.option("--voice", help="Only this voice: outlet, indirect or direct.")
@click.option("--regex", is_flag=True, help="The term is a regular expression.")
def concordance(words, **options):
    """Show the sentences of STUDY (a folder; seeds where none is given) that hold TERM."""
    from pressframes.study import Study

    if len(words) > 2:
        raise InputError("concordance: more than a study and a term; put a phrase in quotation marks")
    study, term = words if len(words) == 2 else (words[0], None) if words and Path(words[0]).is_dir() else ("seeds", *(words or (None,)))
    click.echo(repr(Study.load(study).concordance(term, **options)))


@cli.command()
@click.option("--gold", type=click.Path(path_type=Path), help="Folder of the open gold sets; where it is not given, the repository's.")
@click.option("--basil", type=click.Path(path_type=Path), help="Your copy of BASIL.")
@click.option("--polnear", type=click.Path(path_type=Path), help="Your copy of PolNeAR.")
@click.option("--babe", type=click.Path(path_type=Path), help="Your copy of BABE; also trains and judges the second opinion, a minute and a half.")
@click.option("--ptc", type=click.Path(path_type=Path), help="Your copy of the Propaganda Techniques Corpus.")
@click.option("--only", multiple=True, help="Only this instrument; may be given several times.")
@click.option("--out", type=click.Path(path_type=Path), help="Store the judged items and the figures in this folder.")
def validate(gold, only, out, **copies):
    """Measure how right the instruments are, on gold data."""
    from tqdm import tqdm

    from pressframes.validation import store

    measured, more = {}, {}
    with tqdm(store.folders(copies, only=only, gold=gold).items(), unit="instrument", file=sys.stderr) as bar:
        for name, folder in bar:
            bar.set_postfix_str(name)
            measured[name] = store.measure(name, folder)
            more |= store.beside(name, folder)
    for name, items in measured.items():
        figure, goal = store.figure(name, items), store.instrument(name).goal
        click.echo(f"{name:<17} F1 {figure.f1:.3f} ({figure.low:.3f} to {figure.high:.3f}), precision {figure.precision:.3f}, recall {figure.recall:.3f}, accuracy {figure.accuracy:.3f}; goal {goal:g}")
    if out:
        store.store(measured, out, more=more)
        click.echo(f"Items and figures are in {out}.")


@cli.group()
def code():
    """Have people judge mentions, and measure how far they agree; docs/coding.md tells how."""


@code.command("sample")
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The sheet, a CSV file; one that is there is never replaced.")
@click.option("--size", type=int, default=200, show_default=True, help="Mentions to draw.")
@click.option("--seed", type=click.IntRange(min=0), help="Of the draw; the study's where not given.")
def code_sample(study, out, size, seed):
    """Draw mentions of STUDY, evenly over outlet, target and voice, into a sheet for coders to fill."""
    from pressframes.coding import sample, write_new
    from pressframes.study import Study

    drawn = sample(Study.load(study), size=size, seed=seed)
    write_new(drawn.sheet, out)
    click.echo(f"{drawn!r}, in {out}: give each coder a copy.")


@code.command("agreement")
@click.argument("sheets", nargs=-1, type=click.Path(path_type=Path), metavar="SHEET SHEET...")
@click.option("--disagreements", type=click.Path(path_type=Path), help="Also write what the coders differ on, to this CSV file.")
@click.option("--study", help="Also compare the coders with the suite's own voices and roles in this study.")
def code_agreement(sheets, disagreements, study):
    """Measure how far the coders who filled the SHEETs agree (Krippendorff's alpha)."""
    from pressframes.coding import Coding, write_new
    from pressframes.study import Study

    coding = Coding.read(sheets)
    tables = [coding.agreement(), coding.confusion(), *([coding.against(Study.load(study))] if study else [])]
    if disagreements:
        write_new(coding.disagreements().to_frame(), disagreements)
    click.echo("\n\n".join(map(repr, tables)))


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The candidates, a CSV file; one that is there is never replaced.")
@click.option("--reference", help="A study to compare with; else sentences with loaded or opinion terms are compared with the others.")
@click.option("--by", default="model", show_default=True, help="The order: model or keyness.")
@click.option("--top", type=click.IntRange(min=1), default=100, show_default=True, help="Candidates to write.")
def discover(study, out, reference, by, top):
    """Propose words of STUDY for the list of loaded terms, for a person to accept or reject."""
    from pressframes.coding import write_new
    from pressframes.discover import candidates
    from pressframes.study import Study

    table = candidates(Study.load(study), Study.load(reference) if reference else None, by=by).top(top)
    write_new(table.to_frame(), out)
    click.echo("\n".join([f"{len(table.frame)} candidates in {out}", *table.notes]))


@cli.command()
def lab():
    """Open JupyterLab on the suite's notebooks."""
    import os
    import subprocess

    options = ["--LabApp.default_url=/lab/tree/notebooks/00_summary.ipynb", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container there is often no other user
        options.append("--allow-root")
    raise SystemExit(subprocess.call([sys.executable, "-m", "jupyterlab", "--notebook-dir", str(shelf.folder("notebooks").parent), *options]))


def main() -> None:
    """Run the command line and turn each failure into one line and an exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite stop cleans up as Ctrl-C does
    try:
        cli(standalone_mode=False)
    except InputError as error:
        _fail(str(error), 2)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except WorkError as error:
        _fail(str(error), 1)
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped; nothing was changed", 130)


def _fail(message: str, code: int) -> None:
    click.echo(f"pressframes: {' '.join(message.split())}", err=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
