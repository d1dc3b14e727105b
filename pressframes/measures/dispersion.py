"""Dispersion: is a word spread over the articles, or is it one article's word?"""

import numpy as np


def deviation_of_proportions(counts, sizes):
    """DP (Gries 2008): half the sum of the differences between each part's share of the word and its share of the corpus.

    Args:
        counts: occurrences in each part (parts, or parts x terms).
        sizes: words of each part.

    Returns:
        0 (spread as the parts' sizes have it) to nearly 1 (all in one small part); NaN where the word does not occur.

    >>> round(float(deviation_of_proportions([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])), 2)   # Gries (2008): 0.18
    0.18
    """
    counts, sizes = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    shares = sizes / sizes.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = counts / counts.sum(axis=0)
    return np.abs(observed - (shares[:, None] if counts.ndim == 2 else shares)).sum(axis=0) / 2


def normalised_deviation(counts, sizes):
    """DPnorm (Lijffijt and Gries 2012): DP divided by the largest value it can take in this corpus, so that 1 can be reached.

    >>> float(normalised_deviation([4, 0], [50, 50])), float(normalised_deviation([2, 2], [50, 50]))
    (1.0, 0.0)
    """
    sizes = np.asarray(sizes, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return deviation_of_proportions(counts, sizes) / (1 - sizes.min() / sizes.sum())


def document_frequency(counts):
    """In how many parts a word occurs.

    >>> int(document_frequency([0, 3, 1]))
    2
    """
    return (np.asarray(counts) > 0).sum(axis=0)
