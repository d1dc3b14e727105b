"""Exports of press databases: one file, many articles. Each layout is told by marks that no other text has.

Layouts as read by open tools: LexisNexisTools (Gruber), tm.plugin.lexisnexis, tm.plugin.factiva, tm.plugin.europresse (Bouchet-Valat), tm.plugin.proquest (Tolksdorf).
"""

import re

from pressframes.intake.pages import lines as text_lines

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(rf"^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\.?\s+[^\W\d]{{3,10}}\.?,?\s+\d{{4}}|{_MONTH}\s+\d{{4}})\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^\d+ of \d+ DOCUMENTS?$|^Dokument \d+ von \d+$|^Document \d+ de \d+$")
_END = re.compile(r"^End of Document$", re.IGNORECASE)
_ALSO = {"RUBRIQUE": "SECTION", "LONGUEUR": "LENGTH", "AUTEUR": "BYLINE", "ENCART": "HIGHLIGHT", "LANGUE": "LANGUAGE", "DATE-CHARGEMENT": "LOAD-DATE", "TYPE-PUBLICATION": "PUBLICATION-TYPE", "SUJET": "SUBJECT", "LOCALISATION-GEO": "GEOGRAPHIC", "SOCIETE": "COMPANY",
         "RUBRIK": "SECTION", "LÄNGE": "LENGTH", "AUTOR": "BYLINE", "SPRACHE": "LANGUAGE", "GRAFIK": "GRAPHIC"}  # fmt: skip
_AFTER = frozenset("LANGUAGE LOAD-DATE UPDATE GRAPHIC PUBLICATION-TYPE SUBJECT GEOGRAPHIC COUNTRY CITY STATE PERSON ORGANIZATION COMPANY INDUSTRY JOURNAL-CODE DOCUMENT-TYPE".split())
"""Labels that stand after the text."""
_LABEL = re.compile(rf"^({'|'.join([*_ALSO, *sorted(_AFTER)])}|SECTION|LENGTH|BYLINE|HIGHLIGHT|DATELINE|SERIES|HEADLINE|NOTES|TYPE|Section|Length|Byline|Highlight|Dateline|Series|Language|Publication-Type|Subject|Load-Date)\s*:\s*(.*)$")
_CODE = re.compile(r"^(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|ART|CT|CO|IN|NS|RE|IPC|IPD|PUB|AN|CLM|RF)(?:\s*\|\s*|\s{2,}|\t|\s*$)")


def from_lines(lines: list[str]) -> tuple[str, list[dict[str, str]]]:
    """Return the layout's name and the articles (FIELDS -> value) of an export that was saved as plain lines (TXT, DOCX, RTF, PDF); an empty name if it is none, an empty article for each that cannot be told apart."""
    stripped = [line.strip() for line in lines]
    if any(_NUMBERED.match(line) for line in stripped):
        return "LexisNexis", [_lexis_nexis(part) for part in _parts(stripped, start=_NUMBERED)[1:]]
    if any(_END.match(line) for line in stripped) and "Body" in stripped:
        return "Nexis Uni", [_nexis_uni(part) for part in _parts(stripped, end=_END) if any(part)]
    if sum(line.startswith(("Full text:", "Publication title:")) for line in stripped) >= 2 and any(line.startswith("Full text:") for line in stripped):
        return "ProQuest", [_proquest(part) for part in _proquest_parts(stripped)]
    codes = {match[1] for line in stripped if (match := _CODE.match(line))}
    if {"HD", "PD", "SN"} <= codes and codes & {"LP", "TD"}:
        return "Factiva", [_factiva_fields(part) for part in _factiva_parts(stripped)]
    return "", []


def from_page(page) -> tuple[str, list[dict[str, str]]]:
    """Return the layout's name and the articles of an export that was saved as HTML; as `from_lines`."""
    factiva = page.xpath("//div[contains(concat(' ', normalize-space(@class), ' '), ' article ')][contains(@class, 'Article')]")
    if factiva:
        return "Factiva", [_factiva_page(element) for element in factiva]
    if page.xpath("//span[@class='DocPublicationName']"):
        return "Europresse", [_europresse(element) for element in page.xpath("//*[self::article or self::table][.//span[@class='DocPublicationName']]")]
    return from_lines(text_lines(page))


def _parts(lines: list[str], *, start=None, end=None) -> list[list[str]]:
    parts = [[]]
    for line in lines:
        if start and start.match(line):
            parts.append([])
        elif end and end.match(line):
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _first(lines: list[str], after: int = 0) -> int:
    return next((at for at in range(after, len(lines)) if lines[at]), len(lines))


def _label(line: str) -> str:
    """The label that a line opens with, in English capitals; empty if none. LexisNexis prints `BYLINE:`, Nexis Uni `Byline:`."""
    match = _LABEL.match(line)
    return _ALSO.get(match[1].upper(), match[1].upper()) if match else ""


