"""Quote marks: which stretches are speech, which are scare quotes, which are names; without a parser and never an exception."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from functools import cache
from html import unescape
from operator import itemgetter
from typing import NamedTuple

from pressframes.tokens import CAPITALS, FUNCTION_WORDS, PARTICLES, tokenise
from pressframes.lexicon import Reporting, verb_forms
from pressframes.layers.sentences import split_sentences

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_CLOSING = {close for closes in _PAIRS.values() for close in closes}
_SINGLE = "'‘’"
"""Some newspapers and databases print a double mark as two single ones."""
_LONGEST_SINGLE = 400
_SHORT = 5
"""An opened mark without a partner is followed by speech if more than this many words follow."""

_PARAGRAPHS = 12
"""An open quotation is closed in one of so many paragraphs that follow, or never was one."""
_REACH = 400
"""A sentence counts for a quote up to this many characters away."""
_NEAR = 110
"""What leads to a quote at once is looked for in this many characters before it."""
_LEAD = 60
"""How a word of telling is used is seen from this many characters on either side."""
_LONG = 30
"""A quote of more characters is mostly speech, and makes others in its paragraph likelier to be."""

# A quote is speech unless the points of its signs for a scare quote, or those for a name, sum to more than 0; the greater sum wins.
# Points are tenths of log-odds against speech, fitted by `validation/train_quotes.py` to the development part of gold/quotes; each sign has a reason in how English news is written.
_POINTS = {  # scare quote, name
    "any quote": (-4, -12),  # most quotes are speech
    "one or two words": (6, -3),  # scare quotes are words and short terms
    "one word in small letters": (5, -7),  # no title, and little for anyone to have said
    "five words or more": (-19, -7),  # few terms are so long
    "sentence of its own": (-24, -13),  # a capital first, a stop last; no title, whose stop may be that of the sentence around
    "clause within": (-13, -19),  # a finite verb or pronoun: a piece of what somebody said
    "begins with a function word": (-18, -12),  # “of public safety”: a piece cut out of a clause, not a term
    "state": (7, -3),  # “republic”, “government”: one that is not recognised
    "told just before": (-12, -16),  # a verb of telling at most two words away, or a colon
    "told before": (-16, -13),  # a verb of telling further off in the sentence: what it reports reaches up to the quote
    "told before a comma": (12, 6),  # what somebody told may end at a comma, the rest is the outlet's
    "told just after": (-21, -15),  # “...,” the mayor said
    "told after": (-7, -2),  # “cut”, so the head of the group says: the sentence ends with who told it
    "nobody tells": (17, 10),  # no word of telling in the sentence: the words have no source but the outlet
    "source named": (-19, -8),  # “according to”
    "called by somebody": (-14, -6),  # “he called it a ‘hoax’”: the caller's word
    "called or marked as": (-24, -14),  # “described as”, “emblazoned with”, “likened to”
    "held to be just before": (-13, -18),  # “regards it as”, “believes it is”: a view, mostly in its holder's words
    "passive": (12, -8),  # “is categorised as”: nobody says by whom; no other sign of telling counts
    "somebody named": (-10, -8),  # a person or office before the quote: words have somebody to come from
    "first or second person": (9, 0),  # columns speak as I and to you, and mark words of their own
    "speech beside": (-11, -12),  # another quote of the paragraph is long: the paragraph quotes somebody
    "after a or an": (-6, -10),  # “a ‘provocation’”: a predicate that somebody gave
    "after a plural": (-10, -9),  # “rebels ‘getting ready’”: a subject before a piece of a clause
    "after is or was": (-9, -21),  # a predicate: what somebody found it to be
    "used as an adjective": (9, 9),  # “the ‘fake’ news”, “the ‘Today’ show”
    "possessed": (13, 7),  # “Charles' ‘manifestos’”, “their ‘interest’”: one person's thing, named by another
    "term follows": (11, -9),  # “the ‘WMD’ claims”, “the ‘truce’ zone”: a borrowed term
    "distanced": (18, 0),  # “so-called”, “pretending to”, “proclaimed a”: the outlet says itself that it keeps away
    "mentioned": (32, 8),  # “the term”, “the word”, “means”: the word is spoken about, nobody speaks
    "named": (5, 30),  # “a report titled”, “dubbed”, “known as”, a hashtag
    "capitals all through": (5, 40),  # titles are capitalised (function words apart)
    "one capital word": (-2, 17),  # could also begin a sentence
    "kind of thing before": (7, 32),  # “the newspaper ‘Azadliq’”, “on ‘Today’”, “NBC's ‘Today’”
    "kind of thing after": (0, 25),  # “the ‘Unite the Right’ rally”
    "within a name": (1, 13),  # first name, nickname, surname
    "amid a headline": (-3, -26),  # all words are capitalised here
}
_FINAL = (".", "!", "?", ",", "…")
_CLAUSE_WORDS = frozenset("i we you he she they me us him them it's is are was were am been has have had will would can could do does did don't isn't won't can't doesn't didn't wasn't".split())
_DETERMINERS = frozenset("a an the his her its their our my your this these those such other".split())
_POSSESSIVES = frozenset("his her its their our your".split())
_COPULAS = frozenset("is are was were be been being isn't wasn't aren't it's he's she's that's".split())
_PERSONS = frozenset("he she his her who whom mr mrs ms dr".split())
_ADDRESSED = frozenset("i we you our your my us me i'm i've you're we're".split())
_TERMS = "term|word|name|toponym|label|phrase|slogan|expression|mention|notion|concept|smear|epithet|buzzword"
_DISTANCING = re.compile(
    r"\b(?:(?:so[- ]called|self[- ](?:styled|proclaimed|declared|described)|supposed(?:ly)?|alleged(?:ly)?|purported(?:ly)?|ostensibl[ey]|non-?existent|would-be|sham|bogus|phony)\s+(?:[\w-]+\s+){0,2}"
    r"|(?:proclaim|declar|announc)(?:e|es|ed|ing)\s+(?:an?|the|its|their|his)\s+(?:\w+\s+)?|(?:pretend\w*|claim(?:s|ed|ing)?) to\s+(?:\w+\s+)?|(?:sort|kind) of (?:an?\s+)?|in the name of\s+|former\s+)$",
    re.IGNORECASE,
)
_MENTIONING = re.compile(rf"\b(?:{_TERMS})s?\s*(?:(?:of|like|such as)\s+)?,?\s*(?:[“\"‘'] +[”\"’'],? (?:(?:and|or) )?)*$", re.IGNORECASE)
_MENTIONED_AFTER = re.compile(rf"\s*,?\s*(?:(?:an?|the)?\s*(?:{_TERMS}|phenomenon)\b|mean(?:s|ing)\b|refers? to\b|\(?i\.e)", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+){0,2}(?:called|referred(?: to)?|described|categori[sz]ed|labell?ed|considered|deemed|termed|branded|spun|portrayed|perceived|regarded|looked at|seen|viewed|treated|identified)\s+(?:as\s+)?(?:an?\s+|the\s+)?$", re.IGNORECASE)
_BY = re.compile(r"\s*,?\s*by\b")
_CALLED = re.compile(
    r"\b(?:refer|describ|dismiss|characteri[sz]|hail|denounc|condemn|label|brand|portray|defend|defin|cit|regard|treat|class|view|see|cast|depict|bill)\w*\b.{0,60}\bas(?:\s+(?:an?|the))?\s*$",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"\b(?:(?:emblazoned|inscribed|marked|stamped|printed|scrawled|painted|read(?:ing|s)?|tag ?line|chants? of|cries of|shouts? of|sign (?:that|which))\b.{0,25}|(?:compar|liken)\w*\b.{0,60}\b(?:to|with)(?:\s+(?:an?|the))?\s*)$",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:\b(?:(?:en|sub)?titled|headlined|(?:titles?|headlines?)\b(?:\s+of\s+[^,.;]{1,40})?(?:\s+(?:is|was|were)(?:\s+\w+ly)?)?)(?:\s+the)?\s*[,:]?\s*"
    r"|\b(?:(?:dubbed|nicknam(?:ed|ing))(?:\s+(?:him|her|it|them))?|code-?named|known(?:\s+\w+)?\s+as|aka|identified(?:\s+\w+)?\s+as|been called(?:\s+(?:the|\w+['’]s?))?)\s+(?:(?:the|as)\s+)?)$",
    re.IGNORECASE,
)
_CALLED_BY_NAME = re.compile(r"\b(?:called|named)\s+(?:the\s+)?$", re.IGNORECASE)  # “called” alone gives a name in capitals only
_THING = (
    "newspapers?|magazines?|journals?|books?|novels?|memoirs?|films?|movies?|documentar(?:y|ies)|songs?|anthem|hymn|singles?|albums?|plays?|series|shows?|programmes?|programs?|channels?|networks?|stations?"
    "|agency|agencies|websites?|pages?|portal|blog|part(?:y|ies)|movements?|compan(?:y|ies)|firms?|operations?|offensive|exercises?|projects?|ships?|vessels?|satellites?|missiles?|systems?|groups?|foundation|organi[sz]ations?"
    "|bloc|hotel|restaurant|bar|stadium|articles?|essays?|columns?|op-eds?|reports?|poems?|stories|story|paintings?|plans?|campaigns?|bands?|games?|toponym|hashtags?|nicknames?|podcasts?|code\\s?name|provision|clause|amendment"
    "|rall(?:y|ies)|march|protests?|counter-protest|tour|conference|segments?|sequel|thriller|drama|comedy|video|columnist|meme|brand|tv|television"
)
_NAMED_THING = re.compile(rf"\b(?:{_THING})\s*(?:,|like|such as|called|named)?\s*$|\b(?:on|in|from|at|(?:host|star|author|creator|founder|member|most recently) of|joins?|watch(?:ing|es)?)\s+(?:the\s+)?$|\b(?-i:[A-Z])[\w.]*['’]s?\s+$", re.IGNORECASE)
_NAME_BEARER = re.compile(rf"\s+(?:[\w-]+\s+)?(?:{_THING}|hosts?|moderator|anchor|co-host|correspondent|contributor|star|creator|clip|pose|button|crowd|franchise|location)\b", re.IGNORECASE)
_TERM_NEXT = re.compile(r"\s+(?:[a-z-]+\s+)?(?:claims?|theory|theories|narratives?|conspiracy|moment|laws?|agreements?|zones?|agenda|reference|scenario|strategy|issue|excuse|phenomenon|culture|label|debate|generation|meme|approach|tactics?)\b")
_NOUN_NEXT = re.compile(r"\s+([a-z][\w-]*)")
_PLURAL_SUBJECT = re.compile(r"(?:\b(?:i|we|you|they|who|people)|[a-z]{2}s)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e)\s+(?:(?:\w+ly|have|had|already|also)\s+){0,2}$")
_ENDS_HERE = re.compile(r"[.!?]\s")  # the mark's own full stop ends the sentence, whatever case the next word has
_RELATIVE_THAT = re.compile(r"\s+(?:is|was|are|were|has|had|have|will|would|can|could)\b")
_PARTICIPLE = re.compile(r"\s+(?:by|during|to|at)\b")
_CAPITAL_BEFORE, _CAPITAL_AFTER = re.compile(rf"[{CAPITALS}][\w.’'-]*\s+$"), re.compile(rf"\s+[{CAPITALS}]")
_FULL_NAME = re.compile(rf"\b[{CAPITALS}][a-z]+\s+[{CAPITALS}][a-z]+")
_OFFICE = re.compile(r"\b(?:[Pp]resident|[Mm]inist(?:er|ry)|[Ss]pokes\w+|[Oo]fficials?|[Pp]olice|[Aa]gency|[Ss]ecretary|[Ss]enator|[Gg]overnor|[Mm]ayor|[Dd]irector|[Aa]ttorney|[Jj]udge|[Aa]ctivists?|[Gg]overnment|[Dd]epartment|[Cc]ourt)\b")
_STATE = re.compile(r"\b(?:republic|state|caliphate|emirate|government|parliament|president|minist(?:er|ry)|army|constitution|authorit(?:y|ies))\W*$", re.IGNORECASE)
_NOUN_USE = re.compile(r"\b(?:the|an?|its|his|her|their|our|my|your|this|these|those|no|any|some|of|in|amid|despite|new|self|so|two|such)[\s-]+$", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:which|who|whom)\s+(?:\w+\s+){0,3}$")
_ASIDE = re.compile(r"\s[-–—]+\s|\(")
_PRONOUN_SUBJECT = rf"(?:he|she|they|it|who|[{CAPITALS}][\w.'’-]*)"


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
    kept, reached = [], -1
    for quote, _ in sorted(find_signs(text, blocks, reporting), key=lambda found: (found[0].start, -found[0].end)):
        if quote.kind != "direct" or quote.start >= reached:  # a quotation within or across another is part of the first
            kept.append(quote)
            reached = max(reached, quote.end) if quote.kind == "direct" else reached
    return sorted(kept)


def find_signs(text: str, blocks: list[tuple[int, int]], reporting: Reporting) -> list[tuple[Quote, frozenset[str]]]:
    """Return what `find_quotes` finds, quotations within others included, each with the signs that its kind was judged by; a mark alone has none."""
    cues = _cues(reporting)
    spans = _pair(text, blocks, cues.said)
    paragraphs = sorted({_block_of(blocks, offset) for start, end, _ in spans for offset in (start, end - 1)})
    sentences = [sentence for block in paragraphs for sentence in split_sentences(text, *block)]
    begins, masked = [start for start, _ in sentences], _masked(text, spans)
    long = Counter(_block_of(blocks, start) for start, end, _ in spans if end - start > _LONG)
    found, around = [], []
    for start, end, resolved in spans:
        around = [outer for outer in around if outer[1] > start]
        if end - start <= 1:
            found.append((Quote(start, end, "direct", False), frozenset()))
            continue
        left = sentences[max(0, bisect_right(begins, start) - 1)][0]
        right = max(end, sentences[max(0, bisect_right(begins, end - 1) - 1)][1])
        for outer in around:
            if outer[0] < start and end < outer[1]:  # the reporting clause around a quotation is not that of the quote within it
                left, right = max(left, outer[0] + 1), min(right, outer[1] - 1)
        left, right = min(start, max(left, start - _REACH)), min(right, end + _REACH)
        rest = masked[bool(around)]
        others = long[_block_of(blocks, start)] - sum(b - a > _LONG for a, b in [*around, (start, end)])
        signs = _signs(rest[left:start].rstrip(_SINGLE), unescape(text[start + 1 : end - 1 if resolved else end]), rest[end:right].lstrip(_SINGLE), others > 0, cues)
        found.append((Quote(start, end, _kind(signs), resolved), signs))
        around.append((start, end))
    return found


@cache
def _cues(reporting: Reporting) -> _Cues:
    verbs = reporting.speech_verbs | reporting.directive_verbs | reporting.naming_verbs | reporting.finding_verbs
    views = (reporting.thought_verbs | reporting.object_verbs | reporting.intention_verbs) - verbs
    clauses = {f"{noun}{ending} that" for noun in reporting.nouns | reporting.document_nouns for ending in ("", "s")}  # "a statement that"
    return _Cues(_pattern(_forms(verbs) | clauses), _pattern(_forms(views)), _pattern(_forms(reporting.naming_verbs)))


def _forms(verbs) -> set[str]:
    return set().union(*map(verb_forms, verbs))


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


def _pair(text, blocks, said: re.Pattern) -> list[tuple[int, int, bool]]:
    spans, carried = [], None  # carried: a double quote left open by an earlier paragraph
    for number, (start, end) in enumerate(blocks):
        marks = _marks(text, start, end)
        doubles = [mark for mark in marks if mark.char not in "'‘’"]
        if carried:
            if doubles and doubles[0].closes and not (doubles[0].opens and doubles[0].offset == start):
                spans.append((carried.offset, doubles[0].offset + 1, True))
                doubles, carried = doubles[1:], None
            elif doubles and doubles[0].offset == start and doubles[0].opens and _continues(text, (start, end), doubles[0]):
                doubles = doubles[1:]  # the mark that newspapers repeat at the head of each paragraph of one quotation
                close = next((mark for mark in doubles if mark.closes), None)
                if close:
                    spans.append((carried.offset, close.offset + 1, True))
                    doubles, carried = doubles[doubles.index(close) + 1 :], None
            elif doubles:
                spans.append(_unclosed(text, carried, _block_of(blocks, carried.offset), said))
                carried = None
        taken, carried_here = _pair_doubles(doubles)
        spans += taken
        if carried_here:
            alone = _unclosed(text, carried_here, (start, end), said)
            if alone[1] in (end, carried_here.offset + 1) and _closes_later(text, blocks[number + 1 : number + 1 + _PARAGRAPHS], carried_here):
                carried = carried_here
            else:
                spans.append(alone)
        spans += _pair_singles(marks)
    if carried:
        spans.append(_unclosed(text, carried, _block_of(blocks, carried.offset), said))
    return sorted(spans)


def _pair_doubles(marks):
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
        elif mark.opens and stack.char == mark.char != '"':  # opened twice: the first has no partner
            spans.append((stack.offset, stack.offset + 1, False))
            stack = mark
    return spans, stack


def _pair_singles(marks):
    spans, opened = [], None
    for mark in (mark for mark in marks if mark.char in "'‘’"):
        if opened and mark.closes and mark.char in _PAIRS[opened.char]:
            if mark.offset - opened.offset <= _LONGEST_SINGLE and mark.offset > opened.offset + 1:
                spans.append((opened.offset, mark.offset + 1, True))
            opened = None
        elif mark.opens and mark.char in "'‘":
            opened = mark
    return spans


def _continues(text, block, mark) -> bool:
    """A mark at the head of a paragraph goes on with the open quotation if this paragraph closes it at most once."""
    doubles = [m for m in _marks(text, *block) if m.char not in "'‘’" and m.offset > mark.offset]
    return not doubles or doubles[0].closes


def _closes_later(text, blocks, mark) -> bool:
    """An open quotation goes on if a later paragraph closes it before any opens anew, or the next one repeats the mark."""
    for number, (start, end) in enumerate(blocks):
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


def _unclosed(text, mark, block, said: re.Pattern) -> tuple[int, int, bool]:
    """An opened mark without a partner takes the rest of its paragraph if that is speech, up to a reporting clause at its end."""
    end = block[1]
    rest = text[mark.offset + 1 : end]
    if len(tokenise(rest)) <= _SHORT or not rest[:1].isupper():
        return mark.offset, mark.offset + 1, False
    clause = re.search(r"[.,!?…]\s*(?:the\s+\w+\s+|" + _PRONOUN_SUBJECT + r"\s+){1,4}(\w+)[.…]?\s*$", rest)
    if clause and said.fullmatch(clause[1]):
        end = mark.offset + 1 + clause.start() + 1
    return mark.offset, end, False


def _block_of(blocks, offset) -> tuple[int, int]:
    at = bisect_right(blocks, offset, key=itemgetter(0)) - 1
    return blocks[at] if at >= 0 and offset < blocks[at][1] else (offset, offset + 1)


def _masked(text: str, spans) -> tuple[str, str]:
    """Return the text with the inside of quotes blanked out, for the words in them lead to nothing around: of all quotes, and of those alone that lie in another."""
    outer, inner, reached = list(text), list(text), -1
    for start, end, _ in spans:
        for chars in (outer, inner) if start < reached else (outer,):
            chars[start + 1 : end - 1] = " " * max(0, end - start - 2)
        reached = max(reached, end)
    return "".join(outer), "".join(inner)


def _kind(signs: frozenset[str]) -> str:
    scare, name = (sum(_POINTS[sign][column] for sign in signs) for column in (0, 1))
    return "direct" if max(scare, name) <= 0 else "scare" if scare >= name else "name"


def _signs(before: str, inner: str, after: str, speech_beside: bool, cues: _Cues) -> frozenset[str]:
    """Return the keys of `_POINTS` that hold of a quote; `before` and `after` are the rest of its sentence."""
    words, after = tokenise(inner), after[:1] if _ENDS_HERE.match(after) else after
    title = _is_capitalised(words)
    telling = _telling_signs(before, after, cues) | ({"speech beside"} if speech_beside else set())
    signs = _standing_signs(before, after, inner)
    if "named" not in signs:  # a title may be a clause
        signs |= _form_signs(inner, words, title)
    if "distanced" not in signs and "named" not in signs:  # what a thing is called is not what somebody says
        signs |= telling
    if title and not (len(words) > 2 and inner.isupper()) and "state" not in signs:  # three words in capitals are shouted; a state in quotation marks is no title
        signs |= _title_signs(before, after, words)
    return frozenset(signs | {"any quote"})


def _holding(signs: dict[str, object]) -> set[str]:
    return {sign for sign, holds in signs.items() if holds}


def _form_signs(inner: str, words: list, title: bool) -> set[str]:
    """Tell what the quoted words themselves look like."""
    norms = [word.norm for word in words]
    return _holding({
        "one or two words": len(words) <= 2,
        "one word in small letters": len(words) == 1 and words[0].text[0].islower(),
        "five words or more": len(words) >= 5,
        "sentence of its own": inner[:1].isupper() and inner.rstrip().endswith(_FINAL) and len(words) > 2 and not title,
        "clause within": _CLAUSE_WORDS.intersection(norms),
        "begins with a function word": len(norms) > 1 and norms[0] in FUNCTION_WORDS and inner[:1].islower(),
        "state": _STATE.search(inner),
    })


def _telling_signs(before: str, after: str, cues: _Cues) -> set[str]:
    """Tell who gives the quoted words, and how, from the rest of their sentence."""
    near, lead = before[-_NEAR:], before.lower().split()
    if _PASSIVE.search(near) and not _BY.match(after):  # its verb is one of telling, but nobody tells
        return {"passive"}
    told, held = (next((cue for cue in reversed([*words.finditer(before)]) if _is_verb(before, cue)), None) for words in (cues.said, cues.thought))
    gap, held_gap = (len(tokenise(before, cue.end())) if cue else _REACH for cue in (told, held))
    naming = told is not None and cues.named.fullmatch(told[0]) is not None
    follows, later = _told_after(before, after, cues), _told_later(after, cues)
    signs = _holding({
        "told just before": gap <= 2 and not naming or before.rstrip().endswith(":"),
        "called by somebody": gap <= 5 and naming,
        "told before": 2 < gap < _REACH and not naming and _is_finite(before, told),
        "told before a comma": 2 < gap < _REACH and "," in before[told.end() :],
        "told just after": follows or not before.strip() and after.lstrip().startswith(":"),
        "told after": not follows and later and len(tokenise(after, [*cues.said.finditer(after)][-1].end())) <= 3,
        "source named": _ACCORDING.search(before) or _ACCORDING.search(after),
        "held to be just before": held_gap <= 3,
        "called or marked as": _CALLED.search(near) or _MARKED.search(near),
    })
    return _holding({
        "nobody tells": not told and not later and not signs & {"told just before", "told just after", "source named"},
        "somebody named": _FULL_NAME.search(before) or _OFFICE.search(before) or _OFFICE.search(after) or not _PERSONS.isdisjoint(lead + after.lower().split()),
        "first or second person": not _ADDRESSED.isdisjoint(lead),
    }) | signs


def _standing_signs(before: str, after: str, inner: str) -> set[str]:
    """Tell how the quoted words stand in the outlet's sentence."""
    near = before[-_NEAR:]
    last = (before.split() or [""])[-1]
    low = last.lower().replace("’", "'")
    noun = _NOUN_NEXT.match(after)
    return _holding({
        "after is or was": low in _COPULAS,
        "after a or an": low in ("a", "an"),
        "after a plural": last.isalpha() and last.islower() and low.endswith("s") and len(low) > 3 and not low.endswith("ss") and low not in FUNCTION_WORDS,
        "used as an adjective": noun and noun[1] not in FUNCTION_WORDS and not inner.rstrip().endswith(_FINAL) and (low in _DETERMINERS or low.endswith(("'s", "s'"))),
        "possessed": low in _POSSESSIVES or low.endswith(("'s", "s'")) and low not in _COPULAS,
        "distanced": _DISTANCING.search(near),
        "mentioned": _MENTIONING.search(near) or _MENTIONED_AFTER.match(after),
        "term follows": _TERM_NEXT.match(after),
        "named": inner.startswith("#") or _NAMED.search(near),
    })


