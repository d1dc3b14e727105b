"""What the page counts: one row an occurrence, of the layers as they are, or of words as tables ask for them."""

import numpy as np
import pandas as pd

from pressframes import counts
from pressframes.collocates import RELATIONS

_PLACE = ["article_id", "sentence_id"]
_OCCURRENCE = [*_PLACE, "start", "end", "voice"]


class Events:
    """The events of a study: of each kind a table of the layer's columns with group, outlet and `about`, what a line says of it.

    Words are many: those of one term alone are looked up when they are asked for.
    """

    def __init__(self, study):
        self._study, self._tables = study, study.annotations()
        self._kinds = {"mentions": self._mentions, "naming": self._naming, "roles": self._roles, "scare": self._scare, "tone": self._tone, "passages": self._passages, "framed": self._framed, "stretches": self._stretches}
        self._words: dict = {}

    def of(self, what: str) -> pd.DataFrame:
        """Return all events of a kind: `mentions`, `loaded`, `opinion`, `toward`, `naming`, `roles`, `scare`, `tone`, `passages`, `framed`, `stretches` (runs of words in one voice) or `words` (counts a sentence)."""
        tables = self._tables
        if what == "words":
            return counts.sentence_words(tables)
        if what in self._kinds:
            return counts.with_articles(self._kinds[what](), tables)
        curated = tables.loaded[tables.loaded["lexicon"] == ("opinion" if what == "opinion" else "curated")]
        if what == "toward":
            curated = curated.assign(target=curated["toward"].str.split()).explode("target").dropna(subset=["target"])
        return counts.with_articles(curated.assign(about=curated["polarity" if what == "opinion" else "category"]), tables)

    def of_term(self, what: str, *, term: str, target: str = "", window: str = "") -> pd.DataFrame:
        """Return where one word or sequence of words occurs: anywhere (`terms`), or near a target (`collocates`: in sentences that mention it, or within a window of words)."""
        key = (what, target, window, 1 + term.count(" ") if what == "terms" else 1)
        if key not in self._words:
            found = counts.with_articles(self._sequences(key[3]) if what == "terms" else self._near(target, window), self._tables).assign(about="")
            self._words[key] = found, found.groupby("term").indices
        found, at = self._words[key]
        return found.iloc[at.get(term, [])]

    def _mentions(self) -> pd.DataFrame:
        return self._tables.mentions.assign(about="")

    def _naming(self) -> pd.DataFrame:
        naming, voices = self._tables.naming, self._tables.voices
        quoted = voices[voices["kind"].isin(("scare", "name"))].rename(columns={"start": "from", "end": "to"})
        pairs = naming.reset_index().merge(quoted[["article_id", "from", "to"]], on="article_id")
        held = naming.index.isin(pairs.loc[(pairs["start"] >= pairs["from"]) & (pairs["end"] <= pairs["to"]), "index"])
        return naming.assign(held=held, about=naming["referent"])

    def _roles(self) -> pd.DataFrame:
        roles, labels, people = self._tables.roles, self._study.targets, self._tables.mentions.query("kind == 'person'")
        place = ["article_id", "start", "end", "target"]
        person = pd.MultiIndex.from_frame(roles[place]).isin(pd.MultiIndex.from_frame(people[place]))
        return roles.assign(person=person, about=[f"{labels[row.target]}: {RELATIONS[row.role]} “{row.predicate}”" for row in roles.itertuples()])

    def _scare(self) -> pd.DataFrame:
        return self._study.scare_quotes().to_frame().drop(columns=["group", "outlet"]).assign(about="")

    def _tone(self) -> pd.DataFrame:
        tone = self._tables.tone
        return tone.assign(about=tone["target"].map(self._study.targets))

    def _passages(self) -> pd.DataFrame:
        """The sentences that speak most for each frame of an article, where the model judges it."""
        frames = self._tables.frames[self._tables.frames["present"] != ""]
        found = frames.assign(sentence_id=frames["passages"].str.split()).explode("sentence_id").dropna(subset=["sentence_id"])
        return found.assign(sentence_id=found["sentence_id"].astype("int64"), voice="", about="").merge(self._tables.sentences[[*_PLACE, "start", "end"]], on=_PLACE)

    def _framed(self) -> pd.DataFrame:
        """The articles that carry a frame, each with the sentence that speaks most for it."""
        found = self._passages()
        return found[found["present"] == "yes"].drop_duplicates(["article_id", "frame"])

    def _stretches(self) -> pd.DataFrame:
        tokens = self._tables.tokens
        new = np.ones(len(tokens), dtype=bool)
        new[1:] = (tokens["article_id"].to_numpy()[1:] != tokens["article_id"].to_numpy()[:-1]) | (tokens["voice"].to_numpy()[1:] != tokens["voice"].to_numpy()[:-1])
        runs = tokens.assign(run=new.cumsum()).groupby("run", sort=True)
        found = runs.agg(article_id=("article_id", "first"), sentence_id=("sentence_id", "first"), start=("start", "first"), end=("end", "last"), voice=("voice", "first"), n=("start", "size")).reset_index(drop=True)
        return found.assign(about=[f"{n:,} word{'' if n == 1 else 's'}" for n in found["n"]])

    def _sequences(self, length: int) -> pd.DataFrame:
        """Every sequence of so many words in one sentence and voice with nothing but a blank or a hyphen between; numbers are no words."""
        tokens = self._tables.tokens
        good, term, last = tokens["norm"].str[0].str.isalpha(), tokens["norm"], tokens
        for step in range(1, length):
            former, last = last, tokens.shift(-step)
            good &= last["norm"].str[0].str.isalpha().fillna(False).astype(bool) & (last["start"] - former["end"] <= 1)
            for column in (*_PLACE, "voice"):
                good &= last[column] == tokens[column]
            term = term + " " + last["norm"]
        return tokens[_OCCURRENCE].assign(term=term, end=last["end"])[good].astype({"end": "int64"})

    def _near(self, target: str, window: str) -> pd.DataFrame:
        """The words near a target but not of its name: those of sentences that mention it, or so many to either side of a mention."""
        tokens = self._tables.tokens.reset_index(drop=True)
        tokens["at"] = tokens.index
        mentions = self._tables.mentions[self._tables.mentions["target"] == target]
        pairs = tokens.merge(mentions[[*_PLACE, "start", "end"]].rename(columns={"start": "from", "end": "to"}), on=_PLACE)
        inside = (pairs["start"] >= pairs["from"]) & (pairs["start"] < pairs["to"])
        own = set(pairs.loc[inside, "at"])
        if window:
            edges = pairs[inside].groupby([*_PLACE, "from"])["at"].agg(["min", "max"]).reset_index()
            pairs = pairs.merge(edges, on=[*_PLACE, "from"])
            pairs = pairs[(pairs["at"] >= pairs["min"] - int(window)) & (pairs["at"] <= pairs["max"] + int(window))]
        near = pairs.drop_duplicates("at").sort_values("at")
        return near[~near["at"].isin(own)][[*_OCCURRENCE, "norm"]].rename(columns={"norm": "term"})
