"""Fits the points of the signs of quotes to the development part of gold/quotes: `python -m pressframes.validation.train_quotes` prints them.

Logistic regression over the signs with an L2 penalty, the three labels at once (Fan et al. 2008), as log-odds against speech. The penalty, the weight and which signs are kept were chosen by
cross-validation on the development part; its articles never cross folds. Signs were also checked on the quotes of PolNeAR's training part (in attributed content or outside), which no point is fitted to.
"""

from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pressframes import shelf
from pressframes.layers.quotes import find_signs
from pressframes.lexicon import read_reporting
from pressframes.validation.quotes import LABELS, GoldQuote, nearest, read_gold

PENALTY = 1.0
"""C of the logistic regression."""
WEIGHT = 1.25
"""How much more than speech a scare quote or a name counts; quotes of several words, mostly speech, were drawn less often than they occur."""

Points = dict[str, tuple[int, int]]


def read_signs(folder: Path, *, part: str = "dev") -> tuple[list[GoldQuote], list[frozenset[str]]]:
    """Return the quotes of a part and the signs that hold of each (none where its marks are paired otherwise).

    Raises:
        InputError: as `quotes.read_gold`.
    """
    reporting = read_reporting(shelf.folder("lexicons") / "reporting.csv")
    gold = [quote for quote in read_gold(folder) if quote.part == part]
    found = [nearest(quote, find_signs(quote.excerpt, [(0, len(quote.excerpt))], reporting), of=lambda pair: pair[0]) for quote in gold]
    return gold, [pair[1] if pair else frozenset() for pair in found]


def fit(labels: list[str], signs: list[frozenset[str]]) -> Points:
    """Return the points of each sign for a scare quote and for a name: log-odds against speech, in tenths."""
    names = sorted(set().union(*signs) - {"any quote"})
    model = LogisticRegression(C=PENALTY, class_weight={label: 1.0 if label == "direct" else WEIGHT for label in LABELS}, max_iter=5000)
    model.fit(np.array([[name in held for name in names] for held in signs], float), labels)
    weights = np.column_stack([model.intercept_, model.coef_])
    rows = {label: weights[list(model.classes_).index(label)] for label in LABELS}
    scare, name = ((10 * (rows[label] - rows["direct"])).round().astype(int).tolist() for label in ("scare", "name"))
    return dict(zip(["any quote", *names], zip(scare, name)))


def kinds(points: Points, signs: list[frozenset[str]]) -> list[str]:
    """Return the label of quotes with these signs; a sign without points counts nothing."""
    found = []
    for held in signs:
        scare, name = (sum(points.get(sign, (0, 0))[column] for sign in held) for column in (0, 1))
        found.append("direct" if max(scare, name) <= 0 else "scare" if scare >= name else "name")
    return found


def cross_validate(gold: list[GoldQuote], signs: list[frozenset[str]], *, folds: int = 10) -> float:
    """Return the F1 of scare quotes and names, pooled, where each tenth of the articles is judged by points fitted to the others."""
    labels, guessed = np.array([quote.label for quote in gold]), np.empty(len(gold), object)
    for train, test in GroupKFold(folds).split(labels, groups=[quote.article for quote in gold]):
        points = fit(labels[train].tolist(), [signs[i] for i in train])
        guessed[test] = kinds(points, [signs[i] for i in test])
    hits = np.sum((guessed == labels) & (labels != "direct"))
    return float(2 * hits / (np.sum(guessed != "direct") + np.sum(labels != "direct")))


def main() -> None:
    gold, signs = read_signs(shelf.folder("gold") / "quotes")
    for sign, (scare, name) in fit([quote.label for quote in gold], signs).items():
        print(f'"{sign}": ({scare}, {name}),')
    print(f"F1 of scare quotes and names in cross-validation: {cross_validate(gold, signs):.3f}")


if __name__ == "__main__":
    main()
