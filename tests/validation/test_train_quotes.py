from pathlib import Path

import pytest

from pressframes.layers import quotes
from pressframes.validation import train_quotes
from pressframes.validation.quotes import judge

GOLD = Path(__file__).parents[2] / "gold" / "quotes"


@pytest.fixture(scope="module")
def development():
    return train_quotes.read_signs(GOLD)


def test_the_shipped_points_are_those_fitted_to_the_development_part(development):
    gold, signs = development
    fitted = train_quotes.fit([quote.label for quote in gold], signs)
    assert fitted.keys() == quotes._POINTS.keys()
    for sign, points in fitted.items():
        assert quotes._POINTS[sign] == pytest.approx(points, abs=1), sign  # a tenth: other builds of the solver may round otherwise


def test_kinds_are_those_of_the_layer(development):
    gold, signs = development
    labels = train_quotes.kinds(quotes._POINTS, signs)
    judged = judge(GOLD, part="dev")["predicted"].tolist()
    assert sum(label == kind for label, kind in zip(labels, judged, strict=True)) >= len(judged) - 3  # a quotation across another counts as part of it there


def test_a_sign_counts_for_the_label_it_goes_with():
    signs = [frozenset({"any quote", "a"}), frozenset({"any quote", "b"}), frozenset({"any quote"})] * 30
    points = train_quotes.fit(["scare", "name", "direct"] * 30, signs)
    assert points["a"][0] > 0 > points["any quote"][0] and points["b"][1] > 0 > points["any quote"][1]
    assert train_quotes.kinds(points, signs[:3]) == ["scare", "name", "direct"]


def test_cross_validation_judges_articles_that_were_not_fitted_to(development):
    gold, signs = development
    assert 0.7 < train_quotes.cross_validate(gold, signs, folds=5) < 0.9
    shuffled = [*signs[1:], signs[0]]
    assert train_quotes.cross_validate(gold, shuffled, folds=5) < 0.5
