"""The first screen: the answer in a few computed sentences with their strength, and the corpus in one strip."""

import re
from typing import NamedTuple

from pressframes import findings
from pressframes.findings import SMALLEST_COUNT, listed
from pressframes.report.lines import LineList, Lists

HERE = "these texts only"
OPEN = "cannot be told"
MOST_GROUPS = 5
"""A sentence of the answer names so many groups; of more it names the ends, and the tables tell all."""
MOST_PAIRS = 3
"""So many tested differences are told, the largest first."""
MOST_OUTLETS = 8
"""So many outlets of a group are named in the strip of the corpus, those with most articles."""
GLANCE = "loaded"
"""The figure of the first screen, as the notebooks name it."""


class Answer(NamedTuple):
    """A computed sentence of the answer. `strength` says how far it holds, `section` where that is told, `evidence` the lists of sentences it rests on, each with its label."""

    text: str
    strength: str
    section: str
    evidence: tuple[tuple[str, LineList], ...] = ()

    @property
    def kind(self) -> str:
        """`here`, `open`, `partly` or `holds`: the strength as a class of the style sheet."""
        return {HERE: "here", OPEN: "open"}.get(self.strength, "partly" if " of " in self.strength else "holds")


class GroupFacts(NamedTuple):
    """One group in the strip of the corpus: its name, its outlets, and what is to be known of its articles."""

    group: str
    outlets: str
    facts: tuple[str, ...]


def answers(study, lists: Lists, rests_on: dict) -> list[Answer]:
    """Answer the study's question in three to five sentences, each no stronger than the corpus allows.

    Args:
        rests_on: as `evidence` returns it.
    """
    found = [_voices(study, lists), _attention(study, lists), _loaded(study, lists), _naming(study, rests_on), _design(study)]
    return [answer for answer in found if answer]


def _voices(study, lists: Lists) -> Answer | None:
    own = {group: 100 * lists.words(group=group, voice="outlet") / words for group in study.groups if (words := lists.words(group=group))}
    if not own:
        return None
    shown = _told(own)
    told = [f"{own[group]:.0f} % of what {group} articles print" if not i else f"{own[group]:.0f} % of {group} ones" for i, group in enumerate(shown)]
    said = f"between {' and '.join(told)}, the other {len(own) - len(shown)} groups in between" if len(shown) < len(own) else listed(told)
    evidence = tuple((f"{group}, own words", found) for group in shown if (found := lists.of("stretches", group=group, voice="outlet")))
    doubt = f" Of {listed(outlets) if len(outlets) <= MOST_OUTLETS else f'{len(outlets)} outlets'} the quotation marks seem lost: more of their words may be quoted than can be seen." if (outlets := sorted(study.lost_marks)) else ""
    return Answer(f"The outlets' own words are {said}; the rest is quoted or reported.{doubt}", HERE, "02_tokens_and_voices", evidence)


def _told(values: dict[str, float]) -> list[str]:
    """The groups to be named: all, or the lowest and the highest where they are too many for a sentence."""
    ordered = sorted(values, key=lambda group: values[group])
    return list(values) if len(values) <= MOST_GROUPS else [ordered[0], ordered[-1]]


def _attention(study, lists: Lists) -> Answer:
    """Name the target that each group mentions most, the first in the study's order at ties."""
    first = {group: max(study.targets, key=lambda key: len(lists.events("mentions", target=key, group=group))) for group in study.groups}
    found = {group: lines for group, key in first.items() if (lines := lists.of("mentions", target=key, group=group))}
    if not found:
        return Answer("None of the targets is mentioned.", HERE, "03_targets")
    rates = {group: f"{group} {lists.per_thousand('mentions', target=first[group], group=group):.1f}" for group in found}
    leaders = dict.fromkeys(study.targets[first[group]] for group in found)
    if len(leaders) == 1 and len(found) == len(study.groups) > 1:
        shown = _told({group: lists.per_thousand("mentions", target=first[group], group=group) for group in found})
        between = "" if len(shown) == len(found) else f", the other {len(found) - len(shown)} groups in between"
        text = f"Every group mentions {next(iter(leaders))} most of the targets, per 1,000 words: {', '.join(rates[group] for group in shown)}{between}."
    else:
        led = {leader: [group for group in found if study.targets[first[group]] == leader] for leader in leaders}
        shown = list(found) if len(found) <= MOST_GROUPS else [max(groups, key=lambda group: lists.per_thousand("mentions", target=first[group], group=group)) for groups in led.values()]
        told = lambda groups: listed(rates[group] for group in groups) if len(found) <= MOST_GROUPS or len(groups) == 1 else f"{len(groups)} groups, most {rates[next(group for group in groups if group in shown)]}"
        text = f"Mentioned most of the targets, per 1,000 words: {'; '.join(f'{leader} ({told(groups)})' for leader, groups in led.items())}."
    return Answer(text, HERE, "03_targets", tuple((f"{group}, {study.targets[first[group]]}", found[group]) for group in shown))


