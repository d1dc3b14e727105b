"""Roles: is a target the one who acts (agent) or the one acted upon (patient), and by which verb or noun of doing?"""

import re
from functools import cache
from typing import NamedTuple

from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.parse import lemma_of
from pressframes.layers.voices import Sentence
from pressframes.shelf import folder

PREDICATE_KINDS = ("deed", "suffered", "toward", "actor", "private", "office", "hyphen", "give", "aim", "control", "weak", "commit")

_QUALIFIES = frozenset(("amod", "compound", "nmod", "npadvmod", "poss"))
_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ", "PRON", "DET"))
_DIRECTED = frozenset(("to", "for", "toward", "towards"))
_TITLE_WORDS = frozenset(("vice", "prime", "deputy", "foreign", "defense", "defence", "-", ","))  # between a state and the name of its officer, beside the office
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_NOT_DEEDS = frozenset("being building ceiling evening feeling meaning morning painting spring string thing wedding wing".split())  # nouns in -ing that name no deed
_IRREGULAR = {"lead": "led", "run": "run", "supply": "supplied", "occupy": "occupied", "control": "controlled"}


class Role(NamedTuple):
    """`start`, `end` are the mention's; `predicate` is the lemma of the verb, or of the noun of doing, with "not" before it where it is negated."""

    start: int
    end: int
    role: str
    predicate: str


@cache
def read_predicates() -> dict[str, frozenset[str]]:
    """Read the suite's `lexicons/predicates.csv` (columns `lemma`, `kind`, `reason`): the lemmas of each of `PREDICATE_KINDS`.

    Raises:
        InputError: naming the row, if a kind is unknown.
    """
    path = folder("lexicons") / "predicates.csv"
    words = {kind: set() for kind in PREDICATE_KINDS}
    for number, row in read_rows(path, required=("lemma", "kind"), allowed=lambda name: name in ("lemma", "kind", "reason")):
        if row["kind"] not in words:
            raise InputError(f"{path}, row {number}: unknown kind '{row['kind']}'; use {', '.join(PREDICATE_KINDS)}")
        words[row["kind"]].add(row["lemma"].strip())
    return {kind: frozenset(found) for kind, found in words.items()}


def find_roles(sentence: Sentence, spans: list[tuple[int, int]], private: frozenset[str] = frozenset()) -> list[Role]:
    """Return the roles of mentions `spans` (offsets in the text) in one parsed sentence; those with none are left out.

    A mention is agent as the subject of a verb, after "by", before "-led", "-backed", and as the one whose deed a noun names ("Russian attack", "attack by Russia");
    patient as object, recipient, subject of a passive, and as the one at whom a verb or noun of doing is directed ("war against Russia"). A mention that qualifies who
    or what acts for the target ("Russian troops") takes that noun's role; before a thing ("the American flag"), a name, or a person who acts for himself (lemmas in
    `private`: "Russian analyst") it has none. Where several verbs govern it, the nearest counts. Being and having give no role. The codebook is that of `gold/roles`.
    """
    doc = sentence.doc
    found = {span: doc.char_span(span[0] - sentence.start, span[1] - sentence.start, alignment_mode="expand") for span in spans}
    reading = _Reading(doc, [tokens for tokens in found.values() if tokens is not None], private)
    roles = []
    for (start, end), tokens in found.items():
        role = reading.role_of(tokens, doc.text[: start - sentence.start], doc.text[end - sentence.start :]) if tokens is not None else None
        if role:
            roles.append(Role(start, end, *role))
    return roles


