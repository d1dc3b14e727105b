"""What would change the answer? The same comparison under every choice that could have been made otherwise."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from pressframes import measures
from pressframes.annotate import Annotations
from pressframes.comparison import Sides
from pressframes.corpus import Article
from pressframes.counts import sentence_targets, with_articles
from pressframes.layers.regions import KEPT
from pressframes.layers.terms import LoadedSearch
from pressframes.lexicon import LoadedEntry
from pressframes.tokens import tokenise

MOST_ENTRIES = 10
"""So many of the commonest terms are left out one at a time."""
MOST_ARTICLES = 30
"""Articles are left out one at a time while there are no more than this; else outlets are."""


class Variant(NamedTuple):
    """One way to count: which choice it varies, how, and the rows of terms and words that it keeps."""

    choice: str
    variant: str
    terms: pd.DataFrame
    words: pd.DataFrame


class LeftOut(NamedTuple):
    """Curated terms (group, entry) and words (group) of what is no title or body: captions, furniture, appended background."""

    terms: pd.DataFrame
    words: pd.DataFrame


def left_out(articles: Iterable[Article], annotations: Annotations, entries: tuple[LoadedEntry, ...]) -> LeftOut:
    """Search what the articles' other regions hold, which the annotation layers do not read."""
    search, terms, words = LoadedSearch(entries), [], []
    outside = annotations.regions[~annotations.regions["kind"].isin(KEPT)].groupby("article_id")
    parts = {article_id: list(zip(part["start"], part["end"])) for article_id, part in outside}
    for article in articles:
        for start, end in parts.get(article.article_id, ()):
            tokens = tokenise(article.text, start, end)
            words += [(article.group,)] * len(tokens)
            terms += [(article.group, term.entry.entry) for term in search.find(article.text, tokens)]
    return LeftOut(pd.DataFrame(terms, columns=["group", "entry"]), pd.DataFrame(words, columns=["group"]))


def variants(annotations: Annotations, outside: LeftOut) -> Iterator[Variant]:
    """Yield the ways to count loaded terms: as the suite does first, then with one choice changed at a time."""
    terms, words = _rows(annotations.loaded, annotations), _rows(annotations.tokens, annotations)
    curated = terms[terms["lexicon"] == "curated"]
    yield Variant("as counted", "curated list, all voices, title and body", curated, words)
    yield Variant("voice", "the outlet's own words", *(rows[rows["voice"] == "outlet"] for rows in (curated, words)))
    yield Variant("voice", "without quotations", *(rows[rows["voice"] != "direct"] for rows in (curated, words)))
    yield Variant("list", "opinion list", terms[terms["lexicon"] == "opinion"], words)
    yield Variant("list", "negative terms alone", curated[curated["polarity"] == "negative"], words)
    yield Variant("list", "terms in small letters alone", curated[curated["text"].str.islower()], words)
    yield Variant("list", "without denied terms", curated[~curated["negated"].astype(bool)], words)
    yield Variant("words", "numbers are no words", curated, words[words["norm"].str[0].str.isalpha().astype(bool)])
    yield Variant("text", "without titles", *(rows[rows["region"] != "title"] for rows in (curated, words)))
    yield Variant("text", "captions, furniture and background left in", pd.concat([curated, outside.terms]), pd.concat([words, outside.words]))
    yield Variant("text", "sentences that mention a target", *(rows[rows["near"]] for rows in (curated, words)))
    if (words["translation"] == "machine").any():
        yield Variant("text", "without machine translation", *(rows[rows["translation"] != "machine"] for rows in (curated, words)))
    unit = "article_id" if words["article_id"].nunique() <= MOST_ARTICLES else "outlet"
    for value in words[unit].unique():
        yield Variant("left out", f"without {'article ' if unit == 'article_id' else ''}{value}", *(rows[rows[unit] != value] for rows in (curated, words)))
    for category in sorted(curated["category"].unique()):
        yield Variant("left out", f"without terms of {category}", curated[curated["category"] != category], words)
    for entry in curated["entry"].value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:MOST_ENTRIES]:
        yield Variant("left out", f"without “{entry}”", curated[curated["entry"] != entry], words)


def specification(tried: Iterable[Variant], groups: tuple[str, ...], *, per: float = 1000) -> pd.DataFrame:
    """Rates of loaded terms by group under every variant (a specification curve; Simonsohn, Simmons and Nelson 2020).

    Args:
        tried: from `variants`.

    Returns:
        One row a variant: choice, variant, for each group its rate per 1,000 words (NaN where the variant leaves it no words), and for each group `<group> terms`, the terms that the rate rests on.
    """
    rows = []
    for variant in tried:
        count, words = (frame["group"].value_counts().reindex(groups, fill_value=0) for frame in (variant.terms, variant.words))
        rows.append((variant.choice, variant.variant, *(per * count / words.where(words > 0)), *count))
    return pd.DataFrame(rows, columns=["choice", "variant", *groups, *(f"{group} terms" for group in groups)])


