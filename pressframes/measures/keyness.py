"""Keyness: which words one group uses more than another, and whether dealing out the articles anew would show as much."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import xlogy

from pressframes.errors import InputError
from pressframes.measures.uncertainty import pairs_of

_BLOCK_CELLS = 4_000_000


def g2(count_a, count_b, total_a, total_b):
    """Log-likelihood ratio of a 2 x 2 table (Dunning 1993, all four cells): term and other words, in corpus a and b.

    Args:
        count_a, count_b: how often the term occurs in each corpus.
        total_a, total_b: words of each corpus.

    Returns:
        G2 >= 0; it says how surprising the difference is if every word were drawn alone, not how large it is.

    >>> round(float(g2(30, 10, 1000, 1000)), 4)
    10.669
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    total_a, total_b = np.asarray(total_a, dtype=float), np.asarray(total_b, dtype=float)
    together, total = count_a + count_b, total_a + total_b
    rest_a, rest_b = total_a - count_a, total_b - count_b
    value = (
        xlogy(count_a, count_a) + xlogy(count_b, count_b) + xlogy(rest_a, rest_a) + xlogy(rest_b, rest_b)
        - xlogy(together, together) - xlogy(total - together, total - together) - xlogy(total_a, total_a) - xlogy(total_b, total_b) + xlogy(total, total)
    )  # fmt: skip
    return np.maximum(2 * value, 0.0)


def g2_of_groups(counts, totals):
    """Log-likelihood ratio of a table of several groups (Dunning 1993): does the term's share differ between them at all?

    Args:
        counts: groups x terms.
        totals: words of each group.

    Returns:
        G2 of each term, on as many degrees of freedom as groups less one; with two groups it is `g2`.

    >>> g2_of_groups([[30], [10], [10]], [1000, 1000, 1000]).round(3).tolist()
    [15.106]
    """
    counts, totals = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)[:, None]
    rest, together, total = totals - counts, counts.sum(axis=0), totals.sum()
    value = (xlogy(counts, counts) + xlogy(rest, rest) - xlogy(totals, totals)).sum(axis=0)
    return np.maximum(2 * (value - xlogy(together, together) - xlogy(total - together, total - together) + xlogy(total, total)), 0.0)


def log_ratio(count_a, count_b, total_a, total_b):
    """Binary logarithm of the ratio of relative frequencies (Hardie 2014); a count of 0 is taken as 0.5.

    >>> float(log_ratio(40, 10, 1000, 1000)), round(float(log_ratio(4, 0, 1000, 1000)), 3)
    (2.0, 3.0)
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    return np.log2((np.where(count_a > 0, count_a, 0.5) / total_a) / (np.where(count_b > 0, count_b, 0.5) / total_b))


def conservative_log_ratio(count_a, count_b, total_a, total_b, *, tests: int = 1, confidence: float = 0.95):
    """The end nearer to 0 of Log Ratio's exact interval; 0 where the interval holds 0 (LRC; Evert 2022).

    The interval is Clopper and Pearson's (1934) of the share that corpus a has in all occurrences, each word drawn alone.

    Args:
        tests: how many terms are looked at; the interval is widened for as many (Bonferroni).

    >>> round(float(conservative_log_ratio(40, 10, 1000, 1000)), 3), float(conservative_log_ratio(4, 3, 1000, 1000))
    (0.975, 0.0)
    """
    from scipy.stats import beta

    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    tail = (1 - confidence) / tests / 2
    more_in_a = count_a / total_a >= count_b / total_b
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(more_in_a, beta.ppf(tail, count_a, count_b + 1), beta.isf(tail, count_a + 1, count_b))
        ratio = np.log2(share / (1 - share) * total_b / total_a)
    ratio = np.nan_to_num(ratio, nan=0.0, posinf=0.0, neginf=0.0)
    return np.where(more_in_a, np.maximum(ratio, 0.0), np.minimum(ratio, 0.0))


def percent_difference(count_a, count_b, total_a, total_b):
    """%DIFF: by how many percent a's relative frequency exceeds b's (Gabrielatos and Marchi 2011); infinite where b has none.

    >>> round(float(percent_difference(30, 10, 1000, 1000)), 6)
    200.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        here, there = np.asarray(count_a, dtype=float) / total_a, np.asarray(count_b, dtype=float) / total_b
        return 100 * (here - there) / there


