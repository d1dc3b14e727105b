"""Tone on gold: how the set is read, kept apart, trained on and judged."""

import json
from copy import copy

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.tone import LABELS, ToneModel, shipped_model
from pressframes.layers.vectors import WordVectors
from pressframes.validation import tone, train_tone
from pressframes.validation.instrument import ITEM_COLUMNS
from pressframes.validation.train_tone import Target

GOLD = shelf.folder("gold") / "newsmtsc"
VECTORS = shelf.folder("models") / "vectors.npz"


def _file(folder, *rows):
    path = folder / tone.FILE
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _row(sentence, *targets):
    return {"primary_gid": "polusa_1_2_3_x", "sentence_normalized": sentence, "targets": [{"from": start, "to": end, "polarity": value} for start, end, value in targets]}


@pytest.fixture(scope="module")
def small():
    """A model trained on 600 targets, with the regressions behind it, what it was trained on, and 200 other targets."""
    targets, polarity = train_tone.read_targets(GOLD / "train.jsonl")[:800], train_tone.read_polarity(shelf.folder("lexicons"))
    seen, labels = train_tone.seen_of(targets, polarity), [target.label for target in targets]
    model, regressions = train_tone.train(seen[:600], labels[:600], polarity, WordVectors.read(VECTORS), threshold=0.5)
    return model, regressions, (seen[:600], labels[:600]), targets[600:]


def test_reads_each_target_with_its_label(tmp_path):
    path = _file(tmp_path, _row("Ann praised Bob.", (0, 3, 4.0), (12, 15, 6.0)), _row("Cy lied.", (0, 2, 2.0)))
    assert [(target.sentence[target.start : target.end], target.label) for target in train_tone.read_targets(path)] == [("Ann", "neutral"), ("Bob", "positive"), ("Cy", "negative")]


@pytest.mark.parametrize("line", ["{", "[]", '{"primary_gid": "a"}', '{"primary_gid": "a", "sentence_normalized": "b", "targets": [{"from": 0, "to": 1, "polarity": 3.0}]}'])
def test_names_the_row_that_is_not_of_the_form(tmp_path, line):
    path = _file(tmp_path, _row("Cy lied.", (0, 2, 2.0)))
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2"):
        train_tone.read_targets(path)


def test_names_the_row_whose_valence_is_no_number(tmp_path):
    for name in ("opinion.csv", "loaded.csv", "reporting.csv"):
        (tmp_path / name).write_bytes((shelf.folder("lexicons") / name).read_bytes())
    (tmp_path / "valence.csv").write_text("word,valence\ngood,1.9\nbad,low\n", encoding="utf-8")
    with pytest.raises(InputError, match="valence.csv, row 3: 'low'"):
        train_tone.read_polarity(tmp_path)


def test_leaves_out_copies_of_test_sentences():
    held = Target("Smith told the crowd that he would never resign from office.", 0, 5, "neutral", "a", "a")
    copy, other = held._replace(sentence="“" + held.sentence.replace("Smith", "Jones") + "”"), held._replace(sentence="Jones told nobody that he had long ago resigned from the board.")
    assert train_tone.without_copies([copy, other], [held]) == [other]


def test_articles_stay_on_one_side_of_a_fold(monkeypatch):
    targets = [Target(f"Smith did {i}.", 0, 5, LABELS[i % 3], str(i), f"article {i // 3}") for i in range(60)]
    trained = []

    class Model:
        def judge(self, seen):
            return np.full((len(list(seen)), 3), 1 / 3)

    monkeypatch.setattr(train_tone, "train", lambda inside, labels, polarity, vectors: (trained.append({names[0] for names, _, _ in inside}), None) and (Model(), None))
    train_tone.cross_validate(targets, [([target.article_id], [], {}) for target in targets], None, None)
    counts = [sum(target.article_id in inside for inside in trained) for target in targets]
    assert len(trained) == 5 and set(counts) == {4}  # each article is outside exactly once, whole


def test_threshold_is_the_least_that_reaches_the_accuracy():
    probabilities = np.array([[0.9, 0.1, 0.0], [0.1, 0.8, 0.1], [0.4, 0.3, 0.3], [0.45, 0.35, 0.2]])
    labels = ["negative", "neutral", "neutral", "positive"]
    assert train_tone.find_threshold(labels, probabilities, 1.0) == 0.46
    assert train_tone.find_threshold(labels, probabilities, 0.5) == 0.34
    assert train_tone.find_threshold(["positive"] * 4, probabilities, 0.5) == 1.0


def test_the_written_model_gives_the_probabilities_of_scikit_learn(small, tmp_path):
    model, regressions, _, others = small
    (tmp_path / "vectors.npz").write_bytes(VECTORS.read_bytes())
    train_tone.write(model, tmp_path / "tone.npz")
    stored = ToneModel.read(tmp_path / "tone.npz")
    seen = train_tone.seen_of(others, model.polarity)
    for items, views in ((train_tone.with_parses(others), seen), ([target[:3] for target in others], list(map(train_tone.without_parse, seen)))):
        matrix, rounded = train_tone.feature_matrix(model, views), [copy(one) for one in regressions]
        for label, one in enumerate(rounded):
            one.coef_ = model.scores[None, :, label]
        for fitted, least in ((rounded, 1e-6), (regressions, 1e-3)):
            each = np.stack([one.predict_proba(matrix)[:, 1] for one in fitted], axis=1)
            assert np.abs(stored.probabilities(items) - each / each.sum(axis=1, keepdims=True)).max() < least
    assert stored.threshold == 0.5 and stored.names == model.names
    train_tone.write(stored, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "tone.npz").read_bytes()


def test_a_model_made_with_other_vectors_is_refused(small, tmp_path):
    WordVectors({"one": 0, "two": 1}, np.eye(2, dtype=np.int8)).write(tmp_path / "vectors.npz")
    train_tone.write(small[0], tmp_path / "tone.npz")
    with pytest.raises(InputError, match="other word vectors.*train_tone"):
        ToneModel.read(tmp_path / "tone.npz")


def test_function_words_are_left_out_of_the_meaning(small):
    model = small[0]
    rows = [model.word_idf[model.vectors.row[word]] for word in ("the", "of", "massacre")]
    assert rows[:2] == [0, 0] and rows[2] > 0


def test_training_twice_gives_the_same_scores(small):
    model, _, (seen, labels), _ = small
    again, _ = train_tone.train(seen, labels, model.polarity, model.vectors, threshold=0.5)
    assert again.names == model.names and np.array_equal(again.scores, model.scores)


def test_items_hold_every_target_of_the_test_part():
    items = tone.INSTRUMENT.items(GOLD)
    assert tuple(items.columns) == ITEM_COLUMNS and len(items) == 1146 and items["item"].is_unique and items["cluster"].nunique() == 1067
    assert set(items["gold"]) == set(items["predicted"]) == set(LABELS)
    assert items["text"].str.contains(r"\[[^\]]+\]").all()
    assert f1_score(items["gold"], items["predicted"], average="macro") >= 0.68


def test_what_is_labelled_is_right_more_often_than_what_is_not():
    targets = train_tone.read_targets(GOLD / tone.FILE)
    tones = shipped_model().tones([target[:3] for target in targets])  # without the parse: its share of right labels is the smaller one
    given = np.array([found.label != "" for found in tones])
    right = np.array([LABELS[int(np.argmax(found.probabilities))] == target.label for found, target in zip(tones, targets)])
    assert 0.4 < given.mean() < 0.9 and right[given].mean() > right.mean() + 0.05 > right[~given].mean()
