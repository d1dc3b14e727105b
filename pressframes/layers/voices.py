"""Voices: whose words are these? Quoted speech with its speaker, reported speech, scare quotes, names in quote marks."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import fields
from functools import cache
from typing import NamedTuple

from pressframes.layers.parse import lemma_of
from pressframes.layers.quotes import Quote
from pressframes.tokens import CAPITALS, FUNCTION_WORDS, SMALL
from pressframes.lexicon import Reporting, verb_forms

_FIRST_PERSON = frozenset(("i", "we", "us", "me", "one"))
_PRONOUNS = frozenset(("he", "she", "they", "it", "who", "that", "which", "this", "him", "her", "them", "both", "all"))
_NOT_A_SOURCE = frozenset("plan schedule tradition custom size age need ability type order number rule rules norm".split())
_HE_SHE = frozenset(("he", "she", "him", "her"))
_MODALS = frozenset("should must can could may might need ought let".split())
_TITLE = re.compile(r"(?:Prime|Foreign|Defen[cs]e|Vice|Deputy|First|Mr|Mrs|Ms|Dr|Sir|Lord|Lady|Major|Lieutenant|General|Colonel|\w*[Mm]inister|\w*[Pp]resident|Chancellor|Secretary|Ambassador|Senator|Governor|Premier|Spokes\w+|Professor|King|Queen|Pope|Commander)s?")
_FINITE = frozenset(("VBD", "VBP", "VBZ", "MD"))
_OPINIONS = frozenset("view opinion words eyes judgment judgement estimation".split())
_POLLS = frozenset("poll polling survey".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday".split())
_ADDRESSING = frozenset("tell remind assure inform notify".split())
_PARTING = frozenset((",", "--", "-", "–", "—"))
_QUOTING = ("“", "”", '"', "«", "»", "''")
_LONGEST_INSERTED = 30
"""Tokens of a reporting clause set between commas; a longer one is a sentence of its own."""
_LONGEST_SENTENCE = 300
"""Characters after a reporting word in which its sentence may still print the full name of who speaks."""
_SHORT_LEAD = 6
"""Words from a reporting word to the colon that ends its paragraph; after more, the colon leads to something else."""
_SIGNATURE = re.compile(rf"\s*\n\s*(?:--|[-–—])[ \xa0]*([{CAPITALS}][\w.'’-]*(?:[ \xa0][{CAPITALS}][\w.'’-]*){{0,4}})(?=\s*(?:,|\n|$))")
"""A line under a quotation that signs it: a dash and a name."""
_CAPITAL = rf"[{CAPITALS}][\w.'’-]*"
_LABELLED = re.compile(rf"^(?:[A-Z]+ [–—-] )?(?P<name>{_CAPITAL}(?: (?:{_CAPITAL}|of|to|at|and|on|the)){{0,5}}):[ \xa0]+(?=\S+[ \xa0]+\S)", re.MULTILINE)
_NO_NAMES = frozenset(
    "a an the how why what when where who breaking watch video videos photo photos live update updates updated analysis opinion editorial comment review interview report "
    "explainer explained factbox fact check timeline read more related note correction editor exclusive special first here this these news day week part source war election elections debate".split()
)
_FEWEST_TURNS = 4
_TELLING = re.compile(rf"[“”\"«»„‘:]|''|[{CAPITALS}][\w.'’-]* [{CAPITALS}]")
_TWO_WORDS = re.compile(r"\w+\W+\w")
_CLAUSES = frozenset(("relcl", "acl", "appos", "punct", "cc", "conj", "advcl", "parataxis"))


class Voice(NamedTuple):
    """`kind` is direct, indirect, scare or name; `speaker` is empty where none was found."""

    start: int
    end: int
    kind: str
    speaker: str
    resolved: bool


class Sentence(NamedTuple):
    """A sentence: where it begins in the text, and its spaCy document, or None where it was not parsed (see `needs_parse`)."""

    start: int
    doc: object | None


class Attribution(NamedTuple):
    """A voice and the `[start, end)` where its source is printed ("he", where the voice's speaker is the name that this stands for); None where none is."""

    voice: Voice
    source: tuple[int, int] | None


class _Report(NamedTuple):
    """One reporting word: where it stands, who speaks, the stretches it reports, and where its source is printed."""

    at: int
    speaker: str
    contents: tuple[tuple[int, int], ...]
    source: tuple[int, int] | None


def find_voices(text: str, quotes: list[Quote], sentences: list[Sentence], reporting: Reporting) -> list[Voice]:
    """Join quoted and reported speech of one article.

    Reported speech is the clause that a reporting word governs: "X said that …", "…, X said, …", "according to X, …", "in
    X's view, …", "as X put it, …", "the claim that …", "the message is that …", "it is believed that …", "X urged Y to …",
    "X wants to …", "X asked whether …", "X is sure that …", "the poll shows …"; and what an object names as said or held:
    "X announced a plan", "X accused Y of …", "X called it a mistake", "questions about …", "in a poll, …", a name and a colon in a headline,
    the turns of a printed conversation. A first-person subject outside quotation marks is the outlet
    itself and reports nothing. Direct speech wins over indirect where both claim a stretch.

    Args:
        text: the file text.
        quotes: of `layers.quotes.find_quotes`.
        sentences: in order; those left out or not parsed are taken to hold no reported speech.

    Returns:
        Voices in order of `start`; direct and indirect stretches do not overlap.
    """
    return [attribution.voice for attribution in find_attributions(text, quotes, sentences, reporting)]


def find_attributions(text: str, quotes: list[Quote], sentences: list[Sentence], reporting: Reporting) -> list[Attribution]:
    """Find voices as `find_voices` does, each with the place of its source."""
    direct = [quote for quote in quotes if quote.kind == "direct" and quote.end - quote.start > 1]
    parsed = [sentence for sentence in sentences if sentence.doc is not None]
    reports = _led_paragraphs(text, sentences, direct, _find_reports(text, parsed, direct, reporting))
    reports = sorted(reports + _labelled_lines(text, sentences), key=lambda report: report.at)
    speakers = _speakers_of_quotes(text, direct, reports, [sentence.start for sentence in sentences])
    voices = []
    for quote in quotes:
        speaker, source = speakers.get(quote, ("", None))
        voices.append(Attribution(Voice(*quote[:3], speaker, quote.resolved), source))
    taken = [(quote.start, quote.end) for quote in quotes if quote.kind == "direct"]
    for report in reports:
        for start, end in report.contents:
            for piece in _subtract(start, end, taken):
                piece = _trim(text, *piece)
                if piece and _TWO_WORDS.search(text, *piece):
                    voices.append(Attribution(Voice(*piece, "indirect", report.speaker, True), report.source))
                    taken.append(piece)
    return _joined(text, sorted(voices, key=lambda attribution: attribution.voice))


def needs_parse(sentence: str, reporting: Reporting) -> bool:
    """Tell whether voices need a sentence parsed: it holds a quotation mark, a colon, or a word that may report.

    A sentence without any of these gives `find_voices` no voice; parsed, it could only name the person whom a later "he" or "she" stands for, so one
    with two capitalised words in a row is kept too.

    Args:
        sentence: its text.
        reporting: as for `find_voices`.
    """
    return _TELLING.search(sentence) is not None or not _cue_forms(reporting).isdisjoint(re.findall(r"[a-z]+", sentence.lower()))


@cache
def _cue_forms(reporting: Reporting) -> frozenset[str]:
    """Every form of the words that may report, in lower case."""
    groups = (getattr(reporting, field.name) for field in fields(reporting) if field.name not in ("document_nouns", "silent_nouns"))
    lemmas = {lemma.split()[0] for group in groups for lemma in group} | {"make", "put"}
    return frozenset().union(_POLLS, ("polls", "surveys"), _OPINIONS, ("according",), *map(verb_forms, lemmas))


def _joined(text: str, voices: list[Attribution]) -> list[Attribution]:
    """Join reported stretches of one speaker that only a hyphen or comma parts."""
    joined = []
    for voice, source in voices:
        last = joined[-1].voice if joined else None
        if last and last.kind == voice.kind == "indirect" and last.speaker == voice.speaker and re.fullmatch(r"[ ,–-]{0,3}", text[last.end : voice.start]):
            joined[-1] = joined[-1]._replace(voice=last._replace(end=voice.end))
        else:
            joined.append(Attribution(voice, source))
    return joined


def voice_lookup(voices: list[Voice]):
    """Return a function from an offset to the voice there: `direct`, `indirect`, else `outlet`."""
    spans = sorted((voice.start, voice.end, voice.kind) for voice in voices if voice.kind in ("direct", "indirect"))
    starts = [span[0] for span in spans]

    def voice_at(offset: int) -> str:
        i = bisect_right(starts, offset) - 1
        return spans[i][2] if i >= 0 and offset < spans[i][1] else "outlet"

    return voice_at


def _find_reports(text: str, sentences, direct, reporting: Reporting) -> list[_Report]:
    reports, named, person, voice_at = [], "", "", voice_lookup(direct)
    for sentence in sentences:
        tokens = list(sentence.doc)
        outside, before = [voice_at(sentence.start + token.idx) == "outlet" for token in tokens], len(reports)
        for token in tokens:
            if not outside[token.i]:
                continue
            found = _verb_report(token, reporting) or _phrase_report(token) or _noun_report(token, reporting) or _adjective_report(token, reporting)
            found = _with_speaker_beside(token, found, outside, reporting)
            if not found:
                continue
            source, contents = _who_can_speak(found[0], reporting), found[1]
            speaker = _name(source)
            if speaker.lower() in _PRONOUNS:
                speaker = (_person_in(tokens[: token.i + 1]) or person or named) if speaker.lower() in _HE_SHE else named
            elif speaker and _is_namelike(source):
                named = speaker
            opens = _told_from(token)
            spans = tuple(span for content in contents for span in _spans(sentence, [member for member in content if member.i >= opens]))
            reports.append(_Report(sentence.start + token.idx, speaker, spans, _place(sentence, source)))
        lead = _who_can_speak(_colon_lead(tokens, outside), reporting)
        if lead is not None and not any(report.speaker for report in reports[before:]):
            speaker = _name(lead)
            reports.append(_Report(sentence.start + lead.head.idx, named if speaker.lower() in _PRONOUNS else speaker, (), _place(sentence, lead)))
        subject = next((token for token in tokens if token.dep_ in ("nsubj", "nsubjpass") and token.pos_ == "PROPN" and outside[token.i]), None)
        if subject is not None and len(reports) == before:
            named = _name(subject)
        person = _person_in(tokens) or person
    return [_with_full_name(report, text) for report in reports]


def _who_can_speak(source, reporting: Reporting):
    """The source, or whose it is where itself it cannot speak ("Clinton's attack"); None if that is not told ("the attack") or the outlet itself."""
    if source is None or source.pos_ != "NOUN" or source.lemma_.lower() not in reporting.silent_nouns or not (source.text.islower() or source.i == 0):
        return source
    return next((child for child in source.children if child.dep_ == "poss" and child.lower_ not in ("my", "our")), None)


def _told_from(token) -> int:
    """The place in its sentence after the last colon or semicolon before a reporting word: what stands further left is not told by it."""
    return next((before.i + 1 for before in reversed(list(token.doc[: token.i])) if before.text in (":", ";")), 0)


def _led_paragraphs(text: str, sentences, direct, reports: list[_Report]) -> list[_Report]:
    """Add the next paragraph to a reporting clause that ends its own with a colon ("In July he said:"): some outlets set speech apart without marks."""
    led = []
    for report in reports:
        line_end = text.find("\n", report.at)
        tail = text[report.at : line_end].rstrip() if line_end >= 0 else ""
        start = line_end + re.match(r"\s*", text[line_end:]).end()
        end = text.find("\n", start) if text.find("\n", start) >= 0 else len(text)
        bare = tail.endswith(":") and not report.contents and len(tail.split()) <= _SHORT_LEAD and not any(start <= quote.start < end for quote in direct)
        led.append(report._replace(contents=((start, end),)) if bare and any(start <= sentence.start < end for sentence in sentences) else report)
    return led


def _labelled_lines(text: str, sentences) -> list[_Report]:
    """What a name and a colon lead to: a headline ("Lynch: No influence on the inquiry"), or the turns of a printed conversation.

    Of an interview in `Q:` and `A:` the answers are reported; the questions are the outlet's.
    """
    starts = [sentence.start for sentence in sentences]
    lines = [match for match in _LABELLED.finditer(text) if bisect_right(starts, match.end()) > bisect_right(starts, match.start() - 1)]
    turns = Counter(match["name"] for match in lines)
    if sum(n for n in turns.values() if n > 1) < _FEWEST_TURNS:
        turns.clear()
    found = []
    for line in lines:
        title = not text[: line.start()].strip() and _names_somebody(line["name"], text[line.end() :])
        if title or turns[line["name"]] > 1 and line["name"] != "Q":
            end = text.find("\n", line.end())
            found.append(_Report(line.start(), "" if line["name"] == "A" else line["name"], ((line.end(), end if end >= 0 else len(text)),), line.span("name")))
    return found


def _names_somebody(label: str, article: str) -> bool:
    """Tell whether what stands before a headline's colon is a source: a poll, or a name that the article takes up again, though not as a place."""
    if any(word in _NO_NAMES for word in re.findall(r"\w+", label.lower())):
        return False
    last = re.split(" (?:to|at|on) ", label)[0].split()[-1]
    a_place = re.search(rf"\b(?:in|across|over|throughout) (?:the )?{re.escape(last)}\b", article)
    return last.lower() in _POLLS or (a_place is None and re.search(rf"[a-z,.] {re.escape(last)}\b", article) is not None)


def _with_speaker_beside(token, found, outside: list[bool], reporting: Reporting):
    """Give a speech verb beside a quotation the speaker next to it ("“…,” said Major Aliyev") where the parser took its subject from the quotation."""
    source = found[0] if found else None
    if all(outside) or token.tag_ not in _FINITE or lemma_of(token) not in reporting.speech_verbs or (source is not None and outside[source.i]):
        return found
    if any(child.dep_ in ("nsubj", "nsubjpass", "auxpass") and outside[child.i] for child in token.children):
        return found
    beside = _noun_beside(token, outside)
    if beside is None or beside.lower_ in _FIRST_PERSON:
        return found if source is None else (None, found[1])
    return beside, found[1] if found else []


def _noun_beside(token, outside: list[bool]):
    """The head of the noun phrase right after a verb, else the noun right before it, outside quotation marks."""
    doc, head = token.doc, None
    for i in range(token.i + 1, len(doc)):
        if not outside[i] or doc[i].is_punct or doc[i].pos_ not in ("PROPN", "NOUN", "PRON", "DET", "ADJ", "NUM"):
            break
        head = doc[i] if doc[i].pos_ in ("PROPN", "NOUN", "PRON") else head
    before = doc[token.i - 1] if token.i else None
    if head is None and before is not None and outside[before.i] and before.pos_ in ("PROPN", "NOUN", "PRON"):
        head = before
    return head


def _colon_lead(tokens: list, outside: list[bool]):
    """The subject of a sentence whose colon leads to a quotation, whatever its verb: "Hannity interjected: “…”"."""
    colon = next((token for token in tokens if token.text == ":" and outside[token.i] and all(not outside[after.i] for after in tokens[token.i + 1 : token.i + 3] if not after.is_space)), None)
    if colon is None:
        return None
    subjects = (token for token in tokens[: colon.i] if token.dep_ == "nsubj" and outside[token.i] and token.head.dep_ in ("ROOT", "ccomp", "conj"))
    return next((token for token in subjects if token.lower_ not in _FIRST_PERSON), None)


def _person_in(tokens: list) -> str:
    """The last full name (two or more proper nouns in a row, neither an article nor "in" before them, which lead to things and places) among the first tokens of a sentence."""
    run, last = [], ""
    for member in [*tokens, None]:
        if member is not None and member.pos_ == "PROPN" and member.text[0].isupper() and (member.text[-1].isalnum() or len(member.text) == 2) and not _is_day(member):
            run.append(member)
            continue
        if len(run) >= 2 and not (run[0].i and run[0].nbor(-1).lower_ in ("the", "a", "in")):
            last = " ".join(name.text for name in run)
        run = []
    return last


def _with_full_name(report: _Report, text: str) -> _Report:
    """Give a bare surname the full name under which the article introduced it."""
    surname = report.speaker.split()[-1] if report.speaker else ""
    if not surname[:1].isupper() or re.fullmatch(r"(?:\w\.\s*)?" + re.escape(surname), report.speaker) is None:
        return report
    for match in re.finditer(rf"([{CAPITALS}][{SMALL}]+) {re.escape(surname)}\b", text):
        if match.start() > report.at + _LONGEST_SENTENCE:
            break
        if match[1].lower() not in FUNCTION_WORDS | _DAYS and not _TITLE.fullmatch(match[1]):
            return report._replace(speaker=match[0])
    return report


def _verb_report(token, reporting: Reporting):
    """Return `(source token or None, contents as sets of tokens)` if the token is a reporting verb at work, else None."""
    if token.pos_ not in ("VERB", "AUX"):
        return None
    lemma, source = lemma_of(token), _subject(token)
    if source is not None and source.lower_ in _FIRST_PERSON:
        return None
    speech = lemma in reporting.speech_verbs or _makes_clear(token, lemma)
    passive = any(child.dep_ in ("auxpass", "nsubjpass") for child in token.children) or (token.tag_ == "VBN" and token.dep_ == "acl")
    advised = any(child.lower_ in _MODALS or (child.dep_ == "aux" and child.lower_ == "to") for child in token.children)
    contents = [_subtree(child, without=token) for child in token.children if _is_clause_told(child, token, lemma, source, passive, advised, reporting)]
    if source is not None and token.tag_ in _FINITE and (speech or lemma in reporting.thought_verbs or (lemma in reporting.finding_verbs and _is_document(source, reporting))):
        contents = _around_inserted(token, source) or contents
    if contents and speech:
        contents += _further_clauses(token)
    if not contents and speech and source is not None:
        contents = _told_through_noun(token)
    if not contents and speech and token.dep_ in ("parataxis", "ccomp", "advcl") and source is not None and _is_inserted(token):
        contents.append(_subtree(token.head, without=token, root=True))
    if source is not None and (speech or _puts_it(token, lemma)) and not contents:
        contents = _as_told(token)
    if source is not None and not passive:
        contents += _objects(token, lemma, reporting.object_verbs) + _named(token, lemma, source, reporting)
    elif passive:
        contents += _objects(token, lemma, reporting.object_verbs)
    if passive and not any(child.dep_ == "agent" for child in token.children):
        source = None
    return (source, contents) if contents or (speech and source is not None) or (source is not None and lemma in reporting.directive_verbs) else None


def _is_clause_told(child, token, lemma: str, source, passive: bool, advised: bool, reporting: Reporting) -> bool:
    """Tell whether a clause below a verb is what its subject says, thinks, asks or wants."""
    speech, thought = lemma in reporting.speech_verbs or _makes_clear(token, lemma), lemma in reporting.thought_verbs
    if advised and not speech:  # "they should know that": the outlet's own advice
        thought = False
    marks = {grand.lower_ for grand in child.children if grand.dep_ == "mark"}
    if child.dep_ == "ccomp":
        if lemma in reporting.question_verbs and _is_question(child):
            return True
        told = speech or thought or (lemma in reporting.knowledge_verbs and "that" in marks and not advised)
        return told or (lemma in reporting.intention_verbs and not advised and child.i > token.i) or (lemma in reporting.finding_verbs and _is_document(source, reporting))
    if child.dep_ == "advcl":
        return bool(marks & {"if", "whether"}) and lemma in reporting.question_verbs
    if child.dep_ != "xcomp" or child.pos_ not in ("VERB", "AUX"):
        return False
    if child.tag_ == "VBG":
        return speech or lemma in reporting.object_verbs
    return lemma in reporting.directive_verbs or (lemma in reporting.intention_verbs and source is not None and not advised) or (passive and (speech or thought))


def _is_document(source, reporting: Reporting) -> bool:
    """A poll or a record shows what somebody found; that an event shows something is the outlet's own conclusion."""
    return source is not None and source.lemma_.lower() in reporting.document_nouns


def _is_question(clause) -> bool:
    return any(child.lower_ in ("whether", "if") or child.tag_ in ("WRB", "WP", "WDT") for child in clause.children)


def _makes_clear(token, lemma: str) -> bool:
    return lemma == "make" and any(child.lower_ in ("clear", "plain") for child in token.children)


def _named(token, lemma: str, source, reporting: Reporting) -> list[list]:
    """The object of a verb and what that calls it ("called the plan a mistake"); all that a document shows ("the poll shows him ahead")."""
    shown = lemma in reporting.finding_verbs and lemma not in reporting.object_verbs and _is_document(source, reporting)
    named = lemma in reporting.naming_verbs and any(child.dep_ in ("oprd", "ccomp") for child in token.children)
    wanted = ("dobj", "oprd", "ccomp") if named else ("dobj", "xcomp") if shown else ()
    return [_subtree(child, without=token) for child in token.children if child.dep_ in wanted and child.i > token.i]


def _further_clauses(token) -> list[list]:
    """The clause after "and that", which the parser may hang on the reporting verb: "said that she would come and that he would not"."""
    further = (child for child in token.children if child.dep_ == "conj" and any(grand.dep_ == "mark" and grand.lower_ == "that" for grand in child.children))
    return [_subtree(child, without=token) for child in further]


def _told_through_noun(token) -> list[list]:
    """The that-clause that the parser hung on a noun between it and the verb: "said in a message that …"."""
    marks = (member for member in token.subtree if member.i > token.i and member.dep_ == "mark" and member.lower_ == "that")
    return [_subtree(mark.head, without=token) for mark in marks if mark.head.head.pos_ in ("NOUN", "PROPN")][:1]


def _puts_it(token, lemma: str) -> bool:
    return lemma == "put" and any(child.dep_ == "dobj" and child.lower_ == "it" for child in token.children)


def _as_told(token) -> list[list]:
    """The clause that somebody's words are likened to: "as the mayor put it, …"."""
    as_clause = token.dep_ == "advcl" and any(child.dep_ in ("mark", "advmod") and child.lower_ == "as" for child in token.children)
    if not as_clause or token.tag_ not in _FINITE or not any(between.text == "," for between in token.doc[min(token.i, token.head.i) : max(token.i, token.head.i)]):
        return []
    return [_subtree(token.head, without=token, root=True)]


def _around_inserted(token, source) -> list[list]:
    """All the rest of a sentence in or after which a short reporting clause stands between commas: "…, he said, …".

    What the parser takes for the verb's clause is then often only the nearer part. After a quotation the rest is the
    outlet's again ("“…,” he said, leaving the room"), which is why unquoted words must come before.
    """
    doc = token.doc
    first, last = _clause_bounds(token, source)
    if first == 0 or last is None or doc[first - 1].text not in _PARTING or not _is_told_unquoted(doc, first):
        return []
    rest = doc[last + 1 :]
    if len(rest) and not (rest[0].is_punct or rest[0].is_space):
        return []
    if not any(_is_main_clause(member) for member in doc if member is not token and not first <= member.i <= last):
        return []  # "on Tuesday, he announced": nothing told yet
    following = next((member for member in rest if member.is_alpha), None)
    return [list(doc[:first]), [] if following is not None and following.tag_ == "VBG" else list(rest)]


def _is_told_unquoted(doc, first: int) -> bool:
    """Tell whether what stands before an inserted clause neither begins nor ends as a quotation: quoted words within it ("A “big truck” broke the fence, …") leave it reported."""
    return not any(mark in doc[:1].text or mark in doc[max(0, first - 3) : first].text for mark in _QUOTING)


def _is_main_clause(verb) -> bool:
    if verb.dep_ not in ("ROOT", "ccomp", "conj", "parataxis") or verb.pos_ not in ("VERB", "AUX"):
        return False
    below = {child.dep_ for child in verb.children}
    return bool(below & {"nsubj", "nsubjpass", "expl"}) and "mark" not in below


def _clause_bounds(token, source) -> tuple[int, int | None]:
    """First and last token of a bare reporting clause: its subject, the verb and the phrases right after; None for the last if it is more than that."""
    if any(child.dep_ == "dobj" for child in token.children) and lemma_of(token) not in _ADDRESSING:
        return token.i, None
    members = [*source.subtree, token]
    members += [child for child in token.children if child.dep_ in ("aux", "neg", "advmod", "prt") and child.i < token.i]
    for child in token.children:
        if child.i > token.i and child.dep_ in ("prep", "dobj", "dative", "npadvmod", "advmod", "prt") and not any(between.text in _PARTING for between in token.doc[token.i : child.i]):
            members += child.subtree
    places = {member.i for member in members}
    first, last = min(places), max(places)
    return first, last if source.i in places and len(places) == last - first + 1 and last - first < _LONGEST_INSERTED else None


def _objects(token, lemma: str, objects: frozenset[str]) -> list[list]:
    """What the object of a word names ("announced a plan"), or the phrase after its preposition ("called for a truce")."""
    contents = []
    for child in token.children:
        if child.dep_ == "dobj" and lemma in objects:
            contents.append(_subtree(child, without=token))
        elif child.dep_ in ("prep", "agent") and f"{lemma} {child.lower_}" in objects:
            contents.append([member for member in child.subtree if member != child])
    return contents


def _noun_report(token, reporting: Reporting):
    lemma = token.lemma_.lower()
    if token.pos_ != "NOUN":
        return None
    contents = _objects(token, lemma, reporting.object_nouns)
    for child in token.children:
        that = any(grand.dep_ == "mark" and grand.lower_ == "that" for grand in child.children)
        if child.dep_ in ("acl", "ccomp") and (that and lemma in reporting.nouns or _is_infinitive(child) and lemma in reporting.intention_nouns):
            contents.append(_subtree(child, without=token))
    if lemma in reporting.nouns and token.dep_ == "nsubj" and token.head.lemma_ == "be":  # "the message is that …"
        contents += [_subtree(child, without=token) for child in token.head.children if child.dep_ == "ccomp" and child.i > token.head.i]
    if lemma not in reporting.nouns and not contents:
        return None
    source = next((child for child in token.children if child.dep_ == "poss"), None)
    if source is None:
        by = next((child for child in token.children if child.dep_ == "prep" and child.lower_ in ("of", "by", "from")), None)
        source = next((child for child in by.children if child.dep_ == "pobj"), None) if by is not None else None
    if source is not None and source.lower_ in ("my", "our"):
        return None
    return (source, contents) if contents or source is not None else None


def _adjective_report(token, reporting: Reporting):
    """What somebody is sure of, worried about or willing to do: "she is confident that …"."""
    lemma = token.lower_
    if token.dep_ not in ("acomp", "ROOT", "conj", "amod", "advcl", "relcl", "ccomp") or token.pos_ not in ("ADJ", "VERB"):
        return None
    contents = _objects(token, lemma, reporting.object_adjectives)
    for child in token.children:
        if child.dep_ == "ccomp" and lemma in reporting.thought_adjectives or child.dep_ == "xcomp" and _is_infinitive(child) and lemma in reporting.intention_adjectives:
            contents.append(_subtree(child, without=token))
    source = next((child for child in token.children if child.dep_ in ("nsubj", "nsubjpass")), None) or (_subject(token.head) if token.dep_ == "acomp" else None)
    if not contents or source is None or source.lower_ in _FIRST_PERSON:
        return None
    return source, contents


def _is_infinitive(verb) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)


