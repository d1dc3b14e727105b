"""The company of a target: which words stand near its mentions, and what it does, suffers and is described as, beside the other targets."""

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressframes import measures
from pressframes.annotate import Annotations
from pressframes.columns import Columns
from pressframes.counts import with_articles
from pressframes.errors import InputError
from pressframes.search import Hits
from pressframes.tokens import FUNCTION_WORDS

RELATIONS = {"agent": "does", "patient": "done to it", "described": "described as"}
"""The relation of a word to a target by the role that it gives, in the order of tables."""


class Collocates(NamedTuple):
    """`frame` as told by `collocates_of`; of `total` units (sentences, or words with a window) `near` are near the target."""

    frame: pd.DataFrame
    near: int
    total: int


def collocates_of(annotations: Annotations, target: str, *, group: str | None = None, voice: str | None = None, window: int | None = None, minimum: int = 2) -> Collocates:
    """Count the content words near a target, and measure how strongly each is bound to it.

    Without a window the unit is the sentence: it is near if it mentions the target, and a word counts once in it. With a window the unit is the word: it is near if it is one of the `window` words
    (function words and numbers too) left or right of a mention in its sentence; a word near two mentions counts once. The words of the mentions are not counted. All measures take the same
    2 x 2 table of units, near or not by this word or not (Evert 2008). Tokens must stand in the order of the text, as `annotate` leaves them.

    Args:
        group, voice: only words there; the window runs over all words of the sentence.
        window: words to either side, 1 or more.
        minimum: units near the target that hold the word, at least; 1 or more.

    Raises:
        InputError: if `window` or `minimum` is no whole number from 1.

    Returns:
        A row a word, strongest logDice first: term; count (near), count_word (in all), articles (in which it is near); expected (the count were the word spread evenly), mi, t_score, log_dice,
        delta_p_word (of the word, given the target), delta_p_target (of the target, given the word), g2 (`pressframes.measures` tells each); groups (where it is near, joined by commas).
    """
    _check_whole(minimum=minimum, **({} if window is None else {"window": window}))
    tokens, mentions = annotations.tokens, annotations.mentions[annotations.mentions["target"] == target]
    word, terms = pd.factorize(tokens["norm"])
    article, article_ids, starts, sentence, ends, first, last = _layout(tokens, mentions)
    group_of, groups = pd.factorize(annotations.articles.set_index("article_id")["group"].reindex(article_ids).to_numpy(dtype=object))
    held, own = sentence[first], _covered(first, last, len(tokens))
    kept = np.ones(len(tokens), dtype=bool) if group is None else (groups == group)[group_of][article]
    kept &= voice is None or (tokens["voice"] == voice).to_numpy()
    content = np.array([_is_content(term) for term in terms], dtype=bool)
    if window is None:
        mentioned = np.bincount(held, minlength=len(starts)) > 0
        present = np.bincount(sentence[kept], minlength=len(starts)) > 0
        near_units, units = int((present & mentioned).sum()), int(present.sum())
        chosen = kept & ~own & content[word]
        place, word = _pairs(sentence[chosen], word[chosen])
        article, near = article[starts[place]], mentioned[place]
    else:
        near = _covered(np.maximum(first - window, starts[held]), np.minimum(last + window, ends[held]), len(tokens))
        kept &= ~own
        near_units, units = int((kept & near).sum()), int(kept.sum())
        chosen = kept & content[word]
        article, word, near = article[chosen], word[chosen], near[chosen]
    in_all = np.bincount(word, minlength=len(terms))
    return Collocates(_measured(terms, in_all, word[near], article[near], (near_units, units, minimum), group_of, groups), near_units, units)


