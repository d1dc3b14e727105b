"""JupyterLab on the suite's notebooks. Its settings are the files beside this one: they come before the defaults, and nothing of the user's own is written."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pressframes import shelf

FIRST = "00_summary.ipynb"
_HERE = Path(__file__).parent


def open_lab(*options: str) -> int:
    """Run JupyterLab, opened on the first notebook with its table of contents beside it, until it is stopped.

    The layout of the session lies in a folder that goes with it; preferences the user set in JupyterLab hold.

    Args:
        options: more options for JupyterLab.

    Returns:
        Its exit code.
    """
    with tempfile.TemporaryDirectory(prefix="pressframes-lab-") as layout:
        for file in _HERE.glob("*.jupyterlab-workspace"):
            shutil.copy(file, layout)
        notebooks = shelf.folder("notebooks")
        settings = os.pathsep.join(filter(None, [str(_HERE), os.environ.get("JUPYTER_CONFIG_PATH")]))
        told = ["--notebook-dir", str(notebooks.parent), f"--LabApp.default_url=/lab/tree/{notebooks.name}/{FIRST}", f"--LabApp.workspaces_dir={layout}", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container there is often no other user
            told.append("--allow-root")
        return subprocess.call([sys.executable, "-m", "jupyterlab", *told, *options], env={**os.environ, "JUPYTER_CONFIG_PATH": settings})
