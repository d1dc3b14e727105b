"""Dispersion against plain loops and the limits of the definition."""

import numpy as np
import pytest

from pressframes.measures import deviation_of_proportions, document_frequency, normalised_deviation


def plainly(counts, sizes):
    shares, observed = [size / sum(sizes) for size in sizes], [count / sum(counts) for count in counts]
    return sum(abs(a - b) for a, b in zip(observed, shares)) / 2


@pytest.mark.parametrize("counts, sizes", [([1, 2, 3], [10, 10, 10]), ([0, 0, 7], [5, 50, 500]), ([4, 1, 1, 9], [9, 8, 7, 6])])
def test_dp_is_half_the_sum_of_differences(counts, sizes):
    assert deviation_of_proportions(counts, sizes) == pytest.approx(plainly(counts, sizes))


def test_a_word_spread_as_the_parts_are_has_none_and_one_in_the_smallest_part_has_all():
    assert deviation_of_proportions([1, 2, 3], [10, 20, 30]) == pytest.approx(0)
    assert normalised_deviation([5, 0, 0], [10, 20, 30]) == pytest.approx(1)


def test_terms_are_taken_side_by_side():
    counts, sizes = np.array([[1, 0], [2, 4], [0, 4]]), [10, 10, 20]
    together = deviation_of_proportions(counts, sizes)
    assert together.tolist() == pytest.approx([plainly(counts[:, 0], sizes), plainly(counts[:, 1], sizes)])
    assert document_frequency(counts).tolist() == [2, 2]


def test_a_word_that_does_not_occur_has_no_dispersion():
    assert np.isnan(deviation_of_proportions([0, 0], [10, 10]))
