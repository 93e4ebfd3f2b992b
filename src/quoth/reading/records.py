"""JSON to Article: one report a line, or one object or array of objects; what is no report becomes Skipped."""

import datetime
import json
from collections.abc import Callable, Iterator
from typing import IO, Any

from quoth.errors import ArticleError
from quoth.reading.charsets import BOMS, decode, no_text
from quoth.reading.published import published_date
from quoth.reading.text import MAX_CHARACTERS, article_of
from quoth.types import Article, Skipped

Notice = Callable[[str], None]
"""Takes one line of what the reader wants known, such as a charset that was guessed."""
MAX_BYTES = 6 * MAX_CHARACTERS
r"""No report of MAX_CHARACTERS is longer as a file or a line: at most four bytes a character, six if it is written `\uXXXX`."""
STRINGS = ("id", "url", "publisher", "title", "author", "language")


def read_record(record: object) -> Article:
    """The article of one JSON object: `text`, and if known `id published title publisher url author language`.

    Null and an empty string are the same as nothing. Raises ArticleError for a field of the wrong type or a date that is none.

    >>> article = read_record({"id": "r1", "text": "It rained.", "published": "2024-03-05T22:00:00-05:00"})
    >>> article.id, str(article.published)
    ('r1', '2024-03-05')
    """
    if not isinstance(record, dict):
        raise ArticleError("not a JSON object")
    if "text" not in record:
        raise ArticleError('no "text"')
    return article_of(_string(record, "text") or "", published=_published(record), **{name: _string(record, name) for name in STRINGS})


def read_lines(lines: Iterator[bytes], *, origin: str, notice: Notice) -> Iterator[Article | Skipped]:
    """One result a line that is not blank, in order; a line that holds no report is skipped by its number and the next one is read."""
    found = False
    for number, line in enumerate(lines, start=1):
        if number == 1 and (trouble := _no_lines(line)):
            yield Skipped(origin=origin, reason=trouble)
            return
        if line.strip():
            found = True
            yield _read_line(line, origin=f"{origin}:{number}", notice=notice)
    if not found:
        yield Skipped(origin=origin, reason="the file holds no report")


def split_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream, each cut where it passes MAX_BYTES, so that none fills the memory."""
    while line := stream.readline(MAX_BYTES + 1):
        rest = line
        while len(line) > MAX_BYTES and rest and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES)
        yield line


def read_json(text: str, *, origin: str) -> Iterator[Article | Skipped]:
    """The reports of one JSON object or of an array of them."""
    try:
        records = parse(text)
    except ArticleError as error:
        yield Skipped(origin=origin, reason=error.reason)
        return
    if not isinstance(records, list):
        yield _record_or_skipped(records, origin=origin)
        return
    for number, record in enumerate(records, start=1):
        yield _record_or_skipped(record, origin=f"{origin}, report {number}")
    if not records:
        yield Skipped(origin=origin, reason="the file holds no report")


def parse(text: str) -> Any:
    """The JSON value of a text; raises ArticleError if it is broken or nested too deep."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise ArticleError(f"broken JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise ArticleError("broken JSON: nested too deep") from None
    except ValueError as error:
        raise ArticleError(f"broken JSON: {error}") from None


def holds_text(record: object) -> bool:
    """Whether a JSON value looks like a report: an object with "text"."""
    return isinstance(record, dict) and "text" in record


def _no_lines(line: bytes) -> str | None:
    """Why a file that opens with this line holds no JSON Lines at all, or None."""
    charset = next((charset for mark, charset in BOMS if line.startswith(mark)), "utf-8")
    return no_text(line) or (f"JSON Lines in {charset}, which are read in UTF-8 only" if charset != "utf-8" else None)


def _read_line(line: bytes, *, origin: str, notice: Notice) -> Article | Skipped:
    try:
        if len(line) > MAX_BYTES:
            raise ArticleError(f"too large: a line of more than {MAX_BYTES:,} bytes")
        text, charset = decode(line)
        article = read_record(parse(text))
    except ArticleError as error:
        return Skipped(origin=origin, reason=error.reason)
    if charset != "utf-8":
        notice(f"{origin}: not UTF-8, read as {charset}")
    return article


def _record_or_skipped(record: object, *, origin: str) -> Article | Skipped:
    try:
        return read_record(record)
    except ArticleError as error:
        return Skipped(origin=origin, reason=error.reason)


def _string(record: dict[str, object], name: str) -> str | None:
    written = record.get(name)
    if written is None or isinstance(written, str):
        return written or None
    raise ArticleError(f'"{name}" is not a string')


def _published(record: dict[str, object]) -> datetime.date | None:
    written = _string(record, "published")
    if written is None:
        return None
    published = published_date(written)
    if published is None:
        raise ArticleError(f'"published" is no date: {written[:40]!r}')
    return published