def collocates_in(columns: Columns, hits: Hits, groups: Sequence[str], *, window: int = 5, minimum: int = 2) -> Collocates:
    """Count and measure as `collocates_of` does with a window, in columns: whatever was found there is the target, the window ends with the article.

    Args:
        hits: what `search.find` found.
        groups: one label an article, for the column `groups`.

    Raises:
        InputError: if `window` or `minimum` is no whole number from 1, or there are more or fewer labels than articles.
    """
    _check_whole(window=window, minimum=minimum)
    if len(groups) != len(columns.article) - 1:
        raise InputError(f"{len(groups)} labels for {len(columns.article) - 1} articles; give one an article")
    of = hits.article
    near, hit = _places(np.maximum(hits.first - window, columns.article[of]), np.minimum(hits.last + 1 + window, columns.article[of + 1]))
    own, _ = _places(hits.first, hits.last + 1)
    others = np.ones(len(near), dtype=bool)
    others[np.searchsorted(near, own)] = False
    near, article = near[others], of[hit[others]]
    word = columns.type_of.take(columns.ids.take(near))
    in_all = columns.counts - np.bincount(columns.type_of[columns.ids[own]], minlength=len(columns.types))
    often = np.flatnonzero(np.bincount(word, minlength=len(columns.types)) >= minimum)
    content = np.zeros(len(columns.types), dtype=bool)
    content[often] = [_is_content(term) for term in columns.types.take(pa.array(often)).to_pylist()]
    kept = content[word]
    group_of, names = pd.factorize(np.asarray(groups, dtype=object))
    frame = _measured(columns.types, in_all, word[kept], article[kept], (len(near), len(columns) - len(own), minimum), group_of, names)
    return Collocates(frame, len(near), len(columns) - len(own))


