"""Where a crawl can be cut: the bytes at which its records begin. A range of records is read as the whole file would be.

A crawl is cut only where its frames are sound: every record of a plain WARC file ends where its Content-Length says, and every gzip member
of a packed one holds exactly one record. From the first place where that is not so the rest stays in one piece, so that the reader meets
the damage as it lies there and the numbers of the records are right.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO

from quoth.reading import readings
from quoth.scale.places import bytes_between
from quoth.scale.shards import Piece
from quoth.types import Reading, Skipped

CHUNK = 32_768
"""Packed bytes that are unpacked at once: 34 MB at most."""
MAX_HEADER = 256_000
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE | re.MULTILINE)
GZIP, WARC = b"\x1f\x8b", b"WARC/"
EMPTY_RANGE = "the crawl holds no document"
"""What the reader says of a crawl without documents, which a range of one may well be."""


def pieces_of(stream: IO[bytes], *, source: str, size: int, most: int) -> tuple[Piece, ...]:
    """A crawl in ranges of at least `most` bytes, in order and without gaps; one whole piece for a source that cannot be cut."""
    cuts, start = [(0, 0)], 0
    for number, place in enumerate(record_starts(stream)):
        if place - start >= most and size - place >= most // 4:
            cuts.append((place, number))
            start = place
    if len(cuts) == 1:
        return (Piece(source=source, size=size),)
    ends = [place for place, _ in cuts[1:]] + [size]
    return tuple(
        Piece(source=source, size=size, start=place, end=end, before=before) for (place, before), end in zip(cuts, ends, strict=True)
    )


def record_starts(stream: IO[bytes]) -> Iterator[int]:
    """The places at which the records of a sound crawl begin, in order; up to the first damage, and none for what is no crawl.

    >>> import io
    >>> record = bytes("WARC/1.0|Content-Length: 2||hi||".replace("|", chr(13) + chr(10)), "ascii")
    >>> list(record_starts(io.BytesIO(record * 3)))
    [0, 37, 74]
    """
    opening = stream.read(len(WARC))
    stream.seek(0)
    if opening.startswith(GZIP):
        yield from _packed_starts(stream)
    elif opening == WARC:
        yield from _plain_starts(stream)


def read_range(piece: Piece, mapping: Mapping[str, str] | None) -> Iterator[Reading | Skipped]:
    """What a range of a crawl holds, with the numbers that its records have in the whole file; raises QuothError."""
    raw = bytes_between(piece.source, piece.start, piece.end or piece.size)
    for result in readings(raw, origin=piece.source, mapping=mapping):
        if not (isinstance(result, Skipped) and result.origin == piece.source and result.reason == EMPTY_RANGE):
            yield _renumbered(result, piece)


def _renumbered(result: Reading | Skipped, piece: Piece) -> Reading | Skipped:
    """A result with the number of its record in the whole file: in its origin, and in a reason that tells of damage between records."""
    record = f"{piece.source}, record "
    if result.origin.startswith(record):
        result = replace(result, origin=record + _raised(result.origin[len(record) :], piece.before))
    if isinstance(result, Skipped) and result.reason.startswith("record "):
        result = replace(result, reason="record " + _raised(result.reason[len("record ") :], piece.before))
    return result


def _raised(numbered: str, by: int) -> str:
    """Words that begin with a number, with a higher one.

    >>> _raised("3 (https://a.example/)", 40)
    '43 (https://a.example/)'
    """
    number = re.match(r"\d+", numbered)
    return numbered if number is None else f"{int(number[0]) + by}{numbered[number.end() :]}"


def _plain_starts(stream: IO[bytes]) -> Iterator[int]:
    place = 0
    while True:
        stream.seek(place)
        opening = stream.read(CHUNK)
        if not opening:
            return
        length = _record_length(opening)
        if length is None:
            return
        yield place
        stream.seek(place + length - 4)
        if stream.read(4) != b"\r\n\r\n":
            return
        place += length


def _packed_starts(stream: IO[bytes]) -> Iterator[int]:
    place, rest = 0, b""
    while True:
        inflater = zlib.decompressobj(31)
        opening, length, taken = b"", 0, 0
        while not inflater.eof:
            chunk = rest or stream.read(CHUNK)
            rest = b""
            try:
                unpacked = inflater.decompress(chunk)
            except zlib.error:
                return
            if not chunk:
                return
            opening += unpacked[: MAX_HEADER - len(opening)]
            length += len(unpacked)
            taken += len(chunk)
        rest = inflater.unused_data
        if _record_length(opening) != length:
            return
        yield place
        place += taken - len(rest)


def _record_length(opening: bytes) -> int | None:
    """The bytes of a record from its version line to the two empty lines behind its block; None if it does not tell them."""
    end = opening.find(b"\r\n\r\n")
    if not opening.startswith(WARC) or end < 0:
        return None
    told = LENGTH.search(opening[: end + 2].replace(b"\r\n", b"\n"))
    return None if told is None else end + 4 + int(told[1]) + 4
