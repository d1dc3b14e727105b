"""HTML and XML as trees and as lines of text."""

import re

from pressframes.errors import InputError
from pressframes.intake.encoding import decode

_BLOCKS = frozenset("address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td th thead tr ul".split())
_HIDDEN = frozenset(("script", "style", "noscript", "template", "head"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


def read_page(source, *, sent_as: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the HTML of a Source as text, and what was done to get it; a charset that the page declares, or that it was `sent_as`, is believed where the bytes are not UTF-8."""
    declared = _DECLARED.search(sent_as.encode("ascii", "replace")) or _DECLARED.search(source.data[:4096])
    text, notes = decode(source.data, source.name, encoding=source.encoding, declared=declared and declared[1].decode("ascii", "replace"))
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text), notes


def tree(text: str, name: str):
    """Parse HTML; nothing is fetched and no entity is read from outside.

    Raises:
        InputError: if there is no HTML in it.
    """
    from lxml import etree, html

    try:
        return html.document_fromstring(text.encode("utf-8", "replace").replace(b"\0", b""), parser=html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.LxmlError) as error:
        raise InputError(f"{name}: no page in it ({error}); remove the file") from None


def lines(element) -> list[str]:
    """Return the text of an element, one line a block (paragraph, cell, heading, line break), spaces collapsed, empty lines left out."""
    pieces = []
    for action, part in _walk(element):
        if not isinstance(part.tag, str):
            text = part.tail if action == "end" else ""
        else:
            text = part.text if action == "start" else (part.tail if part is not element else "")
            if part.tag in _HIDDEN and action == "start":
                text = ""
            if part.tag in _BLOCKS:
                pieces.append("\n")
        pieces.append(re.sub(r"\s+", " ", text or ""))
    return [line for line in (re.sub(r"[ \u00a0]+", " ", line).strip() for line in "".join(pieces).split("\n")) if line]


def _walk(element):
    from lxml import etree

    hidden = 0
    for action, part in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if action in ("comment", "pi"):
            if not hidden:
                yield "end", part
        elif part.tag in _HIDDEN:
            hidden += 1 if action == "start" else -1
            if action == "end" and not hidden:
                yield action, part
        elif not hidden:
            yield action, part
