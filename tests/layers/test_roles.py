import pytest
from hypothesis import HealthCheck, given, settings
from pages import any_text, surface

from pressframes.layers.parse import parse
from pressframes.layers.roles import find_roles
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
    ],
)
def test_roles(roles, sentence, found):
    assert roles(sentence) == found


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
    (doc,) = parse(["Russian analysts warned the council."])
    assert find_roles(Sentence(0, doc), [(0, 7)], private=frozenset({"analyst"})) == []
    assert [role.role for role in find_roles(Sentence(0, doc), [(0, 7)])] == ["agent"]
