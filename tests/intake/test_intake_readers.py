"""Each format gives back the article that went in; whatever is hostile or broken is refused in one line."""

import io
import json
import os
import stat
import zipfile

import docx
import matplotlib
import openpyxl
import pandas as pd
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pressframes.errors import InputError
from pressframes.intake import readers, sources
from pressframes.intake.encoding import decode
from pressframes.intake.records import Source

FIRST = "Bakıda “sülh” danışıqları başlayıb, İlham Əliyev dedi."
SECOND = "Премиерът заяви: „Няма друг път“ – и замълча. The minister’s answer came on Monday, when the talks in the capital were over and the guests had left."
LINES = [FIRST, SECOND]
TEXT = f"{FIRST}\r\n\r\n{SECOND}\r\n"
PAGE = f"""<!doctype html><html><head><meta charset="utf-8"><title>Talks begin - The Paper</title><meta property="og:site_name" content="The Paper"><meta property="og:title" content="Talks begin">
<meta name="author" content="Jane Doe"><meta property="article:published_time" content="2020-11-10T08:00:00Z"><link rel="canonical" href="https://paper.example.com/talks"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Talks begin</h1><p>{FIRST}</p><p>{SECOND}</p><p>{SECOND} Again and again.</p></article><footer>All rights reserved</footer></body></html>"""


def read(path, **options):
    return readers.read([path], **options).records


def refused(path, *words, **options):
    with pytest.raises(InputError) as fault:
        readers.read([path], **options)
    assert "\n" not in str(fault.value)
    for word in words:
        assert word in str(fault.value)


def words(text: str) -> list[str]:
    return text.split()


def write_docx(path, lines=LINES, heading=""):
    document = docx.Document()
    if heading:
        document.add_heading(heading, 1)
    for line in lines:
        document.add_paragraph(line)
    document.save(path)


def write_pdf(path, lines):
    with matplotlib.rc_context({"pdf.fonttype": 42}), PdfPages(path) as pdf:
        figure = Figure(figsize=(8, 8))
        for at, line in enumerate(lines):
            figure.text(0.05, 0.95 - at / 30, line, fontsize=9)
        pdf.savefig(figure)


ROW = {"headline": "Talks begin", "body": TEXT, "paper": "The Paper", "when": "2020-11-10"}


def write_xlsx(path):
    book = openpyxl.Workbook()
    book.active.append(list(ROW))
    book.active.append(list(ROW.values()))
    book.save(path)


