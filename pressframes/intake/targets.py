"""Targets of a new study: those the user names, those that its articles mention most, or names that the articles print often."""

import json
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pressframes import gazetteer, shelf
from pressframes.errors import InputError, raise_all
from pressframes.intake.mapping import Entry
from pressframes.lexicon import ALIAS_KINDS, read_targets, surname_of
from pressframes.results import slug

_SAMPLE = 2000
"""Articles looked at to choose targets, evenly over the corpus."""
MOST = 5
"""Targets that are chosen without being named; more make charts that cannot be read."""
_FALLBACK = ("russia", "us", "peacekeepers")
_PARTICLES = ("al", "el", "bin", "de", "van", "von")
_NAME = re.compile(rf"(?<![\w’'])(?:al-)?[^\W\d_a-zà-ÿа-я][\w’'-]*(?:(?: (?:of|of the|for|{'|'.join(_PARTICLES)}))? (?:al-)?[^\W\d_a-zà-ÿа-я][\w’'-]*){{0,5}}")
_SMALL = re.compile(r"(?<![\w’'-])[^\W\d_A-ZÀ-ÞА-Я][^\W\d_]+(?![\w-])")
_COMPOUND = re.compile(r"-(?:based|led|backed|held|controlled|populated|occupied|run|affiliated|linked|born|style)$")
_OPENING = re.compile(r"(?:^|[\n.!?:…;•“\"‘(\[–—-])[\s“\"‘«(\[]*$")
_NO_TEXT = re.compile(
    r"^[^\n]{0,60}\([^\W\d_][\w .&/-]{1,24}\)[ \xa0]*[-–—]+|^[^\W\d_a-z][A-Z ,./'’-]{2,40}(?:[A-Z]|,[^\n]{1,20}?)[ \xa0]+[-–—]+[ \xa0]|\b(?:Additional |Additional r|R)?(?:[Rr]eporting|Writing|Editing) by [^.;)\n]*|^Photo[^\n]*", re.MULTILINE
)
"""Datelines ("AMMAN (Reuters) -"), who wrote and edited, captions: names there are not written about."""
_PLAIN = frozenset(
    "the a an this that these those he she it they we i you his her its their our my and but or if in on at by for from of to with as after before while when where who what why how there here then now no not yes all some many most "
    "mr mrs ms dr sir gen general lt col colonel maj major capt president prime minister foreign defense defence interior secretary ambassador spokesman spokeswoman monday tuesday wednesday thursday friday saturday sunday "
    "mon tue tues wed thu thur thurs fri sat sun january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec "
    "photo photos image images video videos footage read more share also however according meanwhile moreover furthermore despite during among since although earlier later north south east west northern southern eastern western central am pm gmt".split()
)
_WRITERS = frozenset(("correspondent", "reporter", "agencies", "staff"))
_ENDS = frozenset((*_PARTICLES, "of", "for", "the"))


class Chosen(NamedTuple):
    """The targets of a study: their keys, how they were chosen, and the text of the targets lexicon that holds them; the suite's own where empty."""

    keys: tuple[str, ...]
    why: str
    lexicon: str = ""


