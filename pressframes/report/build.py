"""Build a report: whole or not at all."""

import base64
import gc
import hashlib
import html
import platform
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from threading import Thread

from pressframes import shelf
from pressframes.charts.figure import palette
from pressframes.errors import InputError, WorkError
from pressframes.layers.parse import parser_version
from pressframes.report import limits
from pressframes.report.contrast import GROUPS_IN_PRINT, TYPICAL_RULE, contrasts, coverage
from pressframes.report.front import answers, corpus_strip, evidence, glance
from pressframes.report.lines import COMMON, MOST_LINES, Lists, link_findings, link_numbers
from pressframes.report.marked import marked_articles
from pressframes.report.run import execute, suite
from pressframes.report.takeaway import write_takeaway
from pressframes.results import slug
from pressframes.study import Study

_MARKER = ".pressframes-report"
ROWS_IN_PRINT = (14, 5)
"""A table of more rows than the first number shows as many as the second in the PDF; the page has every row."""
COLUMNS_IN_PRINT = 12
"""A table of more columns is left out of the PDF."""
ON_THE_PAGE_ALONE = ("(?:beside|confusion|errors|lockwords|relations|keyword_variants)_.*", "keyness_.*_(?:of_2|outlet)", r"collocates_.*_(?:outlet|window\d+)", "layer_tokens")
"""Tables whose name matches are left out of the PDF: the details of each instrument's accuracy, and lists of words that others sum up."""
_PACKAGES = ("pandas", "numpy", "scipy", "matplotlib", "spacy", "scikit-learn", "jupyterlab", "weasyprint")


@dataclass(frozen=True)
class Cell:
    """A notebook cell for the page: prose as HTML, or code with the HTML of its outputs."""

    prose: str = ""
    code: str = ""
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One notebook of the page."""

    name: str
    title: str
    cells: tuple[Cell, ...]
    limits: limits.Limits


def build_report(path: str, out: Path, *, step: Callable[[str], None] = lambda name: None) -> list[str]:
    """Make the report of a study in folder `out`: index.html, report.pdf, take-away.zip, figures/, tables/, notebooks/.

    All is made beside `out` and moved there at the end; a run that fails or is stopped leaves the former report as it was.

    Args:
        path: the study's folder.
        out: the report's folder; a former report there is replaced.
        step: called with the name of each step that is done.

    Returns:
        What the user should know: lines such as how to get the PDF where it could not be made.

    Raises:
        InputError: if the study cannot be used, or `out` is a folder that holds something else than a report.
        WorkError: if a notebook fails.
    """
    if out.exists() and not (out.is_dir() and ((out / _MARKER).exists() or not any(out.iterdir()))):
        raise InputError(f"{out}: exists and is no report of pressframes; choose another --out or move it away")
    study = Study.load(path)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-draft-"))
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    try:
        ahead = Thread(target=_work_ahead, args=(study, step), daemon=True)
        ahead.start()  # while the kernels start; they wait for the annotations
        notebooks = execute(suite(), study=path, cwd=Path.cwd(), done=step)
        ahead.join()
        notes = study.remarks() + _write_report(study, path, notebooks, draft, step)
        _take_place(draft, out)
        return notes
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _work_ahead(study: Study, step) -> None:
    study.annotations()
    step("articles annotated")
    with suppress(OSError):  # Pango is missing: said when the PDF is due
        import weasyprint  # noqa: F401


def _write_report(study: Study, path: str, notebooks: list, folder: Path, step) -> list[str]:
    import nbformat

    (folder / "notebooks").mkdir()
    for source, notebook in zip(suite(), notebooks):
        nbformat.write(notebook, folder / "notebooks" / source.name)
    save_figures(notebooks, folder / "figures")
    _save_tables(notebooks, folder / "tables")
    write_takeaway(study, [data for _, data in outputs_of(notebooks)], folder)
    files = render_page(study, path, notebooks)
    for name, page in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    (folder / _MARKER).write_text(f"pressframes {shelf.version()}\n", encoding="utf-8")
    step("page written")
    try:
        write_pdf(files["index.html"], folder / "report.pdf")
    except WorkError as error:
        return [str(error)]
    finally:
        step("PDF written")
    return []


def _take_place(draft: Path, out: Path) -> None:
    draft.chmod(0o755)
    former = draft.with_name(draft.name + "-former")
    if out.exists():
        out.rename(former)
    try:
        draft.rename(out)
    except OSError:
        if former.exists():
            former.rename(out)
        raise
    shutil.rmtree(former, ignore_errors=True)


def outputs_of(notebooks: list):
    """Yield `(notebook's title, output data)` of every displayed result, in order."""
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                if "data" in output:
                    yield notebook.metadata["title"], output["data"]


def save_figures(notebooks: list, folder: Path) -> list[Path]:
    """Write each figure of executed notebooks as PNG, SVG and the CSV behind it; a figure shown twice is written once."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for _, data in outputs_of(notebooks):
        found = re.search(r'data-figure="([^"]+)".*?src="data:image/png;base64,([^"]+)"', data.get("text/html", ""), re.DOTALL)
        if found and folder / f"{found[1]}.png" not in written:
            for ending, content in ((".png", base64.b64decode(found[2])), (".svg", data["image/svg+xml"].encode()), (".csv", _tame(data["text/csv"]).encode())):
                (folder / f"{found[1]}{ending}").write_bytes(content)
                written.append(folder / f"{found[1]}{ending}")
    return written


