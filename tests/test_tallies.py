"""Merged counts say what the articles themselves say."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pages import LEXICONS
from runs import write_corpus
from scipy import stats

from pressframes import comparison, counts, measures, tallies
from pressframes.annotate import COLUMNS, Annotations, annotate
from pressframes.corpus import Article
from pressframes.runs import annotate_partitions
from pressframes.errors import InputError
from pressframes.tallies import KEYS, Tallies, added, tally
from pressframes.tokens import tokenise


@pytest.fixture(scope="module")
def merged(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("merged")
    annotate_partitions("seeds", out)
    return Tallies.open(out)


@pytest.mark.parametrize("options", [{}, {"voice": "outlet"}, {"target": "russia"}, {"voice": "outlet", "target": "peacekeepers"}])
def test_rates_are_those_of_the_study(study, merged, options):
    ours, theirs = merged.rates("loaded", **options).to_frame(), study.rates("loaded", **options).to_frame()
    assert ours[["group", "count", "words", "rate"]].values.tolist() == theirs[["group", "count", "words", "rate"]].values.tolist()


def test_counts_of_annotations_are_those_of_a_run(study, merged):
    pd.testing.assert_frame_equal(Tallies.of(study.annotations()).rates("loaded").to_frame(), merged.rates("loaded").to_frame())


def test_mentions_and_kinds_are_those_of_the_study(study, merged):
    theirs = study.rates("mentions", by=("group", "target")).to_frame()
    for target, label in study.targets.items():
        wanted = theirs[theirs["target"] == label][["group", "count", "words"]].values.tolist()
        assert merged.rates("mentions", kind=target).to_frame()[["group", "count", "words"]].values.tolist() == wanted
    theirs = study.rates("loaded", by=("group", "category"), voice="direct").to_frame()
    category = theirs["category"].iloc[0]
    wanted = theirs[theirs["category"] == category][["group", "count"]].values.tolist()
    assert merged.rates("loaded", kind=category, voice="direct").to_frame()[["group", "count"]].values.tolist() == wanted


@pytest.mark.parametrize("voice", [None, "outlet"])
def test_keyness_is_that_of_the_study(study, merged, voice):
    ours = merged.keyness("Azerbaijani", reference="Bulgarian", voice=voice or "", minimum=3).to_frame().set_index("term")
    theirs = study.keyness("Azerbaijani", reference="Bulgarian", voice=voice, minimum=3).to_frame().set_index("term").reindex(ours.index)
    pd.testing.assert_frame_equal(ours[["count_a", "count_b", "g2", "log_ratio"]], theirs[["count_a", "count_b", "g2", "log_ratio"]].astype(ours[["count_a", "count_b", "g2", "log_ratio"]].dtypes))


@pytest.fixture(scope="module")
def partly(tmp_path_factory):
    """A corpus of 24 articles in several partitions: its merged counts, and all of its layers as one."""
    folder = tmp_path_factory.mktemp("partly")
    run = annotate_partitions(str(write_corpus(folder / "corpus.parquet")), folder / "out", size=3000)
    assert run.partitions > 3
    return Tallies.open(folder / "out"), Annotations(**{name: pd.read_parquet(folder / "out" / name) for name in COLUMNS})


@pytest.mark.parametrize("options", [{}, {"voice": "outlet"}, {"target": "russia"}])
def test_differences_of_partitions_are_those_of_the_whole(partly, options):
    merged, annotations = partly
    events = counts.with_articles(annotations.loaded[annotations.loaded["lexicon"] == "curated"], annotations)
    words = counts.sentence_words(annotations)
    for name, value in options.items():
        events, words = (counts.in_target_sentences(frame, annotations) if name == "target" else frame for frame in (events, words))
        events, words = (frame[frame[name] == value] for frame in (events, words))
    wanted = comparison.differences(events, words, merged.groups, sentences=annotations.sentences)
    ours = merged.differences("loaded", **options).to_frame()
    assert wanted["p"].notna().all()
    columns = ["group_a", "group_b", "count_a", "count_b", "rate_a", "rate_b", "p", "q", *(["low", "high"] if (wanted["drawn"] == "articles").all() else [])]
    pd.testing.assert_frame_equal(ours[columns], wanted[columns])


@pytest.mark.parametrize("voice", ["", "outlet"])
def test_keyness_of_partitions_is_that_of_the_whole(partly, voice):
    merged, annotations = partly
    wanted = comparison.keywords(comparison.two_sides(annotations, "A", None, by="group", voice=voice or None), minimum=3).frame.set_index("term")
    ours = merged.keyness("A", voice=voice, minimum=3).to_frame().set_index("term")
    assert wanted["p"].notna().all() and wanted["low"].notna().any()
    pd.testing.assert_frame_equal(ours.reindex(wanted.index), wanted)


def test_of_too_many_articles_the_sums_alone_answer(partly, monkeypatch):
    merged, _ = partly
    read = merged.keyness("A", minimum=3).to_frame().set_index("term").sort_index()
    monkeypatch.setattr(tallies, "MOST_ARTICLES", 23)
    columns = ["count_a", "count_b", "articles_a", "articles_b", "g2", "log_ratio"]
    alone = merged.keyness("A", minimum=3).to_frame().set_index("term").sort_index()
    assert "p" not in alone and "p" not in merged.differences("loaded").to_frame()
    pd.testing.assert_frame_equal(alone[columns], read[columns], check_dtype=False)


def test_article_rates_are_those_of_the_study(study, merged):
    for options in ({}, {"voice": "outlet"}, {"target": "russia"}):
        pd.testing.assert_frame_equal(merged.article_rates("loaded", **options), study.article_rates("loaded", **options), check_dtype=False)


def test_the_surface_tells_in_how_many_articles_a_word_stands(study, tmp_path):
    annotate_partitions("seeds", tmp_path, layers="surface", size=3000)
    merged = Tallies.open(tmp_path)
    texts = {article.article_id: {token.norm for token in tokenise(article.text)} for article in study.articles}
    for row in merged.keyness("Azerbaijani", minimum=5).to_frame().itertuples():
        inside = [row.term in texts[article.article_id] for article in study.articles if article.group == "Azerbaijani"]
        assert row.articles_a == sum(inside) and row.articles_a + row.articles_b == sum(row.term in words for words in texts.values())


def test_the_interval_is_that_of_a_ratio_estimate(study, merged):
    articles = study.article_rates("loaded", voice="outlet")
    part = articles[articles["group"] == "Azerbaijani"]
    rate = part["count"].sum() / part["words"].sum()
    reach = stats.t.ppf(0.975, len(part) - 1) * np.sqrt(len(part) * (part["count"] - rate * part["words"]).var(ddof=1)) / part["words"].sum()
    told = merged.rates("loaded", voice="outlet").to_frame().set_index("group").loc["Azerbaijani"]
    assert [told["low"], told["high"]] == pytest.approx([max(0, 1000 * (rate - reach)), 1000 * (rate + reach)])


def test_the_interval_of_a_difference_keeps_the_bound_of_a_side_without_events(merged):
    rates = merged.rates("naming", kind="the territory: Garabagh").to_frame().set_index("group")
    none = rates.index[rates["count"] == 0][0]
    for row in merged.differences("naming", kind="the territory: Garabagh").to_frame().itertuples():
        a, b = rates.loc[row.group_a], rates.loc[row.group_b]
        assert row.low == pytest.approx(row.difference - np.hypot(a["rate"] - a["low"], b["high"] - b["rate"]), nan_ok=True)
        assert row.high == pytest.approx(row.difference + np.hypot(a["high"] - a["rate"], b["rate"] - b["low"]), nan_ok=True)
    assert rates.loc[none, "high"] == pytest.approx(1000 * measures.zero_upper_bound(rates.loc[none, "words"]))
    assert "not testable with 3 and 1 articles" in merged.differences("loaded").notes[0]


def test_the_interval_nears_that_of_articles_drawn_anew(tmp_path):
    """400 articles whose events cluster: the normal interval against the bootstrap of whole articles."""
    draw = np.random.default_rng(5)
    words, clumps = draw.integers(100, 900, 400), draw.gamma(2, 0.005, 400)
    events = draw.poisson(words * clumps)
    low, high = measures.bootstrap_rates(events[:, None], words[:, None], ["a"] * 400, seed=1)
    row = lambda what, n, cross: {"what": what, "group": "a", "voice": "", "target": "", "kind": "", "n": int(n.sum()), "squares": int((n**2).sum()), "cross": int(cross.sum()), "articles": int((n > 0).sum())}
    rates = pd.DataFrame([row("words", words, 0 * words), row("loaded", events, events * words)])
    tallies = Tallies(pd.DataFrame({"group": ["a"], "outlet": ["x"], "articles": [400], "words": [words.sum()]}), pd.DataFrame(columns=["group", "voice", "term", "n", "articles"]), rates, pd.DataFrame(columns=["group", "lexicon", "entry", "n"]))
    told = tallies.rates("loaded").to_frame().iloc[0]
    width = 1000 * (high[0] - low[0])
    assert abs(told["low"] - 1000 * low[0]) < 0.1 * width and abs(told["high"] - 1000 * high[0]) < 0.1 * width


def test_the_surface_finds_what_all_layers_find_where_no_context_decides(study, tmp_path):
    """Every mention by a name that needs no introduction, and of the curated terms those without conditions, at the same place."""
    annotate_partitions("seeds", tmp_path, layers="surface")
    hits, whole = pd.read_parquet(tmp_path / "hits"), study.annotations()
    body = lambda frame: {(row.article_id, row.start, row.end) for row in frame.itertuples()}
    free = {entry.entry for entry in study.lexicons.loaded if not (entry.only_with or entry.not_with)}
    curated = whole.loaded[(whole.loaded["lexicon"] == "curated") & whole.loaded["entry"].isin(free)]
    assert len(curated) > 10 and len(body(curated) - body(hits[hits["lexicon"] == "loaded"])) <= 0.02 * len(curated)
    assert body(whole.mentions[whole.mentions["kind"] == "name"]) <= body(hits[hits["lexicon"] == "targets"])
    by_hand = hits.merge(pd.read_parquet(tmp_path / "articles")).groupby(["group", "lexicon", "entry"]).size()
    counted = Tallies.open(tmp_path)
    assert counted.hit_counts.set_index(["group", "lexicon", "entry"])["n"].to_dict() == by_hand.to_dict()
    assert counted.hits("targets").to_frame()["count"].sum() == len(hits[hits["lexicon"] == "targets"])


def test_parts_add_up_to_the_whole(study):
    whole = tally(study.annotations())
    alone = [tally(study.annotations().only([article.article_id])) for article in study.articles]
    for name in KEYS.keys() & whole:
        together = added([part[name] for part in alone], name)
        assert together.equals(added([whole[name]], name)) and together.equals(added([added([part[name] for part in alone[3:]], name), *(part[name] for part in alone[2::-1])], name))


def test_an_article_without_a_word():
    empty = Article("1", "1.txt", "A", "Paper", "", "", "", "", "", "", "...", "0" * 64)
    told = tally(annotate([empty], LEXICONS))
    assert told["group_counts"].to_pylist() == [{"group": "A", "outlet": "Paper", "articles": 1, "words": 0}] and isinstance(told["term_counts"], pa.Table) and not len(told["term_counts"])


def test_wrong_names_get_one_line(merged, tmp_path):
    for ask, wanted in [
        (lambda: merged.rates("tone"), "unknown 'tone'; use loaded, mentions, naming"),
        (lambda: merged.rates("loaded", target="rusia"), "unknown target 'rusia'"),
        (lambda: merged.rates("mentions"), "unknown kind ''"),
        (lambda: merged.keyness("Turkish"), "unknown group 'Turkish'; use Azerbaijani, Bulgarian, Turan"),
        (lambda: merged.keyness("Turan", reference="Turan"), "nothing to be compared with"),
        (lambda: Tallies.open(tmp_path), "no finished run"),
    ]:
        with pytest.raises(InputError, match=wanted):
            ask()
