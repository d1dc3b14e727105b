"""Charts: a table in, a figure out, with the sentence that says what to see, its alternative text and the numbers behind each mark."""

import textwrap
from unicodedata import bidirectional

import numpy as np
import pandas as pd

from pressframes.charts.figure import make_figure, palette
from pressframes.charts.tables import dispersion as dispersion, dots as dots
from pressframes.findings import SMALLEST_COUNT, listed
from pressframes.measures.rates import FEWEST_DRAWN
from pressframes.results import Figure, Table

FEWEST_WORDS = 50
"""A rate over fewer words than this is told as "too few words" and not drawn."""
MOST_MARKS = 6
"""Groups beyond this number are not told apart by their marks within one row: each gets a row of its own."""
_PANELS = 3
_LEGEND_LETTERS, _LEGEND_NAME = 60, 22
_LABEL_LETTERS, _TITLE_LETTERS = 28, 18
_VOICES = {"outlet": "own words", "indirect": "reported", "direct": "quoted"}


def loaded(rates: Table) -> Figure:
    """Loaded terms per 1,000 words, one row an article (or outlet, or group); from `study.rates("loaded", by=study.rows)`."""
    frame = rates.to_frame()
    labels, top = _row_labels(frame), _nice(frame[["high", "rate"]].max().max())

    def draw(canvas):
        axes = canvas.subplots()
        _dots(axes, frame, _groups(frame), top, size=8.5)
        _rows(axes, _row_labels(frame, shown=True), below=_below(frame, frame["words"]))
        axes.set(xlim=(-0.015 * top, 1.02 * top), xlabel="per 1,000 words")

    return make_figure(
        draw, name="loaded", title="Loaded terms per 1,000 words, all voices", says=_ranking(frame, labels), alt=f"Dot chart of loaded terms per 1,000 words: {_told(frame, labels)}.",
        caption=f"{_lines(rates)} In brackets: how many terms.", frame=frame, height=0.6 + 0.36 * len(frame), accuracy=("babe",),
    )  # fmt: skip


def loaded_categories(rates: Table) -> Figure:
    """Loaded terms per 1,000 words by category, a panel each; from `study.rates("loaded", by=(*study.rows, "category"))`. The commonest categories have a panel."""
    frame = rates.to_frame()
    total = frame.groupby("category")["count"].sum().sort_values(ascending=False, kind="stable")
    shown = list(total.index[total > 0][: 9 if len(frame) <= 8 * len(total) else 6]) or list(total.index[:1])
    rest = [f"{category} {count}" for category, count in total.items() if category not in shown]
    common = ", ".join(f"{category} {count}" for category, count in total.head(3).items())
    says = "None of the terms occurs."
    if total.sum():
        first = frame[frame["category"] == shown[0]].reset_index(drop=True)
        most = first["count"].idxmax()
        says = f"The commonest kind is {shown[0]}: {total.iloc[0]} of {total.sum()} terms, {first['count'][most]} of them in {_row_labels(first)[most]}."
    return _panel_figure(
        frame, "category", shown, "loaded_categories", "Loaded terms per 1,000 words, by category", says, f"{len(shown)} small dot charts of loaded terms per 1,000 words, one a category, rows alike; most terms in all: {common}.",
        f"{_lines(rates)} In brackets: how many terms. Panels in order of frequency, all on one scale.{f' Not drawn: {listed(rest)}.' if rest else ''}", accuracy=("babe",),
    )  # fmt: skip


def mentions(rates: Table) -> Figure:
    """Mentions of each target per 1,000 words, a panel each; from `study.rates("mentions", by=(*study.rows, "target"))`."""
    frame = rates.to_frame()
    targets = list(dict.fromkeys(frame["target"]))
    said = "; ".join(f"{target}: {_told(frame[frame['target'] == target], _row_labels(frame[frame['target'] == target]))}" for target in targets)
    wide = _wide(frame, "target", "rate")[0]
    leads = wide[targets][wide[targets].max(axis=1) > 0].idxmax(axis=1).value_counts()
    says = f"{_isolated(_first_up(leads.index[0]))} is the most mentioned target in {leads.iloc[0]} of {len(wide)} {_noun(frame, len(wide))}." if len(leads) else "None of the targets is mentioned."
    return _panel_figure(frame, "target", targets, "mentions", "Mentions per 1,000 words, by target", says, f"Dot charts, one a target. {said}.", f"{_lines(rates)} In brackets: how many mentions. All voices; no pronouns.", accuracy=("mentions",), words=True)


def who_speaks(shares: Table) -> Figure:
    """Whose words, in percent, stacked; from `study.voice_shares(study.rows)`."""
    frame = shares.to_frame()
    (wide, places), words = _wide(frame, "voice", "rate"), _wide(frame, "voice", "words")[0].max(axis=1)
    labels = _row_labels(places)
    voices, colours = ["outlet", "indirect", "direct"], palette()["voices"]
    names = {"outlet": "own", "indirect": "reported", "direct": "quoted"}

    def draw(canvas):
        axes = canvas.subplots()
        y, left = np.arange(len(wide)), np.zeros(len(wide))
        for voice in voices:
            values = wide[voice].to_numpy()
            axes.barh(y, values, left=left, height=0.66, color=colours[voice], edgecolor="white", linewidth=1.5, hatch={"indirect": "///"}.get(voice))
            for row, (start, value) in enumerate(zip(left, values)):
                if value >= 5:
                    told = f"{names[voice]} {value:.0f} %" if value >= 20 else f"{value:.0f}"
                    axes.text(start + value / 2, row, told, ha="center", va="center", color="white", fontsize=9, bbox={"facecolor": colours[voice], "edgecolor": "none", "pad": 1.2})
            left += values
        _rows(axes, _row_labels(places, shown=True), below=_below(places, words))
        axes.set(xlim=(0, 100), xlabel="percent of words, in the order: own, reported (striped), quoted")
        axes.grid(False)

    said = "; ".join(f"{label} own {row.outlet:.0f}, reported {row.indirect:.0f}, quoted {row.direct:.0f}" for label, row in zip(labels, wide.itertuples()))
    least, most = (int(np.nanargmin(wide["outlet"])), int(np.nanargmax(wide["outlet"]))) if len(wide) else (0, 0)
    says = f"Own words range from {wide['outlet'].iloc[least]:.0f} % ({labels[least]}) to {wide['outlet'].iloc[most]:.0f} % ({labels[most]})." if len(wide) > 1 else ""
    return make_figure(draw, name="who_speaks", title="Who speaks: share of words by voice", says=says, alt=f"Stacked bars, percent of words: {said}.", caption="Quoted: in quotation marks. Reported: in a clause that a reporting word governs.", accuracy=("polnear",), frame=frame, height=0.8 + 0.42 * len(wide))


