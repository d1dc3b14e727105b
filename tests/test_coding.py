"""The double-coding kit: what is drawn, what the sheet does not tell, which sheets are refused, and what agreement says."""

import csv
import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pressframes import coding
from pressframes.cli import cli
from pressframes.coding import QUESTIONS, SHEET, Coding, read_sheet, sample, write_new
from pressframes.errors import InputError
from pressframes.measures.agreement import alpha_interval, krippendorff_alpha


@pytest.fixture(scope="module")
def drawn(study):
    return sample(study, size=60, seed=7)


@pytest.fixture
def fill(drawn, tmp_path):
    """Return a function that writes the sheet of a coder, filled by `answer(row) -> {column: answer}`."""

    def write(name, answer, sheet=drawn.sheet, encoding="utf-8"):
        rows = [{**row, **answer(row)} for row in sheet.to_dict("records")]
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, SHEET)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def plain(row):
    return {"tone": "neutral" if row["start"] % 3 else "negative", "voice": "outlet", "role": "none" if row["start"] % 2 else "agent"}


# Drawing


def test_each_row_is_a_mention_of_the_study_in_its_sentence(study, tables, drawn):
    known = {(row.article_id, row.sentence_id, row.start, row.end): row for row in tables.mentions.itertuples()}
    assert list(drawn.sheet.columns) == list(SHEET) and len(drawn.sheet) == 60 == drawn.sheet["mention"].nunique()
    for row in drawn.sheet.itertuples():
        mention = known[row.article_id, row.sentence_id, row.start, row.end]
        assert row.target == study.targets[mention.target]
        left, right = row.sentence.split(f"[[{' '.join(mention.text.split())}]]")
        whole = " ".join(study.text(row.article_id)[row.start - 400 if row.start > 400 else 0 : row.end + 1000].split())
        assert left.rstrip()[-20:] in whole and right.strip()[:20] in whole


def test_neighbours_are_the_sentences_before_and_after(study, tables, drawn):
    spans = {(row.article_id, row.sentence_id): " ".join(study.text(row.article_id)[row.start : row.end].split()) for row in tables.sentences.itertuples()}
    for row in drawn.sheet.itertuples():
        assert row.before == spans.get((row.article_id, row.sentence_id - 1), "") and row.after == spans.get((row.article_id, row.sentence_id + 1), "")


def test_the_sheet_is_blind(drawn):
    assert (drawn.sheet[[*QUESTIONS, "remark"]] == "").all().all()
    assert not {"outlet", "group", "kind", "label", "score"} & set(drawn.sheet.columns)


def test_a_draw_hangs_on_its_seed_alone(study, drawn):
    pd.testing.assert_frame_equal(sample(study, size=60, seed=7).sheet, drawn.sheet)
    assert set(sample(study, size=60, seed=8).sheet["mention"]) != set(drawn.sheet["mention"])
    assert sample(study, size=5).seed == study.settings.seed


def test_strata_are_as_even_as_they_can_be(tables, drawn):
    mentions = tables.mentions.merge(tables.articles[["article_id", "outlet"]], on="article_id")
    there = Counter(zip(mentions["outlet"], mentions["target"], mentions["voice"]))
    strata = {(row.outlet, row.target, row.voice): row for row in drawn.strata.itertuples()}
    assert {key: row.mentions for key, row in strata.items()} == there
    cut = [row.drawn for row in strata.values() if row.drawn < row.mentions]
    assert max(cut) - min(cut) <= 1 and all(row.drawn <= max(cut) for row in strata.values())
    of = {(row.article_id, row.start): (row.outlet, row.target, row.voice) for row in mentions.itertuples()}
    assert Counter(of[row.article_id, row.start] for row in drawn.sheet.itertuples()) == {key: row.drawn for key, row in strata.items() if row.drawn}


@pytest.mark.parametrize("available, size, wanted", [([5, 5, 5], 9, [3, 3, 3]), ([1, 10, 10], 9, [1, 4, 4]), ([1, 2, 3], 100, [1, 2, 3]), ([4, 4], 0, [0, 0])])
def test_even_shares(available, size, wanted):
    assert coding._even(np.array(available), size, np.random.default_rng(0)).tolist() == wanted


