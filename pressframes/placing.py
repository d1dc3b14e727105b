"""Results that take their place whole: a run that is killed leaves the former ones, and the next run clears up after it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pressframes.errors import InputError

_RANDOM = "[a-z0-9_]{8}"  # the end of a name by tempfile
_FORMER = "-former"


@contextmanager
def drafting(out: Path) -> Iterator[Path]:
    """Yield an empty folder beside `out` in which to make what `take_place` then moves there; it is removed at the end.

    While it is there no other run makes the same. What dead runs left is cleared first; one that was killed while it took its place is finished.

    Raises:
        InputError: if another run is making `out`.
        OSError: if nothing can be written beside it.
    """
    with _alone(out, out.parent / f".{out.name}.lock"):
        _clear(out)
        draft = Path(tempfile.mkdtemp(dir=out.parent, prefix=_prefix(out)))
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def take_place(draft: Path, out: Path) -> None:
    """Put a folder that `drafting` gave in the place of `out`.

    Raises:
        OSError: if it cannot be moved; `out` is then as it was.
    """
    draft.chmod(0o755)
    former = draft.with_name(draft.name + _FORMER)
    if out.exists():
        out.rename(former)  # from here on `_clear` can tell that the draft is whole
    try:
        draft.rename(out)
    except BaseException:
        if former.exists() and not out.exists():
            former.rename(out)
        raise
    if former.exists():
        former.rename(draft)  # no longer anything to go back to
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def drafting_in(folder: Path) -> Iterator[Path]:
    """Yield an empty folder within `folder`, made if missing, in which to make files for it; leaving without an error moves them there, all or none.

    Files of other names stay. No other run of this kind works there meanwhile. A run that is killed leaves files of one run alone, never of two; the next finishes what was begun.

    Raises:
        InputError: if another run is writing there.
        OSError: if something cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, folder / ".draft.lock"):
        for left in _matching(folder, rf"\.draft-{_RANDOM}"):
            if (left / "former").is_dir():  # all was written, and moving had begun
                _move([file for file in left.iterdir() if file.is_file()], folder)
            shutil.rmtree(left, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(dir=folder, prefix=".draft-"))
        try:
            yield draft
            _move_all(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _move_all(draft: Path, folder: Path) -> None:
    """First every former file goes, then every new one comes, so that files of two runs never stand side by side."""
    files, former = sorted(file for file in draft.iterdir()), draft / "former"
    former.mkdir()
    try:
        _move([folder / file.name for file in files if (folder / file.name).exists()], former)
        _move(files, folder)
    except BaseException:
        for file in files:
            if not file.exists():
                (folder / file.name).unlink(missing_ok=True)
        _move(list(former.iterdir()), folder)
        raise


def _move(files: list[Path], folder: Path) -> None:
    for file in files:
        file.replace(folder / file.name)


@contextmanager
def _alone(out: Path, file: Path) -> Iterator[None]:
    lock = FileLock(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{out}: another run of pressframes is writing there; wait until it ends, or write elsewhere") from None
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()
        lock.release()


def _prefix(out: Path) -> str:
    return f".{out.name}-draft-"


def _clear(out: Path) -> None:
    """Finish what a killed run had all but done, and remove what others left; whoever calls this is alone."""
    name = re.escape(_prefix(out)) + _RANDOM
    for former in _matching(out.parent, name + _FORMER):
        draft = former.with_name(former.name.removesuffix(_FORMER))
        if not out.exists():  # killed between the two renames
            (draft if draft.is_dir() else former).rename(out)
        shutil.rmtree(former, ignore_errors=True)
    for draft in _matching(out.parent, name):
        shutil.rmtree(draft, ignore_errors=True)


def _matching(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.iterdir() if re.fullmatch(pattern, path.name) and path.is_dir() and not path.is_symlink()]
