import dataclasses

import numpy as np
import pandas as pd
import pytest

from pressframes.results import Note, Notes, Table, slug


@pytest.fixture
def table():
    frame = pd.DataFrame({
        "term": ["<script>alert(1)</script>", "war & peace"], "count": [1234, 0], "rate": [12.3456, np.nan], "note": ["“x”", None], "hidden": [1, 2],
    })  # fmt: skip
    return Table(frame, "terms", "Terms <b>here</b>", ("Words: 1,000 & more.",), {"term": "term", "count": "count", "rate": "per 1,000", "note": "note"}, {"count": ",d", "rate": ".1f"})


def test_cells_are_the_frame_formatted(table):
    assert table.cells() == [["<script>alert(1)</script>", "1,234", "12.3", "“x”"], ["war & peace", "0", "–", "–"]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda study: study.rates("loaded", by=("group", "voice")), lambda study: study.rates("mentions", by=("group", "target")), lambda study: study.keyness("Bulgarian"),
        lambda study: study.collocates("russia"), lambda study: study.corpus(), lambda study: study.naming(),
    ],
)  # fmt: skip
def test_cells_of_the_studys_tables_are_their_frames_formatted(study, ask):
    table = ask(study)
    frame = table.to_frame()
    for column, shown in zip(table.shown(), zip(*table.cells())):
        if column in table.formats:
            assert list(shown) == [format(value, table.formats[column]) for value in frame[column]]
        elif not pd.api.types.is_numeric_dtype(frame[column]):
            assert list(shown) == [str(value) for value in frame[column]]


def test_showing_changes_nothing(table):
    before = table.to_frame()
    first = repr(table), table._repr_html_(), table._repr_mimebundle_()
    assert (repr(table), table._repr_html_(), table._repr_mimebundle_()) == first
    table.top(1), table.where(term="war & peace"), table.cells()
    pd.testing.assert_frame_equal(table.to_frame(), before)


def test_a_frame_that_is_changed_changes_nothing(table):
    frame = table.to_frame()
    frame.loc[0, "count"] = 7
    assert table.to_frame().loc[0, "count"] == 1234


def test_a_table_is_frozen(table):
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.name = "other"


def test_html_escapes_what_texts_hold(table):
    page = table._repr_html_()
    assert "<script>" not in page and "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "war &amp; peace" in page and "Words: 1,000 &amp; more." in page


def test_html_shows_every_cell_head_and_note(table):
    page = table._repr_html_()
    assert page.count("<tr>") == 3 and page.count("<th ") == 4 and page.count("<td ") == 8
    assert '<th scope="col" class="number">count</th>' in page and '<th scope="col" class="text">term</th>' in page
    assert "hidden" not in page


def test_the_text_form_shows_every_cell(table):
    shown = repr(table)
    assert shown.splitlines()[0] == "Terms <b>here</b>" and shown.splitlines()[-1] == "Words: 1,000 & more."
    for cell in ("1,234", "12.3", "war & peace"):
        assert cell in shown


def test_an_empty_table_shows_itself(table):
    empty = table.where(term="nothing")
    assert "(no rows)" in repr(empty) and empty.cells() == [] and "<tbody>" in empty._repr_html_()


def test_top_tells_how_many_rows_there_were(table):
    assert table.top(1).notes == ("Words: 1,000 & more.", "First 1 of 2 rows.") and len(table.top(1).cells()) == 1
    assert table.top(2) is table


def test_where(table):
    assert table.where(count=0).cells() == [["war & peace", "0", "–", "–"]]
    assert table.where(count=0).name == "terms_0"
    with pytest.raises(KeyError):
        table.where(colour="red")


def test_the_csv_of_a_table_holds_all_columns(table):
    assert table._repr_mimebundle_()["text/csv"].splitlines()[0] == "term,count,rate,note,hidden"


def test_a_table_without_heads_shows_all(table):
    bare = Table(table.to_frame(), "bare", "Bare")
    assert list(bare.shown()) == ["term", "count", "rate", "note", "hidden"] and bare.cells()[0][1] == "1,234"


def test_notes_escape_and_repeat_themselves():
    note = Note("Russia <b>&</b> the US")
    assert repr(note) == "Russia <b>&</b> the US" and note._repr_html_() == '<p class="pf-note finding">Russia &lt;b&gt;&amp;&lt;/b&gt; the US</p>'
    notes = Notes((note, Note("no test", kind="limit")))
    assert repr(notes) == "- Russia <b>&</b> the US\n- no test" and list(notes)[1].kind == "limit"
    assert "<b>" not in notes._repr_html_() and 'class="limit"' in notes._repr_html_()


@pytest.mark.parametrize("text, name", [("Azerbaijani", "azerbaijani"), ("Radio Free Europe / RL", "radio_free_europe_rl"), ("", ""), ("--", ""), ("A1", "a1")])
def test_slug(text, name):
    assert slug(text) == name
