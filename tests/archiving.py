"""What the tests of the archive share: reports about invented people, read by the toy."""

import datetime
from pathlib import Path
from typing import Any

from toy import extract_article

from quoth.archive import Archive, StatementRow
from quoth.types import Article, Reading, Statement

NOON = datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)
RAIN = "“It rains in Harl,” said Ada Lovell. “The ferry is late,” said Bo Lind. “We will not pay Norvania,” denied Ada Lovell."
WHO: dict[str, Any] = {"by": "ida", "at": NOON}


def article(text: str = RAIN, *, id: str = "r1", day: int | None = 5, publisher: str | None = "Harl Post", **known: Any) -> Article:
    published = None if day is None else datetime.date(2024, 3, day)
    return Article.of(text, id=id, publisher=publisher, published=published, **known)


def put(archive: Archive, report: Article, *, extractor: str = "toy 1") -> int:
    """Stores a report as the toy reads it; gives its number."""
    archive.store(report, extract_article(report), extractor=extractor, at=NOON)
    return number_of(archive, report)


def number_of(archive: Archive, report: Article) -> int:
    found = archive.report(report.url or report.id)
    assert found is not None
    return found.row


def words(archive: Archive, report: int = 1) -> list[str]:
    return [row.statement.words for row in archive.statements(report)]


def row_of(archive: Archive, content: str, report: int = 1) -> int:
    """The row of the statement of these words."""
    return next(row.row for row in archive.statements(report, hidden=True) if row.statement.words == content and row.status != "superseded")


def found(row: StatementRow | None) -> StatementRow:
    assert row is not None
    return row


def read(report: Article) -> tuple[Statement, ...]:
    return extract_article(report)


def reading(report: Article, **known: object) -> Reading:
    told = {"origin": "a.html", "source_sha256": "5" * 64, "source_length": 90, "reader": "test 1"} | known
    return Reading(article=report, **told)  # type: ignore[arg-type]


def filled(folder: Path) -> Path:
    """An archive with one report, closed."""
    path = folder / "quoth.db"
    with Archive.open(path) as archive:
        put(archive, article())
    return path
