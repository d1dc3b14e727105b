"""What the study alone decides, made once and kept on it: most views change something else."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pressframes import counts
from pressframes.annotate import Annotations
from pressframes.study import Study

SENTENCE = ["article_id", "sentence_id"]


def _once(study: Study, name: str, make):
    """What the study alone decides is made once and kept on it, as its own cached properties are."""
    kept = vars(study)
    if name not in kept:
        kept[name] = make()
    return kept[name]


def words_of(study: Study) -> pd.DataFrame:
    return _once(study, "_explored_words", lambda: counts.sentence_words(study.annotations()))


def targets_of(study: Study) -> pd.DataFrame:
    return _once(study, "_explored_targets", lambda: counts.sentence_targets(study.annotations()))


def starts_of(study: Study) -> dict[str, np.ndarray]:
    """The offset at which each word of each article starts."""
    tokens = study.annotations().tokens
    return _once(study, "_explored_starts", lambda: {article.article_id: np.empty(0, dtype=int) for article in study.articles} | {article: starts.to_numpy() for article, starts in tokens.groupby("article_id", sort=False)["start"]})


def articles_of(study: Study) -> dict:
    return {article.article_id: article for article in study.articles}


def with_annotations(study: Study, annotations: Annotations, **changes) -> Study:
    """A copy of a study with other annotations of the same words."""
    copy = replace(study, **changes)
    vars(copy).update(_annotations=annotations, _explored_words=words_of(study), _explored_targets=targets_of(study), _explored_starts=starts_of(study))
    return copy


def of_article(table: pd.DataFrame, article_id: str) -> pd.DataFrame:
    """One article's rows of a layer, whose rows stand article by article."""
    rows = np.flatnonzero(table["article_id"].eq(article_id))
    return table.iloc[rows[0] : rows[-1] + 1].reset_index(drop=True) if len(rows) else table.iloc[:0]
