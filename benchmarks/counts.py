"""The count path beside its peers: tokens, lexicon, keyness, collocates, concordance, bootstrap, five articles, growth. README.md beside this file tells how.

    python benchmarks/counts.py --corpus FILE [--corpus FILE ...]     CSV or Parquet; --text and --outlet name the columns
    RUNS=1 python benchmarks/counts.py ...                            a quick look
    python benchmarks/counts.py ... --out counts.json                 stores every run, with the date and the machine, and draws counts.png beside it
"""

import argparse
import csv
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
RUNS = int(os.environ.get("RUNS", "5"))
MEGABYTES, SLICE, GROWTH = 16, 2, (1, 4, 16, 64, 128, 256)
STARTED = ("count", "lexicon", "both")
"""Work whose fresh processes are started three times; others are started once."""
SETTLED = 1.0
"""Seconds of work after which a process is taken to have its memory and caches; three calls at most."""
CONC = "conc"

ROWS = [  # work, ours, (peer, its task, ours is at least so many times as fast), ...
    ("tokenise and count by outlet, offsets kept", "count", ("polars", "count", 2.5), ("scikit-learn", "count", 8), ("wc", "count", 1 / 2.2)),
    ("the same on the slice", "slice_count", ("spacy", "slice_count", 30), (CONC, "slice_count", 30)),
    ("lexicon of 7,000 forms with offsets, tokenising included", "lexicon", ("hyperscan", "lexicon", 1.7), ("daachorse", "lexicon", 1.7), ("ahocorasick_rs", "lexicon", 1.7), ("daachorse", "lexicon_blanks", None)),
    ("the same on the slice", "slice_lexicon", ("spacy", "slice_lexicon", 30)),
    ("counts and lexicon together", "both", ("wc", "count", 1 / 3.5)),
    ("keyness over the vocabulary, warm, on the slice", "slice_keyness", (CONC, "slice_keyness", 10)),
    ("collocates of a word, 5 words to either side, warm", "collocates", (CONC, "collocates", 10)),
    ("concordance, first 100 lines, warm", "concordance", (CONC, "concordance", 5)),
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


def corpora(options, folder: Path) -> None:
    """Write what the tasks read: the texts as they are, then as many again of sentences drawn from all of them; a slice; what is looked for."""
    read = [pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file) for file in options.corpus]
    frame = pd.concat([part[[options.text, options.outlet]].set_axis(["text", "outlet"], axis=1) for part in read]).fillna("").astype(str).reset_index(drop=True)
    sentences, rng = [re.split(r"(?<=[.!?])\s+", text) for text in frame["text"]], random.Random(0)
    pool, rows, size = [sentence for text in sentences for sentence in text], [], 0
    while size < MEGABYTES * 1e6:
        for text, outlet, own in zip(frame["text"], frame["outlet"], sentences):
            rows.append((text if len(rows) < len(frame) else " ".join(rng.choices(pool, k=len(own))), outlet))
            size += len(rows[-1][0].encode())
            if size >= MEGABYTES * 1e6:
                break
    whole = pd.DataFrame(rows, columns=["text", "outlet"])
    whole.to_parquet(folder / "corpus.parquet")
    whole.to_csv(folder / "corpus.csv", index=False)
    (folder / "corpus.txt").write_text("\n".join(whole["text"]), encoding="utf-8")
    part = whole.sample(frac=SLICE / MEGABYTES, random_state=0, ignore_index=True)
    part["outlet"] = np.where(np.arange(len(part)) % 2, "a", "b")
    part.to_parquet(folder / "slice.parquet")
    for name in ("", "a", "b"):
        (part[part["outlet"] == name] if name else part).to_csv(folder / f"slice{name}.csv", index=False)
    forms = lexicon(frame["text"])
    (folder / "forms.txt").write_text("\n".join(forms), encoding="utf-8")
    print(f"corpus: {len(frame):,} articles of {', '.join(file.name for file in options.corpus)} ({frame['text'].str.encode('utf-8').str.len().sum() / 1e6:.1f} MB), then articles of sentences "
          f"drawn from all of them, {len(whole):,} articles and {size / 1e6:.1f} MB in all, {100 * (~whole['text'].map(str.isascii)).mean():.0f} % of them with characters beyond ASCII; slice: {SLICE} MB; {len(forms):,} forms\n")  # fmt: skip


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
        self._python = {"ours": sys.executable, "scipy": sys.executable, CONC: options.conc}
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
    print("| work | pressframes | peer | times as fast, warm (by processor time) | first call of a fresh process | must be, warm |\n|---|---|---|---|---|---|", flush=True)
    rows = []
    for work, task, *peers in ROWS:
        sides = [("ours", task), *((tool, its) for tool, its, _ in peers)]
        starts = min(RUNS, 3) if task in STARTED else 1
        firsts = []
        for number in range(1, starts + 1):
            processes = [tools.start(*side) for side in sides]
            firsts.append([process and process.first for process in processes])
            if processes[0] is None:
                sys.exit(f"{task}: {tools.missing['ours']}")
            if number < starts:
                [process.stop() for process in processes if process]
        [process.settle() for process in processes if process]
        turns = [[process and process.again() for process in processes] for _ in range(RUNS)]
        [process.stop() for process in processes if process]
        for column, (tool, its, least) in enumerate(peers, start=1):
            if turns[0][column] is None:
                print(f"| {work} | – | {tool}: not measured | – | – | – |", flush=True)
                continue
            ratio = lambda runs, kind: statistics.median(run[column][kind] / run[0][kind] for run in runs)
            warm, cpu, fresh, fresh_cpu = ratio(turns, "seconds"), ratio(turns, "cpu"), ratio(firsts, "seconds"), ratio(firsts, "cpu")
            mine, theirs = ({"seconds": statistics.median(run[side]["seconds"] for run in turns), "megabytes": turns[-1][side]["megabytes"], "found": turns[-1][side]["found"]} for side in (0, column))
            must = "–" if least is None else f">= {least:g}" if least >= 1 else f"at most {1 / least:.1f} times its time"
            print(f"| {work} | {side(mine)} | {tool} {its.removeprefix('slice_')} {side(theirs)} | {times(warm)} ({times(cpu)}) | {times(fresh)} ({times(fresh_cpu)}) | {must} |", flush=True)
            rows.append({"work": work, "task": task, "peer": tool, "peer_task": its, "least": least, "warm": warm, "warm_cpu": cpu, "fresh": fresh, "fresh_cpu": fresh_cpu, "ours": mine, "theirs": theirs,
                         "turns": [[run[0]["seconds"], run[column]["seconds"]] for run in turns], "starts": [[run[0]["seconds"], run[column]["seconds"]] for run in firsts]})  # fmt: skip
    return rows


