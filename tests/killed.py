"""Reports whose run is killed, each a fork of this one process, which has imported everything: so fifty take a minute.

    python tests/killed.py FOLDER SEED

Real: reading the study, annotation with the parser, the cache, the page, every file that is written and moved, locks, clearing. In the place of the kernels each notebook is a table and
a line made here; in the place of WeasyPrint the PDF is written piece by piece. Each line of standard output is JSON: how a run was killed, and what lay there afterwards.
"""

import json
import os
import random
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbformat
from matplotlib.font_manager import findSystemFonts

from pressframes import cache
from pressframes.layers.parse import load_parser
from pressframes.report import build
from pressframes.report.run import suite
from pressframes.study import Study

KILLS = 50
SETTINGS = 'title = "Harbour"\nquestion = "Who speaks in edition {edition}?"\ngroups = ["A", "B"]\ntargets = ["russia"]\n'
TEXTS = {"A": "Russia left the town on Monday, the minister said.\n\n“It was a provocation of Russia,” he said.", "B": "Russia attacked the village, and nobody knew why it did."}
_WRITES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "open"}


def write_edition(study: Path, edition: int) -> None:
    """Write the small study; what the report says differs from edition to edition, so that files of two show."""
    study.mkdir(exist_ok=True)
    (study / "study.toml").write_text(SETTINGS.format(edition=edition), encoding="utf-8")
    (study / "articles.csv").write_text("article_id,path,group,outlet\n" + "".join(f"{name},{name}.txt,{name},Paper\n" for name in TEXTS), encoding="utf-8")
    for name, text in TEXTS.items():
        (study / f"{name}.txt").write_text(text, encoding="utf-8")


def run_notebooks(notebooks, *, study, cwd, done):
    """Stand for the kernels."""
    loaded, made = Study.load(study), []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        shown = [loaded.about(), loaded.corpus()]
        outputs = [nbformat.v4.new_output("display_data", {"text/plain": repr(one), "text/html": one._repr_html_(), **({"text/csv": one.to_frame().to_csv(index=False)} if hasattr(one, "to_frame") else {})}) for one in shown]
        notebook.cells = [nbformat.v4.new_code_cell("shown", id="shown", outputs=outputs)]
        done(path, notebook)
        made.append(notebook)
    return made


def write_pdf(page, file):
    """Stand for WeasyPrint."""
    with file.open("w", encoding="utf-8") as pdf:
        for piece in range(10):
            pdf.write(f"{re.search('edition [0-9]+', page)[0]}\n")
            pdf.flush()
            time.sleep(0.002)


def report(study: Path, out: Path, *, at: int | None = None, only_renames: bool = False, count_in: Path | None = None) -> None:
    """Make the report, and kill this process before the file operation number `at` (of the report's own folders: `only_renames`).

    Write the number of operations into the file `count_in`: only a run that nothing kills may, or a kill could leave the file empty.
    """
    seen = 0

    def count(event, arguments):
        nonlocal seen
        if event in ({"os.rename"} if only_renames else _WRITES) and str(arguments[0]).startswith(str(out.parent / ".report" if only_renames else out.parent)) and (event != "open" or set(str(arguments[1])) & set("wxa+")):
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(count)
    build.execute, build.write_pdf = run_notebooks, write_pdf
    build.build_report(str(study), out)
    if count_in is not None:
        count_in.write_text(str(seen), encoding="utf-8")


def forked(work, *, after: float | None = None) -> int:
    """Run `work` in a fork, killed `after` so many seconds where given; return how it ended, as `os.waitpid` tells."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    if after is not None:
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def state(out: Path) -> str:
    """Say which edition of the report lies there, or what is wrong with it."""
    if not out.exists():
        return "between" if list(out.parent.glob(".report-draft-*-former")) else "gone"
    files = [out / "index.html", out / "report.pdf", *(out / "notebooks").glob("*.ipynb")]
    if len(files) != 2 + len(suite()) or not all((out / name).exists() for name in ("index.html", "report.pdf", "take-away.zip", "tables/corpus.csv", ".pressframes-report")):
        return "not whole"
    editions = {found for file in files for found in re.findall("edition ([0-9]+)", file.read_text(encoding="utf-8"))}
    whole = (out / "report.pdf").read_text().count("edition") == 10 and (out / "index.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    return f"edition {editions.pop()}" if len(editions) == 1 and whole else f"mixed: {sorted(editions)}"


def main(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    study, out, operations = folder / "study", folder / "report", folder / "operations"
    # what every fork would otherwise do first
    load_parser()
    cache.code()
    findSystemFonts()
    with suppress(OSError):
        import weasyprint  # noqa: F401

    def told(how: str, edition: int, ended: int) -> None:
        print(json.dumps({"how": how, "edition": edition, "killed": os.WIFSIGNALED(ended), "failed": os.WIFEXITED(ended) and os.WEXITSTATUS(ended) != 0, "state": state(out)}), flush=True)

    def killed_somewhere(edition: int) -> bool:
        """Run once and kill it, by the clock or before a file operation, within the time or number that the whole run took."""
        write_edition(study, edition)
        if chance.random() < 0.5:
            moment = chance.uniform(0, lasts)
            how, ended = f"after {moment:.3f} s", forked(lambda: report(study, out), after=moment)
        else:
            moment = chance.randrange(int(operations.read_text()))
            how, ended = f"before file operation {moment}", forked(lambda: report(study, out, at=moment))
        told(how, edition, ended)
        return os.WIFSIGNALED(ended)

    for edition in (0, 1):
        write_edition(study, edition)
        begin = time.monotonic()
        told("whole run", edition, forked(lambda: report(study, out, count_in=operations)))
        lasts = time.monotonic() - begin
    kills, edition = 0, 1
    while kills < KILLS and edition < 2 * KILLS:
        edition += 1
        kills += killed_somewhere(edition)
        kills += killed_somewhere(edition)  # goes on with what the first one kept
    for number in range(20):  # before each renaming that puts the report in place
        edition += 1
        write_edition(study, edition)
        ended = forked(lambda: report(study, out, at=number, only_renames=True))
        told(f"before renaming {number}", edition, ended)
        if not os.WIFSIGNALED(ended):
            break
    told("last run", edition, forked(lambda: report(study, out)))
    print(json.dumps({"left": sorted(path.name for path in folder.iterdir())}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
