"""Ask the articles a question of one's own: what is asked is a `View`, what is seen is `look(study, view)`, and `explore(study)` puts widgets before the two."""

import difflib
import html
import json
import re
import tomllib
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import counts, measures
from pressframes.annotate import Annotations
from pressframes.charts.figure import palette
from pressframes.comparison import FEWEST_ARTICLES, SENTENCES_DRAWN
from pressframes.errors import InputError
from pressframes.evidence import Concordance, concordance_of, find_term
from pressframes.layers.regions import KEPT
from pressframes.layers.terms import LoadedSearch
from pressframes.lexicon import LoadedEntry
from pressframes.measures.rates import FEWEST_DRAWN
from pressframes.measures.uncertainty import RESAMPLES
from pressframes.report.marked import marked_articles
from pressframes.results import Table, slug
from pressframes.study import Study
from pressframes.tokens import Token, tokenise

ADDED = "added"
"""The category of terms that a view adds to the list."""
MOST_LINES, LINES_SHOWN, MOST_STRIPS = 1000, 40, 30
_SENTENCE = ["article_id", "sentence_id"]
_VOICES = {"outlet": "the outlet's own words", "indirect": "reported speech", "direct": "quotations"}


@dataclass(frozen=True)
class View:
    """What is asked. An empty field does not narrow.

    Attributes:
        groups, voices: only these.
        targets: only sentences that mention one of these.
        term: a word, a phrase, a stem with `*` or, with `regex`, a regular expression; where empty, the curated loaded terms are counted.
        categories: of loaded terms, where no term is given; terms added count whatever the categories.
        added, struck: terms added to the loaded terms (each a word, a phrase or a stem with `*`), and entries struck from them.
        article: the article shown in full; where empty, the first that holds a line.
    """

    groups: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    term: str = ""
    regex: bool = False
    added: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True)
class Seen:
    """What a view shows: tables, lines, one article marked, and the code that makes the same.

    Attributes:
        asked: the view in words.
        rates: a row a group: count, words, rate per 1,000 words with its 95 % interval.
        places: a row an article: count, words, rate, and `at`, the words of the article (from 0) at which the lines stand, of its `n_words`.
        lines: the first MOST_LINES lines of the concordance; `total` tells of all.
        moved: rates of the loaded terms before and after the list was changed; None where it was not.
        article: the article marked; `marked` is its HTML.
        code: Python that makes `rates`, `places`, `lines` and `moved` again.
    """

    view: View
    asked: str
    rates: Table
    places: Table
    lines: Concordance
    moved: Table | None
    article: str
    marked: str
    code: str

    @property
    def strips(self) -> str:
        """Where in each article the lines stand, as HTML."""
        return _strips(self.places)

    @property
    def sentences(self) -> str:
        """The first LINES_SHOWN lines, as HTML; those of the article marked lead to their place in it."""
        shown = self.lines.top(LINES_SHOWN)._repr_html_()
        return re.sub(r'<a class="pf-source" href="#([^"]*)">([^<]*)</a>', lambda link: link[0] if f'<span id="{link[1]}">' in self.marked else link[2], shown)

    @property
    def said(self) -> str:
        """How many lines there are, in words."""
        return f"{self.lines.total:,} line{'' if self.lines.total == 1 else 's'}" if self.lines.total else "no lines"

    def __repr__(self) -> str:
        return "\n\n".join([f"{self.asked}: {self.said}", *(repr(part) for part in (self.rates, self.moved, self.lines.top(LINES_SHOWN)) if part is not None)])

    def _repr_html_(self) -> str:
        tables = [part._repr_html_() for part in (self.rates, self.moved) if part is not None]
        return f'{_style()}<div class="pf-explore">{"".join([*tables, self.strips, self.sentences, self.marked])}</div>'

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def look(study: Study, view: View) -> Seen:
    """Answer a view: the same view of the same study is always answered alike.

    Raises:
        InputError: in one line, if a name is unknown, the term is no regular expression, or a term cannot be added or struck.
    """
    _check(study, view)
    changed = with_list(study, added=view.added, struck=view.struck)
    narrowing = {"groups": view.groups, "targets": view.targets, "voices": view.voices}
    found, words = narrow(changed, hits(changed, term=view.term, regex=view.regex, categories=view.categories), **narrowing)
    asked, at = _asked(study, view), places(changed, found, words)
    article = view.article or next(iter(found["article_id"]), study.articles[0].article_id)
    return Seen(
        view, asked, rates(changed, found, words, asked), at, lines(changed, found, asked),
        moved(study, changed, words, categories=view.categories, **narrowing) if view.added or view.struck else None,
        article, _marked_html(changed, article, found), _code(study, view, asked),
    )  # fmt: skip