def side(one: dict) -> str:
    return f"{said(one['seconds'])}, {one['megabytes']:.0f} MB, {one['found']:,}"


def times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 1 else f"{1 / ratio:.2f} times its time"


def said(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


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
    ratio = statistics.median(mine / theirs for mine, theirs in cold)
    print(f"| five articles, words, counts and lexicon: fresh process | {said(statistics.median(mine for mine, _ in cold))} | import pandas {said(statistics.median(theirs for _, theirs in cold))} | – | {ratio:.2f} times its time | at most 1.3 times |")
    print(f"| five articles, warm | {said(warm)} | – | – | – | at most 5 ms |\n", flush=True)
    return {"cold": cold, "ratio": ratio, "warm": warm}


def growth(tools: Tools, most: int) -> dict:
    """Print time, disk and memory by megabytes, and the exponents of a straight line through their logarithms."""
    sizes = [size for size in GROWTH if size <= most]
    runs = [[tools.run(f"growth{size}") for size in sizes] for _ in range(min(RUNS, 3))]
    print("| text | time | processor time | columns on disk | peak memory |\n|---|---|---|---|---|")
    middle = [{key: statistics.median(run[i][key] for run in runs) for key in ("seconds", "cpu", "disk", "megabytes", "bytes")} for i in range(len(sizes))]
    for one in middle:
        print(f"| {one['bytes'] / 1e6:.0f} MB | {said(one['seconds'])} | {said(one['cpu'])} | {one['disk'] / 1e6:.1f} MB | {one['megabytes']:.0f} MB |")
    size = np.log([one["bytes"] for one in middle])
    exponents = {key: np.polyfit(size, np.log([one[key] for one in middle]), 1)[0] for key in ("seconds", "cpu", "disk")}
    large = [one["megabytes"] for one in middle if one["bytes"] >= 99e6]
    print("\nexponents: " + ", ".join(f"{key} {value:.3f}" for key, value in exponents.items()) + (f"; peak memory from 100 MB on: {min(large):.0f} to {max(large):.0f} MB" if large else "") + "\n", flush=True)
    return {"sizes": middle, "exponents": exponents, "flat": not large or max(large) <= 1.1 * min(large)}


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
    axes.set_yticks(y, [" beside ".join((row["task"].removeprefix("slice_"), row["peer"] + ", blanks" * (row["peer_task"] == "lexicon_blanks") + ", by outlet" * (row["peer_task"] == "bootstrap_by_outlet"))) for row in rows], fontsize=8)
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
    options.add_argument("--corpus", type=Path, action="append", required=True, help="CSV or Parquet; may be given several times")
    options.add_argument("--text", default="text", help="its column of texts")
    options.add_argument("--outlet", default="outlet", help="its column of outlets")
    options.add_argument("--peers", default=str(HERE / ".venv" / "bin" / "python"), help="Python with the peers (requirements.txt)")
    options.add_argument("--conc", default=str(HERE / ".conc" / "bin" / "python"), help="Python with Conc (requirements-conc.txt)")
    options.add_argument("--out", type=Path, help="store what was measured as JSON, and draw it beside that")
    options.add_argument("--most", type=int, default=GROWTH[-1], help="megabytes that growth ends at")
    options = options.parse_args()
    machine = f"{os.cpu_count()} processors, {platform.platform()}, Python {platform.python_version()}"
    print(f"{date.today()}, {machine}; processes that stay, asked in turn, {RUNS} times, medians, one thread each; imports, reading and compiling of forms left out")
    with tempfile.TemporaryDirectory() as folder:
        corpora(options, Path(folder))
        tools = Tools(options, Path(folder))
        rows, five, grown = beside(tools), five_articles(tools), growth(tools, options.most)
        print("versions: " + ", ".join(f"{name} {version}" for name, version in sorted(tools.versions.items())))
        for tool, why in tools.missing.items():
            print(f"not measured: {tool} ({why})")
    if options.out:
        stored = {"date": date.today().isoformat(), "machine": machine, "runs": RUNS, "versions": tools.versions, "rows": rows, "five": five, "growth": grown}
        options.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        draw(rows, options.out.with_suffix(".png"))
    held = [*(row["least"] is None or row["warm"] >= row["least"] for row in rows), five["ratio"] <= 1.3, five["warm"] <= 0.005, grown["flat"], max(grown["exponents"]["seconds"], grown["exponents"]["disk"]) <= 1.05]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
