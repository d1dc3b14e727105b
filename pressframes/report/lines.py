"""From numbers to sentences: the lists at the end of the page, and the links that lead to them."""

import html
import io
import re
from collections import Counter
from typing import NamedTuple

import pandas as pd

from pressframes import counts
from pressframes.evidence import sentence_anchor
from pressframes.results import slug

MOST_LINES = {20: 200, 10**9: 20}
"""Up to so many articles, a list shows so many of its lines; its head tells how many there are."""
_CONTEXT = 70
"""Characters of the sentence shown to either side."""
_COLUMNS = ("group", "outlet", "article_id", "voice", "target", "category", "polarity", "entry", "kind", "referent", "variant")
"""What a row of a table of rates can be told by."""
_NAMES = {
    "mentions": "Mentions", "loaded": "Loaded terms", "opinion": "Terms of the opinion list", "toward": "Loaded terms that characterise", "naming": "Rival names", "roles": "Roles",
    "scare": "Scare quotes",
}  # fmt: skip
_ORDER = ("target", "near", "referent", "variant", "entry", "text", "kind", "role", "predicate", "category", "polarity", "group", "outlet", "article_id", "voice", "held")
"""What a list can be narrowed by, in the order in which its title tells it."""
_VOICES = {"outlet": "the outlet's own words", "indirect": "reported", "direct": "quoted"}
_RELATION = {"agent": "does", "patient": "done to it", "described": "described as"}
_ROLE = {relation: role for role, relation in _RELATION.items()}
_LINKED = ("loaded", "mention", "naming", "roles", "toward", "relations", "scare_by")


class Line(NamedTuple):
    """One occurrence: where it stands, in whose voice, and the sentence around it."""

    anchor: str
    article_id: str
    sentence_id: int
    group: str
    published: str
    voice: str
    left: str
    node: str
    right: str
    about: str


class LineList(NamedTuple):
    """The sentences behind one number. `anchor` is its address in the page, `total` the number."""

    anchor: str
    kind: str
    title: str
    total: int
    lines: tuple[Line, ...]


def mark_anchor(article_id: str, start: int) -> str:
    """The address of a mark within a report: the article and the code point it begins at."""
    return f"a{re.sub(r'[^A-Za-z0-9_-]', '-', article_id)}-c{start}"


class Lists:
    """All lists of a study's page, made as numbers ask for them."""

    def __init__(self, study):
        self.study = study
        self._most = next(most for articles, most in MOST_LINES.items() if len(study.articles) <= articles)
        self._events = {what: list(frame.itertuples(index=False)) for what, frame in _events(study).items()}
        self._texts = {article.article_id: article for article in study.articles}
        self._sentences = {(row.article_id, row.sentence_id): (row.start, row.end) for row in study.annotations().sentences.itertuples()}
        self._near: dict[tuple, list[str]] = {}
        for row in counts.sentence_targets(study.annotations()).itertuples():
            self._near.setdefault((row.article_id, row.sentence_id), []).append(row.target)
        self._sorted: dict[tuple, dict[tuple, list]] = {}
        self._made: dict[tuple, LineList | None] = {}
        self._names: Counter[str] = Counter()

    def of(self, what: str, **where) -> LineList | None:
        """Return the list of what is counted where; None if it is empty.

        Args:
            what: `mentions`, `loaded`, `opinion` (terms of the opinion list), `toward`, `naming`, `roles` or `scare`.
            where: column=value, as the layer names them; `near` a target: in sentences that mention it.
        """
        where = {column: where[column] for column in _ORDER if column in where}
        key = (what, *where.items())
        if key not in self._made:
            events = self.events(what, **where)
            self._made[key] = self._make(what, where, events) if events else None
        return self._made[key]

    def events(self, what: str, **where) -> list:
        """Return the rows behind a list, all of them, as named tuples of the layer's columns with group, outlet and `about`; for the arguments see `of`."""
        columns = tuple(column for column in _ORDER if column in where)
        if (what, columns) not in self._sorted:
            self._sorted[what, columns] = self._sort(what, columns)
        return self._sorted[what, columns].get(tuple(where[column] for column in columns), [])

    def words(self, **where) -> int:
        """Count the words of title and body by group, voice, and near which target their sentence stands."""
        return sum(row.n for row in self.events("words", **where))

    def per_thousand(self, what: str, **where) -> float:
        """Return how often something occurs per 1,000 words there, as `study.rates` does; a mention's own target narrows the mentions alone. NaN without words."""
        words = self.words(**{column: value for column, value in where.items() if column in ("group", "near", "voice")})
        return 1000 * len(self.events(what, **where)) / words if words else float("nan")

    def link(self, shown: str, what: str, **where) -> str:
        """Return the address of the list behind a number as it is shown, `#...`; empty where there is none of exactly that length."""
        found = self.of(what, **where) if f"{len(self.events(what, **where)):,}" == shown.strip() else None
        return f"#{found.anchor}" if found else ""

    def all(self) -> list[tuple[str, list[LineList]]]:
        """Return the lists that were asked for, by kind, the kinds in the order of the page."""
        made = sorted((found for found in self._made.values() if found), key=lambda found: found.title)
        return [(name, kept) for kind, name in _NAMES.items() if (kept := [found for found in made if found.kind == kind])]

    def _sort(self, what: str, columns: tuple[str, ...]) -> dict[tuple, list]:
        """The events of one kind by their values in some columns; one near two targets stands twice."""
        found: dict[tuple, list] = {}
        for row in self._events[what]:
            for near in self._near.get((row.article_id, row.sentence_id), ()) if "near" in columns else ("",):
                found.setdefault(tuple(near if column == "near" else getattr(row, column) for column in columns), []).append(row)
        return found

    def _make(self, what: str, where: dict, events: list) -> LineList:
        targets = self.study.targets
        said = {"target": targets.get, "near": lambda key: f"near {targets[key]}", "voice": _VOICES.get, "held": lambda _: "in scare quotes", "article_id": "article {}".format}
        title = " · ".join([_NAMES[what], *(said.get(column, str)(value) for column, value in where.items())])
        name = "-".join(filter(None, ["c", what, *(slug(str(value)) for value in where.values())]))
        taken = self._names[name] = self._names[name] + 1
        return LineList(name if taken == 1 else f"{name}.{taken}", what, title, len(events), tuple(self._line(what, row) for row in events[: self._most]))

    def _line(self, what: str, row) -> Line:
        text, (first, last) = self._texts[row.article_id].text, self._sentences[row.article_id, row.sentence_id]
        left, right = text[first : row.start], text[row.end : last]
        left = left if len(left) <= _CONTEXT else "… " + left[-_CONTEXT:].partition(" ")[2]
        right = right if len(right) <= _CONTEXT else right[:_CONTEXT].rpartition(" ")[0] + " …"
        anchor = sentence_anchor(row.article_id, row.sentence_id) if what == "opinion" else mark_anchor(row.article_id, row.start)  # that list is counted, not marked
        return Line(anchor, row.article_id, row.sentence_id, row.group, self._texts[row.article_id].published, row.voice, left, text[row.start : row.end], right, row.about)


