"""Several comparisons of one study: other groups, the same annotations."""

import csv

import pytest
from click.testing import CliRunner

from pressframes import annotate, cli
from pressframes.errors import InputError
from pressframes.settings import read_settings
from pressframes.study import Study

TEXT = "Russia met the US on Monday. The regime said that the talks went well, and the ministers had lunch for three hours."
ROWS = [
    ("1", "A", "P", "2015-03-01", "day", "war"), ("2", "A", "Q", "2016-05", "month", "war"), ("3", "B", "P", "2016-11-02", "day", "talks"), ("4", "B", "Q", "2017", "year", ""), ("5", "B", "Q", "", "", "sport"),
]  # fmt: skip
HEAD = 'title = "T"\nquestion = "Who?"\ntargets = ["russia", "us"]\n'
SEVERAL = HEAD + 'groups = ["B", "A"]\n[comparisons.period]\nby = "year"\n[comparisons.turn]\nby = "year"\ngroups = { before = ["2015", "2016"], after = "2017" }\nquestion = "What changed?"\n[comparisons.section]\nby = "section"\ngroups = ["war", "talks"]\n'


@pytest.fixture
def study_of(tmp_path):
    """Return a function that writes the study of ROWS with a `study.toml` and returns its folder."""

    def of(toml, rows=ROWS, columns=("article_id", "group", "outlet", "published", "date_precision", "section")):
        folder = tmp_path / "study"
        folder.mkdir(exist_ok=True)
        (folder / "study.toml").write_text(toml, encoding="utf-8")
        (folder / "a.txt").write_text(TEXT, encoding="utf-8")
        with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[*columns, "path"], *([*row, "a.txt"] for row in rows)])
        return folder

    return of


@pytest.mark.parametrize(
    "name, groups, question",
    [
        (None, {"B": ["3", "4", "5"], "A": ["1", "2"]}, "Who?"), ("group", {"B": ["3", "4", "5"], "A": ["1", "2"]}, "Who?"), ("period", {"2015": ["1"], "2016": ["2", "3"], "2017": ["4"]}, "Who?"),
        ("turn", {"before": ["1", "2", "3"], "after": ["4"]}, "What changed?"), ("section", {"war": ["1", "2"], "talks": ["3"]}, "Who?"),
    ],
)  # fmt: skip
def test_groups_of_each_comparison(study_of, name, groups, question):
    folder = study_of(SEVERAL)
    study = Study.load(folder, comparison=name)
    assert study.groups == tuple(groups) and {group: [one.article_id for one in study.articles if one.group == group] for group in groups} == groups
    assert study.settings.question == question and (len(study.remarks()) == 0) is (sum(map(len, groups.values())) == 5)
    if name:
        assert Study.load(f"{folder}#{name}").articles == study.articles


def test_articles_are_annotated_once(study_of, monkeypatch, tmp_path):
    monkeypatch.setenv("PRESSFRAMES_CACHE", str(tmp_path / "cache"))  # what other tests annotated stands aside
    folder, made, real = study_of(SEVERAL), [], annotate._layers
    monkeypatch.setattr(annotate, "_layers", lambda articles, *args: made.append(len(articles)) or real(articles, *args))
    whole, turn = Study.load(folder).annotations(), Study.load(folder, comparison="turn").annotations()
    Study.load(folder, comparison="section").annotations()
    assert len(made) == 1
    assert dict(zip(turn.articles["article_id"], turn.articles["group"])) == {"1": "before", "2": "before", "3": "before", "4": "after"}
    assert turn.mentions.equals(whole.mentions[whole.mentions["article_id"] != "5"].reset_index(drop=True))
    rates = Study.load(folder, comparison="turn").rates("mentions").to_frame()
    assert dict(zip(rates["group"], rates["count"])) == {"before": 6, "after": 2}


