"""The notebook files themselves: what nbval does not look at."""

import json
import re
from pathlib import Path

import pytest
from pixels import embedded

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIGURES = ROOT / "figures"


def cells_of(path: Path, kind: str) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def outputs_of(path: Path) -> list[dict]:
    return [output for cell in cells_of(path, "code") for output in cell["outputs"]]


def html_of(path: Path) -> str:
    return "\n".join("".join(output["data"]["text/html"]) for output in outputs_of(path) if "text/html" in output.get("data", {}))


def test_the_suite_is_whole():
    assert [path.stem for path in NOTEBOOKS] == [
        "00_summary", "01_corpus", "02_tokens_and_voices", "03_targets", "04_loaded_terms", "05_framing", "06_concordance", "07_validation", "08_robustness", "09_explore", "10_scale",
    ]  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_was_run_from_top_to_bottom(self, path):
        counts = [cell["execution_count"] for cell in cells_of(path, "code")]
        assert counts == list(range(1, len(counts) + 1))

    def test_holds_no_error_and_no_stderr(self, path):
        assert not [output for output in outputs_of(path) if output["output_type"] == "error" or output.get("name") == "stderr"]

    def test_every_figure_has_alternative_text(self, path):
        images = re.findall(r"<img\b[^>]*>", html_of(path))
        assert all(len(re.search(r'alt="([^"]*)"', image)[1]) > 40 for image in images)
        assert not [output for output in outputs_of(path) if {"image/png", "image/jpeg"} & set(output.get("data", {}))]

    def test_shows_no_address_and_no_path_of_a_machine(self, path):
        shown = json.dumps([output.get("data", {}).get("text/plain", "") for output in outputs_of(path)]) + re.sub(r"data:image/png;base64,[\w+/=]+", "", html_of(path))  # a picture's letters may read as anything
        assert not re.search(r"0x[0-9a-f]{6,}|/(?:home|root|tmp|Users)/", shown)

    def test_stores_no_widgets(self, path):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert "widgets" not in notebook["metadata"] and "widget-view" not in json.dumps(outputs_of(path))
        assert not [cell for cell in cells_of(path, "code") if "nbval-ignore-output" in cell["metadata"].get("tags", []) and cell["outputs"]]

    def test_cells_are_short_and_hold_no_logic(self, path):
        for cell in cells_of(path, "code"):
            lines = "".join(cell["source"]).splitlines()
            assert 1 <= len(lines) <= 8
            assert not re.search(r"^\s*(?:def|class|import os|%|!)", "\n".join(lines), re.MULTILINE)

    def test_runs_on_any_kernel_named_python3_with_one_parameter(self, path):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert notebook["metadata"]["kernelspec"]["name"] == "python3"
        tagged = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
        assert ["".join(cell["source"]) for cell in tagged] == ['STUDY = "../seeds"']

    def test_prose_would_be_true_of_another_corpus(self, path, study):
        prose = " ".join("".join(cell["source"]) for cell in cells_of(path, "markdown")).lower()
        seed_words = {article.outlet for article in study.articles} | set(study.groups) | {"karabakh", "russia", "peacekeeper", "armenia"}
        assert not [word for word in seed_words if re.search(rf"\b{re.escape(word.lower())}", prose)]

    def test_says_what_it_does_not_show(self, path):
        assert any("## What this does not show" in "".join(cell["source"]) for cell in cells_of(path, "markdown"))


def test_figures_are_those_of_the_notebooks():
    shown = {}
    for path in NOTEBOOKS:
        for output in outputs_of(path):
            html = "".join(output.get("data", {}).get("text/html", ""))
            for name in re.findall(r'data-figure="([^"]+)"', html):
                shown[name] = (embedded(html)[0], "".join(output["data"]["image/svg+xml"]), "".join(output["data"]["text/csv"]))
    assert {file.name for file in FIGURES.iterdir()} == {f"{name}.{ending}" for name in shown for ending in ("png", "svg", "csv")}
    for name, (png, svg, csv) in shown.items():
        assert (FIGURES / f"{name}.png").read_bytes() == png
        assert (FIGURES / f"{name}.svg").read_text(encoding="utf-8") == svg
        assert (FIGURES / f"{name}.csv").read_text(encoding="utf-8") == csv
