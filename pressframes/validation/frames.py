"""Generic frames of an article, judged against the labels of Narrative Frames over its five published folds."""

from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import shelf
from pressframes.layers.frames import FRAMES
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument

_SHOWN = 200


def judge(folder: Path) -> pd.DataFrame:
    """Judge each article by a model that was made without its fold: all five folds anew, settings and thresholds included (about a quarter of a minute on one core).

    Returns:
        One row a frame and article, ITEM_COLUMNS; labels are "yes" and "no", `text` is the title and the first words.

    Raises:
        InputError: if the set in the folder, or the term list, cannot be read.
    """
    from pressframes.validation.train_frames import Corpus, nested, read_gold, read_terms  # scikit-learn: only who measures pays for it

    gold = read_gold(folder)
    predicted, _ = nested(Corpus(gold, read_terms(shelf.folder("lexicons") / "frames.csv")))
    texts = [_begin(title, sentences) for title, sentences in zip(gold.titles, gold.sentences)]
    label = lambda values: np.where(values == 1, "yes", "no")
    rows = [
        (frame, str(article), str(article), text, said, found, 1)
        for f, frame in enumerate(FRAMES)
        for article, text, said, found in zip(gold.ids, texts, label(gold.labels[:, f]).tolist(), label(predicted[:, f]).tolist())
    ]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def _begin(title: str, sentences: tuple[str, ...]) -> str:
    text = " ".join(" ".join((title, *sentences)).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0]


INSTRUMENT = Instrument(
    name="frames",
    question="Does the suite tell which of the five generic frames an article uses?",
    gold="Narrative Frames: 428 English articles on climate change, 2017-2019, five yes-or-no frames each",
    licence="MIT (Frermann 2023); the texts are third-party news",
    ships=True,
    protocol="The five published test folds, pooled. Each is judged by a model made from the other four: weights, settings and thresholds, these by cross-validation inside the four. Versions of one "
    "story are not trained on while another is held out. Which features and settings to choose among was sketched with cross-validation scores on these same articles. Bootstrap over articles.",
    metric="macro",
    negative="no",
    anchors=(
        ("TF-IDF with logistic regression or linear SVM", 0.64, "measured on the same five folds"),
        ("majority", 0.42, "measured on the same five folds"),
    ),
    goal=0.66,
    meaning="The economic frame can be read off with care; conflict and resolution are hints to be checked in the passages; morality and human interest have few positive articles and allow "
    "no conclusion. All figures hold for climate news; how well the frames are told on other topics is not known.",
    items=judge,
)
