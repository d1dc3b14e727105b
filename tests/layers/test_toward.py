"""Toward whom a loaded term speaks: each pattern once, and what must not count."""

import pytest

from pressframes.layers.parse import parse
from pressframes.layers.toward import find_toward
from pressframes.layers.voices import Sentence


def toward(text):
    """Targets of the one term in braces; targets stand in brackets."""
    plain, terms, mentions = "", [], []
    for char in text:
        if char in "{[":
            opened = len(plain)
        elif char == "}":
            terms.append((opened, len(plain)))
        elif char == "]":
            mentions.append((opened, len(plain), plain[opened:]))
        else:
            plain += char
    sentence = Sentence(0, next(parse([plain])))
    return find_toward(sentence, terms, mentions).get(terms[0], ())


@pytest.mark.parametrize(
    "text, targets",
    [
        ("The {barbaric} [Russian] forces entered the village.", ("Russian",)),
        ("They condemned [Russian] {aggression}.", ("Russian",)),
        ("They condemned the {aggression} of [Russia].", ("Russia",)),
        ("[Russia]'s {cruel} response shocked the town.", ("Russia",)),
        ("[Russia] is an {aggressor}.", ("Russia",)),
        ("[Turkey] {threatened} the delegates at the meeting.", ("Turkey",)),
        ("[Turkey] {recklessly} ignored the warning.", ("Turkey",)),
        ("[Russia] committed {atrocities} in the north.", ("Russia",)),
        ("[America] launched an {all-out} raid.", ("America",)),
        ("[Russia] and [Turkey] {threatened} the delegates.", ("Russia", "Turkey")),
    ],
)
def test_a_term_that_characterises_the_target(text, targets):
    assert toward(text) == targets


@pytest.mark.parametrize(
    "text",
    [
        "Sanctions {crippled} [Russia] last year.",
        "The {massacre} of [Americans] was remembered.",
        "[Russia] said that {terrorists} had fled.",
        "[Russia] met the delegates of the {regime}.",
        "The {regime} and [Russia] signed the paper.",
        "In [Moscow] a {brutal} murder was reported.",
    ],
)
def test_a_term_that_is_about_somebody_else(text):
    assert toward(text) == ()


def test_the_table_names_targets_of_the_study(study, tables):
    told = tables.loaded[tables.loaded["toward"] != ""]
    assert len(told) and {target for targets in told["toward"] for target in targets.split()} <= set(study.targets)
    mentioned = set(map(tuple, tables.mentions[["article_id", "sentence_id", "target"]].itertuples(index=False, name=None)))
    assert all((row.article_id, row.sentence_id, target) in mentioned for row in told.itertuples() for target in row.toward.split())
