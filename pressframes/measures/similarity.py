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
    rows = sparse.csr_array(counts).astype(float)
    lengths = np.sqrt(np.asarray((rows * rows).sum(axis=1)).ravel())
    return (rows @ rows.T).toarray() / np.maximum(np.outer(lengths, lengths), 1e-300)


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
    # scikit-learn has it as ClassicalMDS, at the price of a second to load
    squares = np.asarray(distances, dtype=float) ** 2
    centred = -(squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()) / 2
    values, vectors = np.linalg.eigh(centred)
    places = np.zeros((len(squares), 2))
    found = min(2, len(squares))
    places[:, :found] = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1][:, :found]
    turn = np.sign(places[np.abs(places).argmax(axis=0), [0, 1]])
    return places * np.where(turn == 0, 1, turn)
