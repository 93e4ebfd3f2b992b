"""A web page to a Reading: the report's own words, what the page tells of them, and the way back to its source.

The page is scanned once (`markup`), trafilatura and the markup say which blocks are the report (`body`), their characters become the
canonical text with its map (`canonical`), and the head tells title, author, date and address (`metadata`).
"""

import hashlib
import re

from quoth.errors import ArticleError
from quoth.reading.body import article_blocks, whole_blocks
from quoth.reading.canonical import Canonical, compose
from quoth.reading.charsets import BOMS, MOST_CONTROLS, NULS, decode, no_text
from quoth.reading.known import NOTHING, Known
from quoth.reading.languages import language_of
from quoth.reading.markup import scan
from quoth.reading.metadata import Metadata, guessed_date, metadata_of
from quoth.reading.published import day_of
from quoth.reading.text import article_of
from quoth.types import Reading

READER = "quoth-html 1"
"""Name and version of what reads pages; trafilatura's version is added, since both decide what the text is."""
MAX_PAGE = 20_000_000
"""The most bytes that a page may have."""
META_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:+-]+)""", re.IGNORECASE)
XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:+-]+)""")
HEAD_BYTES = 4_096
WEB_NAMES = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "utf8": "utf-8",
}  # fmt: skip
"""What the web means by the names of some charsets (Encoding Living Standard, 4.2)."""
MOST_BROKEN = 0.001
"""The share of broken characters up to which a page is still taken to be in the charset it declares."""


def read_html(raw: bytes, *, origin: str, id: str | None = None, known: Known = NOTHING) -> Reading:
    """The reading of a page. Raises ArticleError if it is no text, too large, or holds no report.

    >>> words = b"The bridge was closed, said Mara Lind, who runs the harbour. " * 6
    >>> reading = read_html(b"<html lang=en><title>Bridge</title><article><p>" + words + b"</p></article>", origin="a.html")
    >>> reading.article.title, reading.article.text[:24], reading.runs[0][:2]
    ('Bridge', 'The bridge was closed, s', (0, 47))
    """
    if len(raw) > MAX_PAGE:
        raise ArticleError(f"too large: more than {MAX_PAGE:,} bytes, which is the most that a page may have")
    source = decode_page(raw, known.charset)
    return read_markup(source, sha256=hashlib.sha256(raw).hexdigest(), origin=origin, id=id, known=known)


def read_markup(source: str, *, sha256: str, origin: str, id: str | None = None, known: Known = NOTHING) -> Reading:
    """The reading of HTML that is decoded; raises ArticleError if it holds no report."""
    markup = scan(source)
    metadata = metadata_of(markup, known)
    blocks = whole_blocks(markup) if known.fragment else article_blocks(markup, title=metadata.title)
    canonical = compose(source, blocks)
    if not any(map(str.isalpha, canonical.text)):
        raise ArticleError("no report in the page: no text that reads like an article")
    return _reading(source, canonical, metadata, sha256=sha256, origin=origin, id=id, known=known)


def _reading(source: str, canonical: Canonical, metadata: Metadata, *, sha256: str, origin: str, id: str | None, known: Known) -> Reading:
    published = metadata.published or (None if known.fragment else guessed_date(source))
    article = article_of(
        canonical.text, id=id, url=known.url or metadata.canonical_url, publisher=metadata.publisher, title=metadata.title,
        author=metadata.author, published=day_of(published), language=language_of(canonical.text, metadata.language),
    )  # fmt: skip
    return Reading(
        article=article, origin=origin, source_sha256=sha256, source_length=len(source), reader=reader_name(), runs=canonical.runs,
        parts=canonical.parts, published=published, canonical_url=metadata.canonical_url,
    )  # fmt: skip


def reader_name() -> str:
    """Name and version of what reads pages: ours and trafilatura's."""
    from trafilatura import __version__

    return f"{READER}, trafilatura {__version__}"


def decode_page(raw: bytes, declared: str | None = None) -> str:
    r"""The characters of a page: by its byte order mark, the HTTP header, what it declares itself, or as UTF-8; else by a guess.

    A page that declares UTF-8 and breaks it in a few places only is in UTF-8, with U+FFFD there. Raises ArticleError if it is no text.

    >>> decode_page(b'<meta charset="iso-8859-1"><p>\x93Caf\xe9\x94')
    '<meta charset="iso-8859-1"><p>“Café”'
    """
    if trouble := no_text(raw):
        raise ArticleError(trouble)
    found = META_CHARSET.search(raw[:HEAD_BYTES]) or XML_CHARSET.search(raw[:HEAD_BYTES])
    within = found[1].decode("latin-1").lower() if found else None
    if not any(raw.startswith(mark) for mark, _ in BOMS):
        if raw.count(b"\x00") > MOST_CONTROLS * len(raw):
            raise ArticleError(NULS)
        raw = raw.replace(b"\x00", b" ")  # what a browser drops
        for name in (declared, within):
            charset = WEB_NAMES.get((name or "").lower(), name)
            if charset and (text := _broken_in_places(raw, charset)) is not None:
                return text
        if (text := _broken_in_places(raw, "utf-8")) is not None:
            return text
    return decode(raw)[0]


def _broken_in_places(raw: bytes, charset: str) -> str | None:
    """The text in a charset, with U+FFFD for what is broken; None if too much is, or there is no such charset."""
    try:
        text = raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return None
    return text if text.count("\ufffd") - raw.count("\ufffd".encode()) <= MOST_BROKEN * len(text) else None
