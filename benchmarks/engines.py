"""Two workers against one process, by process pool and by Dask on this machine, interleaved: time once started, and memory at the peak.

    make bench                                                        all benchmarks
    python benchmarks/engines.py                                      this one alone: 500 MB of words alone, 4 MB with all layers, five and three rounds; stores engines.json
    RUNS=1 python benchmarks/engines.py                               a quick look at 128 and 2 MB, nothing is stored; less is too few partitions to share

The corpus is repeated with its sentences shuffled up to the sizes asked for. Each run is a process of its own: it starts its engine, annotates a small corpus so that every worker has
loaded what it needs, and then the large one, which alone is timed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from importlib import metadata
from pathlib import Path

import psutil

import corpora
import tables
from tables import RUNS

from pressframes import engines
from pressframes.runs import annotate_partitions
from pressframes.scale import MOST_MEGABYTES, engine_rows

WANTED = {"surface": 1.6, "all": 1.7}
SIDES = (("local", None), ("processes", 2), ("dask", 2))


class Memory(threading.Thread):
    """The most that this process and its workers hold together, in MB: what they share counts once (PSS) where the system tells it, else RSS."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.worker, self.over = 0.0, 0.0, threading.Event()

    def run(self):
        while not self.over.wait(0.2):
            here, held = psutil.Process(), []
            for process in (here, *here.children(recursive=True)):
                try:
                    told = process.memory_full_info()
                    held.append(getattr(told, "pss", told.rss) / 1e6)
                except psutil.Error:
                    pass
            self.most, self.worker = max(self.most, sum(held)), max(self.worker, *held)


def once(engine: str, workers: int | None, layers: str, folder: Path) -> dict:
    """Annotate with a fresh engine; what is timed begins when its workers have done a small corpus."""
    memory = Memory()
    with tempfile.TemporaryDirectory(dir=folder) as out:
        begun = time.perf_counter()
        with engines.start(engine, workers=workers) as started:
            annotate_partitions(str(folder / "small.parquet"), Path(out) / "small", engine=started, layers=layers, size=2000)
            ready = time.perf_counter()
            memory.start()
            run = annotate_partitions(str(folder / f"{layers}.parquet"), Path(out) / "large", engine=started, layers=layers)
            seconds = time.perf_counter() - ready
            memory.over.set()
        size = sum(file.stat().st_size for file in (Path(out) / "large").rglob("*.parquet"))
        checksum = {file.parent.name + "/" + file.name: json.loads(file.read_text())["files"] for file in sorted((Path(out) / "large" / "_done").glob("*.json"))}
    return {"engine": engine, "seconds": seconds, "start": ready - begun, "megabytes": memory.most, "worker": memory.worker, "words": run.words, "articles": run.articles, "partitions": run.partitions, "written": size, "files": hash(json.dumps(checksum, sort_keys=True))}


def measured(folder: Path, layers: str, rounds: int) -> list[dict]:
    """Run all engines in turn, so many rounds."""
    runs, size = [], corpora.size(folder / f"{layers}.parquet")
    for _ in range(rounds):
        for engine, workers in SIDES:
            told = subprocess.run([sys.executable, __file__, "--once", engine, str(workers or 0), layers, str(folder)], check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": "0"})
            runs.append({"layers": layers, "text": size, **json.loads(told.stdout.splitlines()[-1])})
    return runs


def main() -> int:
    """Measure and print; 0 if every bound holds."""
    if sys.argv[1:2] == ["--once"]:
        engine, workers, layers, folder = sys.argv[2:]
        print(json.dumps(once(engine, int(workers) or None, layers, Path(folder))))
        return 0
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    corpora.add_options(options)
    options.add_argument("--surface", type=float, default=500 if RUNS > 1 else 128, help="MB counted by words alone; 0: none")
    options.add_argument("--all", type=float, default=4 if RUNS > 1 else 2, help="MB annotated with all layers; 0: none")
    given = options.parse_args()
    frame, called = corpora.read(given)
    runs = []
    print(tables.table(tables.ENGINES_HEAD, []), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        corpora.write_shuffled(frame, Path(folder) / "small.parquet", 0.02)
        for layers in WANTED:
            if megabytes := vars(given)[layers]:
                corpora.write_shuffled(frame, Path(folder) / f"{layers}.parquet", megabytes)
                more = measured(Path(folder), layers, RUNS if layers == "surface" else min(RUNS, 3))
                print(*(tables.engine_row(row, WANTED[layers]) for row in engine_rows(more).to_dict("records")), sep="\n", flush=True)
                runs += more
    rows = engine_rows(runs).to_dict("records")
    same = all(len({run["files"] for run in runs if run["layers"] == layers}) == 1 for layers in {run["layers"] for run in runs})
    print("the same bytes by all engines" if same else "THE BYTES DIFFER")
    tables.store("engines", versions={name: metadata.version(name) for name in ("pressframes", "dask", "distributed", "pyarrow", "pandas", "spacy")}, corpus=called, wanted=WANTED, same=same, turns=runs)
    return 0 if same and all(row["engine"] == "local" or row["ratio"] >= WANTED[row["layers"]] and row["megabytes"] <= MOST_MEGABYTES for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
