"""Where annotate runs over many partitions: this process, several processes, or a Dask cluster. Which of them changes nothing in what is written."""

import hashlib
import json
import logging
import os
import shutil
import socket
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from pressframes import shelf
from pressframes.annotate import COLUMNS, Annotations, annotate, empty_tables
from pressframes.columns import Columns, Counts, count, encode, spread
from pressframes.corpus import Article
from pressframes.errors import InputError, WorkError
from pressframes.layers.parse import parser_version
from pressframes.layers.terms import plain_forms
from pressframes.lexicon import LexiconSet, read_lexicons
from pressframes.partitions import BLOCK, Partition, SetAside, Source, blocks, find_source, parts_of, pieces_of
from pressframes.search import Lexicon, compile_lexicon, find
from pressframes.tallies import BY_ARTICLE, KEYS, added, groups_of, hits_of, schema_of, tally, terms_of

ENGINES = ("local", "processes", "dask")
LAYERS = ("all", "surface")
PARTITION_BYTES = {"all": 1 << 19, "surface": 1 << 25}
"""Text of a partition: seconds to half a minute of work, which is what a killed worker costs."""
FAN = 16
"""So many tables of counts are added up at a time."""
DEATHS = 2
"""A block of articles at which so many workers died is annotated article by article; an article at which as many died is then set aside."""
MOST_ATTEMPTS = 12
"""Workers that may die at one partition before the run is given up."""
IN_FLIGHT = 2
"""Partitions handed out for each worker, one of them in hand: the others wait here, not in the workers' memory."""
_ROW_GROUP = 1 << 16
_DONE, _DRAFT, _TRYING, _MERGED, _RUN, _COMPLETE = "_done", "_draft", "_trying", "merged", "_run.json", "_complete.json"
_MALLOC = {"MALLOC_TRIM_THRESHOLD_": str(128 << 20), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}
"""Dask's own setting of the first alone fixes the second at 128 KiB, so that every block of text is mapped and unmapped anew."""


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
        return _schemas(self.layers)

    @property
    def draft(self) -> Path:
        """A place for a file or folder that nobody else writes to."""
        return self.out / _DRAFT / f"{self.run}-{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}-{os.urandom(4).hex()}"


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


@dataclass(frozen=True)
class Run:
    """What a run came to. `done_before`: partitions that an earlier run had done and that stand as they were."""

    out: Path
    partitions: int
    done_before: int
    articles: int
    words: int
    set_aside: int

    def __repr__(self) -> str:
        before = f" ({self.done_before} done before)" if self.done_before else ""
        aside = f"; {self.set_aside} set aside, see {self.out / 'set_aside'}" if self.set_aside else ""
        return f"{self.articles:,} articles, {self.words:,} words in {self.partitions} partition{'' if self.partitions == 1 else 's'}{before} in {self.out}{aside}"