class _Reading:
    """One parsed sentence with its mentions."""

    def __init__(self, doc, mentions, private: frozenset[str]):
        self.doc, self.words = doc, read_predicates()
        self.private = private | self.words["private"]
        self.mention_at = {token.i: mention for mention in mentions for token in mention}

    def role_of(self, mention, before: str, after: str):
        """Return (role, predicate) or None."""
        if re.search(r"(?:\b[a-z]\w*|\b(?:Anti|Non|Post|Pre|Pro|African))[-‑–]$|\bAfrican $", before):
            return None  # "anti-Russian", "African-American"
        hyphen = re.match(r"(?:[-‑–][A-Z][\w.]*)*[-‑–]([a-z]+)", after)
        if hyphen:
            verb = next((verb for verb in self.words["hyphen"] if hyphen[1] == _participle(verb)), None)
            return ("agent", verb) if verb else None  # "Obama-era", "Russian-made"
        return self._climb(mention)

    def _climb(self, mention):
        """Go from the mention to the head of the phrase that it stands for, and ask there."""
        token = mention.root
        if token.dep_ in _QUALIFIES and (self._is_title(mention) or (mention.start and self.doc[mention.start - 1].lower_ in ("former", "ex", "then"))):
            return None
        for _ in range(len(self.doc)):
            head = token.head
            if token.dep_ == "conj" and token.pos_ in _NOMINAL and head.pos_ in _NOMINAL | {"NUM"}:
                token = head
            elif token.dep_ in ("appos", "flat"):  # "its ally Russia": Russia is the ally
                token = head
            elif token.dep_ in _QUALIFIES and head.pos_ in ("NOUN", "PROPN", "ADJ", "PRON", "ADV"):
                if self._is_deed(head):
                    suffers = lemma_of(head) not in self.words["deed"] and lemma_of(head) in self.words["suffered"]
                    return "patient" if suffers and not any(child.lower_ == "of" for child in head.children) else "agent", self._of_noun(head)
                if not self._lends(mention, token, head):
                    return None
                token = head
            elif token.dep_ == "pobj" and self._is_body_of(head):
                token = head.head
                if lemma_of(token) in self.words["office"] and (self._named_beside(token) or token.head.i in self.mention_at):
                    return None  # "Comey, director of the FBI"
            else:
                break
        return self._as_governed(token) or self._as_modified(token)

    def _lends(self, mention, token, head) -> bool:
        """Does the head of a phrase lend its role to the mention that qualifies it?"""
        lemma, other = lemma_of(head), self.mention_at.get(head.i)
        if lemma in self.private:
            return False
        if other is not None and other.start != mention.start:  # "Turkey Russia and Iran" without commas is a list; in "US President Barack Obama" the name alone counts
            return other.start == mention.end or head.pos_ == "NOUN"
        if lemma in self.words["office"] and self._named_beside(head):
            return False
        if head.pos_ == "PROPN" or (head.i - mention.end > 0 and any(word.pos_ == "PROPN" for word in self.doc[mention.end : head.i])):
            between = [word.lower_ for word in self.doc[mention.end : head.i + 1]]
            known = self.words["office"] | self.words["actor"]
            return not any(word in self.private for word in between) and any(word in known or word.removesuffix("s") in known for word in between)
        if lemma in self.words["actor"]:
            return True
        return token.dep_ != "poss" and head.dep_ in ("compound", "amod", "nmod")  # ask the next head: "Russian army planes"

    def _is_body_of(self, preposition) -> bool:
        """Does "of" (after an office also "for") join the mention to who acts for it ("troops of Russia", "spokesman for the Kremlin")?"""
        body = preposition.head
        if preposition.lower_ == "for":
            return lemma_of(body) in self.words["office"]
        return preposition.lower_ == "of" and (lemma_of(body) in self.words["actor"] or body.lower_ == "those") and not self._is_deed(body)

    def _is_title(self, mention) -> bool:
        """Does an office and then another mention follow ("US President Barack Obama")? Then the name alone counts."""
        place = mention.end
        while place < len(self.doc) and (self.doc[place].lower_ in self.words["office"] or self.doc[place].lower_ in _TITLE_WORDS):
            place += 1
        return place > mention.end and place in self.mention_at and self.doc[mention.end].lower_ not in (",", "-")

    def _named_beside(self, token) -> bool:
        return any(child.dep_ == "appos" and child.i in self.mention_at for child in token.children)

    def _is_deed(self, noun) -> bool:
        if noun.pos_ not in ("NOUN", "PROPN") or noun.i in self.mention_at:
            return False
        lemma = lemma_of(noun)
        return lemma in self.words["deed"] or lemma in self.words["suffered"] or (noun.pos_ == "NOUN" and noun.lower_.endswith("ing") and len(noun) > 5 and noun.lower_ not in _NOT_DEEDS)

    def _as_governed(self, token):
        """The role that the verb or noun gives to the phrase headed by `token`."""
        head = token.head
        if token.dep_ in ("nsubj", "csubj"):
            return self._subject(token, head)
        if token.dep_ == "nsubjpass":
            return None if head.lower_ == "born" else self._controlled(head) or self._of_verb(head, "patient", token)
        if token.dep_ in ("dobj", "dative") and head.pos_ in ("VERB", "AUX") and token.tag_ != "IN":
            return self._of_verb(head, "patient", token)
        if token.dep_ == "oprd" and head.pos_ == "VERB" and not any(child.dep_ == "dobj" for child in head.children):
            return self._of_verb(head, "patient", token)
        if token.dep_ in ("pobj", "prep") and head.pos_ in ("ADP", "SCONJ", "VERB"):
            return self._after_preposition(token, head)
        return None

    def _subject(self, token, verb):
        if verb.pos_ not in ("VERB", "AUX"):
            return None
        if lemma_of(verb) in self.words["weak"]:
            return self._controlled(verb)
        return self._of_verb(verb, "agent", token)

    def _controlled(self, verb):
        """The role from the verb that depends on one of seeming, being said or being ready: "is known to have attacked"."""
        adjectives = [child for child in verb.children if child.dep_ in ("acomp", "oprd") and lemma_of(child) in self.words["control"]]
        for word in adjectives or ([verb] if lemma_of(verb) in self.words["control"] else []):
            for child in word.children:
                if child.dep_ in ("xcomp", "ccomp") and child.pos_ == "VERB" and not any(own.dep_ in ("nsubj", "nsubjpass") for own in child.children):
                    passive = any(own.dep_ == "auxpass" for own in child.children)
                    return "patient" if passive else "agent", ("not " if self._negated(verb) or self._negated(child) else "") + lemma_of(child)
        return None

    def _after_preposition(self, token, head):
        preposition, governor = head.lower_, head.head
        if head.pos_ == "VERB":  # "drawn earlier by US President ...": the name parsed as if it hung on the verb
            earlier = [word.lower_ for word in self.doc[head.i + 1 : token.i]]
            return self._of_verb(head, "agent", token) if head.tag_ == "VBN" and "by" in earlier else None
        lemma, verb = lemma_of(governor), governor.pos_ in ("VERB", "AUX")
        deed = self._is_deed(governor)
        if preposition == "by":
            passive = verb and (head.dep_ == "agent" or governor.tag_ == "VBN")
            return self._of_verb(governor, "agent", token) if passive else ("agent", self._of_noun(governor)) if deed else None
        if preposition == "against":
            if governor.dep_ == "dobj" and not deed:  # "use weapons against"
                return self._of_verb(governor.head, "patient", token)
            return self._of_verb(governor, "patient", token) if verb else ("patient", self._of_noun(governor)) if governor.pos_ == "NOUN" else None
        if preposition in ("alongside", "with") and (preposition == "alongside" or (head.i and self.doc[head.i - 1].lower_ in ("along", "together"))):
            while governor.pos_ not in ("VERB", "AUX") and governor.dep_ != "ROOT":
                governor = governor.head
            acts = governor.pos_ == "VERB" and lemma_of(governor) not in self.words["weak"] and not any(child.dep_ == "auxpass" for child in governor.children)
            return self._of_verb(governor, "agent", token) if acts else None
        if preposition in ("on", "upon", "at", "over"):
            if verb and preposition != "over" and lemma in self.words["aim"]:
                return self._of_verb(governor, "patient", token)
            return ("patient", self._of_noun(governor)) if deed and preposition != "at" else None
        if preposition in _DIRECTED:
            if verb and preposition == "to" and lemma in self.words["give"]:
                return self._of_verb(governor, "patient", token)
            return ("patient", self._of_noun(governor)) if lemma in self.words["toward"] and governor.pos_ == "NOUN" else None
        if preposition == "from":
            return ("agent", self._of_noun(governor)) if lemma in self.words["toward"] and governor.pos_ == "NOUN" else None
        if preposition == "between":
            return ("agent", self._of_noun(governor)) if deed else None
        if preposition == "of" and governor.pos_ in ("NOUN", "PROPN"):
            if deed:
                suffers = lemma in self.words["suffered"] or governor.lower_.endswith("ing") or (governor.dep_ == "pobj" and governor.head.lower_ == "in" and head.i == governor.i + 1)
                return "patient" if suffers else "agent", self._of_noun(governor)  # "bombing of", "in support of" Russia; but "the attack of Russia"
            doing = next((child for child in (*governor.children, *token.children) if child.dep_ in ("acl", "xcomp", "relcl") and child.tag_ == "VB"), None)
            return self._of_verb(doing, "agent", token) if doing is not None else None  # "the readiness of Russia to talk"
        return None

    def _as_modified(self, token):
        """The role from a participle or relative clause after a phrase that has none in its own clause: "Russia, which attacked"."""
        for child in token.children:
            if child.dep_ == "acl" and child.tag_ == "VBG" and child.pos_ == "VERB" and lemma_of(child) not in self.words["weak"]:
                return self._of_verb(child, "agent", token)
            if child.dep_ == "relcl" and child.pos_ == "VERB":
                for own in child.children:
                    if own.lower_ in _RELATIVE and own.dep_ in ("nsubj", "nsubjpass", "dobj"):
                        return self._subject(token, child) if own.dep_ == "nsubj" else self._of_verb(child, "patient", token)
        return None

    def _of_verb(self, verb, role, token):
        """The role with the verb's lemma; none where the verb names nothing done."""
        if verb.pos_ not in ("VERB", "AUX", "NOUN", "ADJ") or lemma_of(verb) in self.words["weak"]:
            return None
        negated = self._negated(verb) or any(child.lower_ == "no" for child in token.children)
        return role, ("not " if negated else "") + lemma_of(verb)

    def _negated(self, word) -> bool:
        return any(child.dep_ == "neg" or (child.dep_ == "det" and child.lower_ == "no") for child in word.children)

    def _of_noun(self, noun) -> str:
        without = noun.dep_ == "pobj" and noun.head.lower_ == "without"
        return ("not " if without or self._negated(noun) else "") + lemma_of(noun)


def _participle(verb: str) -> str:
    return _IRREGULAR.get(verb) or verb + ("d" if verb.endswith("e") else "ed")
