"""The two studies of examples/: they load, and the commands that are said to have made them exist."""

import re
import shlex
from pathlib import Path

import pytest

from pressframes import cli
from pressframes.study import Study

ROOT = Path(__file__).parents[1] / "examples"
TOLD = {"fa-kes": (768, {"Damascus and allies": 298, "Syrian opposition": 41, "Turkish": 110, "Gulf-owned": 114, "Neighbours": 182, "Reuters": 23}), "hyperpartisan": (642, {"Other": 401, "Hyperpartisan": 238})}


def test_every_example_is_told():
    assert sorted(path.name for path in ROOT.iterdir() if path.is_dir()) == sorted(TOLD) == sorted(re.findall(r"^\| \[([\w-]+)\]", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", TOLD)
def test_an_example_loads_and_names_its_source(name):
    study = Study.load(ROOT / name)
    rows, sizes = TOLD[name]
    assert (len(study.articles) + len(study.other_languages), study.sizes) == (rows, sizes)
    assert len({article.sha256 for article in study.articles}) == len(study.articles) and all(target.key in study.targets for target in study.lexicons.targets.targets)
    source = (ROOT / name / "SOURCE.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in source and "doi.org/10.5281/zenodo" in source
    command = re.search(r"```\npressframes (.*?)\n```", source, re.DOTALL)[1].replace("\\\n", " ")
    options = {option for parameter in cli.new.params for option in parameter.opts}
    assert [part for part in shlex.split(command) if part.startswith("--") and part not in options] == []
