"""What chance can do: bootstrap intervals of rates, and what a permutation test could show at best."""

from collections.abc import Sequence
from math import comb, factorial, log, prod, sqrt

import numpy as np
from scipy.special import ndtr, stdtrit

from pressframes.measures.resampling import drawn_sums

CONFIDENCE = 0.95
RESAMPLES = 2000
PERMUTATIONS = 9_999
"""Arrangements drawn where there are more."""
LEAST_P = 2 / (PERMUTATIONS + 1)
"""The least p of a two-sided test that draws them: an arrangement as extreme on either side counts."""


def percentile_points(units: int) -> tuple[float, float]:
    """Between which points of the draws, in percent, a 95 % interval lies (the expanded percentile interval; Hesterberg 2015).

    A few units drawn anew vary less than few units taken from many: by the root of (n - 1) / n, and as if their spread were known. The points lie as much further out as
    those of the t distribution do; for many units they are 2.5 and 97.5.

    Args:
        units: how many are drawn; of two sides, the smaller number.

    >>> [[round(point, 2) for point in percentile_points(units)] for units in (8, 1000)]
    [[0.57, 99.43], [2.48, 97.52]]
    """
    units, tail = max(2, units), (1 - CONFIDENCE) / 2
    low = 100 * float(ndtr(stdtrit(units - 1, tail) * sqrt(units / (units - 1))))
    return low, 100 - low


def bootstrap_rates(counts, exposure, strata, *, resamples: int = RESAMPLES, seed: int = 0):
    """Interval of each rate `counts / exposure` when the rows are drawn anew within their stratum (Efron 1979; between `percentile_points`).

    Args:
        counts: rows x cells, the events of each row (a row is a sentence, or an article).
        exposure: rows x cells, the words of each row that the cell's rate is per.
        strata: one label a row; as many rows are drawn from each stratum as it holds.
        resamples: how many times.
        seed: of the draws.

    Returns:
        Two arrays (cells): the ends of the 95 % interval, events per word; NaN where a cell has no exposure. The interval
        of a cell without events is [0, `zero_upper_bound`].

    >>> low, high = bootstrap_rates([[1], [0], [2], [1]], [[10], [10], [10], [10]], ["a", "a", "a", "a"], seed=1)
    >>> bool(low[0] < 0.1 < high[0])
    True
    """
    counts, exposure = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    cells = counts.shape[1]
    # Cells of one place share their words: each column of words is summed once.
    kinds, kind_of = _same_columns(exposure)
    columns = np.hstack([counts, exposure[:, kinds]])
    sums = drawn_sums(columns, strata, resamples=resamples, seed=seed)
    events, words = sums[:, :cells], sums[:, cells:][:, kind_of]
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.where(words > 0, events / words, np.nan)
    low, high = np.full(cells, np.nan), np.full(cells, np.nan)
    totals, exposed = counts.sum(axis=0), exposure.sum(axis=0)
    some = (exposed > 0) & (totals > 0)
    units = (exposure[:, kinds] > 0).sum(axis=0)[kind_of]
    for drawn_from in np.unique(units[some]):
        alike = np.flatnonzero(some & (units == drawn_from))
        low[alike], high[alike] = np.nanpercentile(drawn[:, alike], percentile_points(int(drawn_from)), axis=0)
    none = (exposed > 0) & (totals == 0)
    low[none], high[none] = 0.0, [zero_upper_bound(words) for words in exposed[none]]
    return low, high


def _same_columns(matrix: np.ndarray):
    """Return the first of each kind of column, and for each column the number of its kind."""
    kinds = {}
    kind_of = [kinds.setdefault(column.tobytes(), (len(kinds), i))[0] for i, column in enumerate(np.ascontiguousarray(matrix.T))]
    return [i for _, i in kinds.values()], kind_of


def zero_upper_bound(exposure: float) -> float:
    """Upper end of the exact 95 % interval of a Poisson rate of which no event was seen (Garwood 1936).

    >>> round(1000 * zero_upper_bound(1000), 2)   # none in 1,000 words: fewer than 3.69 per 1,000
    3.69
    """
    return -log((1 - CONFIDENCE) / 2) / exposure


def zero_share_bound(trials: int) -> float:
    """Upper end of the exact 95 % interval of a share of which no case was seen (Clopper and Pearson 1934).

    >>> round(zero_share_bound(20), 3)   # none of 20: less than 17 %
    0.168
    """
    return 1 - ((1 - CONFIDENCE) / 2) ** (1 / trials)


def arrangements(sizes: Sequence[int]) -> int:
    """In how many ways the articles can be dealt out to groups of these sizes.

    >>> arrangements([3, 1, 1])
    20
    """
    return factorial(sum(sizes)) // prod(factorial(size) for size in sizes)


def smallest_p(sizes: Sequence[int]) -> float:
    """The smallest two-sided p that dealing out articles anew can give when one group is set against all others, or against another: two of all arrangements (Phipson and Smyth 2010).

    >>> smallest_p([3, 1, 1]), smallest_p([3, 1]), smallest_p([1, 1])
    (0.2, 0.5, 1.0)
    """
    return min(1.0, *(2 / pairs_of(size, sum(sizes) - size) for size in sizes))


def pairs_of(size_a: int, size_b: int) -> int:
    """In how many ways `size_a` of all articles can be chosen.

    >>> pairs_of(3, 1)
    4
    """
    return comb(size_a + size_b, size_a)