def test_the_command_line_names_and_lists_them(study_of, tmp_path):
    folder = str(study_of(SEVERAL))
    listed = CliRunner().invoke(cli.cli, ["check", folder, "--comparison", "turn"])
    assert listed.exception is None and "What changed?" in listed.output and "before (3), after (1)" in listed.output and "this one" in listed.output
    assert "1 of 5 articles are left out of comparison 'turn': their 'year' is empty" in listed.output
    for options, groups in (((), ["A", "A", "B", "B", "B"]), (("--comparison", "turn"), ["before", "before", "before", "after", ""])):
        assert CliRunner().invoke(cli.cli, ["annotate", folder, "--out", str(tmp_path / "tables"), "--format", "csv", *options]).exception is None
        with (tmp_path / "tables" / "articles.csv").open(encoding="utf-8", newline="") as file:
            assert [row["group"] for row in csv.DictReader(file)] == groups


@pytest.mark.parametrize("toml, groups", [(HEAD + 'by = "outlet"\n', ("P", "Q")), (HEAD + 'by = "outlet"\ngroups = ["Q"]\n', ("Q",)), (HEAD + '[comparisons.paper]\nby = "outlet"\n', ("P", "Q")), (HEAD + 'by = "month"\n', ("2015-03", "2016-05", "2016-11"))])
def test_no_column_group_is_needed_where_none_is_compared(study_of, toml, groups):
    rows = [(*row[:1], *row[2:5]) for row in ROWS]
    assert Study.load(study_of(toml, rows, ("article_id", "outlet", "published", "date_precision"))).groups == groups


@pytest.mark.parametrize(
    "toml, told",
    [
        (HEAD, ["groups: missing; add it, or write by"]),
        (HEAD + 'by = "colour"\n', ["articles.csv: no column 'colour'", "use one of article_id", "year"]),
        (HEAD + 'groups = ["A", "B"]\n[comparisons.group]\nby = "year"\n', ["comparisons.group", "rename it"]),
        (HEAD + '[comparisons.turn]\nby = "year"\ngroups = ["2015", "2015"]\n', ["comparisons.turn.groups: '2015' stands twice"]),
        (HEAD + '[comparisons.turn]\nby = "year"\ngroups = { a = ["2015"], b = ["2015"] }\n', ["comparisons.turn.groups: '2015' stands twice"]),
        (HEAD + '[comparisons.turn]\nby = "year"\ngroups = "2015"\n', ["comparisons.turn.groups: must be a list"]),
        (HEAD + '[comparisons.turn]\ncolour = "red"\nby = ""\n', ["2 faults", "comparisons.turn.colour: unknown key", "comparisons.turn.by: is empty"]),
        (HEAD + '[comparisons.turn]\nby = "year"\ngroups = ["2015", "1999", "1998"]\n', ["2 faults", "group '1999' of comparison 'turn' has no article", "'1998'"]),
    ],
)
def test_faults_are_told_in_one_line(study_of, toml, told):
    with pytest.raises(InputError) as caught:
        Study.load(study_of(toml, [row[:5] for row in ROWS], ("article_id", "group", "outlet", "published", "date_precision")))
    assert all(part in str(caught.value) for part in told) and "; " in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_an_unknown_comparison_names_those_there_are(study_of):
    with pytest.raises(InputError, match=r"no comparison 'mood'; use group, period, turn, section, or add a table \[comparisons\.mood\]"):
        Study.load(study_of(SEVERAL), comparison="mood")


def test_all_faults_of_the_articles_at_once(study_of):
    rows = [("1", "A", "P", "2015", "day", ""), ("1", "C", "P", "", "", ""), ("", "B", "P", "", "", ""), ("1", "B", "P", "", "", ""), ("1", "A", "P", "", "", "")]
    with pytest.raises(InputError) as caught:
        Study.load(study_of(SEVERAL, rows))
    message = str(caught.value)
    assert message.startswith("6 faults: (1)") and all(part in message for part in ("row 2: published '2015'", "row 3: unknown group 'C'", "row 4: 'article_id' is empty", "row 6: article_id '1' stands twice"))


def test_a_folder_with_a_hash_in_its_name(study_of, tmp_path):
    folder = study_of(SEVERAL).rename(tmp_path / "my#study")
    assert Study.load(folder).groups == ("B", "A") and Study.load(f"{folder}#turn").groups == ("before", "after") and read_settings(folder).title == "T"
