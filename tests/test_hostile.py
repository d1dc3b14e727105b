"""It cannot be broken by what it reads: each row of the table through the command line as a user types it. One line, exit code 2, nothing written."""

import gzip
import io
import json
import os
import stat
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from pypdf import PdfWriter

from pressframes import cli

ROOT = Path(__file__).parents[1]
STORY = "Russia said on Monday that no one had been hurt, and the ministers of both countries met in the capital to talk about it for three hours. "
RUSSIAN = "Министры обеих стран встретились в понедельник в столице и три часа говорили о ценах на хлеб, сообщило агентство. Никто не пострадал, сказал представитель правительства журналистам. "
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)) + "]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"


@pytest.fixture
def pressframes(monkeypatch, capsys):
    """Return a function that runs the command line and returns exit code, output and what it said on stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["pressframes", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        out, said = capsys.readouterr()
        return code, out, "".join(f"{line}\n" for line in said.splitlines() if line and "|" not in line[:60])  # no progress bars

    return run


@pytest.fixture
def refused(pressframes, tmp_path):
    """Return a function that gives a file to `new` and checks that it is refused in one line that holds these words, with nothing written."""

    def of(path, *words, options=()):
        before = sorted(tmp_path.rglob("*"))
        code, _, said = pressframes("new", tmp_path / "mine", "--from", path, "--non-interactive", *options)
        assert (code, said.count("\n")) == (2, 1), said
        assert "; " in said and all(word in said for word in words), said
        assert sorted(tmp_path.rglob("*")) == before
        return said

    return of


@pytest.fixture
def study(tmp_path):
    """Return a function that writes a study of the groups A and B with this articles.csv, and returns its folder."""

    def of(table, **files):
        folder = tmp_path / "study"
        folder.mkdir()
        (folder / "study.toml").write_text('title = "T"\ngroups = ["A", "B"]\ntargets = ["russia"]\n', encoding="utf-8")
        (folder / "articles.csv").write_text(table, encoding="utf-8")
        for name in ("a.txt", "b.txt"):
            (folder / name).write_text(STORY, encoding="utf-8")
        for name, data in files.items():
            (folder / name.replace("__", ".")).write_bytes(data)
        return folder

    return of


GOOD = "article_id,path,group,outlet,published,date_precision\n1,a.txt,A,North,2020-11-10,day\n2,b.txt,B,South,2020-11,month\n"


# A table with faults

FAULTY = "article_id,path,group,outlet,published,date_precision\n1,a.txt,A,North,2020-11-10,day\n2,empty.txt,B,South,2020-11-11,day\n3,a.txt,A,North,11/12/2020,day\n4,a.txt,C,North,2020,year\n1,a.txt,A,North,2020,year\n6,none.txt,B,,2020-13-01,day\n7,a.txt\n"


@pytest.mark.parametrize("command", [("check",), ("annotate", "--out", "out"), ("report", "--out", "out")], ids=lambda command: command[0])
def test_all_faults_of_a_table_in_one_list_and_nothing_written(pressframes, study, tmp_path, monkeypatch, command):
    folder = study(FAULTY, empty__txt=b"")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, out, said = pressframes(command[0], folder, *command[1:])
    assert (code, out, said.count("\n")) == (2, "", 1)
    wanted = ["row 3: 'empty.txt' holds no text; fill it in", "row 4: published '11/12/2020' is not a date", "write it as 2020-11-23", "row 5: unknown group 'C'; the study compares A, B", "row 6: article_id '1' stands twice, first in row 2; give",
              "row 7: 'outlet' is empty; fill it in", "row 7: published '2020-13-01' is not a date", "row 7: no such article 'none.txt'; correct", "row 8: fewer cells than the header; quote"]  # fmt: skip
    assert said.startswith(f"pressframes: {len(wanted) - 1} faults: (1) {folder / 'articles.csv'}, row 3") and all(part in said for part in wanted), said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("table", "words"), [
    ("article_id,path\n1,a.txt\n", ["columns 'group', 'outlet' are missing; the header needs article_id, path, group, outlet"]),
    (GOOD.replace("outlet", "paper"), ["column 'outlet' is missing", "unknown column 'paper'; correct the spelling"]),
    (GOOD.replace("published", "outlet", 1), ["column 'outlet' stands twice; remove one"]),
    (GOOD + '3,"a.txt,A,N,,\n', ["row 4: not valid CSV", "quote mark that is not closed"]),
    (GOOD.replace("2020-11,month", "2020-11,"), ["row 3: published '2020-11' is not a date of date_precision ''; write month there"]),
    (GOOD + f"3,a.txt,A,{'N' * 4_000_001},,\n", ["row 4: not valid CSV (field larger than field limit"]),
    ("", ["are missing"]),
])  # fmt: skip
def test_a_table_that_cannot_be_read(pressframes, study, table, words):
    code, _, said = pressframes("check", study(table))
    assert (code, said.count("\n")) == (2, 1) and all(word in said for word in words), said


def test_faults_of_what_is_given_to_new_come_in_one_list(refused, tmp_path):
    (tmp_path / "list.csv").write_text(f'text,outlet\n"{STORY}",A\n,B\n"{STORY}",A\n   ,C\n', encoding="utf-8")
    said = refused(tmp_path / "list.csv", "2 faults: (1) list.csv, row 3: no text", "(2) list.csv, row 5: no text", "--skip-faults")
    assert "row 4" not in said


# Encodings

@pytest.mark.parametrize(("data", "told"), [
    ((RUSSIAN * 3).encode("cp1251"), "converted from cp1251 (detected)"), (("Le ministre a été reçu à l’Élysée, où il a déjeuné. Où était-il hier ? Personne ne l’a su. " * 8).encode("cp1252"), "converted from cp1252 (detected)"),
    ((RUSSIAN * 3).encode("utf-16"), "converted from UTF-16 (byte-order mark)"), ((RUSSIAN * 3).encode("utf-16-le"), "converted from UTF-16 (detected)"), (("It’s the ministers’ choice — “no one” was hurt. " * 9).encode().decode("cp1252", "ignore").encode(), "garbled letters put right"),
    (b"\xef\xbb\xbf" + STORY.encode(), ""),
], ids=["cp1251", "cp1252", "utf-16", "utf-16 without a mark", "mojibake", "byte-order mark"])  # fmt: skip
def test_encodings_are_told_and_converted_in_a_copy(pressframes, tmp_path, data, told):
    (tmp_path / "a.txt").write_bytes(data)
    code, out, said = pressframes("new", tmp_path / "mine", "--from", tmp_path / "a.txt", "--non-interactive")
    assert (code, said) == (0, "") and told in out
    text = (tmp_path / "mine" / "texts" / "a.txt").read_text(encoding="utf-8")
    assert (tmp_path / "a.txt").read_bytes() == data and text.splitlines()[0][:12] in ("Министры обе", "Le ministre ", "It’s the min", "Russia said ")


def test_an_encoding_that_cannot_be_told_is_refused_with_the_candidates(refused, pressframes, tmp_path):
    (tmp_path / "a.txt").write_bytes("Cumhurbaşkanı Erdoğan, İstanbul'da düzenlenen toplantıda konuştu ve şöyle dedi.".encode("cp1254"))
    said = refused(tmp_path / "a.txt", "a.txt: not UTF-8", "fit equally well", "--encoding")
    assert "cp1254" in said
    assert pressframes("new", tmp_path / "mine", "--from", tmp_path / "a.txt", "--encoding", "cp1254")[0] == 0


# Files that want to do harm

def _office(folder, kind):
    """A DOCX or XLSX with one text, and the name of the member that holds it."""
    if kind == "docx":
        document = docx.Document()
        document.add_paragraph(STORY)
        document.save(folder / "a.docx")
        return folder / "a.docx", "word/document.xml"
    book = openpyxl.Workbook()
    book.active.append(["title", "text"])
    book.active.append(["A", STORY])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx", "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize(("declared", "used"), [(LAUGHS, "&a9;"), (OUTSIDE, "&e;")], ids=["billion laughs", "a file from outside"])
def test_entities_in_office_files(refused, tmp_path, kind, declared, used):
    file, member = _office(tmp_path, kind)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts[member].decode().split("?>", 1)[-1].replace("Russia", f"{used} Russia", 1)
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**parts, member: f"<?xml version='1.0'?>{declared}{body}".encode()}.items():
            archive.writestr(name, data)
    refused(file, f"a.{kind}: declares entities", "save it anew")


@pytest.mark.parametrize("declared", [LAUGHS.replace("[", "[<!--" + "x" * 100_000 + "-->", 1), OUTSIDE], ids=["billion laughs", "a file from outside"])
def test_entities_in_xml(refused, tmp_path, declared):
    (tmp_path / "a.xml").write_text(f"<?xml version='1.0'?>{declared}<all><article id='1'><p>&a9;&e; {STORY}</p></article></all>", encoding="utf-8")
    refused(tmp_path / "a.xml", "a.xml: declares entities, which are not read", "DOCTYPE")


def test_entities_in_a_page_are_not_read(refused, pressframes, tmp_path):
    page = f"<html><body><article><h1>Talks</h1><p>{STORY * 3} &e;</p></article></body></html>"
    (tmp_path / "a.html").write_text(f"{OUTSIDE}{page}", encoding="utf-8")
    refused(tmp_path / "a.html", "a.html: no article found")
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html><!--{OUTSIDE}-->{page}", encoding="utf-8")
    assert pressframes("new", tmp_path / "mine", "--from", tmp_path / "a.html", "--non-interactive")[0] == 0
    text = (tmp_path / "mine" / "texts" / "a.txt").read_text(encoding="utf-8")
    assert "&e;" in text and "root:" not in text


@pytest.mark.parametrize(("member", "words"), [("../../evil.txt", "a name that leads out of it"), ("/etc/evil.txt", "a name that leads out of it"), ("C:\\evil.txt", "a name that leads out of it"), ("inner.zip", "a zip within a zip")])
def test_a_zip_that_leads_out(refused, tmp_path, member, words):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member, STORY)
    refused(tmp_path / "a.zip", "a.zip", words, "give the folder")


def test_links(refused, tmp_path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    refused(tmp_path / "a.zip", "holds a link, 'link.txt'")
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "out.txt").symlink_to("/etc/passwd")
    refused(tmp_path / "given", "given/out.txt: a link that leads out of the folder; copy")


@pytest.mark.parametrize(("path", "words"), [("../outside.txt", "leaves the study's folder; copy the article into it"), ("/etc/passwd", "leaves the study's folder"), ("link.txt", "leaves the study's folder"), ("loop.txt", "leaves the study's folder"), ("pipe", "no plain file"), ("a\0.txt", "NUL"), ("huge.txt", "2,048 MiB, more than 4")])
def test_a_study_that_leads_out_or_stalls(pressframes, study, tmp_path, path, words):
    folder = study(GOOD.replace("a.txt", path))
    (tmp_path / "outside.txt").write_text(STORY, encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    os.mkfifo(folder / "pipe")
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(2 * 2**30)
    code, _, said = pressframes("check", folder)
    assert (code, said.count("\n")) == (2, 1) and "articles.csv, row 2" in said and words in said, said


def test_a_table_outside_the_study_is_not_read(pressframes, study, tmp_path):
    folder = study(GOOD)
    (tmp_path / "secret.csv").write_text("secret\n", encoding="utf-8")
    (folder / "study.toml").write_text('title = "T"\narticles = "../secret.csv"\ngroups = ["A", "B"]\ntargets = ["russia"]\n', encoding="utf-8")
    code, _, said = pressframes("check", folder)
    assert code == 2 and "leaves the study's folder; copy the table into it" in said and "secret'" not in said.replace("../secret.csv'", "")


@pytest.mark.parametrize(("name", "words"), [("../secret.csv", "no file '../secret.csv' beside the study"), ("/etc/passwd", "no file '/etc/passwd' beside the study"), ("link.csv", "no file 'link.csv'"), ("pipe", "no file 'pipe'")])
def test_a_lexicon_outside_the_study_is_not_read(pressframes, study, tmp_path, name, words):
    folder = study(GOOD)
    (tmp_path / "secret.csv").write_text("secret\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(folder / "pipe")
    (folder / "study.toml").write_text(f'title = "T"\ngroups = ["A", "B"]\ntargets = ["russia"]\n[lexicons]\nnaming = "{name}"\n', encoding="utf-8")
    code, _, said = pressframes("check", folder)
    assert code == 2 and said.count("\n") == 1 and words in said, said


def test_settings_that_stall_or_never_end(pressframes, study):
    folder = study(GOOD)
    (folder / "study.toml").unlink()
    os.mkfifo(folder / "study.toml")
    assert "no plain file" in pressframes("check", folder)[2]
    (folder / "study.toml").unlink()
    with (folder / "study.toml").open("wb") as file:
        file.truncate(2 * 2**30)
    code, _, said = pressframes("check", folder)
    assert code == 2 and "study.toml: 2,048 MiB, more than 1; split it" in said


def test_a_pdf_without_text_and_one_with_a_password(refused, tmp_path):
    for name, words in (("scan.pdf", "2 pages without text (a scan?); have its text recognised (OCR)"), ("locked.pdf", "protected by a password; save a copy without one")):
        writer = PdfWriter()
        writer.add_blank_page(200, 200)
        writer.add_blank_page(200, 200)
        if name == "locked.pdf":
            writer.encrypt("secret")
        writer.write(tmp_path / name)
        refused(tmp_path / name, f"{name}: {words}")


# Bounds of time and memory: one process reads them all

def _packed_pdf(stream: bytes) -> bytes:
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>", b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream)]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    return out + b"xref\n0 5\n0000000000 65535 f \n%s" % b"".join(b"%010d 00000 n \n" % place for place in places) + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)


def _bombs(folder: Path) -> dict[str, str]:
    """Write files that unpack to far more than they are, and say what is told of each."""
    for name in ("big.txt", "big.csv", "big.zip", "big.pdf"):
        with (folder / name).open("wb") as file:
            file.truncate(2 * 2**30)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(100_000_000))
    archive = bytearray((folder / "bomb.zip").read_bytes())
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the size in its list is a lie
        archive[archive.find(sign) + at : archive.find(sign) + at + 4] = (1000).to_bytes(4, "little")
    (folder / "lying.zip").write_bytes(archive)
    book = openpyxl.Workbook()
    book.active.append(["title", "text"])
    book.active["XFD1048576"] = "x"
    book.save(folder / "far.xlsx")
    text = pyarrow.array(["word " * 400_000]).dictionary_encode().take(pyarrow.array([0] * 20_000))
    pyarrow.parquet.write_table(pyarrow.table({"text": text, "outlet": ["A", "B"] * 10_000}), folder / "bomb.parquet")
    (folder / "bomb.pdf").write_bytes(_packed_pdf(zlib.compress(b"BT /F1 9 Tf (a) Tj ET " * 8_000_000)))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    with gzip.open(folder / "bomb.warc.gz", "wb") as file:
        file.write(b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s" % (len(head) + 200_000_000, head))
        for _ in range(200):
            file.write(b"<" * 1_000_000)
    (folder / "cell.csv").write_text(f'text,outlet\n"{"word " * 2_000_000}",A\n', encoding="utf-8")
    (folder / "long.txt").write_text("word " * 400_000, encoding="utf-8")
    (folder / "deep.json").write_text("[" * 200_000, encoding="utf-8")
    (folder / "deep.html").write_text(f"<html><body>{'<div>' * 100_000}{STORY}", encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    return {"big.txt": "2,048 MiB, more than the 64", "big.csv": "more than the 512", "big.zip": "more than the 512", "big.pdf": "more than the 64", "bomb.zip": "'a.txt' unpacks to 95 MiB", "lying.zip": "cannot be unpacked", "far.xlsx": "empty rows",
            "bomb.parquet": "characters; split it", "bomb.pdf": "unpacks to far more than a text does", "bomb.warc.gz": "unpacks to more than is read", "cell.csv": "field larger", "long.txt": "more than one article has", "deep.json": "too deeply nested",
            "deep.html": "no article found", "pipe.txt": "not a plain file"}  # fmt: skip


_READ_ALL = """
import json, resource, sys, time
from pathlib import Path
from pressframes.errors import InputError
from pressframes.intake import mapping, readers
import trafilatura, docx, openpyxl, pyarrow.parquet, pypdf, warcio
resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
told = {}
for name in json.loads(sys.argv[2]):
    began, said = time.process_time(), "taken"
    try:
        mapping.propose(readers.read([Path(sys.argv[1], name)]))
    except InputError as fault:
        said = str(fault)
    told[name] = (said, time.process_time() - began)
