"""Exports of press databases, written here in their published layouts."""

import docx
import pytest

from pressframes.errors import InputError
from pressframes.intake import exports, readers
from pressframes.intake.dates import read_day

FIRST = "Bakıda “sülh” danışıqları başlayıb, İlham Əliyev dedi."
SECOND = "Премиерът заяви: „Няма друг път“. The minister’s answer came on Monday."
TEXT = f"{FIRST}\n\n{SECOND}"

NEXIS_UNI = ["Talks begin in the capital", "The Paper (London)", "March 8, 2022 Tuesday", "Copyright 2022 The Paper All Rights Reserved", "Section: NEWS; Pg. 4", "Length: 512 words", "Byline: Jane Doe", "Highlight: What the talks are about", "Body",
             "", FIRST, SECOND, "", "Graphic", "", "A photo", "Classification", "Language: ENGLISH", "Publication-Type: Newspaper", "Load-Date: March 9, 2022", "End of Document"]  # fmt: skip
LEXIS_NEXIS = f"""


                               1 of 2 DOCUMENTS


                               The Paper (London)

                              March 8, 2022 Tuesday
                                  First Edition

Talks begin in the capital

BYLINE: Jane Doe

SECTION: NEWS; Pg. 4

LENGTH: 512 words

DATELINE: BAKU

{FIRST}

Премиерът заяви: „Няма друг път“.
The minister’s answer came on Monday.

LOAD-DATE: March 9, 2022

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

                  Copyright 2022 The Paper
                          All Rights Reserved

                               2 of 2 DOCUMENTS

                               The Paper (London)

                              March 8, 2022 Tuesday

Talks begin in the capital

BYLINE: Jane Doe

LENGTH: 512 words

{TEXT}

LANGUAGE: ENGLISH
"""
FACTIVA_ROWS = {"SE": "World", "HD": "Talks begin in the capital", "BY": "Jane Doe", "WC": "512 words", "PD": "8 March 2022", "SN": "The Paper (London)", "SC": "PAPER", "LA": "English", "CY": "© 2022", "LP": FIRST, "TD": SECOND, "AN": "Document PAPER00020220308ei3800001"}
FACTIVA_CODED = "<div class='article enArticle'><table>" + "".join(f"<tr><td><b>{code}&nbsp;</b></td><td><p>{value}</p></td></tr>" for code, value in FACTIVA_ROWS.items()) + "</table></div>"
FACTIVA_SHOWN = f"""<div class="article enArticle"><div id="hd"><span class="enHeadline">Talks begin in the capital</span></div><div>By Jane Doe</div><div>512 words</div><div>8 March 2022</div><div>10:15</div><div>The Paper (London)</div><div>PAPER</div>
<div>English</div><div>© 2022</div><p class="articleParagraph enarticleParagraph">{FIRST}</p><p class="articleParagraph enarticleParagraph">{SECOND}</p><p>Document PAPER00020220308ei3800001</p></div>"""
PROQUEST = f"""____________________________________________________________
Title: Talks begin in the capital
Author: Jane Doe
Publication title: The Paper; London (UK)
Publication date: Mar 8, 2022
Full text: {FIRST}

{SECOND}
Subject: Diplomacy
ProQuest document ID: 1
____________________________________________________________
Title: Another
Author: John Doe
Publication title: Another Paper
Publication date: Mar 9, 2022
Full text: {SECOND}
"""
EUROPRESSE = f"""<html><body><article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">The Paper (London), no. 123</span></div><span class="DocHeader">Tuesday, March 8, 2022 512 mots, p. 4</span>
<div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">Talks begin in the capital</p></div><p class="sm-margin-bottomNews">Jane Doe</p></header>
<section><div class="docOcurrContainer"><p>{FIRST}</p><p>{SECOND}</p><p>© 2022 The Paper. All rights reserved.</p></div></section></article></body></html>"""


def page(body: str) -> str:
    return body if body.startswith("<html") else f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>"


def is_the_article(columns, *, byline="Jane Doe"):
    assert columns["text"] == TEXT
    assert (columns["title"], columns["outlet"], columns["author"]) == ("Talks begin in the capital", "The Paper (London)", byline)
    assert read_day(columns["date"]).published == "2022-03-08"


def test_nexis_uni_in_word(tmp_path):
    document = docx.Document()
    for line in NEXIS_UNI * 2:
        document.add_paragraph(line)
    document.save(tmp_path / "export.docx")
    records = readers.read([tmp_path / "export.docx"]).records
    assert [record.part for record in records] == ["article 1", "article 2"] and {record.layout for record in records} == {"Nexis Uni"}
    for record in records:
        is_the_article(record.columns)


