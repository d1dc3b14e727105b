import hashlib

import pytest

from pressframes.corpus import read_articles
from pressframes.errors import InputError
from pressframes.settings import read_settings

HEAD = "article_id,path,group,outlet"
ROW = "1,a.txt,A,Paper"


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a study of one group A with this articles.csv and these files."""

    def of(table, files=None):
        (tmp_path / "study.toml").write_text('title = "T"\ngroups = ["A"]\ntargets = ["russia"]\n', encoding="utf-8")
        if table is not None:
            (tmp_path / "articles.csv").write_bytes(table if isinstance(table, bytes) else table.encode("utf-8"))
        for name, data in ({"a.txt": b"Some text."} if files is None else files).items():
            (tmp_path / name).write_bytes(data)
        return read_articles(read_settings(tmp_path))

    return of


def test_the_text_is_the_file(read):
    data = "\ufeffОдин “two”\r\nthree\rfour\n\n👍 \x0c".encode()
    (article,) = read(f"{HEAD}\n{ROW}\n", {"a.txt": data})
    assert article.text.encode("utf-8") == data
    assert article.sha256 == hashlib.sha256(data).hexdigest()
    assert (article.article_id, article.group, article.outlet, article.title, article.published) == ("1", "A", "Paper", "", "")


def test_articles_keep_the_order_of_the_table(read):
    articles = read(f"{HEAD}\n9,a.txt,A,P\n1,b.txt,A,P\n5,a.txt,A,P\n", {"a.txt": b"x", "b.txt": b"y"})
    assert [article.article_id for article in articles] == ["9", "1", "5"]


def test_a_byte_order_mark_and_windows_line_ends_in_the_table(read):
    assert read(b"\xef\xbb\xbf" + f"{HEAD}\r\n{ROW}\r\n".encode())[0].article_id == "1"


def test_quoted_cells_hold_commas_and_line_ends(read):
    (article,) = read(f'{HEAD},title\n{ROW},"War, and\npeace"\n')
    assert article.title == "War, and\npeace"


@pytest.mark.parametrize("char", ["\u2028", "\x85", "\x0b", "\x1c"])
def test_a_rare_line_end_in_a_cell_stays_in_its_cell(read, char):
    (article,) = read(f"{HEAD},title\n{ROW},War{char}and peace\n")
    assert article.title == f"War{char}and peace"


def test_how_a_value_is_known(read):
    (article,) = read(f"{HEAD},group_known_from,outlet_known_from\n{ROW},printed,\n")
    assert article.known_from == (("group", "printed"),)


@pytest.mark.parametrize("precision, published", [("day", "2020-11-23"), ("month", "2020-11"), ("year", "2020"), ("", "")])
def test_dates_of_each_precision(read, precision, published):
    (article,) = read(f"{HEAD},published,date_precision\n{ROW},{published},{precision}\n")
    assert (article.published, article.date_precision) == (published, precision)


@pytest.mark.parametrize(
    "table, place, told",
    [
        (None, "articles.csv:", ["no such file"]),
        ("", "articles.csv:", ["columns 'article_id', 'path', 'group', 'outlet' are missing"]),
        (b"article_id,\xff", "articles.csv:", ["not UTF-8", "byte 11"]),
        ("article_id,path,group\n1,a.txt,A\n", "articles.csv:", ["column 'outlet' is missing"]),
        (f"{HEAD},colour\n{ROW},red\n", "articles.csv:", ["unknown column 'colour'"]),
        (f"{HEAD}\n", "study.toml:", ["group 'A' has no article in articles.csv"]),
        (f"{HEAD}\n{ROW},more\n", "articles.csv, row 2:", ["more cells"]),
        (f"{HEAD}\n1,a.txt,A\n", "articles.csv, row 2:", ["fewer cells"]),
        (f"{HEAD}\n{ROW}\n2,a.txt,A,\n", "articles.csv, row 3:", ["'outlet' is empty"]),
        (f"{HEAD}\n{ROW}\n,a.txt,A,P\n", "articles.csv, row 3:", ["'article_id' is empty"]),
        (f"{HEAD}\n{ROW}\n{ROW}\n", "articles.csv, row 3:", ["article_id '1' stands twice"]),
        (f"{HEAD}\n{ROW}\n2,a.txt,B,P\n", "articles.csv, row 3:", ["unknown group 'B'", "A"]),
        (f'{HEAD}\n{ROW}\n2,a.txt,"B\nC",P\n', "articles.csv, row 3:", ["unknown group"]),
        (f'{HEAD}\n{ROW}\n2,"no\nfile.txt",A,P\n', "articles.csv, row 3:", ["no such article"]),
        (f'{HEAD}\n{ROW}\n2,"a.txt"x,A,P\n', "articles.csv, row 3:", ["not valid CSV"]),
        (f'{HEAD}\n{ROW}\n2,"a.txt,A,P\n', "articles.csv, row 3:", ["not valid CSV"]),
        (f"{HEAD}\n\n{ROW}\n\n2,a.txt,B,P\n", "articles.csv, row 5:", ["unknown group 'B'"]),
        (f"{HEAD},published,date_precision\n{ROW},2020,decade\n", "articles.csv, row 2:", ["unknown date_precision 'decade'"]),
        (f"{HEAD},published,date_precision\n{ROW},2020,day\n", "articles.csv, row 2:", ["published '2020'", "'day'"]),
        (f"{HEAD},published,date_precision\n{ROW},2020-11-23,\n", "articles.csv, row 2:", ["published '2020-11-23'"]),
        (f"{HEAD},published,date_precision\n{ROW},,day\n", "articles.csv, row 2:", ["published ''"]),
        (f"{HEAD},published,date_precision\n{ROW},2020-13-45,day\n", "articles.csv, row 2:", ["2020-13-45"]),
        (f"{HEAD}\n1,b.txt,A,P\n", "articles.csv, row 2:", ["no such article 'b.txt'"]),
        (f"{HEAD}\n1,../a.txt,A,P\n", "articles.csv, row 2:", ["'../a.txt' leaves the study's folder"]),
        (f"{HEAD}\n1,/elsewhere/a.txt,A,P\n", "articles.csv, row 2:", ["leaves the study's folder"]),
        (f"{HEAD}\n1,.,A,P\n", "articles.csv, row 2:", ["cannot be read"]),
        (f"{HEAD}\n1,a\x00.txt,A,P\n", "articles.csv, row 2:", []),
        (f"{HEAD}\n1,bad.txt,A,P\n", "articles.csv, row 2:", ["'bad.txt' is not UTF-8", "byte 2"]),
        (f"{HEAD}\n1,blank.txt,A,P\n", "articles.csv, row 2:", ["'blank.txt' holds no text"]),
    ],
)
def test_faults_are_told_in_one_line(read, tmp_path, table, place, told):
    with pytest.raises(InputError) as caught:
        read(table, {"a.txt": b"Some text.", "bad.txt": b"ab\xff", "blank.txt": b" \n\t\n"})
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / place}") or f") {tmp_path / place}" in message
    assert all(part in message for part in told)
    assert len(message.splitlines()) == 1
    assert "; " in message, "the message says what to do"
