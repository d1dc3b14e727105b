"""Terms in sentences: mentions of targets, loaded terms, naming variants. One search, longest match wins, nothing counted twice."""

from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from pressframes.forms import words_of
from pressframes.tokens import Token
from pressframes.lexicon import LexiconSet, LoadedEntry, NamingVariant, Target, Targets, TermSearch, surname_of

NEGATION_WORDS = 4
"""How many words before a loaded term a negator may stand."""
_NEGATORS = frozenset("not no never neither nor none nobody nothing without cannot hardly scarcely deny denies denied denying denial lack lacks lacked lacking absence".split())
_NO_NEGATION = frozenset(tuple(pair.split()) for pair in "not only,not just,not merely,not simply,no doubt,no less,no wonder,no matter,nothing short,nothing more,nothing less".split(","))
_CLAUSE_ENDS = frozenset("but although though because while whereas if unless until when after before".split())
_PLACE = (  # around a capital these tell where something is or goes, not who acts
    "in {}", "near {}", "outside {}", "around {}", "inside {}", "within {}", "across {}", "throughout {}", "into {}", "leave {}", "left {}", "arrived at {}", "visit {}", "visited {}", "visiting {}",
    "outskirts of {}", "north of {}", "south of {}", "east of {}", "west of {}", "northern {}", "southern {}", "eastern {}", "western {}", "central {}", "downtown {}", "greater {}", "north {}", "south {}",
    "east {}", "west {}", "returned to {}", "returning to {}", "return to {}", "travelled to {}", "traveled to {}", "travel to {}", "flew to {}", "fly to {}", "flight to {}", "flights to {}", "trip to {}", "visit to {}",
    "back to {}", "road to {}", "streets of {}", "city of {}", "capital {}", "capital of {}", "capital city {}", "suburb of {}", "suburbs of {}", "district of {}", "University of {}", "mayor of {}", "Mayor of {}",
    "{} based", "{} area", "{} region", "{} suburb", "{} suburbs", "{} countryside", "{} province", "{} governorate", "{} district", "{} airport", "{} International Airport", "{} University", "{} Mayor", "{} mayor", "{} street", "{} streets",
    "{} born", "{} residents", "{} police", "{} stock exchange", "{} Stock Exchange",
)  # fmt: skip
_DEFINITE = frozenset("the this that these those his her its their our your my whose".split())


class Mention(NamedTuple):
    start: int
    end: int
    target: str
    kind: str
    alias: str


class LoadedTerm(NamedTuple):
    """A loaded term in a text; `negated` tells that the sentence denies it ("no evidence of provocation"), see `is_negated`."""

    start: int
    end: int
    entry: LoadedEntry
    lexicon: str
    negated: bool = False


class NamedAs(NamedTuple):
    start: int
    end: int
    variant: NamingVariant


class _Alias(NamedTuple):
    target: str
    kind: str
    alias: str
    guarded: bool
    """Counts only in an article that introduces it: the bare surname of a `person_full`, an `ambiguous` name."""


class LoadedSearch:
    """The search for one list of loaded terms, `name` in its rows' column `lexicon`."""

    def __init__(self, entries: Iterable[LoadedEntry], *, name: str = "curated"):
        self._name, self._search = name, TermSearch(_loaded_forms(entries), match_case=False, accept=LoadedEntry.is_meant)

    def find(self, text: str, tokens: list[Token]) -> list[LoadedTerm]:
        """Return the loaded terms in one sentence of `text`, in order."""
        matches = self._search.find(text, tokens)
        return [LoadedTerm(tokens[match.first].start, _stem_end(tokens[match.last]), match.value, self._name, is_negated(text, tokens, match.first)) for match in matches]


