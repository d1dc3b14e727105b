import pytest
from hypothesis import given, settings
from pages import TEXTS, any_text, overlapping, surface

from pressframes.layers.regions import find_regions

PROSE = "The ministers met in the capital on Monday and talked about the war for three hours without any result."
MORE = "They will meet again in the spring, and the presidents of both countries have said that they will come too."


@pytest.fixture
def kinds(lexicons):
    """Return {text of a region: its kind} for the lines of a page."""

    def of(*lines, **named):
        text = "\n\n".join(lines)
        return {text[region.start : region.end]: region.kind for region in find_regions(text, lexicons.furniture, **named)}

    return of


@pytest.mark.parametrize(
    "line, kind",
    [
        ("8 March 2022 14:27 (UTC+04:00)", "dateline"),
        ("Published: May 3, 2021", "dateline"),
        ("By Trend", "byline"),
        ("By Rena Murshud and John O'Hara", "byline"),
        ("Read more", "boilerplate"),
        ("Read also: What the war was about", "boilerplate"),
        ("Photo: Reuters", "caption"),
        ("Share", "boilerplate"),
    ],
)
def test_lines_before_the_text(kinds, line, kind):
    assert kinds("The ministers meet in the capital", line, PROSE, MORE)[line] == kind


@pytest.mark.parametrize(
    "line",
    ["Leave a Reply", "Follow us on Twitter @AzerNewsAz", "Subscribe to our newsletter for more", "Copyright 2020 The Paper", "All rights reserved", "Tags: war, peace", "---", "Editorial team", ">>Be a reporter<<"],
)
def test_lines_after_the_text(kinds, line):
    found = kinds(PROSE, MORE, line)
    assert found == {PROSE: "body", MORE: "body", line: "boilerplate"}


@pytest.mark.parametrize(
    "dateline",
    ["LONDON, May 3 (Reuters) –", "Baku/23.11.20/Turan:", "Baku (APA) –", "PANAGYURISHTE, (BM) –", "Baku, Azerbaijan, March 8, Trend:"],
)
def test_a_dateline_is_cut_off_the_first_paragraph(kinds, dateline):
    assert kinds(f"{dateline} {PROSE}", MORE) == {dateline: "dateline", PROSE: "body", MORE: "body"}


def test_a_dateline_is_looked_for_in_the_first_paragraph_alone(kinds):
    assert kinds(PROSE, f"Baku (APA) – {MORE}") == {PROSE: "body", f"Baku (APA) – {MORE}": "body"}


def test_the_title_that_the_corpus_names(kinds):
    assert kinds("War and peace", "Latest", PROSE, title="War and Peace")["War and peace"] == "title"


def test_a_title_printed_twice_counts_once(lexicons):
    text = "\n".join(["Ministers meet in the capital", "Ministers meet in the capital", PROSE, MORE])
    assert [region.kind for region in find_regions(text, lexicons.furniture)] == ["title", "boilerplate", "body", "body"]


def test_the_byline_that_the_corpus_names(kinds):
    assert kinds(PROSE, MORE, "turgut", byline="Turgut")["turgut"] == "byline"


def test_a_caption_in_another_language(kinds):
    caption = "Rusiya XİN və Müdafiə nazirliyinin rəhbərləri Sergey Lavrov və Sergey Şoyqu"
    assert kinds(caption, PROSE, MORE)[caption] == "caption"


def test_a_background_section_runs_to_the_footer(kinds):
    found = kinds(PROSE, MORE, PROSE + " So it was.", "Background", MORE + " So it was in 1992.", "Follow us on Twitter")
    assert list(found.values()) == ["body", "body", "body", "boilerplate", "boilerplate", "boilerplate"]


def test_a_heading_background_before_most_of_the_text_opens_nothing(kinds):
    found = kinds(PROSE, "Background", MORE, PROSE + " So it was.", MORE + " So it was.")
    assert [kind for text, kind in found.items() if text != "Background"] == ["body"] * 4


def test_an_invitation_amid_the_article_cuts_nothing_off(kinds):
    """A footer line with long paragraphs after it stands in the middle of the page."""
    long = [f"{PROSE} {MORE} Number {number}." for number in "one two three".split()]
    found = kinds(long[0], "Subscribe to our newsletter", long[1], long[2])
    assert [found[text] for text in long] == ["body"] * 3 and found["Subscribe to our newsletter"] == "boilerplate"


def test_prose_that_speaks_of_following_and_subscribing_stays(kinds):
    prose = "The minister did not read more than a page of the treaty, and the reporters who follow him did not either."
    assert kinds(PROSE, prose, MORE)[prose] == "body"


def test_windows_line_ends(lexicons):
    text = f"By Trend\r\n\r\n{PROSE}\r\n{MORE}\r\n"
    assert [(region.kind, text[region.start : region.end]) for region in find_regions(text, lexicons.furniture)] == [("byline", "By Trend"), ("body", PROSE), ("body", MORE)]


def test_each_region_names_its_rule(lexicons):
    for text in TEXTS:
        assert all(region.rule for region in find_regions(text, lexicons.furniture))


@pytest.mark.parametrize("text", ["", " \n\r\n", "x", "👍", "\u200b", "Background", "Read more", "By Trend\n---"])
def test_almost_nothing(lexicons, text):
    covered = "".join(text[region.start : region.end] for region in find_regions(text, lexicons.furniture))
    assert "".join(covered.split()) == "".join(text.split())


@given(any_text)
@settings(max_examples=200)
def test_regions_of_any_text(text):
    first_line = text.strip().split("\n")[0]
    for named in ({}, {"title": first_line, "byline": "Rena Murshud"}):
        regions = surface(text, **named).regions
        assert overlapping(regions) == [] and [region.start for region in regions] == sorted(region.start for region in regions)
        assert {region.kind for region in regions} <= {"body", "title", "dateline", "byline", "caption", "boilerplate"}
        covered = set()
        for region in regions:
            assert 0 <= region.start < region.end <= len(text)
            covered.update(range(region.start, region.end))
        assert [char for i, char in enumerate(text) if i not in covered and not char.isspace()] == []