def _places(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All places in spans `[first, last)`, each once, in order, and the span that each is in; both sorted."""
    first = np.maximum(first, np.concatenate([[0], last[:-1]]))
    sizes = np.maximum(last - first, 0)
    span = np.repeat(np.arange(len(sizes)), sizes)
    return np.arange(len(span)) + (first - np.cumsum(sizes) + sizes)[span], span


def _is_content(term: str) -> bool:
    return term not in FUNCTION_WORDS and term[:1].isalpha()


def _check_whole(**asked) -> None:
    for name, value in asked.items():
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
            raise InputError(f"collocates: {name} is {value!r}; give a whole number from 1" + (", or none for the sentence" if name == "window" else ""))


def collocate_rows(annotations: Annotations, target: str, *, group: str | None = None, voice: str | None = None, window: int | None = None) -> pd.DataFrame:
    """Where the words near a target stand that `collocates_of` counts: article_id, sentence_id, start, end, voice, term, group, outlet; without a window the first of each word in a sentence."""
    tokens, mentions = annotations.tokens, annotations.mentions[annotations.mentions["target"] == target]
    _, _, starts, sentence, ends, first, last = _layout(tokens, mentions)
    held = sentence[first]
    near = np.isin(sentence, held) if window is None else _covered(np.maximum(first - window, starts[held]), np.minimum(last + window, ends[held]), len(tokens))
    rows = with_articles(tokens[near & ~_covered(first, last, len(tokens))].rename(columns={"norm": "term"}), annotations)
    rows = rows if group is None else rows[rows["group"] == group]
    rows = rows if voice is None else rows[rows["voice"] == voice]
    return rows if window is not None else rows.drop_duplicates(["article_id", "sentence_id", "term"])


def _layout(tokens, mentions):
    """How tokens lie: the number of each one's article, the articles, the first row of each sentence, each token's sentence, the end of each sentence; and first and last (exclusive) row of each mention."""
    article, article_ids = pd.factorize(tokens["article_id"])
    starts = np.flatnonzero(np.diff(article, prepend=-1) | np.diff(tokens["sentence_id"].to_numpy(), prepend=-1))
    sentence, ends = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(tokens))), np.append(starts, len(tokens))[1:]
    return article, article_ids, starts, sentence, ends, *_word_spans(tokens, article, mentions, pd.Index(article_ids).get_indexer(mentions["article_id"]))


def _word_spans(tokens, article, mentions, at):
    """First and last (exclusive) row in `tokens` of each mention; `article` and `at` number the articles of tokens and mentions."""
    longest = 1 + max(tokens["end"].max() if len(tokens) else 0, mentions["end"].max() if len(mentions) else 0)
    keys = article * longest + tokens["start"].to_numpy()
    return np.searchsorted(keys, at * longest + mentions["start"].to_numpy()), np.searchsorted(keys, at * longest + mentions["end"].to_numpy())


def _covered(first, last, size: int):
    """Which of `size` places lie in one of the spans `[first, last)`."""
    return np.cumsum(np.bincount(first, minlength=size + 1) - np.bincount(last, minlength=size + 1))[:size] > 0


def _pairs(left, right):
    """Each pair of two arrays of non-negative integers once, in order (by sorting: here several times faster than `numpy.unique`; most are in order, which a stable sort is quick with)."""
    size = 1 + right.max(initial=0)
    keys = np.sort(left * size + right, kind="stable")
    return np.divmod(keys[np.diff(keys, prepend=-1) != 0], size)


def _measured(terms, in_all, word, article, sizes, group_of, groups) -> pd.DataFrame:
    """The table of words near a target: `word` and `article` number those near, `in_all` counts each of `terms` everywhere."""
    near_units, units, minimum = sizes
    count = np.bincount(word, minlength=len(terms))
    rows = np.flatnonzero(count >= minimum)
    count, in_all = count[rows], in_all[rows]
    article, word = _pairs(article, word)
    used = np.zeros((len(terms), len(groups)), dtype=bool)
    used[word, group_of[article]] = True
    uses_of = [uses.tobytes() for uses in used[rows]]
    joined = {uses: ", ".join(compress(groups, uses)) for uses in set(uses_of)}  # many words share their groups
    given_target, given_word = measures.delta_p(count, in_all, near_units, units)
    measured = {
        "term": pa.array(terms.take(rows), pa.large_string()), "count": count, "count_word": in_all, "articles": np.bincount(word, minlength=len(terms))[rows],
        "expected": measures.expected(in_all, near_units, units), "mi": measures.mutual_information(count, in_all, near_units, units), "t_score": measures.t_score(count, in_all, near_units, units),
        "log_dice": measures.log_dice(count, in_all, near_units), "delta_p_word": given_target, "delta_p_target": given_word,
        "g2": measures.g2(count, in_all - count, near_units, units - near_units), "groups": pa.array([joined[uses] for uses in uses_of], pa.large_string()),
    }  # fmt: skip
    order = pc.sort_indices(pa.table(measured), sort_keys=[("log_dice", "descending"), ("count", "descending"), ("term", "ascending")]).to_numpy()
    return pd.DataFrame({name: pd.Series(column.take(order), dtype="str") if isinstance(column, pa.Array) else column[order] for name, column in measured.items()})


def relations_of(annotations: Annotations, target: str, *, group: str | None = None, voice: str | None = None) -> pd.DataFrame:
    """Count what a target does, what is done to it and how it is described, and measure how far each word is its own among all targets.

    logDice is that of word sketches (Kilgarriff et al. 2004, Rychlý 2008): 14 + log2 of twice the rows of target, relation and word, over the rows of target and relation plus the rows of the word
    with any target in any relation. It is 14 where the target stands in the relation to this word alone and no other target does.

    Returns:
        A row a relation and word, in the order of `RELATIONS`, then most frequent first: relation, word, count, articles, persons (how many of the count are mentions of a person), a column a group
        with its count, count_any (of the word with any target, in any relation), log_dice.
    """
    roles = with_articles(annotations.roles, annotations)
    roles = roles if group is None else roles[roles["group"] == group]
    roles = roles if voice is None else roles[roles["voice"] == voice]
    groups = list(dict.fromkeys(annotations.articles["group"])) if group is None else [group]
    people = annotations.mentions[annotations.mentions["kind"] == "person"][["article_id", "start", "end", "target"]].drop_duplicates().assign(person=True)
    own = roles[roles["target"] == target].merge(people, how="left", on=["article_id", "start", "end", "target"])
    own = own.assign(person=own["person"].notna())
    by = [own["role"], own["predicate"]]
    frame = own.groupby(by).agg(count=("start", "size"), articles=("article_id", "nunique"), persons=("person", "sum"))
    frame = frame.join(pd.crosstab(by, own["group"]).reindex(columns=groups, fill_value=0)) if len(own) else frame.assign(**dict.fromkeys(groups, 0))
    frame = frame.reset_index().rename(columns={"predicate": "word"})
    frame["count_any"] = frame["word"].map(roles["predicate"].value_counts()).astype("int64")
    frame["log_dice"] = measures.log_dice(frame["count"], frame["count_any"], frame["role"].map(own["role"].value_counts()))
    frame = frame.assign(order=frame["role"].map(list(RELATIONS).index)).sort_values(["order", "count", "log_dice", "word"], ascending=[True, False, False, True], ignore_index=True)
    frame.insert(0, "relation", frame["role"].map(RELATIONS))
    return frame.drop(columns=["role", "order"])
