import sys
from decimal import Decimal, localcontext
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse, stats

from pressframes.errors import InputError
from pressframes.measures import g2, keyness, log_ratio


def counts_of(seed, articles, terms=6):
    return np.random.default_rng(seed).poisson(np.linspace(0.5, 9, terms), size=(articles, terms))


def p_plainly(counts, ways):
    """Twice the smaller share of the arrangements `ways` (the first is as the articles are) with as high, or as low, a sum of relative frequencies in the group."""
    found = []
    for term in range(counts.shape[1]):
        scores = [int(count) * round(2**20 / int(words)) for count, words in zip(counts[:, term], counts.sum(axis=1))]
        sums = [sum(scores[i] for i in way) for way in ways]
        high, low = (sum(compare(value, sums[0]) for value in sums) for compare in (int.__ge__, int.__le__))
        found.append(min(1, 2 * min(high, low) / len(ways)))
    return found


def adjust_plainly(p):
    """Benjamini and Hochberg: the smallest p * m / rank among those at least as large."""
    m, order = len(p), sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [0.0] * m
    least = 1.0
    for rank in range(m, 0, -1):
        i = order[rank - 1]
        least = min(least, p[i] * m / rank)
        adjusted[i] = least
    return adjusted


# G2 and Log Ratio


def test_g2_against_scipy():
    rng = np.random.default_rng(1)
    tables = [(a, b, a + rest_a, b + rest_b) for a, b, rest_a, rest_b in rng.integers(1, 5000, size=(200, 4)).tolist()]
    tables += [(0, 5, 100, 200), (5, 0, 100, 200), (1, 1, 10, 10_000_000), (100, 200, 100, 300), (3, 30000, 1000, 10_000_000)]
    for a, b, total_a, total_b in tables:
        wanted = stats.chi2_contingency([[a, b], [total_a - a, total_b - b]], lambda_="log-likelihood", correction=False).statistic
        assert float(g2(a, b, total_a, total_b)) == pytest.approx(wanted, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("a, b, total_a, total_b", [(5, 50, 10**9, 10**9), (0, 3, 10**9, 10**6), (3, 1, 10**11, 10**10), (10**9, 10**9 - 40_000, 10**10, 10**10), (7, 7, 10**9, 10**9)])
def test_g2_in_corpora_of_a_billion_words(a, b, total_a, total_b):
    """Against 50 decimal digits: terms of the size of total x ln(total) would leave no digit of a rare word's G2."""
    with localcontext(prec=50):
        together, total = Decimal(a + b), Decimal(total_a + total_b)
        cells = [(a, total_a * together / total), (b, total_b * together / total), (total_a - a, total_a * (total - together) / total), (total_b - b, total_b * (total - together) / total)]
        wanted = float(2 * sum(Decimal(seen) * (Decimal(seen) / expected).ln() for seen, expected in cells if seen))
    assert float(g2(a, b, total_a, total_b)) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_g2_is_never_negative_and_zero_where_nothing_differs():
    assert g2([10, 0, 7], [10, 0, 7], 1000, 1000).tolist() == [0, 0, 0]
    assert (g2(np.arange(1, 100), np.arange(2, 200, 2), 1000, 2000) >= 0).all()


def test_g2_of_the_textbook():
    """12 in 1,000 words against 3 in 1,000, worked by hand over the four cells."""
    worked = 2 * (12 * np.log(12 / 7.5) + 3 * np.log(3 / 7.5) + 988 * np.log(988 / 992.5) + 997 * np.log(997 / 992.5))
    assert float(g2(12, 3, 1000, 1000)) == pytest.approx(worked, abs=1e-9)


@pytest.mark.parametrize(
    "count_a, count_b, total_a, total_b, wanted",
    [(40, 10, 1000, 1000, 2), (10, 40, 1000, 1000, -2), (10, 10, 1000, 2000, 1), (4, 0, 1000, 1000, 3), (0, 4, 1000, 1000, -3), (0, 0, 1000, 1000, 0), (8, 1, 4000, 1000, 1)],
)
def test_log_ratio(count_a, count_b, total_a, total_b, wanted):
    assert float(log_ratio(count_a, count_b, total_a, total_b)) == pytest.approx(wanted)


# The p-value


@pytest.mark.parametrize("seed, size_a, size_b", [(0, 2, 2), (1, 3, 1), (2, 3, 4), (3, 1, 5), (4, 5, 5)])
def test_exact_p_is_twice_the_smaller_share_of_arrangements(seed, size_a, size_b):
    counts = counts_of(seed, size_a + size_b)
    result = keyness(counts, ["a"] * size_a + ["b"] * size_b)
    ways = list(combinations(range(size_a + size_b), size_a))
    assert result.exact and result.permutations == result.most == len(ways)
    assert result.to_frame()["p"].tolist() == pytest.approx(p_plainly(counts, ways))
    assert result.smallest_p == pytest.approx(2 / len(ways)) and (result.to_frame()["p"] >= result.smallest_p).all()


def test_exact_p_within_strata():
    counts = counts_of(7, 8)
    groups, strata = list("aabbabbb"), list("xxxxyyyy")
    result = keyness(counts, groups, strata=strata)
    ways = [first + second for first in combinations(range(4), 2) for second in combinations(range(4, 8), 1)]
    ways.insert(0, ways.pop(ways.index((0, 1, 4))))
    assert result.exact and result.permutations == len(ways) == 24
    assert result.to_frame()["p"].tolist() == pytest.approx(p_plainly(counts, ways))


def test_with_articles_of_one_length_a_symmetric_p_is_that_of_g2():
    """Equal lengths, equal groups: the excess orders the arrangements as G2 does."""
    counts = counts_of(21, 8)
    counts = np.column_stack([counts, 60 - counts.sum(axis=1)])
    ways = [list(way) for way in combinations(range(8), 4)]
    together, words = counts.sum(axis=0), counts.sum(axis=1)
    scores = np.array([g2(counts[way].sum(axis=0), together - counts[way].sum(axis=0), words[way].sum(), words.sum() - words[way].sum()) for way in ways])
    assert keyness(counts, list("aaaabbbb")).to_frame()["p"].tolist() == pytest.approx((scores >= scores[0] - 1e-9).mean(axis=0).tolist())


def test_strata_that_are_the_groups_leave_nothing_to_test():
    result = keyness(counts_of(8, 6), list("aaabbb"), strata=list("xxxyyy"))
    assert result.exact and result.permutations == 1 and (result.to_frame()["p"] == 1).all()


def test_drawn_arrangements_come_near_the_exact_p():
    counts, groups = counts_of(9, 10), list("aaaaabbbbb")
    exact, drawn = keyness(counts, groups), keyness(counts, groups, permutations=200, seed=3)
    assert exact.exact and not drawn.exact and drawn.permutations == 200
    assert np.abs(exact.to_frame()["p"] - drawn.to_frame()["p"]).max() < 0.12


def test_small_p_are_drawn_more_finely_and_come_near_the_exact_ones():
    rng = np.random.default_rng(17)
    counts = rng.poisson(6, size=(20, 40))
    counts[:10, :5] += rng.poisson(5, size=(10, 5))
    exact, drawn = keyness(counts, ["a"] * 10 + ["b"] * 10, permutations=200_000), keyness(counts, ["a"] * 10 + ["b"] * 10, seed=3)
    exact_p, p = exact.to_frame()["p"], drawn.to_frame()["p"]
    assert exact.exact and drawn.permutations == 999 and drawn.most > 5 * 999 and drawn.smallest_p == pytest.approx(2 / (drawn.most + 1))
    small = exact_p < 0.004
    assert small.sum() >= 3 and (p[small] < 0.01).all()
    assert np.abs(p[small] - exact_p[small]).max() < 5 * np.sqrt(2 * 0.004 / 9990)
    coarse = p[p >= 0.05] * 500
    assert np.allclose(coarse, coarse.round())


def test_one_strong_term_among_few_is_found_and_one_among_thousands_is_told_to_be_alone():
    rng = np.random.default_rng(31)
    counts = rng.poisson(4, size=(60, 300))
    counts[:30, 7] += 8
    few = keyness(counts[:, :50], ["a"] * 30 + ["b"] * 30, seed=1).to_frame()
    assert few["q"][7] < 0.02 and (few["q"] < 0.05).sum() == 1
    counts = rng.poisson(1, size=(60, 2600))
    counts[:30, 7] += 8
    many = keyness(counts, ["a"] * 30 + ["b"] * 30, seed=1)
    assert many.to_frame()["p"][7] == many.smallest_p and many.to_frame()["q"][7] > 0.1


@pytest.mark.parametrize("strata", [None, [0, 1, 2] * 20])
def test_neither_block_size_nor_kind_of_number_changes_anything(strata, monkeypatch):
    counts = np.random.default_rng(23).negative_binomial(0.5, 0.1, size=(60, 40))
    module = sys.modules["pressframes.measures.keyness"]
    wanted = keyness(counts, ["a"] * 30 + ["b"] * 30, strata=strata, seed=4).to_frame()
    monkeypatch.setattr(module, "_BLOCK_CELLS", 333)
    assert keyness(counts, ["a"] * 30 + ["b"] * 30, strata=strata, seed=4).to_frame().equals(wanted)
    monkeypatch.setattr(module, "_EXACT_SINGLE", 0)
    assert keyness(counts, ["a"] * 30 + ["b"] * 30, strata=strata, seed=4).to_frame().equals(wanted)


def test_a_smaller_group_is_found_to_avoid_a_word_as_well_as_to_prefer_one():
    rng = np.random.default_rng(29)
    counts = rng.poisson(3, size=(70, 30))
    counts[10:, 3] += rng.poisson(9, 60)
    counts[:10, 4] += rng.poisson(9, 10)
    result = keyness(counts, ["a"] * 10 + ["b"] * 60, seed=1).to_frame()
    assert (result["q"][[3, 4]] < 0.05).all() and result["log_ratio"][3] < 0 < result["log_ratio"][4]


def test_one_long_article_does_not_outweigh_the_others():
    """Each group has the word alike in nine articles; a long one of group a is full of it."""
    counts = np.random.default_rng(37).poisson([4, 96], size=(20, 2))
    counts[0] = [1200, 9600]
    result = keyness(counts, ["a"] * 10 + ["b"] * 10, seed=1).to_frame()
    assert stats.chi2.sf(result["g2"][0], 1) < 0.05 < result["p"][0]


def test_articles_that_are_longer_in_one_group_make_no_keywords():
    """Articles of group a have twice the words, with the same shares; most words are rare, so that chance alone leaves many out of one group."""
    rng = np.random.default_rng(41)
    shares = rng.dirichlet(np.full(1500, 0.5))
    counts = np.array([rng.multinomial(words, shares) for words in [400] * 30 + [200] * 30])
    result = keyness(counts[:, counts.sum(axis=0) >= 3], ["a"] * 30 + ["b"] * 30, seed=1).to_frame()
    assert (result["q"] < 0.05).sum() == 0 and (result["p"] < 0.05).mean() <= 0.075


def test_articles_without_words_change_nothing():
    counts, groups = counts_of(43, 9), list("aaaabbbbb")
    wanted = keyness(counts, groups)
    given = keyness(np.vstack([counts, np.zeros((5, 6), dtype=int)]), groups + list("abbbb"))
    assert given.to_frame().equals(wanted.to_frame()) and given.permutations == wanted.permutations and given.exact
    assert (keyness(np.vstack([counts[:4], counts[4:] * 0]), groups).to_frame()["p"] == 1).all()


def test_drawn_arrangements_within_strata_keep_the_strata():
    """A word that only one stratum uses, in both groups alike, tells nothing once articles stay in their stratum."""
    rng = np.random.default_rng(11)
    topic = np.array([1] * 12 + [0] * 12)
    counts = np.column_stack([rng.poisson(20 * topic + 0.01), rng.poisson(30, 24)])
    groups = ["a"] * 9 + ["b"] * 3 + ["a"] * 3 + ["b"] * 9
    free, kept = keyness(counts, groups, seed=1), keyness(counts, groups, strata=topic, seed=1)
    assert free.to_frame()["p"][0] < 0.05 < kept.to_frame()["p"][0]


def test_the_seed_decides():
    counts, groups = counts_of(12, 30), ["a"] * 15 + ["b"] * 15
    same, again, other = (keyness(counts, groups, seed=seed).to_frame() for seed in (5, 5, 6))
    assert same.equals(again) and not same["p"].equals(other["p"])
    assert same.drop(columns=["p", "q"]).equals(other.drop(columns=["p", "q"]))


@pytest.mark.parametrize("strata", [None, [0, 1] * 30])
def test_bursty_words_without_a_difference_are_rarely_called_one(strata):
    """Gamma-Poisson counts, 30 articles a side, 500 terms: a test by words alone would find hundreds of differences."""
    rng = np.random.default_rng(20201110)
    rates = rng.gamma(0.3, 10, size=(60, 500))
    counts = rng.poisson(rates)
    result = keyness(counts, ["a"] * 30 + ["b"] * 30, strata=strata, seed=1).to_frame()
    by_words = stats.chi2.sf(result["g2"], 1)
    assert (by_words < 0.05).mean() > 0.5
    assert (result["p"] < 0.05).mean() <= 0.075
    assert (result["q"] < 0.05).sum() == 0


def test_a_planted_difference_is_found():
    rng = np.random.default_rng(5)
    counts = rng.poisson(rng.gamma(0.5, 10, size=(60, 50)))
    counts[:30, 7] += rng.poisson(20, 30)
    result = keyness(counts, ["a"] * 30 + ["b"] * 30, seed=1).to_frame()
    assert result["q"][7] < 0.05 and result["p"].idxmin() == 7 and result["log_ratio"][7] > 0


def test_q_against_scipy_and_against_the_rule():
    result = keyness(counts_of(13, 12, terms=40), ["a"] * 6 + ["b"] * 6).to_frame()
    assert result["q"].tolist() == pytest.approx(stats.false_discovery_control(result["p"]).tolist())
    assert result["q"].tolist() == pytest.approx(adjust_plainly(result["p"].tolist()))
    assert (result["q"] >= result["p"] - 1e-12).all()


# What is given, what comes back


@pytest.mark.parametrize("make", [np.asarray, np.ndarray.tolist, sparse.csr_array, sparse.csc_array, sparse.coo_array, sparse.csr_matrix, lambda counts: counts.astype(float)])
def test_sparse_and_dense_counts_give_the_same(make):
    counts = counts_of(14, 8)
    wanted = keyness(counts, list("ababbaab"), seed=2)
    given = keyness(make(counts), list("ababbaab"), seed=2)
    assert given.to_frame().equals(wanted.to_frame()) and given.words == wanted.words


def test_totals_and_sides():
    counts = np.array([[9, 1], [8, 2], [1, 9], [2, 8]])
    result = keyness(counts, ["north", "south", "north", "south"], terms=["x", "y"])
    assert (result.group, result.reference) == ("north", "south")
    assert result.to_frame()[["term", "count_a", "count_b"]].values.tolist() == [["x", 10, 10], ["y", 10, 10]]
    assert result.words == (20, 20) and result.articles == (2, 2)


def test_columns_of_the_frame():
    result = keyness([[1, 0], [0, 1]], ["a", "b"])
    assert result.to_frame().columns.tolist() == ["term", "count_a", "count_b", "g2", "log_ratio", "p", "q"]
    assert result.to_frame()["term"].tolist() == [0, 1]


def test_a_frame_that_is_changed_changes_nothing():
    result = keyness([[1, 0], [0, 1]], ["a", "b"])
    frame = result.to_frame()
    frame["p"] = 7
    assert (result.to_frame()["p"] <= 1).all()


def test_terms_that_never_occur_are_kept_and_tell_nothing():
    result = keyness([[3, 0], [4, 0], [9, 0], [1, 0]], list("aabb")).to_frame()
    assert result.loc[1, ["count_a", "count_b", "g2", "p", "q"]].tolist() == [0, 0, 0, 1, 1]


def test_no_terms_at_all():
    assert keyness(np.zeros((4, 0)), list("aabb")).to_frame().empty


@pytest.mark.parametrize(
    "counts, groups, options, told",
    [
        ([[1, 2], [3, 4]], ["a", "b", "b"], {}, "2 rows of counts but 3 group labels"),
        ([[1, 2], [3, 4]], ["a", "a"], {}, "1 groups (a)"),
        ([[1], [2], [3]], ["a", "b", "c"], {}, "3 groups (a, b, c)"),
        ([[1, -2], [3, 4]], ["a", "b"], {}, "non-negative integers"),
        ([[1, 0.5], [3, 4]], ["a", "b"], {}, "non-negative integers"),
        ([[1, np.nan], [3, 4]], ["a", "b"], {}, "non-negative integers"),
        ([[1, 2], [3, 4]], ["a", "b"], {"terms": ["x"]}, "2 columns of counts but 1 terms"),
        ([[1, 2], [3, 4]], ["a", "b"], {"permutations": 0}, "0 permutations"),
        ([[1, 2], [3, 4]], ["a", "b"], {"strata": ["x"]}, "strata"),
        ([[1, 2], [3, 4]], ["a", "b"], {"strata": ["x", "x", "y"]}, "strata"),
    ],
)
def test_faults(counts, groups, options, told):
    with pytest.raises(InputError) as caught:
        keyness(counts, groups, **options)
    message = str(caught.value)
    assert message.startswith("keyness: ") and told in message and "; " in message and "\n" not in message
