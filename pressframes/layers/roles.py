"""Roles: is a target the one who acts (agent) or the one acted upon (patient), by which verb or noun of doing, and how is it described?"""

import re
from functools import cache
from typing import NamedTuple

from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.layers.parse import lemma_of, load_parser
from pressframes.layers.voices import Sentence
from pressframes.shelf import folder

PREDICATE_KINDS = ("deed", "suffered", "toward", "actor", "private", "office", "hyphen", "give", "aim", "control", "weak", "commit")

_QUALIFIES = frozenset(("amod", "compound", "nmod", "npadvmod", "poss"))
_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ", "PRON", "DET"))
_DIRECTED = frozenset(("to", "for", "toward", "towards"))
_TITLE_WORDS = frozenset(("vice", "prime", "deputy", "foreign", "defense", "defence", "-", ","))  # between a state and the name of its officer, beside the office
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_NOT_DEEDS = frozenset("being building ceiling evening feeling meaning morning painting spring string thing wedding wing".split())  # nouns in -ing that name no deed
_PREFIXED = re.compile(r"(?:\b[a-z]\w*|\b(?:Anti|Non|Post|Pre|Pro|African))[-‑–]$|\bAfrican $")  # "anti-Russian", "African-American"
_HYPHENATED = re.compile(r"(?:[-‑–][A-Z][\w.]*)*[-‑–]([a-z]+)")
_COPULAS = frozenset("appear be become look prove remain seem stay ’".split())  # "’": what the lemmatiser makes of "’s"
_CALLING = frozenset("brand call condemn consider deem denounce depict describe dismiss dub hail know label paint portray regard see term view".split())  # they take whom and what
_SORTING = frozenset(
    """about alleged apparent armed august central current due eastern elect enough few first foreign former last latin many middle military more most much next north northern only other own percent
    possible presumed same second senior several south southern special such suspected then top total western""".split()
)  # adjectives that count, date, doubt, or tell rank, branch or part of a country
_IRREGULAR = {"lead": "led", "run": "run", "supply": "supplied", "occupy": "occupied", "control": "controlled"}


class Role(NamedTuple):
    """`start`, `end` are the mention's; `role` is `agent`, `patient` or `described`; `predicate` is the lemma of the verb or noun of doing, or the word that describes, with "not" before it where it is negated."""

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


@cache
def _adjectives() -> frozenset[str]:
    """The adjectives that the parser's lemmatiser knows."""
    lemmatiser = load_parser().get_pipe("lemmatizer")
    return frozenset(lemmatiser.lookups.get_table("lemma_index")["adj"])


def find_roles(sentence: Sentence, spans: list[tuple[int, int]], private: frozenset[str] = frozenset()) -> list[Role]:
    """Return the roles of mentions `spans` (offsets in the text) in one parsed sentence; those with none are left out.

    A mention is agent as the subject of a verb, after "by", before "-led", "-backed", and as the one whose deed a noun names ("Russian attack", "attack by Russia");
    patient as object, recipient, subject of a passive, and as the one at whom a verb or noun of doing is directed ("war against Russia"). A mention that qualifies who
    or what acts for the target ("Russian troops") takes that noun's role; before a thing ("the American flag"), a name, or a person who acts for himself (lemmas in
    `private`: "Russian analyst") it has none. Where several verbs govern it, the nearest counts. Being and having give no role. The codebook is that of `gold/roles`.

    Beside that a mention is described, once for each word: by adjectives ("militarised America"), common nouns before the name ("superpower Russia") and appositions ("Russia, an ally"), by what follows
    a verb of being ("Russia is a reliable partner": partner, reliable) or of calling ("regarded as a threat"). What describes who acts for the target describes it ("brutal Russian troops"); what
    describes a deed, a thing or a private person does not ("brutal Russian aggression"). Left out: names of peoples beside a common noun, titles of office, and adjectives that count, date, doubt or tell rank.
    An adjectival participle keeps its form ("allied"), an adjective or noun is a lemma.
    """
    doc = sentence.doc
    found = {span: doc.char_span(span[0] - sentence.start, span[1] - sentence.start, alignment_mode="expand") for span in spans}
    reading = _Reading(doc, [tokens for tokens in found.values() if tokens is not None], private)
    roles, text = [], doc.text
    for (start, end), tokens in found.items():
        if tokens is not None:
            around = text[: start - sentence.start], text[end - sentence.start :]
            role = reading.role_of(tokens, *around)
            roles += [Role(start, end, *role)] if role else []
            roles += [Role(start, end, "described", word) for word in reading.descriptions_of(tokens, *around)]
    return roles


