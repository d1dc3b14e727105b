import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from pressframes import cache


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


NAME = cache.key("something")


def test_the_folder_is_the_systems_for_caches(monkeypatch):
    monkeypatch.delenv(cache.VARIABLE)
    assert cache.home().name == "pressframes" or "pressframes" in cache.home().parts
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
        assert cache.home() == Path("/elsewhere/pressframes")


def test_a_key_tells_its_parts_apart():
    assert cache.key("ab", "c") != cache.key("a", "bc") != cache.key("abc") and cache.key("a", b"b") == cache.key("a", "b")
    assert re.fullmatch("[0-9a-f]{32}", cache.key("\ud800"))


def test_what_is_written_is_read():
    assert cache.read("pages", NAME) is None
    cache.write("pages", NAME, {"a": b"1", "b": b""})
    assert cache.read("pages", NAME) == {"a": b"1", "b": b""}
    cache.write("pages", NAME, {"a": b"2"})
    assert cache.read("pages", NAME) == {"a": b"2"} and cache.read("prints", NAME) is None


def test_an_entry_can_be_opened_with_any_tool(home):
    cache.write("pages", NAME, {"index.html": b"<html></html>"})
    (file,) = (home / "pages").rglob("*.zip")
    assert zipfile.ZipFile(file).read("index.html") == b"<html></html>"


def test_no_damaged_entry_is_read(home):
    files = {"a": b"some text that is long enough " * 9, "b": b"more"}
    cache.write("pages", NAME, files)
    (file,) = (home / "pages").rglob("*.zip")
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place])
        assert cache.read("pages", NAME) is None
        for bit in (1, 16, 128):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            assert cache.read("pages", NAME) in (None, files)  # a date in the archive's head may change, a content never


def test_pruning_removes_what_was_not_used_for_longest(home):
    names = [cache.key(str(number)) for number in range(6)]
    for age, name in enumerate(names):
        cache.write("pages", name, {"a": os.urandom(10_000)})
        os.utime(next((home / "pages").rglob(f"{name}.zip")), (time.time() - 100 + age,) * 2)
    cache.read("pages", names[0])  # used just now
    cache.prune(35_000)
    assert [name for name in names if cache.read("pages", name)] == [names[0], names[4], names[5]]


def test_pruning_touches_nothing_but_entries(home):
    cache.write("pages", NAME, {"a": b"1"})
    others = [home / "thesis.txt", home / "pages" / NAME[:2] / "thesis.zip", home / "other" / "ab" / f"{NAME}.zip", home / "locks" / "ab.lock"]
    for other in others:
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_bytes(b"mine" * 100)
    dead, live = (home / "pages" / NAME[:2] / f"{name}.partial" for name in ("dead", "live"))
    for file in (dead, live):
        file.write_bytes(b"half")
    os.utime(dead, (time.time() - 10 * 86_400,) * 2)
    cache.prune(0)
    assert cache.read("pages", NAME) is None and all(other.exists() for other in others)
    assert live.exists() and not dead.exists()


def test_a_cache_that_is_deleted_meanwhile_stops_nothing(home):
    import shutil

    cache.write("pages", NAME, {"a": b"1"})
    with cache.lock(NAME):
        shutil.rmtree(home)
        cache.prune()
        assert cache.read("pages", NAME) is None
        cache.write("pages", NAME, {"a": b"2"})
    assert cache.read("pages", NAME) == {"a": b"2"}


def test_one_at_a_time_makes_an_entry():
    order = []

    def make(who, lasts):
        with cache.lock(NAME):
            order.append(who)
            time.sleep(lasts)
            order.append(who)

    threads = [threading.Thread(target=make, args=(who, 0.1)) for who in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [order[i] == order[i + 1] for i in (0, 2, 4)] == [True] * 3


def test_moved_for_a_while(home, tmp_path):
    with cache.moved_to(tmp_path / "other"):
        cache.write("pages", NAME, {"a": b"1"})
    assert cache.home() == home and cache.read("pages", NAME) is None and list((tmp_path / "other").rglob("*.zip"))


def test_stable_is_the_same_in_every_process():
    command = "from pressframes import cache; from pressframes.lexicon import read_lexicons; from pressframes.settings import read_settings; print(cache.key(cache.stable(read_lexicons(read_settings('seeds')))))"
    root = Path(__file__).parents[1]
    run = lambda seed: subprocess.run([sys.executable, "-c", command], cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout
    assert run("1") == run("2") != ""


def test_stable_tells_records_apart():
    @dataclass(frozen=True)
    class One:
        words: tuple[str, ...]
        pattern: re.Pattern = re.compile("a")

    assert cache.stable(One(("a", "b"))) != cache.stable(One(("a, b",)))
    assert cache.stable(One((), re.compile("x" * 300 + "a"))) != cache.stable(One((), re.compile("x" * 300 + "b")))
    assert cache.stable(frozenset("abc")) == cache.stable(frozenset("cba"))


def test_the_code_is_the_same_hash_until_something_changes():
    assert cache.code() == cache.code.__wrapped__()
