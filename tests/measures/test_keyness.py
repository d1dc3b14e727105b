from itertools import combinations, product

import numpy as np
import pytest
from scipy import sparse, stats

from pressframes.errors import InputError
from pressframes.measures import g2, keyness, log_ratio


def counts_of(seed, articles, terms=6):
    return np.random.default_rng(seed).poisson(np.linspace(0.5, 9, terms), size=(articles, terms))


def score_plainly(counts, chosen):
    """G2 of every term for articles `chosen` against the others, cell by cell."""
    total = counts.sum()
    scores = []
    for term in range(counts.shape[1]):
        table = np.zeros((2, 2))
        for article in range(len(counts)):
            side = 0 if article in chosen else 1
            table[0, side] += counts[article, term]
            table[1, side] += counts[article].sum() - counts[article, term]
        score = 0.0
        for i, j in product(range(2), range(2)):
            if table[i, j]:
                score += 2 * table[i, j] * np.log(table[i, j] * total / (table[i].sum() * table[:, j].sum()))
        scores.append(score)
    return np.array(scores)


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
def test_exact_p_is_the_share_of_arrangements(seed, size_a, size_b):
    counts = counts_of(seed, size_a + size_b)
    result = keyness(counts, ["a"] * size_a + ["b"] * size_b)
    ways = list(combinations(range(size_a + size_b), size_a))
    seen = score_plainly(counts, ways[0])
    reached = np.array([score_plainly(counts, way) >= seen - 1e-9 for way in ways])
    assert result.exact and result.permutations == len(ways)
    assert result.to_frame()["p"].tolist() == pytest.approx(reached.mean(axis=0).tolist())
    assert result.to_frame()["g2"].tolist() == pytest.approx(seen.tolist(), abs=1e-9)
    assert result.smallest_p == pytest.approx(1 / len(ways))


def test_exact_p_within_strata():
    counts = counts_of(7, 8)
    groups, strata = list("aabbabbb"), list("xxxxyyyy")
    result = keyness(counts, groups, strata=strata)
    ways = [first + second for first in combinations(range(4), 2) for second in combinations(range(4, 8), 1)]
    seen = score_plainly(counts, (0, 1, 4))
    reached = np.array([score_plainly(counts, way) >= seen - 1e-9 for way in ways])
    assert result.exact and result.permutations == len(ways) == 24
    assert result.to_frame()["p"].tolist() == pytest.approx(reached.mean(axis=0).tolist())


def test_strata_that_are_the_groups_leave_nothing_to_test():
    result = keyness(counts_of(8, 6), list("aaabbb"), strata=list("xxxyyy"))
    assert result.exact and result.permutations == 1 and (result.to_frame()["p"] == 1).all()


def test_drawn_arrangements_come_near_the_exact_p():
    counts, groups = counts_of(9, 10), list("aaaaabbbbb")
    exact, drawn = keyness(counts, groups), keyness(counts, groups, permutations=200, seed=3)
    assert exact.exact and not drawn.exact and drawn.permutations == 200
    assert np.abs(exact.to_frame()["p"] - drawn.to_frame()["p"]).max() < 0.12
    steps = drawn.to_frame()["p"] * 201
    assert np.allclose(steps, steps.round()) and (steps >= 1).all()


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
    assert result["q"][7] < 0.06 and result["p"].idxmin() == 7 and result["log_ratio"][7] > 0


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
        ([[1, 2], [3, 4]], ["a", "b"], {"strata": ["x"]}, "strata"),
        ([[1, 2], [3, 4]], ["a", "b"], {"strata": ["x", "x", "y"]}, "strata"),
    ],
)
def test_faults(counts, groups, options, told):
    with pytest.raises(InputError) as caught:
        keyness(counts, groups, **options)
    message = str(caught.value)
    assert message.startswith("keyness: ") and told in message and "; " in message and "\n" not in message
