"""Results read out: sentences whose every number comes from the object that the table or figure shows."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from pressframes.corpus import LONG
from pressframes.languages import ENGLISH, language_name
from pressframes.tokens import FUNCTION_WORDS, PARTICLES
from pressframes.measures.uncertainty import LEAST_P, arrangements, smallest_p
from pressframes.results import Note, Notes, about

MOST_TOLD = 6
"""More groups, or pairs of groups, than this are told in sum; their table tells each."""
MOST_IN_FULL = 4
"""Of more groups a sentence tells who leads and in what order, not all numbers of each."""
MOST_OUTLETS = 10
"""Of more outlets the first are named."""
FEW_ARTICLES = 5
"""Up to so many articles a group's range is told, beyond that their standard deviation."""
FEWEST_SENTENCES = 20
"""Of a target that fewer sentences mention, no figures are told: at 12 loaded terms per 1,000 words they hold about as many terms as one group needs to be ranked."""
SMALLEST_COUNT = 5
"""Cells with fewer events than this are told as counts and not ranked."""


def design(sizes: dict[str, int], *, least: float | None = None, within: str = "") -> Note:
    """Say what this design could show at best.

    Args:
        sizes: articles in each group.
        least: the smallest p that one group against the others can reach; from the sizes where not given.
        within: "event" or "date", if articles are dealt out anew only within one.

    >>> print(design({"A": 3, "B": 1, "C": 1}).text)
    With 3, 1 and 1 articles a group there are 20 ways to deal the articles out to the groups, and at most 10 to set one group against the others: too few for a test (no p-value below 0.05 can exist), \
so what follows describes these 5 articles and tests nothing about their outlets.
    """
    numbers = list(sizes.values())
    if len(numbers) < 2:
        return Note(f"There is one group of {numbers[0]} article{'s' if numbers[0] > 1 else ''}: nothing to compare it with.", "What this can show", "limit")
    least = smallest_p(numbers) if least is None else least
    sizes_told = f"{listed(numbers)} articles a group" if len(numbers) <= MOST_TOLD else f"{len(numbers)} groups of {min(numbers):,} to {max(numbers):,} articles"
    begin = f"With {sizes_told} there are {about(arrangements(numbers))} ways to deal the articles out to the groups"
    inside = f" within each {within}" if within else ""
    if least < 0.05:
        return Note(f"{begin}; a test of rates that deals them out anew{inside} can reach p = {max(least, LEAST_P):.2g} at best.", "What this can show", "limit")
    ways = f"at most {about(round(2 / least))} to set one group against the others{inside}" if least < 1 else f"none{inside} that would set one group against the others otherwise"
    return Note(f"{begin}, and {ways}: too few for a test (no p-value below 0.05 can exist), so what follows describes these {sum(numbers)} articles and tests nothing about their outlets.", "What this can show", "limit")


def accuracy(validation) -> Notes:
    """Which instruments reach their goal on gold data and which fall short, from a `Validation`."""
    frame = validation.figures().to_frame()
    reached, short = frame[frame["f1"] >= frame["goal"]], frame[frame["f1"] < frame["goal"]]
    told = lambda part: listed([f"{row.instrument} ({row.f1:.2f})" for row in part.itertuples(index=False)])
    notes = [Note(f"{len(reached)} of {len(frame)} instruments reach their goal{': ' + told(reached) if len(reached) else ''}. The figure is F1 on texts that the instrument was not made with.", "Accuracy")]
    if len(short):
        notes.append(Note(f"{told(short)} fall{'s' if len(short) == 1 else ''} short. Charts that rest on {'it' if len(short) == 1 else 'them'} say so at their foot; a difference no larger than the instrument's error is no finding.", "Read with care", "limit"))
    return Notes(tuple(notes))


