"""nbval compares text and tables exactly; here it learns to compare figures as pixels, with the tolerance of tests/pixels.py."""

import re
import sys
from pathlib import Path

from nbval.plugin import IPyNbCell, IPyNbFile

sys.path.insert(0, str(Path(__file__).parent / "tests"))
import pixels  # noqa: E402


class _FigureCell(IPyNbCell):
    def compare_outputs(self, test, ref, skip_compare=None):
        for new, stored in zip(_pictures(test), _pictures(ref)):
            if why := pixels.difference(stored, new):
                self.comparison_traceback = [f"a figure has changed: {why}"]
                return False
        return super().compare_outputs(test, ref, skip_compare)

    def sanitize(self, s):
        return pixels.EMBEDDED.sub("(picture, compared as pixels)", super().sanitize(s)) if isinstance(s, str) else super().sanitize(s)


def pytest_collectstart(collector):
    """The drawing is compared as PNG; the SVG beside it says the same in numbers that hang on the machine's fonts."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = (*collector.skip_compare, "image/svg+xml")


def pytest_itemcollected(item):
    if type(item) is IPyNbCell:
        item.__class__ = _FigureCell


def _pictures(outputs) -> list[bytes]:
    pages = [re.sub(r"\s+", " ", output["data"]["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
    return [picture for page in pages for picture in pixels.embedded(page)]
