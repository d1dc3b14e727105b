"""Mentions of targets, judged against sentences that a person marked: every name, its exact ends and its target."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.regions import find_regions
from pressframes.layers.sentences import split_sentences
from pressframes.layers.terms import TermLayers
from pressframes.lexicon import LexiconSet, read_furniture, read_reporting, read_targets
from pressframes.tokens import tokenise
from pressframes.validation.instrument import Instrument

TARGETS = ("russia", "us", "peacekeepers", "azerbaijan", "armenia", "turkey", "ukraine", "eu")
"""The targets that the suite ships."""
NONE = "none"
_FILE = "mentions.csv"
_COLUMNS = ("part", "corpus", "article", "sentence", "names", "mentions")


class GoldSentence(NamedTuple):
    """A marked sentence: `mentions` holds (start, end, target) in code points, `names` full names that its article gives elsewhere."""

    part: str
    article: str
    sentence: str
    names: tuple[str, ...]
    mentions: frozenset[tuple[int, int, str]]


def read_gold(folder: Path) -> list[GoldSentence]:
    """Read `mentions.csv` in a folder.

    Raises:
        InputError: naming the row, if a mention is not written `start-end:target`, lies outside its sentence, or has an unknown target.
    """
    rows = []
    for number, row in read_rows(folder / _FILE, required=("part", "corpus", "article", "sentence"), allowed=lambda name: name in _COLUMNS):
        where = f"{folder / _FILE}, row {number}"
        mentions = frozenset(_mention(where, written, row["sentence"]) for written in row["mentions"].split(";") if written)
        rows.append(GoldSentence(row["part"], f"{row['corpus']}/{row['article']}", row["sentence"], tuple(filter(None, row["names"].split("|"))), mentions))
    return rows


def _mention(where: str, written: str, sentence: str) -> tuple[int, int, str]:
    try:
        place, target = written.split(":")
        start, end = map(int, place.split("-"))
    except ValueError:
        raise InputError(f"{where}: mention '{written}' cannot be read; write start-end:target") from None
    if not 0 <= start < end <= len(sentence):
        raise InputError(f"{where}: mention '{written}' lies outside the sentence; correct its offsets")
    if target not in TARGETS:
        raise InputError(f"{where}: mention '{written}' has an unknown target; use {', '.join(TARGETS)}")
    return start, end, target


def judge(folder: Path, *, part: str) -> pd.DataFrame:
    """Search the sentences of one part ("dev" or "test") and set what is found beside what was marked.

    Returns:
        One row a span that was marked, found, or both: ITEM_COLUMNS. A span with other ends than the marked one is a miss and a false alarm.
        A sentence where nothing was marked or found gives one row of `none`, so that every article is drawn by the bootstrap.

    Raises:
        InputError: if the gold cannot be read or the part is empty.
    """
    lexicons = shelf.folder("lexicons")
    furniture = read_furniture(lexicons / "furniture.csv")
    terms = TermLayers(LexiconSet(read_targets(lexicons / "targets.toml", TARGETS), (), (), (), read_reporting(lexicons / "reporting.csv"), furniture))
    gold = [sentence for sentence in read_gold(folder) if sentence.part == part]
    if not gold:
        raise InputError(f"{folder / _FILE}: no sentence of part '{part}'; use dev or test")
    rows = [row for number, sentence in enumerate(gold) for row in _rows(number, sentence, terms, furniture)]
    return pd.DataFrame(rows, columns=["task", "cluster", "item", "text", "gold", "predicted", "n"])


def _rows(number: int, gold: GoldSentence, terms: TermLayers, furniture) -> Iterator[tuple]:
    text = gold.sentence
    marked = {(start, end): target for start, end, target in gold.mentions}
    found = _found(gold, terms, furniture)
    for start, end in sorted(marked.keys() | found.keys()):
        shown = f"{text[:start]}[{text[start:end]}]{text[end:]}"
        yield "", gold.article, f"{number}:{start}-{end}", shown, marked.get((start, end), NONE), found.get((start, end), NONE), 1
    if not marked and not found:
        yield "", gold.article, f"{number}:-", text, NONE, NONE, 1


def _found(gold: GoldSentence, terms: TermLayers, furniture) -> dict[tuple[int, int], str]:
    """Annotate the sentence as an article is annotated; the names that its article gives elsewhere stand before it, each as a sentence."""
    text = "".join(f"{name}\n" for name in gold.names)
    first = len(text)
    text += gold.sentence
    datelines = [first + region.end for region in find_regions(gold.sentence, furniture) if region.kind == "dateline"]
    spans = [match.span() for match in re.finditer(r".+", text[:first])] + split_sentences(text, max(datelines, default=first), len(text))
    found = terms.mentions(text, [tokenise(text, start, end) for start, end in spans])
    return {(mention.start - first, mention.end - first): mention.target for mention in found if mention.start >= first}


INSTRUMENT = Instrument(
    name="mentions",
    question="Does the suite find the names of its targets, all of them and nothing else?",
    gold="130 sentences of 130 news articles (test part of the suite's own mention set, marked by a language model; FA-KES, Hyperpartisan by-article, NewsMTSC, Narrative Frames)",
    licence="CC BY 4.0 and MIT, see gold/mentions/SOURCE.md",
    ships=True,
    protocol="An item is a name that the reader marked or the search found; right is the target with the exact first and last character. Sentences were drawn by a broad pattern, "
    "not by the lexicon, one an article, and marked by reading before the search was run; one reader. The lexicon was mended on the development part (130 other articles) by the same reader; "
    "the test part was judged once, and one omission of the reader that this showed was corrected. Bootstrap over articles.",
    metric="positive",
    negative=NONE,
    anchors=(),
    goal=0.98,
    meaning="Counts of mentions by target can be read as they stand for Russia, the US, Turkey, Ukraine and the EU; the set holds too few Armenian, Azerbaijani and peacekeeper names to tell.",
    items=lambda folder: judge(folder, part="test"),
)
