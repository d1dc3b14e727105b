"""Heroes, villains and victims as a cross-check of roles and tone."""

import pandas as pd
import pytest

from pressframes import Validation, shelf
from pressframes.errors import InputError
from pressframes.validation import characters
from pressframes.validation.train_frames import Gold, read_gold

GOLD = shelf.folder("gold") / "narrative-frames"


def _file(folder, *rows):
    (folder / "role_and_frame_annoations.tsv").write_text("ID\tentity\tgroup\trole\n" + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_entities_of_two_characters_and_pronouns_are_left_out(tmp_path):
    folder = _file(tmp_path, ("1", "Ann", "x", "hero"), ("1", "they", "x", "villain"), ("1", "Bob", "x", "victim"), ("1", "Bob", "x", "villain"), ("2", "Bob", "x", "villain"), ("2", "Bob", "x", "villain"))
    assert characters.read_characters(folder) == {1: {"Ann": "hero"}, 2: {"Bob": "villain"}}


@pytest.mark.parametrize("row", [("1", "Ann", "x", "saint"), ("one", "Ann", "x", "hero")])
def test_names_the_row_that_is_not_of_the_form(tmp_path, row):
    with pytest.raises(InputError, match="row 3"):
        characters.read_characters(_file(tmp_path, ("1", "Bob", "x", "hero"), row))


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="fresh copy"):
        characters.read_characters(tmp_path)


def test_whole_words_and_the_longest_entity_count():
    assert characters.spans_of("US and the US army, but not USAID.", {"US": "hero", "US army": "villain"}) == {(0, 2): "hero", (11, 18): "villain"}
    assert characters.spans_of("Nobody.", {}) == {}


def test_roles_and_tone_of_each_mention_add_up(tmp_path, monkeypatch):
    whole = read_gold(GOLD)
    sentences = (("The brutal mob attacked Smith.", "The mob destroyed homes.", "Smith was attacked by the mob."), ("A brave nurse saved Smith.", "The mob lied."))
    monkeypatch.setattr(characters, "read_gold", lambda folder: Gold(whole.ids[:2], whole.folds[:2], whole.titles[:2], sentences, whole.labels[:2], whole.shares[:2]))
    first, second = map(str, whole.ids[:2])
    folder = _file(tmp_path, (first, "mob", "x", "villain"), (first, "Smith", "x", "victim"), (second, "nurse", "x", "hero"), (second, "Smith", "x", "victim"), (second, "mob", "x", "villain"))
    found = characters.compare(folder).set_index("character")
    assert found[["mentions", "articles", "agents", "patients"]].loc[["hero", "villain", "victim"]].values.tolist() == [[1, 1, 1, 0], [4, 2, 4, 0], [3, 2, 0, 3]]
    assert found["acting"].to_dict() == {"hero": 1.0, "villain": 1.0, "victim": 0.0}
    assert found.at["hero", "tone"] > found.at["villain", "tone"] and (found["tone_low"] <= found["tone"]).all() and (found["tone"] <= found["tone_high"]).all()


def test_the_stored_table_is_told_with_its_reading():
    table = Validation.load().characters()
    stored = pd.read_csv(shelf.folder("validation") / "characters.csv")
    assert table.to_frame()["character"].tolist() == list(characters.CHARACTERS) and stored["mentions"].min() > 300
    assert all(f"{100 * share:.0f} %" in repr(table) for share in stored["acting"])


@pytest.mark.parametrize(("highest", "said"), [(-0.1, ""), (0.2, "It does not tell heroes from villains: their intervals overlap.")])
def test_characters_whose_tone_may_be_the_same_are_told(tmp_path, highest, said):
    (tmp_path / "figures.csv").write_text((shelf.folder("validation") / "figures.csv").read_text(), encoding="utf-8")
    row = {"mentions": 9, "articles": 3, "agents": 5, "patients": 1, "acting": 0.8, "acting_low": 0.7, "acting_high": 0.9, "tone": 0.3, "tone_low": 0.1, "tone_high": 0.4}
    pd.DataFrame([{"character": "hero", **row}, {"character": "villain", **row, "tone": -0.2, "tone_low": -0.4, "tone_high": highest}]).to_csv(tmp_path / "characters.csv", index=False)
    told = repr(Validation.load(tmp_path).characters())
    assert ("does not tell" in told) == bool(said) and said in told and "heroes +0.30, villains -0.20" in told


def test_what_was_not_measured_is_told(tmp_path):
    (tmp_path / "figures.csv").write_text((shelf.folder("validation") / "figures.csv").read_text(), encoding="utf-8")
    with pytest.raises(InputError, match="characters.csv: missing"):
        Validation.load(tmp_path).characters()