def _labels(lines: list[str]) -> dict[str, str]:
    return {label: match[2].strip() for line in lines if (label := _label(line)) and (match := _LABEL.match(line))}


def _paragraphs(lines: list[str]) -> str:
    """Lines that follow each other are one paragraph where the file was wrapped (it has empty lines); else each line is one."""
    text = "\n".join(lines).strip()
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text)) if "\n\n" in text else "\n\n".join(line for line in lines if line)


def _nexis_uni(lines: list[str]) -> dict[str, str]:
    """Title, source, date, copyright, labels, "Body", text, and after it classification and load date."""
    if "Body" not in lines:
        return {}
    opening = lines.index("Body")
    head = [line for line in lines[:opening] if line and not _LABEL.match(line)]
    day = max((at for at, line in enumerate(head) if _DATE.match(line)), default=0)
    if day < 1:
        return {}
    body = lines[opening + 1 :]
    stop = next((at for at, line in enumerate(body) if line in ("Classification", "Graphic", "Notes") or _label(line) in _AFTER), len(body))
    labels = _labels(lines[:opening])
    return {"title": head[day - 2] if day > 1 else "", "outlet": head[day - 1], "date": head[day], "author": labels.get("BYLINE", ""), "text": _paragraphs(body[:stop])}


def _lexis_nexis(lines: list[str]) -> dict[str, str]:
    """Source, date, headline, labels in capitals (LENGTH the last before the text), text, labels again."""
    first = _first(lines)
    day = next((at for at in range(first + 1, min(len(lines), first + 12)) if _DATE.match(lines[at])), None)
    if day is None:
        return {}
    labels = [at for at, line in enumerate(lines) if at > day and _label(line)]
    head = [at for at in labels if _label(lines[at]) not in _AFTER]
    length = next((at for at in head if _label(lines[at]) == "LENGTH"), head[-1] if head else None)
    if length is None:
        return {}
    opening = max(at for at in head if at <= length or at - length < 6)  # DATELINE and HIGHLIGHT may follow LENGTH
    stop = next((at for at in labels if at > opening and _label(lines[at]) in _AFTER), len(lines))
    stop = next((at for at in range(opening + 1, stop) if re.match(r"^Copyright (?:©|\(c\)|\d{4})", lines[at])), stop)
    between = lines[day + 1 : min(head)]
    edition = between.index("") if "" in between and any(between[between.index("") :]) else 0  # lines that follow the date at once
    titles = [line for line in between[edition:] if line and not re.match(r"^(?:Copyright\b|All Rights Reserved|Correction Appended)|^(?:[\w-]+ ){0,3}editions?\b.{0,20}$", line, re.IGNORECASE)]
    known = _labels([lines[at] for at in head])
    return {"title": known.get("HEADLINE") or " ".join(titles), "outlet": lines[first], "date": lines[day], "author": known.get("BYLINE", ""), "text": _paragraphs(lines[opening + 1 : stop])}


def _proquest_parts(lines: list[str]) -> list[list[str]]:
    """Split before each title: a line `Title: ...`, or one without label above author or publication."""
    parts, told = [[]], set()
    for at, line in enumerate(lines):
        field = line.split(":", 1)[0] if ":" in line else ""
        untitled = line and not field and "Full text" in told and any(re.match("(?:Author|Publication info):", following) for following in [part for part in lines[at + 1 : at + 4] if part][:1])
        if re.match(r"^_{20,}$", line) or (field == "Title" and "Title" in told) or untitled:
            parts.append([])
            told = set()
        told.add(field)
        parts[-1].append(line)
    return [part for part in parts if any(line.startswith("Full text:") for line in part)]


def _proquest(lines: list[str]) -> dict[str, str]:
    """Fields with a label and a colon, one after the other; the text may run over many lines."""
    fields, name, title = {}, "", ""
    for line in lines:
        match = re.match(r"^(Title|Author|Publication info|Publication title|Publication date|Publication year|Full text|Abstract|Document URL|ProQuest document ID|Links|Subject|Location|People|Company / organization|Publication subject|Pages|Section|Publisher|Place of publication|Country of publication|ISSN|Source type|Language of publication|Document type|Copyright|Last updated|Database)\s*:\s*(.*)$", line)
        if match:
            name = match[1]
            fields[name] = [match[2]]
        elif name:
            fields[name].append(line)
        elif not re.match(r"^_{20,}$", line):
            title = f"{title} {line}".strip()
    told = {key: " ".join(" ".join(value).split()) for key, value in fields.items() if key != "Full text"}
    return {"title": told.get("Title") or title, "outlet": re.sub(r"\s*;.*$", "", told.get("Publication title", "")), "date": told.get("Publication date") or told.get("Publication year", ""),
            "author": told.get("Author", ""), "url": told.get("Document URL", ""), "text": _paragraphs(fields["Full text"])}  # fmt: skip


