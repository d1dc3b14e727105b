"""A run over a corpus of any size: its partitions annotated by an engine, their counts added up, and carried on where it broke off."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from tqdm import tqdm

from pressframes import shelf
from pressframes.engines import Dask, start
from pressframes.errors import InputError
from pressframes.jobs import (
    COMPLETE,
    DONE,
    DRAFT,
    MERGED,
    RUN,
    TRYING,
    Done,
    Job,
    Merge,
    Todo,
    annotate_partition,
    count_partition,
    key_of,
    merge_counts,
    schemas_of,
    whole_record,
    write_json,
)
from pressframes.lexicon import read_lexicons
from pressframes.partitions import Partition, find_source
from pressframes.tallies import KEYS

LAYERS = ("all", "surface")
PARTITION_BYTES = {"all": 1 << 19, "surface": 1 << 25}
"""Text of a partition: seconds to half a minute of work, which is what a killed worker costs."""
FAN = 4
"""So many tables of counts are added up at a time: few take little memory, and leave something to add up for every worker."""


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
        job = Job(path if "://" in path else str(Path(path).absolute()), out.absolute(), layers, key_of(source, layers), os.urandom(8).hex())
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
        if not (job.out / COMPLETE).is_file():
            _merge_all(job, engine, [partition.name for partition in partitions])
            _finish(job, total)
        for name in (DRAFT, TRYING):
            shutil.rmtree(job.out / name, ignore_errors=True)
        return total


def annotate_shown(path: str, out: Path, *, engine: str, workers: int | None = None, scheduler: str | None = None, layers: str = "all") -> Run:
    """Call `annotate_partitions` with a progress bar on a terminal, and the address of Dask's dashboard above it."""
    with start(engine, workers=workers, scheduler=scheduler) as started, tqdm(unit="partition", file=sys.stderr, dynamic_ncols=True, disable=None) as bar:
        began, before = time.monotonic(), []

        def progress(done: int, total: int, words: int) -> None:
            before.append(words)
            if len(before) == 1 and isinstance(started, Dask) and done < total:
                bar.write(f"Dask's dashboard: {started.client.dashboard_link}", file=sys.stderr)
            bar.total = total
            bar.set_postfix_str(f"{(words - before[0]) / max(1e-9, time.monotonic() - began):,.0f} words/s", refresh=False)
            bar.update(done - bar.n)

        return annotate_partitions(path, out, engine=started, layers=layers, progress=progress)


def _merge_all(job: Job, engine, names: list[str]) -> None:
    """Add up the partitions' counts in a tree, on the workers."""
    parts = {table: [f"{table}/{name}.parquet" for name in names] for table in job.schemas if table in KEYS}
    (job.out / MERGED).mkdir(exist_ok=True)
    turn = 0
    while parts:
        merges = []
        for table, files in parts.items():
            bundles = [tuple(files[i : i + FAN]) for i in range(0, len(files), FAN)]
            merges += [Merge(f"merge-{table}-{turn}-{i}", table, bundle, f"{DRAFT}/{table}-{turn}-{i}.parquet" if len(bundles) > 1 else f"{MERGED}/{table}.parquet") for i, bundle in enumerate(bundles)]
        for _ in engine.map(job, merge_counts, merges):
            pass
        parts = {table: files for table in parts if len(files := [merge.file for merge in merges if merge.table == table]) > 1}
        turn += 1


def _begin(job: Job, partitions: list[Partition]) -> dict[str, Done]:
    """Make the folders ready for a run; return what stands there, done under the same settings and whole, by partition."""
    wanted, complete = {partition.name for partition in partitions}, job.out / COMPLETE
    try:
        shutil.rmtree(job.out / DRAFT, ignore_errors=True)
        for name in (DONE, DRAFT, TRYING, *job.schemas):
            (job.out / name).mkdir(exist_ok=True)
        write_json(job, RUN, {"run": job.run, "key": job.key, "version": shelf.version()})
        for name in (DONE, TRYING, *schemas_of("all"), *schemas_of("surface")):
            for file in (job.out / name).glob("part-*"):
                if file.stem not in wanted or name not in (DONE, TRYING, *job.schemas):  # of another corpus, or of other layers
                    complete.unlink(missing_ok=True)
                    file.unlink()
        with ThreadPoolExecutor(4) as pool:
            found = [record for record in pool.map(lambda partition: whole_record(job, partition), partitions) if record]
        if sum(record.stamp == partition.stamp for record, partition in zip(found, partitions)) < len(partitions) or not all((job.out / MERGED / f"{name}.parquet").is_file() for name in job.schemas if name in KEYS):
            complete.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{job.out}: cannot be written ({error.strerror}); choose another --out") from None
    return {record.name: record for record in found}


def _finish(job: Job, total: Run) -> None:
    told = {"key": job.key, "version": shelf.version(), "partitions": total.partitions, "articles": total.articles, "words": total.words, "set_aside": total.set_aside}
    for file in (job.out / MERGED).iterdir():
        if file.stem not in job.schemas:
            file.unlink()
    write_json(job, COMPLETE, told)


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
