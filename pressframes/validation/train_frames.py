"""Training of the frames model, and its nested cross-validation: `python -m pressframes.validation.train_frames` rebuilds `models/frames.npz`.

A frame's score is a ridge regression (Hoerl and Kennard 1970) on the mean share of coders' "yes" to the questions that make the frame, alone or three to one with the
published label; which, how strong the ridge, and the weight of the counted features are chosen by inner cross-validation. Shares grade the articles where a label
only parts them: human interest is "yes" in 49 articles, its first question in 114.
"""

import csv
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.frames import FRAMES, Hits, Model, density, save, terms_of
from pressframes.layers.sentences import split_sentences

FOLDS = 5
LABELS = {"conflict": "CO", "economic": "EC", "resolution": "RE", "morality": "MO", "human interest": "HI"}
QUESTIONS = {"conflict": ("co1", "co2", "co3"), "economic": ("ec1", "ec2", "ec3"), "resolution": ("re2", "re6"), "morality": ("mo1", "mo2"), "human interest": ("hi1", "hi2", "hi5")}
"""Questions behind each label. Conflict, economic and human interest: two of three agreed; morality: one of two. The set's notes name RE1 and RE5 for resolution,
but every article has RE1 = yes; agreed yes to RE2 (a solution is told) agrees with the label in all but 27 articles, and RE6 is the hero who brings it."""
_FILE_COLUMNS = ("RE", "HI", "CO", "MO", "EC")

RIDGES = (0.3, 1.0, 3.0)
FEATURE_WEIGHTS = (0.0, 0.05, 0.1)
LABEL_PARTS = (0.0, 0.25)
RAREST = 3
"""A word is known if it stands in at least 3 training articles."""
TWINS = 0.55
"""Articles with a cosine above this are versions of one story: none is trained on while the other is held out."""
_UNLIKE = 5.0
"""Per cent of held-out climate articles on which the model would abstain."""


@dataclass(frozen=True)
class Gold:
    """The gold set, N articles.

    Attributes:
        ids: (N,) article numbers; folds: (N,) the published test fold, 1 to 5.
        titles, sentences: of each article.
        labels: (N, 5) 0 or 1, in the order of `FRAMES`; shares: (N, 5) mean share of "yes" to the frame's questions, 0 to 1.
    """

    ids: np.ndarray
    folds: np.ndarray
    titles: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    labels: np.ndarray
    shares: np.ndarray


def read_gold(folder: Path) -> Gold:
    """Read Narrative Frames (Frermann et al. 2023).

    Labels come from the fold files: the metadata file breaks off in one article and has a stray bracket in one cell; elsewhere both agree.

    Raises:
        InputError: if a file is missing or an article stands in no fold or in two.
    """
    try:
        with open(folder / "articles_metadata.tsv", encoding="utf-8", newline="") as file:
            texts = {row["ID"]: row["text"] for row in csv.DictReader(file, delimiter="\t")}
        votes = json.loads((folder / "full_annotations.json").read_text(encoding="utf-8"))
        lines = [(k, line.split("\t")) for k in range(1, FOLDS + 1) for line in (folder / f"data_splits_raw/Fold_{k}/test.txt").read_text(encoding="utf-8").split("\n") if line]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder}: cannot be read as Narrative Frames ({error}); give the folder with articles_metadata.tsv") from None
    found = {cells[0]: (k, dict(zip(_FILE_COLUMNS, cells[5:]))) for k, cells in lines}
    if len(found) != len(lines) or set(found) != set(texts) or not set(texts) <= set(votes):
        raise InputError(f"{folder}: folds, texts and annotations do not hold the same articles once each; get a fresh copy of the set")
    ids = sorted(found, key=int)
    parts = [_title_and_body(texts[i], votes[i]["_ID"]) for i in ids]
    return Gold(
        ids=np.array([int(i) for i in ids]),
        folds=np.array([found[i][0] for i in ids]),
        titles=tuple(title for title, _ in parts),
        sentences=tuple(tuple(body[a:b] for a, b in split_sentences(body, 0, len(body))) for _, body in parts),
        labels=np.array([[found[i][1][LABELS[frame]].startswith("True") for frame in FRAMES] for i in ids], dtype=int),
        shares=np.array([[np.mean([_share(votes[i][question][1]) for question in QUESTIONS[frame]]) for frame in FRAMES] for i in ids]),
    )


