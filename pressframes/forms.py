"""Forms of a lexicon and words as printed: when one is the other."""

import re
from collections.abc import Iterable
from functools import cache

from pressframes.tokens import FUNCTION_WORDS, Token, is_possessive, stem_text, tokenise


@cache
def words_of(form: str) -> tuple[Token, ...]:
    """The tokens of a form; a list is checked and searched for by the same ones."""
    return tuple(tokenise(form))


def changes_when_cut(form: str) -> bool:
    """Tell whether the words that a form is cut into no longer say what it said: searched for as words it would find something else.

    >>> [changes_when_cut(form) for form in ("a+", "so-called", "U.S. president", "f**k")]
    [True, False, False, True]
    """
    return re.sub(r"[\W_]", "", form) != re.sub(r"[\W_]", "", "".join(token.text for token in words_of(form))) or re.search(r"[^\w\s'’.\-–‑]", form) is not None


def is_same(pattern: Token, token: Token, *, match_case: bool, shouted: bool) -> bool:
    """Tell whether a token is printed as a form wants it, given that their norms are equal; `shouted` tells that all words there are in capitals."""
    if is_possessive(pattern.text) and not is_possessive(token.text):
        return False
    if not match_case or pattern.text.islower():
        return True
    if shouted and pattern.norm.lower() in FUNCTION_WORDS:  # "LET US GO"
        return False
    printed, wanted = stem_text(token.text), stem_text(pattern.text)
    if printed == wanted.replace("'", "’") or printed.replace("’", "'") == wanted:
        return True
    return printed == wanted.upper() and len(wanted) > 3


def is_shouted(words: Iterable[str]) -> bool:
    """Tell whether words, three or more, are all in capitals."""
    number = 0
    for number, word in enumerate(words, start=1):
        if word.upper() != word:
            return False
    return number > 2


def is_joined(gap: str, left: str) -> bool:
    """Tell whether two words of a phrase may stand with this between them, `left` being the first: blanks, hyphens, or the full stop of an initial."""
    return gap.strip(" \t\n\r -‐‑–'’") == "" or (gap.strip() == "." and len(left) == 1)
