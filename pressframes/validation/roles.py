"""Roles of targets, judged against sentences that a reader labelled: agent, patient or none for each mention."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.roles import find_roles
from pressframes.layers.voices import Sentence
from pressframes.lexicon import read_targets
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument

LABELS = ("agent", "patient", "none")
PARTS = ("dev", "test")
_FILE = "roles.csv"
_COLUMNS = ("part", "corpus", "article", "sentence", "start", "end", "target", "role", "predicate", "negated")


class GoldRole(NamedTuple):
    """A labelled mention: `start`, `end` count code points in its sentence; `predicate` is a lemma, empty where the role is `none`."""

    part: str
    article: str
    sentence: str
    start: int
    end: int
    target: str
    role: str
    predicate: str
    negated: bool


def read_gold(folder: Path) -> list[GoldRole]:
    """Read `roles.csv` in a folder.

    Raises:
        InputError: naming the row, if a part or role is unknown or a mention lies outside its sentence.
    """
    found = []
    for number, row in read_rows(folder / _FILE, required=_COLUMNS[:8], allowed=_COLUMNS.__contains__):
        where = f"{folder / _FILE}, row {number}"
        if row["part"] not in PARTS or row["role"] not in LABELS:
            raise InputError(f"{where}: unknown part '{row['part']}' or role '{row['role']}'; use {', '.join(PARTS)}, and {', '.join(LABELS)}")
        if not (row["start"].isdecimal() and row["end"].isdecimal() and int(row["start"]) < int(row["end"]) <= len(row["sentence"])):
            raise InputError(f"{where}: mention {row['start']}-{row['end']} lies outside the sentence; correct its offsets")
        article = f"{row['corpus']}/{row['article']}"
        found.append(GoldRole(row["part"], article, row["sentence"], int(row["start"]), int(row["end"]), row["target"], row["role"], row.get("predicate", ""), row.get("negated") == "yes"))
    return found


def judge(folder: Path, *, part: str) -> pd.DataFrame:
    """Parse the sentences of one part ("dev" or "test") and set the role found for each labelled mention beside the reader's.

    Returns:
        One row a mention: ITEM_COLUMNS, and the predicates `gold_predicate` and `predicted_predicate`, with "not" before a negated one.

    Raises:
        InputError: if the gold cannot be read or the part is empty.
    """
    sentences: dict[tuple[str, str], list[GoldRole]] = {}
    for gold in read_gold(folder):
        if gold.part == part:
            sentences.setdefault((gold.article, gold.sentence), []).append(gold)
    if not sentences:
        raise InputError(f"{folder / _FILE}: no sentence of part '{part}'; use {' or '.join(PARTS)}")
    private = read_targets(shelf.folder("lexicons") / "targets.toml", ()).private
    rows = []
    for ((article, text), labelled), doc in zip(sentences.items(), parse([text for _, text in sentences])):
        found = {(role.start, role.end): role for role in find_roles(Sentence(0, doc), [(gold.start, gold.end) for gold in labelled], private) if role.role in LABELS}
        for gold in labelled:
            role = found.get((gold.start, gold.end))
            shown = f"{text[: gold.start]}[{text[gold.start : gold.end]}]{text[gold.end :]}"
            predicates = ("not " if gold.negated else "") + gold.predicate, role.predicate if role else ""
            rows.append(("", article, f"{article}:{gold.start}-{gold.end}", shown, gold.role, role.role if role else "none", 1, *predicates))
    return pd.DataFrame(rows, columns=[*ITEM_COLUMNS, "gold_predicate", "predicted_predicate"])


INSTRUMENT = Instrument(
    name="roles",
    question="Does the suite see whether a target acts or is acted upon?",
    gold="100 sentences of 100 articles with 130 mentions, 61 agents and 17 patients (test part of the suite's own role set, labelled by a language model; FA-KES and Hyperpartisan by-article)",
    licence="CC BY 4.0, see gold/roles/SOURCE.md",
    ships=True,
    protocol="An item is a mention of a target, its place given; right is agent, patient or none as one reader labelled it before any rule was run on it. Agent and patient count, "
    "pooled over mentions; none is no hit. Sentences drawn at random, one an article; rules and word lists were made on the development part (100 other articles), the test part was judged once they stood, and is of the "
    "same two corpora. The reader who labelled also wrote the rules. Bootstrap over sentences.",
    metric="positive",
    negative="none",
    anchors=(
        ("subjects and objects of verbs alone", 0.682, "the suite's earlier rule on the same mentions: precision 0.86, recall 0.56"),
        ("every mention an agent", 0.587, "the majority label among those that count"),
    ),
    goal=0.85,
    meaning="Counts of deeds done by a target hold well; counts of deeds done to it rest on few labelled cases and miss some that only a noun tells.",
    items=lambda folder: judge(folder, part="test"),
)
