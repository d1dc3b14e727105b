"""A corpus that attacks its reader - script, links, formulas, reversed text in names, titles, files and metadata - is text and nothing else."""

import re

import pytest

ESCAPING = """() => {
  const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(text.data)) continue;
    let box = text.parentElement, held = false;
    for (; getComputedStyle(box).display === 'inline'; box = box.parentElement) held ||= getComputedStyle(box).unicodeBidi.includes('isolate');
    const rest = document.createRange();
    rest.setStartAfter(text);
    rest.setEndAfter(box.lastChild);
    if (!held && !box.matches('p.text, td.line') && rest.toString().trim()) found.push(box.textContent.slice(0, 120));
  }
  return found;
}"""
"""Blocks in which something follows a direction mark that no isolation holds; a sentence or paragraph of an article may reverse itself."""


@pytest.fixture
def page(hostile_report, visit):
    return visit(hostile_report / "index.html")


def test_nothing_of_it_runs_or_leads_out(page):
    assert page.locator("script").evaluate_all("all => all.filter(one => one.textContent.includes('alert')).length") == 0
    assert page.locator("[onclick], [onerror], [onload], iframe, object, embed, form, img[src=x]").count() == 0
    addresses = page.locator("[href], [src], [action]").evaluate_all("all => all.map(one => one.getAttribute('href') ?? one.getAttribute('src') ?? one.getAttribute('action'))")
    assert len(addresses) > 50 and not [address for address in addresses if not address.startswith(("#", "data:image/")) and not re.fullmatch(r"[\w-]+\.zip", address)]


def test_it_is_shown_as_it_was_written(page):
    assert page.get_by_role("heading", level=1).inner_text() == "Harbour <script>alert(1)</script>"
    assert page.title() == "Harbour <script>alert(1)</script>"
    shown = page.locator("#articles").evaluate("all => { all = all.cloneNode(true); all.querySelectorAll('.who, .note-ref').forEach(added => added.remove()); return all.textContent; }")
    for text in ("<script>alert(2)</script>", "[link](javascript:alert(5))", '<a href="javascript:alert(6)">', '=HYPERLINK("http://x";"the harbour")', 'Gazette"><img src=x>', '<a href="javascript:alert(4)">agency</a>'):
        assert text in shown, text
    assert "the <i>harbour</i>" in page.get_by_role("group", name="Marks").inner_text()
    assert page.get_by_role("columnheader", name="<b>East</b>").first.is_visible()


def test_a_mark_tells_its_hostile_target_as_text(page):
    mark = page.locator("article .target[tabindex]").first
    mark.focus()
    assert "the <i>harbour</i>" in mark.evaluate("mark => getComputedStyle(mark, '::after').content")


def test_reversed_text_reverses_nothing_beside_it(page):
    assert page.evaluate("() => document.body.textContent.includes('\\u202e')")
    assert page.evaluate(ESCAPING) == []
