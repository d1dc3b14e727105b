"""The report of the seeds as a reader uses it: with mouse, keyboard, finger and printer, wide and narrow, with and without JavaScript."""

import io
import re

import pytest
from PIL import Image

MARKS = ".target, .voice, .loaded, .scare, .naming"
LOOKS = """(marks) => [...document.querySelectorAll('article p.text :is(' + marks + ')')].map(mark => {
  const style = getComputedStyle(mark);
  return [style.fontWeight, style.borderBottom, style.backgroundColor, style.color, style.outline, style.textDecoration, style.padding].join(' ');
})"""
FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getClientRects()[0];
  const order = [...document.querySelectorAll('*')].indexOf(here), at = document.elementFromPoint(box.left + Math.min(box.width, 8) / 2, box.top + Math.min(box.height, 8) / 2);
  return {name: here.tagName, order, outline: style.outlineStyle, width: parseFloat(style.outlineWidth), top: box.top, bottom: box.bottom, text: here.textContent, covered: !(at && (here.contains(at) || at.contains(here)))};
}"""
TOLD = "mark => getComputedStyle(mark, '::after').content"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def opened(report, visit):
    return lambda **options: visit(report / "index.html", **options)


def luminance(picture: bytes) -> float:
    """How light a picture is on the whole, from 0 (black) to 1."""
    grey = Image.open(io.BytesIO(picture)).convert("L")
    return sum(i * n for i, n in enumerate(grey.histogram())) / (255 * grey.width * grey.height)


def follow(page, link) -> str:
    """Follow a link within the page and return the address it led to, once that stands in the window."""
    address = link.get_attribute("href")
    link.click()
    page.wait_for_function("address => location.hash === address", arg=address)
    page.wait_for_function("address => { const box = document.getElementById(decodeURIComponent(address.slice(1))).getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight; }", arg=address)
    return address


def test_everything_stands_offline(opened):
    page = opened()
    assert page.get_by_role("heading", level=1).is_visible()
    pictures = page.locator("img").evaluate_all("images => images.map(image => image.complete && image.naturalWidth > 100)")
    assert len(pictures) >= 8 and all(pictures)


@pytest.mark.parametrize("height", [720, 900])
def test_question_answer_corpus_and_figure_stand_on_one_desktop_screen(height, opened):
    page = opened(viewport={"width": 1280, "height": height})
    for part in (".question", ".answers", ".corpus", "header figure img"):
        box = page.locator(part).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height and box["x"] + box["width"] <= 1280, part


@pytest.mark.parametrize(("switch", "kind"), [("targets", "target"), ("voices", "voice"), ("loaded terms", "loaded"), ("scare quotes", "scare"), ("rival names", "naming")])
def test_a_switch_takes_the_marks_of_its_layer_away_and_brings_them_back(switch, kind, opened):
    page = opened()
    box = page.get_by_role("group", name="Marks").get_by_role("checkbox", name=re.compile(f"^{switch}"))
    only = f".{kind}:not({', '.join(f'.{other}' for other in ('target', 'voice', 'loaded', 'scare', 'naming') if other != kind)})"
    rest = ", ".join(f".{other}:not(.{kind})" for other in ("target", "voice", "loaded", "scare", "naming") if other != kind)
    plain = page.locator("article p.text").first.evaluate("text => getComputedStyle(text).color")
    before, others = page.evaluate(LOOKS, only), page.evaluate(LOOKS, rest)
    box.click()
    after = page.evaluate(LOOKS, only)
    assert len(before) > 0 and all(first != second for first, second in zip(before, after)) and all(plain in look for look in after)
    assert page.evaluate(LOOKS, rest) == others
    box.press("Space")
    assert box.is_checked() and page.evaluate(LOOKS, only) == before


def lines(page):
    """The lines that stand open where the page's address leads."""
    opened = page.locator(".lists > li").filter(has=page.locator(":target")).or_(page.locator(".lists > li:target"))
    return opened.locator("ol > li").filter(visible=True)


def test_from_a_number_to_its_sentences_and_on_to_the_mark(opened):
    page = opened()
    assert page.locator("a.count").count() > 500
    for section in ("header", '[id="contrast"]', '[id="03_targets"]', '[id="04_loaded_terms"]', '[id="05_framing"]'):
        number = page.locator(f"{section} a.count").first
        total = int(number.inner_text().replace(",", ""))
        follow(page, number)
        assert lines(page).count() == total > 0
        last = lines(page).last
        said = last.locator("mark").inner_text()
        mark = page.locator(f'[id="{follow(page, last.locator("a").first)[1:]}"]')
        assert said in mark.inner_text() or mark.inner_text() in said
        assert mark.evaluate("mark => mark.closest('article') !== null")


def test_the_list_of_a_number_is_reached_by_keyboard(opened):
    page = opened()
    number = page.locator("header a.count").first
    total = int(number.inner_text().replace(",", ""))
    number.focus()
    page.keyboard.press("Enter")
    lines(page).first.wait_for()
    assert lines(page).count() == total
    page.keyboard.press("Tab")  # on from the list, not from the page's beginning
    assert page.evaluate("() => document.activeElement.closest('.lists > li') === document.querySelector(':target').closest('.lists > li')")


