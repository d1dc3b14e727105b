"""Alpha against published figures, a plain pair-by-pair count, and the limits of the definition."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressframes.errors import InputError
from pressframes.measures.agreement import alpha_interval, krippendorff_alpha, percent_agreement

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability": examples A, B and C with the figures printed there.
BINARY = list(zip("0100000010", "1110010000"))
NOMINAL = list(zip("aabbdcccedda", "babbbccceddd"))
MISSING = list(zip(
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
))  # fmt: skip


def plainly(units, ordinal=False):
    """Mean squared distance within units over that between all paired labels: the definition, pair by pair."""
    units = [[label for label in unit if label is not None] for unit in units]
    units = [unit for unit in units if len(unit) > 1]
    labels = [label for unit in units for label in unit]

    def distance(a, b):
        if a == b or not ordinal:
            return float(a != b)
        low, high = sorted((a, b))
        return (sum(low <= label <= high for label in labels) - (labels.count(a) + labels.count(b)) / 2) ** 2

    observed = sum(distance(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)) / len(labels)
    expected = sum(distance(a, b) for a, b in permutations(labels, 2)) / (len(labels) * (len(labels) - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("units, ordinal, published", [(BINARY, False, 0.095), (NOMINAL, False, 0.692), (MISSING, False, 0.743), (MISSING, True, 0.815)])
def test_alpha_is_as_published(units, ordinal, published):
    assert krippendorff_alpha(units, ordinal=ordinal) == pytest.approx(published, abs=0.0005)


@given(st.lists(st.lists(st.sampled_from([1, 2, 3, 4, None]), min_size=3, max_size=3), min_size=2, max_size=12), st.booleans())
def test_alpha_is_what_a_count_pair_by_pair_gives(units, ordinal):
    paired = {label for unit in units if sum(label is not None for label in unit) > 1 for label in unit if label is not None}
    found = krippendorff_alpha(units, ordinal=ordinal)
    if len(paired) < 2:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(plainly(units, ordinal))


def test_alpha_knows_agreement_and_its_contrary():
    assert krippendorff_alpha([("a", "a"), ("b", "b")]) == 1
    assert krippendorff_alpha([("a", "b")] * 20) < 0


def test_levels_give_the_order_and_ones_that_do_not_occur_change_nothing():
    tones = ("negative", "neutral", "positive")
    far, near = [("negative", "positive"), ("positive", "positive")] * 5, [("neutral", "positive"), ("positive", "positive")] * 5
    both = [("negative", "negative"), ("neutral", "neutral"), ("positive", "positive")] * 5
    assert krippendorff_alpha(both + far, levels=tones, ordinal=True) < krippendorff_alpha(both + near, levels=tones, ordinal=True)
    assert krippendorff_alpha(NOMINAL, levels="abcdefg") == pytest.approx(krippendorff_alpha(NOMINAL))


def test_empty_cells_are_missing():
    assert krippendorff_alpha([("a", "a", ""), ("b", "b", None), ("a", "b", float("nan")), ("a", "", "")]) == krippendorff_alpha([("a", "a"), ("b", "b"), ("a", "b")])


def test_percent_agreement_counts_pairs():
    assert percent_agreement(BINARY) == 60  # as printed beside example A
    assert percent_agreement([("a", "a", "b")]) == pytest.approx(100 / 3)
    assert math.isnan(percent_agreement([("a", None)]))


def test_interval_is_that_of_a_plain_bootstrap():
    rng = np.random.default_rng(3)
    drawn = [krippendorff_alpha([NOMINAL[i] for i in rng.integers(0, len(NOMINAL), len(NOMINAL))], levels="abcde") for _ in range(1500)]
    assert alpha_interval(NOMINAL, resamples=4000, seed=1) == pytest.approx(tuple(np.nanpercentile(drawn, [2.5, 97.5])), abs=0.05)


def test_interval_is_the_same_for_a_seed_and_narrower_for_more_units():
    assert alpha_interval(NOMINAL, seed=5) == alpha_interval(NOMINAL, seed=5) != alpha_interval(NOMINAL, seed=6)
    low, high = alpha_interval(NOMINAL, seed=5)
    more_low, more_high = alpha_interval(NOMINAL * 20, seed=5)
    assert more_high - more_low < (high - low) / 3


def test_units_of_one_cluster_are_drawn_together():
    repeated = [unit for unit in NOMINAL for _ in range(20)]
    clusters = [i for i in range(len(NOMINAL)) for _ in range(20)]
    width = lambda interval: interval[1] - interval[0]
    assert width(alpha_interval(repeated, clusters=clusters, seed=2)) > 3 * width(alpha_interval(repeated, seed=2))
    assert alpha_interval(NOMINAL, clusters=range(len(NOMINAL)), seed=2) == alpha_interval(NOMINAL, seed=2)


def test_without_variation_there_is_nothing_to_tell():
    assert all(map(math.isnan, (krippendorff_alpha([("a", "a")] * 9), *alpha_interval([("a", "a")] * 9), krippendorff_alpha([("a", None), (None, "b")]))))


@pytest.mark.parametrize("call", [
    lambda: krippendorff_alpha([("a", "x")], levels="ab"), lambda: krippendorff_alpha(["a", "b"]), lambda: alpha_interval(NOMINAL, clusters=[1, 2]),
])  # fmt: skip
def test_wrong_input_is_said(call):
    with pytest.raises(InputError):
        call()
