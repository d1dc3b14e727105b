"""Regions: what of a page is the article (title, body) and what stands beside it (date lines, bylines, captions, furniture)."""

import re
from typing import NamedTuple

from pressframes.languages import ENGLISH, detect_language
from pressframes.tokens import CAPITALS, FUNCTION_WORDS, tokenise
from pressframes.lexicon import FurnitureRule
from pressframes.repeated import is_sentence

KEPT = ("title", "body")
"""Kinds of region that later layers read."""

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_NO_LETTER = re.compile(r"[\W_]")  # spaces and marks: they do not count where lines are compared
_TERMINATED = re.compile(r"[.!?…:;,][\"'”’»)\]]*$|[\"”»]$")
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DATE_WORDS = re.compile(
    rf"(?<![^\W\d_])(?:{_MONTH}|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|date|published|updated?|posted|created|first|last|modified|on|at|ago|"
    r"hours?|minutes?|mins?|hrs?|days?|utc|gmt|bst|ces?t|msk|[ecmp][sd]?t|[ap]\.?m|th|st|nd|rd|t|z)(?![^\W\d_])\.?|[\d\W_]",
    re.IGNORECASE,
)
_CLOCK_OR_DAY = re.compile(rf"{_MONTH}|\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?!\d|\.\d)|\b\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d (?:min|h(?:ou)?r|day)\w* ago", re.IGNORECASE)
_PLACE = rf"[{CAPITALS}][\w.'’-]*"
_AGENCY = r"AP|AFP|CNN|Reuters|UPI|DPA|dpa|ANSA|EFE|Xinhua|Kyodo|TASS|ITAR-TASS|Interfax|RIA(?:\ Novosti)?|Sputnik|UNIAN|Ukrinform|APA|Trend|Armenpress|Anadolu|AA|IRNA|SANA|KUNA|PTI|ANI|Bloomberg"
_DATELINE = re.compile(
    rf"""
      [{CAPITALS}][{CAPITALS}.'’\ -]{{2,40}}(?:,\s*{_PLACE}(?:\s+{_PLACE})*)?(?:,?\s*(?i:{_MONTH})\.?\s*\d{{1,2}})?,?\s*(?:\([^)\n]{{1,40}}\))?\s*[-–—]+\s+  # LONDON, May 3 (Reuters) -
    | {_PLACE}(?:\s+{_PLACE}){{0,2}}\s*/\s*\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\s*/\s*[\w .-]{{2,20}}\s*[:–—-]\s*                                 # Baku/23.11.20/Turan:
    | {_PLACE}(?:,?\s+{_PLACE}){{0,3}}\s*\([A-Z][\w\ .]{{1,25}}\)\s*[-–—]+\s+                                                                    # Baku (APA) -
    | {_PLACE}(?:,?\s+{_PLACE}){{0,3}},\s*(?i:{_MONTH})\.?\s*\d{{1,2}}[^.:–—\n]{{0,30}}\s*[/:–—-]\s+                                              # Baku, Azerbaijan, March 8, Trend:
    | \((?:{_AGENCY}|[A-Za-z][\w-]{{1,20}}\.(?:com|org|net))\)\s*[-–—]+\s+                                                                                      # (AP) -
    | [{CAPITALS}][{CAPITALS}.'’\ -]{{2,40}}(?:,\s*{_PLACE}(?:\s+{_PLACE})*)?,?\s*\((?:{_AGENCY})\)\s+                                                      # MOSCOW (Sputnik)
    | [{CAPITALS}][{CAPITALS}.'’\ -]{{2,40}}(?:,\s*{_PLACE})?,?\s*(?i:{_MONTH})\.?\s*\d{{1,2}}(?:,\s*\d{{4}})?\.?\s*(?:/[\w .-]{{2,20}}/\.?)?\s+                    # MOSCOW, September 5. /TASS/.
    """,
    re.VERBOSE,
)


