"""Bytes to text: which charset they are in, and whether they are text at all."""

import codecs
import re

from quoth.errors import ArticleError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SIGNATURES = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an office file",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an office file",
    b"{\\rtf": "an RTF file",
    b"PAR1": "a Parquet file",
    b"SQLite format 3\x00": "a database",
}
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
"""The control characters that no text holds; an escape is text in the Japanese and Korean seven-bit charsets."""
MOST_CONTROLS = 0.05
NULS = "not text: it holds NUL bytes (UTF-16 needs a byte order mark)"
SAMPLE = 64_000
"""How many bytes are looked at, from the first that is not ASCII on, to guess a charset."""


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str]:
    r"""The text of some bytes and the name of the charset they are in.

    In this order: a byte order mark, which is not part of the text; the charset that is declared, if the bytes are in it; UTF-8; the
    best guess of charset-normalizer. Line ends stay as they are. Raises ArticleError for what is no text.

    >>> decode(b"\xff\xfeH\x00i\x00")
    ('Hi', 'utf-16-le')
    >>> decode("Пресс".encode("cp1251"), declared="windows-1251")
    ('Пресс', 'cp1251')
    """
    if trouble := no_text(raw):
        raise ArticleError(trouble)
    marked = next(((mark, charset) for mark, charset in BOMS if raw.startswith(mark)), None)
    if marked is not None:
        return _decode_marked(raw, *marked)
    if b"\x00" in raw:
        raise ArticleError(NULS)
    if len(raw) - len(raw.translate(None, CONTROLS)) > MOST_CONTROLS * len(raw):
        raise ArticleError("not text: too many control characters")
    for charset in (declared, "utf-8"):
        if charset is not None and (decoded := _try(raw, charset)) is not None:
            return decoded
    return _guess(raw)


def no_text(raw: bytes) -> str | None:
    """Why the bytes cannot be text, by the signature they open with, or None.

    >>> no_text(b"%PDF-1.7")
    'not text: a PDF file'
    """
    return next((f"not text: {kind}" for signature, kind in SIGNATURES.items() if raw.startswith(signature)), None)


def _decode_marked(raw: bytes, mark: bytes, charset: str) -> tuple[str, str]:
    decoded = _try(raw.removeprefix(mark), charset)
    if decoded is None:
        raise ArticleError(f"not text: its byte order mark says {charset}, and its bytes are not")
    return decoded


def _try(raw: bytes, charset: str) -> tuple[str, str] | None:
    """The text in this charset, or None if the bytes are not in it or Python has no such charset."""
    try:
        return raw.decode(charset), codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None


def _guess(raw: bytes) -> tuple[str, str]:
    """The text in the likeliest charset: Windows-1252, which is what the web takes undeclared text to be, where no other is cleaner."""
    from charset_normalizer import from_bytes

    beyond_ascii = re.search(rb"[\x80-\xff]", raw)
    start = max(0, beyond_ascii.start() - 200) if beyond_ascii else 0
    matches = list(from_bytes(raw[start : start + SAMPLE]))
    cleanest = [match for match in matches if match.chaos <= matches[0].chaos]
    western = ["cp1252"] if any("cp1252" in match.could_be_from_charset for match in cleanest) else []
    for charset in [*western, *(match.encoding for match in matches)]:
        if (decoded := _try(raw, charset)) is not None:
            return decoded
    raise ArticleError("not text: neither UTF-8 nor in any charset that can be told")
