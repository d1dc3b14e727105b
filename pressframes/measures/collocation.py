"""Collocation: which words keep company with a target."""

import numpy as np


def log_dice(together, word, node):
    """Strength of a collocation, at most 14, independent of the size of the corpus (Rychlý 2008).

    Args:
        together: sentences that hold both word and node.
        word: sentences that hold the word.
        node: sentences that hold the node.

    >>> round(float(log_dice(5, 10, 10)), 3), float(log_dice(10, 10, 10))
    (13.0, 14.0)
    """
    together, word, node = (np.asarray(value, dtype=float) for value in (together, word, node))
    with np.errstate(divide="ignore"):
        return 14 + np.log2(2 * together / (word + node))
