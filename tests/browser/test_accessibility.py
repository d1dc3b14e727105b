"""axe-core finds nothing on the report: light, dark, on a phone, and with a list of sentences opened."""

from importlib.resources import files

import pytest

RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(found => [found.id, found.impact, found.nodes.length, found.nodes[0].html.slice(0, 200)])"


@pytest.fixture(scope="module")
def axe() -> str:
    pytest.importorskip("axe_playwright_python", reason="no axe-core here: pip install axe-playwright-python (part of the test extra)")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "options"), {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
}.items())  # fmt: skip
def test_axe_finds_nothing(name, options, axe, report, visit):
    page = visit(report / "index.html", **options)
    page.locator("header a.count").first.click()
    page.evaluate(axe)
    assert page.evaluate(RUN) == []


def test_axe_would_find_something(axe, report, visit):
    page = visit(report / "index.html")
    page.evaluate("() => { document.body.innerHTML = '<main><h1>One</h1><img src=\"data:,\"></main>'; }")
    page.evaluate(axe)
    assert "image-alt" in [found[0] for found in page.evaluate(RUN)]
