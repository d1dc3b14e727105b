"""A corpus of any size as partitions. What each holds hangs on the corpus alone, so that every engine makes the same of it."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressframes import corpus, shelf
from pressframes.corpus import Article
from pressframes.errors import InputError, listed, raise_all
from pressframes.languages import detect_language
from pressframes.layers.sentences import split_sentences
from pressframes.repeated import find_repeated
from pressframes.settings import Settings, read_settings

MOST_PARTITIONS = 100_000
"""Partitions grow with the corpus so that there are no more than this many of a size's worth."""
MOST_PIECES = 16
"""Into so many pieces a row group of a Parquet file is divided at most: each is reached by reading what stands before it."""
BATCH_BYTES = 1 << 23
"""Text that is counted together where words alone are."""
BLOCK = 200_000
"""Characters that are annotated together; a longer article is cut at the end of a sentence."""
_FIELDS = tuple(name for name in corpus.COLUMNS if name not in ("article_id", "path"))
_ROWS = 64


class SetAside(NamedTuple):
    """An article that could not be annotated, and why."""

    article_id: str
    reason: str


class Partition(NamedTuple):
    """Some articles of a corpus.

    `items`: `(row number, row, what of it its outlet repeats)` of `articles.csv`, paths of text files, or `(row group, first row, rows)` of the Parquet file `file`.
    `stamp` changes when one of the files does (sizes and times).
    """

    name: str
    stamp: str
    items: tuple
    file: str = ""


