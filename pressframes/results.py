"""What a study answers with: tables, notes, figures. Frozen; showing them changes nothing."""

import base64
import html
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pandas as pd

from pressframes.errors import InputError

STYLE = "<style>figure.pf-table { margin: 1em 0 } .pf-table table :is(th, td) { vertical-align: top } .pf-table :is(th, td).text, .pf-table .pf-concordance :is(th, td) { text-align: left } .pf-table td.date { white-space: nowrap } .pf-table caption { text-align: left } .pf-table figcaption { font-size: 0.9em }</style>"
"""Stands in each table: a notebook would set text to the right."""
_TABLE = """<figure class="pf-table">
<table data-table="{{ name }}">
<caption>{{ caption }}</caption>
<thead><tr>{% for head, side in heads %}<th scope="col" class="{{ side }}">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}<tr>{% for cell, (head, side) in zip(row, heads) %}<td class="{{ side }}">{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table>
{% if notes %}<figcaption>{% for note in notes %}{{ note }}{% if not loop.last %}<br>{% endif %}{% endfor %}</figcaption>{% endif %}
""" + STYLE + "</figure>"


_DATES = {"date", "dates", "published"}
"""Columns whose cells are not broken."""
MOST_SHOWN = 200
"""A table shows so many rows; `to_frame()` gives all, `top(n)` fewer."""


@cache
def _template(source: str):
    from jinja2 import Environment

    return Environment(autoescape=True, trim_blocks=False).from_string(source)


def about(number: int) -> str:
    """Return a whole number as it can be read: of more than nine digits its size.

    >>> about(137_846_528), about(137_846_528_820)
    ('137,846,528', 'about 10^11')
    """
    return f"{number:,}" if number < 10**9 else f"about 10^{len(str(number)) - 1}" if number < 10**300 else "more than 10^300"