@pytest.mark.parametrize("start", ["body", "#articles fieldset", "article .target"])
def test_tab_goes_down_the_page_and_is_always_seen(start, opened):
    page = opened(viewport={"width": 1000, "height": 700})
    if start != "body":
        page.locator(start).first.locator("xpath=self::*[@tabindex]|.//input").first.focus()
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert [stop["order"] for stop in stops] == sorted({stop["order"] for stop in stops})
    for _ in stops[1:]:
        page.keyboard.press("Shift+Tab")
        stops.append(page.evaluate(FOCUSED))
    assert [stop["order"] for stop in stops[25:]] == [stop["order"] for stop in stops[23::-1]]
    for stop in stops:
        assert stop["outline"] != "none" and stop["width"] >= 1, stop
        assert 0 <= stop["top"] < 700 and not stop["covered"], stop


def test_escape_keeps_the_place(opened):
    page = opened()
    page.locator("article .loaded[tabindex]").nth(3).focus()
    here = page.evaluate(FOCUSED)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["order"] > here["order"]


def test_a_mark_explains_itself_to_mouse_and_keyboard(opened):
    page = opened()
    mark = page.locator("article .loaded[tabindex]").first
    assert mark.evaluate(TOLD) == "none"
    mark.hover()
    told = mark.evaluate(TOLD)
    assert "Loaded term" in told and re.search(r"negative|neutral|positive", told) and re.search(r"own words|quoted words|reported words", told)
    page.mouse.move(2, 2)
    assert mark.evaluate(TOLD) == "none"
    mark.focus()
    assert mark.evaluate(TOLD) == told
    voice = page.locator("article .voice.direct:not([tabindex])").first
    voice.hover()
    assert "Quoted" in voice.evaluate(TOLD)


def test_a_mark_explains_itself_to_a_finger(opened):
    page = opened(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    mark = page.locator("article .loaded[tabindex]").first
    mark.tap()
    assert "Loaded term" in mark.evaluate(TOLD)
    box = mark.bounding_box()
    strip = float(mark.evaluate("mark => parseFloat(getComputedStyle(mark, '::after').height)"))
    assert box["y"] + box["height"] <= 740 - strip  # what is told does not cover it


@pytest.mark.parametrize(("name", "options"), {
    "a phone of 320 px": {"viewport": {"width": 320, "height": 640}},
    "200 % of a window of 1280 px": {"viewport": {"width": 640, "height": 512}, "device_scale_factor": 2},
    "a window of 1280 px": {"viewport": {"width": 1280, "height": 1024}},
}.items())  # fmt: skip
def test_nothing_scrolls_sideways_but_wide_tables_in_their_box(name, options, opened):
    page = opened(**options)
    assert page.evaluate(SIDEWAYS) <= 0
    follow(page, page.locator("header a.count").first)
    assert page.evaluate(SIDEWAYS) <= 0
    wide = page.locator("main *, header *").evaluate_all("""all => all.filter(box => box.scrollWidth > box.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)).map(box => box.tabIndex)""")
    assert all(order == 0 for order in wide)
    cut = page.locator("main p, main li, main td, header p, header li").evaluate_all("all => all.filter(box => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === 'hidden').length")
    assert cut == 0


def test_the_letters_of_charts_can_be_read_on_a_phone(opened, report):
    page = opened(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
    widths = page.locator("figure.pf-figure").evaluate_all("all => all.map(figure => [figure.dataset.figure, figure.querySelector('img').getBoundingClientRect().width])")
    assert len(widths) >= 8
    for name, width in widths:
        drawn = (report / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        smallest = min(map(float, re.findall(r"font(?:-size)?: [^;\"]*?([\d.]+)px", drawn)))
        assert smallest * width / float(re.search(r'viewBox="0 0 ([\d.]+)', drawn)[1]) >= 9, name
    boxes = page.locator("figure.pf-figure .scroll")
    assert boxes.count() == len(widths) and all(boxes.evaluate_all("all => all.map(box => box.tabIndex === 0 && box.scrollWidth > box.clientWidth && box.getAttribute('aria-label').includes('chart'))"))
    box, said = boxes.first, page.locator("figure.pf-figure .says").first
    assert said.is_visible() and box.locator("img").get_attribute("alt").startswith(said.inner_text().split(" (")[0])
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
    wide = opened(viewport={"width": 1280, "height": 1024})
    assert not wide.locator("figure.pf-figure .says").first.is_visible()
    assert not any(wide.locator("figure.pf-figure .scroll").evaluate_all("all => all.map(box => box.scrollWidth > box.clientWidth)"))


def test_dark_and_light(opened):
    light, dark = (luminance(opened(color_scheme=scheme).screenshot()) for scheme in ("light", "dark"))
    assert light > 0.8 and dark < 0.5  # the chart keeps its white ground


def test_without_javascript_all_is_shown(opened):
    page, plain = opened(), opened(java_script_enabled=False)
    shown = [window.locator(f"article p.text :is({MARKS})").count() for window in (page, plain)]
    assert shown[0] == shown[1] > 300
    notes = plain.locator("article details.notes li")
    assert notes.count() > 50 and notes.first.is_visible()
    box = plain.get_by_role("group", name="Marks").get_by_role("checkbox").first
    before = plain.evaluate(LOOKS, ".target")
    box.click()
    assert plain.evaluate(LOOKS, ".target") != before
    number = plain.locator("header a.count").first
    number.click()
    assert lines(plain).count() == int(number.inner_text().replace(",", ""))


def test_the_browser_prints_it(opened, study):
    pypdf = pytest.importorskip("pypdf")
    page = opened(color_scheme="dark")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, tagged=True)))
    assert 10 < len(printed.pages) < 200
    text = re.sub(r"\s+", "", "".join(sheet.extract_text() for sheet in printed.pages))
    assert all(article.title.replace(" ", "") in text for article in study.articles if article.title)
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("details.code").first.is_visible()
    assert not page.locator("fieldset.layers").is_visible()
