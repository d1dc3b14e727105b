"""Sentences, without a parser: cut at closing punctuation, not after abbreviations and initials."""

import re

from pressframes.tokens import CAPITALS

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt sgt capt maj adm gov sen rep rev hon st jr sr inc ltd co corp vs messrs brig cmdr
    jan feb mar apr jun jul aug sep sept oct nov dec approx dept est fig art al cf e.g i.e eg ie pres supt insp deg""".split()
)
_STARTERS = frozenset("the it he she they we i in on at but and this that these those there a an as if when while for his her their its after".split())
_CLOSERS = "\"'”’»)\\]"
_END = re.compile(
    rf"(?:[.!?…]++[{_CLOSERS}]*+|[{_CLOSERS}]++[.!?…]++)(?=\s|$)|[.!?…]++[{_CLOSERS}]*+(?=[{CAPITALS}“«])|(?<=[a-z]{{2}})\.(?=(?:the|a|an|in|it|he|she|they|we|this|but)\s)"
    rf"|(?P<none>[.!?…]++|[{_CLOSERS}]++)"  # a run that ends nothing is passed over at once, not tried from each of its characters
)
_SPACE, _WORD, _OPENING = re.compile(r"\s*+"), re.compile(r"\w*"), re.compile(r"\s*+[\"'“‘«(\[—–\- ]*+")
_LAST_WORD, _ITEM = re.compile(r"[^\s(“\"‘«]*$"), re.compile(r"\s*\d{1,2}")
_LONGEST_WORD = 80
"""Characters before a stop that are looked at for the word it follows."""


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut one paragraph `text[start:end]` into sentences, as `(start, end)` without surrounding white space.

    >>> paragraph = "Mr. I. Aliyev met the U.S. envoy. “Are we ready?” he said. Yes."
    >>> [paragraph[a:b] for a, b in split_sentences(paragraph, 0, len(paragraph))]
    ['Mr. I. Aliyev met the U.S. envoy.', '“Are we ready?” he said.', 'Yes.']
    """
    spans, begin = [], start
    for match in _END.finditer(text, start, end):
        if not match["none"] and _ends_sentence(text, begin, match, end):
            spans.append((begin, match.end()))
            begin = match.end()
    spans.append((begin, end))
    return [span for span in (_trim(text, *span) for span in spans) if span[0] < span[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _ends_sentence(text: str, begin: int, match: re.Match, end: int) -> bool:
    if _SPACE.match(text, match.end(), end).end() == end:
        return False
    opens = _OPENING.match(text, match.end(), end).end()
    opening = text[opens : min(end, opens + 1)]
    if not opening or not (opening.isupper() or opening.isdigit() or not opening.isalpha()):
        return text[match.end()] not in " \t" and match[0] == "."  # a full stop glued to a lower-case function word
    word = _LAST_WORD.search(text, max(begin, match.start() - _LONGEST_WORD), match.start())[0]
    if match[0][0] != "." or len(match[0]) > 1:
        return True
    if not text[match.end()].isspace():  # glued: "end.Next", but not "V.Putin" or "News.Az"
        return len(word) > 2 and word.islower()
    if _ITEM.fullmatch(text, begin, match.start()):  # "3. Strikes": the number of an item in a list
        return False
    lower = word.lower()
    if lower in _ABBREVIATIONS or (lower in {"no", "nos", "p", "pp"} and opening.isdigit()):
        return False
    if re.fullmatch(r"[A-Z]", word):
        return False
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return _WORD.match(text, opens, end)[0].lower() in _STARTERS
    return True
