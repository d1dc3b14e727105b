"""Counts that add up: what the parts of a corpus say together, in tables that stay small however many articles there are, and the measures that need no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.special import stdtrit

from pressframes import comparison, counts, measures
from pressframes.annotate import Annotations, empty_tables
from pressframes.columns import Counts
from pressframes.compared import untestable
from pressframes.errors import InputError
from pressframes.measures.uncertainty import CONFIDENCE, zero_upper_bound
from pressframes.results import Table, slug

KEYS = {"group_counts": ("group", "outlet"), "term_counts": ("group", "voice", "term"), "rate_counts": ("what", "group", "voice", "target", "kind"), "hit_counts": ("group", "lexicon", "entry")}
"""Of each table, what a row counts; rows of the same keys add up."""
SUMS = {"group_counts": ("articles", "words"), "term_counts": ("n", "articles"), "rate_counts": ("n", "squares", "cross", "articles"), "hit_counts": ("n",)}
ANY = ""
"""In `voice`, `target` and `kind`: all of them together."""
COUNTED = ("loaded", "mentions", "naming")
MOST_ARTICLES = 20_000
"""Of more articles nothing is drawn or dealt out anew: the intervals by sums of squares then tell as much, and the memory would grow with the articles."""
BY_ARTICLE = pa.schema([*((name, pa.large_string()) for name in ("article_id", "group", "what", "voice", "target", "kind")), ("n", pa.int64())])
"""What `rate_counts` adds up, by article: a table of each partition, never merged."""


def schema_of(table: str) -> pa.Schema:
    """Return the Arrow schema of one of the tables."""
    return pa.schema([*((name, pa.large_string()) for name in KEYS[table]), *((name, pa.int64()) for name in SUMS[table])])


def added(parts: Iterable[pa.Table], table: str) -> pa.Table:
    """Add up tables of counts: the same rows in the same order however the corpus was parted."""
    whole = pa.concat_tables([schema_of(table).empty_table(), *parts])
    summed = whole.group_by(list(KEYS[table]), use_threads=False).aggregate([(name, "sum") for name in SUMS[table]]).rename_columns([*KEYS[table], *SUMS[table]])
    return summed.sort_by([(name, "ascending") for name in KEYS[table]]).cast(schema_of(table))


def tally(annotations: Annotations) -> dict[str, pa.Table]:
    """Count annotated articles: all tables but hit_counts, and `article_counts`, which does not add up.

    Returns:
        group_counts: group, outlet, articles, words.
        term_counts: group, voice, term, n: how often a word (not a number) is used; articles: in how many. `voice` is empty where all count together.
        rate_counts: what, group, voice, target, kind, n, squares, cross, articles. Of `words`: n is their sum over articles, squares that of their squares, articles how many articles
        have some. Of events (loaded terms by category, mentions by target, naming variants): n, squares and articles likewise; cross is the sum over articles of events times words
        of the same voice and target. `voice`, `target` and `kind` are empty where all count together; a target's rows are those of sentences that mention it.
        article_counts: article_id, group, what, voice, target, kind, n, of which rate_counts are the sums.
    """
    articles, tokens = annotations.articles, annotations.tokens
    group = tokens["article_id"].map(articles.set_index("article_id")["group"])
    kept = tokens["norm"].str[0].str.isalpha().astype(bool)
    used = tokens[kept].assign(group=group[kept]).groupby(["article_id", "group", "voice", "norm"]).size().rename("n").reset_index().rename(columns={"norm": "term"})
    used = _with_any(used, "voice").groupby(["article_id", "group", "voice", "term"], as_index=False)["n"].sum()  # an article counts once, in however many voices
    terms = used.groupby(["group", "voice", "term"], as_index=False).agg(n=("n", "sum"), articles=("n", "size"))
    by_article = _article_counts(annotations)
    rates = by_article.assign(squares=by_article["n"] ** 2, articles=1).groupby(list(KEYS["rate_counts"]), as_index=False)[list(SUMS["rate_counts"])].sum()
    kept = pa.Table.from_pandas(by_article[BY_ARTICLE.names].astype({"n": "int64"}), schema=BY_ARTICLE, preserve_index=False, nthreads=1).replace_schema_metadata(None)
    return {"group_counts": groups_of(articles), "term_counts": _counted(terms, "term_counts"), "rate_counts": _counted(rates, "rate_counts"), "article_counts": kept}


def groups_of(articles: pd.DataFrame) -> pa.Table:
    """Return the group_counts of articles: group, outlet, n_words."""
    return added([_counted(articles.rename(columns={"n_words": "words"}).assign(articles=1), "group_counts")], "group_counts")


def terms_of(found: Counts, spread: Counts) -> pa.Table:
    """Return the term_counts of articles whose words alone are known, in the voice `ANY`, from `columns.count` and `columns.spread` of the same articles."""
    words = pc.utf8_is_alpha(pc.utf8_slice_codeunits(found.types, 0, 1)).to_numpy(zero_copy_only=False)
    parts = [schema_of("term_counts").empty_table()]
    for name, row, held in zip(found.groups, found.matrix, spread.matrix):
        used = np.flatnonzero((row > 0) & words)
        group, voice = (pa.repeat(pa.scalar(value, pa.large_string()), len(used)) for value in (name, ANY))
        parts.append(pa.table([group, voice, found.types.take(pa.array(used)), pa.array(row[used]), pa.array(held[used])], schema=schema_of("term_counts")))
    return pa.concat_tables(parts)


def hits_of(entries: pa.Table, found: np.ndarray, groups: np.ndarray) -> pa.Table:
    """Return the hit_counts of found forms.

    Args:
        entries: lexicon, entry; each row once.
        found: of each hit, the row there.
        groups: of each hit, its article's group.
    """
    code, names = pd.factorize(groups)
    counted = np.bincount(code * len(entries) + found, minlength=len(names) * len(entries))
    rows = np.flatnonzero(counted)
    group = pa.array(names, pa.large_string()).take(pa.array(rows // len(entries)))
    return pa.table([group, *entries.take(pa.array(rows % len(entries))).columns, counted[rows]], schema=schema_of("hit_counts"))


def _counted(frame: pd.DataFrame, name: str) -> pa.Table:
    frame = frame[[*KEYS[name], *SUMS[name]]].astype(dict.fromkeys(SUMS[name], "int64"))
    return pa.Table.from_pandas(frame, schema=schema_of(name), preserve_index=False, nthreads=1).replace_schema_metadata(None)


def _article_counts(annotations: Annotations) -> pd.DataFrame:
    words = _near(counts.sentence_words(annotations), annotations)
    exposure = _by_article(words.assign(kind=ANY))
    loaded = counts.with_articles(annotations.loaded[annotations.loaded["lexicon"] == "curated"], annotations)
    naming = counts.with_articles(annotations.naming, annotations)
    events = {
        "loaded": _with_any(_near(loaded, annotations).assign(kind=lambda frame: frame["category"]), "kind"),
        "mentions": counts.with_articles(annotations.mentions, annotations).assign(kind=annotations.mentions["target"], target=ANY),
        "naming": _near(naming, annotations).assign(kind=lambda frame: frame["referent"] + ": " + frame["variant"]),
    }
    place = ["article_id", "group", "voice", "target"]
    frames = [exposure.assign(what="words", cross=0)]
    for what, frame in events.items():
        found = _by_article(frame.assign(n=1)).merge(exposure[[*place, "n"]].rename(columns={"n": "words"}), on=place, how="left")
        frames.append(found.assign(what=what, cross=found["n"] * found["words"]))
    return pd.concat(frames, ignore_index=True)


def _near(frame: pd.DataFrame, annotations: Annotations) -> pd.DataFrame:
    """All rows, and once more for each target that their sentence mentions."""
    return pd.concat([frame.assign(target=ANY), counts.in_target_sentences(frame, annotations)], ignore_index=True)


def _with_any(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return pd.concat([frame, frame.assign(**{column: ANY})], ignore_index=True)


def _by_article(frame: pd.DataFrame) -> pd.DataFrame:
    return _with_any(frame, "voice").groupby(["article_id", "group", "voice", "target", "kind"], as_index=False)["n"].sum()


@dataclass(frozen=True)
class Tallies:
    """The merged counts of a corpus, opened without its texts: what `annotate --engine` left in `merged`.

    Counts, rates, G2 and Log Ratio are those of the articles themselves, however many. Of up to `MOST_ARTICLES` articles the tables by article that the partitions hold are read as well, for what no
    sum can tell: p-values, intervals of articles drawn anew, dispersion. Beyond, intervals rest on sums of squares over articles.

    Attributes:
        folder: where the partitions lie; None where there is nothing but the sums.
    """

    group_counts: pd.DataFrame
    term_counts: pd.DataFrame
    rate_counts: pd.DataFrame
    hit_counts: pd.DataFrame
    folder: Path | None = None

    @classmethod
    def open(cls, folder: str | Path) -> "Tallies":
        """Read the merged counts of an output folder of `annotate --engine`.

        Raises:
            InputError: if the folder holds no finished run.
        """
        folder = Path(folder)
        if not (folder / "_complete.json").is_file():
            raise InputError(f"{folder}: no finished run of `pressframes annotate --engine`; run it, or run it again to finish")
        read = lambda name: pq.read_table(file, schema=schema_of(name)).to_pandas() if (file := folder / "merged" / f"{name}.parquet").is_file() else schema_of(name).empty_table().to_pandas()
        return cls(*map(read, KEYS), folder)

    @classmethod
    def of(cls, annotations: Annotations) -> "Tallies":
        """Count annotated articles as a partition is counted."""
        made = tally(annotations)
        return cls(*(made.get(name, schema_of(name).empty_table()).to_pandas() for name in KEYS))

    def __repr__(self) -> str:
        return f"Counts of {self.group_counts['articles'].sum():,} articles in {len(self.groups)} groups, {self.group_counts['words'].sum():,} words"

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, sorted."""
        return tuple(sorted(self.group_counts["group"].unique()))

    def rates(self, what: str = "loaded", *, voice: str = ANY, target: str = ANY, kind: str = ANY) -> Table:
        """How often something occurs per 1,000 words in each group.

        The interval is that of a ratio estimate over articles drawn from many like them (Cochran 1977, section 6.3), by t quantiles; a count of 0 has its exact bound (Garwood 1936).

        Args:
            what: `loaded`, `mentions` or `naming`.
            voice: outlet, indirect or direct; all where not given.
            target: in sentences that mention it.
            kind: a category of loaded terms, the target of mentions, or `referent: variant` of naming; only of loaded terms may it be left out.

        Raises:
            InputError: if a name is unknown, or only the surface was counted.
        """
        frame = self._rated(what, voice, target, kind)
        notes = (f"Interval: {100 * CONFIDENCE:.0f} %, from the spread of articles within their group (ratio estimate; Cochran 1977); it covers articles like these. A group of one article has none (–).",)
        heads = {"group": "group", "articles": "articles", "count": "count", "words": "words", "rate": "per 1,000 words", "low": "95 % from", "high": "to"}
        where = ", ".join(part for part in (kind, f"in {counts.SAID[voice]}" if voice else "", f"in sentences that mention {target}" if target else "") if part)
        return Table(frame, "_".join(filter(None, ["merged", what, slug(kind), voice, target])), f"{what.capitalize()} per 1,000 words{f' ({where})' if where else ''}, by group", notes, heads, {"articles": ",d", "count": ",d", "words": ",d", "rate": ".2f", "low": ".2f", "high": ".2f"})

    def hits(self, lexicon: str = "loaded") -> Table:
        """How often each entry of a list is used in each group, per 1,000 words, where words alone were counted (`--layers surface`).

        Args:
            lexicon: loaded, opinion, naming or targets.

        Raises:
            InputError: if the list is unknown, or all layers were annotated.
        """
        known = sorted(self.hit_counts["lexicon"].unique())
        if lexicon not in known:
            raise InputError(f"hits: nothing of '{lexicon}'; use {', '.join(known)}" if known else "hits: all layers were annotated; ask for rates")
        words = self.group_counts.groupby("group")["words"].sum()
        frame = self.hit_counts[self.hit_counts["lexicon"] == lexicon].merge(words.rename("words"), left_on="group", right_index=True)
        frame = frame.assign(rate=1000 * frame["n"] / frame["words"]).sort_values(["entry", "group"], ignore_index=True)[["entry", "group", "n", "words", "rate"]].rename(columns={"n": "count"})
        heads = {"entry": "entry", "group": "group", "count": "count", "words": "words", "rate": "per 1,000 words"}
        notes = ("In the whole text, in whoever's words. Entries that hang on their company, and bare surnames, are not among them.",)
        return Table(frame, f"merged_hits_{slug(lexicon)}", f"Entries of the list '{lexicon}' by group", notes, heads, {"count": ",d", "words": ",d", "rate": ".3f"})

    def differences(self, what: str = "loaded", *, voice: str = ANY, target: str = ANY, kind: str = ANY) -> Table:
        """How far the rates of each pair of groups lie apart, and whether dealing the articles out anew would show as much (p and q of `Study.differences`, articles of whatever event).

        Of more than `MOST_ARTICLES` articles, the interval that those of both rates make (Zou and Donner 2008) alone. Args: as for `rates`.

        Raises:
            InputError: if a name is unknown, or only the surface was counted.
        """
        rated = self._rated(what, voice, target, kind).to_dict("records")
        rows = []
        for i, a in enumerate(rated):
            for b in rated[i + 1 :]:
                difference, reach = a["rate"] - b["rate"], lambda upper, lower: float(np.hypot(upper["high"] - upper["rate"], lower["rate"] - lower["low"]))
                rows.append((a["group"], a["rate"], b["group"], b["rate"], difference, difference - reach(b, a), difference + reach(a, b)))
        frame = pd.DataFrame(rows, columns=["group_a", "rate_a", "group_b", "rate_b", "difference", "low", "high"])
        heads = {"group_a": "group", "rate_a": "per 1,000", "group_b": "against", "rate_b": "per 1,000 there", "difference": "difference", "low": "95 % from", "high": "to"}
        notes = "Interval: 95 %, from those of both rates (Zou and Donner 2008), which rest on the spread of articles within their group (Cochran 1977)."
        if self._reads_articles:
            articles = self.article_rates(what, voice=voice, target=target, kind=kind).rename(columns={"count": "events"})
            drawn = comparison.pairwise(articles, self.groups)
            for side in ("low", "high"):
                drawn[side] = drawn[side].where(drawn["drawn"] == "articles", frame.set_index(["group_a", "group_b"])[side].reindex(drawn.set_index(["group_a", "group_b"]).index).to_numpy())
            frame, notes = drawn, f"Interval: 95 %, articles drawn anew; of groups of fewer than {comparison.FEWEST_ARTICLES} articles from those of both rates (Zou and Donner 2008)."
            tested = frame["p"].notna()
            if tested.any():
                heads |= {"p": "p", "q": "q"}
                notes += f" p: articles dealt out anew to the two groups (seed 0); q: Benjamini-Hochberg over {int(tested.sum())} comparisons."
            if not tested.all():
                notes += f" {untestable(frame[~tested])}"
        return Table(frame, "_".join(filter(None, ["merged_differences", what, slug(kind), voice, target])), f"Differences between groups: {what} per 1,000 words", (notes,), heads, {"rate_a": ".2f", "rate_b": ".2f", "difference": "+.2f", "low": "+.2f", "high": "+.2f", "p": ".4f", "q": ".4f"})

    def article_rates(self, what: str = "loaded", *, voice: str = ANY, target: str = ANY, kind: str = ANY) -> pd.DataFrame:
        """The rate of every article that has words, in the order of the corpus: article_id, group, count, words, rate. Args: as for `rates`.

        Raises:
            InputError: if a name is unknown, only the surface was counted, or the partitions are not there.
        """
        self._check_rates(what, voice, target, kind)
        files = sorted(self.folder.glob("article_counts/part-*.parquet")) if self.folder else []
        if not files:
            raise InputError("article_rates: there are no counts by article; open the folder that `pressframes annotate --engine` wrote")
        wanted = lambda what, kind: (pc.field("what") == what) & (pc.field("voice") == voice) & (pc.field("target") == target) & (pc.field("kind") == kind)
        read = lambda chosen: pq.read_table(files, columns=["article_id", "n"], filters=chosen).to_pandas().groupby("article_id")["n"].sum()
        articles = self._articles()
        words, events = (articles["article_id"].map(read(chosen)).fillna(0).astype("int64") for chosen in (wanted("words", ANY), wanted(what, kind)))
        frame = articles.assign(count=events, words=words)[words > 0].reset_index(drop=True)
        return frame.assign(rate=1000 * frame["count"] / frame["words"])

    def _articles(self) -> pd.DataFrame:
        """article_id and group, in the order of the corpus."""
        return pd.concat([pq.read_table(file, columns=["article_id", "group"]).to_pandas() for file in sorted(self.folder.glob("articles/part-*.parquet"))], ignore_index=True)

    @property
    def _reads_articles(self) -> bool:
        return self.folder is not None and len(self.rate_counts) > 0 and int(self.group_counts["articles"].sum()) <= MOST_ARTICLES

    def keyness(self, group: str, *, reference: str | None = None, voice: str = ANY, minimum: int = 5) -> Table:
        """Which words set a group apart from another, or from all others: G2 (Dunning 1993), Log Ratio (Hardie 2014), and in how many articles of each side a word is used.

        Of up to `MOST_ARTICLES` articles of which all layers are known, all that `Study.keyness` tells, articles of whatever event: DPnorm, p, q, and the interval of Log Ratio.

        Args:
            voice: only words in this voice; all where not given.
            minimum: words that occur at least so often on both sides together.

        Raises:
            InputError: if a name is unknown, or there is nothing to compare with.
        """
        for name in (group, reference):
            if name is not None and name not in self.groups:
                raise InputError(f"unknown group '{name}'; use {', '.join(self.groups)}")
        if voice not in (ANY, *counts.VOICES):
            raise InputError(f"unknown voice '{voice}'; use {', '.join(counts.VOICES)}")
        if group == reference or len(self.groups) < 2:
            raise InputError(f"keyness: '{group}' has nothing to be compared with; give another group as reference")
        against = reference or "everyone else"
        heads = {"term": "term", "count_a": group, "count_b": against, "articles_a": "articles", "articles_b": "articles there", "signed": "G2, signed", "log_ratio": "Log Ratio"}
        formats = {"count_a": ",d", "count_b": ",d", "articles_a": ",d", "articles_b": ",d", "signed": "+.1f", "log_ratio": "+.2f", "low": "+.2f", "high": "+.2f", "dp_norm": ".2f", "p": ".4f", "q": ".4f"}
        name, caption = "_".join(filter(None, ["merged_keyness", slug(group), slug(reference or ""), voice])), f"Words that set {group} apart from {against}"
        if self._reads_articles:
            result = comparison.keywords(comparison.sides_of_parts(self._parts(), group, reference, voice=voice or None), minimum=minimum)
            table = result.frame.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
            tested = table["p"].notna().any()
            heads |= {"low": "95 % from", "high": "to", "dp_norm": "DPnorm"} | ({"p": "p", "q": "q"} if tested else {})
            notes = [f"{result.words[0]:,} words against {result.words[1]:,}; words that occur {minimum} times or more. DPnorm: 0 spread evenly over the articles, 1 all in one."]
            notes.append(f"Interval of Log Ratio: 95 %, articles drawn anew; of a term that one side lacks only the end nearer to 0 is a limit. p: articles dealt out anew to the sides, {result.permutations:,} arrangements or more; q: Benjamini-Hochberg over {len(table):,} terms (seed {result.seed})." if tested else f"Not testable with {result.articles[0]} and {result.articles[1]} articles.")
            return Table(table, name, caption, tuple(notes), heads, formats)
        frame = self.term_counts[self.term_counts["voice"] == voice]
        there = frame["group"] != group if reference is None else frame["group"] == reference
        sides = [frame[side].groupby("term")[["n", "articles"]].sum().set_axis([f"count_{letter}", f"articles_{letter}"], axis=1) for letter, side in (("a", frame["group"] == group), ("b", there))]
        table = pd.concat(sides, axis=1).fillna(0).astype("int64").sort_index()
        totals = [max(1, int(side.iloc[:, 0].sum())) for side in sides]
        table = table[table["count_a"] + table["count_b"] >= minimum]
        both = (table["count_a"].to_numpy(dtype=float), table["count_b"].to_numpy(dtype=float), *totals)
        g2, ratio = measures.g2(*both), measures.log_ratio(*both)
        table = table.assign(g2=g2, log_ratio=ratio, signed=np.where(both[0] * totals[1] > both[1] * totals[0], g2, -g2)).reset_index(names="term")
        table = table.sort_values(["g2", "term"], ascending=[False, True], ignore_index=True)
        notes = (f"{totals[0]:,} words against {totals[1]:,}; words that occur {minimum} times or more. G2 says how surprising a difference is if every word were drawn alone: words come in articles, so it is no test.",)
        return Table(table, name, caption, notes, heads, formats)

    def _parts(self) -> Iterator[Annotations]:
        """Articles and tokens of each partition, an article that was cut as one."""
        for file in sorted(self.folder.glob("tokens/part-*.parquet")):
            read = {name: pq.read_table(self.folder / name / file.name).to_pandas() for name in ("articles", "tokens")}
            yield Annotations(**{**empty_tables(), **read})

    def _rated(self, what: str, voice: str, target: str, kind: str) -> pd.DataFrame:
        """Count, words, rate and its 95 % interval (per 1,000 words) of each group that has such words."""
        self._check_rates(what, voice, target, kind)
        frame = self.rate_counts
        at = lambda rows, kind: rows[(rows["voice"] == voice) & (rows["target"] == target) & (rows["kind"] == kind)].set_index("group")[list(SUMS["rate_counts"])]
        words = at(frame[frame["what"] == "words"], ANY)
        found = at(frame[frame["what"] == what], kind).reindex(words.index, fill_value=0)
        articles = self.group_counts.groupby("group")["articles"].sum().reindex(words.index)
        rate = found["n"] / words["n"]
        squares = found["squares"] - 2 * rate * found["cross"] + rate**2 * words["squares"]
        error = np.sqrt((articles / (articles - 1).where(articles > 1)) * squares.clip(lower=0)) / words["n"]
        reach, none = error * stdtrit((articles - 1).where(articles > 1), (1 + CONFIDENCE) / 2), found["n"] == 0
        low, high = (rate - reach).clip(lower=0).mask(none, 0.0), (rate + reach).mask(none, [zero_upper_bound(total) for total in words["n"]])
        return pd.DataFrame({"group": words.index, "articles": words["articles"].to_numpy(), "count": found["n"].to_numpy(), "words": words["n"].to_numpy(), "rate": (1000 * found["n"] / words["n"]).to_numpy(), "low": 1000 * low.to_numpy(), "high": 1000 * high.to_numpy()})

    def _check_rates(self, what: str, voice: str, target: str, kind: str) -> None:
        frame = self.rate_counts
        if frame.empty:
            raise InputError("rates: only the surface was counted; annotate with all layers")
        if what not in COUNTED:
            raise InputError(f"rates: unknown '{what}'; use {', '.join(COUNTED)}")
        events = frame[frame["what"] == what]
        targets = sorted({*frame["target"], ANY})
        kinds = sorted({*events["kind"]} | ({ANY} if what == "loaded" else set()))
        for name, value, known in (("voice", voice, (ANY, *counts.VOICES)), ("target", target, targets), ("kind", kind, kinds)):
            if value not in known:
                raise InputError(f"rates: unknown {name} '{value}' of {what}; use {', '.join(filter(None, known))}")
