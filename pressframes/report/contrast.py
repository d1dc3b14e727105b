"""One target, all groups side by side; and which group never names what."""

from collections import Counter
from typing import NamedTuple

from pressframes.evidence import sentence_anchor
from pressframes.findings import SMALLEST_COUNT, listed
from pressframes.layers.frames import FRAMES
from pressframes.report.lines import LineList, Lists

GROUPS_IN_PRINT = 5
"""A table with a column for each of more groups is not printed."""
TYPICAL = 2
"""Sentences shown of each group."""
LONGEST_TYPICAL = 300
"""Characters of a typical sentence; longer ones, mostly lists and lines run together, come last."""
TYPICAL_RULE = (
    f"Chosen by rule: of the group's sentences of up to {LONGEST_TYPICAL} characters that mention the target (longer ones where there are none), those with the most marks (loaded terms, rival names, scare quotes, "
    "and what the target does, suffers or is described as), the first in reading order where several have as many."
)
_MOST_WORDS = 6
"""Different words told in a cell."""


class Cell(NamedTuple):
    """A number of one group: as it is shown, the list it counts (None for 0), and words told beside it."""

    number: str
    lines: LineList | None
    words: str = ""


class Row(NamedTuple):
    """One thing compared, a cell a group."""

    head: str
    cells: tuple[Cell, ...]


class Contrast(NamedTuple):
    """One target in all groups. `typical` holds for each group the anchors of its typical sentences."""

    key: str
    label: str
    rows: tuple[Row, ...]
    typical: tuple[tuple[str, ...], ...]


class Coverage(NamedTuple):
    """Which group names what: `parts` are what is named with a row a name, `silences` tell of groups in a sentence what each of them never does; `frames`: in how many of its articles a model finds each generic frame."""

    parts: tuple[tuple[str, tuple[Row, ...]], ...]
    silences: tuple[tuple[tuple[str, ...], str], ...]
    frames: tuple[Row, ...]


def contrasts(study, lists: Lists) -> list[Contrast]:
    """Set the groups side by side for each target of a study."""
    marks, sentences = _marks(study), study.annotations().sentences
    long = sentences[sentences["end"] - sentences["start"] > LONGEST_TYPICAL]
    long = set(zip(long["article_id"], long["sentence_id"]))
    return [Contrast(key, label, tuple(_rows(study, lists, key)), tuple(_typical(study, key, group, marks, long) for group in study.groups)) for key, label in study.targets.items()]


def _rows(study, lists: Lists, key: str):
    cells = lambda what, told="", rate=False, **where: tuple(_cell(lists, what, told, rate, {**where, "group": group}) for group in study.groups)
    yield Row("mentions", cells("mentions", "text", rate=True, target=key))
    for voice, said in (("outlet", "of them in the outlet's own words"), ("indirect", "in reported words"), ("direct", "in quoted words")):
        yield Row(said, cells("mentions", target=key, voice=voice))
    yield Row("loaded terms in its sentences, all voices", cells("loaded", "entry", near=key))
    yield Row("of them in the outlet's own words", cells("loaded", "entry", rate=True, near=key, voice="outlet"))
    yield Row("loaded terms that characterise it", cells("toward", "entry", target=key))
    for role, said in (("agent", "what it does"), ("patient", "what is done to it"), ("described", "as what it is described")):
        yield Row(said, cells("roles", "predicate", target=key, role=role))
    for label in ("negative", "positive"):
        yield Row(f"sentences judged {label} (trained model)", cells("tone", target=key, label=label))


def _cell(lists: Lists, what: str, told: str, rate: bool, where: dict) -> Cell:
    """A number, its rate if it is large enough to be one, and the words told of it, the commonest first."""
    events = lists.events(what, **where)
    words = sorted(Counter(getattr(row, told) for row in events).items(), key=lambda item: (-item[1], item[0])) if told else []
    most = ", ".join(f"{word} {n}" if n > 1 else word for word, n in words[:_MOST_WORDS]) + (f" and {len(words) - _MOST_WORDS} more" if len(words) > _MOST_WORDS else "")
    per = f"({lists.per_thousand(what, **where):.1f} per 1,000 words)" if rate and len(events) >= SMALLEST_COUNT else ""
    return Cell(f"{len(events):,}", lists.of(what, **where), " ".join(filter(None, [per, most])))


def _marks(study) -> dict[str, Counter]:
    """How many marks each sentence holds: of any target ("") and of each target's roles."""
    layers = study.annotations()
    anywhere = [layers.loaded[layers.loaded["lexicon"] == "curated"], layers.naming, study.scare_quotes().to_frame()]
    found = {"": Counter(place for frame in anywhere for place in zip(frame["article_id"], frame["sentence_id"]))}
    for target, part in layers.roles.groupby("target", sort=False):
        found[target] = Counter(zip(part["article_id"], part["sentence_id"]))
    return found


def _typical(study, key: str, group: str, marks: dict[str, Counter], long: set) -> tuple[str, ...]:
    layers, inside = study.annotations(), {article.article_id for article in study.articles if article.group == group}
    of_target = layers.mentions[(layers.mentions["target"] == key) & layers.mentions["article_id"].isin(inside)]
    places = list(dict.fromkeys(zip(of_target["article_id"], of_target["sentence_id"])))
    places.sort(key=lambda place: (place in long, -marks[""][place] - marks.get(key, Counter())[place]))  # stable: ties stay in reading order
    return tuple(sentence_anchor(*place) for place in places[:TYPICAL])


def coverage(study, lists: Lists) -> Coverage:
    """Tell which group names what: every target, and every rival name that occurs."""
    cells = lambda what, **where: tuple(_cell(lists, what, "", False, {**where, "group": group}) for group in study.groups)
    names = study.naming().to_frame()
    parts = [("the targets", tuple(Row(label, cells("mentions", target=key)) for key, label in study.targets.items()))]
    for referent, part in names.groupby("referent", sort=False):
        parts.append((referent, tuple(Row(variant, cells("naming", referent=referent, variant=variant)) for variant in part["variant"])))
    silences: dict[str, list[str]] = {}
    for i, group in enumerate(study.groups):
        never = [row.head for row in parts[0][1] if row.cells[i].number == "0"]
        unnamed = [head for head, rows in parts[1:] if all(row.cells[i].number == "0" for row in rows)]
        told = [f"never mentions {listed(never)}"] if never else []
        told += [f"has no name from the list for {listed(unnamed)}"] if unnamed else []
        silences.setdefault("; ".join(told) or "mentions every target and names whatever any other group names", []).append(group)
    layer = study.annotations().frames
    told = set(layer.loc[layer["present"] != "", "article_id"])
    judged = Counter(article.group for article in study.articles if article.article_id in told)
    frames = [Row(frame, tuple(cell._replace(words=f"of {judged[group]}") for cell, group in zip(cells("framed", frame=frame), study.groups))) for frame in FRAMES]
    return Coverage(tuple(parts), tuple((tuple(groups), told) for told, groups in silences.items()), tuple(frames))
