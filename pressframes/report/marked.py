"""The articles in full, with every passage marked in place."""

from collections import Counter
from typing import NamedTuple

from pressframes.evidence import article_anchor, sentence_anchor
from pressframes.layers.regions import KEPT
from pressframes.report.lines import mark_anchor

_VOICE_WORDS = {"direct": "quoted", "indirect": "reported"}
_KINDS = {"name": "by name", "adjective": "by its adjective", "person": "by a person who holds or held its office", "metonym": "by a place or institution that stands for it"}


class Piece(NamedTuple):
    """A stretch of text over which the marks do not change.

    `anchor` is the address of a mark that begins here, `notes` are the numbers of the notes on a mark that ends here, `speaker` tells whose words begin
    here, `is_term` whether this is more than a change of voice.
    """

    text: str
    classes: str
    about: str
    notes: tuple[int, ...]
    speaker: str
    anchor: str
    is_term: bool


class Strip(NamedTuple):
    """Where one kind of mark falls in an article: the thousandths of the article's length at which each begins, and how many it covers."""

    label: str
    classes: str
    spans: tuple[tuple[int, int], ...]


class Stretch(NamedTuple):
    """A sentence, with the anchor that concordance lines lead to, or the white space between two (no anchor)."""

    anchor: str
    pieces: tuple[Piece, ...]


class MarkedArticle(NamedTuple):
    """One article as the page shows it: its head, where its marks fall, its paragraphs (kind, stretches), its numbered notes and its mentions."""

    article_id: str
    anchor: str
    group: str
    outlet: str
    title: str
    published: str
    facts: tuple[str, ...]
    strips: tuple[Strip, ...]
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
    return MarkedArticle(row.article_id, article_anchor(row.article_id), row.group, row.outlet, row.title, row.published, tuple(filter(None, facts)), _strips(study, tables), paragraphs, notes, mentions)


def _strips(study, tables) -> tuple[Strip, ...]:
    kept = tables["regions"][tables["regions"]["kind"].isin(KEPT)]
    if kept.empty:
        return ()
    first, length = kept["start"].min(), kept["end"].max() - kept["start"].min()
    place = lambda rows: tuple((round(1000 * (row.start - first) / length), max(4, round(1000 * (row.end - row.start) / length))) for row in rows.itertuples())
    voices, loaded = tables["voices"], tables["loaded"]
    rows = [(label, f"t{i % 5}", tables["mentions"][tables["mentions"]["target"] == key]) for i, (key, label) in enumerate(study.targets.items())]
    rows += [("loaded terms", "loaded", loaded[loaded["lexicon"] == "curated"]), ("quoted", "direct", voices[voices["kind"] == "direct"]), ("reported", "indirect", voices[voices["kind"] == "indirect"])]
    return tuple(Strip(label, classes, place(found)) for label, classes, found in rows if len(found))


def _spans(study, tables) -> list[_Span]:
    order = {key: i for i, key in enumerate(study.targets)}
    why = {entry.entry: entry for entry in study.lexicons.loaded}
    variants = {(variant.referent, variant.variant): variant for variant in study.lexicons.naming}
    spans = []
    for row in tables["voices"].itertuples():
        if row.kind in _VOICE_WORDS:
            word = _VOICE_WORDS[row.kind]
            rule = "between quotation marks" if row.kind == "direct" else "told as somebody's words or thoughts"
            about = f"{word.capitalize()}: {row.speaker or 'speaker not found'} ({rule})." if row.resolved else "Quotation mark without a partner."
            note = "" if row.resolved else "a quotation mark without a partner: it takes the rest of its paragraph if that is speech, else nothing."
            spans.append(_Span(row.start, row.end, f"voice {row.kind}", about, note, f"{word}: {row.speaker}" if row.speaker else word))
        else:
            kind = "Scare quotes: short quoted words that are neither speech nor a name." if row.kind == "scare" else "A name in quotation marks."
            note = "scare quotes: short quoted words that the signs in their sentence make neither speech nor a name." if row.kind == "scare" else ""
            spans.append(_Span(row.start, row.end, row.kind, kind, note))
    for row in tables["mentions"].itertuples():
        about = f"Mention of {study.targets[row.target]} {_KINDS.get(row.kind, row.kind)} (“{row.alias}” in the list), {_whose(row)}."
        spans.append(_Span(row.start, row.end, f"target t{order[row.target] % 5}", about, ""))
    for row in tables["loaded"].itertuples():
        if row.lexicon == "curated":
            entry = why[row.entry]
            about = f"Loaded term “{row.entry}”: {row.category}, {row.polarity}, {_whose(row)}{', denied by its sentence' if row.negated else ''}; {entry.reason}."
            note = f"“{row.entry}”: loaded, {row.category}, {row.polarity}; {entry.reason}. Source: {entry.source}."
            spans.append(_Span(row.start, row.end, f"loaded {row.polarity}", about, note))
    for row in tables["naming"].itertuples():
        variant = variants[row.referent, row.variant]
        about = f"“{row.variant}” names {row.referent}, {_whose(row)}: {variant.reason}."
        spans.append(_Span(row.start, row.end, "naming", about, f"“{row.variant}” for {row.referent}: {variant.reason}."))
    return spans


def _whose(row) -> str:
    return f"in {_VOICE_WORDS[row.voice]} words" if row.voice in _VOICE_WORDS else "in the outlet's own words"


def _stretches(text, region, sentences, spans, numbered):
    here, at = [span for span in spans if span.start < region.end and span.end > region.start], region.start
    for sentence in sentences[(sentences["start"] >= region.start) & (sentences["end"] <= region.end)].itertuples():
        if at < sentence.start:
            yield Stretch("", _pieces(region.article_id, text, at, sentence.start, here, numbered))
        yield Stretch(sentence_anchor(sentence.article_id, sentence.sentence_id), _pieces(region.article_id, text, sentence.start, sentence.end, here, numbered))
        at = sentence.end
    if at < region.end:
        yield Stretch("", _pieces(region.article_id, text, at, region.end, here, numbered))


def _pieces(article_id, text, start, end, spans, numbered) -> tuple[Piece, ...]:
    here = [span for span in spans if span.start < end and span.end > start]
    cuts = sorted({start, end, *(max(span.start, start) for span in here), *(min(span.end, end) for span in here)})
    pieces = []
    for left, right in zip(cuts, cuts[1:]):
        over = [span for span in here if span.start <= left and right <= span.end]
        classes = dict.fromkeys(" ".join(span.classes for span in over).split())
        speaker = next((span.speaker for span in over if span.start == left and span.speaker), "")
        notes = tuple(numbered[span.note] for span in over if span.end == right and span.note)
        terms = [span for span in over if not span.classes.startswith("voice")]
        anchor = mark_anchor(article_id, left) if any(span.start == left for span in terms) else ""
        pieces.append(Piece(text[left:right], " ".join(classes), " ".join(dict.fromkeys(span.about for span in over)), notes, speaker, anchor, bool(terms)))
    return tuple(pieces)
