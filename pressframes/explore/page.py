"""An answer as HTML: the strips, and an article with its marks."""

import html

import pandas as pd

from pressframes.annotate import Annotations
from pressframes.charts.figure import palette
from pressframes.explore.kept import articles_of, of_article, with_annotations
from pressframes.layers.regions import KEPT
from pressframes.report.marked import marked_articles
from pressframes.results import Table
from pressframes.study import Study

MOST_STRIPS = 30


def style() -> str:
    targets = palette()["targets"]
    return "<style>" + _CSS + "".join(f".pf-explore .t{i} {{ --mark: {colour}; }}" for i, colour in enumerate(targets)) + "</style>"


_CSS = """
.pf-explore { color: var(--jp-ui-font-color1, #1a1a1a); font: 14px/1.5 "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
.pf-explore table { border-collapse: collapse; }
.pf-explore caption { text-align: left; font-weight: bold; padding: 0.3em 0; color: inherit; caption-side: top; }
.pf-explore th, .pf-explore td { text-align: left; vertical-align: top; padding: 0.2em 0.8em 0.2em 0; border-bottom: 1px solid #8a8a8a; background: none; white-space: normal; unicode-bidi: isolate; }
.pf-explore .number { text-align: right; font-variant-numeric: tabular-nums; }
.pf-explore figure { margin: 0.6em 0; }
.pf-explore figcaption, .pf-explore .facts { font-size: 0.85em; color: var(--jp-ui-font-color2, #595959); }
.pf-explore .scrolls { max-height: 28em; overflow: auto; border: 1px solid #8a8a8a; padding: 0 0.8em; }
.pf-explore a { color: var(--jp-content-link-color, #0b4f8a); text-decoration: underline; }
.pf-explore mark { background: #ffe066; color: #1a1a1a; outline: 2px solid #7a5c00; padding: 0 0.1em; }
.pf-explore article { max-width: 54em; line-height: 1.8; }
.pf-explore article p { unicode-bidi: isolate; overflow-wrap: anywhere; }
.pf-explore p.title { font-weight: bold; }
.pf-explore .target { font-weight: bold; border-bottom: 3px solid var(--mark); }
.pf-explore .direct { background: #f6dfe3; color: #1a1a1a; }
.pf-explore .indirect { background: #f3ebcf; color: #1a1a1a; }
.pf-explore .loaded { color: #ffffff; padding: 0 0.2em; border-radius: 2px; background: #595959; }
.pf-explore .loaded.negative { background: #a33b00; }
.pf-explore .loaded.positive { background: #00705c; }
.pf-explore .scare { outline: 2px dotted #767676; }
.pf-explore .naming { text-decoration: underline wavy #767676 1px; text-underline-offset: 4px; }
.pf-explore .loaded mark { background: none; color: inherit; outline: 2px solid #d08a00; }
.pf-explore .strip { display: block; width: 26em; max-width: 60vw; height: 1.1em; }
.pf-explore .error { color: #b3261e; background: #ffffff; padding: 0 0.3em; font-weight: bold; }
.pf-explore pre { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def strips(table: Table) -> str:
    """One strip an article, from first to last word of the longest: at most MOST_STRIPS, those with the most hits."""
    frame = table.frame
    shown = frame if len(frame) <= MOST_STRIPS else frame.sort_values("count", ascending=False, kind="stable").head(MOST_STRIPS)
    if not len(shown):
        return ""
    longest = max(1, int(shown["n_words"].max()))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(row.article_id)}</th><td>{html.escape(row.outlet)}</td><td class="number">{len(row.at):,d}</td><td class="number">{row.rate:.1f}</td><td>{_strip(row, longest)}</td></tr>\n'
        for row in shown.itertuples()
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("article", "outlet", "count", "per 1,000 words", "from first to last word"))
    more = f"<figcaption>The {len(shown)} articles with the highest counts, of {len(frame):,}.</figcaption>" if len(shown) < len(frame) else ""
    return f'<figure><table><caption>Where in each article</caption><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>{more}</figure>'


def _strip(row, longest: int) -> str:
    told = ", ".join(str(at + 1) for at in row.at[:10]) + (" and further on" if len(row.at) > 10 else "")
    label = f"at word {told} of {row.n_words:,}" if row.at else f"none in {row.n_words:,} words"
    marks = "".join(f"M{at + 0.5:g} 0V10" for at in row.at)
    return (
        f'<svg class="strip" role="img" aria-label="{label}" viewBox="0 0 {longest} 10" preserveAspectRatio="none"><title>{label}</title>'
        f'<rect width="{row.n_words}" height="10" fill="#8a8a8a" fill-opacity="0.3"/><path d="{marks}" stroke="currentColor" stroke-width="2" vector-effect="non-scaling-stroke"/></svg>'
    )


def marked_html(study: Study, article_id: str, found: pd.DataFrame) -> str:
    """One article in full with the report's marks, and the hits in `<mark>`."""
    layers = study.annotations()
    alone = with_annotations(study, Annotations(**{name: of_article(table, article_id) for name, table in layers.tables().items()}), articles=(articles_of(study)[article_id],))
    article, regions = marked_articles(alone)[0], alone.annotations().regions
    here = found[found["article_id"] == article_id]
    inside, paragraphs = list(zip(here["start"], here["end"])), []
    for (kind, stretches), start in zip(article.paragraphs, regions.loc[regions["kind"].isin(KEPT), "start"]):
        parts, at = [], start
        for stretch in stretches:
            parts.append(f'<span id="{stretch.anchor}">' if stretch.anchor else "<span>")
            for piece in stretch.pieces:
                parts.append(_piece(piece, at, inside))
                at += len(piece.text)
            parts.append("</span>")
        paragraphs.append(f'<p class="{html.escape(kind)}">{"".join(parts)}</p>')
    head = f"{article.article_id} · {article.outlet}" + (f": {article.title}" if article.title else "")
    notes = "".join(f'<li value="{number}">{html.escape(note)}</li>' for number, note in article.notes)
    notes = f"<details><summary>Notes to the marks</summary><ol>{notes}</ol></details>" if notes else ""
    return (
        f'<div class="scrolls" tabindex="0" role="group" aria-label="{html.escape(f"article {article_id}, marked")}"><article><h3>{html.escape(head)}</h3>'
        f'<p class="facts">{html.escape(" · ".join((article.group, *article.facts)))}</p>{"".join(paragraphs)}{notes}</article></div>'
    )


def _piece(piece, start: int, inside: list[tuple[int, int]]) -> str:
    cuts = sorted({0, len(piece.text), *(edge - start for span in inside for edge in span if 0 < edge - start < len(piece.text))})
    parts = []
    for left, right in zip(cuts, cuts[1:]):
        text = html.escape(piece.text[left:right])
        parts.append(f"<mark>{text}</mark>" if any(a <= start + left and start + right <= b for a, b in inside) else text)
    notes = "".join(f"<sup>{number}</sup>" for number in piece.notes)
    shown = f'<span class="{html.escape(piece.classes)}" title="{html.escape(piece.about)}">{"".join(parts)}</span>' if piece.classes else "".join(parts)
    return shown + notes