def scale(found, measured) -> Notes:
    """Whether every engine made the same, and what growth and workers cost, from `pressframes.scale.by_engines` and a `pressframes.scale.Measured`."""
    runs, rows, grown = found.runs.to_frame(), measured.workers().to_frame(), measured.counts["growth"]
    others, corpora = runs[runs["same"].notna()], listed(runs["corpus"].unique())
    alike = f"{int(others['same'].sum())} of {len(others)} runs by another engine ({listed(others['engine'].unique())}), over {corpora}, wrote the same bytes as this process." if len(others) else f"This process alone counted {corpora}: Dask is not installed, so there is nothing to compare it with."
    first, last = grown["sizes"][0], grown["sizes"][-1]
    flat = f" From 100 MB on, memory at its peak lies between {measured.peaks[0]:,.0f} and {measured.peaks[1]:,.0f} MB." if measured.peaks else ""
    growth = f"From {first['bytes'] / 1e6:,.0f} to {last['bytes'] / 1e6:,.0f} MB of text, time grows with exponent {grown['exponents']['seconds']:.2f}, disk with {grown['exponents']['disk']:.2f} (1 is a straight line)."
    told = [f"{row.told} by {row.engine} {row.ratio:.2f}" for row in rows[rows["engine"] != "local"].itertuples()]
    slow, large = rows[rows["ratio"] < rows["wanted"]], rows[rows["megabytes"] > rows["most"]]
    short = [f"{row.told} by {row.engine} ({row.ratio:.2f} of {row.wanted:.1f})" for row in slow.itertuples()] + [f"{row.told} by {row.engine} ({row.megabytes:,.0f} MB, at most {row.most:,.0f})" for row in large.itertuples()]
    notes = [Note(alike, "The same"), Note(growth + flat, "Growth"), Note(f"How many times as fast as one process: {'; '.join(told)}.", "Two workers")]
    if short:
        notes.append(Note(f"In the stored run {listed(short)}.", "Short of the goal", "limit"))
    return Notes(tuple(notes))


def reach(study) -> Note:
    """What of a study no gold set covers."""
    translated = sum(article.translation not in ("", "none", "not stated") for article in study.articles)
    text = f"Every gold set is news written in English; {translated} of the {len(study.articles)} articles here {'is' if translated == 1 else 'are'} marked as translated, and the figures may not hold there."
    foreign = [article for article in study.articles if article.language != ENGLISH]
    if not translated:
        text = f"Every gold set is news written in English; none of the {len(study.articles)} articles here is marked as translated, though an outlet does not always say so."
    if foreign:
        text += f" {len(foreign)} {'is' if len(foreign) == 1 else 'are'} in {listed(sorted({language_name(article.language) for article in foreign}))}: only what the lists find and what stands in quotation marks is counted there; reported speech, roles, tone and frames are not read."
    return Note(text, "What no gold set covers", "limit")


def summary(study) -> Notes:
    """The findings of a study in a few sentences, what cannot be told first."""
    return Notes((
        study.design(),
        voices(study.voice_shares(("group",)).to_frame()),
        *([Note(lost_marks(study), "Quotation marks", "limit")] if study.lost_marks else []),
        *([Note(lost_apostrophes(study), "Apostrophes", "limit")] if study.lost_apostrophes else []),
        attention(study.rates("mentions", by=("group", "target")).to_frame()),
        how_loaded(study),
        *([tested(study.differences("loaded", voice="outlet").to_frame())] if study.testable else []),
        *([robust(study.verdicts().to_frame())] if len(study.verdicts().frame) else []),
        *toward(study),
        *names(study.naming().to_frame(), study.groups),
    ))  # fmt: skip


def lost_marks(study) -> str:
    """Where quotation marks seem lost and what that means, in two sentences; nothing where they do not."""
    if not study.lost_marks:
        return ""
    return f"Articles that tell what people said but hold no quotation mark: {_outlets_without(study.lost_marks)}. If the marks were lost on the way here, words that these outlets quote count as their own or as reported."


