"""Word shift: which terms make the difference between two rates, and how much of it each."""

import numpy as np


def contributions(count_a, count_b, words_a: float, words_b: float, *, per: float = 1000):
    """Each term's part in the difference of two rates (a proportion shift; Gallagher et al. 2021). They sum to the difference.

    Args:
        count_a, count_b: occurrences of each term.
        words_a, words_b: all words of each side.

    >>> parts = contributions([6, 1], [1, 3], 1000, 500)
    >>> parts.tolist(), float(parts.sum()) == 7 / 1 - 4 / 0.5
    ([4.0, -5.0], True)
    """
    return per * (np.asarray(count_a, dtype=float) / words_a - np.asarray(count_b, dtype=float) / words_b)
