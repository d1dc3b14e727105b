"""The count path beside its peers: tokens, lexicon, keyness, collocates, concordance, bootstrap, five articles, growth. README.md beside this file tells how.

    python benchmarks/counts.py --corpus FILE [--corpus FILE ...]     CSV or Parquet; --text and --outlet name the columns
    RUNS=1 python benchmarks/counts.py ...                            a quick look
"""

import argparse
import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
RUNS = int(os.environ.get("RUNS", "5"))
MEGABYTES, SLICE, GROWTH = 16, 2, (1, 4, 16, 64, 128, 256)
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
    """Runs tasks in fresh processes; a tool that is not installed is told once and left out."""

    def __init__(self, options, folder: Path):
        self._python = {"ours": sys.executable, "scipy": sys.executable, CONC: options.conc}
        self._peers, self._folder, self.versions, self.missing = options.peers, folder, {}, {}

    def run(self, tool: str, task: str) -> dict | None:
        if tool in self.missing:
            return None
        command = [self._python.get(tool, self._peers), HERE / "count_workers.py", tool, task, self._folder]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent) if tool == "ours" else "", **dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS"), "1")}
        try:
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment)
        except OSError as error:
            self.missing[tool] = str(error)
            return None
        if done.returncode:
            self.missing[tool] = (done.stderr.strip().splitlines() or ["no reason told"])[-1]
            return None
        result = json.loads(done.stdout.splitlines()[-1])
        self.versions |= result.get("versions", {})
        return result


def beside(tools: Tools) -> bool:
    """Print the table of work beside peers; true if all is as it must be."""
    print("| work | pressframes | peer | times as fast (by processor time) | must be |\n|---|---|---|---|---|", flush=True)
    good = True
    for work, task, *peers in ROWS:
        turns = [(tools.run("ours", task), *(tools.run(tool, its) for tool, its, _ in peers)) for _ in range(RUNS)]
        if turns[0][0] is None:
            sys.exit(f"{task}: {tools.missing['ours']}")
        for column, (tool, its, least) in enumerate(peers, start=1):
            pairs = [(turn[0], turn[column]) for turn in turns if turn[column]]
            if not pairs:
                print(f"| {work} | – | {tool}: not measured | – | – |", flush=True)
                continue
            wall, cpu = (statistics.median(theirs[kind] / mine[kind] for mine, theirs in pairs) for kind in ("seconds", "cpu"))
            mine, theirs = (statistics.median(one["seconds"] for one in side) for side in zip(*pairs))
            must = "–" if least is None else f">= {least:g}" if least >= 1 else f"at most {1 / least:.1f} times its time"
            told = f"{wall:.1f} ({cpu:.1f})" if wall >= 1 else f"{1 / wall:.2f} times its time ({1 / cpu:.2f})"
            print(f"| {work} | {said(mine)}, {pairs[0][0]['megabytes']:.0f} MB, {pairs[0][0]['found']:,} | {tool} {its.removeprefix('slice_')} {said(theirs)}, {pairs[0][1]['megabytes']:.0f} MB, {pairs[0][1]['found']:,} | {told} | {must} |", flush=True)
            good &= least is None or wall >= least
    return good


def said(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


def five_articles(tools: Tools) -> bool:
    """Print what five articles take: a fresh process against `import pandas`, and warm."""
    import time

    def wall(code: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE.parent, env={**os.environ, "PYTHONPATH": str(HERE.parent)})
        return time.perf_counter() - begin

    wall(COLD)
    cold = [(wall(COLD), wall("import pandas")) for _ in range(max(RUNS, 5) if RUNS > 1 else 1)]
    warm = statistics.median(tools.run("ours", "five")["seconds"] for _ in range(RUNS))
    ratio = statistics.median(mine / theirs for mine, theirs in cold)
    print(f"| five articles, words, counts and lexicon: fresh process | {said(statistics.median(mine for mine, _ in cold))} | import pandas {said(statistics.median(theirs for _, theirs in cold))} | {ratio:.2f} times its time | at most 1.3 |")
    print(f"| five articles, warm | {said(warm)} | – | – | at most 5 ms |\n", flush=True)
    return ratio <= 1.3 and warm <= 0.005


def growth(tools: Tools, most: int) -> bool:
    """Print time, disk and memory by megabytes, and the exponents of a straight line through their logarithms."""
    sizes = [size for size in GROWTH if size <= most]
    runs = [[tools.run("ours", f"growth{size}") for size in sizes] for _ in range(min(RUNS, 3))]
    print("| text | time | processor time | columns on disk | peak memory |\n|---|---|---|---|---|")
    middle = [{key: statistics.median(run[i][key] for run in runs) for key in ("seconds", "cpu", "disk", "megabytes", "bytes")} for i in range(len(sizes))]
    for one in middle:
        print(f"| {one['bytes'] / 1e6:.0f} MB | {said(one['seconds'])} | {said(one['cpu'])} | {one['disk'] / 1e6:.1f} MB | {one['megabytes']:.0f} MB |")
    size = np.log([one["bytes"] for one in middle])
    exponents = {key: np.polyfit(size, np.log([one[key] for one in middle]), 1)[0] for key in ("seconds", "cpu", "disk")}
    large = [one["megabytes"] for one in middle if one["bytes"] >= 99e6]
    print("\nexponents: " + ", ".join(f"{key} {value:.3f}" for key, value in exponents.items()) + (f"; peak memory from 100 MB on: {min(large):.0f} to {max(large):.0f} MB" if large else "") + "\n", flush=True)
    return max(exponents["seconds"], exponents["disk"]) <= 1.05 and (not large or max(large) <= 1.1 * min(large))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--corpus", type=Path, action="append", required=True, help="CSV or Parquet; may be given several times")
    options.add_argument("--text", default="text", help="its column of texts")
    options.add_argument("--outlet", default="outlet", help="its column of outlets")
    options.add_argument("--peers", default=str(HERE / ".venv" / "bin" / "python"), help="Python with the peers (requirements.txt)")
    options.add_argument("--conc", default=str(HERE / ".conc" / "bin" / "python"), help="Python with Conc (requirements-conc.txt)")
    options.add_argument("--most", type=int, default=GROWTH[-1], help="megabytes that growth ends at")
    options = options.parse_args()
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}, {RUNS} runs in turn, medians, each task in a fresh process, one thread each; imports, reading and compiling of forms left out")
    with tempfile.TemporaryDirectory() as folder:
        corpora(options, Path(folder))
        tools = Tools(options, Path(folder))
        held = [beside(tools), five_articles(tools), growth(tools, options.most)]
        print("versions: " + ", ".join(f"{name} {version}" for name, version in sorted(tools.versions.items())))
        for tool, why in tools.missing.items():
            print(f"not measured: {tool} ({why})")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