def _phrase_report(token):
    """"According to X, …", "in X's view, …" and "in a poll, …"."""
    if token.dep_ == "pobj" and token.lemma_.lower() in _POLLS and token.head.lower_ == "in" and token.head.head.pos_ in ("VERB", "AUX") and token.head.left_edge.i == 0:
        phrase = set(token.head.subtree)
        return token, [[member for member in token.doc if member not in phrase]]
    if token.lower_ in _OPINIONS and token.dep_ == "pobj" and token.head.lower_ == "in" and token.head.head.pos_ in ("VERB", "AUX"):
        source = next((child for child in token.children if child.dep_ == "poss"), None)
        if source is None or source.lower_ in ("my", "our"):
            return None
        return source, [_subtree(token.head.head, without=token.head, root=True)]
    if token.lower_ != "according":
        return None
    to = next((child for child in token.children if child.lower_ == "to"), None)
    source = next((child for child in to.children if child.dep_ == "pobj"), None) if to is not None else None
    if source is None or source.lemma_.lower() in _NOT_A_SOURCE:
        return None
    if source.lower_ in ("which", "whom"):
        return None, [[member for member in token.doc if member.i > source.i]]
    phrase = set(token.subtree)
    first, last = min(member.i for member in phrase), max(member.i for member in phrase)
    rest = [member for member in token.doc if member not in phrase]
    if (first == 0 and last + 1 < len(token.doc) and token.doc[last + 1].text == ",") or (first and token.doc[first - 1].text == "," and all(member.is_punct for member in token.doc[last + 1 :])):
        return source, [rest]  # at either end of the sentence the phrase covers all of it
    anchor = token.head
    while anchor.dep_ not in ("ROOT", "ccomp", "relcl", "conj", "advcl", "parataxis") and anchor.head is not anchor:
        anchor = anchor.head
    return source, [_subtree(anchor, without=token, root=True)]


