import re

import pytest
from hypothesis import given, settings
from pages import TERMS, TEXTS, any_text, overlapping, surface

from pressframes.layers.sentences import split_sentences
from pressframes.layers.terms import TermLayers, shared_aliases
from pressframes.lexicon import LexiconSet, Target, Targets
from pressframes.tokens import tokenise


@pytest.fixture
def found():
    """Return a function: which `layer` of terms an article of one paragraph holds, as pairs."""

    def of(layer, text):
        sentences = [tokenise(text, *span) for span in split_sentences(text, 0, len(text))]
        rows = getattr(TERMS, layer)(text, sentences)
        value = {"mentions": lambda row: row.target, "naming": lambda row: row.variant.variant, "loaded": lambda row: row.entry.entry}[layer]
        return [(text[row.start : row.end], value(row)) for row in rows if layer != "loaded" or row.lexicon == "curated"]

    return of


# Mentions


@pytest.mark.parametrize(
    "text, mentions",
    [
        ("The U.S. envoy came.", [("U.S.", "us")]),
        ("The US envoy came.", [("US", "us")]),
        ("The U.S.A. and the USA are one.", [("U.S.A.", "us"), ("USA", "us")]),
        ("They told us so.", []),
        ("Us and them.", []),
        ("LET US GO", []),
        ("US TROOPS LEAVE", []),
        ("RUSSIA AND TURKEY AGREE", [("RUSSIA", "russia")]),
        ("Russia's army and Russia’s fleet.", [("Russia", "russia"), ("Russia", "russia")]),
        ("The Russian-led mission.", [("Russian", "russia")]),
        ("The Russian Defense Ministry said so.", [("Russian Defense Ministry", "russia")]),
        ("Russia’s Defence Ministry said so.", [("Russia’s Defence Ministry", "russia")]),
        ("The Ministry of Defence of Russia said so.", [("Ministry of Defence of Russia", "russia")]),
        ("Russian peacekeepers came.", [("Russian", "russia"), ("peacekeepers", "peacekeepers")]),
        ("The Russian peacekeeping contingent's post.", [("Russian", "russia"), ("peacekeeping contingent", "peacekeepers")]),
        ("The Russian Federation and Moscow and the Kremlin.", [("Russian Federation", "russia"), ("Moscow", "russia"), ("Kremlin", "russia")]),
        ("The United States of America and the United States.", [("United States of America", "us"), ("United States", "us")]),
        ("The White House, Washington and the Pentagon.", [("White House", "us"), ("Washington", "us"), ("Pentagon", "us")]),
        ("a white house in the hills", []),
        ("Americans and the American plan.", [("Americans", "us"), ("American", "us")]),
        ("In Latin America and South America.", []),
        ("Latin American states wrote to the Washington Post.", []),
        ("The Soviet Union and the Russian Empire.", []),
        ("Soviet Russia and Tsarist Russia.", []),
        ("Vladimir Putin met Sergei Lavrov.", [("Vladimir Putin", "russia"), ("Sergei Lavrov", "russia")]),
        ("V. Putin, V.Putin and Putin’s men.", [("V. Putin", "russia"), ("V.Putin", "russia"), ("Putin", "russia")]),
        ("The Russian President Vladimir Putin came.", [("Russian", "russia"), ("Vladimir Putin", "russia")]),
        ("He saw the peacekeeper and the PEACEKEEPERS and the blue helmets.", [("peacekeeper", "peacekeepers"), ("PEACEKEEPERS", "peacekeepers"), ("blue helmets", "peacekeepers")]),
        ("Peacekeepers came.", [("Peacekeepers", "peacekeepers")]),
        ("He met us in moscow.", []),
        ("It, they and we are no mentions.", []),
        ("Russian defence ministry spokesman Igor Konashenkov spoke.", [("Russian defence ministry", "russia"), ("Igor Konashenkov", "russia")]),
        ("The Russian embassy and the U.S. Marine Corps.", [("Russian embassy", "russia"), ("U.S. Marine Corps", "us")]),
        ("Russias aircraft and Moscows bombs and Washingtons help.", [("Russias", "russia"), ("Moscows", "russia"), ("Washingtons", "us")]),
        ("George H.W. Bush and Donald J. Trump.", [("George H.W. Bush", "us"), ("Donald J. Trump", "us")]),
        ("Michelle Obama, Jeb Bush, Hunter Biden and Donald Trump Jr. came.", []),
        ("Trump Tower, the Clinton Foundation and the Trump Organization.", []),
        ("Washington state, Denzel Washington and the University of Washington.", []),
        ("The Washington Examiner and Russia Today wrote.", []),
        ("Throughout the Americas and at Voice of America.", []),
        ("The FBI and the GRU.", [("FBI", "us"), ("GRU", "russia")]),
    ],
)  # fmt: skip
def test_mentions(found, text, mentions):
    assert found("mentions", text) == mentions


