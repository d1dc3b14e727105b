"""Build a report: whole or not at all."""

import base64
import gc
import hashlib
import html
import os
import platform
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import count
from importlib import metadata, resources
from pathlib import Path
from threading import Thread

from pressframes import cache, shelf, snapshot
from pressframes.charts.figure import palette
from pressframes.errors import InputError, WorkError
from pressframes.layers.parse import parser_version
from pressframes.placing import drafting, take_place
from pressframes.report import limits, takeaway
from pressframes.report.contrast import GROUPS_IN_PRINT, TYPICAL_RULE, contrasts, coverage
from pressframes.report.front import answers, corpus_strip, evidence, glance
from pressframes.report.lines import COMMON, MOST_LINES, Lists, link_findings, link_numbers
from pressframes.report.marked import marked_articles
from pressframes.report.run import chosen, execute, suite
from pressframes.report.takeaway import write_takeaway
from pressframes.results import STYLE, slug
from pressframes.study import Study

_MARKER, _OWN_CACHE = ".pressframes-report", ".cache"
FORMATS = ("html", "pdf", "figures", "tables", "notebooks")
"""What a report may hold; `html` brings take-away.zip along."""
_ANNOTATED, _PAGE, _PDF = "articles annotated", "page written", "PDF written"
ROWS_IN_PRINT = (14, 5)
"""A table of more rows than the first number shows as many as the second in the PDF; the page has every row."""
MOST_ROWS_IN_PRINT = 100
COLUMNS_IN_PRINT = 12
"""A table of more rows (its first ones would tell little of it) or columns is left out of the PDF; a line says so."""
CONCORDANCES_IN_PRINT = 20
"""Of more concordances the PDF has the first."""
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


def stages(*, only: Sequence[str] = (), formats: Sequence[str] = FORMATS) -> list[str]:
    """Return what `build_report` calls its stages, in about the order in which they are done.

    Raises:
        InputError: if there is no such part or format.
    """
    for name in formats or ("",):
        if name not in FORMATS:
            raise InputError(f"--formats: unknown format '{name}'; use {', '.join(FORMATS)}")
    return [_ANNOTATED, *(path.stem for path in chosen(only)), _PAGE, *([_PDF] if "pdf" in formats else [])]


def build_report(path: str, out: Path, *, only: Sequence[str] = (), formats: Sequence[str] = FORMATS, cached: bool = True, step: Callable[[str, bool], None] = lambda name, stored: None) -> list[str]:
    """Make the report of a study in folder `out`: index.html with take-away.zip, report.pdf, figures/, tables/, notebooks/, and study.json, by which `pressframes diff` knows it.

    All is made beside `out` and takes its place at the end, the PDF included: a run that fails or is killed leaves the former report as it was.
    Each stage that is done is kept in the user's cache, so that the next run goes on where this one stopped, and does anew only what a change touches.

    Args:
        path: the study's folder.
        out: the report's folder; a former report there is replaced.
        only: the notebooks that the report holds, as `pressframes.report.run.chosen` takes them; all where empty.
        formats: of FORMATS; what is not named is not in the report.
        cached: False to take nothing from the cache and leave nothing there.
        step: called with the name of each stage that is done, and whether it was done by a former run.

    Returns:
        What the user should know: lines such as how to get the PDF where it could not be made.

    Raises:
        InputError: if the study cannot be used, `out` is a folder that holds something else than a report or cannot be written, or another run is writing it.
        WorkError: if a notebook fails.
    """
    stages(only=only, formats=formats)
    place = Path(os.path.realpath(out))
    if place.exists() and not (place.is_dir() and ((place / _MARKER).exists() or not any(place.iterdir()))):
        raise InputError(f"{out}: exists and is no report of pressframes; choose another --out or move it away")
    study = Study.load(path)
    try:
        with drafting(place) as draft:
            with nullcontext() if cached else cache.moved_to(draft / _OWN_CACHE):
                notes = _write_report(study, path, chosen(only), formats, draft, step)
            shutil.rmtree(draft / _OWN_CACHE, ignore_errors=True)
            take_place(draft, place)
    except OSError as error:
        raise InputError(f"{error.filename or out}: cannot be written ({error.strerror or error}); make room or choose another --out; {out} is as it was") from None
    cache.prune()
    return study.remarks() + notes


