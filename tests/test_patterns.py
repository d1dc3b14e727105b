import csv
import re
import time

import pytest

from pressframes.errors import InputError
from pressframes.lexicon import read_furniture
from pressframes.layers.regions import find_regions
from pressframes.patterns import BoundedPattern

EXPLODING = [r"(a|aa)+$", r"(.*a){20}$", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(\w|\w\w|\W)+\d$"]


@pytest.mark.parametrize("pattern", EXPLODING)
@pytest.mark.parametrize("length", [30, 1000, 20_000])
def test_no_search_takes_long_whatever_pattern_and_length(pattern, length):
    bounded, began = BoundedPattern(pattern, "furniture.csv, row 2: pattern"), time.process_time()
    for text in ("a" * length + "!", "a b, " * (length // 5) + "!"):
        try:
            bounded.search(text)
        except InputError as fault:
            assert str(fault).startswith("furniture.csv, row 2: pattern was still being searched for in a piece of ") and "; write it without a repeat inside a repeat" in str(fault)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "pattern, told",
    [("(a", "is not a regular expression"), ("(?R)", "is not a regular expression"), ("(" * 3000 + ")" * 3000, "is not a regular expression"), ("a{99999999999}", "repeats its parts"), ("(?:(?:a{1000}){1000}){1000}", "repeats its parts more than 10,000 times; write smaller")],
)
def test_what_cannot_be_bounded_is_refused_when_it_is_read(pattern, told):
    with pytest.raises(InputError, match=re.escape(f"here {told}")):
        BoundedPattern(pattern, "here")


def test_the_suite_s_own_rules_fit_alike_when_a_study_brings_them(tmp_path, lexicons, study):
    with (tmp_path / "furniture.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("pattern", "kind", "scope", "reason"), *((rule.pattern.pattern, rule.kind, rule.scope, rule.reason) for rule in lexicons.furniture)])
    theirs = read_furniture(tmp_path / "furniture.csv")
    assert all(isinstance(rule.pattern, BoundedPattern) for rule in theirs)
    for article in study:
        spans = [[region[:3] for region in find_regions(article.text, rules)] for rules in (lexicons.furniture, theirs)]
        assert spans[0] == spans[1]
