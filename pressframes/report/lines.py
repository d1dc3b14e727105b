"""From numbers to sentences: the lists that numbers lead to, and the links that lead there."""

import html
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from pressframes import counts
from pressframes.collocates import RELATIONS
from pressframes.evidence import article_anchor, sentence_anchor
from pressframes.report.events import Events
from pressframes.results import slug

ARTICLES_ON_PAGE = 20
"""A report of more articles keeps them, and the lists, in files beside its page."""
MOST_LINES = {True: 200, False: 1000}
"""A list shows so many of its lines on the page, or in a file beside it; its head tells how many there are."""
LINES_IN_FILE = 3000
"""A file of lists is full when it holds so many lines."""
COMMON = 40
"""The sentences of a word that occurs more often than this are not listed on the page (of "the" they are nearly all); in files its list shows so many."""
_CONTEXT = {True: 70, False: 200}
_CONTEXT_OF_WORDS = 45
"""Characters of the sentence shown to either side, on the page and in a file; on the page fewer where a list is of a word."""
_COLUMNS = ("group", "outlet", "article_id", "voice", "target", "category", "polarity", "entry", "kind", "referent", "variant")
"""What a row of a table of rates can be told by."""
_NAMES = {
    "mentions": "Mentions", "loaded": "Loaded terms", "opinion": "Terms of the opinion list", "toward": "Loaded terms that characterise", "naming": "Rival names", "roles": "Roles",
    "scare": "Scare quotes", "tone": "Sentences by tone", "passages": "Sentences that speak most for a frame", "framed": "Articles that carry a frame", "stretches": "Whose words", "terms": "Words", "collocates": "Words near a target",
}  # fmt: skip
_ORDER = ("target", "near", "referent", "variant", "entry", "term", "window", "text", "kind", "role", "predicate", "person", "frame", "label", "category", "polarity", "group", "but", "outlet", "article_id", "voice", "held")
"""What a list can be narrowed by, in the order in which its title tells it."""
_VOICES = {"outlet": "the outlet's own words", "indirect": "reported", "direct": "quoted"}
_ROLE = {relation: role for role, relation in RELATIONS.items()}
_LINKED = ("loaded", "mention", "naming", "roles", "toward", "relations", "scare_by", "tone", "frames", "words_by", "keyness", "lockwords", "collocates", "word_shift")
_WORDS = ("terms", "collocates")
_LONG = {"tone": 130, "passages": 130, "framed": 130, "stretches": 110}
"""Kinds whose lines are whole sentences or stretches, and the characters shown of each."""


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
    """The sentences behind one number. `anchor` is its address in its file, `file` that file (empty: the page), `total` the number, `extent` the lines there are.

    `extent` differs from `total` where the number counts words and a line is a stretch of them; `of_group` says that the title tells the group.
    """

    anchor: str
    file: str
    kind: str
    title: str
    total: int
    extent: int
    of_group: bool
    lines: tuple[Line, ...]

    @property
    def counted(self) -> str:
        """The class of a link that leads here: `count`, or `words` where the number is one of words and a line a stretch of them."""
        return "words" if self.kind == "stretches" else "count"

    @property
    def whole_sentences(self) -> bool:
        """Whether a line is a whole sentence or stretch, with nothing in it to be picked out."""
        return self.kind in _LONG

    @property
    def address(self) -> str:
        """The list's address as the page links to it."""
        return f"{self.file}#{self.anchor}"


class Part(NamedTuple):
    """Those of a block's lines that are a list of their own; `label` tells them from the other parts, `classes` is `gN` for the lines of group N."""

    list: LineList | None
    label: str
    classes: str
    lines: tuple[Line, ...]


class Block(NamedTuple):
    """A list with the lists that are parts of it, so that no line stands twice; `without` are lists of all its lines but those of one group, each with that group's number."""

    list: LineList
    parts: tuple[Part, ...]
    without: tuple[tuple[LineList, int], ...] = ()


def mark_anchor(article_id: str, start: int) -> str:
    """The address of a mark within a report: the article and the code point it begins at."""
    return f"{article_anchor(article_id)}-c{start}"