@pytest.mark.parametrize(
    "text, mentions",
    [
        ("O'Brien spoke. O’Brien left.", []),
        ("Robert O'Brien spoke. O’Brien’s plan failed.", ["Robert O'Brien", "O’Brien"]),
        ("O'Brien left. The plan of Robert O'Brien failed.", ["O'Brien", "Robert O'Brien"]),
        ("The adviser to US President O’Brien spoke. O’Brien left.", ["US", "O’Brien", "O’Brien"]),
        ("The US sent a plumber called O'Brien.", ["US"]),
    ],
)
def test_a_common_surname_counts_only_when_introduced(found, text, mentions):
    assert [name for name, _ in found("mentions", text)] == mentions


def test_a_mention_never_reaches_over_a_sentence_end(found):
    assert found("mentions", "He came to Russia. Defense Ministry officials left.") == [("Russia", "russia")]


def test_nested_names_give_the_longest(found):
    assert found("mentions", "the United States State Department of Defense") in (
        [("United States State Department", "us")], [("United States", "us"), ("State Department", "us")],
    )  # fmt: skip
    assert found("naming", "the Nagorno-Karabakh Autonomous Region") == [("Nagorno-Karabakh Autonomous Region", "Nagorno-Karabakh Autonomous Region")]
    assert found("naming", "the unrecognized Nagorno-Karabakh Republic") == [("Nagorno-Karabakh Republic", "Nagorno-Karabakh Republic")]


# Loaded terms


@pytest.mark.parametrize(
    "text, terms",
    [
        ("The regime fell.", [("regime", "regime")]),
        ("Both regimes fell.", [("regimes", "regime")]),
        ("The ceasefire regime held.", []),
        ("The cease-fire regime and the visa regime held.", []),
        ("They broke the ceasefire. The regime fell.", [("regime", "regime")]),
        ("The puppet regime fell.", [("puppet regime", "puppet regime")]),
        ("They turned a blind eye to it.", [("turned a blind eye", "turn a blind eye")]),
        ("A provocation, provocations and provocative words.", [("provocation", "provocation"), ("provocations", "provocation"), ("provocative", "provocation")]),
        ("PROVOCATION", [("PROVOCATION", "provocation")]),
        ("The regime’s end.", [("regime", "regime")]),
        ("It was a cover-up.", [("cover-up", "cover-up")]),
        ("He was charged with treason.", []),
        ("The hero of the book was the minister of propaganda.", []),
        ("The overwhelming majority are no currency manipulators.", []),
        ("He met with overwhelming force.", [("overwhelming", "overwhelming")]),
        ("It was plain treason.", [("treason", "treason")]),
        ("a stab in the back", [("stab in the back", "backstab")]),
        ("The ministers met and talked for three hours.", []),
    ],
)
def test_loaded_terms(found, text, terms):
    assert found("loaded", text) == terms


