"""Tone of a sentence towards a target in it: a linear model over words, their place beside the target, opinion lists, and the parse where there is one.

The arrays lie in `models/tone.npz`; `validation/train_tone.py` makes them from NewsMTSC (Hamborg and Donnay 2021) and `models/tone.md` tells what they are good for.
The tone is the sentence's, whoever speaks: combine it with voices to tell an outlet's own words from those that it quotes.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.tone_relations import relations
from pressframes.layers.vectors import WordVectors
from pressframes.tokens import FUNCTION_WORDS

LABELS = ("negative", "neutral", "positive")
TARGET = "_t_"
"""Stands for the target in every feature, so that the model learns nothing about who is written of."""

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_NEGATIONS = frozenset("not no never n't cannot nor neither without hardly barely nothing nobody none".split())
_CONTRASTS = frozenset("but however although though despite while yet nevertheless".split())
_BREAKS = frozenset('.,;:!?()[]—–-“”"') | frozenset("but and or that which who because although though while when if as after before since until where whether".split())
_QUOTES = frozenset('“”"«»')
_FUNCTION = FUNCTION_WORDS | _NEGATIONS | _CONTRASTS | frozenset("'s - being am may might must shall also still already even often ever".split())
_PRONOUNS = frozenset("he she him her his they i you it them who".split())
_ENDINGS = (("ies", "y"), ("ied", "y"), ("ingly", ""), ("edly", ""), ("ing", ""), ("ed", ""), ("ly", ""), ("es", ""), ("'s", ""), ("s", ""), ("e", ""))
_SCOPE = 4  # tokens that a negation turns
_NEAR, _SIDE = 8, 40  # tokens to each side that a block looks at
_MEANT = "h<>"  # the blocks of words that `features` gives: whole sentence, left and right of the target
_MEANING = 0.5  # length of a block's direction; a block of words has length 1
_CHUNK = 64  # items that are scored at once: bounds the memory


class Tone(NamedTuple):
    """Tone towards a target: `label` ("" where the model abstains), `score` = P(positive) - P(negative) in [-1, 1], `probabilities` in the order of LABELS (sum 1)."""

    label: str
    score: float
    probabilities: tuple[float, float, float]


@dataclass(frozen=True)
class Polarity:
    """What is known of single words: listed polarity (-1 or 1), reporting verbs, and a guess at unlisted words from their spelling.

    Attributes:
        opinion, loaded: polarity of words in the opinion list (Hu and Liu 2004) and in the loaded terms.
        valence: how good or bad a word is, in [-4, 4] (Hutto and Gilbert 2014).
        reporting: forms of reporting verbs.
        spelling: weight of a character n-gram; `spelling_bias` is added.
    """

    opinion: dict[str, int]
    loaded: dict[str, int]
    valence: dict[str, float]
    reporting: frozenset[str]
    spelling: dict[str, float]
    spelling_bias: float
    stems: dict[str, int] = field(init=False, repr=False)
    _guesses: dict[str, float] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self):
        stems = {}
        for word, sign in self.opinion.items():
            stems.setdefault(stem(word), set()).add(sign)
        object.__setattr__(self, "stems", {key: signs.pop() for key, signs in stems.items() if len(signs) == 1})

    def sign(self, word: str, lemma: str) -> int:
        """Return the listed polarity of a word: of the form, its lemma, or a listed word of the same stem; 0 where there is none."""
        for form in (word, lemma):
            sign = self.opinion.get(form) or self.loaded.get(form)
            if sign:
                return sign
        return self.stems.get(stem(word), 0)

    def is_function(self, word: str) -> bool:
        """Return whether a word is a function word, negation or contrast."""
        return word in _FUNCTION

    def guess(self, word: str) -> float:
        """Return a word's polarity guessed from its spelling, in (-1, 1)."""
        if word not in self._guesses:
            if len(self._guesses) > 200_000:
                self._guesses.clear()
            self._guesses[word] = self._guess(word)
        return self._guesses[word]

    def _guess(self, word: str) -> float:
        if len(word) < 4 or not word.isalpha() or word in _FUNCTION:
            return 0.0
        weights = [self.spelling[gram] for gram in spelling_grams(word) if gram in self.spelling]
        return math.tanh((self.spelling_bias + sum(weights) / math.sqrt(len(weights))) / 2) if weights else 0.0


def stem(word: str) -> str:
    """Return a word without its commonest English endings: "supported" and "supports" fall together.

    >>> stem("supported"), stem("supporting"), stem("policies")
    ('support', 'support', 'policy')
    """
    if len(word) < 5:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word.rstrip("e") if len(word) > 4 else word


