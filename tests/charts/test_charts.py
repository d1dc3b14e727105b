"""Each chart: the same picture each time, nothing cut off, every mark a number of its table."""

import html
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from pages import write_study
from pixels import difference

from pressframes import charts
from pressframes.charts import letters
from pressframes.charts.figure import make_figure, palette
from pressframes.charts.letters import UNKNOWN
from pressframes.results import Figure, Table
from pressframes.scale import Measured
from pressframes.study import Study
from pressframes.validation import Validation

FIGURES = Path(__file__).parents[2] / "figures"
DRAW = {
    "loaded": lambda study: charts.loaded(study.rates("loaded", by=study.rows)),
    "loaded_categories": lambda study: charts.loaded_categories(study.rates("loaded", by=(*study.rows, "category"))),
    "loaded_targets": lambda study: charts.loaded_targets(study.rates("loaded", by=("target", "group", "voice"))),
    "mentions": lambda study: charts.mentions(study.rates("mentions", by=(*study.rows, "target"))),
    "who_speaks": lambda study: charts.who_speaks(study.voice_shares(study.rows)),
    "naming": lambda study: charts.naming(study.naming(), study.groups),
    "keyness": lambda study: charts.keyness([study.keyness(group) for group in study.contrasts]),
    "similarity": lambda study: charts.similarity(study.similarity(), study.groups),
    "strips": charts.strips,
    "specification": lambda study: charts.specification(study.specification(), study.groups),
    "tone": lambda study: charts.tone(study.tone()),
    "accuracy": lambda study: charts.accuracy(Validation.load().figures()),
    "growth": lambda study: charts.growth(Measured.load().growth()),
}


@pytest.fixture(scope="module")
def figures(study):
    return {name: draw(study) for name, draw in DRAW.items()}


def test_every_stored_figure_is_drawn_here():
    assert {file.stem for file in FIGURES.glob("*.png")} == set(DRAW)


@pytest.mark.parametrize("name", DRAW)
class TestFigure:
    def test_is_byte_identical_when_drawn_again(self, name, figures, study):
        again = DRAW[name](study)
        assert (again.png, again.svg) == (figures[name].png, figures[name].svg)

    def test_is_the_stored_one(self, name, figures):
        assert difference((FIGURES / f"{name}.png").read_bytes(), figures[name].png) == ""

    def test_nothing_touches_the_edge(self, name, figures):
        pixels = np.asarray(Image.open(io.BytesIO(figures[name].png)).convert("L"))
        for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
            assert edge.min() > 200

    def test_labels_are_in_plain_letters(self, name, figures):
        assert not re.search(r"\$|\\math", figures[name].svg)

    def test_alternative_text_tells_more_than_the_title(self, name, figures):
        figure = figures[name]
        assert len(figure.alt) > len(figure.title) and re.search(r"\d|:", figure.alt)
        assert f'alt="{html.escape(figure.alt[:20])}' in figure._repr_html_()

    def test_shows_the_numbers_of_its_table(self, name, figures):
        figure = figures[name]
        assert len(figure.to_frame()) > 0
        csv = figure._repr_mimebundle_()["text/csv"]
        assert csv.splitlines()[0].split(",") == list(figure.to_frame().columns)


def test_the_map_of_whole_groups_is_drawn(study):
    assert set(charts.similarity(study.similarity("group"), study.groups).to_frame()["group"]) == set(study.groups)


def test_a_changed_colour_is_seen(figures):
    picture = Image.open(io.BytesIO(figures["loaded"].png)).convert("RGB")
    pixels = np.asarray(picture).copy()
    orange = (np.abs(pixels.astype(int) - (0xD5, 0x5E, 0x00)).max(axis=2) < 10)
    assert orange.sum() > 50
    pixels[orange] = (0x00, 0x9E, 0x73)
    changed = io.BytesIO()
    Image.fromarray(pixels).save(changed, format="png")
    assert "differ" in difference(figures["loaded"].png, changed.getvalue())


