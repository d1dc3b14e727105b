"""Regions, judged against pages on which a person marked what is the article: kept text (title and body) by character."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.regions import KEPT, find_regions
from pressframes.lexicon import read_furniture
from pressframes.validation.instrument import Instrument

ARTICLE, FURNITURE = "kept", "furniture"
PARTS = ("dev", "test", "natural")
"""Pages with furniture that rules were made on; such pages that they were not made on; pages drawn whatever they hold."""
_FILE = "regions.csv"
_COLUMNS = ("part", "page", "made", "origin", "kept")


class GoldPage(NamedTuple):
    """A marked page: `kept` holds the ranges [start, end) of title and body in code points; `made` is `printed` or `assembled`."""

    part: str
    page: str
    made: str
    text: str
    kept: tuple[tuple[int, int], ...]


def read_gold(folder: Path) -> list[GoldPage]:
    """Read `regions.csv` in a folder and the pages that it names, `pages/<page>.txt`.

    Raises:
        InputError: naming the row, if a page is missing, or a range is not written `start-end` or lies outside its page.
    """
    pages = []
    for number, row in read_rows(folder / _FILE, required=("part", "page", "kept"), allowed=lambda name: name in _COLUMNS):
        where, file = f"{folder / _FILE}, row {number}", folder / "pages" / f"{row['page']}.txt"
        if not file.is_file():
            raise InputError(f"{where}: no page {file}; add it or remove the row")
        text = file.read_bytes().decode("utf-8")
        pages.append(GoldPage(row["part"], row["page"], row.get("made", ""), text, tuple(_range(where, written, text) for written in row["kept"].split(";"))))
    return pages


def _range(where: str, written: str, text: str) -> tuple[int, int]:
    try:
        start, end = map(int, written.split("-"))
    except ValueError:
        raise InputError(f"{where}: range '{written}' cannot be read; write start-end") from None
    if not 0 <= start < end <= len(text):
        raise InputError(f"{where}: range '{written}' lies outside the page; correct it")
    return start, end


def judge(folder: Path, *, part: str) -> pd.DataFrame:
    """Find the regions of the pages of one part (`PARTS`) and count characters that are not white space.

    Returns:
        Four rows a page, one for each pair of marked and found (`kept`, `furniture`): ITEM_COLUMNS; `n` counts characters, `text` shows the longest run of them where the two differ.

    Raises:
        InputError: if the gold cannot be read or the part is empty.
    """
    furniture = read_furniture(shelf.folder("lexicons") / "furniture.csv")
    pages = [page for page in read_gold(folder) if page.part == part]
    if not pages:
        raise InputError(f"{folder / _FILE}: no page of part '{part}'; use {', '.join(PARTS)}")
    return pd.DataFrame([row for page in pages for row in _rows(page, furniture)], columns=["task", "cluster", "item", "text", "gold", "predicted", "n"])


def _rows(page: GoldPage, furniture):
    """The corpus names neither title nor byline here: the page alone must tell them."""
    printed = np.array([not char.isspace() for char in page.text])
    marked = _mask(page.text, page.kept)
    found = _mask(page.text, [(region.start, region.end) for region in find_regions(page.text, furniture) if region.kind in KEPT])
    for gold in (True, False):
        for predicted in (True, False):
            here = printed & (marked == gold) & (found == predicted)
            names = [ARTICLE if kept else FURNITURE for kept in (gold, predicted)]
            yield "", page.page, f"{page.page} {'/'.join(names)}", _longest(page.text, here) if gold != predicted else "", *names, int(here.sum())


def _mask(text: str, ranges) -> np.ndarray:
    mask = np.zeros(len(text), dtype=bool)
    for start, end in ranges:
        mask[start:end] = True
    return mask


def _longest(text: str, here: np.ndarray, limit: int = 200) -> str:
    """The longest stretch of marked characters on one line, white space between them included."""
    shown = "".join(char if marked or char in " \t" else "\n" for char, marked in zip(text, here))
    return max((piece.strip() for piece in shown.split("\n")), key=len)[:limit]


INSTRUMENT = Instrument(
    name="regions",
    question="Does the suite tell the article (title and body) from what stands on the page beside it, and lose nothing of the article?",
    gold="20 news pages as printed (natural part of the suite's own region set, drawn whatever they hold; marked by a language model)",
    licence="CC BY 4.0 (Hyperpartisan by-article), see gold/regions/SOURCE.md",
    ships=True,
    protocol="An item is a character that is not white space; right is that it was kept if the reader marked it as title or body. The suite is given neither title nor byline. Rules were mended on the "
    "development part (48 other pages) and on pages of another corpus; the natural part was judged once, and so was a harder one of pages with furniture, told in gold/regions/SOURCE.md. One reader. Bootstrap over pages.",
    metric="positive",
    negative=FURNITURE,
    anchors=(),
    goal=0.995,
    meaning="Next to nothing of an article is lost; a little of what is counted stands beside the article, mostly captions that are whole sentences, pull quotes and notes to letter writers.",
    items=lambda folder: judge(folder, part="natural"),
)
