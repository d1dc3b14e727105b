"""Training of the frames model: the gold as read, the fit against scikit-learn, and that no held-out label is seen."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.frames import FRAMES, explain, shipped, terms_of
from pressframes.validation import train_frames
from pressframes.validation.frames import INSTRUMENT
from pressframes.validation.instrument import ITEM_COLUMNS
from pressframes.validation.train_frames import Corpus, Trained, expected_best, fit, nested, read_gold, read_terms

GOLD = shelf.folder("gold") / "narrative-frames"
SETTING = (1.0, 0.1, 0.25)


@pytest.fixture(scope="module")
def corpus():
    return Corpus(read_gold(GOLD), read_terms(shelf.folder("lexicons") / "frames.csv"))


@pytest.fixture(scope="module")
def fitted(corpus):
    return fit(corpus)


def test_gold_is_read_past_its_traps(corpus):
    gold = corpus.gold
    positive = dict(zip(FRAMES, gold.labels.sum(axis=0).tolist()))
    assert positive == {"conflict": 268, "economic": 127, "resolution": 192, "morality": 44, "human interest": 49}
    assert np.bincount(gold.folds).tolist() == [0, 85, 86, 86, 86, 85]
    assert gold.labels[gold.ids == 716].tolist() == [[0, 0, 0, 0, 0]]
    assert gold.labels[gold.ids == 405].tolist() == [[0, 0, 1, 0, 0]]
    assert sum(map(bool, gold.titles)) == 426
    assert gold.titles[gold.ids.tolist().index(812)] == "Record surge in atmospheric CO2 seen in 2016"


def test_a_folder_without_the_set_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read as Narrative Frames"):
        read_gold(tmp_path)


@pytest.mark.parametrize("row", ["blame,accus*,why", "conflict,two words,why", "conflict,a*b,why"])
def test_a_wrong_term_is_named(tmp_path, row):
    (tmp_path / "frames.csv").write_text(f"frame,term,item\n{row}\n")
    with pytest.raises(InputError, match="frames.csv, row 2"):
        read_terms(tmp_path / "frames.csv")


@pytest.mark.parametrize("one, other", [(20, 50), (70, 72), (624, 802)])
def test_versions_of_a_held_out_story_are_not_trained_on(corpus, one, other):
    gold = corpus.gold
    place, twin = (gold.ids.tolist().index(i) for i in (one, other))
    assert gold.folds[place] != gold.folds[twin]
    assert twin not in corpus.training(gold.folds[place]) and place not in corpus.training(gold.folds[twin])
    assert place in corpus.training(*{1, 2, 3, 4, 5} - {gold.folds[place], gold.folds[twin]})


def test_word_weights_and_ridge_agree_with_scikit_learn(corpus):
    gold, rows = corpus.gold, corpus.training(2)
    trained = Trained(corpus, rows)
    bags = [[term for piece in (title, *sentences) for term in terms_of(piece)] for title, sentences in zip(gold.titles, gold.sentences)]
    vectorizer = TfidfVectorizer(analyzer=lambda bag: bag, sublinear_tf=True, min_df=3).fit([bags[i] for i in rows])
    words = vectorizer.transform(bags)
    assert abs(trained.words - words).max() < 1e-12
    ridge, weight, part = SETTING
    for f, frame in enumerate(FRAMES):
        features = np.hstack([words.toarray(), weight * corpus.densities[frame] / corpus.densities[frame][rows].std(axis=0)])
        target = part * gold.labels[:, f] + (1 - part) * gold.shares[:, f]
        expected = Ridge(alpha=ridge).fit(features[rows], target[rows]).predict(features)
        assert trained.scores(frame, SETTING) == pytest.approx(expected, abs=1e-8)


def test_expected_best_is_the_best_of_all_cuts():
    p = np.random.default_rng(3).beta(1, 3, size=60)

    def expected(cut):
        said = p >= cut
        return 2 * p[said].sum() / (said.sum() + p.sum()) + 2 * (1 - p[~said]).sum() / ((~said).sum() + (1 - p).sum())

    assert expected(expected_best(p)) == pytest.approx(max(expected(cut) for cut in np.sort(p)[1:]))


def test_labels_of_a_test_fold_do_not_reach_its_predictions(corpus, monkeypatch):
    monkeypatch.setattr(train_frames, "SETTINGS", (SETTING, (3.0, 0.0, 0.25)))
    other = object.__new__(Corpus)
    other.__dict__.update(corpus.__dict__)
    test = corpus.gold.folds == 3
    other.gold = replace(corpus.gold, labels=np.where(test[:, None], 1 - corpus.gold.labels, corpus.gold.labels), shares=np.where(test[:, None], 1 - corpus.gold.shares, corpus.gold.shares))
    (before, choices), (after, choices_after) = nested(corpus), nested(other)
    assert np.array_equal(before[test], after[test]) and choices[2] == choices_after[2]
    assert not np.array_equal(before[~test], after[~test])


def test_the_shipped_model_is_what_training_makes(fitted):
    model, (made, _) = shipped(), fitted
    assert model.vocabulary == made.vocabulary and model.lexicon == made.lexicon and model.shortest == made.shortest
    for name in ("idf", "weights", "constants", "scale", "shift", "thresholds", "familiar"):
        assert getattr(model, name) == pytest.approx(getattr(made, name), rel=1e-5, abs=1e-6)


def test_inference_gives_the_scores_of_training(corpus, fitted):
    """The shipped model, article by article from its text, and the ridge that was solved on all articles at once."""
    _, chosen = fitted
    whole = Trained(corpus, np.arange(len(corpus.gold.ids)))
    scores = np.array([whole.scores(frame, chosen[frame].setting) for frame in FRAMES]).T
    for i in range(0, len(scores), 9):
        found = explain(shipped(), corpus.gold.titles[i], list(corpus.gold.sentences[i]))
        assert found.scores == pytest.approx(scores[i], abs=1e-6)


def test_items_hold_every_article_under_every_frame(monkeypatch):
    monkeypatch.setattr(train_frames, "SETTINGS", (SETTING,))
    items = INSTRUMENT.items(GOLD)
    assert tuple(items.columns) == ITEM_COLUMNS
    assert items.groupby("task", sort=False).size().to_dict() == dict.fromkeys(FRAMES, 428)
    assert set(items["gold"]) == set(items["predicted"]) == {"yes", "no"}
    assert items["text"].str.len().between(50, 200).all() and not items.duplicated(["task", "item"]).any()
    assert (items["gold"] == "yes").sum() == 680
