"""Comparisons with what chance could do: words that set two sides apart or do not, differences of rates, likeness of texts. Frames, no prose."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from pressframes import counts, measures
from pressframes.annotate import Annotations
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.tokens import FUNCTION_WORDS

SENTENCES_DRAWN = "sentences drawn anew within these articles; it says nothing about other articles"
FEWEST_ARTICLES = 8
"""From so many articles in each group on, intervals draw articles; below, they draw sentences within these articles and say so."""


class Sides(NamedTuple):
    """Two sides of a comparison. `counts_a[i, j]`, `counts_b[i, j]`: how often article `articles[i]` uses `terms[j]` on the one and the other side.

    `paired`: an article can be on both sides (its voices, its sentences with and without a target). `drawn` holds the same counts by what an interval draws, with
    the stratum of each row: articles (`whole`), or sentences of an article.
    """

    terms: list[str]
    articles: list[str]
    counts_a: sparse.csr_array
    counts_b: sparse.csr_array
    paired: bool
    drawn: tuple[sparse.csr_array, sparse.csr_array, list[str]]
    whole: bool

    @property
    def sizes(self) -> tuple[int, int]:
        """Articles with words on each side."""
        return tuple(int((side.sum(axis=1) > 0).sum()) for side in (self.counts_a, self.counts_b))


def sides_of(annotations: Annotations, value: str, against: str | None, *, by: str) -> np.ndarray:
    """Tell for each row of `annotations.tokens` the side it is on: "a", "b" or neither (empty); for the arguments see `two_sides`."""
    tokens = annotations.tokens
    if by == "target":
        here = counts.mentioning(tokens, annotations, value)
        there = ~here if against is None else counts.mentioning(tokens, annotations, against) & ~here
    else:
        of = tokens["voice"] if by == "voice" else tokens["article_id"] if by == "article_id" else tokens["article_id"].map(annotations.articles.set_index("article_id")[by])
        here = of.eq(value).to_numpy()
        there = ~here if against is None else of.eq(against).to_numpy()
    return np.where(here, "a", np.where(there, "b", "")).astype(object)


def two_sides(annotations: Annotations, value: str, against: str | None, *, by: str, voice: str | None = None, target: str | None = None, length: int = 1) -> Sides:
    """Count the words of two sides.

    Args:
        value, against: values of `by`; everything else where `against` is None.
        by: `group`, `outlet` or `article_id` divide the articles; `voice` and `target` (sentences that mention it) divide each article.
        voice, target: count only there.
        length: count sequences of so many words.
    """
    label = sides_of(annotations, value, against, by=by)
    paired = by in ("voice", "target")
    split = lambda sentences: _split(counts.term_counts(annotations, voice=voice, target=target, parts=label, n=length, sentences=sentences))
    terms, articles, counts_a, counts_b = split(False)
    present = np.flatnonzero(np.asarray((counts_a.sum(axis=1) + counts_b.sum(axis=1)) > 0).ravel())
    articles, counts_a, counts_b = [articles[i] for i in present], counts_a[present], counts_b[present]
    in_a = np.asarray(counts_a.sum(axis=1)).ravel() > 0
    in_b = np.asarray(counts_b.sum(axis=1)).ravel() > 0
    whole = min(in_a.sum(), in_b.sum()) >= FEWEST_ARTICLES
    if whole:
        drawn = (counts_a, counts_b, ["all"] * len(articles) if paired else ["a" if a else "b" for a in in_a])
    else:
        _, strata, drawn_a, drawn_b = split(True)
        kept = np.flatnonzero(np.asarray((drawn_a.sum(axis=1) + drawn_b.sum(axis=1)) > 0).ravel())
        drawn = (drawn_a[kept], drawn_b[kept], [strata[i] for i in kept])
    return Sides(terms, articles, counts_a, counts_b, paired, drawn, bool(whole))


def sides_of_parts(parts: Iterable[Annotations], value: str, against: str | None, *, voice: str | None = None) -> Sides:
    """Count the words of two groups in a corpus that comes in parts, each article whole in one; with fewer than `FEWEST_ARTICLES` on a side nothing is drawn. Args: as for `two_sides`."""
    found = [_split(counts.term_counts(part, voice=voice, parts=sides_of(part, value, against, by="group"))) for part in parts]
    terms = np.unique(np.concatenate([np.array(terms, dtype=str) for terms, *_ in found]))
    wide = lambda matrix, own: sparse.csr_array((matrix.data, np.searchsorted(terms, own)[matrix.indices], matrix.indptr), shape=(matrix.shape[0], len(terms)))
    counts_a, counts_b = (sparse.csr_array(sparse.vstack([wide(part[side], np.array(part[0], dtype=str)) for part in found])) for side in (2, 3))
    in_a, in_b = (np.asarray(side.sum(axis=1)).ravel() > 0 for side in (counts_a, counts_b))
    present, articles = np.flatnonzero(in_a | in_b), [article for _, part, *_ in found for article in part]
    counts_a, counts_b, whole = counts_a[present], counts_b[present], bool(min(in_a.sum(), in_b.sum()) >= FEWEST_ARTICLES)
    return Sides(terms.tolist(), [articles[i] for i in present], counts_a, counts_b, False, (counts_a, counts_b, ["a" if a else "b" for a in in_a[present]]) if whole else (), whole)


def _split(table: counts.TermCounts):
    """Terms, articles, and the counts of parts "a" and "b", a row an article (or sentence)."""
    rows = np.array(table.parts, dtype=object)
    side = lambda part: table.matrix[np.flatnonzero(rows == part)] if part in table.parts else sparse.csr_array((len(rows) // max(1, len(set(table.parts))), len(table.terms)), dtype=np.int64)
    articles = table.articles[:: max(1, len(set(table.parts)))]
    return table.terms, articles, side("a"), side("b")


class Keywords(NamedTuple):
    """`frame`: a row a term, see `keywords`. `most`: arrangements where p is small. `smallest_p` is infinite where nothing was permuted (a word list has no articles)."""

    frame: pd.DataFrame
    words: tuple[int, int]
    articles: tuple[int, int]
    whole: bool
    permutations: int
    most: int
    exact: bool
    smallest_p: float
    seed: int
    paired: bool = False


def keywords(sides: Sides, *, minimum: int = 1, articles: int = 1, blocks: dict[str, str] | None = None, seed: int = 0) -> Keywords:
    """Compare two sides term by term.

    Args:
        sides: from `two_sides`.
        minimum: leave out terms that occur less often than this on both sides together, before anything is tested: how often a term occurs in all tells nothing of the sides.
        articles: leave out terms that fewer articles use, likewise.
        blocks: a stratum for each article; articles are dealt out anew only within it. An article that is on both sides is its own.
        seed: of all draws.

    Returns:
        The frame has a row a term: term, count_a, count_b, rate_a, rate_b (per 1,000 words), articles_a, articles_b (that use it), dp_norm (over all articles), g2, log_ratio,
        low, high (its 95 % interval by drawing anew what `whole` says), lrc (conservative Log Ratio, words drawn alone), percent_diff, odds_ratio, log_odds_z (prior: both
        sides together, worth 500 words), p and q (NaN where no p below 0.05 can exist; articles thinned to like lengths, see `measures.evened`), signed (G2, negative where b uses the term more).
    """
    here, there = sides.counts_a, sides.counts_b
    if sides.paired:
        matrix, labels, strata = sparse.vstack([here, there]), ["a"] * len(sides.articles) + ["b"] * len(sides.articles), sides.articles * 2
    else:
        matrix, labels = here + there, ["a" if total else "b" for total in here.sum(axis=1)]
        strata = [blocks.get(article, "") for article in sides.articles] if blocks else None
    frame = _effects(sides, seed, minimum=minimum, articles=articles)
    if len(set(labels)) < 2 or not len(frame):
        return Keywords(frame, _words(sides), sides.sizes, sides.whole, 0, 0, True, np.inf, seed)
    fair = measures.evened(matrix, np.array(labels) == "a", strata, seed=seed)
    tested = _with_rest(sparse.csc_array(fair), np.searchsorted(sides.terms, frame["term"]))
    result = measures.keyness(tested, labels, strata=strata, seed=seed)
    if result.smallest_p < 0.05:
        p = result.frame["p"].to_numpy()[: len(frame)]
        frame = frame.assign(p=p, q=measures.adjusted(p))
    return Keywords(frame, _words(sides), sides.sizes, sides.whole, result.permutations, result.most, result.exact, result.smallest_p, seed, sides.paired)


def _with_rest(matrix: sparse.csc_array, kept: np.ndarray) -> sparse.csr_array:
    """The columns kept and one of all other words, so that the rows keep their lengths."""
    columns = matrix[:, kept]
    rest = np.asarray(matrix.sum(axis=1) - columns.sum(axis=1)).reshape(-1, 1)
    return sparse.csr_array(sparse.hstack([columns, sparse.csr_array(rest)]))


def against_list(annotations: Annotations, value: str, file: Path, *, by: str, voice: str | None = None, target: str | None = None, minimum: int = 1, articles: int = 1, seed: int = 0) -> Keywords:
    """Compare one side with an outside list of word frequencies; nothing is permuted, since a list has no articles. Besides the
    terms that the side uses, those are compared of which it would hold `minimum` or more were it like the list.

    Raises:
        InputError: if the file has no columns `term` and `count`, or a count is no positive whole number.
    """
    sides = two_sides(annotations, value, None, by=by, voice=voice, target=target)
    listed = _read_frequencies(file)
    words, total, used = _words(sides)[0], sum(listed.values()), np.flatnonzero(np.asarray(sides.counts_a.sum(axis=0)).ravel())
    own = dict.fromkeys(sides.terms[i] for i in used)
    lacking = [term for term, count in listed.items() if term not in own and count * words >= max(1, minimum) * total]
    here = sparse.csr_array(sparse.hstack([sides.counts_a[:, used], sparse.csr_array((len(sides.articles), len(lacking)), dtype=sides.counts_a.dtype)]))
    elsewhere = sparse.csr_array(np.array([[listed.get(term, 0) for term in (*own, *lacking)]], dtype=float))
    frame = _effects(Sides([*own, *lacking], sides.articles, here, elsewhere, False, (), False), seed, minimum=minimum, articles=articles, total_b=total).assign(articles_b=0)
    return Keywords(frame, (words, total), (sides.sizes[0], 0), False, 0, 0, True, np.inf, seed)


def _read_frequencies(file: Path) -> dict[str, int]:
    listed = {}
    for number, row in read_rows(file, required=("term", "count"), allowed=lambda name: True):
        if not row["count"].strip().isdigit() or not int(row["count"]):
            raise InputError(f"{file}, row {number}: count '{row['count']}' is no positive whole number; correct it or remove the row")
        listed[row["term"].strip()] = listed.get(row["term"].strip(), 0) + int(row["count"])
    if not listed:
        raise InputError(f"{file}: no terms; give a list with columns term and count")
    return listed


def _words(sides: Sides) -> tuple[int, int]:
    return int(sides.counts_a.sum()), int(sides.counts_b.sum())


def _effects(sides: Sides, seed: int, *, minimum: int = 1, articles: int = 1, total_b: int | None = None) -> pd.DataFrame:
    sums = [np.asarray(side.sum(axis=0)).ravel() for side in (sides.counts_a, sides.counts_b)]
    totals = (max(1, int(sums[0].sum())), max(1, int(sums[1].sum()) if total_b is None else total_b))
    parts = sides.counts_a + sides.counts_b if total_b is None else sides.counts_a
    unlisted = 0 if total_b is None else total_b - sums[1].sum()  # words of the list that the articles do not use
    sizes, log_odds = np.asarray(parts.sum(axis=1)).ravel(), measures.weighted_log_odds(np.append(sums[0], 0), np.append(sums[1], unlisted))[:-1]
    held = np.asarray((parts > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero((sums[0] + sums[1] >= minimum) & ((held >= articles) | (held == 0)))  # what a list has and no article is told as lacking
    sums, parts, log_odds = [side[kept] for side in sums], parts[:, kept], log_odds[kept]
    both = (*sums, *totals)
    g2, ratio = measures.g2(*both), measures.log_ratio(*both)
    low = high = np.full(len(kept), np.nan)
    if sides.drawn and all(side.nnz for side in (sides.counts_a, sides.counts_b)):
        low, high = measures.log_ratio_interval(*(side[:, kept] for side in sides.drawn[:2]), sides.drawn[2], totals=[np.asarray(side.sum(axis=1)).ravel() for side in sides.drawn[:2]], seed=seed)
    return pd.DataFrame({
        "term": [sides.terms[i] for i in kept], "count_a": sums[0].astype(int), "count_b": sums[1].astype(int), "rate_a": 1000 * sums[0] / totals[0], "rate_b": 1000 * sums[1] / totals[1],
        "articles_a": np.asarray((sides.counts_a[:, kept] > 0).sum(axis=0)).ravel(), "articles_b": np.asarray((sides.counts_b[:, kept] > 0).sum(axis=0)).ravel(),
        "dp_norm": _dispersion(parts, sizes), "g2": g2, "log_ratio": ratio, "low": low, "high": high,
        "lrc": measures.conservative_log_ratio(*both, tests=max(1, len(kept))), "percent_diff": measures.percent_difference(*both), "odds_ratio": measures.odds_ratio(*both),
        "log_odds_z": log_odds, "p": np.nan, "q": np.nan, "signed": np.where(sums[0] * totals[1] > sums[1] * totals[0], g2, -g2),
    })  # fmt: skip


def _dispersion(parts: sparse.csr_array, sizes: np.ndarray) -> np.ndarray:
    """DPnorm of each term over articles, a block of terms at a time."""
    parts, sizes = parts[sizes > 0].tocsc(), sizes[sizes > 0]
    if len(sizes) < 2:
        return np.full(parts.shape[1], np.nan)
    step = max(1, 4_000_000 // len(sizes))
    blocks = [measures.normalised_deviation(parts[:, first : first + step].toarray(), sizes) for first in range(0, parts.shape[1], step)]
    return np.concatenate(blocks) if blocks else np.empty(0)


def lockwords(frame: pd.DataFrame, *, bound: float = 1.0) -> pd.DataFrame:
    """Terms that the two sides do not differ on (lockwords; Baker 2011): the whole interval of their Log Ratio lies between -bound and bound.

    Args:
        frame: of `keywords`.
        bound: 1 for at most twice, and at least half, as often.

    Returns:
        The rows kept, those with the narrowest claim first: column `at_most` is how many times as often at most.
    """
    widest = frame[["low", "high"]].abs().max(axis=1)
    kept = frame[widest <= bound].assign(at_most=2 ** widest[widest <= bound])
    return kept.sort_values(["at_most", "term"], ignore_index=True)


def words_by_group(annotations: Annotations, groups: tuple[str, ...], *, voice: str | None = None, target: str | None = None, length: int = 1) -> pd.DataFrame:
    """Compare any number of groups term by term: term, count, a count and a rate (`<group> rate`) for each group, g2 over all groups, highest, log_ratio (of the highest group against all others)."""
    table = counts.term_counts(annotations, voice=voice, target=target, n=length)
    of = annotations.articles.set_index("article_id")["group"].reindex(table.articles).to_numpy()
    sums = np.array([np.asarray(table.matrix[np.flatnonzero(of == group)].sum(axis=0)).ravel() for group in groups], dtype=float)
    totals = np.maximum(sums.sum(axis=1), 1)
    rates = 1000 * sums / totals[:, None]
    first, terms = rates.argmax(axis=0), np.arange(sums.shape[1])
    frame = pd.DataFrame({"term": table.terms, "count": sums.sum(axis=0).astype(int)})
    for i, group in enumerate(groups):
        frame[group], frame[f"{group} rate"] = sums[i].astype(int), rates[i]
    here = sums[first, terms]
    return frame.assign(
        g2=measures.g2_of_groups(sums, totals), highest=[groups[i] for i in first],
        log_ratio=measures.log_ratio(here, sums.sum(axis=0) - here, totals[first], np.maximum(totals.sum() - totals[first], 1)),
    )  # fmt: skip


def differences(events: pd.DataFrame, words: pd.DataFrame, groups: tuple[str, ...], *, sentences: pd.DataFrame, blocks: dict[str, str] | None = None, seed: int = 0) -> pd.DataFrame:
    """The difference of rates of each pair of groups, with its interval and, where one can exist, its p-value.

    Args:
        events: one row an event: article_id, sentence_id, group.
        words: words by sentence: article_id, sentence_id, n, group.
        sentences: article_id and sentence_id of all sentences there are, so that draws do not hang on what was filtered.
        blocks: a stratum for each article; articles are dealt out anew only within it.

    Returns:
        A row a pair: group_a, group_b, count_a, count_b, rate_a, rate_b (per 1,000 words), difference (a less b), low, high, p, q (Benjamini-Hochberg over the pairs that can be
        tested), smallest_p, articles_a, articles_b, drawn (`articles` or `sentences`).
    """
    keys = sentences[["article_id", "sentence_id"]].drop_duplicates().merge(words.drop_duplicates("article_id")[["article_id", "group"]], on="article_id")
    by_sentence = lambda frame, n: frame.groupby(["article_id", "sentence_id"])[n].sum() if n else frame.groupby(["article_id", "sentence_id"]).size()
    index = pd.MultiIndex.from_frame(keys[["article_id", "sentence_id"]])
    keys = keys.assign(events=by_sentence(events, None).reindex(index, fill_value=0).to_numpy(), words=by_sentence(words, "n").reindex(index, fill_value=0).to_numpy())
    articles = keys.groupby(["article_id", "group"], sort=False)[["events", "words"]].sum().reset_index()
    articles = articles[articles["words"] > 0]
    return pairwise(articles, groups, sentences=keys, blocks=blocks, seed=seed)


def pairwise(articles: pd.DataFrame, groups: tuple[str, ...], *, sentences: pd.DataFrame | None = None, blocks: dict[str, str] | None = None, seed: int = 0) -> pd.DataFrame:
    """The difference of rates of each pair of groups, as `differences` tells it, from sums.

    Args:
        articles: a row an article that has words: article_id, group, events, words.
        sentences: the same by sentence, drawn where a group has fewer than `FEWEST_ARTICLES` articles; without them there is then no interval.
        blocks: a stratum for each article.
    """
    rows = []
    for group_a, group_b in combinations(groups, 2):
        pair = articles[articles["group"].isin((group_a, group_b))]
        in_a = pair["group"].eq(group_a).to_numpy()
        size_a, size_b = int(in_a.sum()), int((~in_a).sum())
        if not size_a or not size_b:
            continue
        whole = min(size_a, size_b) >= FEWEST_ARTICLES
        unit = pair.assign(stratum=pair["group"]) if whole or sentences is None else sentences[sentences["article_id"].isin(pair["article_id"])].assign(stratum=lambda frame: frame["article_id"])
        told = measures.rate_difference(unit["events"], unit["words"], unit["group"].eq(group_a), unit["stratum"], seed=seed)
        if not whole and sentences is None:
            told = told._replace(low=np.nan, high=np.nan)
        strata = [blocks.get(article, "") for article in pair["article_id"]] if blocks else None
        least = measures.smallest_p_within(in_a, strata)
        p = measures.difference_p(pair["events"], pair["words"], in_a, strata=strata, seed=seed) if least < 0.05 else np.nan
        counted = [int(pair["events"][side].sum()) for side in (in_a, ~in_a)]
        rows.append((group_a, group_b, *counted, *told, p, least, size_a, size_b, "articles" if whole else "sentences" if sentences is not None else ""))
    frame = pd.DataFrame(rows, columns=["group_a", "group_b", "count_a", "count_b", "rate_a", "rate_b", "difference", "low", "high", "p", "smallest_p", "articles_a", "articles_b", "drawn"])
    tested = frame["p"].notna()
    frame.insert(10, "q", np.nan)
    if tested.any():
        frame.loc[tested, "q"] = measures.adjusted(frame.loc[tested, "p"].to_numpy())
    return frame


def power(rates: pd.DataFrame, groups: tuple[str, ...], *, blocks: dict[str, str] | None = None) -> pd.DataFrame:
    """What each pair of groups could show of a rate, before anything is tested.

    Args:
        rates: a row an article: article_id, group, count, words.
        blocks: a stratum for each article, within which tests deal articles out anew.

    Returns:
        A row a pair: group_a, group_b, articles_a, articles_b, arrangements (within their strata), smallest_p (no less than `measures.LEAST_P`), spread (standard deviation of articles about the rate of
        their group, per 1,000 words, a long article weighing as much as its words do in that rate: Cochran 1977; NaN if no group has two), smallest_difference (found four times in
        five at 0.05; infinite where no p below 0.05 can exist, NaN where the spread is unknown), difference (seen, of the groups' rates, without sign) and needed (articles a group
        for a difference as large as that; NaN if it cannot be told).
    """
    of, sizes = rates.groupby("group"), rates["group"].value_counts()
    rate = 1000 * of["count"].sum() / of["words"].sum()
    beyond = 1000 * rates["count"] - rates["group"].map(rate) * rates["words"]
    spread = measures.spread_within(beyond / rates["group"].map(of["words"].mean()), rates["group"])
    rows = []
    for group_a, group_b in combinations([group for group in groups if group in sizes], 2):
        size_a, size_b = int(sizes[group_a]), int(sizes[group_b])
        pair = rates[rates["group"].isin((group_a, group_b))]
        within = pd.crosstab(np.array([(blocks or {}).get(article, "") for article in pair["article_id"]], dtype=object), pair["group"])
        ways = prod(measures.arrangements(block) for block in within.to_numpy().tolist())
        least, seen = measures.smallest_p_within(pair["group"] == group_a, blocks and [blocks.get(article, "") for article in pair["article_id"]]), abs(float(rate[group_a] - rate[group_b]))
        smallest = measures.smallest_difference(spread, within[group_a], within[group_b]) if least < 0.05 else np.inf
        rows.append((group_a, group_b, size_a, size_b, ways, max(least, measures.LEAST_P), spread, smallest, seen, measures.articles_needed(seen, spread)))
    columns = ["group_a", "group_b", "articles_a", "articles_b", "arrangements", "smallest_p", "spread", "smallest_difference", "difference", "needed"]
    return pd.DataFrame(rows, columns=columns).astype({"needed": float})


def likeness(annotations: Annotations, *, by: str, voice: str | None = None) -> pd.DataFrame:
    """How alike texts are by the content words they use.

    Args:
        by: `article_id`, `outlet` or `group`: what a row is.

    Returns:
        A row a text that has words: `by`, group ("" where a row is no part of one group), nearest (the text most like it), cosine (with that one), within, across (mean cosine with texts
        of its own and of other groups; NaN if there is none), x, y (its place on a map by Jensen-Shannon distance).
    """
    table = counts.term_counts(annotations, voice=voice)
    columns = [j for j, term in enumerate(table.terms) if term not in FUNCTION_WORDS]
    articles = annotations.articles.set_index("article_id").assign(article_id=lambda frame: frame.index)
    of, names = articles[by].reindex(table.articles).to_numpy(), list(dict.fromkeys(articles[by]))
    member = sparse.csr_array((np.ones(len(of)), (pd.Index(names).get_indexer(of), np.arange(len(of)))), shape=(len(names), len(of)))
    matrix = member @ table.matrix[:, columns]
    some = np.flatnonzero(np.asarray(matrix.sum(axis=1)).ravel() > 0)
    names, matrix = [names[i] for i in some], sparse.csr_array(matrix)[some]
    groups = {name: set(articles[articles[by] == name]["group"]) for name in names}
    group = np.array([next(iter(groups[name])) if len(groups[name]) == 1 else "" for name in names], dtype=object)
    if len(names) < 2:
        return pd.DataFrame({by: names, "group": group}).assign(nearest="", cosine=np.nan, within=np.nan, across=np.nan, x=0.0, y=0.0)
    alike = measures.cosine(matrix)
    np.fill_diagonal(alike, np.nan)
    nearest = np.nanargmax(alike, axis=1)
    same = (group[:, None] == group[None, :]) & (group[:, None] != "")
    mean = lambda keep: [float(np.nanmean(row)) if np.isfinite(row).any() else np.nan for row in np.where(keep, alike, np.nan)]
    places = measures.ordination(measures.jensen_shannon(matrix))
    return pd.DataFrame({
        by: names, "group": group, "nearest": [names[i] for i in nearest], "cosine": alike[np.arange(len(names)), nearest],
        "within": mean(same), "across": mean(~same), "x": places[:, 0], "y": places[:, 1],
    })  # fmt: skip


def word_shift(events: pd.DataFrame, words: pd.DataFrame, sides: tuple[str, str | None]) -> pd.DataFrame:
    """Which entries make the difference between two groups' rates: entry, category, count_a, count_b, part (per 1,000 words), the largest first; the parts sum to the difference.

    Args:
        events: one row a loaded term: group, entry, category.
        words: group, n.
        sides: a group, and another or None for all others.
    """
    group, against = sides
    here = lambda frame: frame["group"].eq(group)
    there = lambda frame: ~here(frame) if against is None else frame["group"].eq(against)
    entries = events[here(events) | there(events)].drop_duplicates("entry").set_index("entry")["category"].sort_index()
    sums = [events[side(events)]["entry"].value_counts().reindex(entries.index, fill_value=0).to_numpy() for side in (here, there)]
    totals = [float(words[side(words)]["n"].sum()) for side in (here, there)]
    frame = pd.DataFrame({"entry": entries.index, "category": entries.to_numpy(), "count_a": sums[0], "count_b": sums[1]})
    frame["part"] = measures.contributions(*sums, *(max(total, 1) for total in totals))
    order = frame["part"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)
