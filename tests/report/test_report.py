"""The report as it is made for the seeds: complete, self-contained, and every number that of its table."""

import csv
import html
import posixpath
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import nbformat
import pandas as pd
import pytest

from pressframes.report import lines
from pressframes.report.build import _tame, build_report
from pressframes.report.page import render_page, script
from pressframes.report.printed import for_print, write_pdf
from pressframes.report.lines import COMMON
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


class Found(NamedTuple):
    """A list of the page: its number, and the address and words of each line."""

    total: int
    lines: tuple[tuple[str, str], ...]


class LineLists(HTMLParser):
    """Collects the lists of sentences: those that stand alone, those that are parts of another, and those that are another without a part."""

    def __init__(self, page):
        super().__init__()
        self.found, self.whole, self.parts, self.without, self.line, self.reads = {}, "", [], {}, [], ""
        self.feed(re.search(r'<section id="lines">(.*?)</section>', page, re.DOTALL)[1])
        self.close_list()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "li" and "id" in attrs:
            self.close_list()
            self.whole, self.parts, self.without = attrs["id"], [], {}
        elif tag == "ol":
            self.parts.append((attrs.get("id"), attrs.get("class"), []))
        elif tag == "small" and "id" in attrs:
            self.without[attrs["id"]] = attrs["class"].removeprefix("but")
        elif tag == "a" and self.parts:
            self.line = [attrs["href"][1:], "", ""]
            self.parts[-1][2].append(self.line)
        self.reads = tag

    def handle_data(self, data):
        if self.line and self.reads in ("mark", "small"):
            self.line[1 if self.reads == "mark" else 2] += data

    def handle_endtag(self, tag):
        self.reads = ""

    def close_list(self):
        lines = lambda *parts: [line for _, _, part in parts for line in part]
        kept = {self.whole: lines(*self.parts)} if self.whole else {}
        kept |= {name: lines((name, "", part)) for name, _, part in self.parts if name}
        kept |= {name: lines(*(part for part in self.parts if part[1] != f"g{group}")) for name, group in self.without.items()}
        for name, rows in kept.items():
            words = [re.search(r"([\d,]+) words?$", row[2]) for row in rows] if name.startswith("c-stretches") else []
            self.found[name] = Found(sum(int(one[1].replace(",", "")) for one in words) or len(rows), tuple((row[0], row[1]) for row in rows))


def cells_of(page: str):
    """Yield the name of the table, the head, the row and the HTML of each cell of the page's tables."""
    for name, table in re.findall(r'<table (?:data-table|class)="([^"]+)">(.*?)</table>', page, re.DOTALL):
        heads = [html.unescape(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)]
        for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL):
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
            for head, cell in zip(heads, cells):
                yield name, head, cells, cell


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"(?<![\w.])[+-]?\d[\d,]*\.?\d*(?![\w])", text)]


def test_the_folder_is_complete(report):
    wanted = {"index.html", "take-away.zip", "figures", "tables", "notebooks", "study.json", ".pressframes-report"} | ({"report.pdf"} if pango() else set())
    assert {path.name for path in report.iterdir()} == wanted
    assert len(list((report / "notebooks").iterdir())) == 9
    assert {file.name for file in (report / "figures").iterdir()} == {file.name for file in (ROOT / "figures").iterdir() if file.stem != "growth"}  # of 10_scale, which is no part of a report


def test_the_page_is_one_small_self_contained_file(page):
    assert len(page.encode()) < 2_000_000
    assert not re.search(r"""(?:src|href|action|data)\s*=\s*["'](?:https?:)?//""", page)
    assert not re.search(r"url\(|@import|<script src|<iframe|<link\b", page)
    assert "default-src 'none'" in page and f"script-src '{script()['script_hash']}'" in page and page.count("<script") == 1


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
        part = re.search(rf'<article id="article-{article.article_id}"[^>]*>(.*?)</article>', page, re.DOTALL)[1]
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
    marks = re.findall(r'<span(?: id="[^"]+")? class="([^"]*\b(?:target|loaded|voice|scare|naming)\b[^"]*)"([^>]*)>', articles.partition('<div class="articles">')[2])
    assert len(marks) > 300
    for classes, attributes in marks:
        assert re.search(r'data-about="[^"]{20,}"', attributes)
        assert ("tabindex" in attributes) == bool(re.search(r"\b(?:target|loaded|scare|naming|name)\b", classes))  # told by keyboard and tap as well
    assert " title=" not in articles
    curated = tables["loaded"][tables["loaded"]["lexicon"] == "curated"]
    notes = dict(re.findall(r'<li id="(n-[^"]+)" value="\d+">(.*?)</li>', articles, re.DOTALL))
    numbers = re.findall(r'class="note-ref" href="#([^"]+)"', articles)
    assert set(numbers) == set(notes)
    assert sum(": loaded, " in notes[number] for number in numbers) == len(curated)


