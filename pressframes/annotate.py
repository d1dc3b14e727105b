"""Articles to tables: the one pipeline, the same for five articles or ten million."""

import io
import json
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from importlib import metadata
from pathlib import Path

import pandas as pd

from pressframes import cache, shelf
from pressframes.corpus import Article
from pressframes.errors import InputError
from pressframes.layers.frames import frames_of
from pressframes.layers.parse import parse, parser_version
from pressframes.layers.quotes import find_quotes
from pressframes.languages import ENGLISH, language_name
from pressframes.layers.regions import KEPT, Region, find_regions
from pressframes.layers.roles import find_roles
from pressframes.layers.sentences import split_sentences
from pressframes.layers.terms import TermLayers
from pressframes.layers.tone import tones
from pressframes.layers.toward import find_toward
from pressframes.layers.voices import Sentence, find_voices, needs_parse, voice_lookup
from pressframes.lexicon import LexiconSet
from pressframes.placing import drafting_in
from pressframes.results import Table
from pressframes.tokens import tokenise

COLUMNS = {
    "articles": "article_id group outlet title byline published date_precision syndicated_from translation path sha256 n_chars n_words language",
    "regions": "article_id start end kind rule",
    "sentences": "article_id sentence_id start end region",
    "tokens": "article_id sentence_id token_id start end text norm voice",
    "voices": "article_id start end kind speaker resolved",
    "mentions": "article_id sentence_id start end text target kind voice alias",
    "loaded": "article_id sentence_id start end text entry category polarity lexicon voice negated toward",
    "naming": "article_id sentence_id start end text referent variant voice",
    "roles": "article_id sentence_id target start end role predicate voice",
    "tone": "article_id sentence_id start end target label score voice",
    "frames": "article_id frame probability present passages",
}
COLUMNS = {name: tuple(columns.split()) for name, columns in COLUMNS.items()}
_KINDS = {
    **dict.fromkeys(("start", "end", "sentence_id", "token_id", "n_chars", "n_words"), "int64"), **dict.fromkeys(("resolved", "negated"), "bool"),
    **dict.fromkeys(("score", "probability"), "float64"),
}  # fmt: skip
FORMATS = ("parquet", "csv", "jsonl")
_READ = tuple(field.name for field in fields(Article) if field.name not in (*set(COLUMNS["articles"]) - {"title", "byline", "language"}, "event", "known_from"))  # what a layer may read of an article
STORED_AT_ONCE = 50
"""Articles: so many are annotated together and then stored, so that a run that is killed loses no more than these."""
LONGEST_PARSED = 5000
"""Characters: a longer stretch without a sentence's end is no sentence; it has no reported speech, no roles and no tone."""


@dataclass(frozen=True)
class Annotations:
    """All layers of a set of articles, one table a layer; offsets count code points of the file text.

    The columns of each table are `COLUMNS`. Sentences, tokens, mentions, loaded, naming and roles cover title and body alone.
    """

    articles: pd.DataFrame
    regions: pd.DataFrame
    sentences: pd.DataFrame
    tokens: pd.DataFrame
    voices: pd.DataFrame
    mentions: pd.DataFrame
    loaded: pd.DataFrame
    naming: pd.DataFrame
    roles: pd.DataFrame
    tone: pd.DataFrame
    frames: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def to_frame(self) -> pd.DataFrame:
        """Return a row a layer: layer, rows, columns (their names)."""
        return pd.DataFrame([(name, len(table), ", ".join(table.columns)) for name, table in self.tables().items()], columns=["layer", "rows", "columns"])

    def _shown(self) -> Table:
        notes = ("Each layer is a pandas frame: annotations.mentions. Offsets count code points of the file text: text[start:end] is what the reader sees.",)
        return Table(self.to_frame(), "annotations", f"Annotation layers of {len(self.articles)} article{'' if len(self.articles) == 1 else 's'}", notes, formats={"rows": ",d"})

    def __repr__(self) -> str:
        return "\n".join([self._shown().caption, *(f"{name:<10} {len(table):>9,} rows" for name, table in self.tables().items())])

    def _repr_html_(self) -> str:
        return self._shown()._repr_html_()

    def only(self, article_ids: Collection[str]) -> "Annotations":
        """Return the tables of these articles alone."""
        return Annotations(**{name: table[table["article_id"].isin(article_ids)].reset_index(drop=True) for name, table in self.tables().items()})


