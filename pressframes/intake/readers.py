"""From paths to records: one reader a format, by suffix; well-kept libraries do the formats."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pressframes.corpus import LONGEST, lines_of
from pressframes.errors import InputError, listed
from pressframes.intake import exports, pages, sources
from pressframes.intake.encoding import decode
from pressframes.intake.records import Record, Source

MAX_CELL = 4 * LONGEST
"""Characters of one cell."""
MAX_TOLD = 2**30
"""Characters of all cells of a table: a small file can say one long text a million times."""
MAX_COLUMNS, MAX_GAP = 1000, 10_000
"""Columns that are read of a sheet, and empty rows between rows that are not."""
SKIP = "mend them, or leave them out with --skip-faults"


@dataclass(frozen=True)
class Readings:
    """What was read and what was not.

    Attributes:
        left_out: how many files are of a kind that is not read, by suffix.
        refused: what could not be read, each a line with the reason; only where that was allowed.
    """

    records: tuple[Record, ...]
    left_out: tuple[tuple[str, int], ...] = ()
    refused: tuple[str, ...] = ()


def read(paths, *, encoding: str | None = None, skip: bool = False) -> Readings:
    """Read every article in files, folders and zips, in the natural order of their names; nothing is written and nothing fetched.

    Args:
        paths: of files and folders.
        encoding: of all text files; detected where not given.
        skip: leave out what cannot be read and say so, in place of raising.

    Raises:
        InputError: with all that cannot be read (file, row, what is wrong, what to do), or if there is nothing to read.
    """
    from tqdm import tqdm

    found, left_out = sources.find(paths, frozenset(READERS), encoding=encoding)
    records, faults = [], []
    for name, files in tqdm(found, desc="reading", unit="file", leave=False, disable=None):
        try:
            for source in files():
                try:
                    records += _read_source(source)
                except InputError as fault:
                    faults.append(str(fault))
        except InputError as fault:
            faults.append(str(fault))
    if faults and not skip:
        raise InputError(listed(faults, most=20, mend=SKIP))
    if not records:
        kinds = f"; found only {', '.join(f'{count} of {suffix}' for suffix, count in left_out.most_common(5))}" if left_out else ""
        raise InputError(f"{', '.join(map(str, paths))}: no article that can be read{kinds}; give {', '.join(sorted(READERS))} or a .zip of these" if not faults else listed(faults, most=20, mend=SKIP))
    return Readings(tuple(records), tuple(sorted(left_out.items())), tuple(faults))


def _read_source(source: Source) -> list[Record]:
    if not source.data.strip():
        raise InputError(f"{source.name}: empty; fill it in or remove it")
    try:
        records = list(READERS[source.suffix](source))
    except (RecursionError, MemoryError):
        raise InputError(f"{source.name}: too deeply nested or too large to be read; split it") from None
    if not records:
        raise InputError(f"{source.name}: holds no article; remove it")
    return records


def _document(source: Source, text: str, layout: str, *, notes: tuple[str, ...] = (), known=None, part: str = "", **columns: str) -> Record:
    return Record(source.name, {"text": text, **{name: value for name, value in columns.items() if value}}, layout=layout, part=part, notes=notes, known=known or {})


def _exported(source: Source, layout: str, articles: list[dict[str, str]], notes: tuple[str, ...]) -> Iterator[Record]:
    for number, article in enumerate(articles, 1):
        if not article:
            raise InputError(f"{source.name}, article {number}: a {layout} export, but headline, source, date and text cannot be told apart; take it out of the file, or save its text as .txt")
        yield Record(source.name, article, part=f"article {number}", layout=layout, notes=notes, known={name: f"{layout} export" for name, value in article.items() if value})


def read_text(source: Source) -> Iterator[Record]:
    """Plain text: one article as it stands, or a LexisNexis, ProQuest or Factiva export."""
    text, notes = decode(source.data, source.name, encoding=source.encoding)
    layout, articles = exports.from_lines(text.splitlines())
    yield from _exported(source, layout, articles, notes) if layout else [_document(source, text, "text", notes=notes)]


def read_markdown(source: Source) -> Iterator[Record]:
    """Markdown: the words without the marks; a block of `key: value` lines between `---` at the top tells title, date, author, outlet."""
    import mistune

    text, notes = decode(source.data, source.name, encoding=source.encoding)
    head = re.match(r"---\r?\n(.*?)\r?\n---\r?\n", text, re.DOTALL)
    told = {match[1].lower(): match[2].strip(" \"'") for line in (head[1].splitlines() if head else ()) if (match := re.match(r"(\w+):\s*(.*\S)", line))}
    page = pages.tree(mistune.html(text[head.end() :] if head else text) or "<p></p>", source.name)
    columns = {name: told.get(name, "") for name in ("title", "date", "author", "outlet", "url")}
    known = {name: "head of the file" for name, value in columns.items() if value}
    if not columns["title"] and (heading := page.xpath("//h1")):
        columns["title"], known["title"] = " ".join(pages.lines(heading[0])), "first heading"
    yield _document(source, "\n\n".join(pages.lines(page)), "Markdown", notes=notes, known=known, **columns)


def read_html(source: Source) -> Iterator[Record]:
    """A saved page: main text and metadata by trafilatura (Barbaresi, 2021), or a Factiva, Europresse or LexisNexis export."""
    text, notes = pages.read_page(source)
    layout, articles = exports.from_page(pages.tree(text, source.name))
    yield from _exported(source, layout, articles, notes) if layout else [_page(source, text, notes)]


def _page(source: Source, text: str, notes: tuple[str, ...] = (), *, url: str = "", layout: str = "HTML") -> Record:
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it could not find is said below
    found = trafilatura.bare_extraction(text, url=url or None, with_metadata=True, include_comments=False, include_tables=False, date_extraction_params={"original_date": True, "extensive_search": False})
    if found is None or not (found.text or "").strip():
        raise InputError(f"{source.name}: no article found on the page{f' {url}' if url else ''}; save its text as .txt, or remove it")
    columns = {"title": found.title or "", "author": found.author or "", "date": found.date or "", "outlet": found.sitename or "", "url": url or found.url or ""}
    return _document(source, found.text.replace("\n", "\n\n"), layout, notes=notes, known={"text": "main text of the page", **{name: "metadata of the page" for name, value in columns.items() if value}, "date": "inferred: found on the page"}, part=url if layout == "WARC" else "", **columns)


def read_docx(source: Source) -> Iterator[Record]:
    """Word: paragraphs and table rows in their order; or a Nexis Uni or LexisNexis export."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml.etree import XMLSyntaxError

    stream = sources.check_office(source.data, source.name, "DOCX")
    title, lines = "", []
    try:
        for block in docx.Document(stream).iter_inner_content():
            if isinstance(block, Table):
                lines += [" ".join(dict.fromkeys(cell.text for cell in row.cells)) for row in block.rows]
            else:
                lines.append(block.text)
                if not title and block.style is not None and block.style.name in ("Title", "Heading 1"):
                    title = block.text.strip()
    except (KeyError, ValueError, AttributeError, PackageNotFoundError, XMLSyntaxError) as error:
        raise InputError(f"{source.name}: damaged, or no DOCX ({error}); open it and save it anew") from None
    layout, articles = exports.from_lines([line for block in lines for line in block.split("\n")])
    if layout:
        yield from _exported(source, layout, articles, ())
    else:
        yield _document(source, "\n\n".join(line for line in lines if line.strip()), "DOCX", title=title, known={"title": "heading of the document"} if title else {})