class Lists:
    """All lists of a study's page, made as numbers ask for them."""

    def __init__(self, study):
        self.study = study
        self.on_page = len(study.articles) <= ARTICLES_ON_PAGE
        self._source = Events(study)
        self._texts = {article.article_id: article for article in study.articles}
        self._sentences = {(row.article_id, row.sentence_id): (row.start, row.end) for row in study.annotations().sentences.itertuples()}
        self._near: dict[tuple, list[str]] = {}
        for row in counts.sentence_targets(study.annotations()).itertuples():
            self._near.setdefault((row.article_id, row.sentence_id), []).append(row.target)
        self._events: dict[tuple, list] = {}
        self._sorted: dict[tuple, dict[tuple, list]] = {}
        self._made: dict[tuple, LineList | None] = {}
        self._names: Counter[str] = Counter()
        self._files: Counter[str] = Counter()

    def of(self, what: str, **where) -> LineList | None:
        """Return the list of what is counted where; None if it is empty, or of a word too common to be listed.

        Args:
            what: a kind of `Events`, `terms` or `collocates`.
            where: column=value, as the layer names them; `near` a target: in sentences that mention it; `but` a group: in all others. A value of None narrows nothing.
        """
        where = self._narrowed(where)
        key = (what, *where.items())
        if key not in self._made:
            events = self.events(what, **where)
            listed = events and not (what in _WORDS and self.on_page and len(self.events(what, **{column: where[column] for column in ("term", "target", "window") if column in where})) > COMMON)
            self._made[key] = self._make(what, where, events) if listed else None
        return self._made[key]

    def events(self, what: str, **where) -> list:
        """Return the rows behind a list, all of them, as named tuples of the layer's columns with group, outlet and `about`; for the arguments see `of`."""
        where = self._narrowed(where)
        if "but" in where:
            return [row for row in self.events(what, **{column: value for column, value in where.items() if column != "but"}) if row.group != where["but"]]
        looked_up = tuple((column, where.pop(column)) for column in ("term", "target", "window") if column in where) if what in _WORDS else ()
        columns = tuple(where)
        if (what, looked_up, columns) not in self._sorted:
            self._sorted[what, looked_up, columns] = self._sort(what, looked_up, columns)
        found = self._sorted[what, looked_up, columns].get(tuple(where.values()), [])
        if what == "collocates" and "window" not in dict(looked_up):  # the unit is the sentence
            return list({(row.article_id, row.sentence_id): row for row in reversed(found)}.values())[::-1]
        return found

    def words(self, **where) -> int:
        """Count the words of title and body by group, voice, and near which target their sentence stands."""
        return sum(row.n for row in self.events("words", **where))

    def per_thousand(self, what: str, **where) -> float:
        """Return how often something occurs per 1,000 words there, as `study.rates` does; a mention's own target narrows the mentions alone. NaN without words."""
        words = self.words(**{column: value for column, value in where.items() if column in ("group", "near", "voice")})
        return 1000 * len(self.events(what, **where)) / words if words else float("nan")

    def link(self, shown: str, what: str, **where) -> LineList | None:
        """Return the list behind a number as it is shown; None where there is none of exactly that length."""
        return self.of(what, **where) if f"{_size(self.events(what, **where)):,}" == shown.strip() else None

    def place(self, anchor: str) -> str:
        """Return the address of a sentence or a mark of an article, as the page links to it."""
        return f"#{anchor}" if self.on_page else f"articles/{anchor.rpartition('-')[0]}.html#{anchor}"

    def article(self, article_id: str) -> str:
        """Return the address of an article, as the page links to it."""
        name = article_anchor(article_id)
        return f"#article-{name[1:]}" if self.on_page else f"articles/{name}.html"

    def all(self) -> list[tuple[str, list[Block]]]:
        """Return the lists that were asked for, by kind, the kinds in the order of the page; on the page those that are parts of others stand within them."""
        made = {key: found for key, found in self._made.items() if found}
        blocks = self._nested(made) if self.on_page else [Block(found, (Part(None, "", "", found.lines),)) for found in made.values()]
        blocks.sort(key=lambda block: block.list.title)
        return [(name, kept) for kind, name in _NAMES.items() if (kept := [block for block in blocks if block.list.kind == kind])]

    def files(self) -> dict[str, list[tuple[str, list[Block]]]]:
        """Return the files of lists beside the page, with what each holds, as `all` tells it; none where the page holds all."""
        found: dict[str, list] = defaultdict(list)
        for name, blocks in self.all() if not self.on_page else ():
            for file in sorted({block.list.file for block in blocks}, key=lambda file: (len(file), file)):
                found[file].append((name, [block for block in blocks if block.list.file == file]))
        return dict(found)

    def _narrowed(self, where: dict) -> dict:
        where = {column: where[column] for column in _ORDER if where.get(column) is not None}
        others = [group for group in self.study.groups if group != where.get("but")]
        if "but" in where and len(others) == 1:
            where = self._narrowed({**where, "group": others[0], "but": None})
        return where

    def _sort(self, what: str, looked_up: tuple, columns: tuple[str, ...]) -> dict[tuple, list]:
        """The events of one kind by their values in some columns; one near two targets stands twice."""
        if (what, looked_up) not in self._events:
            frame = self._source.of_term(what, **dict(looked_up)) if what in _WORDS else self._source.of(what)
            self._events[what, looked_up] = list(frame.itertuples(index=False))
        found: dict[tuple, list] = {}
        for row in self._events[what, looked_up]:
            for near in self._near.get((row.article_id, row.sentence_id), ()) if "near" in columns else ("",):
                found.setdefault(tuple(near if column == "near" else getattr(row, column) for column in columns), []).append(row)
        return found

    def _told(self, where: dict) -> str:
        targets = self.study.targets
        said = {
            "target": targets.get, "near": lambda key: f"near {targets[key]}", "voice": _VOICES.get, "held": lambda _: "in scare quotes", "person": lambda _: "of persons", "article_id": "article {}".format, "but": "all but {}".format,
            "window": "within {} words".format, "role": lambda role: {"agent": "agent", "patient": "patient"}.get(role, role),
        }  # fmt: skip
        return " · ".join(said.get(column, str)(value) for column, value in where.items())

    def _make(self, what: str, where: dict, events: list) -> LineList:
        name = "-".join(filter(None, ["c", what, *(f"not-{slug(value)}" if column == "but" else slug(str(value)) for column, value in where.items())]))
        taken = self._names[name] = self._names[name] + 1
        lines, file = tuple(self._line(what, row) for row in events[: COMMON if what in _WORDS else MOST_LINES[self.on_page]]), ""
        if not self.on_page:
            self._files[what] += len(lines)
            file = f"lists/{what}-{1 + (self._files[what] - len(lines)) // LINES_IN_FILE}.html"
        title = " · ".join(filter(None, [_NAMES[what], self._told(where)]))
        return LineList(name if taken == 1 else f"{name}.{taken}", file, what, title, _size(events), len(events), "group" in where, lines)

    def _line(self, what: str, row) -> Line:
        text, (first, last) = self._texts[row.article_id].text, self._sentences[row.article_id, row.sentence_id]
        width = _CONTEXT_OF_WORDS if what in _WORDS and self.on_page else _CONTEXT[self.on_page]
        left, node, right = text[first : row.start], text[row.start : row.end], text[row.end : max(last, row.end)]
        if what in _LONG:
            left, node, right = "", _shortened(node, _LONG[what]), ""
        left = left if len(left) <= width else "… " + left[-width:].partition(" ")[2]
        right = right if len(right) <= width else right[:width].rpartition(" ")[0] + " …"
        marked = what not in ("opinion", *_WORDS, *_LONG)  # those are counted, not marked
        anchor = mark_anchor(row.article_id, row.start) if marked else sentence_anchor(row.article_id, row.sentence_id)
        return Line(anchor, row.article_id, row.sentence_id, row.group, self._texts[row.article_id].published, row.voice, left, node, right, row.about)

    def _nested(self, made: dict[tuple, LineList]) -> list[Block]:
        """Put each list into the list that holds all its lines, where that is whole: of all ways to divide a list into others, the one that saves most lines."""
        ways: dict[tuple, list] = defaultdict(list)
        for key, found in made.items():
            what, where = key[0], dict(key[1:])
            for holder in _wider(what, where) if found.extent == len(found.lines) else ():
                if holder in made and made[holder].extent == len(made[holder].lines):
                    cut = tuple(column for column in where if column not in dict(holder[1:]))
                    ways[holder, ("group",) if cut == ("but",) else cut].append(key)
        blocks, held = {}, set()
        saved = lambda way: sum(len(made[key].lines) for key in ways[way])
        for holder, cut in sorted(ways, key=lambda way: (-saved(way), str(way))):
            inside = [key for key in ways[holder, cut] if key not in held and key not in blocks]
            if holder not in held and holder not in blocks and inside:
                blocks[holder] = self._block(holder, cut, inside, made)
                held.update(inside)
        alone = lambda found: Block(found, (Part(None, "", "", found.lines),))
        return [blocks.get(key) or alone(found) for key, found in made.items() if key not in held]

    def _block(self, holder: tuple, cut: tuple[str, ...], inside: list[tuple], made: dict[tuple, LineList]) -> Block:
        groups, order = list(self.study.groups), {value: i for i, value in enumerate((*counts.VOICES, *self.study.groups))}
        wheres = {key: {column: value for column, value in key[1:] if column in cut or (column == "but" and column not in dict(holder[1:]))} for key in inside}
        without = tuple((made[key], groups.index(where["but"])) for key, where in wheres.items() if "but" in where)
        rows = {tuple(where.values()): (key, []) for key, where in sorted(wheres.items(), key=lambda pair: [order.get(value, 0) for value in pair[1].values()]) if "but" not in where}
        if without:  # each group's lines apart, whether a number asks for them or not
            rows = {(group,): rows.get((group,), (None, [])) for group in groups}
        rest: list[Line] = []
        for event, line in zip(self.events(holder[0], **dict(holder[1:])), made[holder].lines):
            rows.get(tuple(getattr(event, column) for column in cut), (None, rest))[1].append(line)
        parts = [Part(made.get(key), self._told(dict(zip(cut, values))), f"g{groups.index(values[0])}" if cut == ("group",) else "", tuple(lines)) for values, (key, lines) in rows.items() if lines]
        return Block(made[holder], (*parts, *([Part(None, "others", "", tuple(rest))] if rest else [])), without)


