"""The gazetteer: countries with their names, demonyms, capitals and leaders by year, as aliases of targets."""

import difflib
import unicodedata
from functools import cache
from typing import NamedTuple

from pressframes import shelf
from pressframes.corpus import read_rows
from pressframes.errors import InputError

COUNTRIES, LEADERS = "countries.csv", "leaders.csv"
_KINDS = ("name", "adjective", "capital", "metonym", "ambiguous", "not")


class Country(NamedTuple):
    """A country of the gazetteer: its ISO 3166-1 code (XK: Kosovo), how tables name it, and its aliases by kind as in `targets.toml`."""

    code: str
    label: str
    aliases: tuple[tuple[str, tuple[str, ...]], ...]


class Leader(NamedTuple):
    """Who led a country: head of state, head of government or foreign minister, in which calendar years (`until` 9999: still in office when the list was made).

    `names` are the spellings in use. `common`: others bear the surname too, so that it counts only in an article that prints the full name.
    """

    code: str
    names: tuple[str, ...]
    office: str
    since: int
    until: int
    common: bool


@cache
def countries() -> dict[str, Country]:
    """Return the countries by code."""
    rows = read_rows(shelf.folder("lexicons") / COUNTRIES, required=("code", "label", "name"), allowed=lambda name: name in ("code", "label", *_KINDS))
    return {row["code"]: Country(row["code"], row["label"], tuple((kind, tuple(row[kind].split("|"))) for kind in _KINDS if row[kind])) for _, row in rows}


@cache
def leaders() -> tuple[Leader, ...]:
    """Return all leaders, country by country in order of time."""
    rows = read_rows(shelf.folder("lexicons") / LEADERS, required=("code", "person", "office", "since"), allowed=lambda name: name in ("code", "person", "office", "since", "until", "common"))
    return tuple(Leader(row["code"], tuple(row["person"].split("|")), row["office"], int(row["since"]), int(row["until"] or 9999), row["common"] == "yes") for _, row in rows)


def aliases_of(code: str, years: tuple[int, int] | None = None) -> dict[str, tuple[str, ...]]:
    """Return the aliases of a country by kind, as a table of `targets.toml` holds them.

    Args:
        code: a key of `countries()`.
        years: first and last calendar year; leaders who held office in any of them are named. Those of all years where None.

    >>> aliases_of("SY", (2016, 2016))["capital"], aliases_of("SY", (2016, 2016))["person"][0]
    (('Damascus',), 'Bashar al-Assad')
    """
    first, last = years or (0, 9999)
    found = dict(countries()[code].aliases)
    for leader in leaders():
        if leader.code == code and leader.since <= last and leader.until >= first:
            kind = "person_full" if leader.common else "person"
            found[kind] = tuple(dict.fromkeys((*found.get(kind, ()), *leader.names)))
    return found


def find(name: str) -> Country:
    """Return the country of this code, name, adjective or capital, whatever its capitals and accents.

    Raises:
        InputError: if there is none, or several ("Congo"); the message lists what may be meant.

    >>> find("sy").label, find("Côte d'Ivoire").code, find("U.S.").code
    ('Syria', 'CI', 'US')
    """
    if name.strip().upper() in countries():
        return countries()[name.strip().upper()]
    for kinds in (("label",), ("name",), ("adjective", "capital")):
        found = _by_alias(kinds).get(_plain(name), ())
        if len(found) > 1:
            raise InputError(f"'{name}': may be {' or '.join(f'{code} ({countries()[code].label})' for code in found)}; write the code")
        if found:
            return countries()[found[0]]
    near = difflib.get_close_matches(_plain(name), _by_alias(("label", "name")), n=3)
    meant = f"; did you mean {', '.join(countries()[_by_alias(('label', 'name'))[one][0]].label for one in near)}?" if near else ""
    raise InputError(f"'{name}': no such country in the gazetteer{meant or '; write it in English or as ISO code, or give a targets file'}")


@cache
def _by_alias(kinds: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Codes by alias of these kinds, `label` among them."""
    found = {}
    for country in countries().values():
        for kind, aliases in (("label", (country.label,)), *country.aliases):
            for alias in aliases if kind in kinds else ():
                found[_plain(alias)] = tuple(dict.fromkeys((*found.get(_plain(alias), ()), country.code)))
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(letter for letter in letters if letter.isalnum() or letter.isspace()).split()).removeprefix("the ")
