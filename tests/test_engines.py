"""The same tables by every engine, in any order; what is done is not done again; one article's fault is its own."""

import random
import shutil

import pandas as pd
import pytest
from pages import LEXICONS, write_study
from runs import TABLES, nothing_half_written, write_corpus, written

from pressframes import engines, jobs, runs
from pressframes.annotate import COLUMNS, annotate
from pressframes.corpus import Article
from pressframes.runs import annotate_partitions
from pressframes.errors import InputError
from pressframes.layers.regions import KEPT
from pressframes.partitions import parts_of
from pressframes.study import Study
from pressframes.tokens import tokenise

TEXTS = {(f"{i:03d}", "AB"[i % 2]): f"Russia attacked town {i}, an official said. “It is a provocation,” Putin said, and the peacekeepers left. " + f"Nobody knows what became of the others in town {i}. " * 6 for i in range(9)}


@pytest.fixture(autouse=True)
def small_partitions(monkeypatch):
    monkeypatch.setattr(runs, "PARTITION_BYTES", {"all": 1500, "surface": 1500})
    monkeypatch.setattr(runs, "FAN", 2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("corpus") / "corpus.parquet", 9)


@pytest.fixture(scope="module")
def local(corpus, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "PARTITION_BYTES", {"all": 1500, "surface": 1500})
        out = {layers: tmp_path_factory.mktemp("local") / layers for layers in runs.LAYERS}
        for layers, folder in out.items():
            annotate_partitions(str(corpus), folder, layers=layers)
        return {layers: written(folder) for layers, folder in out.items()}


class Shuffled(engines.Local):
    """The partitions in another order, one of them twice."""

    def map(self, job, function, items):
        items = [*items, *items[:1]]
        random.Random(7).shuffle(items)
        yield from super().map(job, function, items)


# The same tables


def test_the_tables_are_those_of_annotate(tmp_path):
    folder = write_study(tmp_path / "study", TEXTS)
    run = annotate_partitions(str(folder), tmp_path / "out")
    whole = Study.load(folder).annotations().tables()
    assert run.partitions > 2 and run.articles == 9 and run.words == len(whole["tokens"]) and run.set_aside == 0
    for name in COLUMNS:
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out" / name), whole[name])


@pytest.mark.parametrize("layers", runs.LAYERS)
def test_any_order_gives_the_same_bytes(corpus, local, tmp_path, layers):
    annotate_partitions(str(corpus), tmp_path, engine=Shuffled(), layers=layers)
    assert written(tmp_path) == local[layers] and len(local[layers]) > 10


def test_processes_give_the_same_bytes(corpus, local, tmp_path):
    with engines.start("processes", workers=4) as engine:
        for layers in runs.LAYERS:
            annotate_partitions(str(corpus), tmp_path / layers, engine=engine, layers=layers)
            assert written(tmp_path / layers) == local[layers]


def test_a_cluster_gives_the_same_bytes(corpus, local, tmp_path):
    pytest.importorskip("distributed")
    with engines.start("dask", workers=2) as engine:
        for layers in runs.LAYERS:
            annotate_partitions(str(corpus), tmp_path / layers, engine=engine, layers=layers)
            assert written(tmp_path / layers) == local[layers]
        study = str(write_study(tmp_path / "study", TEXTS))  # its partitions hold rows of articles.csv
        for kind in ("local", engine):
            annotate_partitions(study, tmp_path / str(kind is engine), engine=kind, layers="surface")
        assert written(tmp_path / "True") == written(tmp_path / "False")


def test_the_surface_counts_what_the_tokeniser_finds(corpus, tmp_path):
    annotate_partitions(str(corpus), tmp_path, layers="surface")
    frame = pd.read_parquet(corpus)
    words = [(group, token.norm) for group, text in zip(frame["group"], frame["text"]) for token in tokenise(text)]
    articles = pd.read_parquet(tmp_path / "articles")
    assert articles["article_id"].tolist() == frame["article_id"].tolist() and articles["n_words"].sum() == len(words)
    assert articles["n_chars"].tolist() == frame["text"].str.len().tolist()
    wanted = pd.Series([word for word in words if word[1][0].isalpha()]).value_counts().to_dict()
    merged = pd.read_parquet(tmp_path / "merged" / "term_counts.parquet")
    assert {(row.group, row.term): row.n for row in merged.itertuples()} == wanted