def odds_ratio(count_a, count_b, total_a, total_b):
    """Odds of the term in a over its odds in b; 0.5 is added to each of the four cells (Haldane 1956, Anscombe 1956).

    >>> round(float(odds_ratio(30, 10, 1000, 1000)), 3)
    2.965
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    return (count_a + 0.5) / (total_a - count_a + 0.5) * (total_b - count_b + 0.5) / (count_b + 0.5)


def weighted_log_odds(count_a, count_b, *, prior=None, strength: float = 500):
    """z-scores of the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 15 to 22).

    Args:
        count_a, count_b: counts of all terms of the vocabulary.
        prior: expected proportions of the terms; those of both corpora together where not given.
        strength: how many words the prior is worth.

    >>> [round(float(z), 2) for z in weighted_log_odds([30, 10, 960], [10, 30, 960], strength=100)]
    [2.95, -2.95, 0.0]
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    together = count_a + count_b if prior is None else np.asarray(prior, dtype=float)
    alpha = strength * together / together.sum()
    all_a, all_b = count_a.sum() + strength, count_b.sum() + strength
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds_a = np.log((count_a + alpha) / (all_a - count_a - alpha))
        log_odds_b = np.log((count_b + alpha) / (all_b - count_b - alpha))
        return (log_odds_a - log_odds_b) / np.sqrt(1 / (count_a + alpha) + 1 / (count_b + alpha))


@dataclass(frozen=True)
class Keyness:
    """Keyness of every term of group `group` against `reference`.

    Attributes:
        frame: the table of `to_frame` without q.
        permutations: how many arrangements of the articles the p-values rest on; `exact` if these are all there are.
        smallest_p: no p below this can come out, whatever the texts hold.
    """

    frame: pd.DataFrame
    group: str
    reference: str
    articles: tuple[int, int]
    words: tuple[int, int]
    permutations: int
    exact: bool
    smallest_p: float
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """Return term, count_a, count_b, g2, log_ratio, p (articles permuted), q (Benjamini-Hochberg over all terms)."""
        return self.frame.assign(q=_adjusted(self.frame["p"].to_numpy()))


