import csv
from importlib import import_module

import pytest
from click.testing import CliRunner
from pages import TEXTS, write_study

from pressframes import findings
from pressframes.annotate import annotate
from pressframes.cli import cli
from pressframes.errors import InputError
from pressframes.languages import UNKNOWN, detect_language, known_languages, language_name
from pressframes.layers.regions import find_regions
from pressframes.study import Study

ENGLISH = "Russia’s ministers met in the capital on Monday, and nobody there knows what they talked about with the peacekeepers for three long hours."
GERMAN = "Die russischen Minister trafen sich am Montag in der Hauptstadt, und niemand weiß dort, worüber sie drei Stunden lang mit den „Friedenstruppen“ gesprochen haben."
AZERBAIJANI = "Rusiya nazirləri bazar ertəsi paytaxtda görüşdülər və heç kim bilmir ki, onlar üç saat ərzində sülhməramlılar ilə nə haqqında danışıblar, çünki bu barədə heç nə deyilməyib."
TURKISH = "Rus bakanlar pazartesi günü başkentte bir araya geldi ve barış gücü askerleriyle üç saat boyunca ne konuştuklarını orada kimse bilmiyor, çünkü bu konuda hiçbir açıklama yapılmadı."
RUSSIAN = "Российские министры встретились в понедельник в столице, и никто там не знает, о чём они три часа говорили с миротворцами."
EXAMPLES = "ar az bg ca cs da de el es fa fi fr he hi hr hu hy id it ja ko ky lt mr nb ne nl pl pt ro ru sk sl sq sr sv ta te tr tt uk ur vi zh".split()


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_that_the_detector_was_not_made_from(code):
    try:
        sentences = import_module(f"spacy.lang.{code}.examples").sentences
    except ModuleNotFoundError:
        pytest.skip("spaCy has no examples of this language")
    assert detect_language(" ".join(sentences)) == code


@pytest.mark.parametrize("text, code", [(ENGLISH, "en"), (GERMAN, "de"), (AZERBAIJANI, "az"), (TURKISH, "tr"), (RUSSIAN, "ru")])
def test_the_language_of_a_paragraph(text, code):
    assert detect_language(text) == code


@pytest.mark.parametrize("text, code", [("Миротворцы ушли", "ru"), ("მშვიდობისმყოფელები", "ka"), ("Խաղաղապահները", "hy"), ("和平卫队", "zh"), ("ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ", UNKNOWN)])
def test_a_script_tells_in_a_few_words(text, code):
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["", "\x00", "👍", "1999", "Die Minister trafen sich.", "Alaska Alabama Arkansas Arizona California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Michigan"])
def test_what_tells_nothing_is_english(text):
    assert detect_language(text) == "en"


def test_the_seeds_are_english():
    assert {detect_language(text) for text in TEXTS} == {"en"}


def test_names_and_addresses_in_a_russian_text():
    assert detect_language(RUSSIAN + " NATO, https://example.com/one-two, Jens Stoltenberg") == "ru"


def test_each_language_has_a_name():
    assert language_name("az") == "Azerbaijani" and all(language.name and language.script for language in known_languages().values())


def test_a_paragraph_in_another_language_is_left_out(lexicons):
    german = "Die Minister trafen sich am Montag in der Hauptstadt und niemand hat dort erfahren was sie drei Stunden lang mit den Soldaten besprochen haben."
    text = f"{ENGLISH}\n{german}\n{ENGLISH} So it was."
    assert [region.rule for region in find_regions(text, lexicons.furniture) if region.kind == "boilerplate"] == ["in another language than the article"]


# Studies with articles in other languages


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path / "study", {("e1", "A"): ENGLISH, ("g1", "A"): GERMAN, ("e2", "B"): ENGLISH})


