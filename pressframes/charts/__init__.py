"""Charts: a table in, a figure out, with its alternative text and the numbers behind each mark."""

import textwrap

import numpy as np
import pandas as pd

from pressframes.charts.figure import make_figure, palette
from pressframes.charts.tables import dispersion as dispersion, dots as dots
from pressframes.measures.rates import FEWEST_DRAWN
from pressframes.results import Figure, Table

FEWEST_WORDS = 50
"""A rate over fewer words than this is told as "too few words" and not drawn."""
_PANELS = 3
_LEGEND_LETTERS = 60
_VOICES = {"outlet": "own words", "indirect": "reported", "direct": "quoted"}


def loaded(rates: Table) -> Figure:
    """Loaded terms per 1,000 words, one row an article (or outlet, or group); from `study.rates("loaded", by=study.rows)`."""
    frame = rates.to_frame()
    alt = f"Dot chart of loaded terms per 1,000 words: {_told(frame, _row_labels(frame))}."
    return _dot_figure(frame, "loaded", "Loaded terms per 1,000 words, all voices", alt, f"{_lines(rates)} In brackets: how many terms.", line=_line(rates), accuracy=("babe",))


def loaded_categories(rates: Table) -> Figure:
    """Loaded terms per 1,000 words by category, a panel each; from `study.rates("loaded", by=(*study.rows, "category"))`."""
    frame = rates.to_frame()
    total = frame.groupby("category")["count"].sum().sort_values(ascending=False, kind="stable")
    common = ", ".join(f"{category} {count}" for category, count in total.head(3).items())
    alt = f"{len(total)} small dot charts of loaded terms per 1,000 words, one a category, rows alike; most terms in all: {common}."
    return _panel_figure(frame, "category", list(total.index), "loaded_categories", "Loaded terms per 1,000 words, by category", alt, f"{_lines(rates)} Panels in order of frequency, all on one scale.", columns=4, line=_line(rates), accuracy=("babe",))


def mentions(rates: Table) -> Figure:
    """Mentions of each target per 1,000 words, a panel each; from `study.rates("mentions", by=(*study.rows, "target"))`."""
    frame = rates.to_frame()
    targets = list(dict.fromkeys(frame["target"]))
    said = "; ".join(f"{target}: {_told(frame[frame['target'] == target], _row_labels(frame[frame['target'] == target]))}" for target in targets)
    return _panel_figure(frame, "target", targets, "mentions", "Mentions per 1,000 words, by target", f"Dot charts, one a target. {said}.", f"{_lines(rates)} All voices; no pronouns.", columns=3, line=_line(rates), accuracy=("mentions",))


def who_speaks(shares: Table) -> Figure:
    """Whose words, in percent, stacked; from `study.voice_shares(study.rows)`."""
    frame = shares.to_frame()
    wide, labels = _wide(frame, "voice", "rate")
    voices, colours = ["outlet", "indirect", "direct"], palette()["voices"]
    names = {"outlet": "own", "indirect": "reported", "direct": "quoted"}

    def draw(canvas):
        axes = canvas.subplots()
        y, left = np.arange(len(wide)), np.zeros(len(wide))
        for voice in voices:
            values = wide[voice].to_numpy()
            axes.barh(y, values, left=left, height=0.66, color=colours[voice], edgecolor="white", linewidth=1.5)
            for row, (start, value) in enumerate(zip(left, values)):
                if value >= 5:
                    axes.text(start + value / 2, row, f"{names[voice]} {value:.0f} %" if value >= 18 else f"{value:.0f}", ha="center", va="center", color="white", fontsize=8.5)
            left += values
        _rows(axes, labels)
        axes.set(xlim=(0, 100), xlabel="percent of words, in the order: own, reported, quoted")
        axes.grid(False)

    said = "; ".join(f"{label} own {row.outlet:.0f}, reported {row.indirect:.0f}, quoted {row.direct:.0f}" for label, row in zip(labels, wide.itertuples()))
    return make_figure(draw, name="who_speaks", title="Who speaks: share of words by voice", alt=f"Stacked bars, percent of words: {said}.", caption="Quoted: in quotation marks. Reported: in a clause that a reporting word governs.", accuracy=("polnear",), frame=frame, height=1.3 + 0.42 * len(wide))


