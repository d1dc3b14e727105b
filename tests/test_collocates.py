from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from pressframes.annotate import COLUMNS, Annotations
from pressframes.collocates import RELATIONS, collocates_in, collocates_of, relations_of
from pressframes.columns import encode
from pressframes.errors import InputError
from pressframes.search import compile_lexicon, find
from pressframes.tokens import FUNCTION_WORDS

WORDS = ("russia", "army", "town", "lie", "the", "44")


def made_of(articles) -> Annotations:
    """Annotations of `[(group, [sentence, ...]), ...]`, a sentence a list of (word, voice); each "russia" is a mention."""
    rows = {name: [] for name in ("articles", "tokens", "mentions")}
    for number, (group, sentences) in enumerate(articles):
        key, at = f"a{number}", 0
        rows["articles"].append({"article_id": key, "group": group, "outlet": group})
        for sentence, words in enumerate(sentences):
            for word, voice in words:
                place = {"article_id": key, "sentence_id": sentence, "start": at, "end": at + len(word), "voice": voice}
                rows["tokens"].append({**place, "norm": word, "text": word, "token_id": at})
                rows["mentions"] += [{**place, "target": "russia", "kind": "name"}] if word == "russia" else []
                at += len(word) + 1
    frames = {name: pd.DataFrame(rows.get(name, []), columns=list(columns)) for name, columns in COLUMNS.items()}
    return Annotations(**frames)


def plainly_counted(articles, *, group=None, voice=None, window=None):
    """The four counts of each word by walking through the text: near, in all, units near, units; and the articles and groups."""
    near, in_all, places, near_units, units = Counter(), Counter(), {}, 0, 0
    for number, (name, sentences) in enumerate(articles):
        for words in sentences if group in (None, name) else ():
            nodes = [i for i, (word, _) in enumerate(words) if word == "russia"]
            kept = [i for i, (_, spoken) in enumerate(words) if voice in (None, spoken)]
            if window is None:
                counted = {words[i][0] for i in kept if i not in nodes}
                found = counted if nodes else set()
                units, near_units = units + bool(kept), near_units + bool(kept and nodes)
            else:
                close = {i for i in kept if i not in nodes and any(abs(i - node) <= window for node in nodes)}
                counted, found = [words[i][0] for i in kept if i not in nodes], [words[i][0] for i in sorted(close)]
                units, near_units = units + len(counted), near_units + len(close)
            near.update(found)
            in_all.update(counted)
            for word in found:
                places.setdefault(word, set()).add((number, name))
    content = [word for word in near if word[0].isalpha() and word not in FUNCTION_WORDS]
    return {word: (near[word], in_all[word], len({number for number, _ in places[word]}), {name for _, name in places[word]}) for word in content}, near_units, units


sentences = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["outlet", "direct"])), min_size=1, max_size=9)
corpora = st.lists(st.tuples(st.sampled_from("AB"), st.lists(sentences, min_size=1, max_size=4)), min_size=1, max_size=4)


@given(corpora, st.sampled_from([None, "A"]), st.sampled_from([None, "direct"]), st.sampled_from([None, 1, 2, 5]))
@settings(max_examples=60)
def test_counts_are_those_of_walking_through_the_text(articles, group, voice, window):
    frame, near, units = collocates_of(made_of(articles), "russia", group=group, voice=voice, window=window, minimum=1)
    wanted, wanted_near, wanted_units = plainly_counted(articles, group=group, voice=voice, window=window)
    assert (near, units) == (wanted_near, wanted_units)
    assert {row.term: (row.count_near, row.count_word, row.articles, set(row.groups.split(", "))) for row in frame.rename(columns={"count": "count_near"}).itertuples()} == wanted


@given(st.lists(st.tuples(st.sampled_from("AB"), st.lists(st.sampled_from(WORDS), max_size=12)), min_size=1, max_size=4), st.sampled_from([1, 2, 5]))
@settings(max_examples=60)
def test_in_columns_as_in_annotations(articles, window):
    texts, groups = [" ".join(words) for _, words in articles], [group for group, _ in articles]
    columns = encode(texts)
    frame, near, units = collocates_in(columns, find(columns, compile_lexicon([("russia", "russia")]), texts), groups, window=window, minimum=1)
    wanted = collocates_of(made_of([(group, [[(word, "outlet") for word in words]]) for group, words in articles]), "russia", window=window, minimum=1)
    assert (near, units) == (wanted.near, wanted.total)
    pd.testing.assert_frame_equal(frame, wanted.frame)


def test_collocates_in_columns_say_what_is_wrong():
    columns = encode(["russia lied"])
    hits = find(columns, compile_lexicon([("russia", 1)]), ["russia lied"])
    with pytest.raises(InputError, match="window is 0"):
        collocates_in(columns, hits, ["A"], window=0)
    with pytest.raises(InputError, match="2 labels for 1 articles"):
        collocates_in(columns, hits, ["A", "B"])


@pytest.fixture
def corpus():
    plain = lambda text: [[(word, "outlet") for word in sentence.split()] for sentence in text.split(". ")]
    return made_of([
        ("A", plain("russia army took the town. army left. town slept. army and russia and town")),
        ("B", plain("russia slept. the army left the town early. town and town and russia")),
    ])  # fmt: skip


