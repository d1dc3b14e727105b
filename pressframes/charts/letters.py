"""Letters that the style's font lacks: another font of the machine draws them; what no font has is told, never drawn as a box."""

import logging
from collections.abc import Iterable
from contextlib import contextmanager
from functools import cache
from unicodedata import category

UNKNOWN = "\ufffd"
"""Stands for a letter that no font of the machine has."""
_UNDRAWN = {"Cc", "Cf", "Zl", "Zp"}
"""Classes of characters that have no picture of their own."""
_BOXES = "Last Resort"
"""Fonts whose name begins so have every letter, as a box."""


def fit_letters(canvas) -> str:
    """Give every text of a drawing the fonts that its letters need, and put `UNKNOWN` where there is none.

    Args:
        canvas: a matplotlib Figure with all its texts; one that the style's font can draw is left as it is.

    Returns:
        The sentence that tells of letters without a font; empty where every letter is drawn.
    """
    from matplotlib import rcParams
    from matplotlib.text import Text

    texts = [text for text in canvas.findobj(Text) if not text.get_text().isascii()]
    lacking = {letter for text in texts for letter in text.get_text() if category(letter) not in _UNDRAWN} - _letters(rcParams["font.family"][0])
    if not lacking:
        return ""
    families, unknown = _fonts_for(frozenset(lacking))
    for text in texts:
        text.set_family([*rcParams["font.family"], *families])
    if not unknown:
        return ""
    replaced = dict.fromkeys(map(ord, unknown), UNKNOWN)
    for axis in (axis for axes in canvas.axes for axis in (axes.xaxis, axes.yaxis)):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        if unknown.intersection("".join(labels)):
            axis.set_ticklabels([label.translate(replaced) for label in labels])
    for text in texts:
        text.set_text(text.get_text().translate(replaced))
    return f"{UNKNOWN} stands for a letter that no font of this machine has (the Noto fonts have nearly all); the numbers behind the chart name everything in full."


def _fonts_for(letters: Iterable[str]) -> tuple[list[str], set[str]]:
    """The families that together draw most of the letters, those that draw most of them first; and the letters that none draws."""
    from matplotlib.font_manager import fontManager

    families, left = [], set(letters)
    names = sorted({font.name for font in fontManager.ttflist if not font.name.startswith(_BOXES)})
    while left:
        best = max(names, key=lambda name: len(left & _letters(name)))
        if not (drawn := left & _letters(best)):
            break
        families, left = [*families, best], left - drawn
    return families, left


@cache
def _letters(family: str) -> frozenset[str]:
    """The letters that a family of fonts can draw at any size."""
    from matplotlib.font_manager import fontManager, get_font
    from matplotlib.ft2font import FaceFlags

    upright = [font.fname for font in fontManager.ttflist if font.name == family and font.style == "normal"]
    try:
        font = get_font(upright[0])
    except (IndexError, OSError, RuntimeError):  # gone since the machine's fonts were listed, or in a format that cannot be drawn
        return frozenset()
    return frozenset(map(chr, font.get_charmap())) if FaceFlags.SCALABLE in font.face_flags else frozenset()


@contextmanager
def any_weight():
    """Let a font without a bold cut stand for it without a word on stderr."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
