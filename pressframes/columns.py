"""Text as integers: every word once as a number with its place, so that each later question is arithmetic on columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressframes.errors import InputError
from pressframes.tokens import normalise, tokenise

_BLOCK = 1 << 17
"""Bytes of text that are looked at together: they and what is made of them stay in a processor's second cache."""
_DEEPEST = 4
"""Words of up to eight times as many bytes are compared eight bytes at a time, longer ones (addresses, noise) one by one."""
_PARTS, _WORD, _SPECIAL, _APOSTROPHE = 0, 1, 2, 3
_CLASSES = bytes(_WORD if byte >= 0x80 or chr(byte).isalnum() else _SPECIAL if chr(byte) in ".,:'" else _PARTS for byte in range(256))
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(9)], dtype=np.uint64)
"""Which bits of eight bytes belong to a word of so many bytes."""
_IN_WORDS = re.compile(r"[^\W_]|[\u0300-\u036f]")
_ONE_WORD = "^(?:[A-Za-z](?:[a-z][A-Za-z]*)?|[0-9]+)$"
"""Stretches that are one word by any pattern of tokens: letters of which not the first two are capitals, or digits."""
_ONLY_LOWERED = "^[A-Za-z0-9.,:]+$"


@dataclass(frozen=True, eq=False)
class Columns:
    """Articles as integers: token i is printed as `texts[ids[i]]`, begins at code point `starts[i]` of its article's text and is counted as `types[type_of[ids[i]]]`.

    Attributes:
        texts: words as printed, each once (Arrow strings; the same texts give the same order).
        types: their normal forms (`tokens.normalise`), each once (Arrow strings).
        type_of: int32, one a text: its place in `types`.
        ids: int32, one a token: its place in `texts`.
        starts: int32, one a token.
        article: int64, one an article and one more: article a has the tokens `article[a]` to `article[a + 1]`.
    """

    texts: pa.Array
    types: pa.Array
    type_of: np.ndarray
    ids: np.ndarray
    starts: np.ndarray
    article: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def ends(self) -> np.ndarray:
        """Where each token ends: int32, in code points of its article's text."""
        return self.starts + pc.utf8_length(self.texts).to_numpy()[self.ids]

    @property
    def articles(self) -> np.ndarray:
        """The number of each token's article: int32."""
        return np.repeat(np.arange(len(self.article) - 1, dtype=np.int32), np.diff(self.article))

    def to_frame(self) -> pd.DataFrame:
        """Return a row a token: article (its number), start, end, text, norm."""
        texts, types = (words.to_numpy(zero_copy_only=False) for words in (self.texts, self.types))
        return pd.DataFrame({"article": self.articles, "start": self.starts, "end": self.ends, "text": texts[self.ids], "norm": types[self.type_of[self.ids]]})