def _title_signs(before: str, after: str, words: list) -> set[str]:
    """Tell what makes capitalised words a name."""
    near = before[-_NEAR:]
    return _holding({
        "capitals all through": 1 < len(words) <= 12,
        "one capital word": len(words) == 1,
        "kind of thing before": _NAMED_THING.search(near),
        "kind of thing after": _NAME_BEARER.match(after),
        "within a name": _CAPITAL_BEFORE.search(near) and _CAPITAL_AFTER.match(after),
        "amid a headline": _is_headline(before + " " + after),
        "named": _CALLED_BY_NAME.search(near),
    })


def _is_capitalised(words: list) -> bool:
    """Tell whether all words but function words and particles of names are capitalised, and not the first alone of a phrase."""
    if not words or words[0].text[0].islower():
        return False
    small = [word.norm in FUNCTION_WORDS or word.norm in PARTICLES for word in words]
    return all(little or not word.text[0].islower() for word, little in zip(words, small)) and (len(words) == 1 or not all(small[1:]))


def _is_headline(rest: str) -> bool:
    """Tell whether the words around are capitalised too, so that capitals say nothing."""
    words = [word.text for word in tokenise(rest) if word.norm not in FUNCTION_WORDS]
    return len(words) >= 4 and sum(word[0].isupper() for word in words) > 0.8 * len(words)


