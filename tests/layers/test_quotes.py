from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import QUOTE_MARKS, any_text, overlapping, surface

from pressframes.layers.quotes import find_quotes, find_signs

LONG = "We have been waiting for thirty years and we will not wait for one more day of this war"


@pytest.fixture
def quotes(lexicons):
    """Return (kind, text, resolved) of the quotes in an article whose paragraphs are lines."""

    def of(*paragraphs):
        text, blocks = "", []
        for paragraph in paragraphs:
            blocks.append((len(text), len(text) + len(paragraph)))
            text += paragraph + "\n"
        return [(quote.kind, text[quote.start : quote.end], quote.resolved) for quote in find_quotes(text, blocks, lexicons.reporting)]

    return of


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''", "«»", "„“", "„”"])
def test_speech_in_every_kind_of_mark(quotes, marks):
    speech = f"{marks[0]}{LONG},{marks[1]}"
    assert quotes(f"{speech} the president said on Monday.") == [("direct", speech, True)]


@pytest.mark.parametrize(
    "sentence, kind, quoted",
    [
        ("He said “no” to them.", "direct", "“no”"),
        ("The crowd shouted “thieves” at them.", "direct", "“thieves”"),
        ("She asked “why now” again.", "direct", "“why now”"),
        ("The “rules of the game” are new.", "scare", "“rules of the game”"),
        ("The minister called it “a provocation”.", "direct", "“a provocation”"),
        ("The minister: “Never.”", "direct", "“Never.”"),
        ("They held an “election” there.", "scare", "“election”"),
        ("They held an 'election' there.", "scare", "'election'"),
        ("It was the so-called \"agreement\" that failed.", "scare", '"agreement"'),
        ("The former “NKR” is gone.", "scare", "“NKR”"),
        ("Andrey Volkov and other \"strategists\" need this.", "scare", '"strategists"'),
        ("The newspaper “Azadliq” was closed.", "name", "“Azadliq”"),
        ("They printed the toponym “Nagorno-Karabakh” again.", "name", "“Nagorno-Karabakh”"),
        ("The “Nagorno-Karabakh” toponym is no more.", "name", "“Nagorno-Karabakh”"),
        ("She read the book “War and Peace” twice.", "name", "“War and Peace”"),
        ("The film \"Brother\" was shown.", "name", '"Brother"'),
        ("The state’s “peace” has not come.", "scare", "“peace”"),
        ("The group proclaimed a “caliphate” there.", "scare", "“caliphate”"),
        ("It was a self-proclaimed Islamic “caliphate”.", "scare", "“caliphate”"),
        ("They came to “liberate” the town.", "scare", "“liberate”"),
        ("He said he did not “give a damn” about it.", "direct", "“give a damn”"),
        ("The minister warned that the army needs to “stand ready” for war.", "direct", "“stand ready”"),
        ("The talks were “very useful” this time.", "direct", "“very useful”"),
        ('"The rebels captured it" said the mayor.', "direct", '"The rebels captured it"'),
        ("They refer to him as a “traitor” now.", "direct", "“traitor”"),
        ("He was dubbed “the butcher” there.", "name", "“the butcher”"),
        ("They marched with the “Unite the Right” rally.", "name", "“Unite the Right”"),
        ("The “Donbas People’s Republic” is not recognised.", "scare", "“Donbas People’s Republic”"),
        ("They used the term “deep state” often.", "scare", "“deep state”"),
        ("The toll may rise as “hundreds” were hurt, the monitor said.", "direct", "“hundreds”"),
        ("The strike released “toxic gas” on the town on Tuesday a monitor said.", "direct", "“toxic gas”"),
        ("They drew strange maps of “peacekeeping”, to which Baku harshly responded.", "scare", "“peacekeeping”"),
        ("They came to the “vote” to protest again.", "scare", "“vote”"),
        ("It came after “reconciliation deals” (a monitor said so).", "scare", "“reconciliation deals”"),
        ("Detectives say it was Charles' “manifestos” about rituals.", "scare", "“manifestos”"),
        ("She carried a shield emblazoned with “never again” there.", "direct", "“never again”"),
        ("It was a video of the “attack” posted to a site.", "scare", "“attack”"),
        ("The mayor spoke of the plan on “Morning Joe” that day.", "name", "“Morning Joe”"),
        ("A rally called “The Mother of All Rallies” took place.", "name", "“The Mother of All Rallies”"),
        ("The rapper Tionne “T-Boz” Watkins sang.", "name", "“T-Boz”"),
        ("The group in “Wilayat al-Sahel” is small.", "name", "“Wilayat al-Sahel”"),
        ("In a report titled “Army of the north is weak and alone” nothing new was found.", "name", "“Army of the north is weak and alone”"),
        ("Homs was once dubbed “the capital of the revolution” there.", "name", "“the capital of the revolution”"),
        ("“Azadliq News” reported that the army was weak.", "name", "“Azadliq News”"),
        ("Such plants are often described as “unsafe” these days.", "scare", "“unsafe”"),
        ("Such plants are often described as “unsafe” by the ministry.", "direct", "“unsafe”"),
        ("The senator said on NBC's “Meet the Press” that he agreed.", "name", "“Meet the Press”"),
        ("He took the stage to “Eye of the Tiger.”", "name", "“Eye of the Tiger.”"),
        ("He was watching “Fox &amp; Friends” on Thursday.", "name", "“Fox &amp; Friends”"),
        ("A man identified only as “Jack” was there.", "name", "“Jack”"),
    ],
)
def test_speech_scare_quote_or_name(quotes, sentence, kind, quoted):
    assert quotes(sentence) == [(kind, quoted, True)]


