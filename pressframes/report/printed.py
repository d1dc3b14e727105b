"""The page as it is printed: shortened where paper would tell little, and written as PDF."""

import gc
import re
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from pressframes.errors import WorkError

ROWS_IN_PRINT = (14, 5)
"""A table of more rows than the first number shows as many as the second in the PDF; the page has every row."""
MOST_ROWS_IN_PRINT = 100
COLUMNS_IN_PRINT = 12
"""A table of more rows (its first ones would tell little of it) or columns is left out of the PDF; a line says so."""
CONCORDANCES_IN_PRINT = 20
"""Of more concordances the PDF has the first."""
ON_THE_PAGE_ALONE = ("(?:beside|confusion|errors|lockwords|relations|keyword_variants)_.*", "keyness_.*_(?:of_2|outlet)", r"collocates_.*_(?:outlet|window\d+)", "layer_tokens")
"""Tables whose name matches are left out of the PDF: the details of each instrument's accuracy, and lists of words that others sum up."""


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


@contextmanager
def _no_collections():
    """Python's garbage collector only walks the boxes of a page, again and again, and finds nothing to free: a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