def read_pdf(source: Source) -> Iterator[Record]:
    """PDF: the text layer, printed lines joined to paragraphs; or an export saved as PDF."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(source.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{source.name}: protected by a password; save a copy without one")
        printed = [page.extract_text() for page in reader.pages]
    except LimitReachedError:
        raise InputError(f"{source.name}: unpacks to far more than a text does; open it and print it to a new PDF, or save its text as .txt") from None
    except DependencyError:
        raise InputError(f"{source.name}: protected (encrypted); save a copy without protection") from None
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, OSError) as error:
        raise InputError(f"{source.name}: damaged, or no PDF ({error}); open it and save it anew") from None
    if sum(letter.isalpha() for text in printed for letter in text) < 20:
        raise InputError(f"{source.name}: {len(printed)} page{'s' * (len(printed) != 1)} without text (a scan?); have its text recognised (OCR) and save it with a text layer, or as .txt")
    lines = [line for text in printed for line in text.splitlines()]
    layout, articles = exports.from_lines(lines)
    yield from _exported(source, layout, articles, ()) if layout else [_document(source, unwrap(lines), "PDF", notes=("printed lines joined to paragraphs",))]


def unwrap(lines: list[str]) -> str:
    """Join printed lines to paragraphs, and words that are cut at a line's end.

    A paragraph ends before an empty line, where a line ends a sentence well before the right edge, and where a line far shorter than the others
    stands before one that opens with a capital (a heading). A hyphen at a line's end goes where a small letter follows, unless the same word stands hyphenated elsewhere.
    """
    lines = [" ".join(line.split()) for line in lines]
    widths = sorted(map(len, filter(None, lines)))
    full = widths[int(len(widths) * 0.9)] if widths else 0
    hyphenated = {word.casefold() for line in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line)}
    paragraphs, current = [], ""
    for line, following in zip(lines, [*lines[1:], ""]):
        cut = re.search(r"([^\W\d_]+)([-\u2010\u00ad])$", current)
        if cut and line and line[0].isalpha():
            word = re.match(r"[^\W\d_]+", line)[0]
            kept = cut[2] == "-" and (not line[0].islower() or f"{cut[1]}-{word}".casefold() in hyphenated or cut[1].casefold() in ("non", "self", "anti", "pro", "ex", "co"))
            current = (current if kept else current[:-1]) + line
        else:
            current = f"{current} {line}".strip()
        ends = re.search(r"[.!?…:][\"'”’»)]*$", line) and len(line) < 0.8 * full
        heads = len(line) < 0.6 * full and re.match(r"[\"“‘«(]?[^\W\d_a-zà-ÿ]", following) and not re.search(r"[-\u2010\u00ad,]$", line)
        if not line or ends or heads:
            paragraphs, current = [*paragraphs, current], ""
    return "\n\n".join(part for part in (*paragraphs, current) if part)


def read_rtf(source: Source) -> Iterator[Record]:
    """RTF: the words without the format; or a Factiva or Nexis export."""
    from striprtf.striprtf import rtf_to_text

    if not source.data.lstrip().startswith(b"{\\rtf"):
        raise InputError(f"{source.name}: no RTF; save it as RTF, or give it the suffix of what it is")
    try:
        text = rtf_to_text(source.data.decode("latin-1"), errors="replace")
    except (ValueError, IndexError, LookupError, UnicodeError) as error:
        raise InputError(f"{source.name}: damaged RTF ({error}); open it and save it anew") from None
    lines = text.splitlines()
    layout, articles = exports.from_lines(lines)
    yield from _exported(source, layout, articles, ()) if layout else [_document(source, "\n\n".join(line.strip() for line in lines if line.strip()), "RTF")]


def read_csv(source: Source) -> Iterator[Record]:
    """CSV, TSV: a header and one row an article; the delimiter is the one that cuts the header and the first rows evenly."""
    import csv

    text, notes = decode(source.data, source.name, encoding=source.encoding)
    delimiter = "\t" if source.suffix in (".tsv", ".tab") else _delimiter(text)
    former, number = csv.field_size_limit(MAX_CELL), 1
    try:
        rows = csv.reader(lines_of(text), delimiter=delimiter, strict=True)

        def numbered():
            nonlocal number
            for number, cells in enumerate(rows, 2):  # the row before the one at which an error comes
                yield number, cells

        yield from _table(source, next(rows, []), numbered(), notes)
    except csv.Error as error:
        raise InputError(f"{source.name}, row {number + 1}: not valid CSV ({error}); look for a quote mark that is not closed or not doubled") from None
    finally:
        csv.field_size_limit(former)


def _delimiter(text: str) -> str:
    import csv
    from itertools import islice

    def even(delimiter: str) -> tuple[float, int]:
        rows = [len(row) for row in islice(csv.reader(lines_of(text[:200_000]), delimiter=delimiter), 30) if row]
        return (sum(count == rows[0] for count in rows) / len(rows) if rows and rows[0] > 1 else 0.0, rows[0] if rows else 0)

    former = csv.field_size_limit(MAX_CELL)
    try:
        return max((",", ";", "\t", "|"), key=even)
    finally:
        csv.field_size_limit(former)


def _table(source: Source, header: list[str], rows, notes: tuple[str, ...] = (), *, within: str = "") -> Iterator[Record]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise InputError(f"{source.name}, row 1: no header; name the columns in the first row")
    if any(len(name) > 200 for name in names):
        raise InputError(f"{source.name}, row 1: a text where the names of the columns belong; add a header row")
    if repeated := next((name for name, count in Counter(names).items() if name and count > 1), None):
        raise InputError(f"{source.name}, row 1: column '{repeated}' stands twice; give each its own name")
    faults, told = [], 0
    for number, cells in rows:
        values = [plain(cell) for cell in cells]
        told += sum(map(len, values))
        if told > MAX_TOLD or any(len(value) > MAX_CELL for value in values):
            raise InputError(f"{source.name}, {within}row {number}: {'a cell' if told <= MAX_TOLD else 'the rows so far'} of more than {MAX_CELL if told <= MAX_TOLD else MAX_TOLD:,} characters; split it")
        if not any(value.strip() for value in values):
            continue
        if any(value.strip() for value in values[len(names) :]):
            faults.append(f"{source.name}, {within}row {number}: more cells than the header; quote cells that hold the delimiter")
        yield Record(source.name, {name: value for name, value in zip(names, values) if name}, part=f"{within}row {number}", notes=notes)
    if faults:
        raise InputError(listed(faults, most=20, mend=SKIP))


def plain(value) -> str:
    """Return a value of a table as text: days without a clock, whole numbers without a point, nothing for what is missing."""
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return (value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    return str(value)


def read_xlsx(source: Source) -> Iterator[Record]:
    """Excel: every sheet that has a header and rows; of a formula the value that was last computed."""
    import zipfile
    from xml.etree.ElementTree import ParseError

    import openpyxl
    from lxml.etree import XMLSyntaxError
    from openpyxl.utils.exceptions import InvalidFileException

    stream = sources.check_office(source.data, source.name, "XLSX")
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = _without_gaps(source, enumerate(sheet.iter_rows(max_col=min(sheet.max_column or MAX_COLUMNS, MAX_COLUMNS), values_only=True), 1))
            header = next(((number, cells) for number, cells in rows if any(cell is not None for cell in cells)), None)
            if header is None:
                continue
            yield from _table(source, [plain(cell) for cell in header[1]], rows, within=f"sheet {sheet.title}, " if len(book.worksheets) > 1 else "")
    except (InvalidFileException, zipfile.BadZipFile, ParseError, XMLSyntaxError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise InputError(f"{source.name}: damaged, or no XLSX ({error}); open it and save it anew") from None


def _without_gaps(source: Source, rows):
    empty = 0
    for number, cells in rows:
        empty = 0 if any(cell is not None for cell in cells) else empty + 1
        if empty > MAX_GAP:
            raise InputError(f"{source.name}, row {number}: more than {MAX_GAP:,} empty rows before the next one; delete them")
        if not empty:
            yield number, cells


def read_parquet(source: Source) -> Iterator[Record]:
    """Parquet: one row an article."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(source.data))
        if (unpacked := sum(file.metadata.row_group(at).total_byte_size for at in range(file.num_row_groups))) > sources.MAX_UNPACKED:
            raise InputError(f"{source.name}: unpacks to {unpacked / 2**30:.1f} GiB, more than {sources.MAX_UNPACKED // 2**30}; split it")
        names = file.schema_arrow.names
        whole = pyarrow.parquet.ParquetFile(io.BytesIO(source.data), read_dictionary=names)  # a text that stands in many rows stays one
        rows = (row for batch in whole.iter_batches(batch_size=64) for row in zip(*map(_values, batch.columns)))
        yield from _table(source, names, enumerate(rows, 2))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{source.name}: damaged, or no Parquet ({error}); write it anew") from None