def _write_report(study: Study, path: str, sources: list[Path], formats: Sequence[str], folder: Path, step) -> list[str]:
    import nbformat

    made_from = cache.key(cache.code(), study.settings.model_dump_json(), *map(repr, provenance(study, path)), *(cache.stable(part) for part in (study.articles, study.other_languages, study.lexicons)))
    names = {source: cache.key(made_from, source.name, source.read_bytes()) for source in sources}
    page_name = cache.key(made_from, *names.values())
    page = cache.read("pages", page_name)
    ahead = Thread(target=_work_ahead, args=(study, step), daemon=True) if page is None else Thread(target=step, args=(_ANNOTATED, True))
    ahead.start()  # while the kernels start; they wait for the annotations
    notebooks = _executed(names, path, step)
    ahead.join()
    (folder / "notebooks").mkdir()
    for source, notebook in zip(sources, notebooks):
        nbformat.write(notebook, folder / "notebooks" / source.name)
    save_figures(notebooks, folder / "figures")
    _save_tables(notebooks, folder / "tables")
    write_takeaway(study, [data for _, data in outputs_of(notebooks)], folder)
    if page is None:
        rendered = {name: text.encode("utf-8") for name, text in render_page(study, path, notebooks, sources).items()}
        made = rendered | {snapshot.NAME: snapshot.take_snapshot(study).to_json().encode("utf-8")}
        cache.write("pages", page_name, made)
    files = page or made
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / _MARKER).write_text(f"pressframes {shelf.version()}\n", encoding="utf-8")
    step(_PAGE, page is not None)
    notes = _print((folder / "index.html").read_text(encoding="utf-8"), folder / "report.pdf", step) if "pdf" in formats else []
    for unwanted in [name for name in ("figures", "tables", "notebooks") if name not in formats]:
        shutil.rmtree(folder / unwanted)
    if "html" not in formats:
        for name in (takeaway.NAME, *files.keys() - {snapshot.NAME}):
            (folder / name).unlink()
        for emptied in {name.partition("/")[0] for name in files if "/" in name}:
            (folder / emptied).rmdir()
    return notes


def _work_ahead(study: Study, step) -> None:
    with suppress(WorkError):  # raised again where the annotations are due
        study.annotations()
        step(_ANNOTATED, False)
    with suppress(OSError):  # Pango is missing: said when the PDF is due
        import weasyprint  # noqa: F401


def _executed(names: dict[Path, str], path: str, step) -> list:
    """The executed notebooks: those of the cache, and the others run and stored, each as soon as it is done."""
    import nbformat

    found = {source: nbformat.reads(files["notebook.ipynb"].decode("utf-8"), as_version=4) for source, name in names.items() if (files := cache.read("notebooks", name))}
    for source in found:
        step(source.stem, True)

    def keep(source: Path, notebook) -> None:
        cache.write("notebooks", names[source], {"notebook.ipynb": nbformat.writes(notebook).encode("utf-8")})
        step(source.stem, False)

    missing = [source for source in names if source not in found]
    found |= zip(missing, execute(missing, study=path, cwd=Path.cwd(), done=keep)) if missing else ()
    return [found[source] for source in names]


def _print(page: str, file: Path, step) -> list[str]:
    """Write the PDF, or say why there is none."""
    from matplotlib.font_manager import findSystemFonts

    name = cache.key(cache.code(), *sorted(findSystemFonts()), page)
    stored = cache.read("prints", name)
    try:
        if stored:
            file.write_bytes(stored[file.name])
        else:
            write_pdf(page, file)
            cache.write("prints", name, {file.name: file.read_bytes()})
    except WorkError as error:
        return [str(error)]
    finally:
        step(_PDF, stored is not None)
    return []


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