def test_what_cannot_be_shared_out_goes_by_lot():
    lots = [tuple(coding._even(np.array([9] * 6), 8, np.random.default_rng(seed))) for seed in range(20)]
    assert {tuple(sorted(lot)) for lot in lots} == {(1, 1, 1, 1, 2, 2)} and len(set(lots)) > 3


def test_all_mentions_where_more_are_asked_for(study, tables):
    assert len(sample(study, size=10_000).sheet) == len(tables.mentions)


def test_a_study_without_mentions_is_refused(make_study, study):
    from pressframes.study import Study

    with pytest.raises(InputError, match="no target is mentioned"):
        sample(Study.load(make_study({("a", "One"): "The weather was fine all day.\n"})))
    with pytest.raises(InputError, match="size is 0"):
        sample(study, size=0)


# Writing and reading


def test_a_sheet_survives_the_file(drawn, tmp_path):
    write_new(drawn.sheet, tmp_path / "sheet.csv")
    assert (tmp_path / "sheet.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    back = read_sheet(tmp_path / "sheet.csv")
    assert back["mention"].tolist() == drawn.sheet["mention"].tolist()
    assert [text.strip() for text in back["sentence"]] == drawn.sheet["sentence"].tolist()


def test_a_file_is_never_replaced(drawn, tmp_path):
    (tmp_path / "sheet.csv").write_text("mine")
    with pytest.raises(InputError, match="already there"):
        write_new(drawn.sheet, tmp_path / "sheet.csv")
    assert (tmp_path / "sheet.csv").read_text() == "mine"
    with pytest.raises(InputError, match="cannot be written"):
        write_new(drawn.sheet, tmp_path / "no" / "folder.csv")


def test_no_cell_is_taken_for_a_formula(tmp_path):
    write_new(pd.DataFrame({"text": ["=1+1", "@SUM(A1)", "plain"], "n": [-1, 2, 3]}), tmp_path / "t.csv")
    assert pd.read_csv(tmp_path / "t.csv")["text"].tolist() == [" =1+1", " @SUM(A1)", "plain"]
    assert pd.read_csv(tmp_path / "t.csv")["n"].tolist() == [-1, 2, 3]


def test_answers_lose_case_and_blanks(fill):
    path = fill("anna.csv", lambda row: {"tone": " Negative ", "voice": "DIRECT", "role": ""})
    sheet = read_sheet(path)
    assert set(sheet["tone"]) == {"negative"} and set(sheet["voice"]) == {"direct"} and set(sheet["role"]) == {""}


def spoilt(path, change):
    path.write_bytes(change(path.read_bytes()))
    return path


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda data: data.replace(b"neutral,outlet", b"netural,outlet", 1), ["unknown tone 'netural'", "row "]),
        (lambda data: data.replace(b",voice,", b",vioce,", 1), ["column 'voice' is missing"]),
        (lambda data: data.replace(b"mention,", b"", 1), ["column 'mention' is missing"]),
        (lambda data: data + data.splitlines()[1] + b"\r\n", ["row 62", "stands in row 2 already"]),
        (lambda data: data.replace(b"\r\n", b"\xff\r\n", 2), ["not UTF-8"]),
        (lambda data: data.splitlines()[0] + b"\r\n", ["holds no mention"]),
        (lambda data: data.splitlines()[0].replace(b",", b";") + b"\r\n", ["semicolons", "commas"]),
    ],
)
def test_a_sheet_that_cannot_be_used_is_named(fill, change, told):
    path = spoilt(fill("anna.csv", plain), change)
    with pytest.raises(InputError) as error:
        Coding.read([path, fill("boris.csv", plain)])
    assert all(part in str(error.value) for part in [str(path), *told]), str(error.value)


