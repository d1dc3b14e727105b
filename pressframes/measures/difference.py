"""Difference of two groups' rates: its interval by drawing articles anew, its p-value by dealing them out anew."""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from pressframes.measures.keyness import log_ratio
from pressframes.measures.resampling import blocks_of, deal, drawn_sums
from pressframes.measures.uncertainty import PERMUTATIONS, RESAMPLES, percentile_points, zero_upper_bound

_BLOCK_CELLS = 8_000_000
_BLOCK_DEALS = 500


class Difference(NamedTuple):
    """Rates of two groups, a less b, with the 95 % interval of the difference (NaN where nothing was drawn)."""

    rate_a: float
    rate_b: float
    difference: float
    low: float
    high: float


def rate_difference(counts, words, in_a, strata, *, resamples: int = RESAMPLES, per: float = 1000, seed: int = 0) -> Difference:
    """The difference of two rates with its interval (between `percentile_points` of the draws; Efron 1979, Hesterberg 2015); a side without events has its exact bound (Garwood 1936).

    Args:
        counts, words: events and words of each unit drawn: an article, or a sentence of an article.
        in_a: is the unit of group a (else of b).
        strata: one label a unit; as many are drawn from each stratum as it holds.
        per: 1000 for rates per 1,000 words.

    >>> result = rate_difference([3, 1, 4, 0, 1, 0], [100] * 6, [True] * 3 + [False] * 3, ["a"] * 3 + ["b"] * 3)
    >>> round(result.difference, 3), result.low <= result.difference <= result.high
    (23.333, True)
    """
    counts, words, in_a = np.asarray(counts, dtype=float), np.asarray(words, dtype=float), np.asarray(in_a, dtype=bool)
    columns = np.column_stack([counts * in_a, counts * ~in_a, words * in_a, words * ~in_a])
    rate_a, rate_b = _two_rates(columns.sum(axis=0), per)
    drawn_a, drawn_b = _two_rates(drawn_sums(columns, strata, resamples=resamples, seed=seed), per)
    units = min(int((words[side] > 0).sum()) for side in (in_a, ~in_a))
    low, high = np.nanpercentile(drawn_a - drawn_b, percentile_points(units)) if np.isfinite(drawn_a - drawn_b).any() else (np.nan, np.nan)
    if in_a.any() and not counts[in_a].any() and words[in_a].any():  # no event is not certainty: the exact bound of `rates`
        high = max(high, per * zero_upper_bound(words[in_a].sum()) - rate_b)
    if (~in_a).any() and not counts[~in_a].any() and words[~in_a].any():
        low = min(low, rate_a - per * zero_upper_bound(words[~in_a].sum()))
    return Difference(float(rate_a), float(rate_b), float(rate_a - rate_b), float(low), float(high))


def difference_p(counts, words, in_a, *, strata=None, permutations: int = PERMUTATIONS, seed: int = 0) -> float:
    """Two-sided p-value of a difference of rates when articles are dealt out anew to the two groups: twice the smaller tail (Pitman 1937; Phipson and Smyth 2010).

    What is looked at is the difference over its standard error (Janssen 1997; Chung and Romano 2013): without it, groups of different size and article length would be told apart
    too often.

    Args:
        counts, words: events and words of each article.
        in_a: is the article of group a (else of b).
        strata: one label an article; articles change places only within their stratum.
        permutations: how many arrangements are drawn; if there are no more than that, all are taken and p is exact.

    >>> round(difference_p([9, 8, 7, 1, 2, 0], [100] * 6, [True] * 3 + [False] * 3), 3)   # 2 of the 20 arrangements
    0.1
    """
    counts, words, in_a = np.asarray(counts, dtype=float), np.asarray(words, dtype=float), np.asarray(in_a, dtype=bool)
    dealt, exact = deal(in_a, blocks_of(np.zeros(len(in_a)) if strata is None else strata), permutations, np.random.default_rng(seed))
    columns = np.column_stack([np.ones(len(counts)), counts, words, counts**2, counts * words, words**2])
    seen = _studentised(in_a[:, None], columns)[0]
    drawn = np.concatenate([_studentised(dealt[:, first : first + _BLOCK_DEALS], columns) for first in range(0, dealt.shape[1], _BLOCK_DEALS)])
    slack = 1e-9 * np.abs(drawn[np.isfinite(drawn)]).max(initial=0)
    tail = min(int((drawn >= seen - slack).sum()), int((drawn <= seen + slack).sum()))
    return min(1.0, 2 * (tail + (not exact)) / (len(drawn) + (not exact)))


