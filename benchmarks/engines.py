"""Two workers against one process, by process pool and by Dask on this machine, interleaved: time once started, and memory at the peak.

    python benchmarks/engines.py --corpus FILE.parquet                  500 MB of words alone, 4 MB with all layers, five rounds
    python benchmarks/engines.py --corpus FILE.parquet --rounds 1 --surface 64 --all 0 --out FILE.json

The corpus (Parquet, column `text`; the articles of seeds/ where none is given) is repeated with its sentences shuffled up to the sizes asked for. Each run is a process of its own:
it starts its engine, annotates a small corpus so that every worker has loaded what it needs, and then the large one, which alone is timed.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from importlib import metadata
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from pressframes import engines
from pressframes.layers.sentences import split_sentences

ROOT = Path(__file__).parents[1]
WANTED = {"surface": 1.6, "all": 1.7}
MOST_MEGABYTES = 1000
SIDES = (("local", None), ("processes", 2), ("dask", 2))


def write_corpus(texts: list[str], file: Path, megabytes: float, *, seed: int = 0) -> int:
    """Write the texts over and over, their sentences shuffled among all, up to a size; return the number of articles."""
    sentences = [text[start:end] for text in texts for paragraph in [text] for start, end in split_sentences(paragraph, 0, len(paragraph))]
    lengths, draw, number, size = [max(1, len(split_sentences(text, 0, len(text)))) for text in texts], random.Random(seed), 0, 0
    schema = pa.schema({"article_id": pa.string(), "group": pa.string(), "outlet": pa.string(), "text": pa.string()})
    with pq.ParquetWriter(file, schema) as writer:
        while size < megabytes * 1e6:
            draw.shuffle(sentences)
            at, rows = 0, []
            for length in lengths:
                rows.append((f"{number:08d}", f"group {number % 5}", f"outlet {number % 50}", " ".join(sentences[at : at + length])))
                at, number, size = at + length, number + 1, size + len(rows[-1][-1].encode())
                if size >= megabytes * 1e6:
                    break
            writer.write_table(pa.table(list(map(list, zip(*rows))), schema=schema))
    return number


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
            whole, engines.PARTITION_BYTES = engines.PARTITION_BYTES, dict.fromkeys(engines.LAYERS, 2000)
            engines.annotate_partitions(str(folder / "small.parquet"), Path(out) / "small", engine=started, layers=layers)
            engines.PARTITION_BYTES = whole
            ready = time.perf_counter()
            memory.start()
            run = engines.annotate_partitions(str(folder / f"{layers}.parquet"), Path(out) / "large", engine=started, layers=layers)
            seconds = time.perf_counter() - ready
            memory.over.set()
        size = sum(file.stat().st_size for file in (Path(out) / "large").rglob("*.parquet"))
        checksum = {file.parent.name + "/" + file.name: json.loads(file.read_text())["files"] for file in sorted((Path(out) / "large" / "_done").glob("*.json"))}
    return {"engine": engine, "seconds": seconds, "start": ready - begun, "megabytes": memory.most, "worker": memory.worker, "words": run.words, "articles": run.articles, "partitions": run.partitions, "written": size, "files": hash(json.dumps(checksum, sort_keys=True))}


def measured(folder: Path, layers: str, rounds: int) -> tuple[list[dict], bool]:
    """Run all engines in turn and print medians; tell whether every bound holds."""
    runs = []
    for _ in range(rounds):
        for engine, workers in SIDES:
            told = subprocess.run([sys.executable, __file__, "--once", engine, str(workers or 0), layers, str(folder)], check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": "0"})
            runs.append({"layers": layers, **json.loads(told.stdout.splitlines()[-1])})
    middle = lambda engine, key: statistics.median(run[key] for run in runs if run["engine"] == engine)
    of = lambda engine: np.array([run["seconds"] for run in runs if run["engine"] == engine])
    size = (folder / f"{layers}.parquet").stat().st_size
    megabytes = sum(pq.read_metadata(folder / f"{layers}.parquet").row_group(i).column(3).total_uncompressed_size for i in range(pq.read_metadata(folder / f"{layers}.parquet").num_row_groups)) / 1e6
    words, same, held = runs[0]["words"], len({run["files"] for run in runs}) == 1, True
    print(f"\n{layers}: {runs[0]['articles']:,} articles, {words:,} words, {megabytes:,.0f} MB of text ({size / 1e6:,.0f} MB on disk), {runs[0]['partitions']} partitions; {'the same bytes by all' if same else 'THE BYTES DIFFER'}")
    print(f"{'engine':<12} {'s':>8} {'MB/s':>7} {'words/s':>10} {'against one':>12} {'peak MB':>8} {'largest':>8} {'start s':>8} {'bytes written a word':>21}")
    for engine, _ in SIDES:
        ratio = float(np.median(of("local") / of(engine)))
        print(f"{engine:<12} {middle(engine, 'seconds'):8.1f} {megabytes / middle(engine, 'seconds'):7.2f} {words / middle(engine, 'seconds'):10,.0f} {ratio:12.2f} {middle(engine, 'megabytes'):8.0f} {middle(engine, 'worker'):8.0f} {middle(engine, 'start'):8.1f} {middle(engine, 'written') / words:21.2f}", flush=True)
        held &= engine == "local" or (ratio >= WANTED[layers] and middle(engine, "megabytes") <= MOST_MEGABYTES)
    return runs, held and same


def main() -> int:
    """Measure and print; 0 if every bound holds."""
    if sys.argv[1:2] == ["--once"]:
        engine, workers, layers, folder = sys.argv[2:]
        print(json.dumps(once(engine, int(workers) or None, layers, Path(folder))))
        return 0
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", type=Path)
    options.add_argument("--rounds", type=int, default=int(os.environ.get("RUNS", "5")))
    options.add_argument("--surface", type=float, default=500, help="MB counted by words alone; 0: none")
    options.add_argument("--all", type=float, default=4, help="MB annotated with all layers; 0: none")
    options.add_argument("--out", type=Path, help="store all runs as JSON")
    given = options.parse_args()
    texts = pq.read_table(given.corpus, columns=["text"])["text"].to_pylist() if given.corpus else [file.read_text(encoding="utf-8") for file in sorted((ROOT / "seeds").glob("0*.txt"))]
    versions = {name: metadata.version(name) for name in ("pressframes", "dask", "distributed", "pyarrow", "pandas", "spacy")}
    print(f"{os.cpu_count()} processors, Python {platform.python_version()}, {', '.join(f'{name} {version}' for name, version in versions.items())}; {given.rounds} rounds, wanted: {WANTED}, at most {MOST_MEGABYTES} MB")
    runs, held = [], True
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(texts, Path(folder) / "small.parquet", 0.02)
        for layers, megabytes in (("surface", given.surface), ("all", given.all)):
            if megabytes:
                write_corpus(texts, Path(folder) / f"{layers}.parquet", megabytes)
                more, holds = measured(Path(folder), layers, given.rounds)
                runs, held = runs + more, held and holds
    if given.out:
        given.out.write_text(json.dumps({"date": date.today().isoformat(), "machine": f"{os.cpu_count()} processors, {platform.platform()}", "versions": versions, "runs": runs}, indent=1) + "\n", encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