class TermLayers:
    """The searches of a study, made once and run on every article."""

    def __init__(self, lexicons: LexiconSet):
        self._offices = lexicons.targets.offices
        owners = {}  # of each form the first alias of every target that it names
        for form, alias in _alias_forms(lexicons.targets):
            owners.setdefault((form, alias is None), {}).setdefault(alias and alias.target, alias)
        self._mentions = TermSearch([(form, None if takes else tuple(aliases.values())) for (form, takes), aliases in owners.items()], match_case=True)
        self._naming = TermSearch([(form, variant) for variant in lexicons.naming for form in variant.forms], match_case=True)
        self._places = TermSearch([(form, form) for form in dict.fromkeys(form for variant in lexicons.naming for form in variant.only_in)], match_case=True)
        self._loaded = [LoadedSearch(lexicons.loaded), LoadedSearch(lexicons.opinion, name="opinion")]

    def mentions(self, text: str, sentences: list[list[Token]]) -> list[Mention]:
        """Return the mentions in an article, given its tokens sentence by sentence."""
        found = [(tokens, match) for tokens in sentences for match in self._mentions.find(text, tokens)]
        each = [(tokens, match._replace(value=alias)) for tokens, match in found for alias in match.value]
        introduced = {}
        for tokens, match in each:
            if self._introduces(tokens, match, each):
                introduced.setdefault((match.value.target, surname_of(match.value.alias)), []).append(match.value.alias)
        in_full = {(match.value.target, surname_of(match.value.alias)) for _, match in each if match.value.kind == "person" and match.first < match.last}
        certain = {match.value.target for _, match in each if not match.value.guarded}
        rows = []
        for tokens, match in found:
            counted = []
            for alias in match.value:
                names = introduced.get((alias.target, surname_of(alias.alias)), ()) if alias.kind == "person" else ()
                if not alias.guarded or names or (alias.kind != "person" and alias.target in certain):
                    name = alias.alias if not alias.guarded or alias.kind != "person" or alias.alias in names else names[0]
                    counted.append(((alias.target, surname_of(alias.alias)) not in in_full, Mention(tokens[match.first].start, _stem_end(tokens[match.last]), alias.target, alias.kind, name)))
            if counted:  # of several whose surname it is, one whom the article names in full
                rows.append(min(counted, key=itemgetter(0))[1])
        return rows

    def _introduces(self, tokens, match, found) -> bool:
        """A full name introduces its surname; so does the target with an office before it ("US President O'Brien")."""
        if match.value.kind != "person":
            return False
        if not match.value.guarded:
            return True
        words = {tokens[i].norm for i in range(max(0, match.first - 5), match.first)}
        near = any(
            other.value.target == match.value.target and other.value.kind in ("name", "adjective", "metonym") and 0 < match.first - other.last <= 6
            for same, other in found
            if same is tokens
        )
        return near and tokens[match.first - 1].norm in self._offices and bool(words & self._offices)

    def loaded(self, text: str, sentences: list[list[Token]]) -> list[LoadedTerm]:
        """Return the loaded terms in an article; each lexicon is searched on its own."""
        return [term for tokens in sentences for search in self._loaded for term in search.find(text, tokens)]

    def naming(self, text: str, sentences: list[list[Token]]) -> list[NamedAs]:
        """Return the naming variants in an article of the referents that are in question there."""
        printed = {match.value for tokens in sentences for match in self._places.find(text, tokens)}
        return [
            NamedAs(tokens[match.first].start, _stem_end(tokens[match.last]), match.value)
            for tokens in sentences
            for match in self._naming.find(text, tokens)
            if not match.value.only_in or printed.intersection(match.value.only_in)
        ]


def plain_forms(lexicons: LexiconSet) -> dict[str, list[tuple[str, str | None]]]:
    """The forms that can be searched for without their sentence, list by list: `(form, entry)`, entry None for a longer name that only takes its words.

    Left out are loaded terms that hang on their company and bare surnames that an article must introduce. Loaded and opinion terms ignore case, naming variants and targets do not.
    """
    anywhere = lambda entries: [(form, entry and entry.entry) for form, entry in _loaded_forms([one for one in entries if not (one.only_with or one.not_with)])]
    return {
        "loaded": anywhere(lexicons.loaded), "opinion": anywhere(lexicons.opinion),
        "naming": [(form, f"{variant.referent}: {variant.variant}") for variant in lexicons.naming for form in variant.forms],
        "targets": [(form, alias and alias.target) for form, alias in _alias_forms(lexicons.targets) if not (alias and alias.guarded)],
    }  # fmt: skip


