import csv
import html
import io
import re
from dataclasses import asdict, replace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pressframes import explore
from pressframes.errors import InputError
from pressframes.explore import ADDED, View, look, read_view, save_lines, save_view, with_list
from pressframes.layers.regions import KEPT
from pressframes.layers.terms import TermLayers
from pressframes.study import Study
from pressframes.tokens import tokenise

VIEWS = [
    View(), View(groups=("Turan", "Azerbaijani"), voices=("outlet", "direct")), View(targets=("russia", "us")), View(categories=("accusation and blame",)), View(term="provo*", targets=("russia",)),
    View(term=r"\bwar\b|“", regex=True), View(term="Minsk Group", article="003"), View(term="xylophone"), View(groups=("Turan",), targets=("us",), voices=("outlet",)),
    View(added=("armed*", "Minsk Group"), struck=("provocations", "regime"), voices=("outlet",)), View(term="the", added=("incident",), categories=("accusation and blame",)),
]  # fmt: skip
NASTY = '<script>alert(1)</script> "Russia" <img src=x onerror=alert(1)> said & =HYPERLINK("x") it went'


def shown(seen) -> str:
    return seen._repr_html_().split("</style>")[1]


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@pytest.mark.parametrize("view", VIEWS, ids=repr)
class TestEachView:
    def test_its_code_makes_the_same_tables(self, study, view, monkeypatch):
        seen, made = look(study, view), {}
        monkeypatch.chdir(study.settings.folder.parent)
        exec(seen.code.replace(repr(str(study.settings.folder)), "'seeds'"), made)
        for name in ("rates", "places", "lines", "moved"):
            wanted = getattr(seen, name)
            assert (wanted is None) == (name not in made)
            if wanted is not None:
                assert_frame_equal(made[name].to_frame(), wanted.to_frame())
                assert repr(made[name]) == repr(wanted)

    def test_all_its_parts_tell_the_same_count(self, study, view):
        seen = look(study, view)
        assert seen.rates.frame["count"].sum() == seen.places.frame["count"].sum() == seen.lines.total == len(seen.lines)
        assert seen.rates.frame["words"].sum() == seen.places.frame["words"].sum()
        assert f"{seen.lines.total:,} line" in seen.said or (seen.said == "no lines" and not seen.lines.total)

    def test_the_marked_article_is_the_article_with_its_lines_marked(self, study, view):
        seen = look(study, view)
        text, regions = study.text(seen.article), study.annotations().regions
        kept = regions[(regions["article_id"] == seen.article) & regions["kind"].isin(KEPT)]
        paragraphs = re.findall(r'<p class="(?:title|body)">(.*?)</p>', seen.marked, re.DOTALL)
        paragraphs = [re.sub(r"<sup>\d+</sup>", "", paragraph) for paragraph in paragraphs]
        assert [plain(paragraph) for paragraph in paragraphs] == [text[row.start : row.end] for row in kept.itertuples()]
        lines = seen.lines.frame
        marked = "".join(plain(mark) for paragraph in paragraphs for mark in re.findall("<mark>(.*?)</mark>", paragraph, re.DOTALL))
        assert marked == "".join(lines.loc[lines["article_id"] == seen.article, "node"])

    def test_lines_of_the_marked_article_lead_to_their_sentence(self, study, view):
        seen = look(study, view)
        links = re.findall(r'href="#([^"]+)">([^:]+):', seen.sentences)
        assert {article for _, article in links} <= {seen.article} and all(f'<span id="{anchor}">' in seen.marked for anchor, _ in links)
        assert len(links) == (seen.lines.frame["article_id"].head(explore.LINES_SHOWN) == seen.article).sum()

    def test_places_are_words_of_the_article(self, study, view):
        seen, tokens = look(study, view), study.annotations().tokens
        for row in seen.places.frame.itertuples():
            starts = tokens.loc[tokens["article_id"] == row.article_id, "start"].tolist()
            lines = seen.lines.frame
            for at, start in zip(row.at, lines.loc[lines["article_id"] == row.article_id, "start"], strict=True):
                assert 0 <= at < row.n_words == len(starts) and starts[at] >= start and (at == 0 or starts[at - 1] < start)

    def test_it_is_read_as_it_was_saved(self, study, view, tmp_path):
        path = save_view(replace(study, settings=study.settings.model_copy(update={"folder": tmp_path})), view, "Mine")
        assert path.name == "view-mine.toml" and read_view(path) == view


