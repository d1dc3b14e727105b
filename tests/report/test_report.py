"""The report as it is made for the seeds: complete, self-contained, and every number that of its table."""

import csv
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from pressframes.report.build import _tame, build_report, for_print, write_pdf
from pressframes.study import Study

ROOT = Path(__file__).parents[2]


def pango() -> bool:
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def page(report):
    return (report / "index.html").read_text(encoding="utf-8")


class Tables(HTMLParser):
    """Collects the cells of each table that has a name."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.rows, self.cell = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "table" and "data-table" in dict(attrs):
            self.rows = []
            self.tables.append((dict(attrs)["data-table"], self.rows))
        elif self.rows is not None and tag == "tr":
            self.rows.append([])
        elif self.rows is not None and tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag == "table":
            self.rows = None
        elif tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"(?<![\w.])[+-]?\d[\d,]*\.?\d*(?![\w])", text)]


def test_the_folder_is_complete(report):
    wanted = {"index.html", "take-away.zip", "figures", "tables", "notebooks", ".pressframes-report"} | ({"report.pdf"} if pango() else set())
    assert {path.name for path in report.iterdir()} == wanted
    assert len(list((report / "notebooks").iterdir())) == 9
    assert {file.name for file in (report / "figures").iterdir()} == {file.name for file in (ROOT / "figures").iterdir()}


def test_the_page_is_one_small_self_contained_file(page):
    assert len(page.encode()) < 2_000_000
    assert not re.search(r"""(?:src|href|action|data)\s*=\s*["'](?:https?:)?//""", page)
    assert not re.search(r"url\(|@import|<script|<iframe|<link\b", page)
    assert "default-src 'none'" in page


def test_links_lead_somewhere(page):
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not set(re.findall(r'href="#([^"]+)"', page)) - set(ids)


def test_every_number_of_the_page_is_that_of_its_table(report, page):
    tables = Tables(page).tables
    assert len(tables) > 30
    for name, rows in tables:
        frame = pd.read_csv(report / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)
        assert len(frame) == len(rows) - 1, name
        for cells, (_, values) in zip(rows[1:], frame.iterrows()):
            known = [value for text in values for value in numbers(text)]
            for cell in cells:
                for number in numbers(cell):
                    assert any(abs(abs(number) - abs(value)) <= 0.0501 or abs(number - value) < 1e-3 * max(1, abs(value)) for value in known), (name, cell)


def test_every_article_stands_in_full(page, study):
    for article in study.articles:
        part = re.search(rf'<article id="article-{article.article_id}">(.*?)</article>', page, re.DOTALL)[1]
        regions = study.annotations().regions
        kept = regions[(regions["article_id"] == article.article_id) & regions["kind"].isin(("title", "body"))]
        shown = [_plain(paragraph) for paragraph in re.findall(r'<p class="text \w+">(.*?)</p>', part, re.DOTALL)]
        assert shown == [article.text[row.start : row.end] for row in kept.itertuples()]


def _plain(paragraph: str) -> str:
    paragraph = re.sub(r'<span class="who"[^>]*>.*?</span>|<a class="note-ref".*?</a>', "", paragraph)
    return html.unescape(re.sub(r"<[^>]+>", "", paragraph))


def test_every_mark_says_what_made_it(page, study):
    tables = study.annotations().tables()
    articles = re.search(r'<section id="articles">(.*)<section id="lines">', page, re.DOTALL)[1]
    marks = re.findall(r'<span(?: id="[^"]+")? class="([^"]*\b(?:target|loaded|voice|scare|naming)\b[^"]*)"([^>]*)>', articles.partition("</fieldset>")[2])
    assert len(marks) > 300
    for classes, attributes in marks:
        assert re.search(r'data-about="[^"]{20,}"', attributes)
        assert ("tabindex" in attributes) == bool(re.search(r"\b(?:target|loaded|scare|naming|name)\b", classes))  # told by keyboard and tap as well
    assert "title=" not in articles
    curated = tables["loaded"][tables["loaded"]["lexicon"] == "curated"]
    notes = dict(re.findall(r'<li id="(n-[^"]+)" value="\d+">(.*?)</li>', articles, re.DOTALL))
    numbers = re.findall(r'class="note-ref" href="#([^"]+)"', articles)
    assert set(numbers) == set(notes)
    assert sum(": loaded, " in notes[number] for number in numbers) == len(curated)


