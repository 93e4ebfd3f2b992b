"""Crawls: WARC 1.0 and 1.1 (ISO 28500) and ARC 1, plain or packed record by record, as CC-NEWS lays them out.

The frames are read here and not by a library: none reads both formats, and those there are pass over a file that breaks off, and hold a
record as a whole. Here every record is compared with its Content-Length, what is damaged is told with its number, and the next record
that can be found is read. Responses, resources and conversions are documents; requests, revisits and notes about the crawl are not.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from typing import IO, TYPE_CHECKING, Literal

from quoth.errors import ArticleError
from quoth.reading.known import Known
from quoth.types import Reading, Skipped

if TYPE_CHECKING:
    from quoth.reading.containers import Onward
    from quoth.reading.sources import Source

MAX_PAYLOAD = 30_000_000
"""The most bytes of a document, packed and unpacked."""
MAX_HEADER = 256_000
MAX_LINE = 64_000
CHUNK = 65_536
DOCUMENTS = frozenset({"response", "resource", "conversion"})
NOTES = frozenset({"application/warc-fields", "text/dns"})
READ_TYPES = re.compile(r"text/|application/(?:xhtml|xml|json|rss|atom|rdf|feed|[\w.-]+\+(?:xml|json))|application/octet-stream|$")
ARC_HEADER = re.compile(r"(\S.*?) (\S+) (\d{14,}) (\S+) (-?\w+)$")
STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")
DIGITS = re.compile(r"\d{1,18}$")
Layout = Literal["warc", "arc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a crawl: its number, address, type, and block; `trouble` says why the block is not whole."""

    number: int
    kind: str
    url: str | None
    media: str
    block: bytes = field(repr=False)
    trouble: str | None = None


def read_crawl(layout: Layout, source: "Source", onward: "Onward") -> Iterator[Reading | Skipped]:
    """The documents of a crawl, in order, each as whatever it is; one Skipped for each that is no page, is damaged or was not found."""
    found = False
    for place, record in enumerate(records(layout, source.stream), start=1):
        if isinstance(record, str):
            found = True
            yield Skipped(origin=f"{source.origin}, record {place}", reason=record)
        elif record.kind in DOCUMENTS or record.trouble is not None:
            found = True
            yield from _document(record, source, onward)
    if not found:
        yield Skipped(origin=source.origin, reason="the crawl holds no document")


def records(layout: Layout, stream: IO[bytes]) -> Iterator[Record | str]:
    """The records of a crawl, without the blocks of those that are no documents; a string tells of damage between records."""
    next_record = _warc_record if layout == "warc" else _arc_record
    number = 0
    while (line := _next_line(stream)) is not None:
        number += 1
        try:
            record = next_record(line, stream, number)
        except ArticleError as error:
            yield error.reason
            if not _skip_to_record(layout, stream):
                return
            continue
        if record is not None:
            yield record


def _next_line(stream: IO[bytes]) -> bytes | None:
    """The next line that is not blank, without its end; None at the end of the stream."""
    while line := stream.readline(MAX_LINE):
        if line.strip():
            return line.rstrip(b"\r\n")
    return None


def _skip_to_record(layout: Layout, stream: IO[bytes]) -> bool:
    """Goes to the beginning of the next record, as far as one can be told; whether there is one."""
    if not stream.seekable() and not hasattr(stream, "peek"):
        return False
    while True:
        opening = stream.peek(200)[:200] if hasattr(stream, "peek") else _peek(stream, 200)
        if not opening:
            return False
        if _begins(layout, opening):
            return True
        stream.readline(MAX_LINE)


def _peek(stream: IO[bytes], size: int) -> bytes:
    opening = stream.read(size)
    stream.seek(-len(opening), io.SEEK_CUR)
    return opening


def _begins(layout: Layout, opening: bytes) -> bool:
    if layout == "warc":
        return opening.startswith(b"WARC/")
    return ARC_HEADER.match(opening.partition(b"\n")[0].decode("latin-1").rstrip()) is not None