def choose(entries: tuple[Entry, ...], wanted: Path | str = "") -> Chosen:
    """Choose the targets of a study.

    Args:
        wanted: a targets lexicon (a path that ends in .toml: all its tables), or names parted by commas: targets of the suite or countries of the gazetteer.
            Where empty, those of both that most articles mention, five at most.

    Raises:
        InputError: if the file is no targets lexicon, or with all names that are not known.
    """
    if isinstance(wanted, Path) or wanted.endswith(".toml") or Path(wanted).is_file():
        file = Path(wanted)
        keys = _keys(file)
        read_targets(file, keys)
        return Chosen(keys, f"targets of {file.name}: {', '.join(keys)}", file.read_text(encoding="utf-8-sig"))
    if wanted:
        found, faults = [], []
        for name in filter(None, map(str.strip, wanted.split(","))):
            try:
                found.append(_named(name))
            except InputError as fault:
                faults.append(f"--targets {fault}")
        raise_all(faults)
        found = tuple(dict.fromkeys(found))
        return Chosen(_as_keys(found), f"as named: {', '.join(_as_keys(found))}", write_lexicon(found, _years(entries)))
    counts, sample = Counter(), entries[:: max(1, len(entries) // _SAMPLE)]
    for entry in sample:
        counts.update({owner for alias in set(_known().findall(entry.text)) for owner in _owners()[alias]})
    least = max(1, len(sample) // 20)
    found = tuple(sorted((owner for owner in counts if counts[owner] >= least), key=lambda owner: (-counts[owner], owner))[:MOST])
    if not found:
        return Chosen(_FALLBACK, f"no target of the suite and no country is mentioned in at least {least} of {len(sample):,} articles: {', '.join(_FALLBACK)} stand in; name your own (--suggest-targets lists the names that the articles print)")
    told = ", ".join(f"{key} ({counts[owner]})" for key, owner in zip(_as_keys(found), found))
    return Chosen(_as_keys(found), f"the targets and countries that most articles mention: {told} of {len(sample):,}", "" if set(found) <= set(_suite()) else write_lexicon(found, _years(entries)))


def write_lexicon(owners: tuple[str, ...], years: tuple[int, int] | None = None, notes: dict[str, str] | None = None) -> str:
    """Return a targets lexicon: the suite's own tables, word for word, and countries with every alias written out.

    Args:
        owners: keys of the suite's targets, and codes of the gazetteer.
        years: whose leaders; all where None.
        notes: a remark behind the head of a table.
    """
    tables = _tables()
    parts = [f"# Who is looked for. Add, change or delete any alias; what the keys mean:\n#\n{_legend()}", tables["shared"]]
    for owner in owners:
        note = (notes or {}).get(owner, "")
        parts.append(tables[owner].replace("]", f"]  # {note}", 1) if owner in tables and note else tables[owner] if owner in tables else write_table(owner, years, note))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def write_table(code: str, years: tuple[int, int] | None = None, note: str = "") -> str:
    """Return a country of the gazetteer as a table of a targets lexicon, every alias written out; with the leaders of these years, all where None."""
    country, aliases = gazetteer.countries()[code], gazetteer.aliases_of(code, years)
    head = "; ".join(filter(None, (note, f"from the gazetteer: {code}", f"leaders of {years[0]} to {years[1]}" if years else "leaders of all years")))
    return "\n".join([f"[{_as_keys((code,))[0]}]  # {head}", f"label = {_quoted(country.label)}", *(_line(kind, aliases[kind]) for kind in ALIAS_KINDS if kind in aliases)])


def _line(kind: str, aliases) -> str:
    return f"{kind} = [{', '.join(map(_quoted, aliases))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # a TOML basic string


def _years(entries: tuple[Entry, ...]) -> tuple[int, int] | None:
    years = [int(entry.published[:4]) for entry in entries if entry.published]
    return (min(years), max(years)) if years else None


def _named(name: str) -> str:
    """The suite's target or the country of this name, key or alias."""
    for key, target in _suite().items():
        if name.casefold() in {key, target.label.casefold(), target.label.casefold().removeprefix("the "), *map(str.casefold, target.of_kind("name"))}:
            return key
    code = gazetteer.find(name).code
    return _codes().get(code, code)


def _as_keys(owners: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(owner if owner in _suite() else slug(gazetteer.countries()[owner].label.removeprefix("the ")) for owner in owners)


@cache
def _suite() -> dict:
    lexicon = shelf.folder("lexicons") / "targets.toml"
    return {target.key: target for target in read_targets(lexicon, _keys(lexicon)).targets}


@cache
def _codes() -> dict[str, str]:
    """Country code -> the suite's target for it: "RU" -> "russia"."""
    labels = {country.label.removeprefix("the ").casefold(): code for code, country in gazetteer.countries().items()}
    return {labels[name.casefold()]: key for key, target in _suite().items() for name in target.of_kind("name") if name.casefold() in labels}


@cache
def _tables() -> dict[str, str]:
    """The text of each table of the suite's targets lexicon."""
    pieces = re.split(r"^\[(\w+)\]$", (shelf.folder("lexicons") / "targets.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {key: f"[{key}]{text}" for key, text in zip(pieces[1::2], pieces[2::2])}


def _legend() -> str:
    """What the keys of a targets lexicon mean, as told at the top of the suite's own."""
    return (shelf.folder("lexicons") / "targets.toml").read_text(encoding="utf-8").split("\n#\n")[1]


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    """Alias -> the suite's targets or the countries that it names without doubt; leaders by full name, and by surname where it is not common."""
    owners = defaultdict(dict)
    aliases = {key: dict(target.aliases) for key, target in _suite().items()} | {code: gazetteer.aliases_of(code) for code in gazetteer.countries().keys() - _codes().keys()}
    for owner, kinds in aliases.items():
        for kind, names in kinds.items():
            for name in names if kind not in ("ambiguous", "not") else ():
                if name not in kinds.get("ambiguous", ()):
                    owners[name.replace(", ", " ")][owner] = None
                if kind == "person":
                    owners[surname_of(name)][owner] = None
    return {alias: tuple(keys) for alias, keys in owners.items()}


@cache
def _known() -> re.Pattern:
    """Names and peoples of all targets and countries."""
    found = {name for target in _suite().values() for kind in ("name", "adjective") for name in target.of_kind(kind)}
    found |= {name for country in gazetteer.countries().values() for kind, names in country.aliases if kind in ("name", "adjective") for name in names}
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(found & _owners().keys(), key=len, reverse=True)))})(?!\w|-based)")


def _keys(file: Path) -> tuple[str, ...]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); correct --targets") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file}: cannot be read as TOML ({error}); correct it") from None
    keys = tuple(key for key in tables if key != "shared")
    if not keys:
        raise InputError(f"{file}: no target; add a table such as [union] with name = [\"Dockers' Union\"]")
    return keys