def test_measures_of_a_table_counted_by_hand(corpus):
    frame = collocates_of(corpus, "russia", minimum=1).frame.set_index("term")
    army = frame.loc["army"]  # 7 sentences, 4 with Russia, 4 with the army, 2 with both
    assert (army["count"], army["count_word"], army["articles"], army["groups"]) == (2, 4, 1, "A")
    assert army["expected"] == pytest.approx(16 / 7) and army["mi"] == pytest.approx(np.log2(2 * 7 / 16)) and army["t_score"] == pytest.approx((2 - 16 / 7) / np.sqrt(2))
    assert army["log_dice"] == 13 and army["delta_p_word"] == pytest.approx(2 / 4 - 2 / 3) and army["delta_p_target"] == pytest.approx(2 / 4 - 2 / 3)
    assert army["g2"] == pytest.approx(chi2_contingency([[2, 2], [2, 1]], lambda_="log-likelihood", correction=False).statistic)
    assert frame.loc["town", "groups"] == "A, B"


def test_in_a_window_a_word_near_two_mentions_counts_once():
    words = [(word, "outlet") for word in "russia lie russia the the army".split()]
    frame, near, units = collocates_of(made_of([("A", [words])]), "russia", window=2, minimum=1)
    assert (near, units) == (3, 4) and frame[["term", "count", "count_word"]].values.tolist() == [["lie", 1, 1]]
    wide = collocates_of(made_of([("A", [words])]), "russia", window=3, minimum=1)
    assert wide.near == 4 and set(wide.frame["term"]) == {"lie", "army"}


def test_a_window_ends_with_its_sentence(corpus):
    frame = collocates_of(corpus, "russia", window=100, minimum=1).frame.set_index("term")
    assert frame.loc["army", "count"] == 2 and frame.loc["town", "count"] == 4 and "left" not in frame.index


@pytest.mark.parametrize("asked, message", [({"window": 0}, "window is 0"), ({"window": True}, "window is True"), ({"window": 2.5}, "window is 2.5"), ({"minimum": 0}, "minimum is 0")])
def test_what_is_no_number_of_words_is_refused(corpus, asked, message):
    with pytest.raises(InputError, match=message):
        collocates_of(corpus, "russia", **asked)


@pytest.mark.parametrize("window", [None, 3])
def test_nothing_near_is_an_empty_table(corpus, window):
    for annotations, target in ((corpus, "mars"), (made_of([]), "russia")):
        frame, near, _ = collocates_of(annotations, target, window=window)
        assert len(frame) == 0 and near == 0 and "log_dice" in frame


# By grammatical relation

ROLES = [
    ("a0", "russia", "agent", "attack"), ("a0", "russia", "agent", "attack"), ("a1", "russia", "agent", "say"), ("a0", "russia", "patient", "attack"), ("a1", "russia", "described", "ally"),
    ("a1", "us", "agent", "say"), ("a1", "us", "agent", "say"), ("a0", "us", "patient", "attack"),
]  # fmt: skip


@pytest.fixture
def acts(corpus):
    roles = [{"article_id": article, "sentence_id": 0, "target": target, "start": i, "end": i + 1, "role": role, "predicate": word, "voice": "outlet"} for i, (article, target, role, word) in enumerate(ROLES)]
    kinds = ["person" if i == 1 else "name" for i in range(len(ROLES))]
    frame = pd.DataFrame(roles)
    return Annotations(**{**corpus.tables(), "roles": frame, "mentions": frame.assign(kind=kinds)[["article_id", "sentence_id", "start", "end", "target", "kind", "voice"]]})


def test_relations_of_roles_counted_by_hand(acts):
    frame = relations_of(acts, "russia")
    assert frame[["relation", "word", "count", "articles", "persons", "A", "B", "count_any"]].values.tolist() == [
        ["does", "attack", 2, 1, 1, 2, 0, 4], ["does", "say", 1, 1, 0, 0, 1, 3], ["done to it", "attack", 1, 1, 0, 1, 0, 4], ["described as", "ally", 1, 1, 0, 0, 1, 1],
    ]  # fmt: skip
    assert frame["log_dice"].tolist() == pytest.approx([14 + np.log2(2 * 2 / (3 + 4)), 14 + np.log2(2 * 1 / (3 + 3)), 14 + np.log2(2 * 1 / (1 + 4)), 14])


def test_relations_of_one_group_compare_within_it(acts):
    frame = relations_of(acts, "us", group="B")
    assert frame[["relation", "word", "count", "B", "count_any"]].values.tolist() == [["does", "say", 2, 2, 3]]
    assert len(relations_of(acts, "us", voice="direct")) == 0


def test_relations_of_the_seeds_add_up(study, tables):
    for target in study.targets:
        frame = study.relations(target).to_frame()
        own = tables.roles[tables.roles["target"] == target]
        assert frame["count"].sum() == len(own) == frame[list(study.groups)].to_numpy().sum()
        assert set(frame["relation"]) <= set(RELATIONS.values()) and frame["log_dice"].max() <= 14
        assert (frame["articles"] <= frame["count"]).all() and (frame["count"] <= frame["count_any"]).all()


def test_tables_of_the_study_say_what_was_counted(study):
    near = study.collocates("russia", window=5, group="Azerbaijani", voice="outlet")
    assert near.name == "collocates_russia_azerbaijani_outlet_window5" and near.caption == "Words near Russia (Azerbaijani, the outlets' own words, 5 words to either side)"
    assert "a word near two mentions counts once" in near.notes[0] and (near.to_frame()["count"] >= 2).all()
    assert "beside the US and the peacekeepers" in study.relations("russia").notes[1]
    with pytest.raises(InputError, match="unknown target 'mars'"):
        study.relations("mars")