def _warc_record(line: bytes, stream: IO[bytes], number: int) -> Record:
    """The record that a version line opens; raises ArticleError if there is none or its length is not told."""
    if not line.startswith(b"WARC/"):
        raise ArticleError("damaged: no WARC record where one should begin")
    headers = _headers(stream)
    length = headers.get("content-length", "")
    if not DIGITS.match(length):
        raise ArticleError("damaged: the record does not tell its length")
    kind = headers.get("warc-type", "").lower()
    media = _media(headers.get("content-type", ""))
    wanted = kind in DOCUMENTS and media not in NOTES
    block, trouble = _block(stream, int(length), wanted=wanted)
    url = headers.get("warc-target-uri", "").strip("<> ") or None
    if url and url.startswith("metadata:"):
        kind = "note"  # wget's own log and arguments
    return Record(
        number=number, kind=kind if wanted else "note", url=url, media=headers.get("content-type", ""), block=block, trouble=trouble
    )


def _arc_record(line: bytes, stream: IO[bytes], number: int) -> Record:
    """The record that a line of an ARC file opens: address, IP, date, type and length. Raises ArticleError."""
    found = ARC_HEADER.match(line.decode("utf-8", "replace"))
    if found is None:
        raise ArticleError("damaged: no ARC record where one should begin")
    url, _, _, media, length = found.groups()
    if not DIGITS.match(length):
        raise ArticleError(f"damaged: the record for {url[:200]} has the length {length!r}")
    note = url.startswith("filedesc:") or media in NOTES
    block, trouble = _block(stream, int(length), wanted=not note)
    kind = "note" if note else "response" if STATUS.match(block) else "resource"
    return Record(number=number, kind=kind, url=url, media=media, block=block, trouble=trouble)


def _headers(stream: IO[bytes]) -> dict[str, str]:
    """The header lines up to a blank one, by their names in lower case; of two of the same name the first counts."""
    headers: dict[str, str] = {}
    size, last = 0, ""
    while (line := stream.readline(MAX_LINE)).strip():
        size += len(line)
        if size > MAX_HEADER:
            raise ArticleError("damaged: a header without an end")
        text = line.decode("utf-8", "replace").strip()
        if line[:1] in b" \t" and last:
            headers[last] += f" {text}"
        else:
            name, _, value = text.partition(":")
            last = name.strip().lower()
            headers.setdefault(last, value.strip())
    return headers


def _block(stream: IO[bytes], length: int, *, wanted: bool) -> tuple[bytes, str | None]:
    """The bytes of a block, as far as they are wanted and not too many, and why they are not whole."""
    kept: list[bytes] = []
    left = length
    keep = wanted and length <= MAX_PAYLOAD
    try:
        while left and (some := stream.read(min(left, CHUNK))):
            left -= len(some)
            if keep:
                kept.append(some)
    except ArticleError as error:
        return b"".join(kept), f"damaged: the record breaks off after {length - left:,} of {length:,} bytes ({error.reason})"
    if left:
        return b"".join(kept), f"damaged: the record breaks off after {length - left:,} of {length:,} bytes"
    if wanted and not keep:
        return b"", f"too large: {length:,} bytes, and {MAX_PAYLOAD:,} are read at most"
    return b"".join(kept), None


def _document(record: Record, source: "Source", onward: "Onward") -> Iterator[Reading | Skipped]:
    """What a record's document holds."""
    origin = f"{source.origin}, record {record.number}" + (f" ({record.url[:300]})" if record.url else "")
    try:
        body, media, charset = _payload(record)
        if not READ_TYPES.match(media):
            raise ArticleError(f"no page: {media}")
    except ArticleError as error:
        yield Skipped(origin=origin, reason=error.reason)
        return
    known = replace(source.known, url=record.url, charset=charset) if record.url else Known(charset=charset)
    yield from onward(replace(source, stream=io.BytesIO(body), origin=origin, name="", known=known, path=None, depth=source.depth + 1))