def keyness(counts, groups, *, terms=None, permutations: int = 999, strata=None, seed: int = 0) -> Keyness:
    """Compare the words of two groups of articles.

    G2 and Log Ratio come from the summed counts. The p-value asks how often dealing the articles out anew to groups of the
    same sizes gives a G2 at least as large (documents are the unit; Lijffijt et al. 2016, Phipson and Smyth 2010 for the
    estimate); q adjusts over all terms (Benjamini and Hochberg 1995). If there are no more arrangements than
    `permutations`, all are taken and p is exact.

    Args:
        counts: articles x terms, array or scipy sparse, non-negative integers.
        groups: one label an article, two values; the second in sorted order is the reference.
        terms: names of the columns; their numbers where not given.
        permutations: how many arrangements to draw.
        strata: one label an article; articles change places only within their stratum.
        seed: of the draws.

    Raises:
        InputError: if the shapes do not fit, a count is negative or no integer, or there are not exactly two groups.

    >>> result = keyness([[9, 1], [8, 2], [1, 9], [2, 8]], ["a", "a", "b", "b"], terms=["x", "y"])
    >>> result.to_frame()[["term", "count_a", "count_b", "p"]].values.tolist(), result.exact
    ([['x', 17, 3, 0.3333333333333333], ['y', 3, 17, 0.3333333333333333]], True)
    """
    matrix = sparse.csr_array(counts)
    labels, names = np.asarray([str(group) for group in groups]), sorted({str(group) for group in groups})
    if matrix.shape[0] != len(labels):
        raise InputError(f"keyness: {matrix.shape[0]} rows of counts but {len(labels)} group labels; give one label an article")
    if len(names) != 2:
        raise InputError(f"keyness: {len(names)} groups ({', '.join(names)}); give exactly two")
    if matrix.nnz and (matrix.data.min() < 0 or (matrix.data != np.floor(matrix.data)).any()):
        raise InputError("keyness: counts must be non-negative integers; do not scale them")
    if strata is not None and len(strata) != len(labels):
        raise InputError(f"keyness: {len(strata)} strata but {len(labels)} articles; give one stratum an article")
    terms = list(terms) if terms is not None else list(range(matrix.shape[1]))
    if len(terms) != matrix.shape[1]:
        raise InputError(f"keyness: {matrix.shape[1]} columns of counts but {len(terms)} terms; give one term a column")
    in_a = labels == names[0]
    strata = np.zeros(len(labels), dtype=int) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    dealt, exact = _deal(in_a, strata, permutations, seed)
    together, lengths = np.asarray(matrix.sum(axis=0)).ravel().astype(float), np.asarray(matrix.sum(axis=1)).ravel().astype(float)
    count_a, total_a = (in_a.astype(float) @ matrix), float(lengths[in_a].sum())
    total_b = float(lengths.sum()) - total_a
    score = g2(count_a, together - count_a, total_a, total_b)
    reached = np.zeros(len(terms))
    step = max(1, _BLOCK_CELLS // max(1, len(terms)))
    for first in range(0, len(dealt), step):
        block = dealt[first : first + step].astype(float)
        drawn_a, drawn_total = block @ matrix, (block @ lengths)[:, None]
        drawn = g2(drawn_a, together - drawn_a, drawn_total, lengths.sum() - drawn_total)
        reached += (drawn >= score - 1e-9 * np.maximum(score, 1)).sum(axis=0)
    p = reached / len(dealt) if exact else (reached + 1) / (len(dealt) + 1)
    frame = pd.DataFrame({
        "term": terms, "count_a": count_a.astype(int), "count_b": (together - count_a).astype(int), "g2": score,
        "log_ratio": log_ratio(count_a, together - count_a, total_a, total_b),
        "p": p,
    })  # fmt: skip
    return Keyness(
        frame, names[0], names[1], (int(in_a.sum()), int((~in_a).sum())), (int(total_a), int(total_b)),
        len(dealt), exact, 1 / len(dealt) if exact else 1 / (len(dealt) + 1), seed,
    )  # fmt: skip


def _deal(in_a: np.ndarray, strata: np.ndarray, permutations: int, seed: int):
    """Return arrangements (rows: arrangement, columns: is the article in group a) and whether they are all there are."""
    blocks = [np.flatnonzero(strata == stratum) for stratum in range(strata.max() + 1)]
    sizes = [(int(in_a[block].sum()), len(block)) for block in blocks]
    ways = 1
    for chosen, size in sizes:
        ways *= pairs_of(chosen, size - chosen)
        if ways > permutations:
            break
    else:
        return _all_deals(blocks, sizes, len(in_a)), True
    rng = np.random.default_rng(seed)
    dealt = np.tile(in_a, (permutations, 1))
    for block in blocks:
        dealt[:, block] = rng.permuted(dealt[:, block], axis=1)
    return dealt, False


def _all_deals(blocks, sizes, articles: int) -> np.ndarray:
    dealt = np.zeros((1, articles), dtype=bool)
    for block, (chosen, _) in zip(blocks, sizes):
        choices = list(combinations(block, chosen))
        dealt = np.repeat(dealt, len(choices), axis=0)
        for row, choice in enumerate(choices * (len(dealt) // len(choices))):
            dealt[row, list(choice)] = True
    return dealt


def _adjusted(p: np.ndarray) -> np.ndarray:
    from scipy.stats import false_discovery_control  # a second to load: only when asked

    return false_discovery_control(p) if len(p) else p