def _events(study) -> dict[str, pd.DataFrame]:
    """What the page counts, one row an occurrence: the layer's columns, group and outlet, and `about`, what a line says of it."""
    tables = study.annotations()
    whole = lambda frame, about: counts.with_articles(frame.assign(about=about), tables)
    curated, opinion = (tables.loaded[tables.loaded["lexicon"] == name] for name in ("curated", "opinion"))
    naming, scare = tables.naming, study.scare_quotes().to_frame().drop(columns=["group", "outlet"])
    quoted = tables.voices[tables.voices["kind"].isin(("scare", "name"))].rename(columns={"start": "from", "end": "to"})
    pairs = naming.reset_index().merge(quoted[["article_id", "from", "to"]], on="article_id")
    held = naming.index.isin(pairs.loc[(pairs["start"] >= pairs["from"]) & (pairs["end"] <= pairs["to"]), "index"])
    labels = study.targets
    return {
        "mentions": whole(tables.mentions, ""),
        "loaded": whole(curated, curated["category"]),
        "opinion": whole(opinion, opinion["polarity"]),
        "toward": whole(curated.assign(target=curated["toward"].str.split()).explode("target").dropna(subset=["target"]), lambda frame: frame["category"]),
        "naming": whole(naming.assign(held=held), naming["referent"]),
        "roles": whole(tables.roles, [f"{labels[row.target]}: {_RELATION[row.role]} “{row.predicate}”" for row in tables.roles.itertuples()]),
        "scare": whole(scare, ""),
        "words": counts.sentence_words(tables),
    }


def link_numbers(table: str, csv: str, lists: Lists) -> str:
    """Return a table's HTML with each number that counts something linked to its list.

    Args:
        table: as `Table` renders it, a row of the body for each row of `csv`.
        csv: the same table with every column.
    """
    name = re.search(r'data-table="([^"]+)"', table)
    frame = pd.read_csv(io.StringIO(csv), dtype=str, keep_default_na=False) if name and name[1].startswith(_LINKED) else pd.DataFrame()
    asked = _asked(name[1], tuple(frame), lists.study) if len(frame) else None
    if asked is None:
        return table
    heads, rows = [html.unescape(head) for head in re.findall(r"<th [^>]*>(.*?)</th>", table)], iter(frame.to_dict("records"))

    def link_row(row: re.Match) -> str:
        values, head = next(rows), iter(heads)
        return re.sub(r"(<td [^>]*>)(.*?)</td>", lambda cell: link_cell(cell, asked.where(values, next(head))), row[0], flags=re.DOTALL)

    def link_cell(cell: re.Match, where: dict | None) -> str:
        address = lists.link(cell[2], asked.what, **where) if where is not None else ""
        return f'{cell[1]}<a class="count" href="{address}">{cell[2]}</a></td>' if address else cell[0]

    before, body, after = re.split(r"(?<=<tbody>)|(?=</tbody>)", table, maxsplit=2)
    return before + re.sub(r"<tr>.*?</tr>", link_row, body, flags=re.DOTALL) + after


