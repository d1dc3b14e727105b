"""What a worker does with one partition of a corpus: annotate or count it, put its files in place, and record that it is done."""

import hashlib
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from pressframes import shelf
from pressframes.annotate import COLUMNS, Annotations, annotate, empty_tables
from pressframes.columns import Columns, Counts, count, encode, spread
from pressframes.corpus import Article
from pressframes.errors import WorkError
from pressframes.layers.parse import parser_version
from pressframes.layers.terms import plain_forms
from pressframes.lexicon import LexiconSet, read_lexicons
from pressframes.partitions import (
    BLOCK,
    Partition,
    SetAside,
    Source,
    blocks,
    find_source,
    parts_of,
    pieces_of,
)
from pressframes.search import Lexicon, compile_lexicon, find
from pressframes.tallies import (
    BY_ARTICLE,
    KEYS,
    added,
    groups_of,
    hits_of,
    schema_of,
    tally,
    terms_of,
)

DEATHS = 2
"""A block of articles at which so many workers died is annotated article by article; an article at which as many died is then set aside."""
DONE, DRAFT, TRYING, MERGED, RUN, COMPLETE = "_done", "_draft", "_trying", "merged", "_run.json", "_complete.json"
"""Folders and files of a run, beside the folders of the tables."""
_ROW_GROUP = 1 << 16


class Done(NamedTuple):
    """What is recorded of a partition that is done; `files` holds size and SHA-256 of the file of each table."""

    name: str
    key: str
    stamp: str
    content: str
    articles: int
    words: int
    set_aside: int
    files: dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Job:
    """What a worker must know of a run, the same for every partition.

    Attributes:
        path: of the corpus; what a study says is read by each worker, once.
        key: of all that decides what is written but the articles: code, packages, lexicons, models, settings.
        run: of this run alone; a worker that outlived its run writes nothing into the next one's.
    """

    path: str
    out: Path
    layers: str
    key: str
    run: str

    @property
    def source(self) -> Source:
        """The corpus, as its own machine sees it."""
        return _source(self.path, self.layers, self.key)

    @property
    def lexicons(self) -> LexiconSet:
        """What is looked for."""
        return _lexicons(self.path, self.layers, self.key)

    @property
    def schemas(self) -> dict[str, pa.Schema]:
        """The tables that are written, by name."""
        return schemas_of(self.layers)

    @property
    def draft(self) -> Path:
        """A place for a file or folder that nobody else writes to."""
        return self.out / DRAFT / f"{self.run}-{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}-{os.urandom(4).hex()}"


class Todo(NamedTuple):
    """A partition to be annotated; `former`: the content of the one that stands under its name, done under the same settings, or ""."""

    name: str
    partition: Partition
    former: str


class Merge(NamedTuple):
    """Tables of counts to be added up into `file`; all paths are within the run's folder."""

    name: str
    table: str
    parts: tuple[str, ...]
    file: str


def annotate_partition(job: Job, todo: Todo) -> Done:
    """Annotate one partition and put its files in place, all of them before the record that it is done."""
    _check_run(job)
    partition = todo.partition
    if todo.former and _content(job.source.articles(partition)) == todo.former:
        record = _record(job.out, partition.name)._replace(stamp=partition.stamp)
        _write_record(job, record)
        return record
    attempts = _Attempts(job.out / TRYING / partition.name)
    content, aside, tallied = hashlib.sha256(), [], {name: [] for name in job.schemas if name in KEYS}
    with threadpool_limits(1), _Writer(job, partition.name) as writer:
        read = _sorted_out(job.source.articles(partition), content, aside)
        for number, block in enumerate(blocks(read)):
            for annotations in _annotated(job, block, attempts.of(number), aside):
                for name, frame in annotations.tables().items():
                    writer.add(name, _arrow(frame, job.schemas[name]))
                sums = tally(annotations)
                writer.add("article_counts", sums.pop("article_counts"))
                for name, table in sums.items():
                    tallied[name].append(table)
        return _put_in_place(job, partition, writer, aside, tallied, content.hexdigest(), attempts)


