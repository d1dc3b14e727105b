"""Each chart: the same picture each time, nothing cut off, every mark a number of its table."""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from pixels import difference

from pressframes import charts
from pressframes.charts.figure import palette
from pressframes.results import Table
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

    def test_alternative_text_tells_more_than_the_title(self, name, figures):
        figure = figures[name]
        assert len(figure.alt) > len(figure.title) and re.search(r"\d|:", figure.alt)
        assert f'alt="{figure.alt[:20]}' in figure._repr_html_()

    def test_shows_the_numbers_of_its_table(self, name, figures):
        figure = figures[name]
        assert len(figure.to_frame()) > 0
        csv = figure._repr_mimebundle_()["text/csv"]
        assert csv.splitlines()[0].split(",") == list(figure.to_frame().columns)


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


@pytest.mark.parametrize("groups", [("A Newspaper with a Long Name", "Another Paper with a Long One", "The Third Paper of That Kind"), tuple(f"group {i}" for i in range(15))])
def test_many_groups_and_long_names_fit(groups, study, recwarn):
    curve = study.specification().to_frame()[["choice", "variant"]].assign(**{name: 1.0 + i for i, name in enumerate(groups)})
    charts.specification(Table(curve, "curve", "A curve"), groups)
    likeness = pd.DataFrame({"outlet": groups, "group": groups, "nearest": groups[::-1], "x": range(len(groups)), "y": 0.0})
    charts.similarity(Table(likeness, "likeness", "Likeness"), groups)
    assert not [str(warning.message) for warning in recwarn if "layout" in str(warning.message)]
    assert len({charts._mark(i) for i in range(36)}) == 36
