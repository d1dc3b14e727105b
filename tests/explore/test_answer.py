import html
import re
from dataclasses import replace

import pytest
from pandas.testing import assert_frame_equal

from pressframes import measures
from pressframes.errors import InputError
from pressframes.explore import View, look, read_view, save_view
from pressframes.explore.answer import LINES_SHOWN
from pressframes.layers.regions import KEPT
from pressframes.study import Study

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
        assert len(links) == (seen.lines.frame["article_id"].head(LINES_SHOWN) == seen.article).sum()

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


def test_draws_articles_in_those_groups_that_have_enough(make_study):
    mixed = Study.load(make_study({(f"{group}{i}", group): f"The regime said so {'again and again ' * i}. A provocation by Russia, {group} said. The regime fell. So it was. It ended. All went." for group, articles in (("North", 9), ("South", 3)) for i in range(articles)}))
    seen = look(mixed, View())
    assert "elsewhere" in seen.rates.notes[0] and seen.rates.frame[["low", "high"]].notna().all(axis=None)
    assert_frame_equal(seen.rates.to_frame(), mixed.rates("loaded").to_frame())
    for by, strata in ((("group",), {"North": "group", "South": None}), (("group", "category"), {"North": "group", "South": None})):
        told = mixed.rates("loaded", by=by).frame
        events, words, _ = mixed._counted("loaded", by, target=None, voice=None, lexicon="curated")
        for group, within in strata.items():
            alone = measures.rates(events, words, by=by, levels=mixed._levels(by, "loaded"), sentences=mixed._sentences[mixed._sentences["group"] == group] if within is None else mixed._sentences, strata=within, seed=mixed.settings.seed)
            assert set(told.loc[told["group"] == group, "drawn"]) == {"articles" if within else "sentences"}
            assert_frame_equal(told[told["group"] == group].drop(columns="drawn").reset_index(drop=True), alone[alone["group"] == group].reset_index(drop=True))


def test_an_article_without_such_words_is_drawn_too(eighteen):
    told = look(eighteen, View(voices=("direct",))).rates.frame
    assert told["count"].tolist() == [8, 8] and (told["low"] < told["rate"]).all() and (told["rate"] < told["high"]).all()
    assert_frame_equal(look(eighteen, View(groups=("South",))).rates.frame, look(eighteen, View()).rates.frame.iloc[1:].reset_index(drop=True), check_exact=False, rtol=0.2)


def test_a_sentence_with_two_targets_counts_once(study, tables):
    both = tables.mentions[tables.mentions["target"].isin(("russia", "us"))][["article_id", "sentence_id"]].drop_duplicates()
    assert look(study, View(targets=("russia", "us"))).rates.frame["words"].sum() == len(tables.tokens.merge(both, on=["article_id", "sentence_id"]))
    loaded = tables.loaded[tables.loaded["lexicon"] == "curated"]
    assert look(study, View(targets=("russia", "us"))).lines.total == len(loaded.merge(both, on=["article_id", "sentence_id"]))


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
