"""What the documents say is what the program does."""

import doctest
import re
from pathlib import Path

import pytest

from pressframes import measures
from pressframes.annotate import COLUMNS
from pressframes.study import Study

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "lexicons" / "README.md"]
METHODS = ROOT / "docs" / "methods" / "README.md"
PAGES = [METHODS.parent / name for name in re.findall(r"^\| \[.*?\]\(([\w-]+\.md)\)", METHODS.read_text(encoding="utf-8"), re.MULTILINE)]


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
    assert f"{len(study.lexicons.loaded)} curated entries" in METHODS.read_text(encoding="utf-8")


def test_the_methods_list_every_page_once():
    assert sorted(PAGES) == sorted(set(METHODS.parent.glob("*.md")) - {METHODS})


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_each_page_of_the_methods_has_its_parts_and_leads_on(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)", text, re.MULTILINE) == ["Formula", "Example", "How to read it", "When it misleads", "Sources"]
    at = PAGES.index(page)
    around = [*PAGES[max(0, at - 1) : at], METHODS, *PAGES[at + 1 : at + 2]]
    assert re.findall(r"\(([\w-]+\.md)\)", text.splitlines()[-1]) == [beside.name for beside in around]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_examples_of_the_methods_print_what_they_say(page, study, monkeypatch):
    monkeypatch.setattr(Study, "load", lambda folder: study)
    unfenced = re.sub(r"^```.*", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(unfenced, {}, page.name, str(page), 0)
    assert examples.examples
    assert not doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(examples).failed


def test_the_methods_name_every_measure():
    told = {name for page in PAGES for name in re.findall(r"`(\w+)`", page.read_text(encoding="utf-8"))}
    assert set(measures.__all__) <= told
