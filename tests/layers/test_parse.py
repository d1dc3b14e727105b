from importlib import import_module

import numpy as np
import pytest
from pages import TEXTS

from pressframes.layers.parse import lemma_of, parse, parser_version
from pressframes.layers.sentences import split_sentences

SENTENCES = [
    "They're gonna stay, he said; you gotta go.", "There were men there who ain't coming.", "It's said that there is hope,  and that's that.", "Who's that?\nThe minister's aide.", "Stop.", "«Ну»", "He hopes.",
    *(text[start:end] for text in TEXTS for start, end in split_sentences(text, 0, len(text))),
]  # fmt: skip


def attributes(doc):
    return [(token.text, token.tag_, token.dep_, token.head.i, token.pos_, str(token.morph), token.lemma_) for token in doc]


def test_words_have_what_spacys_own_components_say_of_them():
    plain = import_module(parser_version().split()[0]).load(disable=["ner"])
    assert len(SENTENCES) > 100
    for _ in range(2):  # asked for the first time, and remembered
        assert [attributes(doc) for doc in parse(SENTENCES)] == [attributes(doc) for doc in plain.pipe(SENTENCES)]


@pytest.mark.parametrize("size", [1, 7, 32])
def test_a_sentence_is_the_same_to_the_last_bit_in_whatever_company(size):
    together = list(parse(SENTENCES))
    apart = [doc for first in range(0, len(SENTENCES), size) for doc in parse(SENTENCES[first : first + size])]
    assert len(together) == len(apart) == len(SENTENCES) and list(parse([])) == []
    for one, other in zip(together, apart):
        assert np.array_equal(one.tensor, other.tensor) and attributes(one) == attributes(other)


def test_lemmas_of_short_verbs_keep_their_e():
    (doc,) = parse(["He hopes and hopped, and she waged a war."])
    assert [lemma_of(doc[i]) for i in (1, 3, 7)] == ["hope", "hop", "wage"]
