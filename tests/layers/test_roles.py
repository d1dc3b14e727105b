import pytest
from hypothesis import HealthCheck, given, settings
from pages import any_text, surface

from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.roles import find_roles, read_predicates
from pressframes.layers.voices import Sentence


@pytest.fixture
def roles():
    def of(text):
        layers = surface(text)
        (doc,) = parse([text])
        found = find_roles(Sentence(0, doc), [(mention.start, mention.end) for mention in layers.mentions])
        return [(text[role.start : role.end], role.role, role.predicate) for role in found]

    return of


@pytest.mark.parametrize(
    "sentence, found",
    [
        ("Russia attacked the village.", [("Russia", "agent", "attack")]),
        ("The village attacked Russia.", [("Russia", "patient", "attack")]),
        ("Russia was attacked by the rebels.", [("Russia", "patient", "attack")]),
        ("The village was attacked by Russia.", [("Russia", "agent", "attack")]),
        ("Russia did not attack the village.", [("Russia", "agent", "not attack")]),
        ("Russian troops attacked the village.", [("Russian", "agent", "attack")]),
        ("The United States accused Russia.", [("United States", "agent", "accuse"), ("Russia", "patient", "accuse")]),
        ("Vladimir Putin signed the statement.", [("Vladimir Putin", "agent", "sign")]),
        ("The Russian Defense Ministry committed another provocation.", [("Russian Defense Ministry", "agent", "commit")]),
        ("The peacekeepers left the town.", [("peacekeepers", "agent", "leave")]),
        ("Russia is a mediator.", []),
        ("The town lies in Russia.", []),
        ("Russian analyst Pavel Klachkov wrote a book.", []),
        # without its agent; more than one who acts; whose deed stands in another clause
        ("Russia was attacked.", [("Russia", "patient", "attack")]),
        ("Russia was not attacked by the rebels.", [("Russia", "patient", "not attack")]),
        ("The town was attacked by Iran and Russia.", [("Russia", "agent", "attack")]),
        ("Russia and the United States attacked the town.", [("Russia", "agent", "attack"), ("United States", "agent", "attack")]),
        ("The zone was set up under a deal brokered by Moscow Washington and Tehran.", [("Moscow", "agent", "broker"), ("Washington", "agent", "broker")]),
        ("Russia seems to be attacking the town.", [("Russia", "agent", "attack")]),
        ("Russia is ready to attack the town.", [("Russia", "agent", "attack")]),
        ("Russia never attacked the town.", [("Russia", "agent", "not attack")]),
        ("No Russian troops attacked the town.", [("Russian", "agent", "not attack")]),
        ("The envoy gave Russia a letter.", [("Russia", "patient", "give")]),
        ("The envoy gave a letter to Russia.", [("Russia", "patient", "give")]),
        # deeds that a noun names
        ("The Russian attack killed ten people.", [("Russian", "agent", "attack")]),
        ("The attack by Russia killed ten people.", [("Russia", "agent", "attack")]),
        ("Russia's bombing of Aleppo continued.", [("Russia", "agent", "bombing")]),
        ("The attack on Russia failed.", [("Russia", "patient", "attack")]),
        ("The war against the US goes on.", [("US", "patient", "war")]),
        ("Sanctions against Russia were imposed.", [("Russia", "patient", "sanction")]),
        ("The killing of Americans went on.", [("Americans", "patient", "killing")]),
        # who lends a role to the name before it
        ("US-led forces took the town.", [("US", "agent", "lead")]),
        ("Russian-made rockets hit the town.", []),
        ("Anti-Russian protests began.", []),
        ("The troops of Russia left the town.", [("Russia", "agent", "leave")]),
        ("Russian President Vladimir Putin signed the decree.", [("Vladimir Putin", "agent", "sign")]),
        ("A spokesman for the Russian Defense Ministry denied it.", [("Russian Defense Ministry", "agent", "deny")]),
        ("The American flag was burned.", []),
        ("Russia's economy shrank.", []),
    ],
)
def test_roles(roles, sentence, found):
    assert roles(sentence) == found


def test_predicates_of_an_unknown_kind_are_refused(tmp_path, monkeypatch):
    (tmp_path / "predicates.csv").write_text("lemma,kind,reason\nattack,act,\n", encoding="utf-8")
    monkeypatch.setattr("pressframes.layers.roles.folder", lambda name: tmp_path)
    with pytest.raises(InputError, match="predicates.csv, row 2: unknown kind 'act'"):
        read_predicates.__wrapped__()


def test_no_word_that_acts_for_the_state_acts_for_himself():
    words = read_predicates()
    assert all(words.values())
    assert not words["private"] & (words["actor"] | words["office"])


def test_roles_of_the_seeds_are_mentions(tables):
    assert set(tables.roles["role"]) == {"agent", "patient"}
    keys = ["article_id", "sentence_id", "start", "end", "target", "voice"]
    assert len(tables.roles.merge(tables.mentions, on=keys)) == len(tables.roles)
    assert not tables.roles.duplicated(["article_id", "start"]).any()


@given(any_text)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_roles_of_any_text(text):
    layers = surface(text[:1000])
    for (start, end), doc in zip(layers.sentences, parse([layers.text[a:b] for a, b in layers.sentences])):
        spans = [(mention.start, mention.end) for mention in layers.mentions if start <= mention.start < end]
        for role in find_roles(Sentence(start, doc), spans):
            assert (role.start, role.end) in spans and role.role in ("agent", "patient") and role.predicate


def test_a_person_who_acts_for_himself_lends_the_state_no_role():
    (doc,) = parse(["Russian officials warned the council."])
    assert find_roles(Sentence(0, doc), [(0, 7)], private=frozenset({"official"})) == []
    assert [role.role for role in find_roles(Sentence(0, doc), [(0, 7)])] == ["agent"]