def loaded_targets(rates: Table) -> Figure:
    """Loaded terms near each target by group and voice; from `study.rates("loaded", by=("target", "group", "voice"))`."""
    frame = rates.to_frame()
    targets = list(dict.fromkeys(frame["target"]))
    drawn = frame[frame["words"] >= FEWEST_WORDS]
    top = _nice(max(drawn["rate"].max(), drawn["high"].where(drawn["count"] > 0).max()))

    def draw(canvas):
        first, panels = _panels(canvas, len(targets))
        groups = list(dict.fromkeys(frame["group"]))
        rows = [(group, voice) for group in groups for voice in ("outlet", "indirect", "direct")]
        for axes, target in zip(panels, targets):
            part = frame[frame["target"] == target].set_index(["group", "voice"])
            for y, key in enumerate(rows):
                if key not in part.index:
                    axes.text(0, y, " no words", va="center", fontsize=7.5, color=palette()["quiet"])
                    continue
                row = part.loc[key]
                if row["words"] < FEWEST_WORDS:
                    axes.text(0, y, f" too few words ({int(row['words'])})", va="center", fontsize=7.5, color=palette()["quiet"])
                    continue
                shown = dict(row, high=min(row["high"], 1.02 * top))
                _dot(axes, y, shown, groups.index(key[0]), line=_line(rates), hollow=key[1] != "outlet")
                _value(axes, y, shown, top, beyond=row["high"] > shown["high"])
            axes.set_title(target)
            axes.set(xlim=(-0.03 * top, 1.4 * top), xlabel="per 1,000 words")
            for y in range(3, len(rows), 3):
                axes.axhline(y - 0.5, color="#cccccc", linewidth=0.8)
        for axes in first:
            _rows(axes, [f"{group}: {_VOICES[voice]}" if voice == "outlet" else _VOICES[voice] for group, voice in rows])

    own = drawn[drawn["voice"] == "outlet"]
    said = "; ".join(f"{target}: " + ", ".join(f"{row.group} {row.rate:.1f}" for row in own[own["target"] == target].itertuples()) for target in targets)
    return make_figure(
        draw, name="loaded_targets", title="Loaded terms in sentences that mention a target, by group and voice",
        alt=f"Dot charts, one a target, rows are group and voice. Loaded terms per 1,000 of the outlets' own words: {said}.",
        caption=f"{_lines(rates)} Filled: the outlet's own words; hollow: reported or quoted. In brackets: how many terms. Arrow: the line goes on beyond the chart.", frame=frame, height=1.3 + _lines_of(targets) * (0.27 * 3 * frame["group"].nunique() + 0.45) - 0.45, accuracy=("mentions", "polnear", "babe"),
    )  # fmt: skip


def naming(table: Table, groups: tuple[str, ...]) -> Figure:
    """How often each group uses each of the rival names; from `study.naming()`. Referents with one name only are left out."""
    frame = table.to_frame()
    frame = frame[frame.groupby("referent")["variant"].transform("size") > 1].reset_index(drop=True)
    colours, most = palette()["groups"], max(1, int(frame[list(groups)].to_numpy().max(initial=0)))
    new = frame["referent"].ne(frame["referent"].shift())
    heights = (np.arange(1, len(frame) + 1) + new.cumsum().to_numpy()).astype(float).tolist()

    def draw(canvas):
        axes = canvas.subplots()
        for y, row in zip(heights, frame.to_dict("records")):
            for x, group in enumerate(groups):
                if row[group]:
                    axes.scatter(x, y, s=560 * row[group] / most + 40, color=colours[x % len(colours)], alpha=0.85, linewidth=0)
                    axes.annotate(str(row[group]), (x, y), xytext=(20, 0), textcoords="offset points", va="center", fontweight="bold")
                else:
                    axes.annotate("0", (x, y), xytext=(20, 0), textcoords="offset points", va="center", color=palette()["quiet"])
        for i in np.flatnonzero(new):
            axes.text(-0.52, heights[i] - 0.85, frame["referent"].iloc[i], fontweight="bold", ha="left", va="center")
        axes.set_yticks(heights, frame["variant"])
        axes.set_xticks(range(len(groups)), groups)
        axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
        axes.set(xlim=(-0.55, len(groups) - 0.4), ylim=(max(heights, default=1) + 0.7, 0.2))
        axes.grid(False)
        axes.spines["bottom"].set_visible(False)

    firsts = []
    for referent, part in frame.groupby("referent", sort=False):
        firsts.append(f"{referent}: " + ", ".join(f"{group} {part.loc[part[group].idxmax(), 'variant']} {int(part[group].max())}" for group in groups if part[group].sum()))
    return make_figure(draw, name="naming", title="Which of the rival names each group uses (counts)", alt=f"Table of dots sized by count, names in rows, groups in columns. Most used: {'; '.join(firsts) or 'none'}.", caption="All voices. The names of one thing stand together; what each name says is told in the table.", frame=frame, height=0.9 + 0.29 * (max(heights, default=1) + 0.5))


