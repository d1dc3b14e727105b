"""The BABE protocol on a made-up copy of the same shape."""

import pandas as pd
import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.validation import babe, newssd
from pressframes.validation.scores import score

HEAD = "text;news_link;outlet;topic;type;label_bias;label_opinion;biased_words\n"


def write(folder, rows, head=HEAD):
    lines = [f"{text};x;{outlet};topic;left;{label};y;{words}\n" for text, outlet, label, words in rows]
    (folder / babe.FILE).write_text("\ufeff" + head + "".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def copy(tmp_path):
    return write(tmp_path, [
        ("The senator slammed the vile plan.", "Here", "Biased", "['slammed', 'awful plan']"),
        ("The senator met the minister.", "Here", "Non-biased", "[]"),
        ("The regime fell.", "Reuters", "Biased", "['regime']"),
        ("Nobody knows.", "Here", "No agreement", "[]"),
    ])  # fmt: skip


def test_counts_each_word_of_the_outlets_that_were_not_looked_at(copy):
    items = babe.INSTRUMENT.items(copy)
    counts = {(row.cluster, row.gold, row.predicted): row.n for row in items.itertuples()}
    assert counts == {(2, "loaded", "loaded"): 1, (2, "loaded", "plain"): 1, (2, "plain", "loaded"): 1, (2, "plain", "plain"): 3, (3, "plain", "plain"): 5}
    assert set(items["text"]) == {""}  # the licence forbids more
    figure = score(items, metric="positive", negative="plain")
    assert (figure.precision, figure.recall, figure.f1) == (0.5, 0.5, 0.5)


def test_reads_rows_as_published(copy):
    first, _, last = babe.read_babe(copy)
    assert first.marked == {"slammed", "awful", "plan"} and first.biased and (first.row, last.row) == (2, 4)
    (copy / "data").mkdir()
    (copy / babe.FILE).rename(copy / "data" / babe.FILE)
    assert len(babe.read_babe(copy)) == 3


@pytest.mark.parametrize(
    "row, told",
    [
        (("A.", "Here", "Maybe", "[]"), "row 2: unknown label_bias 'Maybe'; "),
        (("A.", "Here", "Biased", "slammed"), "row 2: biased_words is no list of words; "),
        (("A.", "Here", "Biased", "[3]"), "row 2: biased_words is no list of words; "),
        (("A.", "Here", "Biased", ""), "row 2: biased_words is no list of words; "),
        (("A.", "Here", "No agreement", "[]"), "no sentence has a label; "),
    ],
)
def test_faults_are_told_in_one_line(tmp_path, row, told):
    with pytest.raises(InputError) as caught:
        babe.read_babe(write(tmp_path, [row]))
    assert told in str(caught.value) and str(tmp_path) in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_another_folder_or_file_is_told_apart(tmp_path):
    with pytest.raises(InputError, match="no final_labels_SG2.csv"):
        babe.INSTRUMENT.items(tmp_path)
    with pytest.raises(InputError, match="column 'outlet' is missing"):
        babe.read_babe(write(tmp_path, [], head=HEAD.replace(";outlet", "")))
    (tmp_path / babe.FILE).write_bytes(b"text;\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        babe.read_babe(tmp_path)


def outlets(rates):
    """Four outlets of 100 sentences; the n-th has 20 n biased ones, and a loaded word in so many as `rates` say."""
    return [
        ("The vile plan fell." if i < rate else "The new plan fell.", f"O{n}", "Biased" if i < 20 * n else "Non-biased", "[]")
        for n, rate in enumerate(rates, start=1) for i in range(100)
    ]  # fmt: skip


@pytest.mark.parametrize("rates, spearman", [((10, 20, 30, 40), 1), ((40, 30, 20, 10), -1), ((20, 10, 40, 30), 0.6)])
def test_the_order_of_outlets(tmp_path, rates, spearman):
    found = babe.outlet_order(write(tmp_path, outlets(rates)), resamples=200)
    assert found.spearman == pytest.approx(spearman)
    assert found.low <= found.spearman <= found.high
    frame = found.to_frame()
    assert list(frame["outlet"]) == ["O1", "O2", "O3", "O4"] and list(frame["share"]) == [0.2, 0.4, 0.6, 0.8]
    assert list(frame["rate"]) == pytest.approx([1000 * rate / 400 for rate in rates])
    assert frame["rate"].corr(frame["share"], method="spearman") == pytest.approx(found.spearman)


def test_few_outlets_have_no_order(copy):
    with pytest.raises(InputError, match="fewer than three outlets"):
        babe.outlet_order(copy)


def test_precision_of_an_entry_that_occurs_often(tmp_path):
    rows = [("The vile plan of a thug.", "Here", "Biased", "['vile']" if i < 3 else "[]") for i in range(5)] + [("The regime fell.", "Here", "Biased", "['regime']")] * 4
    found = babe.entry_precision(write(tmp_path, rows))
    assert found.to_dict("records") == [{"entry": "thug", "occurrences": 5, "precision": 0.0}, {"entry": "vile", "occurrences": 5, "precision": 0.6}]


def test_the_stored_precisions_are_of_entries_that_exist(lexicons):
    stored = pd.read_csv(shelf.folder("validation") / "loaded_precision.csv")
    assert list(stored.columns) == ["entry", "occurrences", "precision"] and stored["entry"].is_unique
    assert set(stored["entry"]) <= {entry.entry for entry in lexicons.loaded}
    assert stored["occurrences"].min() >= babe.LEAST_OCCURRENCES and stored["precision"].between(0, 1).all()


# NewsSD-ENG: the own voice alone counts


def test_subjective_sentences(tmp_path):
    place = tmp_path / newssd.PART
    place.parent.mkdir(parents=True)
    place.write_text('Sentence,Label\nThe vile plan fell.,SUBJ\n"“The vile plan fell,” he said.",OBJ\nThe minister came.,SUBJ\n', encoding="utf-8")
    items = newssd.INSTRUMENT.items(tmp_path)
    assert list(items["gold"]) == ["subjective", "objective", "subjective"]
    assert list(items["predicted"]) == ["subjective", "objective", "objective"]
    assert list(items["text"])[0] == "The vile plan fell."
    place.write_text("Sentence,Label\nIt fell.,NONE\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: unknown label 'NONE'"):
        newssd.INSTRUMENT.items(tmp_path)
