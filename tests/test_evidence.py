import re

import pytest

from pressframes.errors import InputError
from pressframes.evidence import CONTEXT, find_term, sentence_anchor


@pytest.fixture
def asked(study):
    return [
        study.concordance("provocation"), study.concordance("Minsk Group"), study.concordance("provo*"), study.concordance(r"\bNKR\b|“[^”]+”", regex=True),
        study.concordance(target="peacekeepers"), study.concordance("the", target="us", group="Bulgarian", voice="indirect"),
    ]  # fmt: skip


def test_left_node_and_right_are_the_sentence(study, tables, asked):
    spans = {(row.article_id, row.sentence_id): (row.start, row.end) for row in tables.sentences.itertuples()}
    for lines in asked:
        assert len(lines) > 0
        for row in lines.to_frame().itertuples():
            text = study.text(row.article_id)
            start, end = spans[row.article_id, row.sentence_id]
            assert row.left + row.node + row.right == text[start:end]
            assert row.node == text[row.start : row.end] and start <= row.start < row.end <= end


def test_columns(asked):
    assert asked[0].to_frame().columns.tolist() == list(CONTEXT) == "group article_id outlet published sentence_id voice start end left node right".split()


@pytest.mark.parametrize(
    "term, pattern",
    [
        ("provocation", r"\bprovocation\b"),
        ("Provocation", r"\bprovocation\b"),
        ("provo*", r"\bprovo\w*"),
        ("Minsk Group", r"\bMinsk Group\b"),
        ("minsk gr*", r"\bMinsk Gr\w*"),
        ("the war with", r"\bthe war with\b"),
        ("xylophone", r"\bxylophone\b"),
    ],
)
def test_every_hit_and_no_other(study, tables, term, pattern):
    found = study.concordance(term).to_frame()
    wanted = []
    for row in tables.sentences.itertuples():
        wanted += [(row.article_id, match.start(), match.end()) for match in re.finditer(pattern, study.text(row.article_id), re.I) if row.start <= match.start() and match.end() <= row.end]
    strip = lambda text: re.sub(r"['’]s$", "", text)
    assert [(row.article_id, row.start) for row in found.itertuples()] == [(article, start) for article, start, _ in wanted]
    assert [strip(row.node) for row in found.itertuples()] == [study.text(article)[start:end] for article, start, end in wanted]


def test_a_hyphen_and_a_possessive_do_not_hide_a_word(study):
    assert {"Russia’s", "Russia's"} & set(study.concordance("Russia").to_frame()["node"])
    assert len(study.concordance("44 day war")) == len(study.concordance("44-day war")) > 0


def test_a_phrase_does_not_reach_over_a_sentence_end(study, tables):
    last = tables.tokens.groupby(["article_id", "sentence_id"])["norm"].agg(["first", "last"]).reset_index()
    last["next"] = last["first"].shift(-1)
    inside = {(a, b) for a, b in zip(tables.tokens["norm"], tables.tokens["norm"].shift(-1))}
    across = next((row.last, row.next) for row in last.iloc[:-1].itertuples() if (row.last, row.next) in inside)
    assert len(find_term(" ".join(across), tables, study._by_id)) < sum(pair == across for pair in zip(tables.tokens["norm"], tables.tokens["norm"].shift(-1)))


def test_a_regular_expression_is_matched_within_sentences(study, tables):
    hits = study.concordance(r"provocation\w*", regex=True).to_frame()
    assert len(hits) == len(study.concordance("provocation*"))
    assert study.concordance("x*", regex=True).to_frame()["node"].str.len().min() >= 1


def test_filters(study, tables):
    everything = study.concordance("the").to_frame()
    assert set(study.concordance("the", group="Turan").to_frame()["article_id"]) == {"002"}
    parts = [study.concordance("the", voice=voice).to_frame() for voice in ("outlet", "indirect", "direct")]
    assert sum(map(len, parts)) == len(everything) and [set(part["voice"]) for part in parts] == [{"outlet"}, {"indirect"}, {"direct"}]
    near = study.concordance("the", target="us").to_frame()
    sentences = set(map(tuple, tables.mentions[tables.mentions["target"] == "us"][["article_id", "sentence_id"]].values))
    assert set(map(tuple, near[["article_id", "sentence_id"]].values)) <= sentences
    assert len(near) == sum((row.article_id, row.sentence_id) in sentences for row in everything.itertuples())


