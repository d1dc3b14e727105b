"""Direct speech on BASIL: is a biased stretch somebody's quoted words? Reads a user's own copy; the set states no licence."""

import hashlib
import json
from pathlib import Path

import pandas as pd

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.quotes import find_quotes
from pressframes.lexicon import read_reporting
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument


def items(folder: Path) -> pd.DataFrame:
    """Judge every biased stretch of the held-out half of the articles: one row an article, flag and answer.

    Raises:
        InputError: if the folder is no copy of BASIL.
    """
    found = sorted(folder.glob("annotations/*/*_ann.json"))
    if not found:
        raise InputError(f"{folder}: no annotations/*/*_ann.json; give the folder of BASIL (launchnlp/BASIL on GitHub)")
    reporting = read_reporting(shelf.folder("lexicons") / "reporting.csv")
    rows = []
    for number, file in enumerate(found):
        if held_out(file.name):
            rows += [("", number, number, "", *answer, n) for answer, n in _judged(file, folder, reporting).items()]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def held_out(name: str) -> bool:
    """Tell whether an article belongs to the half that no rule was looked at on; the three articles on one event stay together."""
    return hashlib.sha256(name.split("_")[0].encode()).digest()[0] % 2 == 1


def _judged(file: Path, folder: Path, reporting) -> dict[tuple[str, str], int]:
    article = folder / "articles" / file.parent.name / file.name.replace("_ann.json", ".json")
    try:
        paragraphs = json.loads(article.read_text(encoding="utf-8"))["body-paragraphs"]
        spans = json.loads(file.read_text(encoding="utf-8"))["phrase-level-annotations"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{file.name}: its article or its annotations cannot be read ({error}); get BASIL again") from None
    text, blocks, starts = "", [], []
    for sentences in paragraphs:
        first = len(text)
        for sentence in sentences:
            starts.append(len(text))
            text += sentence + " "
        blocks.append((first, len(text) - 1))
        text = text[:-1] + "\n"
    quoted = set()
    for quote in find_quotes(text, blocks, reporting):
        if quote.kind == "direct":
            quoted.update(range(quote.start, quote.end))
    counts: dict[tuple[str, str], int] = {}
    for span in spans:
        number = span["id"].removeprefix("p")
        if span["quote"] not in ("yes", "no") or not number.isdigit() or int(number) >= len(starts):
            continue  # a title, which carries no flag
        inside = range(starts[int(number)] + span["start"], starts[int(number)] + span["end"])
        found = "quoted" if 2 * sum(at in quoted for at in inside) >= len(inside) else "not quoted"
        key = ("quoted" if span["quote"] == "yes" else "not quoted", found)
        counts[key] = counts.get(key, 0) + 1
    return counts


INSTRUMENT = Instrument(
    name="basil",
    question="Is a stretch of text somebody's quoted words?",
    gold="BASIL (Fan et al. 2019), the quote flag of the biased stretches in the half of its articles, by event, that no rule was looked at on",
    licence="none stated",
    ships=False,
    protocol="An item is a stretch that an annotator marked as biased; it counts as quoted if at least half of it lies in direct speech as the suite finds it. Quoted and not quoted are both scored; the accuracy is in the stored figures.",
    metric="macro",
    negative="not quoted",
    anchors=(("quotation marks alone (F1 of quoted)", 0.894, "measured on the whole set"), ("quotation marks and a verb of saying (accuracy)", 0.875, "measured on the whole set")),
    goal=0.93,
    meaning="Splits into own and quoted words may be read with little doubt where articles use quotation marks for speech.",
    items=items,
)