def test_the_front_page_of_a_nexis_export_is_no_title():
    front = ["Date and Time: Friday, 5. July 2019 09:31:00 CEST", "Job Number: 1", "Documents (1)", "1. Talks begin in the capital", "Client/Matter: -None-", "Search Terms: talks"]
    (article,) = exports.from_lines([*front, *NEXIS_UNI])[1]
    is_the_article(article)
    (article,) = exports.from_lines(["March 2020 was the worst month", *NEXIS_UNI[1:]])[1]
    assert article["title"] == "March 2020 was the worst month" and article["outlet"] == "The Paper (London)"


def test_nexis_uni_of_lines_that_follow_each_other():
    (article,) = exports.from_lines([line for line in NEXIS_UNI if line])[1]
    is_the_article(article)


def test_lexis_nexis_in_text():
    layout, articles = exports.from_lines(LEXIS_NEXIS.splitlines())
    assert layout == "LexisNexis" and len(articles) == 2
    is_the_article(articles[1])
    is_the_article(articles[0])


def test_lexis_nexis_with_edition_and_labels_of_other_languages():
    lines = LEXIS_NEXIS.replace("First Edition", "Edition 1;\nScotland").replace("LENGTH", "LONGUEUR").replace("BYLINE", "AUTEUR").replace("LANGUAGE", "LANGUE").replace("March 8, 2022 Tuesday", "8 March 2022 Tuesday").splitlines()
    for article in exports.from_lines(lines)[1]:
        is_the_article(article)


def test_a_sentence_that_opens_like_a_label_stays():
    lines = LEXIS_NEXIS.replace(FIRST, "City: what next? Language: a barrier.\n\nNotes: none.").splitlines()
    assert exports.from_lines(lines)[1][1]["text"] == f"City: what next? Language: a barrier.\n\nNotes: none.\n\n{SECOND}"


def test_a_document_of_an_export_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "a.txt").write_text(LEXIS_NEXIS.replace("March 8, 2022 Tuesday", "no date", 1), encoding="utf-8")
    with pytest.raises(InputError, match="a.txt, article 1: a LexisNexis export"):
        readers.read([tmp_path / "a.txt"])


@pytest.mark.parametrize("body", [FACTIVA_CODED, FACTIVA_SHOWN], ids=["codes", "as shown"])
def test_factiva_in_html(tmp_path, body):
    (tmp_path / "a.html").write_text(page(body * 2), encoding="utf-8")
    records = readers.read([tmp_path / "a.html"]).records
    assert [record.layout for record in records] == ["Factiva", "Factiva"]
    is_the_article(records[1].columns, byline="By Jane Doe" if body == FACTIVA_SHOWN else "Jane Doe")


def test_factiva_in_rtf(tmp_path):
    def escaped(text):
        return "".join(letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in text)

    rows = "".join(f"\\trowd\\cellx800\\cellx9000\\intbl {code}\\cell {escaped(value)}\\cell\\row\n" for code, value in FACTIVA_ROWS.items())
    (tmp_path / "a.rtf").write_text("{\\rtf1\\ansi\\uc1 " + rows * 2 + "}", encoding="ascii")
    records = readers.read([tmp_path / "a.rtf"]).records
    assert [record.layout for record in records] == ["Factiva", "Factiva"]
    is_the_article(records[0].columns)


def test_proquest_in_text():
    layout, (first, second) = exports.from_lines(PROQUEST.splitlines())
    assert layout == "ProQuest" and second["outlet"] == "Another Paper" and second["text"] == SECOND
    is_the_article({**first, "outlet": "The Paper (London)"})
    assert first["outlet"] == "The Paper"


def test_proquest_without_a_label_before_the_title():
    text = PROQUEST.replace("Title: ", "").replace("_" * 60, "")
    layout, (first, second) = exports.from_lines(text.splitlines())
    assert (first["title"], first["text"], second["title"], second["text"]) == ("Talks begin in the capital", TEXT, "Another", SECOND)


def test_europresse_of_old(tmp_path):
    cell = f"<span class='DocPublicationName'>The Paper (London), no. 12</span><br><span class='DocHeader'>World, mardi, 8 mars 2022, p. 4</span><br><span class='TitreArticleVisu'>Talks begin in the capital</span><br>Jane Doe<p>{FIRST}</p><p>{SECOND}</p><p>© 2022 The Paper. Tous droits réservés.</p>"
    (tmp_path / "a.html").write_text(page(f"<table><tr><td>{cell}</td></tr></table>" * 2), encoding="utf-8")
    records = readers.read([tmp_path / "a.html"]).records
    assert len(records) == 2
    is_the_article(records[1].columns)


def test_europresse_in_html(tmp_path):
    (tmp_path / "a.html").write_text(EUROPRESSE, encoding="utf-8")
    (record,) = readers.read([tmp_path / "a.html"]).records
    assert record.layout == "Europresse"
    is_the_article(record.columns)


def test_prose_is_no_export():
    assert exports.from_lines(["HD screens sell", "PD was there", "Body", "One of two documents", "Full text: here"]) == ("", [])
