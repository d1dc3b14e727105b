"""Candidates for the list of loaded terms, for a person to accept or reject: words built like those of the list, and words that keep loaded company.

A candidate is a proposal, no finding: the model knows a word's letters and not its sense, and keyness also brings up the words of a topic that is much judged.
"""

import csv
from bisect import bisect_left
from os.path import commonprefix

import numpy as np
import pandas as pd

from pressframes import measures
from pressframes.annotate import Annotations
from pressframes.errors import InputError
from pressframes.lexicon import LexiconSet
from pressframes.results import Table
from pressframes.study import Study
from pressframes.tokens import FUNCTION_WORDS, tokenise

_SENTENCE = ["article_id", "sentence_id"]
ORDERS = ("model", "keyness")
_SHORTEST, _STEM, _FOLDS, _EXAMPLE_SIDE = 3, 5, 5, 120


def candidates(study: Study, reference: Study | None = None, *, by: str = "model", minimum: int = 3) -> Table:
    """Propose words for the list of loaded terms.

    By the model: a logistic regression that tells the words of the curated list from the study's other words by their letters (runs of two to
    five) and by the opinion list; each candidate is judged by a model that did not see it. By keyness: words in sentences that hold a
    term of the curated list or the opinion list against words in the other sentences, where no word is its own company; with a reference, the
    study's words against the reference's. Function words, words of the curated list, of targets and of naming variants, and proper names
    are no candidates.

    Args:
        reference: another study.
        by: `model` or `keyness`, the order of the proposals; both are told.
        minimum: leave out words that occur less often than this in the study.

    Returns:
        One row a word: accept (empty), the columns of the study's curated list in their order (entry and forms filled, the rest empty), count,
        articles (document frequency), dp (Gries 2008, over articles, 0 to 1), own (percent of its occurrences in the outlet's own words), model
        (likeness to the curated words, 0 to 1, no probability; NaN if either side has too few words to learn from), count_a (in loaded company,
        or in the study), count_b (elsewhere, or in the reference), g2 (Dunning 1993; with a minus where the word is rarer in a than in b),
        log_ratio (Hardie 2014), opinion_word and opinion_polarity (the word of the opinion list that it is, begins, or begins with), tone (mean
        score, -1 to 1, by the model of tone, of the sentences about a target that hold it; NaN without any), example_1, example_2.

    Raises:
        InputError: if `by` is unknown.
    """
    if by not in ORDERS:
        raise InputError(f"candidates: cannot be ordered by '{by}'; use {', '.join(ORDERS)}")
    annotations = study.annotations()
    tokens = _candidate_tokens(study)
    frame = _in_company(annotations, tokens) if reference is None else _against(annotations, tokens, reference.annotations())
    frame["count"] = tokens["norm"].value_counts().reindex(frame.index)
    frame["model"] = _likeness(list(frame.index), study.lexicons)
    frame = frame[frame["count"] >= minimum].rename_axis("entry").reset_index()
    order = ["model", "g2"] if by == "model" else ["g2"]
    frame = frame.sort_values([*order, "entry"], ascending=[*[False] * len(order), True], ignore_index=True)
    tokens = tokens[tokens["norm"].isin(frame["entry"])]
    for described in (_spread(annotations, tokens), _tone(annotations, tokens), _examples(study, tokens)):
        frame = frame.join(described, on="entry")
    polarity = {entry.entry: entry.polarity for entry in study.lexicons.opinion}
    frame["opinion_word"] = _nearest(frame["entry"], sorted(polarity))
    frame["opinion_polarity"] = frame["opinion_word"].map(polarity).fillna("")
    columns = _columns_of_the_list(study)
    frame = frame.assign(forms=frame["entry"], **dict.fromkeys({"accept", *columns} - {"entry", "forms"}, ""))
    measured = ("count", "articles", "dp", "own", "model", "count_a", "count_b", "g2", "log_ratio", "opinion_word", "opinion_polarity", "tone", "example_1", "example_2")
    against = "words of the study against words of the reference" if reference else "words in sentences with another curated or opinion term against words in the other sentences"
    notes = (
        f"Words that occur {minimum} times or more in the study, ordered by {by}: a proposal, no finding.",
        "Model: likeness in letters and in the opinion list to the curated words, 0 to 1, by a model that did not see the word.",
        f"G2 (a minus: rarer) and Log Ratio: {against}.",
        "Left out: function words, words of the curated list, of targets and of naming variants, proper names.",
        f"To use: mark `accept`, complete the row, and append its cells from {columns[0]} to {columns[-1]} to {study.settings.lexicons.loaded}.",
    )
    heads = {
        "entry": "word", "count": "count", "articles": "articles", "dp": "DP", "own": "own words %", "model": "model", "g2": "G2", "log_ratio": "Log Ratio",
        "opinion_word": "opinion list", "opinion_polarity": "polarity", "tone": "tone", "example_1": "example",
    }  # fmt: skip
    formats = {"dp": ".2f", "own": ".0f", "model": ".2f", "g2": "+.1f", "log_ratio": "+.2f", "tone": "+.2f"}
    return Table(frame[["accept", *columns, *measured]], "candidates", "Candidates for the list of loaded terms", notes, heads, formats)


