"""Another list of loaded terms: entries added and struck, and only what they touch searched anew."""

import difflib
from dataclasses import replace
from functools import cache
from itertools import groupby

import numpy as np
import pandas as pd

from pressframes.errors import InputError
from pressframes.evidence import find_term
from pressframes.explore.kept import SENTENCE, articles_of, with_annotations
from pressframes.layers.terms import LoadedSearch
from pressframes.lexicon import LoadedEntry
from pressframes.study import Study
from pressframes.tokens import Token, tokenise

ADDED = "added"
"""The category of terms that a view adds to the list."""


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
    return with_annotations(study, replace(study.annotations(), loaded=_search_anew(study, lexicons.loaded, [*gone, *new])), lexicons=lexicons)


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
        found, articles = find_term(term, study.annotations(), articles_of(study)), articles_of(study)
        keys = {_key(text) for text in {articles[article].text[start:end] for article, start, end in zip(found["article_id"], found["start"], found["end"])}} or keys
    if not keys - held:
        raise InputError(f"add: '{term}' stands in the list already; add another term")
    return LoadedEntry(term, tuple(" ".join(key) for key in sorted(keys - held)), ADDED, "neutral", (), "added in this view", "view")


def _search_anew(study: Study, entries: tuple[LoadedEntry, ...], changed: list[LoadedEntry]) -> pd.DataFrame:
    """The layer `loaded` under another list: sentences that hold no form of a changed entry keep their rows."""
    layers, articles = study.annotations(), articles_of(study)
    touched = _sentences_with(layers.tokens, {_key(form) for entry in changed for form in (*entry.forms, *entry.exceptions)})
    tokens, old = layers.tokens.merge(touched, on=SENTENCE), layers.loaded
    redone = pd.MultiIndex.from_frame(old[SENTENCE]).isin(pd.MultiIndex.from_frame(touched)) & old["lexicon"].eq("curated")
    toward = {row[:3]: row[3] for row in old.loc[redone, ["article_id", "start", "end", "toward"]].itertuples(index=False, name=None)}
    here = set(tokens["norm"].unique())
    able = [entry for entry in entries if any(here.issuperset(_key(form)) for form in (*entry.forms, *entry.exceptions))]
    search, forms = LoadedSearch(able), {_key(form) for entry in able for form in entry.forms}
    tokens = tokens.merge(_sentences_with(tokens, forms), on=SENTENCE) if forms else tokens.iloc[:0]  # a common word struck leaves most of its sentences without a term
    rows, columns = [], (tokens[column].tolist() for column in (*SENTENCE, "voice", "start", "end", "text", "norm"))
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
    return tokens[SENTENCE].iloc[begin[np.array(held, dtype=bool)]].drop_duplicates()
