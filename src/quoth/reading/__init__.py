"""Bytes to Article: plain text, JSON Lines and JSON, from a file or from standard input.

>>> import io
>>> [article] = read_stream(io.BytesIO(b"date 2024-03-05 It rained."), origin="rain.txt")
>>> article.id, str(article.published), article.text
('rain', '2024-03-05', 'It rained.')
"""

import codecs
import os
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import IO

from quoth.errors import ArticleError
from quoth.reading.charsets import decode
from quoth.reading.published import published_date
from quoth.reading.records import MAX_BYTES, Notice, holds_text, parse, read_json, read_lines, read_record, split_lines
from quoth.reading.text import MAX_CHARACTERS, checked, declared_charset, read_text
from quoth.types import Article, Skipped

__all__ = ["MAX_CHARACTERS", "STDIN", "checked", "decode", "published_date", "read", "read_record", "read_stream", "read_text"]

STDIN = "-"
STDIN_ORIGIN = "<stdin>"
OPENING_LINES = 100
"""Within how many lines the first report of JSON Lines is looked for, where the file's name does not tell."""


def _ignore(line: str) -> None:
    """Takes no notice."""


def read(path: str | PurePath, *, notice: Notice = _ignore) -> Iterator[Article | Skipped]:
    """The reports of one file, or of standard input for "-": one result a report, in order, as they are read.

    Never raises for what the file holds or for a file that cannot be read: that is a Skipped. `notice` is called with one line for each
    report that was not in UTF-8.

    >>> list(read("no such file.txt"))
    [Skipped(origin='no such file.txt', reason='No such file or directory')]
    """
    origin = os.fspath(path)
    try:
        if origin == STDIN:
            yield from read_stream(sys.stdin.buffer, origin=STDIN_ORIGIN, notice=notice)
        else:
            with Path(origin).open("rb") as stream:
                yield from read_stream(stream, origin=origin, notice=notice)
    except OSError as error:
        yield Skipped(origin=origin, reason=error.strerror or str(error))


def read_stream(stream: IO[bytes], *, origin: str, notice: Notice = _ignore) -> Iterator[Article | Skipped]:
    """The reports of an open binary stream; `origin` is its file name, whose ending tells the format where the content does not.

    JSON Lines are read line by line; anything else is read whole, up to the size that one report may have.
    """
    lines = split_lines(stream)
    opening = _opening(lines)
    ending = PurePath(origin).suffix.lower()
    if ending in (".jsonl", ".ndjson") or (opening and _holds_record(opening[-1])):
        yield from read_lines(chain(opening, lines), origin=origin, notice=notice)
        return
    raw = b"".join(opening)
    raw += stream.read(max(0, MAX_BYTES + 1 - len(raw)))
    try:
        yield from _read_whole(raw, origin=origin, ending=ending, notice=notice)
    except ArticleError as error:
        yield Skipped(origin=origin, reason=error.reason)


def _opening(lines: Iterator[bytes]) -> list[bytes]:
    """The first lines, up to the first that is not blank."""
    opening: list[bytes] = []
    for line in islice(lines, OPENING_LINES):
        opening.append(line)
        if line.strip():
            break
    return opening


def _read_whole(raw: bytes, *, origin: str, ending: str, notice: Notice) -> Iterator[Article | Skipped]:
    """The reports of all the bytes of a file that is not JSON Lines; raises ArticleError."""
    if len(raw) > MAX_BYTES:
        raise ArticleError(f"too large: more than {MAX_BYTES:,} bytes, and {MAX_CHARACTERS:,} characters are read at most")
    if not raw:
        raise ArticleError("the report is empty")
    text, charset = decode(raw, declared_charset(raw))
    if charset != "utf-8":
        notice(f"{origin}: not UTF-8, read as {charset}")
    if ending == ".json" or _holds_records(text):
        yield from read_json(text, origin=origin)
    else:
        yield read_text(text, id=_file_id(origin))


def _file_id(origin: str) -> str | None:
    """The file's name without its ending; standard input has none, and its report is named by its hash."""
    name = PurePath(origin).stem
    return None if origin == STDIN_ORIGIN else os.fsencode(name).decode("utf-8", "replace")


def _holds_record(line: bytes) -> bool:
    """Whether a line is a JSON object with a "text"."""
    try:
        return line.lstrip(codecs.BOM_UTF8 + b" \t")[:1] == b"{" and holds_text(parse(decode(line)[0]))
    except ArticleError:
        return False


def _holds_records(text: str) -> bool:
    """Whether a text is a JSON object with a "text", or an array that opens with one."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        records = parse(text)
    except ArticleError:
        return False
    return holds_text(records[0] if isinstance(records, list) and records else records)
