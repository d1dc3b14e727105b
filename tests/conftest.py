"""What all tests share: the study of the seeds, annotated once, and small studies made on the spot."""

from pathlib import Path

import hypothesis
import pytest
from pages import LEXICONS, write_study

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


@pytest.fixture
def make_study(tmp_path):
    """Return a function that writes a study of `{(article_id, group): text}` and returns its folder."""
    return lambda texts: write_study(tmp_path / "study", texts)