def suggest(entries: tuple[Entry, ...], *, top: int = 40) -> str:
    """Return the commonest names as a targets lexicon to be edited: each actor a table, with how often and in how many articles it stands inside a sentence.

    What opens a sentence counts only if it also stands elsewhere; a word that is printed more often with a small letter is no name. Variants of one name are joined: possessives and plurals,
    spellings that differ in hyphens, accents or capitals, surnames and initials of a longer name. Names of countries, peoples, capitals and leaders become the country's table of the gazetteer.
    Names of the outlets, datelines and the lines that say who wrote are no candidates.
    """
    counts, spread = _count_names(entries)
    variants = _joined(counts, plurals=not any(re.search(r"\w[’']s\b", entry.text) for entry in entries))
    groups = defaultdict(list)
    for name in counts:
        whole = variants.get(name, name)
        owner = next((owners[0] for one in (name, whole, name.removesuffix("s")) if len(owners := _owners().get(one, ())) == 1), "")
        groups[owner or whole].append(name)
    articles = {group: set().union(*(spread[name] for name in names)) for group, names in groups.items()}
    total = {group: sum(counts[name] for name in names) for group, names in groups.items()}
    ranked = sorted((group for group in groups if len(articles[group]) > 1 or len(entries) == 1), key=lambda group: (-len(articles[group]), -total[group], group))[:top]
    told = {group: f"{total[group]} times in {len(articles[group])} articles" for group in ranked}
    known = tuple(group for group in ranked if group in _suite() or group in gazetteer.countries())
    keys, tables = set(_as_keys(known)) | {"shared"}, []
    for group in ranked:
        key = slug(group) or f"name_{len(keys)}"
        if group in known or key in keys:
            continue
        keys.add(key)
        names = sorted(groups[group], key=lambda name: (-counts[name], name))
        tables.append("\n".join([f"[{key}]  # {told[group]}", f"label = {_quoted(names[0])}", _line("name", names)]))
    head = "# Names that the articles print most: delete what is no target, sort names into their kinds, join what is one actor.\n# Then write in study.toml:  targets = [\"...\"]  and under [lexicons]  targets = \"suggested-targets.toml\"\n\n"
    return head + write_lexicon(known, _years(entries), told) + "".join(f"\n{table}\n" for table in tables)


