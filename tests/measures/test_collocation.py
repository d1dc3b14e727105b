import numpy as np
import pytest

from pressframes.measures import delta_p, expected, log_dice, mutual_information, t_score


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


def test_all_measures_agree_with_their_definitions_on_any_table():
    rng = np.random.default_rng(1)
    both, word_alone, node_alone, neither = rng.integers(1, 60, (4, 200))
    word, node, total = both + word_alone, both + node_alone, both + word_alone + node_alone + neither
    wanted = word / total * node
    np.testing.assert_allclose(expected(word, node, total), wanted)
    np.testing.assert_allclose(mutual_information(both, word, node, total), np.log2(both / wanted), atol=1e-12)
    np.testing.assert_allclose(t_score(both, word, node, total), (both - wanted) / both**0.5)
    np.testing.assert_allclose(delta_p(both, word, node, total), (both / node - word_alone / (word_alone + neither), both / word - node_alone / (node_alone + neither)))