def _loaded(study, lists: Lists) -> Answer:
    """Compare the groups with enough terms to be ranked; the strength is that of the widest difference among them."""
    number = {group: len(lists.events("loaded", group=group)) for group in study.groups}
    rate = {group: lists.per_thousand("loaded", group=group) for group in study.groups}
    enough, verdicts = [group for group in study.groups if number[group] >= SMALLEST_COUNT], study.verdicts().to_frame()
    pairs = verdicts[verdicts["higher"].isin(enough) & verdicts["lower"].isin(enough) & (verdicts["difference"] > 0)].sort_values("difference", ascending=False, kind="stable")
    few = [f"{group} ({number[group]})" for group in study.groups if group not in enough]
    rest = f" Too few to rank: {listed(few) if len(few) <= MOST_GROUPS else f'{len(few)} groups'}." if few and len(study.groups) > 1 else ""
    named = study.groups if len(study.groups) <= MOST_GROUPS else tuple(pairs.iloc[0][["higher", "lower"]]) if len(pairs) else _told({group: value for group, value in rate.items() if value == value})
    own = [f"{group} {len(lists.events('loaded', group=group, voice='outlet')):,} in {lists.words(group=group, voice='outlet'):,} words" for group in named]
    rest += f" Terms in the outlets' own words alone: {', '.join(own)}."
    evidence = tuple((f"{group}, own words", found) for group in named if (found := lists.of("loaded", group=group, voice="outlet")))
    if pairs.empty:
        return Answer(f"Loaded terms per 1,000 words, all voices: {', '.join(f'{group} {rate[group]:.1f}' for group in named)}.{rest}", OPEN, "08_robustness", evidence)
    first = pairs.iloc[0]
    strength = f"holds in {'all ' if first['holds'] == first['variants'] else f'{first.holds} of '}{first['variants']} variants"
    turned = f" (not so: {first['turned_by']})" if first["turned_by"] else ""
    numbers = f"{rate[first['higher']]:.1f} against {rate[first['lower']]:.1f} per 1,000 words, all voices{turned}."
    return Answer(f"{first['higher']} articles use more loaded terms than {first['lower']} ones: {numbers}{rest}", strength, "08_robustness", evidence)


def _naming(study, rests_on: dict) -> Answer | None:
    notes = findings.names(study.naming().to_frame(), study.groups, most=1)
    if not notes:
        return None
    referent = notes[0].lead.removeprefix("Naming ")
    return Answer(f"Rival names of {referent}: {notes[0].text}", HERE, "05_framing", rests_on[notes[0].lead])


def _design(study) -> Answer:
    if not study.testable:
        return Answer(f"These texts do not tell how the outlets write elsewhere. {study.design().text}", OPEN, "01_corpus")
    told = [row for row in study.differences("loaded", voice="outlet").to_frame().itertuples() if row.q < 0.05]
    if not told:
        text = "Whether the outlets' own words differ in loaded terms: no difference is larger than dealing the articles out to the groups would give."
        return Answer(text, OPEN, "04_loaded_terms")
    told.sort(key=lambda row: -abs(row.difference))
    ordered = [(row, *((row.group_a, row.group_b) if row.difference > 0 else (row.group_b, row.group_a))) for row in told[:MOST_PAIRS]]
    parts = [f"{higher} above {lower} by {abs(row.difference):.1f} per 1,000 words (q = {row.q:.2g})" for row, higher, lower in ordered]
    more = f", and {len(told) - MOST_PAIRS} more pair{'s' if len(told) - MOST_PAIRS > 1 else ''} of groups" if len(told) > MOST_PAIRS else ""
    return Answer(f"Loaded terms of the outlets' own words differ by more than dealing the articles out would give: {'; '.join(parts)}{more}.", "tested over articles", "04_loaded_terms")


