"""From any number to its sentences: concordance lines cut from the source text by offset."""

import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module

import pandas as pd

from pressframes.annotate import Annotations
from pressframes.corpus import Article
from pressframes.errors import InputError, known
from pressframes.patterns import BoundedPattern
from pressframes.results import MOST_SHOWN, STYLE, Figure
from pressframes.tokens import tokenise

ASKED = ("group", "outlet", "article_id", "voice", "target", "category", "polarity", "entry", "kind", "text", "referent", "variant", "held", "relation", "role", "word", "label", "frame", "term", "side", "group_a", "group_b")
"""What the sentences behind a table can be narrowed by, where its occurrences have it."""
CONTEXT = ("group", "article_id", "outlet", "published", "sentence_id", "voice", "start", "end", "left", "node", "right")


@dataclass(frozen=True)
class Concordance:
    """Lines of a concordance. In each, `left + node + right` is the sentence exactly as the source prints it."""

    frame: pd.DataFrame
    caption: str
    total: int
    lengths: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Characters of each article that has a line."""

    def __len__(self) -> int:
        return len(self.frame)

    def to_frame(self) -> pd.DataFrame:
        """Return group, article_id, outlet, published, sentence_id, voice, start, end, left, node, right."""
        return self.frame.copy()

    def top(self, lines: int) -> "Concordance":
        """Return the first lines; the caption still tells how many there are in all."""
        return replace(self, frame=self.frame.head(lines))

    def plot(self) -> Figure:
        """Return a strip an article with a mark where each line stands."""
        return import_module("pressframes.charts").dispersion(self)

    @property
    def _head(self) -> str:
        shown = "" if len(self.frame) == self.total else f", the first {len(self.frame)} shown"
        return f"{self.caption}: {self.total} line{'' if self.total == 1 else 's'}{shown}"

    def __repr__(self) -> str:
        if len(self.frame) > MOST_SHOWN:
            return repr(self.top(MOST_SHOWN))
        lines = [f"{row.article_id}:{row.sentence_id} {row.voice:<8} {_squeeze(row.left)[-45:]:>45} [{_squeeze(row.node)}] {_squeeze(row.right)[:45]}" for row in self.frame.itertuples()]
        return "\n".join([self._head, *lines])

    def _repr_html_(self) -> str:
        if len(self.frame) > MOST_SHOWN:
            return self.top(MOST_SHOWN)._repr_html_()
        rows = "\n".join(
            f'<tr><td>{html.escape(row.group)}</td><td><a class="pf-source" href="#{sentence_anchor(row.article_id, row.sentence_id)}">{html.escape(row.article_id)}:{row.sentence_id}</a></td>'
            f"<td>{html.escape(row.voice)}</td><td class=\"line\">{html.escape(row.left)}<mark>{html.escape(row.node)}</mark>{html.escape(row.right)}</td></tr>"
            for row in self.frame.itertuples()
        )
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("group", "article : sentence", "voice", "sentence"))
        return (
            f'<figure class="pf-table"><table class="pf-concordance"><caption>{html.escape(self._head)}</caption>\n'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>{STYLE}</figure>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


@dataclass(frozen=True)
class Behind:
    """What stands behind a table: the occurrences that its rows count.

    Attributes:
        occurrences: makes them, one row each: article_id, sentence_id, start, end, voice, and columns of `ASKED` with the values that the table shows.
        keys: the columns by which a row of the table finds its own.
        lines: makes a concordance of occurrences under a caption.
        values: what a column can hold besides what is found in it.
        targets: their labels by key; both are understood.
    """

    occurrences: Callable[[], pd.DataFrame]
    keys: tuple[str, ...]
    lines: Callable[[pd.DataFrame, str], Concordance]
    values: Mapping[str, Collection[str]]
    targets: Mapping[str, str]

    def explain(self, table, where: Mapping[str, str]) -> Concordance:
        """Return the sentences of the rows that a table shows, narrowed by column=value; see `Table.explain`."""
        rows = self.occurrences()
        columns = [column for column in ASKED if column in rows]
        narrowed = pd.Series(True, index=rows.index)
        for column, value in where.items():
            if column not in columns:
                raise InputError(f"explain: unknown column '{column}'; {known(column, columns)}")
            value = self.targets.get(value, value) if column == "target" else value
            there = [*dict.fromkeys([*self.values.get(column, ()), *(table.frame[column] if column in table.frame else ()), *rows[column].unique()])]
            if value not in there:
                raise InputError(f"explain: unknown {column} '{value}'; {known(str(value), map(str, there))}")
            narrowed &= rows[column] == value
        rows, keys = rows[narrowed], list(self.keys)
        rows = rows.merge(table.frame[keys].drop_duplicates(), on=keys) if keys else rows
        return self.lines(rows, ", ".join([table.caption, *(self.targets.get(value, str(value)) for value in where.values())]))


def article_anchor(article_id: str) -> str:
    """What the addresses of an article's sentences and marks begin with, within a report; also the name of its file: letters, digits, `-` and `_`, others by their number."""
    return f"a{re.sub(r'[^A-Za-z0-9_-]', lambda other: f'-{ord(other[0]):x}-', article_id)}"