_AUTHORS = re.compile(r"^by:?\s+|,\s+|\s+(?:and|&)\s+|\s+(?:in|for)\s.*$", re.IGNORECASE)
_NOTE = re.compile(r",? (?:is|was|has been|writes|covers|reports|teaches|contributed)\b")
_WRITES = re.compile(
    rf"(?:Guest (?:author|writer|columnist) )?({_PLACE}(?: {_PLACE}){{1,3}}),? ?(?:is|was)(?: currently)? (?:an?|the|our|[a-z]+ )[^.]{{0,120}}"
    r"\b(?:author|writer|columnist|editor|reporter|journalist|correspondent|commentator|contributor|professor|fellow|analyst|historian|lecturer|scholar|blogger|novelist)\b"
)
_PLACE_AND_DAY = re.compile(rf"{_PLACE}(?: {_PLACE})?, (?:\d{{1,2}} (?i:{_MONTH})|(?i:{_MONTH})\.? \d{{1,2}})(?:,? \d{{4}})?(?:, [\w./ -]{{2,20}})?\.?")
_SIGNATURE = re.compile(rf"{_PLACE}(?: {_PLACE}){{1,2}},? in (?:the )?{_PLACE}(?: {_PLACE})?(?:,? and {_PLACE}(?: {_PLACE}){{1,2}} in {_PLACE})?|[A-Z][\w./-]*['’]s (?:{_PLACE} ){{1,2}}(?:Service|Desk)")
_POSTED = re.compile(r"[—–-]\s.*\(@\w+\)$")  # who wrote a post that the article shows
_REFRAIN = 10
"""A paragraph of fewer words may be repeated on purpose."""
_FEWEST_FOREIGN = 3
"""Words: a line of fewer may be a name in its own script."""
_HEADLINE = 8
"""Headings within an article have fewer words than most titles of articles."""
_STRAY = 7
"""A line in title case of so many words between two paragraphs is more often the title of another page, or an advertisement, than a heading."""
_STRAY_TITLE = "title of another page"
REPEATED = "stands in several articles of the outlet"
_PARTS = 3
"""So many of these on a page, each above a paragraph, head the parts of a list."""
_NO_TITLE = re.compile(r"[.:?;,…]$|^[\d\W]|[@#]|https?:|\bpic\.twitter")
_CAPTION = 30
"""Words: captions are short."""
_SHOWN = re.compile(
    r"^(?!(?:he|she|it|they|we|this|that|here|there|watch|see)\b)([^“”\":;?!]{3,90}?)\s(?:attends?|delivers?|embraces?|gestures?|greets?|holds? (?:an?|up|his|her|their)\b|listens?|looks? on|poses?|shakes? hands|"
    r"signs? (?:an?|the)\b|smiles?|speaks?|stands?|walks?|waves?|(?:is|are) (?:seen|pictured|shown))\b[^“”\":;?!]*$",
    re.IGNORECASE,
)
_SOURCE_AT_END = re.compile(r"^[^“”\"]{3,200}\((?:[A-Z][\w.'’&-]*)(?:[ /][\w.'’&-]+){0,4}\)$")
_PLACED = re.compile(r"\b(?:in|at|on|of|near|outside|inside|with|during|before|after|from|beside|behind)\b")
_NO_CAPTION_WORD = re.compile(r"[:;?!“”\"]|^(?:and|but|so|or|as|if|when|why|how|what|who|for|to|no|not|let|do|get|meet|see|read|watch|at|in|on|by|from|with|after|before)\b|\b(?:i|we|you|your|our|this|that|he|she|it|they)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|shall|should|said|told|met|went|came|got|made|took|gave|won|lost|hit|put|left|held|saw|found|began|led|"
    r"set|let|cut|\w+n['’]t|\w+['’](?:re|ve|ll|d|m)|it['’]s|[a-z]+ed|[a-z]{2,}(?:[^s\W]s|sses|zes))\b"
)


class Region(NamedTuple):
    """`kind` is body, title, dateline, byline, caption or boilerplate; `rule` says what made it so."""

    start: int
    end: int
    kind: str
    rule: str


