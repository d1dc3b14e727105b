"""Vectors of English words: words of like meaning point the same way, so what is learned of one word holds for its neighbours too.

The arrays lie in `models/vectors.npz`; `validation/make_vectors.py` makes them and `models/vectors.md` tells from what.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pressframes.errors import InputError


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Vectors of words in small letters.

    Attributes:
        row: word to its row in `vectors`.
        vectors: (words, dimensions) int8, from -127 to 127; rows are about equally long.
    """

    row: dict[str, int]
    vectors: np.ndarray

    @classmethod
    def read(cls, path: Path) -> "WordVectors":
        """Read a file of vectors.

        Raises:
            InputError: if the file is missing or holds no vectors.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                words, vectors = arrays["words"].tobytes().decode("utf-8").split("\n"), arrays["vectors"]
                if vectors.ndim != 2 or vectors.dtype != np.int8 or len(words) != len(vectors):
                    raise ValueError(f"{len(words)} words, vectors of shape {vectors.shape}, {vectors.dtype}")
        except (OSError, KeyError, ValueError) as error:
            raise InputError(f"{path}: cannot be read as word vectors ({error}); make them with python -m pressframes.validation.make_vectors") from None
        return cls({word: row for row, word in enumerate(words)}, vectors)

    def write(self, path: Path) -> None:
        """Write the arrays, without pickles; the same vectors give the same bytes."""
        words = np.frombuffer("\n".join(self.row).encode("utf-8"), dtype=np.uint8)
        np.savez_compressed(path, words=words, vectors=self.vectors)

    def directions(self, groups: list[list[int]], weights: np.ndarray) -> np.ndarray:
        """Return the direction of each group's weighted sum of vectors.

        Args:
            groups: for each group the rows of its words.
            weights: (words,) of each word.

        Returns:
            (groups, dimensions), rows of length 1, or 0 where a group is empty or weighs nothing.
        """
        sums = np.zeros((len(groups), self.vectors.shape[1]))
        full = [i for i, group in enumerate(groups) if group]
        if full:
            rows = np.array([row for i in full for row in groups[i]])
            starts = np.cumsum([0, *(len(groups[i]) for i in full[:-1])])
            sums[full] = np.add.reduceat(self.vectors[rows] * weights[rows, None], starts, axis=0)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)
