"""What is seen: the answer to a view."""

import re
from dataclasses import dataclass
from pathlib import Path

from pressframes.evidence import Concordance
from pressframes.explore.page import marked_html, strips, style
from pressframes.explore.relist import with_list
from pressframes.explore.steps import hits, lines, moved, narrow, places, rates
from pressframes.explore.views import View, as_code, beside, check, in_words, write
from pressframes.results import Table
from pressframes.study import Study

LINES_SHOWN = 40


@dataclass(frozen=True)
class Seen:
    """What a view shows: tables, lines, one article marked, and the code that makes the same.

    Attributes:
        asked: the view in words.
        rates: a row a group: count, words, rate per 1,000 words with its 95 % interval.
        places: a row an article: count, words, rate, and `at`, the words of the article (from 0) at which the lines stand, of its `n_words`.
        lines: the first MOST_LINES lines of the concordance; `total` tells of all.
        moved: rates of the loaded terms before and after the list was changed; None where it was not.
        article: the article marked; `marked` is its HTML.
        code: Python that makes `rates`, `places`, `lines` and `moved` again.
    """

    view: View
    asked: str
    rates: Table
    places: Table
    lines: Concordance
    moved: Table | None
    article: str
    marked: str
    code: str

    @property
    def strips(self) -> str:
        """Where in each article the lines stand, as HTML."""
        return strips(self.places)

    @property
    def sentences(self) -> str:
        """The first LINES_SHOWN lines, as HTML; those of the article marked lead to their place in it."""
        shown = self.lines.top(LINES_SHOWN)._repr_html_()
        return re.sub(r'<a class="pf-source" href="#([^"]*)">([^<]*)</a>', lambda link: link[0] if f'<span id="{link[1]}">' in self.marked else link[2], shown)

    @property
    def said(self) -> str:
        """How many lines there are, in words."""
        return f"{self.lines.total:,} line{'' if self.lines.total == 1 else 's'}" if self.lines.total else "no lines"

    def __repr__(self) -> str:
        return "\n\n".join([f"{self.asked}: {self.said}", *(repr(part) for part in (self.rates, self.moved, self.lines.top(LINES_SHOWN)) if part is not None)])

    def _repr_html_(self) -> str:
        tables = [part._repr_html_() for part in (self.rates, self.moved) if part is not None]
        return f'{style()}<div class="pf-explore">{"".join([*tables, self.strips, self.sentences, self.marked])}</div>'

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def look(study: Study, view: View) -> Seen:
    """Answer a view: the same view of the same study is always answered alike.

    Raises:
        InputError: in one line, if a name is unknown, the term is no regular expression, or a term cannot be added or struck.
    """
    check(study, view)
    changed = with_list(study, added=view.added, struck=view.struck)
    narrowing = {"groups": view.groups, "targets": view.targets, "voices": view.voices}
    found, words = narrow(changed, hits(changed, term=view.term, regex=view.regex, categories=view.categories), **narrowing)
    asked, at = in_words(study, view), places(changed, found, words)
    article = view.article or next(iter(found["article_id"]), study.articles[0].article_id)
    return Seen(
        view, asked, rates(changed, found, words, asked), at, lines(changed, found, asked),
        moved(study, changed, words, categories=view.categories, **narrowing) if view.added or view.struck else None,
        article, marked_html(changed, article, found), as_code(study, view, asked),
    )  # fmt: skip


def save_lines(study: Study, view: View, name: str, *, over: bool = False) -> Path:
    """Write every line of a view's concordance as `lines-<name>.csv` beside the study (UTF-8 with a byte-order mark); a cell that a spreadsheet would compute gets a leading apostrophe.

    Raises:
        InputError: as `look` and `save_view` do.
    """
    check(study, view)
    changed = with_list(study, added=view.added, struck=view.struck)
    found, _ = narrow(changed, hits(changed, term=view.term, regex=view.regex, categories=view.categories), groups=view.groups, targets=view.targets, voices=view.voices)
    frame = lines(changed, found, "", most=None).to_frame()
    tame = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell)
    return write(beside(study, "lines", name, "csv"), "\ufeff" + tame.to_csv(index=False, lineterminator="\n"), over=over)