def _is_inserted(token) -> bool:
    """Tell whether a reporting clause stands within or after its content, set off by commas or dashes."""
    left = min(child.i for child in token.subtree)
    if token.tag_ not in _FINITE or not any(child.dep_ == "nsubj" for child in token.children) or any(child.dep_ == "dobj" for child in token.children):
        return False  # "he left, accusing them"
    return left > 0 and token.doc[left - 1].is_punct and token.head.i < token.i


def _subject(token):
    for child in token.children:
        if child.dep_ == "nsubj":
            if child.lower_ in ("who", "that", "which") and token.dep_ == "relcl":
                return token.head
            return child
        if child.dep_ == "agent":
            return next((grand for grand in child.children if grand.dep_ == "pobj"), None)
    if token.dep_ in ("conj", "advcl", "xcomp", "pcomp") and token.head is not token:
        verb = token.head if token.dep_ != "pcomp" else token.head.head
        return _subject(verb) if verb.pos_ in ("VERB", "AUX") and verb is not token else None
    if token.dep_ == "acl":
        return token.head
    return None


def _subtree(token, *, without, root: bool = False) -> list:
    """The tokens that a clause consists of, less the reporting clause when that hangs below it."""
    cut = set(without.subtree) if root else {without}
    return [member for member in token.subtree if member not in cut]