@pytest.mark.parametrize(
    "text, terms",
    [
        ("He kept to a strict regime of diet.", []),
        ("The senator slammed the plan.", ["slammed"]),
        ("A car slammed into the wall.", []),
        ("She blasted the minister over the plan.", ["blasted"]),
        ("The bomb blasted a hole into the wall.", []),
        ("The minister claimed that the plan works.", ["claimed"]),
        ("A group claimed responsibility for it.", []),
        ("The Patriot missile hit a drone.", []),
        ("Every patriot must vote.", ["patriot"]),
        ("The mood was toxic.", ["toxic"]),
        ("The toxic waste went into the river.", []),
        ("They faced racial injustice.", []),
        ("A barrage of criticism followed.", ["barrage of"]),
        ("A barrage of rockets followed.", []),
    ],
)
def test_the_plain_sense_of_a_term_is_left_out(found, text, terms):
    assert [term for term, _ in found("loaded", text)] == terms


@pytest.mark.parametrize(
    "text, negated",
    [
        ("There was no evidence of provocation.", True),
        ("He is not a terrorist.", True),
        ("He isn’t a terrorist.", True),
        ("They never committed atrocities.", True),
        ("It ended without bloodshed.", True),
        ("He denied being an aggressor.", True),
        ("Neither a thug nor rich, he left.", True),
        ("He is a terrorist.", False),
        ("They do not recognise the regime.", False),
        ("He did not come, the thug.", False),
        ("He did not come because thugs waited.", False),
        ("Not only thugs came.", False),
        ("It was no doubt a provocation.", False),
        ("He is the no. 1 thug.", False),
        ("Not one of all the men who then came was a thug.", False),
        ("A provocation did not come.", False),
    ],
)
def test_negated_terms_are_told(text, negated):
    rows = [row for row in TERMS.loaded(text, [tokenise(text)]) if row.lexicon == "curated" and row.entry.entry in {"provocation", "terrorist", "atrocity", "bloodshed", "aggressor", "thug", "regime"}]
    assert [row.negated for row in rows] == [negated]


def test_the_opinion_list_is_searched_on_its_own():
    text = "The shameful regime."
    rows = TERMS.loaded(text, [tokenise(text)])
    told = {(text[row.start : row.end], row.lexicon) for row in rows}
    assert ("shameful", "curated") in told and ("shameful", "opinion") in told and ("regime", "curated") in told
    assert {row.entry.category for row in rows if row.lexicon == "opinion"} == {"opinion"}


SWAPS = {"Russia": "Ukraine", "Russian": "Ukrainian", "Russians": "Ukrainians", "Armenia": "Azerbaijan", "Armenian": "Azerbaijani", "Armenians": "Azerbaijanis"}
SWAPS |= {there: here for here, there in SWAPS.items()}
NAMES = re.compile(r"\b(?:" + "|".join(sorted(SWAPS, key=len, reverse=True)) + r")\b")


@pytest.mark.parametrize("number", range(5))
def test_loaded_terms_do_not_depend_on_who_is_spoken_of(study, number):
    article = study.articles[number]
    swap = lambda text: NAMES.sub(lambda match: SWAPS[match[0]], text)
    assert swap(swap(article.text)) == article.text
    entries = []
    for turn in (str, swap):
        rows = surface(turn(article.text), title=turn(article.title), byline=article.byline).loaded
        entries.append([(row.lexicon, row.entry.entry) for row in rows])
    assert swap(article.text) != article.text and len(entries[0]) > 10
    assert entries[0] == entries[1]


@pytest.mark.parametrize("names", [("Azerbaijani", "Armenian"), ("Russian", "American"), ("Republican", "Democratic"), ("Israeli", "Palestinian")])
def test_any_entry_is_loaded_whoever_it_is_said_of(lexicons, names):
    """Each form of the list between the names of one side, then of the other: the same rows at the same words."""
    told = []
    for name in names:
        sentences = [f"The {name} side saw {form} by {name} men." for entry in lexicons.loaded for form in entry.forms]
        told.append([[(row.lexicon, row.entry.entry, row.negated) for row in TERMS.loaded(text, [tokenise(text)])] for text in sentences])
    assert sum(map(bool, told[0])) > 3000
    assert told[0] == told[1]


# Naming


