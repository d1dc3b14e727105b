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
DETAILS = r'(?:beside|confusion|errors)_[^"]*'
"""Tables whose name matches are left out of the PDF without a word at each: the details of each instrument's accuracy."""
ON_THE_PAGE_ALONE = ("(?:lockwords|relations|keyword_variants)_.*", "keyness_.*_(?:of_2|outlet)", r"collocates_.*_(?:outlet|window\d+)", "layer_tokens")
"""Tables whose name matches are left out of the PDF, and named where they would stand: lists of words that others sum up."""
_TABLE = r'<figure class="pf-table">\s*<table {}.*?</figure>'
_LEFT_OUT = "<!-- left out: (.*?) -->"
_PRINTED = '<p class="facts">This is the print of index.html, “the page”. Long tables stand here with their first rows and details are left out; on the page they are whole, and each count leads to its sentences.</p>'


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
    """Return the page as it is printed: without code and what is for the screen alone, each long table with its first rows and a line that says how many more there are; where tables are left out a line names them."""
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
    page = re.sub(_TABLE.format(f'data-table="{DETAILS}">'), "", page, flags=re.DOTALL)
    page = re.sub(_TABLE.format('data-table="([^"]*)">'), lambda table: _left_out(table[0]) if alone.fullmatch(table[1]) else _fit_for_print(table[0]), page, flags=re.DOTALL)
    passed = count()
    page = re.sub(_TABLE.format('class="pf-concordance">'), lambda table: table[0] if next(passed) < CONCORDANCES_IN_PRINT else _left_out(table[0]), page, flags=re.DOTALL)
    page = re.sub(r'<details class="code">.*?</details>', "", page, flags=re.DOTALL)
    page = re.sub(rf'(?:<div class="output"[^>]*>\s*(?:{_LEFT_OUT}\s*)*</div>\s*)+', lambda outputs: _name_left_out(re.findall(_LEFT_OUT, outputs[0])), page)
    page = re.sub(_LEFT_OUT, "", page).replace("<main>", f"<main>\n{_PRINTED}", 1)
    return re.sub(r"<tbody>(.*?)</tbody>", shorten, page, flags=re.DOTALL)


def _left_out(table: str) -> str:
    caption = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)
    return f"<!-- left out: {caption[1] if caption else ''} -->"


def _name_left_out(captions: list[str]) -> str:
    several = f"{len(captions)} tables, “{captions[0]}” to “{captions[-1]}”" if len(captions) > 1 else ""
    return f'<p class="facts">On the page: {several or f"the table “{captions[0]}”"}.</p>\n' if captions else ""


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
