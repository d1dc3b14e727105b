"""What the documents say is what the program does."""

import doctest
import inspect
import re
from pathlib import Path

import pytest

from pressframes import measures
from pressframes.annotate import COLUMNS
from pressframes.comparison import FEWEST_ARTICLES
from pressframes.measures.rates import FEWEST_DRAWN
from pressframes.measures.uncertainty import RESAMPLES
from pressframes.robustness import MOST_ARTICLES, MOST_ENTRIES
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


@pytest.mark.parametrize(("page", "told"), [
    ("rates", f"{RESAMPLES:,} times"), ("rates", f"{FEWEST_ARTICLES} or more articles"), ("rates", f"fewer than {FEWEST_DRAWN} units"),
    ("design", f"{inspect.signature(measures.difference_p).parameters['permutations'].default:,} are drawn"), ("design", f"from {FEWEST_ARTICLES} in each group on"),
    ("keyness", f"Else {inspect.signature(measures.keyness).parameters['permutations'].default} are drawn"), ("keyness", f"worth {inspect.signature(measures.weighted_log_odds).parameters['strength'].default} words"),
    ("robustness", f"more than {MOST_ARTICLES} articles"), ("robustness", f"{MOST_ENTRIES} commonest terms"), ("agreement", f"fewer than {FEWEST_ARTICLES} articles"),
])  # fmt: skip
def test_the_methods_tell_the_numbers_that_the_program_uses(page, told):
    assert told in " ".join((METHODS.parent / f"{page}.md").read_text(encoding="utf-8").split())
