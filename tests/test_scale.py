"""What the suite says of its own scale is what was measured."""

import json
import runpy
from pathlib import Path

import pandas as pd
import pytest

from pressframes import charts, findings
from pressframes.errors import InputError
from pressframes.results import Table
from pressframes.scale import MOST_MEGABYTES, ByEngine, Measured, by_engines

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def measured():
    return Measured.load()


def test_the_tables_of_the_benchmarks_are_those_of_the_stored_runs():
    tables = runpy.run_path(str(ROOT / "benchmarks" / "tables.py"))
    for file in tables["PAGES"]:
        page = file.read_text(encoding="utf-8")
        assert "<!-- /" in page and tables["written"](page) == page


def test_a_quick_look_stores_nothing(monkeypatch, tmp_path):
    tables = runpy.run_path(str(ROOT / "benchmarks" / "tables.py"))
    place = tables["store"].__globals__
    for runs, stored in ((1, []), (2, ["bench.json"])):
        place.update(HERE=tmp_path, RUNS=runs)
        tables["store"]("bench", versions={}, rows=[])
        assert [file.name for file in tmp_path.iterdir()] == stored


def test_growth_is_told_as_stored(measured):
    grown = measured.growth().to_frame()
    sizes = measured.counts["growth"]["sizes"]
    assert grown["text"].tolist() == [one["bytes"] / 1e6 for one in sizes] and grown["megabytes"].tolist() == [one["megabytes"] for one in sizes]
    assert charts.growth(measured.growth()).frame["seconds"].tolist() == [one["seconds"] for one in sizes]
    assert measured.stages().to_frame()["share"].sum() == pytest.approx(100)


def test_the_finding_names_what_fell_short(measured):
    frame = by_engines_frame(same=[None, True, False])
    told = findings.scale(ByEngine(Table(frame, "by_engine", ""), {}), slow(measured, 1.0))
    assert "1 of 2 runs by another engine (dask), over fa-kes, wrote the same bytes" in repr(told) and "Short of the goal" in repr(told)
    found = ByEngine(Table(frame, "by_engine", ""), {})
    assert "Short of the goal" not in repr(findings.scale(found, slow(measured, 0.1, megabytes=MOST_MEGABYTES)))
    assert f"({MOST_MEGABYTES + 1:,} MB, at most {MOST_MEGABYTES:,})" in repr(findings.scale(found, slow(measured, 0.1, megabytes=MOST_MEGABYTES + 1)))


def test_one_process_alone_is_compared_with_nothing(measured):
    told = findings.scale(ByEngine(Table(by_engines_frame(same=[None]), "by_engine", ""), {}), measured)
    assert "nothing to compare it with" in repr(told) and "same bytes" not in repr(told)


def by_engines_frame(same):
    return pd.DataFrame({"corpus": "fa-kes", "engine": ["this process", "dask", "dask"][: len(same)], "same": same})


def slow(measured, factor, *, megabytes=1) -> Measured:
    """The stored run with its workers taking so many times the time of one process, and so much memory."""
    runs = json.loads(json.dumps(measured.engines["turns"]))
    for run in runs:
        run.update(seconds=10.0 if run["engine"] == "local" else 10.0 * factor, megabytes=megabytes)
    return Measured(measured.counts, {**measured.engines, "turns": runs})


def test_without_a_stored_run_one_line_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="no benchmark is stored there; `make bench` measures and writes it"):
        Measured.load(tmp_path)
    with pytest.raises(InputError):
        by_engines("no-such-example")
