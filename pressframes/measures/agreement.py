"""Agreement of coders: do people who read the same mentions decide alike, beyond what chance would give?"""

import numpy as np
import pandas as pd

from pressframes.errors import InputError
from pressframes.measures.uncertainty import CONFIDENCE, RESAMPLES


def krippendorff_alpha(labels, *, levels=None, ordinal: bool = False) -> float:
    """Krippendorff's alpha: 1 - observed / expected disagreement (Krippendorff 2004, chapter 11; 2011), for any number of coders.

    Every unit with labels of two coders or more counts, each of its pairs weighted so that the unit weighs as many as it has labels.

    Args:
        labels: units x coders; None, NaN or "" where a coder gave none.
        levels: the labels there are, in order; those that occur, sorted, where not given.
        ordinal: disagreements weigh by how many labels of the set lie between the two (Krippendorff's ordinal metric); else all weigh the same.

    Returns:
        1 (all agree) through 0 (as chance would have it) to below 0 (coders disagree systematically); NaN where no unit has two labels or all labels are the same,
        for then nothing could have differed.

    Raises:
        InputError: if `labels` has not two dimensions, or holds a label that is not one of the levels.

    Four coders and twelve units of Krippendorff (2011, example C), published there: nominal 0.743, ordinal 0.815.

    >>> a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    >>> b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    >>> c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    >>> d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    >>> units = list(zip(a, b, c, d))
    >>> round(krippendorff_alpha(units), 3), round(krippendorff_alpha(units, ordinal=True), 3)
    (0.743, 0.815)
    """
    return float(_alpha(_coincidences(labels, levels).sum(axis=0)[None], ordinal)[0])


def alpha_interval(labels, *, levels=None, ordinal: bool = False, clusters=None, resamples: int = RESAMPLES, seed: int = 0) -> tuple[float, float]:
    """95 % interval of Krippendorff's alpha when units are drawn anew (Efron 1979; percentile).

    Each draw computes observed and expected disagreement afresh. Draws in which all labels are the same have no alpha and are left out.

    Args:
        labels, levels, ordinal: as in `krippendorff_alpha`.
        clusters: one label a unit; whole clusters (sentences, articles) are drawn, as units of one cluster are not independent. Each unit is its own where not given.
        resamples: how many times.
        seed: of the draws.

    Returns:
        The 2.5 % and 97.5 % points; NaN where alpha itself has no value.

    Raises:
        InputError: as `krippendorff_alpha`, or if there is not one cluster a unit.

    >>> units = [("yes", "yes")] * 40 + [("no", "no")] * 40 + [("yes", "no")] * 10
    >>> low, high = alpha_interval(units, seed=1)
    >>> low < krippendorff_alpha(units) < high < 1
    True
    """
    pairs = _coincidences(labels, levels)
    if np.isnan(_alpha(pairs.sum(axis=0)[None], ordinal)[0]):
        return float("nan"), float("nan")
    clusters = np.arange(len(pairs)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    if len(clusters) != len(pairs):
        raise InputError(f"alpha_interval: {len(clusters)} clusters but {len(pairs)} units; give one cluster a unit")
    together = np.zeros((clusters.max() + 1, pairs.shape[1] ** 2))
    np.add.at(together, clusters, pairs.reshape(len(pairs), -1))
    together = together[together.any(axis=1)]
    weights = np.random.default_rng(seed).multinomial(len(together), np.full(len(together), 1 / len(together)), size=resamples)
    drawn = _alpha((weights @ together).reshape(resamples, *pairs.shape[1:]), ordinal)
    tail = (1 - CONFIDENCE) / 2 * 100
    low, high = np.nanpercentile(drawn, [tail, 100 - tail])
    return float(low), float(high)


def percent_agreement(labels) -> float:
    """In percent: of all pairs of coders who labelled the same unit, how many gave it the same label; NaN without a pair.

    >>> percent_agreement([("a", "a", "a"), ("a", "b", None), ("b", "b", None)])
    80.0
    """
    pairs = [x == y for row in _units(labels) for given in [row[~pd.isna(row)]] for i, x in enumerate(given) for y in given[i + 1 :]]
    return 100 * sum(pairs) / len(pairs) if pairs else float("nan")


def _units(labels) -> np.ndarray:
    units = np.asarray(labels, dtype=object)
    if units.ndim != 2:
        raise InputError("labels: must be a table of units x coders; give one row a unit")
    return np.where(units == "", None, units)


def _coincidences(labels, levels) -> np.ndarray:
    """Each unit's pairs of labels (units x levels x levels), every pair in both orders and divided by the unit's labels less one."""
    units = _units(labels)
    given = ~pd.isna(units)
    levels = list(levels) if levels is not None else sorted(set(units[given]))
    places = {level: i for i, level in enumerate(levels)}
    counts = np.zeros((len(units), len(levels)))
    for row, column in zip(*given.nonzero()):
        if units[row, column] not in places:
            raise InputError(f"labels: unit {row + 1}: unknown label '{units[row, column]}'; use {', '.join(map(str, levels))}")
        counts[row, places[units[row, column]]] += 1
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(levels))
    several = counts.sum(axis=1) - 1
    return np.where(several[:, None, None] > 0, pairs / np.maximum(several, 1)[:, None, None], 0.0)


def _alpha(coincidences: np.ndarray, ordinal: bool) -> np.ndarray:
    """Alpha of each of several coincidence matrices (draws x levels x levels)."""
    sizes = coincidences.sum(axis=2)
    total = sizes.sum(axis=1)
    if ordinal:
        middles = sizes.cumsum(axis=1) - sizes / 2
        distances = (middles[:, :, None] - middles[:, None, :]) ** 2
    else:
        distances = 1 - np.eye(sizes.shape[1])[None]
    observed = (coincidences * distances).sum(axis=(1, 2))
    expected = (sizes[:, :, None] * sizes[:, None, :] * distances).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (total - 1) * observed / expected, np.nan)