def count_partition(job: Job, todo: Todo) -> Done:
    """Count the words of one partition; a partition whose files have changed is counted anew, whatever their content."""
    _check_run(job)
    attempts = _Attempts(job.out / TRYING / todo.name)
    aside, tallied = [], {name: [] for name in job.schemas if name in KEYS}
    found: tuple[Counts, Counts] | None = None
    with threadpool_limits(1), _Writer(job, todo.name) as writer:
        for number, (articles, texts) in enumerate(job.source.texts(todo.partition, aside)):
            attempts.of(number).begin()
            article_id, groups, n_words = pa.array(articles["article_id"], pa.large_string()), articles["group"].to_numpy(dtype=object), np.zeros(len(articles), dtype=np.int64)
            for of, firsts, pieces in pieces_of(texts):
                columns = encode(pieces)
                np.add.at(n_words, of, np.diff(columns.article))
                some = count(columns, groups[of]), spread(columns, groups[of])
                found = some if found is None else tuple(before.merge(more) for before, more in zip(found, some))
                searches = _searches(job.path, job.layers, job.key)
                hits = _hits(searches, columns, pieces)
                starts, ends = (side + firsts[hits.article] for side in (hits.start, hits.end))
                writer.add("hits", pa.table([article_id.take(pa.array(of[hits.article])), starts, ends, *searches.entries.take(pa.array(hits.entry)).columns], schema=job.schemas["hits"]))
                tallied["hit_counts"].append(hits_of(searches.entries, hits.entry, groups[of][hits.article]))
            articles = articles.assign(n_chars=pc.utf8_length(texts).to_numpy(), n_words=n_words)
            writer.add("articles", _arrow(articles[list(job.schemas["articles"].names)], job.schemas["articles"]))
            tallied["group_counts"].append(groups_of(articles))
        if found is not None:
            tallied["term_counts"].append(terms_of(*found))
        return _put_in_place(job, todo.partition, writer, aside, tallied, "", attempts)


class _Hits(NamedTuple):
    """Where forms of the lists stand: article (its number), start and end, and what they are a form of, a row of `_Searches.entries`."""

    article: np.ndarray
    start: np.ndarray
    end: np.ndarray
    entry: np.ndarray


def _hits(searches: "_Searches", columns: Columns, texts) -> _Hits:
    """Find the forms of all lists, in the order of the text, list by list at one place.

    In place of sentences, which are not known here, stretches of words with one character at most between them.
    """
    begins = np.zeros(len(columns) + 1, dtype=bool)
    begins[1:-1] = columns.starts[1:] - columns.ends[:-1] > 1
    begins[columns.article] = True
    stretches = np.flatnonzero(begins[:-1])
    hits = [find(columns, lexicon, texts, sentences=stretches) for lexicon in searches.lexicons]
    first, last = (np.concatenate([getattr(one, side) for one in hits]) for side in ("first", "last"))
    entry = np.concatenate([entries[one.form] for one, entries in zip(hits, searches.entry_of)])
    order = np.argsort(first, kind="stable")
    first, last, entry = first[order], last[order], entry[order]
    possessive = pc.match_substring_regex(columns.texts, ".['’][sS]$").to_numpy(zero_copy_only=False)
    ids = columns.ids[last]
    ends = columns.starts[last] + columns.lengths[ids] - 2 * possessive[ids]  # a match ends before the possessive 's
    return _Hits(np.searchsorted(columns.article, first, side="right") - 1, columns.starts[first], ends, entry)


def _put_in_place(job: Job, partition: Partition, writer: "_Writer", aside: list[SetAside], tallied: dict[str, list[pa.Table]], content: str, attempts: "_Attempts") -> Done:
    writer.add("set_aside", _arrow(pd.DataFrame(aside, columns=SetAside._fields, dtype="str"), job.schemas["set_aside"]))
    sums = {name: added(parts, name) for name, parts in tallied.items()}
    for name, table in sums.items():
        writer.add(name, table)
    words = pc.sum(sums["group_counts"]["words"]).as_py() or 0
    record = Done(partition.name, job.key, partition.stamp, content, writer.rows["articles"], words, len(aside), writer.put())
    _write_record(job, record)
    attempts.end()
    return record


def merge_counts(job: Job, merge: Merge) -> str:
    """Add up tables of counts into one file; return its path within the run's folder."""
    table = added((pq.read_table(job.out / part, use_threads=False) for part in merge.parts), merge.table)
    draft = job.draft
    pq.write_table(table, draft, row_group_size=_ROW_GROUP, write_page_checksum=True)
    _check_run(job)
    draft.replace(job.out / merge.file)
    return merge.file


def _sorted_out(found: Iterable[Article | SetAside], content, aside: list[SetAside]) -> Iterator[Article]:
    """Pass the articles on, put aside what could not be read, and hash both."""
    for one in found:
        content.update(_identity(one))
        if isinstance(one, SetAside):
            aside.append(one)
        else:
            yield one


def _content(found: Iterable[Article | SetAside]) -> str:
    content = hashlib.sha256()
    for one in found:
        content.update(_identity(one))
    return content.hexdigest()


def _identity(one: Article | SetAside) -> bytes:
    values = list(one) if isinstance(one, SetAside) else [getattr(one, name) for name in COLUMNS["articles"] if hasattr(one, name)]  # sha256 stands for the text
    return json.dumps(values).encode() + b"\n"


