"""How every chart is made: one style, one palette, the same bytes each time."""

import io
import textwrap
import tomllib
from functools import cache
from pathlib import Path

import pandas as pd

from pressframes.charts.letters import any_weight, fit_letters
from pressframes.results import Figure
from pressframes.validation import cite

_HERE = Path(__file__).parent
WIDTH = 6.8
"""Inches; shown at 100 CSS pixels an inch. No wider, so that a phone need not shrink it to less than it can show."""
_DPI = 132
_HEAD, _HEAD_LETTERS = 0.22, 62
_LINE, _LINE_LETTERS = 0.172, 94
"""Height of a line of the title, and of the sentence below it, in inches, and how many letters it takes."""


@cache
def palette() -> dict:
    """Return the colours of `palette.toml`."""
    return tomllib.loads((_HERE / "palette.toml").read_text(encoding="utf-8"))


def make_figure(draw, *, name: str, title: str, says: str = "", alt: str, caption: str, frame: pd.DataFrame, height: float, accuracy: tuple[str, ...] = ()) -> Figure:
    """Draw a chart and keep it with its words and its data.

    Args:
        draw: a function of a matplotlib Figure that puts the marks on it.
        name: of the files under `figures/`.
        title: stands above the marks; names what is measured.
        says: stands below the title; the sentence that tells what to see.
        alt: says what the picture shows: kind of chart, what is compared, the main values.
        height: inches of the marks and their axes.
        accuracy: the instruments that the marks rest on; the caption cites their measured accuracy.
    """
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    with matplotlib.rc_context(fname=_HERE / "pressframes.mplstyle"):
        titled, told = textwrap.wrap(title, _HEAD_LETTERS), textwrap.wrap(says, _LINE_LETTERS) if len(frame) else []
        head = 0.12 + _HEAD * len(titled) + _LINE * len(told) + (0.06 if told else 0)
        canvas = Canvas(figsize=(WIDTH, head + (height if len(frame) else 0.8)))
        top = 1 - head / canvas.get_figheight()
        canvas.get_layout_engine().set(rect=(0, 0, 1, top))
        if len(frame):
            draw(canvas)
        else:
            canvas.text(0.5, 0.4, "Nothing of this kind in these articles.", ha="center", color=palette()["quiet"])
        canvas.text(0.012, 1 - 0.08 / canvas.get_figheight(), "\n".join(titled), va="top", fontsize=12, fontweight="bold")
        canvas.text(0.012, top + 0.06 / canvas.get_figheight(), "\n".join(told), va="bottom", fontsize=9.5, color="#333333", linespacing=1.25)
        unknown = fit_letters(canvas)
        png, svg = io.BytesIO(), io.StringIO()
        with any_weight():
            canvas.savefig(png, format="png", dpi=_DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
            canvas.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return Figure(name=name, title=title, alt=f"{says} {alt}".strip() if len(frame) else alt, caption=" ".join(filter(None, [caption, unknown, cite(*accuracy)])), frame=frame, png=_smaller(png), svg=svg.getvalue(), width=int(WIDTH * 100), says=says if len(frame) else "")


def _smaller(png: io.BytesIO) -> bytes:
    """The picture with at most 128 colours: a third of the bytes, no difference that an eye sees."""
    from PIL import Image

    smaller = io.BytesIO()
    Image.open(png).convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(smaller, format="png", optimize=True)
    return smaller.getvalue()