def _values(column) -> list:
    """The values of an Arrow column; where it is a dictionary, equal values are one object."""
    import pyarrow

    if not isinstance(column, pyarrow.DictionaryArray):
        return column.to_pylist()
    known = column.dictionary.to_pylist()
    return [None if at is None else known[at] for at in column.indices.to_pylist()]


def read_json(source: Source) -> Iterator[Record]:
    """JSON: a list of articles, an object that holds one, or one article; CSL-JSON (Zotero) is such a list."""
    text, notes = decode(source.data, source.name, encoding=source.encoding)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if len(text.splitlines()) > 1 and text.lstrip().startswith("{") and error.msg == "Extra data":
            yield from read_jsonl(source)
            return
        raise InputError(f"{source.name}, line {error.lineno}: not valid JSON ({error.msg}); correct it") from None
    items = _articles_in(value)
    if not items:
        raise InputError(f"{source.name}: no list of articles in it; give a list of objects, one an article")
    for number, item in enumerate(items, 1):
        yield Record(source.name, _flat(item), part=f"item {number}", layout="JSON", notes=notes)


def read_jsonl(source: Source) -> Iterator[Record]:
    """JSON lines: one article a line."""
    text, notes = decode(source.data, source.name, encoding=source.encoding)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{source.name}, line {number}: not valid JSON ({error.msg}); correct it") from None
        if not isinstance(item, dict):
            raise InputError(f"{source.name}, line {number}: no object; write one article a line, as {{\"text\": ...}}")
        yield Record(source.name, _flat(item), part=f"line {number}", layout="JSON lines", notes=notes)


