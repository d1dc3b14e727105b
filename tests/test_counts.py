import numpy as np
import pytest

from pressframes import counts


def test_words_by_sentence_and_voice_add_up(tables):
    words = counts.sentence_words(tables)
    assert words["n"].sum() == len(tables.tokens) == tables.articles["n_words"].sum()
    assert words.groupby("article_id")["n"].sum().tolist() == tables.articles["n_words"].tolist()
    assert not words.duplicated(["article_id", "sentence_id", "voice"]).any()
    assert set(words["voice"]) <= set(counts.VOICES) and words["group"].notna().all()


def test_sentences_and_their_targets(tables):
    wanted = {(row.article_id, row.sentence_id, row.target) for row in tables.mentions.itertuples()}
    found = counts.sentence_targets(tables)
    assert len(found) == len(wanted) and set(found.itertuples(index=False, name=None)) == wanted


def test_a_sentence_with_two_targets_counts_for_both(tables):
    near = counts.in_target_sentences(counts.sentence_words(tables), tables)
    assert len(near) == sum(len(counts.in_target_sentences(counts.sentence_words(tables), tables, target)) for target in ("russia", "us", "peacekeepers"))
    assert near.groupby(["article_id", "sentence_id"])["target"].nunique().max() > 1


def test_term_counts_against_a_plain_count(tables):
    table = counts.term_counts(tables)
    plain = {}
    for row in tables.tokens.itertuples():
        if row.norm[0].isalpha():
            plain[row.article_id, row.norm] = plain.get((row.article_id, row.norm), 0) + 1
    dense = table.matrix.toarray()
    assert {(table.articles[i], table.terms[j]): dense[i, j] for i, j in zip(*np.nonzero(dense))} == plain
    assert table.articles == ["000", "001", "002", "003", "004"] and table.terms == sorted(table.terms)


@pytest.mark.parametrize("voice", counts.VOICES)
def test_term_counts_of_a_voice(tables, voice):
    tokens = tables.tokens[tables.tokens["voice"] == voice]
    assert counts.term_counts(tables, voice=voice).matrix.sum() == tokens["norm"].str[0].str.isalpha().sum() > 0


def test_voices_add_up_to_all(tables):
    assert sum(counts.term_counts(tables, voice=voice).matrix.sum() for voice in counts.VOICES) == counts.term_counts(tables).matrix.sum()


def test_term_counts_near_a_target(tables):
    table = counts.term_counts(tables, target="peacekeepers")
    sentences = set(zip(*(tables.mentions[tables.mentions["target"] == "peacekeepers"][column] for column in ("article_id", "sentence_id"))))
    tokens = [row for row in tables.tokens.itertuples() if (row.article_id, row.sentence_id) in sentences and row.norm[0].isalpha()]
    assert table.matrix.sum() == len(tokens)
    assert table.matrix.shape[0] == 5, "articles without such a sentence keep their row"


def test_a_voice_that_nobody_has(tables):
    table = counts.term_counts(tables, voice="nobody")
    assert table.matrix.shape == (5, 0) and table.terms == []


@pytest.mark.parametrize("n", [2, 3])
def test_sequences_against_a_plain_count(tables, n, study):
    plain = {}
    rows = list(tables.tokens.itertuples())
    for run in zip(*(rows[i:] for i in range(n))):
        text, first = study.text(run[0].article_id), run[0]
        together = all(row.article_id == first.article_id and row.sentence_id == first.sentence_id and row.voice == first.voice and row.norm[0].isalpha() for row in run)
        if together and all(b.start - a.end <= 1 and text[a.end : b.start].strip(" -\n\xa0‑–'’.") == "" for a, b in zip(run, run[1:])):
            key = first.article_id, " ".join(row.norm for row in run)
            plain[key] = plain.get(key, 0) + 1
    table = counts.term_counts(tables, n=n)
    dense = table.matrix.toarray()
    found = {(table.articles[i], table.terms[j]): int(dense[i, j]) for i, j in zip(*np.nonzero(dense))}
    assert sum(plain.values()) > 2000 and found == plain


def test_parts_divide_each_article_and_sentences_add_up_to_articles(tables):
    whole, by_voice, by_sentence = counts.term_counts(tables), counts.term_counts(tables, parts=tables.tokens["voice"]), counts.term_counts(tables, sentences=True)
    for article in whole.articles:
        total = whole.matrix[[whole.articles.index(article)]].toarray()[0]
        for table in (by_voice, by_sentence):
            rows = [i for i, name in enumerate(table.articles) if name == article]
            assert (table.matrix[rows].sum(axis=0) == total).all()
    assert by_voice.matrix.shape[0] == 5 * len(counts.VOICES) and by_sentence.matrix.shape[0] == len(tables.sentences)
