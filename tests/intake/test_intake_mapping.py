"""What is proposed: columns, outlets, dates, groups, ids; and what is told of each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressframes.errors import InputError
from pressframes.intake import columns, dates, mapping, readers
from pressframes.intake.records import Record

LONG = "The talks began on Monday in the capital and went on for hours. " * 5


def table(rows, file="a.csv"):
    return [Record(file, row, part=f"row {number}") for number, row in enumerate(rows, 2)]


def propose(records, **options):
    return mapping.propose(readers.Readings(tuple(records)), **options)


def test_fa_kes_columns():
    rows = [{"unit_id": str(at), "article_title": f"Title {at}", "article_content": f"{LONG}{at}", "source": "sana" if at % 2 else "trt", "date": f"4/{at + 10}/2017", "location": "aleppo", "labels": str(at % 2)} for at in range(6)]
    proposal = propose(table(rows))
    assert proposal.groups == ("sana", "trt") and [entry.article_id for entry in proposal.entries] == list("012345")
    entry = proposal.entries[0]
    assert (entry.title, entry.outlet, entry.published, entry.precision) == ("Title 0", "trt", "2017-04-10", "day")
    assert entry.text == f"Title 0\n\n{LONG}0"
    assert entry.known == {"text": "column 'article_content'; title put above the text", "title": "column 'article_title'", "outlet": "column 'source'", "published": "column 'date', month first", "group": "the outlet", "path": "a.csv, row 2"}
    assert propose(table(rows), group_by="labels").groups == ("labels: 0", "labels: 1")
    assert propose(table(rows), group_by="Location").groups == ("aleppo",)


def test_news_api_and_gdelt_columns():
    item = {"source": {"id": None, "name": "The Paper"}, "author": "Jane Doe", "title": "Talks", "url": "https://www.paper.example.com/1", "publishedAt": "2020-11-10T08:00:00Z", "content": f"Talks. {LONG}"}
    (entry,) = propose([Record("a.json", readers._flat(item), layout="JSON")]).entries
    assert (entry.outlet, entry.author, entry.published, entry.url) == ("The Paper", "Jane Doe", "2020-11-10", "https://www.paper.example.com/1")
    listed = {"url": "https://www.paper.example.com/1", "title": "Talks", "seendate": "20201110T081500Z", "domain": "paper.example.com", "language": "English"}
    with pytest.raises(columns.Undecided, match="addresses .column 'url'. but no texts, and nothing is fetched") as asked:
        propose([Record("g.json", listed, layout="JSON")])
    assert asked.value.candidates == tuple(listed)


def test_rows_without_text_are_joined_to_the_texts(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"{LONG} {name}", encoding="utf-8")
    (tmp_path / "list.csv").write_text("file,outlet,date\ntexts/one.txt,North,2020-11-10\ntwo.txt,South,2020-11\n", encoding="utf-8")
    proposal = propose(readers.read([tmp_path]).records)
    assert [(entry.article_id, entry.outlet, entry.published, entry.precision) for entry in proposal.entries] == [("one", "North", "2020-11-10", "day"), ("two", "South", "2020-11", "month")]
    assert proposal.groups == ("North", "South") and proposal.entries[0].known["outlet"].endswith("list.csv: column 'outlet'")


def test_a_list_of_files_alone_asks_for_their_folder():
    with pytest.raises(InputError, match=r"a.csv: names of files \(column 'path'\) but no texts; give the folder of the files as well \(--from FOLDER"):
        propose(table([{"path": f"texts/{at}.txt", "outlet": "A"} for at in range(4)]))


def test_ground_truth_of_another_file_is_joined_by_id():
    texts = [Record("a.xml", {"id": str(at), "title": "T", "text": LONG}, part=f"article {at}", layout="XML") for at in (1, 2)]
    truth = [Record("b.xml", {"id": str(at), "hyperpartisan": "true" if at == 1 else "false", "url": f"https://www.site{at}.com/a"}, part=f"article {at}", layout="XML") for at in (1, 2)]
    proposal = propose([*truth, *texts], group_by="hyperpartisan")
    assert [(entry.article_id, entry.group, entry.outlet) for entry in proposal.entries] == [("1", "hyperpartisan: true", "site1.com"), ("2", "hyperpartisan: false", "site2.com")]


def test_folders_and_names_of_files_tell_outlet_date_and_group():
    def text(file):
        return Record(file, {"text": LONG}, layout="text")

    proposal = propose([text("study/North/a.txt"), text("study/South/b.txt")])
    assert proposal.groups == ("North", "South") and proposal.entries[0].known["group"] == "inferred: name of the folder"
    proposal = propose([text(f"study/{name}") for name in ("turan_2020-11-23_1.txt", "turan_20201124.txt", "trend-3.txt", "trend-4.txt")])
    assert [(entry.outlet, entry.published) for entry in proposal.entries] == [("turan", "2020-11-23"), ("turan", "2020-11-24"), ("trend", ""), ("trend", "")]
    assert proposal.entries[0].known["published"] == "inferred: file name" and proposal.groups == ("trend", "turan")
    proposal = propose([text("study/one.txt"), text("study/two.txt")])
    assert proposal.groups == ("all",) and any("One group only ('all')" in note for note in proposal.notes) and any("name no outlet" in note for note in proposal.notes)


def test_the_column_of_the_longest_values_is_the_text():
    (entry,) = propose(table([{"kommentar": LONG, "thema": "Streik"}])).entries
    assert entry.text == LONG and entry.known["text"] == "column 'kommentar' (the column of the longest values)"
    assert propose(table([{"article": "A headline", "kommentar": LONG}])).entries[0].text == LONG
    assert propose(table([{"title": "A", "text": "Short.", "url": "https://a.example.com/1"}])).entries[0].text == "A\n\nShort."
    with pytest.raises(columns.Undecided, match="--column text=NAME"):
        propose(table([{"a": LONG, "b": LONG}]))
    assert propose(table([{"a": LONG, "b": LONG * 2}]), columns={"text": "b"}).entries[0].text == LONG * 2


def test_all_faults_at_once_or_left_out():
    rows = [{"text": LONG, "outlet": "A"}, {"text": " ", "outlet": "A"}, {"text": "x" * 1_000_001, "outlet": "B"}, {"text": LONG, "outlet": ""}]
    with pytest.raises(InputError, match=r"3 faults: .*row 3: no text.*row 4: 1,000,001 characters.*row 5: no outlet to group it by") as fault:
        propose(table(rows), group_by="outlet")
    assert "\n" not in str(fault.value)
    proposal = propose(table(rows), group_by="outlet", skip=True)
    assert len(proposal.entries) == 1 and sum(note.startswith("Left out: a.csv, row") for note in proposal.notes) == 3


def test_a_left_out_row_does_not_count_as_one_without_an_outlet():
    rows = [{"text": LONG, "outlet": "A"}, {"text": LONG, "outlet": "B"}, {"text": LONG, "outlet": ""}]
    assert not any("name no outlet" in note for note in propose(table(rows), group_by="outlet", skip=True).notes)


def test_columns_that_mean_nothing_are_named_and_days_are_told_by_their_values():
    rows = [{"полный текст": LONG, "СМИ": "Вести", "Дата": f"{day}.04.2020", "№": f"{day}", "Дата скачивания access": "2023-01-01"} for day in (13, 14)]
    proposal = propose(table(rows))
    assert [entry.published for entry in proposal.entries] == ["2020-04-13", "2020-04-14"] and "its values are days" in proposal.entries[0].known["published"]
    assert "a.csv: no column is seen to hold the outlet or the title; not used: 'СМИ', '№', 'Дата скачивания access'; say which it is with --column outlet=NAME." in proposal.notes
    told = propose(table(rows), columns={"outlet": "СМИ", "title": "№"})
    assert {entry.outlet for entry in told.entries} == {"Вести"} and not any("not used" in note for note in told.notes)
    two = propose(table([row | {"Срок": "2021-05-06"} for row in rows]))
    assert {entry.published for entry in two.entries} == {""} and any("the outlet or the date or the title; not used: 'СМИ', 'Дата'" in note for note in two.notes)


def test_hostile_labels_are_made_plain():
    rows = [{"text": f"{LONG}\u202egnirts", "outlet": "=cmd|' /C calc'!A0", "title": "War\u202e\u0007 and\r\npeace"}]
    (entry,) = propose(table(rows), group_by="outlet").entries
    assert entry.title == "War and peace" and entry.group == "'=cmd|' /C calc'!A0" and "\u202e" in entry.text


def test_ids_that_cannot_name_files_are_counted():
    def ids(names):
        return [entry.article_id for entry in propose(table([{"id": name, "text": LONG} for name in names])).entries]

    assert ids(["a1", "B.2"]) == ["a1", "B.2"]
    for names in (["a", "A"], ["../a", "b"], ["con", "b"], ["a", ""], ["a/b", "c"], ["x" * 99, "y"]):
        assert ids(names) == ["001", "002"]


def test_too_many_groups_are_refused_and_too_many_outlets_are_one_group():
    rows = [{"text": LONG, "outlet": f"Paper {at}"} for at in range(50)]
    assert propose(table(rows)).groups == ("all",)
    with pytest.raises(InputError, match="50 groups of 50 articles"):
        propose(table(rows), group_by="outlet")
    with pytest.raises(InputError, match="no such column; use outlet"):
        propose(table(rows), group_by="camp")


@pytest.mark.parametrize(
    ("text", "order", "published"),
    [("2017-04-05T10:00:00Z", "", "2017-04-05"), ("4/5/2017", "dmy", "2017-05-04"), ("4/5/2017", "mdy", "2017-04-05"), ("4/5/2017", "", "2017"), ("13.02.2021", "", "2021-02-13"), ("Wednesday June 29 2022", "", "2022-06-29"), ("October 2020", "", "2020-10"), ("12 марта 2020 г.", "", "2020-03-12"),
     ("15 noyabr 2020", "", "2020-11-15"), ("20201110120000", "", "2020-11-10"), ("1491350400", "", "2017-04-05"), ("Wed, 05 Apr 2017 23:30:00 -0500", "", "2017-04-05"), ("yesterday", "", ""), ("2017-13-45", "", ""), ("n/a", "", ""), ("0000-00-00", "", "")],
)  # fmt: skip
def test_dates(text, order, published):
    assert dates.read_day(text, order).published == published


def test_the_order_of_day_and_month_is_told_by_the_dates():
    assert dates.order_of(["4/5/2017", "4/16/2017"]) == "mdy" and dates.order_of(["4/5/2017", "16/4/2017"]) == "dmy"
    assert dates.order_of(["4/5/2017"]) == "" and dates.order_of(["4/16/2017", "16/4/2017"]) == ""
    rows = [{"text": LONG, "date": "4/5/2017"}]
    proposal = propose(table(rows))
    assert (proposal.entries[0].published, proposal.entries[0].precision) == ("2017", "year") and any("--dates dmy" in note for note in proposal.notes)
    assert propose(table(rows), order="dmy").entries[0].published == "2017-05-04"


@given(st.dates(min_value=dates.date(1700, 1, 1), max_value=dates.date(2026, 1, 1)))
def test_any_day_is_read_as_written(day):
    for text, order in ((day.isoformat(), ""), (f"{day.day}/{day.month}/{day.year}", "dmy"), (f"{day.month}/{day.day}/{day.year}", "mdy"), (day.strftime("%Y%m%d"), "")):
        assert dates.read_day(text, order).published == day.isoformat()


def test_what_was_understood_is_shown():
    proposal = propose(table([{"text": LONG, "outlet": "A", "date": "2020-11-10"}, {"text": LONG, "outlet": "B", "date": "soon"}]))
    shown = repr(proposal.understood)
    assert "2 articles from table" in shown and "column 'outlet'" in shown and "1 of 2" in shown
    assert "1 date not understood and left empty: 'soon' (a.csv, row 3); write it as 2017-04-05, here or later in articles.csv." in proposal.notes
    assert json.loads(proposal.by_group().to_frame().to_json(orient="records"))[0]["count"] == 1
