"""Text as integers: every word once as a number with its place, so that each later question is arithmetic on columns."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pressframes.errors import InputError
from pressframes.tokens import normalise, tokenise

if TYPE_CHECKING:
    import pandas as pd

_BLOCK = 1 << 20
"""Bytes of text that are looked at together: enough that the calls between them cost little, few enough that what is made of them stays in a processor's caches."""
_WAITING = 1 << 16
"""So many stretches that were not met before, or not lately, are numbered together."""
_SLOTS = 14
"""Bits of a slot, of which there are as many as fit a processor's second cache beside a block."""
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

    @cached_property
    def lengths(self) -> np.ndarray:
        """Code points of each text: int32."""
        return pc.utf8_length(self.texts).to_numpy().astype(np.int32)

    @cached_property
    def counts(self) -> np.ndarray:
        """How often each type occurs: int64."""
        return np.bincount(self.type_of, weights=np.bincount(self.ids, minlength=len(self.texts)), minlength=len(self.types)).astype(np.int64)

    @property
    def ends(self) -> np.ndarray:
        """Where each token ends: int32, in code points of its article's text."""
        return self.starts + self.lengths[self.ids]

    @property
    def articles(self) -> np.ndarray:
        """The number of each token's article: int32."""
        return np.repeat(np.arange(len(self.article) - 1, dtype=np.int32), np.diff(self.article))

    def to_frame(self) -> pd.DataFrame:
        """Return a row a token: article (its number), start, end, text, norm."""
        import pandas as pd

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
    data, bounds = bytes_of(texts)
    stretches = _Stretches(len(data) // 4 + len(bounds))
    for block in _blocks_cut(data, bounds):
        stretches.add(block)
    if not stretches.seen:
        none = pa.array([], pa.large_string())
        return Columns(none, none, *(np.zeros(0, dtype=np.int32) for _ in range(3)), np.zeros(len(bounds), dtype=np.int64))
    stretches.number()
    opening = np.concatenate(stretches.opening)
    return _columns_of(stretches, np.concatenate([opening, np.full(len(bounds) - len(opening), stretches.seen)]))  # the last articles may have no text


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

    def keyness(self, group: str, reference: str) -> pd.DataFrame:
        """Measure for each type how much more one group uses it than another, most surprising first; single words are taken as drawn alone.

        Whether dealing out the articles anew would show as much needs counts by article: `measures.keyness` of `article_counts`.

        Returns:
            A row a type that either group uses: type, count_a, count_b, g2 (`measures.g2`), log_ratio (`measures.log_ratio`).

        Raises:
            InputError: if a group is not there.
        """
        import pandas as pd

        from pressframes import measures

        for name in (group, reference):
            if name not in self.groups:
                raise InputError(f"no group '{name}'; use {', '.join(self.groups)}")
        a, b = self.matrix[self.groups.index(group)], self.matrix[self.groups.index(reference)]
        rows = np.flatnonzero(a + b)
        both = a[rows], b[rows], a.sum(), b.sum()
        value = measures.g2(*both)
        order = np.lexsort((rows, -value))
        frame = pd.DataFrame({"count_a": both[0], "count_b": both[1], "g2": value, "log_ratio": measures.log_ratio(*both)}).take(order).reset_index(drop=True)
        frame.insert(0, "type", pd.Series(self.types.take(pa.array(rows[order])), dtype="str"))
        return frame

    def to_frame(self) -> pd.DataFrame:
        """Return a row a type: type, and a column a group."""
        import pandas as pd

        return pd.DataFrame({"type": self.types.to_pylist(), **dict(zip(self.groups, self.matrix))})


def count(columns: Columns, groups: Sequence[str]) -> Counts:
    """Count types by group.

    Args:
        groups: one label an article (group, outlet, or whatever else is compared).

    Raises:
        InputError: if there are more or fewer labels than articles.
    """
    names, code = _coded(columns, groups)
    size, per_text = len(columns.texts), np.zeros((len(names), len(columns.types)), dtype=np.int64)
    keys = np.repeat(code * size, np.diff(columns.article))
    keys += columns.ids
    for row, counted in zip(per_text, np.bincount(keys, minlength=len(names) * size).reshape(len(names), size)):
        row[:] = np.bincount(columns.type_of, weights=counted, minlength=len(row))
    return Counts(names, columns.types, per_text, np.bincount(code, minlength=len(names)))


def article_counts(columns: Columns):
    """Count types by article: articles x types, int64 (scipy CSR), as `measures.keyness` takes them."""
    matrix = _by_article(columns, np.int64)
    matrix.sum_duplicates()
    return matrix


def _by_article(columns: Columns, kind: type):
    """A one for each token: articles x types (scipy CSR, a type as often as the article uses it)."""
    from scipy import sparse

    return sparse.csr_array((np.ones(len(columns), dtype=kind), columns.type_of[columns.ids], columns.article.copy()), shape=(len(columns.article) - 1, len(columns.types)))


def spread(columns: Columns, groups: Sequence[str]) -> Counts:
    """Count in how many articles of each group each type occurs; parts of a corpus add up as those of `count` do.

    Raises:
        InputError: if there are more or fewer labels than articles.

    >>> spread(encode(["war, war", "a war"]), ["A", "A"]).to_frame().to_dict("list")
    {'type': ['war', 'a'], 'A': [2, 1]}
    """
    (names, code), size = _coded(columns, groups), len(columns.types)
    tokens = _by_article(columns, np.int8).tocsc()  # a type's tokens end to end, those of an article too
    types, article = np.repeat(np.arange(size), np.diff(tokens.indptr)), tokens.indices
    first = np.flatnonzero((np.diff(article, prepend=-1) != 0) | (np.diff(types, prepend=-1) != 0))
    held = np.bincount(code[article[first]] * size + types[first], minlength=len(names) * size).reshape(len(names), size)
    return Counts(names, columns.types, held, np.bincount(code, minlength=len(names)))


def _coded(columns: Columns, groups: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the groups, in order, and the number of each article's."""
    if len(groups) != len(columns.article) - 1:
        raise InputError(f"{len(groups)} labels for {len(columns.article) - 1} articles; give one an article")
    names = sorted(set(groups))
    number = {name: i for i, name in enumerate(names)}
    return tuple(map(str, names)), np.array([number[name] for name in groups], dtype=np.int64)


def encode_parts(texts: Iterable[str] | pa.Array | pa.ChunkedArray, *, size: int = 1 << 24) -> Iterator[Columns]:
    """Encode any number of texts a part at a time, in the memory that one part takes.

    Args:
        texts: strings from any source, or Arrow strings (memory-mapped, if they are many).
        size: bytes of text (of a plain iterable: characters) after which a part ends, with the article that it ends in.
    """
    if isinstance(texts, pa.Array):
        texts = pa.chunked_array([texts])
    if isinstance(texts, pa.ChunkedArray):
        for chunk in texts.chunks:
            ends = np.cumsum(pc.fill_null(pc.binary_length(chunk), 0).to_numpy(zero_copy_only=False))
            cuts = [*(np.flatnonzero(np.diff(ends[:-1] // size, prepend=0)) + 1).tolist(), len(chunk)]
            for first, last in zip([0, *cuts], cuts):
                yield encode(chunk[first:last])
        return
    part, held = [], 0
    for text in texts:
        part.append(text)
        held += len(text or "")
        if held >= size:
            yield encode(part)
            part, held = [], 0
    if part:
        yield encode(part)


def join(parts: Sequence[Columns]) -> Columns:
    """Put the columns of several parts together, articles in the order given; each word once.

    >>> join([encode(["a war"]), encode(["War, a war"])]).to_frame()["norm"].tolist()
    ['a', 'war', 'war', 'a', 'war']
    """
    texts, text_of = _united([part.texts for part in parts])
    types, new_type = _united([part.types for part in parts])
    type_of = np.zeros(len(texts), dtype=np.int32)
    for part, place, kind in zip(parts, text_of, new_type):
        type_of[place] = kind[part.type_of]
    shifts = np.cumsum([0, *(len(part) for part in parts)])
    ids = [place.take(part.ids) for part, place in zip(parts, text_of)]
    article = [part.article[:-1] + shift for part, shift in zip(parts, shifts)]
    return Columns(texts, types, type_of, *(np.concatenate([np.zeros(0, dtype=np.int32), *column]) for column in (ids, [part.starts for part in parts])), np.concatenate([*article, shifts[-1:]]))


def _united(words: Sequence[pa.Array]) -> tuple[pa.Array, list[np.ndarray]]:
    """All words, each once, and the place there of those of each list."""
    found = pa.concat_arrays([pa.array([], pa.large_string()), *words]).dictionary_encode()
    return found.dictionary, np.split(found.indices.to_numpy(), np.cumsum([len(part) for part in words]))[: len(words)]


_STORED = pa.schema([
    ("texts", pa.large_list(pa.large_string())), ("types", pa.large_list(pa.large_string())), ("type_of", pa.large_list(pa.int32())),
    ("ids", pa.large_list(pa.int32())), ("starts", pa.large_list(pa.int32())), ("article", pa.large_list(pa.int64())),
])  # fmt: skip


def write(parts: Iterable[Columns], path: Path) -> None:
    """Write columns into one Arrow file, a record batch a part, as they come; the file appears whole or not at all.

    Raises:
        InputError: if the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, _STORED) as writer:
            for part in parts:
                values = [getattr(part, name) for name in _STORED.names]
                lists = [pa.LargeListArray.from_arrays(pa.array([0, len(value)], pa.int64()), pa.array(value)) for value in values]
                writer.write_batch(pa.record_batch(lists, schema=_STORED))
        draft.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> list[Columns]:
    """Map the parts of a file that `write` made into memory: nothing is read before it is used.

    Raises:
        InputError: if the file is not there or not of that kind.
    """
    try:
        file = pa.ipc.open_file(pa.memory_map(str(path)))
        batches = [file.get_batch(i) for i in range(file.num_record_batches)]
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path}: is no file of columns ({error}); write it with pressframes.columns.write") from None
    if file.schema != _STORED:
        raise InputError(f"{path}: is an Arrow file of another kind; write it with pressframes.columns.write")
    parts = [[batch.column(name).flatten() for name in _STORED.names] for batch in batches]
    return [Columns(texts, types, *(values.to_numpy() for values in numbers)) for texts, types, *numbers in parts]


def bytes_of(texts) -> tuple[np.ndarray, np.ndarray]:
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


def of_each(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The values at these places: what `values.take(places)` tells, but without widening places of 32 bits first.

    Raises:
        IndexError: if a place is not there.
    """
    if len(places) and not 0 <= places.min() <= places.max() < len(values):  # less work than Arrow's own look at each
        raise IndexError(f"places {places.min()} to {places.max()} of {len(values)} values")
    return pc.take(pa.array(values), pa.array(places), boundscheck=False).to_numpy()


def several_bytes(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where characters of more than one byte begin, and how many bytes more than characters there are before each of them, and before the end."""
    lead = np.flatnonzero(data >= 0xC0)
    return lead, np.concatenate([[0], np.cumsum(_SIZES[data[lead]] - 1)])


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
    `keys`: the bytes of each as a number, 0 if they are more than eight; `longer`: of two, three ... eights, which these are and their numbers (one row each); `long`: which have
    more than `_DEEPEST` eights, and their bytes.
    """

    starts: np.ndarray
    opening: np.ndarray
    keys: np.ndarray
    longer: list[tuple[np.ndarray, np.ndarray]]
    long: list[tuple[int, bytes]]


def _blocks_cut(data: np.ndarray, bounds: np.ndarray) -> Iterator[_Block]:
    """Cut bytes where no token can reach across, block by block."""
    base, seen, view = 0, 0, memoryview(data)  # where the article began, in code points from the block's beginning; stretches so far
    for first, last in _blocks(data, bounds):
        begun = bounds[np.searchsorted(bounds, first) : np.searchsorted(bounds, last)]
        cuts = [first, *begun.tolist(), last]
        raw = bytearray(b" ").join([b"", *(view[left:right] for left, right in zip(cuts, cuts[1:])), bytes(8)])  # a blank before each article and the first byte; behind, as much as a key may reach
        begun = begun - first + np.arange(1, len(begun) + 1)
        text = np.frombuffer(raw, dtype=np.uint8)
        lead, followers = several_bytes(text[:0] if raw.isascii() else text)
        in_word = _in_word(text, np.frombuffer(raw.translate(_CLASSES), dtype=np.uint8), lead, np.diff(followers) + 1)
        edges = np.flatnonzero(in_word[1:] != in_word[:-1])
        start = np.ascontiguousarray(edges[::2])
        lengths, opening = edges[1::2] - start, np.searchsorted(start, begun)
        places = start.astype(np.int32)
        if len(lead):
            places -= np.repeat(followers.astype(np.int32), np.diff(np.searchsorted(start, lead - 1, side="right"), prepend=0, append=len(start)))
        bases = np.concatenate([[base], begun - followers[np.searchsorted(lead, begun + 1)]])
        places -= np.repeat(bases.astype(np.int32), np.diff(opening, prepend=0, append=len(start)))
        yield _Block(places, seen + opening, *_keys(text[1:], start, lengths))
        base, seen = bases[-1] - (last - first + len(begun) - followers[-1]), seen + len(start)


def _in_word(text: np.ndarray, classes: np.ndarray, lead: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Which bytes may be in a word; blanks stand before and behind those of the block, and between articles.

    A mark that a token may hold does so between letters or digits alone: a comma or colon between digits; a full stop there too, after a single letter, and at the end of "U.S.".
    """
    if len(lead):
        kinds = _kinds(text, lead, size)
        parting, wide = lead[kinds == _PARTS], size[kinds == _PARTS]
        for step in range(4):
            classes[parting[wide > step] + step] = _PARTS
        curly = lead[kinds == _MARK]
        curly = curly[(classes[curly - 1] != _WORD) | (classes[curly + 3] != _WORD)]
        for step in range(3):
            classes[curly + step] = _PARTS
    in_word, mark = classes == _WORD, classes == _MARK
    mark[1:-1] &= in_word[:-2]
    mark[1:-1] &= in_word[2:]
    place = np.flatnonzero(mark)
    sign, left, right, single = text[place], text[place - 1], text[place + 1], (text[place - 2] >= 0x80) | ~in_word[place - 2]
    place = place[(sign == 0x27) | ((sign == 0x2E) & single) | ((left - 0x30 < 10) | (left >= 0x80)) & ((right - 0x30 < 10) | (right >= 0x80))]
    in_word[place] = True
    stops = place[(text[place] == 0x2E) & (text[place + 2] == 0x2E)]
    in_word[stops + 2] = True
    return in_word


_known = np.full(0x110000, 255, dtype=np.uint8)  # of each character, told when first met


def _kinds(text: np.ndarray, lead: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Whether the characters beyond ASCII that begin at `lead` part words, stand in them, or are an apostrophe."""
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
        numbers, at = np.empty((len(these), eights), dtype=np.uint64), start[these]
        for i in range(eights):
            numbers[:, i] = windows[at + 8 * i]
        numbers[:, -1] &= _MASKS[lengths[these] - 8 * eights + 8]
        longer.append((these, numbers))
    return keys, longer, [(i, text[start[i] : start[i] + lengths[i]].tobytes()) for i in more[size > 8 * _DEEPEST]]


class _Stretches:
    """Stretches of all blocks, `seen` so far: their `ids`, places in the `keys` one after the other (0: longer than eight bytes), `starts` and `opening` as in a `_Block`; `longer` and `long` too, counted from the first of all.

    A key's slot tells the number it was given before; as the slot holds the whole key, another key there is noticed and numbered anew.
    """

    def __init__(self, room: int):
        self.ids, self.starts = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        self.seen, self.keys, self.opening, self.longer, self.long = 0, [np.zeros(1, dtype=np.uint64)], [], [], []
        self._waiting, self._waiting_keys, self._numbers = [], [], 1
        self._key, self._number, self._often = (np.zeros(1 << _SLOTS, dtype=kind) for kind in (np.uint64, np.int32, np.int64))

    def add(self, block: _Block) -> None:
        """Take the next block."""
        span = slice(self.seen, self.seen + len(block.starts))
        while span.stop > len(self.ids):
            self.ids, self.starts = (np.concatenate([values, np.empty_like(values)]) for values in (self.ids, self.starts))
        self.starts[span] = block.starts
        self.opening.append(block.opening)
        self.longer.append([(these + self.seen, numbers) for these, numbers in block.longer])
        self.long.extend((place + self.seen, word) for place, word in block.long)
        slot = _slots(block.keys)
        self._number.take(slot, out=self.ids[span], mode="clip")
        new = np.flatnonzero(self._key.take(slot) != block.keys)
        self._waiting.append(new + self.seen)
        self._waiting_keys.append(block.keys[new])
        self.seen = span.stop
        if sum(map(len, self._waiting)) > _WAITING:
            self.number()

    def number(self) -> None:
        """Number the keys that wait; a slot goes to the one that is met most."""
        if not sum(map(len, self._waiting)):
            return
        codes, keys = _distinct(self._waiting_keys)
        self.ids[np.concatenate(self._waiting)] = codes + self._numbers
        often, slot = np.bincount(codes), _slots(keys)
        order = np.argsort(often, kind="stable")
        order = order[often[order] > self._often[slot[order]]]
        for table, values in ((self._key, keys), (self._number, np.arange(self._numbers, self._numbers + len(keys))), (self._often, often)):
            table[slot[order]] = values[order]
        self.keys.append(keys)
        self._numbers += len(keys)
        self._waiting.clear()
        self._waiting_keys.clear()


def _slots(keys: np.ndarray) -> np.ndarray:
    """The slot of each key: the first bits of its product with 2^64 by the golden ratio (Knuth 1973, Fibonacci hashing)."""
    return (keys * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _SLOTS)).view(np.int64)


def _numbered(stretches: _Stretches) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]], pa.Array]:
    """Number equal stretches alike: the numbers of the keys; which stretches are longer and their numbers; the stretches by number (Arrow strings, "" for key 0)."""
    codes, eights = _distinct(stretches.keys)
    words, longer, total = [eights[:, None]], [], len(eights)
    for blocks in zip(*stretches.longer):
        numbers = np.concatenate([numbers for _, numbers in blocks])
        if not len(numbers):
            continue
        found = pa.FixedSizeBinaryArray.from_buffers(pa.binary(8 * numbers.shape[1]), len(numbers), [None, pa.py_buffer(numbers)]).dictionary_encode()
        words.append(np.frombuffer(found.dictionary.buffers()[1], dtype="<u8")[: len(found.dictionary) * numbers.shape[1]].reshape(-1, numbers.shape[1]))
        longer.append((np.concatenate([these for these, _ in blocks]), total + found.indices.to_numpy()))
        total += len(found.dictionary)
    table = {}
    long = [(place, total + table.setdefault(word, len(table))) for place, word in stretches.long]
    longer.append(tuple(np.array(long, dtype=np.int64).reshape(-1, 2).T))
    letters = [np.ascontiguousarray(spelt, dtype="<u8").view(np.uint8) for spelt in words]
    sizes = np.concatenate([*((part != 0).sum(axis=1) for part in letters), [len(word) for word in table]]).astype(np.int64)
    spelt = b"".join([*(part[part != 0].tobytes() for part in letters), *table])
    return codes, longer, pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(np.concatenate([[0], np.cumsum(sizes)])), pa.py_buffer(spelt))


def _distinct(parts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Number equal integers alike, by their first occurrence; the number of each (int32), and the integers by number."""
    found = pa.chunked_array([pa.array(part) for part in parts]).dictionary_encode()
    return np.concatenate([chunk.indices.to_numpy() for chunk in found.chunks]), found.chunk(0).dictionary.to_numpy()


def _columns_of(stretches: _Stretches, article: np.ndarray) -> Columns:
    """Tokens of stretches: most are one word, the others as `tokenise` cuts them; `article`: the first stretch of each."""
    starts = stretches.starts[: stretches.seen]
    codes, longer, words = _numbered(stretches)
    is_plain = pc.match_substring_regex(words, _ONE_WORD).to_numpy(zero_copy_only=False)
    plain, odd = words.filter(pa.array(is_plain)), np.flatnonzero(~is_plain & (pc.binary_length(words).to_numpy() > 0))
    cut = [_tokenised(word) for word in words.take(pa.array(odd)).to_pylist()]
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
    text_of[odd[~whole]] = -2 - np.flatnonzero(~whole)
    ids, text_of_key = stretches.ids[: stretches.seen], text_of[codes]
    for part in np.split(ids, range(_WAITING, len(ids), _WAITING)):
        part[:] = text_of_key.take(part)
    for these, code in longer:
        ids[these] = text_of[code]
    apart = np.flatnonzero(ids < -1)
    if len(apart):
        kind = -2 - ids[apart]
        many = held[kind]
        shifts = np.concatenate([[0], np.cumsum(many - 1)])
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        token, at = np.repeat(first[kind], many) + within, np.repeat(apart + shifts[:-1], many) + within
        offsets = np.array([token.start for token in tokens], dtype=np.int32)[token] + np.repeat(starts[apart], many)
        ids, starts = _moved(ids, apart, shifts), _moved(starts, apart, shifts)
        ids[at], starts[at] = place[token], offsets
        article = article + shifts[np.searchsorted(apart, article)]
    return Columns(printed.dictionary, counted.dictionary, type_of, ids, starts, article)


_tokenised = lru_cache(1 << 13)(tokenise)  # the same words need it in part after part


def _moved(values: np.ndarray, out: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Leave out the values at the places `out` (sorted) and move what stands between them by the shift of each part."""
    moved = np.empty(len(values) + shifts[-1], dtype=values.dtype)
    for first, last, shift in zip([0, *(out + 1).tolist()], [*out.tolist(), len(values)], shifts.tolist()):
        moved[first + shift : last + shift] = values[first:last]
    return moved
