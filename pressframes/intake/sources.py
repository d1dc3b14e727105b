"""From paths to files: folders, single files and zips, within bounds of size and without leaving what was given."""

import io
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pressframes.errors import InputError
from pressframes.intake.records import Source

MAX_BYTES = 512 * 2**20
"""Of one table or archive, packed or not."""
MAX_DOCUMENT = 64 * 2**20
"""Of one file of any other kind: an export of some hundred articles has less."""
TABLES = frozenset((".csv", ".tsv", ".tab", ".parquet", ".json", ".jsonl", ".ndjson", ".xml", ".xlsx", ".ris", ".warc", ".zip"))
MAX_UNPACKED = 2 * 2**30
"""Of all the files of one zip."""
MAX_MEMBERS = 100_000
MAX_RATIO = 200
"""Text rarely packs to less than a hundredth; files above a mebibyte that pack to less than 1 in this are refused."""


def find(paths, kinds: frozenset[str], *, encoding: str | None = None) -> tuple[list, Counter]:
    """Return what is to be read, in order, each as a function without arguments that yields Sources, and how many files of other kinds were left out, by suffix.

    Args:
        paths: files, folders (searched through, hidden files left out) and zips.
        kinds: suffixes that are read, lower case with the dot.

    Raises:
        InputError: if a path does not exist.
    """
    found, left_out = [], Counter()
    for given in map(Path, paths):
        if not given.exists():
            raise InputError(f"{given}: no such file or folder; correct --from")
        single = not given.is_dir()
        for file in [given] if single else _files(given):
            name = file.name if single else f"{given.resolve().name}/{file.relative_to(given).as_posix()}"
            suffix = Source(name, b"").suffix
            if suffix == ".zip":
                found.append((name, lambda file=file, name=name, root=given: _members(_checked(file, name, root), name, kinds, left_out, encoding)))
            elif suffix in kinds:
                found.append((name, lambda file=file, name=name, root=given: iter([Source(name, _read(_checked(file, name, root), name), encoding)])))
            else:
                left_out[suffix or "no suffix"] += 1
    return found, left_out


def _files(folder: Path) -> list[Path]:
    def unread(error: OSError):
        raise InputError(f"{error.filename}: cannot be read ({error.strerror}); check its permissions")

    paths = []
    for root, folders, files in os.walk(folder, onerror=unread, followlinks=False):
        beside_pages = {f"{name.rsplit('.', 1)[0]}_files" for name in files if name.lower().endswith((".html", ".htm"))}  # what a browser saves with a page
        folders[:] = sorted((name for name in folders if not name.startswith((".", "__MACOSX")) and name not in beside_pages), key=_natural)
        paths += [Path(root, name) for name in sorted(files, key=_natural) if not name.startswith((".", "~$")) and name not in ("Thumbs.db", "desktop.ini")]
    return paths


def _natural(name: str) -> list:
    return [int(part) if part.isdecimal() and part.isascii() else part.casefold() for part in re.split(r"(\d+)", name)]


def _checked(file: Path, name: str, root: Path) -> Path:
    if file.is_symlink() and not file.resolve().is_relative_to(root.resolve()):
        raise InputError(f"{name}: a link that leads out of the folder; copy the file itself into it")
    try:
        told = file.stat()
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror}); check its permissions") from None
    if not stat.S_ISREG(told.st_mode):
        raise InputError(f"{name}: not a plain file; remove it")
    if told.st_size > (most := largest(name)):
        raise InputError(f"{name}: {told.st_size / 2**20:,.0f} MiB, more than the {most // 2**20} that are read of one file; split it")
    return file


def largest(name: str) -> int:
    """Return how many bytes are read of a file of that name."""
    return MAX_BYTES if Source(name, b"").suffix in TABLES else MAX_DOCUMENT


def _read(file: Path, name: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror}); check its permissions") from None


def _members(file: Path, name: str, kinds: frozenset[str], left_out: Counter, encoding: str | None) -> Iterator[Source]:
    with open_zip(file, name) as archive:
        for member in sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: _natural(info.filename)):
            parts = member.filename.replace("\\", "/").split("/")
            if parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$")):
                continue
            inner = Source(f"{name}/{'/'.join(parts)}", b"")
            if inner.suffix == ".zip":
                raise InputError(f"{inner.name}: a zip within a zip; unpack it and give the folder")
            if inner.suffix not in kinds:
                left_out[inner.suffix or "no suffix"] += 1
                continue
            yield Source(inner.name, _unpack(archive, member, inner.name), encoding)


def open_zip(file, name: str, *, kind: str = "zip") -> zipfile.ZipFile:
    """Open a zip (or a file built as one: DOCX, XLSX) after looking at its list of members.

    Raises:
        InputError: if it is damaged, holds names that lead out of it or links, is protected, or unpacks to more than the bounds.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(f"{name}: damaged, or no {kind} ({error}); {'get it anew' if kind == 'zip' else f'open it and save it anew as {kind}'}") from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise InputError(f"{name}: {len(members)} files, more than {MAX_MEMBERS}; split it")
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or member.filename.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", member.filename) or "\0" in member.orig_filename:
            raise InputError(f"{name}: holds '{member.filename}', a name that leads out of it; do not trust this file, or unpack it yourself and give the folder")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise InputError(f"{name}: holds a link, '{member.filename}'; unpack it and give the folder")
        if member.flag_bits & 1:
            raise InputError(f"{name}: protected by a password; unpack it and give the folder")
        if member.file_size > largest(member.filename) or (member.file_size > 2**20 and member.file_size > MAX_RATIO * max(1, member.compress_size)):
            raise InputError(f"{name}: '{member.filename}' unpacks to {member.file_size / 2**20:,.0f} MiB, {member.file_size / max(1, member.compress_size):,.0f} times its size; unpack it yourself if you trust it")
    if (total := sum(member.file_size for member in members)) > MAX_UNPACKED:
        raise InputError(f"{name}: unpacks to {total / 2**30:.1f} GiB, more than {MAX_UNPACKED // 2**30}; split it")
    return archive


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    try:
        with archive.open(member) as stream:  # reads no more than the size in the list, which was checked
            return stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be unpacked ({error}); get the zip anew") from None


def check_office(data: bytes, name: str, kind: str) -> io.BytesIO:
    """Return an office file (DOCX, XLSX) as a stream, after the checks of a zip.

    Raises:
        InputError: if it is protected by a password, of the old binary format, damaged, declares entities, or unpacks to more than the bounds.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # OLE container: an encrypted file of the new format, or one of the old
        why = "protected by a password" if "EncryptedPackage".encode("utf-16-le") in data else f"of the format before 2007, not {kind}"
        raise InputError(f"{name}: {why}; open it and save it as {kind} without a password")
    stream = io.BytesIO(data)
    with open_zip(stream, name, kind=kind) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _unpack(archive, member, name):
                raise InputError(f"{name}: declares entities, which no {kind} does and are not read; open it and save it anew")
    stream.seek(0)
    return stream
