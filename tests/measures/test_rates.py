import numpy as np
import pandas as pd
import pytest

from pressframes.measures import rates, zero_upper_bound


@pytest.fixture
def words():
    return pd.DataFrame(
        [("a1", 0, "A", "outlet", 60), ("a1", 0, "A", "direct", 40), ("a1", 1, "A", "outlet", 100), ("b1", 0, "B", "outlet", 50), ("b1", 1, "B", "outlet", 50)],
        columns=["article_id", "sentence_id", "group", "voice", "n"],
    )


@pytest.fixture
def events():
    return pd.DataFrame(
        [("a1", 0, "A", "outlet", "x"), ("a1", 0, "A", "direct", "x"), ("a1", 0, "A", "direct", "y"), ("a1", 1, "A", "outlet", "y"), ("b1", 1, "B", "outlet", "x")],
        columns=["article_id", "sentence_id", "group", "voice", "category"],
    )


def cells(frame, *columns):
    return frame[[*columns, "count", "words", "rate"]].values.tolist()


def test_rates_by_group(events, words):
    assert cells(rates(events, words, by=("group",)), "group") == [["A", 4, 200, 20.0], ["B", 1, 100, 10.0]]


def test_places_divide_the_words_and_kinds_do_not(events, words):
    assert cells(rates(events, words, by=("group", "category")), "group", "category") == [["A", "x", 2, 200, 10.0], ["A", "y", 2, 200, 10.0], ["B", "x", 1, 100, 10.0], ["B", "y", 0, 100, 0.0]]
    assert cells(rates(events, words, by=("group", "voice")), "group", "voice") == [["A", "direct", 2, 40, 50.0], ["A", "outlet", 2, 160, 12.5], ["B", "outlet", 1, 100, 10.0]]


def test_zero_rows_are_kept_with_their_bound(events, words):
    row = rates(events, words, by=("group", "category")).iloc[3]
    assert (row["group"], row["category"], row["count"], row["low"]) == ("B", "y", 0, 0)
    assert row["high"] == pytest.approx(1000 * zero_upper_bound(100))


def test_levels_give_the_cells_and_their_order(events, words):
    frame = rates(events, words, by=("group", "category"), levels={"group": ["B", "A"], "category": ["z", "y", "x"]})
    assert frame[["group", "category"]].values.tolist() == [["B", "z"], ["B", "y"], ["B", "x"], ["A", "z"], ["A", "y"], ["A", "x"]]
    assert frame["count"].tolist() == [0, 0, 1, 0, 2, 2]


def test_cells_without_words_are_left_out(events, words):
    frame = rates(events, words, by=("group",), levels={"group": ["A", "B", "C"]})
    assert frame["group"].tolist() == ["A", "B"]


def test_the_order_of_columns_is_the_order_asked_for(events, words):
    frame = rates(events, words, by=("category", "group"))
    assert frame.columns.tolist()[:2] == ["category", "group"]
    assert frame[["category", "group", "count"]].values.tolist() == [["x", "A", 2], ["x", "B", 1], ["y", "A", 2], ["y", "B", 0]]


def test_counted_events_are_summed(words):
    events = pd.DataFrame({"article_id": ["a1", "a1"], "sentence_id": [0, 1], "group": "A", "n": [3, 4]})
    assert rates(events, words, by=("group",))["count"].tolist() == [7, 0]


def test_no_events_at_all(events, words):
    frame = rates(events.iloc[:0], words, by=("group",))
    assert frame["count"].tolist() == [0, 0] and frame["words"].tolist() == [200, 100]


def test_the_estimate_does_not_depend_on_the_interval(events, words):
    frames = [rates(events, words, by=("group", "category"), seed=seed) for seed in (1, 2)]
    assert cells(frames[0], "group", "category") == cells(frames[1], "group", "category")
    assert rates(events, words, by=("group",), seed=1).equals(rates(events, words, by=("group",), seed=1))


def test_percent(events, words):
    assert rates(words, words.drop(columns="voice"), by=("group", "voice"), places=("group",), per=100)["rate"].tolist() == [20.0, 80.0, 0.0, 100.0]


def test_the_frames_given_are_not_changed(events, words):
    before = events.copy(), words.copy()
    rates(events, words, by=("group", "category"))
    pd.testing.assert_frame_equal(events, before[0])
    pd.testing.assert_frame_equal(words, before[1])


def test_rates_against_a_plain_count_on_the_seeds(study, tables):
    frame = study.rates("loaded", by=("group", "voice")).to_frame()
    group = dict(zip(tables.articles["article_id"], tables.articles["group"]))
    for row in frame.itertuples():
        inside = lambda part: np.array([group[key] == row.group for key in part["article_id"]]) & (part["voice"] == row.voice).to_numpy()
        words = int(inside(tables.tokens).sum())
        found = int((inside(tables.loaded) & (tables.loaded["lexicon"] == "curated").to_numpy()).sum())
        assert frame.loc[row.Index, ["count", "words"]].tolist() == [found, words]
        assert row.rate == pytest.approx(1000 * found / words)
        assert row.low <= row.rate <= row.high


def test_intervals_over_articles_draw_articles_within_their_stratum():
    rng = np.random.default_rng(3)
    articles = [f"{group}{i}" for group in "ab" for i in range(12)]
    words = pd.DataFrame([{"article_id": article, "sentence_id": s, "group": article[0], "n": 10} for article in articles for s in range(5)])
    events = pd.DataFrame([{"article_id": article, "sentence_id": 0, "group": article[0]} for article in articles for _ in range(rng.poisson(3))])
    over_articles, over_sentences = (rates(events, words, by=("group",), strata=strata, seed=1) for strata in ("group", None))
    counts = {group: [int((events["article_id"] == article).sum()) for article in articles if article[0] == group] for group in "ab"}
    for row in over_articles.itertuples():
        drawn = [1000 * rng.choice(counts[row.group], 12).sum() / 600 for _ in range(4000)]
        assert (row.low, row.high) == pytest.approx(np.percentile(drawn, [2.5, 97.5]), rel=0.12)
    estimates = ["group", "count", "words", "rate"]
    assert over_articles[estimates].equals(over_sentences[estimates])
