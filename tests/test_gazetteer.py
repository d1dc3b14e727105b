import csv
import re
from pathlib import Path

import pytest

from pressframes import gazetteer, lexicon
from pressframes.errors import InputError
from pressframes.layers.terms import TermLayers
from pressframes.lexicon import ALIAS_KINDS, LexiconSet, Targets, read_targets
from pressframes.settings import read_settings
from pressframes.tokens import tokenise

ROOT = Path(__file__).parents[1]
REPORTING = lexicon.read_reporting(ROOT / "lexicons" / "reporting.csv")


def targets_of(tmp_path, text, **options):
    (tmp_path / "targets.toml").write_text(text, encoding="utf-8")
    return read_targets(tmp_path / "targets.toml", re.findall(r"^\[(\w+)\]", text, re.MULTILINE), **options)


@pytest.fixture
def found(tmp_path):
    """Return a function: which aliases of countries (by code) the sentences of an article hold."""

    def of(codes, *sentences, years=(2016, 2019)):
        text = "".join(f'[{code.lower()}]\ngazetteer = "{code}"\n' for code in codes.split())
        terms = TermLayers(LexiconSet(targets_of(tmp_path, text, years=lambda: years), (), (), (), REPORTING, ()))
        article, tokens = "", []
        for sentence in sentences:
            tokens.append(tokenise(article + sentence, len(article)))
            article += sentence + " "
        return [(article[row.start : row.end], row.target) for row in terms.mentions(article, tokens)]

    return of


def test_every_row_can_be_used_and_says_something():
    countries = gazetteer.countries()
    assert len(countries) == 201 and all(re.fullmatch("[A-Z]{2}", code) for code in countries)
    for country in countries.values():
        aliases = dict(country.aliases)
        named = {alias for kind in ("name", "adjective", "capital", "metonym") for alias in aliases.get(kind, ())}
        assert aliases["name"] and all(tokenise(alias) and alias == alias.strip() for alias in named), country.code
        assert set(aliases.get("ambiguous", ())) < named and not named & set(aliases.get("not", ())), country.code
        assert gazetteer.find(country.code) is country and gazetteer.find(country.label) is country
    for name in ("countries.csv", "leaders.csv"):
        with (ROOT / "lexicons" / name).open(encoding="utf-8", newline="") as file:
            assert all(cell.split("|") == list(dict.fromkeys(cell.split("|"))) for row in csv.DictReader(file) for cell in row.values()), "nothing stands twice in a cell"


def test_leaders_have_a_country_and_their_years():
    assert len(gazetteer.leaders()) > 1000
    for leader in gazetteer.leaders():
        assert leader.code in gazetteer.countries() and leader.since <= leader.until and all(tokenise(name) for name in leader.names), leader
        assert leader.office in ("head of state", "head of government", "foreign minister")


@pytest.mark.parametrize("name, code", [("sy", "SY"), ("Türkiye", "TR"), ("turkey", "TR"), ("the Netherlands", "NL"), ("holland", "NL"), ("Ivory Coast", "CI"), ("U.K.", "GB"), ("Burma", "MM"), ("Polish", "PL"), ("Niger", "NE"), ("Damascus", "SY"), ("Guinea", "GN")])
def test_countries_by_any_name(name, code):
    assert gazetteer.find(name).code == code


@pytest.mark.parametrize("name, told", [("Congo", "CD (DR Congo) or CG (Congo-Brazzaville); write the code"), ("Korea", "no such country"), ("Syrai", "did you mean Syria"), ("Atlantis", "; "), ("", "; ")])
def test_names_that_cannot_be_told(name, told):
    with pytest.raises(InputError) as caught:
        gazetteer.find(name)
    assert told in str(caught.value)


def test_leaders_by_year():
    french = lambda *years: {name for kind in ("person", "person_full") for name in gazetteer.aliases_of("FR", years or None).get(kind, ())}
    assert {"François Hollande", "Emmanuel Macron"} <= french(2017, 2017) and "Emmanuel Macron" not in french(2016, 2016) and "Nicolas Sarkozy" not in french(2016, 2019)
    assert {"Jacques Chirac", "Emmanuel Macron"} <= french()


