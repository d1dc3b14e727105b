"""Text as integers: every word once as a number with its place, so that each later question is arithmetic on columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressframes.errors import InputError
from pressframes.tokens import normalise, tokenise

_BLOCK = 1 << 18
"""Bytes of text that are looked at together: they and what is made of them stay in a processor's second cache."""
_DEEPEST = 4
"""Words of up to eight times as many bytes are compared eight bytes at a time, longer ones (addresses, noise) one by one."""
_PARTS, _WORD, _MARK = 0, 1, 2
_CLASSES = bytes(_WORD if byte >= 0x80 or chr(byte).isalnum() else _MARK if chr(byte) in ".,:'" else _PARTS for byte in range(256))
_SIZES = np.array([1] * 0xC0 + [2] * 0x20 + [3] * 0x10 + [4] * 0x10, dtype=np.int64)
"""Bytes of a character by its first."""
_MASKS = np.array([*((1 << 8 * length) - 1 for length in range(9)), 0], dtype=np.uint64)
"""Which bits of eight bytes belong to a word of so many bytes; none of a longer one's."""
_IN_WORDS = re.compile(r"[^\W_]|[\u0300-\u036f]")
_ONE_WORD = "^(?:[A-Za-z](?:[a-z][A-Za-z]*)?|[A-Z]+|[0-9]+(?:[.,:][0-9]+)*[A-Za-z]*)$"
"""Stretches that are one word by the pattern of tokens: letters, but for an acronym that small letters follow ("USAin"), and numbers."""
_ACRONYMS = [word for word in ("US", "IT", "WHO") if normalise(word) == word]


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
    if not any(len(block.starts) for block in blocks):
        none = pa.array([], pa.large_string())
        return Columns(none, none, *(np.zeros(0, dtype=np.int32) for _ in range(3)), np.zeros(len(bounds), dtype=np.int64))
    codes, words = _numbered(blocks)
    opening = np.concatenate([block.opening for block in blocks])
    article = np.concatenate([opening, np.full(len(bounds) - len(opening), len(codes))])  # the last articles may have no text
    return _columns_of(codes, words, np.concatenate([block.starts for block in blocks]), article)


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


class _Block(NamedTuple):
    """Stretches of a block of bytes that no token reaches across.

    `starts`: where each begins, in code points of its article; `opening`: the number of the first in each article that begins here, counted from the first of all;
    `keys`: the bytes of each as a number, 0 if they are more than eight; `longer`: of two, three ... eights, which these are and their numbers; `long`: which have
    more than `_DEEPEST` eights, and their bytes.
    """

    starts: np.ndarray
    opening: np.ndarray
    keys: np.ndarray
    longer: list[tuple[np.ndarray, list[np.ndarray]]]
    long: list[tuple[int, bytes]]


def _stretches(data: np.ndarray, bounds: np.ndarray) -> Iterator[_Block]:
    """Cut bytes where no token can reach across, block by block."""
    before, base, seen = 0, 0, 0  # where the block begins and the article began, in code points; stretches so far
    for first, last in _blocks(data, bounds):
        text = np.zeros(last - first + 10, dtype=np.uint8)  # a byte before, and as many behind as a key may reach
        text[1:-9] = data[first:last]
        raw = data[first:last].tobytes()
        begun = bounds[np.searchsorted(bounds, first) : np.searchsorted(bounds, last)] - first
        lead = np.zeros(0, dtype=np.int64) if raw.isascii() else np.flatnonzero(text >= 0xC0)
        in_word = _in_word(text, raw, lead, begun)
        edges = np.flatnonzero(in_word[1:] != in_word[:-1])
        glued = np.unique(begun[in_word[begun] & in_word[begun + 1]])
        if len(glued):
            edges = np.insert(edges, np.searchsorted(edges, glued).repeat(2), glued.repeat(2))
        start = np.ascontiguousarray(edges[::2])
        lengths, opening = edges[1::2] - start, np.searchsorted(start, begun)
        followers = np.concatenate([[0], np.cumsum(_SIZES[text[lead]] - 1)])
        places = start + before
        if len(lead):
            places -= np.repeat(followers, np.diff(np.searchsorted(start, lead - 1, side="right"), prepend=0, append=len(start)))
        bases = np.concatenate([[base], before + begun - followers[np.searchsorted(lead, begun + 1)]])
        places -= np.repeat(bases, np.diff(opening, prepend=0, append=len(start)))
        yield _Block(places.astype(np.int32), seen + opening, *_keys(text[1:], start, lengths))
        before, base, seen = before + (last - first) - int(followers[-1]), bases[-1], seen + len(start)


