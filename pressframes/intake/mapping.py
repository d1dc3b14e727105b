"""From records to articles: who printed them, when, and which are compared as a group. Proposals, each with how it is known."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pressframes.corpus import LONGEST
from pressframes.errors import InputError, listed
from pressframes.intake.columns import TABLES, check_columns, domain, kind_of, some, tell_columns
from pressframes.intake.dates import Day, order_of, read_day
from pressframes.intake.readers import SKIP, Readings
from pressframes.intake.records import FIELDS, Record
from pressframes.languages import ENGLISH, FEWEST_WORDS, detect_language, language_name
from pressframes.results import Table

MAX_GROUPS = 20
"""Outlets become groups by themselves up to this many; charts and tables of more cannot be read."""
_NO_OUTLET = "not known"
"""How the outlet is known of an article whose outlet is not."""
FEWEST_FOREIGN = 5
"""Words of a paragraph whose language is told apart from its article's."""
_UNSEEN = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NO_TEXT = re.compile(r"[\ud800-\udfff\0]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Entry:
    """An article as proposed for `articles.csv`; `known` says of each inferred value how it is known."""

    article_id: str
    place: str
    text: str
    title: str = ""
    outlet: str = ""
    author: str = ""
    url: str = ""
    published: str = ""
    precision: str = ""
    group: str = ""
    event: str = ""
    translation: str = ""
    syndicated_from: str = ""
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A study as understood from what was read.

    Attributes:
        groups: in the order of the study, the largest first.
        understood: field by field, where it was found.
        notes: what was inferred, changed or left out.
    """

    entries: tuple[Entry, ...]
    groups: tuple[str, ...]
    understood: Table
    notes: tuple[str, ...] = ()

    def by_group(self) -> Table:
        """Return articles, words, outlets and dates of each group."""
        import pandas as pd

        rows = []
        for group in self.groups:
            part = [entry for entry in self.entries if entry.group == group]
            days, outlets = sorted(entry.published for entry in part if entry.published), Counter(entry.outlet for entry in part)
            rows.append((group, len(part), sum(len(entry.text.split()) for entry in part), some([outlet for outlet, _ in outlets.most_common()]), " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "not known"))
        frame = pd.DataFrame(rows, columns=["group", "count", "words", "outlets", "dates"])
        return Table(frame, "groups", "What is compared", heads={"group": "group", "count": "articles", "words": "words", "outlets": "outlets", "dates": "published"})

    def by_language(self) -> Table:
        """Return how many articles and words are in each language, and how many paragraphs of it stand in articles of another one."""
        import pandas as pd

        articles, words, paragraphs = Counter(), Counter(), Counter()
        for entry in self.entries:
            language = detect_language(entry.text)
            articles[language] += 1
            words[language] += len(entry.text.split())
            paragraphs.update(found for line in entry.text.splitlines() if len(line.split()) >= FEWEST_FOREIGN and (found := detect_language(line)) != language and (found != ENGLISH or len(line.split()) >= FEWEST_WORDS))
        order = sorted({*articles, *paragraphs}, key=lambda language: (-articles[language], -paragraphs[language], language))
        frame = pd.DataFrame([(language, language_name(language), articles[language], words[language], paragraphs[language]) for language in order], columns=["code", "language", "count", "words", "n_paragraphs"])
        notes = ["English is analysed; a paragraph in another language than its article is left out of it."]
        if foreign := [language for language in order if articles[language] and language != ENGLISH]:
            codes = ", ".join(f'"{language}"' for language in (ENGLISH, *foreign))
            told = some([f"{articles[language]} in {language_name(language)}" for language in foreign])
            notes.append(f"Left out of every count: {told}. To count and search them all the same, without reported speech, roles, tone and frames, write languages = [{codes}] under [corpus] in study.toml.")
        return Table(frame, "languages", "In what languages", tuple(notes), {"language": "language", "count": "articles", "words": "words", "n_paragraphs": "paragraphs in other articles"})


def propose(readings: Readings, *, columns: Mapping[str, str] | None = None, group_by: str = "", groups: Mapping[str, tuple[str, ...]] | None = None, order: str = "", skip: bool = False) -> Proposal:
    """Propose what each column means, and from that outlets, dates and groups.

    Args:
        columns: field -> column, as the user says; FIELDS lists the fields.
        group_by: `outlet`, `folder`, `domain`, `file` (the beginning of file names) or a column. Where empty: a column named group, folders if there are several, else outlets if there are 2 to MAX_GROUPS.
        groups: group -> its outlets, in the order of the study; articles of other outlets are left out and told.
        order: of day and month in dates such as 4/5/2017, `dmy` or `mdy`; told from the dates where empty.
        skip: leave out articles that lack what is needed and say so, in place of raising.

    Raises:
        Undecided: if no column is seen to hold the texts.
        InputError: with all articles that lack a text or a group, are too long to be one article, or share an id.
    """
    columns = dict(columns or {})
    check_columns(readings.records, columns)
    maps, layouts = tell_columns(readings.records, columns)
    drafts = _join([_draft(record, maps[kind_of(record)]) for record in readings.records])
    faults, notes = [], _unused(readings.records, maps, layouts, group_by)
    if readings.left_out:
        notes.append(f"Left out, of kinds that are not read: {some([f'{count} of {suffix}' for suffix, count in readings.left_out])}.")
    drafts = _without_faults(drafts, faults)
    if not drafts and not faults:
        raise InputError("no article with a text; give the texts")
    drafts, more = _fill(drafts, order)
    notes += more
    drafts = _in_groups(drafts, groups, notes) if groups else _grouped(drafts, group_by, faults, notes)
    if faults and not (skip and drafts):
        raise InputError(listed(faults, most=20, mend=SKIP))
    left_out = [*readings.refused, *faults]
    notes += [f"Left out: {fault}." for fault in left_out[:10]] + ([f"Left out: {len(left_out) - 10} more."] if len(left_out) > 10 else [])
    if nameless := sum(draft.known.get("outlet") == _NO_OUTLET for draft in drafts):
        notes.append(f"{nameless} of {len(drafts)} articles name no outlet: 'unknown'; fill it in, name its column with --column outlet=NAME, or put each outlet's files in a folder of its own.")
    drafts = _identified(drafts, notes)
    notes += _text_notes(drafts)
    counts = Counter(draft.values["group"] for draft in drafts)
    groups = tuple(groups or sorted(counts, key=lambda group: (-counts[group], group.casefold())))
    entries = tuple(_entry(draft) for draft in drafts)
    if len(groups) == 1:
        notes.append(f"One group only ('{groups[0]}'): the study describes it and compares nothing; name another way with --group-by.")
    elif small := [group for group in groups if counts[group] < 5]:
        notes.append(f"Fewer than 5 articles in {some(small)}: too few to tell an outlet's habit from one article's subject.")
    return Proposal(entries, groups, _understood(entries, layouts), tuple(notes))


@dataclass(frozen=True)
class _Draft:
    record: Record
    values: dict
    known: dict
    notes: tuple[str, ...] = ()

    def told(self, meaning: str, value: str, how: str) -> "_Draft":
        return replace(self, values={**self.values, meaning: value}, known={**self.known, meaning: how})


def clean(text: str) -> str:
    """Return a label as one line without control characters or marks that turn the direction of reading."""
    return " ".join(_UNSEEN.sub(" ", unicodedata.normalize("NFC", text)).split())


def harmless(label: str) -> str:
    """Return a label for a cell; what a spreadsheet would compute gets an apostrophe before it.

    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{label}" if label.startswith(("=", "+", "-", "@")) else label


def _draft(record: Record, mapping: Mapping[str, tuple[str, str]]) -> _Draft:
    values, known = dict.fromkeys(FIELDS, ""), {}
    for meaning, (column, how) in mapping.items():
        value = record.columns.get(column, "")
        values[meaning] = value if meaning == "text" else clean(value) if meaning not in ("file", "url", "id") else " ".join(_UNSEEN.sub("", value).split())
        if values[meaning]:
            known[meaning] = record.known.get(meaning) or (f"column '{column}'" + (f" ({how})" if how else "") if record.layout in TABLES or column != meaning else "")
    notes = list(record.notes)
    text = values["text"]
    if _NO_TEXT.search(text):
        text = _NO_TEXT.sub("\ufffd", text)
        notes.append("characters that are no text, replaced by \ufffd")
    if "\ufffd" in text and not notes:
        notes.append("\ufffd for letters lost in an earlier conversion (left as given)")
    if _BIDI.search(text):
        notes.append("marks that turn the direction of reading (left as given)")
    if text.strip() and values["title"] and record.layout not in ("text", "RTF", "DOCX", "PDF", "Markdown") and not _opens_with(text, values["title"]):
        text = f"{values['title']}\n\n{text}"
        notes.append("title put above the text")
    return _Draft(record, {**values, "text": text}, {name: how for name, how in known.items() if how}, tuple(notes))


def _opens_with(text: str, title: str) -> bool:
    def letters(part: str) -> str:
        return re.sub(r"[\W_]+", "", part.casefold())

    return letters(title)[:80] in letters(text[: len(title) + 400])


def _join(drafts: list[_Draft]) -> list[_Draft]:
    """Give texts what rows without text say about them: same address, same file name, or same id if their whole file holds no text."""
    with_text = {draft.record.file for draft in drafts if draft.values["text"].strip()}

    def keys(draft: _Draft) -> list[tuple[str, str]]:
        of_text = [draft.record.file] if draft.record.layout not in TABLES and not draft.record.part else []
        paths = [draft.values["file"], *of_text] if draft.values["text"].strip() else [draft.values["file"]]
        names = [path.replace("\\", "/").rsplit("/", 1)[-1].casefold() for path in paths if path]
        address = re.sub(r"^https?://(?:www\.)?|/+$", "", draft.values["url"])
        return [("file", name) for name in names] + ([("url", address)] if address else []) + ([("id", draft.values["id"])] if draft.values["id"] else [])

    joined, owners = dict(enumerate(drafts)), {}
    for at, draft in joined.items():
        if draft.values["text"].strip():
            for key in keys(draft):
                owners.setdefault(key, at)
    for at, draft in enumerate(drafts):
        if draft.values["text"].strip():
            continue
        owner = next((owners[key] for key in keys(draft) if key in owners and (key[0] != "id" or draft.record.file not in with_text)), None)
        if owner is None:
            continue
        del joined[at]
        whole = joined[owner]
        for name, value in draft.values.items():
            if value and name != "text":
                whole = whole.told(name, value, f"{draft.record.file}: {draft.known.get(name) or name}")
        joined[owner] = replace(whole, record=replace(whole.record, columns={**draft.record.columns, **whole.record.columns}))
    return list(joined.values())


def _unused(records, maps: Mapping[str, Mapping[str, tuple[str, str]]], layouts: Mapping[str, str], group_by: str) -> list[str]:
    """Name the columns of tables that mean nothing yet, where none of what was given has a column of outlets, dates or titles."""
    missing = [meaning for meaning in ("outlet", "date", "title") if not any(meaning in fields or (meaning == "outlet" and "url" in fields) for fields in maps.values())]
    notes = []
    for kind in (kind for kind, layout in layouts.items() if layout in TABLES and missing):
        used = {group_by, *(column for column, _ in maps[kind].values())}
        names = dict.fromkeys(f"'{name}'" for record in records if kind_of(record) == kind for name, value in record.columns.items() if value.strip() and name not in used)
        if names:
            notes.append(f"{kind}: no column is seen to hold the {' or the '.join(missing)}; not used: {some(list(names), 20)}; say which it is with --column {missing[0]}=NAME.")
    return notes


def _without_faults(drafts: list[_Draft], faults: list[str]) -> list[_Draft]:
    kept = []
    for draft in drafts:
        if not draft.values["text"].strip():
            where = f" ('{draft.values['title'][:60]}')" if draft.values["title"] else ""
            faults.append(f"{draft.record.place}: no text{where}; fill it in or remove it")
        elif len(draft.values["text"]) > LONGEST:
            faults.append(f"{draft.record.place}: {len(draft.values['text']):,} characters, more than one article has ({LONGEST:,}); split it")
        else:
            kept.append(draft)
    return kept


def _folder(draft: _Draft) -> str:
    return draft.record.file.rsplit("/", 1)[0].rsplit("/", 1)[-1] if "/" in draft.record.file else ""


def _beginning(draft: _Draft) -> str:
    """The word before the first separator or number in a file's name."""
    stem = draft.record.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    match = re.match(r"([^\W\d_]{2,}(?:[ .][^\W\d_]+)*)(?=[_\-\d]|$)", _DAY_IN_NAME.sub("", stem).strip(" _-."))
    return match[1] if match else ""


def _beginnings(drafts: list[_Draft]) -> dict[int, str]:
    """Return the beginnings of file names, if all have one, and articles share them as they share outlets."""
    found = {at: _beginning(draft) for at, draft in enumerate(drafts) if not draft.record.part}
    names = set(found.values())
    return found if len(found) == len(drafts) > 1 and "" not in names and 2 <= len(names) <= len(drafts) / 2 else {}


def _fill(drafts: list[_Draft], order: str) -> tuple[list[_Draft], list[str]]:
    """Fill in outlets and dates from what stands elsewhere: address, folder, file name."""
    notes = []
    folders = {_folder(draft) for draft in drafts if not draft.record.part}
    beginnings = _beginnings(drafts)
    orders = defaultdict(list)
    for draft in drafts:
        orders[kind_of(draft.record)].append(draft.values["date"])
    orders = {kind: order or order_of(values) for kind, values in orders.items()}
    filled, unread, halved, failed = [], [], 0, set()
    for at, draft in enumerate(drafts):
        if not draft.values["outlet"]:
            if name := domain(draft.values["url"]):
                draft = draft.told("outlet", name, "inferred: domain of the address")
            elif len(folders) > 1 and not draft.record.part and _folder(draft):
                draft = draft.told("outlet", clean(_folder(draft)), "inferred: name of the folder")
            elif at in beginnings:
                draft = draft.told("outlet", clean(beginnings[at]), "inferred: beginning of the file name")
        written = draft.values["date"]
        day = read_day(written, orders[kind_of(draft.record)], written=len(failed) < 100)
        if written and not day.published:
            failed.add(written)
            unread.append(f"'{written[:40]}' ({draft.record.place})")
        halved += bool(day.why)
        how = draft.known.get("date", "")
        if day.published and re.fullmatch(r"\D{0,12}\d{1,2}[./-]\d{1,2}[./-].*", written) and not day.why:
            how += f", {'day' if orders[kind_of(draft.record)] == 'dmy' else 'month'} first" if orders[kind_of(draft.record)] else ""
        if not written and not draft.record.part and (match := _DAY_IN_NAME.search(draft.record.file.rsplit("/", 1)[-1])):
            day, how = Day(f"{match[1]}-{match[2]}-{match[3]}", "day"), "inferred: file name"
        draft = replace(draft, values={**draft.values, "published": day.published, "precision": day.precision}, known={**draft.known, **({"published": f"{how} ({day.why})" if day.why else how} if day.published and how else {})})
        filled.append(draft)
    if unread:
        notes.append(f"{len(unread)} date{'s' * (len(unread) != 1)} not understood and left empty: {some(unread, 3)}; write {'it' if len(unread) == 1 else 'them'} as 2017-04-05, here or later in articles.csv.")
    if halved:
        notes.append(f"{halved} dates told to the year only: whether day or month stands first cannot be told from them; say so with --dates dmy or --dates mdy.")
    return [draft if draft.values["outlet"] else draft.told("outlet", "unknown", _NO_OUTLET) for draft in filled], notes


def _in_groups(drafts: list[_Draft], groups: Mapping[str, tuple[str, ...]], notes: list[str]) -> list[_Draft]:
    """Put articles into the groups that the user names by their outlets."""
    of = {outlet.casefold(): group for group, outlets in groups.items() for outlet in outlets}
    there = Counter(draft.values["outlet"] for draft in drafts)
    if missing := [outlet for outlets in groups.values() for outlet in outlets if outlet.casefold() not in {name.casefold() for name in there}]:
        raise InputError(f"--group: no article of {some(missing)}; the outlets are {some([outlet for outlet, _ in there.most_common()], 20)}")
    if others := {outlet: count for outlet, count in there.items() if outlet.casefold() not in of}:
        notes.append(f"Left out, in no --group: {some([f'{count} of {outlet}' for outlet, count in others.items()])}.")
    return [draft.told("group", of[draft.values["outlet"].casefold()], "as told with --group") for draft in drafts if draft.values["outlet"].casefold() in of]


def _grouped(drafts: list[_Draft], group_by: str, faults: list[str], notes: list[str]) -> list[_Draft]:
    outlets = Counter(draft.values["outlet"] for draft in drafts)
    folders = {_folder(draft) for draft in drafts}
    how = group_by
    if not how:
        how = "group" if any(draft.values["group"] for draft in drafts) else "folder" if len(folders) > 1 and all(not draft.record.part for draft in drafts) else "outlet" if 2 <= len(outlets) <= MAX_GROUPS else "none"
    if how == "none":
        if len(outlets) > MAX_GROUPS:
            notes.append(f"{len(outlets)} outlets, too many to be groups by themselves: all articles are one group; name a column with --group-by, or take --group-by outlet.")
        return [draft.told("group", "all", "not grouped") for draft in drafts]
    ways = {"group": lambda draft: (draft.values["group"], draft.known.get("group", "")), "outlet": lambda draft: (draft.values["outlet"] if draft.values["outlet"] != "unknown" else "", "the outlet"),
            "folder": lambda draft: (clean(_folder(draft)), "inferred: name of the folder"), "domain": lambda draft: (domain(draft.values["url"]), "inferred: domain of the address"),
            "file": lambda draft: (clean(_beginning(draft)), "inferred: beginning of the file name")}  # fmt: skip
    way = ways.get(how)
    if way is None or (group_by and any(how in draft.record.columns for draft in drafts) and how not in FIELDS):
        names = sorted({name for draft in drafts for name in draft.record.columns})
        column = next((name for name in names if name == how), None) or next((name for name in names if name.casefold() == how.casefold()), None)
        if column is None:
            raise InputError(f"--group-by {how}: no such column; use outlet, domain, folder, file or one of {some([name for name in names if name != 'text'], 20)}")
        bare = all(re.fullmatch(r"true|false|yes|no|-?[\d.]+|", draft.record.columns.get(column, "").strip(), re.IGNORECASE) for draft in drafts)

        def way(draft: _Draft) -> tuple[str, str]:
            value = clean(draft.record.columns.get(column, ""))[:80]
            return f"{column}: {value}" if bare and value else value, f"column '{column}'"

    kept = []
    for draft in drafts:
        group, told = way(draft)
        if group:
            kept.append(draft.told("group", harmless(group), told))
        else:
            faults.append(f"{draft.record.place}: no {how} to group it by; fill it in, or group by something else with --group-by")
    if (many := len({draft.values["group"] for draft in kept})) > max(MAX_GROUPS, len(kept) / 2):
        raise InputError(f"--group-by {how}: {many} groups of {len(kept)} articles, too many to compare; group by something that articles share")
    return kept


def _identified(drafts: list[_Draft], notes: list[str]) -> list[_Draft]:
    """Keep the user's ids, or the files' names, where every one can name a file and none stands twice; else count."""

    def usable(ids: list[str]) -> bool:
        return all(re.fullmatch(r"[A-Za-z0-9](?:[\w.-]{0,62}\w)?", name, re.ASCII) and not re.fullmatch(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", name) for name in ids) and len({name.casefold() for name in ids}) == len(ids)

    given = [draft.values["id"] for draft in drafts]
    stems = [re.sub(r"\s+", "-", draft.record.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]) if not draft.record.part else "" for draft in drafts]
    width = max(3, len(str(len(drafts))))
    counted = [f"{number:0{width}d}" for number in range(1, len(drafts) + 1)]
    ids = next((names for names in (given, stems) if usable(names)), counted)
    if ids is counted and all(given) and any(given):
        twice = [name for name, count in Counter(given).items() if count > 1]
        notes.append(f"Articles are counted, because {f'ids stand twice ({some(twice, 3)})' if twice else 'not every id can name a file'}.")
    return [replace(draft, values={**draft.values, "article_id": name}) for draft, name in zip(drafts, ids)]


def _text_notes(drafts: list[_Draft]) -> list[str]:
    counts = Counter(note for draft in drafts for note in draft.notes)
    return [f"In {count} of {len(drafts)} articles: {note}." for note, count in counts.most_common()]


def _entry(draft: _Draft) -> Entry:
    values, known = draft.values, dict(draft.known)
    place = f"{draft.record.place}; {values['url']}" if values["url"] and values["url"] not in draft.record.place else draft.record.place
    text_how = "; ".join(part for part in (known.get("text", ""), *draft.notes) if part)
    known = {**known, "byline": known.get("author", ""), "text": text_how, "path": place}
    names = ("group", "outlet", "title", "byline", "published", "event", "translation", "syndicated_from", "text", "path")
    return Entry(values["article_id"], place, values["text"], values["title"], values["outlet"], values["author"], values["url"], values["published"], values["precision"], values["group"],
                 values["event"], values["translation"], values["syndicated_from"], {name: known[name] for name in names if known.get(name)})  # fmt: skip


def _understood(entries: tuple[Entry, ...], layouts: Mapping[str, str]) -> Table:
    import pandas as pd

    rows = []
    for label, name, known in (("text", "text", "text"), ("title", "title", "title"), ("outlet", "outlet", "outlet"), ("published", "published", "published"), ("author", "author", "byline"), ("address", "url", "url"), ("group", "group", "group"), ("event", "event", "event")):
        filled = [entry for entry in entries if getattr(entry, name)]
        if not filled and name == "event":
            continue
        hows = Counter(entry.known.get(known, "").split(";")[0] for entry in filled)
        example = " ".join(getattr(filled[0], name)[:200].split())[:48] if filled else ""
        rows.append((label, f"{len(filled)} of {len(entries)}", some([how or "as given" for how, _ in hows.most_common()], 2) if filled and name != "url" else "", example))
    kinds = Counter(layouts.values())
    caption = f"What was understood: {len(entries):,} article{'s' * (len(entries) != 1)} from {some([f'{count} × {layout}' if layout == 'table' and count > 1 else layout for layout, count in kinds.most_common()])}"
    return Table(pd.DataFrame(rows, columns=["field", "filled", "how", "example"]), "understood", caption, heads={"field": "field", "filled": "found", "how": "known from", "example": "example"})