def annotate(articles: Iterable[Article], lexicons: LexiconSet, *, languages: tuple[str, ...] = (ENGLISH,)) -> Annotations:
    """Annotate articles with every layer.

    Args:
        articles: with the text as read; the order is kept.
        lexicons: what to look for.
        languages: an article in another has one region, `boilerplate`, and no words. One in a language of these that is not English has all layers but those that
            need an English parser or model: reported speech, roles, tone, frames.
    """
    articles = tuple(articles)
    return _tables(articles, _layers(articles, lexicons, languages))


def _layers(articles: Iterable[Article], lexicons: LexiconSet, languages: tuple[str, ...]) -> list[dict[str, list[tuple]]]:
    """The rows of every layer, an article at a time, without the article's id: they hang on its text, title, byline and language alone."""
    terms = TermLayers(lexicons)
    drafts = [_Draft(article, lexicons, terms, languages) for article in articles]
    docs = parse([sentence for draft in drafts for sentence in draft.to_parse(lexicons)])
    for draft in drafts:
        draft.finish(docs, lexicons)
    return [draft.rows() for draft in drafts]


def _tables(articles: tuple[Article, ...], layers: Iterable[dict[str, list]]) -> Annotations:
    rows = {name: [] for name in COLUMNS}
    for article, found in zip(articles, layers):
        about = {"n_chars": len(article.text), "n_words": len(found["tokens"])}
        rows["articles"].append(tuple(about[name] if name in about else getattr(article, name) for name in COLUMNS["articles"]))
        for name, values in found.items():
            rows[name] += [(article.article_id, *row) for row in values]
    return Annotations(**{name: _frame(name, values) for name, values in rows.items()})


def empty_tables() -> dict[str, pd.DataFrame]:
    """Return the tables of no article, by name."""
    return {name: _frame(name, []) for name in COLUMNS}


