"""Copies are found by their words, first by date, and merged only when asked."""

import random

from pressframes.intake import copies, mapping, readers
from pressframes.intake.mapping import Entry
from pressframes.intake.records import Record

WORDS = [f"word{at}" for at in range(3000)]


def text(seed, length=300):
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def entry(number, words, **values):
    return Entry(str(number), f"a.csv, row {number}", words, **values)


def test_a_wire_story_printed_three_times():
    story = text(1)
    edited = "New lead. " + story.rsplit(" ", 40)[0]
    entries = (entry(1, edited, outlet="B", published="2020-11-11"), entry(2, story, outlet="A", published="2020-11-10"), entry(3, text(2), outlet="A"), entry(4, story.upper().replace(" ", "\r\n"), outlet="C"))
    found = copies.find_copies(entries)
    assert [(copy.first.article_id, copy.copy.article_id) for copy in found] == [("2", "1"), ("2", "4")]
    runs = [{tuple(words[at : at + 5]) for at in range(len(words) - 4)} for words in (story.split(), edited.replace("New lead.", "new lead").split())]
    assert found[0].resemblance == len(runs[0] & runs[1]) / len(runs[0] | runs[1]) and found[1].resemblance == 1


def test_articles_that_share_a_paragraph_are_no_copies():
    shared = text(1, 60)
    assert copies.find_copies((entry(1, f"{shared} {text(2)}"), entry(2, f"{shared} {text(3)}"))) == ()


def test_copies_near_the_least_resemblance_are_found():
    entries = []
    for seed in range(60):
        story = text(seed, 400).split()
        entries += [entry(2 * seed, " ".join(story)), entry(2 * seed + 1, " ".join([*story[:335], *text(seed + 1000, 65).split()]))]
    found = copies.find_copies(tuple(entries))
    assert len(found) == 60 and {round(copy.resemblance, 2) for copy in found} == {0.72}


def test_short_texts():
    found = copies.find_copies((entry(1, "Three short words"), entry(2, "three short words!"), entry(3, "Other short words")))
    assert [(copy.first.article_id, copy.copy.article_id) for copy in found] == [("1", "2")]


def test_marked_or_merged():
    rows = [{"text": text(1), "outlet": "A"}, {"text": text(1), "outlet": "B"}, {"text": text(2), "outlet": "A"}, {"text": text(2), "outlet": "A"}]
    proposal = mapping.propose(readers.Readings(tuple(Record("a.csv", row, part=f"row {number}") for number, row in enumerate(rows, 2))))
    found = copies.find_copies(proposal.entries)
    marked = copies.mark(proposal, found)
    assert [entry.syndicated_from for entry in marked.entries] == ["", "A", "", ""] and marked.groups == ("A", "B")
    assert "resemblance 1.00 with the earlier article 001" in marked.entries[1].known["syndicated_from"] and "a copy of article 003" in marked.entries[3].known["syndicated_from"]
    merged = copies.mark(proposal, found, merge=True)
    assert [entry.article_id for entry in merged.entries] == ["001", "003"] and merged.groups == ("A",)
    assert "also printed by B (no date, a.csv, row 3, resemblance 1.00)" in merged.entries[0].known["syndicated_from"] and merged.entries[0].syndicated_from == ""
    assert any("Nothing but copies in B" in note for note in merged.notes)
    assert copies.mark(proposal, ()) is proposal
