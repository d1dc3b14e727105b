"""Lexicons: what is looked for, as data; and the one search that finds their entries in tokens."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pressframes import gazetteer, shelf
from pressframes.corpus import read_rows, years_of
from pressframes.errors import InputError, raise_all
from pressframes.files import read_file
from pressframes.forms import changes_when_cut, is_joined, is_same, is_shouted, words_of
from pressframes.patterns import BoundedPattern
from pressframes.tokens import Token, tokenise
from pressframes.settings import Settings

POLARITIES = ("negative", "neutral", "positive")
REPORTING_KINDS = {
    "verb": ("speech", "thought", "knowledge", "directive", "question", "finding", "intention", "object", "naming"),
    "noun": ("speech", "thought", "document", "intention", "object", "silent"),
    "adjective": ("thought", "intention", "object"),
}
ALIAS_KINDS = ("name", "adjective", "metonym", "capital", "person", "person_full", "ambiguous", "not")
_OPTIONS = ("label", "gazetteer", "years", "strike")
"""What a target's table may hold beside aliases."""
_TITLES = frozenset("King Queen Emperor Pope Sultan Sheikh Emir Prince".split())
_LARGEST = 16 * 2**20
"""Bytes of a targets lexicon."""
CONTEXT_WORDS = 6
"""How many words on either side of a term, within its sentence, `only_with` and `not_with` look at."""


@dataclass(frozen=True)
class LoadedEntry:
    """A loaded term: its forms, what kind of judgement it makes, why it is in the list, who says so, and in which company it is meant.

    `exceptions` are longer phrases in which the term is plain. Near a word or phrase of `not_with` it is plain as well; with `only_with` given, it is loaded near one of those alone.
    """

    entry: str
    forms: tuple[str, ...]
    category: str
    polarity: str
    exceptions: tuple[str, ...]
    reason: str
    source: str
    only_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()

    def is_meant(self, tokens: list[Token], first: int, last: int) -> bool:
        """Tell from the CONTEXT_WORDS on either side whether tokens `first` to `last` of a sentence carry the loaded sense."""
        if not (self.only_with or self.not_with):
            return True
        sides = [[token.norm for token in tokens[max(0, first - CONTEXT_WORDS) : first]], [token.norm for token in tokens[last + 1 : last + 1 + CONTEXT_WORDS]]]
        if any(_holds(side, _keys(self.not_with)) for side in sides):
            return False
        return not self.only_with or any(_holds(side, _keys(self.only_with)) for side in sides)


