"""Charts of any table that measures its rows, and of any concordance."""

import textwrap

from matplotlib.ticker import MaxNLocator

from pressframes.charts.figure import make_figure, palette
from pressframes.results import Figure, Table

MOST = 30
"""Rows drawn; the caption tells how many there are."""
_TITLE_LETTERS = 84


def dots(table: Table, *, value: str, rows: tuple[str, ...], unit: str, accuracy: tuple[str, ...] = ()) -> Figure:
    """Draw one column of a table, a dot a row, with a line from `low` to `high` where the table has these.

    Args:
        value: the column drawn.
        rows: the columns that name a row.
        unit: of the axis.
        accuracy: the instruments that the numbers rest on, as for `make_figure`.
    """
    frame = table.to_frame().head(MOST)
    labels = [" · ".join(str(part) for part in row) for row in frame[list(rows)].itertuples(index=False)]
    told = [format(number, table.formats.get(value, "g")) if number == number else "–" for number in frame[value]]
    counted = [f" ({count:,})" for count in frame["count"]] if "count" in frame and value != "count" else [""] * len(frame)
    groups, look = list(dict.fromkeys(frame["group"])) if "group" in frame else [], palette()
    dotted = any("sentences drawn" in note for note in table.notes)

    def draw(canvas):
        axes = canvas.subplots()
        for y, row in enumerate(frame.to_dict("records")):
            at = groups.index(row["group"]) if groups else 0
            colour, mark = look["groups"][at % len(look["groups"])], look["group_marks"][at % len(look["group_marks"])]
            if "low" in row and row["low"] == row["low"]:
                axes.hlines(y, row["low"], row["high"], color=colour, linewidth=1.6, linestyle=":" if dotted else "-")
            axes.plot(row[value], y, mark, color=colour, markersize=6.5, zorder=3, clip_on=False)
            axes.annotate(told[y] + counted[y], (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8)
        if frame[value].min() < 0 or ("low" in frame and frame["low"].min() < 0):
            axes.axvline(0, color=look["quiet"], linewidth=0.8)
        elif frame[value].min() < frame[value].max() / 2 or len(frame) == 1:  # measures far from 0, such as logDice, keep their own range
            axes.set_xlim(left=0)
        if value == "count":
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlabel(unit)

    said = "; ".join(f"{label} {number}" for label, number in list(zip(labels, told))[:10])
    more = [f"The first {len(frame)} of {len(table.frame):,} rows."] if len(frame) < len(table.frame) else []
    brackets = ["In brackets: how many."] if any(counted) else []
    return make_figure(
        draw, name=table.name, title=textwrap.fill(table.caption, _TITLE_LETTERS), alt=f"Dot chart, {unit}, one row for each {', '.join(table.shown().get(row, row) for row in rows)}. {said or 'No rows'}.",
        caption=" ".join([*table.notes[:1], *brackets, *more]), frame=frame, height=1.1 + 0.3 * len(frame) + 0.2 * (len(table.caption) // _TITLE_LETTERS), accuracy=accuracy,
    )  # fmt: skip


def dispersion(lines) -> Figure:
    """Where in each article the lines of a concordance stand, a strip an article, all strips of one length; at most `MOST`, those with most lines."""
    frame = lines.to_frame()
    counted = frame["article_id"].value_counts(sort=False)
    kept = set(counted.sort_values(ascending=False, kind="stable").index[:MOST])
    frame = frame[frame["article_id"].isin(kept)][["group", "article_id", "outlet", "start"]].reset_index(drop=True)
    frame["place"] = [100 * start / lines.lengths[article] for start, article in zip(frame["start"], frame["article_id"])]
    articles, groups, look = frame.drop_duplicates("article_id"), list(dict.fromkeys(frame["group"])), palette()

    def draw(canvas):
        axes = canvas.subplots()
        for y, row in enumerate(articles.itertuples()):
            axes.axhspan(y - 0.38, y + 0.38, color="#efefef", linewidth=0)
            axes.vlines(frame.loc[frame["article_id"] == row.article_id, "place"], y - 0.38, y + 0.38, color=look["groups"][groups.index(row.group) % len(look["groups"])], linewidth=1.6)
            axes.annotate(f"{counted[row.article_id]:,}", (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8)
        axes.set_yticks(range(len(articles)), [f"{row.article_id} · {row.outlet} ({row.group})" for row in articles.itertuples()])
        axes.set(ylim=(len(articles) - 0.4, -0.6), xlim=(0, 100), xlabel="percent of the article, from its first to its last character")
        axes.grid(False)

    said = "; ".join(f"{article} {count}" for article, count in counted.head(10).items())
    more = f" The {len(kept)} articles with most lines, of {len(counted):,}." if len(kept) < len(counted) else ""
    return make_figure(draw, name="dispersion", title=textwrap.fill(f"{lines.caption}: where in each article", _TITLE_LETTERS), alt=f"One strip an article, a mark for each line. Lines: {said or 'none'}.", caption=f"Articles without a line are left out. At the right: how many lines.{more}", frame=frame, height=1.1 + 0.32 * len(articles))
