"""Who is quoted how much, where and when, in whose words; and what is not known."""

from typing import Annotated

from fastapi import APIRouter, Query

from quoth.archive import Count, Counts
from quoth.web.charts import bars, histogram
from quoth.web.pages.search import ACTS, KINDS, POLARITIES, ends, spread_of
from quoth.web.problems import in_time
from quoth.web.queries import OutletRow, outlets
from quoth.web.questions import Asked
from quoth.web.room import InRoom, Room, View, add_twins
from quoth.web.shapes import counts_json, counts_table

router = APIRouter()
NONE: tuple[OutletRow, ...] = ()


def statistics(asked: Annotated[Asked, Query()], room: InRoom) -> View:
    """How the statements of the archive, or of a search, are spread."""
    spread = spread_of(room, asked)
    publishers = NONE
    if not asked.given():
        publishers = in_time(lambda: room.remembered.get("outlets", lambda: _outlets(room)), NONE)
    return View(
        title="Statistics",
        template="statistics.html",
        json=lambda: {
            "query": asked.given(),
            **counts_json(spread),
            "outlets": [
                {
                    "publisher": row.publisher,
                    "direct": row.direct,
                    "mixed": row.mixed,
                    "indirect": row.indirect,
                    "unresolved": row.unresolved,
                }
                for row in publishers
            ],
        },
        table=lambda: counts_table(_groups(spread)),
        values={
            "asked": asked,
            "counts": spread,
            "outlets": publishers,
            "chart": histogram(
                bars(spread.months),
                lambda bar: asked.link(since=bar.first.isoformat(), until=bar.last.isoformat()),
                label="statements by month",
            ),
            "span": ends(bars(spread.months)),
            "unresolved": sum(row.unresolved for row in publishers),
            "counted": sum(row.total for row in publishers),
            "kinds": KINDS,
            "acts": ACTS,
            "polarities": POLARITIES,
            "wide": True,
        },
    )


def _groups(spread: Counts) -> dict[str, tuple[Count, ...]]:
    return {
        "speaker": spread.speakers,
        "publisher": spread.publishers,
        "month": spread.months,
        "kind": spread.kinds,
        "act": spread.acts,
        "polarity": spread.polarities,
    }


def _outlets(room: Room) -> tuple[OutletRow, ...]:
    with room.connections.reading() as archive:
        return outlets(archive)


add_twins(router, "/statistics", statistics, table=True)
