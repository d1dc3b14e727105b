"""`pressframes new` as a user meets it: a study that runs, or one line and nothing written."""

import csv
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pressframes import cli
from pressframes.annotate import annotate
from pressframes.corpus import read_articles
from pressframes.errors import InputError, WorkError
from pressframes.intake import columns, copies, mapping, readers, targets, write
from pressframes.lexicon import read_lexicons, read_targets
from pressframes.settings import read_settings

ROOT = Path(__file__).parents[2]
FIRST = "Russia said on Monday that “no one” had been hurt. Bakıda İlham Əliyev danışdı.\r\n\r\nThe US denied the provocation; Премиерът замълча."
SECOND = "Dockers in Moscow went on strike, the Union of Dockers said. The talks with Jane Doe ended on Friday without a result, according to Jane Doe."


@pytest.fixture
def corpus(tmp_path):
    with (tmp_path / "archive.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["headline", "body", "paper", "published on", "date"])
        for number in range(3):
            table.writerow([f"Nobody hurt {number}", f"{FIRST} {number}", "North", "x", f"2020-11-1{number}"])
            table.writerow([f"=Strike {number}", f"{SECOND} {number * 'So it is, said all who were there in the port. '}", "South", "x", f"2020-11-2{number}"])
    return tmp_path


def new(*arguments, answers=None):
    return CliRunner().invoke(cli.cli, ["new", *map(str, arguments)], input=answers)


def test_a_study_that_can_be_annotated(corpus):
    before = (corpus / "archive.csv").read_bytes()
    result = new(corpus / "mine", "--from", corpus / "archive.csv", "--column", "outlet=paper", "--non-interactive")
    assert result.exception is None, result.exception
    assert "6 articles from table" in result.output and "as told with --column" in result.output
    settings = read_settings(corpus / "mine")
    assert (settings.title, settings.groups, settings.targets) == ("mine", ("North", "South"), ("russia", "us"))
    articles = read_articles(settings)
    assert articles[0].text == f"Nobody hurt 0\n\n{FIRST} 0" and articles[1].title == "'=Strike 0" and articles[1].text.startswith("=Strike 0\n")
    assert dict(articles[0].known_from)["published"] == "column 'date'"
    tables = annotate(articles, read_lexicons(settings))
    assert set(tables.mentions["target"]) == {"russia", "us"}
    assert (corpus / "archive.csv").read_bytes() == before and sorted(path.name for path in corpus.iterdir()) == ["archive.csv", "mine"]


def test_targets_of_the_users_own_and_suggestions(corpus):
    (corpus / "my.toml").write_text('[union]\nlabel = "the union"\nname = ["Dockers"]\n', encoding="utf-8")
    result = new(corpus / "mine", "--from", corpus / "archive.csv", "--targets", corpus / "my.toml", "--suggest-targets", "--title", "Strike “2020”")
    assert result.exception is None, result.exception
    settings = read_settings(corpus / "mine")
    assert settings.targets == ("union",) and settings.title == "Strike “2020”" and read_lexicons(settings).targets.targets[0].label == "the union"
    suggested = corpus / "mine" / "suggested-targets.toml"
    keys = targets._keys(suggested)
    assert {"russia", "jane_doe", "union_of_dockers"} <= set(keys) and not {"monday", "the", "moscow", "north", "south"} & set(keys)
    assert read_targets(suggested, keys).targets


def test_targets_by_name_are_written_out(corpus):
    result = new(corpus / "mine", "--from", corpus / "archive.csv", "--targets", "Syria, the US,georgia")
    assert result.exception is None, result.exception
    settings = read_settings(corpus / "mine")
    found = {target.key: target for target in read_lexicons(settings).targets.targets}
    assert settings.targets == ("syria", "us", "georgia") and found["georgia"].of_kind("ambiguous") and found["us"].of_kind("person")
    assert "Bashar al-Assad" in found["syria"].of_kind("person") and "Ahmed al-Sharaa" not in found["syria"].of_kind("person_full")  # the articles are of 2020
    assert read_lexicons(settings).targets.institutions == read_lexicons(read_settings(ROOT / "seeds")).targets.institutions
    written = (corpus / "mine" / "targets.toml").read_text(encoding="utf-8")
    assert '[syria]  # from the gazetteer: SY; leaders of 2020 to 2020\nlabel = "Syria"\nname = ["Syria", "Syrian Arab Republic"]\n' in written
    (corpus / "mine" / "targets.toml").write_text(written.replace('"Syrian Arab Republic"', '"Aram"'), encoding="utf-8")
    shown = CliRunner().invoke(cli.cli, ["targets", "show", str(corpus / "mine")]).output
    assert "[syria]  Syria\n  name: Syria; Aram\n" in shown and "  capital: Damascus\n" in shown
    faults = str(new(corpus / "more", "--from", corpus / "archive.csv", "--targets", "Congo,Atlantis").exception)
    assert "2 faults" in faults and "CD (DR Congo) or CG" in faults and "'Atlantis': no such country" in faults and not (corpus / "more").exists()


def entries(*texts):
    return tuple(mapping.Entry(str(number), "", text, outlet="Daily North", published="2016-05-01") for number, text in enumerate(texts))


def test_countries_are_chosen_beside_the_targets_of_the_suite():
    chosen = targets.choose(entries("The Syrian army and Russia met the UK-based group.", "In Syria rain fell.", "Georgia on my mind, said Michael Jordan."))
    assert chosen.keys == ("syria", "russia") and "[syria]" in chosen.lexicon and "[russia]" in chosen.lexicon
    assert targets.choose(entries("Russia and Ukraine.")).lexicon == ""


def test_suggestions_fold_the_variants_of_a_name():
    text = "AMMAN (Reuters) - The Dock Workers Union met on Mon. Aug 3. Many a DWU man said that the Dock Workers Union had won. Islamists and one Islamist saw Syria’s Idlib and Assad. The UK-based Port Watch and the Port-Watch said so, the Daily North wrote. Reporting by Tom Perry; Editing by Ann Lee"
    suggested = tomllib.loads(targets.suggest(entries(text, text)))
    assert set(suggested["dock_workers_union"]["name"]) == {"Dock Workers Union", "DWU"}
    assert suggested["syria"]["capital"] == ["Damascus"] and "assad" not in suggested
    assert set(suggested["islamist"]["name"]) == {"Islamist"} and "idlib" in suggested
    assert not {"reuters", "amman", "tom_perry", "ann_lee", "daily_north", "aug", "jordan", "mon"} & set(suggested)
    assert suggested["port_watch"]["name"]


def test_never_over_a_study_and_nothing_left_behind(corpus):
    (corpus / "mine").mkdir()
    (corpus / "mine" / "notes.txt").write_text("keep")
    (corpus / "empty.csv").write_text("text,outlet\n,A\n")
    for arguments, said in (((corpus / "mine", "--from", corpus / "archive.csv"), "already there"), ((corpus / "no" / "mine", "--from", corpus / "archive.csv"), "folder above"), ((corpus / "other", "--from", corpus / "empty.csv"), "no column is seen"),
                            ((corpus / "other", "--from", corpus / "archive.csv", "--column", "text"), "FIELD=COLUMN"), ((corpus / "other", "--from", corpus / "archive.csv", "--column", "tezt=body"), "unknown field 'tezt'"),
                            ((corpus / "other", "--from", corpus / "archive.csv", "--targets", corpus / "none.toml"), "none.toml: cannot be read")):  # fmt: skip
        result = new(*arguments)
        assert isinstance(result.exception, InputError) and said in str(result.exception), result.exception
    assert sorted(path.name for path in corpus.iterdir()) == ["archive.csv", "empty.csv", "mine"] and [path.name for path in (corpus / "mine").iterdir()] == ["notes.txt"]


def test_an_unwritable_folder_leaves_nothing(corpus, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    proposal = mapping.propose(readers.read([corpus / "archive.csv"]))
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(WorkError, match="No space left on device"):
        write.write_study(proposal, corpus / "mine", title="T", targets=("russia",))
    assert [path.name for path in corpus.iterdir()] == ["archive.csv"]


def test_asks_only_what_it_cannot_tell(corpus, monkeypatch):
    (corpus / "two.csv").write_text(f"a,b,paper\n{'word ' * 100},{'other ' * 100},P\n", encoding="utf-8")
    assert "--column text=NAME" in str(new(corpus / "mine", "--from", corpus / "two.csv").exception)
    asked = CliRunner()
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    result = asked.invoke(cli.cli, ["new", str(corpus / "mine"), "--from", str(corpus / "two.csv")], input="b\n")
    assert result.exception is None, result.exception
    assert read_articles(read_settings(corpus / "mine"))[0].text.startswith("other")
    assert isinstance(asked.invoke(cli.cli, ["new", str(corpus / "more"), "--from", str(corpus / "two.csv"), "--non-interactive"]).exception, columns.Undecided)


def test_copies_are_shown_and_merged_when_asked(corpus):
    rows = (corpus / "archive.csv").read_text(encoding="utf-8")
    (corpus / "double.csv").write_text(rows + rows.split("\n", 1)[1].replace("North", "East"), encoding="utf-8", newline="")
    result = new(corpus / "mine", "--from", corpus / "double.csv", "--merge-copies", "--column", "outlet=paper")
    assert result.exception is None, result.exception
    assert "Copies: share of 5-word runs" in result.output and "copies left out" in result.output
    entries = mapping.propose(readers.read([corpus / "double.csv"]), columns={"outlet": "paper"}).entries
    assert len(read_articles(read_settings(corpus / "mine"))) == len(entries) - len(copies.find_copies(entries))


def test_the_command_line_says_one_line_with_exit_code_2(corpus):
    (corpus / "a.txt").write_bytes("Cumhurbaşkanı Erdoğan, İstanbul'da düzenlenen toplantıda konuştu ve şöyle dedi.".encode("cp1254"))
    result = subprocess.run([sys.executable, "-m", "pressframes.cli", "new", corpus / "mine", "--from", corpus / "a.txt"], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120)
    assert result.returncode == 2 and result.stderr.count("\n") == 1 and "a.txt" in result.stderr and not (corpus / "mine").exists()


def test_the_python_of_the_documents_runs(tmp_path, monkeypatch):
    for outlet in ("North", "South"):
        (tmp_path / "my-articles" / outlet).mkdir(parents=True)
        (tmp_path / "my-articles" / outlet / "a.txt").write_text(f"{FIRST if outlet == 'North' else SECOND}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"```python\n(.*?)```", (ROOT / "docs" / "your-corpus.md").read_text(encoding="utf-8"), re.DOTALL)[1], {})
    assert read_settings(tmp_path / "my-study").groups == ("North", "South")


def test_every_kind_of_file_that_is_read_is_documented():
    told = (ROOT / "docs" / "your-corpus.md").read_text(encoding="utf-8")
    assert not [suffix for suffix in readers.READERS if suffix not in (".markdown", ".xhtml", ".tab", ".ndjson", ".ris") and f"`{suffix}`" not in told]


def test_the_package_stays_light():
    code = "import sys, pressframes.cli, pressframes; print([name for name in ('trafilatura', 'docx', 'pypdf', 'openpyxl', 'datasketch', 'dateparser', 'warcio', 'rispy', 'ftfy', 'charset_normalizer') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60).stdout == "[]\n"


def test_groups_of_outlets_as_the_user_names_them(corpus):
    result = new(corpus / "mine", "--from", corpus / "archive.csv", "--column", "outlet=paper", "--group", "the south=South", "--group", "the north=North", "--non-interactive")
    assert result.exception is None, result.exception
    settings = read_settings(corpus / "mine")
    assert settings.groups == ("the south", "the north") and {(article.group, article.outlet) for article in read_articles(settings)} == {("the south", "South"), ("the north", "North")}
    result = new(corpus / "half", "--from", corpus / "archive.csv", "--column", "outlet=paper", "--group", "a=South", "--non-interactive")
    assert result.exception is None and "Left out, in no --group: 3 of North." in result.output
    for options, said in ((("--group", "a=West"), "no article of West; the outlets are North, South"), (("--group", "a="), "NAME=OUTLET,OUTLET"), (("--group", "a=South", "--group-by", "outlet"), "give one of the two")):
        assert said in str(new(corpus / "other", "--from", corpus / "archive.csv", "--column", "outlet=paper", *options).exception)


def test_texts_in_the_table_read_as_from_files(corpus):
    for name, options in (("files", ()), ("table", ("--in-table",))):
        result = new(corpus / name, "--from", corpus / "archive.csv", "--column", "outlet=paper", "--non-interactive", *options)
        assert isinstance(result.exception, InputError) == (name == "table"), result.exception
    assert "begins as a formula does" in str(result.exception) and not (corpus / "table").exists()
    with (corpus / "archive.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("body", "paper"), *((f"{text} {number}\r\u2028\r\n", paper) for number, (text, paper) in enumerate([(FIRST, "North"), (SECOND, "South")] * 2))])
    told = []
    for name, options in (("as-files", ()), ("in-table", ("--in-table",))):
        result = new(corpus / name, "--from", corpus / "archive.csv", "--column", "outlet=paper", "--non-interactive", *options)
        assert result.exception is None, result.exception
        told.append([(article.article_id, article.text, article.sha256) for article in read_articles(read_settings(corpus / name))])
    assert told[0] == told[1] and sorted(path.name for path in (corpus / "in-table").iterdir()) == ["articles.csv", "study.toml"]


def test_languages_are_told_by_article_and_paragraph(corpus):
    german = "Die Minister trafen sich am Montag in der Hauptstadt, und niemand weiß, worüber sie dort drei Stunden lang mit den Soldaten gesprochen haben."
    rows = [("A", f"{SECOND} {SECOND}"), ("A", f"{german} {german}"), ("B", f"{SECOND} {SECOND} {SECOND}\n\nМинистры встретились в понедельник в столице страны.\n\n{german}")]
    with (corpus / "mixed.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("outlet", "text"), *rows])
    result = new(corpus / "mine", "--from", corpus / "mixed.csv", "--non-interactive")
    frame = mapping.propose(readers.read([corpus / "mixed.csv"])).by_language().to_frame()
    assert frame[["code", "count", "n_paragraphs"]].values.tolist() == [["en", 2, 0], ["de", 1, 1], ["ru", 0, 1]]
    assert "Left out of every count: 1 in German" in result.output and 'languages = ["en", "de"]' in result.output
    assert "All 6 articles are in English." in new(corpus / "other", "--from", corpus / "archive.csv", "--column", "outlet=paper").output


def test_check_tells_copies_within_and_across_groups(corpus):
    story = " ".join(f"The {word} came to the port on the {number}th day and was met by nobody." for number, word in enumerate("ship train crew doctor minister".split(), 4))
    with (corpus / "wire.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("outlet", "text", "date"), *((outlet, f"{story} So {outlet}.", f"2020-11-0{day}") for day, outlet in enumerate(("A", "A", "B"), 1)), ("B", SECOND, "2020-11-09")])
    assert new(corpus / "mine", "--from", corpus / "wire.csv").exception is None
    result = CliRunner().invoke(cli.cli, ["check", str(corpus / "mine")])
    assert "2 articles print mostly the words of an earlier one: 1 within one group" in result.output and "1 across groups" in result.output
