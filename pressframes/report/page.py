"""The report as HTML: notebooks, articles and lists of sentences put together, each number a link."""

import base64
import hashlib
import html
import platform
import re
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

from pressframes import shelf
from pressframes.charts.figure import palette
from pressframes.layers.parse import parser_version
from pressframes.report import limits
from pressframes.report.contrast import GROUPS_IN_PRINT, TYPICAL_RULE, contrasts, coverage
from pressframes.report.front import answers, corpus_strip, evidence, glance
from pressframes.report.lines import COMMON, MOST_LINES, Lists, link_findings, link_numbers
from pressframes.report.marked import marked_articles
from pressframes.report.run import outputs_of, suite
from pressframes.results import STYLE, slug
from pressframes.study import Study

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


def _homes(notebooks: list) -> dict[str, str]:
    """Where each figure is drawn, by the title of the notebook: where it comes first, the summary aside; elsewhere a line leads there."""
    homes: dict[str, str] = {}
    for title, data in [*outputs_of(notebooks[1:]), *outputs_of(notebooks[:1])]:
        found = re.match(r'<figure class="pf-figure" data-figure="([^"]+)"', data.get("text/html", ""))
        homes.setdefault(found[1], title) if found else None
    return homes


def _drawn_once(shown: str, here: str, homes: dict[str, str]) -> str:
    found = re.match(r'<figure class="pf-figure" data-figure="([^"]+)"(?: data-says="([^"]*)")?.*?<strong>(.*?)</strong>', shown, re.DOTALL)
    if not found:
        return shown
    if homes[found[1]] == here:
        return _scrolling(shown).replace("<figure ", f'<figure id="figure-{found[1]}" ', 1)
    return f'<p class="facts">{" ".join(filter(None, (found[3], found[2])))} See the figure in <a href="#figure-{found[1]}">“{html.escape(homes[found[1]])}”</a>.</p>'


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
