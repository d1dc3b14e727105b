"""Subjective sentences on NewsSD-ENG: do loaded and opinion words in the outlet's own voice tell an author's view?"""

from pathlib import Path

import pandas as pd

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.quotes import find_quotes
from pressframes.layers.terms import LoadedSearch
from pressframes.layers.voices import Sentence, find_voices, needs_parse, voice_lookup
from pressframes.lexicon import read_loaded, read_reporting
from pressframes.tokens import tokenise
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument

PART = Path("data/english/test.csv")
LEAST_CURATED, LEAST_OPINION = 1, 2
"""A sentence with so many curated, or so many opinion terms in the outlet's own voice is taken as subjective."""
_LABELS = {"SUBJ": "subjective", "OBJ": "objective"}


def items(folder: Path) -> pd.DataFrame:
    """Judge each sentence of the test part: gold label and answer, a cluster each.

    Raises:
        InputError: if the folder holds no NewsSD-ENG, or a row has no known label.
    """
    return judge(folder / PART)


def judge(path: Path) -> pd.DataFrame:
    """Judge the sentences of one part (columns `Sentence`, `Label`).

    Raises:
        InputError: naming file and row, if the file cannot be read or a label is unknown.
    """
    rows = list(read_rows(path, required=("Sentence", "Label"), allowed=lambda name: True))
    for number, row in rows:
        if row["Label"] not in _LABELS:
            raise InputError(f"{path}, row {number}: unknown label '{row['Label']}'; use {', '.join(_LABELS)}")
    lexicons = shelf.folder("lexicons")
    curated, opinion = (LoadedSearch(read_loaded(lexicons / f"{name}.csv")) for name in ("loaded", "opinion"))
    reporting = read_reporting(lexicons / "reporting.csv")
    found = []
    needed = [needs_parse(row["Sentence"], reporting) for _, row in rows]
    docs = parse([row["Sentence"] for (_, row), need in zip(rows, needed) if need])
    for (number, row), need in zip(rows, needed):
        text, doc = row["Sentence"], next(docs) if need else None
        voice = voice_lookup(find_voices(text, find_quotes(text, [(0, len(text))], reporting), [Sentence(0, doc)], reporting))
        own = [sum(voice(term.start) == "outlet" for term in search.find(text, tokenise(text))) for search in (curated, opinion)]
        subjective = own[0] >= LEAST_CURATED or own[1] >= LEAST_OPINION
        found.append(("", number, number, text.strip(), _LABELS[row["Label"]], "subjective" if subjective else "objective", 1))
    return pd.DataFrame(found, columns=list(ITEM_COLUMNS))


INSTRUMENT = Instrument(
    name="newssd",
    question="Does a sentence give its author's own view?",
    gold="NewsSD-ENG (Antici et al. 2024), test part, 219 sentences",
    licence="CC BY 4.0",
    ships=True,
    protocol=f"A sentence is taken as subjective if it holds {LEAST_CURATED} curated term or {LEAST_OPINION} terms of Hu and Liu in the outlet's own voice. The rule was compared with its neighbours on train and validation part alone.",
    metric="macro",
    negative="objective",
    anchors=(
        ("mBERT", 0.75, "published results of the set"),
        ("two terms of Hu and Liu, any voice", 0.61, "measured on the same sentences"),
        ("TF-IDF and logistic regression", 0.55, "published results of the set"),
    ),
    goal=0.61,
    meaning="A rate of loaded terms in own words follows how much of its own view an outlet gives, but a single sentence can be subjective without any listed word.",
    items=items,
)
