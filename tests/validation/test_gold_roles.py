from pathlib import Path

import pytest

from pressframes.errors import InputError
from pressframes.validation.instrument import ITEM_COLUMNS
from pressframes.validation.roles import INSTRUMENT, judge, read_gold

GOLD = Path(__file__).parents[2] / "gold" / "roles"
HEADER = "part,corpus,article,sentence,start,end,target,role,predicate,negated\n"


@pytest.fixture
def folder(tmp_path):
    def of(*rows):
        (tmp_path / "roles.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return tmp_path

    return of


def test_gold_holds_a_hundred_sentences_a_part_of_articles_of_their_own():
    gold = read_gold(GOLD)
    parts = {part: {(role.article, role.sentence) for role in gold if role.part == part} for part in ("dev", "test")}
    articles = {part: {article for article, _ in found} for part, found in parts.items()}
    assert [len(found) for found in parts.values()] == [100, 100] and [len(found) for found in articles.values()] == [100, 100]
    assert not articles["dev"] & articles["test"]
    assert len({(role.article, role.sentence, role.start) for role in gold}) == len(gold)
    assert all((role.role == "none") == (role.predicate == "") for role in gold)


def test_each_mention_is_an_item(folder):
    items = judge(folder("test,c,1,Russia attacked the US.,0,6,russia,agent,attack,no", "test,c,1,Russia attacked the US.,20,22,us,none,,"), part="test")
    assert items["text"].tolist() == ["[Russia] attacked the US.", "Russia attacked the [US]."]
    assert items["gold"].tolist() == ["agent", "none"] and items["predicted"].tolist() == ["agent", "patient"]
    assert set(items["cluster"]) == {"c/1"} and items["item"].is_unique
    assert items["predicted_predicate"].tolist() == ["attack", "attack"]


@pytest.mark.parametrize(
    "row, said",
    [
        ("train,c,1,Russia left.,0,6,russia,agent,leave,no", "row 2: unknown part 'train'"),
        ("test,c,1,Russia left.,0,6,russia,hero,leave,no", "or role 'hero'"),
        ("test,c,1,Russia left.,0,60,russia,agent,leave,no", "row 2: mention 0-60 lies outside"),
        ("test,c,1,Russia left.,x,6,russia,agent,leave,no", "row 2: mention x-6 lies outside"),
    ],
)
def test_bad_gold_is_refused(folder, row, said):
    with pytest.raises(InputError, match=said):
        read_gold(folder(row))


def test_a_part_without_sentences_is_refused(folder):
    with pytest.raises(InputError, match="no sentence of part 'test'"):
        judge(folder("dev,c,1,Russia left.,0,6,russia,agent,leave,no"), part="test")


def test_the_instrument_reaches_its_goal():
    items = INSTRUMENT.items(GOLD)
    assert list(items.columns[: len(ITEM_COLUMNS)]) == list(ITEM_COLUMNS)
    hits = ((items["gold"] == items["predicted"]) & (items["gold"] != INSTRUMENT.negative)).sum()
    counted = (items["gold"] != INSTRUMENT.negative).sum() + (items["predicted"] != INSTRUMENT.negative).sum()
    assert 2 * hits / counted >= INSTRUMENT.goal
