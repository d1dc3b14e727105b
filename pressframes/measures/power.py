"""Power: the smallest difference that a comparison of two groups of articles could show, and how many articles a difference would need."""

from math import ceil, inf, sqrt

import numpy as np

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


def smallest_difference(spread: float, size_a: int, size_b: int, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The difference of two group means that a two-sided test at `alpha` finds with probability `power` (Cohen 1988, by t quantiles).

    A permutation test over articles has the power of the t-test where groups are not tiny (Hoeffding 1952).

    Args:
        spread: standard deviation of articles within groups.
        size_a, size_b: articles in each group; together three or more.

    Returns:
        In the unit of `spread`; infinite where no degree of freedom is left.

    >>> round(smallest_difference(2.0, 20, 20), 3), smallest_difference(2.0, 1, 1)
    (1.819, inf)
    """
    from scipy.stats import t

    freedom = size_a + size_b - 2
    if freedom < 1:
        return inf
    return float((t.ppf(1 - alpha / 2, freedom) + t.ppf(power, freedom)) * spread * sqrt(1 / size_a + 1 / size_b))


def articles_needed(difference: float, spread: float, *, alpha: float = ALPHA, power: float = POWER) -> int | None:
    """How many articles each group needs for a difference to be found; None if more than MOST_ARTICLES, or there is no difference.

    >>> articles_needed(1.82, 2.0), articles_needed(0.0, 2.0)
    (20, None)
    """
    if not difference > 0 or not spread >= 0:
        return None
    enough = lambda size: smallest_difference(spread, size, size, alpha=alpha, power=power) <= difference
    from scipy.stats import norm

    guess = max(FEWEST_TESTABLE, ceil(2 * ((norm.ppf(1 - alpha / 2) + norm.ppf(power)) * spread / difference) ** 2))  # the normal approximation is a little too low
    return next((size for size in range(guess, min(guess + 50, MOST_ARTICLES)) if enough(size)), None)
