"""The box at the end of each section: what it cannot show, how right its instruments are, what else differs between the groups."""

import re
from typing import NamedTuple

from pressframes.findings import listed, lost_marks
from pressframes.validation import cite

INSTRUMENTS = {
    "00_summary": ("mentions", "polnear", "babe"),
    "01_corpus": ("regions",),
    "02_tokens_and_voices": ("basil", "polnear", "speakers", "quotes"),
    "03_targets": ("mentions", "polnear"),
    "04_loaded_terms": ("babe", "newssd", "polnear"),
    "05_framing": ("mentions", "roles", "tone", "frames"),
    "06_concordance": ("mentions", "babe", "polnear"),
    "08_robustness": ("babe", "polnear", "regions"),
}
"""The instruments that a section of the page rests on, by the name of its notebook."""
CONTRAST = ("mentions", "polnear", "babe", "roles", "tone", "frames")
"""Those that the contrasts rest on."""


class Limits(NamedTuple):
    """What a section cannot show: `prose` as HTML, and lines of plain text."""

    prose: str
    lines: tuple[str, ...]


def split_off(cells: list) -> tuple[list, str]:
    """Take from a section's cells its last words, which tell what it does not show, if it ends in prose; their heading is left to the box."""
    if not cells or not cells[-1].prose:
        return cells, ""
    return cells[:-1], re.sub(r"^\s*<h\d>.*?</h\d>\s*", "", cells[-1].prose, flags=re.DOTALL)


def limits(study, prose: str, instruments: tuple[str, ...]) -> Limits:
    """Make the box of a section from its own last words, the instruments it rests on, and the study."""
    return Limits(prose, tuple(filter(None, [cite(*instruments), confounds(study), lost_marks(study)])))


def confounds(study) -> str:
    """Say in one line in what the groups differ besides the outlet."""
    frame = study.confounds().to_frame()
    said = {"articles": "the number of articles", "dates": "dates", "translation": "translation", "syndicated_from": "whom articles were taken over from"}
    differ = [said[column] for column in said if frame[column].nunique() > 1]
    return f"The groups differ besides the outlet in {listed(differ)} (see “What was read?”): any of these can make a difference." if differ else ""