def _spans(sentence: Sentence, tokens: list):
    """Offsets of the runs of neighbouring tokens (punctuation between them does not part them), without punctuation at their ends."""
    run = []
    for token in [*sorted(tokens, key=lambda token: token.i), None]:
        if run and (token is None or not all(between.is_punct for between in token.doc[run[-1].i + 1 : token.i])):
            while run and (run[0].is_punct or run[0].is_space):
                run.pop(0)
            while run and (run[-1].is_punct or run[-1].is_space):
                run.pop()
            if run:
                yield sentence.start + run[0].idx, sentence.start + run[-1].idx + len(run[-1])
            run = []
        if token is not None:
            run.append(token)


def _is_namelike(token) -> bool:
    return token.pos_ in ("PROPN", "NOUN")


def _name(token) -> str:
    """The speaker as printed."""
    phrase = _phrase(token)
    return phrase.text.strip() if phrase else ""


def _place(sentence: Sentence, token) -> tuple[int, int] | None:
    phrase = _phrase(token)
    return (sentence.start + phrase.start_char, sentence.start + phrase.end_char) if phrase else None


def _phrase(token):
    """The noun phrase up to its head, with an `of` phrase after it: a spaCy span, or None."""
    if token is None:
        return None
    members = [member for member in token.subtree if not any(up.dep_ in _CLAUSES for up in _path(member, token))]
    kept = [member for member in members if member.i <= token.i]
    for child in token.children:
        if child.i > token.i and (child.dep_ == "prep" and child.lower_ == "of" or child.dep_ in ("compound", "flat")):
            kept += [member for member in child.subtree if member in members]
    kept.sort(key=lambda member: member.i)
    while kept and (kept[0].is_punct or kept[0].dep_ in ("det", "prep", "advmod", "case") or _is_day(kept[0])):
        kept.pop(0)
    while kept and (kept[-1].is_punct or kept[-1].lower_ in ("'s", "’s")):
        kept.pop()
    if token.pos_ == "PROPN" and not any(member.lower_ == "of" for member in kept):  # "political analyst Pavel Klachkov"
        kept = kept[max((i for i, member in enumerate(kept[:-1]) if member.text.isalpha() and member.text.islower()), default=-1) + 1 :]
    return token.doc[kept[0].i : kept[-1].i + 1] if kept else None


