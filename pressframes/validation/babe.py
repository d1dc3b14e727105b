"""Loaded words on BABE, word by word, and the order of its outlets. Reads a user's own copy; its licence forbids to ship it."""

import ast
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.terms import LoadedSearch
from pressframes.lexicon import read_loaded
from pressframes.tokens import tokenise
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument

FILE = "final_labels_SG2.csv"
DEVELOPMENT = frozenset(("Breitbart", "Reuters", "MSNBC", "USA Today", "Daily Beast"))
"""Outlets whose sentences were looked at while the lexicon grew; the figure is of all others."""
LEAST_SENTENCES = 100
LEAST_OCCURRENCES = 5
_COLUMNS = ("text", "outlet", "topic", "label_bias", "biased_words")
_LABELS = {"Biased": True, "Non-biased": False}
_NO_LABEL = "No agreement"
_WORD = re.compile(r"[A-Za-z]{3,}")


class Judged(NamedTuple):
    """A sentence of BABE: its row in the file, its outlet and topic, whether the experts call it biased, and the words they marked (lower case)."""

    row: int
    text: str
    outlet: str
    topic: str
    biased: bool
    marked: frozenset[str]


def read_babe(folder: Path) -> list[Judged]:
    """Read the sentences of `final_labels_SG2.csv` (in the folder, or in its `data/`) that have a label.

    Raises:
        InputError: if the file is missing, not UTF-8, or a row is not of BABE's form; naming file and row.
    """
    path = next((place for place in (folder / FILE, folder / "data" / FILE) if place.is_file()), None)
    if path is None:
        raise InputError(f"{folder}: no {FILE}; give the folder of BABE (Media-Bias-Group on GitHub, data/)")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); take the file as published") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"{path}: column '{missing[0]}' is missing; take the file as published, with ';' between the cells")
    found = [_judged(f"{path}, row {number}", number, row) for number, row in enumerate(rows, start=2) if row["label_bias"] != _NO_LABEL]
    if not found:
        raise InputError(f"{path}: no sentence has a label; take the file as published")
    return found


def _judged(where: str, number: int, row: dict) -> Judged:
    if row["label_bias"] not in _LABELS:
        raise InputError(f"{where}: unknown label_bias '{row['label_bias']}'; use {', '.join(_LABELS)} or {_NO_LABEL}")
    try:
        phrases = ast.literal_eval(row["biased_words"] or "")
    except (ValueError, SyntaxError):
        phrases = None
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise InputError(f"{where}: biased_words is no list of words; write it as ['one', 'two'] or []")
    marked = frozenset(word.lower() for phrase in phrases for word in _WORD.findall(phrase))
    return Judged(number, row["text"], row["outlet"], row["topic"], _LABELS[row["label_bias"]], marked)