class _Line:
    """One non-empty line while it is being judged."""

    def __init__(self, text: str, start: int, end: int):
        self.start, self.end = start, end
        self.text = text[start:end]
        self.words = [token.norm for token in tokenise(text, start, end)]
        self.kind = self.rule = ""

    @property
    def is_prose(self) -> bool:
        return (len(self.words) >= 6 and bool(_TERMINATED.search(self.text))) or len(self.words) >= 30

    @property
    def is_name(self) -> bool:
        words = self.text.split()
        return 1 <= len(words) <= 4 and all(word[0].isupper() and (word[-1] not in ".!?:;," or re.fullmatch(r"[A-Z]\.", word)) for word in words)

    @property
    def is_told(self) -> bool:
        """Tell prose from the title of another page, which has no full stop."""
        return bool(re.search(r"[.!…:][\"'”’»)\]]*$|[\"”»]$", self.text)) or len(self.words) >= 30

    def settle(self, kind: str, rule: str) -> None:
        if not self.kind:
            self.kind, self.rule = kind, rule


def find_regions(text: str, furniture: tuple[FurnitureRule, ...], *, title: str = "", byline: str = "", repeated: tuple[tuple[int, int], ...] = ()) -> list[Region]:
    """Mark the regions of one article; every character that is not white space lies in exactly one region.

    A line is judged by, in this order: the furniture lexicon, what a date line is made of, its language, the title and byline
    that the corpus names, repetition, title case (titles of other pages), what captions are made of, and its place before or after the prose. What no rule claims is body.

    Furniture scopes: `line` anywhere; `head` before the first paragraph of prose; `tail` cuts off the end of a line;
    `footer` after prose, with all that follows unless two or more long paragraphs do; `links` heads a list of links, which
    takes what follows unless a sentence of the article does; `repeated` in a sentence that the outlet prints in several articles, wherever it stands. Kind `background` opens an appended
    section that runs to the footer.

    Args:
        text: the file text.
        furniture: rules of the furniture lexicon.
        title, byline: as the corpus names them, empty where it does not.
        repeated: what stands in other articles of the outlet as well (`repeated.find_repeated`). Fragments of it are furniture; a sentence only where a rule of any scope but `head` and `links`
            fits it, for what an outlet says again and again of the matter is its own voice.
    """
    whole = _cut_lines(text)
    opening = next((line.start for line in whole if line.is_prose), len(text))
    lines = [line for uncut in whole for line in _cut_tail(text, uncut, furniture, in_head=uncut.start < opening)]
    spans = _repeated_furniture(text, repeated, furniture, title)
    _settle_furniture(lines, furniture)
    for line in lines:
        if (line.start, line.end) in spans:
            line.settle("boilerplate", REPEATED)
    _settle_dates(lines)
    _settle_foreign(lines)
    _settle_named(lines, title, byline)
    _settle_repeated(lines)
    _settle_pull_quotes(lines)
    _settle_author(lines)
    _settle_links(lines, furniture)
    _settle_stray_titles(lines)
    _settle_captions(lines)
    _settle_background(lines)
    _settle_ends(lines)
    regions, opened = [], False
    for line in lines:
        line.settle("body", "prose" if line.is_prose else "short line within the article")
        first = line.kind == "body" and line.is_prose and not opened
        opened = opened or first
        regions += [part for region in _cut_dateline(text, line, first=first) for part in _cut_repeated(text, region, spans)]
    return regions


def _cut_lines(text: str) -> list[_Line]:
    lines = []
    for match in _LINE.finditer(text):
        piece = match[0]
        start = match.start() + len(piece) - len(piece.lstrip())
        end = match.end() - len(piece) + len(piece.rstrip())
        if start < end:
            lines.append(_Line(text, start, end))
    return lines


def _repeated_furniture(text: str, spans, furniture, title: str) -> list[tuple[int, int]]:
    """What the outlet prints in several articles and is furniture: any fragment but the title, and sentences that a rule fits."""
    rules = [rule for rule in furniture if rule.scope not in ("head", "links")]
    return [(start, end) for start, end in spans if text[start:end].casefold() != title.casefold() and (not is_sentence(text[start:end]) or any(rule.pattern.search(text[start:end]) for rule in rules))]


