"""The one object that a notebook holds: a study, and every question one can ask of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import counts, findings, measures, robustness
from pressframes.annotate import Annotations, annotate_cached
from pressframes.collocates import collocate_rows, collocates_of, relations_of
from pressframes.compared import Compared, drawn
from pressframes.comparison import FEWEST_ARTICLES, SENTENCES_DRAWN
from pressframes.corpus import Article, far_dates, find_groups, in_other_languages, lost_apostrophes, lost_marks, read_articles, without_marks
from pressframes.errors import InputError, known
from pressframes.evidence import Behind, Concordance, concordance_of, find_term
from pressframes.layers.regions import KEPT
from pressframes.layers.terms import shared_aliases
from pressframes.lexicon import LexiconSet, read_lexicons
from pressframes.measures.rates import FEWEST_DRAWN, PLACES
from pressframes.measures.uncertainty import RESAMPLES, zero_share_bound
from pressframes.occurrences import occurrences
from pressframes.results import Figure, Note, Notes, Table, slug
from pressframes.settings import Settings, comparison_of, read_settings

_HEADS = {
    "article_id": "article", "group": "group", "outlet": "outlet", "voice": "voice", "target": "target", "category": "category", "polarity": "polarity",
    "lexicon": "lexicon", "entry": "entry", "kind": "kind", "referent": "referent", "variant": "variant", "alias": "alias", "role": "role",
    "count": "count", "words": "words", "rate": "per 1,000 words", "low": "95 % from", "high": "to",
}  # fmt: skip
_FORMATS = {"count": ",d", "words": ",d", "rate": ".1f", "low": ".1f", "high": ".1f"}
_OFFSETS = "Start and end count characters from the beginning of the file: text[start:end] is what the reader sees."
_MOST_ROWS = 20
_MOST_NAMED = 6
_MARKED_VOICES = {"scare": "scare quotes", "direct": "quoted", "indirect": "reported"}
_INSTRUMENTS = {"loaded": ("babe",), "mentions": ("mentions",), "naming": (), "scare": ()}
"""What the rates rest on, as `validation` names it."""


@dataclass(frozen=True)
class Study(Compared):
    """A study: its settings, its articles, its lexicons, and the comparisons made from them.

    Every method answers with a table, a note or a concordance that shows itself in a notebook; `to_frame()` gives the data.

    >>> study = Study.load("seeds")
    >>> study
    Study of 5 articles in 3 groups: Azerbaijani (3), Bulgarian (1), Turan (1)
    """

    settings: Settings
    articles: tuple[Article, ...]
    lexicons: LexiconSet
    other_languages: tuple[Article, ...] = ()
    """Articles that are left out of every table for their language."""
    annotated: tuple[Article, ...] = ()
    """All articles as `articles.csv` has them, which are annotated once whatever is compared; those of the study where empty."""
    comparison: str = ""
    """Which of `settings.all_comparisons` this is."""
    compared: tuple[str, ...] = ()
    """Its groups, in order; those of the settings where empty."""

    @classmethod
    def load(cls, path: str | Path, *, comparison: str | None = None) -> "Study":
        """Read a study from its folder (or its `study.toml`).

        Args:
            comparison: one of those that `study.toml` names, its first where not given; may also stand behind the folder, "my-study#by_year".

        Raises:
            InputError: in one line, if anything in the study's files cannot be used.
        """
        path, behind = comparison_of(path)
        settings = read_settings(path)
        comparison = comparison or behind or next(iter(settings.all_comparisons))
        everything = read_articles(settings)
        group_of, groups = find_groups([article.row for article in everything], settings, comparison)
        compared = [replace(article, group=group_of[article.article_id]) for article in everything if article.article_id in group_of]
        articles = tuple(article for article in compared if article.language in settings.corpus.languages)
        others = tuple(article for article in compared if article.language not in settings.corpus.languages)
        for group in groups:
            if not any(article.group == group for article in articles):
                raise InputError(next(line for article in others if article.group == group for line in in_other_languages([article], settings)) + f": else group '{group}' has no article left")
        question = settings.comparison(comparison).question or settings.question
        return cls(settings.model_copy(update={"question": question}), articles, read_lexicons(settings), others, everything, comparison, groups)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{group} ({size})" for group, size in self.sizes.items())
        count = lambda number, noun: f"{number} {noun}{'' if number == 1 else 's'}"
        return f"Study of {count(len(self.articles), 'article')} in {count(len(self.groups), 'group')}: {sizes}"

    def _repr_html_(self) -> str:
        dates = {group: sorted(filter(None, (article.published for article in self if article.group == group))) for group in self.groups}
        outlets = {group: list(dict.fromkeys(article.outlet for article in self if article.group == group)) for group in self.groups}
        named = lambda names: ", ".join([*names[:_MOST_NAMED], *([f"{len(names) - _MOST_NAMED:,} more"] if len(names) > _MOST_NAMED else [])])
        rows = [(group, self.sizes[group], named(outlets[group]), " to ".join(dict.fromkeys((found[0], found[-1]))) if found else "–") for group, found in dates.items()]
        frame = pd.DataFrame(rows, columns=["group", "count", "outlets", "dates"])
        notes = (self.settings.question, f"Targets: {', '.join(self.targets.values())}.", self.design().text, "Begin with study.findings(), study.rates(\"loaded\"), study.keyness(...) or study.concordance(...); each table has plot(), explain() and to_frame().")
        return Table(frame, "study", self.settings.title, tuple(filter(None, notes)), {"group": "group", "count": "articles", "outlets": "outlets", "dates": "published"})._repr_html_()

    # What the study is

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups compared, in order."""
        return self.compared or self.settings.groups

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Articles in each group."""
        return {group: sum(article.group == group for article in self.articles) for group in self.groups}

    @cached_property
    def targets(self) -> dict[str, str]:
        """Targets by key, with the label that tables and charts show."""
        return {target.key: target.label for target in self.lexicons.targets.targets}

    @cached_property
    def lost_marks(self) -> dict[str, tuple[int, int]]:
        """The outlets whose articles seem to have lost their quotation marks: how many hold none of how many that tell what people said."""
        return lost_marks(self.articles)

    @cached_property
    def lost_apostrophes(self) -> dict[str, tuple[int, int]]:
        """The outlets whose articles seem to have lost their apostrophes: how many hold none of how many that are long enough to hold one."""
        return lost_apostrophes(self.articles)

    @property
    def contrasts(self) -> tuple[str, ...]:
        """The groups that can be set against the others: all of them, or none if there is only one."""
        return self.groups if len(self.groups) > 1 else ()

    @property
    def rows(self) -> tuple[str, ...]:
        """What a chart has one row for: articles while they are few, then outlets, then groups; for `by`."""
        if len(self.articles) <= _MOST_ROWS:
            return ("group", "outlet", "article_id")
        return ("group", "outlet") if len({article.outlet for article in self.articles}) <= _MOST_ROWS else ("group",)

    @cached_property
    def _by_id(self) -> dict[str, Article]:
        return {article.article_id: article for article in self.articles}

    @cached_property
    def _annotations(self) -> Annotations:
        everything = self.annotated or (*self.articles, *self.other_languages)
        annotations = annotate_cached(everything, self.lexicons, languages=self.settings.corpus.languages)
        if everything == self.articles:
            return annotations
        annotations = annotations.only([article.article_id for article in self.articles])
        return replace(annotations, articles=annotations.articles.assign(group=[self._by_id[article_id].group for article_id in annotations.articles["article_id"]]))

    @cached_property
    def _sentences(self) -> pd.DataFrame:
        return counts.with_articles(self.annotations().sentences, self.annotations())

    def annotations(self) -> Annotations:
        """Return all layers as tables (made once, then taken from the cache)."""
        return self._annotations

    def report(self, out: str | Path, *, only: Iterable[str] = (), formats: Iterable[str] = ()) -> list[str]:
        """Make the report of this study, of its files as they are now, in the folder `out`: what `pressframes report` makes.

        Args:
            out: a former report there is replaced when the new one is whole.
            only: the notebooks that it holds ("01_corpus" or "01"); all where empty.
            formats: of html, pdf, figures, tables, notebooks; all where empty.

        Returns:
            What the user should know, a line each; `out` holds the report.

        Raises:
            InputError, WorkError: as `report.build.build_report`.
        """
        from pressframes.report import build

        first = next(iter(self.settings.all_comparisons))
        path = str(self.settings.folder) if self.comparison in ("", first) else f"{self.settings.folder}#{self.comparison}"
        return build.build_report(path, Path(out), only=tuple(only), formats=tuple(formats) or build.FORMATS)

    def text(self, article_id: str) -> str:
        """Return an article's text exactly as its file holds it.

        Raises:
            InputError: if there is no such article.
        """
        if article_id not in self._by_id:
            raise InputError(f"unknown article '{article_id}'; {known(article_id, self._by_id)}")
        return self._by_id[article_id].text

    def __getitem__(self, article_id: str) -> Article:
        """Return an article by its id: `study["001"]`; it shows its text, plots and lists its marks.

        Raises:
            InputError: if there is no such article.
        """
        self.text(article_id)
        return self._by_id[article_id].within(self)

    def __iter__(self) -> Iterator[Article]:
        return (article.within(self) for article in self.articles)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._by_id)

    def to_frame(self) -> pd.DataFrame:
        """Return a row an article: `annotations().articles`."""
        return self.annotations().articles.copy()

    def plot(self) -> Figure:
        """Return the strips of its first articles: where in each the targets, other people's words and the loaded terms fall."""
        return drawn("strips")(self)

    def _behind(self, make, *keys: str) -> Behind:
        """What a table counts, from a function that makes its occurrences, and the columns in which both tell the rows apart."""
        labelled = lambda rows: rows.assign(target=rows["target"].map(self.targets)) if "target" in rows else rows
        values = {"group": self.groups, "voice": counts.VOICES, "target": self.targets.values(), "article_id": self._by_id}
        return Behind(lambda: labelled(make()), keys, lambda rows, caption: concordance_of(rows, self.annotations(), self._by_id, caption=caption), values, self.targets)

    def remarks(self) -> list[str]:
        """Say in one line each which articles are left out, for their language or because they belong to no group, which names stand for two targets, dates far from the others, where quotation marks seem lost, and what to do."""
        lines, outside = in_other_languages(self.other_languages, self.settings), len(self.annotated) - len(self.articles) - len(self.other_languages)
        if outside > 0:
            by = self.settings.comparison(self.comparison).by
            lines.append(f"{self.settings.folder / 'study.toml'}: {outside} of {len(self.annotated)} articles are left out of comparison '{self.comparison}': their '{by}' is empty or belongs to no group; to compare them, fill it in or add it to the groups")
        for (first, second, surname), aliases in shared_aliases(self.lexicons.targets).items():
            what = f"{self.settings.lexicon_path('targets')}: {findings.listed(f'“{alias}”' for alias in aliases)} {'names' if len(aliases) == 1 else 'name'} both [{first}] and [{second}]"
            if surname:
                lines.append(f"{what}; such a surname counts for the one whose full name the article prints, else for {self.targets[first]}, which study.toml lists first (a person_full only with the full name); if that is wrong, take the person out of one of the two")
            else:
                lines.append(f"{what}; such mentions count for {self.targets[first]} alone, which study.toml lists first; take {'it' if len(aliases) == 1 else 'them'} out of one of the two, or give longer names")
        if far := far_dates(self.articles):
            told = [f"'{article.article_id}' ({article.published})" for article in far]
            lines.append(f"{self.settings.folder / self.settings.articles}: {findings.listed(told[:_MOST_NAMED])}{f' and {len(far) - _MOST_NAMED} more' if len(far) > _MOST_NAMED else ''}: dated decades away from the others; if that is not when they were published, correct 'published' or leave it empty")
        if self.lost_marks:
            lines.append(f"{self.settings.folder / self.settings.articles}: {findings.lost_marks(self)} Give the texts with their marks, or compare these outlets in all voices alone")
        if self.lost_apostrophes:
            lines.append(f"{self.settings.folder / self.settings.articles}: {findings.lost_apostrophes(self)} Give the texts with their apostrophes, or list names so written in the targets lexicon")
        return lines

    def comparisons(self) -> Table:
        """The comparisons that `study.toml` names, with the articles of each group; the one at hand is marked."""
        rows = []
        for name, comparison in self.settings.all_comparisons.items():
            group_of, groups = find_groups([article.row for article in self.annotated], self.settings, name)
            sizes = Counter(group_of.values())
            rows.append((name, comparison.by, ", ".join(f"{group} ({sizes[group]})" for group in groups), len(self.annotated) - len(group_of), "this one" if name == self.comparison else ""))
        frame = pd.DataFrame(rows, columns=["comparison", "by", "groups", "outside", "at_hand"])
        heads = {"comparison": "comparison", "by": "by", "groups": "groups (articles)", "outside": "left out", "at_hand": ""}
        return Table(frame, "comparisons", "What can be compared", ("Another one: --comparison NAME, or Study.load(folder, comparison=\"NAME\").",), heads)

    def about(self) -> Note:
        """What the study asks."""
        return Note(f"{self.settings.title}. {self.settings.question}".strip(), kind="about")

    def layer(self, name: str, article_id: str | None = None) -> Table:
        """One annotation layer as a table: all of it, or one article's.

        Raises:
            InputError: if there is no such layer.
        """
        tables = self.annotations().tables()
        if name not in tables:
            raise InputError(f"layer: unknown layer '{name}'; use {', '.join(tables)}")
        frame = tables[name] if article_id is None else tables[name][tables[name]["article_id"] == article_id]
        behind = self._behind(lambda: counts.with_articles(tables[name], self.annotations()), "article_id", "start") if {"sentence_id", "start", "voice"} <= set(frame) else None
        return Table(frame.reset_index(drop=True), f"layer_{name}", f"The layer '{name}'", (_OFFSETS,), behind=behind)

    def marks(self, article_id: str) -> Table:
        """What is marked in one article, a row a mark in the order of the text.

        Columns: sentence_id; start and end, offsets into the text; text; mark (target, loaded term, rival name, scare quotes, quoted or reported); what (the target,
        the term's category and polarity, the thing named, or the speaker); voice, empty for what is a voice itself.

        Raises:
            InputError: if there is no such article.
        """
        text = self.text(article_id)
        here = {name: table[table["article_id"] == article_id] for name, table in self.annotations().tables().items()}
        voices, curated, begins = here["voices"], here["loaded"], here["sentences"]["start"].to_numpy()
        voices, curated = voices[voices["kind"].isin(_MARKED_VOICES)], curated[curated["lexicon"] == "curated"]
        parts = [
            here["mentions"].assign(mark="target", what=here["mentions"]["target"].map(self.targets)), curated.assign(mark="loaded term", what=curated["category"] + ", " + curated["polarity"]),
            here["naming"].assign(mark="rival name", what=here["naming"]["referent"]), voices.assign(mark=voices["kind"].map(_MARKED_VOICES), what=voices["speaker"], voice=""),
        ]  # fmt: skip
        frame = pd.concat([part[["start", "end", "mark", "what", "voice"]] for part in parts]).sort_values(["start", "end"], kind="stable", ignore_index=True)
        frame.insert(0, "sentence_id", here["sentences"]["sentence_id"].to_numpy()[np.searchsorted(begins, frame["start"], side="right") - 1] if len(frame) else [])
        frame.insert(3, "text", [text[start:end] for start, end in zip(frame["start"], frame["end"])])
        notes = (_OFFSETS,)
        return Table(frame, "marks", f"Marks in article {article_id}", notes, chart=lambda table: drawn("strips", only=article_id)(self))

    # The corpus

    def corpus(self) -> Table:
        """Who published what, when, and how much of it."""
        frame = self.annotations().articles.copy()
        frame["date"] = [" ".join(filter(None, (date, f"({precision})" if precision not in ("", "day") else ""))) for date, precision in zip(frame["published"], frame["date_precision"])]
        frame["title"] = frame["title"].where(frame["title"] != "", "(none in the file)")
        heads = {"article_id": "article", "group": "group", "outlet": "outlet", "date": "date", "title": "title", "n_words": "words", "translation": "translation", "syndicated_from": "from"}
        return Table(frame, "corpus", "The articles", ("Words of title and body. The file of each article is kept byte for byte.",), heads, {"n_words": ",d"})

    def provenance(self) -> Table:
        """How each value that is not obvious is known: printed, or inferred from which words."""
        rows = [(article.article_id, name, source) for article in self.articles for name, source in article.known_from]
        return Table(pd.DataFrame(rows, columns=["article_id", "value", "known from"]), "provenance", "How it is known", (), {"article_id": "article", "value": "value", "known from": "known from"})

    def left_out(self) -> Table:
        """Every region that is not title or body, with the rule that left it out."""
        regions = self.annotations().regions
        frame = regions[~regions["kind"].isin(KEPT)].copy()
        frame["text"] = [self.text(row.article_id)[row.start : row.end] for row in frame.itertuples()]
        frame["shown"] = [text if len(text) <= 70 else text[:67] + "…" for text in frame["text"]]
        heads = {"article_id": "article", "kind": "kind", "rule": "rule", "shown": "text"}
        return Table(frame.reset_index(drop=True), "left_out", "What was left out", ("Later layers read title and body; nothing is deleted from the text.",), heads)

    def region_shares(self) -> Table:
        """How each article's characters divide into title, body and what was left out (white space between them aside)."""
        regions = self.annotations().regions
        frame = regions.assign(n=regions["end"] - regions["start"]).pivot_table(index="article_id", columns="kind", values="n", aggfunc="sum", fill_value=0)
        kinds = [kind for kind in ("title", "body", "dateline", "byline", "caption", "boilerplate") if kind in frame]
        frame = frame[kinds].reindex([article.article_id for article in self.articles]).reset_index().rename_axis(columns=None)
        return Table(frame, "region_shares", "Characters by region", (), {"article_id": "article", **{kind: kind for kind in kinds}}, {kind: ",d" for kind in kinds})

    def confounds(self) -> Table:
        """What differs between the groups besides the outlet."""
        articles = self.annotations().articles
        rows = []
        for group in self.groups:
            part = articles[articles["group"] == group]
            dates = sorted(part["published"][part["published"] != ""])
            listed = lambda column: ", ".join(sorted(set(part[column]) - {""})) or "–"
            rows.append((group, len(part), int(part["n_words"].sum()), " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "–", listed("translation"), listed("syndicated_from")))
        frame = pd.DataFrame(rows, columns=["group", "articles", "words", "dates", "translation", "syndicated_from"])
        heads = {"group": "group", "articles": "articles", "words": "words", "dates": "published", "translation": "translation", "syndicated_from": "syndicated from"}
        notes = ["A difference between groups can come from any of these."]
        if self.lost_marks:
            found = without_marks(self.articles, "group")
            frame["without_marks"] = ["{} of {}".format(*found[group]) if group in found else "–" for group in self.groups]
            heads["without_marks"] = "no quotation mark"
            notes.append("No quotation mark: of the articles with two or more of said, says and told, those that hold none; where the marks are whole it is one in thirty.")
        return Table(frame, "confounds", "What differs besides the outlet", tuple(notes), heads, {"words": ",d"})

    # Rates

    def _interval_note(self, by: tuple[str, ...]) -> str:
        column, large = self._drawn_whole(by)
        sentences, whole = SENTENCES_DRAWN, f"whole articles drawn anew within their {column}; it covers articles like these"
        unit = "articles" if large == "all" else "articles or sentences" if large else "sentences"
        drawn = whole if large == "all" else sentences if not large else f"where {'an outlet' if column == 'outlet' else 'a group'} has {FEWEST_ARTICLES} articles or more {whole}; elsewhere {sentences}"
        return f"Interval: 95 %, {drawn} ({RESAMPLES:,} draws, seed {self.settings.seed}). Where the count is 0, it reaches up to the highest rate at which finding none is no surprise. A rate from fewer than {FEWEST_DRAWN} {unit} has no interval (–)."

    def rates(self, what: str, *, by: tuple[str, ...] = ("group",), target: str | None = None, voice: str | None = None, lexicon: str = "curated") -> Table:
        """How often something occurs per 1,000 words.

        Args:
            what: `loaded`, `mentions`, `naming` or `scare`.
            by: columns that make the rows: group, outlet, article_id, voice, target, and of loaded terms category, polarity,
                entry; of mentions kind; of naming referent, variant. Loaded terms `by` a target are those in sentences that
                mention it, per 1,000 words of such sentences.
            target: only sentences that mention this target (of mentions: only its mentions).
            voice: only this voice: outlet, indirect or direct.
            lexicon: of loaded terms: curated or opinion.

        Raises:
            InputError: if a name is unknown.
        """
        by = (by,) if isinstance(by, str) else tuple(by)
        events, words, places = self._counted(what, by, target=target, voice=voice, lexicon=lexicon)
        columns = [column for column in _HEADS if column not in _FORMATS and (column in events or column in words)]
        for column in by:
            if column not in columns:
                raise InputError(f"rates: '{what}' cannot be told by '{column}'; {known(column, columns)}")
        frame = self._rated(events, words, by=by, places=places, levels=self._levels(by, what))
        table = replace(
            self._rate_table(frame, what, by, target=target, voice=voice, lexicon=lexicon if what == "loaded" else None),
            behind=self._behind(lambda: events, *by), chart=drawn("dots", value="rate", rows=by, unit="per 1,000 words", accuracy=_INSTRUMENTS[what]),
        )  # fmt: skip
        return self._with_shrunken(table) if set(by) <= {"group", "outlet", "article_id"} and set(by) != {"group"} else table

    def _with_shrunken(self, table: Table) -> Table:
        """Add what each rate becomes when it is drawn to the mean of all, as small counts should be before they are ranked."""
        frame = table.to_frame()
        if len(frame) < 2:
            return table
        drawn = measures.shrunken_rates(frame["count"], frame["words"])
        moved = f"each rate as if {drawn.strength:,.0f} words with the rate of all ({1000 * drawn.mean:.1f} per 1,000) were added to its own, so that few words move it much; rank by this"
        alone = f"the rate of all ({1000 * drawn.mean:.1f} per 1,000) for each, as they differ no more than by chance"
        note = f"Drawn to the mean: {moved if np.isfinite(drawn.strength) else alone} (gamma-Poisson; Clayton and Kaldor 1987)."
        return replace(table, frame=frame.assign(shrunken=1000 * drawn.rates), notes=(*table.notes, note), heads={**table.heads, "shrunken": "drawn to the mean"}, formats={**table.formats, "shrunken": ".1f"})

    def _counted(self, what: str, by: tuple[str, ...], *, target: str | None, voice: str | None, lexicon: str) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
        """Events and words that a rate rests on, and the columns that divide both."""
        self._check(target=target, voice=voice)
        annotations = self.annotations()
        words, events, places = counts.sentence_words(annotations), self._events(what, lexicon), PLACES
        if what == "mentions":  # a mention's target divides the mentions, not the words
            places = tuple(place for place in PLACES if place != "target")
            events = events if target is None else events[events["target"] == target]
        elif target is not None or "target" in by:
            words, events = counts.in_target_sentences(words, annotations, target), counts.in_target_sentences(events, annotations, target)
        if voice is not None:
            words, events = words[words["voice"] == voice], events[events["voice"] == voice]
        return events, words, places

    def voice_shares(self, by: tuple[str, ...] = ("article_id",)) -> Table:
        """Whose words, in percent of all words of each row of `by` (group, outlet, article_id)."""
        for column in by:
            if column not in ("group", "outlet", "article_id"):
                raise InputError(f"voice_shares: unknown column '{column}'; use group, outlet, article_id")
        annotations = self.annotations()
        words = counts.sentence_words(annotations)
        frame = self._rated(words, words.drop(columns="voice"), by=(*by, "voice"), places=by, levels=self._levels((*by, "voice"), "words"), per=100)
        table = self._rate_table(frame, "words", (*by, "voice"))
        heads = {**table.heads, "rate": "percent", "words": "of words"}
        behind = self._behind(lambda: occurrences(annotations, "voices"), *by, "voice")
        return Table(frame, table.name, f"Whose words, by {', '.join(_HEADS[column] for column in by)}", table.notes, heads, _FORMATS, behind, drawn("who_speaks"))

    def _drawn_whole(self, by: tuple[str, ...]) -> tuple[str, str | frozenset[str]]:
        """Within what articles are drawn for an interval, and in which groups (or outlets): "all", or those that have enough articles; sentences are drawn in the others."""
        column = "outlet" if "outlet" in by else "group"
        sizes = self.annotations().articles.groupby(column).size()
        large = frozenset(sizes.index[sizes >= FEWEST_ARTICLES])
        return column, frozenset() if "article_id" in by else "all" if len(large) == len(sizes) else large if column in by else frozenset()

    def _rated(self, events: pd.DataFrame, words: pd.DataFrame, *, by: tuple[str, ...], places: tuple[str, ...] = PLACES, **options) -> pd.DataFrame:
        """`measures.rates` with the intervals that the articles of each group (or outlet) allow; `drawn` says what each draws anew, articles or sentences."""
        column, large = self._drawn_whole(by)
        rated = lambda events, words, sentences, strata=None: measures.rates(events, words, by=by, places=places, sentences=sentences, strata=strata, seed=self.settings.seed, **options)
        if not large:
            frame = rated(events, words, self._sentences).assign(drawn="sentences")
        else:
            articles = self._sentences.drop_duplicates("article_id").assign(sentence_id=0)  # where articles are drawn, their sums are all that is needed
            frame = rated(_by_article(events, by), _by_article(words, tuple(name for name in by if name in places)), articles, column).assign(drawn="articles")
        if large and large != "all":
            few = frame[list(by)].merge(rated(events, words, self._sentences[~self._sentences[column].isin(large)]), on=list(by), how="left")
            enough = frame[column].isin(large)
            frame = frame.assign(**{end: frame[end].where(enough, few[end]) for end in ("low", "high")}, drawn=np.where(enough, "articles", "sentences"))
        frame.attrs["groups"] = list(self.groups)  # whose colour does not hang on which of them have a row
        return frame

    def _events(self, what: str, lexicon: str) -> pd.DataFrame:
        annotations = self.annotations()
        if what == "loaded":
            if lexicon not in ("curated", "opinion"):
                raise InputError(f"rates: unknown lexicon '{lexicon}'; use curated or opinion")
            return occurrences(annotations, "loaded" if lexicon == "curated" else lexicon)
        if what not in ("mentions", "naming", "scare"):
            raise InputError(f"rates: unknown '{what}'; use loaded, mentions, naming or scare")
        return occurrences(annotations, what)

    def _levels(self, by: Iterable[str], what: str) -> dict:
        known = {
            "group": list(self.groups), "voice": list(counts.VOICES), "target": list(self.targets), "article_id": [article.article_id for article in self.articles],
            "polarity": ["negative", "neutral", "positive"],
        }  # fmt: skip
        if what == "loaded":
            known["category"] = sorted({entry.category for entry in self.lexicons.loaded})
        return {column: known[column] for column in by if column in known}

    def _rate_table(self, frame, what, by, *, target=None, voice=None, lexicon=None) -> Table:
        named = {"loaded": "Loaded terms", "mentions": "Mentions of targets", "naming": "Naming variants", "scare": "Scare quotes", "words": "Words"}[what]
        where = [f"in sentences that mention {self.targets[target]}"] if target and what != "mentions" else [self.targets[target]] if target else []
        where += [f"in {counts.SAID[voice]}"] if voice else []
        where += [f"{lexicon} list"] if lexicon else []
        caption = " ".join([named, *(f"({part})" if part.endswith("list") else part for part in where), "by", ", ".join(_HEADS.get(column, column) for column in by)])
        shown = frame if "target" not in frame else frame.assign(target=frame["target"].map(self.targets))
        notes = [self._interval_note(by)]
        if "target" in by and what == "loaded":
            notes.append("Words: of sentences that mention the target; a sentence with two targets counts for both.")
        if "group" in by and not self.testable:
            notes.append(f"Groups: not testable with {findings.listed(self.sizes.values())} articles.")
        name = "_".join(filter(None, [what, "by", *map(slug, by), target, voice, lexicon if lexicon != "curated" else None]))
        heads = {column: _HEADS.get(column, column) for column in (*by, "count", "words", "rate", "low", "high")}
        return Table(shown, name, caption, tuple(notes), heads, _FORMATS)

    def tone(self) -> Table:
        """How many of the sentences that mention a target are judged negative or positive, by group and voice of the mention.

        A second opinion by a trained model: the tone of the sentence whoever speaks, learned from sentences about persons.
        Rows by target, group, voice and label; a sentence that the model cannot tell has no label and counts in the words alone.
        """
        annotations = self.annotations()
        judged = counts.with_articles(annotations.tone, annotations)
        by = ("target", "group", "voice", "label")
        levels = {**self._levels(("target", "group", "voice"), "tone"), "label": ["negative", "neutral", "positive"]}
        frame = self._rated(judged, judged.drop(columns="label").assign(n=1), by=by, levels=levels, per=100)
        frame["high"] = frame["high"].where(frame["count"] > 0, 100 * frame["words"].map(zero_share_bound))
        told = (judged["label"] != "").mean() * 100 if len(judged) else 0.0
        notes = (
            f"Percent of sentences that mention the target. The model tells {told:.0f} % of them and abstains on the rest.",
            self._interval_note(by).replace("a rate from", "a share of"), "Learned from sentences about persons in American news: read the sentences before the number.",
        )  # fmt: skip
        heads = {**{column: _HEADS.get(column, column) for column in by}, "count": "sentences", "words": "of sentences", "rate": "percent", "low": "95 % from", "high": "to"}
        return Table(frame.assign(target=frame["target"].map(self.targets)), "tone", "In what tone the sentences speak that mention a target", notes, heads, _FORMATS, self._behind(lambda: judged, *by), drawn("tone"))

    def frames(self) -> Table:
        """How likely each generic frame is in each article; the sentences that made the call are in the layer `frames`.

        The five frames of Semetko and Valkenburg (2000), by a model learned from climate news: one row an article, a column a frame;
        no number where the article is unlike those the model learned from.
        """
        annotations = self.annotations()
        judged = annotations.frames[annotations.frames["present"] != ""]
        wide = judged.set_index(["article_id", "frame"])["probability"].unstack().reindex(index=[article.article_id for article in self.articles], columns=list(dict.fromkeys(annotations.frames["frame"])))
        wide = wide.rename_axis(columns=None).rename_axis("article_id").reset_index()
        told = judged["article_id"].nunique()
        frame = counts.with_articles(wide, annotations)[["group", "outlet", *wide.columns]]
        names = [column for column in wide.columns if column != "article_id"]
        heads = {"group": "group", "outlet": "outlet", "article_id": "article", **{name: name for name in names}}
        notes = (f"Probability by the model, from 0 to 1. It learned from news on one topic, climate; of these {len(self.articles)} articles it judges {told} and abstains on the others (–), which are too unlike those or too short.",)
        return Table(frame, "frames", "Which generic frame an article carries", notes, heads, dict.fromkeys(names, ".2f"), self._behind(lambda: occurrences(annotations, "frames"), "article_id"))

    # Words, names, roles

    def loaded_entries(self, *, target: str | None = None, lexicon: str = "curated") -> Table:
        """Which loaded terms occur, how often in whose voice, and why each is in the list."""
        self._check(target=target)
        events = self._events("loaded", lexicon)
        events = events if target is None else counts.in_target_sentences(events, self.annotations(), target)
        frame = events.groupby(["entry", "category", "polarity"]).agg(count=("start", "size"), articles=("article_id", "nunique")).reset_index()
        for voice in counts.VOICES:
            frame[voice] = frame["entry"].map(events[events["voice"] == voice]["entry"].value_counts()).fillna(0).astype(int)
        why = {entry.entry: (entry.reason, entry.source) for entry in (self.lexicons.loaded if lexicon == "curated" else self.lexicons.opinion)}
        frame["reason"], frame["source"] = [why[entry][0] for entry in frame["entry"]], [why[entry][1] for entry in frame["entry"]]
        frame = frame.sort_values(["count", "articles", "entry"], ascending=[False, False, True], ignore_index=True)
        heads = {"entry": "entry", "category": "category", "count": "count", "articles": "in articles", "outlet": "outlet's own", "indirect": "indirect", "direct": "direct", "reason": "why it is loaded"}
        about = f" in sentences that mention {self.targets[target]}" if target else ""
        return Table(frame, "_".join(filter(None, ["loaded_entries", target])), f"Loaded terms that occur{about} ({lexicon} list)", (), heads, {}, self._behind(lambda: events, "entry", "category", "polarity"), drawn("dots", value="count", rows=("entry",), unit="times", accuracy=("babe",)))

    def mentioned_as(self, target: str | None = None) -> Table:
        """By which words the targets are mentioned, group by group."""
        self._check(target=target)
        events = counts.with_articles(self.annotations().mentions, self.annotations())
        events = events if target is None else events[events["target"] == target]
        frame = events.groupby(["target", "text", "kind", "group"]).size().unstack(fill_value=0).reindex(columns=list(self.groups), fill_value=0)
        frame["count"] = frame.sum(axis=1)
        frame = frame.reset_index().sort_values(["target", "count", "text"], ascending=[True, False, True], ignore_index=True).rename_axis(columns=None)
        frame["target"] = frame["target"].map(self.targets)
        heads = {"target": "target", "text": "as printed", "kind": "kind", "count": "count", **{group: group for group in self.groups}}
        return Table(frame, "mentioned_as", "How the targets are mentioned", ("The minimal name; no pronouns; the longest alias wins and no word counts twice.",), heads, {}, self._behind(lambda: events, "target", "text", "kind"), drawn("dots", value="count", rows=("target", "text"), unit="times", accuracy=("mentions",)))

    def naming(self) -> Table:
        """Which of the rival names each group uses, and in whose voice."""
        events = occurrences(self.annotations(), "naming")
        frame = events.groupby(["referent", "variant", "group"]).size().unstack(fill_value=0).reindex(columns=list(self.groups), fill_value=0)
        frame["count"] = frame.sum(axis=1)
        held = events[events["held"]].groupby(["referent", "variant"]).size()
        own = events[events["voice"] == "outlet"].groupby(["referent", "variant"]).size()
        frame["own"] = own.reindex(frame.index, fill_value=0).astype(int)
        frame["held"] = held.reindex(frame.index, fill_value=0).astype(int)
        frame = frame.reset_index().sort_values(["referent", "count", "variant"], ascending=[True, False, True], ignore_index=True).rename_axis(columns=None)
        reasons = {(variant.referent, variant.variant): variant.reason for variant in self.lexicons.naming}
        frame["reason"] = [reasons[row.referent, row.variant] for row in frame.itertuples()]
        heads = {"referent": "referent", "variant": "variant", **{group: group for group in self.groups}, "count": "count", "own": "in the outlet's own words", "held": "in scare quotes", "reason": "what the name says"}
        return Table(frame, "naming", "Naming variants by group", ("Counts. The longest variant wins; the others of its words do not count again.",), heads, {}, self._behind(lambda: events, "referent", "variant"), drawn("naming", self.groups))

    def scare_quotes(self) -> Table:
        """Each word or phrase in scare quotes."""
        rows = occurrences(self.annotations(), "scare")
        rows["quoted"] = [self.text(row.article_id)[row.start : row.end] for row in rows.itertuples()]
        heads = {"group": "group", "article_id": "article", "sentence_id": "sentence", "quoted": "in quote marks", "voice": "voice"}
        return Table(rows, "scare_quotes", "Scare quotes", ("Short quoted words that the signs in their sentence make neither speech nor a name.",), heads, {}, self._behind(lambda: rows, "article_id", "start"))

    def quotations(self) -> Table:
        """Every quoted or reported stretch, with its speaker where one was found."""
        voices = self.annotations().voices
        frame = counts.with_articles(voices[voices["kind"].isin(("direct", "indirect"))], self.annotations())
        texts = [" ".join(self.text(row.article_id)[row.start : row.end].split()) for row in frame.itertuples()]
        frame["shown"] = [text if len(text) <= 90 else f"{text[:58]} … {text[-28:]}" for text in texts]
        starts = {article_id: tokens["start"].to_numpy() for article_id, tokens in self.annotations().tokens.groupby("article_id")}
        frame["n_words"] = [int(np.diff(np.searchsorted(starts[row.article_id], (row.start, row.end)))[0]) for row in frame.itertuples()]
        frame["who"] = frame["speaker"].where(frame["speaker"] != "", "(not found)")
        frame["mark"] = frame["resolved"].map({True: "", False: "mark without partner"})
        heads = {"group": "group", "article_id": "article", "kind": "voice", "who": "speaker", "n_words": "words", "shown": "text", "mark": "remark"}
        return Table(frame, "quotations", "Quoted and reported speech", ("Direct: in quotation marks. Indirect: what a reporting word tells, and what follows a name and a colon in a headline or interview.",), heads, {}, self._behind(lambda: occurrences(self.annotations(), "voices").query("voice != 'outlet'")))

    def roles(self) -> Table:
        """Who acts and who is acted upon: how often each target is agent or patient, and of which verbs."""
        roles = occurrences(self.annotations(), "roles")
        rows = []
        for target, label in self.targets.items():
            for group in self.groups:
                part = roles[(roles["target"] == target) & (roles["group"] == group)]
                verbs = {role: part[part["role"] == role]["predicate"].value_counts() for role in ("agent", "patient")}
                listed = {role: ", ".join(f"{verb} {n}" if n > 1 else verb for verb, n in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:8]) or "–" for role, found in verbs.items()}
                rows.append((label, group, int(verbs["agent"].sum()), listed["agent"], int(verbs["patient"].sum()), listed["patient"]))
        frame = pd.DataFrame(rows, columns=["target", "group", "agent", "does", "patient", "is done to it"])
        heads = {"target": "target", "group": "group", "agent": "agent", "does": "what it does", "patient": "patient", "is done to it": "what is done to it"}
        return Table(frame, "roles", "Who acts", ("Who does what verbs and nouns of doing name, and to whom, by dependency parse, all voices; being and having give no role. At most eight predicates shown.",), heads, {}, self._behind(lambda: roles[roles["role"] != "described"], "target", "group"))

    def collocates(self, target: str, *, group: str | None = None, voice: str | None = None, window: int | None = None, minimum: int = 2) -> Table:
        """Which words keep company with a target: content words in the sentences that mention it, or in a window of words around its mentions, by logDice.

        Args:
            group, voice: only words there.
            window: so many words to the left and right of a mention, within its sentence; the whole sentence where not given.
            minimum: sentences (with a window: words) near the target, at least.

        Raises:
            InputError: if a name is unknown, or `window` or `minimum` is no whole number from 1.
        """
        self._check(target=target, group=group, voice=voice)
        frame, near, total = collocates_of(self.annotations(), target, group=group, voice=voice, window=window, minimum=minimum)
        label, within = self.targets[target], "" if window is None else f", {window} words to either side"
        caption = f"Words near {label} ({f'{group}, ' if group else ''}{counts.SAID[voice] if voice else 'all voices'}{within})"
        counted = f"{near:,} of {total:,} sentences mention {label}; a word counts once a sentence." if window is None else f"{near:,} of {total:,} words stand within {window} words of a mention of {label} in its sentence; a word near two mentions counts once."
        notes = (f"{counted} Words near it {minimum} times or more; function words and the mentions' own words left out.", "Expected: the count were the word spread evenly. logDice: at most 14. MI: high for rare words. Delta P: how much likelier the word is near the target than elsewhere.")
        name = "_".join(filter(None, ["collocates", target, slug(group or ""), voice, window and f"window{window}"]))
        heads = {"term": "word", "count": "count near", "articles": "in articles", "expected": "expected", "log_dice": "logDice", "mi": "MI", "delta_p_word": "delta P"}
        behind = self._behind(lambda: collocate_rows(self.annotations(), target, group=group, voice=voice, window=window), "term")
        return Table(frame, name, caption, notes, heads, {"count": ",d", "articles": ",d", "expected": ".1f", "log_dice": ".2f", "mi": ".2f", "delta_p_word": "+.3f"}, behind, drawn("dots", value="log_dice", rows=("term",), unit="logDice", accuracy=("mentions",)))

    def relations(self, target: str, *, group: str | None = None, voice: str | None = None) -> Table:
        """Which words stand in which grammatical relation to a target: what it does, what is done to it, and as what it is described.

        Args:
            group, voice: only mentions there; the other targets that logDice compares with are taken there too.

        Raises:
            InputError: if a name is unknown.
        """
        self._check(target=target, group=group, voice=voice)
        frame = relations_of(self.annotations(), target, group=group, voice=voice)
        label, shown = self.targets[target], (group,) if group else self.groups
        caption = f"What is said of {label}, by grammatical relation ({f'{group}, ' if group else ''}{counts.SAID[voice] if voice else 'all voices'})"
        others = [other for key, other in self.targets.items() if key != target]
        notes = (
            "By dependency parse. A mention does or suffers one thing at most and may be described by several words; what describes its forces, bodies and office-holders describes it. “not” stands before what is denied.",
            f"logDice: how far word and relation belong to {label} alone, beside {findings.listed(others)}; at most 14." if others else "logDice: the study has no other target to set beside this one.",
        )  # fmt: skip
        heads = {"relation": "relation", "word": "word", "count": "count", "articles": "in articles", "persons": "of persons", **{one: one for one in shown}, "count_any": "with any target", "log_dice": "logDice"}
        name = "_".join(filter(None, ["relations", target, slug(group or ""), voice]))
        events = occurrences(self.annotations(), "roles")
        for column, value in (("target", target), ("group", group), ("voice", voice)):
            events = events if value is None else events[events[column] == value]
        behind = self._behind(lambda: events, "relation", "word")
        return Table(frame, name, caption, notes, heads, {**dict.fromkeys(("count", "articles", "persons", "count_any", *shown), ",d"), "log_dice": ".2f"}, behind, drawn("dots", value="count", rows=("relation", "word"), unit="times", accuracy=("roles",)))

    def concordance(self, term: str | None = None, *, loaded: str | None = None, target: str | None = None, group: str | None = None, voice: str | None = None, regex: bool = False) -> Concordance:
        """The sentences behind a number.

        Args:
            term: a word, a phrase, a stem with `*`, or a regular expression (`regex=True`).
            loaded: in place of a term, a category or an entry of the curated loaded terms, or `*` for all of them.
            target: only sentences that mention it; with neither term nor loaded, its mentions.
            group, voice: only there.

        Raises:
            InputError: if a name is unknown, or nothing is asked for.
        """
        self._check(target=target, group=group, voice=voice)
        annotations = self.annotations()
        if term is not None:
            hits, what = find_term(term, annotations, self._by_id, regex=regex), f"“{term}”"
        elif loaded is not None:
            hits, what = self._loaded_rows(loaded), "Loaded terms" if loaded == "*" else f"Loaded: {loaded}"
        elif target is not None:
            hits, what = annotations.mentions[annotations.mentions["target"] == target], f"Mentions of {self.targets[target]}"
        else:
            raise InputError("concordance: nothing to look for; give a term, loaded terms or a target")
        if target is not None and (term is not None or loaded is not None):
            hits, what = counts.in_target_sentences(hits, annotations, target), f"{what} in sentences that mention {self.targets[target]}"
        if group is not None:
            hits, what = hits[hits["article_id"].isin([article.article_id for article in self.articles if article.group == group])], f"{what}, {group}"
        if voice is not None:
            hits, what = hits[hits["voice"] == voice], f"{what}, in {counts.SAID[voice]}"
        return concordance_of(hits, annotations, self._by_id, caption=what)

    def _loaded_rows(self, which: str) -> pd.DataFrame:
        frame = self.annotations().loaded
        frame = frame[frame["lexicon"] == "curated"]
        if which == "*":
            return frame
        if which not in {name for entry in self.lexicons.loaded for name in (entry.entry, entry.category)}:
            raise InputError(f"concordance: '{which}' is neither a category nor an entry of the loaded terms; use * for all, or one of {', '.join(sorted({entry.category for entry in self.lexicons.loaded}))}")
        return frame[(frame["category"] == which) | (frame["entry"] == which)]

    @cached_property
    def _specification(self) -> pd.DataFrame:
        return robustness.specification(self._variants(), self.groups)

    def _variants(self) -> Iterator[robustness.Variant]:
        return robustness.variants(self.annotations(), robustness.left_out(self.articles, self.annotations(), self.lexicons.loaded))

    def specification(self) -> Table:
        """How loaded each group is under every choice that could have been made otherwise."""
        frame = self._specification
        heads = {"choice": "choice", "variant": "counted so", **{group: group for group in self.groups}}
        behind = self._behind(lambda: pd.concat([variant.terms.assign(variant=variant.variant) for variant in self._variants()], ignore_index=True).dropna(subset=["start"]).astype({name: int for name in ("sentence_id", "start", "end")}), "variant")
        return Table(frame, "specification", "Loaded terms per 1,000 words under every variant", ("– : the variant leaves the group no words.",), heads, {group: ".1f" for group in self.groups}, behind, chart=drawn("specification", self.groups))

    def verdicts(self) -> Table:
        """For each pair of groups: in how many variants the more loaded one stays so, and what turns it."""
        frame = robustness.verdicts(self._specification, self.groups)
        frame["turned"] = frame["turned_by"].where(frame["turned_by"] != "", "nothing tried")
        heads = {"higher": "more loaded as counted", "lower": "less loaded", "difference": "difference per 1,000", "holds": "holds in", "variants": "of variants", "turned": "turned by"}
        notes = ("Each pair of groups; of the variants, those that change the rate of either and leave both some words. How many of them hold is no probability.", findings.few_terms(frame))
        return Table(frame, "verdicts", "What holds", tuple(filter(None, notes)), heads, {"difference": ".1f"}, self._behind(lambda: self._events("loaded", "curated")))

    # What may be said

    @cached_property
    def _least_p(self) -> float:
        """The smallest p that one group against the others can reach, articles dealt out anew within their event where the study names events."""
        blocks = self._blocks()
        strata = [blocks[article.article_id] for article in self.articles] if blocks else None
        return min(measures.smallest_p_within([article.group == group for article in self.articles], strata) for group in self.groups)

    @property
    def testable(self) -> bool:
        """Whether permuting articles over the groups could give a p-value below 0.05."""
        return self._least_p < 0.05

    def design(self) -> Note:
        """What this design can and cannot show, said before anything else."""
        return findings.design(self.sizes, least=self._least_p, within=self._within())

    def findings(self) -> Notes:
        """The findings in a few computed sentences."""
        return findings.summary(self)

    def _check(self, *, target=None, group=None, voice=None) -> None:
        for name, value, values in (("target", target, self.targets), ("group", group, self.groups), ("voice", voice, counts.VOICES)):
            if value is not None and value not in values:
                raise InputError(f"unknown {name} '{value}'; {known(str(value), values)}")


def _by_article(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The sums of events or words by article and these columns, as if each article were one sentence."""
    counted = frame if "n" in frame else frame.assign(n=1)
    return counted.groupby(list(dict.fromkeys(("article_id", *columns))), sort=False)["n"].sum().reset_index().assign(sentence_id=0)