def encode(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> Columns:
    """Cut texts into words and numbers, exactly as `tokens.tokenise` does, and number them.

    The bytes are cut wherever no token can reach across; equal stretches are found by comparing their bytes, eight at a time, so that no hash stands for a word. Only a stretch
    that is not plainly one word goes through `tokenise`, once however often it occurs; characters beyond ASCII are looked at apart.

    Args:
        texts: one an article; a missing one (null) has no words.

    Raises:
        InputError: if a text holds half a surrogate pair, which no file in UTF-8 does.

    >>> columns = encode(["Russia’s army", "the army, USAin"])
    >>> columns.to_frame()[["article", "start", "end", "norm"]].values.tolist()
    [[0, 0, 8, 'russia'], [0, 9, 13, 'army'], [1, 0, 3, 'the'], [1, 4, 8, 'army'], [1, 10, 13, 'usa'], [1, 13, 15, 'in']]
    """
    data, bounds = _bytes_of(texts)
    blocks = list(_stretches(data, bounds))
    if not blocks:
        return Columns(pa.array([], pa.large_string()), pa.array([], pa.large_string()), *(np.zeros(0, dtype=np.int32) for _ in range(3)), np.zeros(len(bounds), dtype=np.int64))
    at, starts, lengths = (np.concatenate([block[i] for block in blocks]) for i in range(3))
    codes, words = _numbered(data, at, lengths, [block[3] for block in blocks])
    return _columns_of(codes, words, starts, np.searchsorted(at, bounds))


@dataclass(frozen=True, eq=False)
class Counts:
    """How often each group uses each type; counts of parts of a corpus add up to those of the whole, in any order (`merge`).

    Attributes:
        groups: the groups' names, sorted.
        types: the normal forms that occur, each once, sorted by code point in what `merge` returns.
        matrix: groups x types, int64.
        articles: int64, one a group: how many articles.
    """

    groups: tuple[str, ...]
    types: pa.Array
    matrix: np.ndarray
    articles: np.ndarray

    @property
    def tokens(self) -> np.ndarray:
        """How many words and numbers each group has: int64."""
        return self.matrix.sum(axis=1)

    def merge(self, *others: "Counts") -> "Counts":
        """Add counts of other articles; the result is the same however the articles were parted, groups and types in order.

        >>> parts = [count(encode(["war and peace"]), ["B"]), count(encode(["war", "a war"]), ["A", "B"])]
        >>> parts[0].merge(parts[1]).to_frame().to_dict("list")
        {'type': ['a', 'and', 'peace', 'war'], 'A': [0, 0, 0, 1], 'B': [1, 1, 1, 2]}
        """
        parts = (self, *others)
        groups = tuple(sorted({group for part in parts for group in part.groups}))
        found = pa.chunked_array([part.types for part in parts], type=pa.large_string()).combine_chunks().dictionary_encode()
        order = pc.sort_indices(found.dictionary).to_numpy()
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        columns = np.split(place[found.indices.to_numpy()], np.cumsum([len(part.types) for part in parts])[:-1])
        matrix, articles = np.zeros((len(groups), len(order)), dtype=np.int64), np.zeros(len(groups), dtype=np.int64)
        for part, column in zip(parts, columns):
            rows = [groups.index(group) for group in part.groups]
            matrix[np.ix_(rows, column)] += part.matrix
            articles[rows] += part.articles
        return Counts(groups, found.dictionary.take(pa.array(order)), matrix, articles)

    def to_frame(self) -> pd.DataFrame:
        """Return a row a type: type, and a column a group."""
        return pd.DataFrame({"type": self.types.to_pylist(), **dict(zip(self.groups, self.matrix))})


def count(columns: Columns, groups: Sequence[str]) -> Counts:
    """Count types by group.

    Args:
        groups: one label an article (group, outlet, or whatever else is compared).

    Raises:
        InputError: if there are more or fewer labels than articles.
    """
    if len(groups) != len(columns.article) - 1:
        raise InputError(f"{len(groups)} labels for {len(columns.article) - 1} articles; give one an article")
    code, names = pd.factorize(np.asarray(groups, dtype=object), sort=True)
    size, per_text = len(columns.texts), np.zeros((len(names), len(columns.types)), dtype=np.int64)
    keys = np.repeat(code * size, np.diff(columns.article)) + columns.ids
    for row, counted in zip(per_text, np.bincount(keys, minlength=len(names) * size).reshape(len(names), size)):
        row[:] = np.bincount(columns.type_of, weights=counted, minlength=len(row))
    return Counts(tuple(map(str, names)), columns.types, per_text, np.bincount(code, minlength=len(names)))


def _bytes_of(texts) -> tuple[np.ndarray, np.ndarray]:
    """The UTF-8 bytes of all texts end to end, and where each begins and the last one ends (int64)."""
    try:
        column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, type=pa.large_string())
    except UnicodeEncodeError as error:
        raise InputError(f"a text holds {error.object[error.start]!r}, half a surrogate pair, which is no character; read its file as UTF-8") from None
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.cast(pa.large_string()).combine_chunks()
    if column.type not in (pa.string(), pa.large_string()):
        column = column.cast(pa.large_string())
    if column.null_count:
        column = column.fill_null("")
    if not len(column):
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    _, places, data = column.buffers()
    bounds = np.frombuffer(places, dtype=np.int32 if column.type == pa.string() else np.int64)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    data = np.frombuffer(data, dtype=np.uint8)[bounds[0] : bounds[-1]] if bounds[-1] > bounds[0] else np.zeros(0, dtype=np.uint8)
    return data, bounds - bounds[0]


def _blocks(data: np.ndarray, bounds: np.ndarray) -> Iterator[tuple[int, int]]:
    """Parts of the bytes of about `_BLOCK`: whole articles; of a longer article, cut after a blank, if there is one."""
    first, size = 0, len(data)
    while first < size:
        last = int(bounds[np.searchsorted(bounds, first + _BLOCK, side="right") - 1])
        if last <= first:
            end = int(bounds[np.searchsorted(bounds, first, side="right")])  # of this article
            last = first + _BLOCK
            while last < end and (blank := data[last - _BLOCK : last].tobytes().rfind(b" ")) < 0:
                last += _BLOCK
            last = last - _BLOCK + blank + 1 if last < end else end
        yield first, last
        first = last


