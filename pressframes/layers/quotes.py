"""Quote marks: which stretches are speech, which are scare quotes, which are names; without a parser and never an exception."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from pressframes.tokens import FUNCTION_WORDS, tokenise
from pressframes.lexicon import Reporting
from pressframes.layers.sentences import split_sentences

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_CLOSING = {close for closes in _PAIRS.values() for close in closes}
_LONGEST_SINGLE = 400
_SHORT = 5
"""An opened mark without a partner is followed by speech if more than this many words follow."""

_REACH = 400
"""A sentence counts for a quote up to this many characters away."""

# A quote is a name if the points of its signs for a name sum to more than 0; if not, speech if those for speech do; else a scare quote.
# The points are rounded log-odds: a sign was kept if it has a reason in how English news is written, and set by the development part of gold/quotes.
_SPEECH_POINTS = {
    "any quote": -0.5,  # in the outlet's own sentence and without any sign, a short quote is at arm's length
    "one or two words": -1,  # scare quotes are words and short terms
    "five words or more": 2,  # few terms are so long
    "nine words or more": 4,  # no term is so long
    "colon before": 4,  # “He said:”
    "colon after": 1,  # “We won”: the mayor
    "told just before": 3,  # a verb of telling, at most two words away
    "told before": 2.5,  # a verb of telling further off in the sentence: what it reports reaches up to the quote
    "told just after": 3,  # “...,” the mayor said
    "told after": 2,  # ... “cut”, so the head of the group says at the end of a long sentence
    "source named": 2.5,  # “according to”
    "held to be just before": 2,  # “regards it as”, “believes it is”: a view, mostly in its holder's words
    "called or marked as": 3,  # “described as”, “emblazoned with”, “likened to”
    "sentence of its own": 2.5,  # a capital first, a stop last
    "nothing around": 1.5,  # the quote is its whole sentence
    "begins the sentence": 0.5,  # what is quoted first is mostly told after
    "clause within": 1,  # a finite verb or pronoun: a piece of what somebody said
    "begins with a function word": 2,  # “of public safety”: a piece cut out of a clause, not a term
    "distanced": -4,  # “so-called”: the outlet says itself that it keeps away
    "mentioned": -2,  # “the term”, “the word”: the word is spoken about, nobody speaks
    "founded": -5,  # “proclaimed a ‘republic’”: they made it, the quotation marks are the outlet's
    "possessed by a name": -2,  # “Charles' ‘manifestos’”: one person's thing, named by another
    "possessed": -0.75,  # the same with “his”, weaker: it is often the speaker's own
    "after an auxiliary": 2,  # “did not ‘give a damn’”: a verb phrase is a piece of a clause
    "used as an adjective": -0.5,  # “the ‘fake’ news”
}
_NAME_POINTS = {
    "any quote": -3,  # most quotes name nothing
    "capitals all through": 3.5,  # titles are capitalised (function words apart)
    "one capital word": 1.5,  # could also begin a sentence
    "hashtag": 4,  # a hashtag is the name of a thread
    "called by its name": 3,  # “a rally called”
    "eleven words or more": -2,  # few titles are so long
    "exclaimed": -1,  # more often a cry
    "entitled": 7,  # “a report titled”
    "nicknamed": 7,  # “dubbed”, “known as”
    "kind of thing before": 2.5,  # “the newspaper ‘Azadliq’”
    "kind of thing after": 2,  # “the ‘Unite the Right’ rally”
    "names are mentioned": 3,  # “the toponym ‘Nagorno-Karabakh’”
    "within a name": 2,  # first name, nickname, surname
    "told just before": -2,  # capitals after “said” begin a sentence
    "told just after": -2,  # the same before “he said”
    "distanced": -2,  # “the so-called”
    "state": -3,  # a state that is not recognised is no title
    "amid a headline": -2,  # all words are capitalised here
    "nothing around": -3,  # a whole sentence in capitals is a headline or a cry
    "determined": 1,  # “the ‘Gang of 8’”
    "follows a preposition": 2,  # “on ‘Today’”
    "acronym": -1,  # “NKR” is a name already; the marks keep away from it
    "clause of capitals": -3,  # shouting
}
_FINAL = (".", "!", "?", ",", "…")
_CLAUSE_WORDS = frozenset("i we you he she they me us him them it's is are was were am been has have had will would can could do does did don't isn't won't can't doesn't didn't wasn't".split())
_DISTANCING = re.compile(r"\b(?:so[- ]called|self[- ](?:styled|proclaimed|declared)|supposed|alleged|purported|former|non-?existent|would-be)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_MENTIONING = re.compile(r"\b(?:term|word|name|toponym|label|phrase|slogan|expression|mention|notion|concept)s?\s*(?:(?:of|like)\s+)?,?\s*$", re.IGNORECASE)
_FOUNDING = re.compile(r"\b(?:proclaim|declar|announc)(?:e|es|ed|ing)\s+(?:an?|the|its|their|his)\s+(?:\w+\s+)?$", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:refer|describ|dismiss|characteri[sz]|hail|denounc|condemn|label|brand|portray|defend|defin|cit|regard"
    r"|treat)\w*\b.{0,60}\bas(?:\s+(?:an?|the))?\s*$",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:\b(?:the|an?|his|her|its|their|our|my|your|this|these|those|such|other)|\w['’]s|\ws['’])\s+$", re.IGNORECASE)
_POSSESSED_BY_NAME = re.compile(r"(?:\w['’]s|s['’])\s+$")
_POSSESSED = re.compile(r"\b(?:his|her|its|their|our|your)\s+$", re.IGNORECASE)
_MARKED = re.compile(
    r"\b(?:(?:emblazoned|inscribed|marked|stamped|printed|scrawled|painted|read(?:ing|s))\b.{0,25}|(?:compar|liken)\w*\b.{0,60}\b(?:to"
    r"|with)(?:\s+(?:an?|the))?\s*)$",
    re.IGNORECASE,
)
_MENTIONED_AFTER = re.compile(r"\s*,?\s*(?:an?|the)?\s*(?:phrase|term|word|expression|label|phenomenon)\b", re.IGNORECASE)
_PARTICLES = frozenset("al el ad ar as an de da di du des la le les los las van von der den bin ibn abu".split())
_PREPOSED = re.compile(r"\b(?:on|in|from|at|host of|star of|author of)\s+(?:the\s+)?$", re.IGNORECASE)
_CALLED_BY_NAME = re.compile(r"\b(?:called|named)\s+(?:the\s+)?$", re.IGNORECASE)
_NOUN_NEXT = re.compile(r"\s+([a-z][\w-]*)")
_PLURAL_SUBJECT = re.compile(r"(?:\b(?:i|we|you|they|who|people)|[a-z]{2}s)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e)\s+(?:(?:\w+ly|have|had|already|also)\s+){0,2}$")
_ENDS_HERE = re.compile(r"[.!?]\s")  # the mark's own full stop ends the sentence, whatever case the next word has
_RELATIVE_THAT = re.compile(r"\s+(?:is|was|are|were|has|had|have|will|would|can|could)\b")
_PARTICIPLE = re.compile(r"\s+(?:by|during|to|at)\b")
_AUXILIARY = re.compile(r"\b(?:will|would|can|could|should|must|may|might|do|does|did|has|have|had|\w+n['’]t|needs? to|not to)(?:\s+not)?\s+$", re.IGNORECASE)
_ENTITLED = re.compile(
    r"\b(?:(?:en|sub)?titled|headlined|(?:titles?|headlines?)\b(?:\s+of\s+[^,.;]{1,40})?(?:\s+(?:is|was"
    r"|were)(?:\s+\w+ly)?)?)(?:\s+the)?\s*[,:]?\s*$",
    re.IGNORECASE,
)
_NICKNAMED = re.compile(r"\b(?:dubbed|nicknam(?:ed|ing)|code-?named|known(?:\s+\w+)?\s+as|aka|identified as|been called(?:\s+(?:the|\w+['’]s?))?)\s+(?:the\s+)?$", re.IGNORECASE)
_NAMED_THING = re.compile(
    r"\b(?:newspaper|magazine|journal|book|novel|film|movie|documentary|song|album|play|series|show|programme|program|channel|station"
    r"|agency|website|portal|party|movement|company|firm|operation|offensive|exercises?|"
    r"project|ship|vessel|satellite|missile|system|group|foundation|organi[sz]ation|bloc|hotel|stadium|article|essay|column|report|poem"
    r"|painting|plan|campaign|band|game|toponym|hashtag|nickname|podcast|code\s?name)\s*,?\s*$",
    re.IGNORECASE,
)
_NAME_BEARER = re.compile(
    r"\s+(?:(?:[\w-]+\s+)?(?:toponym|nickname|tv|television|network|program(?:me)?s?|podcast|newspaper|magazine|film|movie|book|series"
    r"|show|agency|channel|party|movement|operation|website|portal|columnist|meme|hashtag|rally|march|protests?|campaign|"
    r"album|song|tour|organi[sz]ations?|groups?|brand))\b",
    re.IGNORECASE,
)
_CAPITAL_BEFORE, _CAPITAL_AFTER = re.compile(r"[A-ZÀ-Þ][\w.’'-]*\s+$"), re.compile(r"\s+[A-ZÀ-Þ]")
_STATE = re.compile(r"\b(?:republic|state|caliphate|emirate|government|parliament|president|minist(?:er|ry)|army|constitution|authorit(?:y|ies))\b", re.IGNORECASE)
_NOUN_USE = re.compile(r"\b(?:the|an?|its|his|her|their|our|my|your|this|these|those|no|any|some|of|in|amid|despite|new|self|so|two|such)[\s-]+$", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:which|who|whom)\s+(?:\w+\s+){0,3}$")
_ASIDE = re.compile(r"\s[-–—]+\s|\(")
_IRREGULAR = frozenset("said told wrote written spoke spoken swore sworn".split())
_PRONOUN_SUBJECT = r"(?:he|she|they|it|who|[A-ZÀ-Þ][\w.'’-]*)"


class Quote(NamedTuple):
    """A quoted stretch, marks included. `kind` is direct, scare or name; `resolved` is False where a mark has no partner."""

    start: int
    end: int
    kind: str
    resolved: bool


class _Cues(NamedTuple):
    """What tells words (verbs, and nouns before "that"), what holds a view, and what gives a name to what follows at once."""

    said: re.Pattern
    thought: re.Pattern
    named: re.Pattern


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
    cues = _cues(reporting)
    spans = _pair(text, blocks, cues.said)
    sentences = [sentence for start, end in sorted({_block_of(blocks, offset) for start, end, _ in spans for offset in (start, end - 1)}) for sentence in split_sentences(text, start, end)]
    begins, starts = [start for start, _ in sentences], [start for start, _, _ in spans]
    quotes, around = [], []
    for span in spans:
        start, end, _ = span
        around = [outer for outer in around if outer[1] > start]
        left = sentences[max(0, bisect_right(begins, start) - 1)][0]
        right = max(end, sentences[max(0, bisect_right(begins, end - 1) - 1)][1])
        for outer in around:
            if outer[0] < start and end < outer[1]:  # the reporting clause around a quotation is not that of the quote within it
                left, right = max(left, outer[0] + 1), min(right, outer[1] - 1)
        left, right = min(start, max(left, start - _REACH)), min(right, end + _REACH)
        near = spans[max(0, bisect_left(starts, left) - 2) : bisect_left(starts, right)]
        quotes.append(_judge(text, span, *_blanked(text, left, right, span, near), cues))
        around.append(span)
    kept, reached = [], -1
    for quote in sorted(quotes, key=lambda quote: (quote.start, -quote.end)):
        if quote.kind != "direct" or quote.start >= reached:  # a quotation within or across another is part of the first
            kept.append(quote)
            reached = max(reached, quote.end) if quote.kind == "direct" else reached
    return sorted(kept)


@cache
def _cues(reporting: Reporting) -> _Cues:
    verbs = reporting.speech_verbs | reporting.directive_verbs | reporting.naming_verbs | reporting.finding_verbs | {"term"}
    views = (reporting.thought_verbs | reporting.object_verbs | reporting.intention_verbs) - verbs
    clauses = {f"{noun}{ending} that" for noun in reporting.nouns | reporting.document_nouns for ending in ("", "s")}  # "a statement that"
    return _Cues(_pattern(_forms(verbs) | _IRREGULAR | clauses), _pattern(_forms(views) | {"thought", "felt"}), _pattern(_forms(reporting.naming_verbs)))


def _forms(lemmas) -> set[str]:
    forms = set()
    for lemma in lemmas:
        verb, _, rest = lemma.partition(" ")
        if verb.endswith("e"):
            endings = {verb, verb + "s", verb + "d", verb[:-1] + "ing"}
        elif verb.endswith("y") and verb[-2] not in "aeou":
            endings = {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
        else:
            endings = {verb + ending for ending in ("", "s", "es", "ed", "ing", verb[-1] + "ed", verb[-1] + "ing")}
        forms |= {f"{form} {rest}".strip() for form in endings}
    return forms


def _pattern(words: set[str]) -> re.Pattern:
    heads = defaultdict(list)  # grouped by their first letters: a long list of alternatives is tried one by one
    for word in sorted(words, key=len, reverse=True):
        heads[word[:2]].append(re.escape(word[2:]))
    return re.compile(r"(?<![\w-])(?:" + "|".join(f"{re.escape(head)}(?:{'|'.join(rests)})" for head, rests in sorted(heads.items())) + r")(?![\w-])")


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


def _judge(text: str, span: tuple[int, int, bool], before: str, after: str, cues: _Cues) -> Quote:
    start, end, resolved = span
    if end - start <= 1:
        return Quote(start, end, "direct", False)
    return Quote(start, end, _kind(before, text[start + 1 : end - 1 if resolved else end], after, cues), resolved)


def _blanked(text, left, right, span, spans) -> tuple[str, str]:
    """Return what stands before and after the quote in its sentence, with the inside of other quotes blanked out: the words in them lead to nothing here."""
    start, end = span[:2]
    piece = text[left:right]
    for a, b, _ in spans:
        if b - a > 2 and a < right and b > left and (b <= start or a >= end):
            a, b = max(a + 1, left) - left, min(b - 1, right) - left
            piece = piece[:a] + " " * (b - a) + piece[b:]
    return piece[: start - left], piece[end - left :]


def _kind(before: str, inner: str, after: str, cues: _Cues) -> str:
    words = tokenise(inner)
    after = after[:1] if _ENDS_HERE.match(after) else after
    speech = _speech_signs(before, inner, after, words, cues)
    if sum(_NAME_POINTS[sign] for sign in _name_signs(before, inner, after, words, speech)) > 0:
        return "name"
    return "direct" if sum(_SPEECH_POINTS[sign] for sign in speech) > 0 else "scare"


def _speech_signs(before: str, inner: str, after: str, words: list, cues: _Cues) -> set[str]:
    """Return the keys of `_SPEECH_POINTS` that hold of a quote; `before` and `after` are the rest of its sentence."""
    norms = [word.norm for word in words]
    ended = inner.rstrip().endswith(_FINAL)
    told = [cue for cue in cues.said.finditer(before) if _is_verb(before, cue)]
    held = [cue for cue in cues.thought.finditer(before) if _is_verb(before, cue)]
    noun = _NOUN_NEXT.match(after)
    gap, held_gap = (len(tokenise(before[found[-1].end() :])) if found else _REACH for found in (told, held))
    follows = _told_after(before, after, cues)
    signs = {
        "any quote": True,
        "one or two words": len(words) <= 2,
        "five words or more": 5 <= len(words) <= 8,
        "nine words or more": len(words) > 8,
        "colon before": before.rstrip().endswith(":"),
        "colon after": not before.strip() and after.lstrip().startswith(":"),
        "told just before": gap <= 2,
        "told before": 2 < gap < _REACH and _is_finite(before, told[-1]) and not cues.named.fullmatch(told[-1][0]),
        "told just after": follows,
        "told after": not follows and _told_later(after, cues),
        "source named": bool(_ACCORDING.search(before) or _ACCORDING.search(after)),
        "held to be just before": held_gap <= 3,
        "called or marked as": bool(_CALLED.search(before) or _MARKED.search(before)),
        "sentence of its own": inner[:1].isupper() and ended and len(words) > 2,
        "nothing around": not before.strip(" \"“‘'•-") and not after.strip(" ."),
        "begins the sentence": not before.strip(),
        "clause within": bool(_CLAUSE_WORDS.intersection(norms)),
        "begins with a function word": len(norms) > 1 and norms[0] in FUNCTION_WORDS and norms[0] != "the",
        "distanced": bool(_DISTANCING.search(before)),
        "mentioned": bool(_MENTIONING.search(before) or _MENTIONED_AFTER.match(after)),
        "founded": bool(_FOUNDING.search(before)),
        "possessed by a name": bool(_POSSESSED_BY_NAME.search(before)),
        "possessed": bool(_POSSESSED.search(before)),
        "used as an adjective": bool(noun and noun[1] not in FUNCTION_WORDS and not ended and _DETERMINED.search(before)),
        "after an auxiliary": len(words) > 1 and bool(_AUXILIARY.search(before)),
    }
    return {sign for sign, holds in signs.items() if holds}


def _name_signs(before: str, inner: str, after: str, words: list, speech: set[str]) -> set[str]:
    """Return the keys of `_NAME_POINTS` that hold of a quote."""
    capitals = _is_capitalised(words)
    signs = {
        "any quote": True,
        "capitals all through": capitals and len(words) > 1 and len(words) <= 12,
        "one capital word": capitals and len(words) == 1,
        "called by its name": capitals and bool(_CALLED_BY_NAME.search(before)),
        "hashtag": inner.startswith("#"),
        "eleven words or more": len(words) > 12,
        "exclaimed": inner.rstrip().endswith(("!", "?")),
        "entitled": bool(_ENTITLED.search(before)),
        "nicknamed": bool(_NICKNAMED.search(before)) and len(words) <= 6,
        "kind of thing before": capitals and bool(_NAMED_THING.search(before)),
        "kind of thing after": capitals and bool(_NAME_BEARER.match(after)),
        "names are mentioned": capitals and "mentioned" in speech,
        "within a name": capitals and bool(_CAPITAL_BEFORE.search(before)) and bool(_CAPITAL_AFTER.match(after)),
        "told just before": bool({"told just before", "colon before"} & speech),
        "told just after": "told just after" in speech,
        "distanced": "distanced" in speech,
        "state": bool(_STATE.search(inner)),
        "amid a headline": _is_headline(before + " " + after),
        "nothing around": "nothing around" in speech,
        "determined": capitals and bool(_DETERMINED.search(before)),
        "follows a preposition": capitals and bool(_PREPOSED.search(before)),
        "acronym": len(words) == 1 and words[0].text.isupper() and len(words[0].text) > 1,
        "clause of capitals": bool(words) and inner.isupper() and len(words) > 2,
    }
    return {sign for sign, holds in signs.items() if holds}


def _is_capitalised(words: list) -> bool:
    """Tell whether all words but function words and particles of names are capitalised, and not the first alone of a phrase."""
    if not words or words[0].text[0].islower():
        return False
    small = [word.norm in FUNCTION_WORDS or word.norm in _PARTICLES for word in words]
    return all(little or not word.text[0].islower() for word, little in zip(words, small)) and (len(words) == 1 or not all(small[1:]))


def _is_headline(rest: str) -> bool:
    """Tell whether the words around are capitalised too, so that capitals say nothing."""
    words = [word.text for word in tokenise(rest) if word.norm not in FUNCTION_WORDS]
    return len(words) >= 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


def _is_verb(clause: str, cue: re.Match) -> bool:
    """A word of telling is a verb unless it is a noun here ("the state's", "a report on") that no "that", "of" or "to" follows; what "I" or "we" tell, the outlet tells itself."""
    rest = clause[cue.end() :]
    if rest[:2] in ("'s", "’s") or _FIRST_PERSON.search(clause[: cue.start()]):
        return False
    if cue[0].endswith(" that") and _RELATIVE_THAT.match(rest):  # "an article that was": the clause describes, it reports nothing
        return False
    return cue[0] in ("said", "told") or cue[0].endswith(" that") or not _NOUN_USE.search(clause[: cue.start()]) or bool(re.match(r"\s+that\b|\s*$", rest))


def _is_finite(clause: str, cue: re.Match) -> bool:
    """Tell a form that reports ("says", "said", "analysts say") from a bare one ("to protest", "take note") and from a participle ("a video posted to a site")."""
    if cue[0].endswith("d"):
        return cue[0] in ("said", "told") or not _PARTICIPLE.match(clause, cue.end())
    return cue[0].endswith(("s", "ing", "that", "wrote", "spoke", "wore")) or bool(_PLURAL_SUBJECT.search(clause[: cue.start()]))


def _told_later(after: str, cues: _Cues) -> bool:
    """Tell whether the main clause after the quote reports it: no aside, no relative clause ("to which Baku responded")."""
    main = _ASIDE.split(after)[0]
    return any(_is_finite(main, cue) and _is_verb(main, cue) and not _RELATIVE.search(main, 0, cue.start()) for cue in cues.said.finditer(main))


def _told_after(before: str, after: str, cues: _Cues) -> bool:
    """Tell whether a reporting clause follows the quote at once, with its subject ("it is over" the mayor said) or, at the head of a sentence, before it ("It is over" said the mayor)."""
    clause = re.match(r"\s*,?\s*((?:(?:" + _PRONOUN_SUBJECT + r"|the\s+\w+)\s+){0,4})(\w+)", after)
    cue = clause and cues.said.match(after, clause.start(2))
    if not cue or cue.end() != clause.end() or not _is_finite(after, cue):
        return False
    return bool(clause[1]) or not (before.strip() or re.match(r"\s+that\b", after[cue.end() :]))  # “Azadliq” reported that ...: the quote is who reports
