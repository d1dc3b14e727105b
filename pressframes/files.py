"""Files of a study: plain ones, inside its folder, within bounds of size."""

import stat
from pathlib import Path

from pressframes.errors import InputError


def read_file(path: Path, most: int, missing: str) -> bytes:
    """Return the bytes of a plain file of `most` bytes or fewer.

    Raises:
        InputError: `missing` if there is no such file; else why it cannot be read.
    """
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            raise InputError(f"{path}: cannot be read, it is no plain file; give a file")
        if told.st_size > most:
            raise InputError(f"{path}: {told.st_size / 2**20:,.0f} MiB, more than {most / 2**20:,.0f}; split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(missing) from None
    except ValueError:
        raise InputError(f"{path}: the path holds a NUL character; correct it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None


def is_inside(file: Path, folder: Path) -> bool:
    """Whether a file, links followed, lies in a folder."""
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links
        return False
