"""The tables of README.md, and those of docs/scale.md, written between their markers from what the benchmarks have stored; no figure in them is typed.

    python benchmarks/tables.py      `make bench` calls it after a run
"""

import json
import os
import platform
import re
import statistics
from datetime import date
from pathlib import Path

from pressframes.jobs import schemas_of
from pressframes.partitions import MOST_PARTITIONS
from pressframes.runs import PARTITION_BYTES
from pressframes.scale import LARGE, MOST_MEGABYTES, engine_rows

HERE = Path(__file__).parent
RUNS = int(os.environ.get("RUNS", "5"))


def store(name: str, **values) -> None:
    """Write what was measured into `name`.json, with date and machine; a quick look (RUNS=1) stores nothing."""
    if RUNS > 1:
        told = {"date": date.today().isoformat(), "machine": f"{os.cpu_count()} processors, {platform.platform()}, Python {platform.python_version()}", "load": load(), "runs": RUNS, **values}
        (HERE / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load() -> float | None:
    """How many processes wanted a processor in the last quarter of an hour, where the system tells it."""
    return round(os.getloadavg()[2], 1) if hasattr(os, "getloadavg") else None


def said(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


def times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 1 else f"{1 / ratio:.2f} times its time"


def table(head: str, rows: list[str]) -> str:
    return "\n".join([head, "|---" * (head.count(" | ") + 1) + "|", *rows])


def header(stored: dict) -> str:
    """Date, machine and versions of a run."""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(stored["versions"].items()))
    return f"{stored['date']}; {stored['machine']}; load over its last quarter of an hour {stored.get('load', '–')}; {stored['runs']} runs. Versions: {versions}."


# bench.py

BENCH_HEAD = "| work | ratio | at most | seconds |"


def bench_row(row: dict) -> str:
    return f"| {row['work']} | {row['ratio']:.2f} | {row['most']:.2f} | {row['ours']:.2f} s / {row['theirs']:.2f} s |"


def bench(stored: dict) -> str:
    short = [f"{row['work']} ({row['ratio']:.2f}, must be at most {row['most']:.2f})" for row in stored["rows"] if row["ratio"] > row["most"]]
    return "\n\n".join([header(stored), table(BENCH_HEAD, [bench_row(row) for row in stored["rows"]]), f"Bounds not held: {'; '.join(short) or 'none'}."])


# counts.py

COUNTS_HEAD = "| work | pressframes | peer | times as fast, warm (by processor time) | first call of a fresh process | must be, warm |"
STAGES_HEAD = "| where the time goes | processor time | share |"
GROWTH_HEAD = "| text | time | processor time | columns on disk | peak memory |"


def bound(least: float | None) -> str:
    return "–" if least is None else f">= {least:g}" if least >= 1 else f"at most {1 / least:.1f} times its time"


def counts_row(row: dict) -> str:
    side = lambda one: f"{said(one['seconds'])}, {one['megabytes']:.0f} MB, {one['found']:,}"
    return f"| {row['work']} | {side(row['ours'])} | {row['peer']} {row['peer_task']} {side(row['theirs'])} | {times(row['warm'])} ({times(row['warm_cpu'])}) | {times(row['fresh'])} ({times(row['fresh_cpu'])}) | {bound(row['least'])} |"


def five_rows(five: dict) -> list[str]:
    mine, theirs = (statistics.median(column) for column in zip(*five["cold"]))
    return [f"| five articles, words, counts and lexicon: fresh process | {said(mine)} | import pandas {said(theirs)} | – | {five['ratio']:.2f} times its time | at most 1.3 times |",
            f"| five articles, warm | {said(five['warm'])} | – | – | – | at most 5 ms |"]  # fmt: skip


def stage_rows(stages: dict) -> list[str]:
    return [f"| {name} | {said(seconds)} | {seconds / sum(stages.values()):.0%} |" for name, seconds in stages.items()]


def growth_row(one: dict) -> str:
    return f"| {one['bytes'] / 1e6:,.0f} MB | {said(one['seconds'])} | {said(one['cpu'])} | {one['disk'] / 1e6:,.1f} MB | {one['megabytes']:.0f} MB |"


def exponents(grown: dict) -> str:
    large = [one["megabytes"] for one in grown["sizes"] if one["bytes"] >= LARGE]
    told = ", ".join(f"{key} {value:.3f}" for key, value in grown["exponents"].items())
    return f"Exponents of a straight line through the logarithms: {told} (time and disk at most 1.05)" + (f"; peak memory from 100 MB on: {min(large):.0f} to {max(large):.0f} MB." if large else ".")


def not_held(rows: list[dict]) -> str:
    """Which bounds a run does not hold, warm; and which the first call of a fresh process would not."""
    name = lambda row, key: f"{row['peer']} {row['peer_task']} ({times(row[key])}, must be {bound(row['least'])})"
    bounds = [row for row in rows if row["least"] is not None]
    warm, fresh = ([name(row, key) for row in bounds if row[key] < row["least"]] for key in ("warm", "fresh"))
    return f"Bounds not held, warm: {'; '.join(warm) or 'none'}. In the first call of a fresh process these would not be held: {'; '.join(fresh) or 'none'}."


def counts(stored: dict) -> str:
    rows = [*map(counts_row, stored["rows"]), *five_rows(stored["five"])]
    missing = [f"Not measured: {tool} ({why})." for tool, why in stored["missing"].items()]
    chart = "![Times as fast as each peer, warm and fresh, and what must be reached](counts.png)"
    return "\n\n".join([header(stored), f"Corpus: {stored['corpus']}.", table(COUNTS_HEAD, rows), not_held(stored["rows"]), *missing, chart, table(STAGES_HEAD, stage_rows(stored["stages"])), table(GROWTH_HEAD, [growth_row(one) for one in stored["growth"]["sizes"]]), exponents(stored["growth"])])


# engines.py

ENGINES_HEAD = "| layers | engine | time | MB a second | words a second | against one process | must be | peak memory | largest process | start | bytes written a word |"


def engine_row(row: dict, least: float | None) -> str:
    must = f">= {least:g}, <= {MOST_MEGABYTES:,} MB" if least and row["engine"] != "local" else "–"
    return (f"| {row['layers']}, {row['text'] / 1e6:,.0f} MB | {row['engine']} | {said(row['seconds'])} | {row['text'] / 1e6 / row['seconds']:.2f} | {row['words'] / row['seconds']:,.0f} | {row['ratio']:.2f} | {must} "
            f"| {row['megabytes']:,.0f} MB | {row['worker']:,.0f} MB | {row['start']:.1f} s | {row['written'] / row['words']:.2f} |")  # fmt: skip


def engines(stored: dict) -> str:
    found = engine_rows(stored["turns"]).to_dict("records")
    rows = [engine_row(row, stored["wanted"][row["layers"]]) for row in found]
    short = [f"{row['layers']} by {row['engine']} ({row['ratio']:.2f} times, {row['megabytes']:,.0f} MB)" for row in found if row["engine"] != "local" and (row["ratio"] < stored["wanted"][row["layers"]] or row["megabytes"] > MOST_MEGABYTES)]
    same = "The bytes written are the same by all engines." if stored["same"] else "THE BYTES WRITTEN DIFFER between engines."
    return "\n\n".join([header(stored), f"Corpus: {stored['corpus']}, sentences shuffled.", table(ENGINES_HEAD, rows), f"Bounds not held: {'; '.join(short) or 'none'}. {same}"])


WORDS = 440
"""Of an article, in the arithmetic of docs/scale.md."""


def alone(stored: dict, articles: float) -> tuple[str, list[dict]]:
    """The head of a table with a column for what one process does of all layers and of the surface, and these rows, with what so many articles would take: text_of, seconds_of, written_of."""
    rows = [row for row in engine_rows(stored["turns"]).sort_values("layers").to_dict("records") if row["engine"] == "local"]
    rows = [row | {f"{key}_of": articles * WORDS * row[key] / row["words"] for key in ("text", "seconds", "written")} for row in rows]
    return f"| | {' | '.join('all layers' if row['layers'] == 'all' else row['layers'] for row in rows)} |", rows


def sizing(stored: dict) -> str:
    """Speed, disk and memory of one process, and what a million articles would take."""
    head, rows = alone(stored, 1e6)
    lines = [
        ("measured on", lambda row: f"{row['text'] / 1e6:,.0f} MB, {row['words']:,.0f} words"),
        ("words a second and core", lambda row: f"{row['words'] / row['seconds']:,.0f}"),
        ("MB of text a second and core", lambda row: f"{row['text'] / 1e6 / row['seconds']:.2g}"),
        ("bytes of text a word", lambda row: f"{row['text'] / row['words']:.2f}"),
        ("bytes written a word", lambda row: f"{row['written'] / row['words']:.2f}"),
        ("peak memory of the process", lambda row: f"{row['megabytes']:,.0f} MB"),
        (f"a million articles of {WORDS} words: core hours", lambda row: f"{row['seconds_of'] / 3600:.2g}"),
        (f"a million articles of {WORDS} words: disk", lambda row: f"{row['written_of'] / 1e9:.1f} GB"),
    ]
    return "\n\n".join([header(stored), f"Corpus: {stored['corpus']}, sentences shuffled.", by_line(head, rows, lines)])


def billion(stored: dict) -> str:
    """The same for a billion articles, by partitions as a run makes them."""
    head, rows = alone(stored, 1e9)
    rows = [row | {"parts": min(MOST_PARTITIONS, row["text_of"] / PARTITION_BYTES[row["layers"]])} for row in rows]
    lines = [
        ("core hours", lambda row: f"{round(row['seconds_of'] / 3600, -1):,.0f}"),
        ("disk", lambda row: f"{row['written_of'] / 1e12:.1f} TB"),
        (f"partitions (at most {MOST_PARTITIONS:,})", lambda row: f"{row['parts']:,.0f} of {row['text_of'] / row['parts'] / 1e6:.0f} MB, {row['seconds_of'] / row['parts']:,.0f} seconds each"),
        ("files", lambda row: f"{row['parts'] * (1 + len(schemas_of(row['layers']))) / 1e6:.1f} million"),
    ]
    return by_line(head, rows, lines)


def by_line(head: str, rows: list[dict], lines: list[tuple]) -> str:
    return table(head, [f"| {name} | {' | '.join(map(told, rows))} |" for name, told in lines])


# comparison.py


def speed_head(runs: int) -> str:
    return f"| work ({runs} runs in turn, medians) | pressframes | peer | ratio | must be |"


def study_head(seeds: int, peer_seeds: int, planted: int) -> str:
    return (f"| articles a side, burstiness | terms | false keywords in {seeds} null corpora | nominal p < .05: mean, most | planted found of {seeds * planted}, false beside them "
            f"| the same {peer_seeds * planted} planted: pressframes, pycorpdiff's permutations, its default | false keywords of its default in {peer_seeds} null corpora |")  # fmt: skip


def speed_row(row: dict) -> str:
    return f"| {row['work']} | {row['ours']} | {row['theirs']} | {row['ratio']} | {row['must']} |"


def study_row(row: dict) -> str:
    peer = row["peer"]
    beside = f"{row['same']}, {peer['permuted'][1]}, {peer['default'][1]} (and {peer['default'][2]} false) | {peer['default'][0]}" if peer else "– | –"
    burst = "none" if row["burst"] is None else f"k = {row['burst']}"
    return f"| {row['articles']}, {burst} | {row['terms']:,} | {row['false']} | {100 * statistics.fmean(row['nominal']):.1f} %, {100 * max(row['nominal']):.1f} % | {row['found']}, {row['beside']} | {beside} |"


def comparison(stored: dict) -> str:
    return "\n\n".join([header(stored), table(speed_head(stored["runs"]), [speed_row(row) for row in stored["speed"]]), table(study_head(**stored["size"]), [study_row(row) for row in stored["study"]]),
                        "![False keywords in null corpora, and planted keywords found, by kind of corpus](comparison.png)"])  # fmt: skip


PARTS = {"bench": ("bench", bench), "comparison": ("comparison", comparison), "counts": ("counts", counts), "engines": ("engines", engines), "sizing": ("engines", sizing), "billion": ("engines", billion)}
"""Of each pair of markers, which benchmark and what is told of it."""
PAGES = (HERE / "README.md", HERE.parent / "docs" / "scale.md")


def written(page: str, folder: Path = HERE) -> str:
    """A page's text with the tables of what is stored in a folder."""
    for name, (run, told) in PARTS.items():
        if f"<!-- {name} -->" in page:
            file = folder / f"{run}.json"
            part = told(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else f"No run is stored: `make bench` writes `{run}.json`."
            page = re.sub(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda found: f"{found[1]}{part}\n{found[2]}", page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")
