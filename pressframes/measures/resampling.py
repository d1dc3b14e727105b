"""What chance is made of: articles drawn anew within their stratum, articles dealt out anew to the groups."""

from functools import cache
from itertools import combinations
from math import comb, prod

import numpy as np
from scipy import sparse

_BLOCK_CELLS = 500_000
_MANY_UNITS = 2_000


def drawn_sums(columns, strata, *, resamples: int, seed: int = 0) -> np.ndarray:
    """Sum columns over units drawn anew, as many from each stratum as it holds (the bootstrap; Efron 1979).

    Args:
        columns: units x columns of numbers.
        strata: one label a unit.
        resamples: how many times.

    Returns:
        resamples x columns; all columns share the draws. The same seed, strata and number of units give the same draws, whatever the columns hold, but for strata of
        `_MANY_UNITS` or more of which less than half hold anything: there it is drawn how many times the resample falls on those that do (binomial), and on which of them.

    >>> drawn_sums([[1], [1], [5]], ["a", "a", "b"], resamples=3).tolist()
    [[7.0], [7.0], [7.0]]
    """
    columns, sums = np.asarray(columns, dtype=float), np.zeros((resamples, np.shape(columns)[1]))
    rng = np.random.default_rng(seed)
    with one_thread():
        for units in blocks_of(strata):
            part = columns[units]
            some = np.flatnonzero(part.any(axis=0))
            part, rows = part[:, some], len(part)
            # Single precision is exact for whole numbers below 2 ** 24; a resample hardly ever doubles a sum.
            exact = (part == np.floor(part)).all() and 2 * part.sum(axis=0).max(initial=0) < 2**24
            part = part.astype(np.float32 if exact else np.float64)
            held = part.any(axis=1)
            sparse_units = rows >= _MANY_UNITS and 2 * held.sum() < rows
            part = part[held] if sparse_units else part
            step = max(1, _BLOCK_CELLS // max(1, len(part)))
            for first in range(0, resamples, step):
                size = min(step, resamples - first)
                if sparse_units:
                    falls = rng.binomial(rows, len(part) / rows, size=size)
                    drawn = rng.integers(0, max(1, len(part)), size=falls.sum()) + np.repeat(len(part) * np.arange(size), falls)
                else:
                    drawn = rng.integers(0, rows, size=(size, rows)) + rows * np.arange(size)[:, None]
                times = np.bincount(drawn.ravel(), minlength=size * len(part)).reshape(size, len(part))
                sums[first : first + size, some] += times.astype(part.dtype) @ part
    return sums


def deal(in_a: np.ndarray, blocks: list[np.ndarray], permutations: int, rng) -> tuple[np.ndarray, bool]:
    """Deal articles out anew to group a and the rest, with as many in a as there are, within each block.

    Args:
        in_a: is the article of group a.
        blocks: the articles of each stratum, see `blocks_of`.
        permutations: how many arrangements to draw; if there are no more, all are given.
        rng: numpy's generator.

    Returns:
        Articles x arrangements (is the article dealt to a), and whether they are all there are.

    >>> dealt, exact = deal(np.array([True, False, False]), blocks_of(["x", "x", "x"]), 99, np.random.default_rng(0))
    >>> dealt.T.astype(int).tolist(), exact
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], True)
    """
    sizes = [(int(in_a[block].sum()), len(block)) for block in blocks]
    ways = 1
    for chosen, size in sizes:
        ways *= comb(size, chosen)
        if ways > permutations:
            break
    else:
        return _all_deals(blocks, sizes, len(in_a)).T, True
    dealt = np.tile(in_a, (permutations, 1))
    for block in blocks:
        dealt[:, block] = rng.permuted(dealt[:, block], axis=1)
    return np.ascontiguousarray(dealt.T), False


def shuffled(blocks: list[np.ndarray], rng) -> np.ndarray:
    """Return the articles in random order, each within its block."""
    order = np.empty(sum(map(len, blocks)), dtype=int)
    for block in blocks:
        order[block] = rng.permutation(block)
    return order


def evened(counts, in_a, strata=None, *, seed: int = 0) -> sparse.csr_array:
    """Thin the longer articles, so that within each stratum the lengths of both groups' articles are alike.

    Dealing articles out anew asks whether those of both groups are of one kind; where one group's are longer they are not, whatever their words: a rare word has more room there.
    An article keeps as many of its words, drawn without replacement, as the article of the same rank in the other group has (interpolated), if it has more.

    Args:
        counts: articles x terms, non-negative integers.
        in_a: is the article of group a.
        strata: one label an article; None for one stratum.

    >>> evened([[2, 2], [40, 40], [3, 3]], [True, False, False]).sum(axis=1).tolist()
    [4, 4, 4]
    """
    matrix, in_a, rng = sparse.csr_array(counts, copy=True), np.asarray(in_a, dtype=bool), np.random.default_rng(seed)
    lengths = np.asarray(matrix.sum(axis=1)).ravel()
    for block in blocks_of(np.zeros(len(in_a)) if strata is None else strata):
        sides = [block[in_a[block] & (lengths[block] > 0)], block[~in_a[block] & (lengths[block] > 0)]]
        if not all(map(len, sides)):
            continue
        for side, other in (sides, sides[::-1]):
            order = side[np.argsort(lengths[side], kind="stable")]
            wanted = np.floor(np.quantile(lengths[other], (np.arange(len(order)) + 0.5) / len(order)))
            for row, size in zip(order, wanted.astype(int)):
                if size < lengths[row]:
                    words = slice(matrix.indptr[row], matrix.indptr[row + 1])
                    matrix.data[words] = rng.multivariate_hypergeometric(matrix.data[words].astype(int), size, method="marginals")
    matrix.eliminate_zeros()
    return matrix


def blocks_of(strata) -> list[np.ndarray]:
    """Return the places of each stratum's units, strata in sorted order.

    >>> [block.tolist() for block in blocks_of(["x", "y", "x"])]
    [[0, 2], [1]]
    """
    codes = np.unique(np.asarray(strata), return_inverse=True)[1]
    return [np.flatnonzero(codes == stratum) for stratum in range(codes.max(initial=-1) + 1)]


def smallest_p_within(in_a, strata=None) -> float:
    """The smallest two-sided p that dealing articles out anew within strata can give: two of all arrangements (Phipson and Smyth 2010).

    >>> smallest_p_within([True, True, False, False]) == 1 / 3, smallest_p_within([True, True, False, False], ["x", "y", "x", "y"])
    (True, 0.5)
    """
    in_a = np.asarray(in_a, dtype=bool)
    return min(1.0, 2 / prod(comb(len(block), int(in_a[block].sum())) for block in blocks_of(np.zeros(len(in_a)) if strata is None else strata)))


def one_thread():
    """Context in which matrix products take one thread: on busy cores several wait for each other, many times longer than one takes."""
    return _pools().limit(limits=1, user_api="blas")


@cache
def _pools():
    from threadpoolctl import ThreadpoolController  # comes with scikit-learn

    return ThreadpoolController()


def _all_deals(blocks, sizes, articles: int) -> np.ndarray:
    dealt = np.zeros((1, articles), dtype=bool)
    for block, (chosen, _) in zip(blocks, sizes):
        choices = list(combinations(block, chosen))
        dealt = np.repeat(dealt, len(choices), axis=0)
        for row, choice in enumerate(choices * (len(dealt) // len(choices))):
            dealt[row, list(choice)] = True
    return dealt
