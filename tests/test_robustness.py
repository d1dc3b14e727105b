"""Robustness: each variant counts what it says, and the verdicts are read off the curve."""

import numpy as np
import pandas as pd
import pytest

from pressframes.robustness import specification, variants, verdicts


@pytest.fixture(scope="module")
def curve(study):
    return specification(study.annotations(), study.groups)


def test_the_first_variant_is_the_count_of_the_other_notebooks(study, curve):
    rates = study.rates("loaded").to_frame().set_index("group")["rate"]
    assert [curve[group].iloc[0] for group in study.groups] == pytest.approx([rates[group] for group in study.groups])


def test_the_voice_variant_is_the_rate_of_that_voice(study, curve):
    rates = study.rates("loaded", voice="outlet").to_frame().set_index("group")["rate"]
    row = curve[curve["variant"] == "the outlet's own words"].iloc[0]
    assert [row[group] for group in study.groups] == pytest.approx([rates[group] for group in study.groups])


def test_each_article_and_each_category_is_left_out_once(study):
    names = [variant.variant for variant in variants(study.annotations())]
    assert len(names) == len(set(names))
    assert {f"article {article.article_id}" for article in study.articles} <= set(names)
    loaded = study.annotations().loaded
    assert set(loaded[loaded["lexicon"] == "curated"]["category"]) <= set(names)


def test_leaving_something_out_adds_nothing(study):
    first, *others = variants(study.annotations())
    for variant in others:
        if variant.choice == "left out":
            assert len(variant.terms) <= len(first.terms) and len(variant.words) <= len(first.words)
            assert len(variant.terms) + len(variant.words) < len(first.terms) + len(first.words)


def test_a_group_without_words_has_no_rate(study, curve):
    alone = next(article.article_id for article in study.articles if study.sizes[article.group] == 1)
    group = next(article.group for article in study.articles if article.article_id == alone)
    assert np.isnan(curve.set_index("variant").loc[f"article {alone}", group])


def test_verdicts_count_the_variants_in_which_a_pair_keeps_its_order():
    curve = pd.DataFrame({"choice": "c", "variant": ["as counted", "x", "y", "z"], "A": [3.0, 1.0, 3.0, np.nan], "B": [2.0, 2.0, 2.0, 2.0]})
    row = verdicts(curve, ("A", "B")).iloc[0]
    assert row.to_dict() == {"higher": "A", "lower": "B", "difference": 1.0, "holds": 2, "variants": 3, "turned_by": "x"}
