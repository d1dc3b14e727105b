"""How a report comes about: cached, in parts, one at a time, whole or not at all. The kernels are stood for by tests/killed.py."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import killed
import pytest

from pressframes.errors import InputError, WorkError
from pressframes.placing import drafting
from pressframes.report import build
from pressframes.report.progress import Progress
from pressframes.report.run import chosen, suite

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PRESSFRAMES_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def ran(monkeypatch, cache):
    """The notebooks that are run and the PDFs that are written, by name."""
    ran = []

    def run_notebooks(notebooks, **options):
        ran.extend(path.stem for path in notebooks)
        return killed.run_notebooks(notebooks, **options)

    def write_pdf(page, file):
        ran.append("pdf")
        killed.write_pdf(page, file)

    monkeypatch.setattr(build, "execute", run_notebooks)
    monkeypatch.setattr(build, "write_pdf", write_pdf)
    return ran


@pytest.fixture
def study(tmp_path):
    killed.write_edition(tmp_path / "study", 1)
    return tmp_path / "study"


EVERYTHING = [*(path.stem for path in suite()), "pdf"]


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_what_is_done_is_not_done_again(study, ran, tmp_path):
    steps = []
    build.build_report(str(study), tmp_path / "one")
    assert sorted(ran) == sorted(EVERYTHING)
    build.build_report(str(study), tmp_path / "two", step=lambda name, stored: steps.append((name, stored)))
    assert sorted(ran) == sorted(EVERYTHING)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert sorted(steps) == sorted((name, True) for name in build.stages())


@pytest.mark.parametrize("kind", ["articles", "studies", "notebooks", "pages", "prints"])
def test_what_is_missing_from_the_cache_is_made_alike(study, ran, tmp_path, cache, kind):
    build.build_report(str(study), tmp_path / "one")
    for entry in sorted((cache / kind).rglob("*.zip"))[:1]:
        entry.unlink()
    build.build_report(str(study), tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert len(ran) == len(EVERYTHING) + (kind in ("notebooks", "prints"))


def change_article(study):
    (study / "A.txt").write_text("Russia came back to the town.", encoding="utf-8")


def change_settings(study):
    killed.write_edition(study, 2)


def change_metadata(study):
    file = study / "articles.csv"
    file.write_text(file.read_text().replace("Paper", "Gazette"))


def change_lexicon(study):
    (study / "loaded.csv").write_text("entry,polarity,category\nattacked,negative,violence\n", encoding="utf-8")


@pytest.mark.parametrize("change", [change_article, change_settings, change_metadata, change_lexicon])
def test_what_notebooks_read_makes_them_anew(study, ran, tmp_path, change):
    build.build_report(str(study), tmp_path / "one")
    change(study)
    build.build_report(str(study), tmp_path / "two")
    assert sorted(ran) == sorted(2 * EVERYTHING)
    assert (tmp_path / "one" / "index.html").read_bytes() != (tmp_path / "two" / "index.html").read_bytes()


def test_a_run_that_fails_goes_on_where_it_stopped(study, ran, tmp_path, monkeypatch):
    def fails(notebooks, *, done, **options):
        killed.run_notebooks(notebooks[:4], done=done, **options)
        raise WorkError("a kernel died")

    with monkeypatch.context() as patch, pytest.raises(WorkError, match="a kernel died"):
        patch.setattr(build, "execute", fails)
        build.build_report(str(study), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    build.build_report(str(study), tmp_path / "out")
    assert sorted(ran) == sorted(EVERYTHING[4:])


def test_without_the_cache_nothing_is_taken_and_nothing_left(study, ran, tmp_path, cache):
    build.build_report(str(study), tmp_path / "one")
    before = sorted(cache.rglob("*"))
    build.build_report(str(study), tmp_path / "two", cached=False)
    assert sorted(ran) == sorted(2 * EVERYTHING) and sorted(cache.rglob("*")) == before
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert os.environ["PRESSFRAMES_CACHE"] == str(cache)


def test_a_cache_that_cannot_be_written_stops_nothing(study, ran, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("PRESSFRAMES_CACHE", str(tmp_path / "taken"))
    build.build_report(str(study), tmp_path / "out")
    assert (tmp_path / "out" / "index.html").exists()


# Parts and formats


def test_only_some_parts(study, ran, tmp_path):
    build.build_report(str(study), tmp_path / "out", only=("05", "01_corpus", "loaded_terms"))
    wanted = ["01_corpus", "04_loaded_terms", "05_framing"]
    assert sorted(ran) == sorted([*wanted, "pdf"]) and sorted(path.stem for path in (tmp_path / "out" / "notebooks").iterdir()) == wanted
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<section id="(\d\d_\w+)"', page) == wanted
    assert not set(re.findall(r'href="#([^"]+)"', page)) - set(re.findall(r'\bid="([^"]+)"', page))


def test_parts_are_those_of_the_whole(study, ran, tmp_path):
    build.build_report(str(study), tmp_path / "whole")
    build.build_report(str(study), tmp_path / "part", only=("03",))
    assert len(ran) == len(EVERYTHING) + 1  # but for the PDF of the part
    assert (tmp_path / "part" / "notebooks" / "03_targets.ipynb").read_bytes() == (tmp_path / "whole" / "notebooks" / "03_targets.ipynb").read_bytes()


@pytest.mark.parametrize(
    "formats, wanted",
    [
        (("html",), {"index.html", "take-away.zip"}),
        (("pdf",), {"report.pdf"}),
        (("tables", "figures"), {"tables", "figures"}),
        (("notebooks", "html"), {"notebooks", "index.html", "take-away.zip"}),
    ],
)
def test_only_some_formats(study, ran, tmp_path, formats, wanted):
    build.build_report(str(study), tmp_path / "out", formats=formats)
    assert {path.name for path in (tmp_path / "out").iterdir()} == wanted | {".pressframes-report", "study.json"}
    assert ("pdf" in ran) == ("pdf" in formats)


@pytest.mark.parametrize(
    "asked, told",
    [({"only": ("17",)}, "--only: there is no part '17'; use 00_summary, 01_corpus"), ({"formats": ("docx",)}, "--formats: unknown format 'docx'; use html, pdf, figures"), ({"formats": ()}, "--formats: unknown format ''")],
)
def test_unknown_parts_and_formats(study, ran, tmp_path, asked, told):
    with pytest.raises(InputError, match=told):
        build.build_report(str(study), tmp_path / "out", **asked)
    assert not (tmp_path / "out").exists() and not ran


def test_a_part_has_one_name_in_three_forms():
    assert chosen(("00",)) == chosen(("summary",)) == chosen(("00_summary",)) == suite()[:1] and chosen(()) == suite()


# Whole or not at all


@pytest.mark.parametrize("where", ["save_figures", "write_takeaway", "write_pdf", "take_place"])
def test_a_full_disk_leaves_the_former_report(study, ran, tmp_path, monkeypatch, where):
    out, fault = tmp_path / "out", OSError(errno.ENOSPC, "No space left on device")
    build.build_report(str(study), out)
    former = files(out)
    killed.write_edition(study, 2)

    def breaks(*arguments, **options):
        raise fault

    with monkeypatch.context() as patch, pytest.raises(InputError) as caught:
        patch.setattr(build, where, breaks)
        build.build_report(str(study), out)
    assert str(caught.value) == f"{out}: cannot be written ({fault.strerror}); make room or choose another --out; {out} is as it was"
    assert files(out) == former and sorted(os.listdir(tmp_path)) == ["kept", "out", "study"]
    build.build_report(str(study), out)
    assert files(out) != former


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser writes anywhere")
def test_a_folder_without_permission(study, ran, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o555)
    with pytest.raises(InputError, match="Permission denied"):
        build.build_report(str(study), tmp_path / "locked" / "out")


def test_a_place_that_cannot_be_made(study, ran, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="taken.* cannot be written .*choose another --out"):
        build.build_report(str(study), tmp_path / "taken" / "out")


def test_a_link_to_a_report_stays_a_link(study, ran, tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "real")
    for edition in (1, 2):
        killed.write_edition(study, edition)
        build.build_report(str(study), tmp_path / "out")
    assert (tmp_path / "out").is_symlink() and killed.state(tmp_path / "real") == "edition 2"


def test_two_runs_on_one_report(study, ran, tmp_path):
    out = tmp_path / "out"
    build.build_report(str(study), out)
    with drafting(out):
        begun = sorted(os.listdir(tmp_path))
        result = subprocess.run([sys.executable, "-m", "pressframes.cli", "report", str(study), "--out", str(out)], cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert result.returncode == 2 and f"{out}: another run of pressframes is writing there; wait until it ends" in result.stderr
        assert killed.state(out) == "edition 1" and sorted(os.listdir(tmp_path)) == begun
    build.build_report(str(study), out)


# Progress


def test_progress_in_plain_lines_with_the_time_left(cache, capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("pressframes.report.progress.time.monotonic", lambda: now[0])
    for _ in range(2):
        with Progress(["a", "b", "c"], of="study") as progress:
            for name, seconds in (("b", 10.0), ("a", 2.0), ("c", 30.0)):
                now[0] += seconds
                progress.step(name)
    assert capsys.readouterr().err.splitlines() == ["[1/3] b", "[2/3] a", "[3/3] c", "[1/3] b, about 32 s left", "[2/3] a, about 30 s left", "[3/3] c"]


def test_times_are_those_of_a_run_that_made_all_anew(cache, capsys):
    with Progress(["a", "b"], of="study") as progress:
        progress.step("a", True)
        progress.step("b")
    assert Progress(["a", "b"], of="study").left() == 0.0 and "a (done before)" in capsys.readouterr().err