def loaded_targets(rates: Table) -> Figure:
    """Loaded terms near each target by group and voice; from `study.rates("loaded", by=("target", "group", "voice"))`. Rows with too few words near every target are left out."""
    frame = rates.to_frame()
    targets, groups = list(dict.fromkeys(frame["target"])), _groups(frame)
    drawn = frame[frame["words"] >= FEWEST_WORDS]
    top, rows = _nice(max(drawn["rate"].max(), drawn["high"].where(drawn["count"] > 0).max())), _voice_rows(groups, drawn)

    def draw(canvas):
        first, panels = _panels(canvas, len(targets))
        for axes, target in zip(panels, targets):
            part = frame[frame["target"] == target].set_index(["group", "voice"])
            for y, key in enumerate(rows):
                row = part.loc[key] if key in part.index else {"words": 0}
                if row["words"] < FEWEST_WORDS:
                    axes.text(0, y, f" too few words ({int(row['words'])})" if row["words"] else " no words", va="center", fontsize=7.5, color=palette()["quiet"])
                    continue
                shown = dict(row, high=min(row["high"], 1.02 * top))
                _dot(axes, y, shown, groups.index(key[0]), hollow=key[1] != "outlet")
                _value(axes, y, shown, top, beyond=row["high"] > shown["high"])
            axes.set_title(_title(target))
            axes.set(xlim=(-0.03 * top, 1.45 * top), xlabel="per 1,000 words")
            _part_groups(axes, rows)
        for axes in first:
            _rows(axes, _voice_labels(rows))

    own = drawn[drawn["voice"] == "outlet"]
    said = "; ".join(f"{target}: " + ", ".join(f"{row.group} {row.rate:.1f}" for row in own[own["target"] == target].itertuples()) for target in targets)
    enough = own[own["count"] >= SMALLEST_COUNT]
    says = f"No group has {SMALLEST_COUNT} terms of its own near a target: too few to rank."
    if len(enough):
        most = enough.loc[enough["rate"].idxmax()]
        says = f"Most, in the outlet's own words: {_isolated(most['group'])} near {_isolated(most['target'])}, {most['rate']:.1f} per 1,000 words ({most['count']} terms in {most['words']:,} words). Rates in own words that rest on {SMALLEST_COUNT} terms or more: {len(enough)} of {len(own)}."
    return make_figure(
        draw, name="loaded_targets", title="Loaded terms in sentences that mention a target", says=says,
        alt=f"Dot charts, one a target, rows are group and voice. Loaded terms per 1,000 of the outlets' own words: {said}.",
        caption=f"{_lines(rates)} Filled: the outlet's own words; hollow: reported or quoted. In brackets: how many terms. Arrow: the line goes on beyond the chart.{_left_out(groups, rows)}",
        frame=frame, height=0.6 + _lines_of(targets) * (0.27 * len(rows) + 0.45), accuracy=("mentions", "polnear", "babe"),
    )  # fmt: skip


def naming(table: Table, groups: tuple[str, ...]) -> Figure:
    """How often each group uses each of the rival names; from `study.naming()`. Referents with one name only are left out."""
    frame = table.to_frame()
    frame = frame[frame.groupby("referent")["variant"].transform("size") > 1].reset_index(drop=True)
    most = max(1, int(frame[list(groups)].to_numpy().max(initial=0)))
    heights, heads = _headed(frame["referent"])
    largest, turned = min(23.0, 190 / len(groups)), len(groups) > MOST_MARKS

    def draw(canvas):
        axes = canvas.subplots()
        for y, row in zip(heights, frame.to_dict("records")):
            for x, group in enumerate(groups):
                wide = max(4.0, largest * np.sqrt(row[group] / most)) if row[group] else 0
                axes.plot(x, y, "o", color=_mark(x)[1], markersize=wide, markeredgewidth=0)
                shown = {"fontweight": "bold"} if row[group] else {"color": palette()["quiet"]}
                axes.annotate(str(row[group]), (x, y), xytext=(wide / 2 + 3 if wide else 0, 0), textcoords="offset points", va="center", ha="left" if wide else "center", **shown)
        axes.set_yticks([*heights, *heads.values()], [_label(name, 34) for name in (*frame["variant"], *heads)])
        for tick in axes.get_yticklabels()[len(frame) :]:
            tick.set_fontweight("bold")
        axes.set_xticks(range(len(groups)), [_label(group, 14, lines=1 if turned else 2) for group in groups], **({"rotation": 40, "ha": "left", "rotation_mode": "anchor"} if turned else {}))
        axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
        axes.set(xlim=(-0.45, len(groups) - 0.4), ylim=(max(heights, default=1) + 0.7, 0.2))
        axes.grid(False)
        axes.spines["bottom"].set_visible(False)

    firsts, differ, several = [], 0, 0
    for referent, part in frame.groupby("referent", sort=False):
        first = {group: part.loc[part[group].idxmax(), "variant"] for group in groups if part[group].sum()}
        firsts.append(f"{referent}: " + ", ".join(f"{group} {variant} {int(part[group].max())}" for group, variant in first.items()))
        several, differ = several + (len(first) > 1), differ + (len(set(first.values())) > 1)
    says = f"Where more than one group names a thing, their most used names differ: {differ} of {several} things." if differ else "Where more than one group names a thing, they mostly use the same name." if several else "No two groups name the same thing."
    return make_figure(
        draw, name="naming", title="Which of the rival names each group uses (counts)", says=says, alt=f"Table of dots sized by count, names in rows, groups in columns. Most used: {'; '.join(firsts) or 'none'}.",
        caption="All voices. The names of one thing stand together; what each name says is told in the table.", frame=frame, height=(0.9 if turned else 0.5) + 0.27 * (max(heights, default=1) + 0.5),
    )  # fmt: skip


