"""The comparisons of a study, as tables that say on their face what was counted and what it cannot show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import comparison, counts, robustness
from pressframes.comparison import SENTENCES_DRAWN
from pressframes.errors import InputError, known
from pressframes.measures.uncertainty import RESAMPLES
from pressframes.occurrences import occurrences
from pressframes.results import Figure, Table, slug

NAMED = {"loaded": "loaded terms", "mentions": "mentions", "naming": "naming variants", "scare": "scare quotes"}
_SIGNED = {"count_a": ",d", "count_b": ",d", "rate_a": ".1f", "rate_b": ".1f", "signed": "+.1f", "log_ratio": "+.2f", "low": "+.1f", "high": "+.1f", "dp_norm": ".2f", "p": ".4f", "q": ".4f"}


def drawn(name: str, *more, **options) -> Callable[[Table], Figure]:
    """One of the charts for `Table.plot`: the function of that name in `pressframes.charts`, which loads when a chart is asked for."""
    return lambda table: getattr(import_module("pressframes.charts"), name)(table, *more, **options)


def untestable(pairs: pd.DataFrame) -> str:
    """Say in place of p which pairs of groups no test can tell apart: rows of `differences`."""
    return "; ".join(f"{row.group_a} and {row.group_b}: not testable with {row.articles_a} and {row.articles_b} articles" for row in pairs.itertuples()) + "."


class Compared:
    """The part of `Study` that sets groups, voices and contexts against each other."""

    def _blocks(self) -> dict[str, str] | None:
        """The event (or date) of each article, within which tests deal articles out anew; None where the study names none."""
        column = self.settings.blocks
        found = {article.article_id: getattr(article, column) for article in self.articles} if column != "none" else {}
        return found if any(found.values()) else None

    def _within(self) -> str:
        """What articles are dealt out anew within: "event", "date", or nothing."""
        return {"event": "event", "published": "date"}[self.settings.blocks] if self._blocks() else ""

    def _side(self, value, by: str, name: str) -> None:
        """Check that `value` is one of those that `by` divides the study into."""
        values = {"group": list(self.groups), "outlet": sorted({article.outlet for article in self.articles}), "article_id": [article.article_id for article in self.articles], "voice": list(counts.VOICES), "target": list(self.targets)}
        if by not in values:
            raise InputError(f"{name}: unknown side '{by}'; {known(str(by), values)}")
        if value not in values[by]:
            raise InputError(f"unknown {by} '{value}'; {known(str(value), values[by])}")

    def _keywords(self, value: str, reference, by: str, voice, target, length: int, minimum: int, articles: int = 1) -> tuple[comparison.Keywords, str]:
        self._check(voice=voice, target=target)
        self._side(value, by, "keyness")
        if isinstance(reference, Path):
            return comparison.against_list(self.annotations(), value, reference, by=by, voice=voice, target=target, minimum=minimum, articles=articles, seed=self.settings.seed), f"the list {reference.name}"
        if reference is not None:
            self._side(reference, by, "keyness")
        if reference == value or (by == "group" and len(self.groups) < 2):
            raise InputError(f"keyness: '{value}' has nothing to be compared with; give another {by} as reference")
        sides = comparison.two_sides(self.annotations(), value, reference, by=by, voice=voice, target=target, length=length)
        rest = {"voice": "the other voices", "target": "sentences that do not mention it"}.get(by, "everyone else")
        return comparison.keywords(sides, minimum=minimum, articles=articles, blocks=self._blocks(), seed=self.settings.seed), self._label(reference, by) if reference else rest

    def _terms_behind(self, value: str, reference: str | Path | None, against: str, *, by: str, voice, target, length: int = 1):
        """The places of the words of a comparison; `side` tells which side each is on, as the table names it. Of a list there is the one side."""
        reference, label = None if isinstance(reference, Path) else reference, self._label(value, by)

        def rows() -> pd.DataFrame:
            sides = comparison.sides_of(self.annotations(), value, reference, by=by)
            found = counts.term_rows(self.annotations(), voice=voice, target=target, parts=sides, n=length)
            return found.assign(side=found["part"].map({"a": label, "b": against}))

        return self._behind(rows, "term")

    def _label(self, value: str, by: str) -> str:
        return f"sentences that mention {self.targets[value]}" if by == "target" else value

    def keyness(self, value: str, *, reference: str | Path | None = None, by: str = "group", voice: str | None = None, target: str | None = None, length: int = 1, minimum: int = 3, articles: int = 1) -> Table:
        """Which words one side uses more, and less, than another.

        Args:
            value: the side looked at: a group, or another value of `by`.
            reference: another value of `by`; everything else where not given; or the path of a CSV file with the columns `term` and `count`.
            by: what the sides are: `group`, `outlet`, `article_id`, `voice`, or `target` (sentences that mention it, against all others).
            voice: only words in this voice.
            target: only sentences that mention this target.
            length: compare sequences of so many words.
            minimum: leave out terms that occur less often than this on both sides together.
            articles: leave out terms that fewer articles than this use, on both sides together.

        Raises:
            InputError: if a name is unknown, or there is nothing to compare with.
        """
        result, against = self._keywords(value, reference, by, voice, target, length, minimum, articles)
        words_a, words_b = result.words
        frame = result.frame.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
        frame["articles"] = [f"{row.articles_a:,}" if isinstance(reference, Path) else f"{row.articles_a:,} : {row.articles_b:,}" for row in frame.itertuples()]
        heads = {"term": "term", "count_a": self._label(value, by), "count_b": against, "rate_a": "per 1,000", "rate_b": "per 1,000 there", "signed": "G2 (signed)", "log_ratio": "Log Ratio", "low": "95 % from", "high": "to", "articles": "in articles", "dp_norm": "DPnorm"}
        heads |= {"p": "p", "q": "q"} if frame["p"].notna().any() else {}
        what = "words" if length == 1 else f"sequences of {length} words"
        notes = (
            f"{words_a:,} {what} against {words_b:,}, numbers left out; those that occur {minimum} times or more in all{f', in {articles} articles or more' if articles > 1 else ''}. G2 over Dunning's four cells, with a minus where the reference uses the term more; in articles: of each side, how many use it; DPnorm: 0 spread evenly over the articles, 1 all in one.",
            self._interval_of(result.whole) if isinstance(reference, str | None) else "A list has no articles: no interval and no test.",
            self._verdict(result),
        )  # fmt: skip
        where = "".join([f" in {counts.SAID[voice]}" if voice else "", f" near {self.targets[target]}" if target else ""])
        name = "_".join(filter(None, ["keyness", slug(value), slug(reference.stem if isinstance(reference, Path) else reference or ""), voice, target, f"of_{length}" if length > 1 else ""]))
        return Table(frame, name, f"{what.capitalize()} that set {self._label(value, by)} apart from {against}, used more (+) or less (-){where}", notes, heads, _SIGNED, self._terms_behind(value, reference, against, by=by, voice=voice, target=target, length=length), drawn("dots", value="log_ratio", rows=("term",), unit=f"Log Ratio: {self._label(value, by)} against {against}"))

    def _interval_of(self, whole: bool) -> str:
        return f"Interval of Log Ratio: 95 %, {self._drawn_anew(whole)}. Of a term that one side lacks only the end nearer to 0 is a limit."

    def _drawn_anew(self, whole: bool) -> str:
        return f"{'articles drawn anew; it covers articles like these' if whole else SENTENCES_DRAWN} ({RESAMPLES:,} draws, seed {self.settings.seed})"

    def _verdict(self, result: comparison.Keywords) -> str:
        size_a, size_b = result.articles
        within = f" within each {self._within()}" if self._within() and not result.paired else ""
        if result.smallest_p >= 0.05:
            least = "" if result.smallest_p == np.inf else f": {result.permutations} arrangements{within}, no p below {result.smallest_p:.2g}"
            return f"Not testable with {size_a} and {size_b} articles{least}. The order describes these articles."
        drawn = f"all {result.permutations:,}" if result.exact else f"{result.permutations:,}" if result.most == result.permutations else f"{result.permutations:,} to {result.most:,}"
        dealt = "the two parts of each article exchanged at random" if result.paired else f"articles dealt out anew to the sides{within}{self._without_event()}"
        return f"p: {drawn} arrangements, {dealt}{'' if result.exact else f' (seed {result.seed})'}, each article with the same say and thinned to the length of its like on the other side; q: Benjamini-Hochberg over {len(result.frame):,} terms."

    def _without_event(self) -> str:
        missing = sum(not value for value in (self._blocks() or {}).values())
        return f" ({missing} name none and are dealt among themselves)" if missing else ""

    def lockwords(self, value: str, *, reference: str | None = None, by: str = "group", voice: str | None = None, target: str | None = None, minimum: int = 10) -> Table:
        """Which words two sides use alike: at most twice as often here as there, and no less than half as often, over the whole 95 % interval (articles or sentences drawn anew).

        Args: as for `keyness`.

        Raises:
            InputError: if a name is unknown, or there is nothing to compare with.
        """
        result, against = self._keywords(value, reference, by, voice, target, 1, minimum)
        frame = comparison.lockwords(result.frame)
        heads = {"term": "term", "count_a": self._label(value, by), "count_b": against, "rate_a": "per 1,000", "rate_b": "per 1,000 there", "low": "Log Ratio from", "high": "to", "at_most": "at most times as often"}
        notes = (f"{len(frame)} of the {len(result.frame)} words that occur {minimum} times or more: the whole interval of Log Ratio lies between -1 and 1.", self._interval_of(result.whole))
        name = "_".join(filter(None, ["lockwords", slug(value), slug(reference or ""), voice, target]))
        return Table(frame, name, f"Words that {self._label(value, by)} and {against} use alike", notes, heads, {**_SIGNED, "at_most": ".2f"}, self._terms_behind(value, reference, against, by=by, voice=voice, target=target), drawn("dots", value="log_ratio", rows=("term",), unit=f"Log Ratio: {self._label(value, by)} against {against}"))

    def keyword_variants(self, value: str, *, reference: str | None = None, voice: str | None = None) -> Table:
        """Which of a group's first twenty keywords stay among its first ones by another measure, another prior, or without one of the articles.

        Raises:
            InputError: if a name is unknown, or there is nothing to compare with.
        """
        self._check(group=value, voice=voice)
        self._check(group=reference)
        if reference == value or len(self.groups) < 2:
            raise InputError(f"keyword_variants: '{value}' has nothing to be compared with; give another group as reference")
        frame = robustness.keyword_variants(comparison.two_sides(self.annotations(), value, reference, by="group", voice=voice))
        heads = {"choice": "choice", "variant": "decided so", "kept": "keywords that stay", "of": "of", "lost": "those that do not"}
        keywords = {term for terms in frame.loc[:0, ["stay", "lost"]].to_numpy().ravel() for term in terms.split(", ")}
        behind = self._terms_behind(value, reference, reference or "everyone else", by="group", voice=voice, target=None)
        name = "_".join(filter(None, ["keyword_variants", slug(value), slug(reference or ""), voice]))
        return Table(frame, name, f"What becomes of the keywords of {value} against {reference or 'everyone else'}", ("As counted: the words that the group uses more, by G2, among those that occur three times or more. Conservative Log Ratio keeps only words whose interval leaves out 0, adjusted for all words compared.",), heads, {}, replace(behind, occurrences=lambda: behind.occurrences().loc[lambda rows: rows["term"].isin(keywords)], keys=()))

    def words_by_group(self, *, voice: str | None = None, target: str | None = None, length: int = 1, minimum: int = 5) -> Table:
        """Which words the groups use most unequally, all groups side by side.

        Raises:
            InputError: if a name is unknown.
        """
        self._check(voice=voice, target=target)
        frame = comparison.words_by_group(self.annotations(), self.groups, voice=voice, target=target, length=length)
        frame = frame[frame["count"] >= minimum].sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
        heads = {"term": "term", **{f"{group} rate": f"{group}, per 1,000" for group in self.groups}, "count": "count", "g2": "G2", "highest": "most in", "log_ratio": "Log Ratio there"}
        notes = (f"Words that occur {minimum} times or more. G2 over all groups at once: how surprising the differences are if every word were drawn alone; `keyness` of one group tests articles.",)
        name = "_".join(filter(None, ["words_by_group", voice, target, f"of_{length}" if length > 1 else ""]))
        return Table(frame, name, "Words that the groups use most unequally", notes, heads, {**{f"{group} rate": ".1f" for group in self.groups}, "g2": ".1f", "log_ratio": "+.2f", "count": ",d"}, self._behind(lambda: counts.term_rows(self.annotations(), voice=voice, target=target, n=length), "term"), drawn("dots", value="g2", rows=("term", "highest"), unit="G2 over all groups"))

    # Differences of rates

    def differences(self, what: str = "loaded", *, voice: str | None = None, target: str | None = None, lexicon: str = "curated") -> Table:
        """How far the rates of each pair of groups lie apart, and whether dealing the articles out anew would show as much.

        Args: as for `rates`.

        Raises:
            InputError: if a name is unknown.
        """
        events, words = self._counted(what, ("group",), target=target, voice=voice, lexicon=lexicon)[:2]
        frame = comparison.differences(events, words, self.groups, sentences=self.annotations().sentences, blocks=self._blocks(), seed=self.settings.seed)
        heads = {"group_a": "group", "rate_a": "per 1,000", "group_b": "against", "rate_b": "per 1,000 there", "difference": "difference", "low": "95 % from", "high": "to"}
        tested = frame["p"].notna()
        heads |= {"p": "p", "q": "q"} if tested.any() else {}
        notes = [f"Interval: 95 %, {self._drawn_anew(drawn == 'articles')}." for drawn in dict.fromkeys(frame["drawn"])]
        if len(notes) > 1:
            heads |= {"drawn": "drawn anew"}
        if tested.any():
            within = f" within each {self._within()}{self._without_event()}" if self._within() else ""
            notes.append(f"p: articles dealt out anew to the two groups{within} (at most 9,999 arrangements, seed {self.settings.seed}); q: Benjamini-Hochberg over {int(tested.sum())} comparisons.")
        if not tested.all():
            notes.append(untestable(frame[~tested]))
        where = "".join([f" in {counts.SAID[voice]}" if voice else "", f" near {self.targets[target]}" if target else ""])
        return Table(frame, "_".join(filter(None, ["differences", what, voice, target, lexicon if lexicon != "curated" else None])), f"Differences between groups: {NAMED[what]} per 1,000 words{where}", tuple(notes), heads, {"rate_a": ".1f", "rate_b": ".1f", "difference": "+.1f", "low": "+.1f", "high": "+.1f", "p": ".4f", "q": ".4f"}, self._pairs_behind(events, frame), drawn("dots", value="difference", rows=("group_a", "group_b"), unit="difference per 1,000 words"))

    def _pairs_behind(self, events: pd.DataFrame, pairs: pd.DataFrame):
        """The events of both groups of each pair."""
        sides = ("group_a", "group_b")
        return self._behind(lambda: pd.concat([events.merge(pairs[list(sides)], left_on="group", right_on=side) for side in sides], ignore_index=True), *sides)

    def power(self, what: str = "loaded", *, voice: str | None = None, target: str | None = None) -> Table:
        """What this corpus could show of a rate, said before anything is tested: for each pair of groups the least p and the smallest difference it could find.

        Args: as for `rates`.

        Raises:
            InputError: if a name is unknown.
        """
        frame = comparison.power(self.article_rates(what, voice=voice, target=target), self.groups, blocks=self._blocks())
        events = self._counted(what, ("group",), target=target, voice=voice, lexicon="curated")[0]
        frame["shown"] = [f"{row.smallest_difference:.1f}" if np.isfinite(row.smallest_difference) else "none at all" if row.smallest_p >= 0.05 else "cannot be told" for row in frame.itertuples()]
        heads = {"group_a": "group", "group_b": "against", "articles_a": "articles", "articles_b": "articles there", "arrangements": "arrangements", "smallest_p": "smallest p", "shown": "smallest difference it could show", "difference": "difference seen", "needed": "articles a group to show that"}
        spread = frame["spread"].iloc[0] if len(frame) else float("nan")
        known = f"Articles of one group differ by {spread:.1f} per 1,000 words (standard deviation, long articles weighing more, pooled over groups)." if spread == spread else "No group has two articles: how much articles differ cannot be told."
        within = f" Arrangements within each {self._within()}; an article with none of the other group on its {self._within()} tells nothing." if self._within() else ""
        notes = (f"Per 1,000 words. {known} Found four times in five by a two-sided test at 0.05 (Cohen 1988).{within}", "A difference seen is no reason to believe that it is there; the last column says how many articles would tell.")
        return Table(frame, "_".join(filter(None, ["power", what, voice, target])), f"What this corpus could show of {NAMED[what]}", notes, heads, {"arrangements": ",d", "smallest_p": ".2g", "difference": ".1f", "needed": ",.0f"}, self._pairs_behind(events, frame))

    def article_rates(self, what: str = "loaded", *, voice: str | None = None, target: str | None = None) -> pd.DataFrame:
        """The rate of every article that has words, without intervals: article_id, group, count, words, rate.

        Args: as for `rates`.

        Raises:
            InputError: if a name is unknown.
        """
        events, words = self._counted(what, ("group",), target=target, voice=voice, lexicon="curated")[:2]
        total = words.groupby(["article_id", "group"], sort=False)["n"].sum().rename("words").reset_index()
        count = total["article_id"].map(events.groupby("article_id").size()).fillna(0).astype(int)
        return total.assign(count=count, rate=1000 * count / total["words"])[["article_id", "group", "count", "words", "rate"]]

    def word_shift(self, value: str, *, reference: str | None = None, voice: str | None = None, target: str | None = None, lexicon: str = "curated") -> Table:
        """Which loaded terms make the difference between a group's rate and another's, and how much of it each.

        Args: as for `keyness`; `lexicon`: curated or opinion.

        Raises:
            InputError: if a name is unknown, or there is nothing to compare with.
        """
        self._check(group=value)
        self._check(group=reference)
        if reference == value or len(self.groups) < 2:
            raise InputError(f"word_shift: '{value}' has nothing to be compared with; give another group as reference")
        events, words = self._counted("loaded", ("group",), target=target, voice=voice, lexicon=lexicon)[:2]
        frame, against = comparison.word_shift(events, words, (value, reference)), reference or "everyone else"
        heads = {"entry": "entry", "category": "category", "count_a": value, "count_b": against, "part": "part of the difference"}
        notes = (f"Per 1,000 words; the {len(frame)} parts sum to the difference of {frame['part'].sum():+.2f} (a proportion shift; Gallagher et al. 2021).",)
        return Table(frame, "_".join(filter(None, ["word_shift", slug(value), slug(reference or ""), voice, target])), f"Which loaded terms make {value} differ from {against}", notes, heads, {"part": "+.2f"}, self._behind(lambda: events if reference is None else events[events["group"].isin((value, reference))], "entry"), drawn("dots", value="part", rows=("entry",), unit="part of the difference, per 1,000 words", accuracy=("babe",)))

    def toward(self, target: str | None = None, *, voice: str | None = None) -> Table:
        """Which loaded terms characterise each target, told from the grammar between term and mention.

        Fewer than those in sentences that mention the target (`rates("loaded", target=...)`), and nearer to what is said of it.

        Raises:
            InputError: if a name is unknown.
        """
        self._check(target=target, voice=voice)
        events = occurrences(self.annotations(), "toward")
        events = events if voice is None else events[events["voice"] == voice]
        rows = []
        for key, label in self.targets.items() if target is None else [(target, self.targets[target])]:
            for group in self.groups:
                part = events[(events["target"] == key) & (events["group"] == group)]
                told = ", ".join(f"{entry} {n}" if n > 1 else entry for entry, n in sorted(part["entry"].value_counts().items(), key=lambda item: (-item[1], item[0]))) or "–"
                rows.append((label, group, len(part), *(int((part["polarity"] == polarity).sum()) for polarity in ("negative", "neutral", "positive")), int((part["voice"] == "outlet").sum()), told))
        frame = pd.DataFrame(rows, columns=["target", "group", "count", "negative", "neutral", "positive", "own", "entries"])
        heads = {"target": "target", "group": "group", "count": "loaded terms", "negative": "negative", "positive": "positive", "own": "in the outlet's own words", "entries": "terms"}
        notes = ("A term counts if it qualifies the target or what is its own (“their barbaric forces”, “their aggression”), is said of it, is what it does or commits. By dependency parse: it finds somewhat more than half of them, four in five of those rightly.",)
        return Table(frame, "_".join(filter(None, ["toward", target, voice])), "Loaded terms that characterise each target", notes, heads, {}, self._behind(lambda: events, "target", "group"), drawn("dots", value="count", rows=("target", "group"), unit="times"))

    # Likeness

    def similarity(self, by: str | None = None, *, voice: str | None = None) -> Table:
        """How alike the texts are by the words they use, before any framing: topic is the first thing that differs.

        Args:
            by: what a row is: article_id, outlet or group; the finest that stays readable where not given.
            voice: only words in this voice.

        Raises:
            InputError: if a name is unknown.
        """
        self._check(voice=voice)
        by = by or self.rows[-1]
        if by not in ("article_id", "outlet", "group"):
            raise InputError(f"similarity: unknown rows '{by}'; use article_id, outlet, group")
        frame = comparison.likeness(self.annotations(), by=by, voice=voice)
        heads = {by: {"article_id": "article"}.get(by, by), **({"group": "group"} if by != "group" else {}), "nearest": "most like", "cosine": "cosine with it", "within": "mean with its group", "across": "mean with others"}
        notes = ("Cosine of the relative frequencies of content words: 1 the same proportions, 0 no word in common. – : no other text of that kind.",)
        return Table(frame, "_".join(filter(None, ["similarity", by, voice])), "How alike the texts are by their words", notes, heads, dict.fromkeys(("cosine", "within", "across"), ".2f"), chart=drawn("similarity", self.groups))
