from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import TEXTS, any_text

from pressframes import columns, measures
from pressframes.columns import article_counts, count, encode, encode_parts, join, read, spread, write
from pressframes.errors import InputError
from pressframes.tokens import tokenise


def plainly(texts) -> list[tuple]:
    """A row a token, as `tokenise` cuts each text."""
    return [(number, token.start, token.end, token.text, token.norm) for number, text in enumerate(texts) for token in tokenise(text)]


def rows(encoded) -> list[tuple]:
    return list(encoded.to_frame().itertuples(index=False, name=None))


letters = st.text(alphabet="aSsUuUIitTOoé’'.,:-5 ٣²\u0301ßİ“—\n👍北", max_size=40)


@given(st.lists(st.one_of(any_text, letters, st.text(max_size=60)), max_size=6))
@settings(max_examples=100)
def test_tokens_are_those_of_the_pattern_for_any_text(texts):
    assert rows(encode(texts)) == plainly(texts)


@given(st.lists(st.one_of(any_text, letters), max_size=5), st.sampled_from([1, 7, 40]))
@settings(max_examples=60)
def test_where_blocks_end_changes_nothing(texts, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_BLOCK", size)
        assert rows(encode(texts)) == plainly(texts)


@pytest.mark.parametrize("word", ["a" * 8, "a" * 9, "a" * 16, "a" * 31 + "b", "a" * 33, "ab" * 40, "é" * 20, "x" * 5000, "www.thegatewaypundit.com"])
def test_words_of_any_length(word):
    texts = [f"{word} {word}s {word[:-1]}, {word[:8]}", word.upper()]
    assert rows(encode(texts)) == plainly(texts)


@pytest.mark.parametrize("size", [64, 1 << 20])
def test_texts_of_nothing_but_the_shortest_words(monkeypatch, size):
    monkeypatch.setattr(columns, "_BLOCK", size)
    texts = ["a b c " * 2000, "I 1 é " * 50]
    assert rows(encode(texts)) == plainly(texts)


def test_articles_do_not_run_into_each_other():
    texts = ["the war", "man.", "Smith’", "s", "", "U.S", ".", "3,", "5", "é", "\u0301a", "end"]
    assert rows(encode(texts)) == plainly(texts)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_arrow_columns_of_any_kind(kind):
    texts = [*TEXTS, None, "", "a word"]
    column = pa.array(texts, type=pa.string()).cast(kind)
    wanted = plainly([text or "" for text in texts])
    assert rows(encode(column)) == rows(encode(pa.chunked_array([column[:3], column[3:]]))) == wanted
    assert rows(encode(column[2:])) == plainly([text or "" for text in texts[2:]])


def test_each_word_is_there_once():
    encoded = encode(TEXTS)
    texts, types = encoded.texts.to_pylist(), encoded.types.to_pylist()
    assert len(set(texts)) == len(texts) == len(set(encoded.ids.tolist())) and len(set(types)) == len(types) == len(set(encoded.type_of.tolist()))
    assert encoded.ids.dtype == encoded.starts.dtype == "int32" and len(encoded.article) == len(TEXTS) + 1


@pytest.mark.parametrize("texts", [[], [""], ["", "— …"]])
def test_no_word_at_all(texts):
    encoded = encode(texts)
    assert len(encoded) == 0 and encoded.article.tolist() == [0] * (len(texts) + 1) and len(encoded.to_frame()) == 0
    assert count(encoded, ["A"] * len(texts)).matrix.sum() == 0


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(InputError, match="half a surrogate pair"):
        encode(["a \ud800 b"])


groups = st.sampled_from(["B", "A", "é"])


@given(st.lists(st.tuples(groups, st.one_of(any_text, letters)), min_size=1, max_size=6), st.integers(0, 5), st.randoms())
@settings(max_examples=40)
def test_counts_of_parts_add_up_in_any_order(articles, cut, random):
    parts = [part for part in (articles[:cut], articles[cut:]) if part]
    random.shuffle(parts)
    told = [(encode([text for _, text in part]), [group for group, _ in part]) for part in parts]
    merged, held = (first.merge(*others) for first, *others in ([count(*one) for one in told], [spread(*one) for one in told]))
    wanted = Counter((group, token.norm) for group, text in articles for token in tokenise(text))
    in_articles = Counter((group, norm) for group, text in articles for norm in {token.norm for token in tokenise(text)})
    for counted, by_hand in ((merged, wanted), (held, in_articles)):
        frame = counted.to_frame().set_index("type")
        assert {(group, word): n for group in counted.groups for word, n in frame[group].items() if n} == by_hand
    assert merged.types.to_pylist() == sorted({word for _, word in wanted}) and merged.groups == tuple(sorted({group for group, _ in articles}))
    assert dict(zip(merged.groups, merged.articles.tolist())) == Counter(group for group, _ in articles)


def test_one_label_an_article():
    with pytest.raises(InputError, match="2 labels for 1 articles"):
        count(encode(["a"]), ["A", "B"])


@given(st.lists(st.one_of(any_text, letters), max_size=6), st.integers(0, 6), st.integers(1, 60))
@settings(max_examples=40)
def test_parts_put_together_are_the_whole(texts, cut, size):
    assert rows(join([encode(texts[:cut]), encode(texts[cut:])])) == plainly(texts)
    for column in (texts, pa.array(texts, pa.string()), pa.chunked_array([texts[:cut], texts[cut:]], pa.large_string())):
        parts = list(encode_parts(column, size=size))
        joined = join(parts)
        assert rows(joined) == plainly(texts) and len(joined.article) == len(texts) + 1


def test_a_part_ends_with_the_article_that_fills_it():
    assert [len(part.article) - 1 for part in encode_parts(["four", "four", "four", "four", "f"], size=8)] == [2, 2, 1]
    assert [len(part.article) - 1 for part in encode_parts(pa.array(["four", "four", "four", "four", "f"]), size=8)] == [2, 2, 1]


def test_counts_by_article_are_those_of_each():
    encoded = encode(TEXTS)
    before = encoded.article.copy()
    matrix = article_counts(encoded)
    assert np.array_equal(encoded.article, before)  # scipy sums in place
    types = encoded.types.to_pylist()
    for row, text in enumerate(TEXTS):
        assert {types[j]: int(n) for j, n in zip(matrix[[row]].indices, matrix[[row]].data)} == Counter(token.norm for token in tokenise(text))
    assert encoded.counts.tolist() == matrix.sum(axis=0).tolist()


def test_keyness_of_counts_is_that_of_the_measures():
    counted = count(encode(TEXTS), list("ABABC"))
    frame = counted.keyness("A", "B")
    a, b = (Counter(token.norm for text in TEXTS[first:4:2] for token in tokenise(text)) for first in (0, 1))
    assert set(frame["type"]) == set(a) | set(b) and frame["g2"].is_monotonic_decreasing
    for row in frame.head(50).itertuples():
        assert (row.count_a, row.count_b) == (a[row.type], b[row.type])
        assert row.g2 == pytest.approx(measures.g2(a[row.type], b[row.type], a.total(), b.total())) and row.log_ratio == pytest.approx(measures.log_ratio(a[row.type], b[row.type], a.total(), b.total()))
    with pytest.raises(InputError, match="no group 'D'; use A, B, C"):
        counted.keyness("A", "D")


def test_what_was_written_is_what_is_read(tmp_path):
    parts = [encode(TEXTS[:2]), encode([]), encode(TEXTS[2:])]
    write(iter(parts), tmp_path / "columns.arrow")
    back = read(tmp_path / "columns.arrow")
    assert [rows(part) for part in back] == [rows(part) for part in parts] and [len(part.article) for part in back] == [3, 1, 4]
    assert rows(join(back)) == plainly(TEXTS) and not any(back[0].ids.flags[flag] for flag in ("OWNDATA", "WRITEABLE"))


def test_a_file_is_whole_or_not_there(tmp_path):
    def breaking():
        yield encode(TEXTS)
        raise RuntimeError("power cut")

    write([encode(["old"])], tmp_path / "columns.arrow")
    with pytest.raises(RuntimeError):
        write(breaking(), tmp_path / "columns.arrow")
    assert [part.texts.to_pylist() for part in read(tmp_path / "columns.arrow")] == [["old"]] and [file.name for file in tmp_path.iterdir()] == ["columns.arrow"]


def test_files_that_are_none_of_columns(tmp_path):
    (tmp_path / "text").write_text("no Arrow at all, but long enough for a header")
    with pa.OSFile(str(tmp_path / "other"), "wb") as sink, pa.ipc.new_file(sink, pa.schema([("a", pa.int32())])):
        pass
    for name, message in (("text", "is no file of columns"), ("missing", "is no file of columns"), ("other", "of another kind")):
        with pytest.raises(InputError, match=message):
            read(tmp_path / name)
    with pytest.raises(InputError, match="cannot be written"):
        write([encode(["a"])], tmp_path / "no folder" / "columns.arrow")


@pytest.mark.parametrize("places", [[0, 3], [-1, 0]])
def test_places_that_are_not_there_are_never_read(places):
    values = np.array([10, 20, 30])
    assert columns.of_each(values, np.array([2, 0, 2], dtype=np.int32)).tolist() == [30, 10, 30]
    with pytest.raises(IndexError):
        columns.of_each(values, np.array(places, dtype=np.int32))
