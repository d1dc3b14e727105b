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
        ("September 5, 20236:14 PM GMT+2", "dateline"),
        ("Updated 3 hours ago", "dateline"),
        ("2022-09-14 20:31:30", "dateline"),
        ("12:05 19.09.2023 (updated: 12:40 19.09.2023)", "dateline"),
        ("BY JOHN SMITH", "byline"),
        ("Anna Keller in Sarnograd", "byline"),
        ("By Lili Novak | Brussels", "byline"),
        ("Yerevan, 3 March, Armenpress", "dateline"),
        ("A view of the valley. © Luca Bianchi", "caption"),
        ("Jane Doe, Diplomatic Editor", "byline"),
        ("RFE/RL's Balkan Service", "byline"),
        ("LAS VEGAS —", "dateline"),
        ("Villagers board a bus in the main street. Photograph: Ivan Petrov/EPA", "caption"),
        ("A guard stands at the crossing, April 3, 2021. (AP Photo/Mark P. Miller, File)", "caption"),
        ("The central bank in the capital (file photo)", "caption"),
        ("FILE - A guard stands at the crossing point.", "caption"),
        ("Image caption, Residents queue for water", "caption"),
        ("We use cookies to improve your experience on this page.", "boilerplate"),
        ("Facebook Twitter WhatsApp SMS Email", "boilerplate"),
        ("5 min read", "boilerplate"),
        ("Home » Opinion » Who won the war?", "boilerplate"),
        ("By Karl Brandt, staff writer", "byline"),
        ("Story: Anna Keller and Pavel Novak", "byline"),
        ("This story is more than 3 years old", "dateline"),
        ("The minister waves to her supporters in the capital, April 3, 2021.", "caption"),
        ("The minister in the capital on Monday. Getty Images", "caption"),
        ("Anna Keller/Flickr", "caption"),
        ("Cover photo via Pavel Novak", "caption"),
        ("Image copyright 2021 The Paper. It may not be published again.", "caption"),
        ("Follow our Telegram channel", "boilerplate"),
        ("Unable to play this video", "boilerplate"),
        ("This column is part of the weekly letter. You can subscribe here to read it in your inbox.", "boilerplate"),
        ("(AP file photo)", "caption"),
        ("© Provided by The Paper The minister greets her guests", "caption"),
    ],
)
def test_lines_before_the_text(kinds, line, kind):
    assert kinds("The ministers meet in the capital", line, PROSE, MORE)[line] == kind


@pytest.mark.parametrize(
    "line",
    ["Leave a Reply", "Follow us on Twitter @AzerNewsAz", "Subscribe to our newsletter for more", "Copyright 2020 The Paper", "All rights reserved", "Tags: war, peace", "---", "Editorial team", ">>Be a reporter<<",
     "Reporting by Olena Marchuk; Editing by Alex Richards", "(Additional reporting by Pavel Novak)", "Ana Ruiz contributed to this report.", "bur-tbm/jv/pma",
     "The views expressed in this article are the author's own.", "#Foreign Ministry", "Got a tip? Email us at news@example.com", "Related posts:", "Leave a Reply Cancel reply",
     "Anna Keller: 555-010-0199, @annakeller", "— Karl Brandt is a reporter for The Paper.", "Already a member? Sign in", "Sponsored: One trick that doctors hate", "Find the full report at www.example.org",
     "Maps of the war | What the ministers want | Who pays", "To learn more about the talks, click here.", "Reproduction of this text is allowed with permission only.", "Please share this story with your friends!"],
)
def test_lines_after_the_text(kinds, line):
    found = kinds(PROSE, MORE, line)
    assert found == {PROSE: "body", MORE: "body", line: "boilerplate"}


@pytest.mark.parametrize(
    "dateline",
    ["MOSCOW, September 5. /TASS/.", "BAKU, Azerbaijan, June 24.", "BEIJING, Sept. 14 (Xinhua) --", "LONDON, May 3 (Reuters) –", "Baku/23.11.20/Turan:", "Baku (APA) –", "PANAGYURISHTE, (BM) –", "Baku, Azerbaijan, March 8, Trend:"],
)
def test_a_dateline_is_cut_off_the_first_paragraph(kinds, dateline):
    assert kinds(f"{dateline} {PROSE}", MORE) == {dateline: "dateline", PROSE: "body", MORE: "body"}