def keyness(tables: list[Table], most: int = 10) -> Figure:
    """The most distinctive words of each group; from the tables of `study.keyness`."""
    named = [(list(table.shown().values())[1], table.to_frame().query("signed > 0").head(most).reset_index(drop=True)) for table in tables]
    top = _nice(max((frame["g2"].max() for _, frame in named if len(frame)), default=1) * 1.18)

    def draw(canvas):
        _, panels = _panels(canvas, len(named), share=False)
        for i, (axes, (group, frame)) in enumerate(zip(panels, named)):
            bars = axes.barh(range(len(frame)), frame["g2"], color=palette()["groups"][i % len(palette()["groups"])], height=0.66)
            for bar, q in zip(bars, frame["q"]):
                bar.set_alpha(0.4 if q >= 0.05 else 1)
            for y, row in enumerate(frame.itertuples()):
                axes.text(row.g2, y, f" {row.count_a} : {row.count_b}", va="center", fontsize=8)
            _rows(axes, list(frame["term"]), most)
            axes.set_title(group)
            axes.set(xlim=(0, top), xlabel="G2")

    frame = pd.concat([part.assign(group=group) for group, part in named], ignore_index=True) if named else pd.DataFrame()
    said = "; ".join(f"{group}: {', '.join(part['term'].head(5))}" for group, part in named)
    return make_figure(draw, name="keyness", title="Most distinctive words of each group against everyone else", alt=f"Bar charts of G2, one a group. {said or 'There is one group and nothing to compare it with'}.", caption="Beside each bar: how often here and in all others. " + ("Pale: q of 0.05 or more when articles are dealt out anew." if any(frame["q"].notna().any() for _, frame in named) else "Order within these articles; not a test."), frame=frame, height=1.2 + _lines_of(named) * (0.26 * most + 0.45) - 0.45)


def specification(table: Table, groups: tuple[str, ...]) -> Figure:
    """Loaded terms per 1,000 words by group under every variant, one row each; from `study.specification()`."""
    frame = table.to_frame()
    top = _nice(frame[list(groups)].max().max())

    def draw(canvas):
        axes = canvas.subplots()
        for i, group in enumerate(groups):
            mark, colour = _mark(i)
            axes.plot(frame[group], range(len(frame)), mark, color=colour, markersize=5.5, label=group, clip_on=False, zorder=3)
        for y in range(1, len(frame)):
            if frame["choice"].iloc[y] != frame["choice"].iloc[y - 1]:
                axes.axhline(y - 0.5, color="#767676", linewidth=0.8)
        axes.hlines(range(len(frame)), 0, top, color="#f0f0f0", linewidth=0.8)
        _rows(axes, [f"{row.choice}: {row.variant}" for row in frame.itertuples()])
        axes.tick_params(axis="y", labelsize=7.5)
        axes.set_xscale("symlog", linthresh=1, linscale=0.3)
        axes.set_xticks([tick for tick in (0, 1, 2, 5, 10, 20, 50, 100, 200) if tick <= top], labels=[str(tick) for tick in (0, 1, 2, 5, 10, 20, 50, 100, 200) if tick <= top])
        axes.set_xticks([], minor=True)
        axes.set(xlim=(0, 1.1 * top), xlabel="per 1,000 words (logarithmic from 1 on)")
        axes.legend(ncols=_legend_columns(groups), loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)

    first = ", ".join(f"{group} {frame[group].iloc[0]:.1f}" for group in groups)
    spread = ", ".join(f"{group} {frame[group].min():.1f} to {frame[group].max():.1f}" for group in groups)
    return make_figure(
        draw, name="specification", title="Loaded terms per 1,000 words under every variant", alt=f"Dot chart, {len(frame)} variants in rows, a mark for each group. As counted: {first}. Over all variants: {spread}.",
        caption="Where the marks keep their order from row to row, the order does not hang on our choices.", frame=frame, height=1.2 + 0.185 * len(frame), accuracy=("polnear", "babe"),
    )  # fmt: skip


