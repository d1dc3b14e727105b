"""The lists behind the numbers: as long as what they count, each under an address of its own."""

import pytest
from pages import write_study

from pressframes.report.lines import MOST_LINES, Lists, link_findings, link_numbers
from pressframes.results import Note
from pressframes.study import Study


@pytest.fixture(scope="module")
def lists(study):
    return Lists(study)


def test_a_rate_is_that_of_the_study(study, lists):
    keys = {label: key for key, label in study.targets.items()}
    for row in study.rates("loaded", by=("target", "group", "voice")).to_frame().itertuples(index=False):
        where = {"near": keys[row.target], "group": row.group, "voice": row.voice}
        assert (len(lists.events("loaded", **where)), lists.words(**where)) == (row[3], row.words)
        assert lists.per_thousand("loaded", **where) == pytest.approx(row.rate)
    for row in study.rates("mentions", by=("group", "target")).to_frame().itertuples(index=False):
        assert lists.per_thousand("mentions", target=keys[row.target], group=row.group) == pytest.approx(row.rate)


def test_a_line_is_cut_from_its_sentence(study, lists):
    found = lists.of("loaded", entry="provocation")
    assert found.total == len(found.lines) == 7
    for line in found.lines:
        text = " ".join(study.text(line.article_id).split())
        assert " ".join(f"{line.left.removeprefix('… ')}{line.node}{line.right.removesuffix(' …')}".split()) in text
        assert line.anchor.startswith(f"a{line.article_id}-c")


def test_a_number_links_only_to_a_list_of_its_length(lists):
    assert lists.link("7", "loaded", entry="provocation") == "#c-loaded-provocation"
    assert lists.link("8", "loaded", entry="provocation") == ""
    assert lists.link("0", "loaded", entry="provocation", group="Turan") == ""


def test_names_that_no_address_can_hold_still_have_one_each(tmp_path):
    study = Study.load(write_study(tmp_path / "s", {("a", "Утро"): "Russia met Russia.", ("b", "Вечер"): "Russia left."}))
    lists = Lists(study)
    found = [lists.of("mentions", target="russia", group=group) for group in study.groups]
    assert [one.total for one in found] == [2, 1] and len({one.anchor for one in found}) == 2


def test_a_long_list_shows_its_first_lines_and_its_length(tmp_path):
    few, many = MOST_LINES.values()
    said = "The man from Russia spoke to the council. "
    one = Lists(Study.load(write_study(tmp_path / "one", {("a", "A"): said * (few + 5)}))).of("mentions", target="russia")
    assert (one.total, len(one.lines)) == (few + 5, few)
    several = Lists(Study.load(write_study(tmp_path / "several", {(f"a{i}", "A"): said for i in range(many + 5)}))).of("mentions", target="russia")
    assert (several.total, len(several.lines)) == (many + 5, many)


def test_tables_narrowed_by_their_name_count_what_they_say(study, lists):
    for table in (study.rates("loaded", by=("group",), target="russia", voice="outlet"), study.rates("mentions", target="us"), study.loaded_entries(target="us"), study.relations("us", group="Bulgarian", voice="outlet")):
        linked = link_numbers(table._repr_html_(), table._repr_mimebundle_()["text/csv"], lists)
        assert linked.count('class="count"') >= (table.to_frame()["count"] > 0).sum() > 0, table.name
    corpus = study.corpus()
    assert link_numbers(corpus._repr_html_(), corpus._repr_mimebundle_()["text/csv"], lists) == corpus._repr_html_()


def test_findings_carry_their_lists(lists):
    found = lists.of("loaded", entry="provocation")
    shown = link_findings(Note("Seven & more.", "How <loaded>")._repr_html_(), {"How <loaded>": (("A & B", found),)})
    assert 'A &amp; B <a class="count" href="#c-loaded-provocation">7</a>' in shown and shown.endswith("</p>")
    assert link_findings(Note("Nothing.", "Other")._repr_html_(), {}) == Note("Nothing.", "Other")._repr_html_()
