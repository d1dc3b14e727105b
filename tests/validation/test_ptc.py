"""PTC's protocol on invented articles in the published layout."""

import numpy as np
import pytest
from click.testing import CliRunner

from pressframes.cli import cli
from pressframes.errors import InputError
from pressframes.validation import ptc, store
from pressframes.validation.instrument import ITEM_COLUMNS
from pressframes.validation.scores import score

ONE = "The harbour\n\nThe vile plan of a thug fell.\nNobody came.\n"
TWO = "Rain\n\nIt rained in the vile north.\n"


def rows(number, text, *marks):
    """Label rows of stretches given by their words: (technique, words)."""
    return "".join(f"{number}\t{technique}\t{text.index(words)}\t{text.index(words) + len(words)}\n" for technique, words in marks)


@pytest.fixture
def copy(tmp_path):
    files = {
        "train-articles/article101.txt": ONE,
        "train-labels-task2-technique-classification/article101.task2-TC.labels": rows(101, ONE, ("Loaded_Language", "vile plan"), ("Name_Calling,Labeling", "a thug"), ("Doubt", "Nobody came")),
        "train-labels-task1-span-identification/article101.task1-SI.labels": "101\t20\t30\n",
        "train-articles/article102.txt": TWO,
        "train-labels-task2-technique-classification/article102.task2-TC.labels": "",
        "dev-articles/article201.txt": "An unlabelled part.\n",
        "train-task2-TC.labels": "101\tDoubt\t0\t3\n",
        "README.md": "about",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def labels(copy):
    return copy / "train-labels-task2-technique-classification" / "article101.task2-TC.labels"


def test_reads_the_labelled_part(copy):
    one, two = ptc.read_ptc(copy)
    assert (one.number, two.number) == ("101", "102") and one.text == ONE
    assert [ONE[start:end] for start, end in one.spans["Loaded_Language"]] == ["vile plan"]
    assert [ONE[start:end] for start, end in one.spans["Name_Calling,Labeling"]] == ["a thug"]
    assert set(two.spans.values()) == {()}


def test_the_other_published_names_are_read(copy):
    before = ptc.read_ptc(copy)
    for path in labels(copy).parent.iterdir():
        path.rename(path.with_name(path.name.replace(".task2-TC.labels", ".task-flc-tc.labels")))
    assert ptc.read_ptc(copy) == before


def test_a_word_is_gold_if_all_of_it_is_marked(copy):
    labels(copy).write_text(rows(101, ONE, ("Loaded_Language", "vile pla"), ("Name_Calling,Labeling", "thug")))
    items = ptc.items(copy)
    assert list(items.columns) == list(ITEM_COLUMNS) and set(items["text"]) == {""}
    counts = {(row.task, row.cluster, row.gold, row.predicted): row.n for row in items.itertuples()}
    # words of three letters and more: The harbour The vile plan thug fell Nobody came / Rain rained the vile north
    assert counts == {
        ("Loaded_Language", "101", "loaded", "loaded"): 1, ("Loaded_Language", "101", "plain", "loaded"): 1, ("Loaded_Language", "101", "plain", "plain"): 7,
        ("Name_Calling,Labeling", "101", "loaded", "loaded"): 1, ("Name_Calling,Labeling", "101", "plain", "loaded"): 1, ("Name_Calling,Labeling", "101", "plain", "plain"): 7,
        ("Loaded_Language", "102", "plain", "loaded"): 1, ("Loaded_Language", "102", "plain", "plain"): 4,
        ("Name_Calling,Labeling", "102", "plain", "loaded"): 1, ("Name_Calling,Labeling", "102", "plain", "plain"): 4,
    }  # fmt: skip
    assert score(items, metric="positive", negative="plain").recall == 1


def test_stretches_that_hold_a_term(copy):
    labels(copy).write_text(rows(101, ONE, ("Loaded_Language", "vile plan"), ("Loaded_Language", "fell"), ("Name_Calling,Labeling", "thug")))
    found = ptc.compare(copy).set_index(["list", "technique"])
    curated = found.loc["curated"]
    assert list(curated["stretches"]) == [2, 1] and list(curated["hit"]) == [0.5, 1.0]
    assert curated.loc["Loaded_Language", "recall"] == pytest.approx(1 / 3) and curated.loc["Loaded_Language", "precision"] == pytest.approx(1 / 3)
    assert (curated["low"] <= curated["hit"]).all() and (curated["hit"] <= curated["high"]).all()


def test_a_technique_without_a_stretch_has_no_share(copy):
    labels(copy).write_text(rows(101, ONE, ("Loaded_Language", "vile plan")))
    assert np.isnan(ptc.compare(copy).set_index(["list", "technique"]).loc[("curated", "Name_Calling,Labeling"), "hit"])


@pytest.mark.parametrize(
    "row, told",
    [
        ("101\tLoaded_Language\t3\n", "row 1: 3 cells between tabs, not 4; "),
        ("101 Loaded_Language 3 5\n", "row 1: 1 cells between tabs, not 4; "),
        ("101\tDoubt\t3\t5\n102\tDoubt\t3\t5\n", "row 2: of article 102, in the file of article 101; "),
        ("101\tLoaded_Language\tthree\t5\n", "row 1: 'three' to '5' are no offsets; "),
        ("101\tLoaded_Language\t-3\t5\n", "row 1: '-3' to '5' are no offsets; "),
        ("101\tLoaded_Language\t3\t5000\n", f"row 1: 3 to 5000 is no stretch of the article's {len(ONE)} characters; "),
        ("101\tDoubt\t5\t5\n", "row 1: 5 to 5 is no stretch"),
        ("101\tDoubt\t3\t5\n", "no row of labels has Loaded_Language or Name_Calling,Labeling"),
    ],
)
def test_faults_are_told_in_one_line(copy, row, told):
    labels(copy).write_text(row)
    with pytest.raises(InputError) as caught:
        ptc.read_ptc(copy)
    assert told in str(caught.value) and str(copy) in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_missing_and_foreign_files_are_told(copy):
    labels(copy).rename(copy / "kept")
    with pytest.raises(InputError, match="article101.txt: no article101.task2-TC.labels or .task-flc-tc.labels"):
        ptc.read_ptc(copy)
    (copy / "kept").rename(labels(copy))
    (copy / "old").mkdir()
    (copy / "old" / "article102.txt").write_text(TWO)
    with pytest.raises(InputError, match="article102 stands in .* too"):
        ptc.read_ptc(copy)
    (copy / "old" / "article102.txt").unlink()
    (copy / "train-articles" / "article101.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match=r"article101.txt: not UTF-8 \(byte 3\)"):
        ptc.read_ptc(copy)


def test_a_folder_without_articles_or_labels_is_told(tmp_path):
    with pytest.raises(InputError, match="no article<number>.txt"):
        ptc.read_ptc(tmp_path)
    (tmp_path / "article1.txt").write_text("Rain.")
    with pytest.raises(InputError, match="no article has its labels"):
        ptc.read_ptc(tmp_path)


def test_the_command_stores_what_it_measured(copy):
    result = CliRunner().invoke(cli, ["validate", "--ptc", str(copy), "--only", "ptc", "--out", str(copy / "out")], catch_exceptions=False)
    assert result.exit_code == 0 and result.stdout.startswith("ptc  ")
    assert sorted(path.name for path in (copy / "out").iterdir()) == ["figures.csv", "ptc.csv", "ptc_beside.csv"]
    store.figures.cache_clear()
    told = store.Validation.load(copy / "out")
    assert len(told.loaded_language().frame) == 4 and "loaded language" in repr(told.figures())
    with pytest.raises(InputError, match="opinion_beside.csv: missing"):
        told.second_opinion()


def test_its_folder_is_asked_for():
    with pytest.raises(InputError, match="--ptc FOLDER"):
        store.folders({"ptc": None}, only=("ptc",))
