"""What a study is and what it counts, article by article: small enough to travel with its report, enough to say later what has changed."""

import json
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from pressframes import counts, shelf
from pressframes.errors import InputError
from pressframes.layers.parse import parser_version
from pressframes.lexicon import LexiconSet
from pressframes.settings import Settings
from pressframes.study import Study

NAME = "study.json"
"""The file of a report that holds it."""
_VERSION = 1
ARTICLES = ("article_id", "group", "outlet", "title", "published", "n_words", "sha256")
COUNTS = ("article_id", "voice", "target", "words", "loaded", "mentions")


@dataclass(frozen=True)
class Snapshot:
    """A study at one time.

    Attributes:
        settings: key of `study.toml` -> value as text.
        articles: columns ARTICLES; `sha256` of the file.
        entries: lexicon -> entry -> what it stands for there.
        counts: columns COUNTS, one row an article, voice and target: the words of its sentences that mention the target, the loaded terms (curated list) among them, and the mentions.
            An empty target stands for all sentences; `mentions` there counts those of all targets.
        targets: key -> label.
        rules: version of the suite and hash of what decides what the layers say.
    """

    settings: dict[str, str]
    articles: pd.DataFrame
    entries: dict[str, dict[str, str]]
    counts: pd.DataFrame
    targets: dict[str, str]
    rules: str

    def to_json(self) -> str:
        """Return it as the text of a file."""
        tables = {name: getattr(self, name).to_dict("split", index=False)["data"] for name in ("articles", "counts")}
        return json.dumps({"pressframes_study": _VERSION, "rules": self.rules, "settings": self.settings, "targets": self.targets, **tables, "entries": self.entries}, ensure_ascii=False, separators=(",", ":"))


def take_snapshot(study: Study) -> Snapshot:
    """Return what a study is and counts now."""
    articles = study.annotations().articles[list(ARTICLES)].reset_index(drop=True)
    rules = f"pressframes {shelf.version()}, rules {shelf.hash_of_rules()}, parser {parser_version()}"
    return Snapshot(_settings(study.settings), articles, _entries(study.lexicons), _counts(study), dict(study.targets), rules)


def read_snapshot(path: str | Path) -> Snapshot:
    """Return the snapshot of a study's folder, taken now, or the one that a report holds.

    Raises:
        InputError: if there is neither, or it cannot be used.
    """
    path = Path(path)
    if not (path / ".pressframes-report").exists() and path.name != NAME:
        return take_snapshot(Study.load(path))
    file = path if path.name == NAME else path / NAME
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{file}: missing, the report was made by an older pressframes; make it again, or give the study's folder") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'not JSON in UTF-8'}); make the report again") from None
    try:
        if held["pressframes_study"] != _VERSION:
            raise InputError(f"{file}: written by another version of pressframes; make the report again, or give the study's folder")
        tables = {name: pd.DataFrame(held[name], columns=list(columns)) for name, columns in (("articles", ARTICLES), ("counts", COUNTS))}
        numbers = {"articles": ["n_words"], "counts": ["words", "loaded", "mentions"]}
        tables = {name: table.astype({column: "int64" if column in numbers[name] else "str" for column in table.columns}) for name, table in tables.items()}
        maps = {name: {str(key): str(value) for key, value in held[name].items()} for name in ("settings", "targets")}
        entries = {str(name): {str(key): str(value) for key, value in part.items()} for name, part in held["entries"].items()}
        return Snapshot(maps["settings"], tables["articles"], entries, tables["counts"], maps["targets"], str(held["rules"]))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise InputError(f"{file}: holds no study as a report keeps it; make the report again") from None


def _settings(settings: Settings) -> dict[str, str]:
    flat = {}
    for key, value in settings.model_dump(mode="json", exclude={"folder"}).items():
        flat |= {f"{key}.{name}": part for name, part in value.items()} if isinstance(value, dict) else {key: value}
    return {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in flat.items()}


def _entries(lexicons: LexiconSet) -> dict[str, dict[str, str]]:
    said = lambda **parts: "; ".join(f"{name}: {', '.join(values)}" for name, values in parts.items() if values)
    terms = lambda entries: {f"{one.entry} ({one.category})" if one.category else one.entry: said(polarity=[one.polarity], forms=() if one.forms == (one.entry,) else one.forms, but_not=one.exceptions, only_with=one.only_with, not_with=one.not_with) for one in entries}
    targets = lexicons.targets
    aliases = {f"{target.key}: {alias}": kind for target in targets.targets for kind, known in target.aliases for alias in known}
    shared = {f"{name}: {word}": "" for name in ("institutions", "offices", "private") for word in sorted(getattr(targets, name))}
    return {
        "targets": {**aliases, **shared}, "loaded": terms(lexicons.loaded), "opinion": terms(lexicons.opinion),
        "naming": {f"{one.referent}: {one.variant}": said(forms=one.forms) for one in lexicons.naming},
        "reporting": {f"{field.name}: {word}": "" for field in fields(lexicons.reporting) for word in sorted(map(str, getattr(lexicons.reporting, field.name)))},
        "furniture": {f"{one.scope}: {one.pattern.pattern}": one.kind for one in lexicons.furniture},
    }  # fmt: skip


def _counts(study: Study) -> pd.DataFrame:
    annotations, by = study.annotations(), ["article_id", "voice", "target"]
    words, loaded = counts.sentence_words(annotations), annotations.loaded[annotations.loaded["lexicon"] == "curated"]
    everywhere = lambda frame: frame.assign(target="")
    told = lambda frame: pd.concat([everywhere(frame), counts.in_target_sentences(frame, annotations)])
    found = {
        "words": told(words).groupby(by)["n"].sum(), "loaded": told(loaded).groupby(by).size(),
        "mentions": pd.concat([everywhere(annotations.mentions), annotations.mentions]).groupby(by).size(),
    }  # fmt: skip
    return pd.DataFrame(found).fillna(0).astype("int64").reset_index()[list(COUNTS)]
