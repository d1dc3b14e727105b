"""Word vectors: directions of groups of words, and their file."""

import numpy as np
import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.vectors import WordVectors


@pytest.fixture(scope="module")
def shipped():
    return WordVectors.read(shelf.folder("models") / "vectors.npz")


def test_directions_are_those_of_the_weighted_sums():
    vectors, weights = WordVectors({"a": 0, "b": 1, "c": 2, "d": 3}, np.array([[1, 0], [0, 1], [-1, 0], [5, 5]], np.int8)), np.array([3.0, 4.0, 3.0, 0.0])
    found = vectors.directions([[], [0, 1, 3], [], [2, 2], [0, 2], [3], []], weights)
    assert found == pytest.approx(np.array([[0, 0], [0.6, 0.8], [0, 0], [-1, 0], [0, 0], [0, 0], [0, 0]]))
    assert vectors.directions([], weights).shape == (0, 2)


@pytest.mark.parametrize(("word", "near", "far"), [("massacre", "slaughter", "budget"), ("praised", "applauded", "parking"), ("minister", "chancellor", "banana")])
def test_words_of_like_meaning_point_the_same_way(shipped, word, near, far):
    one, other, third = shipped.directions([[shipped.row[w]] for w in (word, near, far)], np.ones(len(shipped.row)))
    assert one @ other > one @ third + 0.2


def test_written_and_read_again_it_is_the_same(shipped, tmp_path):
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    shipped.write(first)
    again = WordVectors.read(first)
    again.write(second)
    assert again.row == shipped.row and (again.vectors == shipped.vectors).all() and first.read_bytes() == second.read_bytes()


def test_a_broken_file_is_an_input_error(tmp_path):
    path = tmp_path / "vectors.npz"
    short = np.frombuffer(b"one\ntwo", dtype=np.uint8)
    for make in (lambda: path.unlink(missing_ok=True), lambda: path.write_bytes(b"no arrays"), lambda: np.savez(path, words=short), lambda: np.savez(path, words=short, vectors=np.zeros((3, 2), np.int8)), lambda: np.savez(path, words=short, vectors=np.zeros((2, 2)))):
        make()
        with pytest.raises(InputError, match="make_vectors"):
            WordVectors.read(path)
