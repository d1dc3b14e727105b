"""What an instrument is measured on: the gold set, the protocol, and the items that were judged."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

ITEM_COLUMNS = ("task", "cluster", "item", "text", "gold", "predicted", "n")
"""One row an item: `task` ("" where there is one task alone), `cluster` (the article, or what else is drawn together by the bootstrap), `item` (its number or place in the gold set),
`text` (the item in its sentence, empty where the licence forbids to ship it), `gold` and `predicted` (labels), `n` (how many units the row stands for: 1, or tokens, or characters)."""


@dataclass(frozen=True)
class Instrument:
    """An instrument and the protocol that measures it.

    Attributes:
        name: short and stable; the stored items lie in `validation/<name>.csv`.
        question: what the reader asks of the instrument.
        gold: the set, its part and size in words.
        licence: of the set.
        ships: whether the set travels with the project; if not, `items` reads a user's own copy.
        protocol: what is an item, what counts as right, how it was kept apart from what was tuned.
        metric: `macro` (mean F1 over labels) or `positive` (F1 of all labels but `negative`, pooled); of several tasks, the mean.
        negative: the label that means "nothing here", for `positive`.
        anchors: other systems' figures on the same set and metric: (system, figure, source).
        goal: what it must reach.
        meaning: what the figure means for the charts, in a sentence.
        items: reads the gold set in a folder and lets the instrument judge it: a frame with ITEM_COLUMNS.
    """

    name: str
    question: str
    gold: str
    licence: str
    ships: bool
    protocol: str
    metric: str
    negative: str
    anchors: tuple[tuple[str, float, str], ...]
    goal: float
    meaning: str
    items: Callable[[Path], pd.DataFrame]
