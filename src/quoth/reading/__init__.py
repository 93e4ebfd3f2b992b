"""Bytes to readings: plain text, pages, feeds, crawls, tables and records, from files, folders, archives and standard input.

>>> [reading] = readings(b"date 2024-03-05 It rained.", origin="rain.txt")
>>> reading.article.id, str(reading.article.published), reading.article.text
('rain', '2024-03-05', 'It rained.')
"""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import IO

from quoth.reading.charsets import decode
from quoth.reading.known import Known
from quoth.reading.published import published_date
from quoth.reading.records import Notice, read_record
from quoth.reading.sources import STDIN, Settings, Source, feed_entries, ignore, parsing, read_source, readings
from quoth.reading.text import MAX_CHARACTERS, checked, read_text
from quoth.reading.worker import LIMITS, Limits
from quoth.types import Article, Reading, Skipped

__all__ = [
    "LIMITS",
    "MAX_CHARACTERS",
    "STDIN",
    "Known",
    "Limits",
    "checked",
    "decode",
    "feed_entries",
    "published_date",
    "read",
    "read_record",
    "read_stream",
    "read_text",
    "readings",
]


def read(path: str | PurePath, *, notice: Notice = ignore) -> Iterator[Article | Skipped]:
    """The articles of one file, or of standard input for "-", in any language: one result a report, in order, as they are read.

    Never raises for what the file holds or for a file that cannot be read: that is a Skipped. `notice` is called with one line for each
    report that was not in UTF-8.

    >>> list(read("no such file.txt"))
    [Skipped(origin='no such file.txt', reason='No such file or directory')]
    """
    origin = os.fspath(path)
    if origin != STDIN and Path(origin).is_dir():
        return iter([Skipped(origin=origin, reason="Is a directory")])
    return map(_article, readings(origin, english_only=False, notice=notice))


def read_stream(stream: IO[bytes], *, origin: str, notice: Notice = ignore) -> Iterator[Article | Skipped]:
    """The articles of an open binary stream; `origin` is its file name, whose ending tells the format where the content does not."""
    return map(_article, read_source(Source(stream=stream, origin=origin, name=origin), Settings(parse=parsing(LIMITS), notice=notice)))


def _article(result: Reading | Skipped) -> Article | Skipped:
    return result if isinstance(result, Skipped) else result.article