def keyness(tables: list[Table], most: int = 10) -> Figure:
    """The most distinctive words of each group; from the tables of `study.keyness`."""
    named = [(list(table.shown().values())[1], table.to_frame().query("signed > 0").head(most).reset_index(drop=True)) for table in tables]
    top = _nice(max((frame["g2"].max() for _, frame in named if len(frame)), default=1) * 1.18)

    def draw(canvas):
        _, panels = _panels(canvas, len(named), share=False)
        for i, (axes, (group, frame)) in enumerate(zip(panels, named)):
            bars = axes.barh(range(len(frame)), frame["g2"], color=_mark(i)[1], height=0.66)
            for bar, q in zip(bars, frame["q"]):
                bar.set_alpha(0.4 if q >= 0.05 else 1)
            for y, row in enumerate(frame.itertuples()):
                axes.text(row.g2, y, f" {row.count_a} : {row.count_b}", va="center", fontsize=8)
            _rows(axes, [_label(term, 18) for term in frame["term"]], count=most)
            axes.set_title(f"{_title(group)}\n{round(1000 * frame['count_a'][0] / frame['rate_a'][0]):,} words" if len(frame) else _title(group))
            axes.set(xlim=(0, top), xlabel="more surprising → (G2)")

    frame = pd.concat([part.assign(group=group) for group, part in named], ignore_index=True) if named else pd.DataFrame()
    said = "; ".join(f"{group}: {', '.join(part['term'].head(5))}" for group, part in named)
    tested = any(frame["q"].notna().any() for _, frame in named)
    firsts = [f"“{part['term'][0]}” in {_isolated(group)} ({part['count_a'][0]:,} times, elsewhere {part['count_b'][0]:,})" for group, part in named if len(part)]
    says = f"First come {listed(firsts[:3])}{f'; and {len(firsts) - 3} groups more' if len(firsts) > 3 else ''}." if firsts else ""
    says += f" More than chance (q below 0.05): {int((frame['q'] < 0.05).sum())} of the {len(frame)} words shown." if tested else ""
    return make_figure(
        draw, name="keyness", title="Most distinctive words of each group against everyone else", says=says, alt=f"Bar charts of G2, one a group. {said or 'There is one group and nothing to compare it with'}.",
        caption="The longer the bar, the more surprising the difference would be if words were drawn one by one. Beside it: how often here and in all others. " + ("Pale: q of 0.05 or more when articles are dealt out anew." if tested else "Order within these articles; not a test."),
        frame=frame, height=0.4 + _lines_of(named) * (0.26 * most + 0.6),
    )  # fmt: skip


def growth(table: Table) -> Figure:
    """Time and peak memory by size of the text, text and time in powers of ten; from `Measured.growth()`."""
    frame, look = table.to_frame(), palette()
    first, last = frame.iloc[0], frame.iloc[-1]

    def draw(canvas):
        left, right = canvas.subplots(1, 2)
        left.plot(frame["text"], frame["seconds"], "-" + look["group_marks"][0], color=look["groups"][0], markersize=5)
        left.set(yscale="log", title="Seconds")
        right.plot(frame["text"], frame["megabytes"], "-" + look["group_marks"][0], color=look["groups"][0], markersize=5)
        right.set(ylim=(0, 1.25 * frame["megabytes"].max()), title="Peak memory, MB")
        for axes in (left, right):
            axes.set(xscale="log", xlabel="MB of text")
            axes.grid(True, axis="y")
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(lambda value, _: f"{value:,g}")
            axes.minorticks_off()
        for row, side in ((first, "left"), (last, "right")):
            left.annotate(f"{row['seconds']:,.2g} s", (row["text"], row["seconds"]), xytext=(0, 8), textcoords="offset points", ha=side, fontsize=8.5)
            right.annotate(f"{row['megabytes']:,.0f} MB", (row["text"], row["megabytes"]), xytext=(0, 8), textcoords="offset points", ha=side, fontsize=8.5)

    told = "; ".join(f"{row.text:,.0f} MB {row.seconds:,.1f} s, {row.megabytes:,.0f} MB of memory" for row in frame.itertuples())
    return make_figure(
        draw, name="growth", title="Time and memory by size of the text", says=f"{last['text'] / first['text']:,.0f} times the text takes {last['seconds'] / first['seconds']:,.0f} times the time and {last['megabytes'] / first['megabytes']:.1f} times the memory.",
        alt=f"Two line charts over the size of the text, from small to large: time and peak memory. {told}.", caption=" ".join(table.notes), frame=frame, height=2.9,
    )  # fmt: skip


