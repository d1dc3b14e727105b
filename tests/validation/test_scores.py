"""Figures from judged items, against scikit-learn and by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score

from pressframes.validation.scores import score


def drawn(seed: int, labels: str, units: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    gold = rng.choice(list(labels), units)
    predicted = np.where(rng.random(units) < 0.6, gold, rng.choice(list(labels), units))
    return pd.DataFrame({"task": "", "cluster": np.arange(units) // 4, "gold": gold, "predicted": predicted, "n": 1})


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_scikit_learn(seed):
    items = drawn(seed, "abc")
    gold, predicted = items["gold"], items["predicted"]
    assert score(items, metric="macro").f1 == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert score(items, metric="positive", negative="c").f1 == pytest.approx(f1_score(gold, predicted, labels=["a", "b"], average="micro"))
    assert score(items, metric="macro").accuracy == pytest.approx(accuracy_score(gold, predicted))


def test_rows_that_stand_for_many_units_count_as_many():
    items = drawn(1, "ab")
    packed = items.groupby(["task", "cluster", "gold", "predicted"], as_index=False)["n"].sum()
    assert len(packed) < len(items)
    assert score(packed, metric="macro") == score(items, metric="macro")


def test_several_tasks_are_averaged():
    one, two = drawn(2, "ab"), drawn(3, "ab")
    both = pd.concat([one.assign(task="x"), two.assign(task="y")])
    expected = (score(one, metric="macro").f1 + score(two, metric="macro").f1) / 2
    assert score(both, metric="macro").f1 == pytest.approx(expected)


def test_interval_draws_clusters_and_not_units():
    """Copies of an article bring no certainty: the interval of ten equal items an article is as wide as of one."""
    single = drawn(4, "ab", 100).assign(cluster=np.arange(100))
    tenfold = single.loc[single.index.repeat(10)]
    few, many = score(single, metric="macro"), score(tenfold, metric="macro")
    assert (many.low, many.high) == pytest.approx((few.low, few.high))
    as_if_apart = score(tenfold.assign(cluster=np.arange(len(tenfold))), metric="macro")
    assert as_if_apart.high - as_if_apart.low < 0.5 * (few.high - few.low)


def test_a_perfect_and_a_hopeless_instrument():
    items = drawn(5, "ab")
    assert score(items.assign(predicted=items["gold"]), metric="macro").f1 == 1
    nothing = score(items.assign(predicted="b"), metric="positive", negative="b")
    assert (nothing.f1, nothing.precision, nothing.recall) == (0, 0, 0)
