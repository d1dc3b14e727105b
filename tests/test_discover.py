"""Candidates for the loaded terms against plain loops over the sentences, and the way of an accepted row into the list."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pressframes import discover, measures
from pressframes.cli import cli
from pressframes.discover import candidates
from pressframes.errors import InputError
from pressframes.lexicon import read_loaded
from pressframes.study import Study
from pressframes.tokens import FUNCTION_WORDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def found(study):
    return candidates(study)


@pytest.fixture(scope="module")
def sentences(tables):
    """Per sentence: the words, the free words (in no mention, name or curated term) and the hits of the lists with their words."""
    taken = {}
    for frame in (tables.mentions, tables.naming, tables.loaded[tables.loaded["lexicon"] == "curated"]):
        for row in frame.itertuples():
            taken.setdefault((row.article_id, row.sentence_id), []).append((row.start, row.end))
    hits = {}
    for row in tables.loaded.itertuples():
        hits.setdefault((row.article_id, row.sentence_id), set()).add((row.start, row.end))
    listed = []
    for key, part in tables.tokens.groupby(["article_id", "sentence_id"]):
        words = [token for token in part.itertuples() if token.norm[0].isalpha()]
        free = [token.norm for token in words if not any(start <= token.start < end for start, end in taken.get(key, ()))]
        spans = [{token.norm for token in words if start <= token.start < end} for start, end in hits.get(key, ())]
        listed.append((len(words), free, spans))
    return listed


def test_counts_and_keyness_are_those_of_a_loop_over_sentences(found, sentences):
    for row in found.to_frame().itertuples():
        loaded = [any(row.entry not in span for span in spans) for _, _, spans in sentences]
        total_a = sum(n for (n, _, _), inside in zip(sentences, loaded) if inside)
        total_b = sum(n for n, _, _ in sentences) - total_a
        count_a = sum(free.count(row.entry) for (_, free, _), inside in zip(sentences, loaded) if inside)
        count_b = sum(free.count(row.entry) for _, free, _ in sentences) - count_a
        assert (row.count_a, row.count_b, row.count) == (count_a, count_b, count_a + count_b), row.entry
        assert row.log_ratio == pytest.approx(measures.log_ratio(count_a, count_b, total_a, total_b)), row.entry
        assert row.g2 == pytest.approx(np.copysign(measures.g2(count_a, count_b, total_a, total_b), row.log_ratio)), row.entry


def test_no_word_is_its_own_company(make_study, lexicons):
    curated = discover._single_words(form for entry in lexicons.loaded for form in entry.forms)
    one, other = [entry.entry for entry in lexicons.opinion if entry.entry.isalpha() and entry.entry not in curated][:2]
    text = f"The weather was {one}.\n\nIt rained and the day was {one}.\n\nThey called it {one} and {other} rain.\n\nThe rain went on all day.\n"
    frame = candidates(Study.load(make_study({("a", "One"): text})), minimum=1).to_frame().set_index("entry")
    assert frame.loc[one, ["count_a", "count_b"]].tolist() == [1, 2]
    assert frame.loc[other, ["count_a", "count_b"]].tolist() == [1, 0]
    assert frame.loc["day", ["count_a", "count_b"]].tolist() == [1, 1]


def test_what_is_known_is_not_proposed(study, found):
    frame = found.to_frame()
    proposed = set(frame["entry"])
    assert not proposed & FUNCTION_WORDS
    assert not proposed & {form.lower() for entry in study.lexicons.loaded for form in entry.forms}
    assert not proposed & {"azerbaijan", "karabakh", "russia", "russian", "moscow", "peacekeepers", "aliyev", "armenian", "minsk", "nagorno"}
    assert {"region", "situation"} <= proposed and frame["count"].min() >= 3


def test_names_are_told_by_capitals_where_none_is_due(make_study):
    text = "Headline About Thugs\n\nMarble fell. He saw Lukas near the marble there. They met Lukas again. Granite was sold and Granite stayed.\n"
    proposed = set(candidates(Study.load(make_study({("a", "One"): text})), minimum=1).to_frame()["entry"])
    assert "marble" in proposed and not proposed & {"lukas", "granite"}


def test_dispersion_and_voice_are_those_of_the_tokens(study, tables, found):
    words = tables.tokens[tables.tokens["norm"].str[0].str.isalpha()]
    sizes = words.groupby("article_id").size()
    whole = found.to_frame().set_index("entry")
    whole = whole[whole["count"] == words["norm"].value_counts().reindex(whole.index)]  # no part of a longer name anywhere
    assert len(whole) > 50
    for entry, row in whole.iterrows():
        of_word = words[words["norm"] == entry]
        counts = of_word.groupby("article_id").size().reindex(sizes.index, fill_value=0)
        assert row["articles"] == (counts > 0).sum() and row["dp"] == pytest.approx(measures.deviation_of_proportions(counts, sizes))
        assert row["own"] == pytest.approx(100 * (of_word["voice"] == "outlet").mean())


def test_examples_are_sentences_of_the_study(study, found):
    texts = [" ".join(article.text.split()) for article in study.articles]
    for row in found.to_frame().itertuples():
        for example in filter(None, (row.example_1, row.example_2)):
            plain = example.removeprefix("… ").removesuffix(" …")
            assert plain.lower().count(f"[[{row.entry}") == 1 and len(example) < 300
            assert any(plain.replace("[[", "").replace("]]", "") in text for text in texts)
        assert row.example_1 and row.example_1 != row.example_2


def test_with_a_reference_study_against_study(make_study, study):
    mine = "The committee met. The committee slept. The committee ate a committee lunch.\n"
    small = Study.load(make_study({("a", "One"): mine}))
    row = candidates(small, study, by="keyness").to_frame().iloc[0]
    words = lambda annotations: int(annotations.tokens["norm"].str[0].str.isalpha().sum())
    there = int((study.annotations().tokens["norm"] == "committee").sum())
    assert (row["entry"], row["count_a"], row["count_b"]) == ("committee", 4, there)
    assert row["g2"] == pytest.approx(measures.g2(4, there, words(small.annotations()), words(study.annotations())))


def test_orders(study, found):
    by_model, by_keyness = found.to_frame(), candidates(study, by="keyness").to_frame()
    assert by_model["model"].is_monotonic_decreasing and by_keyness["g2"].is_monotonic_decreasing
    assert set(by_model["entry"]) == set(by_keyness["entry"]) and by_model["entry"].tolist() != by_keyness["entry"].tolist()
    with pytest.raises(InputError, match="'chance'"):
        candidates(study, by="chance")


def test_the_model_finds_terms_that_were_taken_off_the_list(study, tables):
    occur = sorted(set(tables.loaded.loc[tables.loaded["lexicon"] == "curated", "entry"]))
    others, shares = sorted(set(discover._candidate_tokens(study)["norm"])), []
    for fold in range(3):
        hidden, kept = ([entry for entry in study.lexicons.loaded if (entry.entry in occur[fold::3]) == out] for out in (True, False))
        printed = set(tables.tokens["norm"]) & discover._single_words(form for entry in hidden for form in entry.forms)
        lost = sorted(printed - set(others))
        scores = discover._likeness(lost + others, replace(study.lexicons, loaded=tuple(kept)))
        shares.append(np.mean(scores[: len(lost), None] > scores[len(lost) :]))  # area under the ROC curve; 0.5 by chance
    assert np.mean(shares) > 0.6


def test_too_short_a_list_teaches_nothing(study):
    few = replace(study.lexicons, loaded=study.lexicons.loaded[:1])
    assert np.isnan(discover._likeness(["one", "two"] * 20, replace(few, loaded=()))).all()


def test_tone_is_the_mean_of_the_sentences_about_a_target(study):
    tokens = study.annotations().tokens
    at = tokens[tokens["norm"] == "region"].drop_duplicates(["article_id", "sentence_id"])[["article_id", "sentence_id"]].head(3)
    judged = pd.concat([at.assign(score=[-0.5, 0.25, -0.5], target="russia"), pd.DataFrame({"article_id": ["000"], "sentence_id": [10**6], "score": [1.0], "target": ["us"]})])
    other = Study(study.settings, study.articles, study.lexicons)
    other.__dict__["_annotations"] = replace(study.annotations(), tone=judged)
    assert candidates(other).to_frame().set_index("entry")["tone"]["region"] == pytest.approx(-0.25)


@pytest.mark.parametrize("word, near", [("abusing", "abuse"), ("abuse", "abuse"), ("barrels", ""), ("injured", "injure"), ("war", ""), ("zzz", ""), ("disgust", "disgusting")])
def test_the_nearest_opinion_word_is_one_of_the_same_stem(word, near):
    assert discover._nearest([word], sorted(["abuse", "barren", "injure", "warrant", "disgusting"])) == [near]


SPANS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 9)), max_size=8)


@given(SPANS, SPANS)
def test_covering_is_that_of_a_double_loop(tokens, spans):
    frame = lambda rows: pd.DataFrame([(article_id, start, start + n) for article_id, start, n in rows], columns=["article_id", "start", "end"]).astype({"start": int, "end": int})
    tokens, spans = frame(tokens), frame(spans)
    covering = discover._covering(tokens, spans)
    for token, row in zip(tokens.itertuples(), covering):
        inside = [i for i, span in enumerate(spans.itertuples()) if span.article_id == token.article_id and span.start <= token.start < span.end]
        assert (row in inside) if inside else row == -1


def test_an_accepted_row_can_be_appended_to_the_list(found, tmp_path):
    file = tmp_path / "loaded.csv"
    file.write_bytes((ROOT / "lexicons" / "loaded.csv").read_bytes())
    header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    frame = found.to_frame()
    assert frame.columns[0] == "accept" and list(frame.columns[1 : 1 + len(header)]) == header
    row = frame.iloc[0][header].to_dict() | {"category": "intensifier", "polarity": "negative", "reason": "a test", "source": "editors"}
    with file.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, header).writerow(row)
    assert read_loaded(file)[-1].entry == frame["entry"][0]


def test_discover_on_the_command_line(tmp_path, study, found):
    run = lambda *words: CliRunner().invoke(cli, ["discover", str(study.settings.folder), "--out", str(tmp_path / "c.csv"), *words])
    result = run("--top", "12")
    assert result.exit_code == 0, result.exception
    written = pd.read_csv(tmp_path / "c.csv")
    assert written["entry"].tolist() == found.to_frame()["entry"].head(12).tolist() and written["accept"].isna().all()
    assert "12 candidates" in result.output and f"First 12 of {len(found.frame)} rows." in result.output
    assert isinstance(run().exception, InputError)