def _annotated(job: Job, block: list[Article], tries: "_Tries", aside: list[SetAside]) -> Iterator[Annotations]:
    """Annotate a block; article by article where one of them fails or workers died at the block, and an article that fails alone is set aside."""
    languages = job.source.settings.corpus.languages
    if len(block) > 1 and tries.of_block < DEATHS:
        tries.begin()
        try:
            together = annotate(block, job.lexicons, languages=languages)
        except Exception:  # told below, article by article
            pass
        else:
            yield together
            return
    for i, article in enumerate(block):
        if tries.of_article(i) >= DEATHS:
            aside.append(SetAside(article.article_id, f"{tries.of_article(i)} workers died at it (memory, or a fault of a library)"))
            continue
        tries.begin(i)
        try:
            alone = annotate([article], job.lexicons, languages=languages) if len(article.text) <= BLOCK else _annotated_in_parts(article, job.lexicons, languages)
        except Exception as error:  # whatever an article holds, the run goes on
            aside.append(SetAside(article.article_id, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(": ")))
        else:
            yield alone


def _annotated_in_parts(article: Article, lexicons: LexiconSet, languages: tuple[str, ...]) -> Annotations:
    """Annotate an article that is longer than a block, with offsets, sentences and tokens counted on from part to part."""
    kept, at = {name: [] for name in COLUMNS}, {"sentence_id": 0, "token_id": 0}
    for offset, part in parts_of(article):
        annotations = annotate([part], lexicons, languages=languages)
        for name, frame in annotations.tables().items():
            moved = {column: frame[column] + (offset if column in ("start", "end") else at[column]) for column in ("start", "end", *at) if column in frame}
            kept[name].append(frame.assign(**moved))
        at = {"sentence_id": at["sentence_id"] + len(annotations.sentences), "token_id": at["token_id"] + len(annotations.tokens)}
    kept["frames"] = kept["frames"][:1]
    whole = {name: pd.concat(frames, ignore_index=True) for name, frames in kept.items()}
    whole["articles"] = kept["articles"][0].assign(n_chars=len(article.text), n_words=len(whole["tokens"]))
    return Annotations(**whole)


class _Attempts:
    """Which block, and which article, each worker was at that took up a partition and did not end it: a file of a line for each step."""

    def __init__(self, file: Path):
        self._file, self._last = file, []
        with suppress(FileNotFoundError):
            for line in file.read_text(encoding="ascii").splitlines():
                step = tuple(map(int, line.split()))
                if not step:
                    self._last.append(())
                elif self._last:
                    self._last[-1] = step
        self.write("")

    def of(self, block: int) -> "_Tries":
        return _Tries(self, block, [step for step in self._last if step and step[0] == block])

    def write(self, line: str) -> None:
        with self._file.open("a", encoding="ascii") as file:
            file.write(f"{line}\n")

    def end(self) -> None:
        self._file.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Tries:
    attempts: _Attempts
    block: int
    deaths: list[tuple[int, ...]]

    @property
    def of_block(self) -> int:
        return len(self.deaths)

    def of_article(self, i: int) -> int:
        return self.deaths.count((self.block, i))

    def begin(self, i: int | None = None) -> None:
        self.attempts.write(f"{self.block}" if i is None else f"{self.block} {i}")


class _Writer:
    """Writes the tables of one partition as they come, row group by row group, and puts them in place together."""

    def __init__(self, job: Job, name: str):
        self._job, self._name, self._folder = job, name, job.draft
        self._waiting, self._files, self.rows = {table: [] for table in job.schemas}, {}, dict.fromkeys(job.schemas, 0)

    def __enter__(self):
        self._folder.mkdir(parents=True)
        self._files = {table: pq.ParquetWriter(self._folder / f"{table}.parquet", schema, write_page_checksum=True) for table, schema in self._job.schemas.items()}
        return self

    def __exit__(self, *_):
        for file in self._files.values():
            with suppress(Exception):
                file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, name: str, table: pa.Table) -> None:
        self._waiting[name].append(table)
        self.rows[name] += len(table)
        if sum(map(len, self._waiting[name])) >= _ROW_GROUP:
            self._flush(name)

    def _flush(self, name: str) -> None:
        if any(map(len, self._waiting[name])):
            self._files[name].write_table(pa.concat_tables(self._waiting[name]).combine_chunks(), row_group_size=_ROW_GROUP)
        self._waiting[name] = []

    def put(self) -> dict[str, tuple[int, str]]:
        """Move the files into the tables' folders; return size and SHA-256 of each."""
        for name, file in self._files.items():
            self._flush(name)
            file.close()
        made = {name: _size_and_hash(self._folder / f"{name}.parquet") for name in self._files}
        _check_run(self._job)
        for name in self._files:
            (self._folder / f"{name}.parquet").replace(self._job.out / name / f"{self._name}.parquet")
        return made