@lru_cache(maxsize=50_000)
def spelling_grams(word: str) -> tuple[str, ...]:
    """Return the different character n-grams (2 to 6) of a word with its borders as spaces, sorted."""
    framed = f" {word} "
    return tuple(sorted({framed[i : i + n] for n in range(2, 7) for i in range(len(framed) - n + 1)}))


def features(sentence: str, start: int, end: int, polarity: Polarity, doc=None) -> tuple[list[str], list[tuple[str, str]], dict[str, float]]:
    """Return what the model sees of a target at `sentence[start:end]`; with the sentence's parse (spaCy), its relations too.

    Returns:
        Named features (the first letter names the block), repeated as often as they occur; words whose spelling and meaning count, with the letter of the block;
        and measures: name to value.

    Raises:
        InputError: if the span does not lie in the sentence or is empty.
    """
    if not 0 <= start < end <= len(sentence):
        raise InputError(f"tone: target [{start}, {end}) does not lie in the sentence of {len(sentence)} characters; give offsets within the sentence")
    left, right = _words(sentence[:start]), _words(sentence[end:])
    words, at = [*left, TARGET, *right], len(left)
    before, after = _until_break(left[::-1]), _until_break(right)
    names = [*_grams(words, 1, "w"), *_grams(words, 2, "w"), *_grams(words, 3, "w")]
    for block, n_left, n_right in (("s", _SIDE, _SIDE), ("n", _NEAR, _NEAR), ("c", before, after)):
        beside, behind = left[max(0, at - n_left) :], right[:n_right]
        names += _grams(beside, 1, f"{block}<") + _grams(behind, 1, f"{block}>") + _grams([*beside, TARGET], 2, f"{block}<") + _grams([TARGET, *behind], 2, f"{block}>")
    near_left, near_right = left[max(0, at - _NEAR) :], right[:_NEAR]
    spelled = [("h", word) for word in words if word != TARGET] + [("<", word) for word in near_left] + [(">", word) for word in near_right]
    measures = _measures(words, at, range(at - before, at + after + 1), sentence[start:end].lower().replace("’", "'"), polarity)
    if doc is None:
        return names, spelled, measures
    related, sums = relations(doc, start, end, polarity)
    return names + related, spelled, measures | sums


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("’", "'"))


def _grams(words, n: int, prefix: str) -> list[str]:
    if n == 1:
        return [prefix + word for word in words]
    return [prefix + " ".join(group) for group in zip(*(words[i:] for i in range(n)))]


def _until_break(words: list[str]) -> int:
    """How many words stand before the first that ends a clause."""
    return next((i for i, word in enumerate(words) if word in _BREAKS), len(words))


def _measures(words: list[str], at: int, clause: range, mention: str, polarity: Polarity) -> dict[str, float]:
    """Sums of polar words, each weighted by distance, clause, quotation and contrast; negation turns the sign."""
    sums, other = {}, {"length": min(len(words), 60) / 60, "place": at / len(words)}

    def add(name: str, value: float) -> None:
        sums[name] = sums.get(name, 0.0) + value

    contrast = next((i for i, word in enumerate(words) if word in _CONTRASTS), None)
    scope, quoted, listed, target_quoted = 0, False, False, False
    for i, word in enumerate(words):
        if word in _QUOTES:
            quoted = not quoted if word == '"' else word in "“«"
        distance = abs(i - at)
        if word in _NEGATIONS or word.endswith("n't"):
            scope = _SCOPE + 1
            add("negations", 0.5)
            add("negations near", 1 / (1 + distance))
        elif word in ".,;:":
            scope = 0
        if i == at:
            target_quoted = quoted
        else:
            near, turn = math.exp(-distance / 4), -1 if scope else 1
            beside = (">" if i > at else "<", math.exp(-distance / 8))
            for source, value in (("o", polarity.opinion.get(word, 0)), ("l", polarity.loaded.get(word, 0)), ("v", polarity.valence.get(word, 0.0) / 2)):
                if value:
                    listed = True
                    name, size = source + ("+" if value * turn > 0 else "-"), abs(value)
                    for part, weight in (("", 0.5), ("d", 1 / math.sqrt(distance)), ("e", near), beside):
                        add(name + part, weight * size)
                    if i in clause:
                        add(name + "c", size)
                    if quoted:
                        add(name + "q", 0.5 * size)
                    if contrast is not None:
                        add(name + ("same" if (i > contrast) == (at > contrast) else "across"), 0.5 * size)
                    if scope:
                        add(name + "turned", size)
            guess = polarity.guess(word)
            if guess and word not in polarity.opinion:
                sign = polarity.stems.get(stem(word), 0) * turn
                if sign:
                    name = "s" + ("+" if sign > 0 else "-")
                    for part, value in (("", 0.5), ("e", near), beside):
                        add(name + part, value)
                name = "g" + ("+" if guess > 0 else "-")
                add(name, 0.3 * abs(guess))
                add(name + "e", near * abs(guess))
                if abs(guess) > 0.7:
                    add(name + "sure", 0.3)
        scope = max(0, scope - 1)
    values = {name: math.log1p(value) for name, value in sums.items()}
    for source in "olv":
        for part in ("", "d", "e", "c", "q"):
            values[f"{source}={part}"] = values.get(f"{source}+{part}", 0.0) - values.get(f"{source}-{part}", 0.0)
    other |= {"unlisted": 0.5 * (not listed), "quotes": 0.3 * any(word in _QUOTES for word in words), "target quoted": 0.5 * target_quoted}
    other |= {"contrast": 0.3 * (contrast is not None), "pronoun": 0.3 * (mention in _PRONOUNS), "possessive": 0.3 * mention.endswith("'s")}
    other |= {"exclaims": 0.3 * ("!" in words[-2:]), "asks": 0.3 * ("?" in words)}
    return values | other


