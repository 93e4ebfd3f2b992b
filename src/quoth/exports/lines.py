"""JSON Lines, one report a line, and CSV, one statement a row: the shapes of `quoth.formats`, as files."""

import os

from quoth.exports.files import text_aside
from quoth.exports.rows import Reports
from quoth.formats import csv_header, csv_rows, to_jsonl


def write_jsonl(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes one report a line. Raises QuothError."""
    with text_aside(path) as stream:
        for article, statements in reports:
            stream.write(to_jsonl(article, statements))


def write_csv(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes one statement a row (RFC 4180), safe for spreadsheets. Raises QuothError."""
    with text_aside(path) as stream:
        stream.write(csv_header())
        for article, statements in reports:
            stream.write(csv_rows(article, statements))
