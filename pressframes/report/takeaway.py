"""What a reader takes away: the report's tables and figures with a dictionary and a citation, in one zip."""

import csv
import html
import json
import re
from importlib import metadata
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pressframes import shelf

NAME = "take-away.zip"
_COLUMNS = {
    "article_id": "article, as in articles.csv", "group": "outlets compared as one", "outlet": "who published it",
    "voice": "whose words: outlet (its own), indirect (reported), direct (quoted)",
    "target": "who is written about", "entry": "entry of a list of loaded terms", "category": "what kind of judgement the entry makes", "polarity": "negative, neutral or positive",
    "lexicon": "curated (the study's own list) or opinion (a general one)", "kind": "of a mention: name, adjective, person, metonym",
    "referent": "what rival names name", "variant": "one of the rival names",
    "role": "agent (acts), patient (is acted upon) or described", "count": "how often it occurs",
    "words": "in how many words (or sentences, as the table's caption says)", "rate": "count per 1,000 words, or percent where the caption says so",
    "low": "lower end of the 95 % interval", "high": "upper end of the 95 % interval", "drawn": "what the interval draws anew: whole articles or sentences", "shrunken": "the rate drawn to the mean of all, the more the fewer its words",
    "g2": "log-likelihood ratio: how surprising the difference is", "log_ratio": "base-2 logarithm of the ratio of two rates", "dp_norm": "dispersion: 0 spread evenly over articles, 1 all in one",
    "p": "twice the share of arrangements of the articles with a difference at least as far on the same side", "q": "p corrected for the number of comparisons (Benjamini-Hochberg)",
    "start": "first code point in the file's text", "end": "after the last code point",
}  # fmt: skip
"""What columns mean that several tables share."""


def write_takeaway(study, outputs: list[dict], folder: Path) -> Path:
    """Write `take-away.zip` into a report's folder, from the tables and figures that lie there; the same bytes each time.

    Args:
        outputs: the data of every displayed result, as the notebooks hold it.
        folder: the report's, with `tables/` and `figures/`.
    """
    texts = {"data-dictionary.md": dictionary(outputs), "CITATION.cff": citation(study)}
    files = {file.relative_to(folder).as_posix(): file for room in ("figures", "tables") for file in sorted((folder / room).iterdir())}
    with ZipFile(folder / NAME, "w", ZIP_DEFLATED) as archive:
        for name in sorted({*texts, *files}):
            content = texts[name].encode("utf-8") if name in texts else files[name].read_bytes()
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return folder / NAME


def dictionary(outputs: list[dict]) -> str:
    """Describe every table and figure in words: what it answers, its columns, what was counted how; Markdown."""
    parts, seen = {"tables": [], "figures": []}, set()
    for data in outputs:
        shown = data.get("text/html", "")
        found = re.search(r'data-(table|figure)="([^"]+)"', shown)
        if not found or "text/csv" not in data or found[0] in seen:
            continue
        seen.add(found[0])
        said = [_plain(part) for part in re.findall(r"<(?:fig)?caption>(.*?)</(?:fig)?caption>", shown, re.DOTALL)]
        columns = ", ".join(f"`{column}`" for column in next(csv.reader(data["text/csv"].splitlines())))
        parts[f"{found[1]}s"] += [f"### {found[1]}s/{found[2]}.csv", "", *said, "", f"Columns: {columns}", ""]
    glossary = ["| column | meaning |", "|---|---|", *(f"| `{column}` | {meaning} |" for column, meaning in _COLUMNS.items())]
    begin = ["# Data dictionary", "", "UTF-8, a header line, comma-separated; an empty cell is a value that cannot be given.", "", *glossary]
    return "\n".join([*begin, "", "## Tables", "", *parts["tables"], "## Figures", "", *parts["figures"]])


def _plain(part: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def citation(study) -> str:
    """Say how to cite: the suite, and the articles that the report speaks of; CITATION.cff 1.2.0."""
    quote = lambda text: json.dumps(text, ensure_ascii=True)  # a JSON string is a YAML string
    author = metadata.metadata("pressframes").get("Author") or "the pressframes authors"
    lines = ["cff-version: 1.2.0", f"message: {quote(f'Made with pressframes: {study.settings.title}')}", "type: software", 'title: "pressframes"']
    lines += [f"version: {quote(shelf.version())}", "license: MIT", "authors:", f"  - name: {quote(author)}", "references:"]
    for article in study.articles:
        title, (year, month, day) = article.title or f"(no title in the file) {article.path}", (article.published.split("-") + ["", "", ""])[:3]
        lines += ["  - type: newspaper-article", f"    title: {quote(title)}", "    authors:", f"      - name: {quote(article.outlet)}"]
        lines += [f"    date-published: {article.published}"] if day else [f"    {name}: {int(value)}" for name, value in (("year", year), ("month", month)) if value]
    return "\n".join([*lines, ""])
