"""Where work is done: this process, several processes, or a Dask cluster. Each calls a function for a job's items, in any order, and goes on when a worker dies."""

import ctypes
import logging
import os
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib.util import find_spec
from multiprocessing import get_context, parent_process

import pyarrow as pa

from pressframes.errors import InputError, WorkError

ENGINES = ("local", "processes", "dask")
MOST_ATTEMPTS = 12
"""Workers that may die at one item before the run is given up."""
IN_FLIGHT = 2
"""Items handed out for each worker, one of them in hand: the others wait here, not in the workers' memory."""
KEPT, MAPPED = 64 << 20, 32 << 20
"""Bytes of freed memory that a process keeps for the next block of text, and from how many on a piece is mapped apart: with the system's own settings each block's memory is given back and asked for again, a tenth of the time."""
_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(KEPT), "MALLOC_MMAP_THRESHOLD_": str(MAPPED), "MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Dask's own setting of the first alone fixes the second at 128 KiB, so that every block of text is mapped and unmapped anew; pools of each thread's and of Arrow's own keep what others could use again."""
_QUIET = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "500ms"}
"""Looking a hundred times a second at what each worker does, and fifty times at how late it answers, takes a twentieth of two processors; the dashboard's page of profiles stays empty."""


@contextmanager
def start(engine: str, *, workers: int | None = None, scheduler: str | None = None) -> Iterator["Local | Processes | Dask"]:
    """Start an engine and stop it in the end; `annotate_partitions` takes it in place of its name, so that several runs share its workers.

    Args: as for `annotate_partitions`.

    Raises:
        InputError: if an option cannot be used, Dask is missing, or nobody answers at `scheduler`.
    """
    if engine not in ENGINES:
        raise InputError(f"--engine: unknown engine '{engine}'; use {', '.join(ENGINES)}")
    if workers is not None and (workers < 1 or engine == "local"):
        raise InputError(f"--workers {workers}: {'this process is the only one; use --engine processes' if engine == 'local' else 'give a number from 1'}")
    if scheduler and (engine != "dask" or workers):
        raise InputError(f"--scheduler: {'a cluster that runs already has its own workers; leave --workers out' if workers else 'only --engine dask has one; add it'}")
    made = Local() if engine == "local" else Processes(workers or _processors()) if engine == "processes" else Dask(workers or _processors(), scheduler)
    try:
        yield made
    except BaseException:
        made.close(now=True)
        raise
    made.close()


class Local:
    """This process."""

    def __init__(self):
        keep_freed_memory()

    def map(self, job, function: Callable, items: Iterable) -> Iterator:
        """Call `function(job, item)` for each item, in any order; an item has a `name`, the job the `run` it belongs to."""
        for item in items:
            yield _called(function, job, item)

    def close(self, *, now: bool = False) -> None:
        pass


class Processes:
    """Processes of this machine, each a pool of its own: one that is killed takes nothing with it but what it was at."""

    def __init__(self, workers: int):
        self._pools = [self._pool() for _ in range(workers)]

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin_work)

    def map(self, job, function: Callable, items: Iterable) -> Iterator:
        waiting, running, deaths = deque(items), {}, Counter()
        while waiting or running:
            for i in range(len(self._pools)):
                while waiting and sum(at == i for at, _ in running.values()) < IN_FLIGHT:
                    item = waiting.popleft()
                    running[self._submit(i, _work, function, job, item)] = i, item
            done, lost = wait(running, return_when=FIRST_COMPLETED).done, {}
            for future in [future for future in running if future in done]:  # in the order in which they were handed out
                i, item = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    lost.setdefault(i, []).append(item)
                else:
                    yield result
            for items in lost.values():
                deaths[items[0].name] += 1  # the others were not yet begun
                _give_up_after(deaths[items[0].name], items[0])
                waiting.extendleft(reversed(items))

    def _submit(self, i: int, *call):
        try:
            return self._pools[i].submit(*call)
        except BrokenProcessPool:
            self._pools[i].shutdown(wait=False)
            self._pools[i] = self._pool()
            return self._pools[i].submit(*call)

    def close(self, *, now: bool = False) -> None:
        for pool in self._pools:
            for process in list((pool._processes or {}).values()) if now else ():
                process.terminate()
            pool.shutdown(cancel_futures=now)