def _is_verb(clause: str, cue: re.Match) -> bool:
    """A word of telling is a verb unless it is a noun here ("the state's", "a report on") that no "that", "of" or "to" follows; what "I" or "we" tell, the outlet tells itself."""
    rest, lead = clause[cue.end() : cue.end() + _LEAD], clause[max(0, cue.start() - _LEAD) : cue.start()]
    if rest[:2] in ("'s", "’s") or _FIRST_PERSON.search(lead):
        return False
    if cue[0].endswith(" that") and _RELATIVE_THAT.match(rest):  # "an article that was": the clause describes, it reports nothing
        return False
    return cue[0] in ("said", "told") or cue[0].endswith(" that") or not _NOUN_USE.search(lead) or bool(re.match(r"\s+that\b|\s*$", rest))


def _is_finite(clause: str, cue: re.Match) -> bool:
    """Tell a form that reports ("says", "said", "analysts say") from a bare one ("to protest", "take note") and from a participle ("a video posted to a site")."""
    if cue[0].endswith("d"):
        return cue[0] in ("said", "told") or not _PARTICIPLE.match(clause, cue.end())
    return cue[0].endswith(("s", "ing", "that", "wrote", "spoke", "wore")) or bool(_PLURAL_SUBJECT.search(clause, max(0, cue.start() - _LEAD), cue.start()))


def _told_later(after: str, cues: _Cues) -> bool:
    """Tell whether the main clause after the quote reports it: no aside, no relative clause ("to which Baku responded")."""
    main = _ASIDE.split(after)[0]
    return any(_is_finite(main, cue) and _is_verb(main, cue) and not _RELATIVE.search(main, max(0, cue.start() - _LEAD), cue.start()) for cue in cues.said.finditer(main))


def _told_after(before: str, after: str, cues: _Cues) -> bool:
    """Tell whether a reporting clause follows the quote at once, with its subject ("it is over" the mayor said) or, at the head of a sentence, before it ("It is over" said the mayor)."""
    clause = re.match(r"\s*,?\s*((?:(?:" + _PRONOUN_SUBJECT + r"|the\s+\w+)\s+){0,4})(\w+)", after)
    cue = clause and cues.said.match(after, clause.start(2))
    if not cue or cue.end() != clause.end() or not _is_finite(after, cue):
        return False
    return bool(clause[1]) or not (before.strip() or re.match(r"\s+that\b", after[cue.end() :]))  # “Azadliq” reported that ...: the quote is who reports