def lost_apostrophes(study) -> str:
    """Where apostrophes seem lost and what that means, in two sentences; nothing where they do not."""
    if not study.lost_apostrophes:
        return ""
    return f"Articles of {LONG:,} characters or more that hold no apostrophe: {_outlets_without(study.lost_apostrophes)}. If they were lost on the way here (“Turkeys” for “Turkey’s”), a name so written counts only where the targets lexicon lists it, and quotation marks may be lost as well."


def _outlets_without(found: dict[str, tuple[int, int]]) -> str:
    ordered = sorted(found.items(), key=lambda item: (-item[1][0] / item[1][1], item[0]))
    told = [f"{outlet} ({without} of {counted})" for outlet, (without, counted) in ordered[:MOST_OUTLETS]] + ([f"{len(ordered) - MOST_OUTLETS} more outlets"] if len(ordered) > MOST_OUTLETS else [])
    return listed(told)


def beside(study) -> Note:
    """In plain words, what else than the outlet could make the groups differ: dates, length, translation, copies, single articles, events, and how alike the texts are."""
    articles, told = study.annotations().articles, []
    parts = {group: articles[articles["group"] == group] for group in study.groups}
    dates = {group: sorted(found) for group, part in parts.items() if (found := [date for date in part["published"] if date])}
    before = lambda first, then: first[: len(then)] < then[: len(first)]  # "2020-10" is not before "2020-10-23"
    apart = [f"{one} / {other}" for one, other in combinations(dates, 2) if before(dates[one][-1], dates[other][0]) or before(dates[other][-1], dates[one][0])]
    if apart:
        told.append(f"no day in common, so the news itself may have changed: {', '.join(apart[:MOST_TOLD])}{f' and {len(apart) - MOST_TOLD} more pairs' if len(apart) > MOST_TOLD else ''}")
    if undated := int((articles["published"] == "").sum()):
        told.append(f"{undated} of {len(articles)} articles have no date")
    lengths = {group: part["n_words"].mean() for group, part in parts.items()}
    short, long = min(lengths, key=lengths.get), max(lengths, key=lengths.get)
    if lengths[long] >= 2 * lengths[short]:
        told.append(f"{long} articles are longer than {short} ones ({lengths[long]:,.0f} words against {lengths[short]:,.0f})")
    for column, what in (("translation", "machine-translated"), ("syndicated_from", "taken over from others")):
        marked = {group: int((part[column] == "machine").sum() if column == "translation" else (part[column] != "").sum()) for group, part in parts.items()}
        if any(marked.values()):
            told.append(f"{what} are {listed(f'{n} of {len(parts[group])} {group} articles' for group, n in marked.items() if n)}")
    if alone := [group for group, part in parts.items() if len(part) == 1]:
        told.append(f"one article stands for {listed(alone)}, so its subject cannot be told from its outlet")
    if not any(article.event for article in study.articles):
        told.append("the column 'event' is empty, so nothing says that the groups report the same events")
    return Note(f"{_capital('; '.join(told))}." if told else "Nothing that the columns of articles.csv tell.", "What else could make a difference", "limit")


def how_loaded(study) -> Note:
    """`loaded` of a study."""
    return loaded(study.rates("loaded", voice="outlet").to_frame(), study.rates("loaded").to_frame(), study.article_rates("loaded", voice="outlet"))


def voices(shares: pd.DataFrame) -> Note:
    """Whose words the groups print, from `study.voice_shares(("group",))`."""
    if shares["group"].nunique() > MOST_IN_FULL:
        wide = shares.pivot(index="group", columns="voice", values="rate")
        runs = [f"{what} from {wide[voice].min():.0f} % ({wide[voice].idxmin()}) to {wide[voice].max():.0f} % ({wide[voice].idxmax()})" for voice, what in (("outlet", "in the outlet's own words"), ("direct", "quoted"), ("indirect", "reported"))]
        return Note(f"Of the words that {len(wide)} groups print, the share runs {'; '.join(runs)}. Whom to quote is the outlet's choice, the quoted wording is not.", "Whose words")
    parts = []
    for group, part in shares.groupby("group", sort=False):
        share = part.set_index("voice")["rate"]
        parts.append(f"{group} articles print {share['outlet']:.0f} % in the outlet's own words, {share['direct']:.0f} % quoted and {share['indirect']:.0f} % reported")
    return Note(f"{_capital('; '.join(parts))}. Whom to quote is the outlet's choice, the quoted wording is not.", "Whose words")


