"""Voices measured on PolNeAR (Newell, Margolin and Ruths 2018): attributed words and their sources, from a user's own copy."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.quotes import find_quotes
from pressframes.layers.sentences import split_sentences
from pressframes.layers.voices import Attribution, Sentence, find_attributions, needs_parse
from pressframes.lexicon import Reporting, read_reporting
from pressframes.tokens import tokenise
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument

PARTS = ("train", "dev", "test")
_MARK = re.compile(r"(T\d+)\t([\w-]+) (\d+ \d+(?:;\d+ \d+)*)(?:\t|$)")
_ROLE = re.compile(r"(Content|Source)\d*:(T\d+)")

Spans = tuple[tuple[int, int], ...]


class Attributed(NamedTuple):
    """A gold attribution: `[start, end)` stretches of its content and of its source (none where the text names none)."""

    content: Spans
    source: Spans


class Page(NamedTuple):
    """A gold article: its text as read and its attributions."""

    text: str
    attributions: tuple[Attributed, ...]


def read_pages(folder: Path, part: str = "dev") -> Iterator[Page]:
    """Read one part of a copy of PolNeAR, articles in the order of their names.

    Articles that several annotators marked count once, by the first annotator in the order of their ids. Attributions with and without a
    named source count alike; the marks `Discuss` and `Discard`, notes of the annotators to each other, do not.

    Args:
        folder: holds `data/<part>/text` and `data/<part>/attributions`, or is that `data` folder itself.
        part: train, dev or test. The set's makers ask that dev and test be not read and test be scored once.

    Raises:
        InputError: if the folder is not a copy of PolNeAR, an article lacks its annotation, or an annotation does not fit its text.
    """
    if part not in PARTS:
        raise InputError(f"{part!r} is no part of PolNeAR; take one of {', '.join(PARTS)}")
    home = next((home for home in (Path(folder) / "data" / part, Path(folder) / part) if home.is_dir()), None)
    texts = sorted((home / "text").glob("*.txt")) if home else []
    if not texts:
        raise InputError(f"{folder}: no PolNeAR here, data/{part}/text with articles is missing; give the folder of your copy of the set")
    annotations = {}
    for path in sorted((home / "attributions").glob("*.ann")):
        annotations.setdefault(path.stem.rpartition("_")[0], path)
    for path in texts:
        if path.stem not in annotations:
            raise InputError(f"{path}: {home.name}/attributions holds no annotation of it (<article>_<annotator>.ann); complete your copy of PolNeAR")
        text = path.read_bytes().decode("utf-8")
        yield Page(text, _attributions(annotations[path.stem], len(text)))


def _attributions(path: Path, length: int) -> tuple[Attributed, ...]:
    marks, events = {}, []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        if line[:1] == "T" and (mark := _MARK.match(line)):
            marks[mark[1]] = tuple(tuple(map(int, span.split())) for span in mark[3].split(";"))
            if any(not 0 <= start < end <= length for start, end in marks[mark[1]]):
                raise InputError(f"{path}, line {number}: the mark lies outside the article's {length} characters; text and annotation are of different copies")
        elif line[:1] == "E" and re.match(r"E\d+\tAttribution(?:-no-source)?:", line):
            events.append((number, line))
    found = []
    for number, line in events:
        roles = {"Content": (), "Source": ()}
        for role, mark in _ROLE.findall(line):
            if mark not in marks:
                raise InputError(f"{path}, line {number}: refers to {mark}, which the file does not mark; take the file from PolNeAR anew")
            roles[role] += marks[mark]
        if roles["Content"]:
            found.append(Attributed(tuple(sorted(roles["Content"])), tuple(sorted(roles["Source"]))))
    return tuple(found)


def token_items(folder: Path, part: str = "dev", *, unit: str = "token") -> pd.DataFrame:
    """Compare whose words the tokens are by the gold set and by `layers.voices`.

    Args:
        folder, part: see `read_pages`.
        unit: `token`, or `sentence`: quoted if more than half of its word tokens are.

    Returns:
        ITEM_COLUMNS, one row an article x gold x predicted label (`outlet` or `quoted`) that occurs; `n` is the number of units. `cluster` is the article's number.

    Raises:
        InputError: as `read_pages`.
    """
    reporting, rows = _reporting(), []
    for number, page in enumerate(read_pages(folder, part)):
        sentences, attributions = _judge(page, reporting)
        gold = [span for attribution in page.attributions for span in attribution.content]
        system = [(voice.start, voice.end) for voice, _ in attributions]
        counts = Counter()
        for start, end in sentences:
            pairs = [(_within(token.start, gold), _within(token.start, system)) for token in tokenise(page.text, start, end)]
            if unit == "sentence" and pairs:
                pairs = [tuple(2 * sum(side) > len(pairs) for side in zip(*pairs))]
            counts.update(pairs)
        names = ("outlet", "quoted")
        rows += [("", number, f"{number}-{names[pair[0]]}-{names[pair[1]]}", "", names[pair[0]], names[pair[1]], n) for pair, n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def speaker_items(folder: Path, part: str = "dev") -> pd.DataFrame:
    """Ask for the source of every gold content that has one: is what the system takes for the source the gold source?

    The system's answer is the source of the voice that shares most characters with the content; it is `found` if the source's place
    in the text overlaps a stretch of the gold source, else `missed`; `no voice` where the system hears nobody in the content at all.
    A content is `direct` if more than half of its characters stand between quotation marks of their line, else `indirect`.

    Returns:
        ITEM_COLUMNS, one row an article x task (`direct`, `indirect`) x answer that occurs; `gold` is `found`, `n` the number of contents.

    Raises:
        InputError: as `read_pages`.
    """
    reporting, rows = _reporting(), []
    for number, page in enumerate(read_pages(folder, part)):
        _, attributions = _judge(page, reporting)
        marked = _between_marks(page.text)
        counts = Counter()
        for content, source in page.attributions:
            if source:
                inside = sum(marked[start:end].count(True) for start, end in content)
                counts["direct" if 2 * inside > sum(end - start for start, end in content) else "indirect", _answer(content, source, attributions)] += 1
        rows += [(task, number, f"{number}-{task}-{answer}", "", "found", answer, n) for (task, answer), n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def _answer(content: Spans, source: Spans, attributions: list[Attribution]) -> str:
    shared = [sum(max(0, min(end, voice.end) - max(start, voice.start)) for start, end in content) for voice, _ in attributions]
    if not any(shared):
        return "no voice"
    place = attributions[shared.index(max(shared))].source
    return "found" if place and any(place[0] < end and start < place[1] for start, end in source) else "missed"


def _between_marks(text: str) -> list[bool]:
    """For each character, whether it stands between double quotation marks of its line; a mark left open holds to the line's end."""
    inside, marked = False, []
    for char, after in zip(text, text[1:] + "\n"):
        closes = inside and char in "”\""
        inside = char != "\n" and (inside or char in "“\"")
        marked.append(inside)
        inside = inside and not closes
    return marked


