"""Loaded words on the Propaganda Techniques Corpus (Da San Martino et al. 2019, 2020), word by word. Reads a user's own copy; the set states no licence."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.terms import LoadedSearch
from pressframes.lexicon import read_loaded
from pressframes.tokens import tokenise
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument
from pressframes.validation.scores import score

TECHNIQUES = ("Loaded_Language", "Name_Calling,Labeling")
ENDINGS = (".task2-TC.labels", ".task-flc-tc.labels")
"""How label files are called: of SemEval 2020, task 11, and of the corpus' own releases."""
_WORD = re.compile(r"[A-Za-z]{3,}")
_RESAMPLES = 2000

Spans = tuple[tuple[int, int], ...]


class Article(NamedTuple):
    """An article of the corpus: its number, its text as read, and for each of TECHNIQUES the `[start, end)` stretches that the annotators marked."""

    number: str
    text: str
    spans: dict[str, Spans]


def read_ptc(folder: Path) -> tuple[Article, ...]:
    """Read every labelled article of a copy (`article<number>.txt`, its labels in the same folder or another), in the order of their numbers.

    A folder of articles none of which has labels, as the published test part is, is passed over.

    Raises:
        InputError: if the folder holds no such articles, one lacks its labels or stands there twice, or a row of labels is wrong; naming file and row.
    """
    texts, labels = _files(folder, "article*.txt", (".txt",)), _files(folder, "article*.labels", ENDINGS)
    if not texts:
        raise InputError(f"{folder}: no article<number>.txt; give the folder of the Propaganda Techniques Corpus")
    labelled = {path.parent for name, path in texts.items() if name in labels}
    if not labelled:
        raise InputError(f"{folder}: no article has its labels (article<number>{' or '.join(ENDINGS)}); give the folder that holds both")
    found = []
    for name, path in sorted(texts.items()):
        if path.parent in labelled:
            if name not in labels:
                raise InputError(f"{path}: no {name}{' or '.join(ENDINGS)} beside it or in another folder of the copy; complete your copy")
            text = _read(path)
            found.append(Article(name.removeprefix("article"), text, _spans(labels[name], name.removeprefix("article"), len(text))))
    if not any(spans for article in found for spans in article.spans.values()):
        raise InputError(f"{folder}: no row of labels has {' or '.join(TECHNIQUES)} in its second column; take the label files that name techniques")
    return tuple(found)


def _files(folder: Path, pattern: str, endings: tuple[str, ...]) -> dict[str, Path]:
    found = {}
    for path in sorted(folder.rglob(pattern)):
        ending = next((ending for ending in endings if path.name.endswith(ending)), None)
        if ending:
            name = path.name.removesuffix(ending)
            if name in found:
                raise InputError(f"{path}: {name} stands in {found[name].parent} too; give the folder of one version of the corpus")
            found[name] = path
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); take the file as published") from None


def _spans(path: Path, number: str, length: int) -> dict[str, Spans]:
    found = {technique: [] for technique in TECHNIQUES}
    for row, line in enumerate(_read(path).splitlines(), 1):
        where, cells = f"{path}, row {row}", line.split("\t")
        if not line.strip():
            continue
        if len(cells) != 4:
            raise InputError(f"{where}: {len(cells)} cells between tabs, not 4; write article, technique, start, end")
        if cells[0] != number:
            raise InputError(f"{where}: of article {cells[0]}, in the file of article {number}; take the file as published")
        if not (cells[2].strip().isdecimal() and cells[3].strip().isdecimal()):
            raise InputError(f"{where}: '{cells[2]}' to '{cells[3]}' are no offsets; write two whole numbers")
        start, end = int(cells[2]), int(cells[3])
        if not start < end <= length:
            raise InputError(f"{where}: {start} to {end} is no stretch of the article's {length} characters; text and labels are of different versions")
        if cells[1] in found:
            found[cells[1]].append((start, end))
    return {technique: tuple(sorted(spans)) for technique, spans in found.items()}


def items(folder: Path) -> pd.DataFrame:
    """Judge each word of the articles' lines, once a technique: one row an article, gold label and answer.

    Raises:
        InputError: as `read_ptc`.
    """
    articles = read_ptc(folder)
    return _items(articles, _found(articles, "loaded"))