def _candidate_tokens(study: Study) -> pd.DataFrame:
    """The tokens of words that may be proposed."""
    annotations, lexicons = study.annotations(), study.lexicons
    aliases = (alias for target in lexicons.targets.targets for _, names in target.aliases for alias in names)
    variants = (form for variant in lexicons.naming for form in variant.forms)
    listed = (form for entry in lexicons.loaded for form in entry.forms)
    known = _single_words((*aliases, *variants, *listed))
    tokens = _free_words(annotations)
    norms = tokens["norm"]
    return tokens[norms.str.isalpha() & (norms.str.len() >= _SHORTEST) & ~norms.isin(FUNCTION_WORDS | known | _proper_names(annotations))]


def _columns_of_the_list(study: Study) -> list[str]:
    with study.settings.lexicon_path("loaded").open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def _single_words(forms) -> set[str]:
    return {words[0].norm for form in forms if len(words := tokenise(form)) == 1}


def _free_words(annotations: Annotations) -> pd.DataFrame:
    """Words (not numbers) that are no part of a mention, a naming variant or a curated term."""
    curated = annotations.loaded[annotations.loaded["lexicon"] == "curated"]
    spans = pd.concat([frame[["article_id", "start", "end"]] for frame in (annotations.mentions, annotations.naming, curated)])
    words = _words(annotations)
    return words[_covering(words, spans) < 0]


def _words(annotations: Annotations) -> pd.DataFrame:
    return annotations.tokens[annotations.tokens["norm"].str[0].str.isalpha().astype(bool)]


def _covering(tokens: pd.DataFrame, spans: pd.DataFrame) -> np.ndarray:
    """For each token, the row of a span that it lies in, -1 without one; of overlapping spans the one that reaches furthest."""
    if spans.empty:
        return np.full(len(tokens), -1)
    codes = {article_id: i for i, article_id in enumerate(spans["article_id"].unique())}
    width = int(max(spans["end"].max(), tokens["end"].max())) + 1
    at = lambda frame, column: frame["article_id"].map(codes).fillna(-1).to_numpy(dtype=np.int64) * width + frame[column].to_numpy()
    order = np.argsort(at(spans, "start"), kind="stable")
    begins, ends = at(spans, "start")[order], at(spans, "end")[order]
    reach = np.maximum.accumulate(ends)
    furthest = np.maximum.accumulate(np.where(ends == reach, np.arange(len(ends)), 0))
    places = at(tokens, "start")
    last = np.searchsorted(begins, places, side="right") - 1
    return np.where((last >= 0) & (reach[last] > places), order[furthest[last]], -1)