def _payload(record: Record) -> tuple[bytes, str, str | None]:
    """The document itself, its media type and its charset; raises ArticleError for what is not whole or cannot be unpacked."""
    if record.trouble is not None and not _body_is_whole(record.block):
        raise ArticleError(record.trouble)
    if not STATUS.match(record.block):
        if _media(record.media) == "application/http":
            raise ArticleError("damaged: no HTTP response in the record")
        return record.block, _media(record.media), _charset(record.media)
    stream = io.BytesIO(record.block)
    found = STATUS.match(stream.readline(MAX_LINE))
    status = int(found[1]) if found else 0
    headers = _headers(stream)
    if not 200 <= status < 300:
        raise ArticleError(f"HTTP status {status}")
    body = stream.read()
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = dechunked(body)
    body = decoded(body, headers.get("content-encoding", ""))
    media = headers.get("content-type", "")
    return body, _media(media), _charset(media)


def _body_is_whole(block: bytes) -> bool:
    """Whether a block that breaks off still holds as many bytes of the body as its HTTP header tells."""
    stream = io.BytesIO(block)
    if not STATUS.match(stream.readline(MAX_LINE)):
        return False
    length = _headers(stream).get("content-length", "")
    return DIGITS.match(length) is not None and len(stream.read()) >= int(length)


def dechunked(body: bytes) -> bytes:
    """A body without the frames of HTTP's chunked coding (RFC 9112, 7.1); a body that has none, or breaks them, stays as it is.

    >>> dechunked(bytes([53, 13, 10]) + b"Rain." + bytes([13, 10, 48, 13, 10, 13, 10]))
    b'Rain.'
    """
    chunks: list[bytes] = []
    place = 0
    while True:
        end = body.find(b"\n", place, place + 100)
        size = re.fullmatch(rb"\s*([0-9a-fA-F]{1,8})\s*(?:;.*)?", body[place:end].rstrip(b"\r")) if end >= 0 else None
        if size is None:
            return b"".join(chunks) if chunks and place >= len(body) else body
        length = int(size[1], 16)
        if length == 0:
            return b"".join(chunks)
        chunks.append(body[end + 1 : end + 1 + length])
        place = end + 1 + length
        place += 2 if body[place : place + 2] == b"\r\n" else body[place : place + 1] == b"\n"


def decoded(body: bytes, codings: str) -> bytes:
    """A body without its content coding: gzip or deflate; raises ArticleError for others, for damage and for what unpacks to too much.

    >>> decoded(zlib.compress(b"Rain."), "deflate")
    b'Rain.'
    """
    for coding in reversed([coding.strip().lower() for coding in codings.split(",") if coding.strip()]):
        if coding in ("gzip", "x-gzip"):
            body = _inflated(body, 31) if body.startswith(b"\x1f\x8b") else body
        elif coding == "deflate":
            body = _inflated(body, 15 if body[:1] == b"\x78" else -15)
        elif coding not in ("identity", "utf-8", "none"):
            raise ArticleError(f"cannot be unpacked: the content coding {coding[:20]!r}")
    return body


def _inflated(body: bytes, window: int) -> bytes:
    inflater = zlib.decompressobj(window)
    try:
        unpacked = inflater.decompress(body, MAX_PAYLOAD + 1)
    except zlib.error as error:
        raise ArticleError(f"damaged: {error}") from None
    if len(unpacked) > MAX_PAYLOAD:
        raise ArticleError(f"too large: unpacks to more than {MAX_PAYLOAD:,} bytes")
    if not inflater.eof:
        raise ArticleError("damaged: the packed body breaks off")
    return unpacked


def _media(written: str) -> str:
    return written.partition(";")[0].strip().lower()


def _charset(written: str) -> str | None:
    message = Message()
    message["content-type"] = written.replace("\r", " ").replace("\n", " ")
    charset = message.get_content_charset()
    return charset if charset and charset.isascii() else None