def annotate_partitions(path: str, out: Path, *, engine="local", workers: int | None = None, scheduler: str | None = None, layers: str = "all", size: int | None = None, progress: Callable[[int, int, int], None] | None = None) -> Run:
    """Annotate a corpus partition by partition and write each layer as a folder of Parquet files, `out/<table>/part-000000.parquet` and so on.

    The partitions in order hold the tables of `annotate` (`pandas.read_parquet(out / "tokens")`), byte for byte the same by every engine and number of workers. Further tables:
    `set_aside`, the articles that could not be annotated, with the reason, and the counts of `tallies.tally`, which are added up for the whole corpus in `out/merged`
    (`tallies.Tallies.open`). A run that broke off is carried on: a partition is done if an earlier run recorded it under the same settings, code and content and its files are whole.
    `out/_complete.json` is there only while everything is.

    Args:
        path: a study, a folder of texts, Parquet files, or their fsspec URL; see `partitions.find_source`.
        out: a local or shared folder, made if missing.
        engine: `local` (this process), `processes` or `dask`; or one that was started (`start`).
        workers: processes; with `dask` those of a cluster on this machine. As many as there are processors where not given.
        scheduler: of a Dask cluster that runs already, for instance `tcp://10.0.0.1:8786`; its workers must reach corpus and `out` by the same names.
        layers: `all`, or `surface`: words alone, counted by group in the whole text whatever its language; no regions, sentences or voices.
        size: bytes of text a partition, about; as `PARTITION_BYTES` has it where not given.
        progress: told partitions done, all partitions and words, whenever a partition is done.

    Raises:
        InputError: if the corpus or an option cannot be used, another run is writing to `out`, or no article at all could be annotated.
        WorkError: if workers die again and again, or the scheduler is lost; what is done is kept for the next run.
    """
    if layers not in LAYERS:
        raise InputError(f"--layers: unknown layers '{layers}'; use {' or '.join(LAYERS)}")
    if isinstance(engine, str):
        with start(engine, workers=workers, scheduler=scheduler) as started:
            return annotate_partitions(path, out, engine=started, layers=layers, size=size, progress=progress)
    source = find_source(path)
    read_lexicons(source.settings)  # a wrong one is told before anything is written
    partitions = source.partitions(size or PARTITION_BYTES[layers])
    with _locked(out):
        job = Job(path if "://" in path else str(Path(path).absolute()), out.absolute(), layers, _key(source, layers), os.urandom(8).hex())
        former = _begin(job, partitions)
        done = {partition.name: former[partition.name] for partition in partitions if partition.name in former and former[partition.name].stamp == partition.stamp}
        before, tell = len(done), progress or (lambda *_: None)
        words = sum(one.words for one in done.values())
        tell(len(done), len(partitions), words)
        todo = [Todo(partition.name, partition, former[partition.name].content if partition.name in former else "") for partition in partitions if partition.name not in done]
        for one in engine.map(job, annotate_partition if layers == "all" else count_partition, todo) if todo else ():
            done[one.name] = one
            words += one.words
            tell(len(done), len(partitions), words)
        total = Run(out, len(partitions), before, sum(one.articles for one in done.values()), words, sum(one.set_aside for one in done.values()))
        if not total.articles:
            aside = pq.read_table(job.out / "set_aside" / f"{partitions[0].name}.parquet", use_threads=False).to_pylist()
            raise InputError(f"{path}: no article could be annotated" + (f"; the first, {aside[0]['article_id']}: {aside[0]['reason']}" if aside else ""))
        if not (job.out / _COMPLETE).is_file():
            _merge_all(job, engine, [partition.name for partition in partitions])
            _finish(job, total)
        for name in (_DRAFT, _TRYING):
            shutil.rmtree(job.out / name, ignore_errors=True)
        return total


def annotate_shown(path: str, out: Path, *, engine: str, workers: int | None = None, scheduler: str | None = None, layers: str = "all") -> Run:
    """Call `annotate_partitions` with a progress bar on a terminal, and the address of Dask's dashboard above it."""
    with start(engine, workers=workers, scheduler=scheduler) as started, tqdm(unit="partition", file=sys.stderr, dynamic_ncols=True, disable=None) as bar:
        began, before = time.monotonic(), []

        def progress(done: int, total: int, words: int) -> None:
            before.append(words)
            if len(before) == 1 and isinstance(started, _Dask) and done < total:
                bar.write(f"Dask's dashboard: {started.client.dashboard_link}", file=sys.stderr)
            bar.total = total
            bar.set_postfix_str(f"{(words - before[0]) / max(1e-9, time.monotonic() - began):,.0f} words/s", refresh=False)
            bar.update(done - bar.n)

        return annotate_partitions(path, out, engine=started, layers=layers, progress=progress)


def annotate_partition(job: Job, todo: Todo) -> Done:
    """Annotate one partition and put its files in place, all of them before the record that it is done."""
    _check_run(job)
    partition = todo.partition
    if todo.former and _content(job.source.articles(partition)) == todo.former:
        record = _record(job.out, partition.name)._replace(stamp=partition.stamp)
        _write_record(job, record)
        return record
    attempts = _Attempts(job.out / _TRYING / partition.name)
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
    attempts = _Attempts(job.out / _TRYING / todo.name)
    aside, tallied = [], {name: [] for name in job.schemas if name in KEYS}
    found: tuple[Counts, Counts] | None = None
    with threadpool_limits(1), _Writer(job, todo.name) as writer:
        for number, (articles, texts) in enumerate(job.source.texts(todo.partition, aside)):
            attempts.of(number).begin()
            groups, n_words = articles["group"].to_numpy(dtype=object), np.zeros(len(articles), dtype=np.int64)
            for of, firsts, pieces in pieces_of(texts):
                columns = encode(pieces)
                np.add.at(n_words, of, np.diff(columns.article))
                some = count(columns, groups[of]), spread(columns, groups[of])
                found = some if found is None else tuple(before.merge(more) for before, more in zip(found, some))
                hits = _hits(job, columns, pieces).assign(article_id=lambda frame: articles["article_id"].to_numpy()[of[frame["article"]]], group=lambda frame: groups[of[frame["article"]]])
                for side in ("start", "end"):
                    hits[side] += firsts[hits["article"]]
                writer.add("hits", _arrow(hits[job.schemas["hits"].names], job.schemas["hits"]))
                tallied["hit_counts"].append(hits_of(hits))
            articles = articles.assign(n_chars=pc.utf8_length(texts).to_numpy(), n_words=n_words)
            writer.add("articles", _arrow(articles[list(job.schemas["articles"].names)], job.schemas["articles"]))
            tallied["group_counts"].append(groups_of(articles))
        if found is not None:
            tallied["term_counts"].append(terms_of(*found))
        return _put_in_place(job, todo.partition, writer, aside, tallied, "", attempts)


