"""JSON to Reading: one report a line, or one object or array of objects; what is no report becomes Skipped."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from quoth.errors import ArticleError
from quoth.reading.charsets import BOMS, decode, no_text
from quoth.reading.columns import columns_of, text_column
from quoth.reading.published import day_of, published_as, published_date
from quoth.reading.text import MAX_CHARACTERS, article_of
from quoth.types import Article, Published, Reading, Skipped

Notice = Callable[[str], None]
"""Takes one line of what the reader wants known, such as a charset that was guessed."""
MAX_BYTES = 6 * MAX_CHARACTERS
r"""No report of MAX_CHARACTERS is longer as a file or a line: at most four bytes a character, six if it is written `\uXXXX`."""
MOST_VALUES = 3_000_000
"""Values of one JSON text at most, by its commas and brackets: each takes some hundred bytes of memory, however short it is written."""
READER = "quoth-records 1"
STRINGS = ("id", "url", "publisher", "title", "author", "language")


def read_record(record: object) -> Article:
    """The article of one JSON object: `text`, and if known `id published title publisher url author language`.

    Null and an empty string are the same as nothing. Raises ArticleError for a field of the wrong type or a date that is none.

    >>> article = read_record({"id": "r1", "text": "It rained.", "published": "2024-03-05T22:00:00-05:00"})
    >>> article.id, str(article.published)
    ('r1', '2024-03-05')
    """
    return _report(record)[0]


def read_row(row: Mapping[str, object], *, origin: str) -> Reading:
    """The reading of a record whose keys are the fields of a report: its source is the text itself. Raises ArticleError.

    >>> read_row({"text": "It rained.", "published": "2024-03-05"}, origin="rain.csv, row 1").runs
    ((0, 0, 10),)
    """
    article, published = _report(row)
    length = len(article.text)
    return Reading(
        article=article, origin=origin, source_sha256=article.sha256, source_length=length, reader=READER, runs=((0, 0, length),),
        published=published, canonical_url=article.url,
    )  # fmt: skip


def read_lines(
    lines: Iterator[bytes], *, origin: str, notice: Notice, mapping: Mapping[str, str] | None = None
) -> Iterator[Reading | Skipped]:
    """One result a line that is not blank, in order; a line that holds no report is skipped by its number and the next one is read."""
    found = False
    for number, line in enumerate(lines, start=1):
        if number == 1 and (trouble := _no_lines(line)):
            yield Skipped(origin=origin, reason=trouble)
            return
        if line.strip():
            found = True
            yield _read_line(line, origin=f"{origin}:{number}", notice=notice, mapping=mapping)
    if not found:
        yield Skipped(origin=origin, reason="the file holds no report")


def split_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream, each cut where it passes MAX_BYTES, so that none fills the memory."""
    while line := stream.readline(MAX_BYTES + 1):
        rest = line
        while len(line) > MAX_BYTES and rest and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES)
        yield line


def read_json(text: str, *, origin: str, mapping: Mapping[str, str] | None = None) -> Iterator[Reading | Skipped]:
    """The reports of one JSON object or of an array of them; raises ArticleError if it is broken."""
    records = parse(text)
    if not isinstance(records, list):
        yield _record_or_skipped(records, origin=origin, mapping=mapping)
        return
    for number, record in enumerate(records, start=1):
        yield _record_or_skipped(record, origin=f"{origin}, report {number}", mapping=mapping)
    if not records:
        yield Skipped(origin=origin, reason="the file holds no report")


def parse(text: str) -> Any:
    """The JSON value of a text; raises ArticleError if it is broken, nested too deep, or would fill the memory."""
    if len(text) > MOST_VALUES and sum(map(text.count, ",[{")) > MOST_VALUES:
        raise ArticleError(f"too large: JSON of more than {MOST_VALUES:,} values")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise ArticleError(f"broken JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise ArticleError("broken JSON: nested too deep") from None
    except ValueError as error:
        raise ArticleError(f"broken JSON: {error}") from None


def holds_text(record: object, mapping: Mapping[str, str] | None = None) -> bool:
    """Whether a JSON value looks like a report: an object with a text, under that or another usual name."""
    return isinstance(record, dict) and text_column(record, mapping) is not None


def renamed(record: object, mapping: Mapping[str, str] | None = None) -> object:
    """A record with its keys named as the fields of a report; the same record if it has a "text" and nothing is mapped.

    >>> renamed({"headline": "Rain", "body": "It rained.", "authors": ["Bo Hale", "Mara Lind"]})
    {'text': 'It rained.', 'title': 'Rain', 'author': 'Bo Hale, Mara Lind'}
    """
    if not isinstance(record, dict) or ("text" in record and not mapping) or text_column(record, mapping) is None:
        return record
    return {field: plain(record[column]) for field, column in columns_of(record, mapping).items()}


def plain(told: object) -> object:
    """A value as a string where that is plain: numbers, and lists of strings."""
    if isinstance(told, list) and all(isinstance(one, str) for one in told):
        return ", ".join(told)
    return str(told) if isinstance(told, int | float) and not isinstance(told, bool) else told


def _no_lines(line: bytes) -> str | None:
    """Why a file that opens with this line holds no JSON Lines at all, or None."""
    charset = next((charset for mark, charset in BOMS if line.startswith(mark)), "utf-8")
    return no_text(line) or (f"JSON Lines in {charset}, which are read in UTF-8 only" if charset != "utf-8" else None)


def _read_line(line: bytes, *, origin: str, notice: Notice, mapping: Mapping[str, str] | None) -> Reading | Skipped:
    try:
        if len(line) > MAX_BYTES:
            raise ArticleError(f"too large: a line of more than {MAX_BYTES:,} bytes")
        text, charset = decode(line)
        reading = read_row(_fields(renamed(parse(text), mapping)), origin=origin)
    except ArticleError as error:
        return Skipped(origin=origin, reason=error.reason)
    if charset != "utf-8":
        notice(f"{origin}: not UTF-8, read as {charset}")
    return reading


def _record_or_skipped(record: object, *, origin: str, mapping: Mapping[str, str] | None) -> Reading | Skipped:
    try:
        return read_row(_fields(renamed(record, mapping)), origin=origin)
    except ArticleError as error:
        return Skipped(origin=origin, reason=error.reason)


def _report(record: object) -> tuple[Article, Published | None]:
    """The article of a record, and its date as it writes it."""
    fields = _fields(record)
    published = _published(fields)
    named = {name: _string(fields, name) for name in STRINGS}
    return article_of(_string(fields, "text") or "", published=day_of(published), **named), published


def _fields(record: object) -> Mapping[str, object]:
    if not isinstance(record, Mapping):
        raise ArticleError("not a JSON object")
    if "text" not in record:
        raise ArticleError('no "text"')
    return record


def _string(record: Mapping[str, object], name: str) -> str | None:
    written = record.get(name)
    if written is None or isinstance(written, str):
        return written or None
    raise ArticleError(f'"{name}" is not a string')


def _published(record: Mapping[str, object]) -> Published | None:
    written = _string(record, "published")
    if written is None:
        return None
    published = published_as(written, "header")
    if published is None and (date := published_date(written)) is not None:
        return Published(date=date, raw=written, basis="header")
    if published is None:
        raise ArticleError(f'"published" is no date: {written[:40]!r}')
    return published
