import multiprocessing
import os
from pathlib import Path

import pytest

from pressframes.errors import InputError
from pressframes.placing import drafting, drafting_in, take_place

forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def make(out: Path, content: str) -> None:
    with drafting(out) as draft:
        (draft / "page").write_text(content)
        take_place(draft, out)


def fill(folder: Path, content: str, names=("a", "b", "c", "d")) -> None:
    with drafting_in(folder) as draft:
        for name in names:
            (draft / name).write_text(content)


def ends_before(work, kind: str, number: int) -> bool:
    """Do `work` in another process, which ends at once, as if killed, before the call number `number` of `Path.kind`; tell whether it came so far."""

    def child():
        call, calls = getattr(Path, kind), []

        def counted(*arguments):
            calls.append(1)
            if len(calls) > number:
                os._exit(9)
            return call(*arguments)

        setattr(Path, kind, counted)
        work()
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    return process.exitcode == 9


def test_a_folder_takes_its_place_and_leaves_nothing(tmp_path):
    for content in ("one", "two"):
        make(tmp_path / "out", content)
        assert (tmp_path / "out" / "page").read_text() == content and os.listdir(tmp_path) == ["out"]
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


def test_a_fault_leaves_the_former(tmp_path):
    make(tmp_path / "out", "one")
    with pytest.raises(ZeroDivisionError), drafting(tmp_path / "out") as draft:
        (draft / "page").write_text("two")
        1 / 0
    assert (tmp_path / "out" / "page").read_text() == "one" and os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_between_the_renamings_leaves_the_former(tmp_path, monkeypatch, fault):
    make(tmp_path / "out", "one")
    rename, calls = Path.rename, []

    def breaks(path, target):
        calls.append(1)
        if len(calls) == 2:
            raise fault
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", breaks)
    with pytest.raises(type(fault)):
        make(tmp_path / "out", "two")
    assert (tmp_path / "out" / "page").read_text() == "one" and os.listdir(tmp_path) == ["out"]


@forking
def test_killed_at_each_renaming_the_next_run_finishes_or_goes_back(tmp_path):
    out, seen, number = tmp_path / "out", [], 0
    while True:
        make(out, "one")
        if not ends_before(lambda: make(out, "two"), "rename", number):
            break
        stood = (out / "page").read_text() if out.exists() else "nothing"
        with pytest.raises(ZeroDivisionError), drafting(out):
            seen.append((stood, (out / "page").read_text(), sorted(name for name in os.listdir(tmp_path) if "draft" in name and os.path.isdir(tmp_path / name)).__len__()))
            1 / 0
        assert os.listdir(tmp_path) == ["out"]
        number += 1
    assert seen == [("one", "one", 1), ("nothing", "two", 1), ("two", "two", 1)]  # the one folder is the next run's own


@pytest.mark.parametrize("left", [".out-draft-abcdefgh", ".out-draft-abcdefgh-former"])
def test_what_dead_runs_left_is_cleared(tmp_path, left):
    make(tmp_path / "out", "one")
    (tmp_path / left).mkdir()
    (tmp_path / left / "page").write_text("half")
    make(tmp_path / "out", "two")
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("other", [".out-draft-notes", ".out-draft-abcdefgh-draft-abcdefgh", ".other-draft-abcdefgh", "out-draft-abcdefgh"])
def test_what_others_left_is_not_touched(tmp_path, other):
    (tmp_path / other).mkdir()
    make(tmp_path / "out", "one")
    assert sorted(os.listdir(tmp_path)) == sorted(["out", other])


def test_a_link_to_elsewhere_is_no_leaving(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".out-draft-abcdefgh-former").symlink_to(tmp_path / "elsewhere")
    make(tmp_path / "out", "one")
    assert (tmp_path / "elsewhere").is_dir() and not (tmp_path / "out").is_symlink()


@pytest.mark.parametrize("way", [drafting, drafting_in])
def test_a_second_run_refuses_and_says_why(tmp_path, way):
    with way(tmp_path / "out"):
        with pytest.raises(InputError, match="out: another run of pressframes is writing there; wait until it ends, or write elsewhere"), way(tmp_path / "out"):
            pass
        with way(tmp_path / "another"):
            pass
    with way(tmp_path / "out"):
        pass


def test_files_come_all_or_none(tmp_path):
    fill(tmp_path, "one")
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(ZeroDivisionError), drafting_in(tmp_path) as draft:
        (draft / "a").write_text("two")
        1 / 0
    assert {name: (tmp_path / name).read_text() for name in os.listdir(tmp_path)} == {**dict.fromkeys("abcd", "one"), "notes": "mine"}


@forking
def test_killed_at_each_moving_files_of_two_runs_never_stand_together(tmp_path):
    number, sets = 0, []
    while True:
        fill(tmp_path, "one")
        if not ends_before(lambda: fill(tmp_path, "two", "abcde"), "replace", number):
            break
        found = {(tmp_path / name).read_text() for name in "abcde" if (tmp_path / name).exists()}
        sets.append(found)
        assert len(found) <= 1
        with pytest.raises(ZeroDivisionError), drafting_in(tmp_path):
            assert {(tmp_path / name).read_text() for name in "abcde"} == {"two"}  # all was written: the next run finishes what was begun
            1 / 0
        assert sorted(os.listdir(tmp_path)) == list("abcde")
        (tmp_path / "e").unlink()
        number += 1
    assert number == 9 and {"one"} in sets and {"two"} in sets
