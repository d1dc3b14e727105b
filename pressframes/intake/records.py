"""What the readers hand on: articles as they stand in a file, before anyone has said what their columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = ("text", "title", "outlet", "date", "author", "url", "group", "id", "file", "event", "translation", "syndicated_from")
"""What a column can mean; `file` is the name of a file that holds the text."""


@dataclass(frozen=True)
class Source:
    """One file to be read.

    Attributes:
        name: for messages and folders: the path below what was given, that included; a member of a zip as `archive.zip/name.txt`.
        data: its bytes.
        encoding: of its text, where the user says so.
    """

    name: str
    data: bytes
    encoding: str | None = None

    @property
    def suffix(self) -> str:
        """Return how the name ends, in lower case, with the dot."""
        last = self.name.rsplit("/", 1)[-1]
        return ".warc" if last.lower().endswith(".warc.gz") else f".{last.rsplit('.', 1)[1].lower()}" if "." in last else ""


@dataclass(frozen=True)
class Record:
    """One article as it was read.

    Attributes:
        file: the name of its source.
        columns: column name -> value. The columns of a table keep the user's names; elsewhere they are FIELDS.
        part: where in the file: `row 5` as a spreadsheet counts (the header is row 1), `article 3`; empty for a document.
        layout: what kind of file it came from, as a reader of the summary sees it.
        known: field -> how its value is known, where that is not the column itself.
        notes: what was done to the text on the way in.
    """

    file: str
    columns: Mapping[str, str]
    part: str = ""
    layout: str = "table"
    known: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Return where it stands, for messages."""
        return f"{self.file}, {self.part}" if self.part else self.file
