"""Speakers on PolNeAR: does the suite name who is quoted? Reads a user's own copy; the set states no licence."""

from pressframes.validation import polnear
from pressframes.validation.instrument import Instrument

INSTRUMENT = Instrument(
    name="speakers",
    question="Whose words are they?",
    gold="PolNeAR 1.0.0, part dev: every attribution with a marked source, direct and indirect apart",
    licence="none stated",
    ships=False,
    protocol="An item is the content of an attribution. Found: the source that the suite read overlaps the marked source in the text, a pronoun for a pronoun; missed: another source or none; no voice: the suite took the words for the outlet's own. "
    "Precision is over the contents in which it heard a voice, recall over all; the figure is the mean of direct and indirect. Rules were made on the part train.",
    metric="positive",
    negative="no voice",
    anchors=(("nearest subject of a reporting verb, direct and indirect together (content given)", 0.48, "measured on dev, before the suite's rules"),),
    goal=0.70,
    meaning="Where speech is heard its speaker is mostly right (precision); tables by speaker miss those whom the suite did not hear at all (recall).",
    items=polnear.speaker_items,
)
