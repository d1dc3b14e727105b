"""What may happen to a long run: each time the same bytes in the end, or one clear line and nothing half-written.

Three kills at random moments; `FAULTS=20` asks for twenty.
"""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pages import write_study
from runs import nothing_half_written, write_corpus, written

from pressframes import engines, jobs, partitions, runs
from pressframes.runs import annotate_partitions
from pressframes.errors import InputError, WorkError
from pressframes.tokens import tokenise

KILLS = int(os.environ.get("FAULTS", "3"))
ROOT = Path(__file__).parents[1]
SMALL = {"all": 1500, "surface": 40_000}
RUN = "import sys; from pressframes import cli, runs; runs.PARTITION_BYTES = {sizes}; sys.argv[0] = 'pressframes'; cli.main()"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


@pytest.fixture(autouse=True)
def small_partitions(monkeypatch):
    monkeypatch.setattr(runs, "PARTITION_BYTES", SMALL)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Some eighty partitions of words alone: a run of seconds."""
    return write_corpus(tmp_path_factory.mktemp("corpus") / "corpus.parquet", 60, rows=1, repeat=60)


@pytest.fixture(scope="module")
def wanted(corpus, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "PARTITION_BYTES", SMALL)
        out = tmp_path_factory.mktemp("wanted")
        run = annotate_partitions(str(corpus), out, layers="surface")
    assert run.partitions > 20
    return written(out)


@pytest.fixture(scope="module")
def cluster():
    pytest.importorskip("distributed")
    with engines.start("dask", workers=2) as engine:
        yield engine


@pytest.fixture
def processes():
    """A list of processes that are ended with the test."""
    started = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def command(*arguments, **options):
    code = RUN.format(sizes=SMALL)
    return subprocess.Popen([sys.executable, "-c", code, "annotate", *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **options)


def until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def said(process) -> str:
    """The one line on stderr."""
    _, error = process.communicate(timeout=60)
    lines = [line for line in error.splitlines() if line.startswith("pressframes:")]
    assert len(lines) == 1 and "Traceback" not in error, error
    return lines[0]


class Killer(threading.Thread):
    """Kills one of the processes that `pids` tells, again and again at random moments while a run goes on."""

    def __init__(self, pids, times, longest=1.0):
        super().__init__(daemon=True)
        self.pids, self.times, self.longest, self.killed, self.over, self.random = pids, times, longest, [], threading.Event(), random.Random(11)

    def run(self):
        while len(self.killed) < self.times and not self.over.wait(self.random.uniform(0, self.longest)):
            if found := sorted(set(self.pids()) - {None, *self.killed}):
                self.killed.append(self.random.choice(found))
                os.kill(self.killed[-1], signal.SIGKILL)


def pool_pids(engine):
    return [pid for pool in engine._pools for pid in (pool._processes or {})]


def test_killed_dask_workers_cost_their_partition_alone(corpus, wanted, cluster, tmp_path):
    cluster.client  # the cluster is up before the first is killed
    killer, turn = Killer(lambda: [nanny.pid for nanny in cluster._cluster.workers.values()], KILLS), 0
    killer.start()
    while turn == 0 or len(killer.killed) < KILLS:  # a run may be over before the last
        annotate_partitions(str(corpus), tmp_path / str(turn), engine=cluster, layers="surface")
        assert written(tmp_path / str(turn)) == wanted
        turn += 1
    assert len(killer.killed) == KILLS


def test_killed_processes_cost_their_partition_alone(corpus, wanted, tmp_path):
    with engines.start("processes", workers=2) as engine:
        killer, turn = Killer(lambda: pool_pids(engine), KILLS), 0
        killer.start()
        while turn == 0 or len(killer.killed) < KILLS:
            annotate_partitions(str(corpus), tmp_path / str(turn), engine=engine, layers="surface")
            assert written(tmp_path / str(turn)) == wanted
            turn += 1


def test_a_process_killed_while_it_writes_a_partition(corpus, wanted, tmp_path):
    """The draft folder's name tells who writes."""
    writing = lambda: [int(found[1]) for path in tmp_path.glob("_draft/*") if path.is_dir() and (found := re.search(r"-(\d+)-\d+-[0-9a-f]{8}$", path.name))]
    killer = Killer(writing, KILLS, longest=0.05)
    with engines.start("processes", workers=2) as engine:
        killer.start()
        annotate_partitions(str(corpus), tmp_path, engine=engine, layers="surface")
        killer.over.set()
        killer.join()
    assert killer.killed and written(tmp_path) == wanted