def _proper_names(annotations: Annotations) -> frozenset[str]:
    """Words that are capital in most of the places where only names are: in body sentences, not at their beginning, not in headings.

    A word that occurs in no such place is a name if it is never printed small.
    """
    words = _words(annotations).merge(annotations.sentences[[*_SENTENCE, "region"]], on=_SENTENCE)
    words = words.assign(capital=~words["text"].str[0].str.islower())
    heading = (words["region"] != "body") | (words.groupby(_SENTENCE)["capital"].transform("mean") > 0.5)
    telling = words[~heading & words.duplicated(_SENTENCE)].groupby("norm")["capital"].mean()
    others = words.groupby("norm")["capital"].mean().drop(telling.index)
    return frozenset(telling.index[telling > 0.5]) | frozenset(others.index[others == 1])


def _in_company(annotations: Annotations, tokens: pd.DataFrame) -> pd.DataFrame:
    """Keyness of words in sentences that hold a loaded or opinion term other than the word itself; index: the word."""
    words, hits = _words(annotations), annotations.loaded[["article_id", "start", "end", *_SENTENCE[1:]]].drop_duplicates(["article_id", "start", "end"], ignore_index=True)
    sizes = words.groupby(_SENTENCE).size().rename("size")
    found = hits.groupby(_SENTENCE).size().rename("hits")
    inside = words.assign(hit=_covering(words, hits))
    own = inside[inside["hit"] >= 0].drop_duplicates(["norm", "hit"]).groupby([*_SENTENCE, "norm"]).size().rename("own").reset_index()
    alone = own.join(found, on=_SENTENCE).query("own == hits").join(sizes, on=_SENTENCE)  # the word is all that its sentence holds
    total = int(sizes.sum())
    total_a = int(sizes.reindex(found.index).sum()) - alone.groupby("norm")["size"].sum()
    placed = tokens.join(found, on=_SENTENCE).merge(alone[[*_SENTENCE, "norm", "own"]], on=[*_SENTENCE, "norm"], how="left")
    in_a = placed["hits"].notna() & placed["own"].isna()
    count_a = placed[in_a].groupby("norm").size()
    count = placed.groupby("norm").size()
    frame = pd.DataFrame({"count_a": count_a.reindex(count.index, fill_value=0), "count_b": count})
    frame["count_b"] -= frame["count_a"]
    total_a = total_a.reindex(count.index, fill_value=int(sizes.reindex(found.index).sum())).to_numpy()
    return _keyness(frame, total_a, total - total_a)


def _against(annotations: Annotations, tokens: pd.DataFrame, reference: Annotations) -> pd.DataFrame:
    """Keyness of words against the reference study; index: the word."""
    count_a, count_b = tokens.groupby("norm").size(), _free_words(reference).groupby("norm").size()
    frame = pd.DataFrame({"count_a": count_a, "count_b": count_b.reindex(count_a.index, fill_value=0)})
    return _keyness(frame, len(_words(annotations)), len(_words(reference)))


def _keyness(frame: pd.DataFrame, total_a, total_b) -> pd.DataFrame:
    with np.errstate(divide="ignore", invalid="ignore"):  # where one side holds no word, nothing can be compared
        ratio = np.nan_to_num(measures.log_ratio(frame["count_a"], frame["count_b"], total_a, total_b), posinf=0.0, neginf=0.0)
    g2 = measures.g2(frame["count_a"], frame["count_b"], total_a, total_b)
    return frame.assign(g2=np.where(ratio < 0, -g2, g2), log_ratio=ratio)