def slug(text: str) -> str:
    """Return a text as a file name: lower case, letters and digits, joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


@dataclass(frozen=True)
class Table:
    """A table that says on its face what was counted.

    Attributes:
        name: short, unique within a notebook; names the CSV beside the report.
        caption: what the table answers.
        notes: denominators, filters, seed, what an interval covers; the footer.
        heads: column name -> what a reader sees; columns not named here are not shown.
        formats: column name -> format specification of its numbers.
        behind: the occurrences that its rows count (`pressframes.evidence.Behind`), for `explain`; None where it counts none.
        chart: draws it, for `plot`; None where no chart fits.
    """

    frame: pd.DataFrame
    name: str
    caption: str
    notes: tuple[str, ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    behind: Any = field(default=None, repr=False, compare=False)
    chart: "Callable[[Table], Figure] | None" = field(default=None, repr=False, compare=False)

    def to_frame(self) -> pd.DataFrame:
        """Return the full table, every column, unrounded."""
        return self.frame.copy()

    def plot(self) -> "Figure":
        """Return the table as a chart.

        Raises:
            InputError: if no chart fits it.
        """
        if self.chart is None:
            raise InputError(f"plot: no chart fits “{self.caption}”; its numbers are in to_frame()")
        return self.chart(self)

    def explain(self, **where: str):
        """Return the sentences behind the table's rows, as a concordance.

        Args:
            where: column=value, to narrow them: `study.rates("loaded").explain(group="Turan")`; also columns that the table does not show, such as `voice` or `article_id`.

        Raises:
            InputError: if the table counts nothing that stands in sentences, or a column or value is unknown.
        """
        if self.behind is None:
            raise InputError(f"explain: “{self.caption}” does not count what stands in sentences; ask study.concordance")
        return self.behind.explain(self, where)

    def shown(self) -> dict[str, str]:
        """Return the columns that are shown, with their heads."""
        return dict(self.heads) or {column: column for column in self.frame.columns}

    def cells(self) -> list[list[str]]:
        """Return what is shown, row by row, as text."""
        return [[self._cell(column, value) for column, value in zip(self.shown(), row)] for row in self.frame[list(self.shown())].itertuples(index=False)]

    def _cell(self, column: str, value) -> str:
        if isinstance(value, (list, tuple)):
            return " to ".join(self._cell(column, part) for part in value)
        if value is None or value is pd.NA or (isinstance(value, float) and value != value):
            return "–"
        if column in self.formats:
            return about(value) if isinstance(value, int) and value >= 10**15 else format(value, self.formats[column])
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and column.startswith(("count", "words", "n_")) else str(value)

    def top(self, rows: int) -> "Table":
        """Return the table with its first rows only; the notes say how many there were."""
        if len(self.frame) <= rows:
            return self
        return replace(self, frame=self.frame.head(rows), notes=(*self.notes, f"First {rows} of {len(self.frame)} rows."))

    def where(self, **equal) -> "Table":
        """Return the rows in which each named column has the given value.

        Raises:
            KeyError: if there is no such column.
        """
        keep = pd.Series(True, index=self.frame.index)
        for column, value in equal.items():
            keep &= self.frame[column] == value
        name = "_".join([self.name, *(slug(str(value)) for value in equal.values())])
        caption = f"{self.caption} – {', '.join(map(str, equal.values()))}"
        return replace(self, frame=self.frame[keep].reset_index(drop=True), name=name, caption=caption)

    def _short(self) -> "Table":
        """The table as it is shown: a long one with its first rows."""
        return self if len(self.frame) <= MOST_SHOWN else self.top(MOST_SHOWN)

    def __repr__(self) -> str:
        if len(self.frame) > MOST_SHOWN:
            return repr(self._short())
        shown = pd.DataFrame(self.cells(), columns=list(self.shown().values()))
        with pd.option_context("display.max_rows", None, "display.max_columns", None, "display.width", 10_000, "display.max_colwidth", 60):
            return "\n".join([self.caption, shown.to_string(index=False) if len(shown) else "(no rows)", *self.notes])

    def _repr_html_(self) -> str:
        if len(self.frame) > MOST_SHOWN:
            return self._short()._repr_html_()
        numbers = {column for column in self.frame.columns if pd.api.types.is_numeric_dtype(self.frame[column]) and not pd.api.types.is_bool_dtype(self.frame[column])}
        side = lambda column: "number" if column in numbers or column in self.formats else "text date" if column in _DATES else "text"
        heads = [(head, side(column)) for column, head in self.shown().items()]
        return _template(_TABLE).render(name=self.name, caption=self.caption, heads=heads, rows=self.cells(), notes=self.notes, zip=zip)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        csv = self.frame.to_csv(index=False, lineterminator="\n", float_format="%.6g")
        return {"text/plain": repr(self), "text/html": self._repr_html_(), "text/csv": csv}


@dataclass(frozen=True)
class Note:
    """A sentence or two read out from results.

    Attributes:
        text: the sentences.
        lead: one or two words on what they are about, set before them.
        kind: `finding` (what these texts hold), `limit` (what cannot be told) or `about` (what is asked).
    """

    text: str
    lead: str = ""
    kind: str = "finding"

    def __repr__(self) -> str:
        return f"{self.lead}: {self.text}" if self.lead else self.text

    @property
    def inner_html(self) -> str:
        """The note as HTML without the element around it."""
        lead = f"<strong>{html.escape(self.lead, quote=False)}.</strong> " if self.lead else ""
        return lead + html.escape(self.text, quote=False)

    def _repr_html_(self) -> str:
        return f'<p class="pf-note {self.kind}">{self.inner_html}</p>'


@dataclass(frozen=True)
class Notes:
    """Several notes, shown as a list."""

    notes: tuple[Note, ...]

    def __iter__(self):
        return iter(self.notes)

    def __repr__(self) -> str:
        return "\n".join(f"- {note!r}" for note in self.notes)

    def _repr_html_(self) -> str:
        items = "\n".join(f'<li class="{note.kind}">{note.inner_html}</li>' for note in self.notes)
        return f'<ul class="pf-notes">\n{items}\n</ul>'


@dataclass(frozen=True)
class Figure:
    """A drawn chart with its words and its data.

    Shown as an HTML figure, the one form whose alternative text survives in JupyterLab, in an exported page and in the PDF.

    Attributes:
        title: names the measure; alt: what the picture shows, for those who do not see it; caption: how to read it.
        says: the sentence drawn below the title; a page tells it in words where the picture must be scrolled.
        frame: the numbers behind each mark.
        width: CSS pixels at which it is shown.
    """

    name: str
    title: str
    alt: str
    caption: str
    frame: pd.DataFrame
    png: bytes = field(repr=False)
    svg: str = field(repr=False)
    width: int = 760
    says: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers behind the chart."""
        return self.frame.copy()

    def __repr__(self) -> str:
        return f"{self.title}\n{self.alt}"

    def _repr_html_(self) -> str:
        image = base64.b64encode(self.png).decode("ascii")
        return (
            f'<figure class="pf-figure" data-figure="{html.escape(self.name)}" data-says="{html.escape(self.says)}"><img width="{self.width}" alt="{html.escape(self.alt)}" '
            f'src="data:image/png;base64,{image}"><figcaption><strong>{html.escape(self.title)}.</strong> {html.escape(self.caption)}</figcaption></figure>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        csv = io.StringIO()
        self.frame.to_csv(csv, index=False, lineterminator="\n", float_format="%.6g")
        return {"text/plain": repr(self), "text/html": self._repr_html_(), "image/svg+xml": self.svg, "text/csv": csv.getvalue()}