def test_a_killed_run_is_carried_on(corpus, wanted, tmp_path, processes):
    """The whole run is killed at random moments, its workers end with it, and each time what lies there is whole."""
    draw, kept = random.Random(3), 0
    for _ in range(max(2, KILLS // 2)):
        processes.append(command(corpus, "--out", tmp_path, "--engine", "processes", "--workers", "2", "--layers", "surface"))
        until(lambda: len(list(tmp_path.glob("_done/*.json"))) > kept or processes[-1].poll() is not None)
        time.sleep(draw.uniform(0, 0.3))
        processes[-1].kill()
        processes[-1].wait()
        assert nothing_half_written(tmp_path)
        kept = len(list(tmp_path.glob("_done/*.json")))
        if (tmp_path / "_complete.json").exists():
            break
    run = annotate_partitions(str(corpus), tmp_path, layers="surface")
    assert run.done_before > 0 and written(tmp_path) == wanted


def test_the_workers_of_a_killed_run_end(corpus, tmp_path, processes):
    psutil = pytest.importorskip("psutil")
    processes.append(command(corpus, "--out", tmp_path, "--engine", "processes", "--workers", "2", "--layers", "surface"))
    until(lambda: list(tmp_path.glob("_done/*.json")) or processes[-1].poll() is not None)
    workers = psutil.Process(processes[-1].pid).children(recursive=True)
    assert workers
    processes[-1].kill()
    processes[-1].wait()
    until(lambda: not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers))


def test_a_killed_scheduler_ends_the_run_with_one_line(corpus, wanted, tmp_path, processes):
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    dask = lambda *words: subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=ROOT)
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", address.split(":")[1], "--no-dashboard")
    worker = dask("worker", f"tcp://{address}", "--nthreads", "1", "--no-dashboard", "--death-timeout", "60")
    processes += [scheduler, worker, command(corpus, "--out", tmp_path, "--engine", "dask", "--scheduler", f"tcp://{address}", "--layers", "surface")]
    until(lambda: list(tmp_path.glob("_done/*.json")) or processes[-1].poll() is not None)
    scheduler.kill()
    line = said(processes[-1])
    assert processes[-1].returncode == 1 and "the Dask scheduler is lost" in line and "start again" in line
    assert nothing_half_written(tmp_path) and not (tmp_path / "_complete.json").exists()
    run = annotate_partitions(str(corpus), tmp_path, layers="surface")
    assert run.done_before > 0 and written(tmp_path) == wanted


GREEDY = """
import os, signal, time
import pressframes.annotate as module
made = module.annotate
def annotate(articles, *arguments, **options):
    if any("{word}" in article.text for article in articles):
        {fault}
    return made(articles, *arguments, **options)
module.annotate = annotate
"""


@pytest.fixture
def greedy(tmp_path, monkeypatch):
    """Return a function that lets every process begun from now on do something else at articles that hold a word."""

    def set_up(word, fault):
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "sitecustomize.py").write_text(GREEDY.format(word=word, fault=fault))
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), str(ROOT), os.environ.get("PYTHONPATH", "")]))

    return set_up


def short_corpus(folder, kind="parquet"):
    texts = [f"The weather in town {i} was fine, and the streets were full of people. " * 3 + "The miller stayed." * (i == 7) for i in range(12)]  # nothing to parse: workers start quickly
    if kind == "study":
        return write_study(folder / "study", {(f"{i:02d}", "AB"[i % 2]): text for i, text in enumerate(texts)})
    pd.DataFrame({"article_id": [f"{i:02d}" for i in range(12)], "outlet": "Paper", "text": texts}).to_parquet(folder / "corpus.parquet", row_group_size=6)
    return folder / "corpus.parquet"