def strips(study, most: int = 12) -> Figure:
    """Where in each article targets, other people's words and loaded terms fall; the first `most` articles."""
    annotations = study.annotations()
    articles = annotations.articles.head(most)
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
                    axes.barh(len(targets), row.after_last_word - row.first_word, left=row.first_word, height=0.6 if lane == "quoted" else 0.26, color=palette()["voices"]["direct" if lane == "quoted" else "indirect"], linewidth=0)
            for polarity, colour in palette()["polarity"].items():
                axes.vlines(part[part["lane"] == f"loaded, {polarity}"]["first_word"], len(targets) + 0.64, len(targets) + 1.36, color=colour, linewidth=1.8, linestyle={"negative": "-", "neutral": ":", "positive": "--"}[polarity])
            axes.axvspan(article.n_words, tallest, color="#efefef", linewidth=0)
            axes.set_title(f"{article.article_id} · {article.outlet} ({article.group})", fontsize=9)
            _rows(axes, lanes, len(lanes))
            axes.tick_params(axis="y", labelsize=7.5)
            axes.set_xlim(0, tallest)
        grid[-1].set_xlabel("word of the article (title and body)")

    said = "; ".join(f"{article.article_id} {int((frame[frame['article_id'] == article.article_id]['lane'] == 'quoted').sum())} quotations, {int(frame[frame['article_id'] == article.article_id]['lane'].str.startswith('loaded').sum())} loaded terms" for article in articles.itertuples())
    return make_figure(draw, name="strips", title="Where in each article they fall", alt=f"One strip an article, from first to last word, with a lane for each target, for others' words and for loaded terms. {said}.", caption="Thick bars: quoted; thin bars: reported. Loaded terms: solid negative, dashed positive, dotted neutral.", accuracy=("mentions", "polnear", "babe"), frame=frame, height=0.7 + 0.235 * (len(lanes) + 1.5) * len(articles))


def similarity(table: Table, groups: tuple[str, ...], most: int = 40) -> Figure:
    """A map on which texts lie the closer the more words they share; from `study.similarity()`. They are named unless they are more than `most`."""
    frame = table.to_frame()
    by, groups = frame.columns[0], [group for group in (*groups, "") if group in set(frame["group"])]

    def draw(canvas):
        axes = canvas.subplots()
        for i, group in enumerate(groups):
            (mark, colour), part = _mark(i), frame[frame["group"] == group]
            axes.plot(part["x"], part["y"], mark, color=colour, markersize=8, linestyle="", label=group or "of several groups")
        for row in frame.itertuples() if len(frame) <= most else ():
            axes.annotate(getattr(row, by), (row.x, row.y), xytext=(8, 4), textcoords="offset points", fontsize=8.5)
        axes.set_aspect("equal", adjustable="datalim")
        axes.margins(0.12)
        axes.tick_params(labelbottom=False, labelleft=False, length=0)
        axes.grid(False)
        for spine in axes.spines.values():
            spine.set(visible=True, color="#cccccc")
        if by != "group":
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=_legend_columns(groups), borderaxespad=0.2)

    said = "; ".join(f"{name} ({group}) lies nearest in words to {nearest}" for name, group, nearest in zip(frame[by], frame["group"], frame["nearest"])) if len(frame) <= 10 else f"{len(frame)} texts of {len(groups)} groups"
    return make_figure(
        draw, name="similarity", title="Which texts use the same words", alt=f"Scatter of texts on two axes without unit; close means alike. {said}.",
        caption="Distances: Jensen-Shannon over content words, placed by classical scaling (Torgerson 1952); two axes show a part of them. Close together mostly means the same topic.", frame=frame, height=4.2,
    )  # fmt: skip


