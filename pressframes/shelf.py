"""Where the suite's own data lie: beside the package in a checkout, inside it in an installed wheel."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the suite's own folder `name` (`lexicons`, `models`, `notebooks`, `validation`; in a checkout also `gold`)."""
    installed = _PACKAGE / "_shelf" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


@cache
def hash_of_rules() -> str:
    """A short hash of all that decides what the annotation layers say: their code, the suite's lexicons and models."""
    files = [*(_PACKAGE / f"{name}.py" for name in ("annotate", "forms", "languages", "lexicon", "patterns", "repeated", "tokens")), *sorted((_PACKAGE / "layers").glob("*.py"))]
    files += [file for room in ("lexicons", "models") for file in sorted(folder(room).glob("*.*")) if file.suffix in (".csv", ".toml", ".npz")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def version() -> str:
    """Return the version of pressframes that is installed."""
    return metadata.version("pressframes")