def render_page(study: Study, path: str, notebooks: list, sources: list[Path]) -> dict[str, str]:
    """Return the report's files as HTML by name: `index.html`, one page without outside parts, and for a corpus too large for it the articles and the lists of sentences, a file each in folders beside it.

    `sources` are the files of the executed `notebooks`.
    """
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("pressframes.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    lists, articles = Lists(study), marked_articles(study)
    rests_on = evidence(study, lists)
    homes, titles = _homes(notebooks), {source.stem: notebook.metadata["title"] for source, notebook in zip(sources, notebooks)}
    sections = [_section(source.stem, notebook, study, lists, rests_on, homes, titles) for source, notebook in zip(sources, notebooks)]
    shared = {"study": study, "lists": lists, "palette": palette(), "slug": slug, **script()}
    compared = {"answers": answers(study, lists, rests_on), "contrasts": contrasts(study, lists), "coverage": coverage(study, lists)}  # these ask for lists as well
    kinds, files = lists.all(), lists.files()
    page = environment.get_template("page.html.j2").render(
        **shared, **compared, title=study.settings.title, sections=sections, articles=articles, facts=provenance(study, path), strip=corpus_strip(study), glance=_scrolling(glance(notebooks)),
        typical_rule=TYPICAL_RULE, contrast_limits=limits.limits(study, "", limits.CONTRAST),
        sentences={stretch.anchor: stretch for article in articles for _, stretches in article.paragraphs for stretch in stretches},
        kinds=kinds, list_files=files, common=COMMON, groups_in_print=GROUPS_IN_PRINT, most_lines=MOST_LINES[lists.on_page],
    )  # fmt: skip
    page = page if len(sources) == len(suite()) else _without_dead_links(page)
    if lists.on_page:
        return {"index.html": page}
    beside = environment.get_template("file.html.j2")
    known = {article.article_id: article for article in articles}
    made = {lists.article(article.article_id): beside.render(**shared, title=f"{article.article_id} · {article.outlet}", article=article) for article in articles}
    for name, found in files.items():
        named = sorted({line.article_id for _, blocks in found for block in blocks for line in block.list.lines})
        made[name] = beside.render(**shared, title=f"Sentences: {found[0][0]}", kinds=found, articles=[known[article_id] for article_id in named])
    return {"index.html": page, **made}


def _without_dead_links(page: str) -> str:
    """Return a page of some parts with the text alone where a link leads to another part."""
    there = set(re.findall(r'\bid="([^"]+)"', page))
    return re.sub(r'<a\b[^>]*href="#([^"]+)"[^>]*>(.*?)</a>', lambda link: link[0] if link[1] in there else link[2], page, flags=re.DOTALL)


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
        return _scrolling(shown).replace("<figure ", f'<figure id="figure-{found[1]}" ', 1)
    return f'<p class="facts">{found[2]} See the figure in <a href="#figure-{found[1]}">“{html.escape(homes[found[1]])}”</a>.</p>'


def _section(name: str, notebook, study: Study, lists: Lists, rests_on: dict, homes: dict[str, str], titles: dict[str, str]) -> Section:
    import mistune

    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if {"navigation", "parameters", "setup"}.intersection(tags):
            continue
        if cell.cell_type == "markdown":
            cells.append(Cell(prose=_fit_prose(mistune.html(cell.source), titles)))
        elif cell.cell_type == "code":
            cells.append(Cell(code=cell.source, outputs=tuple(_drawn_once(_output_html(output, lists, rests_on), notebook.metadata["title"], homes) for output in cell.outputs)))
    cells, last = limits.split_off(cells)
    return Section(name, notebook.metadata["title"], tuple(cells), limits.limits(study, last, limits.INSTRUMENTS.get(name, ())))


def _fit_prose(prose: str, titles: dict[str, str]) -> str:
    """Headings one level down, links to notebooks turned into links within the page; one that shows a notebook's name shows its title."""
    prose = re.sub(r"<(/?)h([1-5])[^>]*>", lambda match: f"<{match[1]}h{int(match[2]) + 1}>", prose)
    prose = re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="#\1"', prose)
    return re.sub(r'(<a href="#(\w+)">)\2(?=</a>)', lambda link: f"{link[1]}“{html.escape(titles[link[2]])}”" if link[2] in titles else link[0], prose)


def _output_html(output, lists: Lists, rests_on: dict) -> str:
    from markupsafe import escape

    data = output.get("data", {})
    shown = data.get("text/html", "").replace(STYLE, "")  # the page has a style sheet of its own
    if "text/csv" in data and shown:
        return link_numbers(shown, data["text/csv"], lists)
    if shown:
        shown = re.sub(r'(?<=class="pf-source" href=")#([^"]+)', lambda link: lists.place(link[1]), shown)
        return link_findings(shown, rests_on) if 'class="pf-note' in shown else shown
    return f"<pre>{escape(data.get('text/plain', output.get('text', '')))}</pre>"


def _scrolling(shown: str) -> str:
    """A figure in a box that scrolls on a screen too narrow for its letters; what it says stands above as text, which the style sheet shows there alone."""
    return re.sub(
        r'(<figure class="pf-figure" data-figure="[^"]*") data-says="([^"]*)">(<img [^>]*>)(?=<figcaption><strong>(.*?)</strong>)',
        r'\1><p class="says" aria-hidden="true">\2</p><div class="scroll" tabindex="0" role="group" aria-label="chart, scrolls sideways on a narrow screen: \4">\3</div>', shown, flags=re.DOTALL,
    )  # fmt: skip


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
    alone = re.compile("|".join(ON_THE_PAGE_ALONE))
    page = re.sub(r'<figure class="pf-table">\s*<table data-table="([^"]*)">.*?</figure>', lambda table: "" if alone.fullmatch(table[1]) else table[0], page, flags=re.DOTALL)
    page = re.sub(r'<figure class="pf-table">\s*<table data-table=.*?</figure>', lambda table: _fit_for_print(table[0]), page, flags=re.DOTALL)
    passed = count()
    page = re.sub(r'<figure class="pf-table">\s*<table class="pf-concordance">.*?</figure>', lambda table: table[0] if next(passed) < CONCORDANCES_IN_PRINT else "", page, flags=re.DOTALL)
    page = re.sub(r'<details class="code">.*?</details>', "", page, flags=re.DOTALL)
    page = re.sub(r'(?:<div class="output"[^>]*>\s*</div>\s*)+', '<p class="facts">On the page, not in print.</p>\n', page)
    return re.sub(r"<tbody>(.*?)</tbody>", shorten, page, flags=re.DOTALL)


def _fit_for_print(table: str) -> str:
    too = "wide" if table.count('<th scope="col"') > COLUMNS_IN_PRINT else "long" if table.count("<tr>") > MOST_ROWS_IN_PRINT else ""
    caption = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)
    return f'<p class="facts"><strong>{caption[1]}</strong>: a table too {too} for print; it stands on the page.</p>' if too else table


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
