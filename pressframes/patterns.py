"""Regular expressions that a user writes: matched within limits of time, so that none can hang a run."""

import math
import re
import warnings
from dataclasses import dataclass, field
from functools import cached_property

import regex

from pressframes.errors import InputError

_SECONDS, _SECONDS_A_CHARACTER = 0.1, 5e-6
"""Of processor time for one search in one piece of text; a sound pattern takes a thousandth of it."""
_MOST_REPEATS = 10_000
"""Product of the least numbers in braces: `regex` writes such repeats out, nested ones until the memory is full."""
_MEND = "write it without a repeat inside a repeat, such as (a+)+ or (.*,)*"


@dataclass(frozen=True)
class BoundedPattern:
    """A regular expression in the notation of Python's `re`, case ignored, each search of which ends in time proportional to the length of the text.

    Attributes:
        pattern: as written.
        where: what an error line begins with: file and row, or the term.

    Raises:
        InputError: when made, if it is not a regular expression or repeats its parts too often; by `search`, `match` and `finditer`, if a search takes too long.

    >>> BoundedPattern(r"(a+)+$", "furniture.csv, row 2: pattern").search("a" * 40) is not None
    True
    """

    pattern: str
    where: str = field(compare=False)

    def __post_init__(self):
        if math.prod(int(least) or 1 for least in re.findall(r"\{(\d{1,9})", self.pattern)) > _MOST_REPEATS:
            raise InputError(f"{self.where} repeats its parts more than {_MOST_REPEATS:,} times; write smaller numbers in the braces")
        try:
            with warnings.catch_warnings(action="ignore"):
                re.compile(self.pattern, re.IGNORECASE)  # `regex` also reads what is no notation of `re`
                self._compiled
        except (re.error, regex.error, RecursionError, OverflowError) as error:
            raise InputError(f"{self.where} is not a regular expression ({error}); correct it") from None

    @cached_property
    def _compiled(self) -> regex.Pattern:
        return regex.compile(self.pattern, regex.IGNORECASE)

    def search(self, text: str) -> regex.Match | None:
        """Return the first match in a text."""
        return self._within(len(text), self._compiled.search, text)

    def match(self, text: str) -> regex.Match | None:
        """Return the match at the beginning of a text."""
        return self._within(len(text), self._compiled.match, text)

    def finditer(self, text: str, start: int, end: int) -> list[regex.Match]:
        """Return the matches within `[start, end)` of a text, in order."""
        return self._within(end - start, lambda **limit: list(self._compiled.finditer(text, start, end, **limit)))

    def _within(self, length: int, search, *given):
        try:
            return search(*given, timeout=_SECONDS + length * _SECONDS_A_CHARACTER)
        except TimeoutError:
            raise InputError(f"{self.where} was still being searched for in a piece of {length:,} characters when its time was up; {_MEND}") from None