def write_zip(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/a.txt", TEXT.encode())
        archive.writestr("__MACOSX/inner/._a.txt", b"\0\1")


TABLES = {
    "a.csv": lambda path: pd.DataFrame([ROW]).to_csv(path, index=False),
    "semicolons.csv": lambda path: pd.DataFrame([ROW]).to_csv(path, index=False, sep=";", encoding="utf-8-sig"),
    "a.tsv": lambda path: pd.DataFrame([ROW]).to_csv(path, index=False, sep="\t"),
    "wide.csv": lambda path: path.write_bytes(pd.DataFrame([ROW]).to_csv(index=False).encode("utf-16")),
    "a.xlsx": write_xlsx,
    "a.parquet": lambda path: pd.DataFrame([ROW]).to_parquet(path),
    "a.json": lambda path: path.write_text(json.dumps({"status": "ok", "articles": [ROW, ROW]}, ensure_ascii=False), encoding="utf-8"),
    "a.jsonl": lambda path: path.write_text(json.dumps(ROW) + "\n\n" + json.dumps(ROW, ensure_ascii=False) + "\n", encoding="utf-8"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_gives_its_cells(tmp_path, name):
    TABLES[name](tmp_path / name)
    record = read(tmp_path / name)[0]
    assert {column: record.columns[column].replace("_x000D_", "\r") if name == "a.xlsx" else record.columns[column] for column in ROW} == ROW


def test_text_is_given_back_as_it_stands(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    write_zip(tmp_path / "b.zip")
    assert [(record.file.split("/", 1)[1], record.columns["text"]) for record in read(tmp_path)] == [("a.txt", TEXT), ("b.zip/inner/a.txt", TEXT)]


def test_html_gives_main_text_and_metadata(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (record,) = read(tmp_path / "a.html")
    assert words(record.columns["text"]) == words(f"Talks begin {FIRST} {SECOND} {SECOND} Again and again.") or words(record.columns["text"]) == words(f"{FIRST} {SECOND} {SECOND} Again and again.")
    assert (record.columns["title"], record.columns["author"], record.columns["date"], record.columns["outlet"], record.columns["url"]) == ("Talks begin", "Jane Doe", "2020-11-10", "The Paper", "https://paper.example.com/talks")
    assert (record.known["date"], record.known["title"]) == ("inferred: found on the page", "metadata of the page")


def test_html_in_a_declared_encoding(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.replace(FIRST, "Талкс").replace("utf-8", "windows-1251").encode("cp1251", "ignore"))
    (record,) = read(tmp_path / "a.html")
    assert "Премиерът заяви: „Няма друг път“" in record.columns["text"] and record.notes == ("converted from windows-1251 (declared)",)


def test_word_and_its_heading(tmp_path):
    write_docx(tmp_path / "a.docx", heading="Talks begin")
    (record,) = read(tmp_path / "a.docx")
    assert record.columns == {"text": f"Talks begin\n\n{FIRST}\n\n{SECOND}", "title": "Talks begin"}


def test_markdown_without_its_marks(tmp_path):
    (tmp_path / "a.md").write_bytes(f"---\r\ntitle: Talks begin\r\ndate: 2020-11-10\r\n---\r\n# Talks begin\r\n\r\n{FIRST}\r\n\r\n**{SECOND}** [here](https://example.com)\r\n".encode())
    (record,) = read(tmp_path / "a.md")
    assert record.columns == {"text": f"Talks begin\n\n{FIRST}\n\n{SECOND} here", "title": "Talks begin", "date": "2020-11-10"}


def test_pdf_lines_are_joined(tmp_path):
    printed = ["Bakıda “sülh” danışıqları başlayıb, İlham Əliyev dedi, and then the long de-", "bate went on for hours until the ministers had left the building.", "Премиерът заяви: няма друг път."]
    write_pdf(tmp_path / "a.pdf", printed)
    (record,) = read(tmp_path / "a.pdf")
    assert words(record.columns["text"]) == words("Bakıda “sülh” danışıqları başlayıb, İlham Əliyev dedi, and then the long debate went on for hours until the ministers had left the building. Премиерът заяви: няма друг път.")


def test_unwrap_keeps_paragraphs_apart():
    assert readers.unwrap(["one two three four five six", "seven.", "Eight nine ten eleven  twelve", "", "end"]) == "one two three four five six seven.\n\nEight nine ten eleven twelve\n\nend"
    assert readers.unwrap(["A heading", "The text that follows it is long", "and goes on to the next line."]) == "A heading\n\nThe text that follows it is long and goes on to the next line."


def test_unwrap_joins_cut_words():
    lines = ["the long de-", "bate on Nagorno-", "Karabakh with peace‐", "keepers and the cease-fire, a cease-", "fire of non-", "participation"]
    assert readers.unwrap(lines) == "the long debate on Nagorno-Karabakh with peacekeepers and the cease-fire, a cease-fire of non-participation"


def test_web_archive_gives_its_pages(tmp_path):
    with (tmp_path / "a.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, page, status in (("https://paper.example.com/talks", PAGE.replace('<meta charset="utf-8">', ""), "200 OK"), ("https://paper.example.com/gone", PAGE, "404 Not Found"), ("https://paper.example.com/", "<html><body></body></html>", "200 OK")):
            headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=windows-1251")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(page.encode("cp1251", "ignore")), http_headers=headers))
    (record,) = read(tmp_path / "a.warc.gz")
    assert record.columns["url"] == "https://paper.example.com/talks" and SECOND in record.columns["text"] and record.notes == ("converted from windows-1251 (declared)",)


def test_xml_with_one_article_an_element(tmp_path):
    (tmp_path / "a.xml").write_text(f'<?xml version="1.0"?><articles><article id="7" title="Talks begin">\n<p>{FIRST} <a href="x">link</a> on</p><p>{SECOND}</p></article></articles>', encoding="utf-8")
    (record,) = read(tmp_path / "a.xml")
    assert record.columns == {"id": "7", "title": "Talks begin", "text": f"{FIRST} link on\n\n{SECOND}"}


def test_ris_and_csl(tmp_path):
    (tmp_path / "a.ris").write_text("TY  - NEWS\nTI  - Talks begin\nAU  - Doe, Jane\nT2  - The Paper\nDA  - 2020/11/10/\nUR  - https://paper.example.com/talks\nER  - \n", encoding="utf-8")
    (record,) = read(tmp_path / "a.ris")
    assert {"title": "Talks begin", "author": "Doe, Jane", "outlet": "The Paper", "date": "2020/11/10", "url": "https://paper.example.com/talks"}.items() <= record.columns.items()
    csl = [{"type": "article-newspaper", "title": "Talks begin", "container-title": "The Paper", "author": [{"family": "Doe", "given": "Jane"}], "issued": {"date-parts": [[2020, 11, 10]]}, "URL": "https://paper.example.com/talks"}]
    (tmp_path / "b.json").write_text(json.dumps(csl), encoding="utf-8")
    (record,) = read(tmp_path / "b.json")
    assert (record.columns["author"], record.columns["issued"]) == ("Jane Doe", "2020-11-10")


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text.strip() and "\0" not in text and not text.startswith("\ufeff")))
def test_any_utf8_text_comes_back(text):
    found, notes = decode(text.encode(), "a.txt")
    assert found == text or notes  # what was converted or put right is said


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(readers.READERS)), st.binary(min_size=1, max_size=300))
def test_any_bytes_are_read_or_refused(suffix, data):
    try:
        readers._read_source(Source(f"a{suffix}", data))
    except InputError as fault:
        assert f"a{suffix}" in str(fault)


@pytest.mark.parametrize("codec", ["cp1251", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "koi8-r"])
def test_encodings_are_detected(codec):
    text = "Премиерът заяви пред журналисти, че страната ще изпрати помощ. Няма друг път, каза той. " * 5
    assert decode(text.encode(codec), "a.txt")[0] == text


def test_windows_quotes_in_english_are_decided():
    text = "The minister said: “We won’t go” – and left."
    assert decode(text.encode("cp1252"), "a.txt") == (text, ("converted from cp1252 (detected)",))


def test_an_encoding_that_cannot_be_told_is_refused_with_candidates(tmp_path):
    data = "Cumhurbaşkanı Erdoğan, İstanbul'da düzenlenen toplantıda konuştu ve şöyle dedi.".encode("cp1254")
    (tmp_path / "a.txt").write_bytes(data)
    refused(tmp_path / "a.txt", "a.txt", "cannot be told", "cp1252", "--encoding")
    assert read(tmp_path / "a.txt", encoding="cp1254")[0].columns["text"].startswith("Cumhurbaşkanı")
    refused(tmp_path / "a.txt", "not utf-8", encoding="utf-8")
    refused(tmp_path / "a.txt", "unknown encoding 'klingon'", encoding="klingon")


def test_garbled_letters_are_put_right():
    text, notes = decode("The minister’s “answer – é".encode().decode("cp1252").encode(), "a.txt")
    assert text == "The minister’s “answer – é" and "put right" in notes[0]


def zipped(path, name, data=b"text", **attributes):
    member = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(member, key, value)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, data, compress_type=zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "..\\a.txt", "C:\\a.txt"])