@pytest.mark.parametrize("target", [None, "russia", "peacekeepers"])
@pytest.mark.parametrize("voice", [None, "outlet", "direct"])
def test_agrees_with_the_study(study, target, voice):
    seen = look(study, View(targets=(target,) if target else (), voices=(voice,) if voice else ()))
    assert_frame_equal(seen.rates.to_frame(), study.rates("loaded", target=target, voice=voice).to_frame())
    assert_frame_equal(seen.lines.to_frame(), study.concordance(loaded="*", target=target, voice=voice).to_frame())


@pytest.fixture
def eighteen(make_study):
    """Two groups of nine articles; one article quotes nobody."""
    quoted = lambda i: "" if i == 4 else f" “The regime must {'really ' * i}go,” he said."
    return Study.load(make_study({(f"{group}{i}", group): f"The regime said so {'again and again ' * i}. A provocation by Russia, {group} said.{quoted(i)}" for group in ("North", "South") for i in range(9)}))


def test_draws_articles_where_there_are_enough_as_the_study_does(eighteen):
    for voice in (None, "outlet", "direct"):
        seen = look(eighteen, View(voices=(voice,) if voice else ()))
        assert "whole articles" in seen.rates.notes[0] and seen.rates.frame["count"].min() > 0
        assert_frame_equal(seen.rates.to_frame(), eighteen.rates("loaded", voice=voice).to_frame())


def test_an_article_without_such_words_is_drawn_too(eighteen):
    told = look(eighteen, View(voices=("direct",))).rates.frame
    assert told["count"].tolist() == [8, 8] and (told["low"] < told["rate"]).all() and (told["rate"] < told["high"]).all()
    assert_frame_equal(look(eighteen, View(groups=("South",))).rates.frame, look(eighteen, View()).rates.frame.iloc[1:].reset_index(drop=True), check_exact=False, rtol=0.2)


def test_a_sentence_with_two_targets_counts_once(study, tables):
    both = tables.mentions[tables.mentions["target"].isin(("russia", "us"))][["article_id", "sentence_id"]].drop_duplicates()
    assert look(study, View(targets=("russia", "us"))).rates.frame["words"].sum() == len(tables.tokens.merge(both, on=["article_id", "sentence_id"]))
    loaded = tables.loaded[tables.loaded["lexicon"] == "curated"]
    assert look(study, View(targets=("russia", "us"))).lines.total == len(loaded.merge(both, on=["article_id", "sentence_id"]))


@pytest.mark.parametrize("added, struck", [(("incident",), ()), ((), ("regime",)), (("armed*", "side", "ceasefire"), ("provocation", "occupation", "so called")), (("Minsk Group", "the"), ())])
def test_a_changed_list_finds_what_annotating_with_it_finds(study, tables, added, struck):
    changed = with_list(study, added=added, struck=struck)
    layers, wanted = TermLayers(changed.lexicons), []
    for article_id, sentences in tables.sentences.groupby("article_id", sort=False):
        text = study.text(article_id)
        found = layers.loaded(text, [tokenise(text, row.start, row.end) for row in sentences.itertuples()])
        wanted += sorted((article_id, term.start, term.end, term.entry.entry, term.negated) for term in found if term.lexicon == "curated")
    loaded = changed.annotations().loaded
    curated = loaded[loaded["lexicon"] == "curated"]
    assert sorted(curated[["article_id", "start", "end", "entry", "negated"]].itertuples(index=False, name=None)) == sorted(wanted)
    assert loaded.dtypes.equals(tables.loaded.dtypes)
    starts = tables.tokens.set_index(["article_id", "start"])[["sentence_id", "voice"]]
    assert (starts.loc[list(zip(curated["article_id"], curated["start"]))].to_numpy() == curated[["sentence_id", "voice"]].to_numpy()).all()
    kept = curated.merge(tables.loaded[tables.loaded["lexicon"] == "curated"], on=["article_id", "start", "end", "entry"])
    assert (kept["toward_x"] == kept["toward_y"]).all()
    assert_frame_equal(loaded[loaded["lexicon"] == "opinion"].reset_index(drop=True), tables.loaded[tables.loaded["lexicon"] == "opinion"].reset_index(drop=True))


