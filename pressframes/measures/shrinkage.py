"""Shrinkage: rates of small articles drawn towards the rate of all, as far as chance could have made them differ."""

from typing import NamedTuple

import numpy as np


class Shrunken(NamedTuple):
    """`rates` (events per word), drawn towards `mean`; `strength` is how many words the mean is worth (infinite where chance alone explains the spread)."""

    rates: np.ndarray
    mean: float
    strength: float


def shrunken_rates(counts, words) -> Shrunken:
    """Empirical Bayes estimates of rates under a gamma-Poisson model, its prior by the method of moments (Clayton and Kaldor 1987; Marshall 1991).

    A rate over few words moves far, a rate over many hardly: (count + strength x mean) / (words + strength).

    Args:
        counts: events of each row (articles, outlets); non-negative.
        words: words of each row; positive.

    >>> result = shrunken_rates([0, 2, 40, 10], [50, 100, 1000, 1000])
    >>> (1000 * result.rates).round(1).tolist(), round(1000 * result.mean, 1), round(result.strength)
    ([17.6, 22.4, 38.1, 11.7], 24.2, 135)
    """
    counts, words = np.asarray(counts, dtype=float), np.asarray(words, dtype=float)
    mean = counts.sum() / words.sum()
    spread = (words * (counts / words - mean) ** 2).sum() / words.sum()
    beyond_chance = spread - mean / words.mean()
    if beyond_chance <= 0 or mean == 0:
        return Shrunken(np.full(len(counts), mean), float(mean), np.inf)
    strength = mean / beyond_chance
    return Shrunken((counts + strength * mean) / (words + strength), float(mean), float(strength))
