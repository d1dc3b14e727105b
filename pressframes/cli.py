"""The command line: a thin door. Exit code 0 done, 1 the work failed, 2 the input is wrong (one line on stderr says what)."""

import signal
import sys
from pathlib import Path

import click

from pressframes.errors import InputError, WorkError

_STUDY = click.argument("study", default="seeds")
_COMPARISON = click.option("--comparison", metavar="NAME", help="One of the comparisons in study.toml; its first where not given.")


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
@click.option("--group", "groups", multiple=True, metavar="NAME=OUTLET,...", help="A group and its outlets, in place of --group-by; may be given several times. Articles of other outlets are left out.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="What a column means, where it is not seen: text, title, outlet, date, author, url, id or file.")
@click.option("--title", help="Of the study; else the folder's name.")
@click.option("--targets", "wanted", default="", metavar="NAMES|FILE", help='Who is looked for: names such as "Syria,Russia,US", or a TOML file; else the targets and countries that most articles mention.')
@click.option("--suggest-targets", is_flag=True, help="Also write suggested-targets.toml: the names that the articles print most, to be edited.")
@click.option("--merge-copies", is_flag=True, help="Of articles that print the same words, keep the first.")
@click.option("--in-table", is_flag=True, help="Write the texts into articles.csv, in place of one file an article.")
@click.option("--dates", "order", type=click.Choice(["dmy", "mdy"]), help="Whether day or month stands first in dates such as 4/5/2017.")
@click.option("--encoding", help="Of all text files; detected where not given.")
@click.option("--skip-faults", is_flag=True, help="Leave out what cannot be used, and say so.")
@click.option("--non-interactive", is_flag=True, help="Never ask; fail where only you can say.")
def new(folder, paths, columns, group_by, groups, title, wanted, suggest_targets, merge_copies, in_table, order, encoding, skip_faults, non_interactive):
    """Make a study in FOLDER from articles in any common format; what was given stays as it is."""
    from pressframes.intake import copies, mapping, readers, targets, write
    from pressframes.intake.columns import Undecided

    write.check_new(folder)
    for option, told in (*(("--column", told) for told in columns), *(("--group", told) for told in groups)):
        if not all(part.strip() for part in told.partition("=")):
            raise InputError(f"{option} {told}: write it as {'FIELD=COLUMN, for instance text=body' if option == '--column' else 'NAME=OUTLET,OUTLET'}")
    if groups and group_by:
        raise InputError("--group: groups are told by --group-by already; give one of the two")
    meanings = {told.partition("=")[0].strip(): told.partition("=")[2].strip() for told in columns}
    members = {told.partition("=")[0].strip(): tuple(outlet.strip() for outlet in told.partition("=")[2].split(",") if outlet.strip()) for told in groups}
    if wanted:
        targets.choose((), wanted)  # a wrong name or file is told before the reading
    readings = readers.read(paths, encoding=encoding, skip=skip_faults)
    while True:
        try:
            proposal = mapping.propose(readings, columns=meanings, group_by=group_by, groups=members, order=order or "", skip=skip_faults)
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
    languages = proposal.by_language()
    click.echo(f"{languages!r}\n" if len(languages.frame) > 1 or languages.frame["code"][0] != "en" else f"All {len(proposal.entries):,} articles are in English.\n")
    keys, why, lexicon = targets.choose(proposal.entries, wanted)
    files = {"targets.toml": lexicon.encode("utf-8")} if lexicon else {}
    if suggest_targets:
        files["suggested-targets.toml"] = targets.suggest(proposal.entries).encode("utf-8")
    write.write_study(proposal, folder, title=title or folder.absolute().name, targets=keys, files=files, targets_file="targets.toml" if lexicon else "", in_table=in_table)
    click.echo(f"{proposal.by_group()!r}\n")
    for note in (*proposal.notes, f"Looked for: {why}."):
        click.echo(f"- {note}")
    click.echo(f"\nThe study is in {folder}: `pressframes check {folder}` says what it can show, `pressframes report {folder}` makes the report.")


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for one file a table; made if missing.")
@click.option("--format", "file_format", default="parquet", show_default=True, help="parquet, csv or jsonl.")
@click.option("--no-cache", is_flag=True, help="Annotate everything anew and keep nothing for the next run.")
@_COMPARISON
@click.option("--engine", help="For many articles: local, processes or dask. Writes a folder of Parquet files a table, and carries on where it stopped; STUDY may also be a folder of texts, Parquet files or a URL.")
@click.option("--workers", type=int, help="With --engine: so many processes; as many as processors where not given.")
@click.option("--scheduler", help="With --engine dask: of a cluster that runs already, such as tcp://10.0.0.1:8786.")
@click.option("--layers", help="With --engine: all, or surface: words alone, counted by group.")
def annotate(study, out, file_format, no_cache, comparison, engine, workers, scheduler, layers):
    """Write every annotation layer of STUDY as a table."""
    if engine or workers or scheduler or layers:
        from pressframes.runs import annotate_shown

        if file_format != "parquet":
            raise InputError(f"--format {file_format}: with --engine the tables are Parquet; leave --format out")
        if comparison:
            raise InputError(f"--comparison {comparison}: with --engine the groups are those of the study's first comparison; leave --comparison out")
        click.echo(repr(annotate_shown(study, out, engine=engine or "local", workers=workers, scheduler=scheduler, layers=layers or "all")))
        return
    from dataclasses import replace

    from pressframes import cache
    from pressframes.annotate import FORMATS, annotate as annotate_anew, annotate_cached, write_annotations
    from pressframes.corpus import find_groups, in_other_languages, read_articles
    from pressframes.lexicon import read_lexicons
    from pressframes.settings import read_settings

    if file_format not in FORMATS:
        raise InputError(f"--format: unknown format '{file_format}'; use {', '.join(FORMATS)}")
    settings = read_settings(study)
    articles, lexicons = read_articles(settings), read_lexicons(settings)
    group_of, _ = find_groups([article.row for article in articles], settings, comparison)
    annotations = (annotate_anew if no_cache else annotate_cached)(articles, lexicons, languages=settings.corpus.languages)
    grouped = annotations.articles.assign(group=[group_of.get(article_id, "") for article_id in annotations.articles["article_id"]])
    files = write_annotations(replace(annotations, articles=grouped), out, format=file_format)
    cache.prune()
    for line in in_other_languages(articles, settings):
        click.echo(line, err=True)
    click.echo(f"{len(articles)} articles, {len(files)} tables in {out}")


@cli.command()
@_STUDY
@click.option("--out", type=click.Path(path_type=Path), default="report", show_default=True, help="Folder of the report; a former report there is replaced when the new one is whole.")
@click.option("--only", default="", metavar="PART[,PART]", help="Only these notebooks: names or numbers, for instance 03,loaded_terms.")
@click.option("--formats", default="html,pdf,figures,tables,notebooks", show_default=True, metavar="FORMAT[,FORMAT]", help="What the report holds; without pdf it is made sooner.")
@click.option("--no-cache", is_flag=True, help="Do everything anew and keep nothing for the next run.")
@_COMPARISON
def report(study, out, only, formats, no_cache, comparison):
    """Make the report of STUDY: a page, a PDF, figures, tables and executed notebooks.

    A run that was stopped goes on where it was: what is done is kept in the user's cache folder (PRESSFRAMES_CACHE moves it; it may be deleted at any time).
    """
    import os

    from pressframes.report.build import build_report, stages
    from pressframes.report.progress import Progress

    parts = {"only": _listed(only), "formats": _listed(formats)}
    study = f"{study}#{comparison}" if comparison else study
    with Progress(stages(**parts), of=os.path.realpath(study), kept=not no_cache) as progress:
        notes = build_report(study, out, **parts, cached=not no_cache, step=progress.step)
    for note in notes:
        click.echo(note, err=True)
    opened = next((out / name for name in ("index.html", "report.pdf") if (out / name).exists()), None)
    click.echo(f"The report is in {out}{f': open {opened}' if opened else ''}{' in a browser' if opened and opened.suffix == '.html' else ''}.")


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


@cli.command()
@click.argument("before")
@click.argument("after")
@click.option("--out", type=click.Path(path_type=Path), help="A page (a name that ends in .html), or a folder for one CSV file a table; else the changes are printed.")
def diff(before, after, out):
    """Say what changed from BEFORE to AFTER: articles, settings, lexicons, and each rate with what its change rests on.

    Each is the folder of a study, counted as it is now, or of a report, as it was counted when the report was made.
    """
    from pressframes.changes import compare, write_changes

    changes = compare(before, after)
    if out:
        write_changes(changes, out, title=f"{before} → {after}")
    click.echo(f"{changes.summary!r}\n\nThe tables are in {out}." if out else repr(changes))


@cli.command()
@_STUDY
@_COMPARISON
def check(study, comparison):
    """Say what STUDY compares with what, and what it cannot show."""
    from pressframes import findings
    from pressframes.intake import copies
    from pressframes.study import Study

    loaded = Study.load(study, comparison=comparison)
    for line in loaded.remarks():
        click.echo(line, err=True)
    if len(loaded.settings.all_comparisons) > 1:
        click.echo(repr(loaded.comparisons()))
    for part in (loaded, loaded.about(), loaded.design(), *([loaded.power()] if loaded.contrasts else []), loaded.confounds()):
        click.echo(repr(part))
    if loaded.contrasts:
        likeness = loaded.similarity("article_id" if len(loaded.articles) <= 1000 else None)
        click.echo(f"{findings.beside(loaded)!r}\n{findings.alike(likeness.to_frame())!r}")
    if found := copies.find_copies(loaded.articles):
        click.echo(f"{copies.shown(found).top(20)!r}\n{copies.told(found)}")
    mentioned = set(loaded.annotations().mentions["target"])
    for key, label in loaded.targets.items():
        if key not in mentioned:
            click.echo(f"target '{label}': never mentioned in these {len(loaded.articles)} articles; see its names in the targets file", err=True)


@cli.group()
def targets():
    """Show by which names targets and countries are found."""


@targets.command("show")
@_STUDY
def targets_show(study):
    """Print every alias that STUDY looks for, as its targets file would hold it."""
    from pressframes.lexicon import ALIAS_KINDS, read_lexicons
    from pressframes.settings import read_settings

    for target in read_lexicons(read_settings(study)).targets.targets:
        click.echo("\n".join([f"[{target.key}]  {target.label}", *(f"  {kind}: {'; '.join(target.of_kind(kind))}" for kind in ALIAS_KINDS if target.of_kind(kind)), ""]))


@targets.command("country")
@click.argument("name")
@click.option("--years", type=(int, int), metavar="FIRST LAST", help="Only leaders who held office then.")
def targets_country(name, years):
    """Print a country of the gazetteer (by name or ISO code) as a table for a targets file."""
    from pressframes import gazetteer
    from pressframes.intake.targets import write_table

    click.echo(write_table(gazetteer.find(name).code, years))


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
    from pressframes.lab import open_lab

    raise SystemExit(open_lab())


def main() -> None:
    """Run the command line and turn each failure into one line and an exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite stop cleans up as Ctrl-C does
    try:
        cli(standalone_mode=False)
    except InputError as error:
        _fail(str(error), 2)
    except click.ClickException as error:
        asked = getattr(error, "ctx", None)
        _fail(f"{error.format_message().rstrip('.')}; `{asked.command_path} --help` tells what can be given" if asked else error.format_message(), 2)
    except WorkError as error:
        _fail(str(error), 1)
    except OSError as error:
        _fail(f"{error.filename or 'this machine'}: {error.strerror or error}; mend that and run again", 1)
    except (KeyboardInterrupt, click.Abort):
        _fail("stopped; nothing was changed", 130)


def _fail(message: str, code: int) -> None:
    click.echo(f"pressframes: {' '.join(message.split())}", err=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
