"""Bytes to text: UTF-8 where it is, what is declared, else what charset-normalizer finds; what cannot be decided is refused."""

import codecs
import re

from pressframes.errors import InputError
from pressframes.languages import detect_language, known_languages

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LIKELY = ["cp1252", "cp1251", "cp1250", "cp1254", "cp1253", "cp1256", "cp1257", "koi8_r", "cp866", "mac_roman", "mac_cyrillic", "shift_jis", "gb18030", "big5", "euc_kr", "euc_jp"]
_MARKS_OF_WINDOWS = frozenset(b"\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa9\xab\xae\xb0\xb1\xb7\xbb")
"""Quotes, dashes and signs that all Windows code pages share; English text often holds no others."""
_SAMPLE = 60_000
_NEAR, _POSSIBLE = 0.05, 0.1
"""Encodings whose text is about as coherent (0 to 1) as the best one's are rivals; where there are any, those a little further away are asked about as well."""


def decode(data: bytes, name: str, *, encoding: str | None = None, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file and what was done to get it; newlines stay as they are, a byte-order mark goes.

    Args:
        name: of the file, for messages.
        encoding: what the user says it is; nothing else is tried.
        declared: what the file itself says it is, tried where it is not UTF-8.

    Raises:
        InputError: if the bytes do not fit the encoding given, or several encodings fit about as well and read differently.
    """
    if encoding:
        return _strict(data, name, encoding), ()
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _mended(_strict(data, name, codec), () if codec == "utf-8-sig" else ("converted from UTF-16 (byte-order mark)" if codec == "utf-16" else "converted from UTF-32 (byte-order mark)",))
    if _is_wide(data):
        return _strict(data, name, _wide(data)), ("converted from UTF-16 (detected)",)
    try:
        return _mended(data.decode("utf-8"), ())
    except UnicodeDecodeError:
        pass
    if declared and codecs_name(declared) not in (None, "utf-8"):
        try:
            return _mended(data.decode(declared), (f"converted from {declared} (declared)",))
        except UnicodeDecodeError:
            pass
    found = detect(data, name)
    return _mended(_strict(data, name, found), (f"converted from {found} (detected)",))


def codecs_name(encoding: str) -> str | None:
    """Return Python's name of an encoding, None if there is no such text encoding."""
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding else None


def detect(data: bytes, name: str) -> str:
    """Return the encoding of bytes that are not UTF-8.

    Raises:
        InputError: if none fits, or several fit about as well and read differently; with the candidates.
    """
    if {byte for byte in data if byte > 127} <= _MARKS_OF_WINDOWS:
        return "cp1252"
    from charset_normalizer import from_bytes

    sample = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    matches = list(from_bytes(sample, cp_isolation=_LIKELY))
    if not matches:
        raise InputError(f"{name}: neither UTF-8 nor any encoding that is common for text; save it as UTF-8, or name its encoding with --encoding")
    best = max(matches, key=lambda match: (match.coherence - match.chaos))
    within = lambda bound: [match for match in matches if match is not best and match.chaos <= best.chaos + bound and match.coherence >= best.coherence - bound and str(match) != str(best)]
    if within(_NEAR):
        rivals = (best, *within(_POSSIBLE))
        if len(written := [match for match in rivals if _is_written_so(str(match))]) == 1:
            return _usual(written[0])
        names = [_usual(match) for match in rivals]
        raise InputError(f"{name}: not UTF-8, and its encoding cannot be told: {', '.join(names[:4])} fit equally well; name it with --encoding, or save the file as UTF-8")
    return _usual(best)


def _is_written_so(text: str) -> bool:
    """Whether a text is in a language, English aside, whose alphabet holds every letter of it."""
    language = known_languages().get(detect_language(text))
    return language is not None and bool(language.letters) and not {char for char in text.lower() if char.isalpha() and not char.isascii()} - language.letters


def _usual(match) -> str:
    """The commonest encoding that gives this text: several often give the same."""
    return min((match.encoding, *match.could_be_from_charset), key=lambda encoding: _LIKELY.index(encoding) if encoding in _LIKELY else len(_LIKELY))


def _strict(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise InputError(f"--encoding: unknown encoding '{encoding}'; use utf-8, cp1252, cp1251 or another that Python knows") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not {encoding} (byte {error.start}); name another with --encoding, or save the file as UTF-8") from None


def _is_wide(data: bytes) -> bool:
    """UTF-16 without a mark: every other byte of plain text is 0, and spaces are in any script."""
    sample = data[:4000]
    return len(sample) > 3 and (b" \0" in sample or b"\0 " in sample) and sample.count(0) > len(sample) / 20


def _wide(data: bytes) -> str:
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


def _mended(text: str, notes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Put right UTF-8 that someone once read as a Windows code page ("â€™" for an apostrophe)."""
    if not re.search(r"â€|Ã[\x80-\xbf¡-ÿ€™šœž]|[ÐÑ][\x80-\xbf°-ÿ‚-”]|Â[\xa0-\xbf]", text):
        return text, notes
    from ftfy import fix_encoding

    mended = fix_encoding(text)
    return (mended, (*notes, "garbled letters put right (UTF-8 once read as another encoding)")) if mended != text else (text, notes)