@dataclass(frozen=True)
class NamingVariant:
    """One of the rival names of one referent; with `only_in` given, the referent is in question only in an article that prints one of those words."""

    referent: str
    variant: str
    forms: tuple[str, ...]
    reason: str
    source: str
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """An actor whose framing is compared; `aliases` by kind as in `targets.toml`."""

    key: str
    label: str
    aliases: tuple[tuple[str, tuple[str, ...]], ...]

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the aliases of one kind, as written in the lexicon."""
        return dict(self.aliases).get(kind, ())


@dataclass(frozen=True)
class Targets:
    """The targets of a study with what all share: institutions, offices, and persons who act for themselves."""

    targets: tuple[Target, ...]
    institutions: tuple[str, ...]
    offices: frozenset[str]
    private: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reporting:
    """Words that tell somebody else's words: lemmas of verbs, nouns and adjectives, by what of theirs tells it.

    Knowledge verbs report only with a that-clause, question verbs with an indirect question, findings only of a document,
    intentions with an infinitive, naming verbs with an object and what that is called. An object word reports by its object, or, if written with a preposition ("call for"),
    by the phrase after that. Silent nouns report nothing: they name what is nobody's and no document's voice, though it stands where a speaker would ("the attack").
    """

    speech_verbs: frozenset[str]
    thought_verbs: frozenset[str]
    knowledge_verbs: frozenset[str]
    directive_verbs: frozenset[str]
    question_verbs: frozenset[str]
    finding_verbs: frozenset[str]
    intention_verbs: frozenset[str]
    object_verbs: frozenset[str]
    naming_verbs: frozenset[str]
    nouns: frozenset[str]
    document_nouns: frozenset[str]
    intention_nouns: frozenset[str]
    object_nouns: frozenset[str]
    silent_nouns: frozenset[str]
    thought_adjectives: frozenset[str]
    intention_adjectives: frozenset[str]
    object_adjectives: frozenset[str]


@dataclass(frozen=True)
class FurnitureRule:
    """A pattern of what stands on a page beside the article; see `layers.regions` for the scopes."""

    pattern: re.Pattern | BoundedPattern
    kind: str
    scope: str
    reason: str


@dataclass(frozen=True)
class LexiconSet:
    """All that a study looks for."""

    targets: Targets
    loaded: tuple[LoadedEntry, ...]
    opinion: tuple[LoadedEntry, ...]
    naming: tuple[NamingVariant, ...]
    reporting: Reporting
    furniture: tuple[FurnitureRule, ...]


def read_lexicons(settings: Settings) -> LexiconSet:
    """Read the lexicons that a study names.

    Raises:
        InputError: naming file and row (or table), if an entry cannot be used.
    """
    return LexiconSet(
        targets=read_targets(settings.lexicon_path("targets"), settings.targets, years=lambda: years_of(settings)),
        loaded=read_loaded(settings.lexicon_path("loaded")),
        opinion=read_loaded(settings.lexicon_path("opinion")),
        naming=read_naming(settings.lexicon_path("naming")),
        reporting=read_reporting(settings.lexicon_path("reporting")),
        furniture=read_furniture(settings.lexicon_path("furniture")),
    )


def read_targets(path: Path, wanted: Iterable[str], *, years: Callable[[], tuple[int, int] | None] = lambda: None) -> Targets:
    """Read the tables `wanted` of a targets lexicon (TOML; the format is told at the top of the shipped file).

    Args:
        years: asked for the first and last year of the articles where a table takes leaders from the gazetteer and names no years itself.

    Raises:
        InputError: if a table or key is unknown, or an alias holds no word; with all faults of the file.
    """
    try:
        tables = tomllib.loads(read_file(path, _LARGEST, f"{path}: no such file; correct the path").decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read as TOML ({error}); correct it") from None
    shared = tables.pop("shared", {})
    if not isinstance(shared, dict) or not all(isinstance(value, list) for value in shared.values()):
        raise InputError(f"{path}: [shared] must be a table of lists; correct it")
    targets, faults = [], []
    for key in wanted:
        if key not in tables:
            faults.append(f"{path}: no target '{key}'; add a table [{key}] or use one of {', '.join(sorted(tables))}")
            continue
        try:
            targets.append(_target(f"{path}: [{key}]", key, tables[key], years))
        except InputError as fault:
            faults.append(str(fault))
    raise_all(faults)
    return Targets(tuple(targets), tuple(shared.get("institutions", ())), frozenset(shared.get("offices", ())), frozenset(shared.get("private", ())))


def _target(where: str, key: str, table, years: Callable[[], tuple[int, int] | None]) -> Target:
    if not isinstance(table, dict):
        raise InputError(f"{where} is no table but '{key} = …'; write [{key}] above its aliases")
    for name, value in table.items():
        if name not in (*_OPTIONS, *ALIAS_KINDS):
            raise InputError(f"{where} {name}: unknown key; use {', '.join((*_OPTIONS, *ALIAS_KINDS))}")
        if name in (*ALIAS_KINDS, "strike") and not (isinstance(value, list) and all(isinstance(alias, str) and tokenise(alias) for alias in value)):
            raise InputError(f"{where} {name}: must be a list of names that hold a word; correct it")
    aliases, label = {kind: tuple(table[kind]) for kind in ALIAS_KINDS if kind in table}, key
    if "gazetteer" in table:
        aliases, label = _with_gazetteer(where, table, aliases, years)
    elif "years" in table or "strike" in table:
        raise InputError(f"{where} {'years' if 'years' in table else 'strike'}: belongs to a country of the gazetteer; add gazetteer = \"…\" or remove it")
    named = {alias for kind, names in aliases.items() if kind not in ("not", "ambiguous") for alias in names}
    if not named:
        raise InputError(f"{where} has no alias; add name = [\"...\"]")
    if idle := [alias for alias in aliases.get("ambiguous", ()) if alias not in named]:
        raise InputError(f"{where} ambiguous: '{idle[0]}' stands under no other kind; add it to name, adjective, metonym or capital")
    if len(named) == len(aliases.get("ambiguous", ())):
        raise InputError(f"{where} ambiguous: every alias is, so none could ever count; leave one out")
    return Target(key=key, label=str(table.get("label", label)), aliases=tuple((kind, aliases[kind]) for kind in ALIAS_KINDS if kind in aliases))


def _with_gazetteer(where: str, table: dict, own: dict, years) -> tuple[dict, str]:
    """The aliases of a country without those struck, then the table's own; and the country's label."""
    span = table.get("years")
    if span is not None and not (isinstance(span, list) and len(span) == 2 and all(isinstance(year, int) for year in span) and span[0] <= span[1]):
        raise InputError(f"{where} years: must be the first and the last year, such as [2016, 2019]; correct it")
    try:
        country = gazetteer.find(str(table["gazetteer"]))
    except InputError as fault:
        raise InputError(f"{where} gazetteer: {fault}") from None
    given = gazetteer.aliases_of(country.code, tuple(span) if span else years())
    struck = set(table.get("strike", ()))
    if idle := sorted(struck - {alias for names in given.values() for alias in names}):
        raise InputError(f"{where} strike: '{idle[0]}' is no alias of {country.code} here; `pressframes targets country {country.code}` lists them")
    merged = {kind: tuple(dict.fromkeys((*(alias for alias in given.get(kind, ()) if alias not in struck), *own.get(kind, ())))) for kind in ALIAS_KINDS}
    return {kind: names for kind, names in merged.items() if names}, country.label


def surname_of(name: str) -> str:
    """Return the surname in a person's name: the last word, or what stands before a comma; none after a title such as King, which a given name follows.

    >>> surname_of("Bashar al-Assad"), surname_of("Xi, Jinping"), surname_of("King Abdullah")
    ('al-Assad', 'Xi', '')
    """
    if ", " in name:
        return name.partition(", ")[0]
    return "" if name.partition(" ")[0] in _TITLES else name.rpartition(" ")[2]


def read_loaded(path: Path) -> tuple[LoadedEntry, ...]:
    """Read a list of loaded terms: columns `entry`, `polarity`, and as wanted `forms`, `category`, `except`, `only_with`, `not_with`, `reason`, `source`.

    Raises:
        InputError: naming the row, if a polarity is unknown, a form holds no word, an entry changes when it is cut into
            words ("a+"), an entry or a form stands in two rows, or a context word is also a form of the entry or both wanted and excluded.
    """
    try:
        return _read_loaded(path, path.stat().st_mtime_ns)
    except OSError:
        return _read_loaded(path, 0)  # says what is wrong with the file


@cache
def _read_loaded(path: Path, changed: int) -> tuple[LoadedEntry, ...]:
    columns = ("entry", "forms", "category", "polarity", "except", "only_with", "not_with", "reason", "source")
    entries, owner, entries_at = [], {}, {}
    for number, row in read_rows(path, required=("entry", "polarity"), allowed=lambda name: name in columns):
        where = f"{path}, row {number}"
        entry = row["entry"].strip()
        if entries_at.setdefault(entry, number) != number:
            raise InputError(f"{where}: entry '{entry}' stands twice, first in row {entries_at[entry]}; keep one of them")
        if row["polarity"] not in POLARITIES:
            raise InputError(f"{where}: '{entry}': unknown polarity '{row['polarity']}'; use {', '.join(POLARITIES)}")
        forms = _forms(where, entry, row.get("forms") or entry)
        for form in forms:
            key = _key(form)
            if owner.setdefault(key, entry) != entry:
                raise InputError(f"{where}: form '{form}' stands in '{owner[key]}' and in '{entry}'; keep it in one")
        exceptions = _forms(where, entry, row["except"]) if row.get("except") else ()
        category = row.get("category") or "opinion"
        only, never = (_context(where, entry, forms, name, row.get(name)) for name in ("only_with", "not_with"))
        if both := _keys(only) & _keys(never):
            raise InputError(f"{where}: '{' '.join(min(both))}' stands in only_with and in not_with of '{entry}'; keep it in one")
        entries.append(LoadedEntry(entry, forms, category, row["polarity"], exceptions, row.get("reason") or "", row.get("source") or path.stem, only, never))
    return tuple(entries)


def read_naming(path: Path) -> tuple[NamingVariant, ...]:
    """Read naming variants: columns `referent`, `variant`, `forms`, and as wanted `only_in`, `reason`, `source`.

    Raises:
        InputError: naming the row, if a form holds no word or stands in two rows.
    """
    columns = ("referent", "variant", "forms", "only_in", "reason", "source")
    variants, owner = [], {}
    for number, row in read_rows(path, required=("referent", "variant", "forms"), allowed=lambda name: name in columns):
        where = f"{path}, row {number}"
        forms = _forms(where, row["variant"], row["forms"])
        named = f"{row['referent']}: {row['variant']}"
        for form in forms:
            if owner.setdefault(form, named) != named:
                raise InputError(f"{where}: form '{form}' stands in '{owner[form]}' and in '{named}'; keep it in one")
        only = _forms(where, row["variant"], row["only_in"]) if row.get("only_in") else ()
        variants.append(NamingVariant(row["referent"], row["variant"], forms, row.get("reason") or "", row.get("source") or "", only))
    return tuple(variants)


def read_reporting(path: Path) -> Reporting:
    """Read reporting words: columns `lemma`, `pos`, `kind`, `reason`; `REPORTING_KINDS` lists the kinds of each `pos`.

    Raises:
        InputError: naming the row, if `pos` or `kind` is unknown.
    """
    words = defaultdict(set)
    for number, row in read_rows(path, required=("lemma", "pos", "kind"), allowed=lambda name: name in ("lemma", "pos", "kind", "reason")):
        if row["kind"] not in REPORTING_KINDS.get(row["pos"], ()):
            known = "; ".join(f"{pos}: {', '.join(kinds)}" for pos, kinds in REPORTING_KINDS.items())
            raise InputError(f"{path}, row {number}: '{row['lemma']}': unknown pos or kind; use {known}")
        words[row["pos"], row["kind"]].add(row["lemma"].strip())
    named = {f"{kind}_{pos}s": frozenset(words[pos, kind]) for pos, kinds in REPORTING_KINDS.items() for kind in kinds}
    speech, thought = named.pop("speech_nouns"), named.pop("thought_nouns")
    return Reporting(nouns=speech | thought, **named)


def verb_forms(verb: str) -> frozenset[str]:
    """Return how a verb is written: bare, with -s, -ed and -ing; the last consonant doubled as well, whether or not English does, since what is no word is never met.

    Irregular forms of verbs that report are known, a noun's plural is among the others. What follows the verb stays behind each form.

    >>> sorted(verb_forms("deny")), sorted(verb_forms("agree on"))
    (['denied', 'denies', 'deny', 'denying'], ['agree on', 'agreed on', 'agreeing on', 'agrees on'])
    >>> {"admits", "admitted", "admitting"} < verb_forms("admit"), "shown" in verb_forms("show")
    (True, True)
    """
    bare, _, rest = verb.partition(" ")
    if bare.endswith("e"):
        forms = {bare, bare + "s", bare + "d", (bare if bare.endswith(("ee", "oe", "ye")) else bare[:-1]) + "ing"}
    elif bare.endswith("y") and bare[-2:-1] not in "aeou":
        forms = {bare, bare[:-1] + "ies", bare[:-1] + "ied", bare + "ing"}
    else:
        forms = {bare + ending for ending in ("", "s", "es", "ed", "ing", bare[-1:] + "ed", bare[-1:] + "ing")}
    return frozenset(f"{form} {rest}".rstrip() for form in (*forms, *_IRREGULAR.get(bare, ())))


_IRREGULAR = {forms.split()[0]: tuple(forms.split()[1:]) for forms in (
    "say said", "tell told", "think thought", "know knew known", "find found", "feel felt", "see saw seen", "understand understood", "write wrote written", "speak spoke spoken", "swear swore sworn",
    "mean meant", "hold held", "hear heard", "forget forgot forgotten", "begin began begun", "forecast forecast", "foresee foresaw foreseen", "foretell foretold", "draw drew drawn", "seek sought", "make made",
    "choose chose chosen", "teach taught", "withdraw withdrew withdrawn", "lay laid", "show shown", "learn learnt", "plead pled", "retell retold", "bring brought", "give gave given", "take took taken", "get got gotten",
)}  # fmt: skip


def read_furniture(path: Path) -> tuple[FurnitureRule, ...]:
    """Read page-furniture rules: columns `pattern` (regular expression, case ignored), `kind`, `scope`, `reason`.

    Raises:
        InputError: naming the row, if the pattern is not a regular expression or kind or scope is unknown; later, by `layers.regions`, if it takes too long on a line.
    """
    ours = path.parent == shelf.folder("lexicons")  # which are tested, and searched for twice as fast by `re`
    kinds, scopes = ("boilerplate", "byline", "caption", "dateline", "background"), ("line", "head", "tail", "footer", "links", "repeated")
    rules = []
    for number, row in read_rows(path, required=("pattern", "kind", "scope"), allowed=lambda name: name in ("pattern", "kind", "scope", "reason")):
        if row["kind"] not in kinds or row["scope"] not in scopes:
            raise InputError(f"{path}, row {number}: unknown kind or scope; use {', '.join(kinds)}, and {', '.join(scopes)}")
        bounded = BoundedPattern(row["pattern"], f"{path}, row {number}: pattern")
        rules.append(FurnitureRule(re.compile(row["pattern"], re.IGNORECASE) if ours else bounded, row["kind"], row["scope"], row.get("reason") or ""))
    return tuple(rules)


def _forms(where: str, entry: str, cell: str) -> tuple[str, ...]:
    forms = tuple(dict.fromkeys(form.strip() for form in cell.split("|") if form.strip()))
    if not forms:
        raise InputError(f"{where}: '{entry}' has no form; give at least one")
    for form in forms:
        if not words_of(form):
            raise InputError(f"{where}: form '{form}' of '{entry}' holds no word; remove it")
        if changes_when_cut(form):
            raise InputError(f"{where}: form '{form}' of '{entry}' changes when it is cut into words; write it with letters, digits, hyphens and apostrophes")
    return forms


def _context(where: str, entry: str, forms: tuple[str, ...], column: str, cell: str | None) -> tuple[str, ...]:
    if not cell:
        return ()
    words = _forms(where, entry, cell)
    for word in words:
        if _key(word) in _keys(forms):
            raise InputError(f"{where}: {column}: '{word}' is a form of '{entry}' itself; name words that stand near it")
    return words


def _key(form: str) -> tuple[str, ...]:
    return tuple(token.norm for token in words_of(form))


@cache
def _keys(forms: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(map(_key, forms))


def _holds(words: list[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(tuple(words[i : i + len(phrase)]) == phrase for phrase in phrases for i in range(len(words)))


class Match(NamedTuple):
    """Tokens `first` to `last` (inclusive) carry `value`."""

    first: int
    last: int
    value: object


class TermSearch:
    """Finds forms in tokens: the longest form wins, then the leftmost; no token is matched twice.

    Args:
        forms: pairs of a form and the value it stands for; value None marks a longer name that only takes its words.
        match_case: letters that are capital in the form must be capital in the text (a word in all capitals also matches).
        accept: told the value, the sentence's tokens, and first and last token of a match; a match that it refuses leaves its words to shorter forms.
    """

    def __init__(self, forms: Iterable[tuple[str, object]], *, match_case: bool, accept: Callable[[object, list[Token], int, int], bool] | None = None):
        self._match_case, self._accept = match_case, accept
        by_first = defaultdict(list)
        for form, value in forms:
            tokens = words_of(form)
            by_first[tokens[0].norm].append((tokens, value))
        self._by_first = {first: sorted(patterns, key=lambda pattern: -len(pattern[0])) for first, patterns in by_first.items()}

    def find(self, text: str, tokens: list[Token]) -> list[Match]:
        """Return the matches within one sentence, in order; forms whose value is None are left out."""
        candidates = []
        shouted = None
        for i, token in enumerate(tokens):
            for pattern, value in self._by_first.get(token.norm, ()):
                last = i + len(pattern) - 1
                if last >= len(tokens) or any(tokens[i + k].norm != pattern[k].norm for k in range(1, len(pattern))):
                    continue
                if not all(is_joined(text[tokens[k].end : tokens[k + 1].start], tokens[k].text) for k in range(i, last)):
                    continue
                if shouted is None:
                    shouted = is_shouted(token.text for token in tokens)
                if value is not None and self._accept is not None and not self._accept(value, tokens, i, last):
                    continue
                if all(is_same(pattern[k], tokens[i + k], match_case=self._match_case, shouted=shouted) for k in range(len(pattern))):
                    candidates.append(Match(i, last, value))
        candidates.sort(key=lambda match: (match.first - match.last, match.first, match.value is None))
        taken, matches = set(), []
        for match in candidates:
            span = range(match.first, match.last + 1)
            if not taken.intersection(span):
                taken.update(span)
                matches.append(match)
        return sorted(match for match in matches if match.value is not None)
