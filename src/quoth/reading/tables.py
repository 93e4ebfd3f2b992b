"""Tables of reports: CSV with whatever delimiter, and Parquet in batches of rows; columns go by their usual names or by a mapping."""

import csv
import datetime
import io
from collections.abc import Iterator, Mapping
from typing import IO

from quoth.errors import ArticleError
from quoth.reading.charsets import BOMS, decode
from quoth.reading.columns import columns_of
from quoth.reading.kinds import OPENING, delimiter_of
from quoth.reading.records import plain, read_row
from quoth.reading.text import MAX_CHARACTERS
from quoth.types import Reading, Skipped

LONGEST_ROW = 3 * MAX_CHARACTERS
"""Characters of a row of CSV as it is written, where each quotation mark of a text stands twice."""
MOST_CELLS = 1_000_000
"""Cells of a row, by the delimiters in it, those within its texts included."""
BATCH = 64
"""Rows of a Parquet file that are held at a time."""
Columns = Mapping[str, str]


def read_csv(stream: IO[bytes], opening: bytes, *, origin: str, mapping: Columns | None = None) -> Iterator[Reading | Skipped]:
    r"""One result a row, in order (RFC 4180, and its relatives with semicolons, tabs or bars). Raises ArticleError for what is no table.

    >>> table = b"title;body\nRain;It rained.\n"
    >>> [reading] = read_csv(io.BytesIO(table), table, origin="rain.csv")
    >>> reading.origin, reading.article.title
    ('rain.csv, row 1', 'Rain')
    """
    csv.field_size_limit(MAX_CHARACTERS + 1)  # the module's own limit, for all readers of CSV alike: 131,072 is less than a report
    charset, mark = _charset(opening)
    stream.read(len(mark))
    delimiter = delimiter_of(opening[len(mark) :].decode(charset, "replace"), mapping) or ","
    lines = _Lines(io.TextIOWrapper(stream, charset, "surrogateescape", newline=""), delimiter)
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        header = next((row for row in rows if any(row)), [])
        columns = {field: header.index(column) for field, column in columns_of(header, mapping).items()}
        number, written = 0, lines.taken()
        for number, row in enumerate((row for row in rows if row), start=1):
            written = lines.taken()
            fields = {field: row[place] for field, place in columns.items() if place < len(row)}
            yield _row({"text": "", **fields}, origin=f"{origin}, row {number}")
    except csv.Error as error:
        raise ArticleError(f"broken CSV near line {rows.line_num}, not read on: {error}") from None
    finally:
        lines.stream.detach()  # or the stream, which is not ours, would be closed with it
    if not number:
        yield Skipped(origin=origin, reason="the table holds no row")
    if _is_open(written, delimiter):
        yield Skipped(origin=f"{origin}, row {number}", reason="a quotation mark is never closed: what follows it was read as one row")


def read_parquet(source: str | bytes, *, origin: str, mapping: Columns | None = None) -> Iterator[Reading | Skipped]:
    """One result a row of a Parquet file, given by its path or its bytes; raises ArticleError if it is damaged."""
    import pyarrow
    from pyarrow.parquet import ParquetFile

    number = 0
    try:
        with ParquetFile(source if isinstance(source, str) else io.BytesIO(source)) as table:
            columns = columns_of(table.schema_arrow.names, mapping)
            for batch in table.iter_batches(batch_size=BATCH, columns=list(dict.fromkeys(columns.values())), use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    fields = {field: _plain(row[column]) for field, column in columns.items()}
                    yield _row(fields, origin=f"{origin}, row {number}")
    except pyarrow.ArrowMemoryError:
        raise ArticleError("too large: there is not enough memory to read it") from None
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise ArticleError(f"damaged Parquet file: {' '.join(str(error).split())[:200]}") from None
    if not number:
        yield Skipped(origin=origin, reason="the table holds no row")


def _row(fields: Mapping[str, object], *, origin: str) -> Reading | Skipped:
    try:
        if any(isinstance(value, str) and any("\udc80" <= letter <= "\udcff" for letter in value) for value in fields.values()):
            raise ArticleError("not text: the row is not in the table's charset")
        return read_row(fields, origin=origin)
    except ArticleError as error:
        return Skipped(origin=origin, reason=error.reason)


def _charset(opening: bytes) -> tuple[str, bytes]:
    """The charset of a table and its byte order mark, by its opening, of which the last line may be cut."""
    for mark, charset in BOMS:
        if opening.startswith(mark):
            return charset, mark
    whole = opening if len(opening) < OPENING else opening[: opening.rfind(b"\n") + 1] or opening
    return decode(whole)[1], b""


def _is_open(written: list[str], delimiter: str) -> bool:
    """Whether a row ends within quotation marks, as it is written."""
    try:
        list(csv.reader(written, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


class _Lines:
    """The lines of a table; raises ArticleError where a row grows beyond any report: quotation marks may hold line ends without end."""

    def __init__(self, stream: io.TextIOWrapper, delimiter: str) -> None:
        self.stream = stream
        self.delimiter = delimiter
        self.row: list[str] = []
        self.characters = self.cells = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.stream.readline(LONGEST_ROW):
            self.row.append(line)
            self.characters += len(line)
            self.cells += line.count(self.delimiter)
            if self.characters >= LONGEST_ROW:
                raise ArticleError(f"too large: a row of more than {LONGEST_ROW:,} characters, not read on")
            if self.cells >= MOST_CELLS:
                raise ArticleError(f"too large: a row of more than {MOST_CELLS:,} cells, not read on")
            yield line

    def taken(self) -> list[str]:
        """The lines since the last time it was asked, which are those of one row."""
        written, self.row = self.row, []
        self.characters = self.cells = 0
        return written


def _plain(value: object) -> object:
    """A cell as a string where that is plain: times in ISO 8601, numbers, lists of names, UTF-8 bytes."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return decode(value)[0]
    return plain(value)