def verdicts(curve: pd.DataFrame, groups: tuple[str, ...]) -> pd.DataFrame:
    """For each pair of groups: in how many variants the one that is higher as counted stays higher.

    Returns:
        One row a pair of groups that have words: higher, lower, difference (as counted), holds, variants (those that change the rate of either and leave both
        some words), turned_by, higher_terms and lower_terms (that the rates as counted rest on); of a pair that is alike as counted, nothing holds and nothing turns.
    """
    rows = []
    told = [group for group in groups if len(curve) and curve[group].iloc[0] == curve[group].iloc[0]]
    for pair in combinations(told, 2):
        higher, lower = sorted(pair, key=lambda group: -curve[group].iloc[0])
        changed = (curve[[higher, lower]] != curve[[higher, lower]].iloc[0]).any(axis=1)
        difference = (curve[higher] - curve[lower])[changed | (curve.index == curve.index[0])].dropna()
        counted, others = float(difference.iloc[0]), difference.iloc[1:]
        turned = curve["variant"][others.index[others <= 0]] if counted > 0 else []
        rows.append((higher, lower, counted, int((others > 0).sum()) if counted > 0 else 0, len(others), "; ".join(turned), *(int(curve[f"{group} terms"].iloc[0]) for group in (higher, lower))))
    return pd.DataFrame(rows, columns=["higher", "lower", "difference", "holds", "variants", "turned_by", "higher_terms", "lower_terms"])


PRIORS = (50, 500, 5000)
"""How many words the prior of the weighted log-odds is worth, from light to heavy."""


def keyword_variants(sides: Sides, *, most: int = 20, minimum: int = 3) -> pd.DataFrame:
    """Which of a side's first keywords stay among its first ones when another measure, another prior or one article less decides.

    Args:
        sides: from `comparison.two_sides`.
        most: how many keywords are looked at: those that side a uses more, by G2.
        minimum: a keyword occurs so often on both sides together.

    Returns:
        One row a variant: choice, variant, kept (keywords that stay), of (keywords as counted), lost (those that do not), stay (those that do).
    """
    count_a, count_b = (np.asarray(side.sum(axis=0)).ravel() for side in (sides.counts_a, sides.counts_b))
    first = lambda score, a, b: [sides.terms[i] for i in np.argsort(-score, kind="stable") if score[i] > 0 and a[i] * b.sum() > b[i] * a.sum() and a[i] + b[i] >= minimum][:most]
    by_g2 = lambda a, b: first(measures.g2(a, b, a.sum(), b.sum()), a, b)
    counted = by_g2(count_a, count_b)
    tried = [("measure", "conservative Log Ratio", first(measures.conservative_log_ratio(count_a, count_b, count_a.sum(), count_b.sum(), tests=max(1, int((count_a + count_b >= minimum).sum()))), count_a, count_b))]
    tried += [("prior", f"weighted log-odds, prior worth {strength:,} words", first(measures.weighted_log_odds(count_a, count_b, strength=strength), count_a, count_b)) for strength in PRIORS]
    for i, article in enumerate(sides.articles) if len(sides.articles) <= MOST_ARTICLES else ():
        less_a, less_b = (count - np.asarray(side[[i]].sum(axis=0)).ravel() for count, side in ((count_a, sides.counts_a), (count_b, sides.counts_b)))
        if less_a.sum() and less_b.sum():
            tried.append(("left out", f"without article {article}", by_g2(less_a, less_b)))
    rows = [(choice, variant, len(set(counted) & set(found)), len(counted), *(", ".join(term for term in counted if (term in found) == stays) for stays in (False, True))) for choice, variant, found in tried]
    return pd.DataFrame(rows, columns=["choice", "variant", "kept", "of", "lost", "stay"])


def _rows(table: pd.DataFrame, annotations: Annotations) -> pd.DataFrame:
    """Add to annotation rows all that a variant may choose by."""
    near = sentence_targets(annotations)[["article_id", "sentence_id"]].drop_duplicates().assign(near=True)
    rows = with_articles(table, annotations).merge(annotations.articles[["article_id", "translation"]], on="article_id")
    rows = rows.merge(annotations.sentences[["article_id", "sentence_id", "region"]], on=["article_id", "sentence_id"])
    rows = rows.merge(near, on=["article_id", "sentence_id"], how="left")
    return rows.assign(near=rows["near"].eq(True))
