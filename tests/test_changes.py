from pathlib import Path

import pandas as pd
import pytest
from pages import write_study

from pressframes import Study
from pressframes.changes import compare, compare_snapshots, write_changes
from pressframes.errors import InputError
from pressframes.snapshot import NAME, read_snapshot, take_snapshot

ROOT = Path(__file__).parents[1]
KINDS = ("added", "removed", "rewritten", "same")
TEXTS = {
    ("1", "A"): "Russia betrayed the town on Monday.\n\nThe minister said that Russia was a shameful regime.",
    ("2", "A"): "The peacekeepers left. Nobody in the town knew why they did so.",
    ("3", "B"): "Russia attacked the village with tanks.\n\n“It was a provocation of Russia,” he said.",
}


@pytest.fixture
def two(tmp_path):
    """Two folders of one study, the second to be changed."""
    for name in ("before", "after"):
        write_study(tmp_path / name, TEXTS)
    return tmp_path / "before", tmp_path / "after"


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def row(changes, **where):
    frame = changes.to_frame()
    for column, value in {"what": "loaded terms", "target": "all", "voice": "all", **where}.items():
        frame = frame[frame[column] == value]
    (found,) = frame.to_dict("records")
    return found


def test_nothing_changed(two):
    changes = compare(*two)
    assert repr(changes) == "- Nothing changed: the same articles, settings, lexicons, rules and counts." and all(table.frame.empty for table in changes.tables())


@pytest.mark.parametrize("what, by", [("loaded", ("group", "voice")), ("loaded", ("group", "target", "voice")), ("mentions", ("group", "target"))])
def test_rates_are_those_of_the_study(study, tmp_path, what, by):
    """Against a study of none of these articles, what is removed are all counts that `study.rates` tells."""
    write_study(tmp_path / "other", {("x", "A"): "Nobody left the town."})
    changes = compare_snapshots(take_snapshot(study), take_snapshot(Study.load(tmp_path / "other"))).to_frame()
    said = {"loaded": "loaded terms", "mentions": "mentions of targets"}[what]
    found = changes[changes["what"] == said].set_index(["group", "target", "voice"])
    for told in study.rates(what, by=by).to_frame().to_dict("records"):
        place = (told["group"], told.get("target", "all"), told.get("voice", "all"))
        if told["words"]:
            assert (found.loc[place, "count_before"], found.loc[place, "words_before"]) == (told["count"], told["words"])
            assert found.loc[place, "rate_before"] == pytest.approx(told["rate"])
        else:
            assert place not in found.index


def test_each_change_rests_on_what_came_and_went(two):
    before, after = two
    (after / "2.txt").write_text("The peacekeepers betrayed the town, and nobody knew why they did so.", encoding="utf-8")
    replace(after / "articles.csv", "3,3.txt,B", "3,3.txt,A")
    (after / "4.txt").write_text("Russia left the shameful village.", encoding="utf-8")
    with (after / "articles.csv").open("a", encoding="utf-8") as table:
        table.write(next(line for line in (before / "articles.csv").read_text().splitlines() if line.startswith("3,")).replace("3,3.txt", "4,4.txt") + "\n")
    changes = compare(before, after)
    frame = changes.to_frame()
    for number in ("count", "words"):
        assert (frame[f"{number}_after"] - frame[f"{number}_before"]).tolist() == frame[[f"{number}_{kind}" for kind in KINDS]].sum(axis=1).tolist()
    found = row(changes, group="A")
    assert found["count_rewritten"] == 1 and found["count_added"] >= 1 and found["count_removed"] == found["count_same"] == 0
    assert found["rests_on"].startswith(f"articles added +{found['count_added']} in +{found['words_added']} words; articles with another text +1 in ")
    assert row(changes, group="B")["count_removed"] < 0
    assert changes.articles.frame[["article_id", "change"]].values.tolist() == [["4", "added"], ["2", "another text"], ["3", "group"]]
    assert "3 articles before, 4 after: 1 added (4); 1 with another text (2); 1 with another group (3)." in repr(changes.summary)