def test_concordance_lines_link_to_their_mark(page):
    links = re.findall(r'class="pf-source" href="#([^"]+)"', page)
    assert len(links) > 30


def test_every_linked_number_is_the_length_of_its_list(page):
    lists = dict(re.findall(r'<li id="(c-[^"]+)">(.*?)</ol>', page, re.DOTALL))
    numbers = re.findall(r'<a class="count" href="#([^"]+)">([\d,]+)</a>', page)
    assert len(numbers) > 500
    assert {anchor: int(number.replace(",", "")) for anchor, number in numbers} == {anchor: lists[anchor].count("<li>") for anchor, _ in numbers}
    assert set(lists) == {anchor for anchor, _ in numbers}  # no list that nothing leads to


def test_every_count_of_these_tables_leads_to_its_sentences(page, study):
    own = "in the outlet's own words"
    counted = {
        "loaded_by": {"count"}, "mentions_by": {"count"}, "scare_by": {"count"}, "mentioned_as": {"count", *study.groups}, "loaded_entries": {"count", "outlet's own", "indirect", "direct"},
        "naming": {"count", own, "in scare quotes", *study.groups}, "roles": {"agent", "patient"}, "toward": {"loaded terms", "negative", "positive", own}, "relations": {"count", *study.groups},
    }  # fmt: skip
    found = set()
    for name, table in re.findall(r'<table data-table="([^"]+)">(.*?)</table>', page, re.DOTALL):
        kind = next((kind for kind in counted if name.startswith(kind)), None)
        heads = [html.unescape(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)]
        for row in re.findall(r"<tr>(<td.*?)</tr>", table) if kind else []:
            cells = dict(zip(heads, re.findall(r"<td[^>]*>(.*?)</td>", row)))
            assert counted[kind] <= set(cells)
            assert all(cells[head] == "0" or "href" in cells[head] for head in counted[kind]), (name, row)
            assert not any("href" in cells[head] for head in set(cells) - counted[kind])
            found.add(kind)
    assert found == set(counted)


def test_each_line_leads_to_its_mark(page):
    body = re.search(r'<section id="lines">(.*?)</section>', page, re.DOTALL)[1]
    lines = re.findall(r'<li><a href="#(a[^"]+)">.*?<mark>(.*?)</mark>', body, re.DOTALL)
    assert len(lines) > 1000
    for anchor, node in set(lines):
        if "-c" in anchor:  # terms of the opinion list are counted, not marked: their lines lead to the sentence
            begins = re.search(rf'<span id="{anchor}"[^>]*>(.*?)</span>', page, re.DOTALL)[1]
            assert node.startswith(begins) or begins.startswith(node)


def test_each_section_ends_with_what_it_cannot_show(page):
    sections = re.findall(r'<section id="([^"]+)"(?: class="notebook")?>(.*?)</section>', page, re.DOTALL)
    boxed = {name for name, body in sections if re.search(r'<aside class="limits">.*differ besides the outlet.*</aside>\s*$', body, re.DOTALL)}
    assert boxed == {name for name, _ in sections} - {"articles", "lines"}
    for name in ("02_tokens_and_voices", "03_targets", "04_loaded_terms", "05_framing"):
        assert re.search(r'<aside class="limits">\s*<h3>[^<]*</h3>\s*<p>.*F1 0\.\d\d', dict(sections)[name], re.DOTALL)


def test_figures_keep_their_alternative_text(page):
    images = re.findall(r"<img[^>]*>", page)
    assert len(images) >= 8
    assert all(len(re.search(r'alt="([^"]*)"', image)[1]) > 40 for image in images)


