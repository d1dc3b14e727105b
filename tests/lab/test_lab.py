"""`pressframes lab`: what JupyterLab is told, by settings that it knows."""

import json
import os
import sysconfig
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from pressframes import lab, shelf
from pressframes.report.run import suite

HOME = Path(lab.__file__).parent
SCHEMAS = Path(sysconfig.get_path("data")) / "share" / "jupyter" / "lab" / "schemas"


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What JupyterLab would be run with: command, environment, and the layout that it would find."""
    seen = {}

    def call(command, env):
        folder = next(option for option in command if "workspaces_dir" in option).split("=")[1]
        seen.update(command=command, env=env, folder=folder, layout=[json.loads(path.read_text()) for path in Path(folder).iterdir()])
        return 7

    monkeypatch.setattr(lab.subprocess, "call", call)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/elsewhere")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    assert lab.open_lab("--no-browser") == 7
    return seen


def test_opens_on_the_first_notebook(told):
    assert "--LabApp.default_url=/lab/tree/notebooks/00_summary.ipynb" in told["command"] and told["command"][-1] == "--no-browser"
    root = told["command"][told["command"].index("--notebook-dir") + 1]
    assert (Path(root) / "notebooks" / lab.FIRST).is_file() and Path(root) == shelf.folder("notebooks").parent


def test_its_settings_come_before_those_that_are_there(told):
    assert told["env"]["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(HOME), "/elsewhere"]


def test_the_suites_notebooks_are_trusted_and_no_others(told):
    notary = NotebookNotary()
    notebooks = [nbformat.read(path, as_version=4) for path in suite(whole=True)]
    assert len(notebooks) == 11 and all(map(notary.check_signature, notebooks))
    notebooks[0].cells[0].source += " changed"
    assert not notary.check_signature(notebooks[0])
    notary.store.close()


def test_the_layout_shows_the_table_of_contents_and_goes_with_the_session(told):
    (layout,) = told["layout"]
    left = layout["data"]["layout-restorer:data"]["left"]
    assert left["current"] == "@jupyterlab/toc:plugin" and left["current"] in left["widgets"] and not left["collapsed"] and layout["metadata"]["id"] == "default"
    assert not Path(told["folder"]).exists()


def test_jupyterlab_knows_the_settings():
    overrides = json.loads((HOME / "labconfig" / "default_setting_overrides.json").read_text())
    for plugin, values in overrides.items():
        package, name = plugin.split(":")
        known = json.loads((SCHEMAS / package / f"{name}.json").read_text())["properties"]
        for key, value in values.items():
            assert type(value) is type(known[key]["default"]) and value in known[key].get("enum", [value])
    assert overrides["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    page = json.loads((HOME / "labconfig" / "page_config.json").read_text())
    assert page == {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