def test_a_zip_with_names_that_lead_out(tmp_path, name):
    zipped(tmp_path / "a.zip", name)
    refused(tmp_path / "a.zip", "a.zip", "leads out of it")


def test_a_zip_with_a_link_a_bomb_and_a_zip(tmp_path):
    zipped(tmp_path / "a.zip", "a.txt", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16)
    refused(tmp_path / "a.zip", "holds a link")
    zipped(tmp_path / "b.zip", "a.txt", b" " * (20 * 2**20))
    refused(tmp_path / "b.zip", "unpacks to 20 MiB")
    zipped(tmp_path / "c.zip", "inner.zip", b"PK")
    refused(tmp_path / "c.zip", "a zip within a zip")
    zipped(tmp_path / "d.docx", "word/document.xml", b" " * (20 * 2**20))
    refused(tmp_path / "d.docx", "unpacks to 20 MiB")
    (tmp_path / "e.zip").write_bytes(b"PK\3\4 broken")
    refused(tmp_path / "e.zip", "e.zip: damaged")


def test_a_link_out_of_the_folder(tmp_path):
    (tmp_path / "secret.txt").write_text("not yours")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").symlink_to(tmp_path / "secret.txt")
    refused(tmp_path / "mine", "mine/a.txt", "leads out of the folder")
    (tmp_path / "mine" / "a.txt").unlink()
    os.mkfifo(tmp_path / "mine" / "b.zip")
    refused(tmp_path / "mine", "mine/b.zip: not a plain file")