@cache
def schemas_of(layers: str) -> dict[str, pa.Schema]:
    frames = {**empty_tables(), "set_aside": pd.DataFrame({name: [] for name in SetAside._fields}, dtype="str")}
    if layers == "surface":
        hits = pd.DataFrame({name: [] for name in ("article_id", "start", "end", "lexicon", "entry")}).astype({"article_id": "str", "start": "int64", "end": "int64", "lexicon": "str", "entry": "str"})
        frames = {"articles": frames["articles"][["article_id", "group", "outlet", "path", "n_chars", "n_words"]], "hits": hits, "set_aside": frames["set_aside"]}
    counted = ("group_counts", "term_counts", "rate_counts" if layers == "all" else "hit_counts")
    by_article = {"article_counts": BY_ARTICLE} if layers == "all" else {}
    return {name: pa.Schema.from_pandas(frame, preserve_index=False) for name, frame in frames.items()} | by_article | {name: schema_of(name) for name in counted}


def _arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False, nthreads=1).replace_schema_metadata(schema.metadata)


def _size_and_hash(file: Path) -> tuple[int, str]:
    with file.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
        return data.tell(), digest


def _check_run(job: Job) -> None:
    with suppress(OSError, ValueError):
        if json.loads((job.out / RUN).read_text(encoding="utf-8"))["run"] == job.run:
            return
    raise WorkError(f"{job.out}: another run has begun there; this one writes nothing more")


def _write_record(job: Job, record: Done) -> None:
    _check_run(job)
    write_json(job, f"{DONE}/{record.name}.json", record._asdict())


def write_json(job: Job, file: str, values: dict) -> None:
    draft = job.draft
    draft.write_text(json.dumps(values), encoding="utf-8")
    draft.replace(job.out / file)


def _record(out: Path, name: str) -> Done | None:
    """The record of a partition if it is whole."""
    try:
        values = json.loads((out / DONE / f"{name}.json").read_text(encoding="utf-8"))
        return Done(**{**values, "files": {table: tuple(told) for table, told in values["files"].items()}})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def whole_record(job: Job, partition: Partition) -> Done | None:
    record = _record(job.out, partition.name)
    if record is None or record.key != job.key or record.files.keys() != job.schemas.keys():
        return None
    with suppress(OSError):
        if all(_size_and_hash(job.out / table / f"{partition.name}.parquet") == told for table, told in record.files.items()):
            return record
    return None


@lru_cache(maxsize=1)
def _source(path: str, layers: str, key: str) -> Source:
    source = find_source(path)
    if key_of(source, layers) != key:
        raise WorkError(f"{socket.gethostname()}: a worker has other code, packages, models or lists than the run began with; make them the same, and run again")
    return source


@lru_cache(maxsize=1)
def _lexicons(path: str, layers: str, key: str) -> LexiconSet:
    return read_lexicons(_source(path, layers, key).settings)


class _Searches(NamedTuple):
    """The lists made ready for search; `entries`: all there is to find (lexicon, entry), and for each lexicon, by form, its row there (-1: a form that only takes its words)."""

    lexicons: list[Lexicon]
    entries: pa.Table
    entry_of: list[np.ndarray]


@lru_cache(maxsize=1)
def _searches(path: str, layers: str, key: str) -> _Searches:
    rows, lexicons, entry_of = {}, [], []
    for name, forms in plain_forms(_lexicons(path, layers, key)).items():
        lexicons.append(compile_lexicon(forms, match_case=name in ("naming", "targets")))
        entry_of.append(np.array([-1 if entry is None else rows.setdefault((name, entry), len(rows)) for entry in lexicons[-1].values], dtype=np.int64))
    entries = pa.table({column: pa.array([row[i] for row in rows], pa.large_string()) for i, column in enumerate(("lexicon", "entry"))})
    return _Searches(lexicons, entries, entry_of)


def key_of(source: Source, layers: str) -> str:
    here = Path(__file__).parent
    told = [layers, shelf.version(), shelf.hash_of_rules(), parser_version(), pd.__version__, pa.__version__, source.settings.corpus.languages, source.settings.targets, BLOCK]
    files = [*(here / f"{name}.py" for name in ("jobs", "partitions", "tallies", "columns", "search")), *(source.settings.lexicon_path(kind) for kind in type(source.settings.lexicons).model_fields)]
    return hashlib.sha256(repr(told).encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:32]