class _Draft:
    """One article on its way: the surface layers at once, the voices and roles when its sentences are parsed."""

    def __init__(self, article: Article, lexicons: LexiconSet, terms: TermLayers, languages: tuple[str, ...]):
        self.article, text = article, article.text
        self.is_english = article.language == ENGLISH
        self.regions = find_regions(text, lexicons.furniture, title=article.title, byline=article.byline, repeated=article.repeated) if article.language in languages else _left_out(article)
        blocks = [(region.start, region.end, region.kind) for region in self.regions if region.kind in KEPT]
        self.sentences = [(start, end, kind) for left, right, kind in blocks for start, end in split_sentences(text, left, right)]
        self.tokens = [tokenise(text, start, end) for start, end, _ in self.sentences]
        self.quotes = find_quotes(text, [(start, end) for start, end, _ in blocks], lexicons.reporting)
        self.mentions = terms.mentions(text, self.tokens)
        self.loaded = terms.loaded(text, self.tokens)
        self.naming = terms.naming(text, self.tokens)
        self.voices, self.roles, self.tone, self.frames, self.needed, self.toward = [], [], [], [], [], {}

    def to_parse(self, lexicons: LexiconSet) -> list[str]:
        """The sentences that a layer needs parsed: those with a target, and those that may report."""
        named = {self._sentence_of(mention.start) for mention in self.mentions}
        texts = [self.article.text[start:end] for start, end, _ in self.sentences]
        self.needed = [self.is_english and len(text) <= LONGEST_PARSED and (i in named or needs_parse(text, lexicons.reporting)) for i, text in enumerate(texts)]
        return [text for text, needed in zip(texts, self.needed) if needed]

    def finish(self, docs, lexicons: LexiconSet) -> None:
        """Take the parsed sentences of this article from `docs`, an iterator in their order, and make the layers that need them."""
        parsed = [Sentence(start, next(docs) if needed else None) for (start, _, _), needed in zip(self.sentences, self.needed)]
        self.voices = find_voices(self.article.text, self.quotes, parsed, lexicons.reporting)
        spans = {}
        for mention in self.mentions:
            spans.setdefault(self._sentence_of(mention.start), []).append((mention.start, mention.end))
        self.roles = [role for i in sorted(spans) if self.needed[i] for role in find_roles(parsed[i], spans[i], lexicons.targets.private)]
        self.toward = self._find_toward(parsed)
        if self.is_english:
            self.tone = self._judge_tone(parsed)
            self.frames = self._judge_frames()

    def _find_toward(self, parsed: list[Sentence]) -> dict[tuple[int, int], tuple[str, ...]]:
        by_sentence: dict[int, tuple[list, list]] = {}
        for mention in self.mentions:
            by_sentence.setdefault(self._sentence_of(mention.start), ([], []))[1].append((mention.start, mention.end, mention.target))
        for term in self.loaded:
            if (i := self._sentence_of(term.start)) in by_sentence:
                by_sentence[i][0].append((term.start, term.end))
        found = {}
        for i, (terms, mentions) in by_sentence.items():
            if terms and parsed[i].doc is not None:
                found |= find_toward(parsed[i], terms, mentions)
        return found

    def _judge_tone(self, parsed: list[Sentence]) -> list[tuple]:
        """One row a sentence and target; of several mentions of a target in a sentence, the mean score."""
        asked = [(self._sentence_of(mention.start), mention) for mention in self.mentions]
        asked = [(i, mention) for i, mention in asked if self.sentences[i][1] - self.sentences[i][0] <= LONGEST_PARSED]
        spans = [(self.sentences[i][0], self.sentences[i][1], mention, parsed[i].doc) for i, mention in asked]
        judged = tones([(self.article.text[start:end], mention.start - start, min(mention.end, end) - start, doc) for start, end, mention, doc in spans])
        by_pair: dict[tuple, list] = {}
        for (i, mention), tone in zip(asked, judged):
            by_pair.setdefault((i, mention.target), []).append((mention.start, tone))
        return [(i, *self.sentences[i][:2], target, *_mean_tone([tone for _, tone in found]), found[0][0]) for (i, target), found in by_pair.items()]

    def _judge_frames(self) -> list[tuple]:
        text = self.article.text
        body = [i for i, (_, _, kind) in enumerate(self.sentences) if kind != "title"]
        titles = [(start, end) for start, end, kind in self.sentences if kind == "title"]
        title = text[titles[0][0] : titles[-1][1]] if titles else ""
        found = frames_of(title, [text[self.sentences[i][0] : self.sentences[i][1]] for i in body])
        present = {None: "", True: "yes", False: "no"}
        return [(frame.frame, round(frame.probability, 6), present[frame.present], " ".join(str(body[i]) for i in frame.passages)) for frame in found]

    def _sentence_of(self, offset: int) -> int:
        return bisect_right(self.sentences, offset, key=lambda sentence: sentence[0]) - 1

    def rows(self) -> dict[str, list[tuple]]:
        """The rows of each layer without the article's id."""
        text, voice = self.article.text, voice_lookup(self.voices)
        sentence = {token.start: i for i, tokens in enumerate(self.tokens) for token in tokens}
        target = {(mention.start, mention.end): mention.target for mention in self.mentions}
        place = lambda item: (sentence[item.start], item.start, item.end, text[item.start : item.end])
        tokens = [(i, token) for i, tokens in enumerate(self.tokens) for token in tokens]
        return {
            "regions": [tuple(region) for region in self.regions],
            "sentences": [(i, *span) for i, span in enumerate(self.sentences)],
            "tokens": [(i, n, *token, voice(token.start)) for n, (i, token) in enumerate(tokens)],
            "voices": [tuple(item) for item in self.voices],
            "mentions": [(*place(item), item.target, item.kind, voice(item.start), item.alias) for item in self.mentions],
            "loaded": [(*place(item), item.entry.entry, item.entry.category, item.entry.polarity, item.lexicon, voice(item.start), item.negated, " ".join(self.toward.get((item.start, item.end), ()))) for item in self.loaded],
            "naming": [(*place(item), item.variant.referent, item.variant.variant, voice(item.start)) for item in self.naming],
            "roles": [(sentence[item.start], target[item.start, item.end], item.start, item.end, item.role, item.predicate, voice(item.start)) for item in self.roles],
            "tone": [(i, start, end, target, label, score, voice(at)) for i, start, end, target, label, score, at in self.tone],
            "frames": list(self.frames),
        }


def _left_out(article: Article) -> list[Region]:
    text = article.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return [Region(start, end, "boilerplate", f"article in {language_name(article.language)}")] if start < end else []


