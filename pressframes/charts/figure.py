"""How every chart is made: one style, one palette, the same bytes each time."""

import io
import tomllib
from functools import cache
from pathlib import Path

import pandas as pd

from pressframes.results import Figure
from pressframes.validation import cite

_HERE = Path(__file__).parent
WIDTH = 7.6
"""Inches; shown at 100 CSS pixels an inch."""
_DPI = 150


@cache
def palette() -> dict:
    """Return the colours of `palette.toml`."""
    return tomllib.loads((_HERE / "palette.toml").read_text(encoding="utf-8"))


def make_figure(draw, *, name: str, title: str, alt: str, caption: str, frame: pd.DataFrame, height: float, accuracy: tuple[str, ...] = ()) -> Figure:
    """Draw a chart and keep it with its words and its data.

    Args:
        draw: a function of a matplotlib Figure that puts the marks on it.
        name: of the files under `figures/`.
        title: stands above the marks; names what is measured.
        alt: says what the picture shows: kind of chart, what is compared, the main values.
        height: inches.
        accuracy: the instruments that the marks rest on; the caption cites their measured accuracy.
    """
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    with matplotlib.rc_context(fname=_HERE / "pressframes.mplstyle"):
        canvas = Canvas(figsize=(WIDTH, height if len(frame) else 1.2))
        if len(frame):
            draw(canvas)
        else:
            canvas.text(0.5, 0.4, "Nothing of this kind in these articles.", ha="center", color=palette()["quiet"])
        canvas.suptitle(title, x=0.008, ha="left", fontsize=12, fontweight="bold")
        png, svg = io.BytesIO(), io.StringIO()
        canvas.savefig(png, format="png", dpi=_DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
        canvas.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return Figure(name=name, title=title, alt=alt, caption=" ".join(filter(None, [caption, cite(*accuracy)])), frame=frame, png=_smaller(png), svg=svg.getvalue(), width=int(WIDTH * 100))


def _smaller(png: io.BytesIO) -> bytes:
    """The picture with at most 128 colours: a third of the bytes, no difference that an eye sees."""
    from PIL import Image

    smaller = io.BytesIO()
    Image.open(png).convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(smaller, format="png", optimize=True)
    return smaller.getvalue()