def _factiva_parts(lines: list[str]) -> list[list[tuple[str, str]]]:
    """Split at each headline code, or at the section code that stands before it."""
    parts, code = [], ""
    for line in lines:
        match = _CODE.match(line)
        if match:
            code = match[1]
            if not parts or (code in ("SE", "HD") and any(name in ("AN", "LP", "TD") for name, _ in parts[-1])):
                parts.append([])
            line = line[match.end() :]
        if parts and re.match(r"^Document \w{12,}$", line):
            parts[-1].append(("AN", line))
            code = ""
        elif parts and code:
            parts[-1].append((code, line.strip(" |")))
    return parts


def _factiva_fields(pairs: list[tuple[str, str]]) -> dict[str, str]:
    told = {}
    for code, value in pairs:
        told.setdefault(code, []).append(value)
    one = {code: " ".join(" ".join(values).split()) for code, values in told.items()}
    if not {"HD", "SN"} <= set(one):
        return {}
    text = "\n\n".join(part for code in ("LP", "TD") if (part := _paragraphs(told.get(code, []))))
    return {"title": one["HD"], "outlet": one["SN"], "date": one.get("PD", ""), "author": one.get("BY", ""), "id": one.get("AN", "").removeprefix("Document "), "text": text}


def _factiva_page(element) -> dict[str, str]:
    """With field codes in the first cells of a table, or as displayed: headline, byline, word count, date, time, source, code, language, copyright."""
    pairs = []
    for row in element.xpath(".//tr[td]"):
        cells = row.xpath("./td")
        code = " ".join(text_lines(cells[0]))
        if len(cells) >= 2 and re.fullmatch(r"[A-Z]{2,3}", code):
            pairs += [pair for line in text_lines(cells[1]) for pair in ((code, line), (code, ""))]
    if pairs:
        return _factiva_fields(pairs)
    paragraphs = [" ".join(text_lines(part)) for part in element.xpath(".//p[contains(@class, 'articleParagraph')]")]
    title = " ".join(" ".join(text_lines(part)) for part in element.xpath(".//*[@id='hd' or contains(@class, 'Headline')]")[:1])
    head = [" ".join(text_lines(part)) for part in element.xpath("./div[not(@id='hd')]")]
    count = next((at for at, line in enumerate(head) if re.fullmatch(r"[\d,.]+ (?:words|mots|Wörter|palabras)", line)), None)
    if count is None or not title:
        return {}
    rest = head[count + 1 :]
    day = next((at for at, line in enumerate(rest) if re.search(r"\d{4}", line)), 0)
    source = next((line for line in rest[day + 1 :] if not re.fullmatch(r"\d{1,2}:\d\d(?: \w+)?", line)), "")
    byline = next((line for line in head[:count] if line != title and line.lower().startswith(("by ", "par ", "von "))), "")
    number = next((line for line in map(" ".join, map(text_lines, element.xpath(".//p"))) if line.startswith("Document ")), "")
    return {"title": title, "outlet": source, "date": rest[day] if rest else "", "author": byline, "id": number.removeprefix("Document "), "text": "\n\n".join(part for part in paragraphs if not part.startswith("Document "))}


def _europresse(element) -> dict[str, str]:
    def one(path: str) -> str:
        found = element.xpath(path)
        return " ".join(text_lines(found[0])) if found else ""

    title = one(".//*[contains(translate(@class, 'T', 't'), 'titreArticleVisu')]")
    head = " ".join(" ".join(text_lines(part)) for part in element.xpath(".//span[@class='DocHeader']"))
    day = re.search(rf"\d{{1,2}}(?:er)? [^\W\d]+\.? \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}", head, re.IGNORECASE)
    parts = element.xpath(".//div[contains(@class, 'docOcurrContainer') or contains(@class, 'DocText')]") or [element]
    parts = [part for part in parts if not any(part in list(other.iterdescendants("div")) for other in parts)]
    lines = [line for part in parts for line in text_lines(part)]
    if parts == [element]:  # the older layout: all in one cell, the text after the title
        lines = lines[lines.index(title) + 1 :] if title in lines else lines
    stop = next((at for at, line in enumerate(lines) if re.match(r"^(?:©|\(c\)) ?\d{4}|^Cet article est paru|^news·", line)), len(lines))
    outlet = re.sub(r",? no\.? ?\d.*$", "", one(".//span[@class='DocPublicationName']")).strip(" ,")
    author = one(".//p[contains(@class, 'sm-margin-bottomNews')]")
    if not author and parts == [element] and lines and len(lines[0].split()) <= 6 and not re.search(r"[.!?…:]$", lines[0]):
        author, lines = lines[0], lines[1:]
        stop -= 1
    return {"title": title, "outlet": outlet, "date": day[0] if day else "", "author": author, "text": "\n\n".join(lines[:stop])} if title or lines else {}
