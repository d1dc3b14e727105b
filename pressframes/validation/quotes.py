"""Quotes that a reader labelled: speech, scare quote or name, judged by the rule."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.quotes import find_quotes
from pressframes.lexicon import read_reporting
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument

LABELS = ("direct", "scare", "name")
PARTS = ("dev", "test", "test2")
TESTS = ("test", "test2")
_FILE = "quotes.csv"
_COLUMNS = ("part", "corpus", "article", "start", "excerpt", "quoted", "label")


class GoldQuote(NamedTuple):
    """A labelled quote: `quoted`, marks included, begins at code point `start` of `excerpt`."""

    part: str
    article: str
    start: int
    excerpt: str
    quoted: str
    label: str

    @property
    def end(self) -> int:
        return self.start + len(self.quoted)


def read_gold(folder: Path) -> list[GoldQuote]:
    """Read `quotes.csv` in a folder.

    Raises:
        InputError: naming the row, if a part or label is unknown or the quote does not stand where the row says.
    """
    found = []
    for number, row in read_rows(folder / _FILE, required=_COLUMNS, allowed=_COLUMNS.__contains__):
        where = f"{folder / _FILE}, row {number}"
        if row["part"] not in PARTS or row["label"] not in LABELS:
            raise InputError(f"{where}: unknown part '{row['part']}' or label '{row['label']}'; use {', '.join(PARTS)}, and {', '.join(LABELS)}")
        if not row["quoted"] or not row["start"].isdecimal() or not row["excerpt"].startswith(row["quoted"], int(row["start"])):
            raise InputError(f"{where}: the quote does not stand at '{row['start']}' of its excerpt; correct its start")
        found.append(GoldQuote(row["part"], f"{row['corpus']}/{row['article']}", int(row["start"]), row["excerpt"], row["quoted"], row["label"]))
    return found


def nearest(gold: GoldQuote, found: list, *, of=lambda quote: quote):
    """Return what covers the gold quote's first mark and fits it best, None if nothing does; `of` gives the quote of each thing found."""
    over = [thing for thing in found if of(thing).start <= gold.start < of(thing).end]
    return min(over, key=lambda thing: abs(of(thing).start - gold.start) + abs(of(thing).end - gold.end), default=None)


def judge(folder: Path, *, part: str) -> pd.DataFrame:
    """Let the rule judge the quotes of one part, each in its excerpt.

    A quote whose marks the rule pairs otherwise takes the kind of the found quote that covers its first mark and fits it best; none there counts as "direct".

    Returns:
        One row a quote, with ITEM_COLUMNS.

    Raises:
        InputError: if the gold cannot be read or the part is empty.
    """
    reporting = read_reporting(shelf.folder("lexicons") / "reporting.csv")
    rows = []
    for gold in read_gold(folder):
        if gold.part != part:
            continue
        found = nearest(gold, find_quotes(gold.excerpt, [(0, len(gold.excerpt))], reporting))
        shown = f"{gold.excerpt[: gold.start]}[{gold.quoted}]{gold.excerpt[gold.end :]}"
        rows.append(("", gold.article, f"{part}/{gold.article}:{gold.start}", shown, gold.label, found.kind if found else "direct", 1))
    if not rows:
        raise InputError(f"{folder / _FILE}: no quote of part '{part}'; use {' or '.join(PARTS)}")
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


INSTRUMENT = Instrument(
    name="quotes",
    question="Does the suite tell scare quotes and names in quotation marks from speech?",
    gold="264 quotes of 209 articles: 186 speech, 50 scare quotes, 28 names (both test parts of the suite's own quote set; FA-KES and Hyperpartisan by-article)",
    licence="CC BY 4.0, see gold/quotes/SOURCE.md",
    ships=True,
    protocol="An item is a quote, its marks given, judged in an excerpt of at most 300 characters; right is the label (speech, scare quote, name) that a language model gave it by reading, by a codebook; a second reading of the same kind agreed on 261 of 264. Scare quotes and "
    "names count, pooled, and one taken for the other is wrong; speech is no hit. Quotes drawn at random, few an article, short ones more often than they occur. Signs were chosen and their points fitted on the "
    "development part (1,672 quotes in other articles of the same two corpora; choices were checked on the training part of PolNeAR, which no point is fitted to). Rules before this one were judged on both test parts as well; this rule was judged on them once. "
    "The readers who labelled also wrote the rules. Bootstrap over articles.",
    metric="positive",
    negative="direct",
    anchors=(
        ("signs chosen on 787 quotes, with fitted points", 0.695, "the rule before this one on the same quotes"),
        ("signs with points set by hand", 0.633, "an earlier rule of the suite on the same quotes"),
        ("length, reporting words and word lists, one after the other", 0.579, "the suite's first rule on the same quotes"),
        ("every quote speech", 0.0, "the majority label"),
    ),
    goal=0.80,
    meaning="What is speech is nearly always seen as speech, but more than one in three scare quotes is taken for it as well: shares of speech hold, counts of scare quotes are too low.",
    items=lambda folder: pd.concat([judge(folder, part=part) for part in TESTS], ignore_index=True),
)
