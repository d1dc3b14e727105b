"""The count path beside its peers: tokens, lexicon, keyness, collocates, concordance, bootstrap, five articles, growth. README.md beside this file tells how.

    make bench                                       all benchmarks; the peers are installed once
    python benchmarks/counts.py                      this one alone; stores counts.json and draws counts.png
    RUNS=1 python benchmarks/counts.py --most 64     a quick look, nothing is stored
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

import corpora
import tables
from pressframes.scale import LARGE
from tables import RUNS

HERE = Path(__file__).parent
MEGABYTES, GROWTH = 16, (1, 4, 16, 64, 128, 256, 1000)
STARTED = ("count", "lexicon", "both")
"""Work whose fresh processes are started three times; others, and those of slow peers, are started once."""
SETTLED = 1.0
"""Seconds of work after which a process is taken to have its memory and caches; three calls at most."""
SLOW, SLOW_TURNS = ("spacy", "conc"), 3
"""Peers that take many seconds for a call are asked so many times."""

COUNT, LEXICON = "tokenise and count by group, offsets kept", "lexicon of 7,000 forms with offsets, tokenising included"
ROWS = [  # work, ours, (peer, its task, ours is at least so many times as fast), ...
    (COUNT, "count", ("polars", "count", 2.5), ("scikit-learn", "count", 8), ("wc", "count", 1 / 2.2)),
    (COUNT, "count", ("spacy", "count", 30), ("conc", "count", 30)),
    (LEXICON, "lexicon", ("hyperscan", "lexicon", 1.7), ("daachorse", "lexicon", 1.7), ("ahocorasick_rs", "lexicon", 1.7), ("daachorse", "lexicon_blanks", None)),
    (LEXICON, "lexicon", ("spacy", "lexicon", 30)),
    ("counts and lexicon together", "both", ("wc", "count", 1 / 3.5)),
    ("keyness over the vocabulary, warm", "keyness", ("conc", "keyness", 10)),
    ("collocates of a word, 5 words to either side, warm", "collocates", ("conc", "collocates", 10)),
    ("concordance, first 100 lines, warm", "concordance", ("conc", "concordance", 5)),
    ("2,000 resamples of articles, a table of 5 rates", "bootstrap", ("scipy", "bootstrap", 20), ("scipy", "bootstrap_by_outlet", None)),
]
COLD = """
import pathlib
from pressframes.columns import count, encode
from pressframes.search import compile_lexicon, find
texts = [file.read_text(encoding="utf-8") for file in sorted(pathlib.Path("seeds").glob("0*.txt"))]
columns = encode(texts)
count(columns, list("ABCAB"))
find(columns, compile_lexicon([("Russia", 1), ("peacekeepers", 2), ("United States", 3)]), texts)
"""


def write_corpora(given: argparse.Namespace, folder: Path, most: int) -> str:
    """Write what the tasks read, and tell what it is: the texts as they are, then shuffled ones; two halves of these; what is looked for; shuffled ones alone, for growth."""
    frame, called = corpora.read(given)
    whole = corpora.repeated(frame, MEGABYTES)
    whole["half"] = np.where(np.arange(len(whole)) % 2, "a", "b")
    whole.to_parquet(folder / "corpus.parquet")
    for name in ("", "a", "b"):
        (whole[whole["half"] == name] if name else whole).to_csv(folder / f"corpus{name}.csv", index=False)
    (folder / "corpus.txt").write_text("\n".join(whole["text"]), encoding="utf-8")
    forms = lexicon(frame["text"])
    (folder / "forms.txt").write_text("\n".join(forms), encoding="utf-8")
    corpora.write_shuffled(frame, folder / "growth.parquet", most)
    size = lambda texts: f"{texts.str.encode('utf-8').str.len().sum() / 1e6:.1f} MB"
    return (f"{len(frame):,} articles of {called} ({size(frame['text'])}), then articles of their sentences shuffled, {len(whole):,} articles and {size(whole['text'])} in all in {whole['group'].nunique()} groups, "
            f"{100 * (~whole['text'].map(str.isascii)).mean():.0f} % of them with characters beyond ASCII; {len(forms):,} forms")  # fmt: skip


def lexicon(texts) -> list[str]:
    """The opinion list, the aliases of three targets, and the 200 pairs of content words that the texts use most."""
    from pressframes.lexicon import read_targets
    from pressframes.tokens import FUNCTION_WORDS, tokenise

    with (HERE.parent / "lexicons" / "opinion.csv").open(encoding="utf-8", newline="") as file:
        opinion = [row["entry"] for row in csv.DictReader(file)]
    targets = read_targets(HERE.parent / "lexicons" / "targets.toml", ["russia", "us", "peacekeepers"]).targets
    aliases = [alias for target in targets for kind, names in target.aliases if kind != "not" for alias in names]
    pairs = Counter()
    for text in texts:
        words = [token.norm for token in tokenise(text)]
        pairs.update(pair for pair in zip(words, words[1:]) if not FUNCTION_WORDS.intersection(pair) and all(map(str.isalpha, pair)))
    return list(dict.fromkeys([*opinion, *aliases, *(" ".join(pair) for pair, _ in pairs.most_common(200))]))


class Tools:
    """Starts processes, each for one task of one tool; a tool that is not installed is told once and left out."""

    def __init__(self, options, folder: Path):
        self._python = {"ours": sys.executable, "scipy": sys.executable, "conc": options.conc}
        self._peers, self._folder, self.versions, self.missing = options.peers, folder, {}, {}

    def start(self, tool: str, task: str) -> "Process | None":
        if tool in self.missing:
            return None
        command = [self._python.get(tool, self._peers), HERE / "count_workers.py", tool, task, self._folder]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent) if tool == "ours" else "", **dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")}
        try:
            process = Process(list(map(str, command)), environment)
        except OSError as error:
            self.missing[tool] = str(error)
            return None
        if process.first is None:
            self.missing[tool] = process.stop()
            return None
        self.versions |= process.first["versions"]
        return process

    def run(self, task: str) -> dict:
        """What our task took in a fresh process."""
        if (process := self.start("ours", task)) is None:
            sys.exit(f"{task}: {self.missing['ours']}")
        process.stop()
        return process.first


class Process:
    """A process that does its work when it starts (`first`) and each time it is asked."""

    def __init__(self, command: list[str], environment: dict):
        self._faults = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._faults, text=True, env=environment)
        self.first = self._told()

    def again(self) -> dict:
        self._process.stdin.write("again\n")
        self._process.stdin.flush()
        return self._told()

    def settle(self) -> None:
        seconds = self.first["seconds"]
        for _ in range(2):
            if seconds < SETTLED:
                seconds += self.again()["seconds"]

    def _told(self) -> dict | None:
        line = next((line for line in self._process.stdout if line.startswith('{"seconds"')), None)
        return line and json.loads(line)

    def stop(self) -> str:
        """End the process; the last line of what it complained of."""
        self._process.communicate()
        self._faults.seek(0)
        return (self._faults.read().strip().splitlines() or ["no reason told"])[-1]


def beside(tools: Tools) -> list[dict]:
    """Print the table of work beside peers; return its rows."""
    print(tables.table(tables.COUNTS_HEAD, []), flush=True)
    rows = []
    for work, task, *peers in ROWS:
        sides = [("ours", task), *((tool, its) for tool, its, _ in peers)]
        slow = any(tool in SLOW for tool, _ in sides)
        starts = min(RUNS, 3) if task in STARTED and not slow else 1
        firsts = []
        for number in range(1, starts + 1):
            processes = [tools.start(*side) for side in sides]
            firsts.append([process and process.first for process in processes])
            if processes[0] is None:
                sys.exit(f"{task}: {tools.missing['ours']}")
            if number < starts:
                [process.stop() for process in processes if process]
        [process.settle() for process in processes if process]
        turns = [[process and process.again() for process in processes] for _ in range(min(RUNS, SLOW_TURNS) if slow else RUNS)]
        [process.stop() for process in processes if process]
        for column, (tool, its, least) in enumerate(peers, start=1):
            if turns[0][column] is None:
                print(f"| {work} | – | {tool}: not measured | – | – | – |", flush=True)
                continue
            ratio = lambda runs, kind: statistics.median(run[column][kind] / run[0][kind] for run in runs)
            mine, theirs = ({"seconds": statistics.median(run[side]["seconds"] for run in turns), "megabytes": turns[-1][side]["megabytes"], "found": turns[-1][side]["found"]} for side in (0, column))
            rows.append({"work": work, "task": task, "peer": tool, "peer_task": its, "least": least, "warm": ratio(turns, "seconds"), "warm_cpu": ratio(turns, "cpu"), "fresh": ratio(firsts, "seconds"), "fresh_cpu": ratio(firsts, "cpu"),
                         "ours": mine, "theirs": theirs, "turns": [[run[0]["seconds"], run[column]["seconds"]] for run in turns], "starts": [[run[0]["seconds"], run[column]["seconds"]] for run in firsts]})  # fmt: skip
            print(tables.counts_row(rows[-1]), flush=True)
    return rows


def five_articles(tools: Tools) -> dict:
    """Print what five articles take: a fresh process against `import pandas`, and warm."""
    import time

    def wall(code: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE.parent, env={**os.environ, "PYTHONPATH": str(HERE.parent)})
        return time.perf_counter() - begin

    wall(COLD)
    cold = [(wall(COLD), wall("import pandas")) for _ in range(max(RUNS, 5) if RUNS > 1 else 1)]
    process = tools.start("ours", "five")
    process.settle()
    warm = statistics.median(process.again()["seconds"] for _ in range(4 * RUNS))
    process.stop()
    five = {"cold": cold, "ratio": statistics.median(mine / theirs for mine, theirs in cold), "warm": warm}
    print(*tables.five_rows(five), "", sep="\n", flush=True)
    return five


def stages(tools: Tools) -> dict[str, float]:
    """Print and return processor seconds of each step, the medians of warm turns."""
    process = tools.start("ours", "stages")
    process.settle()
    turns = [process.again()["stages"] for _ in range(RUNS)]
    process.stop()
    found = {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}
    print(tables.table(tables.STAGES_HEAD, tables.stage_rows(found)), "", sep="\n", flush=True)
    return found


def growth(tools: Tools, most: int) -> dict:
    """Print time, disk and memory by megabytes, and the exponents of a straight line through their logarithms."""
    found = []
    print(tables.table(tables.GROWTH_HEAD, []), flush=True)
    for size in [size for size in GROWTH if size <= most]:
        runs = [tools.run(f"growth{size}") for _ in range(min(RUNS, 3))]
        found.append({key: statistics.median(run[key] for run in runs) for key in ("seconds", "cpu", "disk", "megabytes", "bytes")})
        print(tables.growth_row(found[-1]), flush=True)
    size = np.log([one["bytes"] for one in found])
    grown = {"sizes": found, "exponents": {key: np.polyfit(size, np.log([one[key] for one in found]), 1)[0] for key in ("seconds", "cpu", "disk")}}
    print(f"\n{tables.exponents(grown)}\n", flush=True)
    return grown


def flat(grown: dict) -> bool:
    """Whether memory at the peak stays within a tenth from 100 MB on."""
    large = [one["megabytes"] for one in grown["sizes"] if one["bytes"] >= LARGE]
    return not large or max(large) <= 1.1 * min(large)


def draw(rows: list[dict], file: Path) -> None:
    """Draw how many times as fast each work is as each peer, and what must be reached."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator

    rows = rows[::-1]
    figure = Figure(figsize=(9, 0.36 * len(rows) + 1.1), layout="constrained")
    axes, y = figure.subplots(), np.arange(len(rows))
    must = [(at, row["least"]) for at, row in enumerate(rows) if row["least"]]
    axes.hlines(y, 1, [row["warm"] for row in rows], color="#9aa5b1", linewidth=1)
    axes.plot([row["warm"] for row in rows], y, "o", color="#1f4e79", label="warm, median of pairs")
    axes.plot([row["fresh"] for row in rows], y, "o", mfc="none", color="#1f4e79", label="first call of a fresh process")
    axes.plot([least for _, least in must], [at for at, _ in must], "|", markersize=13, markeredgewidth=2, color="#b5442e", label="must be reached, warm")
    axes.set_yticks(y, [" beside ".join((row["task"], row["peer"] + ", blanks" * (row["peer_task"] == "lexicon_blanks") + ", by outlet" * (row["peer_task"] == "bootstrap_by_outlet"))) for row in rows], fontsize=8)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.axvline(1, color="#333333", linewidth=0.8)
    axes.set_xlabel("times as fast as the peer")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=120)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    corpora.add_options(options)
    options.add_argument("--peers", default=str(HERE / ".venv-counts" / "bin" / "python"), help="Python with the peers (requirements-counts.txt)")
    options.add_argument("--conc", default=str(HERE / ".venv-conc" / "bin" / "python"), help="Python with Conc (requirements-conc.txt)")
    options.add_argument("--most", type=int, default=GROWTH[-1] if RUNS > 1 else 64, help="megabytes that growth ends at")
    options = options.parse_args()
    print(f"processes that stay, asked in turn, {RUNS} times ({min(RUNS, SLOW_TURNS)} beside {' and '.join(SLOW)}), medians, one thread each; imports, reading and compiling of forms left out")
    with tempfile.TemporaryDirectory() as folder:
        corpus = write_corpora(options, Path(folder), options.most)
        print(f"corpus: {corpus}\n")
        tools = Tools(options, Path(folder))
        rows, five, steps, grown = beside(tools), five_articles(tools), stages(tools), growth(tools, options.most)
    for tool, why in tools.missing.items():
        print(f"not measured: {tool} ({why})")
    print(tables.not_held(rows))
    tables.store("counts", versions=tools.versions, missing=tools.missing, corpus=corpus, rows=rows, five=five, stages=steps, growth=grown)
    if RUNS > 1:
        draw(rows, HERE / "counts.png")
    held = [*(row["least"] is None or row["warm"] >= row["least"] for row in rows), five["ratio"] <= 1.3, five["warm"] <= 0.005, flat(grown), max(grown["exponents"]["seconds"], grown["exponents"]["disk"]) <= 1.05]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