def attention(mentions: pd.DataFrame) -> Note:
    """Which target each group mentions most, from `study.rates("mentions", by=("group", "target"))`."""
    if mentions["group"].nunique() > MOST_IN_FULL:
        first = mentions[mentions["count"] >= SMALLEST_COUNT].sort_values("rate", ascending=False, kind="stable").drop_duplicates("group")
        led = [f"{target} in {_first_and_last([f'{row.group} ({row.rate:.1f})' for row in part.itertuples()])}" for target, part in first.groupby("target", sort=False)]
        few = [group for group in mentions["group"].unique() if group not in set(first["group"])]
        rest = f" Fewer than {SMALLEST_COUNT} mentions of each target: {listed(few)}." if few else ""
        return Note(f"Mentioned most of the targets, per 1,000 words: {'; '.join(led) or 'none'}.{rest}", "Attention")
    parts = []
    for group, part in mentions.groupby("group", sort=False):
        first, *rest = part.sort_values("rate", ascending=False, kind="stable").to_dict("records")
        if not first["count"]:
            parts.append(f"{group} articles mention none of the targets")
            continue
        if first["count"] < SMALLEST_COUNT:
            parts.append(f"{group} articles hardly mention the targets (most often {first['target']}: {int(first['count'])})")
            continue
        behind = listed(f"{row['target']} ({row['rate']:.1f})" for row in rest)
        parts.append(f"in {group} articles {first['target']} leads with {first['rate']:.1f} mentions per 1,000 words" + (f", before {behind}" if rest else ""))
    return Note(f"{_capital('; '.join(parts))}.", "Attention")


def loaded(own: pd.DataFrame, everyone: pd.DataFrame, by_article: pd.DataFrame) -> Note:
    """How loaded the groups' own words are, what quotations add, and whether articles of one group differ as much as the groups do.

    Args:
        own, everyone: `study.rates("loaded")` of the voice outlet, and of all voices.
        by_article: `study.article_rates("loaded", voice="outlet")`.
    """
    rows = own.sort_values("rate", ascending=False, kind="stable").to_dict("records")
    few = [row["group"] for row in rows if row["count"] < SMALLEST_COUNT]
    many, ranked = len(rows) > MOST_IN_FULL, [row for row in rows if row["group"] not in few]
    said = [f"{row['group']} {row['rate']:.1f}{_interval(row)}" for row in (ranked if many else sorted(rows, key=lambda row: row["group"] in few))]
    text = f"Loaded terms per 1,000 of the outlets' own words: {_most_and_least(said) or 'too few to rank'}."
    text += f" Fewer than {SMALLEST_COUNT} terms are too few to rank {listed(few) if len(few) <= MOST_IN_FULL else f'{len(few)} groups'}." if few and len(rows) > 1 else ""
    everywhere = [f"{row.group} {row.rate:.1f}" for row in (everyone[everyone["count"] >= SMALLEST_COUNT].sort_values("rate", ascending=False, kind="stable") if many else everyone).itertuples()]
    text += f" With the words of others: {_most_and_least(everywhere)}." if everywhere else ""
    between = own["rate"].max() - own["rate"].min()
    spread = by_article.groupby("group", sort=False)["rate"].agg(["min", "max", "size", "std"])
    inside = spread[spread["size"] > 1].assign(width=lambda frame: frame["max"] - frame["min"])
    if len(inside) and len(own) > 1:
        widest = inside["width"].idxmax()
        row = inside.loc[widest]
        compared = "further apart than the groups are" if row["width"] >= between else "closer together than the groups are"
        if row["size"] <= FEW_ARTICLES:
            text += f" The {int(row['size'])} {widest} articles alone range from {row['min']:.1f} to {row['max']:.1f} in their own words, {compared} ({between:.1f} from highest to lowest)."
        else:  # a range only grows with the number of articles
            text += f" {widest} articles differ among themselves by {row['std']:.1f} (standard deviation); the groups lie {between:.1f} apart from highest to lowest."
    return Note(text, "How loaded")


