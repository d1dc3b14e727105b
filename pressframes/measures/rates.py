"""Rates per 1,000 words, each with its count, its denominator and its interval."""

from itertools import product

import numpy as np
import pandas as pd

from pressframes.measures.uncertainty import bootstrap_rates

FEWEST_DRAWN = 5
"""Fewer sentences (or articles) than this say nothing about how much a rate could vary."""
PLACES = ("group", "outlet", "article_id", "voice", "target")
"""Columns that words have too, as a rule: they divide the denominator."""


def rates(events: pd.DataFrame, words: pd.DataFrame, *, by: tuple[str, ...], places: tuple[str, ...] = PLACES, levels: dict | None = None, per: float = 1000, sentences: pd.DataFrame | None = None, strata: str | None = None, seed: int = 0) -> pd.DataFrame:
    """Events per 1,000 words in each cell, with zero rows kept.

    The interval draws sentences anew within their article: it tells how much the rate hangs on single sentences of these
    articles, not what the outlet's other articles would show. With `strata` it draws whole articles anew within their
    stratum, and speaks of articles like these.

    Args:
        events: one row an event (or with a count `n`): article_id, sentence_id and the columns of `by`.
        words: words by sentence: article_id, sentence_id, n, and those columns of `by` that are places.
        by: the columns that make the cells.
        places: those of them that divide the words too; the others divide the events alone.
        levels: the values of a column, in order; where not given, those that occur, sorted.
        per: 1000 for a rate per 1,000 words, 100 for a share in percent.
        sentences: article_id and sentence_id of all sentences there are, so that the draws do not hang on what was filtered;
            those of `words` where not given. With `strata` it has that column too, so that an article without such words is drawn as well.
        strata: a column (group or outlet) within which articles are drawn; sentences are drawn where not given.
        seed: of the interval.

    Returns:
        One row a cell: the columns of `by`, count, words, rate, low, high. Cells of places without words are left out. A cell
        with events whose words lie in fewer than `FEWEST_DRAWN` sentences (or articles) has no interval (NaN).

    >>> words = pd.DataFrame({"article_id": "a", "sentence_id": [0, 1], "group": "A", "n": [100, 100]})
    >>> events = pd.DataFrame({"article_id": "a", "sentence_id": [0, 0, 1], "group": "A", "category": ["x", "x", "y"]})
    >>> rates(events, words, by=("group", "category"))[["category", "count", "words", "rate"]].values.tolist()
    [['x', 2, 200, 10.0], ['y', 1, 200, 5.0]]
    """
    levels = dict(levels or {})
    for column in by:
        source = words if column in places else events
        levels.setdefault(column, sorted(source[column].unique()))
    cut = [column for column in by if column in places]
    kinds = [column for column in by if column not in places]
    rank = {column: {value: i for i, value in enumerate(values)} for column, values in levels.items()}
    found = words[cut].drop_duplicates().itertuples(index=False, name=None) if cut else [()]
    place_cells = sorted((cell for cell in found if all(value in rank[column] for column, value in zip(cut, cell))), key=lambda cell: [rank[column][value] for column, value in zip(cut, cell)])
    kind_cells = list(product(*(levels[column] for column in kinds)))
    strata_of = words if sentences is None or strata not in sentences else sentences
    keys = (words if sentences is None else sentences)[["article_id", "sentence_id"]]
    sentences = pd.MultiIndex.from_frame(keys.drop_duplicates().sort_values(["article_id", "sentence_id"]))
    exposure = _matrix(words, sentences, cut, place_cells)
    counts = _matrix(events, sentences, cut + kinds, [place + kind for place in place_cells for kind in kind_cells])
    exposure = np.repeat(exposure, len(kind_cells), axis=1)
    drawn = _drawn(counts, exposure, sentences.get_level_values(0), strata_of, strata)
    low, high = bootstrap_rates(*drawn, seed=seed)
    few = ((drawn[1] > 0).sum(axis=0) < FEWEST_DRAWN) & (counts.sum(axis=0) > 0)
    low[few] = high[few] = np.nan
    frame = pd.DataFrame([place + kind for place in place_cells for kind in kind_cells], columns=cut + kinds)[list(by)]
    frame["count"], frame["words"] = counts.sum(axis=0).astype(int), exposure.sum(axis=0).astype(int)
    frame = frame.assign(rate=per * frame["count"] / frame["words"].where(frame["words"] > 0), low=per * low, high=per * high)
    frame = frame[frame["words"] > 0]
    return frame.sort_values(list(by), key=lambda column: column.map(rank[column.name]), kind="stable", ignore_index=True)


def _drawn(counts, exposure, articles, strata_of: pd.DataFrame, strata: str | None):
    """Return events, words and stratum of each thing drawn: a sentence of an article, or an article of a stratum."""
    if strata is None:
        return counts, exposure, articles
    names, rows = np.unique(np.asarray(articles, dtype=str), return_inverse=True)
    summed = [np.zeros((len(names), matrix.shape[1])) for matrix in (counts, exposure)]
    for total, matrix in zip(summed, (counts, exposure)):
        np.add.at(total, rows, matrix)
    of = strata_of.drop_duplicates("article_id").set_index("article_id")[strata]
    return *summed, of.reindex(names).to_numpy()


def _matrix(frame: pd.DataFrame, sentences: pd.MultiIndex, columns: list[str], cells: list[tuple]) -> np.ndarray:
    """Sum `n` (1 where there is none) by sentence and cell; rows outside both are left out."""
    rows = sentences.get_indexer(pd.MultiIndex.from_frame(frame[["article_id", "sentence_id"]]))
    place = {cell: i for i, cell in enumerate(cells)}
    keys = zip(*(frame[column] for column in columns)) if columns else ((),) * len(frame)
    cols = np.array([place.get(tuple(key), -1) for key in keys], dtype=int)
    n = frame["n"].to_numpy(dtype=float) if "n" in frame else np.ones(len(frame))
    matrix, known = np.zeros((len(sentences), len(cells))), (rows >= 0) & (cols >= 0)
    np.add.at(matrix, (rows[known], cols[known]), n[known])
    return matrix