def test_tells_what_a_changed_list_moves(study):
    moved = look(study, View(added=("incident",), struck=("provocation",))).moved
    before, after = look(study, View()).rates.frame, look(with_list(study, added=("incident",), struck=("provocation",)), View()).rates.frame
    assert moved.frame["before"].tolist() == before["count"].tolist() and moved.frame["after"].tolist() == after["count"].tolist()
    assert moved.frame["rate_after"].tolist() == after["rate"].tolist() and moved.frame["change"].tolist() == (after["rate"] - before["rate"]).tolist()
    assert moved.notes[0].startswith("Added: incident. Struck: provocation.") and (moved.frame["change"] != 0).any()


def test_terms_added_count_whatever_the_categories(study):
    alone = look(study, View(term="Minsk Group")).lines.total
    category = look(study, View(categories=("glorification",))).lines.total
    assert look(study, View(added=("Minsk Group",), categories=("glorification",))).lines.total == alone + category > category > 0
    assert set(with_list(study, added=("Minsk Group",)).annotations().loaded["category"]) >= {ADDED}


@pytest.mark.parametrize(
    "view, said",
    [
        (View(term="(war", regex=True), "is not a regular expression"), (View(term="—"), "holds no word"), (View(groups=("North",)), "groups: unknown 'North'"), (View(targets=("mars",)), "targets: unknown"),
        (View(voices=("all",)), "voices: unknown"), (View(categories=("x",)), "categories: unknown"), (View(article="999"), "unknown article '999'"), (View(added=("provocations",)), "stands in the list already"),
        (View(added=("–",)), "holds no word"), (View(struck=("provocatoin",)), "did you mean provocation"), (View(struck=("zzzz",)), "is no entry"),
    ],
)  # fmt: skip
def test_says_in_one_line_what_is_wrong(study, view, said):
    with pytest.raises(InputError, match=re.escape(said)) as error:
        look(study, view)
    assert "\n" not in str(error.value)


def test_shows_text_as_text(make_study):
    study = Study.load(make_study({("a", "North & <b>South</b>"): f"{NASTY} to the regime.\n\nSo it was."}))
    for view in (View(), View(term="script"), View(term="<img", regex=True), View(term="<b>no", regex=True)):
        seen = look(study, view)
        assert not re.search(r"<(?:script|img|b)\b", shown(seen)) and "<script>alert(1)</script>" in plain(seen.marked)
        assert seen.lines.total == (view.term != "<b>no" and (2 if view.term == "script" else 1))


class TestFiles:
    @pytest.fixture
    def small(self, make_study):
        return Study.load(make_study({("a", "North"): "=SUM(A1) was the regime of Russia.\n\n- The regime said so. -The regime was there.", ("b", "South"): "@home the regime of the US."}))

    @pytest.mark.parametrize("save", [save_view, save_lines])
    def test_nothing_is_written_over_unasked(self, small, save):
        first = save(small, View(), "x")
        kept = first.read_bytes()
        assert save(small, View(), "x") == first  # it says the same
        with pytest.raises(InputError, match="already there"):
            save(small, View(term="regime", groups=("North",)), "x")
        assert first.read_bytes() == kept
        assert save(small, View(term="regime", groups=("North",)), "x", over=True).read_bytes() != kept

    def test_a_name_makes_a_file_beside_the_study_and_nowhere_else(self, small):
        assert save_view(small, View(), "../../etc/x y").parent == small.settings.folder
        with pytest.raises(InputError, match="no name for a file"):
            save_view(small, View(), "../..")

    def test_no_line_is_left_out(self, make_study):
        many = Study.load(make_study({("a", "North"): "The regime was there. " * (explore.MOST_LINES + 1)}))
        seen = look(many, View(term="regime"))
        assert len(seen.lines) == explore.MOST_LINES < seen.lines.total == seen.rates.frame["count"].sum() == len(pd.read_csv(save_lines(many, View(term="regime"), "x")))

    def test_lines_are_no_formula(self, small):
        text = save_lines(small, View(term="regime"), "x").read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == 4 and not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
        assert [row["left"] for row in rows if row["left"].startswith("'")] == [f"'{left}" for left in small.concordance("regime").frame["left"] if left.startswith(("=", "-", "@"))] != []

    @pytest.mark.parametrize("text", ['"', "\\", "a\nb", "\x7f\x01", "‮ü👍🏽", "'''", "]", "# x"])
    def test_a_view_keeps_any_text(self, small, text):
        view = View(term=text, added=(text, "b"), regex=True)
        assert read_view(save_view(small, view, "x", over=True)) == view

    @pytest.mark.parametrize("text, said", [("term = 1", "term: must be a text"), ("groups = 'North'", "groups: must be a list"), ("groups = [1]", "groups: must be a list"), ("colour = 1", "unknown key"), ("term = ", "cannot be read"), ("regex = 'x'", "true or false")])
    def test_a_wrong_file_is_told(self, tmp_path, text, said):
        (tmp_path / "view.toml").write_text(text)
        with pytest.raises(InputError, match=said):
            read_view(tmp_path / "view.toml")
        with pytest.raises(InputError, match="cannot be read"):
            read_view(tmp_path / "none.toml")