class _Reading:
    """One parsed sentence with its mentions."""

    def __init__(self, doc, mentions, private: frozenset[str]):
        self.doc, self.words = doc, read_predicates()
        self.private = private | self.words["private"]
        self.mention_at = {token.i: mention for mention in mentions for token in mention}

    def role_of(self, mention, before: str, after: str):
        """Return (role, predicate) or None."""
        if _PREFIXED.search(before):
            return None
        hyphen = _HYPHENATED.match(after)
        if hyphen:
            verb = next((verb for verb in self.words["hyphen"] if hyphen[1] == _participle(verb)), None)
            return ("agent", verb) if verb else None  # "Obama-era", "Russian-made"
        path = self._phrase(mention)
        if not path:
            return None
        head = path[-1]
        if not self._heads_as_deed(path):
            return self._as_governed(head) or self._as_modified(head)
        suffers = lemma_of(head) not in self.words["deed"] and lemma_of(head) in self.words["suffered"]
        return "patient" if suffers and not any(child.lower_ == "of" for child in head.children) else "agent", self._of_noun(head)

    def _phrase(self, mention) -> list:
        """Go from the mention to the head of the phrase that it stands for, or to the noun of doing that it qualifies: the words passed; none where it lends them nothing."""
        token = mention.root
        if token.dep_ in _QUALIFIES and (self._is_title(mention) or self._is_of_the_past(mention)):
            return []
        path = [token]
        for _ in range(len(self.doc)):
            head = token.head
            if token.dep_ == "conj" and token.pos_ in _NOMINAL and head.pos_ in _NOMINAL | {"NUM"}:
                token = head
            elif token.dep_ in ("appos", "flat"):  # "its ally Russia": Russia is the ally
                token = head
            elif token.dep_ in _QUALIFIES and head.pos_ in ("NOUN", "PROPN", "ADJ", "PRON", "ADV"):
                if self._is_deed(head):
                    return [*path, head]
                if not self._lends(mention, token, head):
                    return []
                token = head
            elif token.dep_ == "pobj" and self._is_body_of(head):
                token = head.head
                if lemma_of(token) in self.words["office"] and (self._named_beside(token) or token.head.i in self.mention_at):
                    return []  # "Comey, director of the FBI"
            else:
                break
            path.append(token)
        return path

    def _heads_as_deed(self, path) -> bool:
        return len(path) > 1 and path[-2].dep_ in _QUALIFIES and self._is_deed(path[-1])

    def _is_of_the_past(self, mention) -> bool:
        return bool(mention.start) and self.doc[mention.start - 1].lower_ in ("former", "ex", "then")

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

    # How the target is described

    def descriptions_of(self, mention, before: str, after: str) -> list[str]:
        """Return the words that describe the phrase which the mention stands for, in the order of the text, with "not" before those denied."""
        if _PREFIXED.search(before) or _HYPHENATED.match(after) or self._is_of_the_past(mention):
            return []
        path = self._phrase(mention)
        beside, shared = [word for part in mention for word in self._beside(part)] + self._epithet(mention), False
        for token, head in zip(path, path[1:]):
            if token.dep_ == "appos":
                if head.is_lower and lemma_of(head) not in self.words["actor"] and (head.tag_ == "NNS" or not shared):  # "its ally Russia"; "its allies Russia and Iran" describes both
                    beside += self._with_adjectives(head)
            elif token.dep_ == "conj":
                shared = True
            elif not self._is_deed(head):
                beside += self._beside(head)
        found = [(word, False) for word in beside] + (self._predicated(path[-1]) if path and not self._heads_as_deed(path) else [])
        told = {word.i: ("not " if denied else "") + self._as_printed(word) for word, denied in found if self._describes(word)}
        return list(dict.fromkeys(told[i] for i in sorted(told)))

    def _describes(self, word) -> bool:
        if word.pos_ not in ("ADJ", "NOUN", "PROPN", "VERB") or not word.is_alpha or lemma_of(word) in _SORTING or lemma_of(word) in self.words["office"]:
            return False
        if word.i + 1 < len(self.doc) and self.doc[word.i + 1].text == "-":  # "the Syrian-Turkish border"
            return False
        whole = self._hyphenated(word)
        joined = [other for other in word.conjuncts if "ADJ" in (word.pos_, other.pos_)]  # "Russian and Syrian jets"
        return all(part.is_alpha or part.text == "-" for part in whole[:-1]) and not any(other.i in self.mention_at for other in (*whole, *joined))  # "21st-century", "US-led"

    def _beside(self, noun) -> list:
        """Adjectives, common nouns before a name, and appositions; with a capital, only what stands before a name ("Crooked Hillary", not "Syrian jets")."""
        found, named = [], noun.i in self.mention_at and noun.pos_ != "ADJ" and not noun.is_lower
        for child in noun.children:
            if child.dep_ == "amod":
                found += [word for word in self._joined(child) if named or not word.is_title]
            elif child.dep_ in ("compound", "nmod") and child.pos_ == "NOUN" and child.is_lower and named and lemma_of(child) not in self.words["actor"]:
                found += self._joined(child)
            elif child.dep_ == "appos" and child.pos_ == "NOUN" and child.is_lower and all(noun.is_ancestor(word) for word in self.doc[noun.i + 1 : child.i]):
                found += self._with_adjectives(child)
        return found

    def _epithet(self, mention) -> list:
        """An adjective that a capital made the parser take for a part of the name ("Crooked Hillary", "Corporate America")."""
        word = self.doc[mention.start - 1] if mention.start > 1 else None
        takes = word is not None and word.pos_ == "PROPN" and word.dep_ == "compound" and word.is_title and word.lower_ in _adjectives() and mention.start <= word.head.i < mention.end
        return [word] if takes else []

    def _with_adjectives(self, noun) -> list:
        """A noun that says what the target is (of "one of its allies" the latter), what is joined to it by "and", and the adjectives of these."""
        if noun.lower_ == "one":
            noun = next((word for child in noun.children if child.lower_ == "of" for word in child.children if word.dep_ == "pobj"), noun)
        nouns = self._joined(noun)
        return nouns + [word for one in nouns for child in one.children if child.dep_ == "amod" for word in self._joined(child)]

    def _joined(self, word) -> list:
        return [word, *(other for other in word.conjuncts if other.i > word.i and (word.dep_ == "amod" or other.pos_ in ("ADJ", "NOUN", word.pos_)))]

    def _predicated(self, head) -> list:
        """What verbs of being say of their subject and verbs of calling of their object: pairs of a word and whether it is denied."""
        verb = head.head
        found = [pair for child in head.children if child.dep_ == "relcl" and self._has_subject(child, _RELATIVE) for pair in self._predicated_by(child)]
        if head.dep_ in ("nsubj", "nsubjpass"):
            if verb.pos_ in ("ADJ", "NOUN") and lemma_of(verb.head) in _CALLING:  # "they consider Russia weak", parsed as a clause
                return found + self._said_by(verb.head, [verb])
            joined = [other for other in verb.conjuncts if other.i > verb.i and not self._has_subject(other)]
            return found + [pair for one in (verb, *joined) for pair in self._predicated_by(one)]
        if head.dep_ == "dobj":
            return found + self._called(verb)
        if head.dep_ == "attr" and lemma_of(verb) == "be":  # "the main threat is Russia"
            return found + self._said_by(verb, [child for child in verb.children if child.dep_ == "nsubj" and child.pos_ == "NOUN"])
        return found

    def _has_subject(self, verb, words=None) -> bool:
        return any(child.dep_ in ("nsubj", "nsubjpass") and (words is None or child.lower_ in words) for child in verb.children)

    def _predicated_by(self, verb) -> list:
        lemma = lemma_of(verb)
        if any(child.dep_ == "auxpass" for child in verb.children) and lemma in _CALLING:
            return self._called(verb)
        found = self._complements(verb) if lemma in _COPULAS else []
        if lemma in _COPULAS or lemma in self.words["control"]:  # "seems to be weak"
            for child in verb.children:
                if child.dep_ == "xcomp" and lemma_of(child) in _COPULAS:
                    found += [(word, denied or self._negated(verb)) for word, denied in self._complements(child)]
        return found

    def _complements(self, verb) -> list:
        leaves_it = lambda word: lemma_of(word) in self.words["control"] and any(child.dep_ == "xcomp" for child in word.children)  # "is likely to attack"
        return self._said_by(verb, [child for child in verb.children if child.dep_ in ("acomp", "attr", "oprd") and not leaves_it(child)])

    def _called(self, verb) -> list:
        if lemma_of(verb) not in _CALLING:
            return []
        said = [word for child in verb.children if child.lower_ == "as" for word in child.children if word.dep_ in ("pobj", "amod")]
        return self._said_by(verb, said + [child for child in verb.children if child.dep_ == "oprd"])

    def _said_by(self, verb, words) -> list:
        denied = lambda said: (self._negated(verb) or self._negated(said)) and not any(child.lower_ == "only" for child in said.children)  # "not the only ally" is an ally
        return [(word, denied(said)) for said in words for word in self._with_adjectives(said)]

    def _hyphenated(self, word):
        """A word with what hyphens join to it on its left."""
        first = word.i
        while first > 1 and self.doc[first - 1].text == "-" and not self.doc[first - 1].whitespace_ and not self.doc[first - 2].whitespace_:
            first -= 2
        return self.doc[first : word.i + 1]

    def _as_printed(self, word) -> str:
        """The lemma, of an adjectival participle the form, with what a hyphen joins to it ("war-torn")."""
        return self._hyphenated(word)[:-1].text.lower() + (word.lower_ if word.tag_ in ("VBN", "VBG") else lemma_of(word))


def _participle(verb: str) -> str:
    return _IRREGULAR.get(verb) or verb + ("d" if verb.endswith("e") else "ed")
