import csv
import io

import pandas as pd
import pytest

from pressframes.errors import InputError
from pressframes.explore import View, look, read_view, save_lines, save_view, saved_views
from pressframes.explore.steps import MOST_LINES
from pressframes.study import Study


@pytest.fixture
def small(make_study):
    return Study.load(make_study({("a", "North"): "=SUM(A1) was the regime of Russia.\n\n- The regime said so. -The regime was there.", ("b", "South"): "@home the regime of the US."}))


@pytest.mark.parametrize("save", [save_view, save_lines])
def test_nothing_is_written_over_unasked(small, save):
    first = save(small, View(), "x")
    kept = first.read_bytes()
    assert save(small, View(), "x") == first  # it says the same
    with pytest.raises(InputError, match="already there"):
        save(small, View(term="regime", groups=("North",)), "x")
    assert first.read_bytes() == kept
    assert save(small, View(term="regime", groups=("North",)), "x", over=True).read_bytes() != kept


def test_a_name_makes_a_file_beside_the_study_and_nowhere_else(small):
    assert save_view(small, View(), "../../etc/x y").parent == small.settings.folder
    with pytest.raises(InputError, match="no name for a file"):
        save_view(small, View(), "../..")


def test_no_line_is_left_out(make_study):
    many = Study.load(make_study({("a", "North"): "The regime was there. " * (MOST_LINES + 1)}))
    seen = look(many, View(term="regime"))
    assert len(seen.lines) == MOST_LINES < seen.lines.total == seen.rates.frame["count"].sum() == len(pd.read_csv(save_lines(many, View(term="regime"), "x")))


def test_lines_are_no_formula(small):
    text = save_lines(small, View(term="regime"), "x").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4 and not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert [row["left"] for row in rows if row["left"].startswith("'")] == [f"'{left}" for left in small.concordance("regime").frame["left"] if left.startswith(("=", "-", "@"))] != []


@pytest.mark.parametrize("text", ['"', "\\", "a\nb", "\x7f\x01", "‮ü👍🏽", "'''", "]", "# x"])
def test_a_view_keeps_any_text(small, text):
    view = View(term=text, added=(text, "b"), regex=True)
    assert read_view(save_view(small, view, "x", over=True)) == view


@pytest.mark.parametrize("text, said", [("term = 1", "term: must be a text"), ("groups = 'North'", "groups: must be a list"), ("groups = [1]", "groups: must be a list"), ("colour = 1", "unknown key"), ("term = ", "cannot be read"), ("regex = 'x'", "true or false")])
def test_a_wrong_file_is_told(tmp_path, text, said):
    (tmp_path / "view.toml").write_text(text)
    with pytest.raises(InputError, match=said):
        read_view(tmp_path / "view.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_view(tmp_path / "none.toml")


def test_saved_views_are_listed_by_name(small):
    assert saved_views(small) == {}
    for name in ("second", "First one"):
        save_view(small, View(term=name), name)
    save_lines(small, View(), "second")
    assert list(saved_views(small)) == ["first_one", "second"] and read_view(saved_views(small)["second"]) == View(term="second")
