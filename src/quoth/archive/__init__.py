"""The record: an archive of reports and their statements that can be searched, corrected and trusted. One SQLite file.

`Archive` opens, stores and reads; `search`, `people`, `reviews`, `verification` and `backup` are the rooms beside it, each of functions
that take the archive first.
"""

from quoth.archive.rows import (
    Count,
    Counts,
    Feed,
    Hit,
    Page,
    PeopleChange,
    PersonRow,
    ReportHit,
    ReportRow,
    Review,
    SkippedRow,
    StatementRow,
    Status,
    Stored,
    TextVersion,
    Variant,
)
from quoth.archive.store import Archive

__all__ = [
    "Archive",
    "Count",
    "Counts",
    "Feed",
    "Hit",
    "Page",
    "PeopleChange",
    "PersonRow",
    "ReportHit",
    "ReportRow",
    "Review",
    "SkippedRow",
    "StatementRow",
    "Status",
    "Stored",
    "TextVersion",
    "Variant",
]