class Dask:
    """A Dask cluster: one that runs already, or one made on this machine."""

    def __init__(self, workers: int, scheduler: str | None):
        if not find_spec("distributed"):
            raise InputError("--engine dask: Dask is not installed; install pressframes[scale], or use --engine processes")
        self._workers, self._scheduler, self._cluster = workers, scheduler, None

    @cached_property
    def client(self):
        """The connection to the cluster, made when it is first needed."""
        import dask
        import distributed

        for name in ("distributed", "distributed.client", "asyncio", "tornado"):  # what matters is told in one line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if not self._scheduler:
            with dask.config.set({"distributed.nanny.pre-spawn-environ": {**dask.config.get("distributed.nanny.pre-spawn-environ"), **_MEMORY}, **_QUIET}):
                self._cluster = distributed.LocalCluster(n_workers=self._workers, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL)
        try:
            return distributed.Client(self._cluster or self._scheduler, timeout="10s")
        except (OSError, ValueError) as error:
            raise InputError(f"--scheduler {self._scheduler}: nobody answers there ({' '.join(str(error).split())[:120]}); start one with `dask scheduler`, or correct the address") from None

    @property
    def dashboard(self) -> str:
        """Address of the page that shows the cluster at work."""
        return self.client.dashboard_link or ""

    def map(self, job, function: Callable, items: Iterable) -> Iterator:
        import distributed
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        client, waiting, running, deaths = self.client, deque(items), {}, Counter()

        def submit():
            item = waiting.popleft()
            future = client.submit(_work, function, job, item, pure=False, key=f"{function.__name__}-{item.name}-{job.run}-{deaths[item.name]}")
            running[future.key] = item
            return future

        try:
            most = IN_FLIGHT * max(1, sum(client.nthreads().values()))
            completed = distributed.as_completed([submit() for _ in range(min(most, len(waiting)))])
            for future in completed:
                item = running.pop(future.key)
                try:
                    result = future.result()
                except distributed.KilledWorker:
                    deaths[item.name] += 1
                    _give_up_after(deaths[item.name], item)
                    waiting.appendleft(item)
                else:
                    yield result
                while waiting and len(running) < most:
                    completed.add(submit())
        except (FutureCancelledError, CommClosedError, TimeoutError) as error:
            raise WorkError(f"the Dask scheduler is lost ({type(error).__name__}); start again: what is done is kept") from None

    def close(self, *, now: bool = False) -> None:
        with suppress(TimeoutError):  # what then still runs ends with this process
            if "client" in vars(self):
                self.client.close(timeout=5)
            if self._cluster:
                self._cluster.close(timeout=10)


def _work(function, job, item):
    pa.set_cpu_count(1)  # the workers are what runs side by side
    return _called(function, job, item)


def _called(function, job, item):
    try:
        return function(job, item)
    except (OSError, MemoryError) as error:
        told = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error) or type(error).__name__
        raise WorkError(f"{item.name} on {socket.gethostname()}: {told}; mend it, and run again: what is done is kept") from None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def keep_freed_memory() -> None:
    """Tell glibc for this process what `_MEMORY` tells Dask's workers (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD); other systems have no such settings."""
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(-1, KEPT)
        mallopt(-3, MAPPED)


def _begin_work() -> None:
    """What a worker process does first: it ends when its parent does."""
    keep_freed_memory()
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()


def _give_up_after(deaths: int, item) -> None:
    if deaths >= MOST_ATTEMPTS:
        raise WorkError(f"{item.name}: workers died {deaths} times at it; give each more memory (fewer --workers), and run again: what is done is kept")