def _is_day(token) -> bool:
    """Tell whether a word is the day of what is told, which a lost comma joins to the speaker ("On Saturday Moscow said"), and no part of a name ("the Sunday Times")."""
    return token.lower_ in _DAYS and not (token.i and token.nbor(-1).dep_ == "det")


def _path(member, head):
    while member != head:
        yield member
        member = member.head


def _speakers_of_quotes(text: str, direct: list[Quote], reports: list[_Report], starts: list[int]) -> dict[Quote, tuple[str, tuple[int, int] | None]]:
    """Find who speaks: the reporting clause after the quote, before it, a sentence that leads to it, a line that signs it, or the quote before.

    `starts` are the starts of the sentences: a full stop alone ("Ms. Acosta said") ends none.
    """
    reports = [r for r in reports if not any(start <= r.at < end for other in reports for start, end in other.contents)]
    speakers, previous = {}, None
    for quote in direct:
        paragraph = text.rfind("\n", 0, quote.start) + 1
        line_end = text.find("\n", quote.end)
        line_end = len(text) if line_end < 0 else line_end
        stop = min((other.start for other in direct if other.start >= quote.end), default=line_end)
        after = [r for r in reports if quote.end <= r.at < min(quote.end + 120, line_end, stop) and r.speaker and not _sentence_break(text, starts, quote.end, r.at)]
        floor = max((other.end for other in direct if other.end <= quote.start), default=0)
        before = [r for r in reports if max(paragraph, floor) <= r.at < quote.start and r.speaker]
        lead = text[:quote.start].rstrip()
        if not before and lead.endswith(":"):
            before = [r for r in reports if text.rfind("\n", 0, len(lead)) <= r.at < quote.start and r.speaker]
        signed = _SIGNATURE.match(text, quote.end)
        if after:
            speakers[quote] = after[0].speaker, after[0].source
        elif signed:
            speakers[quote] = signed[1], signed.span(1)
        elif before and (not _sentence_break(text, starts, before[-1].at, quote.start) or lead.endswith(":")):
            speakers[quote] = before[-1].speaker, before[-1].source
        elif previous and previous in speakers and "\n" not in text[previous.end : quote.start]:
            speakers[quote] = speakers[previous]
        elif before:
            speakers[quote] = before[-1].speaker, before[-1].source
        previous = quote
    return speakers


def _sentence_break(text: str, starts: list[int], start: int, end: int) -> bool:
    """Tell whether a line or a sentence ends between two places; a sentence that begins with the very mark at `end` is still the same."""
    return "\n" in text[start:end] or bisect_right(starts, end - 1) > bisect_right(starts, start)


def _subtract(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    pieces = [(start, end)]
    for left, right in taken:
        pieces = [part for a, b in pieces for part in ((a, min(b, left)), (max(a, right), b)) if part[0] < part[1]]
    return pieces


def _trim(text: str, start: int, end: int):
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else None
