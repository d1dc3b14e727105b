"""A study on disk: `study.toml`, `articles.csv` and the texts, all or nothing."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from pressframes.corpus import read_articles
from pressframes.errors import InputError, WorkError
from pressframes.intake.mapping import Entry, Proposal, harmless
from pressframes.placing import drafting, take_place
from pressframes.settings import read_settings

_CELLS = {
    "article_id": lambda entry: entry.article_id, "path": lambda entry: _path(entry), "group": lambda entry: entry.group, "outlet": lambda entry: entry.outlet, "title": lambda entry: entry.title, "byline": lambda entry: entry.author, "published": lambda entry: entry.published,
    "date_precision": lambda entry: entry.precision, "syndicated_from": lambda entry: entry.syndicated_from, "translation": lambda entry: entry.translation, "event": lambda entry: entry.event,
}  # fmt: skip
"""The columns of `articles.csv`, as pressframes.corpus reads them."""
_KNOWN = ("text", "path", "title", "byline", "outlet", "published", "syndicated_from", "translation", "event", "group")


def check_new(folder: Path) -> None:
    """Raises:
    InputError: if there is something at `folder` already, or the folder above it is missing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: already there; choose another name, a study is never overwritten")
    if not folder.absolute().parent.is_dir():
        raise InputError(f"{folder}: the folder above it does not exist; make it or correct the path")


def write_study(proposal: Proposal, folder: Path, *, title: str, targets: tuple[str, ...], files: Mapping[str, bytes] | None = None, targets_file: str = "", in_table: bool = False) -> None:
    """Write a study and read it back; it appears at `folder` whole, or not at all.

    Args:
        targets: keys of the targets lexicon.
        files: name -> content of further files that belong to it.
        targets_file: the one of these that is its targets lexicon; the suite's own where empty.
        in_table: write the texts into `articles.csv`, in a column `text`; else each into a file of its own.

    Raises:
        InputError: if there is something at `folder` already, or what was written cannot be read as a study.
        WorkError: if it cannot be written.
    """
    folder = Path(folder)
    check_new(folder)
    if computed := next((entry for entry in proposal.entries if in_table and harmless(entry.text) != entry.text), None):
        raise InputError(f"{computed.place}: its text begins as a formula does, which a spreadsheet would compute in a table; leave out --in-table")
    try:
        with drafting(folder.absolute()) as draft:
            check_new(folder)  # another run may have been quicker
            if not in_table:
                (draft / "texts").mkdir()
                for entry in proposal.entries:
                    (draft / _path(entry)).write_bytes(entry.text.encode("utf-8"))
            (draft / "articles.csv").write_bytes(_articles(proposal.entries, in_table=in_table).encode("utf-8"))
            (draft / "study.toml").write_bytes(_settings(proposal, title, targets, targets_file).encode("utf-8"))
            for name, data in (files or {}).items():
                (draft / name).write_bytes(data)
            try:
                read_articles(read_settings(draft))
            except InputError as error:
                raise InputError(str(error).replace(f"{draft}/", "")) from None
            take_place(draft, folder.absolute())
    except OSError as error:
        raise WorkError(f"{folder}: cannot be written ({error.strerror}); nothing was left there; make room or choose another place") from None


def _path(entry: Entry) -> str:
    return f"texts/{entry.article_id}.txt"


def _articles(entries: tuple[Entry, ...], *, in_table: bool) -> str:
    known = [name for name in _KNOWN if any(entry.known.get(name) for entry in entries)]
    cells = {name: cell for name, cell in _CELLS.items() if name != "path" or not in_table}
    lines = io.StringIO(newline="")
    table = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_ALL if in_table else csv.QUOTE_MINIMAL)  # a lone CR in a text is quoted by the former alone
    table.writerow([*cells, *(f"{name}_known_from" for name in known), *(["text"] if in_table else [])])
    for entry in entries:
        table.writerow([*map(harmless, [*(cell(entry) for cell in cells.values()), *(entry.known.get(name, "") for name in known)]), *([entry.text] if in_table else [])])
    return lines.getvalue()


def _settings(proposal: Proposal, title: str, targets: tuple[str, ...], targets_file: str) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # a TOML basic string

    lines = [f"title = {quoted(title)}", 'articles = "articles.csv"', f"groups = [{', '.join(map(quoted, proposal.groups))}]   # compared, in this order",
             f"targets = [{', '.join(map(quoted, targets))}]   # tables of the targets lexicon", "seed = 0   # of every random draw"]  # fmt: skip
    return "\n".join([*lines, *(["", "[lexicons]", f"targets = {quoted(targets_file)}"] if targets_file else []), ""])