class TestWidgets:
    @pytest.fixture
    def desk(self, make_study):
        study = Study.load(make_study({("a", "North"): "The regime spoke. Russia was there.", ("b", "South"): "The regime of the US was there. A war came."}))
        return explore._Desk(study, View())

    def every(self, widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from self.every(child)

    def named(self, desk, text):
        return next(widget for widget in self.every(desk.box) if getattr(widget, "description", "") == text)

    def page(self, desk) -> str:
        return " ".join(plain(pane.value) for pane in desk._panes.values())

    def test_every_control_has_a_label(self, desk):
        controls = [widget for widget in self.every(desk.box) if hasattr(widget, "description") and type(widget).__name__ != "HTML"]
        assert len(controls) > 15 and all(widget.description for widget in controls)

    def test_everything_follows_what_is_picked_and_typed(self, desk):
        assert "Loaded terms: 2 lines" in self.page(desk)
        self.named(desk, "Word, phrase or stem*").value = "there"
        self.named(desk, "South").value = True
        assert desk.view() == View(term="there", groups=("South",))
        assert "“there”, South: 1 line" in self.page(desk) and "The regime of the US was there." in plain(desk._panes["lines"].value)
        assert "<mark>there</mark>" in desk._panes["marked"].value and "at word 7 of 10" in desk._panes["strips"].value and "term='there'" in self.page(desk)
        assert desk._article.options[1][1] == "b"
        self.named(desk, "Article in full").value = "b"
        assert desk.view().article == "b"

    def test_what_is_wrong_stands_in_its_place(self, desk):
        self.named(desk, "is a regular expression").value = True
        self.named(desk, "Word, phrase or stem*").value = "(war"
        assert "is not a regular expression" in desk._panes["status"].value and not desk._panes["tables"].value + desk._panes["lines"].value + desk._panes["marked"].value
        self.named(desk, "Word, phrase or stem*").value = "zzz"
        assert "no lines" in self.page(desk) and desk._panes["tables"].value and not desk._panes["lines"].value

    def test_the_list_can_be_changed(self, desk):
        self.named(desk, "Add to loaded terms").value = "war, was there"
        self.named(desk, "Strike from loaded terms").value = "regime"
        assert desk.view() == View(added=("war", "was there"), struck=("regime",)) and "What the changed list moves" in self.page(desk)

    def test_saves_beside_the_study_and_asks_before_writing_over(self, desk):
        self.named(desk, "Name of the file").value = "first"
        self.named(desk, "Save the view").click()
        saved = desk._study.settings.folder / "view-first.toml"
        assert read_view(saved) == View() and "Saved" in self.page(desk)
        self.named(desk, "South").value = True
        self.named(desk, "Save the view").click()
        assert "already there" in self.page(desk) and read_view(saved) == View()
        self.named(desk, "write over a file of this name").value = True
        self.named(desk, "Save the view").click()
        assert read_view(saved) == View(groups=("South",)) and not self.named(desk, "write over a file of this name").value
        self.named(desk, "Save all lines as CSV").click()
        assert len(pd.read_csv(saved.with_name("lines-first.csv"))) == 1

    def test_begins_with_the_view_given(self, study):
        view = View(groups=("Turan",), targets=("us", "russia"), voices=("direct",), categories=("glorification",), term="war*", added=("x", "y z"), struck=("regime",), article="001")
        begun = asdict(explore._Desk(study, view).view())
        assert {key: set(value) if isinstance(value, tuple) else value for key, value in begun.items()} == {key: set(value) if isinstance(value, tuple) else value for key, value in asdict(view).items()}
        with pytest.raises(InputError, match="unknown"):
            explore.explore(study, View(groups=("Mars",)))
