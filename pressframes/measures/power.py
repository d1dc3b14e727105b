"""Power: the smallest difference that a comparison of two groups of articles could show, and how many articles a difference would need."""

from math import ceil, floor, inf, prod, sqrt

import numpy as np
from scipy.special import binom, ndtri, stdtrit

ALPHA, POWER = 0.05, 0.8
FEWEST_TESTABLE = 4
"""With fewer articles in each of two groups no p below 0.05 can exist."""
MOST_ARTICLES = 100_000
"""More articles than this in each group are not counted out."""


def spread_within(values, groups) -> float:
    """Standard deviation of articles within their groups, pooled over the groups that have two or more; NaN if none has.

    >>> round(spread_within([1, 3, 5, 9, 4], ["a", "a", "b", "b", "c"]), 4)
    2.2361
    """
    values, groups = np.asarray(values, dtype=float), np.asarray(groups)
    parts = [values[groups == group] for group in np.unique(groups)]
    freedom = sum(len(part) - 1 for part in parts)
    return sqrt(sum(((part - part.mean()) ** 2).sum() for part in parts) / freedom) if freedom else float("nan")


def smallest_difference(spread: float, size_a, size_b, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The difference of two group means that a two-sided permutation test over articles finds with probability `power` (Cohen 1988, by t quantiles).

    The test has the power of the t-test where groups are not tiny (Hoeffding 1952). Of few arrangements p comes in steps: the level is the last step up to `alpha`. Within strata
    an article without one of the other group beside it tells nothing; those of n and m articles tell as much as n m / (n + m) pairs.

    Args:
        spread: standard deviation of articles within groups.
        size_a, size_b: articles in each group; where articles change places within strata alone, one number a stratum.

    Returns:
        In the unit of `spread`; infinite where no p up to `alpha` can come out.

    >>> round(smallest_difference(2.0, 20, 20), 3), round(smallest_difference(2.0, [1] * 20, [1] * 20), 3), smallest_difference(2.0, 3, 3)
    (1.819, 1.868, inf)
    """
    size_a, size_b = np.atleast_1d(size_a).astype(float), np.atleast_1d(size_b).astype(float)
    step = 2 / prod(binom(size_a + size_b, size_a))  # 0 where there are more arrangements than numbers hold
    level = step * floor(alpha / step + 1e-9) if step > alpha / 1000 else alpha
    both = size_a * size_b > 0
    freedom = (size_a + size_b - 1)[both].sum() - 1
    if not level or freedom < 1:
        return inf
    return float(-(stdtrit(freedom, level / 2) + stdtrit(freedom, 1 - power)) * spread / sqrt((size_a * size_b / (size_a + size_b))[both].sum()))


def articles_needed(difference: float, spread: float, *, alpha: float = ALPHA, power: float = POWER) -> int | None:
    """How many articles each group needs for a difference to be found; None if more than MOST_ARTICLES, or there is no difference.

    >>> articles_needed(1.82, 2.0), articles_needed(0.0, 2.0)
    (20, None)
    """
    if not difference > 0 or not spread >= 0:
        return None
    enough = lambda size: smallest_difference(spread, size, size, alpha=alpha, power=power) <= difference
    guess = max(FEWEST_TESTABLE, ceil(2 * ((ndtri(1 - alpha / 2) + ndtri(power)) * spread / difference) ** 2))  # the normal approximation is a little too low
    return next((size for size in range(guess, min(guess + 50, MOST_ARTICLES)) if enough(size)), None)
