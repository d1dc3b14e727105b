"""From a table to its sentences and its chart: `explain` and `plot`."""

import re
from dataclasses import replace

import pytest

from pressframes.errors import InputError, known
from pressframes.results import Figure
from pressframes.study import Study

COUNTED = {
    "rates": lambda study: study.rates("loaded", by=("group", "voice")), "near": lambda study: study.rates("loaded", by=("target", "group")), "mentions": lambda study: study.rates("mentions", by=("group", "target")),
    "opinion": lambda study: study.rates("loaded", lexicon="opinion", voice="outlet"), "names": lambda study: study.rates("naming", by=("variant",)), "scare": lambda study: study.rates("scare"), "tone": lambda study: study.tone(),
    "entries": lambda study: study.loaded_entries(target="russia"), "mentioned_as": lambda study: study.mentioned_as(), "naming": lambda study: study.naming(), "collocates": lambda study: study.collocates("russia"),
    "window": lambda study: study.collocates("russia", window=5, group="Turan"), "relations": lambda study: study.relations("russia", group="Turan", voice="outlet"), "keyness": lambda study: study.keyness("Turan"),
    "voices": lambda study: study.keyness("outlet", by="voice", reference="direct"), "pairs": lambda study: study.keyness("Turan", length=2), "contexts": lambda study: study.keyness("russia", by="target", reference="us"),
    "lockwords": lambda study: study.lockwords("Turan"), "words": lambda study: study.words_by_group(), "shift": lambda study: study.word_shift("Turan", reference="Bulgarian"), "toward": lambda study: study.toward(),
    "differences": lambda study: study.differences(),
}  # fmt: skip
CHARTED = [name for name in COUNTED if name not in ("window", "pairs", "contexts", "voices", "opinion")]


