"""Search in columns: lexicons of thousands of forms at once, and lines of a concordance, both by numbers alone until a line is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressframes.columns import Columns
from pressframes.errors import InputError
from pressframes.lexicon import changes_when_cut, is_joined, is_same, is_shouted
from pressframes.tokens import Token, is_possessive, tokenise


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
    _roots: np.ndarray = field(repr=False)  # node that a word leads to from the root, or -1
    _edges: np.ndarray = field(repr=False)  # node * words + word, sorted
    _nodes: np.ndarray = field(repr=False)  # where each of these leads
    _forms: tuple[tuple[int, ...], ...] = field(repr=False)  # that end in a node
    _tokens: tuple[tuple[Token, ...], ...] = field(repr=False)  # of each form
    _match_case: bool = field(repr=False)

    def __len__(self) -> int:
        return len(self.values)


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
        lengths = pc.utf8_length(self.columns.texts).to_numpy()
        ends = self.columns.starts[self.last] + lengths[self.columns.ids[self.last]]
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
    roots = np.full(len(words), -1, dtype=np.int32)
    for (node, word), target in tree.items():
        if node < 0:
            roots[word] = target
    inner = sorted((node * len(words) + word, target) for (node, word), target in tree.items() if node >= 0)
    edges, nodes = np.array(inner, dtype=np.int64).reshape(-1, 2).T
    return Lexicon(tuple(values), tuple(left_out), pa.array(list(words), pa.large_string()), roots, edges, nodes, tuple(tuple(ending.get(node, ())) for node in range(len(tree))), tuple(cut), match_case)


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
    check = _Check(columns, lexicon, texts, units)
    word_of = pc.fill_null(pc.index_in(columns.types, value_set=lexicon._words), -1).to_numpy()[columns.type_of]
    root_of = np.append(lexicon._roots, np.int32(-1))[word_of]
    first = np.flatnonzero(root_of.take(columns.ids) >= 0)
    node, spans, size = root_of[columns.ids[first]], [], 1
    goes_on = np.zeros(len(lexicon._forms), dtype=bool)
    goes_on[lexicon._edges // max(1, len(lexicon._words))] = True
    while len(first):
        spans.append((first, node, size))
        inner = goes_on[node]
        first, key = first[inner], node[inner].astype(np.int64) * len(lexicon._words)
        inside = first + size < units[np.searchsorted(units, first, side="right")]
        first, key = first[inside], key[inside]
        word = word_of[columns.ids[first + size]]
        place = np.searchsorted(lexicon._edges, key + word)
        there = (word >= 0) & (np.append(lexicon._edges, -1)[place] == key + word)
        there[there] = [check.joined(left) for left in (first[there] + size - 1).tolist()]
        first, node, size = first[there], lexicon._nodes[place[there]], size + 1
    taken, found = np.zeros(len(columns), dtype=bool), []
    for first, node, size in reversed(spans):
        form = check.forms(first, node, size)
        first, form = first[form >= 0], form[form >= 0]
        if size == 1:
            free = ~taken[first]
        else:
            free = np.zeros(len(first), dtype=bool)
            for i, at in enumerate(first.tolist()):
                if not taken[at : at + size].any():
                    taken[at : at + size] = free[i] = True
        found.append((first[free], first[free] + size - 1, form[free]))
    first, last, form = (np.concatenate(parts) for parts in zip(*found)) if found else (np.zeros(0, dtype=np.int64),) * 3
    silent = np.array([value is None for value in lexicon.values], dtype=bool)
    order = np.argsort(first, kind="stable")
    order = order[~silent[form[order]]]
    return Hits(first[order], last[order], form[order], columns, lexicon)


class _Check:
    """What numbers do not tell: how words are printed and what stands between them; asked for few tokens, answered from the text."""

    def __init__(self, columns: Columns, lexicon: Lexicon, texts, units: np.ndarray):
        self._columns, self._lexicon, self._texts, self._units = columns, lexicon, texts, units
        self._article, self._first, self._end, self._text, self._known = -1, 0, 0, "", {}
        self._first_of = np.array([forms[0] if forms else -1 for forms in lexicon._forms], dtype=np.int64)
        plain = [not any(is_possessive(token.text) or lexicon._match_case and not token.text.islower() for token in tokens) for tokens in lexicon._tokens]
        self._plain = np.array([not forms or plain[forms[0]] for forms in lexicon._forms], dtype=bool)

    def joined(self, left: int) -> bool:
        """Whether this token and the next may be neighbours in a phrase."""
        columns = self._columns
        if not self._first <= left < self._end:
            self._article = int(np.searchsorted(columns.article, left, side="right")) - 1
            self._first, self._end = columns.article[self._article : self._article + 2]
            text = self._texts[self._article]
            self._text = text if isinstance(text, str) else text.as_py()
        word = self._word(columns.ids[left])
        return is_joined(self._text[columns.starts[left] + len(word) : columns.starts[left + 1]], word)

    def forms(self, first: np.ndarray, node: np.ndarray, size: int) -> np.ndarray:
        """The form that each candidate is, or -1."""
        form = self._first_of[node]
        for i in np.flatnonzero(~self._plain[node]):
            ids = tuple(self._columns.ids[first[i] : first[i] + size].tolist())
            key = node[i], ids, self._lexicon._match_case and self._shouted(first[i])
            if key not in self._known:
                self._known[key] = self._printed(*key)
            form[i] = self._known[key]
        return form

    def _printed(self, node: int, ids: tuple[int, ...], shouted: bool) -> int:
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
    words = [token.norm for token in tokenise(term)]
    if not words:
        raise InputError(f"term '{term}' holds no word; give a word or a phrase")
    matches = [pc.equal(columns.types, word) for word in words]
    if term.rstrip().endswith("*"):
        matches[-1] = pc.starts_with(columns.types, words[-1])
    matches = [match.to_numpy(zero_copy_only=False)[columns.type_of] for match in matches]
    found, step, size = [], 1 << 16, len(words)
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
    lines = []
    for first, article in zip(at.tolist(), (np.searchsorted(columns.article, at, side="right") - 1).tolist()):
        text = texts[article] if isinstance(texts[article], str) else texts[article].as_py()
        start, end = int(columns.starts[first]), int(columns.starts[first + size - 1]) + len(columns.texts[int(columns.ids[first + size - 1])].as_py())
        lines.append((article, start, end, text[max(0, start - width) : start], text[start:end], text[end : end + width]))
    return pd.DataFrame(lines, columns=["article", "start", "end", "left", "node", "right"])
