"""Trains the tone model on NewsMTSC's training part: `python -m pressframes.validation.train_tone`.

Each label against the rest by logistic regression with an L2 penalty (Fan et al. 2008).
Each target is learned from twice, with its parse and without, at half the weight: the same model judges sentences that are not parsed.
All choices, the threshold included, were made by cross-validation on the training part; its articles never cross folds.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.tone import LABELS, Polarity, ToneModel, character_names, features, spelling_grams
from pressframes.layers.tone_relations import BLOCKS, MEASURES
from pressframes.layers.vectors import WordVectors
from pressframes.lexicon import read_loaded, read_reporting
from pressframes.tokens import tokenise

PENALTY = 0.25
"""C of the logistic regressions, in which each target stands twice."""
LEAST_ITEMS = 3
"""A feature must occur with so many targets."""
WANTED_ACCURACY = 0.8
"""The threshold is the least at which the labels given are right so often in cross-validation."""
_SCORES = np.float16  # what the model file keeps of a weight
_SHARED = 0.3  # a training sentence that holds this share of a test sentence's five-word sequences is left out


Seen = tuple[list[str], list[tuple[str, str]], dict[str, float]]
"""What `pressframes.layers.tone.features` gives of a target."""


class Target(NamedTuple):
    """A sentence, the target's offsets in it, its label, and the ids of sentence and article."""

    sentence: str
    start: int
    end: int
    label: str
    sentence_id: str
    article_id: str


def read_targets(path: Path) -> list[Target]:
    """Read a part of NewsMTSC (one sentence a line, JSON).

    Raises:
        InputError: if the file is missing or a line is not of that form.
    """
    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); put NewsMTSC's file there") from None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            article = "_".join(row["primary_gid"].split("_")[:3])
            for target in row["targets"]:
                label = {2: "negative", 4: "neutral", 6: "positive"}[int(target["polarity"])]
                found.append(Target(row["sentence_normalized"], target["from"], target["to"], label, row["primary_gid"], article))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}, row {number}: not of NewsMTSC's form ({error!r}); use the file as published") from None
    return found


def without_copies(train: list[Target], test: list[Target]) -> list[Target]:
    """Return the training targets whose sentence is no (near) copy of a test sentence: shares fewer than 30 % of the five-word sequences of each."""
    sequences = {sentence: _sequences(sentence) for sentence in {target.sentence for target in test}}
    holders = {}
    for sentence, held in sequences.items():
        for sequence in held:
            holders.setdefault(sequence, []).append(sentence)
    kept = []
    for target in train:
        shared = Counter(sentence for sequence in _sequences(target.sentence) for sentence in holders.get(sequence, ()))
        if all(n < _SHARED * len(sequences[sentence]) for sentence, n in shared.items()):
            kept.append(target)
    return kept


def _sequences(sentence: str) -> set[tuple[str, ...]]:
    words = [token.norm for token in tokenise(sentence)]
    return set(zip(*(words[i:] for i in range(5))))


def read_polarity(folder: Path) -> Polarity:
    """Read opinion list, loaded terms, valences and reporting verbs from a folder of lexicons, and learn from the opinion list how polar words are spelled."""
    opinion = {form.lower(): _SIGN[entry.polarity] for entry in read_loaded(folder / "opinion.csv") for form in entry.forms if entry.polarity in _SIGN}
    loaded = {form.lower(): _SIGN[entry.polarity] for entry in read_loaded(folder / "loaded.csv") for form in entry.forms if " " not in form and entry.polarity in _SIGN}
    words = read_reporting(folder / "reporting.csv")
    verbs = words.speech_verbs | words.thought_verbs | words.knowledge_verbs | words.directive_verbs | words.question_verbs | words.finding_verbs | words.intention_verbs | words.object_verbs
    reporting = {form for verb in verbs if " " not in verb for form in (verb, verb + "s", verb + "ed", verb + "d", verb + "ing", verb[:-1] + "ing", verb[:-1] + "ied")}
    listed = sorted(opinion)
    often = Counter(gram for word in listed for gram in spelling_grams(word))
    grams = sorted(gram for gram, n in often.items() if n >= LEAST_ITEMS)
    index = {gram: i for i, gram in enumerate(grams)}
    rows = [[index[gram] for gram in spelling_grams(word) if gram in index] for word in listed]
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(max(1, len(row)))) for row in rows])
    matrix = sp.csr_matrix((values, np.concatenate(rows).astype(int), np.cumsum([0, *map(len, rows)])), shape=(len(rows), len(grams)))
    fitted = LogisticRegression(C=5.0, class_weight="balanced", solver="liblinear", random_state=0).fit(matrix, [opinion[word] for word in listed])
    weights = fitted.coef_[0].astype(np.float32).astype(float)
    return Polarity(opinion, loaded, _read_valence(folder / "valence.csv"), frozenset(reporting) | _IRREGULAR, dict(zip(grams, weights.tolist())), float(np.float32(fitted.intercept_[0])))


