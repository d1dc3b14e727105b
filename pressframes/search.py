"""Search in columns: lexicons of thousands of forms at once, and lines of a concordance, both by numbers alone until a line is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pressframes.columns import Columns, bytes_of, of_each, several_bytes
from pressframes.errors import InputError
from pressframes.forms import changes_when_cut, is_joined, is_same, is_shouted
from pressframes.tokens import Token, is_possessive, tokenise

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Forms made ready for search (`compile_lexicon`): a tree of words, entered by a form's first.

    Attributes:
        values: what each form stands for, in the order given; None for a longer name that only takes its words.
        left_out: the forms that change when they are cut into words.
    """

    values: tuple
    left_out: tuple[str, ...]
    _words: pa.Array = field(repr=False)  # of all forms, each once
    _roots: np.ndarray = field(repr=False)  # node that a word leads to from the root, or -1; at the end that of a word of no form
    _later: np.ndarray = field(repr=False)  # whether a word follows another in a form; at the end a word of no form
    _edges: np.ndarray = field(repr=False)  # node * words + word, sorted
    _nodes: np.ndarray = field(repr=False)  # where each of these leads
    _goes_on: np.ndarray = field(repr=False)  # whether a node leads further
    _forms: tuple[tuple[int, ...], ...] = field(repr=False)  # that end in a node
    _first: np.ndarray = field(repr=False)  # of these, or -1
    _plain: np.ndarray = field(repr=False)  # the first of them is found however it is printed
    _tokens: tuple[tuple[Token, ...], ...] = field(repr=False)  # of each form
    _match_case: bool = field(repr=False)

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def _silent(self) -> np.ndarray:  # forms that only take their words
        return np.array([value is None for value in self.values], dtype=bool)


@dataclass(frozen=True, eq=False)
class Hits:
    """What was found: tokens `first[i]` to `last[i]` (inclusive, numbers in the columns) are form `form[i]` of the lexicon; in the order of the text."""

    first: np.ndarray
    last: np.ndarray
    form: np.ndarray
    columns: Columns = field(repr=False)
    lexicon: Lexicon = field(repr=False)

    def __len__(self) -> int:
        return len(self.first)

    @property
    def article(self) -> np.ndarray:
        """The number of each hit's article."""
        return np.searchsorted(self.columns.article, self.first, side="right") - 1

    def to_frame(self) -> pd.DataFrame:
        """Return a row a hit: article (its number), start, end (in code points of the article's text), value."""
        import pandas as pd

        ends = self.columns.starts[self.last] + self.columns.lengths[self.columns.ids[self.last]]
        values = pd.Series([self.lexicon.values[form] for form in self.form], dtype=object)
        return pd.DataFrame({"article": self.article, "start": self.columns.starts[self.first], "end": ends, "value": values})