def _articles_in(value) -> list[dict]:
    """The list of objects with the most entries: at the top, or within objects."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if isinstance(value, dict):
        inner = max((_articles_in(part) for part in value.values() if isinstance(part, (dict, list))), key=len, default=[])
        return inner if len(inner) > 1 or (inner and not any(isinstance(part, str) and len(part) > 200 for part in value.values())) else [value]
    return []


def _flat(item: dict, before: str = "") -> dict[str, str]:
    flat = {}
    for name, value in item.items():
        if isinstance(value, dict) and set(value) & {"date-parts", "raw"}:  # a CSL date
            parts = (value.get("date-parts") or [[]])[0]
            flat[f"{before}{name}"] = "-".join(f"{int(part):02d}" for part in parts if str(part).isdigit()) or plain(value.get("raw"))
        elif isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        elif isinstance(value, list) and value and all(isinstance(part, dict) for part in value):  # people: {"given": .., "family": ..} or {"name": ..}
            flat[f"{before}{name}"] = ", ".join(" ".join(str(part[key]) for key in ("given", "family", "literal", "name") if part.get(key)) for part in value)
        else:
            flat[f"{before}{name}"] = plain(value)
    return flat


def read_ris(source: Source) -> Iterator[Record]:
    """RIS (Zotero, EndNote, databases): title, outlet, date, author, url; the text where a note or an abstract holds it."""
    import rispy
    from rispy.parser import ParseError

    text, notes = decode(source.data, source.name, encoding=source.encoding)
    try:
        entries = rispy.loads(text, skip_unknown_tags=True)
    except (ParseError, OSError, ValueError, IndexError, KeyError) as error:
        raise InputError(f"{source.name}: not valid RIS ({error}); export it anew") from None
    for number, entry in enumerate(entries, 1):
        def first(*names: str) -> str:
            return next((plain(entry[name]) for name in names if entry.get(name)), "")

        columns = {"title": first("title", "primary_title"), "outlet": first("journal_name", "secondary_title", "alternate_title3", "alternate_title1", "publisher"), "date": re.sub(r"/+$", "", first("date", "publication_year", "year")),
                   "author": first("authors", "first_authors"), "url": first("urls", "url"), "id": first("id"), "file": first("file_attachments1", "file_attachments2"), "text": max((first("notes"), first("notes_abstract", "abstract")), key=len)}  # fmt: skip
        yield Record(source.name, {name: value for name, value in columns.items() if value}, part=f"entry {number}", layout="RIS", notes=notes)


def read_warc(source: Source) -> Iterator[Record]:
    """WARC (web archives): the pages among its responses, each read as a saved page; those without an article are left out."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    unpacked = 0
    try:
        for record in ArchiveIterator(io.BytesIO(source.data)):
            kind = record.http_headers.get_header("Content-Type") or "" if record.rec_type == "response" and record.http_headers else ""
            if "html" not in kind or record.http_headers.get_statuscode() != "200":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            data = record.content_stream().read(sources.MAX_DOCUMENT + 1)
            unpacked += len(data)
            if unpacked > sources.MAX_UNPACKED or len(data) > sources.MAX_DOCUMENT:
                raise InputError(f"{source.name}: unpacks to more than is read ({sources.MAX_DOCUMENT // 2**20} MiB a page, {sources.MAX_UNPACKED // 2**30} GiB in all); split it, or leave out {url[:100]}")
            try:
                text, notes = pages.read_page(Source(source.name, data, source.encoding), sent_as=kind)
                yield _page(source, text, notes, url=url, layout="WARC")
            except InputError:
                continue  # menus, searches, pictures in a page: most of an archive is no article
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise InputError(f"{source.name}: damaged, or no WARC ({error}); get it anew") from None


