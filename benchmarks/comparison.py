"""The comparison measured beside its peers: false keywords, planted keywords found, time and memory. README.md beside this file tells how.

    make bench                          all benchmarks; the peers are installed once
    python benchmarks/comparison.py     this one alone; stores comparison.json and draws comparison.png
    RUNS=1 python benchmarks/comparison.py     a quick look, nothing is stored
"""

import json
import statistics
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import numpy as np

import tables
from tables import RUNS
from workers import OURS, false_and_found

HERE = Path(__file__).parent
PEERS = HERE / ".venv-comparison" / "bin" / "python"
SEEDS, PEER_SEEDS = (20, 3) if RUNS > 1 else (3, 1)
ARTICLES, BURSTS, PLANTED = (30, 200), (None, 0.5, 0.1), 20


def corpus(seed: int, articles: int, burst: float | None, planted: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two groups of `articles` of 500 words; each word's rate varies between articles by a gamma distribution of shape `burst` and mean 1 (smaller is clumpier; None: not at all).

    Returns:
        counts (articles x terms that occur five times or more), and which terms have twice the rate in the first group: `planted` of them, evenly over the logarithm of their rank up to 1,000.
    """
    rng = np.random.default_rng([seed, articles, int(10 * (burst or 0)), planted])
    rates = np.tile((np.arange(3000) + 30.0) ** -0.7, (2 * articles, 1))
    twice = np.zeros(3000, dtype=bool)
    if planted:
        twice[np.unique(np.geomspace(1, 1000, planted).round().astype(int) + np.arange(planted))] = True
        rates[:articles, twice] *= 2
    if burst:
        rates *= rng.gamma(burst, 1 / burst, size=rates.shape)
    counts = rng.multinomial(500, rates / rates.sum(axis=1, keepdims=True))
    kept = counts.sum(axis=0) >= 5
    return counts[:, kept], twice[kept]


def run(worker: str, task: str, folder: Path) -> dict:
    """What a worker says of a task, measured in a fresh process."""
    python = sys.executable if worker == "ours" else PEERS
    done = subprocess.run([python, HERE / "workers.py", worker, task, folder], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return json.loads(done.stdout)


def in_turn(task: str, folder: Path, peers: bool) -> tuple[dict, dict | None, float | None]:
    """Medians of what both say, run one after the other, and the median of the ratios of their seconds."""
    pairs = [(run("ours", task, folder), run("theirs", task, folder) if peers else None) for _ in range(RUNS)]
    ours, theirs = ({key: statistics.median(one[key] for one in side) for key in side[0]} if side[0] else None for side in zip(*pairs))
    return ours, theirs, statistics.median(a["seconds"] / b["seconds"] for a, b in pairs) if peers else None


def speed(folder: Path, peers: bool) -> tuple[list[dict], bool]:
    """Print and return the rows of times and memory; true if all is as it must be."""
    size, rows = run("ours", "corpora", folder), []

    def tell(work: str, ours: str, must: str, theirs: str = "–", ratio: str = "–") -> None:
        rows.append({"work": work, "ours": ours, "theirs": theirs if peers else "–", "ratio": ratio if peers else "–", "must": must})
        print(tables.speed_row(rows[-1]), flush=True)

    print(tables.table(tables.speed_head(RUNS), []), flush=True)
    ours, theirs, ratio = in_turn("permutations", folder, peers)
    held = [ours["megabytes"] < 500, not peers or ratio < 1 / 20]
    tell(f"article permutations of {size['terms']:,} terms in {size['words']:,} words (2,000 articles), time by permutation: the whole call with 999, finer draws included", f"{1000 * ours['seconds']:.2f} ms, {ours['megabytes']:.0f} MB",
         "< 1 / 20, < 500 MB", *([f"pycorpdiff (99) {1000 * theirs['seconds']:.1f} ms, {theirs['megabytes']:.0f} MB", f"1 / {1 / ratio:.0f}"] if peers else []))  # fmt: skip
    if peers:
        tell("the same against pycorpdiff's loop alone, without counting the texts again", f"{1000 * ours['seconds']:.2f} ms", "–", f"{1000 * theirs['loop']:.1f} ms", f"1 / {theirs['loop'] / ours['seconds']:.1f}")
    ours, theirs, ratio = in_turn("table", folder, peers)
    held.append(not peers or ratio <= 1)
    tell("keyness table of the same vocabulary from counts, warm: counts, G2, Log Ratio, LRC, %DIFF, odds ratio, weighted log-odds", f"{ours['seconds']:.3f} s", "<= 1",
         *([f"association-measures (G2, Log Ratio and LRC alone) {theirs['seconds']:.3f} s", f"{ratio:.2f}"] if peers else []))  # fmt: skip
    ours, _, _ = in_turn("bootstrap", folder, False)
    held.append(ours["seconds"] < 1)
    tell("2,000 resamples of 10,000 articles, 324 rates", f"{ours['seconds']:.2f} s, {ours['megabytes']:.0f} MB", "< 1 s")
    print()
    return rows, all(held)


def study(folder: Path, peers: bool) -> tuple[list[dict], bool]:
    """Print and return false keywords and planted ones found, on the same corpora; true if all is as it must be."""
    rows, good = [], True
    print(tables.table(tables.study_head(SEEDS, PEER_SEEDS, PLANTED), []), flush=True)
    for articles in ARTICLES:
        for burst in BURSTS:
            null, power, theirs, sizes = [], [], [], []
            for seed in range(SEEDS):
                for planted, found in ((0, null), (PLANTED, power)):
                    counts, twice = corpus(seed, articles, burst, planted)
                    found.append(false_and_found(OURS["study"](counts), twice))
                    sizes.append(counts.shape[1])
                    if peers and seed < PEER_SEEDS:
                        np.savez(folder / "study.npz", counts=counts, twice=twice)
                        theirs.append(run("theirs", "study", folder))
            row = {"articles": articles, "burst": burst, "terms": min(sizes), "false": sum(n["false"] for n in null), "nominal": [n["nominal"] for n in null],
                   "found": sum(n["found"] for n in power), "beside": sum(n["false"] for n in power), "same": sum(n["found"] for n in power[:PEER_SEEDS]),
                   "peer": {kind: [sum(one[kind][what] for one in theirs[first::2] if kind in one) for first, what in ((0, "false"), (1, "found"), (1, "false"))] for kind in ("permuted", "default")} if peers else None}  # fmt: skip
            rows.append(row)
            good &= row["false"] == 0 and max(row["nominal"]) <= 0.075 and (not peers or row["same"] >= row["peer"]["permuted"][1])
            print(tables.study_row(row), flush=True)
    print()
    return rows, good


def draw(rows: list[dict], file: Path) -> None:
    """False keywords on null corpora, and planted keywords found, for each kind of corpus."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    names, place = [f"{row['articles']} a side\n{'no bursts' if row['burst'] is None else 'k = %s' % row['burst']}" for row in rows], np.arange(len(rows))
    series = [("pressframes (p of permuted articles)", "#1b6ca8", [row["false"] / SEEDS for row in rows], [row["same"] for row in rows])]
    if rows[0]["peer"]:
        series += [(label, colour, [row["peer"][kind][0] / PEER_SEEDS for row in rows], [row["peer"][kind][1] for row in rows]) for label, colour, kind in
                   (("pycorpdiff, default (p of single words)", "#c8553d", "default"), ("pycorpdiff, 999 permutations", "#8a8a8a", "permuted"))]  # fmt: skip
    for axes, values, title in ((left, 2, "False keywords in a null corpus (q < .05)"), (right, 3, f"Planted keywords found, of {PEER_SEEDS * PLANTED}")):
        shown = series[:values]
        for i, one in enumerate(shown):
            bars = axes.bar(place + (i - (len(shown) - 1) / 2) * 0.27, one[values], 0.25, color=one[1], label=one[0])
            axes.bar_label(bars, fmt=lambda n: f"{n:.1f}" if 0 < n < 10 and n % 1 else f"{n:.0f}", fontsize=7)
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xticks(place, names, fontsize=7.5)
        axes.spines[["top", "right"]].set_visible(False)
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    figure.savefig(file, dpi=150)


def main() -> int:
    peers = PEERS.exists() and subprocess.run([PEERS, "-c", "import association_measures, pycorpdiff"], stderr=subprocess.DEVNULL).returncode == 0
    versions = {name: metadata.version(name) for name in ("numpy", "scipy", "pandas")}
    if peers:
        versions |= dict(line.split("==") for line in (HERE / "requirements-comparison.txt").read_text(encoding="utf-8").split("\n\n")[0].split())
    else:
        print(f"not measured: the peers ({PEERS} has none)")
    with tempfile.TemporaryDirectory() as folder:
        told, fast = speed(Path(folder), peers)
        rows, good = study(Path(folder), peers)
    tables.store("comparison", versions=versions, speed=told, size={"seeds": SEEDS, "peer_seeds": PEER_SEEDS, "planted": PLANTED}, study=rows)
    if RUNS > 1:
        draw(rows, HERE / "comparison.png")
    return 0 if fast and good else 1


if __name__ == "__main__":
    sys.exit(main())