@pytest.mark.parametrize(
    "sentence, sign",
    [
        ("The minister: “Never.”", "told just before"),
        ("It is called a “reform” there.", "passive"),
        ("They used terms like “racist”, “fascist” and “loyal” often.", "mentioned"),
        ("He pretended to “help” them.", "distanced"),
        ("The plan came with its “zones” in the north.", "nobody tells"),
        ("I wonder at this “peace” of theirs.", "first or second person"),
        ("The mayor said so at noon, and the “truce” went on.", "told before a comma"),
        ("The roof was “cut” to pieces, the mayor said on Monday.", "told after"),
        ("These are the “truce” zones on the map.", "term follows"),
        ("She is host of “Radio North” there.", "kind of thing before"),
        ("This week on the “North” podcast they met.", "kind of thing after"),
    ],
)
def test_a_quote_tells_the_signs_that_it_was_judged_by(lexicons, sentence, sign):
    found = find_signs(sentence, [(0, len(sentence))], lexicons.reporting)
    assert {sign, "any quote"} <= found[-1][1]


def test_what_is_told_does_not_reach_words_that_the_outlet_keeps_away_from(quotes):
    assert quotes("The ministry said the so-called “agreement” had failed.") == [("scare", "“agreement”", True)]


def test_a_double_mark_printed_as_two_single_ones_hides_nothing_around(lexicons):
    plain, doubled = (f"The senator said on CBS's {marks}Rush Hour{marks} that he agreed." for marks in ("'", "''"))
    (_, expected), (_, found) = (find_signs(text, [(0, len(text))], lexicons.reporting)[0] for text in (plain, doubled))
    assert "kind of thing before" in found and found == expected


def test_a_long_quote_makes_others_in_its_paragraph_likelier_speech(lexicons):
    paragraph = f"“{LONG},” he said. They saw the “truce” fail."
    (_, first), (_, second) = find_signs(paragraph, [(0, len(paragraph))], lexicons.reporting)
    assert "speech beside" in second and "speech beside" not in first


@pytest.mark.parametrize(
    "sentence",
    ["Russia's fleet and Russia’s army don't move, and isn’t that odd?", "In the '90s it was so.", "In the ’90s and ’80s it was so.", "The peacekeepers' mandate and the peacekeepers’ post.", "rock 'n' roll", "No marks at all."],
)
def test_apostrophes_are_no_quotes(quotes, sentence):
    assert [found for found in quotes(sentence) if found[1].strip("'’") != "n"] == []


def test_apostrophes_within_single_quotes(quotes):
    speech = "‘They don’t know that it’s the president’s own plan and that’s that,’"
    assert quotes(f"{speech} he said.") == [("direct", speech, True)]


def test_nested_marks_stay_within_the_speech_around_them(quotes):
    speech = "“They told us ‘we will never leave this town of ours’ and then they left the town,”"
    found = quotes(f"{speech} she said.")
    assert ("direct", speech, True) in found
    assert all(kind != "direct" or text == speech for kind, text, _ in found)


def test_a_scare_quote_within_speech_is_told(quotes):
    speech = "“They held an ‘election’ there and nobody else in the world took part in it,”"
    assert quotes(f"{speech} she said.") == [("direct", speech, True), ("scare", "‘election’", True)]


