"""The PDF as a machine that reads it aloud and a black-and-white printer see it."""

import re
from collections import Counter

import pikepdf
import pypdf
import pytest

KINDS = {"target": ".target", "quoted": ".voice.direct", "reported": ".voice.indirect", "negative": ".loaded.negative", "neutral": ".loaded.neutral", "positive": ".loaded.positive", "scare": ".scare", "rival name": ".naming"}
GREY = """kind => {
  const others = ['target', 'voice', 'loaded', 'scare', 'naming'].filter(name => !kind.split('.').includes(name)).map(name => '.' + name);
  const mark = document.querySelector('article p.text ' + kind + ':not(' + others + ')'), style = getComputedStyle(mark), plain = getComputedStyle(mark.closest('p, li'));
  const [red, green, blue, seen] = [...style.backgroundColor.match(/[\\d.]+/g).map(Number), 1], light = seen ? Math.round((0.2126 * red + 0.7152 * green + 0.0722 * blue) / 25.5) : 10;
  const line = (kind, width) => kind === 'none' ? '' : kind + width;
  return [style.fontWeight === plain.fontWeight ? '' : 'bold', style.fontStyle === plain.fontStyle ? '' : 'italic', light < 9 ? 'shaded' : '', line(style.borderTopStyle, style.borderTopWidth), line(style.borderBottomStyle, style.borderBottomWidth),
          line(style.outlineStyle, style.outlineWidth), line(style.textDecorationLine, style.textDecorationStyle), getComputedStyle(mark, '::before').content, getComputedStyle(mark, '::after').content].join('|');
}"""


@pytest.fixture
def pdf(report):
    file = report / "report.pdf"
    if not file.exists():
        pytest.skip("no PDF was made: the Pango library is missing")
    with pikepdf.open(file) as opened:
        yield opened


def dictionaries(pdf, **equal):
    return [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and all(str(part.get(f"/{key}", "")) == f"/{value}" for key, value in equal.items())]


def test_it_says_what_it_is(pdf, study):
    assert str(pdf.Root.Lang) == "en" and pdf.Root.MarkInfo.Marked and pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo.Title) == study.settings.title
    with pdf.open_metadata() as told:
        assert told["pdfuaid:part"] == "1" and told["dc:title"] == study.settings.title


def test_every_part_is_tagged_as_what_it_is(pdf):
    tags = Counter(str(part.S) for part in dictionaries(pdf, Type="StructElem"))
    assert tags["/H1"] == 1 and tags["/H2"] >= 10 and tags["/Table"] >= 20 and tags["/Figure"] >= 8 and tags["/LI"] > 50
    assert tags["/Caption"] >= tags["/Table"] and tags["/TH"] >= 2 * tags["/Table"]
    assert all("/StructParents" in page for page in pdf.pages)


def test_every_figure_tells_what_it_shows(pdf):
    alts = [str(part.get("/Alt", "")) for part in dictionaries(pdf, Type="StructElem", S="Figure")]
    assert len(alts) >= 8 and all(len(alt) > 40 for alt in alts)


def test_bookmarks_lead_to_every_section(pdf, report):
    heads = re.findall(r"<h2>(.*?)</h2>", (report / "index.html").read_text(encoding="utf-8"))
    with pdf.open_outline() as outline:
        (top,) = outline.root
        marked = [item.title for item in top.children]
    assert marked == [head for head in heads if head in marked] and len(marked) >= len(heads) - 1  # the lists of sentences are on the page alone


def test_links_stay_within_it(pdf):
    links = dictionaries(pdf, Subtype="Link")
    assert len(links) > 100 and not [link for link in links if "/A" in link and "/URI" in link.A]


def test_fonts_travel_with_it(pdf):
    fonts = [font for font in dictionaries(pdf, Type="Font") if "/FontDescriptor" in font]
    assert fonts and all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()) for font in fonts)


def test_each_page_has_its_number(pdf, report, study):
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(report / "report.pdf").pages]
    assert all(f"{number} / {len(pages)}" in text for number, text in enumerate(pages, start=1))
    assert all(study.settings.title in text for text in pages[1:])


def test_the_printed_articles_begin_with_a_key_to_their_marks(report, visit):
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(report / "report.pdf").pages] if (report / "report.pdf").exists() else []
    assert not pages or [("Each article in full" in text) for text in pages] == [("The marks, as they are printed" in text) for text in pages]
    page = visit(report / "index.html")
    assert not page.locator(".key").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".key").is_visible()
    assert {kind: page.evaluate(GREY.replace("article p.text ", ".key "), kind) for kind in KINDS.values()} == {kind: page.evaluate(GREY, kind) for kind in KINDS.values()}


def test_marks_are_told_apart_in_black_and_white(report, visit):
    page = visit(report / "index.html")
    page.emulate_media(media="print")
    looks = {name: page.evaluate(GREY, kind) for name, kind in KINDS.items()}
    assert len(set(looks.values())) == len(looks), looks