def shared_aliases(targets: Targets) -> dict[tuple[str, str, bool], list[str]]:
    """Return what names two targets at once. Such a mention counts for the first of the two; a bare surname for the one of whom the article prints a full name, if there is one.

    Returns:
        By the keys of the two, and whether only the surname of a person is shared: the aliases, or the surnames.
    """
    owner, shared, whole = {}, {}, set()
    for form, alias in _alias_forms(replace(targets, institutions=())):
        first = alias and owner.setdefault(tuple(token.norm for token in words_of(form)), alias)
        if first and first.target != alias.target:
            full = form == alias.alias.replace(",", "")
            surname = not full and form == surname_of(alias.alias)
            if full:
                whole.add((first.target, alias.alias))
            if full or (surname and (first.target, alias.alias) not in whole):
                shared.setdefault((first.target, alias.target, surname), {})[form] = None
    return {pair: list(forms) for pair, forms in shared.items()}


def is_negated(text: str, tokens: list[Token], first: int) -> bool:
    """Tell whether the term that begins with token `first` is denied: a negator stands at most NEGATION_WORDS before it in its clause.

    "not", "no", "never", "without", "deny" and their like, and n't. A term right after a definite word ("they do not recognise the regime") is presupposed, not denied
    (Strawson 1950, On referring), so it is not negated; nor do "not only" and "no doubt" deny.

    >>> from pressframes.tokens import tokenise
    >>> sentence = "There was no evidence of provocation."
    >>> is_negated(sentence, tokenise(sentence), 5)
    True
    """
    if first and tokens[first - 1].norm in _DEFINITE:
        return False
    for i in range(first - 1, max(-1, first - 1 - NEGATION_WORDS), -1):
        word, after = tokens[i].norm, tokens[i + 1]
        if any(mark in text[tokens[i].end : after.start] for mark in ",;:()—“”\"") or word in _CLAUSE_ENDS:
            return False
        if (word in _NEGATORS or word.endswith("n't")) and (word, after.norm) not in _NO_NEGATION and not after.norm[0].isdigit():  # "no. 1"
            return True
    return False


def _stem_end(token: Token) -> int:
    """A match ends before the possessive 's of its last word."""
    possessive = len(token.text) > 2 and token.text[-2] in "'’" and token.text[-1] in "sS"
    return token.end - 2 if possessive else token.end


def _loaded_forms(entries):
    for entry in entries:
        for form in entry.forms:
            yield form, entry
        for phrase in entry.exceptions:
            yield phrase, None


def _alias_forms(targets: Targets):
    for target in targets.targets:
        ambiguous = frozenset(target.of_kind("ambiguous"))
        for kind in ("name", "adjective", "metonym", "capital"):
            for alias in target.of_kind(kind):
                yield alias, _Alias(target.key, "metonym" if kind == "capital" else kind, alias, alias in ambiguous)
        for capital in target.of_kind("capital"):
            yield from ((place.format(capital), None) for place in _PLACE)
        yield from _institutions(target, targets.institutions, ambiguous)
        for kind in ("person", "person_full"):
            for name in target.of_kind(kind):
                yield from _person_forms(target.key, name, guarded=kind == "person_full")
        for alias in target.of_kind("not"):
            yield alias, None


def _institutions(target: Target, institutions, ambiguous: frozenset[str]):
    names = [name for name in target.of_kind("name") if name[0].isupper()]
    adjectives = [adjective for adjective in target.of_kind("adjective") if adjective[0].isupper()]
    for institution in institutions:
        for holder in adjectives + names:
            yield f"{holder} {institution}", _Alias(target.key, "metonym", f"{holder} {institution}", holder in ambiguous)
        for name in names:
            for link in ("of", "of the"):
                yield f"{institution} {link} {name}", _Alias(target.key, "metonym", f"{institution} {link} {name}", name in ambiguous)


def _person_forms(target: str, name: str, *, guarded: bool):
    """A full name, its initial with surname ("V. Putin", "V.Putin") and the bare surname; of "Xi, Jinping" the surname comes first in print; after a title stands no surname."""
    surname = surname_of(name)
    if ", " in name:
        yield f"{surname} {name.partition(', ')[2]}", _Alias(target, "person", name, False)
        yield surname, _Alias(target, "person", name, guarded)
        return
    given = name.removesuffix(surname).rstrip()
    yield name, _Alias(target, "person", name, False)
    if given and surname:
        yield f"{given[0]} {surname}", _Alias(target, "person", name, guarded)
        yield surname, _Alias(target, "person", name, guarded)
