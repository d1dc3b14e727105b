"""The region protocol on pages made up for it, and the shipped set's own shape."""

import pytest

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.validation import regions
from pressframes.validation.instrument import ITEM_COLUMNS

GOLD = shelf.folder("gold") / "regions"
TITLE, PROSE = "Ministers meet in the capital", "The ministers met in the capital on Monday and talked about the war for three hours."
PAGE = f"{TITLE}\n\n{PROSE}\n\nLeave a Reply"


@pytest.fixture
def judged(tmp_path):
    """Return {(gold, predicted): characters} for one page and its kept ranges."""

    def of(kept, text=PAGE, part="test", page="p"):
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / "p.txt").write_bytes(text.encode("utf-8"))
        (tmp_path / "regions.csv").write_text(f"part,page,made,origin,kept\n{part},{page},printed,x,{kept}\n", encoding="utf-8")
        items = regions.judge(tmp_path, part="test")
        assert tuple(items.columns) == ITEM_COLUMNS
        return {(row.gold, row.predicted): row.n for row in items.itertuples()}

    return of


def count(text):
    return len("".join(text.split()))


def test_characters_are_counted_without_white_space(judged):
    whole = count(TITLE) + count(PROSE)
    assert judged(f"0-{len(TITLE)};{len(TITLE) + 2}-{len(TITLE) + 2 + len(PROSE)}") == {
        ("kept", "kept"): whole, ("kept", "furniture"): 0, ("furniture", "kept"): 0, ("furniture", "furniture"): count("Leave a Reply"),
    }  # fmt: skip


def test_lost_and_added_characters(judged):
    start = PAGE.index("Leave")
    found = judged(f"0-{len(TITLE)};{start}-{len(PAGE)}")
    assert (found["kept", "furniture"], found["furniture", "kept"]) == (count("Leave a Reply"), count(PROSE))


@pytest.mark.parametrize("wrong, message", [({"kept": "0"}, "start-end"), ({"kept": "0-9999"}, "outside"), ({"kept": "0-5", "page": "q"}, "no page"), ({"kept": "0-5", "part": "dev"}, "no page of part")])
def test_wrong_rows_are_named(judged, wrong, message):
    with pytest.raises(InputError, match=message):
        judged(**wrong)


def test_parts_share_no_page_and_chosen_pages_hold_both():
    gold = regions.read_gold(GOLD)
    assert [sum(page.part == part for page in gold) for part in regions.PARTS] == [48, 18, 20] and len({page.page for page in gold}) == len(gold)
    for page in gold:
        kept = sum(count(page.text[start:end]) for start, end in page.kept)
        assert 0 < kept < count(page.text) + (page.part == "natural")


def test_items_of_the_shipped_set_count_every_character_once():
    items = regions.INSTRUMENT.items(GOLD)
    pages = {page.page: count(page.text) for page in regions.read_gold(GOLD) if page.part == "natural"}
    assert items.groupby("cluster")["n"].sum().to_dict() == pages