def _items(articles: tuple[Article, ...], covered: list[np.ndarray]) -> pd.DataFrame:
    rows = []
    for article, found in zip(articles, covered):
        for technique, spans in article.spans.items():
            counts = Counter(_words(article.text, spans, found))
            rows += [(technique, article.number, article.number, "", _label(gold), _label(hit), n) for (gold, hit), n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def _found(articles: tuple[Article, ...], name: str) -> list[np.ndarray]:
    """For each character of each article, whether a term of the list covers it; a sentence is a line, as published."""
    entries = read_loaded(shelf.folder("lexicons") / f"{name}.csv")
    search = LoadedSearch(entry for entry in entries if name == "loaded" or entry.polarity == "negative")
    return [_marks([(term.start, term.end) for line in re.finditer(r"[^\n]+", text) for term in search.find(text, tokenise(text, line.start(), line.end()))], len(text)) for _, text, _ in articles]


def _words(text: str, spans: Spans, found: np.ndarray) -> Iterator[tuple[bool, bool]]:
    """Each word of three letters and more: do all its characters lie in a marked stretch, is it found."""
    marked = _marks(spans, len(text))
    for word in _WORD.finditer(text):
        yield bool(marked[word.start() : word.end()].all()), bool(found[word.start()])


def _marks(spans: Iterable[tuple[int, int]], length: int) -> np.ndarray:
    inside = np.zeros(length, dtype=bool)
    for start, end in spans:
        inside[start:end] = True
    return inside


def _label(loaded: bool) -> str:
    return "loaded" if loaded else "plain"


def compare(folder: Path, *, seed: int = 0) -> pd.DataFrame:
    """Set the curated list beside Hu and Liu's negative words: words, and marked stretches that hold a term.

    Returns:
        One row a list and technique: list, technique, precision, recall, f1 (of words), stretches, hit (share of stretches with a term in them), low, high
        (95 % interval of hit: percentile bootstrap, Efron 1979, articles drawn anew 2,000 times).

    Raises:
        InputError: as `read_ptc`.
    """
    articles, rows = read_ptc(folder), []
    for name, label in (("loaded", "curated"), ("opinion", "Hu and Liu, negative")):
        found = _found(articles, name)
        judged = _items(articles, found)
        for technique in TECHNIQUES:
            words = score(judged[judged["task"] == technique], metric="positive", negative="plain")
            counts = np.array([(sum(covered[start:end].any() for start, end in article.spans[technique]), len(article.spans[technique])) for article, covered in zip(articles, found)], dtype=float)
            draws = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=_RESAMPLES) @ counts
            drawn = draws[draws[:, 1] > 0]
            hits, stretches = counts.sum(axis=0)
            share, (low, high) = (hits / stretches, np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])) if stretches else (np.nan, (np.nan, np.nan))
            rows.append((label, technique, words.precision, words.recall, words.f1, int(stretches), share, low, high))
    return pd.DataFrame(rows, columns=["list", "technique", "precision", "recall", "f1", "stretches", "hit", "low", "high"])


INSTRUMENT = Instrument(
    name="ptc",
    question="Does the curated lexicon find what annotators of propaganda call loaded language?",
    gold="Propaganda Techniques Corpus, version 2 (Da San Martino et al. 2019, 2020), the labelled part: 371 articles, the words of three letters and more",
    licence="none stated",
    ships=False,
    protocol="A word is gold if its characters lie in a stretch marked as loaded language, or, as the second task, as name calling or labelling, and found if a curated term covers it; voice and negation are not looked at. "
    "The figure is the mean of the two tasks. The list was not made on this set.",
    metric="positive",
    negative="plain",
    anchors=(
        ("linear-chain CRF with lexicons, loaded language, trained on two thirds of the set", 0.256, "measured by us"),
        ("Hu and Liu's negative words, loaded language", 0.158, "measured on the same words"),
        ("Hu and Liu's negative words, mean of both tasks", 0.111, "measured on the same words"),
    ),
    goal=0.16,
    meaning="Most of what propaganda annotators mark is wording used once, which no list holds; a rate of loaded terms is a floor, not a count of all loaded language.",
    items=items,
)
