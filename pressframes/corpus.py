"""Articles in: the rows of `articles.csv` with the text of each file, exactly as it stands."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pressframes.errors import InputError, raise_all
from pressframes.languages import ENGLISH, UNKNOWN, detect_language, known_languages, language_name
from pressframes.settings import Settings

COLUMNS = ("article_id", "path", "group", "outlet", "title", "byline", "published", "date_precision", "syndicated_from", "translation", "event", "language")
REQUIRED = ("article_id", "path", "group", "outlet")
PERIODS = {"year": 4, "month": 7}
"""What articles can be grouped by beside the columns: so many characters of `published`."""
PRECISIONS = {"": r"", "day": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-\d\d", "year": r"\d{4}"}


@dataclass(frozen=True)
class Article:
    """One article: a row of `articles.csv` and the text of its file.

    Attributes:
        text: the file decoded as UTF-8, newlines untouched; every offset in the suite counts its code points.
        sha256: of the file's bytes.
        event: what the article reports, where the corpus says so: articles are compared within their event.
        language: ISO 639 code; detected where the table does not tell it.
        known_from: how each value that is not obvious is known (columns that end in `_known_from`).
    """

    article_id: str
    path: str
    group: str
    outlet: str
    title: str
    byline: str
    published: str
    date_precision: str
    syndicated_from: str
    translation: str
    text: str
    sha256: str
    event: str = ""
    known_from: tuple[tuple[str, str], ...] = ()
    language: str = ENGLISH


def read_articles(settings: Settings) -> tuple[Article, ...]:
    """Read the study's articles in the order of `articles.csv`.

    Raises:
        InputError: with all faults, each naming file and row: a column that is missing or unknown, an id repeated, a group that is not one of the
            study's, an unknown language, a date that does not fit its precision, a file missing, empty or not UTF-8, a group without an article.
    """
    table = settings.folder / settings.articles
    articles, seen, faults = [], set(), []
    for number, row in _rows(settings, faults):
        where = f"{table}, row {number}"
        try:
            article = _article(settings, where, row)
        except InputError as fault:
            faults.append(str(fault))
            continue
        if article.article_id in seen:
            faults.append(f"{where}: article_id '{article.article_id}' stands twice; give each article its own")
        seen.add(article.article_id)
        articles.append(article)
    if not faults:  # a group may be empty for one of them
        faults += _empty_groups(settings, {value for value in _values(settings, settings.by)[0].values()}) if settings.groups else []
    raise_all(faults)
    return tuple(articles)


def _rows(settings: Settings, faults: list[str] | None = None):
    columns = {comparison.by for comparison in settings.all_comparisons.values()}
    required = [name for name in REQUIRED if name != "group" or "group" in columns]
    return read_rows(settings.folder / settings.articles, required=required, allowed=lambda name: name in COLUMNS or name in columns or name.endswith("_known_from"), faults=faults)


def read_groups(settings: Settings, name: str | None = None) -> tuple[dict[str, str], tuple[str, ...]]:
    """Put the articles into the groups of a comparison.

    Args:
        name: of `settings.all_comparisons`; the first where None.

    Returns:
        `(article_id -> group, the groups in their order)`. Articles whose value belongs to no group are left out; values that are all compared stand in the order of numbers, then letters.

    Raises:
        InputError: if the comparison or its column is unknown, or a group has no article.
    """
    comparison = settings.comparison(name)
    values, order = _values(settings, comparison.by)
    sides = comparison.sides or {value: value for value in order}
    raise_all(_empty_groups(settings, set(values.values()), comparison.groups, f" of comparison '{name}'" if name else ""))
    if not sides:
        raise InputError(f"{settings.folder / settings.articles}: '{comparison.by}' is empty in every row, so nothing is compared by it; fill it in or correct study.toml")
    return {article_id: sides[value] for article_id, value in values.items() if value in sides}, tuple(dict.fromkeys(sides.values()))


def _empty_groups(settings: Settings, present: set[str], groups: dict | None = None, of: str = "") -> list[str]:
    groups = {group: (group,) for group in settings.groups} if groups is None else groups
    file = settings.folder / "study.toml"
    return [f"{file}: group '{group}'{of} has no article in {Path(settings.articles).name}; add one or remove the group" for group, values in groups.items() if not present.intersection(values)]


def _values(settings: Settings, column: str) -> tuple[dict[str, str], list[str]]:
    """What a column says of each article (empty cells left out), and its values in order."""
    values = {}
    for number, row in _rows(settings):
        if column not in row and column not in PERIODS:
            raise InputError(f"{settings.folder / settings.articles}: no column '{column}', by which study.toml compares; add it, or use one of {', '.join((*row, *PERIODS))}")
        value = row[column] if column in row else row.get("published", "")[: PERIODS[column]]
        if value.strip() and (column in row or len(value) == PERIODS[column]):
            values[row["article_id"].strip()] = value.strip()
    return values, sorted(set(values.values()), key=lambda value: [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in re.findall(r"\d+|\D+", value)])


def years_of(settings: Settings) -> tuple[int, int] | None:
    """Return the first and last year in which articles of the study were published; None if no article is dated."""
    years = [int(year) for year in _values(settings, "year")[1]]
    return (min(years), max(years)) if years else None


def in_other_languages(articles: Iterable[Article], settings: Settings) -> list[str]:
    """Say in one line for each article that is left out for its language what it is and what to do."""
    read = settings.corpus.languages
    wanted = lambda code: "[" + ", ".join(f'"{one}"' for one in (*read, code)) + "]"
    return [
        f"{settings.folder / settings.articles}: article '{article.article_id}' is in {language_name(article.language)} and left out; to count it, write languages = {wanted(article.language)} "
        "under [corpus] in study.toml, or, if that is not its language, the right one in the column 'language'"
        for article in articles if article.language not in read
    ]  # fmt: skip


def read_rows(path: Path, *, required, allowed, faults: list[str] | None = None):
    """Yield `(row number, row)` of a CSV file with a header; row 1 is the header, as a spreadsheet counts.

    Args:
        faults: what is wrong with single rows is added to this list and the row left out, in place of raising.

    Raises:
        InputError: if the file cannot be read, a required column is missing, a column is unknown, or a row is too long or lacks a required cell.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; create it or correct the path") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _next_row(rows, path, 1) or []
    missing = [f"{path}: column '{name}' is missing; the header needs {', '.join(required)}" for name in required if name not in header]
    raise_all([*missing[:1], *(f"{path}: unknown column '{name}'; correct the spelling or remove it" for name in header if not allowed(name))])
    number = 1
    while (cells := _next_row(rows, path, number := number + 1)) is not None:
        if not cells:
            continue
        if len(cells) != len(header):
            wrong = [f"{path}, row {number}: {'more' if len(cells) > len(header) else 'fewer'} cells than the header; quote cells that hold a comma"]
        else:
            row = dict(zip(header, cells))
            wrong = [f"{path}, row {number}: '{name}' is empty; fill it in" for name in required if not row[name].strip()]
        if not wrong:
            yield number, row
        elif faults is None:
            raise_all(wrong)
        else:
            faults += wrong