def _stretches(data: np.ndarray, bounds: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, list[np.ndarray]]]:
    """Cut bytes where no token can reach across; by block: where each stretch begins in the bytes, and in code points of its article, its bytes, and their values by eight (`_keys`)."""
    followers, base = 0, 0  # bytes after a character's first so far; the article's beginning in code points
    for first, last in _blocks(data, bounds):
        text = np.zeros(last - first + 10, dtype=np.uint8)  # a byte before, and as many behind as a key may reach
        text[1:-9] = data[first:last]
        classes = np.zeros(last - first + 2, dtype=np.uint8)
        raw = data[first:last].tobytes()
        classes[1:-1] = np.frombuffer(raw.translate(_CLASSES), dtype=np.uint8)
        ascii_only = raw.isascii()
        follow = _settle(text, classes, ascii_only)
        edges = np.flatnonzero(classes[1:] != classes[:-1]) + 1
        begun = bounds[np.searchsorted(bounds, first) : np.searchsorted(bounds, last)] - first + 1
        glued = np.unique(begun[(classes[begun] == _WORD) & (classes[begun - 1] == _WORD)])
        if len(glued):
            edges = np.insert(edges, np.searchsorted(edges, glued).repeat(2), glued.repeat(2))
        start, lengths = edges[::2], edges[1::2] - edges[::2]
        places = start + (first - 1 - followers)
        if not ascii_only:
            places -= np.cumsum(np.bincount(np.searchsorted(start, follow), minlength=len(start) + 1)[: len(start)])
        bases = np.concatenate([[base], begun + (first - 1 - followers) - np.searchsorted(follow, begun)])
        places -= np.repeat(bases, np.diff(np.searchsorted(start, begun), prepend=0, append=len(start)))
        yield start + (first - 1), places.astype(np.int32), lengths.astype(np.int32), _keys(text, start, lengths)
        base, followers = bases[-1], followers + len(follow)


def _settle(text: np.ndarray, classes: np.ndarray, ascii_only: bool) -> np.ndarray:
    """Leave in `classes` only what may be in a word and what parts words; return where the bytes after a character's first stand.

    A mark that may stand in a token (full stop, comma, colon, apostrophe) does so only between letters or digits, but for the last stop of "U.S.".
    """
    follow = curly = np.zeros(0, dtype=np.int64)
    if not ascii_only:
        follow = np.flatnonzero((text[: len(classes)] & 0xC0) == 0x80)
        lead = np.flatnonzero(text[: len(classes)] >= 0xC0)
        kinds, sizes = _kinds_of(text, lead)
        for step in range(4):
            classes[lead[(kinds == _PARTS) & (sizes > step)] + step] = _PARTS
        curly = lead[kinds == _APOSTROPHE]
    marks = np.flatnonzero(classes == _SPECIAL)
    left, right = classes[marks - 1] == _WORD, classes[marks + 1] == _WORD
    within = left & (right | ((text[marks] == 0x2E) & (text[marks - 2] == 0x2E)))
    curly = curly[(classes[curly - 1] != _WORD) | (classes[curly + 3] != _WORD)]
    classes[marks] = within
    for step in range(3):
        classes[curly + step] = _PARTS
    return follow


class _Characters:
    """Which characters beyond ASCII stand in words: told when first met."""

    known = np.full(0x110000, 255, dtype=np.uint8)

    @classmethod
    def kinds(cls, characters: np.ndarray) -> np.ndarray:
        kinds = cls.known[characters]
        if (kinds == 255).any():
            for character in np.unique(characters[kinds == 255]):
                cls.known[character] = _APOSTROPHE if character == 0x2019 else _WORD if _IN_WORDS.match(chr(character)) else _PARTS
            kinds = cls.known[characters]
        return kinds


