"""Annotation tables to counts. Nothing downstream goes back to the text, except to show it."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from pressframes.annotate import Annotations

VOICES = ("outlet", "indirect", "direct")
"""Whose words, in the order of tables and charts: the outlet's own, reported speech, quoted speech."""
SAID = {"outlet": "the outlets' own words", "indirect": "reported words", "direct": "quoted words"}
"""The voices in captions."""

_SENTENCE = ["article_id", "sentence_id"]


def with_articles(frame: pd.DataFrame, annotations: Annotations) -> pd.DataFrame:
    """Add `group` and `outlet` to rows that carry an `article_id`."""
    return frame.merge(annotations.articles[["article_id", "group", "outlet"]], on="article_id", how="left", sort=False)


def sentence_words(annotations: Annotations) -> pd.DataFrame:
    """Count words by sentence and voice: article_id, sentence_id, voice, n, group, outlet."""
    counts = annotations.tokens.groupby([*_SENTENCE, "voice"], sort=True).size().rename("n").reset_index()
    return with_articles(counts, annotations)


def sentence_targets(annotations: Annotations) -> pd.DataFrame:
    """Which sentences mention which targets: article_id, sentence_id, target, without repeats."""
    return annotations.mentions[[*_SENTENCE, "target"]].drop_duplicates(ignore_index=True)


def in_target_sentences(frame: pd.DataFrame, annotations: Annotations, target: str | None = None) -> pd.DataFrame:
    """Keep the rows whose sentence mentions a target; a sentence with two targets counts for both (column `target`)."""
    wanted = sentence_targets(annotations)
    if target is not None:
        wanted = wanted[wanted["target"] == target]
    return frame.merge(wanted, on=_SENTENCE, how="inner", sort=False)


def mentioning(frame: pd.DataFrame, annotations: Annotations, target: str) -> np.ndarray:
    """Tell for each row whether its sentence mentions a target."""
    wanted = sentence_targets(annotations).query("target == @target")
    return pd.MultiIndex.from_frame(frame[_SENTENCE]).isin(pd.MultiIndex.from_frame(wanted[_SENTENCE]))


class TermCounts(NamedTuple):
    """`matrix[i, j]`: how often row i uses `terms[j]`; non-negative integers, CSR.

    A row is an article (or a sentence) or, where these are divided into parts, one part of it; `articles[i]` and `parts[i]` say which.
    """

    matrix: sparse.csr_array
    articles: list[str]
    terms: list[str]
    parts: list[str]


def term_counts(annotations: Annotations, *, voice: str | None = None, target: str | None = None, parts=None, n: int = 1, sentences: bool = False) -> TermCounts:
    """Count words (not numbers), or sequences of words, by article.

    Args:
        voice: count only words in this voice.
        target: count only words in sentences that mention this target.
        parts: one label a row of `annotations.tokens` that divides each article; words with an empty label do not count.
        n: count sequences of so many words: in one sentence, one voice and one part, with nothing but a blank or a hyphen between.
        sentences: a row a sentence in place of one an article.

    Returns:
        Rows for every article (or sentence) in order, also for those without such a word; with `parts`, one for each label in sorted order.
    """
    tokens = annotations.tokens
    start, words, labels = _places(annotations, voice, target, parts, n)
    names = sorted(set(labels[start])) if parts is not None else ["all"]
    units = (annotations.sentences if sentences else annotations.articles)[_SENTENCE if sentences else ["article_id"]]
    unit = pd.MultiIndex.from_frame(units).get_indexer(pd.MultiIndex.from_frame(tokens.loc[start, units.columns]))
    terms, columns = np.unique(words[start].astype(str), return_inverse=True)
    rows = unit * len(names) + np.searchsorted(names, labels[start].astype(str))
    matrix = sparse.coo_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(units) * len(names), len(terms))).tocsr()
    return TermCounts(matrix, [article for article in units["article_id"] for _ in names], terms.tolist(), names * len(units))


def term_rows(annotations: Annotations, terms=None, *, voice: str | None = None, target: str | None = None, parts=None, n: int = 1) -> pd.DataFrame:
    """Where the words stand that `term_counts` counts: article_id, sentence_id, start, end, voice, term, part, group, outlet; of these terms alone where they are given."""
    tokens = annotations.tokens
    start, words, labels = _places(annotations, voice, target, parts, n)
    at = np.flatnonzero(start if terms is None else start & np.isin(words.astype(str), list(terms)))
    rows = tokens.iloc[at][[*_SENTENCE, "start", "voice"]].assign(end=tokens["end"].to_numpy()[at + n - 1], term=words[at].astype(str), part=labels[at])
    return with_articles(rows, annotations)


def _places(annotations: Annotations, voice, target, parts, n: int):
    """Tell for each token whether a sequence of `n` words that counts begins with it, that sequence, and the part it belongs to."""
    tokens = annotations.tokens
    labels = np.full(len(tokens), "all", dtype=object) if parts is None else np.asarray(parts, dtype=object)
    keep = tokens["norm"].str[0].str.isalpha().to_numpy(dtype=bool) & (labels != "")
    if voice is not None:
        keep &= tokens["voice"].eq(voice).to_numpy()
    if target is not None:
        keep &= mentioning(tokens, annotations, target)
    norms, start, follows = tokens["norm"].to_numpy(dtype=object), keep, _follows(tokens, labels)
    words = norms
    for step in range(1, n):
        start = start & _ahead(keep, step) & _ahead(follows, step - 1)
        words = words + " " + np.concatenate([norms[step:], norms[:step]])
    return start, words, labels


def _follows(tokens: pd.DataFrame, labels: np.ndarray) -> np.ndarray:
    """Tell for each token whether the next one stands right after it, in the same sentence, voice and part."""
    same = np.zeros(len(tokens), dtype=bool)
    if len(tokens) > 1:
        same[:-1] = (tokens["start"].to_numpy()[1:] - tokens["end"].to_numpy()[:-1] <= 1) & (labels[1:] == labels[:-1])
        for column in (*_SENTENCE, "voice"):
            values = tokens[column].to_numpy()
            same[:-1] &= values[1:] == values[:-1]
    return same


def _ahead(flags: np.ndarray, steps: int) -> np.ndarray:
    """Return what stands `steps` rows further on; False beyond the end."""
    return np.concatenate([flags[steps:], np.zeros(min(steps, len(flags)), dtype=bool)])[: len(flags)]