def specification(table: Table, groups: tuple[str, ...]) -> Figure:
    """Loaded terms per 1,000 words by group under every variant; from `study.specification()`: a row a variant, or a row a group where there are more than `MOST_MARKS`."""
    frame = table.to_frame()
    told = [group for group in groups if len(frame) and frame[group].iloc[0] == frame[group].iloc[0] and frame[f"{group} terms"].iloc[0] >= SMALLEST_COUNT]
    few = [_isolated(group) for group in groups if len(frame) and 0 <= frame[f"{group} terms"].iloc[0] < SMALLEST_COUNT]
    rest = f" Fewer than {SMALLEST_COUNT} terms, too few to rank: {listed(few) if len(few) <= 3 else f'{len(few)} of {len(groups)}'}." if few else ""
    order = sorted(told, key=lambda group: -frame[group].iloc[0])
    others = frame.iloc[1:]
    whole = others[others[told].notna().all(axis=1) & (others[told] != frame[told].iloc[0]).any(axis=1)] if told else others
    if len(groups) > MOST_MARKS and told:
        stays = (whole[told].max(axis=1) == whole[order[0]]).sum()
        says = f"As counted {_isolated(order[0])} is highest ({frame[order[0]].iloc[0]:.1f}); it stays so in {stays} of {len(whole)} other variants.{rest}"
    else:
        keeps = (np.diff(whole[order].to_numpy(), axis=1) < 0).all(axis=1).sum()
        says = f"The order as counted is {', then '.join(map(_isolated, order))}, the highest rate first; {keeps} of {len(whole)} other variants keep it.{rest}" if len(order) > 1 else rest.strip()
    first = ", ".join(f"{group} {frame[group].iloc[0]:.1f}" for group in groups)
    spread = ", ".join(f"{group} {frame[group].min():.1f} to {frame[group].max():.1f}" for group in groups)
    many = len(groups) > MOST_MARKS
    draw, height = _ranges(frame, groups) if many else _variants(frame, groups)
    return make_figure(
        draw, name="specification", title="Loaded terms per 1,000 words under every variant", says=says,
        alt=f"{f'Dot chart, {len(groups)} groups in rows, a tick for each of {len(frame)} variants' if many else f'Dot chart, {len(frame)} variants in rows, a mark for each group'}. As counted: {first}. Over all variants: {spread}.",
        caption="Mark: as counted. Ticks: one a variant; the outermost are named in the table. Counted above: those that change a rate and leave every group some words." if many else "Dotted uprights: as counted. Where the marks keep their order from row to row, the order does not hang on our choices. Counted above: variants that change a rate and leave every group ranked some words.",
        frame=frame, height=height, accuracy=("polnear", "babe"),
    )  # fmt: skip


def _variants(frame, groups):
    """One row a variant, a mark a group."""
    heights, heads = _headed(frame["choice"])

    def draw(canvas):
        axes = canvas.subplots()
        for i, group in enumerate(groups):
            mark, colour = _mark(i)
            axes.plot(frame[group], heights, mark, color=colour, markersize=5.5, label=_label(group, _LEGEND_NAME), clip_on=False, zorder=3)
            axes.axvline(frame[group].iloc[0], color=colour, linewidth=0.9, linestyle=":")
        axes.hlines(heights, 0, _nice(frame[list(groups)].max().max()), color="#f0f0f0", linewidth=0.8, zorder=0)
        axes.set_yticks([*heights, *heads.values()], [_label(name, 44) for name in (*frame["variant"], *heads)])
        axes.tick_params(axis="y", labelsize=8)
        for tick in axes.get_yticklabels()[len(frame) :]:
            tick.set_fontweight("bold")
        axes.set_ylim(heights[-1] + 0.6, 0)
        _rate_scale(axes, frame[list(groups)].max().max())
        axes.legend(ncols=_legend_columns(groups), loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)

    return draw, 0.9 + 0.2 * (heights[-1] if heights else 0)


def _ranges(frame, groups):
    """One row a group, a tick a variant."""

    def draw(canvas):
        axes = canvas.subplots()
        for y, group in enumerate(groups):
            mark, colour = _mark(y)
            axes.hlines(y, frame[group].min(), frame[group].max(), color=colour, linewidth=0.8)
            axes.plot(frame[group], np.full(len(frame), y), "|", color=colour, markersize=9, markeredgewidth=0.9)
            axes.plot(frame[group].iloc[0], y, mark, color=colour, markersize=7, zorder=3)
            axes.text(frame[group].max(), y, f"   {frame[group].iloc[0]:.1f}", va="center", fontsize=8.5)
        _rows(axes, [*map(_label, groups)])
        _rate_scale(axes, frame[list(groups)].max().max())

    return draw, 0.7 + 0.3 * len(groups)