@dataclass(frozen=True)
class Source:
    """Where articles come from: a study's `articles.csv` (`kind` table), a folder of texts (folder) or Parquet files (parquet).

    Attributes:
        url: path or fsspec URL of the folder or the Parquet files.
        any_group: no study says which groups there are: each article's stands as it is, its outlet where it has none.
    """

    kind: str
    url: str
    settings: Settings
    any_group: bool

    def partitions(self, size: int) -> list[Partition]:
        """Divide the corpus into partitions of about `size` bytes of text.

        Raises:
            InputError: if there is no article, or a file that tells what there is cannot be read.
        """
        return {"table": self._of_table, "folder": self._of_folder, "parquet": self._of_parquet}[self.kind](size)

    def articles(self, partition: Partition) -> Iterator[Article | SetAside]:
        """Read the articles of a partition one after the other; what cannot be read is set aside.

        Raises:
            InputError: if a Parquet file is damaged.
        """
        return {"table": self._from_table, "folder": self._from_folder, "parquet": self._from_parquet}[self.kind](partition)

    def texts(self, partition: Partition, aside: list[SetAside]) -> Iterator[tuple[pd.DataFrame, pa.Array]]:
        """Read a partition in batches of about `BATCH_BYTES`: articles (article_id, group, outlet, path) and their texts; what cannot be read goes to `aside`.

        Raises:
            InputError: if a Parquet file is damaged.
        """
        if self.kind == "parquet":
            yield from self._texts_of_parquet(partition, aside)
            return
        rows, length = [], 0
        for one in self.articles(partition):
            if isinstance(one, SetAside):
                aside.append(one)
                continue
            rows.append((one.article_id, one.group, one.outlet, one.path, one.text))
            length += len(one.text)
            if length >= BATCH_BYTES:
                yield _batch(rows)
                rows, length = [], 0
        if rows:
            yield _batch(rows)

    def _of_table(self, size: int) -> list[Partition]:
        """All texts are read once beforehand: what an outlet repeats in several articles is known from all of them."""
        table, rows, faults, seen = self.settings.folder / self.settings.articles, [], [], {}
        for number, row, wrong in corpus.table_rows(self.settings):
            faults += wrong
            if row and (first := seen.setdefault(row["article_id"].strip(), number)) != number:
                faults.append(f"{table}, row {number}: article_id '{row['article_id'].strip()}' stands twice, first in row {first}; give each article its own")
            rows.append((number, row))
        raise_all(faults)
        if self.settings.by != "group":
            groups, _ = corpus.find_groups([row for _, row in rows], self.settings)
            rows = [(number, row | {"group": groups.get(row["article_id"].strip(), "")}) for number, row in rows]
        read = [self._read(number, row) for number, row in rows]
        repeated = find_repeated([(one.outlet, one.text) if isinstance(one, Article) else ("", "") for one in read])
        told = [(len(one.text), one.sha256) if isinstance(one, Article) else (0, one.reason) for one in read]
        return _packed([[((number, row, spans), length, repr((row, spans, stamp))) for (number, row), spans, (length, stamp) in zip(rows, repeated, told)]], size, self.url)

    def _from_table(self, partition: Partition) -> Iterator[Article | SetAside]:
        for number, row, spans in partition.items:
            one = self._read(number, row)
            yield replace(one, repeated=tuple(spans)) if isinstance(one, Article) and spans else one

    def _read(self, number: int, row: dict) -> Article | SetAside:
        faults: list[str] = []
        article = corpus.read_article(self.settings, f"{self.settings.articles}, row {number}", row, faults)
        return SetAside(article.article_id, listed(faults)) if faults else article

    def _of_folder(self, size: int) -> list[Partition]:
        fs, root = _opened(self.url)
        files = sorted((path, told) for path, told in fs.find(root, detail=True).items() if path.endswith(".txt"))
        return _packed([[(path, told.get("size") or 0, _stamp(told)) for path, told in files]], size, self.url)

    def _from_folder(self, partition: Partition) -> Iterator[Article | SetAside]:
        fs, root = _opened(self.url)
        for path in partition.items:
            name = PurePosixPath(path).relative_to(root)
            article_id, outlet = str(name.with_suffix("")), name.parts[0] if len(name.parts) > 1 else ""
            try:
                data = fs.cat_file(path)
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                yield SetAside(article_id, f"not UTF-8 (byte {error.start}); save it as UTF-8")
            except OSError as error:
                yield SetAside(article_id, f"cannot be read ({error.strerror or error})")
            else:
                yield self._made({"outlet": outlet}, article_id, str(name), text, hashlib.sha256(data).hexdigest())

    def _of_parquet(self, size: int) -> list[Partition]:
        fs, root = _opened(self.url)
        paths = fs.glob(root) if any(sign in root for sign in "*?[") else [root] if fs.isfile(root) else [path for path in fs.find(root) if path.endswith(".parquet")]
        with ThreadPoolExecutor(16) as pool:
            files = list(pool.map(lambda path: (path, _stamp(fs.info(path)), _row_groups(fs, path)), sorted(paths)))
        size, runs = max(size, sum(length for _, _, groups in files for _, length in groups) // MOST_PARTITIONS), []
        for path, stamp, groups in files:
            pieces = []
            for i, (rows, length) in enumerate(groups):
                step = -(-rows // min(MOST_PIECES, rows, -(-length // size) or 1)) if rows else 1
                pieces += [((i, first, min(step, rows - first)), length * step // max(1, rows), stamp) for first in range(0, rows, step)]
            runs.append(pieces)
        return _packed(runs, size, self.url, [path for path, _, _ in files])

    def _from_parquet(self, partition: Partition) -> Iterator[Article | SetAside]:
        name = PurePosixPath(partition.file)
        for first, batch in self._batches(partition, ("article_id", "text", *_FIELDS), rows_of=lambda rows, length: _ROWS):
            for number, row in enumerate(batch.to_pylist(), first):
                article_id, text = str(row.pop("article_id", None) or f"{name.stem}-{number}"), row.pop("text")
                yield self._made(row, article_id, f"{name.name}#{number}", text or "", hashlib.sha256((text or "").encode("utf-8")).hexdigest())

    def _batches(self, partition: Partition, columns: tuple[str, ...], *, rows_of) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read the rows of a Parquet partition: the number of the first in its file, and a batch; `rows_of` tells from rows and bytes of text of a row group how many at a time."""
        try:
            with _opened(self.url)[0].open(partition.file, "rb") as handle, pq.ParquetFile(handle, buffer_size=1 << 20, page_checksum_verification=True) as file:
                told = [file.metadata.row_group(i) for i in range(file.num_row_groups)]
                names = [column for column in columns if column in file.schema_arrow.names]
                for group, first, rows in partition.items:
                    before = sum(one.num_rows for one in told[:group])
                    at, size = 0, rows_of(told[group].num_rows, _bytes_of_text(told[group]))
                    for batch in file.iter_batches(batch_size=size, row_groups=[group], columns=names, use_threads=False):
                        low, high = max(first - at, 0), min(first + rows - at, len(batch))
                        if low < high:
                            yield before + at + low, batch.slice(low, high - low)
                        at += len(batch)
                        if at >= first + rows:
                            break
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{partition.file}: damaged ({_first_line(error)}); replace it, or take it away, and run again: what is done is kept") from None

    def _texts_of_parquet(self, partition: Partition, aside: list[SetAside]) -> Iterator[tuple[pd.DataFrame, pa.Array]]:
        stem = PurePosixPath(partition.file)
        for number, batch in self._batches(partition, ("article_id", "group", "outlet", "text"), rows_of=lambda rows, length: max(1, BATCH_BYTES * rows // max(1, length))):
            column = lambda name: batch.column(name).cast(pa.string()).fill_null("") if name in batch.schema.names else pa.repeat(pa.scalar(""), len(batch))
            numbers = range(number, number + len(batch))
            article_id = [given or f"{stem.stem}-{n}" for given, n in zip(column("article_id").to_pylist(), numbers)]
            frame = pd.DataFrame({"article_id": article_id, "group": column("group").to_pylist(), "outlet": column("outlet").to_pylist(), "path": [f"{stem.name}#{n}" for n in numbers]}, dtype="str")
            frame["group"] = frame["group"].where(frame["group"] != "", frame["outlet"])
            texts = batch.column("text")
            kept = pc.fill_null(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 0), False).to_numpy(zero_copy_only=False)
            known = frame["group"].isin(self.settings.groups).to_numpy() | self.any_group
            aside += [SetAside(frame["article_id"].iloc[i], "holds no text" if not kept[i] else self._unknown(frame["group"].iloc[i])) for i in np.flatnonzero(~(kept & known))]
            yield frame[kept & known], texts.filter(pa.array(kept & known))

    def _unknown(self, group: str) -> str:
        return f"unknown group '{group}'; the study compares {', '.join(self.settings.groups)}"

    def _made(self, row: dict, article_id: str, path: str, text: str, sha256: str) -> Article | SetAside:
        values = {name: str(value) if (value := row.get(name)) is not None else "" for name in _FIELDS}
        values["group"] = values["group"] or values["outlet"]
        if not text.strip():
            return SetAside(article_id, "holds no text")
        if not self.any_group and values["group"] not in self.settings.groups:
            return SetAside(article_id, self._unknown(values["group"]))
        values["language"] = values["language"] or detect_language(text)
        return Article(article_id=article_id, path=path, text=text, sha256=sha256, **values)


def find_source(path: str) -> Source:
    """Tell what a path or URL holds: a study, a folder of `.txt` files, or Parquet files (a file, a folder of them, or a pattern).

    A study is as `Study.load` reads it, or its `articles` names a Parquet file, folder or URL. Where there is no study, the suite's own targets and lists are looked for, all
    of them, and a text's outlet is the first folder that it lies in. Parquet files need the column `text`; `article_id` (else file and row) and those of `articles.csv` are used.

    Raises:
        InputError: if there is nothing of the kind, or the study cannot be used.
    """
    local = Path(path)
    if "://" not in path and (local.suffix == ".toml" or (local / "study.toml").is_file()):
        settings = read_settings(path)
        if settings.articles.endswith(".csv"):
            return Source("table", str(settings.folder), settings, False)
        url = settings.articles if "://" in settings.articles else str((settings.folder / settings.articles).absolute())
        return Source(_kind(url), url, settings, False)
    url = path if "://" in path else str(local.absolute())
    return Source(_kind(url), url, _suites_own(), True)


def blocks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Put articles into blocks of at most `BLOCK` characters; a longer one is a block of its own."""
    block, length = [], 0
    for article in articles:
        if block and length + len(article.text) > BLOCK:
            yield block
            block, length = [], 0
        block.append(article)
        length += len(article.text)
    if block:
        yield block


def parts_of(article: Article, longest: int = BLOCK) -> list[tuple[int, Article]]:
    """Cut an article into parts of at most `longest` characters: `(offset, part)`.

    At the last blank line of the second half, else at the last end of a sentence, else at the last white space, else there.

    >>> article = Article("1", "1.txt", "A", "Paper", "", "", "", "", "", "", "We left. We came back. We stayed.", "")
    >>> [(offset, part.text) for offset, part in parts_of(article, 24)]
    [(0, 'We left. We came back. '), (23, 'We stayed.')]
    """
    text, parts, first = article.text, [], 0
    while len(text) - first > longest:
        cut = _cut(text, first, first + longest)
        parts.append((first, replace(article, text=text[first:cut], title=article.title if not first else "", byline=article.byline if not first else "")))
        first = cut
    return [*parts, (first, replace(article, text=text[first:], title="", byline="") if first else article)]


def pieces_of(texts: pa.Array) -> Iterator[tuple[np.ndarray, np.ndarray, pa.Array | list[str]]]:
    """Divide texts that are too long to be counted at once: which text each piece is of, where it begins there, and the pieces, about `BATCH_BYTES` at a time."""
    if texts.nbytes <= 2 * BATCH_BYTES:
        yield np.arange(len(texts)), np.zeros(len(texts), dtype=np.int64), texts
        return
    places, pieces, length = [], [], 0
    for i, text in enumerate(texts):
        text, first = text.as_py(), 0
        while first < len(text):
            last = len(text) if len(text) - first <= BATCH_BYTES else _cut(text, first, first + BATCH_BYTES)
            places.append((i, first))
            pieces.append(text[first:last])
            length += last - first
            first = last
            if length >= BATCH_BYTES:
                yield *np.array(places).T, pieces
                places, pieces, length = [], [], 0
    if pieces:
        yield *np.array(places).T, pieces


def _cut(text: str, first: int, last: int) -> int:
    middle = first + (last - first) // 2
    blank = text.rfind("\n\n", middle, last)
    if blank >= 0:
        return blank + 2
    near = max(middle, last - 10_000)
    spans = split_sentences(text, near, last)
    if len(spans) > 1:
        return spans[-1][0]
    white = max(text.rfind(sign, middle, last) for sign in " \n\t")
    return white + 1 if white >= 0 else last


def _packed(runs: list[list[tuple]], size: int, url: str, files: list[str] | None = None) -> list[Partition]:
    """Fill partitions with `(item, bytes, stamp)` in order; each run (a Parquet file, or the whole corpus) begins one."""
    size = max(size, sum(length for run in runs for _, length, _ in run) // MOST_PARTITIONS)
    filled = []
    for i, run in enumerate(runs):
        items, stamps, length = [], [], 0
        for item, more, stamp in run:
            if items and length + more > size:
                filled.append((files[i] if files else "", items, stamps))
                items, stamps, length = [], [], 0
            items.append(item)
            stamps.append(stamp)
            length += more
        if items:
            filled.append((files[i] if files else "", items, stamps))
    if not filled:
        raise InputError(f"{url}: no article there; give a study, a folder of .txt files, or Parquet files with a column 'text'")
    return [Partition(f"part-{i:06d}", hashlib.sha256(repr((file, items, stamps)).encode()).hexdigest()[:24], tuple(items), file) for i, (file, items, stamps) in enumerate(filled)]


def _opened(url: str):
    import fsspec

    try:
        return fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(f"{url}: cannot be opened ({_first_line(error)}); correct the address, or copy the files to this machine") from None


def _kind(url: str) -> str:
    fs, root = _opened(url)
    try:
        if any(sign in root for sign in "*?["):
            return "parquet"
        if not fs.exists(root):
            raise InputError(f"{url}: no such file or folder; correct the path")
        if fs.isfile(root):
            if root.endswith(".parquet"):
                return "parquet"
            raise InputError(f"{url}: neither a study, a folder of .txt files nor Parquet; `pressframes new` makes a study of it")
        return "parquet" if any(path.endswith(".parquet") for path in fs.find(root)) else "folder"
    except OSError as error:
        raise InputError(f"{url}: cannot be read ({error.strerror or _first_line(error)}); check address and permissions") from None


def _suites_own() -> Settings:
    folder = shelf.folder("lexicons")
    tables = tomllib.loads((folder / "targets.toml").read_text(encoding="utf-8"))
    return Settings(folder=folder, title="No study", groups=("all",), targets=tuple(key for key in tables if key != "shared"))


def _stamp(told: dict) -> str:
    return repr([(name, str(told[name])) for name in ("name", "size", "mtime", "LastModified", "last_modified", "ETag", "etag", "md5Hash") if name in told])


def _row_groups(fs, path: str) -> list[tuple[int, int]]:
    """Rows and bytes of text of each row group."""
    try:
        with fs.open(path, "rb") as handle:
            told = pq.read_metadata(handle)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path}: no Parquet file that can be read ({_first_line(error)}); replace it, or take it away") from None
    names = [told.schema.column(i).path for i in range(told.num_columns)]
    if "text" not in names:
        raise InputError(f"{path}: column 'text' is missing (there are {', '.join(names)}); rename the one that holds the texts")
    return [(told.row_group(i).num_rows, _bytes_of_text(told.row_group(i))) for i in range(told.num_row_groups)]


def _bytes_of_text(group: pq.RowGroupMetaData) -> int:
    return next(group.column(i).total_uncompressed_size for i in range(group.num_columns) if group.column(i).path_in_schema == "text")


def _batch(rows: list[tuple]) -> tuple[pd.DataFrame, pa.Array]:
    frame = pd.DataFrame([row[:-1] for row in rows], columns=["article_id", "group", "outlet", "path"], dtype="str")
    return frame, pa.array([row[-1] for row in rows], pa.large_string())


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
