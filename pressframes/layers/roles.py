"""Roles: is a target the one who acts (agent) or the one acted upon (patient), and by which verb?"""

from typing import NamedTuple

from pressframes.layers.parse import lemma_of
from pressframes.layers.voices import Sentence

_PART_OF_PHRASE = frozenset(("amod", "compound", "nmod", "appos", "flat"))
_WEAK_VERBS = frozenset(("be", "have", "seem", "become", "remain", "appear"))


class Role(NamedTuple):
    """`start`, `end` are the mention's; `predicate` is the verb's lemma, with "not" before it where it is negated."""

    start: int
    end: int
    role: str
    predicate: str


def find_roles(sentence: Sentence, spans: list[tuple[int, int]], private: frozenset[str] = frozenset()) -> list[Role]:
    """Return the roles of mentions `spans` (offsets in the text) in one parsed sentence; those with none are left out.

    A mention that qualifies a common noun ("Russian troops attacked") takes that noun's role; before a name or a person who
    acts for himself (lemmas in `private`: "Russian analyst") it has none. Copulas give no role.
    """
    roles = []
    for start, end in spans:
        tokens = sentence.doc.char_span(start - sentence.start, end - sentence.start, alignment_mode="expand")
        role = _role_of(tokens.root, private) if tokens is not None else None
        if role:
            roles.append(Role(start, end, *role))
    return roles


def _role_of(token, private: frozenset[str]):
    while token.dep_ in _PART_OF_PHRASE or (token.dep_ == "conj" and token.pos_ in ("NOUN", "PROPN", "ADJ")):
        if token.head is token or (token.dep_ != "conj" and (token.head.pos_ == "PROPN" or token.head.lemma_.lower() in private)):
            return None  # "Russian analyst Ivanov": the person acts, not the state
        token = token.head
    verb, role = token.head, None
    if token.dep_ == "nsubj":
        role = "agent"
    elif token.dep_ in ("nsubjpass", "dobj", "dative"):
        role = "patient"
    elif token.dep_ == "pobj" and token.head.dep_ == "agent":
        role, verb = "agent", token.head.head
    if role is None or verb.pos_ not in ("VERB", "AUX") or lemma_of(verb) in _WEAK_VERBS:
        return None
    negated = any(child.dep_ == "neg" for child in verb.children)
    return role, ("not " if negated else "") + lemma_of(verb)