def _mean_tone(found: list) -> tuple[str, float]:
    """Label and score of a target that a sentence mentions once or more; no label where the mentions' labels differ."""
    labels = {tone.label for tone in found}
    return labels.pop() if len(labels) == 1 else "", round(sum(tone.score for tone in found) / len(found), 6)


def _frame(name: str, rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS[name]))
    return frame.astype({column: _KINDS.get(column, "str") for column in COLUMNS[name]})


def annotate_cached(articles: tuple[Article, ...], lexicons: LexiconSet, *, languages: tuple[str, ...] = (ENGLISH,)) -> Annotations:
    """Annotate, or take from the user's cache (`pressframes.cache`) what the same texts, lexicons and code gave before: the same tables either way.

    An article is annotated anew if anything of it has changed that a layer may read (not its group, outlet, dates or id); with the lexicons or the code, all are.
    """
    rules = cache.key(shelf.version(), shelf.hash_of_rules(), parser_version(), *(metadata.version(name) for name in ("spacy", "numpy")), cache.stable(lexicons))
    names = [cache.key(rules, str(article.language in languages), *(f"{name}={cache.stable(getattr(article, name))}" for name in _READ)) for article in articles]
    whole = cache.key(pd.__version__, *names, *(str(getattr(article, name, "")) for article in articles for name in COLUMNS["articles"]))
    with cache.lock(whole):  # who asks while another annotates waits for the same tables
        annotations = _stored_tables(whole)
        if annotations is None:
            annotations = _tables(articles, _stored_or_made(articles, names, lexicons, languages))
            cache.write("studies", whole, {f"{name}.parquet": frame.to_parquet(None, index=False) for name, frame in annotations.tables().items()})
    return annotations


def _stored_or_made(articles: tuple[Article, ...], names: list[str], lexicons: LexiconSet, languages: tuple[str, ...]) -> list[dict[str, list]]:
    found = {name: layers for name in names if (layers := _stored_layers(name)) is not None}
    missing = {name: article for name, article in zip(names, articles) if name not in found}
    for first in range(0, len(missing), STORED_AT_ONCE):
        part = dict(list(missing.items())[first : first + STORED_AT_ONCE])
        for name, layers in zip(part, _layers(part.values(), lexicons, languages)):
            found[name] = layers
            cache.write("articles", name, {"layers.json": json.dumps(layers).encode()})
    return [found[name] for name in names]


def _stored_layers(name: str) -> dict[str, list] | None:
    try:
        layers = json.loads((cache.read("articles", name) or {})["layers.json"])
    except (KeyError, ValueError):
        return None
    widths = {layer: len(columns) - 1 for layer, columns in COLUMNS.items() if layer != "articles"}
    return layers if layers.keys() == widths.keys() and all(len(row) == widths[layer] for layer, rows in layers.items() for row in rows) else None


def _stored_tables(name: str) -> Annotations | None:
    files = cache.read("studies", name) or {}
    try:
        tables = {name: pd.read_parquet(io.BytesIO(files[f"{name}.parquet"])) for name in COLUMNS}
    except (KeyError, OSError, ValueError):
        return None
    return Annotations(**tables) if all(tuple(tables[name].columns) == COLUMNS[name] for name in COLUMNS) else None


def write_annotations(annotations: Annotations, folder: Path, *, format: str = "parquet") -> list[Path]:
    """Write one file a table into `folder`, all or none.

    Args:
        folder: made if missing; files of the same names are replaced.
        format: `parquet`, `csv` or `jsonl`.

    Raises:
        InputError: if the format is unknown or the folder cannot be written.
    """
    if format not in FORMATS:
        raise InputError(f"unknown format '{format}'; use {', '.join(FORMATS)}")
    try:
        with drafting_in(folder) as draft:
            names = [file.name for file in _write(annotations, draft, format)]
        return [folder / name for name in names]
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); make room or choose another --out") from None


def _write(annotations: Annotations, folder: Path, format: str) -> list[Path]:
    files = []
    for name, frame in annotations.tables().items():
        file = folder / f"{name}.{format}"
        if format == "parquet":
            frame.to_parquet(file, index=False)
        elif format == "csv":
            frame.to_csv(file, index=False, lineterminator="\n")
        else:
            frame.to_json(file, orient="records", lines=True, force_ascii=False)
        files.append(file)
    return files