def link_findings(notes: str, evidence: dict[str, tuple[tuple[str, LineList], ...]]) -> str:
    """Return findings as HTML with the lists that each rests on behind it.

    Args:
        notes: as `Note` or `Notes` render themselves.
        evidence: lead of a finding -> its lists, each with its label.
    """

    def link(note: re.Match) -> str:
        lists = " · ".join(f'{html.escape(label)} <a class="count" href="#{lines.anchor}">{lines.total:,}</a>' for label, lines in evidence.get(html.unescape(note[2]), ()))
        return f'{note[1]}<!-- screen --> <span class="evidence">Sentences: {lists}</span><!-- /screen -->' if lists else note[1]

    return re.sub(r"(<(?:li|p) [^>]*><strong>([^<]*)\.</strong>[^<]*)(?=</(?:li|p)>)", link, notes)


class _Asked(NamedTuple):
    """What the numbers of a table count: the kind, what its name narrows it to, the columns of a row that tell one number from the next, and what the head of a column adds."""

    what: str
    narrowed: dict[str, str]
    columns: dict[str, str]
    heads: dict[str, dict]
    targets: dict[str, str]

    def where(self, row: dict, head: str) -> dict | None:
        """The conditions on the number below `head` in a row; None where it is no count."""
        if head not in self.heads:
            return None
        known = {"target": self.targets, "relation": _ROLE}
        return self.narrowed | {name: known.get(column, {}).get(row[column], row[column]) for column, name in self.columns.items()} | self.heads[head]


def _asked(name: str, columns: tuple[str, ...], study) -> _Asked | None:
    """Tell from a table's name and columns what its numbers count; None for tables whose numbers have no list."""
    groups, own, quoted = {group: {"group": group} for group in study.groups}, {"voice": "outlet"}, {voice: {"voice": voice} for voice in ("indirect", "direct")}
    kinds = {
        "mentioned_as": ("mentions", ("target", "text", "kind"), {"count": {}} | groups),
        "naming": ("naming", ("referent", "variant"), {"count": {}, "in the outlet's own words": own, "in scare quotes": {"held": True}} | groups),
        "loaded_entries": ("loaded", ("entry", "category", "polarity"), {"count": {}, "outlet's own": own} | quoted),
        "roles": ("roles", ("target", "group"), {role: {"role": role} for role in ("agent", "patient")}),
        "toward": ("toward", ("target", "group"), {"loaded terms": {}, "negative": {"polarity": "negative"}, "positive": {"polarity": "positive"}, "in the outlet's own words": own}),
        "relations": ("roles", ("relation", "word"), {"count": {}} | groups),
    }
    by = tuple(column for column in columns if column in _COLUMNS)
    kinds |= {f"{what}_by_{'_'.join(by)}": (what, by, {"count": {}}) for what in ("loaded", "mentions", "naming", "scare")}
    kind = max((kind for kind in kinds if f"{name}_".startswith(f"{kind}_")), key=len, default=None)
    if kind is None:
        return None
    what, told, heads = kinds[kind]
    narrowed, rest = {}, name.removeprefix(kind)
    itself = lambda names: {name: name for name in names}
    for column, known in (("target", itself(study.targets)), ("group", {slug(group): group for group in study.groups}), ("voice", itself(counts.VOICES)), ("lexicon", itself(["opinion"])), ("role", {slug(relation): role for relation, role in _ROLE.items()})):
        found = next((part for part in known if f"{rest}_".startswith(f"_{part}_")), None)
        if found:
            narrowed[column], rest = known[found], rest.removeprefix(f"_{found}")
    if rest:
        return None
    what = narrowed.pop("lexicon", what)
    names = {"relation": "role", "word": "predicate"}
    if what in ("loaded", "opinion", "naming", "scare"):  # of these a target tells the sentences they stand in
        names["target"] = "near"
    narrowed = {names.get(column, column): value for column, value in narrowed.items()}
    return _Asked(what, narrowed, {column: names.get(column, column) for column in told}, heads, {label: key for key, label in study.targets.items()})