def _save_tables(notebooks: list, folder: Path) -> None:
    folder.mkdir()
    for _, data in outputs_of(notebooks):
        found = re.search(r'data-table="([^"]+)"', data.get("text/html", ""))
        if found and "text/csv" in data:
            (folder / f"{found[1]}.csv").write_text(_tame(data["text/csv"]), encoding="utf-8")


def _tame(csv: str) -> str:
    """Take the power from cells that a spreadsheet would run as formulas."""
    return re.sub(r'(^|,)("?)([=@\t\r]|[+-](?![\d.]))', r"\1\2'\3", csv, flags=re.MULTILINE)


def render_page(study: Study, path: str, notebooks: list) -> dict[str, str]:
    """Return the report's files as HTML by name: `index.html`, one page without outside parts, and for a corpus too large for it the articles and the lists of sentences, a file each in folders beside it."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("pressframes.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    lists, articles = Lists(study), marked_articles(study)
    rests_on = evidence(study, lists)
    homes = _homes(notebooks)
    sections = [_section(source.stem, notebook, study, lists, rests_on, homes) for source, notebook in zip(suite(), notebooks)]
    shared = {"study": study, "lists": lists, "palette": palette(), "slug": slug, **script()}
    compared = {"answers": answers(study, lists, rests_on), "contrasts": contrasts(study, lists), "coverage": coverage(study, lists)}  # these ask for lists as well
    kinds, files = lists.all(), lists.files()
    page = environment.get_template("page.html.j2").render(
        **shared, **compared, title=study.settings.title, sections=sections, articles=articles, facts=provenance(study, path), strip=corpus_strip(study), glance=glance(notebooks),
        typical_rule=TYPICAL_RULE, contrast_limits=limits.limits(study, "", limits.CONTRAST),
        sentences={stretch.anchor: stretch for article in articles for _, stretches in article.paragraphs for stretch in stretches},
        kinds=kinds, list_files=files, common=COMMON, groups_in_print=GROUPS_IN_PRINT, most_lines=MOST_LINES[lists.on_page],
    )  # fmt: skip
    if lists.on_page:
        return {"index.html": page}
    beside = environment.get_template("file.html.j2")
    known = {article.article_id: article for article in articles}
    made = {lists.article(article.article_id): beside.render(**shared, title=f"{article.article_id} · {article.outlet}", article=article) for article in articles}
    for name, found in files.items():
        named = sorted({line.article_id for _, blocks in found for block in blocks for line in block.list.lines})
        made[name] = beside.render(**shared, title=f"Sentences: {found[0][0]}", kinds=found, articles=[known[article_id] for article_id in named])
    return {"index.html": page, **made}


def script() -> dict[str, str]:
    """Return the page's script as its element, and the hash that the page's policy knows it by."""
    source = (resources.files("pressframes.report") / "templates" / "page.js").read_text(encoding="utf-8")
    return {"script": f"<script>{source}</script>", "script_hash": f"sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}"}


def _homes(notebooks: list) -> dict[str, str]:
    """Where each figure is drawn, by the title of the notebook: where it comes first, the summary aside; elsewhere a line leads there."""
    homes: dict[str, str] = {}
    for title, data in [*outputs_of(notebooks[1:]), *outputs_of(notebooks[:1])]:
        found = re.match(r'<figure class="pf-figure" data-figure="([^"]+)"', data.get("text/html", ""))
        homes.setdefault(found[1], title) if found else None
    return homes


def _drawn_once(shown: str, here: str, homes: dict[str, str]) -> str:
    found = re.match(r'<figure class="pf-figure" data-figure="([^"]+)".*?<strong>(.*?)</strong>', shown, re.DOTALL)
    if not found:
        return shown
    if homes[found[1]] == here:
        return shown.replace("<figure ", f'<figure id="figure-{found[1]}" ', 1)
    return f'<p class="facts">{found[2]} See the figure in <a href="#figure-{found[1]}">“{html.escape(homes[found[1]])}”</a>.</p>'


def _section(name: str, notebook, study: Study, lists: Lists, rests_on: dict, homes: dict[str, str]) -> Section:
    import mistune

    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if {"navigation", "parameters", "setup"}.intersection(tags):
            continue
        if cell.cell_type == "markdown":
            cells.append(Cell(prose=_fit_prose(mistune.html(cell.source))))
        elif cell.cell_type == "code":
            cells.append(Cell(code=cell.source, outputs=tuple(_drawn_once(_output_html(output, lists, rests_on), notebook.metadata["title"], homes) for output in cell.outputs)))
    cells, last = limits.split_off(cells)
    return Section(name, notebook.metadata["title"], tuple(cells), limits.limits(study, last, limits.INSTRUMENTS.get(name, ())))


def _fit_prose(prose: str) -> str:
    """Headings one level down, links to notebooks turned into links within the page."""
    prose = re.sub(r"<(/?)h([1-5])[^>]*>", lambda match: f"<{match[1]}h{int(match[2]) + 1}>", prose)
    return re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="#\1"', prose)


def _output_html(output, lists: Lists, rests_on: dict) -> str:
    from markupsafe import escape

    data = output.get("data", {})
    if "text/csv" in data and "text/html" in data:
        return link_numbers(data["text/html"], data["text/csv"], lists)
    if "text/html" in data:
        shown = re.sub(r'(?<=class="pf-source" href=")#([^"]+)', lambda link: lists.place(link[1]), data["text/html"])
        return link_findings(shown, rests_on) if 'class="pf-note' in shown else shown
    return f"<pre>{escape(data.get('text/plain', output.get('text', '')))}</pre>"


def provenance(study: Study, path: str) -> list[tuple[str, str]]:
    """What it takes to repeat the report: command, versions, seed, hashes of articles and lexicons."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)
    lexicons = {kind: study.settings.lexicon_path(kind) for kind in type(study.settings.lexicons).model_fields}
    rows = [
        ("command", f"pressframes report {path}"),
        ("pressframes", f"{shelf.version()} on Python {platform.python_version()}, parser {parser_version()}"),
        ("packages", versions),
        ("seed", str(study.settings.seed)),
    ]
    rows += [(f"article {article.article_id}", f"SHA-256 {article.sha256}, {article.path}") for article in study.articles]
    rows += [(f"lexicon {kind}", f"{file.name}, SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}") for kind, file in lexicons.items()]
    return rows