def _in_word(text: np.ndarray, raw: bytes, lead: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """Which bytes may be in a word; one more, which is not, stands before and one behind those of the block, as in `text`.

    A mark that a token may hold does so between letters or digits alone: a comma or colon between digits; a full stop there too, after a single letter, and at the end of "U.S.".
    """
    classes = np.zeros(len(raw) + 2, dtype=np.uint8)
    classes[1:-1] = np.frombuffer(raw.translate(_CLASSES), dtype=np.uint8)
    if len(lead):
        kinds, size = _kinds(text, lead), _SIZES[text[lead]]
        for step in range(4):
            classes[lead[(kinds == _PARTS) & (size > step)] + step] = _PARTS
        curly = lead[kinds == _MARK]
        curly = curly[(classes[curly - 1] != _WORD) | (classes[curly + 3] != _WORD)]
        for step in range(3):
            classes[curly + step] = _PARTS
    in_word, mark = classes == _WORD, classes == _MARK
    mark[1:-1] &= in_word[:-2]
    mark[1:-1] &= in_word[2:]
    mark[begun] = False  # the last of an article
    place = np.flatnonzero(mark)
    ends, in_word[begun] = in_word[begun], False
    sign, left, right, single = text[place], text[place - 1], text[place + 1], (text[place - 2] >= 0x80) | ~in_word[place - 2]
    in_word[begun] = ends
    place = place[(sign == 0x27) | ((sign == 0x2E) & single) | ((left - 0x30 < 10) | (left >= 0x80)) & ((right - 0x30 < 10) | (right >= 0x80))]
    in_word[place] = True
    stops = place[(text[place] == 0x2E) & (text[place + 2] == 0x2E)]
    in_word[stops + 2] = True
    return in_word


_known = np.full(0x110000, 255, dtype=np.uint8)  # of each character, told when first met


def _kinds(text: np.ndarray, lead: np.ndarray) -> np.ndarray:
    """Whether the characters beyond ASCII that begin at `lead` part words, stand in them, or are an apostrophe."""
    size = _SIZES[text[lead]]
    characters = text[lead].astype(np.int64) & np.array([0, 0, 0x1F, 0x0F, 0x07])[size]
    for step in range(1, 4):
        characters = np.where(size > step, characters << 6 | text[lead + step] & 0x3F, characters)
    kinds = _known[characters]
    if (kinds == 255).any():
        for character in np.unique(characters[kinds == 255]):
            _known[character] = _MARK if character == 0x2019 else _WORD if _IN_WORDS.match(chr(character)) else _PARTS
        kinds = _known[characters]
    return kinds


def _keys(text: np.ndarray, start: np.ndarray, lengths: np.ndarray):
    """The last three fields of a `_Block`."""
    windows = np.ndarray(len(text) - 7, dtype="<u8", buffer=text, strides=(1,))
    keys, longer = windows[start] & _MASKS.take(lengths, mode="clip"), []
    more = np.flatnonzero(lengths > 8)
    size = lengths[more]
    for eights in range(2, _DEEPEST + 1):
        these = more[(size > 8 * eights - 8) & (size <= 8 * eights)]
        numbers = [windows[start[these] + 8 * i] for i in range(eights)]
        numbers[-1] &= _MASKS[lengths[these] - 8 * eights + 8]
        longer.append((these, numbers))
    return keys, longer, [(i, text[start[i] : start[i] + lengths[i]].tobytes()) for i in more[size > 8 * _DEEPEST]]


def _numbered(blocks: list[_Block]) -> tuple[np.ndarray, pa.Array]:
    """Number equal stretches alike: the number of each, and the stretches by number (Arrow strings; "" stands for what is longer than eight bytes)."""
    codes, eights = _distinct([block.keys for block in blocks])
    shifts, words = np.cumsum([0, *(len(block.starts) for block in blocks)]), [eights[:, None]]
    total = len(eights)
    for depth in range(_DEEPEST - 1):
        these = np.concatenate([block.longer[depth][0] + shift for block, shift in zip(blocks, shifts)])
        if not len(these):
            continue
        numbers = [_distinct(parts) for parts in zip(*(block.longer[depth][1] for block in blocks))]
        pairs, spelt = numbers[0][0], numbers[0][1][:, None]
        for second, tails in numbers[1:]:
            pairs, both = _distinct([pairs.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64)])
            spelt = np.column_stack([spelt[(both >> np.uint64(32)).astype(np.int64)], tails[(both & np.uint64(0xFFFFFFFF)).astype(np.int64)]])
        codes[these] = total + pairs
        words.append(spelt)
        total += len(spelt)
    table = {}
    for block, shift in zip(blocks, shifts):
        for place, word in block.long:
            codes[shift + place] = total + table.setdefault(word, len(table))
    letters = [np.ascontiguousarray(spelt, dtype="<u8").view(np.uint8) for spelt in words]
    sizes = np.concatenate([*((part != 0).sum(axis=1) for part in letters), [len(word) for word in table]]).astype(np.int64)
    spelt = b"".join([*(part[part != 0].tobytes() for part in letters), *table])
    return codes, pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(np.concatenate([[0], np.cumsum(sizes)])), pa.py_buffer(spelt))