def test_concordance_lines_link_to_their_mark(page):
    links = re.findall(r'class="pf-source" href="#([^"]+)"', page)
    assert len(links) > 30


@pytest.fixture(scope="module")
def lists(page):
    return LineLists(page).found


NO_COUNT = {
    "what a count is taken of; the words and sentences of each article are those of its text": {"words", "of words", "of sentences"},
    "a rate, a share or a difference of rates, told by the count in its row or by the table of rates": {"per 1,000 words", "percent", "per 1,000", "per 1,000 there", "Azerbaijani, per 1,000", "Bulgarian, per 1,000", "Turan, per 1,000", "drawn to the mean", "difference", "difference seen", "difference per 1,000"},
    "an interval": {"95 % from", "to", "Log Ratio from"},
    "a measure of the counts in its row": {"part of the difference", "G2 (signed)", "G2", "Log Ratio", "Log Ratio there", "DPnorm", "at most times as often", "expected", "logDice", "MI", "delta P"},
    "how many articles the lines of the count in its row come from": {"in articles"},
    "likeness of whole texts": {"cosine with it", "mean with its group", "mean with others"},
    "what the design allows, told by the numbers of articles": {"articles", "articles there", "arrangements", "smallest p", "articles a group to show that"},
    "variants and keywords, named in the row or the table of variants": {"holds in", "of variants", "keywords that stay", "of"},
    "characters of each region; the table below names every region left out": {"title", "body", "dateline", "byline", "caption", "boilerplate"},
    "a number by which something is found": {"article_id", "sentence", "token_id", "start", "end", "most like"},
}
"""The heads of numbers that lead to no list, by the reason."""
NO_COUNT_IN = {"specification": "rates under each variant, no counts"}


def test_the_trace_is_complete(page, lists, study):
    """Every number of every table leads to a list of its length, or is no count of this corpus for a reason that is named; of a word too common to be listed the page says so."""
    terms, heads_without = Counter(study.annotations().tokens["norm"]), {head for heads in NO_COUNT.values() for head in heads}
    corpus = re.sub(r'<section id="07_validation".*?</section>', "", page, flags=re.DOTALL)  # counts of gold data, whose sentences are no part of this corpus
    linked, unused, common = 0, set(heads_without), set()
    for name, head, row, cell in cells_of(corpus):
        shown = re.sub(r"<[^>]+>", "", cell).strip()
        if not re.fullmatch(r"[+-]?\d[\d,.]*", shown) or shown == "0" or name in NO_COUNT_IN or 'class="basis"' in cell:
            continue
        address = re.search(r'<a class="(?:count|words)" href="#([^"]+)"', cell)
        if address:
            assert lists[address[1]].total == int(shown.replace(",", "")), (name, head, shown)
            linked += 1
        elif head in heads_without:
            unused.discard(head)
        elif head != "article":  # an article's name may be a number
            assert name.startswith(("keyness", "lockwords", "words_by_group")) and terms[html.unescape(row[0])] > COMMON, (name, head, row)
            common.add(row[0])
    assert linked > 700 and not unused and common
    assert f"more than {COMMON} times no list is made" in page