def _hits(job: Job, columns: Columns, texts) -> pd.DataFrame:
    """Where forms of the lists stand: article (number), start, end, lexicon, entry; in the order of the text, list by list at one place.

    In place of sentences, which are not known here, stretches of words with one character at most between them.
    """
    apart = np.flatnonzero(columns.starts[1:] - columns.ends[:-1] > 1) + 1
    stretches = np.union1d(apart, columns.article[:-1][columns.article[:-1] < len(columns)])
    possessive, found = pc.match_substring_regex(columns.texts, ".['’][sS]$").to_numpy(zero_copy_only=False), []
    for name, lexicon in _searches(job.path, job.layers, job.key).items():
        hits = find(columns, lexicon, texts, sentences=stretches)
        frame = hits.to_frame().rename(columns={"value": "entry"})
        found.append(frame.assign(lexicon=name, end=frame["end"] - 2 * possessive[columns.ids[hits.last]]))  # a match ends before the possessive 's
    return pd.concat(found, ignore_index=True).sort_values(["article", "start"], kind="stable", ignore_index=True)


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


def _merge_all(job: Job, engine, names: list[str]) -> None:
    """Add up the partitions' counts in a tree, on the workers."""
    parts = {table: [f"{table}/{name}.parquet" for name in names] for table in job.schemas if table in KEYS}
    (job.out / _MERGED).mkdir(exist_ok=True)
    turn = 0
    while parts:
        merges = []
        for table, files in parts.items():
            bundles = [tuple(files[i : i + FAN]) for i in range(0, len(files), FAN)]
            merges += [Merge(f"merge-{table}-{turn}-{i}", table, bundle, f"{_DRAFT}/{table}-{turn}-{i}.parquet" if len(bundles) > 1 else f"{_MERGED}/{table}.parquet") for i, bundle in enumerate(bundles)]
        for _ in engine.map(job, merge_counts, merges):
            pass
        parts = {table: files for table in parts if len(files := [merge.file for merge in merges if merge.table == table]) > 1}
        turn += 1


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


# What a worker leaves behind when it dies


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


# Files


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
def _schemas(layers: str) -> dict[str, pa.Schema]:
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
        if json.loads((job.out / _RUN).read_text(encoding="utf-8"))["run"] == job.run:
            return
    raise WorkError(f"{job.out}: another run has begun there; this one writes nothing more")


def _write_record(job: Job, record: Done) -> None:
    _check_run(job)
    _write_json(job, f"{_DONE}/{record.name}.json", record._asdict())


def _write_json(job: Job, file: str, values: dict) -> None:
    draft = job.draft
    draft.write_text(json.dumps(values), encoding="utf-8")
    draft.replace(job.out / file)


def _record(out: Path, name: str) -> Done | None:
    """The record of a partition if it is whole."""
    try:
        values = json.loads((out / _DONE / f"{name}.json").read_text(encoding="utf-8"))
        return Done(**{**values, "files": {table: tuple(told) for table, told in values["files"].items()}})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


@contextmanager
def _locked(out: Path):
    lock = FileLock(out / "_lock")
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{out}: another run is writing there; wait for it, or choose another --out") from None
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); choose another --out") from None
    try:
        yield
    finally:
        lock.release()


