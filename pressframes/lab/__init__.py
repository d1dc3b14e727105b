"""JupyterLab on the suite's notebooks. Its settings are the files beside this one: they come before the defaults, and of the user's own only the list of trusted notebooks grows."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from pressframes import shelf
from pressframes.report.run import suite

FIRST = "00_summary.ipynb"
_HERE = Path(__file__).parent


def open_lab(*options: str) -> int:
    """Run JupyterLab, opened on the first notebook with its table of contents beside it, until it is stopped.

    The suite's notebooks are signed as trusted before, so that their stored tables and figures stand as they were made. The layout of the session lies in a folder that goes with it; preferences the user set in JupyterLab hold.

    Args:
        options: more options for JupyterLab.

    Returns:
        Its exit code.
    """
    with tempfile.TemporaryDirectory(prefix="pressframes-lab-") as layout:
        for file in _HERE.glob("*.jupyterlab-workspace"):
            shutil.copy(file, layout)
        _sign(suite(whole=True))
        notebooks = shelf.folder("notebooks")
        settings = os.pathsep.join(filter(None, [str(_HERE), os.environ.get("JUPYTER_CONFIG_PATH")]))
        told = ["--notebook-dir", str(notebooks.parent), f"--LabApp.default_url=/lab/tree/{notebooks.name}/{FIRST}", f"--LabApp.workspaces_dir={layout}", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container there is often no other user
            told.append("--allow-root")
        return subprocess.call([sys.executable, "-m", "jupyterlab", *told, *options], env={**os.environ, "JUPYTER_CONFIG_PATH": settings})


def _sign(notebooks: list[Path]) -> None:
    """Trust notebooks with the user's own key, as `jupyter trust` does."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for path in notebooks:
        with suppress(OSError, ValueError):  # JupyterLab tells what is wrong with it
            notary.sign(nbformat.read(path, as_version=4))
    notary.store.close()