def test_points_of_the_loaded_chart_stand_where_the_table_says(study):
    rates = study.rates("loaded", by=study.rows)
    svg = charts.loaded(rates)
    values = [f"{row.rate:.1f} ({row.n})" for row in rates.to_frame().rename(columns={"count": "n"}).itertuples()]
    assert all(value in svg.svg for value in values)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_stand_out_from_white():
    colours = [*palette()["groups"], *palette()["targets"], *palette()["voices"].values(), *palette()["polarity"].values()]
    assert all(1.05 / (_luminance(colour) + 0.05) >= 3 for colour in colours)


def test_with_nothing_to_draw_a_figure_says_so(study):
    empty = study.rates("loaded", by=("target", "group", "voice")).where(group="no such group")
    figure = charts.loaded_targets(empty)
    assert "Nothing of this kind" in figure.svg and len(figure.to_frame()) == 0


def rates(groups, *, targets=("Russia",), drawn="sentences", kinds=("the first", "the second")) -> Table:
    """A made-up table as `study.rates` gives it: by target, group, voice and category."""
    rows = [(target, group, voice, kind, 5 + i, 1000, 5.0 + i, 3.0 + i, 8.0 + i, drawn if isinstance(drawn, str) else drawn[i]) for target in targets for i, group in enumerate(groups) for voice in ("outlet", "indirect", "direct") for kind in kinds]
    frame = pd.DataFrame(rows, columns=["target", "group", "voice", "category", "count", "words", "rate", "low", "high", "drawn"])
    frame.attrs["groups"] = list(groups)
    return Table(frame, "made_up", "Made up", ("Interval: 95 %, where a group has 8 articles or more whole articles drawn anew within their group; it covers articles like these; elsewhere sentences drawn anew within these articles.",) * 2)


def only(table: Table, **equal) -> Table:
    kept = (table.frame[list(equal)] == pd.Series(equal)).all(axis=1)
    return Table(table.frame[kept].reset_index(drop=True), table.name, table.caption, table.notes)


MANY = {
    "long names": ("A Newspaper with a Long Name, Morning Edition", "Another Paper with a Long Name, Evening Edition", "The Third Paper of That Kind in This Town"),
    "fifteen groups": tuple(f"group {i}" for i in range(15)),
    "scripts that need other fonts": ("中国时报", "조선일보", "नवभारत 👍🏽"),
    "other scripts": ("صحيفة الشرق الأوسط", "Независимая газета", "evil \u202ereversed", "$cash$ & x^2_1"),
}


@pytest.mark.parametrize("groups", MANY.values(), ids=MANY)
def test_any_number_of_groups_of_any_name_fit(groups, study, recwarn):
    curve = study.specification().to_frame()[["choice", "variant"]].assign(**{name: 1.0 + i for i, name in enumerate(groups)}, **{f"{name} terms": 9 for name in groups})
    likeness = pd.DataFrame({"outlet": groups, "group": groups, "nearest": groups[::-1], "x": range(len(groups)), "y": 0.0})
    made = rates(groups)
    drawn = [
        charts.specification(Table(curve, "curve", "A curve"), groups), charts.similarity(Table(likeness, "likeness", "Likeness"), groups),
        charts.loaded(only(made, voice="outlet", category="the first")), charts.loaded_categories(only(made, voice="outlet")), charts.loaded_targets(only(made, category="the first")),
        charts.mentions(only(made, voice="outlet", category="the first")),
    ]  # fmt: skip
    assert not [str(warning.message) for warning in recwarn if re.search(r"layout|Glyph|math", str(warning.message))]
    for figure in drawn:
        pixels = np.asarray(Image.open(io.BytesIO(figure.png)).convert("L"))
        assert min(edge.min() for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])) > 200, figure.name


def in_letters(names) -> Figure:
    def draw(canvas):
        axes = canvas.subplots()
        axes.plot(range(len(names)), range(len(names)), label=names[0])
        axes.set_yticks(range(len(names)), names)
        axes.set_title(names[0])
        axes.legend()

    return make_figure(draw, name="letters", title=f"Of {names[0]}", alt="A line", caption="How to read it.", frame=pd.DataFrame({"name": names}), height=2)


def test_a_letter_that_the_own_font_lacks_is_drawn_by_another(recwarn, caplog):
    letter = min(letters._letters("STIXGeneral") - letters._letters("DejaVu Sans"))
    figure = in_letters([f"{letter} Times", "Plain"])
    assert figure.svg.count(f"{letter} Times") == 4 and UNKNOWN not in figure.svg and figure.caption == "How to read it."
    assert "'DejaVu Sans', '" in figure.svg and not recwarn.list and not caplog.records
    plain = in_letters(["Café “Łódź” Независимая الأوسط", "Plain"])
    assert "'DejaVu Sans', '" not in plain.svg and plain.caption == "How to read it."


