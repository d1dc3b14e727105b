"""Tokens: words and numbers with their offsets and a normal form."""

import re
from functools import lru_cache
from typing import NamedTuple

PARTICLES = frozenset("al el ad ar as an de da di du des la le les los las van von der den bin ibn abu".split())
"""What stands in small letters within names of persons and places."""

FUNCTION_WORDS = frozenset(
    """a about after again against all also although am an and any are as at be because been before being between both but by can could did do does
    doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no
    nor not now of off on once only or other our out over own same she should so some such than that the their them then there these they this those
    through to too under until up us very was we were what when where which while who whom why will with would you your""".split()
)
"""English words that carry grammar, not topic: used to tell English from other languages and to split glued words."""

CAPITALS = "".join(letter for letter in map(chr, range(0x250)) if letter.isupper())
SMALL = "".join(letter for letter in map(chr, range(0x250)) if letter.islower())
"""Latin letters with their accents (É, Ə, Ş, Č), for character classes."""

_S_CONTRACTIONS = frozenset("it he she that what who there here let where how when why".split())
_ACRONYM_OR_WORD = frozenset(("US", "IT", "WHO"))
_GLUED = "in|was|is|and|of|the|has|had|to|for|on|at|by|with|from|that|which|will|are|were|as|but|also"
_LETTER = r"[^\W\d_]"
_MARK = r"[\u0300-\u036f]*"
_WORD = re.compile(
    rf"""
      (?:[A-Za-z]\.){{2,}}(?![A-Za-z])                                # U.S.  U.S.A.  p.m.
    | (?:[A-Z]\.)+[A-Z](?![A-Za-z.])                                  # U.S
    | [A-Z]{{2,}}(?=(?:{_GLUED})(?![^\W\d_]))                         # an acronym glued to the next word: USA|in
    | (?:[ODLodl]['’](?=[{CAPITALS}]))?                               # O'Brien
      (?:{_LETTER}{_MARK})+
      (?:['’](?:s|S|t|T|re|RE|ve|VE|ll|LL|d|D|m|M)(?![^\W_]))?        # Russia's  isn’t
    | \d+(?:[.,:]\d+)*{_LETTER}*                                      # 44  1,000  10th
    """,
    re.VERBOSE,
)
_POSSESSIVE = re.compile(r"['’][sS]$")


class Token(NamedTuple):
    """A word or number. `norm` is the form that is counted, see `normalise`."""

    start: int
    end: int
    text: str
    norm: str


@lru_cache(1 << 16)
def normalise(word: str) -> str:
    """Return the form under which a word is counted and searched: lower case, but for acronyms that would become a pronoun.

    >>> normalise("Russia’s"), normalise("isn’t"), normalise("It's"), normalise("US"), normalise("us")
    ('russia', "isn't", "it's", 'US', 'us')
    """
    if stem_text(word) in _ACRONYM_OR_WORD:
        return stem_text(word)
    norm = word.lower().replace("’", "'")
    stem = norm.removesuffix("'s")
    return norm if stem in _S_CONTRACTIONS else stem


def is_possessive(word: str) -> bool:
    """Tell whether a word ends in a possessive 's (curly or straight)."""
    return bool(_POSSESSIVE.search(word))


def stem_text(word: str) -> str:
    """Return a word as printed, without possessive 's."""
    return _POSSESSIVE.sub("", word)


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Cut `text[start:end]` into words and numbers; offsets count from the beginning of `text`.

    A hyphenated compound counts as its parts, so that "Russian-led" holds "Russian" and "44-day" equals "44 day".
    An acronym glued to a function word ("USAin", as machine translation leaves it) is cut in two.

    >>> [token.text for token in tokenise("The U.S. and Russia’s 44-day war; USAin")]
    ['The', 'U.S.', 'and', 'Russia’s', '44', 'day', 'war', 'USA', 'in']
    """
    end = len(text) if end is None else end
    return [Token(m.start(), m.end(), m[0], normalise(m[0])) for m in _WORD.finditer(text, start, end)]
