import re

import pandas as pd
import pytest

from pressframes import findings
from pressframes.results import Note
from pressframes.study import Study


def numbers(text):
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text.replace("1,000 words", ""))]


def said_of(name, text):
    """What a note says after a name, up to the next semicolon."""
    assert text.count(name) >= 1
    return text.split(name, 1)[1].split(";")[0]


@pytest.mark.parametrize(
    "sizes, told",
    [
        ({"A": 3, "B": 1, "C": 1}, ["3, 1 and 1 articles", "20 ways", "at most 10", "no p-value below 0.05", "these 5 articles"]),
        ({"A": 2, "B": 2, "C": 2}, ["90 ways", "at most 15", "no p-value below 0.05"]),
        ({"A": 1, "B": 1}, ["1 and 1 articles", "2 ways", "no p-value below 0.05"]),
        ({"A": 4, "B": 4}, ["4 and 4 articles", "70 ways", "p = 0.029 at best"]),
        ({"A": 30, "B": 30}, ["about 10^17 ways"]),
        ({"A": 5000, "B": 5000}, ["more than 10^300 ways"]),
        ({"A": 1}, ["one group of 1 article:", "nothing to compare"]),
        ({"A": 2}, ["one group of 2 articles:"]),
    ],
)
def test_design(sizes, told):
    note = findings.design(sizes)
    assert note.kind == "limit" and all(part in note.text for part in told)


def test_what_cannot_be_told_comes_first(study):
    notes = list(study.findings())
    assert notes[0] == study.design() and notes[0].kind == "limit"
    assert all(isinstance(note, Note) and note.text and "\n" not in note.text for note in notes)


def test_voices_reads_out_its_table(study):
    frame = study.voice_shares(("group",)).to_frame()
    text = findings.voices(frame).text
    for group in study.groups:
        share = frame[frame["group"] == group].set_index("voice")["rate"]
        assert numbers(said_of(group, text)) == [float(f"{share[voice]:.0f}") for voice in ("outlet", "direct", "indirect")]


def test_attention_names_the_target_mentioned_most(study):
    frame = study.rates("mentions", by=("group", "target")).to_frame()
    text = findings.attention(frame).text
    for group, part in frame.groupby("group"):
        ranked, said = part.sort_values("rate", ascending=False, kind="stable"), said_of(group, text)
        assert numbers(said) == [float(f"{rate:.1f}") for rate in ranked["rate"]]
        places = [said.index(target) for target in ranked["target"]]
        assert places == sorted(places)


def test_loaded_reads_out_its_tables(study):
    own, everyone = study.rates("loaded", voice="outlet").to_frame(), study.rates("loaded").to_frame()
    articles = study.rates("loaded", by=("group", "article_id"), voice="outlet").to_frame()
    text = findings.loaded(own, everyone, articles).text
    assert text == findings.how_loaded(study).text
    for row in own.to_dict("records"):
        assert f"{row['group']} {row['rate']:.1f} ({row['low']:.1f} to {row['high']:.1f}; {row['count']} term" in text
    for row in everyone.to_dict("records"):
        assert f"{row['group']} {row['rate']:.1f}" in text.split("With the words of others:")[1]
    inside = articles[articles["group"] == "Azerbaijani"]["rate"]
    assert f"3 Azerbaijani articles alone range from {inside.min():.1f} to {inside.max():.1f}" in text
    assert f"({own['rate'].max() - own['rate'].min():.1f}" in text


def test_agreement_says_when_lists_disagree(study):
    curated, opinion = study.rates("loaded").to_frame(), study.rates("loaded", lexicon="opinion").to_frame()
    few = set(curated[curated["count"] < 5]["group"]) | set(opinion[opinion["count"] < 5]["group"])
    alike = [group for group in curated.sort_values("rate")["group"] if group not in few] == [group for group in opinion.sort_values("rate")["group"] if group not in few]
    told = findings.agreement(curated, opinion).text
    assert few and f"Too few terms to rank: {findings.listed(sorted(few))}." in told and not any(f"{group} {rate:.1f}" in told for group, rate in zip(curated["group"], curated["rate"]) if group in few)
    assert findings.agreement(curated.assign(count=1), opinion).text.startswith("No two groups")
    assert told.startswith("The two lists order the groups alike" if alike else "The two lists do not")
    assert findings.agreement(curated, curated).text.startswith("The two lists order the groups alike")


