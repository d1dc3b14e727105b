"""The BASIL protocol on a made-up copy of the same shape."""

import json

import pytest

from pressframes.errors import InputError
from pressframes.validation import basil


@pytest.fixture
def copy(tmp_path):
    """One article of two paragraphs, three biased stretches: one quoted, one not, one in the title."""
    name = next(f"event{i}_1" for i in range(99) if basil.held_out(f"event{i}_1_ann.json"))
    paragraphs = [["The plan failed badly, critics said.", "“It was a shameful show,” Mr. Miller said."], ["Nobody answered."]]
    spans = [
        {"id": "p0", "start": 9, "end": 21, "quote": "no"}, {"id": "p1", "start": 1, "end": 23, "quote": "yes"}, {"id": "title", "start": 0, "end": 4, "quote": "no"},
    ]  # fmt: skip
    for folder, ending, content in (("articles", "", {"body-paragraphs": paragraphs}), ("annotations", "_ann", {"phrase-level-annotations": spans})):
        place = tmp_path / folder / "2010"
        place.mkdir(parents=True)
        (place / f"{name}{ending}.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_judges_each_stretch_of_the_body(copy):
    items = basil.INSTRUMENT.items(copy)
    assert set(zip(items["gold"], items["predicted"], items["n"])) == {("quoted", "quoted", 1), ("not quoted", "not quoted", 1)}
    assert set(items["text"]) == {""}  # the licence forbids more


def test_another_folder_is_told_apart(tmp_path):
    with pytest.raises(InputError, match="no annotations"):
        basil.INSTRUMENT.items(tmp_path)


def test_an_article_that_is_missing_is_named(copy):
    next(copy.glob("articles/2010/*.json")).unlink()
    with pytest.raises(InputError, match="_ann.json: its article"):
        basil.INSTRUMENT.items(copy)