def test_sheets_of_other_mentions_are_named(study, drawn, fill, tmp_path):
    anna = fill("anna.csv", plain)
    fewer = fill("boris.csv", plain, sheet=drawn.sheet.drop(index=4))
    missing = drawn.sheet["mention"][4]
    for sheets in ([anna, fewer], [fewer, anna]):
        with pytest.raises(InputError, match=f"anna.csv, row 6: mention {missing} is not in .*boris.csv"):
            Coding.read(sheets)
    with pytest.raises(InputError, match="two coders or more"):
        Coding.read([anna])
    with pytest.raises(InputError, match="given twice"):
        Coding.read([anna, anna])
    with pytest.raises(InputError, match="no such file"):
        Coding.read([anna, tmp_path / "none.csv"])


# Agreement


def test_agreement_is_that_of_the_measures(fill):
    anna = fill("anna.csv", plain)
    boris = fill("boris.csv", lambda row: {**plain(row), "tone": "positive" if row["start"] % 5 == 0 else plain(row)["tone"]})
    clara = fill("clara.csv", lambda row: {**plain(row), "role": "" if row["start"] % 4 else "patient"})
    coded = Coding.read([anna, boris, clara])
    frame = coded.agreement().to_frame().set_index("question")
    sheets = [read_sheet(path) for path in (anna, boris, clara)]
    for question, levels in QUESTIONS.items():
        units = list(zip(*(sheet[question] for sheet in sheets)))
        found = krippendorff_alpha(units, levels=levels, ordinal=question == "tone")
        assert frame["alpha"][question] == pytest.approx(found, nan_ok=True)
        assert frame["mentions"][question] == sum(sum(map(bool, unit)) > 1 for unit in units)
    assert math.isnan(frame["alpha"]["voice"]) and frame["agreement"]["voice"] == 100
    assert frame["low"]["tone"] < frame["alpha"]["tone"] < frame["high"]["tone"] < 1


def test_sentences_are_drawn_where_articles_are_few(fill):
    differing = lambda row: {**plain(row), "tone": "positive" if row["start"] % 5 == 0 else plain(row)["tone"]}
    anna, boris = fill("anna.csv", plain), fill("boris.csv", differing)
    table = Coding.read([anna, boris]).agreement()
    sheet = read_sheet(anna)
    units = list(zip(sheet["tone"], read_sheet(boris)["tone"]))
    wanted = alpha_interval(units, levels=QUESTIONS["tone"], ordinal=True, clusters=(sheet["article_id"] + ":" + sheet["sentence_id"]).tolist())
    assert tuple(table.to_frame().loc[0, ["low", "high"]]) == pytest.approx(wanted)
    assert any("whole sentences drawn" in note for note in table.notes)


def test_the_order_of_rows_does_not_matter(fill, drawn):
    differing = lambda row: {**plain(row), "tone": "positive" if row["start"] % 5 == 0 else plain(row)["tone"]}
    anna = fill("anna.csv", plain)
    one, other = fill("boris.csv", differing), fill("turned/boris.csv", differing, sheet=drawn.sheet[::-1])
    pd.testing.assert_frame_equal(Coding.read([anna, one]).agreement().to_frame(), Coding.read([anna, other]).agreement().to_frame())


def test_files_of_one_name_are_told_apart(fill):
    names = list(Coding.read([fill("one/sheet.csv", plain), fill("two/sheet.csv", plain)]).sheets)
    assert len(set(names)) == 2 and all("sheet.csv" in name for name in names)


def test_sheets_without_answers_are_refused(fill):
    empty = lambda row: {}
    with pytest.raises(InputError, match="no question is answered in two sheets"):
        Coding.read([fill("anna.csv", plain), fill("boris.csv", empty)]).agreement()


def test_confusion_counts_every_pair_of_answers_once(fill, drawn):
    swapped = lambda row: {**plain(row), "role": {"none": "agent", "agent": "none"}[plain(row)["role"]]}
    frame = Coding.read([fill("anna.csv", plain), fill("boris.csv", swapped)]).confusion().to_frame()
    assert frame.groupby("question")["mentions"].sum().to_dict() == dict.fromkeys(QUESTIONS, len(drawn.sheet))
    roles = frame[frame["question"] == "role"]
    assert set(zip(roles["answer"], roles["other_answer"])) == {("agent", "none"), ("none", "agent")}


