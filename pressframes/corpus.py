"""Articles in: the rows of `articles.csv` with the text of each file, exactly as it stands."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pressframes.errors import InputError
from pressframes.languages import ENGLISH, UNKNOWN, detect_language, known_languages, language_name
from pressframes.settings import Settings

COLUMNS = ("article_id", "path", "group", "outlet", "title", "byline", "published", "date_precision", "syndicated_from", "translation", "event", "language")
REQUIRED = ("article_id", "path", "group", "outlet")
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
        InputError: naming file and row, if a column is missing or unknown, an id is repeated, a group is not one of the
            study's, a language is unknown, a date does not fit its precision, a file is missing, empty or not UTF-8, or a group has no article.
    """
    table = settings.folder / settings.articles
    articles, seen = [], set()
    for number, row in read_rows(table, required=REQUIRED, allowed=lambda name: name in COLUMNS or name.endswith("_known_from")):
        where = f"{table}, row {number}"
        article = read_article(settings, where, row)
        if article.article_id in seen:
            raise InputError(f"{where}: article_id '{article.article_id}' stands twice; give each article its own")
        seen.add(article.article_id)
        articles.append(article)
    present = {article.group for article in articles}
    for group in settings.groups:
        if group not in present:
            raise InputError(f"{settings.folder / 'study.toml'}: group '{group}' has no article in {table.name}; add one or remove the group")
    return tuple(articles)


def in_other_languages(articles: Iterable[Article], settings: Settings) -> list[str]:
    """Say in one line for each article that is left out for its language what it is and what to do."""
    read = settings.corpus.languages
    wanted = lambda code: "[" + ", ".join(f'"{one}"' for one in (*read, code)) + "]"
    return [
        f"{settings.folder / settings.articles}: article '{article.article_id}' is in {language_name(article.language)} and left out; to count it, write languages = {wanted(article.language)} "
        "under [corpus] in study.toml, or, if that is not its language, the right one in the column 'language'"
        for article in articles if article.language not in read
    ]  # fmt: skip


def read_rows(path: Path, *, required, allowed):
    """Yield `(row number, row)` of a CSV file with a header; row 1 is the header, as a spreadsheet counts.

    Raises:
        InputError: if the file cannot be read, a required column is missing, a column is unknown, or a row is too long.
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
    for name in required:
        if name not in header:
            raise InputError(f"{path}: column '{name}' is missing; the header needs {', '.join(required)}")
    for name in header:
        if not allowed(name):
            raise InputError(f"{path}: unknown column '{name}'; correct the spelling or remove it")
    number = 1
    while (cells := _next_row(rows, path, number := number + 1)) is not None:
        if not cells:
            continue
        if len(cells) != len(header):
            raise InputError(f"{path}, row {number}: {'more' if len(cells) > len(header) else 'fewer'} cells than the header; quote cells that hold a comma")
        row = dict(zip(header, cells))
        for name in required:
            if not row[name].strip():
                raise InputError(f"{path}, row {number}: '{name}' is empty; fill it in")
        yield number, row


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


def read_article(settings: Settings, where: str, row: dict) -> Article:
    """Read the article of one row of `articles.csv`; `where` names file and row in what is raised.

    Raises:
        InputError: if a value of the row or the file cannot be used.
    """
    values = {name: row.get(name, "").strip() for name in COLUMNS}
    if values["group"] not in settings.groups:
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