def _cut_repeated(text: str, region: Region, spans) -> list[Region]:
    """Cut furniture out of running text."""
    parts, left = [], region.start
    for start, end in [span for span in spans if region.kind in KEPT and region.start <= span[0] and span[1] <= region.end]:
        parts += [Region(left, start, region.kind, region.rule), Region(start, end, "boilerplate", REPEATED)]
        left = end
    parts.append(Region(left, region.end, region.kind, region.rule))
    gap = lambda part: len(part := text[part.start : part.end]) - len(part.lstrip())
    trimmed = [part._replace(start=part.start + gap(part), end=part.start + len(text[part.start : part.end].rstrip())) for part in parts]
    return [part for part in trimmed if part.start < part.end]


def _cut_tail(text: str, line: _Line, furniture, *, in_head: bool) -> list[_Line]:
    for rule in furniture:
        match = rule.pattern.search(line.text) if rule.scope == "tail" else None
        if match:
            tail = _Line(text, line.start + match.start() + len(match[0]) - len(match[0].lstrip()), line.end)
            tail.settle(rule.kind, rule.reason)
            head = _Line(text, line.start, line.start + len(line.text[: match.start()].rstrip()))
            if head.is_name:
                head.settle(*(("byline", "name before a page link") if in_head else (rule.kind, rule.reason)))
            return [head, tail] if head.text else [tail]
    return [line]


def _prose(lines: list[_Line]) -> list[int]:
    return [i for i, line in enumerate(lines) if not line.kind and line.is_prose]


def _settle_furniture(lines, furniture) -> None:
    by_scope = {scope: [rule for rule in furniture if rule.scope == scope] for scope in ("line", "head", "footer")}
    for line in lines:
        for rule in by_scope["line"]:
            if rule.pattern.search(line.text) and (not line.is_prose or rule.pattern.match(line.text)):
                line.settle(rule.kind, rule.reason)
    prose = _prose(lines)
    first = prose[0] if prose else len(lines)
    for i, line in enumerate(lines):
        for rule in by_scope["head"]:
            if (i < first or i == 0) and rule.pattern.search(line.text):
                line.settle(rule.kind, rule.reason)
    for i, line in enumerate(lines):
        if line.kind or not any(j < i for j in prose):
            continue
        rule = next((rule for rule in by_scope["footer"] if rule.pattern.search(line.text)), None)
        if rule:
            line.settle(rule.kind, rule.reason)
            if sum(len(lines[j].words) >= 25 for j in _prose(lines) if j > i) < 2:
                for later in lines[i + 1 :]:
                    later.settle("boilerplate", "after the article's foot")
                break


def _settle_dates(lines) -> None:
    prose = _prose(lines)
    for i, line in enumerate(lines):
        heads_part = line.text[-1] in ".:" and any(j < i for j in prose) and any(j > i for j in prose)  # "Monday August 7:" in a diary
        of_a_post = i > 0 and _POSTED.match(lines[i - 1].text)
        if len(line.text) <= 80 and not heads_part and not of_a_post and re.search(r"\d", line.text) and _CLOCK_OR_DAY.search(line.text) and not _DATE_WORDS.sub("", line.text):
            line.settle("dateline", "a date and nothing else")


def _settle_foreign(lines) -> None:
    if not _is_english([word for line in lines for word in line.words]):
        return
    prose = _prose(lines)
    for i, line in enumerate(lines):
        bare = len(line.words) >= 6 and not FUNCTION_WORDS.intersection(line.words) and re.search(r"[^\x00-\x7f–—‘’“”…©]", line.text)
        if bare or (len(line.words) >= _FEWEST_FOREIGN and not _is_english(line.words) and detect_language(line.text) != ENGLISH):
            head = sum(j < i for j in prose) == 0 or i == 0
            line.settle("caption" if head else "boilerplate", "in another language than the article")


def _is_english(words: list[str]) -> bool:
    return sum(word in FUNCTION_WORDS for word in words) >= 0.2 * len(words)


def _settle_named(lines, title: str, byline: str) -> None:
    named = [line for line in lines if title and not line.kind and line.text.casefold() == title.casefold()]
    for i, line in enumerate(named):
        line.settle(*(("title", "the corpus names this title") if i == 0 else ("boilerplate", "title repeated")))
    for line in lines:
        if byline and not line.kind and line.text.casefold() in (byline.casefold(), f"by {byline}".casefold()):
            line.settle("byline", "the corpus names this author")


