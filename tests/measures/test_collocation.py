import numpy as np
import pytest

from pressframes.measures import log_dice


@pytest.mark.parametrize("together, word, node, wanted", [(10, 10, 10, 14), (5, 10, 10, 13), (1, 1, 3, 13), (1, 63, 1, 9), (4, 8, 24, 12), (1, 2**15, 2**15, -1)])
def test_worked_figures(together, word, node, wanted):
    assert float(log_dice(together, word, node)) == pytest.approx(wanted)


def test_never_together():
    assert float(log_dice(0, 5, 5)) == -np.inf


def test_many_at_once_and_never_above_fourteen():
    rng = np.random.default_rng(0)
    word, node = rng.integers(1, 500, 300), rng.integers(1, 500, 300)
    together = np.minimum(word, node)
    values = log_dice(together, word, node)
    assert values.shape == (300,) and values.max() <= 14
    assert values[3] == pytest.approx(14 + np.log2(2 * together[3] / (word[3] + node[3])))
