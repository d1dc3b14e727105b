"""The command line as a user meets it: what it makes, and one clear line with exit code 2 for wrong input."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]


def run(*arguments, cwd=ROOT):
    return subprocess.run([sys.executable, "-m", "pressframes.cli", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.fixture
def broken(tmp_path):
    """A copy of the seeds to be spoiled."""
    shutil.copytree(ROOT / "seeds", tmp_path / "mine")
    return tmp_path / "mine"


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_annotate_writes_one_file_a_table(tmp_path, form):
    result = run("annotate", "seeds", "--out", tmp_path / "out", "--format", form)
    assert result.returncode == 0, result.stderr
    names = {"articles", "regions", "sentences", "tokens", "voices", "mentions", "loaded", "naming", "roles", "tone", "frames"}
    assert {file.name for file in (tmp_path / "out").iterdir()} == {f"{name}.{form}" for name in names}


def test_annotate_keeps_article_ids_as_text(tmp_path):
    run("annotate", "--out", tmp_path)
    assert list(pd.read_parquet(tmp_path / "articles.parquet")["article_id"]) == ["000", "001", "002", "003", "004"]


def test_concordance_and_check_print_text():
    lines = run("concordance", "seeds", "provocation", "--target", "russia")
    assert lines.returncode == 0 and "[provocation]" in lines.stdout
    said = run("check")
    assert said.returncode == 0 and "no p-value below 0.05" in said.stdout


WRONG = {
    "article missing": (lambda study: (study / "000_02c16d30fc48c3be.txt").unlink(), ["articles.csv, row 2", "000_02c16d30fc48c3be.txt"]),
    "article not UTF-8": (lambda study: (study / "002_1fbf6dae2bb243d6.txt").write_bytes("Бг".encode("cp1251")), ["articles.csv, row 4", "UTF-8"]),
    "article empty": (lambda study: (study / "003_d1359c4e486beb81.txt").write_text(" \n"), ["row 5", "no text"]),
    "unknown group": (lambda study: replace(study / "articles.csv", ",Turan,Turan", ",Turkish,Turan"), ["row 4", "unknown group 'Turkish'"]),
    "group without article": (lambda study: replace(study / "study.toml", '"Turan"]', '"Turan", "Greek"]'), ["study.toml", "'Greek'"]),
    "misspelt key": (lambda study: replace(study / "study.toml", "seed =", "sead ="), ["study.toml", "sead", "unknown key"]),
    "unknown target": (lambda study: replace(study / "study.toml", '"peacekeepers"]', '"peacekepers"]'), ["targets.toml", "'peacekepers'"]),
    "lexicon missing": (lambda study: replace(study / "study.toml", '"loaded.csv"', '"loadet.csv"'), ["study.toml", "loadet.csv"]),
    "lexicon row": (lambda study: (study / "loaded.csv").write_text("entry,polarity\nthug,negative\nhero,good\n"), ["loaded.csv, row 3", "unknown polarity 'good'"]),
    "bad date": (lambda study: replace(study / "articles.csv", "2020-11-23,day", "23.11.20,day"), ["row 4", "23.11.20"]),
    "no TOML": (lambda study: (study / "study.toml").write_text("title = \n"), ["study.toml", "not valid TOML"]),
    "no study": (lambda study: (study / "study.toml").unlink(), ["study.toml", "no such file"]),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("command", ["annotate", "report"])
def test_wrong_input_gets_one_line_and_exit_code_2(broken, case, command):
    spoil, wanted = WRONG[case]
    spoil(broken)
    out = broken.parent / "out"
    result = run(command, broken, "--out", out)
    assert result.returncode == 2
    lines = [line for line in result.stderr.replace("\r", "\n").splitlines() if line.startswith("pressframes:")]
    assert len(lines) == 1 and "Traceback" not in result.stderr
    assert all(word in lines[0] for word in wanted), lines[0]
    assert not out.exists() and [path.name for path in broken.parent.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["report", "--otu", "x"], "--otu"),
        (["report", "--only", "99"], "there is no part '99'"),
        (["report", "--formats", "html,docx"], "unknown format 'docx'"),
        (["diff", "seeds"], "AFTER"),
        (["diff", "seeds", "nowhere"], "nowhere"),
        (["reprot"], "reprot"),
        (["annotate"], "--out"),
        (["annotate", "--out", "x", "--format", "xml"], "'xml'"),
        (["concordance", "seeds", "war", "--target", "rusia"], "'rusia'"),
        (["concordance", "seeds", "(", "--regex"], "regular expression"),
        (["concordance", "seeds"], "nothing to look for"),
    ],
)
def test_wrong_words_on_the_command_line_get_one_line(arguments, wanted):
    result = run(*arguments)
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1 and wanted in result.stderr


def test_a_folder_that_is_no_report_is_not_replaced(tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    result = run("report", "seeds", "--out", tmp_path)
    assert result.returncode == 2 and "no report" in result.stderr
    assert (tmp_path / "thesis.doc").read_text() == "mine"


def test_part_of_a_report_is_made_once_and_found_again(tmp_path):
    first, second = (run("report", "seeds", "--only", "06", "--formats", "html", "--out", tmp_path / name) for name in ("one", "two"))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    *before, last = re.findall(r"\[\d/3\] (\S+)", first.stderr)
    assert set(before) == {"articles", "06_concordance"} and last == "page"  # articles are annotated while the kernel starts
    assert second.stderr.count("(done before)") == 3
    assert (tmp_path / "one" / "index.html").read_bytes() == (tmp_path / "two" / "index.html").read_bytes()
    assert first.stdout.strip() == f"The report is in {tmp_path / 'one'}: open {tmp_path / 'one' / 'index.html'} in a browser."
    same = run("diff", tmp_path / "one", "seeds")
    assert same.returncode == 0 and "Nothing changed" in same.stdout


def test_no_cache_leaves_nothing_behind(tmp_path):
    environment = {**os.environ, "PRESSFRAMES_CACHE": str(tmp_path / "kept")}
    done = subprocess.run([sys.executable, "-m", "pressframes.cli", "report", "seeds", "--only", "06", "--formats", "html", "--no-cache", "--out", str(tmp_path / "out")], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"index.html", "take-away.zip", "study.json", ".pressframes-report"}
    assert not [file for file in (tmp_path / "kept").rglob("*") if file.is_file()]


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX limits")
def test_a_disk_that_takes_no_more_leaves_the_former_tables(tmp_path):
    import resource

    assert run("annotate", "seeds", "--out", tmp_path / "out", "--format", "csv").returncode == 0
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    full = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # a file may grow so far
    environment = {**os.environ, "PRESSFRAMES_CACHE": str(tmp_path / "kept")}
    again = subprocess.run([sys.executable, "-m", "pressframes.cli", "annotate", "seeds", "--out", str(tmp_path / "out"), "--format", "csv"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, preexec_fn=full)
    assert again.returncode == 2 and again.stderr.strip() == f"pressframes: {tmp_path / 'out'}: cannot be written (File too large); make room or choose another --out"
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


@pytest.mark.parametrize("asked, told", [(["bogus"], "No such command 'bogus'; `"), (["check", "seeds", "--bogus"], "No such option '--bogus'; `"), (["annotate", "seeds"], "Missing option '--out'; `")])
def test_a_wrong_command_is_told_with_where_to_look(asked, told):
    said = run(*asked)
    assert said.returncode == 2 and told in said.stderr and "--help` tells what can be given" in said.stderr and said.stderr.count("\n") == 1


def test_diff_writes_a_page_or_tables(broken):
    replace(broken / "articles.csv", ",Turan,Turan", ",Turan,Turan Agency")
    said = run("diff", "seeds", broken, "--out", broken.parent / "page.html")
    assert said.returncode == 0 and "5 articles before, 5 after: 1 with another outlet (002)." in said.stdout
    assert "Turan Agency" in (broken.parent / "page.html").read_text(encoding="utf-8")
    assert run("diff", "seeds", broken, "--out", broken.parent / "tables").returncode == 0
    assert pd.read_csv(broken.parent / "tables" / "changed_articles.csv", dtype=str).values.tolist() == [["002", "outlet", "Turan", "Turan Agency"]]


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_a_run_that_is_stopped_leaves_the_former_report(tmp_path, how):
    out = tmp_path / "report"
    out.mkdir()
    (out / ".pressframes-report").write_text("former")
    (out / "index.html").write_text("the former page")
    process = subprocess.Popen([sys.executable, "-m", "pressframes.cli", "report", "seeds", "--out", str(out)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a test run in the background is deaf to it
    deadline = time.time() + 60
    while not list(tmp_path.glob(".report-draft-*")) and time.time() < deadline:
        time.sleep(0.1)
    time.sleep(1.0)
    process.send_signal(how)
    assert process.wait(timeout=60) != 0
    assert {path.name: path.read_text() for path in out.iterdir()} == {".pressframes-report": "former", "index.html": "the former page"}
    if how is not signal.SIGKILL:
        assert not list(tmp_path.glob(".report-draft-*"))
