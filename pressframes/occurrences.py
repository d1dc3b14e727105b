"""What the tables count, one row an occurrence: the events that rates, `explain` and the lists of a report rest on."""

import pandas as pd

from pressframes.annotate import Annotations
from pressframes.collocates import RELATIONS
from pressframes.counts import with_articles

KINDS = ("loaded", "opinion", "toward", "mentions", "naming", "scare", "roles", "tone", "frames", "voices")


def occurrences(annotations: Annotations, what: str) -> pd.DataFrame:
    """Return each occurrence of one kind, with group and outlet of its article.

    Args:
        what: `loaded` (curated terms), `opinion` (terms of the opinion list), `toward` (curated terms, once for each target they characterise), `mentions`, `naming`, `scare` (scare quotes), `roles`,
            `tone` (sentences, once for each target), `frames` (the sentences that speak for a frame), or `voices` (runs of words in one voice).

    Returns:
        article_id, sentence_id, start, end, voice, group, outlet and the layer's own columns; of `naming` also `held` (in scare quotes, or a name in quotation marks), of `roles` also `relation` and `word`
        as `study.relations` calls them.

    Raises:
        KeyError: if there is no such kind.
    """
    make = {
        "loaded": lambda: _loaded(annotations, "curated"), "opinion": lambda: _loaded(annotations, "opinion"), "toward": lambda: _toward(annotations), "mentions": lambda: annotations.mentions,
        "naming": lambda: _naming(annotations), "scare": lambda: _scare(annotations), "roles": lambda: annotations.roles.assign(relation=annotations.roles["role"].map(RELATIONS), word=annotations.roles["predicate"]),
        "tone": lambda: annotations.tone, "frames": lambda: _frames(annotations), "voices": lambda: _runs(annotations),
    }  # fmt: skip
    return with_articles(make[what](), annotations)


def _loaded(annotations: Annotations, lexicon: str) -> pd.DataFrame:
    return annotations.loaded[annotations.loaded["lexicon"] == lexicon]


def _toward(annotations: Annotations) -> pd.DataFrame:
    frame = _loaded(annotations, "curated")
    return frame.assign(target=frame["toward"].str.split()).explode("target").dropna(subset=["target"])


def _naming(annotations: Annotations) -> pd.DataFrame:
    naming = annotations.naming.reset_index(drop=True)
    quoted = annotations.voices[annotations.voices["kind"].isin(("scare", "name"))].rename(columns={"start": "from", "end": "to"})
    pairs = naming.reset_index().merge(quoted[["article_id", "from", "to"]], on="article_id")
    return naming.assign(held=naming.index.isin(pairs.loc[(pairs["start"] >= pairs["from"]) & (pairs["end"] <= pairs["to"]), "index"]))


def _scare(annotations: Annotations) -> pd.DataFrame:
    """Scare quotes that hold a word, in the sentence and voice of their first."""
    scare = annotations.voices[annotations.voices["kind"] == "scare"]
    words = annotations.tokens[["article_id", "sentence_id", "start", "voice"]].rename(columns={"start": "first"})
    inside = scare.merge(words, on="article_id")
    inside = inside[(inside["first"] >= inside["start"]) & (inside["first"] < inside["end"])]
    return inside.drop_duplicates(["article_id", "start"]).drop(columns=["first", "kind"]).reset_index(drop=True)


def _frames(annotations: Annotations) -> pd.DataFrame:
    frames = annotations.frames.assign(sentence_id=annotations.frames["passages"].str.split()).explode("sentence_id").dropna(subset=["sentence_id"])
    return frames.assign(sentence_id=frames["sentence_id"].astype("int64"), voice="").merge(annotations.sentences[["article_id", "sentence_id", "start", "end"]], on=["article_id", "sentence_id"])


def _runs(annotations: Annotations) -> pd.DataFrame:
    """Runs of words of one sentence in one voice; `n` tells how many words."""
    tokens = annotations.tokens
    new = (tokens[["article_id", "sentence_id", "voice"]] != tokens[["article_id", "sentence_id", "voice"]].shift()).any(axis=1)
    return tokens.groupby(new.cumsum()).agg(**{column: (column, "first") for column in ("article_id", "sentence_id", "voice", "start")}, end=("end", "last"), n=("start", "size")).reset_index(drop=True)