def _begin(job: Job, partitions: list[Partition]) -> dict[str, Done]:
    """Make the folders ready for a run; return what stands there, done under the same settings and whole, by partition."""
    wanted, complete = {partition.name for partition in partitions}, job.out / _COMPLETE
    try:
        shutil.rmtree(job.out / _DRAFT, ignore_errors=True)
        for name in (_DONE, _DRAFT, _TRYING, *job.schemas):
            (job.out / name).mkdir(exist_ok=True)
        _write_json(job, _RUN, {"run": job.run, "key": job.key, "version": shelf.version()})
        for name in (_DONE, _TRYING, *_schemas("all"), *_schemas("surface")):
            for file in (job.out / name).glob("part-*"):
                if file.stem not in wanted or name not in (_DONE, _TRYING, *job.schemas):  # of another corpus, or of other layers
                    complete.unlink(missing_ok=True)
                    file.unlink()
        with ThreadPoolExecutor(4) as pool:
            found = [record for record in pool.map(lambda partition: _whole(job, partition), partitions) if record]
        if sum(record.stamp == partition.stamp for record, partition in zip(found, partitions)) < len(partitions) or not all((job.out / _MERGED / f"{name}.parquet").is_file() for name in job.schemas if name in KEYS):
            complete.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{job.out}: cannot be written ({error.strerror}); choose another --out") from None
    return {record.name: record for record in found}


def _whole(job: Job, partition: Partition) -> Done | None:
    record = _record(job.out, partition.name)
    if record is None or record.key != job.key or record.files.keys() != job.schemas.keys():
        return None
    with suppress(OSError):
        if all(_size_and_hash(job.out / table / f"{partition.name}.parquet") == told for table, told in record.files.items()):
            return record
    return None


def _finish(job: Job, total: Run) -> None:
    told = {"key": job.key, "version": shelf.version(), "partitions": total.partitions, "articles": total.articles, "words": total.words, "set_aside": total.set_aside}
    for file in (job.out / _MERGED).iterdir():
        if file.stem not in job.schemas:
            file.unlink()
    _write_json(job, _COMPLETE, told)


@lru_cache(maxsize=1)
def _source(path: str, layers: str, key: str) -> Source:
    source = find_source(path)
    if _key(source, layers) != key:
        raise WorkError(f"{socket.gethostname()}: a worker has other code, packages, models or lists than the run began with; make them the same, and run again")
    return source


@lru_cache(maxsize=1)
def _lexicons(path: str, layers: str, key: str) -> LexiconSet:
    return read_lexicons(_source(path, layers, key).settings)


@lru_cache(maxsize=1)
def _searches(path: str, layers: str, key: str) -> dict[str, Lexicon]:
    return {name: compile_lexicon(forms, match_case=name in ("naming", "targets")) for name, forms in plain_forms(_lexicons(path, layers, key)).items()}


def _key(source: Source, layers: str) -> str:
    here = Path(__file__).parent
    told = [layers, shelf.version(), shelf.hash_of_rules(), parser_version(), pd.__version__, pa.__version__, source.settings.corpus.languages, source.settings.targets, BLOCK]
    files = [*(here / f"{name}.py" for name in ("engines", "partitions", "tallies", "columns", "search")), *(source.settings.lexicon_path(kind) for kind in type(source.settings.lexicons).model_fields)]
    return hashlib.sha256(repr(told).encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:32]


# Engines


@contextmanager
def start(engine: str, *, workers: int | None = None, scheduler: str | None = None) -> Iterator["_Local | _Processes | _Dask"]:
    """Start an engine and stop it in the end; `annotate_partitions` takes it in place of its name, so that several runs share its workers.

    Args: as for `annotate_partitions`.

    Raises:
        InputError: if an option cannot be used, Dask is missing, or nobody answers at `scheduler`.
    """
    if engine not in ENGINES:
        raise InputError(f"--engine: unknown engine '{engine}'; use {', '.join(ENGINES)}")
    if workers is not None and (workers < 1 or engine == "local"):
        raise InputError(f"--workers {workers}: {'this process is the only one; use --engine processes' if engine == 'local' else 'give a number from 1'}")
    if scheduler and (engine != "dask" or workers):
        raise InputError(f"--scheduler: {'a cluster that runs already has its own workers; leave --workers out' if workers else 'only --engine dask has one; add it'}")
    made = _Local() if engine == "local" else _Processes(workers or _processors()) if engine == "processes" else _Dask(workers or _processors(), scheduler)
    try:
        yield made
    except BaseException:
        made.close(now=True)
        raise
    made.close()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _work(function, job: Job, item):
    pa.set_cpu_count(1)  # the workers are what runs side by side
    return _called(function, job, item)


def _called(function, job: Job, item):
    try:
        return function(job, item)
    except (OSError, MemoryError) as error:
        told = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error) or type(error).__name__
        raise WorkError(f"{item.name} on {socket.gethostname()}: {told}; mend it, and run again: what is done is kept") from None


def _end_with_parent() -> None:
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()


