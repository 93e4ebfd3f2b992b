"""Reports and their statements in the formats of others: each format is a function from reports to a file, written aside and renamed.

Nothing here knows the archive: `Reports` may come from it, or straight from the extraction.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from quoth.exports import brat, html, lines, parquet, postgres, schema_org, webannotation
from quoth.exports.frames import to_arrow, to_pandas, to_polars
from quoth.exports.html import ReportView
from quoth.exports.links import text_fragment
from quoth.exports.rows import Report, Reports

Format = Literal["jsonl", "csv", "parquet", "webannotation", "jsonld", "brat", "postgres", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)
WRITERS: dict[Format, Callable[[Reports, str | os.PathLike[str]], None]] = {
    "jsonl": lines.write_jsonl,
    "csv": lines.write_csv,
    "parquet": parquet.write,
    "webannotation": webannotation.write,
    "jsonld": schema_org.write,
    "brat": brat.write,
    "postgres": postgres.write,
    "html": html.write,
}
__all__ = [
    "FORMATS",
    "Exported",
    "Format",
    "Report",
    "ReportView",
    "Reports",
    "export",
    "text_fragment",
    "to_arrow",
    "to_pandas",
    "to_polars",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How much was written."""

    reports: int
    statements: int


def export(reports: Reports, path: str | os.PathLike[str], *, format: Format) -> Exported:
    """Writes reports with their statements to a file (for brat: a folder) in one of the formats, and tells how many.

    One report is held in memory at a time, with Parquet and PostgreSQL some thousand statements. The file is written aside and renamed when
    it is whole, so that a reader never sees half of it. Raises QuothError, with nothing left behind, if it cannot be written or the
    format needs a library that is not installed.

    >>> import tempfile
    >>> from quoth.types import Article
    >>> export([(Article.of("It rained.", id="r1"), ())], tempfile.mkdtemp() + "/reports.jsonl", format="jsonl")
    Exported(reports=1, statements=0)
    """
    counted = _Counted(reports)
    WRITERS[format](counted, path)
    return Exported(reports=counted.reports, statements=counted.statements)


class _Counted:
    """Reports, counted as they are read."""

    def __init__(self, reports: Reports) -> None:
        self._all = reports
        self.reports = self.statements = 0

    def __iter__(self) -> Iterator[Report]:
        for report in self._all:
            self.reports += 1
            self.statements += len(report[1])
            yield report
