"""A real browser, offline: every page opened here must neither ask the network for anything nor complain on its console."""

import os
import shutil
from dataclasses import dataclass

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass(frozen=True)
class Opened:
    """A page as it stands in the browser, with what it asked for and what it complained of."""

    page: object
    asked: list
    complaints: list


@pytest.fixture(scope="module")
def browser():
    """A running Chromium of this machine; one a module, so that no event loop of it is left where others start theirs."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here: pip install playwright (part of the test extra)")
    if CHROMIUM is None:
        pytest.skip("no chromium here: apt install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser):
    """Return a function that opens a file in a window of its own and returns the page; the options are those of a Playwright context."""
    contexts, visits = [], []

    def visit(file, **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        seen = Opened(page, [], [])
        page.on("request", lambda request: seen.asked.append(request.url))
        page.on("console", lambda message: seen.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (seen.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(file.as_uri())
        visits.append((file, seen))
        return page

    yield visit
    for context in contexts:
        context.close()
    for file, seen in visits:
        folder = file.parent.as_uri()
        assert [url for url in seen.asked if not url.startswith((folder, "data:"))] == []
        assert seen.complaints == []