def _count_names(entries: tuple[Entry, ...]) -> tuple[dict[str, int], dict[str, set]]:
    """How often each name stands, and in which articles."""
    inside, opening, small, spread = Counter(), Counter(), Counter(), defaultdict(set)
    outlets = {part.casefold() for entry in entries for part in (entry.outlet, entry.outlet.split(".")[0]) if part}
    for entry in entries:
        text = _NO_TEXT.sub(" . ", entry.text)
        small.update(_SMALL.findall(text))
        for match in _NAME.finditer(text):
            starts = bool(_OPENING.search(text, max(0, match.start() - 4), match.start()))
            words = re.sub(r"[’']s?$", "", match[0]).split(" ")
            kept = _core(words)
            name = " ".join(kept)
            if len(name) < 2 or "\n" in name or _COMPOUND.search(name) or name.casefold() in outlets or kept[-1].casefold() in _WRITERS:
                continue
            (opening if starts and kept[0] == words[0] else inside)[name] += 1
            spread[name].add(entry.article_id)
    return {name: count + opening[name] for name, count in inside.items() if small[name.lower()] < count + opening[name]}, spread


def _core(words: list[str]) -> list[str]:
    """A name without what stands before it: an owner ("Syria's"), a compound ("UK-based"), titles and function words; and without what ends it."""
    for at, word in enumerate(words[:-1]):
        if re.search(r"[’']s?$", word) or _COMPOUND.search(word) or word.endswith("s") and word[:-1] in _owners():
            return _core(words[at + 1 :])
    while words and words[0].casefold().strip(".") in _PLAIN:
        words = words[1:]
    while words and words[-1].casefold().strip(".") in _PLAIN | _ENDS:
        words = words[:-1]
    return words


def _joined(counts: dict[str, int], *, plurals: bool) -> dict[str, str]:
    """Variant -> the name that it is one of: the commonest spelling; the singular; the commonest longer name of which it is a word, if that is half as common; the name whose initials it is.

    Args:
        plurals: fold every -s, as it must be in texts without apostrophes; else only that of peoples and followers (Islamists, Alawites).
    """
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    spelled, longer, initials, whole = {}, {}, {}, {}
    for name in ranked:
        spelled.setdefault(_letters(name), name)
        words = [word for word in re.split(r"[ -]", name) if word[:1].isupper()]
        if len(words) > 1:
            initials.setdefault("".join(word[0] for word in words), name)
            for word in words:
                longer.setdefault(word, name)
    for name in ranked:
        one, single = spelled[_letters(name)], name.removesuffix("s")
        if one == name != single and single in counts and len(single) > 2 and (plurals or re.search(r"(?:ist|ian|an|ite|ish|i)$", single)):
            one = spelled[_letters(single)]
        elif one == name and name.isupper():
            one = initials.get(name, name)
        elif one == name and counts[longer.get(name, name)] >= counts[name] / 2:
            one = longer.get(name, name)
        whole[name] = one
    return {name: _end_of(name, whole) for name in ranked}


def _end_of(name: str, whole: dict[str, str]) -> str:
    """Follow a variant to the name that is no variant of another; where they go round in a circle, to the first of the alphabet."""
    path = [name]
    while (last := whole[path[-1]]) not in path:
        path.append(last)
    return min(path[path.index(last) :])


def _letters(name: str) -> str:
    """A spelling without capitals, accents, hyphens and a leading article; short names keep theirs (US, us)."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return re.sub(r"\W", "", re.sub(r"^al[ -]", "", plain.casefold())) if len(name) > 4 else name