def sentence_anchor(article_id: str, sentence_id: int) -> str:
    """The address of a sentence within a report."""
    return f"{article_anchor(article_id)}-s{sentence_id}"


def concordance_of(hits: pd.DataFrame, annotations: Annotations, articles: Mapping[str, Article], *, caption: str) -> Concordance:
    """Make concordance lines of rows that carry article_id, sentence_id, start, end and voice."""
    places = annotations.sentences.rename(columns={"start": "from", "end": "to"})[["article_id", "sentence_id", "from", "to"]]
    about = annotations.articles[["article_id", "group", "outlet", "published"]]
    order = {article_id: i for i, article_id in enumerate(annotations.articles["article_id"])}
    rows = hits[["article_id", "sentence_id", "start", "end", "voice"]].merge(places, on=["article_id", "sentence_id"]).merge(about, on="article_id")
    rows = rows.drop_duplicates(["article_id", "start", "end"]).sort_values(["article_id", "start"], key=lambda column: column.map(order) if column.name == "article_id" else column, kind="stable")
    texts = [articles[article_id].text for article_id in rows["article_id"]]
    rows["left"] = [text[a:b] for text, a, b in zip(texts, rows["from"], rows["start"])]
    rows["node"] = [text[a:b] for text, a, b in zip(texts, rows["start"], rows["end"])]
    rows["right"] = [text[a:b] for text, a, b in zip(texts, rows["end"], rows["to"])]
    return Concordance(rows[list(CONTEXT)].reset_index(drop=True), caption, len(rows), {article_id: len(articles[article_id].text) for article_id in rows["article_id"].unique()})


def find_term(term: str, annotations: Annotations, articles: Mapping[str, Article], *, regex: bool = False) -> pd.DataFrame:
    """Find a word, a phrase or a regular expression in title and body.

    A word or phrase matches whole words, case ignored; a trailing `*` stands for any ending ("provo*"). A regular
    expression is matched within sentences.

    Returns:
        article_id, sentence_id, start, end, voice.

    Raises:
        InputError: if the term holds no word, or the regular expression is not valid or takes too long in a sentence.
    """
    if regex:
        return _find_pattern(BoundedPattern(term, f"term '{term}'"), annotations, articles)
    words = [token.norm for token in tokenise(term)]
    if not words:
        raise InputError(f"term '{term}' holds no word; give a word, a phrase or a regular expression")
    tokens = annotations.tokens
    hit = pd.Series(True, index=tokens.index)
    for step, word in enumerate(words):
        norms = tokens["norm"].shift(-step)
        last = step == len(words) - 1
        hit &= (norms.str.startswith(word) if last and term.rstrip().endswith("*") else norms == word).fillna(False).astype(bool)
        for column in ("article_id", "sentence_id"):
            hit &= tokens[column].shift(-step) == tokens[column]
    ends = tokens["end"].shift(1 - len(words))
    found = tokens.loc[hit, ["article_id", "sentence_id", "start", "voice"]]
    return found.assign(end=ends[hit].astype("int64"))


def _find_pattern(pattern: BoundedPattern, annotations: Annotations, articles) -> pd.DataFrame:
    sentences = annotations.sentences
    rows = [
        (article_id, sentence_id, match.start(), match.end())
        for article_id, sentence_id, start, end in zip(sentences["article_id"], sentences["sentence_id"], sentences["start"], sentences["end"])
        for match in pattern.finditer(articles[article_id].text, start, end) if match.end() > match.start()
    ]  # fmt: skip
    if not rows:
        return annotations.tokens.iloc[:0][["article_id", "sentence_id", "start", "end", "voice"]]
    found = pd.DataFrame(rows, columns=["article_id", "sentence_id", "start", "end"])
    voices = annotations.tokens[annotations.tokens["start"].isin(found["start"])][["article_id", "start", "voice"]]
    found = found.merge(voices, on=["article_id", "start"], how="left")
    return found.assign(voice=found["voice"].fillna("outlet"))


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)
