import html
import re
from dataclasses import asdict

import pandas as pd
import pytest

from pressframes.errors import InputError
from pressframes.explore import View, explore, read_view, save_view
from pressframes.explore.desk import _Desk
from pressframes.study import Study


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@pytest.fixture
def desk(make_study):
    study = Study.load(make_study({("a", "North"): "The regime spoke. Russia was there.", ("b", "South"): "The regime of the US was there. A war came."}))
    return _Desk(study, View())


def every(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def named(desk, text):
    return next(widget for widget in every(desk.box) if getattr(widget, "description", "") == text)


def page(desk) -> str:
    return " ".join(plain(pane.value) for pane in desk._panes.values())


def test_every_control_has_a_label(desk):
    controls = [widget for widget in every(desk.box) if hasattr(widget, "description") and type(widget).__name__ != "HTML"]
    assert len(controls) > 15 and all(widget.description for widget in controls)


def test_everything_follows_what_is_picked_and_typed(desk):
    assert "Loaded terms: 2 lines" in page(desk)
    named(desk, "Word, phrase or stem*").value = "there"
    named(desk, "South").value = True
    assert desk.view() == View(term="there", groups=("South",))
    assert "“there”, South: 1 line" in page(desk) and "The regime of the US was there." in plain(desk._panes["lines"].value)
    assert "<mark>there</mark>" in desk._panes["marked"].value and "at word 7 of 10" in desk._panes["strips"].value and "term='there'" in page(desk)
    assert desk._article.options[1][1] == "b"
    named(desk, "Article in full").value = "b"
    assert desk.view().article == "b"


def test_what_is_wrong_stands_in_its_place(desk):
    named(desk, "is a regular expression").value = True
    named(desk, "Word, phrase or stem*").value = "(war"
    assert "is not a regular expression" in desk._panes["status"].value and not desk._panes["tables"].value + desk._panes["lines"].value + desk._panes["marked"].value
    named(desk, "Word, phrase or stem*").value = "zzz"
    assert "no lines" in page(desk) and desk._panes["tables"].value and not desk._panes["lines"].value


def test_the_list_can_be_changed(desk):
    named(desk, "Add to loaded terms").value = "war, was there"
    named(desk, "Strike from loaded terms").value = "regime"
    assert desk.view() == View(added=("war", "was there"), struck=("regime",)) and "What the changed list moves" in page(desk)


def test_saves_beside_the_study_and_asks_before_writing_over(desk):
    named(desk, "Name of the file").value = "first"
    named(desk, "Save the view").click()
    saved = desk._study.settings.folder / "view-first.toml"
    assert read_view(saved) == View() and "Saved" in page(desk)
    named(desk, "South").value = True
    named(desk, "Save the view").click()
    assert "already there" in page(desk) and read_view(saved) == View()
    named(desk, "write over a file of this name").value = True
    named(desk, "Save the view").click()
    assert read_view(saved) == View(groups=("South",)) and not named(desk, "write over a file of this name").value
    named(desk, "Save all lines as CSV").click()
    assert len(pd.read_csv(saved.with_name("lines-first.csv"))) == 1


def test_begins_with_the_view_given(study):
    view = View(groups=("Turan",), targets=("us", "russia"), voices=("direct",), categories=("glorification",), term="war*", added=("x", "y z"), struck=("regime",), article="001")
    begun = asdict(_Desk(study, view).view())
    assert {key: set(value) if isinstance(value, tuple) else value for key, value in begun.items()} == {key: set(value) if isinstance(value, tuple) else value for key, value in asdict(view).items()}
    with pytest.raises(InputError, match="unknown"):
        explore(study, View(groups=("Mars",)))


def test_saved_views_are_chosen_from_a_menu(desk):
    menu = named(desk, "Saved views")
    assert [label for label, _ in menu.options] == ["none saved yet"]
    save_view(desk._study, View(groups=("South",), term="there", added=("war",), article="b"), "mine")
    named(desk, "Name of the file").value = "whole"
    named(desk, "Save the view").click()
    assert [name for _, name in menu.options] == ["", "mine", "whole"]
    menu.value = "mine"
    assert desk.view() == View(groups=("South",), term="there", added=("war",), article="b") and "“there”, South: 1 line" in page(desk)
    menu.value = "whole"
    assert desk.view() == View() and "Loaded terms: 2 lines" in page(desk)


def test_a_saved_view_that_does_not_fit_is_told_and_changes_nothing(desk):
    (desk._study.settings.folder / "view-wrong.toml").write_text("groups = ['Mars']")
    desk._list_saved()
    before = desk.view()
    named(desk, "Saved views").value = "wrong"
    assert "unknown 'Mars'" in page(desk) and desk.view() == before
