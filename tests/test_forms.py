import subprocess
import sys

import pytest

from pressframes.forms import changes_when_cut, is_joined, is_same, is_shouted
from pressframes.tokens import tokenise


@pytest.mark.parametrize("form, changes", [("a+", True), ("C#", True), ("so-called", False), ("Russia’s army", False), ("U.S. president", False)])
def test_forms_that_change_when_cut(form, changes):
    assert changes_when_cut(form) is changes


@pytest.mark.parametrize("gap, left, joined", [(" ", "prime", True), ("-", "prime", True), (", ", "prime", False), (". ", "V", True), (". ", "war", False)])
def test_what_may_stand_between_words_of_a_phrase(gap, left, joined):
    assert is_joined(gap, left) is joined


@pytest.mark.parametrize("form, word, match_case, shouted, same", [("us", "US", False, False, True), ("US", "us", True, False, False), ("Russia", "RUSSIA", True, False, True), ("US", "US", True, True, False), ("Russia's", "Russia", False, False, False)])
def test_a_word_is_printed_as_a_form_wants_it(form, word, match_case, shouted, same):
    assert is_same(tokenise(form)[0], tokenise(word)[0], match_case=match_case, shouted=shouted) is same


def test_three_words_in_capitals_are_shouted():
    assert is_shouted(["LET", "US", "GO"]) and not is_shouted(["THE", "US"]) and not is_shouted(["LET", "us", "GO"])


def test_search_in_columns_starts_without_what_it_does_not_need():
    code = "import sys, pressframes.search; print(*sorted({'pandas', 'pydantic', 'scipy', 'sklearn', 'spacy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