def _wider(what: str, where: dict) -> Iterable[tuple]:
    """The keys of the lists that may hold all lines of this one: those with fewer conditions. Nearness to a target and the word looked up divide nothing."""
    free = [column for column in where if column not in ("near", "held", "person") and not (what in _WORDS and column in ("term", "target", "window"))]
    for chosen in range(1, 2 ** len(free)):
        dropped = {column for i, column in enumerate(free) if chosen >> i & 1}
        if "but" not in dropped or dropped == {"but"}:
            yield (what, *((column, value) for column, value in where.items() if column not in dropped))


def _size(events: list) -> int:
    """What a number says of its events: how many they are, or how many words where they are stretches of words."""
    return sum(row.n for row in events) if events and hasattr(events[0], "n") else len(events)


def _shortened(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 40].rpartition(' ')[0]} … {text[-35:].partition(' ')[2]}"


def link_numbers(table: str, csv: str, lists: Lists) -> str:
    """Return a table's HTML with each number that counts something linked to its list, and each article named in it to the article.

    Args:
        table: as `Table` renders it, a row of the body for each row of `csv`.
        csv: the same table with every column.
    """
    name = re.search(r'data-table="([^"]+)"', table)
    heads = [html.unescape(head) for head in re.findall(r"<th [^>]*>(.*?)</th>", table)]
    if not name or not (name[1].startswith(_LINKED) or "article" in heads):
        return table
    frame = pd.read_csv(io.StringIO(csv), dtype=str, keep_default_na=False)
    asked = _asked(name[1], tuple(frame), tuple(heads), lists.study) if len(frame) and name[1].startswith(_LINKED) else None
    rows, known = iter(frame.to_dict("records")), {article.article_id for article in lists.study.articles}

    def link_row(row: re.Match) -> str:
        values, head = next(rows), iter(heads)
        return re.sub(r"(<td [^>]*>)(.*?)</td>", lambda cell: link_cell(cell, values, next(head)), row[0], flags=re.DOTALL)

    def link_cell(cell: re.Match, values: dict, head: str) -> str:
        if head == "article" and values.get("article_id") in known:
            return f'{cell[1]}<a href="{lists.article(values["article_id"])}">{cell[2]}</a></td>'
        where = asked.where(values, head) if asked else None
        if where is None:
            return cell[0]
        if asked.what == "passages":  # a probability: no count, but there are sentences that it rests on
            found = lists.of("passages", **where)
            return f'{cell[1]}<a class="basis" href="{found.address}">{cell[2]}</a></td>' if found else cell[0]
        found = lists.link(cell[2], asked.what, **where)
        return f'{cell[1]}<a class="{found.counted}" href="{found.address}">{cell[2]}</a></td>' if found else cell[0]

    before, body, after = re.split(r"(?<=<tbody>)|(?=</tbody>)", table, maxsplit=2)
    return before + re.sub(r"<tr>.*?</tr>", link_row, body, flags=re.DOTALL) + after