def test_a_letter_that_no_font_has_is_told(monkeypatch, recwarn):
    known = letters._letters("DejaVu Sans")
    monkeypatch.setattr(letters, "_letters", lambda family: known)
    figure = in_letters(["中国 Times", "नव", "Plain"])
    assert figure.svg.count(f"{UNKNOWN * 2} Times") == 4 and f">{UNKNOWN * 2}<" in figure.svg and not re.search("[中国नव]", figure.svg)
    assert figure.caption.startswith(f"How to read it. {UNKNOWN} stands for a letter that no font of this machine has") and figure.to_frame()["name"][0] == "中国 Times"
    assert not recwarn.list


def test_a_mark_and_a_colour_belong_to_one_group_alone():
    assert len({charts._mark(i) for i in range(36)}) == 36


def test_each_line_is_drawn_as_what_its_interval_draws():
    dashes = lambda drawn: [tuple(style) for style in re.findall(r"stroke-dasharray: ([\d.]+), ?([\d.]+)", charts.loaded(only(rates(("A", "B"), drawn=drawn), voice="outlet", category="the first")).svg)]
    assert [len(dashes(drawn)) for drawn in ("articles", ("articles", "sentences"), "sentences")] == [0, 1, 2]
    mixed = charts.loaded(only(rates(("A", "B"), drawn=("articles", "sentences")), voice="outlet", category="the first")).caption
    assert "solid where a group has 8 articles" in mixed and "dotted elsewhere, sentences drawn anew" in mixed


def test_what_an_interval_draws_is_said_of_each_rate(tmp_path):
    plain = "Russia met the council on Monday. It was a shameful farce. "
    texts = {(f"{group}{i}", group): f"Article {i}. " + plain * (2 + i % 3) for group, number in (("A", 8), ("B", 3)) for i in range(number)}
    two = Study.load(write_study(tmp_path / "s", texts))
    assert two.rates("loaded").to_frame().set_index("group")["drawn"].to_dict() == {"A": "articles", "B": "sentences"}
    assert set(two.rates("loaded", by=("article_id",)).to_frame()["drawn"]) == {"sentences"}
    assert charts.loaded(two.rates("loaded")).svg.count("stroke-dasharray") == 1


def test_a_group_keeps_its_colour_where_others_have_no_row():
    groups = ("A", "B", "C")
    whole, part = (rates(groups, targets=("Russia",)), only(rates(groups, targets=("Russia",)), group="C"))
    assert part.frame["group"].unique().tolist() == ["C"]
    svg = charts.loaded_targets(only(part, category="the first")).svg
    assert palette()["groups"][2].lower() in svg.lower() and palette()["groups"][0].lower() not in svg.lower()
    assert palette()["groups"][0].lower() in charts.loaded_targets(only(whole, category="the first")).svg.lower()


@pytest.mark.parametrize(("name", "says"), {
    "loaded": lambda study: max(study.rates("loaded", by=study.rows).to_frame().itertuples(), key=lambda row: row.rate),
    "who_speaks": lambda study: max(study.voice_shares(study.rows).to_frame().query("voice == 'outlet'").itertuples(), key=lambda row: row.rate),
}.items())  # fmt: skip
def test_the_sentence_names_the_highest(name, says, figures, study):
    row = says(study)
    sentence = figures[name].alt.split(". ")[0]
    assert row.article_id in sentence and (f"{row.rate:.1f}" in sentence or f"{row.rate:.0f} %" in sentence)


def test_every_figure_says_what_to_see(figures):
    for figure in figures.values():
        first = figure.alt.split()[0]
        assert first in figure.svg and not figure.alt.startswith(figure.title)


def test_too_few_terms_are_not_ranked():
    few = only(rates(("A", "B")), voice="outlet", category="the first")
    few.frame["count"] = [4, 9]
    assert "too few to rank" in charts.loaded(few).alt and "Most loaded" not in charts.loaded(few).alt