peak = Path("/proc/self/status")  # of this program alone; getrusage counts what the process that started it held
kibibytes = int(peak.read_text().split("VmHWM:")[1].split()[0]) if peak.exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([told, kibibytes / 1024]))
"""


def test_bombs_are_refused_within_bounds_of_time_and_memory(tmp_path):
    wanted = _bombs(tmp_path)
    done = subprocess.run([sys.executable, "-c", _READ_ALL, tmp_path, json.dumps(list(wanted))], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=240)
    told, mebibytes = json.loads(done.stdout)
    assert {name: said for name, (said, _) in told.items() if wanted[name] not in said or not said.startswith(name)} == {}
    assert {name: seconds for name, (_, seconds) in told.items() if seconds > 10} == {}
    assert mebibytes < 700


def test_a_zip_of_empty_files_without_end(refused, tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("a.txt", STORY)
    file = io.BytesIO((tmp_path / "many.zip").read_bytes())
    data, end = file.getvalue(), file.getvalue().rfind(b"PK\x05\x06")
    entry = data[data.find(b"PK\x01\x02") : end]
    entries = entry * 100_001
    head = data[: data.find(b"PK\x01\x02")]
    zip64 = b"PK\x06\x06" + (44).to_bytes(8, "little") + b"\x2d\0\x2d\0" + bytes(8) + (100_001).to_bytes(8, "little") * 2 + len(entries).to_bytes(8, "little") + len(head).to_bytes(8, "little")
    locator = b"PK\x06\x07" + bytes(4) + (len(head) + len(entries)).to_bytes(8, "little") + (1).to_bytes(4, "little")
    (tmp_path / "many.zip").write_bytes(head + entries + zip64 + locator + b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2))
    refused(tmp_path / "many.zip", "100001 files, more than 100000; split it")


# A study from someone else runs no code

def test_what_looks_like_code_in_a_study_stays_text(pressframes, study, tmp_path):
    done = tmp_path / "done"
    trap = f"__import__('os').system('touch {done}')"
    table = GOOD.replace("North", "\"{{ cycler.__init__.__globals__.os.system('touch DONE') }}\"".replace("DONE", str(done))).replace("South", f'"=cmd|{trap}"')
    folder = study(table, sitecustomize__py=f"{trap}\n".encode(), conftest__py=f"{trap}\n".encode(), evil__ipynb=json.dumps({"cells": [{"cell_type": "code", "source": trap}]}).encode())
    (folder / "study.toml").write_text(f'title = "{{{{ 7 * 7 }}}} {trap}"\nquestion = "!!python/object/apply:os.system [touch {done}]"\ngroups = ["A", "B"]\ntargets = ["russia"]\n', encoding="utf-8")
    code, out, said = pressframes("check", folder)
    assert (code, said) == (0, "") and "{{ 7 * 7 }}" in out and "cycler" in out and not done.exists()


def test_a_regular_expression_that_explodes_is_told_with_its_row(pressframes, study):
    folder = study(GOOD, furniture__csv=b"pattern,kind,scope,reason\n^share$,boilerplate,line,button\n(\\w|\\w\\w|\\W)+\\d$,boilerplate,line,tags\n")
    code, out, said = pressframes("check", folder)
    assert (code, said.count("\n")) == (2, 1) and f"{folder / 'furniture.csv'}, row 3: pattern was still being searched for" in said and "; write it without a repeat" in said
    (folder / "furniture.csv").unlink()
    code, out, said = pressframes("concordance", folder, r"(?#any words and then a number at the end of it)(\w|\w\w|\W)+\d$", "--regex")
    assert (code, said.count("\n")) == (2, 1) and r"\W)+\d$' was still being searched for" in said


def test_a_pickle_is_no_lexicon(pressframes, study):
    import pickle

    folder = study(GOOD, loaded__csv=pickle.dumps({"entry": "x"}))
    code, _, said = pressframes("check", folder)
    assert code == 2 and said.count("\n") == 1 and "loaded.csv" in said


# Nothing leaves the machine

_NO_NETWORK = """
import socket
_connect, _look_up = socket.socket.connect, socket.getaddrinfo
def _local(address):
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost", "", None)
def connect(self, address):
    if not _local(address):
        raise SystemExit(f"a connection to {address} was asked for")
    return _connect(self, address)
def look_up(host, *rest, **named):
    if not _local((host,)):
        raise SystemExit(f"the address of {host} was asked for")
    return _look_up(host, *rest, **named)
socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect, look_up
"""


def test_the_network_is_cut_off_in_this_test(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    asked = subprocess.run([sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 1)"], env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, timeout=60)
    assert asked.returncode == 1 and "was asked for" in asked.stderr


def test_the_whole_report_is_made_without_a_network(study, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(_NO_NETWORK, encoding="utf-8")
    folder = study(GOOD, a__txt=(STORY * 4).encode(), b__txt=(STORY.replace("Russia", "The Kremlin") * 3).encode())
    cut = ["unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null || exit 75; exec "$@"', "-"]
    alone = cut if subprocess.run([*cut, "true"], capture_output=True).returncode == 0 else []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]), "HOME": str(tmp_path / "home"), "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run([*alone, sys.executable, "-m", "pressframes.cli", "report", folder, "--out", tmp_path / "out"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-2000:]
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "The Kremlin" in page and not [part for part in ('src="http', "src='http", 'rel="stylesheet" href="http', "@import", "url(http") if part in page]