def _interval(row: dict) -> str:
    """A rate's interval and count in brackets, or its count alone where there is no interval."""
    terms = f"{int(row['count']):,} term{'' if row['count'] == 1 else 's'}"
    return f" ({row['low']:.1f} to {row['high']:.1f}; {terms})" if row["high"] == row["high"] else f" ({terms})"


def tested(differences: pd.DataFrame) -> Note:
    """Which groups differ in their own words when articles are dealt out anew, from `study.differences("loaded", voice="outlet")`."""
    able = differences[differences["p"].notna()]
    found = able[able["q"] < 0.05]
    few = len(found) <= MOST_IN_FULL
    ordered = [sorted(((row.rate_a, row.group_a), (row.rate_b, row.group_b)), reverse=True) for row in (found.sort_values(["q", "difference"], key=lambda column: -column.abs() if column.name == "difference" else column, kind="stable") if few else found.sort_values("difference", key=abs, ascending=False, kind="stable").head(1)).itertuples()]
    told = "; ".join(f"{higher[1]} ({higher[0]:.1f}) above {lower[1]} ({lower[0]:.1f})" for higher, lower in ordered)
    more = "" if few else "; furthest apart"
    alike = [f"{row.group_a} from {row.group_b}" for row in able[~(able["q"] < 0.05)].itertuples()] if not few else []
    told += f". Not told apart: {'; '.join(alike if len(alike) <= MOST_IN_FULL else [*alike[:2], f'and {len(alike) - 2} more pairs'])}" if alike else ""
    untold = f" {len(differences) - len(able)} pairs have too few articles to be tested." if len(able) < len(differences) else ""
    pairs = f"{len(able)} tested pair{'' if len(able) == 1 else 's'} of groups"
    verdict = f"{len(found)} of {pairs} differ{'s' if len(found) == 1 else ''} with q below 0.05{more}: {told}." if len(found) else f"None of {pairs} differs with q below 0.05."
    return Note(f"In the outlets' own words, articles dealt out anew: {verdict}{untold}", "Tested")


def robust(verdicts: pd.DataFrame) -> Note:
    """Which comparisons of loadedness hold however they are counted and what turns the others, from `study.verdicts()`."""
    few = f" {few_terms(verdicts)}".rstrip()
    if len(verdicts) > MOST_TOLD:
        ranked = verdicts[verdicts[["higher_terms", "lower_terms"]].min(axis=1) >= SMALLEST_COUNT]
        whole = ranked[(ranked["holds"] == ranked["variants"]) & (ranked["difference"] > 0)]
        return Note(f"In all voices, {len(whole)} of {len(ranked)} pairs of groups keep their order whichever single choice of the count is changed; the table of verdicts tells which, and what turns the others.{few}", "What would change that")
    parts = []
    for row in verdicts.sort_values("holds", ascending=False, kind="stable").itertuples():
        if row.difference == 0:
            parts.append(f"{row.higher} and {row.lower} are alike as counted")
            continue
        where = f"in all {row.variants} variants" if row.holds == row.variants else f"in {row.holds} of {row.variants} variants (not so: {row.turned_by})"
        parts.append(f"{row.higher} articles are more loaded than {row.lower} ones {where}")
    return Note(f"In all voices, {'; '.join(parts)}. A variant changes one choice of the count; those that change neither rate are not counted.{few}", "What would change that")


def few_terms(verdicts: pd.DataFrame) -> str:
    """Say of which groups the rates compared rest on too few terms to rank them, from `study.verdicts()`; nothing where there is none."""
    terms = {group: count for row in verdicts.itertuples() for group, count in ((row.higher, row.higher_terms), (row.lower, row.lower_terms))}
    few = [f"{group} ({count})" for group, count in sorted(terms.items()) if count < SMALLEST_COUNT]
    return f"Fewer than {SMALLEST_COUNT} terms, too few to rank: {listed(few) if len(few) <= MOST_TOLD else f'{len(few)} groups'}; what holds or turns there are single terms." if few else ""


