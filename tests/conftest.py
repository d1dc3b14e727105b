"""What all tests share: the study of the seeds, annotated once, and small studies made on the spot."""

from pathlib import Path

import hypothesis
import pytest
from pages import LEXICONS, write_hostile_study, write_study
from windows import browser, visit  # noqa: F401

from pressframes.report.build import build_report
from pressframes.study import Study

hypothesis.settings.register_profile("steady", derandomize=True, database=None, deadline=None, print_blob=False)
hypothesis.settings.load_profile("steady")  # the same texts on every machine; --hypothesis-seed=N tries others

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory):
    """Keep the tests away from the user's own cache."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESSFRAMES_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def study(cache_folder) -> Study:
    return Study.load(ROOT / "seeds")


@pytest.fixture(scope="session")
def tables(study):
    return study.annotations()


@pytest.fixture(scope="session")
def lexicons():
    return LEXICONS


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Path:
    """The folder of the seeds' report."""
    return _build("seeds", ROOT, tmp_path_factory.mktemp("made") / "report")


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory) -> Path:
    """The folder of a report whose corpus attacks its reader; its study is the folder `mine` beside it."""
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile_study(folder / "mine")
    return _build("mine", folder, folder / "report")


def _build(study: str, folder: Path, out: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        build_report(study, out)
    return out


@pytest.fixture
def make_study(tmp_path):
    """Return a function that writes a study of `{(article_id, group): text}` and returns its folder."""
    return lambda texts: write_study(tmp_path / "study", texts)
