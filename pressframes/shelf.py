"""Where the suite's own data lie: beside the package in a checkout, inside it in an installed wheel."""

from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the suite's own folder `name` (`lexicons`, `models`, `notebooks`, `validation`; in a checkout also `gold`)."""
    installed = _PACKAGE / "_shelf" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def version() -> str:
    """Return the version of pressframes that is installed."""
    return metadata.version("pressframes")
