"""Robustness: each variant counts what it says, and the verdicts are read off the curve."""

import numpy as np
import pandas as pd
import pytest

from pressframes.findings import robust
from pressframes.layers.regions import KEPT
from pressframes.robustness import left_out, specification, variants, verdicts
from pressframes.study import Study
from pressframes.tokens import tokenise


@pytest.fixture(scope="module")
def outside(study):
    return left_out(study.articles, study.annotations(), study.lexicons.loaded)


@pytest.fixture(scope="module")
def curve(study, outside):
    return specification(variants(study.annotations(), outside), study.groups)


def test_what_is_left_out_is_all_that_is_no_title_or_body(study, outside):
    rows = study.annotations().regions
    words = sum(len(tokenise(study.text(row.article_id), row.start, row.end)) for row in rows.itertuples() if row.kind not in KEPT)
    assert len(outside.words) == words > 0 and set(outside.terms["group"]) <= set(study.groups)


def test_a_term_in_a_caption_counts_in_one_variant_alone(make_study):
    study = Study.load(make_study({("1", "A"): "The talks ended on Monday in the city.\nRead more: the barbaric regime\n", ("2", "B"): "The talks ended on Monday in the city.\n"}))
    curve = study.specification().to_frame().set_index("variant")["A"]
    assert curve["captions, furniture and background left in"] > 0 and curve.iloc[0] == 0


def test_groups_that_are_alike_as_counted_do_not_hold_and_do_not_turn():
    curve = pd.DataFrame({"choice": "x", "variant": ["as counted", "other"], "A": [0.0, 2.0], "B": [0.0, 1.0], "C": [np.nan, 1.0], **dict.fromkeys(("A terms", "B terms", "C terms"), 9)})
    told = verdicts(curve, ("A", "B", "C"))
    assert told[["difference", "holds", "turned_by"]].values.tolist() == [[0.0, 0, ""]]
    assert "alike as counted" in robust(told).text


def test_the_first_variant_is_the_count_of_the_other_notebooks(study, curve):
    rates = study.rates("loaded").to_frame().set_index("group")["rate"]
    assert [curve[group].iloc[0] for group in study.groups] == pytest.approx([rates[group] for group in study.groups])


def test_the_voice_variant_is_the_rate_of_that_voice(study, curve):
    rates = study.rates("loaded", voice="outlet").to_frame().set_index("group")["rate"]
    row = curve[curve["variant"] == "the outlet's own words"].iloc[0]
    assert [row[group] for group in study.groups] == pytest.approx([rates[group] for group in study.groups])


def test_each_article_and_each_category_is_left_out_once(study, outside):
    names = [variant.variant for variant in variants(study.annotations(), outside)]
    assert len(names) == len(set(names))
    assert {f"without article {article.article_id}" for article in study.articles} <= set(names)
    loaded = study.annotations().loaded
    assert {f"without terms of {category}" for category in loaded[loaded["lexicon"] == "curated"]["category"]} <= set(names)


def test_leaving_something_out_adds_nothing(study, outside):
    first, *others = variants(study.annotations(), outside)
    for variant in others:
        if variant.choice == "left out":
            assert len(variant.terms) <= len(first.terms) and len(variant.words) <= len(first.words)
            assert len(variant.terms) + len(variant.words) < len(first.terms) + len(first.words)


def test_a_group_without_words_has_no_rate(study, curve):
    alone = next(article.article_id for article in study.articles if study.sizes[article.group] == 1)
    group = next(article.group for article in study.articles if article.article_id == alone)
    assert np.isnan(curve.set_index("variant").loc[f"without article {alone}", group])


def test_verdicts_count_the_variants_in_which_a_pair_keeps_its_order():
    curve = pd.DataFrame({"choice": "c", "variant": ["as counted", "x", "y", "z"], "A": [3.0, 1.0, 4.0, np.nan], "B": [2.0, 2.0, 2.0, 2.0], "A terms": 9, "B terms": 4})
    row = verdicts(curve, ("A", "B")).iloc[0]
    assert row.to_dict() == {"higher": "A", "lower": "B", "difference": 1.0, "holds": 1, "variants": 2, "turned_by": "x", "higher_terms": 9, "lower_terms": 4}


def test_a_group_of_few_terms_is_told_and_not_ranked(study):
    counts = study.rates("loaded").to_frame().set_index("group")["count"]
    few = [group for group in study.groups if counts[group] < 5]
    told, table = robust(study.verdicts().to_frame()).text, study.verdicts()
    assert few and all(f"{group} ({counts[group]})" in told and f"{group} ({counts[group]})" in table.notes[-1] for group in few)
    assert not any(f"{group} (" in told for group in set(study.groups) - set(few))


def test_behind_a_variant_stand_the_terms_that_it_keeps(study, curve):
    table = study.specification()
    for row in curve[curve["variant"] != "captions, furniture and background left in"].iloc[::5].to_dict("records"):
        for group in study.groups:
            assert len(table.explain(variant=row["variant"], group=group)) == row[f"{group} terms"]
    assert study.verdicts().explain().to_frame().equals(study.concordance(loaded="*").to_frame())


def test_behind_the_keywords_stand_their_places(study):
    keyness, table = study.keyness("Turan"), study.keyword_variants("Turan")
    first = keyness.frame[keyness.frame["signed"] > 0].head(20)
    assert len(table.explain()) == first[["count_a", "count_b"]].to_numpy().sum() and len(table.explain(term=first["term"].iloc[0], side="Turan")) == first["count_a"].iloc[0]


def test_keywords_that_stay_are_those_of_the_table(study):
    frame = study.keyword_variants("Turan").to_frame()
    first = study.keyness("Turan").to_frame().query("log_ratio > 0").head(20)["term"].tolist()
    assert (frame["of"] == 20).all() and {"conservative Log Ratio", "without article 002"} - set(frame["variant"]) == {"without article 002"}, "without its only article the group has no words"
    for row in frame.itertuples():
        lost = row.lost.split(", ") if row.lost else []
        assert row.kept + len(lost) == 20 and set(lost) <= set(first)

