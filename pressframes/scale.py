"""The suite at any size: the same counts by every engine, and what the benchmarks have stored of time, disk and memory."""

import hashlib
import json
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from pressframes import shelf
from pressframes.engines import start
from pressframes.errors import InputError
from pressframes.results import Note, Table
from pressframes.runs import annotate_partitions
from pressframes.tallies import Tallies

MOST_MEGABYTES = 1000
"""What two workers and the process that leads them may hold together."""
LARGE = 99e6
"""Bytes of text from which on memory at the peak should no longer grow."""


@dataclass(frozen=True)
class ByEngine:
    """The same corpora by several engines.

    Attributes:
        runs: a row a corpus and engine: corpus, engine, partitions, articles, words, same (whether every file holds the bytes that this process wrote; None of itself).
        merged: the merged counts of each corpus, as one process left them.
    """

    runs: Table
    merged: Mapping[str, Tallies]


def by_engines(*names: str, size: int = 500_000) -> ByEngine:
    """Count the words and the listed forms of examples by this process and, where Dask is installed, by two workers of a cluster on this machine.

    Args:
        names: of folders in `examples`.
        size: bytes of text a partition, about.

    Raises:
        InputError: if there is no such example.
    """
    kinds, rows, merged = [("local", None), *([("dask", 2)] if find_spec("distributed") else [])], [], {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, workers in kinds:
            with start(kind, workers=workers) as engine:
                for name in names:
                    out = Path(folder) / kind / name
                    run = annotate_partitions(str(shelf.folder("examples") / name), out, engine=engine, layers="surface", size=size)
                    same = None if kind == "local" else _hash_of(out) == _hash_of(Path(folder) / "local" / name)
                    rows.append((name, f"{kind}, {workers} workers" if workers else "this process", run.partitions, run.articles, run.words, same))
                    merged.setdefault(name, Tallies.open(out))
    frame = pd.DataFrame(rows, columns=["corpus", "engine", "partitions", "articles", "words", "same"])
    frame["told"] = [{None: "–", True: "yes", False: "NO"}[same] for same in frame["same"]]
    heads = {"corpus": "corpus", "engine": "engine", "partitions": "partitions", "articles": "articles", "words": "words", "told": "the bytes of this process"}
    notes = ("Words and listed forms of the whole text, partition by partition; every file that is written is compared: articles, hits, counts of each partition, merged counts.",)
    return ByEngine(Table(frame, "by_engine", "The same corpora by every engine", notes, heads), merged)


def _hash_of(out: Path) -> str:
    return hashlib.sha256(b"".join(str(file.relative_to(out)).encode() + file.read_bytes() for file in sorted(out.rglob("*.parquet")))).hexdigest()


@dataclass(frozen=True)
class Measured:
    """What a run of the benchmarks has stored: `counts` (the count path) and `engines` (workers against one process), as `make bench` wrote them."""

    counts: Mapping
    engines: Mapping

    @classmethod
    def load(cls, folder: Path | None = None) -> "Measured":
        """Read the stored run; `folder`: `benchmarks` of the suite where not given.

        Raises:
            InputError: if no run is stored there.
        """
        folder = folder or shelf.folder("benchmarks")
        try:
            return cls(*(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("counts", "engines")))
        except OSError as error:
            raise InputError(f"{error.filename}: no benchmark is stored there; `make bench` measures and writes it") from None

    def about(self) -> Note:
        """When and on what machine it was measured."""
        return Note(f"The count path on {self.counts['date']}, {self.counts['machine']}; the engines on {self.engines['date']}, {self.engines['machine']}. Text: {self.counts['corpus']}.", "Measured", "about")

    def growth(self) -> Table:
        """Time, disk and memory by size of the text; medians of fresh processes."""
        frame = pd.DataFrame(self.counts["growth"]["sizes"]).assign(text=lambda frame: frame["bytes"] / 1e6, disk=lambda frame: frame["disk"] / 1e6)
        heads = {"text": "text, MB", "seconds": "seconds", "cpu": "processor seconds", "disk": "columns on disk, MB", "megabytes": "peak memory, MB"}
        notes = ("Read from one file, cut into words, numbered, counted by group and written as columns; shuffled sentences of the examples.",)
        return Table(frame[list(heads)], "growth", "What a text of so many megabytes takes", notes, heads, {"text": ",.0f", "seconds": ",.1f", "cpu": ",.1f", "disk": ",.1f", "megabytes": ",.0f"})

    @property
    def peaks(self) -> tuple[float, float] | None:
        """Least and most of the peak memory, in MB, of texts of 100 MB or more; None where none is so large."""
        large = [one["megabytes"] for one in self.counts["growth"]["sizes"] if one["bytes"] >= LARGE]
        return (min(large), max(large)) if large else None

    def stages(self) -> Table:
        """Where the time goes: processor time of each step on 16 MB, and its share."""
        frame = pd.DataFrame(self.counts["stages"].items(), columns=["step", "seconds"])
        frame["share"] = 100 * frame["seconds"] / frame["seconds"].sum()
        return Table(frame, "stages", "Where the time goes", ("Processor time in one process that has done it before; 16 MB of text.",), {"step": "step", "seconds": "seconds", "share": "share in percent"}, {"seconds": ".3f", "share": ".0f"})

    def workers(self) -> Table:
        """Each engine against one process, by what was annotated."""
        frame = engine_rows(self.engines["turns"]).assign(
            told=lambda frame: frame["layers"].map({"surface": "words and listed forms", "all": "all layers"}), text=lambda frame: frame["text"] / 1e6, speed=lambda frame: frame["words"] / frame["seconds"],
            wanted=lambda frame: frame["layers"].map(self.engines["wanted"]).where(frame["engine"] != "local"),
            most=lambda frame: pd.Series(float(MOST_MEGABYTES), frame.index).where(frame["engine"] != "local"),
        )  # fmt: skip
        heads = {"told": "what", "text": "text, MB", "engine": "engine", "speed": "words a second", "ratio": "against one process", "wanted": "should be", "megabytes": "peak memory, MB", "most": "at most"}
        notes = ("Two workers; timed once all have started. Against one process: median of the ratios within a round. Memory of all processes together, what they share counted once.",)
        return Table(frame, "workers", "Two workers against one process", notes, heads, {"text": ",.0f", "speed": ",.0f", "ratio": ".2f", "wanted": ".1f", "megabytes": ",.0f", "most": ",.0f"})


def engine_rows(runs: list[dict]) -> pd.DataFrame:
    """Medians of stored runs by layers and engine, and `ratio`, the median over rounds of the time of one process to the engine's.

    >>> runs = [{"layers": "surface", "engine": name, "seconds": seconds, **dict.fromkeys(("text", "words", "megabytes", "worker", "start", "written"), 1)} for name, seconds in (("local", 4), ("dask", 2))]
    >>> engine_rows(runs)[["engine", "ratio"]].values.tolist()
    [['local', 1.0], ['dask', 2.0]]
    """
    rows = []
    for layers, engine in dict.fromkeys((run["layers"], run["engine"]) for run in runs):
        alone, mine = ([run for run in runs if run["layers"] == layers and run["engine"] == name] for name in ("local", engine))
        middle = {key: statistics.median(run[key] for run in mine) for key in ("seconds", "text", "words", "megabytes", "worker", "start", "written")}
        rows.append({"layers": layers, "engine": engine, **middle, "ratio": statistics.median(one["seconds"] / run["seconds"] for one, run in zip(alone, mine))})
    return pd.DataFrame(rows)