class _Local:
    """This process."""

    def map(self, job: Job, function: Callable, items: Iterable) -> Iterator:
        """Call `function(job, item)` for each item, in any order."""
        for item in items:
            yield _called(function, job, item)

    def close(self, *, now: bool = False) -> None:
        pass


class _Processes:
    """Processes of this machine, each a pool of its own: one that is killed takes nothing with it but what it was at."""

    def __init__(self, workers: int):
        self._pools = [self._pool() for _ in range(workers)]

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_end_with_parent)

    def map(self, job: Job, function: Callable, items: Iterable) -> Iterator:
        waiting, running, deaths = deque(items), {}, Counter()
        while waiting or running:
            for i in range(len(self._pools)):
                while waiting and sum(at == i for at, _ in running.values()) < IN_FLIGHT:
                    item = waiting.popleft()
                    running[self._submit(i, _work, function, job, item)] = i, item
            done, lost = wait(running, return_when=FIRST_COMPLETED).done, {}
            for future in [future for future in running if future in done]:  # in the order in which they were handed out
                i, item = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    lost.setdefault(i, []).append(item)
                else:
                    yield result
            for items in lost.values():
                deaths[items[0].name] += 1  # the others were not yet begun
                _give_up_after(deaths[items[0].name], items[0])
                waiting.extendleft(reversed(items))

    def _submit(self, i: int, *call):
        try:
            return self._pools[i].submit(*call)
        except BrokenProcessPool:
            self._pools[i].shutdown(wait=False)
            self._pools[i] = self._pool()
            return self._pools[i].submit(*call)

    def close(self, *, now: bool = False) -> None:
        for pool in self._pools:
            for process in list((pool._processes or {}).values()) if now else ():
                process.terminate()
            pool.shutdown(cancel_futures=now)


class _Dask:
    """A Dask cluster: one that runs already, or one made on this machine."""

    def __init__(self, workers: int, scheduler: str | None):
        if not find_spec("distributed"):
            raise InputError("--engine dask: Dask is not installed; install pressframes[scale], or use --engine processes")
        self._workers, self._scheduler, self._cluster = workers, scheduler, None

    @cached_property
    def client(self):
        """The connection to the cluster, made when it is first needed."""
        import dask
        import distributed

        for name in ("distributed", "distributed.client", "asyncio", "tornado"):  # what matters is told in one line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if not self._scheduler:
            with dask.config.set({"distributed.nanny.pre-spawn-environ": {**dask.config.get("distributed.nanny.pre-spawn-environ"), **_MALLOC}}):
                self._cluster = distributed.LocalCluster(n_workers=self._workers, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL)
        try:
            return distributed.Client(self._cluster or self._scheduler, timeout="10s")
        except (OSError, ValueError) as error:
            raise InputError(f"--scheduler {self._scheduler}: nobody answers there ({' '.join(str(error).split())[:120]}); start one with `dask scheduler`, or correct the address") from None

    @property
    def dashboard(self) -> str:
        """Address of the page that shows the cluster at work."""
        return self.client.dashboard_link or ""

    def map(self, job: Job, function: Callable, items: Iterable) -> Iterator:
        import distributed
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        client, waiting, running, deaths = self.client, deque(items), {}, Counter()

        def submit():
            item = waiting.popleft()
            future = client.submit(_work, function, job, item, pure=False, key=f"{function.__name__}-{item.name}-{job.run}-{deaths[item.name]}")
            running[future.key] = item
            return future

        try:
            most = IN_FLIGHT * max(1, sum(client.nthreads().values()))
            completed = distributed.as_completed([submit() for _ in range(min(most, len(waiting)))])
            for future in completed:
                item = running.pop(future.key)
                try:
                    result = future.result()
                except distributed.KilledWorker:
                    deaths[item.name] += 1
                    _give_up_after(deaths[item.name], item)
                    waiting.appendleft(item)
                else:
                    yield result
                while waiting and len(running) < most:
                    completed.add(submit())
        except (FutureCancelledError, CommClosedError, TimeoutError) as error:
            raise WorkError(f"the Dask scheduler is lost ({type(error).__name__}); start again: what is done is kept") from None

    def close(self, *, now: bool = False) -> None:
        with suppress(TimeoutError):  # what then still runs ends with this process
            if "client" in vars(self):
                self.client.close(timeout=5)
            if self._cluster:
                self._cluster.close(timeout=10)


def _give_up_after(deaths: int, item) -> None:
    if deaths >= MOST_ATTEMPTS:
        raise WorkError(f"{item.name}: workers died {deaths} times at it; give each more memory (fewer --workers), and run again: what is done is kept")