def _likeness(words: list[str], lexicons: LexiconSet) -> np.ndarray:
    """How much each word is like those of the curated list; each is scored by a model trained without it. NaN if there are too few to learn from."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.preprocessing import FunctionTransformer

    curated = sorted(_single_words(form for entry in lexicons.loaded for form in entry.forms))
    if min(len(words), len(curated)) < _FOLDS:
        return np.full(len(words), np.nan)
    polarity = {entry.entry: entry.polarity for entry in lexicons.opinion}
    known = words + curated
    relatives = dict(zip(known, _nearest(known, sorted(polarity))))
    in_opinion = lambda batch: [{f"is {polarity.get(word)}": 1, f"near {polarity.get(relatives[word])}": 1} for word in batch]
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    features = make_union(letters, make_pipeline(FunctionTransformer(in_opinion), DictVectorizer()))
    model = make_pipeline(features, LogisticRegression(class_weight="balanced", max_iter=300))
    labels, folds = np.arange(len(known)) >= len(words), StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    return cross_val_predict(model, known, labels, cv=folds, method="predict_proba")[: len(words), 1]


def _spread(annotations: Annotations, tokens: pd.DataFrame) -> pd.DataFrame:
    """In how many articles, how evenly, and how often in the outlet's own words; index: the word."""
    articles = pd.Index(annotations.articles["article_id"])
    sizes = np.bincount(articles.get_indexer(_words(annotations)["article_id"]), minlength=len(articles))
    rows = []
    for norm, part in tokens.groupby("norm"):
        counts = np.bincount(articles.get_indexer(part["article_id"]), minlength=len(articles))
        rows.append((norm, int(measures.document_frequency(counts)), float(measures.deviation_of_proportions(counts, sizes)), 100 * (part["voice"] == "outlet").mean()))
    return pd.DataFrame(rows, columns=["norm", "articles", "dp", "own"]).set_index("norm")


def _tone(annotations: Annotations, tokens: pd.DataFrame) -> pd.Series:
    judged = annotations.tone[[*_SENTENCE, "score"]]
    return tokens[[*_SENTENCE, "norm"]].drop_duplicates().merge(judged, on=_SENTENCE).groupby("norm")["score"].mean().rename("tone")


def _examples(study: Study, tokens: pd.DataFrame) -> pd.DataFrame:
    """Two sentences of each word, from two articles if it can be, in the outlet's own words if it can be; index: the word."""
    places = study.annotations().sentences.rename(columns={"start": "first", "end": "last"})[[*_SENTENCE, "first", "last"]]
    ordered = tokens.assign(reported=tokens["voice"] != "outlet").sort_values("reported", kind="stable").drop_duplicates([*_SENTENCE, "norm"])
    ordered = ordered.assign(again=ordered.duplicated(["article_id", "norm"])).sort_values("again", kind="stable").merge(places, on=_SENTENCE, how="left")
    examples = {norm: [_excerpt(study.text(row.article_id), row) for row in part.head(2).itertuples()] for norm, part in ordered.groupby("norm", sort=False)}
    return pd.DataFrame([[*found, ""][:2] for found in examples.values()], index=list(examples), columns=["example_1", "example_2"])


def _excerpt(text: str, row) -> str:
    """The sentence with the word in double brackets, cut at both ends if it is long."""
    left, right = text[row.first : row.start], text[row.end : row.last]
    left = left if len(left) <= _EXAMPLE_SIDE else f"… {left[-_EXAMPLE_SIDE:]}"
    right = right if len(right) <= _EXAMPLE_SIDE else f"{right[:_EXAMPLE_SIDE]} …"
    return " ".join(f"{left}[[{text[row.start : row.end]}]]{right}".split())


def _nearest(words, listed: list[str]) -> list[str]:
    """For each word, the word of the sorted list that it is, or one of which it is the beginning or that begins it; else ""."""
    nearest = []
    for word in words:
        place = bisect_left(listed, word)
        other = max(listed[max(place - 1, 0) : place + 1], key=lambda near: len(commonprefix((word, near))), default="")  # the longest shared beginning stands next to it
        shorter = min(word, other, key=len)
        stem = shorter[:-1] if shorter.endswith(("e", "y")) else shorter  # "abuse", "abusing"
        nearest.append(other if word == other or (len(shorter) >= _STEM and max(word, other, key=len).startswith(stem)) else "")
    return nearest
