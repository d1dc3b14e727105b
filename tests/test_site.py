"""The site lists every notebook and page; `make site` builds it, with warnings as errors."""

import re
import runpy
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
INDEX = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
LISTED = re.findall(r"^(/[\w/*-]+)$", INDEX, re.MULTILINE)


def test_every_notebook_and_page_is_listed_once():
    pages = [path.with_suffix("") for entry in LISTED for path in sorted(ROOT.glob(f"{entry[1:]}.md")) + sorted(ROOT.glob(f"{entry[1:]}.ipynb"))]
    wanted = {path.with_suffix("") for folder in ("docs", "notebooks", "models") for path in (ROOT / folder).rglob("*") if path.suffix in (".md", ".ipynb") and ".ipynb_checkpoints" not in path.parts}
    assert len(pages) == len(set(pages)) and wanted - set(pages) == {ROOT / "docs" / "index"}
    assert all(list(ROOT.glob(f"{entry[1:]}.*")) for entry in LISTED)


def test_every_page_that_a_page_leads_to_is_listed():
    pages = {path.resolve() for entry in LISTED for path in ROOT.glob(f"{entry[1:]}.*") if path.suffix in (".md", ".ipynb")}
    settings = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    assert pages <= {path.resolve() for pattern in settings["include_patterns"] for path in ROOT.glob(pattern.replace("**.", "**/*."))}
    led_to = {(page, (page.parent / link).resolve()) for page in pages for link in re.findall(r"\]\(([\w./-]+\.(?:md|ipynb))[)#]", page.read_text(encoding="utf-8"))}
    assert len(led_to) > 50 and {(page.name, led.name) for page, led in led_to if led not in pages} == set()


def test_the_methods_stand_in_their_order():
    order = re.findall(r"^\| \[.*?\]\(([\w-]+)\.md\)", (ROOT / "docs" / "methods" / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [entry for entry in LISTED if entry.startswith("/docs/methods/")] == [f"/docs/methods/{name}" for name in ("README", *order)]


def test_nothing_is_run_and_nothing_comes_from_elsewhere():
    settings = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    assert settings["nb_execution_mode"] == "off" and settings["html_theme"] == "alabaster"
    files = [*(ROOT / "docs" / "_static").iterdir(), *(ROOT / "docs" / "site").iterdir()]
    assert len(files) == 2 and not [file for file in files if re.search(r"https?://|@import|url\(", file.read_text(encoding="utf-8"))]
    assert all((ROOT / "docs" / folder).is_dir() for folder in (*settings["html_extra_path"], *settings["html_static_path"]))


def test_the_citation_is_of_this_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    told = dict(re.findall(r"^([\w-]+): (.+)$", citation, re.MULTILINE))
    assert (told["version"], told["license"], told["cff-version"]) == (project["version"], project["license"], "1.2.0")
    assert re.findall(r"^  - (.+)$", citation.partition("keywords:")[2], re.MULTILINE) == project["keywords"]