@pytest.mark.parametrize("kind", ["parquet", "study"])
def test_an_article_that_kills_its_worker_is_set_aside(tmp_path, greedy, kind):
    """As the system does when memory is short."""
    corpus = short_corpus(tmp_path, kind)
    greedy("miller", "os.kill(os.getpid(), signal.SIGKILL)")
    run = annotate_partitions(str(corpus), tmp_path / "out", engine="processes", workers=2)
    aside = pd.read_parquet(tmp_path / "out" / "set_aside").values.tolist()
    assert run.articles == 11 and aside == [["07", "2 workers died at it (memory, or a fault of a library)"]]
    assert pd.read_parquet(tmp_path / "out" / "articles")["article_id"].tolist() == [f"{i:02d}" for i in range(12) if i != 7]


def test_a_worker_out_of_memory_is_ended_by_dask_and_its_article_set_aside(tmp_path, greedy):
    distributed = pytest.importorskip("distributed")
    corpus = short_corpus(tmp_path)
    greedy("miller", "held = [(bytearray(os.urandom(1) * (20 << 20)), time.sleep(0.02)) for _ in range(200)]")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, memory_limit="700MB", dashboard_address=":0", silence_logs=50) as cluster:
        run = annotate_partitions(str(corpus), tmp_path / "out", engine="dask", scheduler=cluster.scheduler_address)
    aside = pd.read_parquet(tmp_path / "out" / "set_aside").values.tolist()
    assert run.articles == 11 and aside == [["07", "2 workers died at it (memory, or a fault of a library)"]]