# Carrying on


def done_by(out, path, **options):
    before = {file.name: file.stat().st_ino for file in (out / "_done").glob("*.json")} if (out / "_done").is_dir() else {}
    run = annotate_partitions(str(path), out, **options)
    return run, {file.stem for file in (out / "_done").glob("*.json") if before.get(file.name) != file.stat().st_ino}


def test_a_finished_run_does_nothing_again(corpus, local, tmp_path):
    annotate_partitions(str(corpus), tmp_path)
    run, again = done_by(tmp_path, corpus)
    assert run.done_before == run.partitions and not again and written(tmp_path) == local["all"]


def test_what_is_damaged_or_missing_is_done_again(corpus, local, tmp_path):
    annotate_partitions(str(corpus), tmp_path)
    names = sorted(file.stem for file in (tmp_path / "_done").iterdir())
    (tmp_path / "tokens" / f"{names[0]}.parquet").unlink()
    file = tmp_path / "roles" / f"{names[1]}.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    (tmp_path / "_done" / f"{names[2]}.json").write_text('{"name"')
    run, again = done_by(tmp_path, corpus)
    assert again == set(names[:3]) and run.done_before == len(names) - 3 and written(tmp_path) == local["all"]


def test_a_corpus_that_was_only_copied_is_not_annotated_again(corpus, local, tmp_path, monkeypatch):
    shutil.copy(corpus, tmp_path / "corpus.parquet")
    annotate_partitions(str(tmp_path / "corpus.parquet"), tmp_path / "out")
    (tmp_path / "corpus.parquet").touch()
    monkeypatch.setattr(jobs, "annotate", lambda *_, **__: pytest.fail("annotated again"))
    annotate_partitions(str(tmp_path / "corpus.parquet"), tmp_path / "out")
    assert written(tmp_path / "out") == local["all"]


def test_a_changed_article_costs_its_partition(tmp_path):
    folder = write_study(tmp_path / "study", TEXTS)
    annotate_partitions(str(folder), tmp_path / "out")
    (folder / "004.txt").write_text("Russia left the town, and the peacekeepers stayed.", encoding="utf-8")
    _, again = done_by(tmp_path / "out", folder)
    annotate_partitions(str(folder), tmp_path / "fresh")
    assert written(tmp_path / "out") == written(tmp_path / "fresh") and 0 < len(again) <= 2


def test_other_lists_or_layers_or_articles_leave_nothing_of_the_former_run(corpus, local, tmp_path):
    folder = write_study(tmp_path / "study", TEXTS)
    annotate_partitions(str(folder), tmp_path / "out")
    (folder / "loaded.csv").write_text("entry,polarity,category\ntown,positive,praise\n", encoding="utf-8")
    annotate_partitions(str(folder), tmp_path / "out")
    assert set(pd.read_parquet(tmp_path / "out" / "loaded").query("lexicon == 'curated'")["entry"]) == {"town"}
    for layers in ("surface", "all"):
        annotate_partitions(str(corpus), tmp_path / "out", layers=layers)
        assert written(tmp_path / "out") == local[layers]


def test_no_mark_of_completion_while_something_is_missing(corpus, tmp_path, monkeypatch):
    annotate_partitions(str(corpus), tmp_path)
    next((tmp_path / "tokens").iterdir()).unlink()

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "annotate", stopped)
    with pytest.raises(KeyboardInterrupt):
        annotate_partitions(str(corpus), tmp_path)
    assert not (tmp_path / "_complete.json").exists() and not list((tmp_path / "_draft").iterdir()) and nothing_half_written(tmp_path)


# Articles that are set aside


def poisoned(monkeypatch, word, error):
    def breaks(articles, *arguments, **options):
        if any(word in article.text for article in articles):
            raise error
        return annotate(articles, *arguments, **options)

    monkeypatch.setattr(jobs, "annotate", breaks)


