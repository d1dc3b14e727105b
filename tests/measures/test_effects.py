"""Effect sizes against plain transcriptions of their published formulas, and against scipy; test_reference.py holds them to other implementations."""

from math import log2, sqrt

import pytest
from scipy import stats

from pressframes import measures

TABLES = [(30, 10, 1000, 1000), (3, 40, 500, 9000), (7, 7, 100, 100), (1, 0, 200, 300), (0, 12, 900, 800)]


@pytest.mark.parametrize("a, b, all_a, all_b", TABLES)
class TestEffects:
    def test_conservative_log_ratio_is_the_near_end_of_the_exact_interval(self, a, b, all_a, all_b):
        interval = stats.binomtest(a, a + b).proportion_ci(0.95, method="exact")
        ends = [log2(p / (1 - p) * all_b / all_a) if 0 < p < 1 else float("inf") * (1 if p else -1) for p in (interval.low, interval.high)]
        wanted = max(ends[0], 0) if a / all_a >= b / all_b else min(ends[1], 0)
        assert measures.conservative_log_ratio(a, b, all_a, all_b) == pytest.approx(wanted, abs=1e-9)

    def test_the_conservative_one_is_no_further_from_zero(self, a, b, all_a, all_b):
        assert abs(measures.conservative_log_ratio(a, b, all_a, all_b)) <= abs(measures.log_ratio(a, b, all_a, all_b)) + 1e-9

    def test_more_tests_make_it_more_careful(self, a, b, all_a, all_b):
        once, often = (abs(measures.conservative_log_ratio(a, b, all_a, all_b, tests=n)) for n in (1, 1000))
        assert often <= once


def test_delta_p_mutual_information_and_t_by_hand():
    together, word, node, total = 6, 15, 20, 200
    given_node, given_word = measures.delta_p(together, word, node, total)
    assert given_node == pytest.approx(6 / 20 - 9 / 180) and given_word == pytest.approx(6 / 15 - 14 / 185)
    assert measures.mutual_information(together, word, node, total) == pytest.approx(log2(6 / (15 * 20 / 200)))
    assert measures.t_score(together, word, node, total) == pytest.approx((6 - 1.5) / sqrt(6))


def test_shift_contributions_sum_to_the_difference():
    a, b = [6, 1, 0], [1, 3, 2]
    parts = measures.contributions(a, b, 1234, 777)
    assert parts.sum() == pytest.approx(1000 * (sum(a) / 1234 - sum(b) / 777), abs=1e-12)