@pytest.mark.parametrize(
    "codes, sentences, mentions",
    [
        ("SY", ["Syria and the Syrian army obey President Bashar al-Assad."], ["Syria", "Syrian", "Bashar al-Assad"]),
        ("SY", ["Assad spoke; Damascus agreed."], ["Assad", "Damascus"]),
        ("SY", ["They fought in Damascus, in the Damascus countryside, near Damascus and in central Damascus."], []),
        ("SY", ["The Syrian Observatory for Human Rights and the Free Syrian Army said so."], []),
        ("SY", ["The Syrian foreign ministry and the Foreign Ministry of Syria."], ["Syrian", "Syria"]),
        ("US", ["The US told us."], ["US"]),
        ("PL", ["They polish shoes.", "Polish shoes shine at the North Pole."], ["Polish"]),
        ("GE", ["Atlanta is the capital of Georgia.", "The University of Georgia won."], []),
        ("GE", ["Georgia voted.", "Tbilisi waits."], ["Georgia", "Tbilisi"]),
        ("JO", ["Michael Jordan played; Jordan scored."], []),
        ("JO", ["Jordan and its King Abdullah."], ["Jordan", "King Abdullah"]),
        ("TD", ["Chad Smith drums."], []),
        ("TD", ["Chad sent troops.", "The Chadian army left Lake Chad."], ["Chad", "Chadian"]),
        ("TR", ["We ate turkey and Turkey."], []),
        ("TR", ["Turkey and Erdogan."], ["Turkey", "Erdogan"]),
        ("NE NG", ["Niger and Nigeria, a Nigerien and a Nigerian on the Niger River."], ["Niger", "Nigeria", "Nigerien", "Nigerian"]),
        ("GN GW GQ PG", ["Guinea-Bissau, Equatorial Guinea and Papua New Guinea."], ["Guinea-Bissau", "Equatorial Guinea", "Papua New Guinea"]),
        ("GN", ["Guinea's Conakry and Equatorial Guinea."], ["Guinea", "Conakry"]),
        ("KP KR", ["North Korea, the Republic of Korea, the DPRK; Kim Jong-un met Moon Jae-in."], ["North Korea", "Republic of Korea", "DPRK", "Kim Jong-un", "Moon Jae-in"]),
        ("CD", ["Kinshasa and the Republic of the Congo, and Congo."], ["Kinshasa", "Congo"]),
        ("CN", ["Xi Jinping came; Xi spoke; Jinping is a name."], ["Xi Jinping", "Xi"]),
        ("CN", ["Li and Wang are names."], []),
        ("CN TW", ["The Republic of China and the People's Republic of China."], ["Republic of China", "People's Republic of China"]),
        ("SC CR", ["Victoria of San Jose."], []),
        ("GB", ["Boris Johnson left.", "Johnson came."], ["Boris Johnson", "Johnson"]),
        ("GB", ["Lyndon Johnson left in May."], []),
    ],
)
def test_traps(found, codes, sentences, mentions):
    assert [text for text, _ in found(codes, *sentences)] == mentions


def test_own_aliases_are_added_and_struck(tmp_path):
    (target,) = targets_of(tmp_path, '[s]\ngazetteer = "Syria"\nyears = [2001, 2001]\nstrike = ["Damascus", "Syrians"]\nname = ["Sham"]\nperson = ["Rifaat al-Assad"]\n').targets
    assert target.label == "Syria" and target.of_kind("name") == ("Syria", "Syrian Arab Republic", "Sham") and target.of_kind("adjective") == ("Syrian",) and not target.of_kind("capital")
    assert target.of_kind("person")[-1] == "Rifaat al-Assad" and "Ahmed al-Sharaa" not in target.of_kind("person_full")


@pytest.mark.parametrize(
    "text, told",
    [
        ('[x]\ngazetteer = "Atlantis"\n', "[x] gazetteer: 'Atlantis': no such country"),
        ('[x]\ngazetteer = "SY"\nyears = [2019, 2016]\n', "[x] years: must be the first and the last year"),
        ('[x]\ngazetteer = "SY"\nyears = 2016\n', "[x] years: must be the first and the last year"),
        ('[x]\ngazetteer = "SY"\nstrike = ["Aleppo"]\n', "[x] strike: 'Aleppo' is no alias of SY here"),
        ('[x]\nname = ["X"]\nyears = [2016, 2019]\n', "[x] years: belongs to a country of the gazetteer"),
        ('[x]\nname = ["X"]\nambiguous = ["Y"]\n', "[x] ambiguous: 'Y' stands under no other kind"),
        ('[x]\nname = ["X"]\nambiguous = ["X"]\n', "[x] ambiguous: every alias is"),
        ('[x]\ngazetteer = "Atlantis"\n[y]\nnames = ["Y"]\n', "2 faults: (1)"),
    ],
)
def test_faults_are_told_in_one_line(tmp_path, text, told):
    with pytest.raises(InputError) as caught:
        targets_of(tmp_path, text)
    assert told in str(caught.value) and "; " in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_years_are_those_of_the_articles(make_study):
    folder = make_study({("1", "A"): "Syria", ("2", "B"): "Syria"})
    (folder / "targets.toml").write_text('[syria]\ngazetteer = "SY"\n', encoding="utf-8")
    (folder / "study.toml").write_text('title = "T"\ngroups = ["A", "B"]\ntargets = ["syria"]\n', encoding="utf-8")
    persons = lambda: lexicon.read_lexicons(read_settings(folder)).targets.targets[0].of_kind("person_full")
    assert {"Farouk al-Sharaa", "Ahmed al-Sharaa"} <= set(persons()), "without dates, all leaders"
    rows = (folder / "articles.csv").read_text(encoding="utf-8").splitlines()
    (folder / "articles.csv").write_text("\n".join(map(",".join, zip(rows, ["published,date_precision", "2001,year", "2003-05-01,day"]))), encoding="utf-8")
    assert "Farouk al-Sharaa" in persons() and "Ahmed al-Sharaa" not in persons()


def test_the_kinds_are_told_where_targets_are_written():
    head = (ROOT / "lexicons" / "targets.toml").read_text(encoding="utf-8").split("[shared]")[0]
    assert [kind for kind in (*ALIAS_KINDS, "gazetteer", "years", "strike") if not re.search(rf"\b{kind}\b", head)] == []


def test_targets_without_a_country_need_no_gazetteer(tmp_path, monkeypatch):
    monkeypatch.setattr(gazetteer, "aliases_of", lambda *args: pytest.fail("asked for"))
    assert isinstance(targets_of(tmp_path, '[us]\nname = ["US"]\n', years=lambda: pytest.fail("asked for")), Targets)
