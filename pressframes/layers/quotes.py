"""Quote marks: which stretches are speech, which are scare quotes, which are names; without a parser and never an exception."""

import re
from typing import NamedTuple

from pressframes.tokens import FUNCTION_WORDS, tokenise
from pressframes.lexicon import Reporting

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_CLOSING = {close for closes in _PAIRS.values() for close in closes}
_LONGEST_SINGLE = 400
_SHORT = 5
"""A quoted stretch of at most this many words that is no sentence of its own is a scare quote or a name, unless a reporting word leads to it."""

_NAMED_THING = re.compile(
    r"(?:newspaper|magazine|journal|book|novel|film|movie|documentary|song|album|play|series|show|programme|program|channel|station|agency|website|portal|party|"
    r"movement|company|firm|operation|exercise|exercises|project|ship|vessel|satellite|missile|system|group|foundation|organization|organisation|bloc|hotel|stadium|"
    r"entitled|titled|nicknamed|codenamed|named)\s*,?\s*$",
    re.IGNORECASE,
)
_WORD_AS_WORD = re.compile(r"^[\"”’'»]?\s*(?:name|toponym|term|word|label|brand|newspaper|magazine|film|book|agency|channel|party|operation|website|portal|star|co-star|host|actor|actress|meme|hashtag)\b", re.IGNORECASE)
_NAMING_BEFORE = re.compile(r"\b(?:term|word|name|toponym|label|phrase|slogan)s?\s*,?\s*$", re.IGNORECASE)
_DISTANCING = re.compile(r"\b(?:so[- ]called|self[- ](?:styled|proclaimed|declared)|supposed|alleged|purported|former|non-existent|nonexistent|would-be)\s*(?:\w+\s*)?$", re.IGNORECASE)
_STATE = re.compile(r"\b(?:republic|state|caliphate|emirate|government|parliament|president|minist(?:er|ry)|army|constitution|authorit(?:y|ies))\b", re.IGNORECASE)
_FOUNDING = re.compile(r"\b(?:proclaim|declar|announc)(?:e|es|ed|ing)\s+(?:a|an|the|its|their|his)\s*$", re.IGNORECASE)
_NICKNAMED = re.compile(r"\b(?:dubbed|nicknam(?:ed|ing)|codenamed|known as|aka)\s+(?:the\s+)?$", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:\b(?:the|a|an|his|her|its|their|our|my|this)|\w['’]s)\s*$", re.IGNORECASE)
_NOUN_USE = re.compile(r"\b(?:the|a|an|its|his|her|their|this|these|those|new|self)[\s-]+$", re.IGNORECASE)
_IN_A_LIST = re.compile(r",[\"”’']\s+(?:and|or)?\s*$")
_SCARE_WORDS = 4
"""A scare quote holds a word or a short term."""

_CALLED = re.compile(r"\b(?:refer|describ|dismiss|characteri[sz]|hail|denounc|condemn|label|brand|portray|defend)\w*\b.{0,50}\bas(?:\s+an?)?\s*$", re.IGNORECASE)
_CLAUSE_WORDS = frozenset("i we you he she they me us him them is are was were am be been has have had will would can could do does did don't isn't won't".split())
_VERB_LEADS = frozenset(
    "be is are was were been being am not to will would can could should must may might do does did don't doesn't didn't isn't wasn't aren't has have had very too just screaming chanting shouting yelling".split()
)
_PRONOUN_SUBJECT = r"(?:he|she|they|it|who|[A-ZÀ-Þ][\w.'’-]*)"


class Quote(NamedTuple):
    """A quoted stretch, marks included. `kind` is direct, scare or name; `resolved` is False where a mark has no partner."""

    start: int
    end: int
    kind: str
    resolved: bool


class _Mark(NamedTuple):
    offset: int
    char: str
    opens: bool
    closes: bool


def find_quotes(text: str, blocks: list[tuple[int, int]], reporting: Reporting) -> list[Quote]:
    """Find the quoted stretches of an article.

    A mark opened in one paragraph may close in a later one (newspapers open each paragraph of a long quotation, some only
    the first). A mark without a partner never swallows the article: it takes the rest of its paragraph if that is speech,
    else nothing but itself, and is reported with `resolved=False`.

    Args:
        text: the file text.
        blocks: `[start, end)` of its paragraphs (title and body), in order.
        reporting: reporting words; what they lead to is speech.

    Returns:
        Quotes in order of `start`; direct quotes do not overlap each other, scare quotes and names may lie within them.
    """
    cues = _cue_pattern(reporting)
    spans = _pair(text, blocks, cues)
    quotes = [_judge(text, start, end, resolved, _block_of(blocks, start), cues) for start, end, resolved in spans]
    kept, reached = [], -1
    for quote in sorted(quotes, key=lambda quote: (quote.start, -quote.end)):
        if quote.kind != "direct" or quote.start >= reached:  # a quotation within or across another is part of the first
            kept.append(quote)
            reached = max(reached, quote.end) if quote.kind == "direct" else reached
    return sorted(kept)


def _cue_pattern(reporting: Reporting) -> re.Pattern:
    stems = set()
    for lemma in reporting.speech_verbs | reporting.directive_verbs | {"term"}:
        stems.add(re.escape(lemma))
        if lemma.endswith("e"):
            stems.add(re.escape(lemma) + "[sd]|" + re.escape(lemma[:-1]) + "ing")
        elif lemma.endswith("y") and lemma[-2] not in "aeou":
            stems.add(re.escape(lemma[:-1]) + "ie[sd]|" + re.escape(lemma) + "ing")
        else:
            stems.add(re.escape(lemma) + "(?:e?s|ed|ing|" + re.escape(lemma[-1]) + "(?:ed|ing))")
    stems.update("said told wrote written spoke spoken swore sworn".split())
    return re.compile(r"\b(?:" + "|".join(sorted(stems)) + r")\b", re.IGNORECASE)


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    marks = []
    for i in range(start, end):
        char = text[i]
        if char not in _PAIRS and char not in _CLOSING:
            continue
        before = text[i - 1] if i > start else " "
        after = text[i + 1] if i + 1 < end else " "
        if char in "'’":
            if before.isalnum() and after.isalnum():
                continue  # an apostrophe
            if char == "'" and not before.isalnum() and after.isdigit():
                continue  # '90s
        if char in "\"'":
            opens = after.strip() != "" and (not before.isalnum() and before not in ".,!?…;%)")
            closes = before.strip() != "" and before not in "([—–" and not (after.isalnum() and not before.isalnum())
            opens = opens or (not closes and after.strip() != "")
        else:
            opens = char in _PAIRS
            closes = char in _CLOSING and (char != "“" or not after.isalnum())
            if char == "‘" and before.isalnum():
                continue
        marks.append(_Mark(i, char, opens, closes))
    return marks


def _pair(text, blocks, cues) -> list[tuple[int, int, bool]]:
    spans, carried = [], None  # carried: a double quote left open by an earlier paragraph
    for number, (start, end) in enumerate(blocks):
        marks = _marks(text, start, end)
        doubles = [mark for mark in marks if mark.char not in "'‘’"]
        if carried:
            if doubles and doubles[0].closes and not (doubles[0].opens and doubles[0].offset == start):
                spans.append((carried.offset, doubles[0].offset + 1, True))
                doubles, carried = doubles[1:], None
            elif doubles and doubles[0].offset == start and doubles[0].opens and _continues(text, blocks[number:], doubles[0]):
                doubles = doubles[1:]  # the mark that newspapers repeat at the head of each paragraph of one quotation
                close = next((mark for mark in doubles if mark.closes), None)
                if close:
                    spans.append((carried.offset, close.offset + 1, True))
                    doubles, carried = doubles[doubles.index(close) + 1 :], None
            elif doubles:
                spans.append(_unclosed(text, carried, _block_of(blocks, carried.offset), cues))
                carried = None
        taken, carried_here = _pair_doubles(text, doubles, (start, end), cues)
        spans += taken
        if carried_here:
            following = blocks[number + 1 :]
            alone = _unclosed(text, carried_here, (start, end), cues)
            if alone[1] in (end, carried_here.offset + 1) and _closes_later(text, following, carried_here):
                carried = carried_here
            else:
                spans.append(alone)
        spans += _pair_singles(text, marks, taken)
    if carried:
        spans.append(_unclosed(text, carried, _block_of(blocks, carried.offset), cues))
    return sorted(spans)


def _pair_doubles(text, marks, block, cues):
    spans, stack = [], None
    for mark in marks:
        if stack is None:
            if mark.opens:
                stack = mark
            else:
                spans.append((mark.offset, mark.offset + 1, False))
        elif mark.closes and mark.char in _PAIRS[stack.char]:
            spans.append((stack.offset, mark.offset + 1, True))
            stack = None
        elif mark.opens and mark.char not in "\"":
            if stack.char == mark.char:  # opened twice: the first has no partner
                spans.append((stack.offset, stack.offset + 1, False))
                stack = mark
    return spans, stack


def _pair_singles(text, marks, doubles):
    spans, opened = [], None
    for mark in (mark for mark in marks if mark.char in "'‘’"):
        if opened and mark.closes and mark.char in _PAIRS[opened.char]:
            if mark.offset - opened.offset <= _LONGEST_SINGLE and mark.offset > opened.offset + 1:
                spans.append((opened.offset, mark.offset + 1, True))
            opened = None
        elif mark.opens and mark.char in "'‘":
            opened = mark
    return spans


def _continues(text, blocks, mark) -> bool:
    """A mark at the head of a paragraph goes on with the open quotation if this paragraph closes it at most once."""
    start, end = blocks[0]
    doubles = [m for m in _marks(text, start, end) if m.char not in "'‘’" and m.offset > mark.offset]
    return not doubles or doubles[0].closes


def _closes_later(text, blocks, mark, reach: int = 12) -> bool:
    """An open quotation goes on if a later paragraph closes it before any opens anew, or the next one repeats the mark."""
    for number, (start, end) in enumerate(blocks[:reach]):
        doubles = [m for m in _marks(text, start, end) if m.char not in "'‘’"]
        if not doubles:
            continue
        first = doubles[0]
        if first.closes and not (first.opens or first.offset == start):
            return True
        return number == 0 and first.opens and first.offset == start and first.char == mark.char and _block_is_open(text, mark, blocks)
    return False


def _block_is_open(text, mark, blocks) -> bool:
    """The next paragraph opens with the same mark: one long quotation if the open paragraph ended as a sentence does."""
    line_end = text.rfind("\n", mark.offset, blocks[0][0])
    tail = text[mark.offset : line_end if line_end > 0 else blocks[0][0]].rstrip()
    return tail.endswith((".", "!", "?", "…", ":")) and len(tail.split()) > _SHORT


def _unclosed(text, mark, block, cues) -> tuple[int, int, bool]:
    """An opened mark without a partner takes the rest of its paragraph if that is speech, up to a reporting clause at its end."""
    end = block[1]
    rest = text[mark.offset + 1 : end]
    if len(tokenise(rest)) <= _SHORT or not rest[:1].isupper():
        return mark.offset, mark.offset + 1, False
    clause = re.search(r"[.,!?…]\s*(?:the\s+\w+\s+|" + _PRONOUN_SUBJECT + r"\s+){1,4}(\w+)[.…]?\s*$", rest)
    if clause and cues.fullmatch(clause[1]):
        end = mark.offset + 1 + clause.start() + 1
    return mark.offset, end, False


def _block_of(blocks, offset) -> tuple[int, int]:
    return next((block for block in blocks if block[0] <= offset < block[1]), (offset, offset + 1))


def _judge(text, start, end, resolved, block, cues) -> Quote:
    if end - start <= 1:
        return Quote(start, end, "direct", False)
    inner = text[start + 1 : end - 1 if resolved else end]
    before, after = text[max(block[0], start - 90) : start], text[end : end + 60]
    return Quote(start, end, _kind(inner, before, after, cues), resolved)


def _kind(inner: str, before: str, after: str, cues: re.Pattern) -> str:
    words = tokenise(inner)
    capitals = bool(words) and all(word.text[0].isupper() or word.norm in FUNCTION_WORDS or word.text[0].isdigit() for word in words)
    ended = inner.rstrip().endswith((".", "!", "?", ",", "…"))
    amid = bool(re.search(r"\w\W*$", before)) and not before.rstrip().endswith((":", ".", "!", "?", ","))
    if capitals and len(words) <= 8 and not ended and (_WORD_AS_WORD.search(after) or _NAMED_THING.search(before)):
        return "name"
    if 0 < len(words) <= _SHORT and (_NAMING_BEFORE.search(before) or _NICKNAMED.search(before)):
        return "name"
    if len(words) <= _SHORT and _DISTANCING.search(before):
        return "scare"
    title = capitals and 1 < len(words) <= _SHORT and amid and not _STATE.search(inner)
    if title and not ended and _DETERMINED.search(before):
        return "name"
    if _led_by_cue(before, cues) or (ended and inner[:1].isupper() and (len(words) > 2 or not amid)) or len(words) > _SCARE_WORDS or _told_after(after, cues):
        return "direct"
    if title:
        return "name"
    return "scare" if _names_a_thing(words, before) else "direct"


def _told_after(after: str, cues: re.Pattern) -> bool:
    """Tell whether the quote is the object of a reporting clause that follows at once: “It is over” said the mayor."""
    clause = re.match(r",?\s*(?:(?:" + _PRONOUN_SUBJECT + r"|the\s+\w+)\s+){0,3}(\w+)", after)
    return bool(clause and cues.fullmatch(clause[1]))


def _names_a_thing(words: list, before: str) -> bool:
    """A scare quote stands where a noun or adjective would, or is one verb after "to"; a piece of a clause is somebody's speech."""
    norms = [word.norm for word in words]
    lead = re.search(r"([\w'’]+)\s*$", before)
    if not norms or (norms[0] in FUNCTION_WORDS and norms[0] != "the") or _CLAUSE_WORDS.intersection(norms):
        return False
    if _IN_A_LIST.search(before):
        return False
    return not lead or lead[1].lower() not in _VERB_LEADS or (lead[1].lower() == "to" and len(norms) == 1)


def _led_by_cue(before: str, cues: re.Pattern) -> bool:
    """Tell whether a colon stands before the quote, or a reporting word in the same stretch between two commas."""
    clause = re.split(r"[.,;:!?()]", before.rstrip(" ,"))[-1]
    if _FOUNDING.search(clause):  # "proclaimed a 'republic'": they made it, the quotation marks are the outlet's
        return False
    return before.rstrip().endswith(":") or bool(_CALLED.search(clause)) or any(_leads(clause[-60:], cue) for cue in cues.finditer(clause[-60:]))


def _leads(clause: str, cue: re.Match) -> bool:
    """A reporting word leads to a quote unless it is a noun here ("the state's", "a report on") that no "that", "of" or "to" follows."""
    rest = clause[cue.end() :]
    if rest[:2] in ("'s", "’s"):
        return False
    return not _NOUN_USE.search(clause[: cue.start()]) or bool(re.match(r"\s+(?:that|of|to)\b|\s*$", rest))
