"""Tone towards a target: offsets, sides, abstaining, and the model file."""

import subprocess
import sys

import numpy as np
import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.tone import LABELS, ToneModel, features, shipped_model, tone_of, tones


def _tone(marked):
    """Tone towards what stands in [brackets]."""
    start, end = marked.index("["), marked.index("]") - 1
    return tone_of(marked.replace("[", "").replace("]", ""), start, end)


@pytest.mark.parametrize(
    ("marked", "label"),
    [
        ("Critics said that [Smith] had lied to voters and betrayed his own party.", "negative"),
        ("[Smith] was accused of fraud and corruption by prosecutors.", "negative"),
        ("[Smith] won praise for his brave and brilliant leadership.", "positive"),
        ("[Smith] will meet with reporters on Tuesday.", "neutral"),
    ],
)
def test_plain_cases(marked, label):
    assert _tone(marked).label == label


def test_the_side_of_the_target_matters():
    assert _tone("[Jones] praised Smith as an honest and courageous leader.").score < _tone("Jones praised [Smith] as an honest and courageous leader.").score


def test_the_targets_name_does_not_matter():
    assert _tone("[Obama] spoke of failure.") == _tone("[Donald J. Trump] spoke of failure.")


def test_score_and_probabilities_agree():
    found = tones([("Smith failed badly.", 0, 5), ("Smith spoke.", 0, 5)])
    for tone in found:
        assert sum(tone.probabilities) == pytest.approx(1) and tone.score == pytest.approx(tone.probabilities[2] - tone.probabilities[0]) and -1 <= tone.score <= 1
    assert found[0].score < found[1].score


def test_abstains_below_the_threshold():
    items = [(f"Smith {verb} the {noun}.", 0, 5) for verb in ("saw", "won", "lost", "praised", "wrecked") for noun in ("vote", "hero", "crisis", "liar", "friend")]
    threshold = shipped_model().threshold
    found = tones(items)
    assert {tone.label == "" for tone in found} == {True, False}
    for tone in found:
        assert tone.label == (LABELS[int(np.argmax(tone.probabilities))] if max(tone.probabilities) >= threshold else "")


def test_batches_change_nothing():
    items = [(f"Smith called Jones a liar {i} times, but Jones won.", 0, 5) for i in range(1100)]
    together = tones(items)
    assert len(together) == 1100 and all(tones([items[i]])[0].probabilities == pytest.approx(together[i].probabilities, abs=1e-12) for i in (0, 511, 512, 1099))
    assert tones([]) == []


@pytest.mark.parametrize(("start", "end"), [(0, 99), (3, 3), (-1, 2), (4, 2)])
def test_a_target_outside_the_sentence_is_an_input_error(start, end):
    with pytest.raises(InputError, match="offsets within the sentence"):
        tone_of("Smith spoke.", start, end)


@pytest.mark.parametrize("sentence", ["Smith", "Smith!", "“Smith”", "史密斯 Smith 🙂", "Smith\n\nwon 1,000’s"])
def test_takes_any_text(sentence):
    start = sentence.index("Smith")
    assert np.isfinite(tone_of(sentence, start, start + 5).probabilities).all()


def test_negation_turns_listed_words():
    polarity = shipped_model().polarity
    plain, turned = (features(sentence, 0, 5, polarity)[2] for sentence in ("Smith was honest.", "Smith was not honest."))
    assert plain["o+"] > 0 and "o-" not in plain and turned["o-"] > 0 and "o+" not in turned


def test_the_model_file_is_small_and_holds_no_pickle():
    path = shelf.folder("models") / "tone.npz"
    assert path.stat().st_size < 2_000_000
    with np.load(path, allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} <= {"f", "u"}


def test_a_broken_model_file_is_an_input_error(tmp_path):
    path = tmp_path / "tone.npz"
    for make in (lambda: path.unlink(missing_ok=True), lambda: path.write_bytes(b"no arrays"), lambda: np.savez(path, names=np.zeros(3))):
        make()
        with pytest.raises(InputError, match="train_tone"):
            ToneModel.read(path)


def test_needs_neither_scikit_learn_nor_spacy():
    code = "import sys; from pressframes.layers.tone import tone_of; tone_of('Smith won.', 0, 5); sys.exit(bool({'sklearn', 'spacy', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