def agreement(curated: pd.DataFrame, opinion: pd.DataFrame) -> Note:
    """Whether two lists order the groups alike that have terms enough of both to be ranked, from `study.rates("loaded")` with each list."""
    counts = [frame.set_index("group")["count"] for frame in (curated, opinion)]
    few = [group for group in curated["group"] if min(count[group] for count in counts) < SMALLEST_COUNT]
    aside = f" Too few terms to rank: {listed(few) if len(few) <= MOST_IN_FULL else f'{len(few)} groups'}." if few else ""
    if len(curated) - len(few) < 2:
        return Note(f"No two groups have {SMALLEST_COUNT} terms of both lists: there is no order to compare.", "Another list", "limit")
    curated, opinion = (frame[~frame["group"].isin(few)] for frame in (curated, opinion))
    orders = [list(frame.sort_values("rate", ascending=False, kind="stable")["group"]) for frame in (curated, opinion)]
    told = [_most_and_least([f"{row.group} {row.rate:.1f}" for row in frame.set_index("group", drop=False).loc[order].itertuples()]) for frame, order in zip((curated, opinion), orders)]
    verdict = "The two lists order the groups alike" if orders[0] == orders[1] else "The two lists do not order the groups alike, so the order hangs on the list"
    return Note(f"{verdict}: curated {told[0]}; opinion {told[1]} (per 1,000 words, all voices).{aside}", "Another list", "finding" if orders[0] == orders[1] else "limit")


def toward(study) -> list[Note]:
    """How loaded the outlet's own words are in sentences that mention each target; a note a target."""
    table = study.rates("loaded", by=("target", "group"), voice="outlet").to_frame()
    mentions, notes = study.annotations().mentions, []
    told_in = mentions.drop_duplicates(["article_id", "sentence_id", "target"])["target"].map(study.targets).value_counts()
    for target in study.targets.values():
        if (n := told_in.get(target, 0)) < FEWEST_SENTENCES:
            notes.append(Note(f"Mentioned in {n} sentence{'s' if n > 1 else ''} only: nothing can be said of the words near." if n else "Never mentioned.", f"Near {target}", "limit"))
            continue
        part = table[table["target"] == target]
        rows = part.to_dict("records")
        what = "among the outlets' own words"
        if len(rows) > MOST_IN_FULL:  # in order, those that are too few to rank aside
            rows, what = sorted((row for row in rows if row["count"] >= SMALLEST_COUNT), key=lambda row: -row["rate"]), "per 1,000 of the outlets' own words"
            told = [f"{row['group']} {row['rate']:.1f}{_interval(row)}" for row in rows]
        else:
            told = [f"{row['group']} {int(row['count']):,} in {int(row['words']):,} words" + (f" ({row['rate']:.1f} per 1,000, {row['low']:.1f} to {row['high']:.1f})" if row["count"] >= SMALLEST_COUNT and row["high"] == row["high"] else "") for row in rows]
        few = f"; fewer than {SMALLEST_COUNT} terms in {len(part) - len(rows)} more group{'s' if len(part) - len(rows) > 1 else ''}" if len(rows) < len(part) else ""
        absent = [group for group in study.groups if group not in set(part["group"])]
        silent = f"; {listed(absent) if len(absent) <= MOST_IN_FULL else f'{len(absent)} groups'}: no own words in such sentences" if absent else ""
        notes.append(Note(f"Loaded terms {what} in sentences that mention {target}: {_most_and_least(told) or 'too few to rank'}{few}{silent}.", f"Near {target}"))
    return notes