class ToneModel:
    """The model's arrays and the search from features to them.

    Args:
        names: features kept, the first letter naming the block.
        idf: (features,) inverse document frequency; `word_idf` (words of the vectors,) that of words by meaning, 0 for function words.
        measures: names of the measures.
        scores: (features + measures + 3 * dimensions, 3) weights, those of the vectors last (sentence, left, right); `bias` (3,) is added.
        threshold: the model abstains where no label is at least as probable, in [0, 1].
        polarity, vectors: what is known of single words.
    """

    def __init__(self, names: list[str], idf: np.ndarray, word_idf: np.ndarray, measures: list[str], scores: np.ndarray, bias: np.ndarray, threshold: float, polarity: Polarity, vectors: WordVectors):
        self.names, self.measures, self.idf, self.word_idf, self.polarity, self.vectors, self.threshold = names, measures, idf, word_idf, polarity, vectors, threshold
        self.scores, self.bias = np.asarray(scores, dtype=np.float64), np.asarray(bias, dtype=np.float64)
        letters = {letter: i for i, letter in enumerate(sorted({_block(name[0]) for name in names}))}
        self._block_of = np.array([letters[_block(name[0])] for name in names], dtype=np.int64)
        self._n_blocks = len(letters)
        self._index = {name: i for i, name in enumerate(names)}
        self._measure_index = {name: len(names) + i for i, name in enumerate(measures)}
        self._spelled = {}

    @classmethod
    def read(cls, path: Path) -> "ToneModel":
        """Read the arrays of a model file, and the word vectors beside it.

        Raises:
            InputError: if a file is missing, the model is none of tone, or was made with other vectors.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                words = {name: arrays[name].tobytes().decode("utf-8").split("\n") for name in ("names", "measures", "spelling_names", "valence_names", "reporting")}
                lists = {f"{name}_{sign}": arrays[f"{name}_{sign}"].tobytes().decode("utf-8").split("\n") for name in ("opinion", "loaded") for sign in ("positive", "negative")}
                known = {name: dict.fromkeys(lists[f"{name}_positive"], 1) | dict.fromkeys(lists[f"{name}_negative"], -1) for name in ("opinion", "loaded")}
                spelling = dict(zip(words["spelling_names"], arrays["spelling"].tolist()))
                valence = dict(zip(words["valence_names"], arrays["valence"].tolist()))
                polarity = Polarity(known["opinion"], known["loaded"], valence, frozenset(words["reporting"]), spelling, float(arrays["spelling_bias"]))
                vectors = WordVectors.read(path.with_name("vectors.npz"))
                word_idf, wanted = arrays["word_idf"].astype(np.float64), len(words["names"]) + len(words["measures"]) + len(_MEANT) * vectors.vectors.shape[1]
                if len(word_idf) != len(vectors.row) or len(arrays["scores"]) != wanted:
                    raise ValueError("made with other word vectors")
                return cls(words["names"], arrays["idf"].astype(np.float64), word_idf, words["measures"], arrays["scores"], arrays["bias"], float(arrays["threshold"]), polarity, vectors)
        except (OSError, KeyError, ValueError) as error:
            raise InputError(f"{path}: cannot be read as a tone model ({error}); make it with python -m pressframes.validation.train_tone") from None

    def entries(self, seen: Iterable[tuple[list[str], list[tuple[str, str]], dict[str, float]]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the feature matrix of what `features` gave for each target as (row, column, value).

        A feature that occurs n times has (1 + ln n) idf; each block of a row is scaled to length 1 (Salton and Buckley 1988); measures stay as they are;
        a block's words by meaning are the direction of their vectors' sum, weighted by idf.
        """
        ids, lengths, measured, meant = [], [], [], []
        for row, (names, spelled, measures) in enumerate(seen):
            before = len(ids)
            ids += [self._index[name] for name in names if name in self._index]
            words = {block: [] for block in _MEANT}
            for block, word in spelled:
                ids += self._spelled_ids(block, word)
                if word in self.vectors.row:
                    words[block].append(self.vectors.row[word])
            meant += words.values()
            lengths.append(len(ids) - before)
            measured += [(row, self._measure_index[name], value) for name, value in measures.items() if value and name in self._measure_index]
        n, width = len(lengths), max(1, len(self.names))
        keys, counts = np.unique(np.repeat(np.arange(n), lengths) * width + np.array(ids, dtype=np.int64), return_counts=True)
        row, column = keys // width, keys % width
        value = (1 + np.log(counts)) * self.idf[column]
        cell = row * self._n_blocks + self._block_of[column]
        value /= np.sqrt(np.bincount(cell, weights=value * value, minlength=n * self._n_blocks))[cell]
        more = np.array(measured, dtype=np.float64).reshape(-1, 3)
        directions = _MEANING * self.vectors.directions(meant, self.word_idf).reshape(n, -1)
        each, dimension = np.indices(directions.shape).reshape(2, -1)
        return np.r_[row, more[:, 0].astype(np.int64), each], np.r_[column, more[:, 1].astype(np.int64), len(self.names) + len(self.measures) + dimension], np.r_[value, more[:, 2], directions.ravel()]

    def probabilities(self, items: list[tuple]) -> np.ndarray:
        """Return the probabilities of LABELS for (sentence, start, end) or (sentence, start, end, parse): (items, 3), rows sum to 1."""
        return self.judge(features(*item[:3], self.polarity, *item[3:]) for item in items)

    def judge(self, seen: Iterable[tuple[list[str], list[tuple[str, str]], dict[str, float]]]) -> np.ndarray:
        """Return the probabilities of LABELS for what `features` gave: (targets, 3), rows sum to 1.

        One logistic regression a label, scaled to sum 1 (one against the rest).
        """
        result = [np.empty((0, 3))]
        for chunk in _batched(seen):
            row, column, value = self.entries(chunk)
            sums = np.stack([np.bincount(row, weights=value * self.scores[column, label], minlength=len(chunk)) for label in range(3)], axis=1)
            each = 1 / (1 + np.exp(-(sums + self.bias)))
            result.append(each / each.sum(axis=1, keepdims=True))
        return np.concatenate(result)

    def tones(self, items: list[tuple]) -> list[Tone]:
        """Return the tone of each (sentence, start, end) or (sentence, start, end, parse)."""
        found = []
        for three in self.probabilities(items).tolist():
            best = max(range(3), key=three.__getitem__)
            found.append(Tone(LABELS[best] if three[best] >= self.threshold else "", three[2] - three[0], tuple(three)))
        return found

    def _spelled_ids(self, block: str, word: str) -> list[int]:
        if (block, word) not in self._spelled:
            if len(self._spelled) > 200_000:
                self._spelled.clear()
            self._spelled[block, word] = [self._index[name] for name in character_names(block, word) if name in self._index]
        return self._spelled[block, word]