def test_toward_leaves_no_group_out(study):
    notes = findings.toward(study)
    assert len(notes) == len(study.targets)
    for note in notes:
        assert all(group in note.text for group in study.groups)


@pytest.mark.parametrize("groups", [("A", "B"), tuple("ABCDEF")], ids=len)
def test_of_targets_hardly_mentioned_no_figure_is_told(make_study, groups):
    plenty = " ".join("Russia called the brutal attack a shameful provocation." for _ in range(11))
    texts = {(group, group): f"The ministers met in the capital on Monday and had lunch there. {plenty if group == 'A' else ''} {'A ruthless American envoy was there.' if group in 'BC' else ''}" for group in groups}
    study = Study.load(make_study(texts | {("A2", "A"): f"The ministers met again on Tuesday. {plenty}"}))
    near = {note.lead: note.text for note in findings.toward(study)}
    sentences = 2 if "C" in groups else 1
    assert near["Near the US"] == f"Mentioned in {sentences} sentence{'s' if sentences > 1 else ''} only: nothing can be said of the words near." and near["Near the peacekeepers"] == "Never mentioned."
    assert near["Near Russia"].startswith("Loaded terms ")
    told = findings.attention(study.rates("mentions", by=("group", "target")).to_frame()).text
    assert ("Fewer than 5 mentions of each target: B, C, D, E and F." in told and "Russia in A (" in told) if len(groups) > 2 else ("in A articles Russia leads" in told.replace("In A", "in A") and "B articles hardly mention the targets (most often the US: 1)" in told)


def test_what_else_could_make_a_difference_is_said_in_words(study, make_study):
    told = findings.beside(study).text
    assert "Azerbaijani / Bulgarian, Azerbaijani / Turan, Bulgarian / Turan" in told and "1 of 3 Azerbaijani articles" in told and "one article stands for Bulgarian and Turan" in told
    told = findings.beside(Study.load(make_study({("1", "A"): "Russia said no. " * 9, ("2", "A"): "Russia said so. " * 9, ("3", "B"): "Russia said yes.", ("4", "B"): "Russia said it."}))).text
    assert told.startswith("4 of 4 articles have no date; A articles are longer than B ones (27 words against 3); the column 'event' is empty") and "in common" not in told


def test_small_counts_are_told_without_a_rate(study):
    frame = study.rates("loaded", by=("target", "group"), voice="outlet").to_frame()
    text = " ".join(note.text for note in findings.toward(study))
    assert (frame["count"] < findings.SMALLEST_COUNT).any()
    for row in frame.to_dict("records"):
        told = f"{row['group']} {row['count']} in {row['words']:,} words"
        assert told in text
        assert (f"{told} ({row['rate']:.1f} per 1,000" in text) == (row["count"] >= findings.SMALLEST_COUNT)


def test_names_are_those_that_differ(study):
    frame = study.naming().to_frame()
    for note in findings.names(frame, study.groups):
        (referent,) = [referent for referent in set(frame["referent"]) if f"Naming {referent}:" in repr(note)]
        part = frame[frame["referent"] == referent]
        firsts = {group: part.loc[part[group].idxmax(), "variant"] for group in study.groups if part[group].sum()}
        assert len(set(firsts.values())) > 1
        for group, variant in firsts.items():
            assert f"“{variant}” ({part[group].max()} of {part[group].sum()})" in said_of(group, note.text)


def test_corpus_and_quoted_count_what_is_there(study, tables):
    left = study.left_out().to_frame()
    told = numbers(findings.corpus(study).text)
    out, everything = int((left["end"] - left["start"]).sum()), int(tables.articles["n_chars"].sum())
    assert told == [5, tables.articles["outlet"].nunique(), tables.articles["n_words"].sum(), out, everything, round(100 * out / everything), 1]
    voices = tables.voices
    whole = voices[(voices["kind"] == "direct") & (voices["end"] - voices["start"] > 1)]
    kinds = voices["kind"].value_counts()
    lost = int((~voices[voices["kind"] == "direct"]["resolved"]).sum())
    assert numbers(findings.quoted(study).text) == [len(whole), (whole["speaker"] != "").sum(), kinds["indirect"], kinds["scare"], lost]


