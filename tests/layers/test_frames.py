"""Frames: what is counted, how shares add up by sentence, when the model abstains."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from pressframes.errors import InputError
from pressframes.layers.frames import EXTRAS, FRAMES, Hits, Model, density, explain, frames_of, load, probabilities, save, shipped, terms_of

WORDS = ("pope", "court", "said", "the")
LEXICON = {"conflict": ("clash*", "court"), "economic": ("cost*",), "resolution": ("plan",), "morality": ("god*",), "human interest": ("my",)}
ARTICLE = [
    "Mayor Anna Smith said on Tuesday that the city would spend $40 million, or 12 percent of its budget, on a sea wall.",
    "Critics clashed with her in court and accused the council of ignoring residents.",
    "“My family lost its home,” said Tom Green, a 52-year-old fisherman.",
    "The weather was mild.",
]


def toy(**changes) -> Model:
    weights = np.zeros((5, len(WORDS)))
    weights[0] = [0.0, 2.0, 0.0, -1.0]
    weights[3] = [3.0, 0.0, 0.0, 0.0]
    fields = dict(
        vocabulary=WORDS, idf=np.array([2.0, 2.0, 1.0, 1.0]), weights=weights, lexicon=LEXICON,
        slopes={frame: np.full(1 + len(EXTRAS[frame]), 0.5 if frame == "conflict" else 0.0) for frame in FRAMES}, constants=np.arange(5) / 10,
        scale=np.ones(5), shift=np.zeros(5), thresholds=np.full(5, 0.6), familiar=0.5, shortest=3,
    )  # fmt: skip
    return Model(**fields | changes)


def test_counts_what_the_lexicon_names_and_money_percentages_ages():
    hits = Hits(LEXICON).count("The $5 million clash cost 3% of 20 billion dollars; Ann, 41, and a 9-year-old boy clashed in court over courts.")
    assert {frame: values.tolist() for frame, values in hits.items()} == {"conflict": [3], "economic": [1, 2, 1], "resolution": [0], "morality": [0], "human interest": [0, 2]}


@pytest.mark.parametrize("text, terms", [("Cities’ glass, 1,000 votes", ["city", "glass", "<number>", "vote"]), ("the virus is U.S. made", ["the", "virus", "is", "u.s.", "made"]), ("", [])])
def test_terms_are_words_without_plural_endings(text, terms):
    assert terms_of(text) == terms


def test_scores_are_the_linear_model_spelled_out():
    """The whole article as one vector, without parting anything by sentence."""
    model = shipped()
    title = "Sea wall divides the city"
    bag = Counter(terms_of(" ".join([title, *ARTICLE])))
    vector = np.array([(1 + np.log(bag[word])) * idf if bag[word] else 0.0 for word, idf in zip(model.vocabulary, model.idf)])
    hits = model.hits.count(" ".join([title, *ARTICLE]))
    by_hand = model.constants + model.weights @ (vector / np.linalg.norm(vector))
    by_hand += [model.slopes[frame] @ density(hits[frame], bag.total()) for frame in FRAMES]
    found = explain(model, title, ARTICLE)
    assert found.scores == pytest.approx(by_hand, abs=1e-9)
    assert found.shares.shape == (1 + len(ARTICLE), 5)
    assert found.words == bag.total()
    assert found.known == pytest.approx(sum(n for word, n in bag.items() if word in model.place) / bag.total())


def test_order_and_cutting_of_sentences_do_not_change_scores():
    model = shipped()
    whole = explain(model, "", ARTICLE)
    assert explain(model, "", ARTICLE[::-1]).scores == pytest.approx(whole.scores, abs=1e-12)
    assert explain(model, "", [" ".join(ARTICLE)]).scores == pytest.approx(whole.scores, abs=1e-12)


def test_passages_are_the_sentences_that_raise_the_score_greatest_first():
    sentences = ["The said.", "The court said.", "They clash.", "Court, court clash.", "A court."]
    frames = {frame.frame: frame for frame in frames_of("", sentences, model=toy())}
    assert frames["conflict"].passages == (3, 4, 1)  # two courts and a clash; a court; a court less "the", which speaks against
    assert {frame.frame: frame for frame in frames_of("", sentences[:3], model=toy())}["conflict"].passages == (1, 2)
    assert frames["morality"].passages == ()


def test_what_the_title_adds_belongs_to_no_passage():
    model = toy()
    said = ["The said.", "The said."]
    with_title = {frame.frame: frame for frame in frames_of("Pope", said, model=model)}
    without = {frame.frame: frame for frame in frames_of("", said, model=model)}
    assert with_title["morality"].probability > without["morality"].probability
    assert with_title["morality"].passages == ()


def test_present_is_a_probability_that_reaches_the_threshold():
    sentences = ["The court said."]
    model = toy()
    chances = probabilities(model, explain(model, "", sentences).scores)
    exact = toy(thresholds=chances)
    assert [frame.present for frame in frames_of("", sentences, model=exact)] == [True] * 5
    above = toy(thresholds=np.nextafter(chances, 2))
    assert [frame.present for frame in frames_of("", sentences, model=above)] == [False] * 5


@pytest.mark.parametrize("sentences", [[], ["Court said."], ["Qubit lattice phonon said boson."], ["", " ", "…"]])
def test_abstains_on_the_short_and_the_unfamiliar(sentences):
    frames = frames_of("", sentences, model=toy())
    assert [frame.frame for frame in frames] == list(FRAMES)
    assert all(frame.present is None and 0 <= frame.probability <= 1 for frame in frames)


def test_the_shipped_model_abstains_on_a_text_in_another_language():
    text = "Das Gericht entschied gestern, dass die Klage der Anwohner gegen den Bau des Kraftwerks zulässig ist. " * 15
    assert all(frame.present is None for frame in frames_of("", [text]))


def test_a_stored_model_is_read_as_it_was(tmp_path):
    save(shipped(), tmp_path / "frames.npz")
    assert frames_of("Sea wall", ARTICLE, model=load(tmp_path / "frames.npz")) == frames_of("Sea wall", ARTICLE)


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"PK\x03\x04 broken off"])
def test_a_missing_or_damaged_model_is_named(tmp_path, content):
    path = tmp_path / "frames.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="frames.npz: cannot be read as the frames model"):
        load(path)


def test_inference_needs_no_learning_library():
    code = "import sys; from pressframes.layers.frames import frames_of; frames_of('', ['A plan.']); sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'spacy')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
