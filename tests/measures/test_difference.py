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
    def error(c, w):
        rest = c - c.sum() / w.sum() * w
        return (rest**2).sum() * len(c) / (len(c) - 1) / w.sum() ** 2

    def rate(chosen):
        difference = counts[chosen].sum() / words[chosen].sum() - counts[~chosen].sum() / words[~chosen].sum()
        return difference / np.sqrt(error(counts[chosen], words[chosen]) + error(counts[~chosen], words[~chosen]))

    drawn = []
    for choice in combinations(range(7), 3):
        chosen = np.isin(np.arange(7), choice)
        if strata is None or all((chosen & (np.array(strata) == s)).sum() == (in_a & (np.array(strata) == s)).sum() for s in "xy"):
            drawn.append(rate(chosen))
    expected = min(1, 2 * min(np.mean([value >= rate(in_a) - 1e-12 for value in drawn]), np.mean([value <= rate(in_a) + 1e-12 for value in drawn])))
    assert measures.difference_p(counts, words, in_a, strata=strata) == pytest.approx(expected)


@pytest.mark.parametrize("sizes, lengths", [((12, 12), (500, 500)), ((10, 30), (200, 1000)), ((8, 40), (150, 900)), ((20, 60), (200, 1000))])
def test_difference_p_where_there_is_no_difference(sizes, lengths):
    p, words = [], np.repeat(lengths, sizes)
    for i in range(300):
        counts = RNG.poisson(RNG.gamma(2.0, 0.005, len(words)) * words)
        p.append(measures.difference_p(counts, words, np.arange(len(words)) < sizes[0], permutations=199, seed=i))
    assert 0.015 < np.mean(np.array(p) <= 0.05) < 0.105


def test_articles_that_are_longer_on_one_side_make_no_keywords_once_evened():
    rates, false = 1 / np.arange(3, 303), 0
    in_a = np.arange(40) < 10
    for i in range(4):
        counts = np.vstack([RNG.multinomial(200 if a else 1000, rates / rates.sum()) for a in in_a])
        result = measures.keyness(measures.evened(counts, in_a, seed=i), np.where(in_a, "a", "b"), seed=i).to_frame()
        false += int((result["q"] < 0.05).sum())
    assert false <= 4


def test_evened_articles_are_no_longer_than_they_were_and_sides_are_alike():
    counts, in_a, strata = RNG.poisson(3, (20, 6)) * np.repeat([1, 4], 10)[:, None], np.arange(20) < 10, np.tile(np.arange(10), 2)
    thin = measures.evened(counts, in_a, strata, seed=1).toarray()
    assert (thin <= counts).all() and (thin.sum(axis=1)[:10] == thin.sum(axis=1)[10:]).all(), "pairs end as long as the shorter was"
    assert (measures.evened(counts[:10], np.arange(10) < 5).toarray() <= counts[:10]).all()


def test_a_side_without_events_keeps_its_bound():
    told = measures.rate_difference([0, 0, 2, 3], [100] * 4, [True, True, False, False], list("aabb"), seed=1)
    assert told.high == pytest.approx(1000 * measures.zero_upper_bound(200) - told.rate_b) and told.low < told.high


@pytest.mark.parametrize("size", [8, 15, 40])
def test_intervals_cover_the_truth_about_nineteen_times_in_twenty(size):
    """Articles of unequal length whose events cluster, at 10 and 6 per 1,000 words."""
    covered, in_a = np.zeros(3), np.arange(2 * size) < size
    for i in range(200):
        words = np.rint(500 * RNG.lognormal(0, 0.5, 2 * size))
        counts = RNG.poisson(RNG.gamma(2, np.where(in_a, 5, 3) / 1000) * words)
        told = measures.rate_difference(counts, words, in_a, in_a, resamples=500, seed=i)
        low, high = measures.bootstrap_rates(counts[in_a, None], words[in_a, None], ["a"] * size, resamples=500, seed=i)
        from_, to = measures.log_ratio_interval((counts * in_a)[:, None], (counts * ~in_a)[:, None], in_a, totals=[words * in_a, words * ~in_a], resamples=500, seed=i)
        covered += [told.low <= 4 <= told.high, low[0] <= 0.01 <= high[0], from_[0] <= np.log2(10 / 6) <= to[0]]
    assert (covered[[0, 2]] >= 0.91 * 200).all() and covered[1] >= 0.87 * 200 and (covered <= 0.995 * 200).all(), "a rate's interval covers less: skewed, and nothing cancels"