def test_top_entries(study):
    frame = study.loaded_entries().to_frame()
    text = findings.top_entries(frame).text
    assert f"{frame['count'].sum()} loaded terms of {len(frame)} entries" in text and f"“{frame['entry'][0]}” {frame['count'][0]}" in text
    assert f"{(frame['count'] == 1).sum()} entries occur once" in text


def test_actors(study):
    frame = study.roles().to_frame()
    text = findings.actors(frame).text
    wanted = [(target, [part["agent"].sum(), part["patient"].sum()]) for target, part in frame.groupby("target", sort=False)]
    assert numbers(text) == [number for _, pair in wanted for number in pair]
    assert [text.index(target) for target, _ in wanted] == sorted(text.index(target) for target, _ in wanted)


def test_nothing_is_called_bias(study):
    text = " ".join(note.text for note in study.findings())
    assert "bias" not in text.lower()


def test_of_many_groups_the_ends_are_told():
    groups = [f"G{at}" for at in range(9)]
    shares = pd.DataFrame([(group, voice, rate) for at, group in enumerate(groups) for voice, rate in (("outlet", 90 - at), ("direct", 4 + at), ("indirect", 6))], columns=["group", "voice", "rate"])
    assert findings.voices(shares).text.startswith("Of the words that 9 groups print, the share runs in the outlet's own words from 82 % (G8) to 90 % (G0); quoted from 4 % (G0) to 12 % (G8);")
    own = pd.DataFrame({"group": groups, "rate": [float(at) for at in range(9)], "count": [2, *range(12, 20)], "low": 0.5, "high": 9.5})
    articles = pd.DataFrame({"group": [*groups, *groups], "rate": [float(at % 4) for at in range(18)]})
    told = findings.loaded(own, own, articles).text
    assert "own words: most G8 8.0 (0.5 to 9.5; 19 terms), least G1 1.0 (0.5 to 9.5; 12 terms), 6 groups between them." in told and "too few to rank G0." in told and "With the words of others: most G8 8.0, least G1 1.0, 6 groups between them." in told
    assert findings.design({group: at + 2 for at, group in enumerate(groups)}).text.startswith("With 9 groups of 2 to 10 articles there are")
    pairs = pd.DataFrame([(first, second, float(at + 1), 9.0, float(at - 8), 0.001 if at < 5 else 0.5) for at, (first, second) in enumerate(zip(groups, groups[1:]))], columns=["group_a", "group_b", "rate_a", "rate_b", "difference", "q"]).assign(p=0.001)
    assert findings.tested(pairs).text.endswith("5 of 8 tested pairs of groups differ with q below 0.05; furthest apart: G1 (9.0) above G0 (1.0). Not told apart: G5 from G6; G6 from G7; G7 from G8.")
    assert findings.tested(pairs.head(2)).text.endswith("2 of 2 tested pairs of groups differ with q below 0.05: G1 (9.0) above G0 (1.0); G2 (9.0) above G1 (2.0).")
    lists = [pd.DataFrame({"group": groups, "rate": rates, "count": 9}) for rates in (range(9), range(9, 0, -1))]
    assert findings.agreement(*lists).text.endswith("curated most G8 8.0, least G0 0.0, 7 groups between them; opinion most G0 9.0, least G8 1.0, 7 groups between them (per 1,000 words, all voices).")
    naming = pd.DataFrame({"referent": "the rebels", "variant": ["rebels", "terrorists"], **{group: [3, 5] if at < 4 else [6, 1] for at, group in enumerate(groups)}, "count": [1, 1]})
    (note,) = findings.names(naming, tuple(groups))
    assert note.text == "Most often said is “rebels” in G4 (6 of 7), G5 (6 of 7), G6 (6 of 7), G7 (6 of 7), G8 (6 of 7); “terrorists” in G0 (5 of 8), G1 (5 of 8), G2 (5 of 8), G3 (5 of 8)."
    mentions = pd.DataFrame([(group, target, rate, 6 * int(rate > 0)) for group, rate in zip(groups[:6], (3.0, 9.0, 0.0, 5.0, 7.0, 1.0)) for target, rate in (("Russia", rate), ("the US", min(rate, 2.0)))], columns=["group", "target", "rate", "count"])
    assert findings.attention(mentions).text == "Mentioned most of the targets, per 1,000 words: Russia in G1 (9.0), G4 (7.0), G3 (5.0), G0 (3.0), G5 (1.0). Fewer than 5 mentions of each target: G2."
