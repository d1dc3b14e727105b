"""Our figures against those that other people's implementations gave for the same counts (reference/, made by reference/make.py).

Where the definition is the same they agree to 1e-9; where a package defines a measure otherwise, the test says how, and holds the relation between the two.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pressframes import measures


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "reference" / name, comment="#")


@pytest.fixture(scope="module")
def terms():
    return read("keyness.csv")


@pytest.fixture(scope="module")
def pairs():
    return read("collocation.csv")


@pytest.fixture(scope="module")
def parts():
    frame = read("dispersion.csv")
    counts = frame.filter(like="part_").to_numpy().T
    return frame, counts, counts.sum(axis=1)


def table_of(terms):
    return [terms[column].to_numpy() for column in ("count_a", "count_b", "total_a", "total_b")]


def same(ours, theirs):
    assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-9, abs=1e-9)


def test_the_counts_hold_what_is_hard(terms):
    assert len(terms) == 60 and ((terms["count_a"] == 0) & (terms["count_b"] > 0)).any() and ((terms["count_b"] == 0) & (terms["count_a"] > 0)).any()


class TestKeyness:
    @pytest.mark.parametrize("column", ["g2_scipy", "signed_g2_association_measures", "signed_g2_pycorpdiff_four_cells"])
    def test_g2(self, terms, column):
        same(measures.g2(*table_of(terms)), terms[column].abs())

    @pytest.mark.parametrize("column", ["signed_g2_association_measures", "signed_g2_pycorpdiff_four_cells"])
    def test_the_sign_of_g2_is_that_of_log_ratio(self, terms, column):
        a, b, total_a, total_b = table_of(terms)
        differs = a * total_b != b * total_a
        assert (np.sign(measures.log_ratio(a, b, total_a, total_b)) == np.sign(terms[column]))[differs].all()

    @pytest.mark.parametrize("column", ["signed_g2_anyts_two_cells", "signed_g2_pycorpdiff_two_cells"])
    def test_two_cells_leave_out_the_other_words(self, terms, column):
        """Rayson and Garside's form sums over the term's two cells; Dunning's, ours, adds those of the other words."""
        a, b, total_a, total_b = table_of(terms)
        rest, expected = np.stack([total_a - a, total_b - b]), np.stack([total_a, total_b]) * (1 - (a + b) / (total_a + total_b))
        same(measures.g2(a, b, total_a, total_b) - 2 * (rest * np.log(rest / expected)).sum(axis=0), terms[column].abs())

    @pytest.mark.parametrize("column", ["log_ratio_association_measures_hardie", "log_ratio_anyts"])
    def test_log_ratio(self, terms, column):
        same(measures.log_ratio(*table_of(terms)), terms[column])

    def test_log_ratio_where_a_half_is_added_to_all_counts(self, terms):
        """pycorpdiff adds 0.5 to every count, Walter (1975) to counts and totals; Hardie, and we, replace 0 alone."""
        a, b, total_a, total_b = table_of(terms)
        same(measures.log_ratio(a + 0.5, b + 0.5, total_a, total_b), terms["log_ratio_pycorpdiff"])
        same(measures.log_ratio(a + 0.5, b + 0.5, total_a + 0.5, total_b + 0.5), terms["log_ratio_association_measures_walter"])

    def test_conservative_log_ratio(self, terms):
        same(measures.conservative_log_ratio(*table_of(terms)), terms["lrc_association_measures"])
        same(measures.conservative_log_ratio(*table_of(terms), tests=60), terms["lrc_association_measures_60_tests"])
        same(measures.conservative_log_ratio(*table_of(terms), tests=60), terms["lrc_scattertext_60_tests"])

    def test_percent_difference(self, terms):
        """anyts replaces a count of 0 by 0.5, on either side."""
        a, b, total_a, total_b = table_of(terms)
        same(measures.percent_difference(a, b, total_a, total_b), terms["percent_difference_pycorpdiff"])
        same(measures.percent_difference(np.where(a, a, 0.5), np.where(b, b, 0.5), total_a, total_b), terms["percent_difference_anyts"])

    def test_odds_ratio(self, terms):
        """scipy is given cells with 0.5 added; anyts adds nothing and replaces 0 by 0.5, which taking 0.5 off all four cells undoes."""
        a, b, total_a, total_b = table_of(terms)
        same(measures.odds_ratio(a, b, total_a, total_b), terms["odds_ratio_scipy_half_added"])
        same(measures.odds_ratio(np.where(a, a, 0.5) - 0.5, np.where(b, b, 0.5) - 0.5, total_a - 1, total_b - 1), terms["odds_ratio_anyts"])

    def test_weighted_log_odds(self, terms):
        ours = measures.weighted_log_odds(terms["count_a"], terms["count_b"], prior=terms["prior"], strength=terms["strength"][0])
        same(ours, terms["weighted_log_odds_convokit"])


class TestCollocation:
    def test_mutual_information(self, pairs):
        """association-measures takes the logarithm to base 10."""
        ours = measures.mutual_information(pairs["together"], pairs["word"], pairs["node"], pairs["total"])
        same(ours, pairs["mutual_information_pycorpdiff"])
        same(ours, pairs["mutual_information_anyts"])
        same(ours, pairs["mutual_information_association_measures_log10"] / np.log10(2))

    @pytest.mark.parametrize("package", ["pycorpdiff", "anyts", "association_measures"])
    def test_t_score(self, pairs, package):
        same(measures.t_score(pairs["together"], pairs["word"], pairs["node"], pairs["total"]), pairs[f"t_score_{package}"])

    @pytest.mark.parametrize("package", ["pycorpdiff", "anyts"])
    def test_log_dice(self, pairs, package):
        same(measures.log_dice(pairs["together"], pairs["word"], pairs["node"]), pairs[f"log_dice_{package}"])

    def test_delta_p(self, pairs):
        """Liddell's difference of proportions is delta P in one direction; the other comes from exchanging word and node."""
        given_node, given_word = measures.delta_p(pairs["together"], pairs["word"], pairs["node"], pairs["total"])
        same(given_node, pairs["liddell_association_measures_given_node"])
        same(given_word, pairs["liddell_association_measures_given_word"])


class TestDispersion:
    @pytest.mark.parametrize("package", ["anyts", "scattertext"])
    def test_dp(self, parts, package):
        frame, counts, sizes = parts
        same(measures.deviation_of_proportions(counts, sizes), frame[f"dp_{package}"])

    @pytest.mark.parametrize("package", ["anyts", "scattertext"])
    def test_dp_norm(self, parts, package):
        frame, counts, sizes = parts
        same(measures.normalised_deviation(counts, sizes), frame[f"dp_norm_{package}"])


def test_word_shift():
    """shifterator takes the second text less the first, per word."""
    frame = read("shift.csv")
    a, b = frame["count_a"], frame["count_b"]
    same(measures.contributions(a, b, a.sum(), b.sum()), -1000 * frame["shift_shifterator"])