def _share(votes: list) -> float:
    given = [vote == "yes" for vote in votes if vote != -1]
    return sum(given) / len(given)


def _title_and_body(text: str, key: str) -> tuple[str, str]:
    """Cut the title off a text: its key ends in the title's letters and digits, cut short in long titles; "" where they do not match."""
    wanted = [char for char in key.split("--")[-1].removesuffix(".txt").lower() if char.isascii() and char.isalnum()]
    done = 0
    for place, char in enumerate(text.lower()):
        if done == len(wanted) and char.isspace():  # a key may end within a word, and closing marks belong to the title
            return text[:place], text[place:].strip()
        if done < len(wanted) and char == wanted[done]:
            done += 1
        elif done < len(wanted) and char.isascii() and char.isalnum():
            break
    return "", text


def read_terms(path: Path) -> dict[str, tuple[str, ...]]:
    """Read the terms of each frame: columns `frame`, `term` (one word; `*` at its end for any ending), `item` (why).

    Raises:
        InputError: naming the row, if the frame is unknown or a term is no single word.
    """
    terms = {frame: [] for frame in FRAMES}
    for number, row in read_rows(path, required=("frame", "term", "item"), allowed=lambda name: name in ("frame", "term", "item")):
        if row["frame"] not in terms or not row["term"].replace("'", "").removesuffix("*").isalpha():
            raise InputError(f"{path}, row {number}: unknown frame or no single word; use {', '.join(FRAMES)}, and letters with one * at the end")
        terms[row["frame"]].append(row["term"])
    return {frame: tuple(words) for frame, words in terms.items()}


class Corpus:
    """The gold set as counts: what every training set takes its rows from."""

    def __init__(self, gold: Gold, lexicon: dict[str, tuple[str, ...]]):
        self.gold, self.lexicon = gold, lexicon
        pieces = [(title, *sentences) for title, sentences in zip(gold.titles, gold.sentences)]
        bags = [[term for piece in article for term in terms_of(piece)] for article in pieces]
        vectorizer = CountVectorizer(analyzer=lambda bag: bag)
        self.counts = sparse.csr_array(vectorizer.fit_transform(bags), dtype=float)
        self.names = vectorizer.get_feature_names_out()
        self.words = np.array([len(bag) for bag in bags])
        counter = Hits(lexicon)
        hits = [[counter.count(piece) for piece in article] for article in pieces]
        self.densities = {frame: np.array([density(np.sum([piece[frame] for piece in article], axis=0), n) for article, n in zip(hits, self.words)]) for frame in FRAMES}
        rows = TfidfTransformer(sublinear_tf=True).fit_transform(self.counts)
        self._twins = (rows @ rows.T).toarray() > TWINS

    def training(self, *held_out: int) -> np.ndarray:
        """Return the places of the articles to train on while folds are held out: all others that are no version of a story held out."""
        test = np.isin(self.gold.folds, held_out)
        return np.flatnonzero(~test & ~self._twins[:, test].any(axis=1))