def compile_lexicon(forms: Iterable[tuple[str, object]], *, match_case: bool = False, report: bool = False) -> Lexicon:
    """Make forms ready for `find`, once for any number of searches.

    Args:
        forms: pairs of a form and the value it stands for; None marks a longer name that only takes its words.
        match_case: letters that are capital in the form must be capital in the text (a word in all capitals also matches).
        report: leave out forms that change when they are cut into words and name them in `left_out`, in place of refusing them.

    Raises:
        InputError: if a form holds no word or, without `report`, changes when it is cut: "a+" would find every "a".

    >>> compile_lexicon([("prime minister", 1), ("a+", 2)], report=True).left_out
    ('a+',)
    """
    values, cut, left_out = [], [], []
    for form, value in forms:
        tokens = tuple(tokenise(form))
        if not tokens or changes_when_cut(form):
            if not report:
                raise InputError(f"lexicon: form '{form}' changes when it is cut into words; write it with letters, digits, hyphens and apostrophes, or have such forms left out")
            left_out.append(form)
            continue
        values.append(value)
        cut.append(tokens)
    words = {word: number for number, word in enumerate(dict.fromkeys(token.norm for tokens in cut for token in tokens))}
    tree, ending = {}, {}
    for number, tokens in enumerate(cut):
        node = -1
        for token in tokens:
            node = tree.setdefault((node, words[token.norm]), len(tree))
        ending.setdefault(node, []).append(number)
    roots, later, goes_on = np.full(len(words) + 1, -1, dtype=np.int32), np.zeros(len(words) + 1, dtype=bool), np.zeros(len(tree), dtype=bool)
    for (node, word), target in tree.items():
        if node < 0:
            roots[word] = target
        else:
            later[word] = goes_on[node] = True
    inner = sorted((node * len(words) + word, target) for (node, word), target in tree.items() if node >= 0)
    edges, nodes = np.array(inner, dtype=np.int64).reshape(-1, 2).T
    ends = tuple(tuple(ending.get(node, ())) for node in range(len(tree)))
    plain = np.array([not any(is_possessive(token.text) or match_case and not token.text.islower() for token in cut[forms[0]]) if forms else True for forms in ends], dtype=bool)
    firsts = np.array([forms[0] if forms else -1 for forms in ends], dtype=np.int64)
    return Lexicon(tuple(values), tuple(left_out), pa.array(list(words), pa.large_string()), roots, later, edges, nodes, goes_on, ends, firsts, plain, tuple(cut), match_case)


def find(columns: Columns, lexicon: Lexicon, texts, *, sentences: np.ndarray | None = None) -> Hits:
    """Find the forms of a lexicon: the longest form wins, then the leftmost; no token is matched twice (as `lexicon.TermSearch` finds them, sentence by sentence).

    Args:
        texts: what the columns were made of (Arrow strings or a list): looked at where words of a phrase meet, which only blanks and hyphens may part.
        sentences: the numbers of the tokens that begin a sentence, sorted, each article's first among them; no form reaches beyond. Without them, articles.

    >>> from pressframes.columns import encode
    >>> texts = ["The prime minister met a minister, prime-minister style."]
    >>> find(encode(texts), compile_lexicon([("prime minister", "PM"), ("minister", "M")]), texts).to_frame().values.tolist()
    [[0, 4, 18, 'PM'], [0, 25, 33, 'M'], [0, 35, 49, 'PM']]
    """
    units = np.append(sentences if sentences is not None else columns.article[:-1], len(columns))
    between, check = _Between(columns, texts), _Check(columns, lexicon, units)
    word_of = pc.fill_null(pc.index_in(columns.types, value_set=lexicon._words), -1).to_numpy()[columns.type_of]
    root_of, later = lexicon._roots[word_of], lexicon._later[word_of]
    first = np.flatnonzero(of_each((root_of >= 0).view(np.uint8), columns.ids).view(bool))
    node, spans, size = root_of.take(columns.ids.take(first)), [], 1
    while len(first):
        spans.append((first, node, size))
        inner = np.flatnonzero(lexicon._goes_on.take(node))
        inner = inner[later.take(columns.ids.take(first[inner] + size, mode="clip"))]
        first, node = first[inner], node[inner]
        key = node.astype(np.int64) * len(lexicon._words) + word_of.take(columns.ids.take(first + size, mode="clip"))
        edge = _places(key, lexicon._edges)
        there = np.flatnonzero(edge >= 0)
        there = there[first[there] + size < units[np.searchsorted(units, first[there], side="right")]]
        there = there[between.joined(first[there] + size - 1)]
        first, node, size = first[there], lexicon._nodes[edge[there]], size + 1
    taken, found = np.zeros(len(columns), dtype=bool), []
    for first, node, size in reversed(spans):
        form = check.forms(first, node, size)
        covered = first[:, None] + np.arange(size)
        free = np.flatnonzero((form >= 0) & ~(taken.take(first) if size == 1 else taken[covered].any(axis=1)))
        free = free if size == 1 else free[_leftmost(first[free], size)]
        first, form = first[free], form[free]
        if size > 1:  # after single words nothing is looked for
            taken[covered[free]] = True
        found.append((first, first + size - 1, form))
    first, last, form = (np.concatenate(parts) for parts in zip(*found)) if found else (np.zeros(0, dtype=np.int64),) * 3
    order = np.argsort(first, kind="stable")
    order = order[~lexicon._silent[form[order]]]
    return Hits(first[order], last[order], form[order], columns, lexicon)


