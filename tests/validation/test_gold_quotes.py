from pathlib import Path

import pytest

from pressframes.errors import InputError
from pressframes.validation.instrument import ITEM_COLUMNS
from pressframes.validation.quotes import INSTRUMENT, LABELS, PARTS, judge, read_gold

GOLD = Path(__file__).parents[2] / "gold" / "quotes"
HEADER = "part,corpus,article,start,excerpt,quoted,label\n"


@pytest.fixture
def folder(tmp_path):
    def of(*rows):
        (tmp_path / "quotes.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return tmp_path

    return of


def test_gold_shares_no_article_and_no_excerpt_between_development_and_test():
    gold = read_gold(GOLD)
    dev, first, second = ([quote for quote in gold if quote.part == part] for part in PARTS)
    assert (len(dev), len(first), len(second)) == (1672, 121, 143)
    assert not {quote.article for quote in dev} & {quote.article for quote in first + second}
    assert not {quote.excerpt for quote in dev} & {quote.excerpt for quote in first + second}
    assert not {quote.excerpt for quote in first} & {quote.excerpt for quote in second}
    assert all(len(quote.excerpt) <= 300 for quote in gold)
    assert {quote.label for quote in dev} == {quote.label for quote in first} == {quote.label for quote in second} == set(LABELS)


def test_each_quote_is_an_item(folder):
    items = judge(folder("test,c,1,10,They held “elections” there.,“elections”,scare", "dev,c,2,8,He said “no” to them.,“no”,direct", "test,c,3,8,He said “no” to them.,“no”,scare"), part="test")
    assert items["text"].tolist() == ["They held [“elections”] there.", "He said [“no”] to them."]
    assert items["gold"].tolist() == ["scare", "scare"] and items["predicted"].tolist() == ["scare", "direct"]
    assert items["cluster"].tolist() == ["c/1", "c/3"] and items["item"].is_unique


def test_a_quote_whose_marks_are_paired_otherwise_takes_the_kind_around_it(folder):
    assert judge(folder('test,c,1,4,"“We left and they stayed,” she said.",left and,direct'), part="test")["predicted"].tolist() == ["direct"]


@pytest.mark.parametrize(
    "row, message",
    [
        ("test,c,1,0,A “b” c.,“b”,scare", "does not stand at '0'"),
        ("test,c,1,x,A “b” c.,“b”,scare", "does not stand at 'x'"),
        ("test,c,1,2,A “b” c.,“b”,irony", "unknown part 'test' or label 'irony'"),
        ("train,c,1,2,A “b” c.,“b”,scare", "unknown part 'train'"),
    ],
)
def test_a_row_that_cannot_be_used_is_told(folder, row, message):
    with pytest.raises(InputError, match=message) as error:
        read_gold(folder(row))
    assert "row 2" in str(error.value)


def test_an_empty_part_is_told(folder):
    with pytest.raises(InputError, match="no quote of part 'test'"):
        judge(folder("dev,c,1,2,A “b” c.,“b”,scare"), part="test")


def test_instrument_items_are_of_both_shipped_test_parts():
    items = INSTRUMENT.items(GOLD)
    assert tuple(items.columns) == ITEM_COLUMNS and len(items) == 264 and items["item"].is_unique
    assert set(items["gold"]) == set(LABELS) and set(items["predicted"]) <= set(LABELS)
    assert items["text"].str.fullmatch(r"(?s).*\[.+\].*").all()