def _next_row(rows, path: Path, number: int) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise InputError(f"{path}, row {number}: not valid CSV ({error}); check the quote marks") from None


def _is_date(text: str, precision: str) -> bool:
    if not re.fullmatch(PRECISIONS[precision], text):
        return False
    try:
        date.fromisoformat({"day": text, "month": f"{text}-01", "year": f"{text}-01-01", "": "2000-01-01"}[precision])
    except ValueError:
        return False
    return True


def _article(settings: Settings, where: str, row: dict) -> Article:
    values = {name: row.get(name, "").strip() for name in COLUMNS}
    if settings.groups and settings.by == "group" and values["group"] not in settings.groups:
        raise InputError(f"{where}: unknown group '{values['group']}'; the study compares {', '.join(settings.groups)}")
    if values["language"] not in ("", ENGLISH, UNKNOWN, *known_languages()):
        raise InputError(f"{where}: unknown language '{values['language']}'; use {', '.join((ENGLISH, *known_languages(), UNKNOWN))}, or leave it empty")
    if values["date_precision"] not in PRECISIONS:
        raise InputError(f"{where}: unknown date_precision '{values['date_precision']}'; use day, month, year or leave it empty")
    if not _is_date(values["published"], values["date_precision"]):
        raise InputError(f"{where}: published '{values['published']}' is not a date of precision '{values['date_precision']}'; correct one of them")
    file = settings.folder / values["path"]
    if "\0" in values["path"]:
        raise InputError(f"{where}: path holds a NUL character; correct the path")
    if not file.resolve().is_relative_to(settings.folder.resolve()):
        raise InputError(f"{where}: path '{values['path']}' leaves the study's folder; copy the article into it")
    try:
        data = file.read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"{where}: no such article '{values['path']}'; correct the path or remove the row") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: '{values['path']}' is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{where}: '{values['path']}' cannot be read ({error.strerror}); check its permissions") from None
    if not text.strip():
        raise InputError(f"{where}: '{values['path']}' holds no text; fill it in or remove the row")
    values["language"] = values["language"] or detect_language(text)
    known = tuple((name.removesuffix("_known_from"), row[name].strip()) for name in row if name.endswith("_known_from") and row[name].strip())
    return Article(**values, text=text, sha256=hashlib.sha256(data).hexdigest(), known_from=known)
