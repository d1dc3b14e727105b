"""Dates as people write them, to the day, month or year that they tell; never more than that."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_tz
from functools import cache

_SLASHED = re.compile(r"^\D{0,12}?(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d])")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?$")
_LANGUAGES = "en fr de es it pt nl pl cs ro bg sr hr uk ru be az tr hy ka el he ar fa hi bn zh ja ko id vi sv da fi hu".split()
ORDERS = ("dmy", "mdy")


@dataclass(frozen=True)
class Day:
    """A date as `articles.csv` writes it: `published` of `precision` day, month or year; `why` where it is less than was written."""

    published: str = ""
    precision: str = ""
    why: str = ""


def order_of(values: Iterable[str]) -> str:
    """Tell which of day and month stands first in dates such as 4/5/2017: `dmy` or `mdy`, empty where no date tells (or the dates contradict each other)."""
    firsts, seconds = False, False
    for value in values:
        if match := _SLASHED.match(value.strip()):
            firsts, seconds = firsts or int(match[1]) > 12, seconds or int(match[2]) > 12
    return {(True, False): "dmy", (False, True): "mdy"}.get((firsts, seconds), "")


@cache
def read_day(text: str, order: str = "", *, written: bool = True) -> Day:
    """Read a date; its clock and time zone are dropped, the day as printed stays.

    Args:
        text: ISO, slashed, compact (20170405), seconds since 1970, or written out in one of 35 languages.
        order: `dmy` or `mdy` for slashed dates; where empty and both readings are possible, the year alone is told.
        written: also try dates written out, which takes long where there is none.

    Returns:
        An empty Day where there is no date of 1600 to next year.
    """
    text = " ".join(text.split())
    if not text:
        return Day()
    if match := _COMPACT.match(text):
        return _checked(match[1], match[2], match[3])
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _checked(*datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y %m %d").split())
    if re.fullmatch(r"\d{4}", text):
        return _checked(text)
    if match := _ISO.match(text):
        return _checked(match[1], match[2], match[3])
    if match := _SLASHED.match(text):
        return _slashed(int(match[1]), int(match[2]), match[3], order)
    if told := parsedate_tz(text):
        return _checked(*map(str, told[:3]))
    return _written(text) if written else Day()


def _slashed(first: int, second: int, year: str, order: str) -> Day:
    if len(year) == 2:
        year = str(2000 + int(year) if int(year) <= date.today().year % 100 + 1 else 1900 + int(year))
    if first > 12 or second > 12 or first == second:
        day, month = (second, first) if second > 12 else (first, second)
    elif order:
        day, month = (first, second) if order == "dmy" else (second, first)
    else:
        found = _checked(year)
        return Day(found.published, found.precision, "whether day or month stands first cannot be told") if found.published else found
    return _checked(year, str(month), str(day))


def _written(text: str) -> Day:
    if not re.search(r"\d{4}", text) or len(text) > 80:
        return Day()
    found = _parser().get_date_data(text)
    if found.date_obj is None or found.period not in ("day", "month", "year"):
        return Day()
    told = found.date_obj
    parts = {"day": (told.year, told.month, told.day), "month": (told.year, told.month), "year": (told.year,)}[found.period]
    return _checked(*map(str, parts))


@cache
def _parser():
    from dateparser.date import DateDataParser

    return DateDataParser(languages=_LANGUAGES, settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["year"], "RETURN_AS_TIMEZONE_AWARE": False})


def _checked(year: str, month: str | None = None, day: str | None = None) -> Day:
    if not 1600 <= int(year) <= date.today().year + 1:
        return Day()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return Day()
    if day:
        return Day(f"{int(year):04d}-{int(month):02d}-{int(day):02d}", "day")
    return Day(f"{int(year):04d}-{int(month):02d}", "month") if month else Day(f"{int(year):04d}", "year")