def read_languages(folder, codes):
    with (folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write(f"[corpus]\nlanguages = {codes}\n")


def test_an_article_in_another_language_is_in_no_table(folder):
    study = Study.load(folder)
    assert study.sizes == {"A": 1, "B": 1}
    assert [article.article_id for article in study.other_languages] == ["g1"]
    for name, table in study.annotations().tables().items():
        assert "g1" not in set(table["article_id"]), name
    (line,) = study.remarks()
    assert "articles.csv: article 'g1' is in German and left out; to count it, write languages = [\"en\", \"de\"] under [corpus]" in line


def test_annotate_leaves_it_one_region_and_no_word(folder):
    study = Study.load(folder)
    tables = annotate((*study.articles, *study.other_languages), study.lexicons)
    assert dict(zip(tables.articles["article_id"], tables.articles["language"])) == {"e1": "en", "e2": "en", "g1": "de"}
    assert tables.articles.set_index("article_id").at["g1", "n_words"] == 0
    assert tables.regions[tables.regions["article_id"] == "g1"][["start", "end", "kind", "rule"]].values.tolist() == [[0, len(GERMAN), "boilerplate", "article in German"]]
    for name, table in tables.tables().items():
        assert name in ("articles", "regions") or "g1" not in set(table["article_id"]), name


def test_on_request_what_needs_no_english_parser_is_read(folder):
    (folder / "loaded.csv").write_text("entry,polarity,category\nniemand,negative,x\n", encoding="utf-8")
    read_languages(folder, '["en", "de"]')
    study = Study.load(folder)
    tables = study.annotations().only(["g1"])
    assert study.remarks() == [] and study.sizes == {"A": 2, "B": 1}
    assert tables.loaded[tables.loaded["lexicon"] == "curated"]["text"].tolist() == ["niemand"]
    assert len(tables.sentences) == 1 and len(tables.tokens) > 20
    assert set(tables.voices["kind"]) <= {"direct", "scare", "name"}
    assert tables.roles.empty and tables.tone.empty and tables.frames.empty
    assert not Study.load(folder).annotations().only(["e1"]).frames.empty


def test_the_table_may_tell_the_language(folder):
    rows = list(csv.reader((folder / "articles.csv").open(encoding="utf-8")))
    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*rows[0], "language"], [*rows[1], ""], [*rows[2], "en"], [*rows[3], ""]])
    assert Study.load(folder).remarks() == []
    text = (folder / "articles.csv").read_text(encoding="utf-8").replace("Paper,en", "Paper,german")
    (folder / "articles.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"articles.csv, row 3: unknown language 'german'; use en, az, .* or leave it empty"):
        Study.load(folder)


def test_a_group_without_an_article_left(tmp_path):
    folder = write_study(tmp_path / "study", {("e1", "A"): ENGLISH, ("r1", "B"): RUSSIAN})
    with pytest.raises(InputError, match="article 'r1' is in Russian and left out; .*group 'B' has no article left"):
        Study.load(folder)


@pytest.mark.parametrize("codes, told", [("[]", "corpus.languages: is empty"), ('["xx"]', "corpus.languages: unknown language 'xx'; use en, az"), ('"en"', "corpus.languages")])
def test_unknown_languages_in_the_settings(folder, codes, told):
    read_languages(folder, codes)
    with pytest.raises(InputError, match=told):
        Study.load(folder)


def test_the_command_line_says_what_is_left_out(folder, tmp_path):
    done = CliRunner().invoke(cli, ["annotate", str(folder), "--out", str(tmp_path / "tables")])
    assert done.exit_code == 0 and done.stderr.count("article 'g1' is in German and left out") == 1
    assert "left out" in CliRunner().invoke(cli, ["check", str(folder)]).stderr


def test_the_findings_say_so(folder):
    assert "Left out for its language: g1 in German;" in findings.corpus(Study.load(folder)).text
    read_languages(folder, '["en", "de"]')
    study = Study.load(folder)
    assert "Left out" not in findings.corpus(study).text and "1 is in German: only what the lists find" in findings.reach(study).text


def test_every_view_of_a_study_with_another_language(folder):
    read_languages(folder, '["en", "de"]')
    study = Study.load(folder)
    for view in (study.corpus(), study.left_out(), study.frames(), study.tone(), study.roles(), study.rates("loaded"), study.voice_shares(), study.keyness("A"), study.findings()):
        assert repr(view)