@pytest.mark.parametrize(
    "text, variants",
    [
        ("in Karabakh and in Garabagh", ["Karabakh", "Garabagh"]),
        ("in Nagorno-Karabakh, in Nagorno Karabakh", ["Nagorno-Karabakh", "Nagorno-Karabakh"]),
        ("through the Daghlig Garabagh", ["Mountainous Karabakh"]),
        ("in Azerbaijan’s Karabakh region", ["Karabakh region of Azerbaijan"]),
        ("in Azerbaijan's Karabakh", ["Karabakh region of Azerbaijan"]),
        ("the 44-day war over Karabakh", ["44-day war", "Karabakh"]),
        ("Armenia and the 44-day war", ["44-day war"]),
        ("the separatists of Garabagh in the 44-day war", ["separatists", "Garabagh", "44-day war"]),
        ("the 44-day war, the separatists and a trilateral statement of November 9", []),
        ("the former NKR and Artsakh", ["Nagorno-Karabakh Republic", "Artsakh"]),
        ("Khankendi or Stepanakert", ["Khankendi", "Stepanakert"]),
        ("Armenia and the trilateral statement of November 9", ["trilateral statement"]),
    ],
)
def test_naming(found, text, variants):
    assert [variant for _, variant in found("naming", text)] == variants


# Any text


@given(any_text)
@settings(max_examples=150)
def test_terms_of_any_text(text):
    layers = surface(text)
    starts = {token.start: (token, tokens[-1].end) for tokens in layers.tokens for token in tokens}
    for rows in (layers.mentions, layers.naming, *([row for row in layers.loaded if row.lexicon == name] for name in ("curated", "opinion"))):
        assert overlapping(rows) == []
        for row in rows:
            token, last = starts[row.start]
            assert row.start < row.end <= last
            assert not text[row.start : row.end].lower().endswith(("'s", "’s"))


@given(any_text)
@settings(max_examples=100)
def test_the_terms_of_a_text_are_the_same_every_time(text):
    assert surface(text) == surface(text)


@pytest.mark.parametrize("number", range(5))
def test_the_sentences_of_the_seeds_need_no_page_around_them(number):
    """A sentence cut out and searched alone gives the loaded terms that it gives in its article."""
    layers = surface(TEXTS[number])
    alone = []
    for start, end in layers.sentences:
        sentence = TEXTS[number][start:end]
        alone += [row.entry.entry for row in TERMS.loaded(sentence, [tokenise(sentence)])]
    assert alone == [row.entry.entry for row in layers.loaded]


def test_names_of_two_targets_are_found_whatever_makes_them_alike():
    target = lambda key, **aliases: Target(key, key, tuple(aliases.items()))
    told = lambda *targets: shared_aliases(Targets(targets, ("Foreign Ministry",), frozenset()))
    north, south = target("north", name=("Northland",), person=("Jane Bush", "Ann Lee")), target("south", name=("Southland",), person_full=("John Bush",), **{"not": ("Northland",)})
    assert told(north, south) == {("north", "south", True): ["Bush"]}
    assert told(south, north, target("both", adjective=("southland",), metonym=("Northland Street",), person=("Ann Lee",))) == {("south", "north", True): ["Bush"], ("south", "both", False): ["southland"], ("north", "both", False): ["Ann Lee"]}


@pytest.mark.parametrize("first", ["person", "person_full"])
def test_a_surname_of_two_targets_counts_for_the_one_named_in_full(first):
    targets = Targets(tuple(Target(key, key, ((kind, (name,)),)) for key, kind, name in (("us", first, "Lyndon Johnson"), ("uk", "person", "Boris Johnson"))), (), frozenset())
    mentions = lambda text: [mention.target for mention in TermLayers(LexiconSet(targets, (), (), (), None, ())).mentions(text, [tokenise(text)])]
    assert mentions("Boris Johnson left and Johnson came back") == ["uk", "uk"]
    assert mentions("Lyndon Johnson left and Johnson came back") == ["us", "us"]
    assert mentions("Johnson came back") == ["us" if first == "person" else "uk"]