def names(naming: pd.DataFrame, groups: tuple[str, ...], most: int = 2) -> list[Note]:
    """Referents that the groups name differently, those with most naming first; at most `most` of them."""
    told = []
    for referent, part in naming.groupby("referent", sort=False):
        first = {group: part.loc[part[group].idxmax(), "variant"] for group in groups if part[group].sum()}
        if len(set(first.values())) > 1:
            of = {group: f"({int(part[group].max()):,} of {int(part[group].sum()):,})" for group in first}
            says = "; ".join(f"{group} articles most often say “{variant}” {of[group]}" for group, variant in first.items())
            if len(first) > MOST_IN_FULL:
                by_variant = sorted(({variant: [group for group in first if first[group] == variant] for variant in first.values()}).items(), key=lambda item: -len(item[1]))
                says = "most often said is " + "; ".join(f"“{variant}” in {_first_and_last([f'{group} {of[group]}' for group in said])}" for variant, said in by_variant)
            told.append((int(part["count"].sum()), Note(f"{_capital(says)}.", f"Naming {referent}")))
    return [note for _, note in sorted(told, key=lambda item: -item[0])[:most]]


def corpus(study) -> Note:
    """What was read and what was left out."""
    articles, regions = study.annotations().articles, study.left_out().to_frame()
    out = int((regions["end"] - regions["start"]).sum())
    everything = int(articles["n_chars"].sum())
    machine = int((articles["translation"] == "machine").sum())
    translated = f" {machine} of them {'is' if machine == 1 else 'are'} machine-translated." if machine else ""
    others = [f"{article.article_id} in {language_name(article.language)}" for article in study.other_languages]
    unread = f" Left out for {'its' if len(others) == 1 else 'their'} language: {listed(others)}; [corpus] languages in study.toml says which languages are read." if others else ""
    return Note(f"{len(articles)} articles by {articles['outlet'].nunique()} outlets, {int(articles['n_words'].sum()):,} words of title and body; {out:,} of {everything:,} characters ({100 * out / everything:.0f} %) were left out as date lines, captions, furniture and appended background.{translated}{unread}", "What was read")


def quoted(study) -> Note:
    """How much is quoted, by how many named speakers, and which marks found no partner."""
    voices = study.annotations().voices
    direct, indirect = voices[voices["kind"] == "direct"], voices[voices["kind"] == "indirect"]
    whole = direct[direct["end"] - direct["start"] > 1]
    found = int((whole["speaker"] != "").sum())
    lost = int((~direct["resolved"]).sum())
    return Note(f"{len(whole):,} quotations (speaker assigned to {found:,}), {len(indirect):,} reported clauses, {int((voices['kind'] == 'scare').sum())} scare quotes; {lost} quotation mark{'' if lost == 1 else 's'} without a partner.", "What was found")


def could_show(power: pd.DataFrame) -> Note:
    """What the corpus could show at best, from `study.power()`."""
    if len(power) > MOST_TOLD:
        able = power[power["smallest_p"] < 0.05]
        shown = f"; the smallest difference they could show is {able['smallest_difference'].min():.1f} to {able['smallest_difference'].max():.1f} per 1,000 words" if able["smallest_difference"].notna().any() else ""
        return Note(f"Tests over articles could tell apart {len(able)} of {len(power)} pairs of groups by their loadedness at best{shown}; the table tells which.", "What a test could show", "limit")
    parts = []
    for row in power.itertuples():
        least = "no difference at all" if row.smallest_p >= 0.05 else f"a difference of {row.smallest_difference:.1f} or more" if row.smallest_difference == row.smallest_difference else "a difference whose size cannot be told"
        needed = f" (the {row.difference:.1f} seen would need about {row.needed:,.0f} articles a group)" if row.needed == row.needed and row.difference < row.smallest_difference else ""
        parts.append(f"between {row.group_a} and {row.group_b}, {row.articles_a} and {row.articles_b} articles, {least}{needed}")
    return Note(f"Of loaded terms per 1,000 words a test over these articles could show {'; '.join(parts)}." if parts else "There is one group: nothing to test.", "What a test could show", "limit")


