"""A report, set for reading, with each statement marked and a note beside it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from quoth.archive import Archive, ReportRow, StatementRow
from quoth.exports.links import safe_url
from quoth.web.problems import not_found
from quoth.web.questions import report_address
from quoth.web.room import InRoom, View, add_twins
from quoth.web.setting import part_with, parts_of, set_report
from quoth.web.shapes import report_row_json, statements_table

router = APIRouter()
Row = Annotated[int, Path(ge=0, lt=2**63, description="The number of the report in this archive.")]


def report_of(archive: Archive, row: int) -> tuple[ReportRow, tuple[StatementRow, ...]]:
    """A report and its statements. Raises PageError if there is none."""
    found = archive.report(row)
    if found is None:
        raise not_found("report of that number")
    return found, archive.statements(row)


def report(row: Row, room: InRoom, part: Annotated[int, Query(ge=1, le=10**6)] = 1, statement: str | None = None) -> View:
    """A report with its text and statements; `statement` opens the part in which that one begins."""
    with room.connections.reading() as archive:
        found, rows = report_of(archive, row)
    article, statements = found.article, [one.statement for one in rows]
    wanted = next((one for one in statements if one.id == statement), None)
    if wanted is not None:
        part = part_with(parts_of(article.text, room.settings.part), wanted.attribution.content[0].start)
    setting = set_report(article, statements, part=part, size=room.settings.part, most=room.settings.marks)
    return View(
        title=article.title or article.id,
        template="report.html",
        json=lambda: report_row_json(found, rows),
        table=lambda: statements_table(statements),
        values={
            "report": found,
            "article": article,
            "statements": statements,
            "setting": setting,
            "published_at": safe_url(found.reading.canonical_url or article.url),
            "speakers": _speakers(rows),
            "part_link": lambda number: report_address(row, part=number),
            "wide": True,
        },
    )


def _speakers(rows: tuple[StatementRow, ...]) -> list[tuple[str, str, int]]:
    """Who speaks in a report: the key of the person or name, the name, how often; the most frequent first."""
    tally: dict[tuple[str, str], int] = {}
    for row in rows:
        speaker: Any = row.statement.speaker
        if speaker is not None:
            key = (row.person or f"name:{speaker.name}", speaker.name)
            tally[key] = tally.get(key, 0) + 1
    return [(key, name, count) for (key, name), count in sorted(tally.items(), key=lambda one: (-one[1], one[0]))]


add_twins(router, "/report/{row}", report, table=True)