def for_print(page: str) -> str:
    """Return the page as it is printed: without code and what is for the screen alone, each long table with its first rows and a line that says how many more there are."""
    most, shown = ROWS_IN_PRINT

    def shorten(body: re.Match) -> str:
        kept = re.findall(r"<tr>.*?</tr>", body[1], re.DOTALL)
        if len(kept) <= most:
            return body[0]
        more = f'<tr><td colspan="{kept[0].count("<td")}">… {len(kept) - shown} more rows on the page</td></tr>'
        return f"<tbody>{''.join(kept[:shown])}{more}</tbody>"

    page = re.sub(r"<!-- screen -->.*?<!-- /screen -->", "", page, flags=re.DOTALL)
    page = re.sub(r'<a class="(?:count|words|basis)"[^>]*>(.*?)</a>', r"\1", page)
    page = re.sub(r' (?:id="a[\w-]+-c\d+"|tabindex="0"|data-about="[^"]*")', "", page)
    page = re.sub(r'<figure class="pf-table">\s*<table data-table=.*?</figure>', lambda table: table[0] if table[0].count('<th scope="col"') <= COLUMNS_IN_PRINT else _too_wide(table[0]), page, flags=re.DOTALL)
    alone = re.compile("|".join(ON_THE_PAGE_ALONE))
    page = re.sub(r'<figure class="pf-table">\s*<table data-table="([^"]*)">.*?</figure>', lambda table: "" if alone.fullmatch(table[1]) else table[0], page, flags=re.DOTALL)
    page = re.sub(r'<details class="code">.*?</details>', "", page, flags=re.DOTALL)
    page = re.sub(r'(?:<div class="output"[^>]*>\s*</div>\s*)+', '<p class="facts">On the page, not in print.</p>\n', page)
    return re.sub(r"<tbody>(.*?)</tbody>", shorten, page, flags=re.DOTALL)


def _too_wide(table: str) -> str:
    caption = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)[1]
    return f'<p class="facts"><strong>{caption}</strong>: a table too wide for print; it stands on the page.</p>'


def write_pdf(page: str, file: Path) -> None:
    """Write a page as tagged PDF (PDF/UA-1).

    Raises:
        WorkError: if this machine lacks the Pango library that WeasyPrint draws with.
    """
    import logging

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    try:
        from weasyprint import HTML
    except OSError:
        raise WorkError("no PDF was written: the Pango library is missing; install it (Debian: libpango-1.0-0 libpangoft2-1.0-0; macOS: brew install pango) and run again") from None
    with _no_collections():
        HTML(string=for_print(page), base_url=None).write_pdf(file, pdf_variant="pdf/ua-1")


@contextmanager
def _no_collections():
    """Python's garbage collector only walks the boxes of a page, again and again, and finds nothing to free: a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
