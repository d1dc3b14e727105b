"""Which language a text is in: English, or which other one, told by its letters and its function words."""

import csv
import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import NamedTuple
from unicodedata import name

from pressframes import shelf
from pressframes.tokens import FUNCTION_WORDS

ENGLISH, UNKNOWN = "en", "und"
"""ISO 639: English; a language that is not English and could not be named."""
FEWEST_WORDS = 20
"""A text of fewer words in Latin letters is never called foreign."""

_READ = 20_000
"""Characters that are looked at: a language shows on the first pages."""
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0e7f])+")  # letters with their marks, which Indian scripts do not count among letters
_ADDRESS = re.compile(r"://|\.\w{2,4}/|[%=]")
_CERTAIN = 0.2
"""English prose has this share of function words or more; of 1,449 English news pages, all but seven, which are lists."""
_SYLLABLES = ("cjk", "hiragana", "katakana", "hangul")
"""A letter of these scripts says as much as two of others."""
_DISTINCT, _ACCENTED = 0.05, 0.15
_NONE_AT_ALL, _MANY = 0.05, 100
_COVERED = 0.97


class Language(NamedTuple):
    """`letters`: those that the language is written with (in Latin script beyond a to z; empty: any); `always`: one that no page of it lacks, or empty."""

    code: str
    name: str
    script: str
    letters: frozenset[str]
    always: str


@cache
def known_languages() -> dict[str, Language]:
    """Return the languages that can be named, by ISO 639 code, English not among them (`lexicons/languages.csv`)."""
    with (shelf.folder("lexicons") / "languages.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Language(row["code"], row["name"], row["script"], frozenset(row["letters"]), row["always"]) for row in csv.DictReader(file)}


def language_name(code: str) -> str:
    """Return the English name of a language; the code itself where it is not known.

    >>> language_name("az"), language_name("en"), language_name("und"), language_name("sw")
    ('Azerbaijani', 'English', 'an unknown language', 'sw')
    """
    return {ENGLISH: "English", UNKNOWN: "an unknown language"}.get(code) or (known_languages()[code].name if code in known_languages() else code)


def detect_language(text: str) -> str:
    """Tell the language of a text: its ISO 639 code; `en` where nothing says otherwise, `und` for another language that cannot be named.

    The script of most letters decides first. Among languages of one script, those are left whose alphabet holds the text's letters, and the one is taken whose
    function words have the largest share of the words, each divided by the number of languages that share it (lists: spaCy's; after Ingle 1976). A text in Latin letters is
    English if a fifth of its words are English function words, or none of the others has a larger share than English has.

    >>> detect_language("Die Minister trafen sich am Montag in der Hauptstadt, und niemand weiß, worüber sie dort drei Stunden lang mit den Soldaten gesprochen haben.")
    'de'
    >>> detect_language("Министры встретились"), detect_language("Die Minister trafen sich."), detect_language("")
    ('ru', 'en', 'en')
    """
    text = text[:_READ].lower()
    if _ADDRESS.search(text):
        text = " ".join(part for part in text.split() if not (part.isascii() and _ADDRESS.search(part)))
    words = _WORD.findall(text)
    script = _script(text)
    if script == "latin":
        return _latin(words)
    if script == "cjk":
        return "ja" if re.search("[\u3040-\u30ff]", text) else "ko" if re.search("[\uac00-\ud7af]", text) else "zh"
    among = [language for language in known_languages().values() if language.script == script]
    return _likeliest(words, among)[0] if among else UNKNOWN


def _script(text: str) -> str:
    """The script of most letters; Latin where there are none."""
    if text.isascii():
        return "latin"
    scripts = Counter({"latin": len(re.findall("[a-zà-ɏ]", text))})
    if 3 * scripts["latin"] > 2 * len(text):
        return "latin"
    for char, count in Counter(char for char in text if char.isalpha() and not "a" <= char <= "ɏ").items():
        script = name(char, "latin").split()[0].lower()
        scripts["cjk" if script in _SYLLABLES else script] += count * (2 if script in _SYLLABLES else 1)
    return scripts.most_common(1)[0][0]


def _latin(words: list[str]) -> str:
    english = sum(word in FUNCTION_WORDS for word in words)
    if len(words) < FEWEST_WORDS or english >= _CERTAIN * len(words):
        return ENGLISH
    best, share = _likeliest(words, [language for language in known_languages().values() if language.script == "latin"])
    listed = _listed("latin")
    own = sum(1 / listed[word] for word in words if word in FUNCTION_WORDS) / len(words)
    accented = sum(not word.isascii() for word in words) / len(words)
    if (share > own and share >= _DISTINCT) or accented >= _ACCENTED:
        return best
    return UNKNOWN if len(words) >= _MANY and english < _NONE_AT_ALL * len(words) else ENGLISH


def _likeliest(words: list[str], among: list[Language]) -> tuple[str, float]:
    """The language whose function words have the largest share, and that share, each word divided by how many languages list it."""
    letters = Counter(char for word in words for char in word if not char.isascii())
    plain = sum(char.isascii() for word in words for char in word) if among[0].script == "latin" else 0  # commands and names in Latin letters say nothing of a Russian text
    left = [language for language in among if _fits(language, letters, plain)]
    if not left:
        return UNKNOWN, 0.0
    listed = _listed(among[0].script)
    shares = {language.code: sum(1 / listed[word] for word in words if word in _function_words(language.code)) / max(1, len(words)) for language in left}
    best = max(shares, key=shares.get)
    return best, shares[best]


def _fits(language: Language, letters: Counter, plain: int) -> bool:
    n_letters = plain + sum(letters.values())
    if language.always and language.always not in letters and n_letters >= 5 * FEWEST_WORDS:
        return False
    covered = plain + sum(count for char, count in letters.items() if char in language.letters)
    return not language.letters or covered >= _COVERED * n_letters


@cache
def _function_words(code: str) -> frozenset[str]:
    if code == ENGLISH:
        return FUNCTION_WORDS
    file = Path(find_spec("spacy").submodule_search_locations[0]) / "lang" / code / "stop_words.py"
    if not file.is_file():  # told by its letters alone
        return frozenset()
    return frozenset(part for word in run_path(str(file))["STOP_WORDS"] for part in _WORD.findall(word.lower()))  # the list alone: importing every language takes seconds


@cache
def _listed(script: str) -> Counter:
    """In how many languages of a script each word is a function word."""
    codes = [language.code for language in known_languages().values() if language.script == script] + ([ENGLISH] if script == "latin" else [])
    return Counter(word for code in codes for word in _function_words(code))