def _read_valence(path: Path) -> dict[str, float]:
    found = {}
    for number, row in read_rows(path, required=("word", "valence"), allowed=("word", "valence").__contains__):
        try:
            found[row["word"]] = float(np.float32(row["valence"]))
        except ValueError:
            raise InputError(f"{path}, row {number}: '{row['valence']}' is no valence; give a number from -4 to 4") from None
    return found


_SIGN = {"negative": -1, "positive": 1}
_IRREGULAR = frozenset("said told tells thought wrote spoke speaks".split())


def with_parses(targets: list[Target]) -> list[tuple]:
    """Return (sentence, start, end, parse) of each target; a sentence is parsed once."""
    sentences = list(dict.fromkeys(target.sentence for target in targets))
    docs = dict(zip(sentences, parse(sentences)))
    return [(*target[:3], docs[target.sentence]) for target in targets]


def seen_of(targets: list[Target], polarity: Polarity) -> list[Seen]:
    """Return what the model sees of each target in its parsed sentence."""
    found = []
    for item in with_parses(targets):
        names, spelled, measures = features(*item[:3], polarity, item[3])
        found.append(([sys.intern(name) for name in names], spelled, measures))
    return found


def without_parse(seen: Seen) -> Seen:
    """Return what the model sees of the same target where its sentence is not parsed."""
    names, spelled, measures = seen
    return [name for name in names if name[0] not in BLOCKS], spelled, {name: value for name, value in measures.items() if not name.startswith(MEASURES)}


def train(seen: list[Seen], labels: list[str], polarity: Polarity, vectors: WordVectors, *, threshold: float = 0.0) -> tuple[ToneModel, list[LogisticRegression]]:
    """Return the model with the regressions behind it, in the order of LABELS."""
    often, measured = Counter(), Counter()
    for names, spelled, measures in seen:
        often.update(set(names).union(*(character_names(block, word) for block, word in spelled)))
        measured.update(measures.keys())
    names, measures = (sorted(name for name, n in counts.items() if n >= LEAST_ITEMS) for counts in (often, measured))
    both, labels = [*seen, *map(without_parse, seen)], np.tile(labels, 2)
    word_idf = _idf([often["w" + word] for word in vectors.row], len(seen)) * [not polarity.is_function(word) for word in vectors.row]
    idf = _idf([often[name] for name in names], len(seen))
    matrix = feature_matrix(ToneModel(names, idf, word_idf, measures, np.zeros((0, 3)), np.zeros(3), threshold, polarity, vectors), both)
    # Dual coordinate descent is exact enough far below its default tolerance, and fast.
    fitted = [LogisticRegression(C=PENALTY, solver="liblinear", dual=True, tol=0.01, max_iter=300, random_state=0).fit(matrix, labels == label) for label in LABELS]
    scores = np.stack([one.coef_[0] for one in fitted], axis=1).astype(_SCORES)
    bias = np.array([one.intercept_[0] for one in fitted], dtype=np.float32)
    return ToneModel(names, idf, word_idf, measures, scores, bias, threshold, polarity, vectors), fitted


def _idf(often: list[int], n: int) -> np.ndarray:
    """Inverse document frequency, as exact as the model file keeps it."""
    return (np.log((1 + n) / (1 + np.array(often))) + 1).astype(np.float32).astype(float)