def test_workers_that_die_everywhere_end_the_run_with_one_line(tmp_path, greedy, monkeypatch):
    corpus = short_corpus(tmp_path)
    monkeypatch.setattr(engines, "MOST_ATTEMPTS", 2)
    greedy("weather", "os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(WorkError, match=r"part-00000\d: workers died 2 times at it; give each more memory"):
        annotate_partitions(str(corpus), tmp_path / "out", engine="processes", workers=1)
    assert not (tmp_path / "out" / "_complete.json").exists()


@pytest.mark.parametrize("engine", ["local", "processes"])
def test_a_damaged_parquet_file(corpus, tmp_path, engine):
    """Damage within a page shows only when it is read: the run ends with one line, what was done is kept, and the mended file ends it."""
    table = pq.read_table(corpus).slice(0, 12)
    damaged = tmp_path / "in" / corpus.name
    damaged.parent.mkdir()
    pq.write_table(table, damaged, row_group_size=1, compression="zstd", write_page_checksum=True)
    sound = damaged.read_bytes()
    annotate_partitions(str(damaged), tmp_path / "sound", layers="surface")
    group = pq.read_metadata(damaged).row_group(8).column(3)
    data = bytearray(sound)
    data[group.data_page_offset + group.total_compressed_size - 20] ^= 0xFF
    damaged.write_bytes(data)
    with pytest.raises(InputError, match=r"corpus\.parquet: damaged \(.*\); replace it, or take it away, and run again: what is done is kept"):
        annotate_partitions(str(damaged), tmp_path / "out", engine=engine, layers="surface")
    assert nothing_half_written(tmp_path / "out") and not (tmp_path / "out" / "_complete.json").exists()
    damaged.write_bytes(sound)
    annotate_partitions(str(damaged), tmp_path / "out", layers="surface")
    assert written(tmp_path / "out") == written(tmp_path / "sound")


def test_a_text_of_50_mb_in_one_line(tmp_path):
    """In a process of its own: what it takes at most does not grow with the text."""
    sentence = "Russia attacked the town, an official said, and the peacekeepers left it on Monday. "
    text = sentence * (50_000_000 // len(sentence))
    pq.write_table(pa.table({"article_id": ["long", "short"], "outlet": ["a", "b"], "text": [text, "Russia left."]}), tmp_path / "corpus.parquet")
    run = annotate_partitions(str(tmp_path / "corpus.parquet"), tmp_path / "out", engine="processes", workers=1, layers="surface")
    words = len(tokenise(sentence))
    assert run.words == words * (len(text) // len(sentence)) + 2
    merged = pd.read_parquet(tmp_path / "out" / "merged" / "term_counts.parquet").set_index(["group", "term"])["n"]
    assert merged["a", "peacekeepers"] == len(text) // len(sentence) and merged["a", "the"] == 2 * len(text) // len(sentence)


def test_a_long_line_with_all_layers(tmp_path):
    sentences = [f"The town of {i} has {i + 3} streets and a square. " for i in range(9000)]
    text = "".join(sentences)
    assert len(text) > 2 * partitions.BLOCK
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "long.txt").write_text(text, encoding="utf-8")
    annotate_partitions(str(tmp_path / "in"), tmp_path / "out")
    tokens = pd.read_parquet(tmp_path / "out" / "tokens")
    assert list(zip(tokens["start"], tokens["text"])) == [(token.start, token.text) for token in tokenise(text)]
    assert tokens["token_id"].tolist() == list(range(len(tokens))) and np.all(np.diff(tokens["sentence_id"]) >= 0) and tokens["sentence_id"].max() == 8999


@pytest.mark.parametrize("layers", runs.LAYERS)
def test_a_partition_without_an_article(tmp_path, layers):
    (tmp_path / "in").mkdir()
    schema = pa.schema({"article_id": pa.string(), "outlet": pa.string(), "text": pa.string()})
    pq.write_table(pa.table({"article_id": ["a"], "outlet": ["x"], "text": [None]}, schema=schema), tmp_path / "in" / "1.parquet")
    pq.write_table(schema.empty_table(), tmp_path / "in" / "2.parquet")
    pq.write_table(pa.table({"article_id": ["b"], "outlet": ["x"], "text": ["Russia left the town."]}, schema=schema), tmp_path / "in" / "3.parquet")
    run = annotate_partitions(str(tmp_path / "in"), tmp_path / "out", layers=layers)
    assert (run.partitions, run.articles, run.set_aside) == (2, 1, 1)
    assert pd.read_parquet(tmp_path / "out" / "articles")["article_id"].tolist() == ["b"]
    assert pq.read_metadata(tmp_path / "out" / "articles" / "part-000000.parquet").num_rows == 0


def test_two_runs_on_one_output(corpus, wanted, tmp_path, processes):
    processes.append(command(corpus, "--out", tmp_path, "--engine", "local", "--layers", "surface"))
    until(lambda: (tmp_path / "_run.json").exists())
    second = command(corpus, "--out", tmp_path, "--engine", "local", "--layers", "surface")
    processes.append(second)
    with pytest.raises(InputError, match="another run is writing there; wait for it, or choose another --out"):
        annotate_partitions(str(corpus), tmp_path, layers="surface")
    assert "another run is writing there" in said(second) and second.returncode == 2
    assert processes[0].wait(timeout=60) == 0 and written(tmp_path) == wanted


def test_a_worker_of_a_former_run_writes_nothing_more(corpus, wanted, tmp_path):
    """As on a cluster whose client died: its workers go on with what they have in hand."""

    class Late(engines.Local):
        def map(self, job, function, items):
            self.job, items = job, list(items)
            if function is jobs.count_partition:
                self.item = items[0]
            yield from super().map(job, function, items)

    late = Late()
    annotate_partitions(str(corpus), tmp_path, engine=late, layers="surface")
    shutil.rmtree(tmp_path / "_done")
    annotate_partitions(str(corpus), tmp_path, layers="surface")
    with pytest.raises(WorkError, match="another run has begun there"):
        jobs.count_partition(late.job, late.item)
    assert written(tmp_path) == wanted