def _distinct(parts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Number equal integers alike, by their first occurrence; the number of each (int32), and the integers by number."""
    found = pa.chunked_array([pa.array(part) for part in parts]).dictionary_encode()
    return np.concatenate([chunk.indices.to_numpy() for chunk in found.chunks]), found.chunk(0).dictionary.to_numpy()


def _columns_of(codes: np.ndarray, words: pa.Array, starts: np.ndarray, article: np.ndarray) -> Columns:
    """Tokens of stretches: most are one word, the others as `tokenise` cuts them."""
    is_plain = pc.match_substring_regex(words, _ONE_WORD).to_numpy(zero_copy_only=False)
    plain, odd = words.filter(pa.array(is_plain)), np.flatnonzero(~is_plain & (pc.binary_length(words).to_numpy() > 0))
    cut = [tokenise(word) for word in words.take(pa.array(odd)).to_pylist()]
    tokens = [token for tokens in cut for token in tokens]
    printed = pa.concat_arrays([plain, pa.array([token.text for token in tokens], pa.large_string())]).dictionary_encode()
    lowered = pc.if_else(pc.is_in(plain, pa.array(_ACRONYMS, pa.large_string())), plain, pc.ascii_lower(plain))
    counted = pa.concat_arrays([lowered, pa.array([token.norm for token in tokens], pa.large_string())]).dictionary_encode()
    place = printed.indices.to_numpy()
    type_of, text_of = np.zeros(len(printed.dictionary), dtype=np.int32), np.full(len(words), -1, dtype=np.int32)
    type_of[place] = counted.indices.to_numpy()
    text_of[is_plain] = place[: len(plain)]
    place = place[len(plain) :]
    held = np.array([len(tokens) for tokens in cut], dtype=np.int64)
    first = np.cumsum(held) - held
    whole = np.array([len(tokens) == 1 and tokens[0].start == 0 for tokens in cut], dtype=bool)
    text_of[odd[whole]] = place[first[whole]]
    ids = text_of.take(codes)
    apart = np.flatnonzero(ids < 0)
    if len(apart):
        kind = np.searchsorted(odd, codes[apart])
        many = held[kind]
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        token = np.repeat(first[kind], many) + within
        offsets = np.array([token.start for token in tokens], dtype=np.int32)
        ids, starts = _put(ids, apart, place[token], many), _put(starts, apart, np.repeat(starts[apart], many) + offsets[token], many)
        article = article + np.concatenate([[0], np.cumsum(many - 1)])[np.searchsorted(apart, article)]
    return Columns(printed.dictionary, counted.dictionary, type_of, ids, starts, article)


def _put(values: np.ndarray, out: np.ndarray, new: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Replace the value at each place of `out` (sorted) by the next `many` of `new`."""
    firsts, lasts = [0, *(out + 1).tolist()], [*out.tolist(), len(values)]
    old = [values[first:last] for first, last in zip(firsts, lasts)]
    put = [*np.split(new, np.cumsum(many)[:-1]), new[:0]]
    return np.concatenate([part for pair in zip(old, put) for part in pair]).astype(values.dtype, copy=False)