def _places(keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where each key stands among sorted values, or -1; by bisection where the keys are too few to be worth a table of the values."""
    if len(keys) > len(values):
        return pc.fill_null(pc.index_in(pa.array(keys), value_set=pa.array(values)), -1).to_numpy()
    if not len(values):
        return np.full(len(keys), -1)
    place = np.minimum(np.searchsorted(values, keys), len(values) - 1)
    return np.where(values[place] == keys, place, -1)


def _leftmost(first: np.ndarray, size: int) -> np.ndarray:
    """Of spans of one size, sorted, those that are left when each takes its place from the ones after it."""
    near, gone, last = np.flatnonzero(np.diff(first) < size), [-1], 0
    for i, here, after in zip(near.tolist(), first[near].tolist(), first[near + 1].tolist()):
        if i != gone[-1]:
            last = here
        if after - last < size:
            gone.append(i + 1)
    kept = np.ones(len(first), dtype=bool)
    kept[gone[1:]] = False
    return kept


class _Between:
    """What stands between a token and the next, looked up in the bytes of the texts."""

    def __init__(self, columns: Columns, texts):
        self._columns, self._texts = columns, texts

    @cached_property
    def _bytes(self):
        """The bytes; of all texts end to end, the code point at which each article begins; of the characters of several bytes, which they are, and by how many bytes more each next one is later."""
        data, bounds = bytes_of(self._texts)
        lead, later = several_bytes(data)
        return data, bounds[:-1] - later[np.searchsorted(lead, bounds[:-1])], lead - later[:-1], later

    def joined(self, left: np.ndarray) -> np.ndarray:
        """Whether these tokens and those after them may be neighbours in a phrase (`lexicon.is_joined`)."""
        if not len(left):
            return np.zeros(0, dtype=bool)
        columns, (data, begin, lead, later) = self._columns, self._bytes
        lengths, article = columns.lengths[columns.ids[left]], np.searchsorted(columns.article, left, side="right") - 1
        ends = begin[article] + columns.starts[left] + lengths
        at = ends + later[np.searchsorted(lead, ends)]
        gap, sign = columns.starts[left + 1] - columns.starts[left] - lengths, data[np.minimum(at, len(data) - 1)]
        blank = _JOINS[sign]
        joined = (gap == 1) & blank
        odd = np.flatnonzero(~joined & ((gap == 0) | blank | (sign >= 0x80) | (lengths == 1)))
        last = ends[odd] + gap[odd]
        last += later[np.searchsorted(lead, last)]
        known = {}
        for i, first, end, letters in zip(odd.tolist(), at[odd].tolist(), last.tolist(), lengths[odd].tolist()):
            key = data[first:end].tobytes(), letters == 1
            if key not in known:
                known[key] = is_joined(key[0].decode(), columns.texts[int(columns.ids[left[i]])].as_py())
            joined[i] = known[key]
        return joined


_JOINS = np.array([byte < 0x80 and is_joined(chr(byte), "two") for byte in range(256)])


class _Check:
    """How words are printed: asked for the few forms that are particular about it, once for all candidates that are printed alike."""

    def __init__(self, columns: Columns, lexicon: Lexicon, units: np.ndarray):
        self._columns, self._lexicon, self._units = columns, lexicon, units

    def forms(self, first: np.ndarray, node: np.ndarray, size: int) -> np.ndarray:
        """The form that each candidate is, or -1."""
        form = self._lexicon._first[node]
        asked = np.flatnonzero(~self._lexicon._plain[node])
        ids, alike = self._columns.ids[first[asked, None] + np.arange(size)], node[asked].astype(np.int64)
        for printed in ids.T:
            _, one, alike = np.unique(alike * len(self._columns.texts) + printed, return_index=True, return_inverse=True)
        if not len(asked):
            return form
        quiet, loud = (np.array([self._printed(node[asked[i]], ids[i].tolist(), shouted) for i in one]) for shouted in (False, True))
        form[asked] = quiet[alike]
        for i in np.flatnonzero((quiet != loud)[alike]):
            if self._shouted(first[asked[i]]):
                form[asked[i]] = loud[alike[i]]
        return form

    def _printed(self, node: int, ids: list[int], shouted: bool) -> int:
        words = [Token(0, 0, word, "") for word in map(self._word, ids)]
        same = lambda form: all(is_same(*pair, match_case=self._lexicon._match_case, shouted=shouted) for pair in zip(self._lexicon._tokens[form], words))
        return next(filter(same, self._lexicon._forms[node]), -1)

    def _shouted(self, token: int) -> bool:
        unit = np.searchsorted(self._units, token, side="right")
        return is_shouted(map(self._word, self._columns.ids[self._units[unit - 1] : self._units[unit]].tolist()))

    def _word(self, number: int) -> str:
        return self._columns.texts[int(number)].as_py()


def concordance(columns: Columns, texts, term: str, *, limit: int | None = 100, width: int = 60) -> pd.DataFrame:
    """Lines of a word or phrase, in the order of the text; case is ignored, a trailing `*` stands for any ending ("provo*").

    Args:
        texts: what the columns were made of.
        limit: look no further after so many lines; None for all.
        width: characters to either side.

    Returns:
        A row a line: article (its number), start, end (in code points of the article's text), left, node, right.

    Raises:
        InputError: if the term holds no word.

    >>> from pressframes.columns import encode
    >>> texts = ["No provocation, they said.", "Provocateurs came."]
    >>> concordance(encode(texts), texts, "provo*", width=5).values.tolist()
    [[0, 3, 14, 'No ', 'provocation', ', the'], [1, 0, 12, '', 'Provocateurs', ' came']]
    """
    import pandas as pd

    words = [token.norm for token in tokenise(term)]
    if not words:
        raise InputError(f"term '{term}' holds no word; give a word or a phrase")
    matches = [columns.type_of == pc.index(columns.types, word).as_py() for word in words]
    if term.rstrip().endswith("*"):
        matches[-1] = pc.starts_with(columns.types, words[-1]).to_numpy(zero_copy_only=False)[columns.type_of]
    found, step, size = [], 1 << 15, len(words)
    for begin in range(0, len(columns), step):
        at = begin + np.flatnonzero(matches[0].take(columns.ids[begin : begin + step]))
        if size > 1:
            at = at[at + size <= columns.article[np.searchsorted(columns.article, at, side="right")]]
        for further, match in enumerate(matches[1:], start=1):
            at = at[match[columns.ids[at + further]]]
        found.append(at)
        if limit is not None and sum(map(len, found)) >= limit:
            break
    at = np.concatenate(found)[:limit] if found else np.zeros(0, dtype=np.int64)
    last, left, node, right = at + size - 1, [], [], []
    where = {"article": np.searchsorted(columns.article, at, side="right") - 1, "start": columns.starts[at].astype(np.int64), "end": columns.starts[last].astype(np.int64) + columns.lengths[columns.ids[last]]}
    for article, start, end in zip(*(column.tolist() for column in where.values())):
        text = texts[article] if isinstance(texts, (list, tuple)) else texts[article].as_py()
        left.append(text[max(0, start - width) : start])
        node.append(text[start:end])
        right.append(text[end : end + width])
    return pd.DataFrame({**where, **{name: np.array(part, dtype=object) for name, part in (("left", left), ("node", node), ("right", right))}})