def test_protected_and_scanned_files(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    refused(tmp_path / "a.docx", "a.docx: protected by a password")
    write_pdf(tmp_path / "plain.pdf", ["A text of some length that could be read."])
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        pdf.save(tmp_path / "b.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    refused(tmp_path / "b.pdf", "b.pdf: protected")
    write_pdf(tmp_path / "c.pdf", [])
    refused(tmp_path / "c.pdf", "1 page without text", "OCR")
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7 broken")
    refused(tmp_path / "d.pdf", "d.pdf: damaged")


def test_entities_are_not_read(tmp_path):
    (tmp_path / "a.xml").write_text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><articles><article><p>&x;</p></article></articles>')
    refused(tmp_path / "a.xml", "declares entities")


def test_faults_of_tables(tmp_path):
    for name, data, said in (("empty.csv", " \n", "empty"), ("bare.csv", "x" * 300 + ",b\n", "row 1: a text where the names"), ("twice.csv", "text,text\na,b\n", "'text' stands twice"), ("more.csv", "text,title\na,b\nc,d,e\n", "row 3: more cells"), ("quote.csv", 'text,title\na,b\n"c,d\ne,f\n', "row 3: not valid CSV"),
                             ("a.json", '[{"text": }]', "line 1: not valid JSON"), ("b.jsonl", '{"text": "a"}\n[1]\n', "line 2: no object"), ("c.json", "[1, 2]", "no list of articles"), ("d.json", "[" * 100_000, "d.json"), ("e.xlsx", "no", "damaged"), ("f.parquet", "no", "damaged"), ("g.rtf", "no", "no RTF")):  # fmt: skip
        (tmp_path / name).write_text(data)
        refused(tmp_path / name, name, said)


def test_a_long_cell_is_read_and_a_giant_one_refused(tmp_path):
    (tmp_path / "a.csv").write_text(f"title,text\nA,{'word ' * 700_000}\n")
    assert len(read(tmp_path / "a.csv")[0].columns["text"]) == 3_500_000
    (tmp_path / "b.csv").write_text(f"title,text\nA,{'word ' * 900_000}\n")
    refused(tmp_path / "b.csv", "row 2", "field larger")


def test_formula_cells_give_what_was_computed(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["title", "text"])
    book.active.append(['=HYPERLINK("https://evil.example.com","x")', "Some text"])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[0].columns == {"title": "", "text": "Some text"}


def test_all_faults_are_told_at_once_or_left_out(tmp_path):
    (tmp_path / "a.txt").write_text("A text.")
    (tmp_path / "b.txt").write_text(" ")
    (tmp_path / "c.docx").write_text("no")
    (tmp_path / "d.jpg").write_text("no")
    refused(tmp_path, "2 faults", "b.txt: empty", "c.docx: damaged, or no DOCX", "save it anew as DOCX", "--skip-faults")
    readings = readers.read([tmp_path], skip=True)
    assert len(readings.records) == 1 and len(readings.refused) == 2 and readings.left_out == ((".jpg", 1),)


def test_nothing_to_read(tmp_path):
    refused(tmp_path, "no article that can be read", ".docx")
    refused(tmp_path / "none", "no such file or folder")


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("a10.txt", "a9.txt", "b1.txt"):
        (tmp_path / name).write_text("text")
    assert [record.file.split("/")[1] for record in read(tmp_path)] == ["a9.txt", "a10.txt", "b1.txt"]


def test_what_a_browser_saves_beside_a_page_is_no_article(tmp_path):
    (tmp_path / "Talks_files").mkdir()
    (tmp_path / "Talks_files" / "advert.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "Talks.html").write_text(PAGE, encoding="utf-8")
    assert len(read(tmp_path)) == 1


def test_bounds_of_size(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_DOCUMENT", 10)
    (tmp_path / "a.txt").write_text("more than ten bytes")
    refused(tmp_path / "a.txt", "more than the")