class Trained:
    """Word weights and features of all articles, scaled on one training set, and the ridge solved there."""

    def __init__(self, corpus: Corpus, rows: np.ndarray):
        self.corpus, self.rows = corpus, rows
        documents = np.diff(corpus.counts[rows].tocsc().indptr)
        self.columns = np.flatnonzero(documents >= RAREST)
        weigher = TfidfTransformer(sublinear_tf=True).fit(corpus.counts[rows][:, self.columns])
        self.idf, self.words = weigher.idf_, sparse.csr_array(weigher.transform(corpus.counts[:, self.columns]))
        self._kernel = (self.words @ self.words[rows].T).toarray()
        self.spread = {frame: np.maximum(corpus.densities[frame][rows].std(axis=0), 1e-9) for frame in FRAMES}

    def _dual(self, frame: str, setting: tuple[float, float, float]) -> tuple[np.ndarray, float, np.ndarray]:
        """Kernel of all articles with the training articles, mean target, and dual weights that sum to 0."""
        ridge, weight, label_part = setting
        f = FRAMES.index(frame)
        features = weight * self.corpus.densities[frame] / self.spread[frame]
        kernel = self._kernel + features @ features[self.rows].T
        target = (label_part * self.corpus.gold.labels[:, f] + (1 - label_part) * self.corpus.gold.shares[:, f])[self.rows]
        inner = kernel[self.rows]
        centred = inner - inner.mean(axis=0) - inner.mean(axis=1, keepdims=True) + inner.mean()
        dual = np.linalg.solve(centred + ridge * np.eye(len(self.rows)), target - target.mean())
        return kernel, float(target.mean()), dual - dual.mean()

    def scores(self, frame: str, setting: tuple[float, float, float]) -> np.ndarray:
        """Return the scores of all articles, (N,), from a ridge with an intercept fitted on the training articles."""
        kernel, mean, dual = self._dual(frame, setting)
        return mean + (kernel - kernel[self.rows].mean(axis=0)) @ dual

    def weights(self, frame: str, setting: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray, float]:
        """Return word weights (V,), a slope for each feature, and the constant: the same scores, spelled out."""
        kernel, mean, dual = self._dual(frame, setting)
        slopes = (setting[1] / self.spread[frame]) ** 2 * (self.corpus.densities[frame][self.rows].T @ dual)
        return self.words[self.rows].T @ dual, slopes, mean - float(kernel[self.rows].mean(axis=0) @ dual)


SETTINGS = tuple(itertools.product(RIDGES, FEATURE_WEIGHTS, LABEL_PARTS))


@dataclass(frozen=True)
class Choice:
    """What inner cross-validation chose for one frame: ridge, feature weight and label part; P of a score; the threshold on P."""

    setting: tuple[float, float, float]
    scale: float
    shift: float
    threshold: float


def choose(folds: np.ndarray, labels: np.ndarray, inner: dict[tuple[float, float, float], np.ndarray]) -> Choice:
    """Choose a frame's setting on held-out scores of the training folds.

    The setting with the best mean area under the ROC curve over the folds wins: it needs no threshold, and frames with few positives no luck. P comes of a logistic
    fit to these scores (Platt 1999); the threshold is the one with the best expected macro-F1 if these P were true (Ye et al. 2012), steadier than the best observed.

    Args:
        folds: (n,) fold of each training article; labels: (n,) 0 or 1.
        inner: setting -> (n,) scores, each from a model that did not see the article's fold.
    """
    mean = {setting: np.mean([roc_auc_score(labels[folds == k], scores[folds == k]) for k in np.unique(folds)]) for setting, scores in inner.items()}
    best = max(mean, key=mean.get)
    platt = LogisticRegression(C=1e6, tol=1e-8, max_iter=1000).fit(inner[best][:, None], labels)
    scale, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return Choice(best, scale, shift, expected_best(1 / (1 + np.exp(-(scale * inner[best] + shift)))))


def expected_best(chances: np.ndarray) -> float:
    """Return the threshold on probabilities with the best expected mean F1 of "yes" and "no".

    The expected counts stand for the counts: F1 of "yes" is 2 * sum of p above the threshold / (number above + sum of all p); "no" alike.

    >>> expected_best(np.array([0.1, 0.2, 0.8, 0.9]))
    0.5
    """
    p = np.sort(chances)[::-1]
    n, above = len(p), np.arange(1, len(p))
    hit = np.cumsum(p)[:-1]
    yes = 2 * hit / (above + p.sum())
    no = 2 * ((n - p.sum()) - (above - hit)) / ((n - above) + (n - p.sum()))
    k = int(np.argmax(yes + no))
    return float((p[k] + p[k + 1]) / 2)


