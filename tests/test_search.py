import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import LEXICONS, TEXTS, any_text

from pressframes.columns import encode
from pressframes.errors import InputError
from pressframes.layers.sentences import split_sentences
from pressframes.lexicon import TermSearch
from pressframes.search import compile_lexicon, concordance, find
from pressframes.tokens import tokenise

FORMS = [
    ("US", "us"), ("the United States", "us"), ("United States", None), ("Russia", "russia"), ("Russia's army", "army"), ("Russian", "russia"), ("Russian Defense Ministry", "ministry"), ("Vladimir Putin", "putin"),
    ("Putin", "putin"), ("V Putin", "putin"), ("peacekeepers", "keepers"), ("peacekeepers", "second"), ("peacekeeping mission", "mission"), ("turn a blind eye", "eye"), ("eye", "eye 1"), ("a blind", "blind"),
    ("Nagorno-Karabakh", "nk"), ("Karabakh", "k"), ("Karabakh Republic", None), ("regime", "r"), ("ceasefire regime", None), ("he", "he"), ("said that", "said"), ("he said that", "long"), ("great", "great"), ("us", "pronoun"),
]  # fmt: skip
words = st.sampled_from([form for form, _ in FORMS] + ["RUSSIA", "russia’s army", "THE US", "United", "States", "Vladimir", "V.", "turn a", "-", " ", ". ", ", ", "\n", "PUTIN", "Defense"])
phrases = st.lists(words, max_size=15).map(" ".join)
texts_of_forms = st.lists(st.one_of(phrases, any_text), max_size=4)


def plainly(texts, forms, match_case, cut=lambda text: [(0, len(text))]):
    """What `TermSearch` finds, sentence by sentence."""
    search, rows = TermSearch(forms, match_case=match_case), []
    for number, text in enumerate(texts):
        for tokens in ([token for token in tokenise(text) if start <= token.start < end] for start, end in cut(text)):
            rows += [(number, tokens[match.first].start, tokens[match.last].end, match.value) for match in search.find(text, tokens)]
    return rows


def rows(hits):
    return list(hits.to_frame().itertuples(index=False, name=None))


@given(texts_of_forms, st.booleans())
@settings(max_examples=80)
def test_a_lexicon_finds_what_the_search_of_one_sentence_finds(texts, match_case):
    assert rows(find(encode(texts), compile_lexicon(FORMS, match_case=match_case), texts)) == plainly(texts, FORMS, match_case)


def test_within_sentences_and_with_a_list_of_thousands():
    forms = [(form, entry.entry) for entry in (*LEXICONS.loaded, *LEXICONS.opinion) for form in entry.forms]
    sentences = lambda text: [(start, end) for start, end in zip([0, *(end for _, end in split_sentences(text, 0, len(text)))], [*(end for _, end in split_sentences(text, 0, len(text))), len(text)])]
    columns = encode(TEXTS)
    firsts = [np.searchsorted(columns.starts[a:b], [start for start, _ in sentences(text)]) + a for text, a, b in zip(TEXTS, columns.article, columns.article[1:])]
    hits = find(columns, compile_lexicon(forms), pa.array(TEXTS), sentences=np.unique(np.concatenate(firsts)))
    assert len(hits) > 200 and rows(hits) == plainly(TEXTS, forms, False, sentences)


def test_no_form_reaches_from_one_article_into_the_next():
    texts = ["the prime", "minister", "", "prime minister"]
    assert rows(find(encode(texts), compile_lexicon([("prime minister", 1)]), texts)) == [(3, 0, 14, 1)]


@pytest.mark.parametrize("texts, forms", [([], FORMS), (["a word"], []), ([""], FORMS), (["nothing of it"], FORMS)])
def test_nothing_found(texts, forms):
    assert rows(find(encode(texts), compile_lexicon(forms), texts)) == []


@pytest.mark.parametrize("form", ["a+", "f**k", "…", ""])
def test_a_form_that_changes_when_cut_is_refused_or_reported(form):
    with pytest.raises(InputError, match="changes when it is cut into words"):
        compile_lexicon([("war", 1), (form, 2)])
    lexicon = compile_lexicon([("war", 1), (form, 2)], report=True)
    assert lexicon.left_out == (form,) and lexicon.values == (1,)


@given(texts_of_forms, st.sampled_from(["us", "Russia", "united states", "peacekeep*", "turn a blind*", "he said"]), st.sampled_from([None, 1, 3]))
@settings(max_examples=60)
def test_lines_are_those_of_walking_through_the_tokens(texts, term, limit):
    wanted = [token.norm for token in tokenise(term)]
    lines = []
    for number, text in enumerate(texts):
        tokens = tokenise(text)
        for i in range(len(tokens) - len(wanted) + 1):
            norms = [token.norm for token in tokens[i : i + len(wanted)]]
            if norms[:-1] == wanted[:-1] and (norms[-1].startswith(wanted[-1]) if term.endswith("*") else norms[-1] == wanted[-1]):
                start, end = tokens[i].start, tokens[i + len(wanted) - 1].end
                lines.append((number, start, end, text[max(0, start - 20) : start], text[start:end], text[end : end + 20]))
    assert list(concordance(encode(texts), texts, term, limit=limit, width=20).itertuples(index=False, name=None)) == lines[:limit]


def test_a_concordance_of_no_word_is_refused():
    with pytest.raises(InputError, match="holds no word"):
        concordance(encode(["a"]), ["a"], "…")


def test_lines_beyond_the_first_stretch_of_tokens():
    texts = ["war " * 70_000 + "peace", "peace"]
    frame = concordance(encode(texts), pa.array(texts), "war peace", limit=None, width=3)
    assert frame[["article", "start", "end"]].values.tolist() == [[0, 4 * 69_999, 4 * 70_000 + 5]] and re.fullmatch("ar ", frame["left"][0])