def tone(table: Table) -> Figure:
    """Sentences judged negative and positive near each target, by group and voice; from `study.tone()`."""
    frame = table.to_frame()
    targets, groups = list(dict.fromkeys(frame["target"])), list(dict.fromkeys(frame["group"]))
    rows = [(group, voice) for group in groups for voice in ("outlet", "indirect", "direct")]
    colours = palette()["polarity"]

    def draw(canvas):
        first, panels = _panels(canvas, len(targets))
        for axes, target in zip(panels, targets):
            part = frame[frame["target"] == target].set_index(["group", "voice", "label"])
            for y, (group, voice) in enumerate(rows):
                if (group, voice, "negative") not in part.index:
                    axes.text(4, y, "no sentence", va="center", fontsize=7.5, color=palette()["quiet"])
                    continue
                negative, positive = part.loc[(group, voice, "negative")], part.loc[(group, voice, "positive")]
                if negative["words"] >= FEWEST_DRAWN:
                    axes.barh(y, -negative["rate"], color=colours["negative"], height=0.62)
                    axes.barh(y, positive["rate"], color=colours["positive"], height=0.62, hatch="///", edgecolor="white", linewidth=0)
                axes.text(187, y, f"{int(negative['count'])} : {int(positive['count'])} of {int(negative['words'])}", va="center", ha="right", fontsize=7)
            axes.axvline(0, color=palette()["ink"], linewidth=0.8)
            axes.set_title(target)
            axes.set(xlim=(-105, 190), xlabel="percent of sentences")
            axes.set_xticks([-100, 0, 100], labels=["100", "0", "100"])
            for y in range(3, len(rows), 3):
                axes.axhline(y - 0.5, color="#cccccc", linewidth=0.8)
        for axes in first:
            _rows(axes, [f"{group}: {_VOICES[voice]}" if voice == "outlet" else _VOICES[voice] for group, voice in rows])

    own = frame[frame["voice"] == "outlet"]
    said = "; ".join(f"{row.target}, {row.group}: {row.rate:.0f} {row.label}" for row in own.itertuples() if row.label != "neutral")
    return make_figure(
        draw, name="tone", title="Tone of the sentences that mention a target, by group and voice",
        alt=f"Diverging bars, one panel a target, rows are group and voice; percent of sentences in the outlets' own words: {said or 'none'}.",
        caption=f"Left, plain: negative; right, hatched: positive. Numbers: negative to positive, of all sentences; the rest are neutral or cannot be told. No bar for fewer than {FEWEST_DRAWN} sentences.",
        frame=frame, height=1.3 + _lines_of(targets) * (0.27 * len(rows) + 0.45) - 0.45, accuracy=("tone",),
    )  # fmt: skip


def accuracy(table: Table) -> Figure:
    """Each instrument's F1 with its interval, beside its goal; from `Validation.figures()`."""
    frame = table.to_frame()

    def draw(canvas):
        axes = canvas.subplots()
        for y, row in enumerate(frame.itertuples()):
            axes.hlines(y, row.low, row.high, color=palette()["groups"][0], linewidth=1.8)
            axes.plot(row.f1, y, "o", color=palette()["groups"][0], markersize=6.5, zorder=3)
            axes.plot(row.goal, y, "|", color=palette()["groups"][1], markersize=15, markeredgewidth=2)
            axes.text(1.01, y, f"{row.f1:.2f}", va="center", fontsize=8.5)
        _rows(axes, list(frame["instrument"]))
        axes.set(xlim=(min(0.5, frame[["low", "goal"]].min().min() - 0.02), 1.0), xlabel="F1")

    said = ", ".join(f"{name} {f1:.2f}" for name, f1 in zip(frame["instrument"], frame["f1"]))
    return make_figure(draw, name="accuracy", title="How accurate each instrument is on gold data", alt=f"Dot chart of F1 with 95 % intervals, one row an instrument, a tick at its goal: {said}.", caption="Dot and line: F1 and its 95 % interval; upright tick: the goal. Each on its own gold set: rows do not compare with each other.", frame=frame[["name", "instrument", "f1", "low", "high", "goal"]], height=1.1 + 0.36 * len(frame))


# The marks


