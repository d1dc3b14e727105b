"""What the documents say is what the program does."""

import re
from pathlib import Path

import pytest

from pressframes.annotate import COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "lexicons" / "README.md"]


def test_the_readme_tells_the_findings_as_computed(study):
    told = re.search(r"<!-- findings -->\n(.*)\n<!-- /findings -->", README, re.DOTALL)[1]
    assert told == "\n".join(f"- **{note.lead}.** {note.text}" for note in study.findings())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_documents_lead_to_files(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_python_in_the_readme_runs(study):
    block = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    for line in block.splitlines()[2:]:
        assert eval(line, {"study": study}) is not None


def test_make_targets_of_the_readme_exist():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {*re.findall(r"`?make (\w+)", README)} <= set(targets)


def test_the_data_dictionary_tells_every_column():
    text = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    for table, columns in COLUMNS.items():
        part = re.search(rf"^## {table}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
        assert part, table
        assert re.findall(r"^\| `(\w+)`", part[1], re.MULTILINE) == list(columns), table


def test_the_methods_tell_how_long_the_list_is(study):
    assert f"{len(study.lexicons.loaded)} curated entries" in (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
