"""The articles in full, with every passage marked in place."""

from collections import Counter
from typing import NamedTuple

from pressframes.evidence import sentence_anchor
from pressframes.layers.regions import KEPT

_VOICE_WORDS = {"direct": "quoted", "indirect": "reported"}


class Piece(NamedTuple):
    """A stretch of text over which the marks do not change. `notes` are the numbers of the notes on a mark that ends here."""

    text: str
    classes: str
    about: str
    notes: tuple[int, ...]
    speaker: str


class Stretch(NamedTuple):
    """A sentence, with the anchor that concordance lines lead to, or the white space between two (no anchor)."""

    anchor: str
    pieces: tuple[Piece, ...]


class MarkedArticle(NamedTuple):
    """One article as the page shows it: its head, its paragraphs (kind, stretches), its numbered notes and its mentions."""

    article_id: str
    group: str
    outlet: str
    title: str
    facts: tuple[str, ...]
    paragraphs: tuple[tuple[str, tuple[Stretch, ...]], ...]
    notes: tuple[tuple[int, str], ...]
    mentions: tuple[tuple[str, str], ...]


class _Span(NamedTuple):
    start: int
    end: int
    classes: str
    about: str
    note: str
    """What the numbered note says; spans that share it share its number; empty for spans that have none."""
    speaker: str = ""


def marked_articles(study) -> list[MarkedArticle]:
    """Return the articles of a study, marked: targets, voices, scare quotes, loaded terms, naming variants."""
    tables = {name: getattr(study.annotations(), name) for name in ("regions", "sentences", "voices", "mentions", "loaded", "naming")}
    parts = {name: dict(list(table.groupby("article_id", sort=False))) for name, table in tables.items()}
    of = lambda article_id: {name: parts[name].get(article_id, table.iloc[:0]) for name, table in tables.items()}
    return [_marked(study, row, of(row.article_id)) for row in study.annotations().articles.itertuples()]


def _marked(study, row, tables) -> MarkedArticle:
    text, spans = study.text(row.article_id), _spans(study, tables)
    numbered = {note: number for number, note in enumerate(dict.fromkeys(span.note for span in sorted(spans) if span.note), start=1)}
    paragraphs = tuple(
        (region.kind, tuple(_stretches(text, region, tables["sentences"], spans, numbered)))
        for region in tables["regions"].itertuples() if region.kind in KEPT
    )  # fmt: skip
    notes = tuple((number, note) for note, number in numbered.items())
    words = {label: Counter(tables["mentions"][tables["mentions"]["target"] == key]["text"]) for key, label in study.targets.items()}
    mentions = tuple((label, ", ".join(f"{word} {count}" for word, count in found.most_common())) for label, found in words.items() if found)
    facts = (row.published + (f" ({row.date_precision} only)" if row.date_precision in ("month", "year") else ""), f"{row.n_words:,} words",
             f"byline {row.byline}" if row.byline else "", f"from {row.syndicated_from}" if row.syndicated_from else "", "machine-translated" if row.translation == "machine" else "")  # fmt: skip
    return MarkedArticle(row.article_id, row.group, row.outlet, row.title, tuple(filter(None, facts)), paragraphs, notes, mentions)


def _spans(study, tables) -> list[_Span]:
    order = {key: i for i, key in enumerate(study.targets)}
    why = {entry.entry: entry for entry in study.lexicons.loaded}
    variants = {(variant.referent, variant.variant): variant for variant in study.lexicons.naming}
    spans = []
    for row in tables["voices"].itertuples():
        if row.kind in _VOICE_WORDS:
            word = _VOICE_WORDS[row.kind]
            rule = "between quotation marks" if row.kind == "direct" else "told as somebody's words or thoughts"
            about = f"{word}: {row.speaker or 'speaker not found'} ({rule})" if row.resolved else "quotation mark without a partner"
            spans.append(_Span(row.start, row.end, f"voice {row.kind}", about, "" if row.resolved else "a quotation mark without a partner: it takes the rest of its paragraph if that is speech, else nothing.", f"{word}: {row.speaker}" if row.speaker else word))
        else:
            kind = "scare quotes" if row.kind == "scare" else "a name in quotation marks"
            spans.append(_Span(row.start, row.end, row.kind, kind, "scare quotes: short quoted words that the signs in their sentence make neither speech nor a name." if row.kind == "scare" else ""))
    for row in tables["mentions"].itertuples():
        spans.append(_Span(row.start, row.end, f"target t{order[row.target] % 5}", f"mention of {study.targets[row.target]}: {row.kind}, alias “{row.alias}”", ""))
    for row in tables["loaded"].itertuples():
        if row.lexicon == "curated":
            entry = why[row.entry]
            spans.append(_Span(row.start, row.end, f"loaded {row.polarity}", f"loaded: {row.category}, {row.polarity}; entry “{row.entry}”", f"“{row.entry}”: loaded, {row.category}, {row.polarity}; {entry.reason}. Source: {entry.source}."))
    for row in tables["naming"].itertuples():
        variant = variants[row.referent, row.variant]
        spans.append(_Span(row.start, row.end, "naming", f"names {row.referent}: {row.variant}", f"“{row.variant}” for {row.referent}: {variant.reason}."))
    return spans


def _stretches(text, region, sentences, spans, numbered):
    here, at = [span for span in spans if span.start < region.end and span.end > region.start], region.start
    for sentence in sentences[(sentences["start"] >= region.start) & (sentences["end"] <= region.end)].itertuples():
        if at < sentence.start:
            yield Stretch("", _pieces(text, at, sentence.start, here, numbered))
        yield Stretch(sentence_anchor(sentence.article_id, sentence.sentence_id), _pieces(text, sentence.start, sentence.end, here, numbered))
        at = sentence.end
    if at < region.end:
        yield Stretch("", _pieces(text, at, region.end, here, numbered))


def _pieces(text, start, end, spans, numbered) -> tuple[Piece, ...]:
    here = [span for span in spans if span.start < end and span.end > start]
    cuts = sorted({start, end, *(max(span.start, start) for span in here), *(min(span.end, end) for span in here)})
    pieces = []
    for left, right in zip(cuts, cuts[1:]):
        over = [span for span in here if span.start <= left and right <= span.end]
        classes = dict.fromkeys(" ".join(span.classes for span in over).split())
        speaker = next((span.speaker for span in over if span.start == left and span.speaker), "")
        notes = tuple(numbered[span.note] for span in over if span.end == right and span.note)
        pieces.append(Piece(text[left:right], " ".join(classes), "; ".join(dict.fromkeys(span.about for span in over)), notes, speaker))
    return tuple(pieces)