def _legend_columns(names) -> int:
    """How many names of a legend stand beside each other in the width of a chart."""
    return max(1, min(len(names), _LEGEND_LETTERS // (max(map(len, names), default=0) + 7)))


def _mark(group: int) -> tuple[str, str]:
    """Mark and colour of a group: no two of the first thirty-six share both."""
    colours, marks = palette()["groups"], palette()["group_marks"]
    return marks[(group + group // len(colours)) % len(marks)], colours[group % len(colours)]


def _panels(canvas, count: int, *, share: bool = True):
    """Return the panels of a chart, three a line, and those that begin a line."""
    grid = canvas.subplots(_lines_of(range(count)), min(_PANELS, count), sharey=share, squeeze=False)
    for spare in list(grid.flat)[count:]:
        spare.remove()
    return grid[:, 0], list(grid.flat)[:count]


def _lines_of(panels) -> int:
    return -(-len(panels) // _PANELS)


def _lines(rates: Table) -> str:
    """What the lines of a chart are, in the words of its table."""
    return rates.notes[0].replace("Interval:", "Lines:" if _line(rates) == "-" else "Dotted lines:")


def _line(rates: Table) -> str:
    """How the interval is drawn: dotted where it speaks of these articles alone."""
    return ":" if "sentences drawn" in rates.notes[0] else "-"


def _dot_figure(frame, name, title, alt, caption, *, line, accuracy) -> Figure:
    labels, top = _row_labels(frame), _nice(frame[["high", "rate"]].max().max())

    def draw(canvas):
        axes = canvas.subplots()
        groups = _groups(frame)
        for y, row in enumerate(frame.to_dict("records")):
            _dot(axes, y, row, groups.index(row["group"]), line=line)
            _value(axes, y, row, top)
        _rows(axes, labels)
        axes.set(xlim=(-0.015 * top, 1.1 * top), xlabel="per 1,000 words")

    return make_figure(draw, name=name, title=title, alt=alt, caption=caption, frame=frame, height=1.1 + 0.34 * len(frame), accuracy=accuracy)


def _panel_figure(frame, column, values, name, title, alt, caption, *, columns, line, accuracy) -> Figure:
    top, lines = _nice(frame[["high", "rate"]].max().max()), -(-len(values) // columns)
    first = frame[frame[column] == values[0]]
    labels = _row_labels(first)

    def draw(canvas):
        grid = canvas.subplots(lines, min(columns, len(values)), sharex=True, sharey=True, squeeze=False)
        groups = _groups(frame)
        for axes, value in zip(grid.flat, values):
            for y, row in enumerate(frame[frame[column] == value].to_dict("records")):
                _dot(axes, y, row, groups.index(row["group"]), line=line)
                _value(axes, y, row, top, size=6.5)
            axes.set_title("\n".join(textwrap.wrap(value, 16)), fontsize=9)
            axes.set(xlim=(-0.04 * top, 1.3 * top))
        _rows(grid[0, 0], labels)
        for axes in list(grid.flat)[len(values) :]:
            axes.remove()
        for i, axes in enumerate(grid.flat):
            if i < len(values) and i + columns >= len(values):
                axes.set_xlabel("per 1,000 words")
                axes.tick_params(labelbottom=True)

    return make_figure(draw, name=name, title=title, alt=alt, caption=caption, frame=frame, height=0.8 + lines * (0.8 + 0.24 * len(first)), accuracy=accuracy)


def _dot(axes, y, row, group: int, *, line: str, hollow: bool = False) -> None:
    mark, colour = _mark(group)
    axes.hlines(y, row["low"], row["high"], color=colour, linewidth=1.6, linestyle=line)
    axes.plot(row["rate"], y, mark, color=colour, markersize=6.5, markerfacecolor="white" if hollow else colour, markeredgewidth=1.4, clip_on=False, zorder=3)


def _value(axes, y, row, top, *, size: float = 8, beyond: bool = False) -> None:
    text = f"{'→' if beyond else ''} {row['rate']:.1f} ({int(row['count'])})"
    end = row["high"] + 0.012 * top if row["high"] == row["high"] else row["rate"] + 0.04 * top
    axes.text(end, y, text, va="center", fontsize=size, clip_on=False)


def _rows(axes, labels, count: int | None = None) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim((count or len(labels)) - 0.4, -0.6)


def _groups(frame) -> list[str]:
    return list(dict.fromkeys(frame["group"]))


def _row_labels(frame) -> list[str]:
    if "article_id" in frame and "outlet" in frame:
        return [f"{row.article_id} · {row.outlet}" for row in frame.itertuples()]
    return list(frame["article_id" if "article_id" in frame else "outlet" if "outlet" in frame else "group"])


def _wide(frame, column, value):
    """Return one row a place with a column for each value of `column`, and the labels of the rows."""
    keys = [key for key in ("group", "outlet", "article_id") if key in frame]
    wide = frame.pivot_table(index=keys, columns=column, values=value, sort=False)
    return wide.rename_axis(columns=None), _row_labels(wide.index.to_frame(index=False))


def _told(frame, labels) -> str:
    return ", ".join(f"{label} {rate:.1f}" for label, rate in zip(labels, frame["rate"]))


def _nice(value: float) -> float:
    """The next round number above a value, for the end of an axis."""
    if not value or value != value:
        return 1.0
    size = 10 ** np.floor(np.log10(value))
    return float(next(step * size for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * size >= value))
