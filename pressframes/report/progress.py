"""Tell how far a run is: a bar on a terminal, plain lines elsewhere; with the time left where a former run tells."""

import json
import sys
import time
from collections.abc import Sequence
from threading import Lock

from pressframes import cache


class Progress:
    """The stages of one run as they are done; use it in a `with` statement.

    Args:
        stages: their names; those that run at once may be done in another order.
        of: what is made, for instance the study's folder: the time left is judged by the last run of the same that made every stage anew.
        kept: whether the times of this run are kept for the next.
    """

    def __init__(self, stages: Sequence[str], *, of: str, kept: bool = True):
        self._stages, self._name = stages, cache.key(of, *stages)
        self._former = json.loads((cache.read("times", self._name) or {}).get("times.json", b"{}"))
        self._finished, self._anew, self._begin, self._bar = {}, True, time.monotonic(), None
        self._kept, self._one = kept, Lock()

    def __enter__(self) -> "Progress":
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=len(self._stages), bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt} {elapsed} {desc}", file=sys.stderr)
        return self

    def __exit__(self, kind, error, trace) -> None:
        if self._bar is not None:
            self._bar.close()
        if kind is None and self._anew and self._kept:
            cache.write("times", self._name, {"times.json": json.dumps(self._finished).encode()})

    def step(self, name: str, stored: bool = False) -> None:
        """Say that a stage is done, or (`stored`) that it was done before and taken from the cache."""
        with self._one:  # stages are told from two threads
            self._finished[name] = time.monotonic() - self._begin
            self._anew = self._anew and not stored
            left = self.left()
            said = f"{name}{' (done before)' if stored else ''}{f', about {left:.0f} s left' if left >= 1 else ''}"
            if self._bar is None:
                print(f"[{len(self._finished)}/{len(self._stages)}] {said}", file=sys.stderr, flush=True)
            else:
                self._bar.set_description_str(said, refresh=False)
                self._bar.update()

    def left(self) -> float:
        """Return the seconds that the former run took from the stage that this run has reached; 0 where none is known."""
        if not self._former.keys() >= set(self._stages):
            return 0.0
        return max(self._former.values()) - max((self._former[name] for name in self._finished), default=0.0)