def link_findings(notes: str, evidence: dict[str, tuple[tuple[str, LineList], ...]]) -> str:
    """Return findings as HTML with the lists that each rests on behind it.

    Args:
        notes: as `Note` or `Notes` render themselves.
        evidence: lead of a finding -> its lists, each with its label.
    """

    def link(note: re.Match) -> str:
        lists = " · ".join(f'{html.escape(label)} <a class="{lines.counted}" href="{lines.address}">{lines.total:,}</a>' for label, lines in evidence.get(html.unescape(note[2]), ()))
        return f'{note[1]}<!-- screen --> <span class="evidence">Counted: {lists}</span><!-- /screen -->' if lists else note[1]

    return re.sub(r"(<(?:li|p) [^>]*><strong>([^<]*)\.</strong>[^<]*)(?=</(?:li|p)>)", link, notes)


class _Asked(NamedTuple):
    """What the numbers of a table count: the kind, what its name narrows it to, the columns of a row that tell one number from the next, and what the head of a column adds (None: takes back)."""

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


def _asked(name: str, columns: tuple[str, ...], heads: tuple[str, ...], study) -> _Asked | None:
    """Tell from a table's name, columns and heads what its numbers count; None for tables whose numbers have no list."""
    groups, own, quoted = {group: {"group": group} for group in study.groups}, {"voice": "outlet"}, {voice: {"voice": voice} for voice in ("indirect", "direct")}
    here = next((group for group in study.groups if group in heads), None)
    sides = groups | {"everyone else": {"but": here}} if here is not None else {}
    kinds = {
        "mentioned_as": ("mentions", ("target", "text", "kind"), {"count": {}} | groups),
        "naming": ("naming", ("referent", "variant"), {"count": {}, "in the outlet's own words": own, "in scare quotes": {"held": True}} | groups),
        "loaded_entries": ("loaded", ("entry", "category", "polarity"), {"count": {}, "outlet's own": own} | quoted),
        "roles": ("roles", ("target", "group"), {role: {"role": role} for role in ("agent", "patient")}),
        "toward": ("toward", ("target", "group"), {"loaded terms": {}, "negative": {"polarity": "negative"}, "positive": {"polarity": "positive"}, "in the outlet's own words": own}),
        "relations": ("roles", ("relation", "word"), {"count": {}, "of persons": {"person": True}, "with any target": {"target": None, "role": None}} | groups),
        "tone": ("tone", ("target", "group", "voice", "label"), {"sentences": {}}),
        "frames": ("passages", ("article_id",), {head: {"frame": head} for head in heads}),
        "keyness": ("terms", ("term",), sides), "lockwords": ("terms", ("term",), sides), "words_by_group": ("terms", ("term",), {"count": {}}),
        "word_shift": ("loaded", ("entry",), sides),
        "collocates": ("collocates", ("term",), {"count near": {}}),
    }  # fmt: skip
    by = tuple(column for column in columns if column in _COLUMNS)
    kinds |= {f"{what}_by_{'_'.join(by)}": (kind, by, {"count": {}}) for what, kind in (("loaded", "loaded"), ("mentions", "mentions"), ("naming", "naming"), ("scare", "scare"), ("words", "stretches")) if by}
    kind = max((kind for kind in kinds if f"{name}_".startswith(f"{kind}_")), key=len, default=None)
    if kind is None:
        return None
    what, told, counted = kinds[kind]
    narrowed, rest = {}, name.removeprefix(kind)
    if sides and counted is sides:  # they stand in the heads
        for group in heads:
            rest = re.sub(rf"^_{slug(group)}(?=_|$)", "", rest) if group in study.groups else rest
    rest = re.sub(r"_of_\d$", "", rest) if what == "terms" else rest
    itself = lambda names: {name: name for name in names}
    windows = {f"window{size}": size for size in re.findall(r"_window(\d+)$", rest)}
    parts = {"target": itself(study.targets), "group": {slug(group): group for group in study.groups}, "voice": itself(counts.VOICES), "lexicon": itself(["opinion"]), "role": {slug(relation): role for relation, role in _ROLE.items()}, "window": windows}
    for column, known in (*parts.items(), *parts.items()):  # names tell voice and target in either order
        found = next((part for part in known if f"{rest}_".startswith(f"_{part}_")), None)
        if found:
            narrowed[column], rest = known[found], rest.removeprefix(f"_{found}")
    if rest:
        return None
    what = narrowed.pop("lexicon", what)
    names = {"relation": "role", "word": "predicate"}
    if what in ("loaded", "opinion", "naming", "scare", "terms"):  # of these a target tells the sentences they stand in
        names["target"] = "near"
    narrowed = {names.get(column, column): value for column, value in narrowed.items()}
    return _Asked(what, narrowed, {column: names.get(column, column) for column in told}, counted, {label: key for key, label in study.targets.items()})