def _rate_scale(axes, highest: float) -> None:
    """A scale on which rates of one and of fifty both have room."""
    top = _nice(highest)
    ticks = [tick for tick in (0, 1, 2, 5, 10, 20, 50, 100, 200) if tick <= top]
    axes.set_xscale("symlog", linthresh=1, linscale=0.3)
    axes.set_xticks(ticks, labels=[str(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set(xlim=(0, 1.1 * top), xlabel="per 1,000 words (logarithmic from 1 on)")


def strips(study, most: int = 12, *, only: str | None = None) -> Figure:
    """Where in each article targets, other people's words and loaded terms fall; the first `most` articles, by group, or one by its id."""
    annotations = study.annotations() if only is None else study.annotations().only([only])
    articles = annotations.articles.head(most).sort_values("group", key=lambda column: column.map({group: i for i, group in enumerate(study.groups)}), kind="stable")
    targets = list(study.targets.items())
    rows, tallest = [], 0
    for article in articles.itertuples():
        tokens = annotations.tokens[annotations.tokens["article_id"] == article.article_id]["start"].to_numpy()
        tallest = max(tallest, len(tokens))
        at = lambda offsets: np.searchsorted(tokens, offsets)
        of = lambda table: table[table["article_id"] == article.article_id]
        for key, label in targets:
            rows += [(article.article_id, label, int(x), int(x) + 1) for x in at(of(annotations.mentions).query("target == @key")["start"].to_numpy())]
        for voice in of(annotations.voices).itertuples():
            if voice.kind in ("direct", "indirect"):
                rows.append((article.article_id, {"direct": "quoted", "indirect": "reported"}[voice.kind], int(at(voice.start)), int(at(voice.end))))
        curated = of(annotations.loaded).query("lexicon == 'curated'")
        rows += [(article.article_id, f"loaded, {row.polarity}", int(at(row.start)), int(at(row.start)) + 1) for row in curated.itertuples()]
    frame = pd.DataFrame(rows, columns=["article_id", "lane", "first_word", "after_last_word"])
    lanes = [*(label for _, label in targets), "quoted / reported", "loaded"]
    colours = [palette()["targets"][i % len(palette()["targets"])] for i in range(len(targets))]

    def draw(canvas):
        grid = canvas.subplots(len(articles), 1, sharex=True, squeeze=False)[:, 0]
        for axes, article in zip(grid, articles.itertuples()):
            part = frame[frame["article_id"] == article.article_id]
            for y, (_, label) in enumerate(targets):
                axes.vlines(part[part["lane"] == label]["first_word"], y - 0.36, y + 0.36, color=colours[y], linewidth=1.5)
            for lane in ("quoted", "reported"):
                for row in part[part["lane"] == lane].itertuples():
                    if lane == "quoted":  # behind every lane, so that what stands within a quotation is seen to
                        axes.axvspan(row.first_word, row.after_last_word, color=palette()["voices"]["direct"], alpha=0.13, linewidth=0)
                    axes.barh(len(targets), row.after_last_word - row.first_word, left=row.first_word, height=0.6 if lane == "quoted" else 0.26, color=palette()["voices"]["direct" if lane == "quoted" else "indirect"], linewidth=0)
            for polarity, colour in palette()["polarity"].items():
                axes.vlines(part[part["lane"] == f"loaded, {polarity}"]["first_word"], len(targets) + 0.64, len(targets) + 1.36, color=colour, linewidth=1.8, linestyle={"negative": "-", "neutral": ":", "positive": "--"}[polarity])
            axes.axvspan(article.n_words, tallest, color="#e6e6e6", linewidth=0)
            group = "" if article.group == article.outlet else f" ({_isolated(textwrap.shorten(article.group, 30, placeholder=' …'))})"
            axes.set_title(f"{_isolated(article.article_id)} · {_isolated(textwrap.shorten(article.outlet, 40, placeholder=' …'))}{group}, {article.n_words:,} words", fontsize=9)
            _rows(axes, [*map(_label, lanes)], count=len(lanes))
            axes.tick_params(axis="y", labelsize=8)
            axes.set_xlim(0, tallest)
        grid[-1].set_xlabel("word of the article (title and body)")

    terms = annotations.loaded[(annotations.loaded["lexicon"] == "curated") & annotations.loaded["article_id"].isin(articles["article_id"])]
    said = "; ".join(f"{article.article_id} {int((frame[frame['article_id'] == article.article_id]['lane'] == 'quoted').sum())} quotations, {int(frame[frame['article_id'] == article.article_id]['lane'].str.startswith('loaded').sum())} loaded terms" for article in articles.itertuples())
    cut = f" The first {most} of {len(annotations.articles)} articles." if len(annotations.articles) > most else ""
    return make_figure(
        draw, name="strips", title="Where in each article names, quotes and loaded terms stand" if only is None else f"Where in article {_isolated(only)} the marks fall", says=f"Of {len(terms)} loaded terms {int((terms['voice'] == 'direct').sum())} stand in quotations (tinted), {int((terms['voice'] == 'outlet').sum())} in the outlets' own words.{cut}",
        alt=f"One strip an article, from first to last word, with a lane for each target, for others' words and for loaded terms. {said}.", caption="Thick bars: quoted; thin bars: reported. Loaded terms: solid negative, dashed positive, dotted neutral. Grey: the article has ended.",
        accuracy=("mentions", "polnear", "babe"), frame=frame, height=0.4 + 0.235 * (len(lanes) + 1.5) * len(articles),
    )  # fmt: skip


def similarity(table: Table, groups: tuple[str, ...], most: int = 40) -> Figure:
    """A map on which texts lie the closer the more words they share; from `study.similarity()`. They are named unless they are more than `most`."""
    frame = table.to_frame()
    by, order = frame.columns[0], [(i, group) for i, group in enumerate((*groups, "")) if group in set(frame["group"])]
    direct = len(frame) <= 12 and by != "group"
    legend = _legend_columns([group for _, group in order]) if not direct and by != "group" and (len(order) < len(frame) or len(frame) > most) else 0

    def draw(canvas):
        axes = canvas.subplots()
        for i, group in order:
            (mark, colour), part = _mark(i), frame[frame["group"] == group]
            axes.plot(part["x"], part["y"], mark, color=colour, markersize=8, linestyle="", label=f"{_label(group, _LEGEND_NAME) if group else 'of several groups'} ({len(part)})")
        names = [f"{_isolated(row[by])} · {_isolated(row['group'])}" if direct and row["group"] not in ("", row[by]) else _isolated(textwrap.shorten(row[by], _LABEL_LETTERS, placeholder=" …")) for row in frame.to_dict("records")]
        for row, name, (dx, dy) in zip(frame.itertuples(), names, _beside(frame, names)) if len(frame) <= most else ():
            axes.annotate(name, (row.x, row.y), xytext=(dx, dy), textcoords="offset points", fontsize=8.5, va="center", ha="right" if dx < 0 else "left", arrowprops={"arrowstyle": "-", "color": "#999999", "linewidth": 0.6} if abs(dy) > 6 else None)
        axes.set_aspect("equal", adjustable="datalim")
        axes.margins(0.12)
        axes.set_xlabel("the closer two texts lie, the more alike their words")
        axes.tick_params(labelbottom=False, labelleft=False, length=0)
        axes.grid(False)
        for spine in axes.spines.values():
            spine.set(visible=True, color="#cccccc")
        if legend:
            axes.legend(ncols=legend, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)

    of = dict(zip(frame[by], frame["group"]))
    said = "; ".join(f"{name} ({group}) lies nearest in words to {nearest}" for name, group, nearest in zip(frame[by], frame["group"], frame["nearest"])) if len(frame) <= 10 else f"{len(frame)} texts of {len(order)} groups"
    across = sum(of[name] != of[nearest] for name, nearest in zip(frame[by], frame["nearest"]) if nearest in of)
    kind = {"article_id": "article", "outlet": "outlet"}.get(by, "text")
    says = f"By their words {across} of {len(frame)} {kind}s {'is' if across == 1 else 'are'} most like {'a' if kind == 'text' else 'an'} {kind} of another group." if by != "group" else ""
    return make_figure(
        draw, name="similarity", title="Which texts use the same words", says=says, alt=f"Scatter of texts on two axes without unit; close means alike. {said}.",
        caption="Close together mostly means the same topic. Distances: Jensen-Shannon over content words, placed by classical scaling (Torgerson 1952); a map can show only a part of them.", frame=frame, height=3.9 + (0.2 * -(-len(order) // legend) if legend else 0),
    )  # fmt: skip


def tone(table: Table) -> Figure:
    """Sentences judged negative and positive near each target, by group and voice; from `study.tone()`. Rows with too few sentences near every target are left out."""
    frame = table.to_frame()
    targets, groups = list(dict.fromkeys(frame["target"])), _groups(frame)
    drawn = frame[(frame["words"] >= FEWEST_DRAWN) & (frame["label"] != "neutral")]
    rows, colours, top = _voice_rows(groups, drawn), palette()["polarity"], _nice(drawn[["rate", "high"]].max().max())

    def draw(canvas):
        first, panels = _panels(canvas, len(targets))
        for axes, target in zip(panels, targets):
            part = frame[frame["target"] == target].set_index(["group", "voice", "label"])
            for y, (group, voice) in enumerate(rows):
                if (group, voice, "negative") not in part.index:
                    axes.text(0.04 * top, y, "no sentence", va="center", fontsize=7.5, color=palette()["quiet"])
                    continue
                negative, positive = part.loc[(group, voice, "negative")], part.loc[(group, voice, "positive")]
                if negative["words"] >= FEWEST_DRAWN:
                    axes.barh(y, -negative["rate"], color=colours["negative"], height=0.62)
                    axes.barh(y, positive["rate"], color=colours["positive"], height=0.62, hatch="///", edgecolor="white", linewidth=0)
                    for side, row in ((-1, negative), (1, positive)):
                        axes.hlines(y + 0.12 * side, side * row["low"], side * row["high"], color=palette()["ink"], linewidth=1.1, linestyle=_LINE[row["drawn"]])
                axes.text(2.2 * top, y, f"{int(negative['count'])} : {int(positive['count'])} of {int(negative['words'])}", va="center", ha="right", fontsize=7.5)
            axes.axvline(0, color=palette()["ink"], linewidth=0.8)
            axes.set_title(_title(target))
            axes.set(xlim=(-1.05 * top, 2.25 * top), xlabel="percent of sentences")
            axes.set_xticks([-top, 0, top], labels=[f"{top:g}", "0", f"{top:g}"])
            _part_groups(axes, rows)
            for label, at, side in (("negative", -0.05, "right"), ("positive", 0.05, "left")):
                axes.text(at * top, -0.72, label, ha=side, va="center", fontsize=7.5, color=colours[label])
        for axes in first:
            _rows(axes, _voice_labels(rows))
            axes.set_ylim(top=-1.05)  # the panels share it

    own = frame[frame["voice"] == "outlet"]
    said = "; ".join(f"{row.target}, {row.group}: {row.rate:.0f} {row.label}" for row in own.itertuples() if row.label != "neutral")
    enough = own[(own["label"] == "negative") & (own["count"] >= SMALLEST_COUNT)]
    says = f"No group has {SMALLEST_COUNT} negative sentences of its own on a target: too few to rank."
    if len(enough):
        most = enough.loc[enough["rate"].idxmax()]
        says = f"Most often negative, in the outlet's own words: {_isolated(most['group'])} on {_isolated(most['target'])}, {most['count']} of {most['words']} sentences."
    return make_figure(
        draw, name="tone", title="Tone of the sentences that mention a target", says=says,
        alt=f"Diverging bars, one panel a target, rows are group and voice; percent of sentences in the outlets' own words: {said or 'none'}.",
        caption=f"Left, plain: negative; right, hatched: positive. Numbers: negative to positive, of all sentences; the rest are neutral or cannot be told. No bar for fewer than {FEWEST_DRAWN} sentences. {_lines(table, note=1)}{_left_out(groups, rows)}",
        frame=frame, height=0.6 + _lines_of(targets) * (0.27 * len(rows) + 0.57), accuracy=("tone",),
    )  # fmt: skip


def accuracy(table: Table) -> Figure:
    """Each instrument's F1 with its interval, beside its goal; from `Validation.figures()`."""
    frame = table.to_frame()
    reached = int((frame["f1"] >= frame["goal"]).sum())

    def draw(canvas):
        axes = canvas.subplots()
        found, goal = palette()["groups"][:2]
        for y, row in enumerate(frame.itertuples()):
            axes.hlines(y, row.low, row.high, color=found, linewidth=1.8)
            axes.plot(row.f1, y, "o", color=found, markersize=6.5, zorder=3, markerfacecolor=found if row.f1 >= row.goal else "white", markeredgewidth=1.6, clip_on=False)
            axes.plot(row.goal, y, "|", color=goal, markersize=15, markeredgewidth=2, clip_on=False)
            axes.annotate(f"{row.f1:.2f} ({int(row.units):,})", (1.0, y), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8.5)
        apart = int((frame["f1"] - frame["goal"]).abs().argmax())
        axes.annotate("goal", (frame["goal"].iloc[apart], apart), xytext=(-5 if frame["goal"].iloc[apart] < frame["f1"].iloc[apart] else 5, 0), textcoords="offset points", va="center", ha="right" if frame["goal"].iloc[apart] < frame["f1"].iloc[apart] else "left", fontsize=8.5, color=goal)
        axes.annotate("F1 (judged)", (1.0, -0.85), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8.5, color=palette()["quiet"], annotation_clip=False)
        _rows(axes, [*map(_label, frame["instrument"])])
        axes.set(xlim=(min(0.5, frame[["low", "goal"]].min().min() - 0.02), 1.0), xlabel="F1: 1 where nothing is missed and nothing found wrongly")

    short = list(frame["instrument"][frame["f1"] < frame["goal"]])
    said = ", ".join(f"{name} {f1:.2f}" for name, f1 in zip(frame["instrument"], frame["f1"]))
    return make_figure(
        draw, name="accuracy", title="How accurate each instrument is, by what readers marked", says=f"{reached} of {len(frame)} instruments reach their goal{f'; short of it: {listed(short)}' if short else ''}.",
        alt=f"Dot chart of F1 with 95 % intervals, one row an instrument, a tick at its goal: {said}.",
        caption="Dot and line: F1 and its 95 % interval; hollow: short of its goal, the upright tick. In brackets: how many words, sentences or names were judged. Each on texts of its own that readers marked (gold data): rows do not compare with each other.",
        frame=frame[["name", "instrument", "f1", "low", "high", "goal", "units"]], height=0.7 + 0.34 * len(frame),
    )  # fmt: skip


# What to see


def _ranking(frame, labels) -> str:
    """Who has most and least of what is counted, of the rows that have enough of it to be ranked."""
    enough = frame["count"] >= SMALLEST_COUNT
    if enough.sum() < 2:
        return f"No two {_noun(frame, 2)} have {SMALLEST_COUNT} terms or more: too few to rank." if len(frame) > 1 else ""
    most, least = frame["rate"][enough].idxmax(), frame["rate"][enough].idxmin()
    few = [label for label, ranked in zip(labels, enough) if not ranked]
    rest = f" Fewer than {SMALLEST_COUNT} terms, too few to rank: {listed(few) if len(few) <= 3 else f'{len(few)} of {len(frame)}'}." if few else ""
    return f"Most loaded for its length: {labels[most]}, {frame['rate'][most]:.1f} per 1,000 words; least: {labels[least]}, {frame['rate'][least]:.1f}.{rest}"


def _noun(frame, count: int) -> str:
    noun = "article" if "article_id" in frame else "outlet" if "outlet" in frame else "group"
    return noun if count == 1 else f"{noun}s"


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


# The marks

_TURNING = {"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"}
"""Classes of Unicode's bidirectional algorithm that can move what stands beside them."""
_LINE = {"articles": "-", "sentences": ":"}
"""How an interval is drawn: dotted where it speaks of these articles alone."""


def _legend_columns(names) -> int:
    """How many names of a legend stand beside each other in the width of a chart."""
    return max(1, min(len(names), _LEGEND_LETTERS // (min(_LEGEND_NAME, max(map(len, names), default=0)) + 7)))


def _mark(group: int) -> tuple[str, str]:
    """Mark and colour of a group: no two of the first thirty-six share both."""
    colours, marks = palette()["groups"], palette()["group_marks"]
    return marks[(group + group // len(colours)) % len(marks)], colours[group % len(colours)]


def _isolated(text: str) -> str:
    """A name that keeps its own direction and reverses nothing beside it (Unicode's first strong isolate); as it is where all of it runs from left to right."""
    return f"\u2068{text}\u2069" if any(bidirectional(letter) in _TURNING for letter in text) else text


def _label(name: str, letters: int = _LABEL_LETTERS, *, lines: int = 1) -> str:
    """A name as it stands at a row, in a legend or above a panel: cut to so many lines, each isolated."""
    return "\n".join(map(_isolated, textwrap.wrap(name, letters, max_lines=lines, placeholder=" …")))


def _title(name: str) -> str:
    return _label(name, _TITLE_LETTERS, lines=2)


def _panels(canvas, count: int, *, share: bool = True):
    """Return the panels of a chart, three a line, and those that begin a line."""
    grid = canvas.subplots(_lines_of(range(count)), min(_PANELS, count), sharey=share, squeeze=False)
    for spare in list(grid.flat)[count:]:
        spare.remove()
    return grid[:, 0], list(grid.flat)[:count]


def _lines_of(panels) -> int:
    return -(-len(panels) // _PANELS)


def _lines(rates: Table, *, note: int = 0) -> str:
    """What the lines of a chart are, in the words of its table's note on the interval."""
    told, drawn = rates.notes[note], set(rates.frame["drawn"])
    if len(drawn) > 1:
        return told.replace("Interval: 95 %, where", "Lines: 95 %; solid where").replace("; elsewhere sentences", "; dotted elsewhere, sentences")
    return told.replace("Interval:", "Dotted lines:" if drawn == {"sentences"} else "Lines:")


def _panel_figure(frame, column, values, name, title, says, alt, caption, *, accuracy, words=False) -> Figure:
    shown = frame[frame[column].isin(values)]
    top, first = _nice(shown[["high", "rate"]].max().max()), frame[frame[column] == values[0]] if values else frame

    def draw(canvas):
        begin, panels = _panels(canvas, len(values))
        for i, (axes, value) in enumerate(zip(panels, values)):
            _dots(axes, frame[frame[column] == value], _groups(frame), top, size=7.5)
            axes.set_title(_title(value))
            axes.set(xlim=(-0.04 * top, 1.3 * top))
            axes.tick_params(labelbottom=i + _PANELS >= len(values))
            axes.set_xlabel("per 1,000 words" if i + _PANELS >= len(values) else "")
        for axes in begin:
            _rows(axes, _row_labels(first, shown=True), below=_below(first, first["words"]) if words else None)

    return make_figure(draw, name=name, title=title, says=says, alt=alt, caption=caption, frame=frame, height=0.4 + _lines_of(values) * (0.55 + (0.36 if words else 0.26) * len(first)), accuracy=accuracy)


def _dots(axes, frame, groups, top, *, size: float) -> None:
    for y, row in enumerate(frame.to_dict("records")):
        _dot(axes, y, row, groups.index(row["group"]))
        _value(axes, y, row, top, size=size)


def _dot(axes, y, row, group: int, *, hollow: bool = False) -> None:
    mark, colour = _mark(group)
    axes.hlines(y, row["low"], row["high"], color=colour, linewidth=1.6, linestyle=_LINE[row["drawn"]])
    axes.plot(row["rate"], y, mark, color=colour, markersize=6.5, markerfacecolor="white" if hollow else colour, markeredgewidth=1.4, clip_on=False, zorder=3)


def _value(axes, y, row, top, *, size: float = 7.5, beyond: bool = False) -> None:
    text = f"{row['rate']:.1f} ({int(row['count'])})" if row["count"] else "none"
    end = row["high"] + 0.012 * top if row["high"] == row["high"] else row["rate"] + 0.04 * top
    axes.text(end, y, f"{'→' if beyond else ''} {text}", va="center", fontsize=size, clip_on=False, color=palette()["ink" if row["count"] else "quiet"])


def _rows(axes, labels, *, count: int | None = None, below=None) -> None:
    axes.set_yticks(range(len(labels)), labels if below is None else [f"{label}\n{more}" for label, more in zip(labels, below)])
    axes.set_ylim((count or len(labels)) - 0.4, -0.6)


def _beside(frame, names, *, gap: float = 11) -> list[tuple[float, float]]:
    """Where each name stands beside its point, in points: toward the middle of the map, moved up where another name stands already."""
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    scale = min(400 / max(np.ptp(x), 1e-9), 210 / max(np.ptp(y), 1e-9)) if len(frame) > 1 else 1.0
    middle, placed, offsets = (x.min() + x.max()) / 2 if len(frame) else 0, [], [(9.0, 0.0)] * len(frame)
    for i in np.argsort(y, kind="stable"):
        side, wide = -1 if x[i] > middle else 1, 5.2 * len(names[i])
        first, last = sorted((x[i] * scale + 9 * side, x[i] * scale + (9 + wide) * side))
        at = y[i] * scale
        for left, right, height in placed:  # from the lowest up
            if left < last and first < right and abs(at - height) < gap:
                at = height + gap
        placed = sorted([*placed, (first, last, at)], key=lambda one: one[2])
        offsets[i] = (9.0 * side, at - y[i] * scale)
    return offsets


def _headed(keys: pd.Series) -> tuple[list[float], dict[str, float]]:
    """Where rows stand that a head precedes wherever `keys` changes, and where the heads stand."""
    new = keys.ne(keys.shift()).to_numpy()
    heights = (np.arange(1, len(keys) + 1) + np.cumsum(new) * 1.1).astype(float).tolist()
    return heights, {keys.iloc[i]: heights[i] - 1.0 for i in np.flatnonzero(new)}


def _voice_rows(groups, drawn) -> list[tuple[str, str]]:
    """Group and voice of each row in which a panel has something to draw."""
    known = set(zip(drawn["group"], drawn["voice"]))
    return [(group, voice) for group in groups for voice in _VOICES if (group, voice) in known]


def _voice_labels(rows) -> list[str]:
    return [f"{_label(group, 20)}: {_VOICES[voice]}" if not i or rows[i - 1][0] != group else _VOICES[voice] for i, (group, voice) in enumerate(rows)]


def _part_groups(axes, rows) -> None:
    for y in range(1, len(rows)):
        if rows[y][0] != rows[y - 1][0]:
            axes.axhline(y - 0.5, color="#cccccc", linewidth=0.8)


def _left_out(groups, rows) -> str:
    count = len(_VOICES) * len(groups) - len(rows)
    return f" Left out, for too little near every target: {count} of {len(_VOICES) * len(groups)} rows." if count else ""


def _groups(frame) -> list[str]:
    """The groups in the study's order, those without a row in this table as well: so each keeps its colour from chart to chart."""
    return frame.attrs.get("groups") or list(dict.fromkeys(frame["group"]))


def _row_labels(frame, *, shown: bool = False) -> list[str]:
    """What each row is, as it is told, or (`shown`) as it stands at the axis."""
    if "article_id" in frame and "outlet" in frame:
        return [f"{_isolated(row.article_id)} · {_label(row.outlet, max(9, _LABEL_LETTERS - len(row.article_id)) if shown else 1000)}" for row in frame.itertuples()]
    names = frame["article_id" if "article_id" in frame else "outlet" if "outlet" in frame else "group"]
    return [_label(name) if shown else _isolated(name) for name in names]


def _below(frame, words) -> list[str]:
    """What stands below the name of each row: its group, unless the name tells it, and how many words it has."""
    names = frame["outlet" if "outlet" in frame else "group"]
    groups = ["" if group == name else f"{_label(group, _TITLE_LETTERS)}, " for group, name in zip(frame["group"], names)]
    return [f"{group}{int(n):,} words" for group, n in zip(groups, words)]


def _wide(frame, column, value):
    """Return one row a place with a column for each value of `column`, and the places."""
    keys = [key for key in ("group", "outlet", "article_id") if key in frame]
    wide = frame.pivot_table(index=keys, columns=column, values=value, sort=False)
    return wide.rename_axis(columns=None), wide.index.to_frame(index=False)


def _told(frame, labels) -> str:
    return ", ".join(f"{label} {rate:.1f}" for label, rate in zip(labels, frame["rate"]))


def _nice(value: float) -> float:
    """The next round number above a value, for the end of an axis."""
    if not value or value != value:
        return 1.0
    size = 10 ** np.floor(np.log10(value))
    return float(next(step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * size >= value))