def items(folder: Path) -> pd.DataFrame:
    """Judge each word of the outlets that the lexicon was not grown on: one row a sentence, gold label and answer.

    Raises:
        InputError: if the folder holds no BABE.
    """
    search = _curated()
    rows = []
    for sentence in read_babe(folder):
        if sentence.outlet not in DEVELOPMENT:
            counts = Counter(_words(sentence, search))
            rows += [("", sentence.row, sentence.row, "", _label(gold), _label(found), n) for (gold, found), n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def _curated() -> LoadedSearch:
    return LoadedSearch(read_loaded(shelf.folder("lexicons") / "loaded.csv"))


def _words(sentence: Judged, search: LoadedSearch) -> Iterator[tuple[bool, bool]]:
    """Each word of a sentence: is it marked, is it found."""
    spans = [(term.start, term.end) for term in search.find(sentence.text, tokenise(sentence.text))]
    for word in _WORD.finditer(sentence.text):
        yield word[0].lower() in sentence.marked, any(start <= word.start() < end for start, end in spans)


def _label(loaded: bool) -> str:
    return "loaded" if loaded else "plain"


@dataclass(frozen=True)
class OutletOrder:
    """How well loaded terms order outlets: `spearman` between their rate and the experts' share of biased sentences, with its 95 % interval.

    `outlets` has a row an outlet: outlet, sentences, rate (loaded terms per 1,000 words), share (of biased sentences).
    """

    spearman: float
    low: float
    high: float
    outlets: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the outlets, the least biased first."""
        return self.outlets


def outlet_order(folder: Path, *, resamples: int = 2000, seed: int = 0) -> OutletOrder:
    """Compare the order of outlets by loaded terms with that by the experts (Spearman 1904), for outlets with LEAST_SENTENCES sentences.

    The interval is a percentile bootstrap (Efron 1979) of sentences within outlets; it says nothing of other outlets.

    Raises:
        InputError: if the folder holds no BABE, or less than three such outlets.
    """
    search = _curated()
    rows = [(s.outlet, len(search.find(s.text, tokens)), len(tokens), s.biased) for s in read_babe(folder) for tokens in [tokenise(s.text)]]
    frame = pd.DataFrame(rows, columns=["outlet", "terms", "words", "biased"])
    frame = frame[frame.groupby("outlet")["biased"].transform("size") >= LEAST_SENTENCES]
    if frame["outlet"].nunique() < 3:
        raise InputError(f"{folder}: fewer than three outlets with {LEAST_SENTENCES} sentences; give the whole of BABE")
    rng = np.random.default_rng(seed)
    whole, drawn, names = [], [], []
    for outlet, part in frame.groupby("outlet"):
        values = part[["terms", "words", "biased"]].to_numpy(dtype=float)
        weights = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), size=resamples)
        names.append((outlet, len(values)))
        whole.append(_rate_and_share(values.sum(axis=0), len(values)))
        drawn.append(_rate_and_share(weights @ values, len(values)))
    rate, share = np.array(whole).T
    low, high = np.percentile(_spearman(*np.array(drawn).transpose(1, 2, 0)), [2.5, 97.5])
    outlets = pd.DataFrame(names, columns=["outlet", "sentences"]).assign(rate=rate, share=share).sort_values("share", kind="stable", ignore_index=True)
    return OutletOrder(float(_spearman(rate, share)), float(low), float(high), outlets)


def _rate_and_share(sums: np.ndarray, sentences: int) -> tuple:
    terms, words, biased = np.moveaxis(sums, -1, 0)
    return 1000 * terms / words, biased / sentences


def _spearman(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rank correlation along the last axis, ties given their mean rank."""
    a, b = (rankdata(values, axis=-1) for values in (left, right))
    a, b = a - a.mean(axis=-1, keepdims=True), b - b.mean(axis=-1, keepdims=True)
    return (a * b).sum(axis=-1) / np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))


def entry_precision(folder: Path) -> pd.DataFrame:
    """Return how often the experts marked a word of each entry where it occurs: entry, occurrences, precision; entries with LEAST_OCCURRENCES at least.

    All outlets count, also those that the lexicon was grown on.

    Raises:
        InputError: if the folder holds no BABE.
    """
    search = _curated()
    rows = []
    for sentence in read_babe(folder):
        for term in search.find(sentence.text, tokenise(sentence.text)):
            words = _WORD.findall(sentence.text[term.start : term.end].lower())
            rows.append((term.entry.entry, not sentence.marked.isdisjoint(words)))
    found = pd.DataFrame(rows, columns=["entry", "marked"]).groupby("entry")["marked"].agg(occurrences="size", precision="mean").reset_index()
    return found[found["occurrences"] >= LEAST_OCCURRENCES].round({"precision": 3}).reset_index(drop=True)


INSTRUMENT = Instrument(
    name="babe",
    question="Do readers find a word loaded that the curated lexicon lists?",
    gold="BABE SG2 (Spinde et al. 2021), the words of three letters and more in the sentences of the outlets that the lexicon was not grown on",
    licence="AGPL-3.0 in the repository, CC BY-NC 4.0 on the group's model cards; texts not shipped",
    ships=False,
    protocol="A word is gold if it is among the words that the experts marked in its sentence, and found if a curated term covers it; voice and negation are not looked at, since the experts did not. "
    f"Errors were looked at in {', '.join(sorted(DEVELOPMENT))} alone.",
    metric="positive",
    negative="plain",
    anchors=(
        ("Hu and Liu's negative words", 0.324, "measured on the same sentences"),
        ("linear model of word, affixes, neighbours and six lexicons", 0.467, "measured on all outlets, threshold chosen there"),
        ("feature model, XGBoost", 0.43, "Spinde et al. 2021, on MBIC"),
    ),
    goal=0.32,
    meaning="Experts would not call every term loaded that the lexicon finds (precision), and it misses many that they would (recall): compare rates between outlets, and read the sentences before calling one word loaded.",
    items=items,
)