@pytest.mark.parametrize("ask", COUNTED.values(), ids=COUNTED)
def test_as_many_lines_stand_behind_a_row_as_it_counts(study, ask):
    table = ask(study)
    rows = table.frame.iloc[:: max(1, len(table.frame) // 6)]
    for i, row in enumerate(rows.to_dict("records")):
        counted = row["count"] if "count" in row else row["count_a"] + row["count_b"]
        assert len(replace(table, frame=rows.iloc[[i]]).explain()) == counted
    assert len(rows) and rows.filter(regex="^count").to_numpy().sum() > 0


def test_the_whole_and_its_parts(study):
    table = study.rates("loaded", by="group")
    assert table.explain().to_frame().equals(study.concordance(loaded="*").to_frame())
    for group, count in table.frame[["group", "count"]].itertuples(index=False):
        lines = table.explain(group=group)
        assert len(lines) == count == len(table.where(group=group).explain()) and set(lines.to_frame()["group"]) == {group}
    assert table.explain(group="Turan").to_frame().equals(study.concordance(loaded="*", group="Turan").to_frame())
    assert len(table.explain(group="Turan", voice="outlet")) == len(study.concordance(loaded="*", group="Turan", voice="outlet")) > 0
    assert sum(len(study.naming().explain(held=held)) for held in (True, False)) == study.naming().frame["count"].sum()


def test_targets_go_by_key_and_by_label(study):
    table = study.rates("mentions", by=("group", "target"))
    assert table.explain(target="us").to_frame().equals(table.explain(target="the US").to_frame()) and len(table.explain(target="us")) == len(study.concordance(target="us"))
    assert table.explain(target="us").caption == "Mentions of targets by group, target, the US"


def test_sides_of_a_comparison(study):
    table = study.keyness("Turan", reference="Bulgarian")
    first = table.frame.iloc[0]
    sides = [len(table.explain(term=first["term"], side=side)) for side in ("Turan", "Bulgarian")]
    assert sides == [first["count_a"], first["count_b"]] and "Azerbaijani" not in set(table.explain().to_frame()["group"])


def test_voices_are_told_by_their_stretches(study, tables):
    lines = study.voice_shares().explain(voice="direct", article_id="002").to_frame()
    inside = tables.tokens[(tables.tokens["article_id"] == "002") & (tables.tokens["voice"] == "direct")]
    assert sum(((inside["start"] >= row.start) & (inside["end"] <= row.end)).sum() for row in lines.itertuples()) == len(inside) > 0


def test_quotations_are_told_by_their_stretches(study):
    lines = study.quotations().explain()
    assert len(lines) == sum(len(study.voice_shares().explain(voice=voice)) for voice in ("direct", "indirect")) > 0


def test_frames_are_told_by_their_sentences(study, tables):
    lines, layer = study.frames().explain(frame="conflict").to_frame(), tables.frames.query("frame == 'conflict'")
    assert [f"{row.article_id} {row.sentence_id}" for row in lines.itertuples()] == [f"{row.article_id} {place}" for row in layer.itertuples() for place in sorted(map(int, row.passages.split()))]


@pytest.mark.parametrize(
    "ask, told",
    [
        (lambda study: study.rates("loaded").explain(group="Turn"), "unknown group 'Turn'; did you mean Turan? use Azerbaijani, Bulgarian, Turan"), (lambda study: study.rates("loaded").explain(grop="x"), "did you mean group?"),
        (lambda study: study.rates("loaded").explain(category="x"), "unknown category 'x'; use "), (lambda study: study.similarity().explain(), "does not count"), (lambda study: study.frames().plot(), "no chart fits"),
        (lambda study: study["0002"], "unknown article '0002'; did you mean 002"), (lambda study: study.rates("loaded", target="rusia"), "did you mean russia?"), (lambda study: study.keyness("Turn"), "did you mean Turan?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line_with_what_is_known(study, ask, told):
    with pytest.raises(InputError, match=re.escape(told)) as error:
        ask(study)
    assert error.value._render_traceback_() == [f"InputError: {error.value}"] and "\n" not in str(error.value)


def test_of_many_names_some_are_told():
    assert known("outlet 7", [f"outlet {i}" for i in range(90)]).endswith("outlet 11 (and 78 more)")


@pytest.mark.parametrize("name", CHARTED)
def test_a_chart_shows_the_rows_of_its_table(study, name):
    table = COUNTED[name](study)
    figure = table.plot()
    assert isinstance(figure, Figure) and figure.png.startswith(b"\x89PNG") and len(figure.alt) > 40
    assert {*table.frame.columns} >= {*figure.frame.columns} and 0 < len(figure.frame) <= len(table.frame)


def test_a_chart_tells_what_it_leaves_out(study):
    table = study.keyness("Turan")
    assert f"The first 30 of {len(table.frame)} rows." in table.plot().caption
    table = study.rates("loaded", by="group")
    assert "The first" not in table.plot().caption and all(f"{row.group} {row.rate:.1f}" in table.plot().alt for row in table.frame.itertuples())


def test_a_concordance_is_plotted_article_by_article(study):
    lines = study.concordance("Russia")
    figure = lines.plot()
    assert len(figure.frame) == len(lines) and figure.frame["place"].between(0, 100).all()
    for article, count in lines.frame["article_id"].value_counts().items():
        assert f"{article} {count}" in figure.alt
    assert "Nothing" not in study.concordance("xylophone").plot().alt and len(study.concordance("xylophone").plot().frame) == 0


NASTY = '<script>alert(1)</script> <img src=x onerror=alert(1)> & "x'


class TestViews:
    @pytest.fixture
    def hostile(self, make_study):
        return Study.load(make_study({("a", "North <script>alert(1)</script>"): f"{NASTY} said Russia. The regime fell."}))

    def test_show_text_as_text(self, hostile):
        group = hostile.groups[0]
        shown = [hostile, hostile["a"], hostile.annotations(), hostile.rates("loaded"), hostile.rates("loaded").explain(), hostile.rates("loaded").plot(), hostile.concordance("regime"), hostile.concordance("regime").plot(), hostile.rates("loaded", by=("group", "voice")).where(group=group)]
        for thing in shown:
            assert not re.search(r"<(?:script|img src=x)", thing._repr_html_()) and repr(thing)
        assert "&lt;script&gt;" in hostile._repr_html_() and "&lt;script&gt;" in hostile["a"]._repr_html_()

    def test_a_study_shows_its_groups_and_what_it_cannot_tell(self, study):
        page = study._repr_html_()
        assert all(group in page for group in study.groups) and study.design().text in page and study.settings.title in page
        assert list(study) == list(study.articles) and study["001"] == study.articles[1] and study._ipython_key_completions_() == [article.article_id for article in study.articles]

    def test_an_article_shows_its_text_whole(self, study):
        import html

        page = study["001"]._repr_html_()
        assert html.unescape(page.split('">')[-1].removesuffix("</pre>")) == study.text("001") and study["001"].text not in repr(study["001"])

    def test_an_article_lists_and_draws_its_marks(self, study, tables):
        article = study["001"]
        marks, figure = article.to_frame(), article.plot()
        assert marks["text"].tolist() == [article.text[start:end] for start, end in zip(marks["start"], marks["end"])] and marks["start"].is_monotonic_increasing
        of = lambda table: table[table["article_id"] == "001"]
        voices, loaded = of(tables.voices), of(tables.loaded)
        wanted = {"target": len(of(tables.mentions)), "loaded term": int((loaded["lexicon"] == "curated").sum()), "rival name": len(of(tables.naming))}
        wanted |= {mark: int((voices["kind"] == kind).sum()) for kind, mark in (("scare", "scare quotes"), ("direct", "quoted"), ("indirect", "reported"))}
        assert marks["mark"].value_counts().to_dict() == {mark: count for mark, count in wanted.items() if count} and len(marks) > 50
        sentences = of(tables.sentences).set_index("sentence_id").loc[marks["sentence_id"]]
        assert (sentences["start"].to_numpy() <= marks["start"]).all() and (marks["start"] < sentences["end"].to_numpy()).all()
        assert set(figure.to_frame()["article_id"]) == {"001"} and len(figure.to_frame()) == len(marks) - wanted["rival name"] - wanted["scare quotes"] and "001" in figure.alt and "002" not in figure.alt
        assert all(one.to_frame().equals(study[one.article_id].to_frame()) for one in study)
        with pytest.raises(InputError, match=r"study\['001'\]\.plot"):
            study.articles[1].plot()

    def test_an_article_without_a_mark_says_so(self, make_study):
        from pressframes.study import Study

        article = Study.load(make_study({("a", "A"): "Trees grow in the park.\n", ("b", "B"): "Russia has trees.\n"}))["a"]
        assert article.to_frame().empty and "Nothing of this kind" in article.plot().svg

    def test_annotations_show_their_layers(self, tables):
        assert tables.to_frame()["rows"].tolist() == [len(table) for table in tables.tables().values()] and all(name in tables._repr_html_() for name in tables.tables())

    def test_a_long_concordance_shows_its_first_lines(self, study):
        lines = study.concordance("the")
        assert len(lines) > 200 and lines._repr_html_().count("<tr>") == 201 and f"{len(lines)} lines, the first 200 shown" in repr(lines)