def test_every_linked_number_is_the_length_of_its_list(page, lists):
    numbers = re.findall(r'<a class="(?:count|words)" href="#([^"]+)">([\d,]+)</a>', page)
    assert len(numbers) > 800
    assert all(lists[anchor].total == int(number.replace(",", "")) for anchor, number in numbers)
    based = re.findall(r'<a class="basis" href="#([^"]+)">', page)
    assert based and all(len(lists[anchor].lines) == 3 for anchor in based)  # the sentences that a probability rests on
    assert set(lists) == {anchor for anchor, _ in numbers} | set(based)  # no list that nothing leads to


def test_each_line_leads_to_its_mark(page, lists):
    lines = {line for found in lists.values() for line in found.lines}
    assert len(lines) > 600
    for anchor, node in lines:
        begins = re.search(rf'<span id="{anchor}"[^>]*>(.*?)</span>', page, re.DOTALL)
        assert begins, anchor
        if "-c" in anchor:  # what is counted and not marked leads to its sentence
            words = html.unescape(begins[1])
            assert node.startswith(words) or words.startswith(node)


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
    assert page.count("<script") == page.count(script()["script"]) == 1 and "<img src=x" not in page and "<b>" not in page and "<i>harbour" not in page
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
    named = '<div class="output">\n<figure class="pf-table">\n<table data-table="layer_tokens">\n<caption>The words</caption></table></figure></div>\n'
    assert for_print(f"<p>a</p>{named}<p>b</p>") == '<p>a</p><p class="facts">On the page: the table “The words”.</p>\n<p>b</p>'


def test_print_leaves_what_is_too_long_to_the_page_and_says_so():
    table = '<figure class="pf-table">\n<table data-table="corpus"><caption>The articles</caption><tbody>{}</tbody></table></figure>'
    long = for_print(table.format("<tr><td>x</td></tr>" * 150))
    assert "<strong>The articles</strong>: a table too long for print; it stands on the page." in long and "<td>" not in long
    assert "10 more rows on the page" in for_print(table.format("<tr><td>x</td></tr>" * 15))
    lines = "".join(f'<div class="output"><figure class="pf-table"><table class="pf-concordance"><caption>List {i}</caption><tr><td>line {i}</td></tr></table></figure></div>' for i in range(25))
    assert "line 19<" in for_print(lines) and "line 20<" not in for_print(lines) and for_print(lines).count("On the page: 5 tables, “List 20” to “List 24”.") == 1


def test_a_large_corpus_keeps_articles_and_lists_beside_the_page_and_every_address_is_there(report, study, monkeypatch):
    sources = sorted((report / "notebooks").glob("*.ipynb"))
    notebooks = [nbformat.read(file, as_version=4) for file in sources]
    monkeypatch.setattr(lines, "ARTICLES_ON_PAGE", len(study.articles) - 1)
    files = render_page(study, "seeds", notebooks, sources)
    assert sorted(name for name in files if name.startswith("articles/")) == [f"articles/a{article.article_id}.html" for article in study.articles]
    ids = {name: set(re.findall(r'\bid="([^"]+)"', page)) for name, page in files.items()}
    for name, page in files.items():
        assert page.count(script()["script"]) == page.count("<script") == 1 and script()["script_hash"] in page
        for address in set(re.findall(r'(?:href|data-file)="([^"]+)"', page)) - {"take-away.zip"}:
            file, _, anchor = address.partition("#")
            where = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
            assert where in files and (not anchor or anchor in ids[where]), (name, address)
    page = files["index.html"]
    assert "<article" not in page and "<ol id=" not in page and len(page) < len((report / "index.html").read_text(encoding="utf-8")) - 500_000
    for article in study.articles:
        assert _plain(re.search(r'<p class="text body">(.*?)</p>', files[f"articles/a{article.article_id}.html"], re.DOTALL)[1]) in article.text
    counted = re.findall(r'<a class="(?:count|words)" href="([^"#]+)#([^"]+)">([\d,]+)</a>', page)
    assert len(counted) > 800
    lists = {name: LineLists(f'<section id="lines">{page.partition("<h2>The articles")[0]}</section>').found for name, page in files.items() if name.startswith("lists/")}
    for file, anchor, number in counted:
        assert lists[file][anchor].total == int(number.replace(",", "")) or len(lists[file][anchor].lines) == COMMON, (file, anchor)
