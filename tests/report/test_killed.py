"""A report whose run is killed at any moment: tests/killed.py says what is real there and what is not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    environment = {**os.environ, "PRESSFRAMES_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, str(ROOT / "tests" / "killed.py"), str(folder), "7"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
class TestKilled:
    def test_was_killed_fifty_times_and_never_failed(self, runs):
        assert sum(run.get("killed", False) for run in runs) >= 50
        assert not [run for run in runs if run.get("failed")]

    def test_a_whole_report_stands_at_any_moment(self, runs):
        standing = "edition 0"
        for run in runs[:-1]:
            if run["killed"]:
                assert run["state"] in (standing, f"edition {run['edition']}", "between"), run
            else:
                assert run["state"] == f"edition {run['edition']}", run
            standing = f"edition {run['edition']}" if run["state"] == "between" else run["state"]

    def test_killed_between_the_two_renamings_the_next_run_brings_a_report_back(self, runs):
        after = [then["state"] for run, then in zip(runs, runs[1:]) if run.get("state") == "between"]
        assert after and "gone" not in after

    def test_the_next_run_clears_what_was_left(self, runs):
        assert runs[-1]["left"] == ["cache", "operations", "report", "study"]