def _settle_repeated(lines) -> None:
    prose = _prose(lines)
    if not prose:
        return
    places = {}
    for i, line in enumerate(lines):
        if not line.kind or line.rule == "after the article's foot":
            places.setdefault(line.text.casefold() if line.is_prose or len(line.words) < 4 else _NO_LETTER.sub("", line.text.casefold()), []).append(i)
    for same in places.values():
        if len(same) < 2:
            continue
        if all(lines[i].is_prose for i in same):
            for i in same[1:] if len(lines[same[0]].words) >= _REFRAIN else ():
                lines[i].settle("boilerplate", "paragraph repeated")
        elif same[-1] > prose[-1]:
            for i in same:
                lines[i].settle("boilerplate", "stands at head and foot of the page")
        elif same[0] < prose[0] and len(lines[same[0]].words) >= 4:
            lines[same[0]].settle("title", "repeated before the text")
            for i in same[1:]:
                lines[i].settle("boilerplate", "title repeated")


def _settle_pull_quotes(lines) -> None:
    """A short quotation standing alone, whose words stand in a longer paragraph, is that one's pull quote."""
    prose = _prose(lines)
    for i in prose[1:]:
        words = lines[i].words
        if lines[i].text[0] in "“”\"‘'«„" and _REFRAIN <= len(words) <= 40 and any(len(lines[j].words) > len(words) and _contains(lines[j].words, words) for j in prose if j != i):
            lines[i].settle("boilerplate", "pull quote of another paragraph")


def _settle_author(lines) -> None:
    """A note on the author stands before the text or ends it; it begins with the name of the byline, or is on somebody who writes and of whom the text is silent."""
    prose = _prose(lines)
    names = [name.strip() for i, line in enumerate(lines) if line.kind == "byline" or (i and line.is_name and i <= min(prose, default=0)) for name in _AUTHORS.split(line.text)]
    for i in prose[:1] + prose[1:2] + prose[-2:]:
        text = lines[i].text.lstrip("-–—*_ ")
        rest = next((text[len(name) :] for name in names if len(name.split()) > 1 and text.startswith(name)), "")
        if _NOTE.match(rest) or (i in prose[-2:] and _is_new(_WRITES.match(text), lines[:i])):
            lines[i].settle("boilerplate", "note on the author")


def _is_new(note: re.Match | None, before: list[_Line]) -> bool:
    """Whether a note is on somebody of whom the page has said nothing, but for a byline."""
    return bool(note) and not any(note[1].split()[-1] in line.text for line in before if not line.kind and not line.is_name)


def _settle_links(lines, furniture) -> None:
    rules = [rule for rule in furniture if rule.scope == "links"]
    for i, line in enumerate(lines):
        rule = next((rule for rule in rules if not line.kind and rule.pattern.search(line.text)), None)
        if not rule:
            continue
        line.settle(rule.kind, rule.reason)
        prose = _prose(lines)
        if any(j < i for j in prose) and not any(j > i and lines[j].is_told for j in prose):
            for later in lines[i + 1 :]:
                later.settle("boilerplate", "in a list of links")
        elif any(j < i for j in prose):
            for later in lines[i + 1 :]:
                if later.is_told or len(later.words) < (3 if later is lines[i + 1] else _HEADLINE):  # a shorter one may head a part of the article
                    break
                later.settle("boilerplate", "in a list of links")


def _settle_stray_titles(lines) -> None:
    """Settle titles of other pages and advertisements that stand between paragraphs, or after them, without a heading."""
    prose = _prose(lines)
    found = [i for i, line in enumerate(lines) if prose and i > prose[0] and not line.kind and not line.is_prose and _is_title(line) and not lines[i - 1].text.endswith(":")]
    heads = {lines[i].text for i in found if i + 1 < len(lines) and not lines[i + 1].kind and lines[i + 1].is_prose}
    for i in found if len(heads) < _PARTS or len(heads) < len(found) else ():
        lines[i].settle("boilerplate", _STRAY_TITLE)


