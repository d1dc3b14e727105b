"""Generic frames of an article: how likely each is, and the sentences that speak for it. A linear model, read from `models/frames.npz`.

The five generic frames are those of Semetko and Valkenburg (2000). A frame's score is a constant plus one share for each word and each counted feature of the
article; shares add up by sentence, so the sentences behind a call are known exactly. The model learned from English climate news alone (428 articles, Frermann
et al. 2023): on a text unlike these it abstains.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.tokens import tokenise

FRAMES = ("conflict", "economic", "resolution", "morality", "human interest")
EXTRAS = {"conflict": (), "economic": ("money", "percent"), "resolution": (), "morality": (), "human interest": ("age",)}
"""What is counted for a frame besides its terms: sums of money, percentages, ages of persons."""
PER_WORDS = 600
"""Features are hits per 600 words, about one article."""
PASSAGES = 3

_PATTERNS = {
    "money": re.compile(r"[$€£]\s?\d|\b\d[\d.,]*\s(?:(?:thousand|million|billion|trillion)\s)?(?:dollars|euros|pounds)\b"),
    "percent": re.compile(r"\d\s?(?:%|percent\b|per cent\b)"),
    "age": re.compile(r"\b\d{1,3}[- ]years?[- ]old\b|(?<=[a-z]), \d\d,(?=\s)"),
}


@dataclass(frozen=True)
class Frame:
    """One frame of one article.

    Attributes:
        frame: one of `FRAMES`.
        probability: that coders would find it in the article, from 0 to 1, as learned from climate news.
        present: whether the probability reaches the frame's threshold; None where the model abstains: the text is unlike those it learned from.
        passages: up to three sentences (places in the list given) that raise the score most, greatest first; sentences that do not raise it are left out.
    """

    frame: str
    probability: float
    present: bool | None
    passages: tuple[int, ...]


def terms_of(text: str) -> list[str]:
    """Return the counted words of a text: normal forms without plural endings, every number as `<number>`.

    >>> terms_of("Two companies cut 40 jobs")
    ['two', 'company', 'cut', '<number>', 'job']
    """
    return ["<number>" if word[0].isdigit() else _singular(word) for word in _words(text)]


@lru_cache(1 << 10)
def _words(text: str) -> tuple[str, ...]:  # each sentence is asked twice in a row, for its terms and its hits
    return tuple(token.norm for token in tokenise(text))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


class Hits:
    """Counts a frame's features in a text.

    Args:
        lexicon: frame -> its terms; a term that ends in `*` stands for all words that begin so.
    """

    def __init__(self, lexicon: dict[str, tuple[str, ...]]):
        self._whole = {frame: frozenset(term for term in terms if not term.endswith("*")) for frame, terms in lexicon.items()}
        self._begin = {frame: tuple(term[:-1] for term in terms if term.endswith("*")) for frame, terms in lexicon.items()}
        self._hit = lru_cache(1 << 16)(self._frames_of)

    def count(self, text: str) -> dict[str, np.ndarray]:
        """Return frame -> hits of each of its features in a text: its terms, then its `EXTRAS`."""
        extras = {name: len(pattern.findall(text)) for name, pattern in _PATTERNS.items()}
        found = Counter(frame for word in _words(text) for frame in self._hit(word.lower()))
        return {frame: np.array([found[frame], *(extras[name] for name in EXTRAS[frame])], dtype=float) for frame in FRAMES}

    def _frames_of(self, word: str) -> tuple[str, ...]:
        return tuple(frame for frame in FRAMES if word in self._whole[frame] or word.startswith(self._begin[frame]))


def density(hits: np.ndarray, words: int) -> np.ndarray:
    """Return ln(1 + hits per 600 words)."""
    return np.log1p(hits * PER_WORDS / max(words, 1))


@dataclass(frozen=True)
class Model:
    """The fitted weights of one training set.

    Attributes:
        vocabulary: the known words, V of them; idf: (V,) their inverse document frequency.
        weights: (5, V), a row a frame, for word weights of length one (ln(tf) + 1 times idf).
        lexicon: frame -> its terms; slopes: frame -> one weight for each of its features (`density`); constants: (5,).
        scale, shift: (5,), P = 1 / (1 + exp(-(scale * score + shift))) (Platt 1999); thresholds: (5,), on P.
        familiar: the least share of an article's words that must be in the vocabulary for the model to judge, 0 to 1; shortest: words below which it does not.
    """

    vocabulary: tuple[str, ...]
    idf: np.ndarray
    weights: np.ndarray
    lexicon: dict[str, tuple[str, ...]]
    slopes: dict[str, np.ndarray]
    constants: np.ndarray
    scale: np.ndarray
    shift: np.ndarray
    thresholds: np.ndarray
    familiar: float
    shortest: int

    @cached_property
    def place(self) -> dict[str, int]:
        return {term: i for i, term in enumerate(self.vocabulary)}

    @cached_property
    def hits(self) -> Hits:
        return Hits(self.lexicon)


@dataclass(frozen=True)
class Shares:
    """What the pieces of an article add to the score of each frame.

    Attributes:
        shares: (1 + sentences, 5): the title, then each sentence; scores: (5,) the constants plus the sum over pieces.
        known: share of the article's words that the model learned, 0 to 1; words: how many stand in title and sentences.
    """

    shares: np.ndarray
    scores: np.ndarray
    known: float
    words: int


def save(model: Model, path: Path) -> None:
    """Write a model as a `.npz` of plain arrays (weights in single precision)."""
    single = {name: getattr(model, name).astype(np.float32) for name in ("idf", "weights")}
    double = {name: getattr(model, name) for name in ("constants", "scale", "shift", "thresholds")}
    lexicon = {f"lexicon {frame}": np.array(model.lexicon[frame]) for frame in FRAMES}
    slopes = {f"slopes {frame}": model.slopes[frame] for frame in FRAMES}
    vocabulary = np.frombuffer("\n".join(model.vocabulary).encode(), dtype=np.uint8)
    np.savez_compressed(path, vocabulary=vocabulary, abstain=np.array([model.familiar, model.shortest]), **single, **double, **lexicon, **slopes)


def load(path: Path) -> Model:
    """Read a model that `save` wrote.

    Raises:
        InputError: if the file is missing or is no such model.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        named = {name: arrays[name].astype(float) for name in ("idf", "weights", "constants", "scale", "shift", "thresholds")}
        lexicon = {frame: tuple(arrays[f"lexicon {frame}"].tolist()) for frame in FRAMES}
        slopes = {frame: arrays[f"slopes {frame}"] for frame in FRAMES}
        familiar, shortest = arrays["abstain"].tolist()
        return Model(vocabulary=tuple(arrays["vocabulary"].tobytes().decode().split("\n")), lexicon=lexicon, slopes=slopes, familiar=familiar, shortest=int(shortest), **named)
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise InputError(f"{path}: cannot be read as the frames model ({error}); rebuild it with python -m pressframes.validation.train_frames") from None