def test_the_example_of_the_design(study):
    lines = study.concordance(term="provocation", target="russia", group="Turan")
    assert len(lines) == 0 and lines.to_frame().columns.tolist() == list(CONTEXT)
    assert "0 lines" in repr(lines) and "0 lines" in lines._repr_html_()


def test_mentions_of_a_target_are_its_lines(study, tables):
    lines = study.concordance(target="russia").to_frame()
    assert lines["node"].tolist() == tables.mentions[tables.mentions["target"] == "russia"]["text"].tolist()


def test_loaded_terms_are_lines_too(study, tables):
    curated = tables.loaded[tables.loaded["lexicon"] == "curated"]
    assert len(study.concordance(loaded="*")) == len(curated)
    for category in set(curated["category"]):
        assert len(study.concordance(loaded=category)) == (curated["category"] == category).sum()
    assert study.concordance(loaded="provocation").to_frame()["node"].str.lower().str.startswith("provoc").all()


def test_lines_stand_in_the_order_of_articles_and_text(asked):
    for lines in asked:
        keys = [(row.article_id, row.start) for row in lines.to_frame().itertuples()]
        assert keys == sorted(keys)


def test_top_tells_how_many_there_are(study):
    lines = study.concordance("the")
    assert len(lines.top(3)) == 3 and f"{len(lines)} lines, the first 3 shown" in repr(lines.top(3))
    assert len(lines) == lines.total > 3


def test_showing_a_concordance_changes_nothing_and_escapes(make_study):
    from pressframes.study import Study

    study = Study.load(make_study({("1", "A"): "The Russian envoy wrote <script>alert(1)</script> & left the room on Monday without a word."}))
    lines = study.concordance("Russian")
    before = lines.to_frame()
    page = lines._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; left" in page and "<mark>Russian</mark>" in page
    assert lines._repr_mimebundle_()["text/plain"] == repr(lines)
    assert lines.to_frame().equals(before)


def test_sentences_have_one_address_each(tables):
    ids = [sentence_anchor(row.article_id, row.sentence_id) for row in tables.sentences.itertuples()]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", address) for address in ids)


@pytest.mark.parametrize(
    "asked, told",
    [
        ({}, "nothing to look for"),
        ({"term": ""}, "holds no word"),
        ({"term": "…!"}, "'…!' holds no word"),
        ({"term": "*"}, "holds no word"),
        ({"term": "(a", "regex": True}, "not a regular expression"),
        ({"term": "war", "target": "mars"}, "unknown target 'mars'; use russia, us, peacekeepers"),
        ({"term": "war", "group": "Martian"}, "unknown group 'Martian'; use Azerbaijani, Bulgarian, Turan"),
        ({"term": "war", "voice": "loud"}, "unknown voice 'loud'; use outlet, indirect, direct"),
        ({"loaded": "cookery"}, "'cookery'"),
        ({"term": "…\n!"}, "holds no word"),
    ],
)
def test_faults_are_told_in_one_line(study, asked, told):
    with pytest.raises(InputError) as caught:
        study.concordance(**asked)
    message = str(caught.value)
    assert told in message and "; " in message and len(message.splitlines()) == 1


def test_a_match_of_a_pattern_has_the_voice_of_the_word_it_begins_with(study, tables):
    voices = {(row.article_id, row.start): row.voice for row in tables.tokens.itertuples()}
    found = study.concordance(r"\bwar\b|“", regex=True).to_frame()
    assert found["voice"].tolist() == [voices.get((row.article_id, row.start), "outlet") for row in found.itertuples()]
    assert found["voice"].nunique() > 1 and found["node"].nunique() > 1
    assert study.concordance("xylophone|zither", regex=True).to_frame().columns.tolist() == list(CONTEXT)
