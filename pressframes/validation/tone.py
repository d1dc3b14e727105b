"""Tone towards a target on NewsMTSC's test part "rw" (Hamborg and Donnay 2021), one target an item."""

from pathlib import Path

import numpy as np
import pandas as pd

from pressframes.layers.tone import LABELS, shipped_model
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument
from pressframes.validation.train_tone import read_targets, with_parses

FILE = "devtest_rw.jsonl"
_PAPER = "Hamborg and Donnay 2021"
_HERE = "our measurement, same protocol"


def tone_items(folder: Path) -> pd.DataFrame:
    """Judge every target of `devtest_rw.jsonl` in a folder; the most probable label counts, also where the model would abstain.

    Returns:
        One row a target with ITEM_COLUMNS; the target stands in [brackets] in its sentence.

    Raises:
        InputError: if the file is missing or not of NewsMTSC's form, or there is no model.
    """
    targets = read_targets(folder / FILE)
    best = shipped_model().probabilities(with_parses(targets)).argmax(axis=1)
    rows = [
        ("", target.sentence_id, number, f"{target.sentence[: target.start]}[{target.sentence[target.start : target.end]}]{target.sentence[target.end :]}", target.label, label, 1)
        for number, (target, label) in enumerate(zip(targets, np.array(LABELS)[best].tolist()), 1)
    ]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


INSTRUMENT = Instrument(
    name="tone",
    question="Does the sentence speak well or ill of the target?",
    gold="NewsMTSC, test part rw: 1,146 targets (nearly all persons) in 1,067 sentences of US news, labels agreed by five coders",
    licence="MIT (the authors' files; the sentences are third-party news)",
    ships=True,
    protocol="An item is a target in its sentence; right is the label of NewsMTSC. The sentence is parsed. No abstaining: the most probable of three labels counts. Trained on NewsMTSC's training part alone, "
    "without sentences that copy a test sentence; every choice by cross-validation on that part; rw was scored once for each model made, after. rw shares articles, not sentences, with the training part.",
    metric="macro",
    negative="neutral",
    anchors=(
        ("GRU-TSC on RoBERTa with lexicons", 0.831, _PAPER),
        ("SPC on BERT", 0.801, _PAPER),
        ("TF-IDF, character n-grams and open lists, logistic regression", 0.694, _HERE),
        ("TF-IDF with the target's sides, logistic regression", 0.634, _HERE),
        ("opinion list of Hu and Liu, 12 tokens to each side, negation turns", 0.540, _HERE),
        ("VADER on the sentence", 0.512, _HERE),
        ("most frequent label", 0.189, _HERE),
    ),
    goal=0.70,
    meaning="A single label is wrong about as often as the accuracy tells, and tone learned on US politicians transfers weakly to other topics: compare many sentences, with an interval, and read some.",
    items=tone_items,
)
