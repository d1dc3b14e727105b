"""A corpus divided: every article once, in order, whatever the sizes; what cannot be read is set aside with its reason."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import any_text, write_study

from pressframes.corpus import Article, read_articles
from pressframes.errors import InputError
from pressframes.partitions import BATCH_BYTES, SetAside, blocks, find_source, parts_of, pieces_of
from pressframes.settings import read_settings
from pressframes.tokens import tokenise

TEXTS = {(f"{i:03d}", "AB"[i % 2]): f"Russia left town {i}. " * (i + 1) for i in range(12)}


def all_of(source, size):
    return [one for partition in source.partitions(size) for one in source.articles(partition)]


def article(text):
    return Article("1", "1.txt", "A", "Paper", "Title", "Jane Doe", "", "", "", "", text, "0" * 64)


@pytest.fixture
def parquet(tmp_path):
    rows = [(f"{i:03d}", "AB"[i % 2], "Paper", f"Russia left town {i}. " * (i + 1)) for i in range(23)]
    pq.write_table(pa.Table.from_pandas(pd.DataFrame(rows[:15], columns=["article_id", "group", "outlet", "text"])), tmp_path / "a.parquet", row_group_size=6)
    pq.write_table(pa.Table.from_pandas(pd.DataFrame(rows[15:], columns=["article_id", "group", "outlet", "text"])), tmp_path / "b.parquet")
    return tmp_path, rows


@pytest.mark.parametrize("size", [1, 700, 1 << 20])
def test_a_study_is_read_as_without_partitions(tmp_path, size):
    folder = write_study(tmp_path / "study", TEXTS)
    assert all_of(find_source(str(folder)), size) == list(read_articles(read_settings(folder)))


@pytest.mark.parametrize("size", [1, 300, 1000, 1 << 20])
def test_parquet_files_are_read_in_order(parquet, size):
    folder, rows = parquet
    found = all_of(find_source(str(folder)), size)
    assert [(one.article_id, one.group, one.outlet, one.text) for one in found] == rows
    source, aside = find_source(str(folder)), []
    batches = [batch for partition in source.partitions(size) for batch in source.texts(partition, aside)]
    assert [(*row, text) for frame, texts in batches for row, text in zip(frame[["article_id", "group", "outlet"]].itertuples(index=False, name=None), texts.to_pylist())] == rows and not aside


def test_a_file_a_pattern_and_a_url_are_read_too(parquet):
    folder, rows = parquet
    assert len(all_of(find_source(str(folder / "a.parquet")), 1000)) == 15
    assert [one.text for one in all_of(find_source(f"file://{folder}/*.parquet"), 1000)] == [row[-1] for row in rows]


def test_a_url_of_another_file_system(parquet):
    import fsspec

    folder, rows = parquet
    fsspec.filesystem("memory").pipe("/corpus/a.parquet", (folder / "a.parquet").read_bytes())
    assert [one.text for one in all_of(find_source("memory://corpus"), 1000)] == [row[-1] for row in rows[:15]]


def test_a_study_may_name_parquet_files(parquet):
    folder, rows = parquet
    (folder / "study.toml").write_text('title = "Large"\ngroups = ["B"]\ntargets = ["russia"]\narticles = "a.parquet"\n', encoding="utf-8")
    found = all_of(find_source(str(folder)), 500)
    assert [one.text for one in found if isinstance(one, Article)] == [row[-1] for row in rows[:15] if row[1] == "B"]
    assert {one.reason for one in found if isinstance(one, SetAside)} == {"unknown group 'A'; the study compares B"}


def test_a_folder_of_texts(tmp_path):
    for name in ("Post/1.txt", "Post/2.txt", "Times/more/3.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Russia left {name}.", encoding="utf-8")
    (tmp_path / "Times/bad.txt").write_bytes("Бг".encode("cp1251"))
    (tmp_path / "Times/empty.txt").write_text(" \n")
    found = all_of(find_source(str(tmp_path)), 1)
    assert [(one.article_id, one.outlet, one.group) for one in found if isinstance(one, Article)] == [("Post/1", "Post", "Post"), ("Post/2", "Post", "Post"), ("Times/more/3", "Times", "Times")]
    assert [one for one in found if isinstance(one, SetAside)] == [("Times/bad", "not UTF-8 (byte 0); save it as UTF-8"), ("Times/empty", "holds no text")]


def test_rows_without_text_are_set_aside(tmp_path):
    pq.write_table(pa.table({"article_id": ["a", "b", "c", None], "text": [None, " ", "Russia left.", "Russia came."]}), tmp_path / "x.parquet")
    source, aside = find_source(str(tmp_path / "x.parquet")), []
    (partition,) = source.partitions(1 << 20)
    found = list(source.articles(partition))
    assert found[:2] == [("a", "holds no text"), ("b", "holds no text")] and [one.article_id for one in found[2:]] == ["c", "x-3"]
    ((frame, texts),) = source.texts(partition, aside)
    assert aside == found[:2] and frame["article_id"].tolist() == ["c", "x-3"] and texts.to_pylist() == ["Russia left.", "Russia came."]


def test_a_changed_file_changes_the_stamp_of_its_partition_alone(tmp_path):
    folder = write_study(tmp_path / "study", TEXTS)
    before = find_source(str(folder)).partitions(200)
    (folder / "003.txt").write_text("Russia stayed.", encoding="utf-8")
    after = find_source(str(folder)).partitions(200)
    changed = [a.name for a, b in zip(after, before) if a.items == b.items and a.stamp != b.stamp]
    assert len(changed) == 1


@pytest.mark.parametrize(
    "make, wanted",
    [
        (lambda folder: folder / "nothing", "no such file or folder"),
        (lambda folder: folder, "no article there"),
        (lambda folder: (folder / "a.csv").write_text("text\nx\n") and folder / "a.csv", "`pressframes new` makes a study of it"),
        (lambda folder: (folder / "a.parquet").write_bytes(b"PAR1 no") and folder, "no Parquet file that can be read"),
        (lambda folder: pq.write_table(pa.table({"body": ["x"]}), folder / "a.parquet") or folder, "column 'text' is missing (there are body)"),
        (lambda folder: "nowhere://x", "cannot be opened"),
    ],
)
def test_what_is_no_corpus_gets_one_line(tmp_path, make, wanted):
    with pytest.raises(InputError) as caught:
        find_source(str(make(tmp_path))).partitions(100)
    assert wanted in str(caught.value)


# Blocks, parts, pieces


@given(st.lists(st.integers(1, 300_000), max_size=8))
def test_blocks_hold_every_article_once(lengths):
    articles = [article("x" * length) for length in lengths]
    made = list(blocks(articles))
    assert [one for block in made for one in block] == articles
    assert all(sum(len(one.text) for one in block) <= 200_000 or len(block) == 1 for block in made)


@given(any_text, st.integers(1, 400))
def test_parts_are_the_whole(text, longest):
    parts = parts_of(article(text), longest)
    assert "".join(part.text for _, part in parts) == text
    assert all(offset == len("".join(part.text for _, part in parts[:i])) and (len(part.text) <= longest) for i, (offset, part) in enumerate(parts))
    assert [part.title for _, part in parts] == ["Title"] + [""] * (len(parts) - 1)


def test_a_part_ends_where_a_sentence_does():
    text = "Mr. Smith left the town at 5 p.m. yesterday. Nobody knows why. " * 500
    assert all(part.text.endswith(". ") and part.text.startswith(("Mr. Smith", "Nobody")) for _, part in parts_of(article(text), 3000))


def test_long_texts_are_counted_in_pieces():
    texts = pa.array(["war " * (BATCH_BYTES // 2), "peace", "a" * 10, "war and peace " * (BATCH_BYTES // 7)], pa.large_string())
    words = [0] * 4
    for of, firsts, pieces in pieces_of(texts):
        assert sum(map(len, pieces)) <= 2 * BATCH_BYTES
        for i, first, piece in zip(of, firsts, pieces):
            assert texts[i].as_py()[first : first + len(piece)] == piece
            words[i] += piece.count(" ") if i != 1 and i != 2 else len(tokenise(piece))
    assert words == [BATCH_BYTES // 2, 1, 1, 3 * (BATCH_BYTES // 7)]
