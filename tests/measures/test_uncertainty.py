from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from pressframes.measures import arrangements, bootstrap_rates, percentile_points, resampling, smallest_p, zero_upper_bound


def data(rows=40, cells=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.poisson(1.0, (rows, cells)), rng.integers(5, 30, (rows, cells)), np.repeat(["a", "b"], rows // 2)


def test_the_interval_is_the_same_for_the_same_seed():
    first, second, other = (np.array(bootstrap_rates(*data(), seed=seed)) for seed in (4, 4, 5))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


def test_the_interval_holds_the_estimate():
    counts, exposure, strata = data()
    low, high = bootstrap_rates(counts, exposure, strata, seed=1)
    rate = counts.sum(axis=0) / exposure.sum(axis=0)
    assert ((low < rate) & (rate < high)).all()


def test_the_interval_against_a_plain_bootstrap():
    """Drawn row by row with another generator: the ends agree within what chance does to 2,000 resamples."""
    counts, exposure, strata = data(cells=1)
    rng, drawn = np.random.default_rng(99), []
    for _ in range(4000):
        rows = np.concatenate([rng.choice(np.flatnonzero(strata == name), size=(strata == name).sum()) for name in ("a", "b")])
        drawn.append(counts[rows, 0].sum() / exposure[rows, 0].sum())
    low, high = bootstrap_rates(counts, exposure, strata, seed=1)
    assert [low[0], high[0]] == pytest.approx(np.percentile(drawn, percentile_points(40)).tolist(), rel=0.06)


def test_rows_are_drawn_within_their_stratum():
    """Each stratum always gives as many rows as it holds: where rows of a stratum are alike, nothing varies."""
    low, high = bootstrap_rates([[1], [1], [5], [5]], [[10], [10], [20], [20]], ["a", "a", "b", "b"], seed=0)
    assert low[0] == high[0] == pytest.approx(12 / 60)


def test_one_row_gives_a_point():
    low, high = bootstrap_rates([[3]], [[10]], ["a"])
    assert low[0] == high[0] == pytest.approx(0.3)


def test_no_events_give_the_exact_bound_and_no_words_give_nothing():
    low, high = bootstrap_rates([[0, 0], [0, 0]], [[300, 0], [200, 0]], ["a", "a"])
    assert low[0] == 0 and high[0] == pytest.approx(zero_upper_bound(500))
    assert np.isnan(low[1]) and np.isnan(high[1])


def test_cells_do_not_touch_each_other():
    counts, exposure, strata = data()
    whole, alone = bootstrap_rates(counts, exposure, strata, seed=3), bootstrap_rates(counts[:, :1], exposure[:, :1], strata, seed=3)
    assert whole[0][0] == pytest.approx(alone[0][0]) and whole[1][0] == pytest.approx(alone[1][0])


@pytest.mark.parametrize("scale", [1, 10**6, 1.5])
def test_the_interval_does_not_depend_on_block_size(scale, monkeypatch):
    counts, exposure, strata = data()
    whole = np.array(bootstrap_rates(counts, scale * exposure, strata, seed=2))
    monkeypatch.setattr(resampling, "_BLOCK_CELLS", 70)
    assert np.allclose(whole, np.array(bootstrap_rates(counts, scale * exposure, strata, seed=2)), rtol=1e-12, atol=0)


def test_large_numbers_of_words_are_summed_as_exactly_as_small_ones():
    """10 million words a row are beyond what single precision holds; the interval is that of 10 words, scaled."""
    counts, exposure, strata = data()
    small, large = bootstrap_rates(counts, exposure, strata, seed=6), bootstrap_rates(counts, exposure * 1_000_003, strata, seed=6)
    assert np.array(large) * 1_000_003 == pytest.approx(np.array(small), rel=1e-12)


def test_cells_that_share_their_words_are_as_cells_alone():
    counts, exposure, strata = data(cells=4)
    exposure[:, 2] = exposure[:, 0]
    whole = np.array(bootstrap_rates(counts, exposure, strata, seed=8))
    for cell in range(4):
        alone = np.array(bootstrap_rates(counts[:, [cell]], exposure[:, [cell]], strata, seed=8))
        assert alone[:, 0] == pytest.approx(whole[:, cell], rel=1e-12)


@pytest.mark.parametrize("exposure", [1, 17, 1000, 250_000])
def test_zero_upper_bound_against_the_chi_square_form(exposure):
    assert zero_upper_bound(exposure) == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / exposure, rel=1e-12)


@pytest.mark.parametrize("sizes", [[1, 1], [2, 1], [3, 1, 1], [2, 2, 1], [4, 2], [1, 1, 1, 1]])
def test_arrangements_counted_one_by_one(sizes):
    labels = "".join(letter * size for letter, size in zip("abcd", sizes))
    assert arrangements(sizes) == len(set(permutations(labels)))
    chosen = [{frozenset(i for i, label in enumerate(order) if label == group) for order in permutations(labels)} for group in set(labels)]
    assert smallest_p(sizes) == pytest.approx(min(1, *(2 / len(ways) for ways in chosen)))


def test_the_seeds_allow_no_test():
    assert arrangements([3, 1, 1]) == 20 and smallest_p([3, 1, 1]) == 0.2


def test_of_many_articles_most_of_which_hold_nothing_the_draws_are_those_of_the_textbook():
    rng = np.random.default_rng(3)
    columns = np.zeros((2400, 2))
    columns[rng.choice(2400, 300, replace=False)] = rng.integers(1, 9, (300, 2))
    strata = np.repeat(["a", "b"], [2000, 400])
    ours = resampling.drawn_sums(columns, strata, resamples=20_000, seed=1)
    plain = sum(np.stack([part[rng.integers(0, len(part), len(part))].sum(axis=0) for _ in range(4000)]) for part in (columns[:2000], columns[2000:]))
    points = [2.5, 25, 50, 75, 97.5]
    width = np.subtract(*np.percentile(plain, [97.5, 2.5], axis=0))
    assert np.all(np.abs(np.percentile(ours, points, axis=0) - np.percentile(plain, points, axis=0)) < 0.04 * width)
    assert np.corrcoef(ours.T)[0, 1] == pytest.approx(np.corrcoef(plain.T)[0, 1], abs=0.03), "all columns share the draws"
    assert resampling.drawn_sums(np.zeros((2400, 1)), strata, resamples=5).tolist() == [[0.0]] * 5
