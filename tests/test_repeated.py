"""What an outlet prints again and again, and which of it the regions leave out."""

import pytest
from pages import LEXICONS

from pressframes.layers.regions import KEPT, REPEATED, find_regions
from pressframes.repeated import FEWEST, FEWEST_FRAGMENT, find_repeated

EVENTS = ["The port was closed after the storm had broken two cranes on Monday night.", "Ministers met in the capital and talked for three hours about the price of bread.", "A court freed the four men whom the police had held since the spring of last year.",
          "The bridge over the river opened again, eleven months after the flood had taken it.", "Teachers went on strike in nine towns, and the schools stayed shut until Friday.", "Two trains stood still for a night because the rails had frozen north of the lake."]  # fmt: skip
VOICE = "The country has been gripped by foreign-backed militancy since March 2011."
ASKED = "We urge you to tell your friends and neighbours of the paper."


def told(texts, outlet="Paper"):
    return [[text[start:end] for start, end in spans] for text, spans in zip(texts, find_repeated([(outlet, text) for text in texts]))]


def kept(text, spans):
    return " ".join(text[region.start : region.end] for region in find_regions(text, LEXICONS.furniture, repeated=spans) if region.kind in KEPT)


def test_sentences_count_from_three_articles_and_fragments_from_four():
    assert told([f"{event} {ASKED}" for event in EVENTS[: FEWEST - 1]]) == [[]] * (FEWEST - 1)
    assert told([f"{event} {ASKED}" for event in EVENTS[:FEWEST]]) == [[ASKED]] * FEWEST
    assert told([f"{event} Read Also" for event in EVENTS[: FEWEST_FRAGMENT - 1]]) == [[]] * (FEWEST_FRAGMENT - 1)
    assert told([f"{event} Read Also" for event in EVENTS[:FEWEST_FRAGMENT]]) == [["Read Also"]] * FEWEST_FRAGMENT


def test_only_articles_of_one_outlet_count():
    assert find_repeated([(f"Paper {at}", f"{event} {ASKED}") for at, event in enumerate(EVENTS)]) == [()] * len(EVENTS)


def test_copies_of_one_article_prove_nothing():
    assert told([f"{EVENTS[0]} {EVENTS[1]} {at}" for at in "ABC"] + EVENTS[2:]) == [[]] * 7


def test_a_fragment_within_the_running_text_is_not_told():
    assert told([f"{event} Read Also {EVENTS[at - 1]}" for at, event in enumerate(EVENTS)]) == [[]] * len(EVENTS)


def test_a_menu_that_runs_on_from_the_text_is_told_where_it_begins():
    menu = "Watch Live TV Schedule Where to Watch Careers Press Releases Contact Us"
    assert told([f"{event} A story about {event.split()[1]} {menu}" for event in EVENTS[:3]]) == [[menu]] * 3


def test_the_end_of_a_sentence_is_left_out_only_where_it_addresses_the_reader():
    ends = "Our Standards:The Thomson Reuters Trust Principles.", "according to the Syrian Observatory for Human Rights."
    for end, taken in zip(ends, (end for end in (ends[0], ""))):
        texts = [f"{event} Editing by {event.split()[1].title()} {end}" for event in EVENTS]
        spans = find_repeated([("Paper", text) for text in texts])
        assert all(text[slice(*found[-1])].endswith(end) for text, found in zip(texts, spans))
        assert [text.replace(kept(text, found), "").strip() for text, found in zip(texts, spans)] == [taken] * len(texts)


def test_what_an_outlet_says_again_and_again_of_the_matter_is_its_own_voice():
    texts = [f"{event} {VOICE} {ASKED} Read Also" for event in EVENTS]
    spans = find_repeated([("Paper", text) for text in texts])
    assert [text[slice(*spans[at][0])] for at, text in enumerate(texts)] == [VOICE] * len(texts)
    assert [kept(text, found) for text, found in zip(texts, spans)] == [f"{event} {VOICE}" for event in EVENTS]
    assert [kept(text, ()) for text in texts] == texts


def test_regions_still_cover_the_text_once_and_say_why():
    texts = [f"{event}\n\nPage Two Extra\n\n{ASKED} So said {len(event)} people.\n\nSee what else is new" for event in EVENTS]
    for text, spans in zip(texts, find_repeated([("Paper", text) for text in texts])):
        regions = find_regions(text, LEXICONS.furniture, repeated=spans)
        covered = [at for region in regions for at in range(region.start, region.end)]
        assert len(covered) == len(set(covered)) and {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)
        assert {text[region.start : region.end] for region in regions if region.rule == REPEATED} >= {"Page Two Extra"}


@pytest.mark.parametrize("text", ["", "\n", "\r\n\r\n", "a", "\u2028x", "İ " * 50, "Read also\r\nRead also"])
def test_any_text_is_taken(text):
    for spans in find_repeated([("Paper", text)] * 5):
        assert all(0 <= start < end <= len(text) for start, end in spans) and list(spans) == sorted(spans)
