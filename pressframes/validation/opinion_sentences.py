"""Biased sentences by the trained second opinion, on outlets of BABE that it never saw."""

from pathlib import Path

import pandas as pd

from pressframes.validation import opinion
from pressframes.validation.instrument import Instrument


def items(folder: Path) -> pd.DataFrame:
    """Judge each sentence of the outlets that were not looked at.

    Raises:
        InputError: as `opinion.judged`.
    """
    corpus, scores = opinion.judged(folder)
    return opinion.items_of(corpus, scores.biased, opinion.unseen(corpus), unit="sentence")


INSTRUMENT = Instrument(
    name="opinion_sentences",
    question="Would a model that learned from experts find the sentences that they call biased?",
    gold="BABE SG2 (Spinde et al. 2021), the sentences of the outlets that neither list nor features were made on",
    licence=opinion.INSTRUMENT.licence,
    ships=False,
    protocol="Each outlet is judged by a linear model of word and letter n-grams, lists, style and the words' scores, trained on all other outlets; outlets with fewer than 100 sentences are left out together, "
    "and copies of a judged sentence are not trained on. Features and penalties were chosen on the outlets that the list was grown on.",
    metric="macro",
    negative="unbiased",
    anchors=(
        ("DA-RoBERTa, folds that share outlets", 0.814, "published with the model"),
        ("the outlet's share of biased sentences, no text, folds that share outlets", 0.739, "measured on all outlets"),
        ("word and letter n-grams and lexicons, outlets left out", 0.681, "measured on all outlets"),
    ),
    goal=0.70,
    meaning="A second opinion beside the curated list, not behind any chart: read the sentences before you call one biased.",
    items=items,
)
