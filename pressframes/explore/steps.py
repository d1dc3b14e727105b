"""The steps of an answer: what is found, narrowed, counted, placed and read."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pressframes import counts
from pressframes.compared import drawn
from pressframes.evidence import Concordance, concordance_of, find_term
from pressframes.explore.kept import SENTENCE, articles_of, starts_of, targets_of, words_of
from pressframes.explore.relist import ADDED
from pressframes.results import Table
from pressframes.study import Study

MOST_LINES = 1000


def hits(study: Study, *, term: str = "", regex: bool = False, categories: tuple[str, ...] = ()) -> pd.DataFrame:
    """Find what is counted: a term, or (where it is empty) the loaded terms, of these categories if any are given.

    Returns:
        article_id, sentence_id, start, end, voice, group, outlet, in the order of the articles.

    Raises:
        InputError: if the term holds no word or is no regular expression.
    """
    layers = study.annotations()
    if term:
        found = find_term(term, layers, articles_of(study), regex=regex)
    else:
        found = layers.loaded[layers.loaded["lexicon"] == "curated"]
        found = found[found["category"].isin([*categories, ADDED])] if categories else found
    return counts.with_articles(found[[*SENTENCE, "start", "end", "voice"]], layers)


def narrow(study: Study, found: pd.DataFrame, *, groups: tuple[str, ...] = (), targets: tuple[str, ...] = (), voices: tuple[str, ...] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the hits, and the words they are per, of these groups, voices and sentences that mention one of these targets.

    Returns:
        The hits, and the words by sentence and voice (article_id, sentence_id, voice, n, group, outlet).
    """
    return tuple(_kept(study, frame, groups, targets, voices) for frame in (found, words_of(study)))


def rates(study: Study, found: pd.DataFrame, words: pd.DataFrame, caption: str) -> Table:
    """How often per 1,000 words, by group, with the intervals of `study.rates`."""
    present = set(words["group"].unique())
    frame = study._rated(found, words, by=("group",), levels={"group": [group for group in study.groups if group in present]})
    heads = {"group": "group", "count": "count", "words": "words", "rate": "per 1,000 words", "low": "95 % from", "high": "to"}
    return Table(frame, "view_rates", caption, (study._interval_note(("group",)),), heads, {"count": ",d", "words": ",d", "rate": ".1f", "low": ".1f", "high": ".1f"}, study._behind(lambda: found, "group"), drawn("dots", value="rate", rows=("group",), unit="per 1,000 words"))


def places(study: Study, found: pd.DataFrame, words: pd.DataFrame) -> Table:
    """Where in each article the hits stand: a row for each article that has words in `words`."""
    starts, by_article = starts_of(study), {article: part.to_numpy() for article, part in found.groupby("article_id", sort=False)["start"]}
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
    made = concordance_of(found.head(len(found) if most is None else most), study.annotations(), articles_of(study), caption=caption)
    return replace(made, total=len(found))


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


def _kept(study: Study, frame: pd.DataFrame, groups, targets, voices) -> pd.DataFrame:
    for column, values in (("group", groups), ("voice", voices)):
        frame = frame[frame[column].isin(values)] if values else frame
    if not targets:
        return frame
    named = targets_of(study)
    return frame.merge(named.loc[named["target"].isin(targets), SENTENCE].drop_duplicates(), on=SENTENCE)
