"""What was made before, in the user's cache folder: whole entries, each named by a hash of all that it was made from."""

import hashlib
import os
import platform
import re
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_dir

from pressframes import shelf

VARIABLE = "PRESSFRAMES_CACHE"
"""The environment variable that moves the folder."""
KINDS = ("articles", "studies", "notebooks", "pages", "prints", "times")
LARGEST = 2_000_000_000
"""Bytes that entries may take together; `prune` removes those that were not used for longest."""
_ABANDONED = 86_400  # seconds: no entry takes a day to write


def home() -> Path:
    """Return the folder: `$PRESSFRAMES_CACHE`, else the system's folder for caches (on Linux `~/.cache/pressframes`). It may be deleted at any time."""
    return Path(os.environ.get(VARIABLE) or user_cache_dir("pressframes", appauthor=False))


@contextmanager
def moved_to(folder: Path) -> Iterator[None]:
    """Use another folder for a while, also in processes started meanwhile."""
    former = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(VARIABLE)
        if former is not None:
            os.environ[VARIABLE] = former


def key(*parts: str | bytes) -> str:
    """Return the name of the entry that is made from these parts and nothing else: 32 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]


def read(kind: str, name: str) -> dict[str, bytes] | None:
    """Return the files of an entry; None if there is none, or it is damaged."""
    place = _place(kind, name)
    try:
        with zipfile.ZipFile(place) as archive:
            found, told = {member: archive.read(member) for member in archive.namelist()}, archive.comment
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        return None
    if told != _sum(found):
        return None
    with suppress(OSError):
        os.utime(place)  # used: the last to be pruned
    return found


def write(kind: str, name: str, files: dict[str, bytes]) -> None:
    """Store an entry; it appears whole or not at all, and where there is no room or no permission nothing happens."""
    place = _place(kind, name)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=place.parent, suffix=".partial")
        try:
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for member, data in files.items():
                    archive.writestr(member, data)
                archive.comment = _sum(files)  # the sums of the archive itself do not cover its table of contents
            os.replace(draft, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft)
            raise


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Let one process at a time make an entry; who asks meanwhile waits, and finds it made. Without a folder that can be written there is no waiting."""
    held = None
    with suppress(OSError):
        (home() / "locks").mkdir(parents=True, exist_ok=True)
        held = FileLock(home() / "locks" / f"{name[:3]}.lock")  # so that there are never more than 4,096 of them
        held.acquire()
    try:
        yield
    finally:
        if held is not None:
            held.release()


def prune(largest: int = LARGEST) -> None:
    """Remove the entries that were not used for longest until the others take `largest` bytes at most, and what dead processes left half written."""
    entries, now = [], time.time()
    for kind in KINDS:
        for file in (home() / kind).glob("[0-9a-f][0-9a-f]/*"):
            with suppress(OSError):
                about = file.stat()
                entries.append((about.st_mtime, about.st_size, file))
    total = 0
    for used, size, file in sorted(entries, reverse=True):
        total += size
        abandoned = file.suffix == ".partial" and used < now - _ABANDONED
        if abandoned or (total > largest and re.fullmatch(r"[0-9a-f]{32}\.zip", file.name)):
            with suppress(OSError):
                file.unlink()


@cache
def code() -> str:
    """A hash of the suite as it is installed here: code, templates, lexicons, models, stored validation (not the notebooks); Python, the system and every package with its version."""
    package = Path(__file__).parent
    files = [file for file in sorted(package.rglob("*")) if file.is_file() and "__pycache__" not in file.parts]
    files += [file for room in ("lexicons", "models", "validation") for file in sorted(shelf.folder(room).glob("*.*"))]
    packages = {name for folder in sys.path if os.path.isdir(folder) for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))}
    return key(platform.platform(), sys.version, *sorted(packages), *(part for file in files for part in (file.name, file.read_bytes())))


def stable(value) -> str:
    """Return a text of nested frozen records that is the same in every process (sets in order)."""
    kind = type(value)
    if kind is str:
        return repr(value)
    if kind is tuple:
        return f"({','.join([stable(part) for part in value])})"
    if kind is frozenset:
        return f"{{{','.join(sorted(map(repr, value)))}}}"
    if kind is re.Pattern:  # its repr cuts long ones short
        return repr((value.pattern, value.flags))
    names = _names(kind)
    return f"{kind.__name__}({','.join([stable(getattr(value, name)) for name in names])})" if names else repr(value)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.compare) if is_dataclass(kind) else getattr(kind, "_fields", ())


def _sum(files: dict[str, bytes]) -> bytes:
    return key(*(part for item in files.items() for part in item)).encode("ascii")


def _place(kind: str, name: str) -> Path:
    return home() / kind / name[:2] / f"{name}.zip"