def _is_title(line: _Line) -> bool:
    """Whether a line is in title case: capitals on all words but function words, of which it has one or more."""
    words = [token.text for token in tokenise(line.text)]
    function = [word.lower() in FUNCTION_WORDS for word in words]
    told = [word for word, is_function in zip(words, function) if not is_function]
    return len(words) >= _STRAY and line.text.count(",") < _PARTS and not _NO_TITLE.search(line.text) and any(function) and all(word[0].isupper() or word[0].isdigit() for word in told) and len(told) >= 0.5 * len(words)


def _settle_captions(lines) -> None:
    """A caption without a credit stands between the title and the text: it shows somebody, ends in its source, or has no verb."""
    prose = _prose(lines)
    if len(prose) < 3:
        return
    for line in lines[1 : prose[0] + 1]:
        if line.kind or len(line.words) > _CAPTION or line.text.isupper():
            continue
        verbless = 4 <= len(line.words) <= 16 and _PLACED.search(line.text) and not _NO_CAPTION_WORD.search(line.text) and not _VERB.search(line.text) and not _is_title(line)
        shown = _SHOWN.match(line.text)
        if (shown and not _VERB.search(shown[1])) or _SOURCE_AT_END.match(line.text) or (verbless and re.search(r"\w [A-Z]", line.text)):
            line.settle("caption", "caption between the title and the text")


def _settle_background(lines) -> None:
    prose = _prose(lines)
    links = [line.words for line in lines if line.kind == "boilerplate" and line.rule == "link to another page"]
    for i, line in enumerate(lines):
        before, after = sum(j < i for j in prose), sum(j > i for j in prose)
        linked = len(line.words) >= 2 and not line.is_prose and any(_contains(words, line.words) for words in links)
        if line.kind == "background" and not before > after:
            line.kind, line.rule = "", ""
        elif (line.kind == "background" or (linked and not line.kind)) and after:
            line.kind, line.rule = "boilerplate", "heading of an appended section"
            for later in lines[i + 1 :]:
                if later.kind and later.rule != "paragraph repeated":
                    break
                later.settle("boilerplate", "appended background")


def _contains(words: list[str], part: list[str]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _settle_ends(lines) -> None:
    prose = _prose(lines)
    if not prose:
        return
    has_title = any(line.kind == "title" for line in lines)
    for line in lines[: prose[0]]:
        if line.kind:
            continue
        if _DATELINE.fullmatch(line.text + " ") or _PLACE_AND_DAY.fullmatch(line.text):
            line.settle("dateline", "place and agency before the text")
        elif has_title and _SIGNATURE.fullmatch(line.text):
            line.settle("byline", "name and place before the text")
        elif not has_title and (len(line.words) >= 4 or not any(len(other.words) >= 4 for other in lines[: prose[0]] if not other.kind)):
            line.settle("title", "first line before the text")
            has_title = True
        elif len(line.words) <= 3:
            line.settle("boilerplate", "short line before the text")
    opening = lines[0]
    if not has_title and prose[0] > 0 and opening.rule == "link to another page" and len(opening.words) >= 4:
        opening.kind, opening.rule = "title", "first line before the text"  # "WATCH: ..." may head the article itself
    closed = False
    for line in lines[prose[-1] + 1 :]:
        if not line.kind and line.is_name and not closed:
            line.settle("byline", "name after the text")
        elif not line.kind and closed:
            line.settle("boilerplate", "after the article's foot")
        closed = closed or (line.kind in ("boilerplate", "byline") and line.rule != _STRAY_TITLE)


def _cut_dateline(text: str, line: _Line, *, first: bool) -> list[Region]:
    whole = Region(line.start, line.end, line.kind, line.rule)
    match = _DATELINE.match(text, line.start, line.end) if line.kind == "body" and first else None
    if not match or match.end() >= line.end or text[match.end()].islower():  # "NATO - the alliance - ..." is no place
        return [whole]
    end = match.start() + len(match[0].rstrip())
    return [Region(line.start, end, "dateline", "place and agency before the text"), Region(match.end(), line.end, "body", line.rule)]