def _judge(page: Page, reporting: Reporting) -> tuple[list[tuple[int, int]], list[Attribution]]:
    """Sentences of an article whose paragraphs are its lines, and its direct and indirect voices with their sources."""
    blocks = [(line.start() + len(line[0]) - len(line[0].lstrip()), line.start() + len(line[0].rstrip())) for line in re.finditer(r"[^\n]*\S[^\n]*", page.text)]
    spans = [span for block in blocks for span in split_sentences(page.text, *block)]
    texts = [page.text[start:end] for start, end in spans]
    needed = [needs_parse(text, reporting) for text in texts]
    docs = parse([text for text, need in zip(texts, needed) if need])
    parsed = [Sentence(span[0], next(docs) if need else None) for span, need in zip(spans, needed)]
    found = find_attributions(page.text, find_quotes(page.text, blocks, reporting), parsed, reporting)
    return spans, [attribution for attribution in found if attribution.voice.kind in ("direct", "indirect")]


def _reporting() -> Reporting:
    return read_reporting(shelf.folder("lexicons") / "reporting.csv")


def _within(offset: int, spans) -> bool:
    return any(start <= offset < end for start, end in spans)


INSTRUMENT = Instrument(
    name="polnear",
    question="Are these the outlet's own words or somebody else's?",
    gold="PolNeAR 1.0.0, part dev: 84 articles of seven US outlets on the 2016 campaign, every attributed stretch marked by hand",
    licence="none stated",
    ships=False,
    protocol="Each word token is quoted if it lies in the content of an attribution, else the outlet's own; direct and indirect speech count alike. The first annotator where there are several. "
    "The rules and the list of reporting words were made on the part train; dev was scored after.",
    metric="positive",
    negative="outlet",
    anchors=(
        ("quote marks and a dependency rule (part test)", 0.807, "measured by us"),
        ("linear-chain CRF, 300 training articles (part test)", 0.789, "measured by us"),
        ("quote marks alone (part test)", 0.640, "measured by us"),
    ),
    goal=0.85,
    meaning="Recall tells what share of the words that annotators give to somebody else is counted as quoted; the rest counts as the outlet's own, so quoted shares are a little too low everywhere.",
    items=token_items,
)