@cache
def shipped() -> Model:
    """Return the model that travels with the suite.

    Raises:
        InputError: if its file is missing or damaged.
    """
    return load(shelf.folder("models") / "frames.npz")


def explain(model: Model, title: str, sentences: list[str]) -> Shares:
    """Return the scores of an article and what title and sentences add to them.

    A word's weight in the article is parted equally among its occurrences, a feature's among its hits.
    """
    pieces = [title, *sentences]
    terms = [terms_of(piece) for piece in pieces]
    known = [[model.place[term] for term in piece if term in model.place] for piece in terms]
    counts = Counter(i for piece in known for i in piece)
    columns = np.array(sorted(counts), dtype=int)
    tf = np.array([counts[i] for i in columns.tolist()], dtype=float)
    values = (1 + np.log(tf)) * model.idf[columns]
    values /= np.linalg.norm(values) or 1.0
    each = dict(zip(columns.tolist(), (model.weights[:, columns] * values / tf).T))
    shares = np.array([np.sum([each[i] for i in piece], axis=0) if piece else np.zeros(len(FRAMES)) for piece in known])
    words = sum(map(len, terms))
    found = [model.hits.count(piece) for piece in pieces]
    for f, frame in enumerate(FRAMES):
        hits = np.array([piece[frame] for piece in found])
        whole = hits.sum(axis=0)
        shares[:, f] += (hits / np.maximum(whole, 1)) @ (model.slopes[frame] * density(whole, words))
    return Shares(shares, model.constants + shares.sum(axis=0), sum(map(len, known)) / max(words, 1), words)


def probabilities(model: Model, scores: np.ndarray) -> np.ndarray:
    """Return P(frame), (5,), of scores (5,)."""
    return 1 / (1 + np.exp(-(model.scale * scores + model.shift)))


def frames_of(title: str, sentences: list[str], *, model: Model | None = None) -> list[Frame]:
    """Return the five generic frames of an article, in the order of `FRAMES`.

    Args:
        title: of the article, "" if it has none; what it adds to a score belongs to no passage.
        sentences: of the body, in order, without the title.
        model: instead of the shipped one.

    Returns:
        One `Frame` each. All have `present=None` where the model abstains: the article has fewer words than any it learned from, or a smaller share of its words is known
        than in all but one in twenty climate articles that were held out. Known are words that stand in at least three training articles.

    Raises:
        InputError: if the shipped model is missing or damaged.
    """
    model = model or shipped()
    found = explain(model, title, sentences)
    chances = probabilities(model, found.scores)
    judged = found.known >= model.familiar and found.words >= model.shortest
    frames = []
    for f, frame in enumerate(FRAMES):
        column = found.shares[1:, f]
        best = [i for i in np.argsort(-column, kind="stable")[:PASSAGES].tolist() if column[i] > 0]
        frames.append(Frame(frame, float(chances[f]), bool(chances[f] >= model.thresholds[f]) if judged else None, tuple(best)))
    return frames
