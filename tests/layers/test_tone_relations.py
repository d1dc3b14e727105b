"""What a parse tells of a target: roles, shared subjects, negation, paths."""

import pytest

from pressframes.layers.parse import parse
from pressframes.layers.tone import shipped_model, tone_of
from pressframes.layers.tone_relations import BLOCKS, MEASURES, relations


def _seen(marked):
    """What the parse tells of what stands in [brackets]."""
    start, end = marked.index("["), marked.index("]") - 1
    return relations(next(parse([marked.replace("[", "").replace("]", "")])), start, end, shipped_model().polarity)


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("[Smith] attacked Jones.", "vS attack"),
        ("Jones attacked [Smith].", "vO attack"),
        ("[Smith] was attacked by Jones.", "vO attack"),
        ("Smith was attacked by [Jones].", "vS attack"),
        ("[Smith] refused to apologize.", "vS apologize"),
        ("[Smith] lost the vote and blamed the press.", "vS blame"),
        ("The committee praised [Smith]'s courage.", "vG courage"),
        ("They voted for [Smith].", "vPfor vote"),
        ("[Smith], who betrayed the party, won.", "vS betray"),
        ("[Smith] did not attack Jones.", "vS! attack"),
    ],
)
def test_the_targets_role_at_its_predicates(marked, name):
    assert name in _seen(marked)[0]


def test_active_and_passive_say_the_same():
    active, passive = (_seen(marked)[1] for marked in ("The mob attacked [Smith].", "[Smith] was attacked by the mob."))
    assert active["role O-"] == passive["role O-"] > 0 and "role S-" not in active and "role S-" not in passive


def test_negation_turns_polar_predicates_and_what_completes_them():
    plain, turned = (_seen(marked)[1] for marked in ("[Smith] was honest.", "[Smith] was not honest."))
    assert plain["tree +"] > 0 and "tree -" not in plain and turned["tree -"] > 0 and "tree +" not in turned


def test_names_and_measures_keep_to_their_blocks():
    names, measures = _seen("Critics said that [Smith] had lied to voters and betrayed his own party.")
    assert {name[0] for name in names} == BLOCKS and all(name.startswith(MEASURES) for name in measures)
    assert not any("smith" in name for name in names)


def test_a_span_without_a_token_has_no_relations():
    assert relations(next(parse(["Smith won."])), 5, 6, shipped_model().polarity) == ([], {})


@pytest.mark.parametrize("marked", ["[Smith]", "“[Smith]”", "史密斯 [Smith] 🙂", "[Smith]\n\nwon 1,000’s", "and [Smith, Jones and Brown]"])
def test_takes_any_parse(marked):
    names, measures = _seen(marked)
    assert names and measures["parsed"] > 0


def test_the_parse_tells_doer_from_done_to():
    sentence = "The senator whom Smith had praised accused Jones of fraud."
    doc = next(parse([sentence]))
    smith, jones = (tone_of(sentence, sentence.index(name), sentence.index(name) + 5, doc) for name in ("Smith", "Jones"))
    assert jones.score < smith.score
    assert tone_of(sentence, 17, 22) == tone_of(sentence, 17, 22, None) != smith