def test_a_changed_lexicon_is_told_and_counted(two):
    before, after = two
    for folder, words in ((before, ("betrayed", "shameful")), (after, ("shameful", "attacked"))):
        (folder / "loaded.csv").write_text("entry,polarity,category\n" + "".join(f"{word},negative,violence\n" for word in words), encoding="utf-8")
    changes = compare(before, after)
    assert changes.lexicons.frame[["lexicon", "name", "change"]].values.tolist() == [["loaded", "betrayed (violence)", "removed"], ["loaded", "attacked (violence)", "added"]]
    assert (row(changes, group="A")["count_same"], row(changes, group="B")["count_same"], row(changes, group="B")["words_same"]) == (-1, 1, 0)
    assert "Lexicons: loaded (1 removed, 1 added)." in repr(changes)


def test_a_changed_setting_is_told(two):
    replace(two[1] / "study.toml", 'title = "', 'seed = 7\ntitle = "New ')
    changes = compare(*two).settings.frame.set_index("name")
    assert changes.loc["seed"].tolist() == ["0", "7"] and changes.loc["title", "after"].startswith("New ") and len(changes) == 2


def test_other_rules_are_told(two):
    now = take_snapshot(Study.load(two[0]))
    then = type(now)(**{**vars(now), "rules": "pressframes 0.0.1, rules 0, parser none"})
    assert "Rules: pressframes 0.0.1" in repr(compare_snapshots(then, now))


def test_a_snapshot_comes_back_from_its_file(study, tmp_path):
    now = take_snapshot(study)
    (tmp_path / NAME).write_text(now.to_json(), encoding="utf-8")
    then = read_snapshot(tmp_path / NAME)
    pd.testing.assert_frame_equal(then.articles, now.articles)
    pd.testing.assert_frame_equal(then.counts, now.counts)
    assert (then.settings, then.entries, then.targets, then.rules) == (now.settings, now.entries, now.targets, now.rules)
    assert "Nothing changed" in repr(compare(tmp_path / NAME, ROOT / "seeds"))


@pytest.mark.parametrize(
    "content, told",
    [(None, "missing, the report was made by an older pressframes; make it again"), ("{", "cannot be read"), ("[]", "holds no study"), ('{"pressframes_study": 99}', "written by another version"), ('{"pressframes_study": 1, "articles": [[1]]}', "holds no study")],
)
def test_a_report_that_cannot_be_used(tmp_path, content, told):
    (tmp_path / ".pressframes-report").touch()
    if content is not None:
        (tmp_path / NAME).write_text(content)
    with pytest.raises(InputError, match=f"{NAME}: {told}"):
        compare(tmp_path, ROOT / "seeds")


def test_written_as_tables_or_page(two, tmp_path):
    replace(two[1] / "study.toml", 'title = "', 'title = "=HYPERLINK(<b>) ')
    (two[1] / "1.txt").write_text("Nobody betrayed anybody, said Russia.", encoding="utf-8")
    changes = compare(*two)
    write_changes(changes, tmp_path / "tables", title="x")
    assert {file.name for file in (tmp_path / "tables").iterdir()} == {f"changed_{name}.csv" for name in ("settings", "articles", "lexicons", "rates")}
    assert pd.read_csv(tmp_path / "tables" / "changed_rates.csv")["count_before"].tolist() == changes.to_frame()["count_before"].tolist()
    assert pd.read_csv(tmp_path / "tables" / "changed_settings.csv")["after"][0].startswith("'=HYPERLINK")
    write_changes(changes, tmp_path / "page.html", title="<i>x</i>")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>" not in page and "<i>" not in page and page.count("<table") == 3 and page.rstrip().endswith("</html>")
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        write_changes(changes, tmp_path / "taken" / "tables", title="x")
