import pytest
from hypothesis import HealthCheck, given, settings
from pages import any_text, surface

from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.roles import find_roles, read_predicates
from pressframes.layers.voices import Sentence


def found_in(text):
    layers = surface(text)
    (doc,) = parse([text])
    return find_roles(Sentence(0, doc), [(mention.start, mention.end) for mention in layers.mentions])


@pytest.fixture
def roles():
    return lambda text: [(text[role.start : role.end], role.role, role.predicate) for role in found_in(text) if role.role != "described"]


@pytest.fixture
def described():
    return lambda text: [(text[role.start : role.end], role.predicate) for role in found_in(text) if role.role == "described"]


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


@pytest.mark.parametrize(
    "sentence, found",
    [
        # verbs of being
        ("Russia is a mediator.", [("Russia", "mediator")]),
        ("Russia is not an ally.", [("Russia", "not ally")]),
        ("Russia is no ally.", [("Russia", "not ally")]),
        ("Russia is not the only ally of Syria.", [("Russia", "ally")]),
        ("Russia is a reliable partner.", [("Russia", "reliable"), ("Russia", "partner")]),
        ("Russia is strong but remains an outsider.", [("Russia", "strong"), ("Russia", "outsider")]),
        ("Russia seems to be weak.", [("Russia", "weak")]),
        ("Russia is one of the allies of Syria.", [("Russia", "ally")]),
        ("Russia, which is an ally of Syria, left the town.", [("Russia", "ally")]),
        ("Russia and the United States are rivals.", [("Russia", "rival"), ("United States", "rival")]),
        ("The main threat is Russia.", [("Russia", "main"), ("Russia", "threat")]),
        ("The Russian army is exhausted and weak.", [("Russian", "exhausted"), ("Russian", "weak")]),
        # beside the name
        ("He fears an aggressive Russia.", [("Russia", "aggressive")]),
        ("He works for Corporate America.", [("America", "corporate")]),
        ("They want to return to an Ultra-Dominant America.", [("America", "ultra-dominant")]),
        ("He travelled the western United States.", []),
        ("Syria and its ally Russia denied it.", [("Russia", "ally")]),
        ("Russia, a key ally of Syria, denied it.", [("Russia", "key"), ("Russia", "ally")]),
        ("The allied Russian warplanes left.", [("Russian", "allied")]),
        ("The battle-hardened peacekeepers left the town.", [("peacekeepers", "battle-hardened")]),
        # verbs of calling
        ("He called Russia an aggressor.", [("Russia", "aggressor")]),
        ("They consider Russia weak.", [("Russia", "weak")]),
        ("Russia was described as an enemy.", [("Russia", "enemy")]),
        # what describes a deed, a thing, a private person; peoples, offices, numbers and ranks; what leaves the deed to the next verb
        ("Brutal Russian aggression shocked the town.", []),
        ("Russia's brutal war went on.", []),
        ("The beautiful American flag was burned.", []),
        ("A brave Russian journalist wrote a book.", []),
        ("Strikes by Syrian and Russian warplanes went on.", []),
        ("The Syrian-Russian talks went on.", []),
        ("The Scandinavian peacekeepers left the town.", []),
        ("Russian peacekeepers left the town.", []),
        ("A US-led coalition took the town.", []),
        ("Vladimir Putin is the president.", []),
        ("Several senior Russian officials left.", []),
        ("Russia is likely to attack the town.", []),
        ("Suspected Russian jets hit the town.", []),
        ("The former Russian president is old.", []),
        ("There is a town in Russia.", []),
    ],
)
def test_descriptions(described, sentence, found):
    assert described(sentence) == found


def test_a_word_that_describes_twice_counts_once(described):
    assert described("Russia, the enemy of Syria, is an enemy.") == [("Russia", "enemy")]


def test_who_acts_may_be_described_too():
    found = found_in("Russia, an ally of Syria, attacked the town.")
    assert [(role.role, role.predicate) for role in found] == [("agent", "attack"), ("described", "ally")]


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
    assert set(tables.roles["role"]) == {"agent", "patient", "described"}
    keys = ["article_id", "sentence_id", "start", "end", "target", "voice"]
    assert len(tables.roles.merge(tables.mentions, on=keys)) == len(tables.roles)
    acts = tables.roles["role"] != "described"
    assert not tables.roles[acts].duplicated(["article_id", "start"]).any()
    assert not tables.roles[~acts].duplicated(["article_id", "start", "predicate"]).any()


@given(any_text)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_roles_of_any_text(text):
    layers = surface(text[:1000])
    for (start, end), doc in zip(layers.sentences, parse([layers.text[a:b] for a, b in layers.sentences])):
        spans = [(mention.start, mention.end) for mention in layers.mentions if start <= mention.start < end]
        for role in find_roles(Sentence(start, doc), spans):
            assert (role.start, role.end) in spans and role.role in ("agent", "patient", "described") and role.predicate


def test_a_person_who_acts_for_himself_lends_the_state_no_role():
    (doc,) = parse(["Russian officials warned the council."])
    assert find_roles(Sentence(0, doc), [(0, 7)], private=frozenset({"official"})) == []
    assert [role.role for role in find_roles(Sentence(0, doc), [(0, 7)])] == ["agent"]