def test_a_dateline_is_looked_for_in_the_first_paragraph_alone(kinds):
    assert kinds(PROSE, f"Baku (APA) – {MORE}") == {PROSE: "body", f"Baku (APA) – {MORE}": "body"}


@pytest.mark.parametrize("dateline", ["MOSCOW (Sputnik)", "LONDON (AFP)", "(AP) –", "(example.com) -"])
def test_a_dateline_needs_no_dash_after_an_agency(kinds, dateline):
    assert kinds(f"{dateline} {PROSE}", MORE) == {dateline: "dateline", PROSE: "body", MORE: "body"}


def test_a_body_in_capitals_with_its_full_name_is_no_dateline(kinds):
    prose = "NATO (North Atlantic Treaty Organization) ministers have met in the capital to talk about the war."
    assert kinds(prose, MORE)[prose] == "body"


def test_a_word_in_capitals_before_a_dash_is_no_dateline(kinds):
    prose = "NATO – the alliance of thirty states – has met in the capital to talk about the war for three hours."
    assert kinds(prose, MORE)[prose] == "body"


def test_a_dateline_after_a_stray_line_is_cut_off(kinds):
    assert kinds("Ministers meet in the capital", "A standfirst of six words stands here", f"Baku (APA) – {PROSE}", MORE)["Baku (APA) –"] == "dateline"


@pytest.mark.parametrize("heading", ["Recommended Stories", "Sign up to our newsletter", "Read more: What the war was about", "Related"])
def test_a_box_within_the_article_takes_nothing_after_it(kinds, heading):
    found = kinds(PROSE, heading, MORE, "It is over")
    assert found == {PROSE: "body", heading: "boilerplate", MORE: "body", "It is over": "body"}


def test_a_list_of_links_within_the_article_takes_one_line(kinds):
    found = kinds(PROSE, "Read also", "Germany sends tanks", "What happens next?", MORE)
    assert list(found.values()) == ["body", "boilerplate", "boilerplate", "body", "body"]


def test_titles_of_other_articles_in_a_row_are_links(kinds):
    titles = [f"Ministers of {number} states talk about the war in the capital" for number in ("two", "three")]
    found = kinds(PROSE, "Related stories from The Paper", *titles, MORE)
    assert list(found.values()) == ["body", "boilerplate", "boilerplate", "boilerplate", "body"]


def test_a_title_that_looks_like_a_link_is_kept(kinds):
    title = "WATCH: Ministers meet in the capital"
    assert kinds(title, PROSE, MORE)[title] == "title"


def test_a_title_repeated_with_other_spaces_counts_once(kinds):
    assert list(kinds("Ministers meet in the capital", "Ministers meetin the capital", PROSE, MORE).values()) == ["title", "boilerplate", "body", "body"]


def test_the_day_of_a_post_belongs_to_the_post(kinds):
    found = kinds(PROSE, "— Anna Keller (@annakeller)", "September 22, 2017", MORE)
    assert set(found.values()) == {"body"}


@pytest.mark.parametrize(
    "line",
    ["Article posted with permission from The Paper", "This report was originally published by Anna Keller at The Paper", "Follow on Twitter: Follow @paper",
     "Please help support us with donations.", "Your support makes our work possible.", "Phone This field is for validation purposes and should be left unchanged.",
     "You can unsubscribe at any time.", "Click here to listen to this interview.",],
)  # fmt: skip
def test_what_an_outlet_asks_of_its_readers_is_furniture(kinds, line):
    assert kinds(PROSE, MORE, line)[line] == "boilerplate"


@pytest.mark.parametrize(
    "prose",
    ["She told the crowd to share this story with their friends before they left the hall.", "- Karl Brandt is a 64-year-old baker who lives in the capital.",
     "The minister died in the capital on November 1, 2016, after a long illness.", "The museum, which relies on the support of readers, opened in 1990 and closed again.",
     "Letters should be opened by the person they are for, said the minister.", "If you like this minister, please think again before you vote for her.", "(The photo shows the house after the storm.)",
     "Follow the money, she said on Monday, and look at who met whom in the capital."],
)  # fmt: skip
def test_prose_that_resembles_furniture_stays(kinds, prose):
    assert kinds(PROSE, prose, MORE)[prose] == "body"


def test_titles_of_other_pages_after_the_text_are_links(kinds):
    links = ["Related Topics", "Who wants what in the talks of the ministers?", "United Nations and the war"]
    assert {kind for text, kind in kinds(PROSE, MORE, *links).items() if text in links} == {"boilerplate"}