def read_xml(source: Source) -> Iterator[Record]:
    """XML with one `<article>` an article: attributes and child elements are columns, the text is that of its paragraphs (as in the Hyperpartisan corpus; Kiesel et al., 2019)."""
    from lxml import etree

    if b"<!ENTITY" in source.data:
        raise InputError(f"{source.name}: declares entities, which are not read; save it without a DOCTYPE")
    found = 0
    try:
        for _, article in etree.iterparse(io.BytesIO(source.data), tag="article", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False):
            found += 1
            columns = dict(article.attrib)
            simple = [part for part in article if isinstance(part.tag, str) and part.tag not in ("p", "a", "q", "div") and not len(part)]
            columns |= {part.tag: " ".join(part.itertext()).strip() for part in simple}
            if not simple and (lines := pages.lines(article)):
                columns["text"] = "\n\n".join(lines)
            yield Record(source.name, columns, part=f"article {found}", layout="XML", known={"text": "its paragraphs"} if "text" in columns and not simple else {})
            article.clear()
    except etree.XMLSyntaxError as error:
        raise InputError(f"{source.name}: not valid XML ({error.msg}); correct it") from None
    if not found:
        raise InputError(f"{source.name}: no <article> in it; save it as CSV, one row an article")


READERS: dict[str, Callable[[Source], Iterator[Record]]] = {
    ".txt": read_text, ".md": read_markdown, ".markdown": read_markdown, ".html": read_html, ".htm": read_html, ".xhtml": read_html, ".docx": read_docx, ".pdf": read_pdf, ".rtf": read_rtf,
    ".csv": read_csv, ".tsv": read_csv, ".tab": read_csv, ".xlsx": read_xlsx, ".parquet": read_parquet, ".json": read_json, ".jsonl": read_jsonl, ".ndjson": read_jsonl, ".ris": read_ris, ".warc": read_warc, ".xml": read_xml,
}  # fmt: skip
"""The reader of each suffix."""
