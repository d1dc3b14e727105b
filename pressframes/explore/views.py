"""What is asked: a view, in words, as code and as a file beside the study."""

import json
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from pressframes import counts
from pressframes.errors import InputError, known
from pressframes.results import slug
from pressframes.study import Study

VOICES_SAID = {"outlet": "the outlet's own words", "indirect": "reported speech", "direct": "quotations"}


@dataclass(frozen=True)
class View:
    """What is asked. An empty field does not narrow.

    Attributes:
        groups, voices: only these.
        targets: only sentences that mention one of these.
        term: a word, a phrase, a stem with `*` or, with `regex`, a regular expression; where empty, the curated loaded terms are counted.
        categories: of loaded terms, where no term is given; terms added count whatever the categories.
        added, struck: terms added to the loaded terms (each a word, a phrase or a stem with `*`), and entries struck from them.
        article: the article shown in full; where empty, the first that holds a line.
    """

    groups: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    term: str = ""
    regex: bool = False
    added: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    article: str = ""


def check(study: Study, view: View) -> None:
    choices = {"groups": study.groups, "targets": tuple(study.targets), "voices": counts.VOICES, "categories": categories_of(study)}
    for name, values in choices.items():
        for value in getattr(view, name):
            if value not in values:
                raise InputError(f"{name}: unknown '{value}'; {known(value, values)}")
    if view.article:
        study.text(view.article)


def categories_of(study: Study) -> tuple[str, ...]:
    return tuple(sorted({entry.category for entry in study.lexicons.loaded}))


def in_words(study: Study, view: View) -> str:
    what = f"The regular expression {view.term}" if view.regex and view.term else f"“{view.term}”" if view.term else "Loaded terms"
    if not view.term:
        changes = [f"{len(terms)} {word}" for terms, word in ((view.added, "added"), (view.struck, "struck")) if terms]
        what += f" ({', '.join([*view.categories, *changes])})" if view.categories or changes else ""
    near = f"in sentences that mention {' or '.join(study.targets[target] for target in view.targets)}" if view.targets else ""
    whose = f"in {' or '.join(VOICES_SAID[voice] for voice in view.voices)}" if view.voices and set(view.voices) != set(counts.VOICES) else ""
    return ", ".join(filter(None, [" ".join(filter(None, [what, near])), whose, " and ".join(view.groups)]))


def as_code(study: Study, view: View, asked: str) -> str:
    given = lambda **values: "".join(f", {name}={value!r}" for name, value in values.items() if value)
    narrowing = given(groups=view.groups, targets=view.targets, voices=view.voices)
    changed = view.added or view.struck
    first = next(iter(study.settings.all_comparisons))
    comparison = given(comparison=study.comparison if study.comparison != first else "")
    what = given(term=view.term, regex=view.regex) if view.term else given(categories=view.categories)
    return "\n".join([
        "import pressframes", "from pressframes import explore", "",
        f"study = pressframes.Study.load({str(study.settings.folder)!r}{comparison})",
        *([f"changed = explore.with_list(study{given(added=view.added, struck=view.struck)})"] if changed else ["changed = study"]),
        f"hits, words = explore.narrow(changed, explore.hits(changed{what}){narrowing})",
        f"asked = {asked!r}",
        "rates = explore.rates(changed, hits, words, asked)", "places = explore.places(changed, hits, words)", "lines = explore.lines(changed, hits, asked)",
        *([f"moved = explore.moved(study, changed, words{narrowing}{given(categories=view.categories)})"] if changed else []),
    ])  # fmt: skip


# Files


def save_view(study: Study, view: View, name: str, *, over: bool = False) -> Path:
    """Write a view as `view-<name>.toml` beside the study.

    Raises:
        InputError: if the name holds no letter or digit, the file cannot be written, or it is there, says something else and `over` is False.
    """
    values = [f"{key} = {_toml(value)}" for key, value in asdict(view).items() if value]
    return write(beside(study, "view", name, "toml"), "\n".join(["# A view of the study; pressframes.explore.read_view reads it.", *values, ""]), over=over)


def saved_views(study: Study) -> dict[str, Path]:
    """Return the views saved beside the study: name -> file, by name."""
    return {path.stem.removeprefix("view-"): path for path in sorted(study.settings.folder.glob("view-*.toml"))}


def read_view(path: str | Path) -> View:
    """Read a view that `save_view` wrote.

    Raises:
        InputError: if the file is missing, is not TOML, or holds an unknown key or a value of the wrong kind.
    """
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a view ({error}); give a file that save_view wrote") from None
    empty = asdict(View())
    for key, value in values.items():
        if key not in empty:
            raise InputError(f"{path}: {key}: unknown key; use {', '.join(empty)}")
        if isinstance(empty[key], tuple) != isinstance(value, list) or not isinstance(value, (list, type(empty[key]))) or (isinstance(value, list) and not all(isinstance(part, str) for part in value)):
            wanted = {tuple: "a list of texts", str: "a text", bool: "true or false"}[type(empty[key])]
            raise InputError(f"{path}: {key}: must be {wanted}; correct it")
    return View(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


def beside(study: Study, kind: str, name: str, ending: str) -> Path:
    if not slug(name):
        raise InputError(f"'{name}' is no name for a file; give a word of the letters a to z or digits")
    return study.settings.folder / f"{kind}-{slug(name)}.{ending}"


def write(path: Path, text: str, *, over: bool) -> Path:
    written = text.encode("utf-8", errors="replace")
    try:
        if path.exists() and path.read_bytes() != written and not over:
            raise InputError(f"{path}: already there; choose another name or ask to write over it")
        path.write_bytes(written)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); make the study's folder writable") from None
    return path


def _toml(value) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")