def evidence(study, lists: Lists) -> dict[str, tuple[tuple[str, LineList], ...]]:
    """Return what the findings of `pressframes.findings` rest on: the lead of each -> its lists of sentences, each with its label; of many groups what the finding tells of them alone."""
    many = len(study.groups) > findings.MOST_IN_FULL
    first = {group: max(study.targets, key=lambda key: len(lists.events("mentions", target=key, group=group))) for group in study.groups}
    entries = study.loaded_entries().to_frame().head(5).to_dict("records")
    found = {
        "Whose words": [(f"{group}, {said}", lists.of("stretches", group=group, voice=voice)) for group in study.groups for voice, said in (("outlet", "own"), ("indirect", "reported"), ("direct", "quoted"))[: 1 if many else 3]],
        "Attention": [(f"{group}, {label}", lists.of("mentions", target=key, group=group)) for group in study.groups for key, label in study.targets.items() if not many or key == first[group]],
        "How loaded": [(f"{group}, {said}", lists.of("loaded", group=group, **where)) for said, where in (("own words", {"voice": "outlet"}), ("all voices", {})) for group in study.groups],
        "Which terms": [(f"“{row['entry']}”", lists.of("loaded", **{column: row[column] for column in ("entry", "category", "polarity")})) for row in entries],
        "Who acts": [(f"{study.targets[key]} {said}", lists.of("roles", target=key, role=role)) for key in study.targets for role, said in (("agent", "as the one who acts"), ("patient", "as the one acted upon"))],
    }
    found |= {f"Near {label}": [(group, lists.of("loaded", near=key, group=group, voice="outlet")) for group in study.groups] for key, label in study.targets.items()}
    for referent, part in study.naming().to_frame().groupby("referent", sort=False):
        first = {group: part.loc[part[group].idxmax(), "variant"] for group in study.groups if part[group].sum()}
        found[f"Naming {referent}"] = [(f"{group}, “{variant}”", lists.of("naming", referent=referent, variant=variant, group=group)) for group, variant in first.items()]
    return {lead: tuple((label, lines) for label, lines in lines if lines) for lead, lines in found.items()}


def corpus_strip(study) -> list[GroupFacts]:
    """Say in one strip who published, when, how much, and what of it is translated or taken over (of many groups only if anything is)."""
    articles, strip = study.annotations().articles, []
    plain = len(study.groups) > MOST_GROUPS and not ((articles["translation"] == "machine") | (articles["syndicated_from"] != "")).any()
    for group, part in articles.groupby("group", sort=False):
        dates = sorted(part["published"][part["published"] != ""])
        several = lambda n, of: f"all {of}" if n == of > 1 else f"{n} of {of}" if of > 1 else ""
        machine, taken = int((part["translation"] == "machine").sum()), part["syndicated_from"][part["syndicated_from"] != ""]
        facts = (
            f"{len(part)} article{'' if len(part) == 1 else 's'}",
            f"{int(part['n_words'].sum()):,} words",
            " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "date not known",
            f"{several(machine, len(part))} machine-translated".strip() if machine else "none said to be machine-translated",
            f"{several(len(taken), len(part))} taken over from {listed(sorted(set(taken)))}".strip() if len(taken) else "none taken over from others",
        )
        outlets = sorted(set(part["outlet"]))
        if len(outlets) > MOST_OUTLETS:
            outlets = [*part["outlet"].value_counts().index[:MOST_OUTLETS], f"{len(outlets) - MOST_OUTLETS} more outlets"]
        strip.append(GroupFacts(group, listed(outlets) if outlets != [group] else "", facts[:3] if plain else facts))
    return sorted(strip, key=lambda facts: study.groups.index(facts.group))


def glance(notebooks: list) -> str:
    """Return the figure of the first screen as the notebooks drew it; empty if they did not."""
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                shown = output.get("data", {}).get("text/html", "")
                if re.match(rf'<figure class="pf-figure" data-figure="{GLANCE}"', shown):
                    return shown
    return ""
