"""What is stored is what the instruments say today, and what the cards and charts cite."""

from pathlib import Path

import pandas as pd
import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.validation import NAMES, Validation, cite, instrument, store

STORED = shelf.folder("validation")
REJUDGED = ("mentions", "newssd", "quotes", "regions", "roles")
"""Judged again in seconds; of the others the hash of what they are made of is compared."""


@pytest.fixture(scope="module")
def validation() -> Validation:
    return Validation.load()


@pytest.mark.parametrize("name", NAMES)
class TestInstrument:
    def test_stored_figure_is_that_of_the_stored_items(self, name, validation):
        stored = store.figures(STORED).set_index("name").loc[name]
        figure = store.figure(name, validation.items(name))
        assert stored["f1"] == pytest.approx(figure.f1, abs=1e-6) and stored["low"] == pytest.approx(figure.low, abs=1e-6)
        assert figure.low <= figure.f1 <= figure.high

    def test_tells_what_a_reader_asks(self, name, validation):
        known, card = instrument(name), validation.card(name)
        assert known.name == name and known.gold and known.protocol and known.meaning and known.question.endswith("?")
        assert f"{store.figures(STORED).set_index('name').loc[name, 'f1']:.2f}" in repr(card.figures)
        assert known.ships or not "".join(validation.items(name)["text"])  # what cannot travel is not stored


@pytest.mark.parametrize("name", sorted(store.SHIPPED))
def test_figures_are_of_the_rules_as_they_stand(name):
    assert store.figures(STORED).set_index("name").loc[name, "made_of"] == store.made_of(), "run make validate again"


@pytest.mark.parametrize("name", REJUDGED)
def test_items_judged_again_are_the_stored_ones(name, validation):
    again = store.measure(name, shelf.folder("gold") / store.SHIPPED[name])
    stored = validation.items(name)
    columns = ["gold", "predicted", "n"]
    pd.testing.assert_frame_equal(again[columns].reset_index(drop=True), stored[columns], check_dtype=False)


def test_charts_cite_the_stored_figure():
    f1 = store.figures(STORED).set_index("name").loc["mentions", "f1"]
    assert cite("mentions") == f"Measured accuracy (see “How right are the instruments?”): mentions F1 {f1:.2f}."
    assert cite() == ""


def test_storing_replaces_what_was_measured_and_keeps_the_rest(tmp_path):
    items = pd.DataFrame({"task": "", "cluster": ["1", "2"], "item": ["1", "2"], "text": "", "gold": ["agent", "none"], "predicted": ["agent", "agent"], "n": 1})
    store.store({"roles": items, "mentions": items.assign(predicted=items["gold"])}, tmp_path)
    store.store({"mentions": items}, tmp_path)
    kept = store.figures(tmp_path).set_index("name")
    assert list(kept.index) == ["mentions", "roles"] and kept.loc["mentions", "f1"] == kept.loc["roles", "f1"] < 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.csv", "mentions.csv", "roles.csv"]


class TestBadInput:
    def test_unknown_instrument(self):
        with pytest.raises(InputError, match="unknown instrument 'tea'"):
            store.folders({}, only=("tea",))

    def test_set_that_does_not_travel(self):
        with pytest.raises(InputError, match="--polnear FOLDER"):
            store.folders({"polnear": None}, only=("polnear",))

    def test_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(InputError, match="no such folder"):
            store.folders({"babe": tmp_path / "none"}, only=("babe",))

    def test_nothing_stored(self, tmp_path):
        with pytest.raises(InputError, match="figures.csv: missing"):
            Validation.load(Path(tmp_path))