# The steps of an answer


def with_list(study: Study, *, added: tuple[str, ...] = (), struck: tuple[str, ...] = ()) -> Study:
    """Return the study with another list of loaded terms; only sentences that hold a form of a changed entry are searched anew.

    Args:
        added: words, phrases, or stems with `*`, of category ADDED.
        struck: entries of the list, or forms of them, which strike the whole entry.

    Raises:
        InputError: if a term to add holds no word or stands in the list, or one to strike does not.
    """
    if not (added or struck):
        return study
    asked = (tuple(added), tuple(struck))
    if vars(study).get("_explored_list", ((), None))[0] != asked:  # the last list stays on the study: most looks change something else
        vars(study)["_explored_list"] = (asked, _relisted(study, *asked))
    return vars(study)["_explored_list"][1]


def hits(study: Study, *, term: str = "", regex: bool = False, categories: tuple[str, ...] = ()) -> pd.DataFrame:
    """Find what is counted: a term, or (where it is empty) the loaded terms, of these categories if any are given.

    Returns:
        article_id, sentence_id, start, end, voice, group, outlet, in the order of the articles.

    Raises:
        InputError: if the term holds no word or is no regular expression.
    """
    layers = study.annotations()
    if term:
        found = find_term(term, layers, _articles(study), regex=regex)
    else:
        found = layers.loaded[layers.loaded["lexicon"] == "curated"]
        found = found[found["category"].isin([*categories, ADDED])] if categories else found
    return counts.with_articles(found[[*_SENTENCE, "start", "end", "voice"]], layers)