def _batched(seen: Iterable) -> Iterable[list]:
    """Lists of up to _CHUNK items."""
    items = iter(seen)
    while chunk := list(islice(items, _CHUNK)):
        yield chunk


def character_names(block: str, word: str) -> list[str]:
    """Return the features of a word's spelling in a block: character n-grams (3 to 5) of the word with its borders as spaces."""
    framed = f" {word} "
    return [block + framed[i : i + n] for n in (3, 4, 5) for i in range(len(framed) - n + 1)]


def _block(letter: str) -> str:
    return "<" if letter == ">" else letter  # the spelling of words near the target: two sides, one block


@lru_cache(maxsize=1)
def shipped_model() -> ToneModel:
    """Return the model that travels with the project."""
    return ToneModel.read(shelf.folder("models") / "tone.npz")


def tones(items: Iterable[tuple]) -> list[Tone]:
    """Return the tone towards the target at `sentence[start:end]` of each (sentence, start, end) or (sentence, start, end, parse).

    The parse (a spaCy document of the sentence alone, or None) makes the tone more often right; the same model judges without it.

    Raises:
        InputError: if a target does not lie in its sentence, or the model file is missing.
    """
    return shipped_model().tones(list(items))


def tone_of(sentence: str, start: int, end: int, doc=None) -> Tone:
    """Return the tone of a sentence towards the target at `sentence[start:end]` (offsets in code points of the sentence), with its parse if given.

    >>> tone_of("Critics said that Smith had lied and betrayed the voters.", 18, 23).label
    'negative'
    """
    return tones([(sentence, start, end, doc)])[0]
