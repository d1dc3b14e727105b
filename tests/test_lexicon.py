import re
import tomllib
from pathlib import Path

import pytest

from pressframes import lexicon
from pressframes.errors import InputError
from pressframes.tokens import tokenise
from pressframes.lexicon import Match, TermSearch

SHIPPED = Path(__file__).parents[1] / "lexicons"
CATEGORIES = {
    "accusation and blame", "contempt and irony", "deception", "delegitimising label", "glorification", "intensifier", "legitimation and praise",
    "moral judgement", "slanted report", "threat and fear", "violence and aggression",
}  # fmt: skip


def write(tmp_path, text, name="lexicon.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


# The shipped lexicons


def test_the_loaded_list_is_large_and_says_why(lexicons):
    assert len(lexicons.loaded) >= 1700
    assert [entry.entry for entry in lexicons.loaded if not (entry.reason.strip() and entry.source.strip() and entry.forms)] == []
    assert {entry.category for entry in lexicons.loaded} == CATEGORIES
    assert {entry.polarity for entry in lexicons.loaded} <= {"negative", "neutral", "positive"}
    names = [entry.entry for entry in lexicons.loaded]
    assert len(names) == len(set(names))


def test_no_loaded_term_holds_the_name_of_a_target(lexicons):
    """A list of loaded words that names an actor would find that actor loaded wherever it is named."""
    tables = tomllib.loads((SHIPPED / "targets.toml").read_text(encoding="utf-8"))
    aliases = {
        tuple(token.norm for token in tokenise(alias))
        for key, table in tables.items() if key != "shared"
        for kind, names in table.items() if kind in ("name", "adjective", "metonym", "person", "person_full")
        for alias in names
    }  # fmt: skip
    assert len(tables) - 1 >= 8 and len(aliases) > 100
    clashes = []
    for entry in lexicons.loaded:
        for form in (entry.entry, *entry.forms):
            words = tuple(token.norm for token in tokenise(form))
            clashes += [(entry.entry, form, alias) for alias in aliases for i in range(len(words)) if words[i : i + len(alias)] == alias]
    assert clashes == []


def test_an_exception_holds_a_form_of_its_entry(lexicons):
    """An exception that holds no form of the entry takes nothing away."""
    idle = []
    for entry in lexicons.loaded:
        forms = [tuple(token.norm for token in tokenise(form)) for form in entry.forms]
        for phrase in entry.exceptions:
            words = tuple(token.norm for token in tokenise(phrase))
            if not any(words[i : i + len(form)] == form for form in forms for i in range(len(words))):
                idle.append((entry.entry, phrase))
    assert idle == []


def test_a_label_of_one_wing_stands_beside_that_of_the_other(lexicons):
    forms = {form for entry in lexicons.loaded for form in entry.forms}
    pairs = [
        ("far-left", "far-right"), ("hard-left", "hard-right"), ("ultra-left", "ultra-right"), ("radical left", "radical right"), ("left-wingers", "right-wingers"), ("leftist", "rightist"),
        ("liberal media", "right-wing media"), ("gun grabber", "gun nut"), ("anti-choice", "pro-abortion"), ("fascist", "marxist"), ("climate deniers", "alarmist"), ("terrorist", "freedom fighter"),
    ]  # fmt: skip
    assert [pair for pair in pairs if not set(pair) <= forms] == []


def test_the_page_on_the_lexicon_says_what_it_holds(lexicons):
    page = (SHIPPED.parent / "docs" / "lexicon.md").read_text(encoding="utf-8")
    forms = sum(len(entry.forms) for entry in lexicons.loaded)
    assert f"{len(lexicons.loaded):,} entries with {forms:,} forms in eleven categories" in page
    table = re.findall(r"^\| ([a-z ]+) \| [^|]+ \| ([^|]+) \| [^|]+ \| \d\.\d\d of \d+ \|$", page, re.MULTILINE)
    assert {category for category, _ in table} == CATEGORIES
    find = TermSearch([(form, entry.category) for entry in lexicons.loaded for form in entry.forms], match_case=False)
    for category, examples in table:
        for example in examples.split(", "):
            assert [match.value for match in find.find(example, tokenise(example))] == [category], example


def test_every_entry_can_be_loaded(lexicons):
    """No entry asks for company that its own context rules forbid, and each form alone, without company, is found unless company is asked for."""
    for entry in lexicons.loaded:
        tokens = tokenise(entry.forms[0])
        assert entry.is_meant(tokens, 0, len(tokens) - 1) is not bool(entry.only_with)


def test_the_opinion_list_is_separate(lexicons):
    assert len(lexicons.opinion) > 6000
    assert {entry.category for entry in lexicons.opinion} == {"opinion"} and {entry.source for entry in lexicons.opinion} == {"opinion"}
    assert {entry.polarity for entry in lexicons.opinion} == {"negative", "positive"}


def test_naming_variants_give_reason_and_source(lexicons):
    assert [variant.variant for variant in lexicons.naming if not (variant.reason and variant.source and variant.forms)] == []
    referents = [variant.referent for variant in lexicons.naming]
    assert all(referents.count(referent) > 1 for referent in referents), "a referent with one name has no rival names"


def test_reporting_words(lexicons):
    reporting = lexicons.reporting
    assert {"say", "tell"} <= reporting.speech_verbs and "believe" in reporting.thought_verbs and "claim" in reporting.nouns and "urge" in reporting.directive_verbs
    assert not reporting.thought_verbs & reporting.knowledge_verbs
    assert {"attack", "warhead"} <= reporting.silent_nouns and not reporting.silent_nouns & reporting.document_nouns, "a document speaks"


def test_furniture_rules_give_a_reason(lexicons):
    assert all(rule.reason for rule in lexicons.furniture)


@pytest.mark.parametrize("key", ["russia", "us", "peacekeepers", "azerbaijan", "armenia", "turkey", "ukraine", "eu"])
def test_every_shipped_target_can_be_used_alone(key):
    (target,) = lexicon.read_targets(SHIPPED / "targets.toml", [key]).targets
    assert target.key == key and target.label and target.of_kind("name")


# Faults


LOADED = "entry,forms,category,polarity,except,reason,source\n"
SENSES = "entry,polarity,only_with,not_with\n"
NAMING = "referent,variant,forms,reason,source\n"
REPORTING = "lemma,pos,kind,reason\n"
FURNITURE = "pattern,kind,scope,reason\n"


@pytest.mark.parametrize(
    "read, text, place, told",
    [
        ("loaded", "entry,forms\nbad,bad\n", ":", ["column 'polarity' is missing"]),
        ("loaded", "entry,polarity,weight\nbad,negative,3\n", ":", ["unknown column 'weight'"]),
        ("loaded", LOADED + "bad,bad,c,awful,,r,s\n", ", row 2:", ["'bad'", "unknown polarity 'awful'"]),
        ("loaded", LOADED + ",bad,c,negative,,r,s\n", ", row 2:", ["'entry' is empty"]),
        ("loaded", LOADED + "bad,bad,c,negative,,r,s\nevil,evil|bad,c,negative,,r,s\n", ", row 3:", ["form 'bad'", "'bad'", "'evil'"]),
        ("loaded", LOADED + "bad,bad,c,negative,,r,s\nBAD,,c,negative,,r,s\n", ", row 3:", ["stands in"]),
        ("loaded", LOADED + "bad,bad,c,negative,,r,s\nbad,worse,d,positive,,r,s\n", ", row 3:", ["entry 'bad' stands twice, first in row 2; keep one"]),
        ("loaded", LOADED + "a+,a+,c,negative,,r,s\n", ", row 2:", ["'a+'", "changes when it is cut"]),
        ("loaded", LOADED + "bad,bad,c,negative,not & bad,r,s\n", ", row 2:", ["'not & bad'"]),
        ("loaded", LOADED + "-,-,c,negative,,r,s\n", ", row 2:", []),
        ("loaded", LOADED + "bad,|,c,negative,,r,s\n", ", row 2:", []),
        ("loaded", SENSES + "bad,negative,very|bad,\n", ", row 2:", ["only_with", "'bad'", "form of"]),
        ("loaded", SENSES + "bad,negative,,luck|bad\n", ", row 2:", ["not_with", "'bad'", "form of"]),
        ("loaded", SENSES + "bad,negative,luck|day,Luck\n", ", row 2:", ["'luck'", "only_with and in not_with"]),
        ("loaded", SENSES + "bad,negative,,luck & co\n", ", row 2:", ["'luck & co'"]),
        ("naming", "referent,variant\nx,y\n", ":", ["column 'forms' is missing"]),
        ("naming", NAMING + "x,y,,r,s\n", ", row 2:", ["'forms' is empty"]),
        ("naming", NAMING + "x,y,Y,r,s\nx,z,Z|Y,r,s\n", ", row 3:", ["form 'Y'", "'x: y'", "'x: z'"]),
        ("naming", NAMING + "x,y,Y,r,s\nz,y,Y,r,s\n", ", row 3:", ["form 'Y'", "'x: y'", "'z: y'"]),
        ("naming", NAMING + "x,y,Y@Z,r,s\n", ", row 2:", ["'Y@Z'"]),
        ("naming", NAMING + "x,y,–,r,s\n", ", row 2:", []),
        ("reporting", REPORTING + "say,verb,singing,r\n", ", row 2:", ["'say'", "unknown pos or kind"]),
        ("reporting", REPORTING + "say,adverb,speech,r\n", ", row 2:", ["unknown pos or kind"]),
        ("reporting", "lemma,pos\nsay,verb\n", ":", ["column 'kind' is missing"]),
        ("furniture", FURNITURE + "^x$,poster,line,r\n", ", row 2:", ["unknown kind or scope"]),
        ("furniture", FURNITURE + "^x$,boilerplate,page,r\n", ", row 2:", ["unknown kind or scope"]),
        ("furniture", FURNITURE + "(x,boilerplate,line,r\n", ", row 2:", ["not a regular expression"]),
    ],
)
def test_faults_in_tables_are_told_in_one_line(tmp_path, read, text, place, told):
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        getattr(lexicon, f"read_{read}")(path)
    message = str(caught.value)
    assert message.startswith(f"{path}{place}")
    assert all(part in message for part in told)
    assert len(message.splitlines()) == 1
    assert "; " in message, "the message says what to do"


@pytest.mark.parametrize(
    "text, told",
    [
        ("[russia", ["TOML"]),
        ('[russia]\nname = ["Russia"]\n', ["no target 'us'", "[us]", "russia"]),
        ('[us]\nnames = ["US"]\n', ["[us] names", "unknown key", "adjective"]),
        ('[us]\nname = "US"\n', ["[us] name", "list"]),
        ("[us]\nname = [3]\n", ["[us] name", "list"]),
        ('[us]\nname = ["–"]\n', ["[us] name", "hold a word"]),
        ('[us]\nlabel = "the US"\n', ["[us] has no alias"]),
        ('[us]\nnot = ["Latin America"]\n', ["[us] has no alias"]),
        ('us = "US"\n', ["us"]),
        ('shared = 3\n[us]\nname = ["US"]\n', ["shared"]),
    ],
)
def test_faults_in_targets_are_told_in_one_line(tmp_path, text, told):
    path = write(tmp_path, text, "targets.toml")
    with pytest.raises(InputError) as caught:
        lexicon.read_targets(path, ["us"])
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert all(part in message for part in told)
    assert len(message.splitlines()) == 1
    assert "; " in message, "the message says what to do"


def test_a_list_of_entries_and_polarities_is_enough(tmp_path):
    (entry,) = lexicon.read_loaded(write(tmp_path, "entry,polarity\nbad,negative\n", "mine.csv"))
    assert (entry.forms, entry.category, entry.source, entry.exceptions) == (("bad",), "opinion", "mine", ())


@pytest.mark.parametrize(
    "conditions, text, meant",
    [
        (",diet|weight loss", "a strict regime", True),
        (",diet|weight loss", "a strict regime of diet", False),
        (",diet|weight loss", "a Weight-loss regime", False),
        (",diet|weight loss", "loss of weight under the regime", True),
        (",diet|weight loss", "diet a b c d e regime", False),
        (",diet|weight loss", "diet a b c d e f regime", True),
        (",diet|weight loss", "weight regime loss", True),
        ("army|secret police,", "the regime", False),
        ("army|secret police,", "the regime and its secret police", True),
        ("army,diet", "the army regime of diet", False),
        (",", "diet regime", True),
    ],
)
def test_the_sense_of_a_term_hangs_on_the_words_near_it(tmp_path, conditions, text, meant):
    (entry,) = lexicon.read_loaded(write(tmp_path, f"entry,polarity,only_with,not_with\nregime,negative,{conditions}\n"))
    tokens = tokenise(text)
    assert entry.is_meant(tokens, *[[token.norm for token in tokens].index("regime")] * 2) is meant


# The search


def search(text, forms, **options):
    tokens = tokenise(text)
    return [(text[tokens[match.first].start : tokens[match.last].end], match.value) for match in TermSearch(forms, **options).find(text, tokens)]


@pytest.mark.parametrize(
    "text, forms, found",
    [
        ("a b c", [("a", 1), ("a b", 2), ("b c", 3)], [("a b", 2)]),
        ("a b c", [("b c", 3), ("a b", 2)], [("a b", 2)]),
        ("a b c d", [("a b", 2), ("b c d", 3), ("a", 1)], [("a", 1), ("b c d", 3)]),
        ("a a a", [("a a", 1), ("a", 2)], [("a a", 1), ("a", 2)]),
        ("a-b a b a – b", [("a b", 1)], [("a-b", 1), ("a b", 1), ("a – b", 1)]),
        ("a, b a. b", [("a b", 1)], [("a. b", 1)]),
        ("word. b word, b", [("word b", 1)], []),
        ("the a b", [("a b", None), ("a", 1)], []),
        ("a b a", [("a b", None), ("a", 1)], [("a", 1)]),
        ("", [("a", 1)], []),
    ],
)
def test_the_longest_form_wins_and_nothing_is_found_twice(text, forms, found):
    assert search(text, forms, match_case=False) == found


@pytest.mark.parametrize(
    "text, form, found",
    [
        ("US", "US", True), ("us", "US", False), ("Us", "US", False), ("russia", "Russia", False), ("RUSSIA", "Russia", True), ("Russia", "Russia", True),
        ("Peacekeepers", "peacekeepers", True), ("PEACEKEEPERS", "peacekeepers", True), ("White House", "White House", True), ("white house", "White House", False),
        ("Russia’s", "Russia", True), ("Azerbaijan’s Karabakh", "Azerbaijan's Karabakh", True), ("Azerbaijan Karabakh", "Azerbaijan's Karabakh", False),
    ],
)  # fmt: skip
def test_capitals_of_a_form(text, form, found):
    assert bool(search(text, [(form, 1)], match_case=True)) is found


def test_a_refused_match_leaves_its_words_to_shorter_forms():
    refuse_pairs = lambda value, tokens, first, last: first == last
    assert search("a b", [("a b", 2), ("a", 1)], match_case=False, accept=refuse_pairs) == [("a", 1)]


def test_matches_come_in_order():
    tokens = tokenise("b a b")
    assert TermSearch([("a", "x"), ("b", "y")], match_case=False).find("b a b", tokens) == [Match(0, 0, "y"), Match(1, 1, "x"), Match(2, 2, "y")]


def test_forms_are_found_as_they_are_written(lexicons):
    """Each form of the loaded list, printed alone, is found whole and belongs to its entry."""
    find = TermSearch([(form, entry.entry) for entry in lexicons.loaded for form in entry.forms], match_case=False)
    for entry in lexicons.loaded:
        for form in entry.forms:
            tokens = tokenise(form)
            matches = find.find(form, tokens)
            assert matches == [Match(0, len(tokens) - 1, entry.entry)], form


def test_no_path_of_a_machine_in_the_lexicons():
    for path in SHIPPED.glob("*.*"):
        assert not re.search(r"(?:/home/|/tmp/|[A-Z]:\\)", path.read_text(encoding="utf-8"))
