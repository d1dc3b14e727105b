"""What is compared with what: `study.toml`, validated and frozen."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pressframes import shelf
from pressframes.errors import InputError, raise_all
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


class Comparison(_Frozen):
    """How articles are put into groups.

    Attributes:
        by: a column of `articles.csv`, or `year` or `month` of the publication.
        groups: the values that are compared, in the order of tables and charts; a table gives each group's name and its values (`before = ["2015", "2016"]`). All values where not given.
        question: takes the place of the study's.
    """

    by: str = Field(default="group", min_length=1)
    groups: dict[str, tuple[str, ...]] = {}
    question: str = ""

    @field_validator("groups", mode="before")
    @classmethod
    def _listed(cls, groups):
        if isinstance(groups, dict):
            return {name: [values] if isinstance(values, str) else values for name, values in groups.items()}
        if not (isinstance(groups, (list, tuple)) and groups and all(isinstance(value, str) for value in groups)):
            raise ValueError('must be a list of values, or a table such as { before = ["2015", "2016"] }')
        return {value: [value] for value in _without_repeats(groups)}

    @field_validator("groups")
    @classmethod
    def _parted(cls, groups):
        _without_repeats([value for values in groups.values() for value in values])
        return groups

    @property
    def sides(self) -> dict[str, str]:
        """Value of the column -> group."""
        return {value: group for group, values in self.groups.items() for value in values}


def _without_repeats(values):
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"'{repeated[0]}' stands twice")
    return values


class Settings(_Frozen):
    """The settings of one study.

    Attributes:
        folder: where `study.toml` lies; all paths in it are relative to this folder.
        groups: the groups compared, in the order of tables and charts. With `comparisons` they may be left out.
        by: the column that the groups stand in, as `Comparison.by`.
        comparisons: more ways to group the same articles, by name.
        targets: keys of tables in the targets lexicon.
        seed: of every random draw, a non-negative integer.
        blocks: the column of `articles.csv` within whose values a test deals articles out anew: `event` (if the column is filled in), `published`, or `none`.
    """

    folder: Path
    title: str = Field(min_length=1)
    question: str = ""
    articles: str = "articles.csv"
    groups: tuple[str, ...] = ()
    by: str = Field(default="group", min_length=1)
    comparisons: dict[str, Comparison] = {}
    targets: tuple[str, ...] = Field(min_length=1)
    seed: int = Field(default=0, ge=0)
    blocks: Literal["event", "published", "none"] = "event"
    corpus: Corpus = Corpus()
    lexicons: Lexicons = Lexicons()

    @field_validator("groups", "targets")
    @classmethod
    def _no_repeats(cls, values):
        return _without_repeats(values)

    @model_validator(mode="after")
    def _something_compared(self):
        if not self.groups and not self.comparisons and self.by == "group":
            raise ValueError('groups: missing; add it, or write by = "…" (a column of articles.csv) or a table [comparisons.NAME]')
        if self._has_own and self.by in self.comparisons:
            raise ValueError(f"comparisons.{self.by}: the comparison above the tables has that name already; rename it")
        return self

    @property
    def _has_own(self) -> bool:
        return bool(self.groups) or self.by != "group"

    @property
    def all_comparisons(self) -> dict[str, Comparison]:
        """The comparisons by name, the default first: that of `groups` and `by` (named after its column), then those of `comparisons`."""
        own = {self.by: Comparison(by=self.by, groups=self.groups) if self.groups else Comparison(by=self.by)} if self._has_own else {}
        return own | self.comparisons

    def comparison(self, name: str | None = None) -> Comparison:
        """Return a comparison by name; the default where no name is given.

        Raises:
            InputError: if there is none of that name.
        """
        known = self.all_comparisons
        if name is not None and name not in known:
            raise InputError(f"{self.folder / 'study.toml'}: no comparison '{name}'; use {', '.join(known)}, or add a table [comparisons.{name}]")
        return known[name or next(iter(known))]

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


def comparison_of(path: str | Path) -> tuple[Path, str | None]:
    """Part a study's folder from the comparison named behind it ("my-study#by_year"); a folder that has a # in its own name is taken as it is."""
    folder, mark, name = str(path).rpartition("#")
    return (Path(folder), name) if mark and name and not Path(path).exists() else (Path(path), None)


def read_settings(path: str | Path) -> Settings:
    """Read `study.toml`.

    Args:
        path: the study's folder, or its `study.toml`; a comparison behind it is left aside.

    Raises:
        InputError: with all faults, if the file is missing, is not TOML, or holds unknown keys or wrong values.
    """
    path = comparison_of(path)[0]
    file = path / "study.toml" if path.is_dir() else path
    if path.is_file() and path.suffix != ".toml":
        raise InputError(f"{path}: no study; {f'give the folder {path.parent}' if (path.parent / 'study.toml').is_file() else f'make one of it with `pressframes new my-study --from {path}` and give that folder'}")
    articles = f", or make one of the articles in it with `pressframes new my-study --from {path}`" if path.is_dir() else ""
    try:
        values = tomllib.loads(read_file(file, _LARGEST, f"{file}: no such file; give a folder that holds a study.toml{articles}").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file}: not valid TOML: {error}; correct it") from None
    if "folder" in values:
        raise InputError(f"{file}: folder: unknown key; remove it")
    try:
        return Settings(folder=file.parent, **values)
    except ValidationError as error:
        raise_all([f"{file}: {_explain(fault)}" for fault in error.errors()])


def _explain(fault: dict) -> str:
    """Say one fault of a validation: where, what is wrong, what to do."""
    where = ".".join(str(part) for part in fault["loc"]) or "value"
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown key; correct the spelling or remove it"
    if fault["type"] == "missing":
        return f"{where}: missing; add it"
    if fault["type"] in ("too_short", "string_too_short"):
        return f"{where}: is empty; fill it in"
    if not fault["loc"]:
        return message
    return f"{where}: {message[0].lower()}{message[1:]} (found {str(fault['input'])[:60]!r}); correct it"
