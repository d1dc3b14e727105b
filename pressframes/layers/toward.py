"""Toward whom: which targets a loaded term characterises, told from the grammar between term and mention."""

from collections.abc import Iterable

from pressframes.layers.parse import lemma_of
from pressframes.layers.roles import read_predicates
from pressframes.layers.voices import Sentence

_QUALIFIES = frozenset(("amod", "compound", "nmod", "npadvmod"))
_OF_OR_BY = frozenset(("of", "by", "from"))


def find_toward(sentence: Sentence, terms: Iterable[tuple[int, int]], mentions: Iterable[tuple[int, int, str]]) -> dict[tuple[int, int], tuple[str, ...]]:
    """Tell which targets each loaded term of a sentence characterises.

    A term characterises a target if it qualifies the mention or the noun that the mention qualifies ("barbaric Russian forces"), is that noun ("Russian aggression",
    "the aggression of Russia"), is said of it ("Russia is an aggressor"), is what it does or how ("Russia recklessly threatens"), or
    is what it is said to commit ("Russia committed atrocities").
    What is done to a target ("sanctions crippled Russia") says nothing of it.

    Args:
        sentence: parsed.
        terms: start and end of each loaded term, as offsets of the text.
        mentions: start, end and target of each mention.

    Returns:
        Targets in the order of the mentions, without repeats; terms that characterise none are left out.
    """
    heads = [(head, target) for start, end, target in mentions if (head := _head(sentence, start, end)) is not None]
    found = {}
    for start, end in terms:
        term = _head(sentence, start, end)
        if term is not None:
            targets = dict.fromkeys(target for head, target in heads if head.i != term.i and _characterises(term, head))
            if targets:
                found[start, end] = tuple(targets)
    return found


def _head(sentence: Sentence, start: int, end: int):
    """The token of a span that governs its others; None if the span and the tokens do not meet."""
    span = sentence.doc.char_span(start - sentence.start, end - sentence.start, alignment_mode="expand")
    return span.root if span is not None else None


def _characterises(term, mention) -> bool:
    noun = _noun_of(mention)
    if term.i == noun.i:
        return term.i != mention.i
    word = _first(term) if term.pos_ in ("ADJ", "ADV") else term  # "cruel and barbaric forces"
    if word.dep_ in _QUALIFIES:
        return word.head.i == noun.i or _is_deed_of(word.head, noun)
    if word.dep_ == "advmod" or word.dep_ in ("attr", "acomp", "oprd"):
        return _is_subject(noun, word.head)
    if word.pos_ in ("VERB", "AUX") and _is_subject(noun, word):
        return True
    if word.pos_ == "NOUN" and lemma_of(word) not in read_predicates()["suffered"] and any(child.dep_ == "prep" and child.lower_ in _OF_OR_BY and any(grand.i == noun.i for grand in child.children) for child in word.children):
        return True
    return _is_deed_of(word, noun)


def _is_deed_of(thing, noun) -> bool:
    """Tell whether a noun commits a thing: "Russia committed atrocities", "launched an all-out raid"."""
    return thing.dep_ == "dobj" and lemma_of(thing.head) in read_predicates()["commit"] and _is_subject(noun, thing.head)


def _noun_of(mention):
    """The noun that a mention qualifies ("Russian forces", "Russia's army"), or the mention itself."""
    while mention.dep_ in ("amod", "compound", "nmod", "poss") and mention.head.pos_ in ("NOUN", "PROPN"):
        mention = mention.head
    return mention


def _first(token):
    """The first of a list of conjoined words."""
    while token.dep_ == "conj":
        token = token.head
    return token


def _is_subject(noun, verb) -> bool:
    """Tell whether a noun, alone or in a list, is the subject of a verb, also of one that is joined to or governed by the verb it stands with."""
    first = _first(noun)
    while True:
        subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "csubj")]
        if subjects:
            return any(subject.i == first.i and subject.dep_ == "nsubj" for subject in subjects)
        if verb.dep_ == "pcomp":  # "spread fear by threatening"
            verb = verb.head
        elif verb.dep_ not in ("conj", "xcomp", "aux"):
            return verb.dep_ == "acl" and verb.head.i == noun.i and verb.tag_ == "VBG"
        verb = verb.head
