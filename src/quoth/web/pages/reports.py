"""The reports of the archive, by their words or the newest first."""

from typing import Annotated

from fastapi import APIRouter, Query

from quoth.archive.report_search import search_reports
from quoth.web.questions import AskedReports
from quoth.web.room import InRoom, View, add_twins
from quoth.web.shapes import REPORT_COLUMNS, report_hit_json
from quoth.web.tables import Table

router = APIRouter()


def reports(asked: Annotated[AskedReports, Query()], room: InRoom) -> View:
    """Reports, by the words of title and text."""
    with room.connections.reading() as archive:
        page = search_reports(
            archive, asked.q, publisher=asked.publisher, since=asked.since, until=asked.until, limit=asked.limit, after=asked.after,
            deadline=room.settings.deadline,
        )  # fmt: skip
    listed = [report_hit_json(hit) for hit in page.hits]
    after = asked.link(after=page.after) if page.after else None
    return View(
        title=f"{asked.q or 'Reports'} – reports",
        template="reports.html",
        json=lambda: {
            "hits": listed,
            "sort": page.sort,
            "after": page.after,
            "next": after.replace("/reports?", "/reports.json?", 1) if after else None,
        },
        table=lambda: Table(REPORT_COLUMNS, [[report[name] for name in REPORT_COLUMNS] for report in listed]),
        after=after,
        values={"asked": asked, "query": asked.q, "hits": page.hits, "sort": page.sort, "after": after},
    )


add_twins(router, "/reports", reports, table=True)
