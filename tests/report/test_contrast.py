"""The groups side by side: typical sentences by the rule that is stated, and who never names what."""

from pages import write_study

from pressframes.report.contrast import contrasts, coverage
from pressframes.report.lines import Lists
from pressframes.report.marked import marked_articles
from pressframes.study import Study


def test_the_typical_sentence_is_the_one_with_most_marks_the_first_of_equals(tmp_path):
    text = "Russia met. Russia left a regime. A provocation followed. Russia spoke of a shameful puppet regime. Russia went."
    found = contrasts(study := Study.load(write_study(tmp_path / "s", {("a", "A"): text, ("b", "B"): "Nothing."})), Lists(study))
    russia = next(contrast for contrast in found if contrast.key == "russia")
    assert russia.typical[0] == ("aa-s3", "aa-s1") and russia.typical[1] == ()
    loaded = next(row for row in russia.rows if row.head.startswith("loaded terms in its sentences"))
    assert loaded.cells[1].number == "0" and loaded.cells[1].lines is None


def test_a_sentence_too_long_is_typical_only_where_there_is_no_other(tmp_path):
    long = "Russia left a regime and a shameful puppet regime" + " and then it went on" * 20 + "."
    found = contrasts(study := Study.load(write_study(tmp_path / "s", {("a", "A"): f"{long} Russia met. Russia went.", ("b", "B"): long})), Lists(study))
    russia = next(contrast for contrast in found if contrast.key == "russia")
    assert russia.typical == (("aa-s1", "aa-s2"), ("ab-s0",))


def test_every_number_is_that_of_its_list(study):
    lists = Lists(study)
    cells = [cell for contrast in contrasts(study, lists) for row in contrast.rows for cell in row.cells] + [cell for _, rows in coverage(study, lists).parts for row in rows for cell in row.cells]
    assert len(cells) > 100
    assert all(cell.number == (f"{cell.lines.total:,}" if cell.lines else "0") for cell in cells)


def test_typical_sentences_stand_on_the_page(study):
    anchors = {stretch.anchor for article in marked_articles(study) for _, stretches in article.paragraphs for stretch in stretches}
    assert {anchor for contrast in contrasts(study, Lists(study)) for group in contrast.typical for anchor in group} <= anchors


def test_what_a_group_never_names_is_said(study):
    told = {group: said for groups, said in coverage(study, Lists(study)).silences for group in groups}
    assert told["Turan"].startswith("never mentions the US") and "the Armenian forces" in told["Bulgarian"]
    assert told["Azerbaijani"] == "mentions every target and names whatever any other group names"