def nested(corpus: Corpus) -> tuple[np.ndarray, list[dict[str, Choice]]]:
    """Judge each published test fold by a model made from the other four, settings and thresholds included.

    Returns:
        Predictions (N, 5), 0 or 1, and the choices of each fold.
    """
    folds, labels = corpus.gold.folds, corpus.gold.labels
    pairs = {pair: Trained(corpus, corpus.training(*pair)) for pair in itertools.combinations(range(1, FOLDS + 1), 2)}
    predicted, choices = np.zeros_like(labels), [{} for _ in range(FOLDS)]
    whole = {k: Trained(corpus, corpus.training(k)) for k in range(1, FOLDS + 1)}
    for f, frame in enumerate(FRAMES):
        scores = {setting: {pair: trained.scores(frame, setting) for pair, trained in pairs.items()} for setting in SETTINGS}
        for k in whole:
            rows = np.flatnonzero(folds != k)
            inner = {setting: np.array([by[tuple(sorted((k, int(folds[i]))))][i] for i in rows]) for setting, by in scores.items()}
            choice = choose(folds[rows], labels[rows, f], inner)
            test = np.flatnonzero(folds == k)
            chances = 1 / (1 + np.exp(-(choice.scale * whole[k].scores(frame, choice.setting)[test] + choice.shift)))
            predicted[test, f] = chances >= choice.threshold
            choices[k - 1][frame] = choice
    return predicted, choices


def fit(corpus: Corpus) -> tuple[Model, dict[str, Choice]]:
    """Fit the model on all articles; settings and thresholds by cross-validation over the published folds."""
    gold = corpus.gold
    parts = {k: Trained(corpus, corpus.training(k)) for k in range(1, FOLDS + 1)}
    whole = Trained(corpus, np.arange(len(gold.ids)))
    chosen = {}
    for f, frame in enumerate(FRAMES):
        scores = {setting: {k: part.scores(frame, setting) for k, part in parts.items()} for setting in SETTINGS}
        inner = {setting: np.array([by[int(k)][i] for i, k in enumerate(gold.folds)]) for setting, by in scores.items()}
        chosen[frame] = choose(gold.folds, gold.labels[:, f], inner)
    spelled = {frame: whole.weights(frame, chosen[frame].setting) for frame in FRAMES}
    column = lambda name: np.array([getattr(chosen[frame], name) for frame in FRAMES])
    known = np.concatenate([(corpus.counts[:, part.columns].sum(axis=1) / corpus.words)[gold.folds == k] for k, part in parts.items()])
    model = Model(
        vocabulary=tuple(corpus.names[whole.columns].tolist()), idf=whole.idf, weights=np.array([spelled[frame][0] for frame in FRAMES]), lexicon=corpus.lexicon,
        slopes={frame: spelled[frame][1] for frame in FRAMES}, constants=np.array([spelled[frame][2] for frame in FRAMES]),
        scale=column("scale"), shift=column("shift"), thresholds=column("threshold"),
        familiar=float(np.percentile(known, _UNLIKE)), shortest=int(corpus.words.min()),
    )  # fmt: skip
    return model, chosen


@click.command(help="Fit the frames model on the gold set and write it to the models folder.")
@click.option("--gold", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Folder of Narrative Frames; the shipped one where not given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; models/frames.npz where not given.")
def main(gold: Path | None, out: Path | None) -> None:
    corpus = Corpus(read_gold(gold or shelf.folder("gold") / "narrative-frames"), read_terms(shelf.folder("lexicons") / "frames.csv"))
    model, chosen = fit(corpus)
    out = out or shelf.folder("models") / "frames.npz"
    save(model, out)
    for frame, choice in chosen.items():
        ridge, weight, part = choice.setting
        click.echo(f"{frame}: ridge {ridge}, feature weight {weight}, label part {part}, threshold {choice.threshold:.3f}")
    click.echo(f"{out.name}: {len(model.vocabulary)} words, {out.stat().st_size / 1e6:.2f} MB, abstains below {model.familiar:.3f} known or {model.shortest} words")


if __name__ == "__main__":
    main()
