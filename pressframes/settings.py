"""What is compared with what: `study.toml`, validated and frozen."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.files import is_inside, read_file
from pressframes.languages import ENGLISH, UNKNOWN, known_languages


_LARGEST = 2**20
"""Bytes of a `study.toml`."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lexicons(_Frozen):
    """File names of the lexicons, each looked for beside the study first, then in the suite's own `lexicons/`."""

    targets: str = "targets.toml"
    loaded: str = "loaded.csv"
    opinion: str = "opinion.csv"
    naming: str = "naming.csv"
    reporting: str = "reporting.csv"
    furniture: str = "furniture.csv"


class Corpus(_Frozen):
    """Which articles are read.

    Attributes:
        languages: ISO 639 codes; articles in others are left out. What needs the English parser or an English model (reported speech, roles, tone, frames) is told of English articles alone.
    """

    languages: tuple[str, ...] = Field(default=(ENGLISH,), min_length=1)

    @field_validator("languages")
    @classmethod
    def _known(cls, values):
        for value in values:
            if value not in (ENGLISH, UNKNOWN, *known_languages()):
                raise ValueError(f"unknown language '{value}'; use {', '.join((ENGLISH, *known_languages(), UNKNOWN))}")
        return values


class Settings(_Frozen):
    """The settings of one study.

    Attributes:
        folder: where `study.toml` lies; all paths in it are relative to this folder.
        groups: the groups compared, in the order of tables and charts.
        targets: keys of tables in the targets lexicon.
        seed: of every random draw, a non-negative integer.
        blocks: the column of `articles.csv` within whose values a test deals articles out anew: `event` (if the column is filled in), `published`, or `none`.
    """

    folder: Path
    title: str = Field(min_length=1)
    question: str = ""
    articles: str = "articles.csv"
    groups: tuple[str, ...] = Field(min_length=1)
    targets: tuple[str, ...] = Field(min_length=1)
    seed: int = Field(default=0, ge=0)
    blocks: Literal["event", "published", "none"] = "event"
    corpus: Corpus = Corpus()
    lexicons: Lexicons = Lexicons()

    @field_validator("groups", "targets")
    @classmethod
    def _no_repeats(cls, values):
        repeated = sorted({value for value in values if values.count(value) > 1})
        if repeated:
            raise ValueError(f"'{repeated[0]}' stands twice")
        return values

    def lexicon_path(self, kind: str) -> Path:
        """Return the file of a lexicon: the study's own if it has one of that name, else the suite's.

        Raises:
            InputError: if there is no such file.
        """
        name = getattr(self.lexicons, kind)
        for folder in (self.folder, shelf.folder("lexicons")):
            if (folder / name).is_file() and is_inside(folder / name, folder):
                return folder / name
        raise InputError(f"{self.folder / 'study.toml'}: lexicons.{kind}: no file '{name}' beside the study or in the suite; correct the name")


def read_settings(path: str | Path) -> Settings:
    """Read `study.toml`.

    Args:
        path: the study's folder, or its `study.toml`.

    Raises:
        InputError: if the file is missing, is not TOML, or holds an unknown key or a wrong value.
    """
    path = Path(path)
    file = path / "study.toml" if path.is_dir() else path
    try:
        values = tomllib.loads(read_file(file, _LARGEST, f"{file}: no such file; give a folder that holds a study.toml").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: not valid TOML: {error}; correct it") from None
    if "folder" in values:
        raise InputError(f"{file}: folder: unknown key; remove it")
    try:
        return Settings(folder=file.parent, **values)
    except ValidationError as error:
        raise InputError(f"{file}: {explain_first(error)}") from None


def explain_first(error: ValidationError) -> str:
    """Say the first fault of a validation in one line: where, what is wrong, what to do."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"]) or "value"
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown key; correct the spelling or remove it"
    if fault["type"] == "missing":
        return f"{where}: missing; add it"
    if fault["type"] in ("too_short", "string_too_short"):
        return f"{where}: is empty; fill it in"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]} (found {str(fault['input'])[:60]!r}); correct it"