def feature_matrix(model: ToneModel, seen: list[Seen]) -> sp.csr_matrix:
    """Return the targets' features as (targets, features + measures + 3 * dimensions of the vectors)."""
    row, column, value = model.entries(seen)
    return sp.csr_matrix((value, (row, column)), shape=(len(seen), column.max() + 1))


def cross_validate(targets: list[Target], seen: list[Seen], polarity: Polarity, vectors: WordVectors, *, folds: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Return each target's probabilities (targets, 3) by a model trained without its article: judged with the parse, and without."""
    parsed, bare = np.empty((2, len(targets), 3))
    for inside, outside in GroupKFold(folds, shuffle=True, random_state=0).split(targets, groups=[target.article_id for target in targets]):
        model, _ = train([seen[i] for i in inside], [targets[i].label for i in inside], polarity, vectors)
        parsed[outside] = model.judge(seen[i] for i in outside)
        bare[outside] = model.judge(without_parse(seen[i]) for i in outside)
    return parsed, bare


def find_threshold(labels: list[str], probabilities: np.ndarray, wanted: float = WANTED_ACCURACY) -> float:
    """Return the least probability (in steps of 0.01) from which on the most probable label is right with frequency `wanted`; 1.0 if none is."""
    best, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == [LABELS.index(label) for label in labels]
    return next((step / 100 for step in range(34, 100) if (best >= step / 100).any() and right[best >= step / 100].mean() >= wanted), 1.0)


def write(model: ToneModel, path: Path) -> None:
    """Write the model's arrays, without pickles; the same model gives the same bytes."""

    def packed(words) -> np.ndarray:
        return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)

    polarity = model.polarity
    lists = {f"{name}_{key}": packed(sorted(word for word, held in known.items() if held == sign)) for name, known in (("opinion", polarity.opinion), ("loaded", polarity.loaded)) for key, sign in _SIGN.items()}
    lists |= {"names": packed(model.names), "measures": packed(model.measures), "reporting": packed(sorted(polarity.reporting)), "spelling_names": packed(polarity.spelling), "valence_names": packed(polarity.valence)}
    numbers = {"idf": model.idf, "word_idf": model.word_idf, "bias": model.bias, "spelling": list(polarity.spelling.values()), "valence": list(polarity.valence.values()), "spelling_bias": polarity.spelling_bias}
    np.savez_compressed(path, threshold=np.float64(model.threshold), scores=model.scores.astype(_SCORES), **lists, **{name: np.asarray(value, dtype=np.float32) for name, value in numbers.items()})


def main() -> None:
    """Train, choose the threshold, write the model, and print the cross-validated figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=shelf.folder("models") / "tone.npz", help="the model file")
    out = parser.parse_args().out
    gold = shelf.folder("gold") / "newsmtsc"
    everything = read_targets(gold / "train.jsonl")
    vectors = WordVectors.read(shelf.folder("models") / "vectors.npz")
    targets, polarity = without_copies(everything, read_targets(gold / "devtest_rw.jsonl")), read_polarity(shelf.folder("lexicons"))
    labels = [target.label for target in targets]
    seen = seen_of(targets, polarity)
    probabilities, bare = cross_validate(targets, seen, polarity, vectors)
    predicted = np.array(LABELS)[probabilities.argmax(axis=1)]
    threshold = find_threshold(labels, probabilities)
    given = probabilities.max(axis=1) >= threshold
    model, _ = train(seen, labels, polarity, vectors, threshold=threshold)
    write(model, out)
    print(f"trained on {len(targets)} targets; {len(everything) - len(targets)} left out as copies of test sentences")
    print(f"cross-validation by article: macro-F1 {f1_score(labels, predicted, average='macro'):.4f}, accuracy {np.mean(predicted == labels):.4f}")
    print(f"the same model without the parse: macro-F1 {f1_score(labels, np.array(LABELS)[bare.argmax(axis=1)], average='macro'):.4f}")
    print(f"abstains below {threshold:.2f}: labels {given.mean():.3f} of the targets, {np.mean((predicted == labels)[given]):.3f} of them right")
    print(f"{out.name}: {len(model.names)} features, {len(model.measures)} measures, {len(vectors.row)} words by meaning, {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
