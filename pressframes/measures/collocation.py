"""Collocation: which words keep company with a target, and how exclusively.

All take units, which are sentences (or words, where company is a window of words): those with both word and node, those with the word, those with the node, and all.
With a window the units with the node are the words within it.
"""

import numpy as np


def log_dice(together, word, node):
    """Strength of a collocation, at most 14, independent of the size of the corpus (Rychlý 2008).

    Args:
        together: units with both word and node.
        word: units with the word.
        node: units with the node.

    >>> round(float(log_dice(5, 10, 10)), 3), float(log_dice(10, 10, 10))
    (13.0, 14.0)
    """
    together, word, node = (np.asarray(value, dtype=float) for value in (together, word, node))
    with np.errstate(divide="ignore"):
        return 14 + np.log2(2 * together / (word + node))


def expected(word, node, total):
    """How many units would hold both if the word stood as often near the node as elsewhere (Evert 2008).

    >>> float(expected(20, 10, 100))
    2.0
    """
    return np.asarray(word, dtype=float) * node / total


def mutual_information(together, word, node, total):
    """Binary logarithm of observed over expected (Church and Hanks 1990); high for rare words, so read it beside the count.

    >>> float(mutual_information(5, 10, 10, 100))
    2.321928094887362
    """
    together, word, node, total = (np.asarray(value, dtype=float) for value in (together, word, node, total))
    with np.errstate(divide="ignore"):
        return np.log2(together * total / (word * node))


def t_score(together, word, node, total):
    """Observed less expected over the root of observed (Church et al. 1991); high for frequent words.

    >>> round(float(t_score(5, 10, 10, 100)), 4)
    1.7889
    """
    together, word, node, total = (np.asarray(value, dtype=float) for value in (together, word, node, total))
    with np.errstate(divide="ignore", invalid="ignore"):
        return (together - word * node / total) / np.sqrt(together)


def delta_p(together, word, node, total):
    """How much more likely one is where the other is, both ways (Gries 2013): word given node, node given word.

    Returns:
        Two values from -1 to 1.

    >>> [round(float(value), 3) for value in delta_p(5, 20, 10, 100)]
    [0.333, 0.188]
    """
    together, word, node, total = (np.asarray(value, dtype=float) for value in (together, word, node, total))
    with np.errstate(divide="ignore", invalid="ignore"):
        given_node = together / node - (word - together) / (total - node)
        given_word = together / word - (node - together) / (total - word)
    return given_node, given_word