def _studentised(dealt: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Difference of the two sides' rates in each arrangement, over its standard error (the difference itself where a side has one article)."""
    here = dealt.T.astype(float) @ columns
    there = columns.sum(axis=0) - here
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = here[:, 1] / here[:, 2] - there[:, 1] / there[:, 2]
        if min(here[0, 0], there[0, 0]) < 2:
            return np.nan_to_num(difference)
        error = np.sqrt(_variance(here) + _variance(there))
        return np.where(difference == 0, 0.0, np.nan_to_num(difference / error, posinf=np.inf, neginf=-np.inf))


def _variance(sums: np.ndarray) -> np.ndarray:
    """Variance of a ratio of sums over units (Cochran 1977), from n, sum of counts, of words, and of their squares and product."""
    n, counts, words, squares, products, lengths = sums.T
    rate = counts / words
    return np.maximum(squares - 2 * rate * products + rate**2 * lengths, 0) * n / (n - 1) / words**2


def log_ratio_interval(counts_a, counts_b, strata, *, totals=None, resamples: int = RESAMPLES, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of each term's Log Ratio when articles (or sentences) are drawn anew within their stratum (between `percentile_points` of the draws).

    Of a term that one side lacks, the end nearer to 0 takes for that side the highest rate that none leaves open (`zero_upper_bound`) in place of the 0.5 of `log_ratio`; the
    ratio has no other end, and what stands there rests on the 0.5.

    Args:
        counts_a, counts_b: units x terms, what each unit adds to the one and the other side; array or scipy sparse.
        strata: one label a unit.
        totals: all words of each unit on the one and the other side, where the terms given are not all.

    Returns:
        Two arrays (terms).

    >>> low, high = log_ratio_interval([[4, 6], [5, 5], [0, 0], [0, 0]], [[0, 0], [0, 0], [5, 5], [4, 6]], ["a", "a", "b", "b"])
    >>> bool(low[0] <= 0 <= high[0])
    True
    """
    sides = [sparse.csc_array(counts).astype(float) for counts in (counts_a, counts_b)]
    words = np.column_stack(totals or [np.asarray(side.sum(axis=1)).ravel() for side in sides])
    terms, units, points = sides[0].shape[1], sides[0].shape[0], percentile_points(int((words > 0).sum(axis=0).min()))
    low, high, step = np.empty(terms), np.empty(terms), max(1, _BLOCK_CELLS // max(1, resamples, units))
    for first in range(0, terms, step):
        block = slice(first, min(first + step, terms))
        sums = drawn_sums(np.hstack([*(side[:, block].toarray() for side in sides), words]), strata, resamples=resamples, seed=seed)
        here, there, total = sums[:, : block.stop - first], sums[:, block.stop - first : -2], np.maximum(sums[:, -2:], 1)
        low[block], high[block] = np.percentile(log_ratio(here, there, total[:, :1], total[:, 1:]), points, axis=0)
    none_a, none_b = (np.asarray(side.sum(axis=0)).ravel() == 0 for side in sides)
    beyond = np.log2(zero_upper_bound(1) / 0.5)
    return low - beyond * none_b, high + beyond * none_a


def _two_rates(sums: np.ndarray, per: float):
    with np.errstate(invalid="ignore", divide="ignore"):
        return per * sums[..., 0] / sums[..., 2], per * sums[..., 1] / sums[..., 3]
