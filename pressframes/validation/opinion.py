"""Loaded words by the trained second opinion, on outlets of BABE that it never saw; and what else was tried on the same words and sentences."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.layers.parse import parse
from pressframes.layers.quotes import find_quotes
from pressframes.layers.terms import LoadedSearch
from pressframes.layers.voices import Sentence, find_voices, voice_lookup
from pressframes.lexicon import read_loaded, read_reporting
from pressframes.tokens import tokenise
from pressframes.validation.babe import DEVELOPMENT
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument
from pressframes.validation.scores import score
from pressframes.validation.train_opinion import Corpus, Scores, best_threshold, leave_one_outlet_out, ngrams, read_corpus, sentence_scores

LABELS = {"word": ("loaded", "plain"), "sentence": ("biased", "unbiased")}
"""The labels of words and of sentences."""
_METRIC = {"word": {"metric": "positive", "negative": "plain"}, "sentence": {"metric": "macro"}}


@cache
def judged(folder: Path) -> tuple[Corpus, Scores]:
    """Read a copy of BABE and judge each outlet by models trained on the others (about a minute).

    Raises:
        InputError: as `train_opinion.read_corpus`.
    """
    corpus = read_corpus(folder)
    return corpus, leave_one_outlet_out(corpus)


def unseen(corpus: Corpus) -> np.ndarray:
    """Return the mask of the sentences of outlets that were not looked at while the list and the features were made."""
    return np.array([sentence.outlet not in DEVELOPMENT for sentence in corpus.sentences])


def items_of(corpus: Corpus, called: np.ndarray, asked: np.ndarray, *, unit: str) -> pd.DataFrame:
    """Return judged words, or judged sentences, as items: one row a sentence, gold label and answer; sentences are numbered by their counts, so that no row tells which of the set it is.

    Args:
        called: of each word, whether it is called loaded; or of each sentence, whether it is called biased.
        asked: mask of the sentences to be judged.
        unit: word or sentence.
    """
    of, gold, labels = (corpus.of, corpus.marked, LABELS[unit]) if unit == "word" else (np.arange(len(corpus.fold)), corpus.biased, LABELS[unit])
    counts = [Counter() for _ in corpus.sentences]
    for at, found in zip(of, zip(gold, called)):
        counts[at][found] += 1
    told = sorted(sorted((labels[not g], labels[not c], n) for (g, c), n in counts[at].items()) for at in np.flatnonzero(asked))
    return pd.DataFrame([("", number, number, "", *row) for number, rows in enumerate(told) for row in rows], columns=list(ITEM_COLUMNS))


def items(folder: Path) -> pd.DataFrame:
    """Judge each word of the outlets that were not looked at.

    Raises:
        InputError: as `judged`.
    """
    corpus, scores = judged(folder)
    return items_of(corpus, scores.loaded, unseen(corpus), unit="word")


def compare(folder: Path) -> pd.DataFrame:
    """Set the second opinion beside the curated list and beside a model that learned from the shipped gold alone, on the same words and sentences.

    The curated list calls a sentence biased if a term of it stands in the outlet's own words. The shipped gold is NewsSD-ENG (training and validation part): the first stage for sentences,
    which gives a word the score that it gives the word alone; the threshold for words is the best on the development outlets.

    Returns:
        Columns unit (word, sentence), system, outlets (`not looked at`, `all`), f1 (of marked words; macro over sentences), low, high (95 %, sentences drawn anew), precision, recall.

    Raises:
        InputError: as `judged`.
    """
    corpus, scores = judged(folder)
    by_gold, words_by_gold = _from_shipped_gold(corpus)
    systems = [
        ("word", "second opinion", scores.loaded), ("word", "curated list", corpus.listed), ("word", "shipped gold alone", words_by_gold),
        ("sentence", "second opinion", scores.biased), ("sentence", "curated list, own words", _listed_in_own_words(corpus)), ("sentence", "shipped gold alone", by_gold),
    ]  # fmt: skip
    rows = []
    for unit, system, called in systems:
        for outlets, asked in (("not looked at", unseen(corpus)), ("all", np.ones(len(corpus.fold), dtype=bool))):
            found = score(items_of(corpus, called, asked, unit=unit), **_METRIC[unit])
            rows.append((unit, system, outlets, found.f1, found.low, found.high, found.precision, found.recall))
    return pd.DataFrame(rows, columns=["unit", "system", "outlets", "f1", "low", "high", "precision", "recall"])


def _listed_in_own_words(corpus: Corpus) -> np.ndarray:
    lexicons = shelf.folder("lexicons")
    search, reporting = LoadedSearch(read_loaded(lexicons / "loaded.csv")), read_reporting(lexicons / "reporting.csv")
    found = {i: terms for i, sentence in enumerate(corpus.sentences) if (terms := search.find(sentence.text, tokenise(sentence.text)))}
    own = np.zeros(len(corpus.fold), dtype=bool)
    for (i, terms), doc in zip(found.items(), parse([corpus.sentences[i].text for i in found])):
        text = corpus.sentences[i].text
        voice = voice_lookup(find_voices(text, find_quotes(text, [(0, len(text))], reporting), [Sentence(0, doc)], reporting))
        own[i] = any(voice(term.start) == "outlet" for term in terms)
    return own


def _from_shipped_gold(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Which sentences, and which words, a model of subjective sentences calls biased and loaded."""
    parts = [shelf.folder("gold") / "newssd-eng" / "data" / "english" / f"{part}.csv" for part in ("train", "val")]
    rows = [row for path in parts for _, row in read_rows(path, required=("Sentence", "Label"), allowed=lambda name: True)]
    vocabulary, places = np.unique(corpus.words, return_inverse=True)
    texts = [row["Sentence"] for row in rows] + [sentence.text for sentence in corpus.sentences] + list(vocabulary)
    labels = np.array([row["Label"] == "SUBJ" for row in rows] + [False] * (len(texts) - len(rows)))
    scores = sentence_scores(ngrams(texts), np.arange(len(texts)) < len(rows), labels)[len(rows) :]
    sentences, words = scores[: len(corpus.fold)], scores[len(corpus.fold) :][places]
    looked_at = ~unseen(corpus)[corpus.of]
    return sentences > 0, words >= best_threshold(corpus.marked[looked_at], words[looked_at])


INSTRUMENT = Instrument(
    name="opinion",
    question="Would a model that learned from experts find the loaded words that they find?",
    gold="BABE SG2 (Spinde et al. 2021), the words of three letters and more in the sentences of the outlets that neither list nor features were made on",
    licence="AGPL-3.0 in the repository, CC BY-NC 4.0 on the group's model cards; neither texts nor model shipped",
    ships=False,
    protocol="A word is gold if it is among the words that the experts marked in its sentence. Each outlet is judged by a linear model of letters, neighbours, lists and the sentence's score, trained on all other outlets, threshold "
    "included; outlets with fewer than 100 sentences are left out together, and copies of a judged sentence are not trained on. "
    f"Features and penalties were chosen on {', '.join(sorted(DEVELOPMENT))} alone.",
    metric="positive",
    negative="plain",
    anchors=(
        ("linear model of word, affixes, neighbours and six lexicons", 0.467, "measured on all outlets, threshold chosen there"),
        ("feature model, XGBoost", 0.43, "Spinde et al. 2021, on MBIC"),
        ("Hu and Liu's negative words", 0.324, "measured on the same sentences"),
    ),
    goal=0.50,
    meaning="A second opinion beside the curated list, not behind any chart: it says how much of what experts mark could be learned from their other marks at all.",
    items=items,
)