def test_a_term_that_one_side_lacks_could_be_as_frequent_there_as_none_leaves_open():
    """Twice as frequent in a; where b happens to hold none, the 0.5 that stands for it would promise more than was seen."""
    strata, covered, lacking = np.repeat(["a", "b"], 10), 0, 0
    for i in range(400):
        counts = RNG.poisson(np.where(strata == "a", 0.4, 0.2))[:, None]
        if counts[10:].sum() == 0 and counts[:10].sum():
            side, words = (strata == "a")[:, None], np.full(20, 500)
            low, high = measures.log_ratio_interval(counts * side, counts * ~side, strata, totals=[words * side[:, 0], words * ~side[:, 0]], resamples=200, seed=i)
            covered, lacking = covered + (low[0] <= 1), lacking + 1
    assert lacking > 20 and covered >= 0.9 * lacking


def test_log_ratio_interval_against_a_loop():
    counts, strata = RNG.poisson(3, (12, 4)), np.repeat(["a", "b"], 6)
    side = (strata == "a")[:, None]
    low, high = measures.log_ratio_interval(counts * side, counts * ~side, strata, resamples=300, seed=5)
    drawn = []
    for times in drawn_sums(np.eye(12), strata, resamples=300, seed=5):
        a, b = (times @ (counts * keep) for keep in (side, ~side))
        drawn.append([measures.log_ratio(x, y, a.sum(), b.sum()) for x, y in zip(a, b)])
    expected = np.percentile(np.array(drawn, dtype=float), measures.percentile_points(6), axis=0)
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


@pytest.mark.parametrize("size_a, size_b", [([4], [4]), ([15], [15]), ([1] * 10, [1] * 10), ([1] * 7 + [30, 0], [1] * 7 + [0, 30]), ([3, 1, 5, 0], [1, 4, 5, 6])])
def test_the_smallest_difference_is_what_the_test_finds_four_times_in_five_also_within_strata(size_a, size_b):
    strata = np.repeat(np.arange(len(size_a)), np.add(size_a, size_b))
    in_a = np.concatenate([np.repeat([True, False], sizes) for sizes in zip(size_a, size_b)])
    difference, found = measures.smallest_difference(5.0, size_a, size_b), 0
    for i in range(200):
        rates = 60 + RNG.normal(0, 5, len(in_a)) + difference * in_a
        found += measures.difference_p(rates, np.full(len(in_a), 1000), in_a, strata=strata, permutations=399, seed=i) <= 0.05
    assert 0.65 <= found / 200 <= 0.88


def test_articles_that_never_change_places_tell_nothing():
    assert measures.smallest_difference(5.0, [1] * 7 + [30, 0], [1] * 7 + [0, 30]) == measures.smallest_difference(5.0, [1] * 7, [1] * 7) > measures.smallest_difference(5.0, 37, 37)
    assert measures.smallest_difference(5.0, [3, 0], [0, 3]) == np.inf == measures.smallest_difference(5.0, 3, 3)


def test_articles_needed_is_the_first_size_that_is_enough():
    for difference in (0.5, 1.0, 3.0, 20.0):
        needed = measures.articles_needed(difference, 2.0)
        assert measures.smallest_difference(2.0, needed, needed) <= difference
        assert needed == 4 or measures.smallest_difference(2.0, needed - 1, needed - 1) > difference


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
