"""Judged items to figures: F1 with the interval that the drawing of articles gives."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

RESAMPLES = 2000
_TAIL = 2.5


@dataclass(frozen=True)
class Score:
    """How well an instrument did on its gold set.

    Attributes:
        f1: the metric, from 0 to 1; low, high: its 95 % interval, clusters drawn anew (Efron 1979; percentile).
        precision, recall: of the labels that mean something; for `macro`, means over labels.
        accuracy: share of units that got the gold label.
        units, clusters: how many were judged, and in how many articles or sentences.
    """

    f1: float
    low: float
    high: float
    precision: float
    recall: float
    accuracy: float
    units: int
    clusters: int


def score(items: pd.DataFrame, *, metric: str, negative: str = "", resamples: int = RESAMPLES, seed: int = 0) -> Score:
    """Score judged items.

    Args:
        items: columns `task`, `cluster`, `gold`, `predicted`, `n` (units that a row stands for).
        metric: `macro`: the mean of the labels' F1. `positive`: one F1 of all labels but `negative`, their hits, misses and
            false alarms pooled; a unit given the wrong positive label is both a miss and a false alarm. With several tasks, the mean over tasks.
        negative: the label that says that nothing is there.
        resamples: draws of clusters, each as large as the set.
        seed: of the draws.

    >>> items = pd.DataFrame({"task": "", "cluster": [1, 1, 2, 2], "gold": ["a", "a", "b", "b"], "predicted": ["a", "b", "b", "b"], "n": 1})
    >>> round(score(items, metric="macro").f1, 3)          # F1 of a is 2/3, of b 4/5
    0.733
    """
    table, labels = _confusion(items)
    kept = [i for i, label in enumerate(labels) if metric == "macro" or label != negative]
    whole = table.sum(axis=0)
    weights = np.random.default_rng(seed).multinomial(len(table), np.full(len(table), 1 / len(table)), size=resamples)
    drawn = _f1(np.tensordot(weights, table, axes=1), kept, metric)
    low, high = np.percentile(drawn, [_TAIL, 100 - _TAIL])
    precision, recall = _precision_recall(whole, kept, metric)
    return Score(
        float(_f1(whole, kept, metric)), float(low), float(high), float(np.mean(precision)), float(np.mean(recall)),
        float(np.trace(whole.sum(axis=0)) / whole.sum()), int(whole.sum()), len(table),
    )  # fmt: skip


def _confusion(items: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Units by cluster, task, gold label and predicted label."""
    labels = sorted(set(items["gold"]) | set(items["predicted"]))
    cluster, tasks = pd.factorize(items["cluster"])[0], pd.factorize(items["task"])[0]
    table = np.zeros((cluster.max() + 1, tasks.max() + 1, len(labels), len(labels)))
    code = {label: i for i, label in enumerate(labels)}
    np.add.at(table, (cluster, tasks, items["gold"].map(code), items["predicted"].map(code)), items["n"])
    return table, labels


def _f1(table: np.ndarray, kept: list[int], metric: str) -> np.ndarray:
    """F1 of tables of ... x task x gold x predicted; a label that a task neither has nor was given is not counted there."""
    hits, gold, said = _hits(table, kept)
    if metric == "positive":
        return (2 * _ratio(hits.sum(axis=-1), (gold + said).sum(axis=-1))).mean(axis=-1)
    return _mean(2 * _ratio(hits, gold + said), gold + said > 0).mean(axis=-1)


def _precision_recall(table: np.ndarray, kept: list[int], metric: str) -> tuple[np.ndarray, np.ndarray]:
    hits, gold, said = _hits(table, kept)
    if metric == "positive":
        hits, gold, said = (part.sum(axis=-1) for part in (hits, gold, said))
        return _ratio(hits, said), _ratio(hits, gold)
    known = gold + said > 0
    return _mean(_ratio(hits, said), known), _mean(_ratio(hits, gold), known)


def _hits(table: np.ndarray, kept: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.diagonal(table, axis1=-2, axis2=-1)[..., kept], table.sum(axis=-1)[..., kept], table.sum(axis=-2)[..., kept]


def _ratio(part, whole) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(np.shape(whole)), where=np.asarray(whole) > 0)


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return _ratio((values * weights).sum(axis=-1), np.asarray(weights, dtype=float).sum(axis=-1))
