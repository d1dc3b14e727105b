"""Similarity of texts by the words they share, and a map on which like texts lie close."""

import numpy as np
from scipy import sparse


def cosine(counts) -> np.ndarray:
    """Cosine of each pair of rows' relative frequencies (Salton and McGill 1983), 1 for rows of the same proportions, 0 for rows without a common word.

    Args:
        counts: rows x terms, array or scipy sparse; a row without words is like nothing (0).

    >>> cosine([[1, 1], [2, 2], [1, 0]]).round(3).tolist()
    [[1.0, 1.0, 0.707], [1.0, 1.0, 0.707], [0.707, 0.707, 1.0]]
    """
    from sklearn.metrics.pairwise import cosine_similarity

    return cosine_similarity(sparse.csr_array(counts).astype(float))


def jensen_shannon(counts) -> np.ndarray:
    """Jensen-Shannon distance of each pair of rows: the root of the divergence in bits (Lin 1991; Endres and Schindelin 2003).

    Returns:
        0 for rows of the same proportions to 1 for rows without a common word; NaN for rows without words.

    >>> jensen_shannon([[1, 1], [2, 2], [1, 0]]).round(3).tolist()
    [[0.0, 0.0, 0.558], [0.0, 0.0, 0.558], [0.558, 0.558, 0.0]]
    """
    from scipy.spatial.distance import pdist, squareform

    dense = sparse.csr_array(counts).toarray().astype(float)
    return squareform(pdist(dense, "jensenshannon") / np.sqrt(np.log(2)), checks=False) + np.where(dense.sum(axis=1) > 0, 0.0, np.nan)[:, None]


def ordination(distances) -> np.ndarray:
    """Place rows on a plane so that their distances are kept as well as two axes can (classical scaling; Torgerson 1952).

    Args:
        distances: rows x rows, symmetric, without NaN.

    Returns:
        rows x 2; each axis turned so that its largest coordinate is positive.

    >>> ordination([[0, 3, 4], [3, 0, 5], [4, 5, 0]]).round(2).tolist()
    [[-0.66, 1.53], [-2.15, -1.07], [2.81, -0.46]]
    """
    from sklearn.manifold import ClassicalMDS

    distances = np.asarray(distances, dtype=float)
    if len(distances) < 3:
        return np.column_stack([distances[0] - distances[0].mean(), np.zeros(len(distances))])
    places = ClassicalMDS(n_components=2, metric="precomputed").fit_transform(distances)
    turn = np.sign(places[np.abs(places).argmax(axis=0), [0, 1]])
    return places * np.where(turn == 0, 1, turn)
