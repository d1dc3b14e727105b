"""Differences, power, shrinkage, similarity: against plain transcriptions and simulation."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance
from sklearn.manifold import ClassicalMDS
from sklearn.metrics.pairwise import cosine_similarity

from pressframes import measures
from pressframes.measures.resampling import blocks_of, deal, drawn_sums

RNG = np.random.default_rng(7)


def test_g2_of_groups_against_scipy():
    counts, totals = np.array([[30, 2], [10, 0], [10, 9]]), np.array([1000, 800, 1200])
    for term in range(2):
        table = np.array([counts[:, term], totals - counts[:, term]])
        assert measures.g2_of_groups(counts, totals)[term] == pytest.approx(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[0], rel=1e-9)
    assert measures.g2_of_groups(counts[:2], totals[:2]) == pytest.approx(measures.g2(*counts[:2], *totals[:2]))


@pytest.mark.parametrize("strata", [None, list("xxyyxxy")])
def test_difference_p_against_all_arrangements(strata):
    counts, words = np.array([9, 3, 4, 1, 0, 2, 2]), np.array([100, 90, 110, 100, 80, 120, 100])
    in_a = np.array([True, True, True, False, False, False, False])
    rate = lambda chosen: counts[chosen].sum() / words[chosen].sum() - counts[~chosen].sum() / words[~chosen].sum()
    drawn = []
    for choice in combinations(range(7), 3):
        chosen = np.isin(np.arange(7), choice)
        if strata is None or all((chosen & (np.array(strata) == s)).sum() == (in_a & (np.array(strata) == s)).sum() for s in "xy"):
            drawn.append(rate(chosen))
    expected = min(1, 2 * min(np.mean([value >= rate(in_a) - 1e-12 for value in drawn]), np.mean([value <= rate(in_a) + 1e-12 for value in drawn])))
    assert measures.difference_p(counts, words, in_a, strata=strata) == pytest.approx(expected)


def test_difference_p_is_uniform_where_there_is_no_difference():
    p = [measures.difference_p(RNG.negative_binomial(0.5, 0.1, 24), np.full(24, 500), np.arange(24) < 12, permutations=199, seed=i) for i in range(400)]
    assert 0.02 < np.mean(np.array(p) <= 0.05) < 0.085 and stats.kstest(p, "uniform").pvalue > 0.001


def test_the_interval_of_a_difference_covers_it_nineteen_times_in_twenty():
    covered = 0
    for i in range(200):
        counts = np.concatenate([RNG.poisson(RNG.gamma(2, 3, 40)), RNG.poisson(RNG.gamma(2, 2, 40))])
        told = measures.rate_difference(counts, np.full(80, 500), np.arange(80) < 40, np.arange(80) < 40, resamples=400, seed=i)
        covered += told.low <= 1000 * (6 - 4) / 500 <= told.high
    assert 0.88 <= covered / 200 <= 0.99


def test_log_ratio_interval_against_a_loop():
    counts, strata = RNG.poisson(3, (12, 4)), np.repeat(["a", "b"], 6)
    side = (strata == "a")[:, None]
    low, high = measures.log_ratio_interval(counts * side, counts * ~side, strata, resamples=300, seed=5)
    drawn = []
    for times in drawn_sums(np.eye(12), strata, resamples=300, seed=5):
        a, b = (times @ (counts * keep) for keep in (side, ~side))
        drawn.append([measures.log_ratio(x, y, a.sum(), b.sum()) for x, y in zip(a, b)])
    expected = np.percentile(np.array(drawn, dtype=float), [2.5, 97.5], axis=0)
    assert np.allclose([low, high], expected)


def test_draws_keep_the_size_of_each_stratum_and_do_not_hang_on_the_columns():
    strata = np.array(list("aabbbcc"))
    times = drawn_sums(np.eye(7), strata, resamples=50, seed=2)
    assert all((times[:, strata == s].sum(axis=1) == (strata == s).sum()).all() for s in "abc")
    values = RNG.normal(size=(7, 3))
    assert np.allclose(drawn_sums(values, strata, resamples=50, seed=2), times @ values)


def test_deals_keep_the_size_of_group_and_stratum():
    in_a, strata = np.array([True, False, True, False, True, False, False]), np.array(list("xxyyyyx"))
    dealt, exact = deal(in_a, blocks_of(strata), 1000, np.random.default_rng(0))
    assert exact and dealt.shape == (7, 3 * 6) and len({tuple(row) for row in dealt.T}) == 18
    for s in "xy":
        assert (dealt[strata == s].sum(axis=0) == in_a[strata == s].sum()).all()
    assert measures.smallest_p_within(in_a, strata) == pytest.approx(2 / 18)


@pytest.mark.parametrize("size_a, size_b", [(10, 10), (30, 15)])
def test_the_smallest_difference_is_found_four_times_in_five(size_a, size_b):
    difference = measures.smallest_difference(2.0, size_a, size_b)
    a, b = RNG.normal(difference, 2.0, (4000, size_a)), RNG.normal(0, 2.0, (4000, size_b))
    assert np.mean(stats.ttest_ind(a, b, axis=1).pvalue < 0.05) == pytest.approx(0.8, abs=0.025)


def test_articles_needed_is_the_first_size_that_is_enough():
    for difference in (0.5, 1.0, 3.0, 20.0):
        needed = measures.articles_needed(difference, 2.0)
        assert measures.smallest_difference(2.0, needed, needed) <= difference
        assert needed == 2 or measures.smallest_difference(2.0, needed - 1, needed - 1) > difference


def test_shrunken_rates_are_nearer_the_truth_than_raw_ones():
    truth, words = RNG.gamma(4, 0.002, 400), RNG.integers(50, 800, 400)
    counts = RNG.poisson(truth * words)
    shrunken = measures.shrunken_rates(counts, words).rates
    assert ((shrunken - truth) ** 2).mean() < 0.7 * ((counts / words - truth) ** 2).mean()
    assert measures.shrunken_rates([2, 4, 6], [100, 200, 300]).strength == np.inf, "rates that differ less than chance would have them"


def test_similarity_against_scipy():
    counts = RNG.poisson(1.0, (5, 40)) + np.eye(5, 40, dtype=int)
    for i, j in combinations(range(5), 2):
        assert measures.cosine(counts)[i, j] == pytest.approx(1 - distance.cosine(counts[i], counts[j]))
        assert measures.jensen_shannon(counts)[i, j] == pytest.approx(distance.jensenshannon(counts[i], counts[j], base=2))
    assert np.isnan(measures.jensen_shannon(np.vstack([counts, np.zeros(40)]))[5]).all()


def test_ordination_keeps_distances_that_a_plane_can_hold():
    points = RNG.normal(size=(9, 2))
    distances = distance.cdist(points, points)
    placed = measures.ordination(distances)
    assert np.allclose(distance.cdist(placed, placed), distances)
    assert np.abs(measures.ordination([[0, 2], [2, 0]])).round(9).tolist() == [[1.0, 0.0], [1.0, 0.0]] and measures.ordination([[0.0]]).shape == (1, 2)


def test_ordination_and_cosine_against_scikit_learn():
    counts = RNG.poisson(1.0, (7, 30))
    distances = measures.jensen_shannon(counts)
    theirs = ClassicalMDS(n_components=2, metric="precomputed").fit_transform(distances)
    assert np.allclose(np.abs(measures.ordination(distances)), np.abs(theirs), atol=1e-7)
    assert np.allclose(measures.cosine(counts), cosine_similarity(counts))
