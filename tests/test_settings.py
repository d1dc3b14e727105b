import pytest
from pydantic import ValidationError

from pressframes.errors import InputError
from pressframes.settings import read_settings

GOOD = 'title = "T"\ngroups = ["A", "B"]\ntargets = ["russia"]\n'


def write(folder, text):
    (folder / "study.toml").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


def test_settings_of_the_seeds(study):
    settings = study.settings
    assert settings.groups == ("Azerbaijani", "Bulgarian", "Turan")
    assert settings.targets == ("russia", "us", "peacekeepers")
    assert settings.articles == "articles.csv" and settings.seed == 20201110


def test_what_is_left_out_has_a_default(tmp_path):
    settings = read_settings(write(tmp_path, GOOD))
    assert (settings.articles, settings.seed, settings.question, settings.lexicons.loaded) == ("articles.csv", 0, "", "loaded.csv")
    assert settings.folder == tmp_path


def test_the_folder_and_the_file_are_the_same_study(tmp_path):
    write(tmp_path, GOOD)
    assert read_settings(tmp_path) == read_settings(tmp_path / "study.toml") == read_settings(str(tmp_path))


def test_settings_are_frozen(tmp_path):
    settings = read_settings(write(tmp_path, GOOD))
    with pytest.raises(ValidationError):
        settings.seed = 5


def test_a_lexicon_beside_the_study_comes_before_the_suites_own(tmp_path):
    settings = read_settings(write(tmp_path, GOOD))
    shipped = settings.lexicon_path("naming")
    assert shipped.is_file() and shipped.parent != tmp_path
    (tmp_path / "naming.csv").write_text("referent,variant,forms\n", encoding="utf-8")
    assert settings.lexicon_path("naming") == tmp_path / "naming.csv"


@pytest.mark.parametrize(
    "text, told",
    [
        ("title = ", ["TOML"]),
        ("title = 1\ntitle = 2", ["TOML"]),
        ("\ufeff" + GOOD, ["TOML"]),
        (b"title = '\xff'", ["UTF-8"]),
        (GOOD + 'folder = "/"', ["folder", "unknown key"]),
        (GOOD + 'colour = "red"', ["colour", "unknown key"]),
        (GOOD.replace("title", "x = 1  #"), ["2 faults: (1)", "title: missing", "(2)", "x: unknown key"]),
        (GOOD.replace('groups = ["A", "B"]', ""), ["groups", "missing"]),
        (GOOD.replace('"T"', '""'), ["title"]),
        (GOOD.replace('"T"', "3"), ["title", "3"]),
        (GOOD.replace('["A", "B"]', "[]"), ["groups"]),
        (GOOD.replace('["A", "B"]', '"A"'), ["groups"]),
        (GOOD.replace('["A", "B"]', '["A", "A"]'), ["groups", "'A' stands twice"]),
        (GOOD.replace('["A", "B"]', '["A\\nB", "A\\nB"]'), ["groups", "twice"]),
        (GOOD.replace('["russia"]', '["russia", "russia"]'), ["targets", "'russia' stands twice"]),
        (GOOD + "seed = -1", ["seed", "-1"]),
        (GOOD + 'seed = "today"', ["seed", "today"]),
        (GOOD + "seed = 1.5", ["seed", "1.5"]),
        (GOOD + '[lexicons]\ncolours = "c.csv"', ["lexicons.colours", "unknown key"]),
        (GOOD + "[lexicons]\nloaded = 3", ["lexicons.loaded"]),
    ],
)
def test_faults_are_told_in_one_line(tmp_path, text, told):
    with pytest.raises(InputError) as caught:
        read_settings(write(tmp_path, text))
    message = str(caught.value)
    assert message.removeprefix("2 faults: (1) ").startswith(f"{tmp_path / 'study.toml'}: ")
    assert all(part in message for part in told)
    assert len(message.splitlines()) == 1
    assert "; " in message, "the message says what to do"


@pytest.mark.parametrize("place", ["", "nowhere", "nowhere/study.toml"])
def test_no_such_study(tmp_path, place):
    with pytest.raises(InputError, match=r"no such file; give a folder that holds a study\.toml"):
        read_settings(tmp_path / place)


def test_articles_are_no_study_yet(tmp_path):
    (tmp_path / "mine.csv").write_bytes("текст".encode("cp1251"))
    for given, mend in ((tmp_path, f"study.toml: no such file; .* in it with `pressframes new my-study --from {tmp_path}`"), (tmp_path / "mine.csv", f"mine.csv: no study; make one of it with `pressframes new my-study --from {tmp_path / 'mine.csv'}`")):
        with pytest.raises(InputError, match=mend):
            read_settings(given)
    write(tmp_path, GOOD)
    with pytest.raises(InputError, match=f"mine.csv: no study; give the folder {tmp_path}"):
        read_settings(tmp_path / "mine.csv")


def test_a_folder_called_study_toml(tmp_path):
    (tmp_path / "study.toml").mkdir()
    with pytest.raises(InputError, match="study.toml.*; "):
        read_settings(tmp_path)


def test_a_lexicon_that_is_nowhere(tmp_path):
    settings = read_settings(write(tmp_path, GOOD + '[lexicons]\nloaded = "mine.csv"'))
    with pytest.raises(InputError, match=r"study\.toml: lexicons\.loaded: no file 'mine\.csv'.*; correct the name"):
        settings.lexicon_path("loaded")