def alike(table: pd.DataFrame) -> Note:
    """Whether texts are like those of their own group or like others, from `study.similarity()`."""
    by = table.columns[0]
    group = dict(zip(table[by], table["group"]))
    told = table[(table["nearest"] != "") & (table["group"] != "")]
    if by == "group" and len(table) > 1:
        return Note("Each group is one text here, for it has too many outlets to set each beside the others: how far articles of one group differ this does not tell.", "Topic first", "limit")
    if told["within"].isna().all() or told["across"].isna().all():
        return Note("There are no two groups with texts to set beside each other, one of them with two." if len(table) > 1 else "There is one text.", "Topic first", "limit")
    crossed = sum(group[row.nearest] != row.group for row in told.itertuples())
    within, across = told["within"].mean(), told["across"].mean()
    verdict = "Texts are no more alike within groups than across them" if within <= across else "Texts are more alike within groups than across them, as they would be if the groups wrote about different things"
    return Note(f"{verdict}: from 0 (no word in common) to 1 (the same words, as often) they are {within:.2f} alike within and {across:.2f} across; {crossed} of {len(told)} are most like a text of another group. What they write about differs before how they write.", "Topic first")


def top_entries(table: pd.DataFrame, most: int = 5) -> Note:
    """The commonest loaded terms, from `study.loaded_entries()`."""
    listed = ", ".join(f"“{row.entry}” {row.n:,}" for row in table.rename(columns={"count": "n"}).head(most).itertuples())
    once = int((table["count"] == 1).sum())
    return Note(f"{int(table['count'].sum()):,} loaded terms of {len(table)} entries; the commonest: {listed}. {once} entries occur once.", "Which terms")


def distinctive(tables: list, most: int = 5) -> Note:
    """The words that set each group apart, from its keyness tables."""
    if not tables:
        return Note("There is one group: no word can set it apart from another.", "Most distinctive content words", "limit")
    parts = []
    for table in tables:
        frame = table.to_frame()
        tested, kept = frame["q"].notna().any(), frame[(frame["signed"] > 0) & ~frame["term"].isin(FUNCTION_WORDS | PARTICLES)]
        kept = kept[kept["q"] < 0.05] if tested else kept
        words = [f"“{row.term}” ({row.count_a:,} to {row.count_b:,})" for row in kept.head(most if len(tables) <= MOST_IN_FULL else 2).itertuples()]
        parts.append(f"{table.shown()['count_a']}: {', '.join(words) or 'none that dealing the articles out anew would not show'}")
    return Note("With counts here and in all others: " + "; ".join(parts) + ". They name topics before they frame anything.", "Most distinctive content words")


def actors(roles: pd.DataFrame) -> Note:
    """How often each target acts and is acted upon, from `study.roles()`."""
    totals = roles.groupby("target", sort=False)[["agent", "patient"]].sum()
    return Note("As the one who acts and as the one acted upon: " + ", ".join(f"{target} {row['agent']} and {row['patient']} times" for target, row in totals.iterrows()) + ".", "Who acts")


def listed(values) -> str:
    """Join values as prose does.

    >>> listed([3, 1, 1])
    '3, 1 and 1'
    """
    values = [str(value) for value in values]
    return "".join(values) if len(values) < 2 else f"{', '.join(values[:-1])} and {values[-1]}"


def _most_and_least(parts: list[str]) -> str:
    """Join parts that stand in order from the highest; of more than MOST_IN_FULL the first and the last."""
    return ", ".join(parts) if len(parts) <= MOST_IN_FULL else f"most {parts[0]}, least {parts[-1]}, {len(parts) - 2} groups between them"


def _first_and_last(parts: list[str]) -> str:
    """Join parts that stand in order; of more than MOST_TOLD the first and the last ones."""
    half = MOST_TOLD // 2
    return ", ".join(parts) if len(parts) <= MOST_TOLD else f"{', '.join(parts[:half])} … {', '.join(parts[-half:])} ({len(parts) - 2 * half} more between them, see the table)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
