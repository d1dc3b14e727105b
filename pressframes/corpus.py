"""Articles in: the rows of `articles.csv` with the text of each file, exactly as it stands."""

import csv
import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

import pandas as pd

from pressframes.errors import InputError, raise_all
from pressframes.files import is_inside, read_file
from pressframes.languages import ENGLISH, UNKNOWN, detect_language, known_languages, language_name
from pressframes.repeated import find_repeated
from pressframes.results import Figure, Table
from pressframes.settings import Settings

COLUMNS = ("article_id", "path", "group", "outlet", "title", "byline", "published", "date_precision", "syndicated_from", "translation", "event", "language")
TAKEN = frozenset("choice count g2 held highest kind log_ratio own reason referent target term text variant".split())
"""Columns of the tables that have one for each group: no group may have such a name, nor that of another group with one of `BESIDE` behind it."""
BESIDE = ("rate", "terms")
PERIODS = {"year": 4, "month": 7}
"""What articles can be grouped by beside the columns: so many characters of `published`."""
PRECISIONS = {"": r"", "day": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-\d\d", "year": r"\d{4}"}
LONGEST = 1_000_000
"""Characters of one article."""
_LARGEST = 512 * 2**20
"""Bytes of a table; all of it is read at once."""
_TELLING, _MARK = re.compile(r"\b(?:said|says|told)\b"), re.compile(r"[“”„«»‘\"]|''|(?<!\S)'(?=[^\W\d_])")
_FAR, _STRAYS = 20, 20
"""Years, and articles. An archive may span decades, evenly; a few years that lie a generation away from all others are misreadings (a page's copyright, a title's year)."""
_OFTEN = 2
"""An article that says so often that somebody said something mostly quotes: of 308 such articles in Hyperpartisan, whose marks are whole, 11 hold no quotation mark."""
_FEWEST_TELLING = 3
"""So many of an outlet's articles must tell: at 11 in 308, two or three of three are without a mark by chance at one outlet in 270."""
_APOSTROPHE = re.compile(r"[^\W\d_][’'ʼ´`]")
LONG = 1200
"""Characters, some 200 words: of 533 articles of Hyperpartisan and 785 of PolNeAR (part train) that are as long, 11 and 5 hold no apostrophe; none of their 53 outlets with three or more such articles would be named."""


@dataclass(frozen=True)
class Article:
    """One article: a row of `articles.csv` and the text of its file.

    Attributes:
        path: of the file in the study's folder; of the table, where its column `text` holds the texts.
        text: the file decoded as UTF-8, newlines untouched; every offset in the suite counts its code points.
        sha256: of the text's bytes.
        event: what the article reports, where the corpus says so: articles are compared within their event.
        language: ISO 639 code; detected where the table does not tell it.
        known_from: how each value that is not obvious is known (columns that end in `_known_from`).
        repeated: `[start, end)` of what stands in several articles of the outlet (`repeated.find_repeated`).
        others: what further columns tell, by which a comparison groups the articles.
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
    repeated: tuple[tuple[int, int], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    _study = None  # no field: an article that a study hands out knows where its marks are, and is equal to itself elsewhere

    @property
    def row(self) -> dict[str, str]:
        """What the study tells of the article, by column of its table."""
        return {name: getattr(self, name) for name in COLUMNS} | dict(self.others)

    def to_frame(self) -> pd.DataFrame:
        """Return a row a mark, in the order of the text, as `Study.marks` does.

        Raises:
            InputError: if the article was not taken from a study by its id (or in a loop over the study).
        """
        return self._within("to_frame").marks(self.article_id).to_frame()

    def plot(self) -> Figure:
        """Return the strip of its marks: where in the article the targets, other people's words and the loaded terms fall.

        Raises:
            InputError: as `to_frame`.
        """
        return self._within("plot").marks(self.article_id).plot()

    def within(self, study) -> "Article":
        """Return the same article, which now asks `study` for its marks."""
        known_here = copy(self)
        object.__setattr__(known_here, "_study", study)
        return known_here

    def _within(self, asked: str):
        if self._study is None:
            raise InputError(f"{asked}: marks are made within a study; take the article from it: study[{self.article_id!r}].{asked}()")
        return self._study

    def __repr__(self) -> str:
        return f"Article {self.article_id}: {', '.join(filter(None, (self.outlet, self.group, self.published, self.title)))} ({len(self.text):,} characters)"

    def _repr_html_(self) -> str:
        told = ("group", "outlet", "title", "byline", "published", "event", "syndicated_from", "translation", "language", "path", "sha256")
        rows = [(name.replace("_", " "), value) for name in told if (value := getattr(self, name))] + [(f"how {name} is known", source) for name, source in self.known_from]
        notes = ("The text stands below exactly as its file holds it.", *(["Its marks: plot() draws where they fall, to_frame() lists them."] if self._study else []))
        facts = Table(pd.DataFrame(rows, columns=["what", "value"]), "article", f"Article {self.article_id}", notes, {"what": "what", "value": "as told by the study"})
        style = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; max-height: 24em; overflow: auto"
        return f'{facts._repr_html_()}<pre tabindex="0" role="group" aria-label="text of article {html.escape(self.article_id)}" style="{style}">{html.escape(self.text)}</pre>'


def read_articles(settings: Settings) -> tuple[Article, ...]:
    """Read the study's articles in the order of `articles.csv`.

    A column `text` may stand in place of `path`: the table then holds the articles themselves.

    Raises:
        InputError: naming file, row and field of every fault at once: a column is missing or unknown, an id is repeated, a group is not one of the
            study's, a language is unknown, a date does not fit its precision, a file is missing, empty, too large, outside the study or not UTF-8, or a group has no article.
    """
    articles, faults, rows_of, present = [], [], {}, set()
    table = settings.folder / settings.articles
    for number, row, wrong in table_rows(settings):
        if row:
            present.add(_value(row, settings.by))
            article = read_article(settings, f"{table}, row {number}", row, wrong)
            if (first := rows_of.setdefault(article.article_id or number, number)) != number:
                wrong.append(f"{table}, row {number}: article_id '{article.article_id}' stands twice, first in row {first}; give each article its own")
            articles.append(article)
        faults += wrong
    if present or not faults:
        faults += _empty_groups(settings, present)
    raise_all(faults)
    return tuple(replace(article, repeated=spans) if spans else article for article, spans in zip(articles, find_repeated([(article.outlet, article.text) for article in articles])))


def table_rows(settings: Settings) -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """Yield the rows of the study's `articles.csv`, as `check_rows` gives them.

    Raises:
        InputError: if the table lies outside the study, or its header cannot be used.
    """
    table, columns = settings.folder / settings.articles, {comparison.by for comparison in settings.all_comparisons.values()}
    if not is_inside(table, settings.folder):
        raise InputError(f"{settings.folder / 'study.toml'}: articles '{settings.articles}' leaves the study's folder; copy the table into it")
    required = ("article_id", ("path", "text"), *(["group"] if "group" in columns else []), "outlet")
    return check_rows(table, required=required, allowed=lambda name: name in (*COLUMNS, "text", *columns) or name.endswith("_known_from"))


def find_groups(rows: Iterable[dict[str, str]], settings: Settings, name: str | None = None) -> tuple[dict[str, str], tuple[str, ...]]:
    """Put articles into the groups of a comparison.

    Args:
        rows: what is told of each article, by column (`Article.row`, or a row of `table_rows`).
        name: of `settings.all_comparisons`; the first where None.

    Returns:
        `(article_id -> group, the groups in their order)`. Articles whose value belongs to no group are left out; values that are all compared stand in the order of numbers, then letters.

    Raises:
        InputError: if the comparison or its column is unknown, or a group has no article or the name of a column of the tables (`TAKEN`).
    """
    comparison, values = settings.comparison(name), {}
    for row in rows:
        if comparison.by not in row and comparison.by not in PERIODS:
            raise InputError(f"{settings.folder / settings.articles}: no column '{comparison.by}', by which study.toml compares; add it, or use one of {', '.join((*row, *PERIODS))}")
        if value := _value(row, comparison.by):
            values[row["article_id"].strip()] = value
    sides = comparison.sides or {value: value for value in sorted(set(values.values()), key=_in_order)}
    raise_all(_empty_groups(settings, set(values.values()), comparison.groups, f" of comparison '{name}'" if name else ""))
    if not sides:
        raise InputError(f"{settings.folder / settings.articles}: '{comparison.by}' is empty in every row, so nothing is compared by it; fill it in or correct study.toml")
    groups = tuple(dict.fromkeys(sides.values()))
    taken = TAKEN | {f"{group} {behind}" for group in groups for behind in BESIDE}
    raise_all([f"{settings.folder / settings.articles}: '{comparison.by}' says '{group}', which is a column's name in the tables of the report; call the group otherwise ('{group} group', say)" for group in groups if group in taken])
    return {article_id: sides[value] for article_id, value in values.items() if value in sides}, groups


def _in_order(value: str) -> list[tuple]:
    """By numbers, then letters."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in re.findall(r"\d+|\D+", value)]


def _empty_groups(settings: Settings, present: set[str], groups: dict | None = None, of: str = "") -> list[str]:
    groups = {group: (group,) for group in settings.groups} if groups is None else groups
    file = settings.folder / "study.toml"
    return [f"{file}: group '{group}'{of} has no article in {Path(settings.articles).name}; add one or remove the group" for group, values in groups.items() if not present.intersection(values)]


def _value(row: dict[str, str], column: str) -> str:
    """What a row says in a column or period; empty where it says nothing."""
    if column in row or column not in PERIODS:
        return row.get(column, "").strip()
    period = row.get("published", "").strip()[: PERIODS[column]]
    return period if len(period) == PERIODS[column] else ""


def years_of(settings: Settings) -> tuple[int, int] | None:
    """Return the first and last year in which articles of the study were published, as its table tells; None if no article is dated."""
    years = []
    for _, row, faults in table_rows(settings):
        raise_all(faults)
        years += [int(year)] if (year := _value(row, "year")).isdecimal() else []
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


def without_marks(articles: Iterable[Article], by: str) -> dict[str, tuple[int, int]]:
    """Count the English articles that tell what people said and hold no quotation mark, by `outlet` or `group`.

    Returns:
        For each that has some that tell: those without a mark, and all that tell (`_OFTEN` or more of said, says and told).
    """
    return _without(_MARK, (article for article in articles if article.language == ENGLISH and len(_TELLING.findall(article.text)) >= _OFTEN), by)


def _without(mark: re.Pattern, articles: Iterable[Article], by: str) -> dict[str, tuple[int, int]]:
    found = {}
    for article in articles:
        without, all_of_them = found.get(getattr(article, by), (0, 0))
        found[getattr(article, by)] = (without + (mark.search(article.text) is None), all_of_them + 1)
    return found


def far_dates(articles: Iterable[Article]) -> list[Article]:
    """Return the articles whose date lies `_FAR` years or more from the median of all, where these are one in `_STRAYS` or fewer: mostly dates read wrongly, or those of the page."""
    dated = [article for article in articles if article.published]
    middle = median(int(article.published[:4]) for article in dated) if dated else 0
    far = [article for article in dated if abs(int(article.published[:4]) - middle) >= _FAR]
    return far if len(far) * _STRAYS <= len(dated) else []


def lost_marks(articles: Iterable[Article]) -> dict[str, tuple[int, int]]:
    """Return the outlets whose articles seem to have lost their quotation marks: `_FEWEST_TELLING` or more tell what people said, and half of these or more hold no mark; counts as in `without_marks`."""
    return _mostly_without(without_marks(articles, "outlet"))


def lost_apostrophes(articles: Iterable[Article]) -> dict[str, tuple[int, int]]:
    """Return the outlets whose articles seem to have lost their apostrophes: three or more in English are of `LONG` characters, and half of these or more hold none; those without, and all as long."""
    return _mostly_without(_without(_APOSTROPHE, (article for article in articles if article.language == ENGLISH and len(article.text) >= LONG), "outlet"))


def _mostly_without(found: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {outlet: counts for outlet, counts in found.items() if counts[1] >= _FEWEST_TELLING and 2 * counts[0] >= counts[1]}


def read_rows(path: Path, *, required, allowed) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield `(row number, row)` of a CSV file with a header; row 1 is the header, as a spreadsheet counts.

    Args:
        faults: what is wrong with single rows is added to this list and the row left out, in place of raising.

    Raises:
        InputError: if the file cannot be read, a required column is missing or empty, a column is unknown, or a row is too long or too short.
    """
    for number, row, faults in check_rows(path, required=required, allowed=allowed):
        if faults:
            raise InputError(faults[0])
        yield number, row


def check_rows(path: Path, *, required, allowed) -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """Yield row number, row and faults of each row of a CSV file; a row whose cells do not fit the header is empty.

    Args:
        required: columns that must be there and filled in; of a pair, the first that is there.
        allowed: of a column's name, whether it is known.

    Raises:
        InputError: if the file or its header cannot be used.
    """
    try:
        text = read_file(path, _LARGEST, f"{path}: no such file; create it or correct the path").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    rows = csv.reader(lines_of(text), strict=True)
    header, broken = _next_row(rows, path, 1)
    wanted = [next((part for part in name if part in header), name[0]) if isinstance(name, tuple) else name for name in required]
    missing = [f"'{name}'" for name in wanted if name not in header]
    wrong = broken or ([f"{path}: column{'s' * (len(missing) > 1)} {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing; the header needs {', '.join(wanted)}"] if missing else [])
    wrong += [f"{path}: unknown column '{name}'; correct the spelling or remove it" for name in dict.fromkeys(header) if not allowed(name)]
    wrong += [f"{path}: column '{name}' stands twice; remove one" for name in dict.fromkeys(header) if header.count(name) > 1]
    raise_all(wrong)
    number = 1
    while True:
        cells, faults = _next_row(rows, path, number := number + 1)
        if faults:
            yield number, {}, faults
        if cells is None:
            return
        where = f"{path}, row {number}"
        if cells and len(cells) != len(header):
            yield number, {}, [f"{where}: {'more' if len(cells) > len(header) else 'fewer'} cells than the header; quote cells that hold a comma"]
        elif cells:
            row = dict(zip(header, cells))
            yield number, row, [f"{where}: '{name}' is empty; fill it in" for name in wanted if not row[name].strip()]


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a table with their ends, as csv reads them from a file: no others than CR and LF end a line."""
    return (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text))


def _next_row(rows, path: Path, number: int) -> tuple[list[str] | None, list[str]]:
    """The next row (None after the last one; of a header, no columns) and what is wrong with it; after a fault nothing can be read."""
    former = csv.field_size_limit(4 * LONGEST)
    try:
        return next(rows, None if number > 1 else []), []
    except csv.Error as error:
        return None if number > 1 else [], [f"{path}, row {number}: not valid CSV ({error}); look for a quote mark that is not closed or not doubled"]
    finally:
        csv.field_size_limit(former)


def _is_date(text: str, precision: str) -> bool:
    if not re.fullmatch(PRECISIONS[precision], text):
        return False
    try:
        date.fromisoformat({"day": text, "month": f"{text}-01", "year": f"{text}-01-01", "": "2000-01-01"}[precision])
    except ValueError:
        return False
    return True


def read_article(settings: Settings, where: str, row: dict, faults: list[str]) -> Article:
    """Return the article of a row of `table_rows`; what is wrong with it is added to `faults`, `where` names file and row there."""
    values = {name: row.get(name, "").strip() for name in COLUMNS}
    if settings.groups and settings.by == "group" and values["group"] and values["group"] not in settings.groups:
        faults.append(f"{where}: unknown group '{values['group']}'; the study compares {', '.join(settings.groups)}: correct it, or add it to groups in study.toml")
    if values["language"] not in ("", ENGLISH, UNKNOWN, *known_languages()):
        faults.append(f"{where}: unknown language '{values['language']}'; use {', '.join((ENGLISH, *known_languages(), UNKNOWN))}, or leave it empty")
    if values["date_precision"] not in PRECISIONS:
        faults.append(f"{where}: unknown date_precision '{values['date_precision']}'; use day, month, year or leave it empty")
    elif not _is_date(values["published"], values["date_precision"]):
        fits = next((precision for precision in PRECISIONS if precision and _is_date(values["published"], precision)), "")
        mend = f"write {fits} there" if fits else "write it as 2020-11-23 (day), 2020-11 (month) or 2020 (year)"
        faults.append(f"{where}: published '{values['published']}' is not a date of date_precision '{values['date_precision']}'; {mend}")
    in_table, text = "path" not in row, ""
    data = row["text"].encode("utf-8") if in_table else _bytes_of(settings.folder, values["path"], where, faults)
    values["path"] = settings.articles if in_table else values["path"]
    if data:
        try:
            text = data.decode("utf-8")
            if not text.strip() and not in_table:
                faults.append(f"{where}: '{values['path']}' holds no text; fill it in or remove the row")
            elif len(text) > LONGEST:
                faults.append(f"{where}: '{values['path']}' holds {len(text):,} characters, more than one article has ({LONGEST:,}); split it")
        except UnicodeDecodeError as error:
            faults.append(f"{where}: '{values['path']}' is not UTF-8 (byte {error.start}); save it as UTF-8")
    values["language"] = values["language"] or detect_language(text)
    known = tuple((name.removesuffix("_known_from"), row[name].strip()) for name in row if name.endswith("_known_from") and row[name].strip())
    others = tuple((name, value.strip()) for name, value in row.items() if name not in (*COLUMNS, "text") and not name.endswith("_known_from"))
    return Article(**values, text=text, sha256=hashlib.sha256(data).hexdigest(), known_from=known, others=others)


def _bytes_of(folder: Path, path: str, where: str, faults: list[str]) -> bytes:
    """The bytes of an article's file; none, and the fault told, if it cannot be used."""
    file = folder / path
    if "\0" in path:
        faults.append(f"{where}: path holds a NUL character; correct the path")
    elif path and not is_inside(file, folder):
        faults.append(f"{where}: path '{path}' leaves the study's folder; copy the article into it")
    elif path:
        try:
            data = read_file(file, 4 * LONGEST, "")
            faults += [] if data else [f"{where}: '{path}' holds no text; fill it in or remove the row"]
            return data
        except InputError as fault:
            faults.append(f"{where}: {str(fault).replace(str(file), repr(path))}" if str(fault) else f"{where}: no such article '{path}'; correct the path or remove the row")
    return b""
