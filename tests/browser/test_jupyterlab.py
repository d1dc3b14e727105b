"""The notebooks in JupyterLab: they run from the top without an error, the widgets stand and answer, nothing is asked of the network."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a JupyterLab with settings of its own, and the folder whose notebooks, copies without outputs, it shows."""
    folder = tmp_path_factory.mktemp("lab")
    for part in ("notebooks", "seeds", "lexicons"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for file in (folder / "notebooks").glob("*.ipynb"):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell.update({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
        file.write_text(json.dumps(notebook), encoding="utf-8")
    own = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")}
    options = ["--no-browser", "--ServerApp.port=0", "--IdentityProvider.token=", "--ServerApp.open_browser=False", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
    options += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    started = subprocess.Popen([sys.executable, "-m", "jupyterlab", "--notebook-dir", str(folder), *options], env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _address(started, Path(own["JUPYTER_RUNTIME_DIR"])), folder
    finally:
        started.terminate()
        started.wait(20)


def _address(started, runtime: Path) -> str:
    """Where it answers, once it does."""
    for _ in range(240):
        if started.poll() is not None:
            pytest.fail(f"JupyterLab stopped with exit code {started.returncode}")
        for file in runtime.glob("jpserver-*.json"):
            try:
                address = json.loads(file.read_text())["url"]
                urlopen(f"{address}api/status", timeout=5).close()
                return address
            except (OSError, ValueError):
                pass
        time.sleep(0.25)
    pytest.fail("JupyterLab did not answer within a minute")


@pytest.fixture
def run(server, browser):
    """Return a function that opens a notebook, runs all of it, saves it, and returns the page and what was saved."""
    address, folder = server
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    asked = []
    context.on("request", lambda request: asked.append(request.url))

    def run(name):
        page = context.new_page()
        page.set_default_timeout(60_000)
        dialog = page.locator("dialog.jp-Dialog")  # on a loaded machine JupyterLab may tell that server or kernel is late
        page.add_locator_handler(dialog.first, lambda: dialog.first.get_by_role("button").last.click(), no_wait_after=True)  # not gone at once, it is asked again
        page.goto(f"{address}lab/tree/notebooks/{name}?reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.get_by_text("Kernel status: Idle").first.wait_for(state="attached")
        page.locator(".jp-Notebook .jp-MarkdownCell").first.click()  # the notebook, not the file list, is what is run
        for second in range(60):
            if page.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[[*\d]")).count():
                break
            if second % 10 == 0:  # asked before the kernel listens, JupyterLab runs nothing and says nothing
                page.get_by_role("menuitem", name="Run", exact=True).first.click()
                page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            page.wait_for_timeout(1000)
        cells = [{}]
        for _ in range(300):
            page.wait_for_timeout(1000)
            page.keyboard.press("Control+s")
            with suppress(ValueError):  # JupyterLab writes in place: what is read may be cut short
                cells = [cell for cell in json.loads((folder / "notebooks" / name).read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
            if all(cell.get("execution_count") for cell in cells):
                break
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        outputs = [output for cell in cells for output in cell["outputs"]]
        assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
        return page, outputs

    yield run
    context.close()
    assert [url for url in asked if not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:"))] == []


def test_the_first_notebook_runs_from_the_top(run):
    page, outputs = run("00_summary.ipynb")
    assert sum("<img" in "".join(output.get("data", {}).get("text/html", "")) for output in outputs) >= 2
    assert page.get_by_role("heading", level=1).first.is_visible()


def test_explore_shows_its_widgets_and_answers(run):
    page, outputs = run("09_explore.ipynb")
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    widgets = page.locator(".jupyter-widgets")
    widgets.first.wait_for()
    assert widgets.count() > 5
    term = page.locator(".jupyter-widgets input[type=text]").first
    term.fill("peacekeepers")
    term.press("Enter")
    page.wait_for_function("() => [...document.querySelectorAll('.jp-OutputArea-output mark')].some(mark => /peacekeepers/i.test(mark.textContent))")