def narrow(study: Study, found: pd.DataFrame, *, groups: tuple[str, ...] = (), targets: tuple[str, ...] = (), voices: tuple[str, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the hits, and the words they are per, of these groups, voices and sentences that mention one of these targets.

    Returns:
        The hits, and the words by sentence and voice (article_id, sentence_id, voice, n, group, outlet).
    """
    return tuple(_kept(study, frame, groups, targets, voices) for frame in (found, _words(study)))


def rates(study: Study, found: pd.DataFrame, words: pd.DataFrame, caption: str) -> Table:
    """How often per 1,000 words, by group, with the interval of `measures.rates`: articles are drawn where each group shown has FEWEST_ARTICLES, else sentences."""
    present = set(words["group"].unique())
    groups = [group for group in study.groups if group in present]
    whole, sentences = bool(groups) and min(study.sizes[group] for group in groups) >= FEWEST_ARTICLES, study.annotations().sentences
    if whole:  # then the sums of each article are all that is drawn; one without such words is drawn too
        sentences = study.annotations().articles[["article_id", "group"]].assign(sentence_id=0)
        sentences = sentences[sentences["group"].isin(groups)]
        found, words = (sentences.assign(n=sentences["article_id"].map(sums).fillna(0)) for sums in (found["article_id"].value_counts(), words.groupby("article_id")["n"].sum()))
    drawn = "whole articles drawn anew within their group; it covers articles like these" if whole else SENTENCES_DRAWN
    notes = (f"Interval: 95 %, {drawn} ({RESAMPLES:,} draws, seed {study.settings.seed}). A count of 0 has the exact upper bound; words of fewer than {FEWEST_DRAWN} of them have no interval (–).",)
    frame = measures.rates(found, words, by=("group",), levels={"group": groups}, sentences=sentences, strata="group" if whole else None, seed=study.settings.seed)
    heads = {"group": "group", "count": "count", "words": "words", "rate": "per 1,000 words", "low": "95 % from", "high": "to"}
    return Table(frame, "view_rates", caption, notes, heads, {"count": ",d", "words": ",d", "rate": ".1f", "low": ".1f", "high": ".1f"})


def places(study: Study, found: pd.DataFrame, words: pd.DataFrame) -> Table:
    """Where in each article the hits stand: a row for each article that has words in `words`."""
    starts, by_article = _starts(study), {article: part.to_numpy() for article, part in found.groupby("article_id", sort=False)["start"]}
    totals = words.groupby("article_id")["n"].sum()
    frame = study.annotations().articles[["article_id", "group", "outlet", "n_words"]]
    frame = frame[frame["article_id"].isin(totals.index)].reset_index(drop=True)
    frame["at"] = [tuple(np.searchsorted(starts[article], by_article[article]).tolist()) if article in by_article else () for article in frame["article_id"]]
    frame["count"], frame["words"] = frame["at"].map(len).astype(int), frame["article_id"].map(totals).astype(int)
    frame["rate"] = 1000 * frame["count"] / frame["words"]
    heads = {"article_id": "article", "group": "group", "outlet": "outlet", "count": "count", "words": "words", "rate": "per 1,000 words"}
    return Table(frame, "view_places", "By article", (), heads, {"count": ",d", "words": ",d", "rate": ".1f"})


def lines(study: Study, found: pd.DataFrame, caption: str, *, most: int | None = MOST_LINES) -> Concordance:
    """The sentences behind the hits, the first `most` of them (None: all)."""
    made = concordance_of(found.head(len(found) if most is None else most), study.annotations(), _articles(study), caption=caption)
    return Concordance(made.frame, made.caption, len(found))


def moved(study: Study, changed: Study, words: pd.DataFrame, *, groups: tuple[str, ...] = (), targets: tuple[str, ...] = (), voices: tuple[str, ...] = (), categories: tuple[str, ...] = ()) -> Table:
    """What a changed list moves: counts and rates of the loaded terms by group, before and after.

    Args:
        study, changed: before and after; `changed` comes from `with_list`.
        words: from `narrow`.
        groups, targets, voices, categories: as in `View`.

    Returns:
        A row a group: group, before, after (counts), words, rate_before, rate_after (per 1,000 words), change (of the rate).
    """
    sides = [_kept(side, hits(side, categories=categories), groups, targets, voices) for side in (study, changed)]
    totals = words.groupby("group")["n"].sum()
    frame = pd.DataFrame({"group": [group for group in study.groups if group in totals.index]})
    frame["before"], frame["after"] = (frame["group"].map(found["group"].value_counts()).fillna(0).astype(int) for found in sides)
    frame["words"] = frame["group"].map(totals).astype(int)
    frame["rate_before"], frame["rate_after"] = (1000 * frame[side] / frame["words"] for side in ("before", "after"))
    frame["change"] = frame["rate_after"] - frame["rate_before"]
    names = [{entry.entry for entry in side.lexicons.loaded} for side in (study, changed)]
    told = [f"{verb}: {', '.join(sorted(entries))}." for verb, entries in (("Added", names[1] - names[0]), ("Struck", names[0] - names[1])) if entries]
    heads = {"group": "group", "before": "count before", "after": "after", "words": "words", "rate_before": "per 1,000 words before", "rate_after": "after", "change": "change"}
    notes = (f"{' '.join(told)} The longest term wins: one added can take the words of another.",) if told else ()
    return Table(frame, "view_moved", "What the changed list moves", notes, heads, {"before": ",d", "after": ",d", "words": ",d", "rate_before": ".1f", "rate_after": ".1f", "change": "+.1f"})


# Files


def save_view(study: Study, view: View, name: str, *, over: bool = False) -> Path:
    """Write a view as `view-<name>.toml` beside the study.

    Raises:
        InputError: if the name holds no letter or digit, the file cannot be written, or it is there, says something else and `over` is False.
    """
    values = [f"{key} = {_toml(value)}" for key, value in asdict(view).items() if value]
    return _write(_beside(study, "view", name, "toml"), "\n".join(["# A view of the study; pressframes.explore.read_view reads it.", *values, ""]), over=over)


def read_view(path: str | Path) -> View:
    """Read a view that `save_view` wrote.

    Raises:
        InputError: if the file is missing, is not TOML, or holds an unknown key or a value of the wrong kind.
    """
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a view ({error}); give a file that save_view wrote") from None
    empty = asdict(View())
    for key, value in values.items():
        if key not in empty:
            raise InputError(f"{path}: {key}: unknown key; use {', '.join(empty)}")
        if isinstance(empty[key], tuple) != isinstance(value, list) or not isinstance(value, (list, type(empty[key]))) or (isinstance(value, list) and not all(isinstance(part, str) for part in value)):
            wanted = {tuple: "a list of texts", str: "a text", bool: "true or false"}[type(empty[key])]
            raise InputError(f"{path}: {key}: must be {wanted}; correct it")
    return View(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


def save_lines(study: Study, view: View, name: str, *, over: bool = False) -> Path:
    """Write every line of a view's concordance as `lines-<name>.csv` beside the study (UTF-8 with a byte-order mark); a cell that a spreadsheet would compute gets a leading apostrophe.

    Raises:
        InputError: as `look` and `save_view` do.
    """
    _check(study, view)
    changed = with_list(study, added=view.added, struck=view.struck)
    found, _ = narrow(changed, hits(changed, term=view.term, regex=view.regex, categories=view.categories), groups=view.groups, targets=view.targets, voices=view.voices)
    frame = lines(changed, found, "", most=None).to_frame()
    tame = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell)
    return _write(_beside(study, "lines", name, "csv"), "\ufeff" + tame.to_csv(index=False, lineterminator="\n"), over=over)


def _beside(study: Study, kind: str, name: str, ending: str) -> Path:
    if not slug(name):
        raise InputError(f"'{name}' is no name for a file; give a word of the letters a to z or digits")
    return study.settings.folder / f"{kind}-{slug(name)}.{ending}"


def _write(path: Path, text: str, *, over: bool) -> Path:
    written = text.encode("utf-8", errors="replace")
    try:
        if path.exists() and path.read_bytes() != written and not over:
            raise InputError(f"{path}: already there; choose another name or ask to write over it")
        path.write_bytes(written)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); make the study's folder writable") from None
    return path


def _toml(value) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")


# What the steps rest on


def _check(study: Study, view: View) -> None:
    known = {
        "groups": study.groups, "targets": tuple(study.targets), "voices": counts.VOICES, "categories": _categories(study),
    }  # fmt: skip
    for name, values in known.items():
        for value in getattr(view, name):
            if value not in values:
                raise InputError(f"{name}: unknown '{value}'; use {', '.join(values)}")
    if view.article:
        study.text(view.article)


def _categories(study: Study) -> tuple[str, ...]:
    return tuple(sorted({entry.category for entry in study.lexicons.loaded}))


def _asked(study: Study, view: View) -> str:
    what = f"The regular expression {view.term}" if view.regex and view.term else f"“{view.term}”" if view.term else "Loaded terms"
    if not view.term:
        changes = [f"{len(terms)} {word}" for terms, word in ((view.added, "added"), (view.struck, "struck")) if terms]
        what += f" ({', '.join([*view.categories, *changes])})" if view.categories or changes else ""
    near = f"in sentences that mention {' or '.join(study.targets[target] for target in view.targets)}" if view.targets else ""
    whose = f"in {' or '.join(_VOICES[voice] for voice in view.voices)}" if view.voices and set(view.voices) != set(counts.VOICES) else ""
    return ", ".join(filter(None, [" ".join(filter(None, [what, near])), whose, " and ".join(view.groups)]))


def _kept(study: Study, frame: pd.DataFrame, groups, targets, voices) -> pd.DataFrame:
    for column, values in (("group", groups), ("voice", voices)):
        frame = frame[frame[column].isin(values)] if values else frame
    if not targets:
        return frame
    named = _targets(study)
    return frame.merge(named.loc[named["target"].isin(targets), _SENTENCE].drop_duplicates(), on=_SENTENCE)


def _once(study: Study, name: str, make):
    """What the study alone decides is made once and kept on it, as its own cached properties are."""
    kept = vars(study)
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _words(study: Study) -> pd.DataFrame:
    return _once(study, "_explored_words", lambda: counts.sentence_words(study.annotations()))


def _targets(study: Study) -> pd.DataFrame:
    return _once(study, "_explored_targets", lambda: counts.sentence_targets(study.annotations()))


def _starts(study: Study) -> dict[str, np.ndarray]:
    """The offset at which each word of each article starts."""
    tokens = study.annotations().tokens
    return _once(study, "_explored_starts", lambda: {article.article_id: np.empty(0, dtype=int) for article in study.articles} | {article: starts.to_numpy() for article, starts in tokens.groupby("article_id", sort=False)["start"]})


def _articles(study: Study) -> dict:
    return {article.article_id: article for article in study.articles}


def _with(study: Study, annotations: Annotations, **changes) -> Study:
    """A copy of a study with other annotations of the same words."""
    copy = replace(study, **changes)
    vars(copy).update(_annotations=annotations, _explored_words=_words(study), _explored_targets=_targets(study), _explored_starts=_starts(study))
    return copy


def _of_article(table: pd.DataFrame, article_id: str) -> pd.DataFrame:
    """One article's rows of a layer, whose rows stand article by article."""
    rows = np.flatnonzero(table["article_id"].eq(article_id))
    return table.iloc[rows[0] : rows[-1] + 1].reset_index(drop=True) if len(rows) else table.iloc[:0]


@cache
def _key(form: str) -> tuple[str, ...]:
    return tuple(token.norm for token in tokenise(form))


def _relisted(study: Study, added: tuple[str, ...], struck: tuple[str, ...]) -> Study:
    owner = {_key(form): entry for entry in study.lexicons.loaded for form in entry.forms}
    gone = [_entry(study, term, owner) for term in struck]
    kept = [entry for entry in study.lexicons.loaded if entry not in gone]
    held = {key for key, entry in owner.items() if entry not in gone}
    new = [_new_entry(study, term, held) for term in dict.fromkeys(added)]
    lexicons = replace(study.lexicons, loaded=(*kept, *new))
    return _with(study, replace(study.annotations(), loaded=_search_anew(study, lexicons.loaded, [*gone, *new])), lexicons=lexicons)


def _entry(study: Study, term: str, owner: dict) -> LoadedEntry:
    named = {entry.entry: entry for entry in study.lexicons.loaded}
    if found := named.get(term) or owner.get(_key(term)):
        return found
    near = difflib.get_close_matches(term, named, n=3)
    raise InputError(f"strike: '{term}' is no entry of the loaded terms" + (f"; did you mean {' or '.join(near)}?" if near else "; give one of its entries"))


def _new_entry(study: Study, term: str, held: set) -> LoadedEntry:
    if not _key(term):
        raise InputError(f"add: '{term}' holds no word; give a word, a phrase or a stem with *")
    keys = {_key(term)}
    if term.rstrip().endswith("*"):
        found, articles = find_term(term, study.annotations(), _articles(study)), _articles(study)
        keys = {_key(text) for text in {articles[article].text[start:end] for article, start, end in zip(found["article_id"], found["start"], found["end"])}} or keys
    if not keys - held:
        raise InputError(f"add: '{term}' stands in the list already; add another term")
    return LoadedEntry(term, tuple(" ".join(key) for key in sorted(keys - held)), ADDED, "neutral", (), "added in this view", "view")


def _search_anew(study: Study, entries: tuple[LoadedEntry, ...], changed: list[LoadedEntry]) -> pd.DataFrame:
    """The layer `loaded` under another list: sentences that hold no form of a changed entry keep their rows."""
    layers, articles = study.annotations(), _articles(study)
    touched = _sentences_with(layers.tokens, {_key(form) for entry in changed for form in (*entry.forms, *entry.exceptions)})
    tokens, old = layers.tokens.merge(touched, on=_SENTENCE), layers.loaded
    redone = pd.MultiIndex.from_frame(old[_SENTENCE]).isin(pd.MultiIndex.from_frame(touched)) & old["lexicon"].eq("curated")
    toward = {row[:3]: row[3] for row in old.loc[redone, ["article_id", "start", "end", "toward"]].itertuples(index=False, name=None)}
    here = set(tokens["norm"].unique())
    search = LoadedSearch(entry for entry in entries if any(here.issuperset(_key(form)) for form in (*entry.forms, *entry.exceptions)))
    rows, columns = [], (tokens[column].tolist() for column in (*_SENTENCE, "voice", "start", "end", "text", "norm"))
    for (article, sentence), words in groupby(zip(*columns), key=lambda word: word[:2]):
        words, text = list(words), articles[article].text
        voices = {word[3]: word[2] for word in words}
        for term in search.find(text, [Token(*word[3:]) for word in words]):
            span = (article, term.start, term.end)
            rows.append((article, sentence, term.start, term.end, text[term.start : term.end], term.entry.entry, term.entry.category, term.entry.polarity, term.lexicon, voices[term.start], term.negated, toward.get(span, "")))
    found = pd.DataFrame(rows, columns=list(old.columns)).astype(old.dtypes.to_dict())
    order = {article_id: i for i, article_id in enumerate(layers.articles["article_id"])}
    return pd.concat([old[~redone], found]).sort_values(["article_id", "start"], key=lambda column: column.map(order) if column.name == "article_id" else column, kind="stable", ignore_index=True)


def _sentences_with(tokens: pd.DataFrame, keys: set[tuple[str, ...]]) -> pd.DataFrame:
    """The sentences in which one of these sequences of words begins."""
    begin = np.flatnonzero(tokens["norm"].isin({key[0] for key in keys}))
    ahead = [tokens["norm"].iloc[np.minimum(begin + step, len(tokens) - 1)].to_numpy(dtype=object) for step in range(max(map(len, keys)))]
    lengths = sorted(set(map(len, keys)))
    held = [any(words[:length] in keys for length in lengths) for words in zip(*ahead)]
    return tokens[_SENTENCE].iloc[begin[np.array(held, dtype=bool)]].drop_duplicates()


# As code


def _code(study: Study, view: View, asked: str) -> str:
    given = lambda **values: "".join(f", {name}={value!r}" for name, value in values.items() if value)
    narrowing = given(groups=view.groups, targets=view.targets, voices=view.voices)
    changed = view.added or view.struck
    what = given(term=view.term, regex=view.regex) if view.term else given(categories=view.categories)
    return "\n".join([
        "import pressframes", "from pressframes import explore", "",
        f"study = pressframes.Study.load({str(study.settings.folder)!r})",
        *([f"changed = explore.with_list(study{given(added=view.added, struck=view.struck)})"] if changed else ["changed = study"]),
        f"hits, words = explore.narrow(changed, explore.hits(changed{what}){narrowing})",
        f"asked = {asked!r}",
        "rates = explore.rates(changed, hits, words, asked)", "places = explore.places(changed, hits, words)", "lines = explore.lines(changed, hits, asked)",
        *([f"moved = explore.moved(study, changed, words{narrowing}{given(categories=view.categories)})"] if changed else []),
    ])  # fmt: skip


# As HTML


def _style() -> str:
    targets = palette()["targets"]
    return "<style>" + _CSS + "".join(f".pf-explore .t{i} {{ --mark: {colour}; }}" for i, colour in enumerate(targets)) + "</style>"


_CSS = """
.pf-explore { color: var(--jp-ui-font-color1, #1a1a1a); font: 14px/1.5 "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
.pf-explore table { border-collapse: collapse; }
.pf-explore caption { text-align: left; font-weight: bold; padding: 0.3em 0; color: inherit; caption-side: top; }
.pf-explore th, .pf-explore td { text-align: left; vertical-align: top; padding: 0.2em 0.8em 0.2em 0; border-bottom: 1px solid #8a8a8a; background: none; white-space: normal; unicode-bidi: isolate; }
.pf-explore .number { text-align: right; font-variant-numeric: tabular-nums; }
.pf-explore figure { margin: 0.6em 0; }
.pf-explore figcaption, .pf-explore .facts { font-size: 0.85em; color: var(--jp-ui-font-color2, #595959); }
.pf-explore .scrolls { max-height: 28em; overflow: auto; border: 1px solid #8a8a8a; padding: 0 0.8em; }
.pf-explore a { color: var(--jp-content-link-color, #0b4f8a); text-decoration: underline; }
.pf-explore mark { background: #ffe066; color: #1a1a1a; outline: 2px solid #7a5c00; padding: 0 0.1em; }
.pf-explore article { max-width: 54em; line-height: 1.8; }
.pf-explore article p { unicode-bidi: isolate; overflow-wrap: anywhere; }
.pf-explore p.title { font-weight: bold; }
.pf-explore .target { font-weight: bold; border-bottom: 3px solid var(--mark); }
.pf-explore .direct { background: #f6dfe3; color: #1a1a1a; }
.pf-explore .indirect { background: #f3ebcf; color: #1a1a1a; }
.pf-explore .loaded { color: #ffffff; padding: 0 0.2em; border-radius: 2px; background: #595959; }
.pf-explore .loaded.negative { background: #a33b00; }
.pf-explore .loaded.positive { background: #00705c; }
.pf-explore .scare { outline: 2px dotted #767676; }
.pf-explore .naming { text-decoration: underline wavy #767676 1px; text-underline-offset: 4px; }
.pf-explore .loaded mark { background: none; color: inherit; outline: 2px solid #d08a00; }
.pf-explore .strip { display: block; width: 26em; max-width: 60vw; height: 1.1em; }
.pf-explore .error { color: #b3261e; background: #ffffff; padding: 0 0.3em; font-weight: bold; }
.pf-explore pre { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def _strips(table: Table) -> str:
    """One strip an article, from first to last word of the longest: at most MOST_STRIPS, those with the most hits."""
    frame = table.frame
    shown = frame if len(frame) <= MOST_STRIPS else frame.sort_values("count", ascending=False, kind="stable").head(MOST_STRIPS)
    if not len(shown):
        return ""
    longest = max(1, int(shown["n_words"].max()))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(row.article_id)}</th><td>{html.escape(row.outlet)}</td><td class="number">{len(row.at):,d}</td><td class="number">{row.rate:.1f}</td><td>{_strip(row, longest)}</td></tr>\n'
        for row in shown.itertuples()
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("article", "outlet", "count", "per 1,000 words", "from first to last word"))
    more = f"<figcaption>The {len(shown)} articles with the highest counts, of {len(frame):,}.</figcaption>" if len(shown) < len(frame) else ""
    return f'<figure><table><caption>Where in each article</caption><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>{more}</figure>'


def _strip(row, longest: int) -> str:
    told = ", ".join(str(at + 1) for at in row.at[:10]) + (" and further on" if len(row.at) > 10 else "")
    label = f"at word {told} of {row.n_words:,}" if row.at else f"none in {row.n_words:,} words"
    marks = "".join(f"M{at + 0.5:g} 0V10" for at in row.at)
    return (
        f'<svg class="strip" role="img" aria-label="{label}" viewBox="0 0 {longest} 10" preserveAspectRatio="none"><title>{label}</title>'
        f'<rect width="{row.n_words}" height="10" fill="#8a8a8a" fill-opacity="0.3"/><path d="{marks}" stroke="currentColor" stroke-width="2" vector-effect="non-scaling-stroke"/></svg>'
    )


def _marked_html(study: Study, article_id: str, found: pd.DataFrame) -> str:
    """One article in full with the report's marks, and the hits in `<mark>`."""
    layers = study.annotations()
    alone = _with(study, Annotations(**{name: _of_article(table, article_id) for name, table in layers.tables().items()}), articles=(_articles(study)[article_id],))
    article, regions = marked_articles(alone)[0], alone.annotations().regions
    here = found[found["article_id"] == article_id]
    inside, paragraphs = list(zip(here["start"], here["end"])), []
    for (kind, stretches), start in zip(article.paragraphs, regions.loc[regions["kind"].isin(KEPT), "start"]):
        parts, at = [], start
        for stretch in stretches:
            parts.append(f'<span id="{stretch.anchor}">' if stretch.anchor else "<span>")
            for piece in stretch.pieces:
                parts.append(_piece(piece, at, inside))
                at += len(piece.text)
            parts.append("</span>")
        paragraphs.append(f'<p class="{html.escape(kind)}">{"".join(parts)}</p>')
    head = f"{article.article_id} · {article.outlet}" + (f": {article.title}" if article.title else "")
    notes = "".join(f'<li value="{number}">{html.escape(note)}</li>' for number, note in article.notes)
    notes = f"<details><summary>Notes to the marks</summary><ol>{notes}</ol></details>" if notes else ""
    return (
        f'<div class="scrolls" tabindex="0" role="group" aria-label="{html.escape(f"article {article_id}, marked")}"><article><h3>{html.escape(head)}</h3>'
        f'<p class="facts">{html.escape(" · ".join((article.group, *article.facts)))}</p>{"".join(paragraphs)}{notes}</article></div>'
    )


def _piece(piece, start: int, inside: list[tuple[int, int]]) -> str:
    cuts = sorted({0, len(piece.text), *(edge - start for span in inside for edge in span if 0 < edge - start < len(piece.text))})
    parts = []
    for left, right in zip(cuts, cuts[1:]):
        text = html.escape(piece.text[left:right])
        parts.append(f"<mark>{text}</mark>" if any(a <= start + left and start + right <= b for a, b in inside) else text)
    notes = "".join(f"<sup>{number}</sup>" for number in piece.notes)
    shown = f'<span class="{html.escape(piece.classes)}" title="{html.escape(piece.about)}">{"".join(parts)}</span>' if piece.classes else "".join(parts)
    return shown + notes


# Widgets


def explore(study: Study, view: View = View()):
    """Put widgets before `look`: what is picked or typed changes rates, strips, concordance and the marked article together.

    Args:
        view: what is asked at the start, such as `read_view` returns.

    Returns:
        An ipywidgets box; it holds no more than the view that its widgets show.

    Raises:
        InputError: if the view does not fit the study.
    """
    look(study, view)
    return _Desk(study, view).box


class _Desk:
    """The widgets of one exploration; each change reads a View off them and shows what `look` says of it."""

    def __init__(self, study: Study, view: View):
        import ipywidgets as widgets

        self._study, self._widgets, self._quiet = study, widgets, False
        named = {
            "groups": ("Groups", "none ticked: all", {group: group for group in study.groups}), "targets": ("Sentences that mention", "none ticked: any sentence", study.targets),
            "voices": ("Whose words", "none ticked: all", _VOICES), "categories": ("Loaded terms", "none ticked: all; they count while no term is typed", {category: category for category in _categories(study)}),
        }  # fmt: skip
        self._boxes = {name: {key: widgets.Checkbox(value=key in getattr(view, name), description=label, tooltip=f"{head}: {label}", indent=False, layout={"width": "auto", "margin": "0 1.2em 0 0"}) for key, label in choices.items()} for name, (head, _, choices) in named.items()}
        wide = {"style": {"description_width": "15em"}, "layout": {"width": "46em", "max_width": "100%"}, "continuous_update": False}
        self._term = widgets.Text(value=view.term, description="Word, phrase or stem*", placeholder="then Enter; empty: loaded terms", **wide)
        self._regex = widgets.Checkbox(value=view.regex, description="is a regular expression", indent=False, layout={"width": "auto"})
        self._added = widgets.Text(value=", ".join(view.added), description="Add to loaded terms", placeholder="terms, with commas between", **wide)
        self._struck = widgets.Text(value=", ".join(view.struck), description="Strike from loaded terms", placeholder="entries, with commas between", **wide)
        self._article = widgets.Dropdown(description="Article in full", options=[("", "")], style={"description_width": "8em"}, layout={"width": "46em", "max_width": "100%"})
        self._name = widgets.Text(description="Name of the file", placeholder="a word", **wide)
        self._over = widgets.Checkbox(value=False, description="write over a file of this name", indent=False, layout={"width": "auto"})
        self._save = widgets.Button(description="Save the view", tooltip="as a TOML file beside the study", layout={"width": "auto"})
        self._csv = widgets.Button(description="Save all lines as CSV", tooltip="as a CSV file beside the study", layout={"width": "auto"})
        self._show = widgets.ToggleButton(value=False, description="Show the code", tooltip="the library calls that make the same tables", layout={"width": "12em"})
        self._panes = {name: widgets.HTML() for name in ("status", "tables", "strips", "lines", "marked", "saved", "code")}
        self._panes["code"].layout.display = "none"
        row = {"flex_flow": "row wrap", "align_items": "center"}
        pickers = [widgets.VBox([
            widgets.HTML(f'<div class="pf-explore"><b>{html.escape(head)}</b> <span class="facts">({html.escape(hint)})</span></div>'),
            widgets.HBox(list(self._boxes[name].values()), layout=row | {"max_height": "9em", "overflow": "auto"}),
        ], layout={"margin": "0 2em 0 0", "max_width": "100%"}) for name, (head, hint, _) in named.items()]  # fmt: skip
        self.box = widgets.VBox([
            widgets.HTML(_style()), widgets.HBox(pickers, layout={"flex_flow": "row wrap"}), widgets.HBox([self._term, self._regex], layout=row), self._added, self._struck,
            self._panes["status"], self._panes["tables"], self._panes["strips"], self._panes["lines"], self._article, self._panes["marked"],
            widgets.HBox([self._name, self._save, self._csv, self._over], layout=row), self._panes["saved"], self._show, self._panes["code"],
        ])  # fmt: skip
        self._article.options, self._article.value = [(view.article, view.article)], view.article
        for widget in (*(box for boxes in self._boxes.values() for box in boxes.values()), self._term, self._regex, self._added, self._struck, self._article):
            widget.observe(self._changed, names="value")
        self._save.on_click(lambda _: self._saved(save_view))
        self._csv.on_click(lambda _: self._saved(save_lines))
        self._show.observe(lambda change: setattr(self._panes["code"].layout, "display", "" if change["new"] else "none"), names="value")
        self._changed()

    def view(self) -> View:
        """The view that the widgets show."""
        ticked = {name: tuple(key for key, box in boxes.items() if box.value) for name, boxes in self._boxes.items()}
        listed = {name: tuple(filter(None, (term.strip() for term in widget.value.split(",")))) for name, widget in (("added", self._added), ("struck", self._struck))}
        return View(**ticked, **listed, term=self._term.value.strip(), regex=self._regex.value, article=self._article.value or "")

    def _changed(self, change=None) -> None:
        if self._quiet:
            return
        view = self.view()
        try:
            seen = look(self._study, view)
        except InputError as error:
            self._pane("status", f'<span class="error" role="alert">{html.escape(str(error))}</span>')
            for name in ("tables", "strips", "lines", "marked", "code"):
                self._panes[name].value = ""
            return
        self._pane("status", f'<span role="status">{html.escape(seen.asked)}: <b>{html.escape(seen.said)}</b></span>')
        self._pane("tables", seen.rates._repr_html_() + (seen.moved._repr_html_() if seen.moved is not None else ""))
        self._pane("strips", seen.strips)
        self._pane("lines", f'<div class="scrolls" tabindex="0" role="group" aria-label="concordance">{seen.sentences}</div>' if len(seen.lines) else "")
        self._pane("marked", seen.marked)
        self._pane("code", f"<pre>{html.escape(seen.code)}</pre>")
        self._offer(seen)

    def _pane(self, name: str, inner: str) -> None:
        self._panes[name].value = f'<div class="pf-explore">{inner}</div>' if inner else ""

    def _offer(self, seen: Seen) -> None:
        """Offer the articles of the strips, and the one shown."""
        frame = seen.places.frame
        frame = frame if len(frame) <= MOST_STRIPS else frame.sort_values("count", ascending=False, kind="stable").head(MOST_STRIPS)
        options = [("the first that holds a line", "")] + [(f"{row.article_id} · {row.outlet} ({len(row.at)})", row.article_id) for row in frame.itertuples()]
        if seen.view.article and seen.view.article not in set(frame["article_id"]):
            options.append((seen.view.article, seen.view.article))
        self._quiet = True  # a new list of options is no choice of an article
        self._article.options, self._article.value = options, seen.view.article
        self._quiet = False

    def _saved(self, save) -> None:
        try:
            path = save(self._study, self.view(), self._name.value, over=self._over.value)
        except InputError as error:
            self._pane("saved", f'<span class="error" role="alert">{html.escape(str(error))}</span>')
        else:
            self._pane("saved", f'<span role="status">Saved: {html.escape(str(path))}</span>')
            self._over.value = False