@pytest.mark.skipif(not pango(), reason="WeasyPrint finds no Pango library here")
def test_the_pdf_is_tagged_and_keeps_the_alternative_text(report):
    import pikepdf

    with pikepdf.open(report / "report.pdf") as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked and str(root.Lang) == "en" and "/StructTreeRoot" in root and len(pdf.open_outline().root) > 0
        alts = [str(node.Alt) for node in pdf.objects if isinstance(node, pikepdf.Dictionary) and "/Alt" in node]
    assert sum(len(alt) > 40 for alt in alts) >= 8


def test_without_pango_the_page_stands_and_one_line_says_so(tmp_path, monkeypatch):
    from pressframes.errors import WorkError

    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)

    def no_library(name, *args, _import=__import__, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return _import(name, *args, **kwargs)

    monkeypatch.setattr("builtins.__import__", no_library)
    with pytest.raises(WorkError, match="Pango.*install"):
        write_pdf("<html></html>", tmp_path / "x.pdf")


def test_spreadsheets_find_no_formula():
    assert _tame('a,b\n=HYPERLINK("x"),@SUM(1)\n-3,+cmd\n') == "a,b\n'=HYPERLINK(\"x\"),'@SUM(1)\n-3,'+cmd\n"


def test_another_study_leaves_nothing_of_the_seeds(hostile_report):
    """Groups, outlets, titles, files and a target with hostile names: the report runs, escapes all and speaks of this corpus alone."""
    page = (hostile_report / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<img src=x" not in page and "<b>" not in page and "<i>harbour" not in page
    assert set(re.findall(r'href="([^#][^"]*)', page)) == {"take-away.zip"} and "\u202eTitle" in page
    cells = [cell for file in hostile_report.glob("*/*.csv") for row in csv.reader(file.open(encoding="utf-8", newline="")) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells) and not [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.])", cell)]
    words = re.sub(r"data:image/png;base64,[^\"]+|<dl>.*?</dl>|<section id=\"07_validation\".*?</section>", "", page, flags=re.DOTALL)  # gold data stay what they are
    assert not re.search(r"Karabakh|AzerNews|Turan|Bulgaria|peacekeep|Russia", re.sub(r"<style>.*?</style>", "", words, flags=re.DOTALL))
    assert repr(Study.load(hostile_report.parent / "mine").concordance("harbour")).count("[harbour]") == 6


def test_one_article_of_one_group_gives_a_report(tmp_path, monkeypatch):
    """The smallest study: nothing to compare, no mention, no loaded term; every notebook still answers."""
    study = tmp_path / "mine"
    study.mkdir()
    (study / "study.toml").write_text('title = "One"\ngroups = ["A"]\ntargets = ["russia"]\n', encoding="utf-8")
    (study / "articles.csv").write_text("article_id,path,group,outlet\nx,x.txt,A,Post\n", encoding="utf-8")
    (study / "x.txt").write_text("The council said on Monday that ships may return to the harbour. Nobody was hurt.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    build_report("mine", tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "nothing to compare" in page


def test_print_cuts_long_tables_and_says_so():
    rows = "".join(f"<tr><td>{i}</td><td>x</td></tr>" for i in range(20))
    printed = for_print(f'<table><tbody>\n{rows}\n</tbody></table><details class="code">code</details>')
    assert "<td>4</td>" in printed and "<td>5</td>" not in printed and "15 more rows on the page" in printed and 'colspan="2"' in printed
    assert "code" not in printed
    whole = "<tbody>" + "".join(rows.split("</tr>")[i] + "</tr>" for i in range(14)) + "</tbody>"
    assert for_print(whole) == whole
    assert for_print(f'<p>a</p><figure class="pf-table">\n<table data-table="errors_tone">{whole}</table></figure><p>b</p>') == "<p>a</p><p>b</p>"
