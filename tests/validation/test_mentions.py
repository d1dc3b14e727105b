"""The mention protocol on sentences made up for it, and the shipped set's own shape."""

import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.validation import mentions
from pressframes.validation.instrument import ITEM_COLUMNS

HEAD = "part,corpus,article,sentence,names,mentions\n"
GOLD = shelf.folder("gold") / "mentions"


@pytest.fixture
def judged(tmp_path):
    """Return {span shown: (gold, predicted)} for sentences given as rows of the set."""

    def of(*rows):
        (tmp_path / "mentions.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        items = mentions.judge(tmp_path, part="test")
        assert tuple(items.columns) == ITEM_COLUMNS
        return {row.text: (row.gold, row.predicted) for row in items.itertuples()}

    return of


def test_a_hit_a_miss_and_a_false_alarm(judged):
    assert judged("test,x,1,Russia met the envoy and Turkey.,,0-6:russia;15-20:us") == {
        "[Russia] met the envoy and Turkey.": ("russia", "russia"),
        "Russia met the [envoy] and Turkey.": ("us", "none"),
        "Russia met the envoy and [Turkey].": ("none", "turkey"),
    }


def test_other_ends_are_a_miss_and_a_false_alarm(judged):
    assert set(judged("test,x,1,The Russian Defense Ministry spoke.,,4-11:russia").values()) == {("russia", "none"), ("none", "russia")}


def test_a_sentence_without_mention_counts_as_none(judged):
    assert judged("test,x,1,Nobody came.,,", "dev,x,2,Russia came.,,0-6:russia") == {"Nobody came.": ("none", "none")}


def test_the_names_of_the_article_introduce_a_surname(judged):
    alone = judged("test,x,1,O'Brien spoke.,,0-7:us")
    known = judged("test,x,1,O'Brien spoke.,Robert O'Brien,0-7:us")
    assert (set(alone.values()), set(known.values())) == ({("us", "none")}, {("us", "us")})


def test_a_dateline_holds_no_mention(judged):
    assert judged("test,x,1,MOSCOW (Sputnik) Nobody came to the meeting of the ministers.,,") == {"MOSCOW (Sputnik) Nobody came to the meeting of the ministers.": ("none", "none")}


@pytest.mark.parametrize(
    "row, message",
    [("test,x,1,Russia.,,0-6", "row 2.*start-end:target"), ("test,x,1,Russia.,,0-9:russia", "row 2.*outside"), ("test,x,1,Russia.,,0-6:rusia", "row 2.*unknown target"), ("dev,x,1,Russia.,,", "no sentence of part")],
)
def test_wrong_rows_are_named(judged, row, message):
    with pytest.raises(InputError, match=message):
        judged(row)


def test_parts_share_no_article_and_spans_are_words():
    gold = mentions.read_gold(GOLD)
    parts = [{sentence.article for sentence in gold if sentence.part == part} for part in ("dev", "test")]
    assert [len(part) for part in parts] == [130, 130] and not parts[0] & parts[1]
    for sentence in gold:
        assert all(sentence.sentence[start:end].strip() == sentence.sentence[start:end] for start, end, _ in sentence.mentions)


def test_items_of_the_shipped_set_cover_every_article():
    items = mentions.INSTRUMENT.items(GOLD)
    assert items["cluster"].nunique() == 130 and set(items["gold"]) <= {*mentions.TARGETS, "none"}