def test_a_poisoned_article_is_set_aside_and_the_others_stay_as_they_are(tmp_path, monkeypatch):
    folder = write_study(tmp_path / "study", TEXTS)
    whole = Study.load(folder).annotations().tables()
    poisoned(monkeypatch, "town 4,", ValueError("too strange\nto tell"))
    run = annotate_partitions(str(folder), tmp_path / "out")
    assert run.articles == 8 and pd.read_parquet(tmp_path / "out" / "set_aside").values.tolist() == [["004", "ValueError: too strange to tell"]]
    for name in COLUMNS:
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out" / name), whole[name][whole[name]["article_id"] != "004"].reset_index(drop=True))


def test_a_file_that_is_missing_is_set_aside_with_its_row(tmp_path):
    folder = write_study(tmp_path / "study", TEXTS)
    (folder / "002.txt").unlink()
    run = annotate_partitions(str(folder), tmp_path / "out")
    (aside,) = pd.read_parquet(tmp_path / "out" / "set_aside").to_dict("records")
    assert run.set_aside == 1 and aside["article_id"] == "002" and "articles.csv, row 4: no such article '002.txt'" in aside["reason"]


def test_where_every_article_fails_the_first_reason_is_told(tmp_path, monkeypatch):
    folder = write_study(tmp_path / "study", TEXTS)
    poisoned(monkeypatch, "", MemoryError())
    with pytest.raises(InputError, match="no article could be annotated; the first, 000: MemoryError"):
        annotate_partitions(str(folder), tmp_path / "out")
    assert not (tmp_path / "out" / "_complete.json").exists()


# Long articles


def test_a_long_article_keeps_its_offsets(monkeypatch):
    text = "".join(f"Russia attacked town {i} with {i + 7} tanks, an official said on Monday. “It is provocation {i},” Putin said.\n\n" for i in range(60))
    article = Article("1", "1.txt", "A", "Paper", "", "", "", "", "", "", text, "0" * 64)
    monkeypatch.setattr(jobs, "parts_of", lambda one: parts_of(one, 1000))
    parted, whole = jobs._annotated_in_parts(article, LEXICONS, ("en",)).tables(), annotate([article], LEXICONS).tables()
    for name in ("tokens", "mentions", "loaded"):
        assert [text[row.start : row.end] for row in parted[name].itertuples()] == parted[name]["text"].tolist() and len(parted[name])
    for name in ("articles", "sentences", "tokens", "mentions", "loaded", "voices", "roles", "tone"):
        pd.testing.assert_frame_equal(parted[name], whole[name])
    kept = parted["regions"][parted["regions"]["kind"].isin(KEPT)]
    assert not kept.empty and len(parted["frames"]) == len(whole["frames"])


@pytest.mark.parametrize("library", [object(), None])
def test_where_the_system_has_no_such_settings_of_memory_work_goes_on(corpus, tmp_path, monkeypatch, library):
    def cdll(name):
        if library is None:
            raise TypeError("no name of a library")
        return library

    monkeypatch.setattr(engines.ctypes, "CDLL", cdll)
    assert annotate_partitions(str(corpus), tmp_path / "out", layers="surface", size=3000).articles


# What was wrong


@pytest.mark.parametrize(
    "options, wanted",
    [
        ({"engine": "ray"}, "unknown engine 'ray'; use local, processes, dask"),
        ({"engine": "processes", "workers": 0}, "--workers 0: give a number from 1"),
        ({"workers": 2}, "this process is the only one"),
        ({"engine": "processes", "scheduler": "tcp://x:1"}, "only --engine dask has one"),
        ({"engine": "dask", "scheduler": "tcp://x:1", "workers": 2}, "leave --workers out"),
        ({"layers": "deep"}, "unknown layers 'deep'; use all or surface"),
    ],
)
def test_wrong_options_get_one_line(corpus, tmp_path, options, wanted):
    with pytest.raises(InputError) as caught:
        annotate_partitions(str(corpus), tmp_path / "out", **options)
    assert wanted in str(caught.value) and not (tmp_path / "out").exists()


def test_without_dask_one_line_says_what_to_install(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="Dask is not installed; install pressframes\\[scale\\]"):
        annotate_partitions(str(corpus), tmp_path / "out", engine="dask")


def test_an_output_that_cannot_be_written_gets_one_line(corpus, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        annotate_partitions(str(corpus), tmp_path / "taken" / "out")


def test_every_table_is_told(corpus, local):
    assert {name.split("/")[0] for name in local["all"]} == {*TABLES, "merged"}
