"""Heroes, villains and victims of Narrative Frames (Frermann et al. 2023) as a cross-check of roles and tone: do those whom coders call villains act, and victims suffer, in the suite's reading too?"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.roles import find_roles
from pressframes.layers.tone import tones
from pressframes.layers.voices import Sentence
from pressframes.lexicon import read_targets
from pressframes.measures.resampling import drawn_sums
from pressframes.tokens import FUNCTION_WORDS
from pressframes.validation.train_frames import read_gold

CHARACTERS = ("hero", "villain", "victim")
RESAMPLES = 2000
_FILE = "role_and_frame_annoations.tsv"  # as its makers spell it
_WORD = re.compile(r"[^\W_]+")


def read_characters(folder: Path) -> dict[int, dict[str, str]]:
    """Return of each article the entities that coders called hero, villain or victim, as printed: entity to character; an entity of two characters, and one of function words alone ("they"), left out.

    Raises:
        InputError: naming the row, if a character is unknown or the article is no number.
    """
    try:
        table = pd.read_csv(folder / _FILE, sep="\t", dtype=str, keep_default_na=False)
        rows = list(zip(table["ID"], table["entity"].str.strip(), table["role"]))
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder / _FILE}: cannot be read as the characters of Narrative Frames ({error}); get a fresh copy of the set") from None
    found, torn = {}, set()
    for number, (article, entity, character) in enumerate(rows, 2):
        if character not in CHARACTERS or not article.isdecimal():
            raise InputError(f"{folder / _FILE}, row {number}: unknown character '{character}' or article '{article}'; use {', '.join(CHARACTERS)}, and a number")
        key = int(article), entity
        if not all(word.lower() in FUNCTION_WORDS for word in _WORD.findall(entity)) and found.setdefault(key[0], {}).setdefault(entity, character) != character:
            torn.add(key)
    return {article: {entity: character for entity, character in entities.items() if (article, entity) not in torn} for article, entities in found.items()}


def spans_of(sentence: str, entities: dict[str, str]) -> dict[tuple[int, int], str]:
    """Return where entities stand in a sentence, whole words, the longest first: (start, end) to character.

    >>> spans_of("The Green New Deal and Green groups", {"Green groups": "hero", "Green New Deal": "villain"})
    {(4, 18): 'villain', (23, 35): 'hero'}
    """
    if not entities:
        return {}
    longest = sorted(entities, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)"
    return {match.span(): entities[match[0]] for match in re.finditer(pattern, sentence)}


def mentions(folder: Path) -> pd.DataFrame:
    """Read the roles of, and the tone towards, each printed mention of an entity that coders called hero, villain or victim.

    Returns:
        One row a mention: article, character, role (agent, patient or ""), tone (P(positive) - P(negative), in [-1, 1]).

    Raises:
        InputError: if the set cannot be read.
    """
    gold, entities = read_gold(folder), read_characters(folder)
    held = [(article, sentence, spans) for article, sentences in zip(gold.ids.tolist(), gold.sentences) for sentence in sentences if (spans := spans_of(sentence, entities.get(article, {})))]
    private, rows = read_targets(shelf.folder("lexicons") / "targets.toml", ()).private, []
    for (article, sentence, spans), doc in zip(held, parse([sentence for _, sentence, _ in held])):
        roles = {(role.start, role.end): role.role for role in find_roles(Sentence(0, doc), list(spans), private) if role.role in ("agent", "patient")}
        for (span, character), tone in zip(spans.items(), tones([(sentence, *span, doc) for span in spans])):
            rows.append((article, character, roles.get(span, ""), tone.score))
    return pd.DataFrame(rows, columns=["article", "character", "role", "tone"])


def compare(folder: Path, *, resamples: int = RESAMPLES, seed: int = 0) -> pd.DataFrame:
    """Set the characters beside each other.

    Returns:
        One row a character: mentions, articles, agents, patients; `acting`, the share of agents among agents and patients, and `tone`, the mean over mentions, each with its 95 % interval
        (`acting_low` ...; articles drawn anew; Efron 1979).
    """
    found = mentions(folder).assign(agent=lambda frame: frame["role"] == "agent", patient=lambda frame: frame["role"] == "patient", mention=1)
    rows = []
    for character in CHARACTERS:
        table = found[found["character"] == character].groupby("article")[["agent", "patient", "mention", "tone"]].sum().to_numpy(dtype=float)
        drawn = drawn_sums(table, np.zeros(len(table)), resamples=resamples, seed=seed)
        row = {"character": character, "mentions": int(table[:, 2].sum()), "articles": len(table), "agents": int(table[:, 0].sum()), "patients": int(table[:, 1].sum())}
        for name, share in (("acting", lambda sums: sums[..., 0] / (sums[..., 0] + sums[..., 1])), ("tone", lambda sums: sums[..., 3] / sums[..., 2])):
            row |= {name: float(share(table.sum(axis=0))), **dict(zip((f"{name}_low", f"{name}_high"), np.nanpercentile(share(drawn), [2.5, 97.5]).tolist()))}
        rows.append(row)
    return pd.DataFrame(rows)
