"""Which column of a table means what: told from its name and from what it holds."""

import re
import statistics
from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import urlsplit

from pressframes.errors import InputError
from pressframes.intake.dates import read_day
from pressframes.intake.records import FIELDS, Record

TABLES = frozenset(("table", "JSON", "JSON lines", "XML"))
"""Layouts whose columns have the names that a user gave them."""
_NAMES = {
    "text": "text content full_text fulltext body body_text main_text maintext plain_text text_content article story texte texto",
    "title": "title headline heading hed name titre titulo",
    "outlet": "outlet newspaper publication publication_title publication_name publisher media_name medium media source_name source outlet_name site_name sitename site container_title journal news_outlet domain source_domain",
    "date": "date published publish_date published_at published_date publication_date pub_date pubdate date_published datetime date_time seendate issued time timestamp created_at year",
    "author": "author authors byline creator writer journalist reporter",
    "url": "url link web_url permalink href canonical_link canonical_url source_url identifier guid uri",
    "group": "group groups",
    "id": "id unit_id uuid uid stories_id document_id key",
    "file": "path file filename file_name text_file textfile",
    "event": "event",
    "translation": "translation",
    "syndicated_from": "syndicated_from agency wire",
}
_ANOTHER_DAY = re.compile("access|retriev|download|added|crawl|collect|updat|modif|scrap|import|export|birth", re.IGNORECASE)
"""Columns of days on which an article was not published."""
_BY_NAME = {meaning: tuple(names.split()) for meaning, names in _NAMES.items()}


class Undecided(InputError):
    """What only the user can say.

    Attributes:
        meaning: the field in question.
        candidates: columns to choose from.
    """

    def __init__(self, message: str, meaning: str, candidates: tuple[str, ...]):
        super().__init__(message)
        self.meaning, self.candidates = meaning, candidates


def kind_of(record: Record) -> str:
    """Return what shares its columns: the file of a table, else the layout."""
    return record.file if record.layout == "table" else record.layout


def some(names: list[str], most: int = 5) -> str:
    """Return the first names as a list in words, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def domain(url: str) -> str:
    """Return the host of an address without `www.`, empty if it is none.

    >>> domain("https://www.azernews.az/nation/1.html")
    'azernews.az'
    """
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www\d?|m|amp)\.", "", host) if re.fullmatch(r"[^\W_][\w.-]*\.[^\W\d_][\w-]+", host) else ""


def check_columns(records, columns: Mapping[str, str]) -> None:
    """Raises:
    InputError: if a field or a column that the user names does not exist.
    """
    there = {name for record in records for name in record.columns}
    for meaning, name in columns.items():
        if meaning not in FIELDS:
            raise InputError(f"--column {meaning}={name}: unknown field '{meaning}'; use {', '.join(FIELDS)}")
        if name not in there:
            raise InputError(f"--column {meaning}={name}: no column '{name}'; there are {some(sorted(there), 20)}")


def tell_columns(records, columns: Mapping[str, str]) -> tuple[dict, dict]:
    """Return for each kind of record: field -> (column, how it was told), and its layout.

    Args:
        columns: field -> column, as the user says.

    Raises:
        Undecided: if no column is seen to hold texts.
    """
    kinds = defaultdict(list)
    for record in records:
        kinds[kind_of(record)].append(record)
    maps = {kind: _map(part, columns) if part[0].layout in TABLES else {name: (columns.get(name, name), "") for name in FIELDS} for kind, part in kinds.items()}
    texts = [kind for kind, part in kinds.items() if "text" in maps[kind]]
    if not texts:
        kind, part = next(iter(kinds.items()))
        names = tuple(dict.fromkeys(name for record in part[:200] for name in record.columns))
        if addresses := maps[kind].get("url"):
            raise Undecided(f"{kind}: addresses (column '{addresses[0]}') but no texts, and nothing is fetched; give the saved pages as well (--from FOLDER: they are joined by address), or name the column of the texts with --column text=NAME", "text", names)
        if files := maps[kind].get("file"):
            raise Undecided(f"{kind}: names of files (column '{files[0]}') but no texts; give the folder of the files as well (--from FOLDER: they are joined by name), or name the column of the texts with --column text=NAME", "text", names)
        raise Undecided(f"{kind}: no column is seen to hold the texts (there are {some(list(names), 20)}); name it with --column text=NAME", "text", names)
    return maps, {kind: part[0].layout for kind, part in kinds.items()}


def _plain_name(name: str) -> str:
    plain = re.sub(r"[^\w]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())).casefold().strip("_")
    return re.sub(r"^(?:article|news|story|doc|document)_(?=.)", "", plain)


def _map(records: list[Record], columns: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    sample = records[:: max(1, len(records) // 200)][:200]
    names = list(dict.fromkeys(name for record in sample for name in record.columns))
    values = {name: [value for record in sample if (value := record.columns.get(name, "").strip())] for name in names}
    found = {meaning: (name, "as told with --column") for meaning, name in columns.items() if name in names}
    taken = {name for name, _ in found.values()}

    def free(meaning: str) -> list[str]:
        ranked = [(rank, name) for name in names if name not in taken and values[name] for rank, known in enumerate(_BY_NAME[meaning]) if _plain_name(name) == known]
        return [name for _, name in sorted(ranked, key=lambda pair: pair[0])]

    def take(meaning: str, name: str, how: str) -> None:
        found[meaning] = (name, how)
        taken.add(name)

    fits = {"url": lambda part: _share(part, lambda value: bool(domain(value))) > 0.5, "date": lambda part: _share(part[:20], lambda value: bool(read_day(value).published)) >= 0.5,
            "outlet": lambda part: _share(part, lambda value: len(value) <= 100 and "://" not in value) > 0.9, "title": lambda part: statistics.median(map(len, part)) < 400}  # fmt: skip
    if "text" not in found:
        lengths = {name: statistics.median(map(len, values[name])) for name in names if name not in taken and values[name] and (len(values[name][0]) > 500 or not fits["url"](values[name]))}
        longest, *others = sorted(lengths, key=lambda name: -lengths[name]) or [""]
        likely = max((name for name in free("text") if name in lengths), key=lambda name: lengths[name] > 100, default="")
        if likely and (lengths[likely] > 100 or lengths[longest] < 3 * lengths[likely]):
            take("text", likely, "")
        elif longest and lengths[longest] >= 200 and (not others or lengths[longest] >= 3 * lengths[others[0]]):
            take("text", longest, "the column of the longest values")
    for meaning in ("url", "date", "title", "outlet", "author", "group", "file", "id", "event", "translation", "syndicated_from"):
        if meaning not in found and (name := next((name for name in free(meaning) if fits.get(meaning, lambda part: True)(values[name])), None)):
            take(meaning, name, "")
    if "date" not in found and len(dated := [name for name in names if name not in taken and values[name] and not _ANOTHER_DAY.search(name) and _share(values[name][:20], _is_day) >= 0.9]) == 1:
        take("date", dated[0], "its values are days")
    return found


def _is_day(value: str) -> bool:
    """Tell whether a value is a day however its column is named: a bare number may be anything."""
    return not value.isdigit() and len(read_day(value, "dmy").published) == len("2017-04-05")


def _share(values: list[str], fits) -> float:
    return sum(map(fits, values)) / len(values) if values else 0.0