def test_disagreements_hold_what_differs_and_nothing_else(fill, drawn):
    odd = drawn.sheet["mention"][11]
    boris = fill("boris.csv", lambda row: {**plain(row), **({"voice": "direct", "remark": "mark left open"} if row["mention"] == odd else {"role": ""} if row["start"] % 2 else {})})
    frame = Coding.read([fill("agreed.csv", plain), boris]).disagreements().to_frame()  # a coder may be called as a column is
    assert frame[["mention", "question", "answer_agreed", "answer_boris", "agreed", "remarks"]].values.tolist() == [[odd, "voice", "outlet", "direct", "", "boris: mark left open"]]
    assert frame["sentence"][0].strip() == drawn.sheet["sentence"][11]


def test_the_suite_is_compared_where_coders_agree(study, tables, drawn, fill):
    voices = {f"{row.article_id}:{row.start}-{row.end}": row.voice for row in tables.mentions.itertuples()}
    roles = {f"{row.article_id}:{row.start}-{row.end}": row.role for row in tables.roles.itertuples() if row.role != "described"}
    right = lambda row: {"tone": "neutral", "voice": voices[row["mention"]], "role": roles.get(row["mention"], "none")}
    wrong = set(drawn.sheet["mention"][:6])
    other = lambda voice: "direct" if voice != "direct" else "outlet"
    both_wrong = lambda row: {**right(row), **({"voice": other(voices[row["mention"]])} if row["mention"] in wrong else {})}
    one_differs = lambda row: {**both_wrong(row), **({"voice": "indirect" if both_wrong(row)["voice"] != "indirect" else "outlet"} if row["mention"] == drawn.sheet["mention"][59] else {})}
    frame = Coding.read([fill("anna.csv", both_wrong), fill("boris.csv", one_differs)]).against(study).to_frame().set_index("question")
    assert (frame["mentions"]["voice"], frame["same"]["voice"]) == (59, 53)
    assert frame["accuracy"]["voice"] == pytest.approx(100 * 53 / 59) and frame["low"]["voice"] < frame["accuracy"]["voice"] < frame["high"]["voice"]
    assert frame["accuracy"]["role"] == 100


def test_sheets_of_another_study_are_refused(study, fill, drawn):
    moved = drawn.sheet.assign(mention=[f"{mention}0" for mention in drawn.sheet["mention"]])
    sheets = [fill("anna.csv", plain, sheet=moved), fill("boris.csv", plain, sheet=moved)]
    with pytest.raises(InputError, match="anna.csv, row 2: .* is not one of this study"):
        Coding.read(sheets).against(study)


# Command line


def test_sample_and_agreement_on_the_command_line(tmp_path, study, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = str(study.settings.folder)
    run = lambda *words: CliRunner().invoke(cli, words)
    result = run("code", "sample", folder, "--out", "anna.csv", "--size", "40", "--seed", "2")
    assert result.exit_code == 0 and "40 of " in result.output
    again = run("code", "sample", folder, "--out", "anna.csv")
    assert isinstance(again.exception, InputError) and "anna.csv" in str(again.exception)
    sheet = pd.read_csv("anna.csv", dtype=str, keep_default_na=False)
    sheet = sheet.assign(tone="neutral", voice="outlet", role=["agent", "none"] * 20)
    sheet.to_csv("anna.csv", index=False)
    sheet.assign(tone=["positive"] * 10 + ["neutral"] * 30).to_csv("boris.csv", index=False)
    result = run("code", "agreement", "anna.csv", "boris.csv", "--disagreements", "differ.csv", "--study", folder)
    assert result.exit_code == 0, result.exception
    assert "alpha" in result.output and "The suite against the coders" in result.output
    assert len(pd.read_csv("differ.csv")) == 10
