"""Kernels that start warm: forked from one process that has already imported what every notebook imports."""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import cache
from importlib import import_module

from jupyter_client.provisioning import LocalProvisioner

from pressframes.cache import VARIABLE, home

NAME = "pressframes-warm"
"""The entry point under which pyproject.toml offers the provisioner to Jupyter."""

_PRELOAD = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "pressframes.study", "pressframes.charts", "pyarrow.parquet", "matplotlib.figure", "matplotlib.font_manager",
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "PIL.PngImagePlugin", "jinja2",
)  # fmt: skip
_ASKING = threading.Lock()


def available() -> bool:
    """Tell whether this system can fork."""
    return hasattr(os, "fork")


@cache
def warm_process() -> subprocess.Popen:
    """Start the warm process, once; it ends when this one does."""
    command = [sys.executable, "-c", "from pressframes.report.warm import serve; serve()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)


def serve() -> None:
    """Be the warm process: fork a kernel for each line of standard input, answer with its process id."""
    from pressframes import shelf
    from pressframes.lexicon import read_loaded

    for module in _PRELOAD:
        import_module(module)
    for name in ("loaded", "opinion"):
        read_loaded(shelf.folder("lexicons") / f"{name}.csv")  # the suite's own lists are read once for all kernels
    gc.freeze()  # so that no kernel walks or copies what all of them share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # kernels that end leave nothing behind
    for line in sys.stdin:
        server, (connection_file, cwd, kept) = os.getpid(), json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.environ[VARIABLE] = kept
            _become_kernel(connection_file, cwd, server)
        print(pid, flush=True)


def _become_kernel(connection_file: str, cwd: str, server: int) -> None:
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # standard output belongs to the warm process
    os.chdir(cwd)
    watched = f"--IPKernelApp.parent_handle={server}"  # the kernel ends when the warm process does
    try:
        IPKernelApp.launch_instance(argv=["-f", connection_file, watched, "--IPKernelApp.log_level=ERROR"])
    finally:
        os._exit(0)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by asking the warm process; everything else is Jupyter's own."""

    async def launch_kernel(self, cmd, **kwargs):
        """Start a kernel on the connection file that Jupyter's command line names."""
        request = json.dumps([cmd[cmd.index("-f") + 1], str(kwargs.get("cwd") or os.getcwd()), str(home())])
        server = warm_process()
        with _ASKING:
            server.stdin.write(request + "\n")
            server.stdin.flush()
            self.process = _Forked(int(server.stdout.readline()))
        self.pid, self.pgid = self.process.pid, None
        return self.connection_info


class _Forked:
    """The part of `subprocess.Popen` that Jupyter asks of a kernel's process, for one that is no child of ours."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