def _kinds_of(text: np.ndarray, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the characters beyond ASCII that begin at `lead` are, and how many bytes they take."""
    sizes = np.select([text[lead] < 0xE0, text[lead] < 0xF0], [2, 3], 4)
    characters = text[lead].astype(np.int64) & np.array([0, 0, 0x1F, 0x0F, 0x07])[sizes]
    for step in range(1, 4):
        characters = np.where(sizes > step, characters << 6 | text[lead + step] & 0x3F, characters)
    return _Characters.kinds(characters), sizes


def _keys(text: np.ndarray, start: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """The bytes of stretches as numbers: the first eight of all, the next eight of those that have more, and so on to `_DEEPEST`."""
    windows, keys = np.ndarray(len(text) - 7, dtype="<u8", buffer=text, strides=(1,)), []
    for depth in range(_DEEPEST):
        if depth:
            longer = np.flatnonzero(lengths > 8)
            start, lengths = start[longer] + 8, lengths[longer] - 8
        keys.append(windows[start] & _MASKS.take(lengths, mode="clip"))
    return keys


def _numbered(data: np.ndarray, at: np.ndarray, lengths: np.ndarray, keys: list[list[np.ndarray]]) -> tuple[np.ndarray, pa.Array]:
    """Number equal stretches alike: a number each, and the stretches by number (Arrow strings)."""
    total, letters, words = 0, np.zeros((0, 0), dtype=np.uint8), []
    for depth in range(_DEEPEST):
        found = pa.array(np.concatenate([block[depth] for block in keys])).dictionary_encode()
        number, eights = found.indices.to_numpy(), found.dictionary.to_numpy().astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)
        if depth == 0:
            codes, letters = number.copy(), eights
        else:
            longer = np.flatnonzero(lengths > 8 * depth)
            pairs = pa.array((codes[longer] - before).astype(np.int64) << 32 | number).dictionary_encode()
            head, tail = np.divmod(pairs.dictionary.to_numpy(), 1 << 32)
            codes[longer], letters = total + pairs.indices.to_numpy(), np.hstack([letters[head], eights[tail]])
        before, total = total, total + len(letters)
        words.append(letters)
    longest, table = np.flatnonzero(lengths > 8 * _DEEPEST), {}
    for i in longest:
        codes[i] = total + table.setdefault(data[at[i] : at[i] + lengths[i]].tobytes(), len(table))
    used = np.zeros(total + len(table), dtype=bool)
    used[codes] = True  # the first eight bytes of longer words need not be words
    sizes = np.concatenate([*((letters != 0).sum(axis=1) for letters in words), [len(word) for word in table]])[used]
    spelt, first = [], 0
    for letters in words:
        kept = letters[used[first : first + len(letters)]]
        spelt, first = [*spelt, kept[kept != 0].tobytes()], first + len(letters)
    places = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return (np.cumsum(used, dtype=np.int32) - 1).take(codes), pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(places), pa.py_buffer(b"".join([*spelt, *table])))


def _columns_of(codes: np.ndarray, words: pa.Array, starts: np.ndarray, article: np.ndarray) -> Columns:
    """Tokens of stretches: most are one word, the others as `tokenise` cuts them."""
    plain = pc.match_substring_regex(words, _ONE_WORD)
    odd = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    cut = [tokenise(word) for word in words.take(pa.array(odd)).to_pylist()]
    tokens, plain = [token for tokens in cut for token in tokens], words.filter(plain)
    printed = pa.concat_arrays([plain, pa.array([token.text for token in tokens], pa.large_string())]).dictionary_encode()
    counted = pa.concat_arrays([pc.ascii_lower(plain), pa.array([token.norm for token in tokens], pa.large_string())]).dictionary_encode()
    place = printed.indices.to_numpy()
    type_of = np.zeros(len(printed.dictionary), dtype=np.int32)
    type_of[place] = counted.indices.to_numpy()
    text_of, is_odd = np.full(len(words), -1, dtype=np.int32), np.zeros(len(words), dtype=bool)
    is_odd[odd] = True
    text_of[~is_odd] = place[: len(plain)]
    held = np.array([len(tokens) for tokens in cut], dtype=np.int64)
    opening = np.cumsum(held) - held
    whole = np.array([len(tokens) == 1 and tokens[0].start == 0 for tokens in cut], dtype=bool)
    text_of[odd[whole]] = place[len(plain) + opening[whole]]
    ids = text_of.take(codes)
    apart = np.flatnonzero(ids < 0)
    if len(apart):
        kind = np.searchsorted(odd, codes[apart])
        many = held[kind]
        inner = np.repeat(opening[kind] - np.cumsum(many) + many, many) + np.arange(many.sum())
        moved = np.cumsum(many - 1) - (many - 1)
        where = np.repeat(apart + moved - np.cumsum(many) + many, many) + np.arange(many.sum())
        new = np.ones(len(ids) + int(many.sum()) - len(apart), dtype=bool)
        new[where] = False
        from_start = np.array([token.start for token in tokens], dtype=np.int32)
        parts = place[len(plain) + inner], np.repeat(starts[apart], many) + from_start[inner]
        old = np.ones(len(ids), dtype=bool)
        old[apart] = False
        filled = []
        for values, inserted in zip((ids, starts), parts):
            column = np.empty(len(new), dtype=np.int32)
            column[new], column[where] = values[old], inserted
            filled.append(column)
        ids, starts = filled
        article = article + np.concatenate([[0], np.cumsum(many - 1)])[np.searchsorted(apart, article)]
    return Columns(printed.dictionary, counted.dictionary, type_of, ids, starts, article)
