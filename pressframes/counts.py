"""Annotation tables to counts. Nothing downstream goes back to the text, except to show it."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from pressframes.annotate import Annotations

VOICES = ("outlet", "indirect", "direct")
"""Whose words, in the order of tables and charts: the outlet's own, reported speech, quoted speech."""

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


class TermCounts(NamedTuple):
    """`matrix[i, j]`: how often article `articles[i]` uses `terms[j]`; non-negative integers, CSR."""

    matrix: sparse.csr_array
    articles: list[str]
    terms: list[str]


def term_counts(annotations: Annotations, *, voice: str | None = None, target: str | None = None) -> TermCounts:
    """Count words (not numbers) by article.

    Args:
        voice: count only words in this voice.
        target: count only words in sentences that mention this target.
    """
    tokens = annotations.tokens
    if voice is not None:
        tokens = tokens[tokens["voice"] == voice]
    if target is not None:
        tokens = in_target_sentences(tokens, annotations, target)
    tokens = tokens[tokens["norm"].str[0].str.isalpha().astype(bool)]
    articles = list(annotations.articles["article_id"])
    terms, columns = np.unique(tokens["norm"].to_numpy(dtype=object).astype(str), return_inverse=True)
    rows = pd.Categorical(tokens["article_id"], categories=articles).codes
    matrix = sparse.coo_array((np.ones(len(tokens), dtype=np.int64), (rows, columns)), shape=(len(articles), len(terms))).tocsr()
    return TermCounts(matrix, articles, terms.tolist())