def test_two_quotations_in_one_paragraph(quotes):
    assert quotes(f"“{LONG},” he said. “Not a day more. We are tired of it,” he added.") == [
        ("direct", f"“{LONG},”", True), ("direct", "“Not a day more. We are tired of it,”", True),
    ]  # fmt: skip


@pytest.mark.parametrize("opens, closes", ["“”", '""', "«»"])
def test_a_quotation_of_several_paragraphs_with_the_mark_opened_in_each(quotes, opens, closes):
    first, second, third = f"{opens}{LONG}.", f"{opens}{LONG} either.", f"{opens}That is all we have to say,{closes} he said."
    whole = "\n".join([first, second, f"{opens}That is all we have to say,{closes}"])
    assert quotes("He spoke.", first, second, third, "Then he left.") == [("direct", whole, True)]


@pytest.mark.parametrize("opens, closes", ["“”", '""', "«»"])
def test_a_quotation_of_several_paragraphs_with_the_mark_opened_once(quotes, opens, closes):
    whole = f"{opens}{LONG}.\n{LONG} either.\nThat is all we have to say,{closes}"
    assert quotes(*f"{whole} he said.".split("\n"), "Then he left.") == [("direct", whole, True)]


def test_a_mark_that_never_closes_takes_no_more_than_its_paragraph(quotes):
    found = quotes(f"He said: “{LONG}.", "The war went on.", "Nobody knew why it did.")
    assert found == [("direct", f"“{LONG}.", False)]


def test_a_mark_that_never_closes_ends_before_the_reporting_clause(quotes):
    assert quotes(f"“{LONG}. the note emphasizes.") == [("direct", f"“{LONG}.", False)]


def test_a_mark_that_never_closes_and_is_no_speech_is_told_and_takes_nothing(quotes):
    assert quotes("They met in the “old town and left.", "The war went on.") == [("direct", "“", False)]


def test_a_mark_that_never_opened(quotes):
    assert quotes("They met in the old town” and left.", "The war went on.") == [("direct", "”", False)]


def test_an_unclosed_mark_leaves_later_quotations_whole(quotes):
    later = f"“{LONG},”"
    assert quotes("They met in the “old town and left.", f"{later} he said.") == [("direct", "“", False), ("direct", later, True)]


@pytest.mark.parametrize(
    "paragraph",
    [
        f"“{LONG} ‘and not one day more.” They left us here to wait,’ he said.",
        f"'{LONG} \"and not one day more.' They left us here to wait,\" he said.",
    ],
)
def test_crossed_marks_give_no_overlapping_speech(lexicons, paragraph):
    found = find_quotes(paragraph, [(0, len(paragraph))], lexicons.reporting)
    assert overlapping([quote for quote in found if quote.kind == "direct"]) == []


@pytest.mark.parametrize("text", ["", '"', "''", "“”", "”“", '""""', "‘'’", "« »", "'\"'\""])
def test_almost_nothing(quotes, text):
    quotes(text)


many_marks = st.lists(st.sampled_from([*QUOTE_MARKS, *QUOTE_MARKS, " ", " ", "\n", ". ", ", ", f"{LONG}. ", "Yes", "we said ", "no more "]), max_size=25).map("".join)


@given(st.one_of(any_text, many_marks))
@settings(max_examples=400)
def test_quotes_of_any_text(text):
    layers = surface(text)
    quotes = layers.quotes
    assert [quote.start for quote in quotes] == sorted(quote.start for quote in quotes)
    assert overlapping([quote for quote in quotes if quote.kind == "direct"]) == []
    for quote in quotes:
        assert 0 <= quote.start < quote.end <= len(text)
        assert quote.kind in ("direct", "scare", "name")
        assert text[quote.start] in "“”„«»‘’\"'"
        assert not quote.resolved or text[quote.end - 1] in "“”«»‘’\"'"
        assert any(start <= quote.start < end for start, end in layers.blocks)
        assert any(start < quote.end <= end for start, end in layers.blocks)


def test_time_grows_with_the_number_of_marks_alone(lexicons):
    def seconds(marks):
        taken = []
        for _ in range(3):  # the least of three: a busy machine adds, it never takes away
            started = process_time()
            find_quotes('"' * marks, [(0, marks)], lexicons.reporting)
            taken.append(process_time() - started)
        return min(taken)

    assert seconds(8000) < 8 * seconds(2000)  # four times as long; sixteen times where it grows with the square
