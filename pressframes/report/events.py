"""What the page counts: the occurrences of the layers, each with what a line says of it, and those of words as tables ask for them."""

import numpy as np
import pandas as pd

from pressframes import counts
from pressframes.collocates import RELATIONS, collocate_rows
from pressframes.occurrences import occurrences


class Events:
    """The events of a study: of each kind a table of the layer's columns with group, outlet and `about`, what a line says of it.

    Words are many: those of one term alone are looked up when they are asked for.
    """

    def __init__(self, study):
        self._study, self._tables = study, study.annotations()
        self._kinds = {"roles": self._roles, "passages": self._passages, "framed": self._framed, "stretches": self._stretches, "words": lambda: counts.sentence_words(self._tables)}
        self._about = {"loaded": "category", "opinion": "polarity", "toward": "category", "naming": "referent"}
        self._words: dict = {}

    def of(self, what: str) -> pd.DataFrame:
        """Return all events of a kind: one of `occurrences.KINDS`, `passages` (sentences that speak most for a frame), `framed` (articles that carry one), `stretches` (runs of words in one voice) or `words` (counts a sentence)."""
        if what in self._kinds:
            return self._kinds[what]()
        rows = occurrences(self._tables, what)
        return rows.assign(about=rows[self._about[what]] if what in self._about else rows["target"].map(self._study.targets) if what == "tone" else "")

    def of_term(self, what: str, *, term: str, target: str = "", window: str = "") -> pd.DataFrame:
        """Return where one word or sequence of words occurs: anywhere (`terms`), or near a target (`collocates`: in sentences that mention it, or within a window of words)."""
        key = (what, target, window, 1 + term.count(" ") if what == "terms" else 1)
        if key not in self._words:
            found = counts.term_rows(self._tables, n=key[3]) if what == "terms" else collocate_rows(self._tables, target, window=int(window) if window else None)
            self._words[key] = found.assign(about=""), found.reset_index(drop=True).groupby("term").indices
        found, at = self._words[key]
        return found.iloc[at.get(term, [])]

    def _roles(self) -> pd.DataFrame:
        roles, labels, people = occurrences(self._tables, "roles"), self._study.targets, self._tables.mentions.query("kind == 'person'")
        place = ["article_id", "start", "end", "target"]
        person = pd.MultiIndex.from_frame(roles[place]).isin(pd.MultiIndex.from_frame(people[place]))
        return roles.assign(person=person, about=[f"{labels[row.target]}: {RELATIONS[row.role]} “{row.predicate}”" for row in roles.itertuples()])

    def _passages(self) -> pd.DataFrame:
        """The sentences that speak most for each frame of an article, where the model judges it."""
        found = occurrences(self._tables, "frames")
        return found[found["present"] != ""].assign(about="")

    def _framed(self) -> pd.DataFrame:
        """The articles that carry a frame, each with the sentence that speaks most for it."""
        found = self._passages()
        return found[found["present"] == "yes"].drop_duplicates(["article_id", "frame"])

    def _stretches(self) -> pd.DataFrame:
        """Runs of words in one voice, over the ends of sentences."""
        tokens = self._tables.tokens
        new = np.ones(len(tokens), dtype=bool)
        new[1:] = (tokens["article_id"].to_numpy()[1:] != tokens["article_id"].to_numpy()[:-1]) | (tokens["voice"].to_numpy()[1:] != tokens["voice"].to_numpy()[:-1])
        runs = tokens.assign(run=new.cumsum()).groupby("run", sort=True)
        found = runs.agg(article_id=("article_id", "first"), sentence_id=("sentence_id", "first"), start=("start", "first"), end=("end", "last"), voice=("voice", "first"), n=("start", "size")).reset_index(drop=True)
        return counts.with_articles(found.assign(about=[f"{n:,} word{'' if n == 1 else 's'}" for n in found["n"]]), self._tables)
