"""The lists behind the numbers: as long as what they count, each under an address of its own."""

import pytest
from pages import write_study

from pressframes.report.lines import ARTICLES_ON_PAGE, COMMON, MOST_LINES, Lists, link_findings, link_numbers
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
    assert lists.link("7", "loaded", entry="provocation").address == "#c-loaded-provocation"
    assert lists.link("8", "loaded", entry="provocation") is None
    assert lists.link("0", "loaded", entry="provocation", group="Turan") is None


def test_names_that_no_address_can_hold_still_have_one_each(tmp_path):
    study = Study.load(write_study(tmp_path / "s", {("a", "Утро"): "Russia met Russia.", ("b", "Вечер"): "Russia left."}))
    lists = Lists(study)
    found = [lists.of("mentions", target="russia", group=group) for group in study.groups]
    assert [one.total for one in found] == [2, 1] and len({one.anchor for one in found}) == 2


def test_a_long_list_shows_its_first_lines_and_its_length(tmp_path, monkeypatch):
    few, many = MOST_LINES[True], 20
    monkeypatch.setitem(MOST_LINES, False, many)
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
    assert link_numbers(corpus._repr_html_(), corpus._repr_mimebundle_()["text/csv"], lists).count("href") == len(study.articles)  # each article's own address; its words are those of its text


def test_a_large_corpus_keeps_its_lists_and_articles_in_files(tmp_path):
    texts = {(f"a.{i}", "AB"[i % 2]): "The man from Russia spoke of a provocation to the council. " for i in range(ARTICLES_ON_PAGE + 1)}
    lists = Lists(Study.load(write_study(tmp_path / "s", texts)))
    mentions, loaded = lists.of("mentions", group="A"), lists.of("loaded", entry="provocation")
    assert mentions.address == "lists/mentions-1.html#c-mentions-a" and loaded.address.startswith("lists/loaded-1.html#")
    assert lists.place(loaded.lines[0].anchor) == f"articles/a{'a-2e-0'}.html#{loaded.lines[0].anchor}" and lists.article("a.0") == "articles/aa-2e-0.html"
    files = lists.files()
    assert sorted(files) == ["lists/loaded-1.html", "lists/mentions-1.html"]
    assert [block.list for _, blocks in files["lists/mentions-1.html"] for block in blocks] == [mentions]


def test_of_a_common_word_no_list_is_made(study, lists):
    assert (study.annotations().tokens["norm"] == "the").sum() > COMMON and lists.of("terms", term="the", group="Turan") is None
    assert lists.of("terms", term="military").total == (study.annotations().tokens["norm"] == "military").sum()


def test_a_list_within_another_shows_its_lines_once(lists):
    whole = lists.of("terms", term="military")
    parts = [lists.of("terms", term="military", group=group) for group in lists.study.groups]
    but = lists.of("terms", term="military", but="Bulgarian")
    blocks = {block.list: block for _, blocks in lists.all() for block in blocks}
    assert [part.list for part in blocks[whole].parts] == parts and blocks[whole].without == ((but, 1),)
    assert sorted(line for part in blocks[whole].parts for line in part.lines) == sorted(whole.lines)
    assert sorted(line for part in blocks[whole].parts if part.classes != "g1" for line in part.lines) == sorted(but.lines)
    assert not {*parts, but} & set(blocks)


@pytest.mark.parametrize("name", ["keyness", "words_by_group", "word_shift", "collocates", "tone"])
def test_words_tone_and_company_lead_to_their_sentences(study, lists, name):
    tables = {
        "keyness": lambda: [study.keyness("Turan", length=2), study.keyness("Azerbaijani", reference="Bulgarian", voice="outlet", target="russia")],
        "words_by_group": lambda: [study.words_by_group(voice="outlet")], "word_shift": lambda: [study.word_shift("Azerbaijani", voice="outlet"), study.word_shift("Turan", reference="Bulgarian", target="russia")],
        "collocates": lambda: [study.collocates("russia", window=5), study.collocates("peacekeepers", group="Azerbaijani", voice="outlet")], "tone": lambda: [study.tone()],
    }  # fmt: skip
    for table in (table.top(30) for table in tables[name]()):
        linked, counted = link_numbers(table._repr_html_(), table._repr_mimebundle_()["text/csv"], lists), table.to_frame()
        rare = counted if "term" not in counted or name == "collocates" else counted[[sum(study.annotations().tokens["norm"] == term) <= COMMON for term in counted["term"]]]
        wanted = (rare[[column for column in ("count_a", "count_b", "count") if column in rare][:2 if "count_a" in rare else 1]] > 0).to_numpy().sum()
        assert linked.count('class="count"') >= wanted > 0, table.name


def test_findings_carry_their_lists(lists):
    found = lists.of("loaded", entry="provocation")
    shown = link_findings(Note("Seven & more.", "How <loaded>")._repr_html_(), {"How <loaded>": (("A & B", found),)})
    assert 'A &amp; B <a class="count" href="#c-loaded-provocation">7</a>' in shown and shown.endswith("</p>")
    assert link_findings(Note("Nothing.", "Other")._repr_html_(), {}) == Note("Nothing.", "Other")._repr_html_()