def test_a_pull_quote_counts_once(kinds):
    said = "We heard the engines, and then we did not hear anything at all"
    found = kinds(PROSE, f"The soldiers left. “{said},” says Jana, who lives there.", f"“{said}”", MORE)
    assert [text for text, kind in found.items() if kind == "boilerplate"] == [f"“{said}”"]


def test_a_refrain_is_no_repeated_paragraph(lexicons):
    text = "\n".join([PROSE, "They will not come back again.", MORE, "They will not come back again.", PROSE + " So it was."])
    assert {region.kind for region in find_regions(text, lexicons.furniture)} == {"body"}


def test_a_note_on_the_author_begins_with_the_name_of_the_byline(kinds):
    note, other = "Karl Brandt is a professor of history at the University of Graz.", "Vera Brandt is a professor of history at the University of Graz."
    found = kinds("The peace that nobody wanted", "By Karl Brandt", PROSE, other, MORE, note)
    assert (found[note], found[other]) == ("boilerplate", "body")


def test_a_date_that_heads_a_part_of_the_article_stays(kinds):
    assert kinds(PROSE, "Monday August 7:", MORE, "Tuesday August 8", PROSE + " So it was.")["Monday August 7:"] == "body"


def test_a_heading_within_the_article_stays(kinds):
    lines = ["SLOW PROGRESS", "What happens next?", "1. Korea", "- 'No way back' -"]
    found = kinds(*[part for i, line in enumerate(lines) for part in (line, f"{PROSE} Number {i}.")][1:])
    assert set(found.values()) == {"body"}


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


# Furniture that neither a heading nor a credit tells

TITLE = "Ministers Meet in the Capital"


@pytest.mark.parametrize("link", ["Doctors Say This One Trick Is All You Need", "Keller: The Minister's Plan Is 'Bad for the Country'"])
def test_a_title_of_another_page_between_paragraphs(kinds, link):
    assert kinds(TITLE, PROSE, link, MORE) == {TITLE: "title", PROSE: "body", link: "boilerplate", MORE: "body"}


@pytest.mark.parametrize("line", ["What They Want to Do", "The ministers have a plan of their own for the spring", "1. The Minister Is in the Pocket of the Banks", "What Is the Plan of the Ministers for Spring?"])
def test_a_heading_is_no_title_of_another_page(kinds, line):
    assert kinds(TITLE, PROSE, line, MORE)[line] == "body"


def test_titles_that_head_the_parts_of_a_list_stay(kinds):
    heads = [f"Minister {number} Is in the Pocket of Big Banks" for number in ("One", "Two", "Three")]
    found = kinds(TITLE, PROSE, *[part for i, head in enumerate(heads) for part in (head, f"{MORE} Number {i}.")])
    assert {found[head] for head in heads} == {"body"}


def test_a_title_that_the_text_quotes_stays(kinds):
    quoted = "Ministers of the North and the South Meet"
    assert kinds(TITLE, PROSE, "The paper printed this:", quoted, MORE)[quoted] == "body"


@pytest.mark.parametrize(
    "caption",
    ["Minister Anna Keller speaks to reporters in front of the ministry.", "Anna Keller at a rally in Sarnograd.", "Soldiers of the Second Army (Sarnograd Post)", "Anna Keller. Photo from example.com.",
     "Soldiers wait at the border. (Army photo by Sgt. Karl Brandt)"],
)  # fmt: skip
def test_a_caption_between_the_title_and_the_text(kinds, caption):
    found = kinds(TITLE, caption, PROSE, MORE, PROSE + " So it was.")
    assert (found[caption], found[PROSE]) == ("caption", "body")


@pytest.mark.parametrize("standfirst", ["The minister won’t speak to reporters about the war in the south.", "Laugh to stop yourself from crying.", "“Nobody speaks of peace in Sarnograd.”", "What stands between the minister and a peace in Sarnograd?"])
def test_a_standfirst_is_no_caption(kinds, standfirst):
    assert kinds(TITLE, standfirst, PROSE, MORE, PROSE + " So it was.")[standfirst] == "body"


def test_a_note_on_a_writer_whom_no_byline_names(kinds):
    note, known = "Karl Brandt is a columnist and the author of two books.", "Vera Keller is a professor of history at the University of Graz."
    assert kinds(TITLE, PROSE, MORE, note)[note] == "boilerplate"
    assert kinds(TITLE, PROSE, f"{MORE} So said Keller.", known)[known] == "body"
