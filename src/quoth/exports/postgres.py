r"""PostgreSQL: one SQL file with tables and their rows in COPY's text format; `psql -v ON_ERROR_STOP=1 -f FILE` loads it, all or nothing.

PostgreSQL's text cannot hold the character NUL: U+FFFD stands in its place, so that offsets stay and the hash of such a text does not.
"""

import datetime
import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TextIO

from quoth.exports.files import text_aside
from quoth.exports.rows import COLUMNS, Column, Report, Reports, Value, row

BATCH = 500
"""Reports between which the rows of the two tables take turns."""
TYPES = {
    "text": "text",
    "date": "date",
    "integer": "integer",
    "real": "real",
    "boolean": "boolean",
    "spans": "jsonb",
    "texts": "text[]",
}
REPORT_COLUMNS = ("report", "url", "publisher", "title", "published", "language", "sha256")
"""Columns of a row that stand with the report."""
STATEMENT_COLUMNS = tuple(column for column in COLUMNS if column.name not in REPORT_COLUMNS)


def write(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes the file. Raises QuothError."""
    with text_aside(path) as stream:
        stream.write(definitions())
        waiting, first, statement = iter(reports), 1, 1
        while batch := list(islice(waiting, BATCH)):
            statement = _copy(stream, batch, first, statement)
            first += len(batch)
        stream.write(INDEXES)


def definitions() -> str:
    """The beginning of the file: the transaction, the schema, both tables with a comment on each column."""
    reports = [column for column in COLUMNS if column.name in REPORT_COLUMNS]
    own = [_definition(column) for column in reports]
    lines = [
        "\\set ON_ERROR_STOP on",
        "BEGIN;",
        "SET LOCAL client_encoding = 'UTF8';",
        "SET LOCAL standard_conforming_strings = on;",
        "SET LOCAL datestyle = 'ISO';",
        "CREATE SCHEMA quoth;",
        "CREATE TABLE quoth.reports (\n  number bigint PRIMARY KEY,\n  "
        + ",\n  ".join([*own, "author text", "text text NOT NULL"])
        + "\n);",
        "CREATE TABLE quoth.statements (\n  number bigint PRIMARY KEY,\n  in_report bigint NOT NULL REFERENCES quoth.reports,\n  "
        + ",\n  ".join(_definition(column) for column in STATEMENT_COLUMNS)
        + "\n);",
        *(f"COMMENT ON COLUMN quoth.reports.{column.name} IS {_literal(column.meaning)};" for column in reports),
        *(f"COMMENT ON COLUMN quoth.statements.{column.name} IS {_literal(column.meaning)};" for column in STATEMENT_COLUMNS),
    ]
    return "\n".join(lines) + "\n"


INDEXES = """CREATE INDEX ON quoth.statements (in_report);
CREATE INDEX ON quoth.statements (speaker);
CREATE INDEX ON quoth.reports (published);
CREATE INDEX ON quoth.statements USING gin (to_tsvector('simple', content));
COMMIT;
"""


def field(value: Value) -> str:
    r"""A value as COPY's text format has it (PostgreSQL documentation, COPY, "Text Format").

    >>> print(field("a\tb\\c\nd"), field(None), field(True), field(["x", 'y"']))
    a\tb\\c\nd \N t {"x","y\\""}
    """
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case str():
            return _escaped(value)
        case datetime.date():
            return value.isoformat()
        case int() | float():
            return repr(value)
        case _ if all(isinstance(one, str) for one in value):
            return _escaped("{" + ",".join(_element(str(one)) for one in value) + "}") if value else "{}"
        case _:
            return _escaped(json.dumps(value))


def _copy(stream: TextIO, batch: Sequence[Report], first: int, statement: int) -> int:
    """Writes the rows of some reports; gives the number of the next statement."""
    names = [column.name for column in STATEMENT_COLUMNS]
    stream.write(f"COPY quoth.reports (number, {', '.join(REPORT_COLUMNS)}, author, text) FROM stdin;\n")
    for number, (article, _) in enumerate(batch, first):
        own = (article.id, article.url, article.publisher, article.title, article.published, article.language, article.sha256)
        stream.write(_line((number, *own, article.author, article.text)))
    stream.write(f"\\.\nCOPY quoth.statements (number, in_report, {', '.join(names)}) FROM stdin;\n")
    for number, values in _numbered(batch, first):
        stream.write(_line((statement, number, *values)))
        statement += 1
    stream.write("\\.\n")
    return statement


def _numbered(batch: Sequence[Report], first: int) -> Iterator[tuple[int, tuple[Value, ...]]]:
    """The number of the report and the values of each statement."""
    for number, (article, statements) in enumerate(batch, first):
        for one in statements:
            values = row(article, one)
            yield number, tuple(values[column.name] for column in STATEMENT_COLUMNS)


def _definition(column: Column) -> str:
    return f"{column.name} {TYPES[column.type]}{' NOT NULL' if column.known else ''}"


def _line(values: Sequence[Value]) -> str:
    return "\t".join(map(field, values)) + "\n"


def _escaped(text: str) -> str:
    text = text.replace("\0", "\ufffd").replace("\\", "\\\\")
    return (
        text.replace("\b", "\\b").replace("\f", "\\f").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t").replace("\v", "\\v")
    )


def _element(text: str) -> str:
    """An element of an array's text."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
