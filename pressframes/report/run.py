"""Run the suite's notebooks on a study."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from pressframes import shelf
from pressframes.errors import InputError, WorkError
from pressframes.report import warm

PARAMETER = "STUDY"
APART = ("09_explore", "10_scale")
"""Notebooks that are no part of a report: the one needs a reader at the keys, the other tells of the suite and not of a study."""


def suite(*, whole: bool = False) -> list[Path]:
    """Return the notebooks in reading order: those that a report is made of, or all."""
    return [path for path in sorted(shelf.folder("notebooks").glob("[0-9][0-9]_*.ipynb")) if whole or path.stem not in APART]


def execute(notebooks: list[Path], *, study: str | None, cwd: Path, done: Callable[[Path, object], None] = lambda path, notebook: None) -> list:
    """Execute notebooks, each in a fresh kernel of this Python, one more at a time than there are processors.

    Args:
        notebooks: paths, left as they are.
        study: the folder of the study that takes the place of the notebooks' own; None leaves theirs.
        cwd: where the kernels run; relative paths start here.
        done: called with a notebook's path and the executed notebook when it has run.

    Returns:
        The executed notebooks, in the order given.

    Raises:
        WorkError: if a cell fails or writes to stderr, a kernel dies, or a notebook has no cell for its parameter.
    """
    import nbformat

    if warm.available():
        os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = warm.NAME
        warm.warm_process()
    loaded = [nbformat.read(path, as_version=4) for path in notebooks]
    if study is not None:
        for path, notebook in zip(notebooks, loaded):
            _set_study(path.name, notebook, study)
    with ThreadPoolExecutor(max_workers=1 + (os.cpu_count() or 1)) as pool:  # one more than processors: a kernel that starts mostly waits
        longest_first = sorted(zip(notebooks, loaded), key=lambda pair: -pair[0].stat().st_size)
        waiting = {pool.submit(_execute_one, path.name, notebook, cwd): (path, notebook) for path, notebook in longest_first}
        try:
            for finished in as_completed(waiting):
                finished.result()
                done(*waiting[finished])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return loaded


def outputs_of(notebooks: list):
    """Yield `(notebook's title, output data)` of every displayed result, in order."""
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                if "data" in output:
                    yield notebook.metadata["title"], output["data"]


def chosen(only: Sequence[str]) -> list[Path]:
    """Return the notebooks of a report that are named, in reading order; all where none is.

    Args:
        only: each a notebook's name (`04_loaded_terms`), its number (`04`) or its name without (`loaded_terms`).

    Raises:
        InputError: if there is no such notebook.
    """
    called = {name: path for path in suite() for name in (path.stem, *path.stem.split("_", 1))}
    for name in only:
        if name not in called:
            raise InputError(f"--only: there is no part '{name}'; use {', '.join(path.stem for path in suite())}, or their numbers")
    wanted = {called[name] for name in only}
    return [path for path in suite() if not only or path in wanted]


def _set_study(name: str, notebook, study: str) -> None:
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1 or not cells[0].source.startswith(f"{PARAMETER} ="):
        raise WorkError(f"{name}: needs one cell tagged 'parameters' that sets {PARAMETER}")
    cells[0].source = f"{PARAMETER} = {study!r}"


def _execute_one(name: str, notebook, cwd: Path) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(notebook, timeout=600, kernel_name="python3", record_timing=False, store_widget_state=False, shutdown_kernel="immediate", extra_arguments=["--IPKernelApp.log_level=ERROR"], resources={"metadata": {"path": str(cwd)}})
    try:
        client.execute()
    except CellExecutionError as error:
        raise WorkError(f"{name}: a cell failed: {error.ename}: {error.evalue}") from None
    except (DeadKernelError, CellTimeoutError) as error:
        raise WorkError(f"{name}: its kernel {'died, perhaps for want of memory' if isinstance(error, DeadKernelError) else 'did not answer'}; run again, what is done is kept") from None
    for cell in notebook.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = []  # what no test compares is not stored: the keys of widgets differ from run to run
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                lines = output["text"].strip().splitlines()
                raise WorkError(f"{name}: a cell wrote to stderr: {next((line for line in lines if 'Warning' in line or 'Error' in line), lines[-1])}")
            output.get("metadata", {}).clear()
    notebook.metadata["language_info"] = {"name": "python"}
