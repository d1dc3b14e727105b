"""What chance is made of: articles drawn anew within their stratum, articles dealt out anew to the groups."""

from itertools import combinations
from math import comb, prod

import numpy as np


def draw_weights(strata, *, resamples: int, seed: int = 0) -> np.ndarray:
    """How often each unit is drawn in each resample, as many from each stratum as it holds (Efron 1979).

    Args:
        strata: one label a unit.

    Returns:
        resamples x units, whole numbers.

    >>> draw_weights(["a", "a", "b"], resamples=3, seed=1).sum(axis=1).tolist()
    [3.0, 3.0, 3.0]
    """
    codes = np.unique(np.asarray(strata), return_inverse=True)[1]
    weights, rng = np.zeros((resamples, len(codes))), np.random.default_rng(seed)
    for stratum in range(codes.max(initial=-1) + 1):
        units = np.flatnonzero(codes == stratum)
        weights[:, units] = rng.multinomial(len(units), np.full(len(units), 1 / len(units)), size=resamples)
    return weights


def deal(in_a, strata, permutations: int, seed: int = 0) -> tuple[np.ndarray, bool]:
    """Deal articles out anew to group a and the rest, with as many in a as there are, within each stratum.

    Args:
        in_a: is the article of group a.
        strata: one label an article; None for one stratum.
        permutations: how many arrangements to draw; if there are no more, all are given.

    Returns:
        Arrangements x articles (is the article dealt to a), and whether they are all there are.

    >>> dealt, exact = deal([True, False, False], None, 99)
    >>> dealt.astype(int).tolist(), exact
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], True)
    """
    in_a = np.asarray(in_a, dtype=bool)
    codes = np.zeros(len(in_a), dtype=int) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    blocks = [np.flatnonzero(codes == stratum) for stratum in range(codes.max(initial=-1) + 1)]
    sizes = [(int(in_a[block].sum()), len(block)) for block in blocks]
    ways = 1
    for chosen, size in sizes:
        ways *= comb(size, chosen)
        if ways > permutations:
            break
    else:
        return _all_deals(blocks, sizes, len(in_a)), True
    rng = np.random.default_rng(seed)
    dealt = np.tile(in_a, (permutations, 1))
    for block in blocks:
        dealt[:, block] = rng.permuted(dealt[:, block], axis=1)
    return dealt, False


def smallest_p_within(in_a, strata=None) -> float:
    """The smallest p that dealing articles out anew within strata can give: one arrangement in all (Phipson and Smyth 2010), or two where each stratum is halved,
    since the same arrangement with the sides exchanged differs as much.

    >>> smallest_p_within([True, False, False]) == 1 / 3, smallest_p_within([True, True, False, False], ["x", "y", "x", "y"])
    (True, 0.5)
    """
    in_a = np.asarray(in_a, dtype=bool)
    codes = np.zeros(len(in_a), dtype=int) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    sizes = [(int(in_a[codes == stratum].sum()), int((codes == stratum).sum())) for stratum in range(codes.max(initial=-1) + 1)]
    halved = all(2 * chosen == size for chosen, size in sizes if 0 < chosen < size)
    ways = prod(comb(size, chosen) for chosen, size in sizes)
    return min(1.0, (2 if halved else 1) / ways)


def _all_deals(blocks, sizes, articles: int) -> np.ndarray:
    dealt = np.zeros((1, articles), dtype=bool)
    for block, (chosen, _) in zip(blocks, sizes):
        choices = list(combinations(block, chosen))
        dealt = np.repeat(dealt, len(choices), axis=0)
        for row, choice in enumerate(choices * (len(dealt) // len(choices))):
            dealt[row, list(choice)] = True
    return dealt
