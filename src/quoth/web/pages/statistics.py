"""Who is quoted how much, where and when, in whose words; and what is not known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query

from quoth.archive import Archive, Counts
from quoth.web.charts import bars, histogram
from quoth.web.pages.search import ACTS, KINDS, POLARITIES, ends, spread_of
from quoth.web.problems import in_time
from quoth.web.queries import OutletRow, outlet_months, outlets
from quoth.web.questions import Asked
from quoth.web.room import InRoom, Room, View, add_twins
from quoth.web.shapes import counts_json
from quoth.web.tables import Table

router = APIRouter()
NONE: tuple[OutletRow, ...] = ()
Months = Mapping[str, Mapping[str, int]]
NO_MONTHS: Months = {}
Answer = TypeVar("Answer")
COLUMNS = ("group", "key", "name", "month", "statements", "direct", "mixed", "indirect", "unresolved")
UNKNOWN = (None, None, None, None)
MONTHS_SHOWN, OUTLETS_SHOWN = 12, 20
"""How much of the table of outlets by month the page shows; the twins have more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Outlets and how many statements each has in some months."""

    months: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]


def statistics(asked: Annotated[Asked, Query()], room: InRoom) -> View:
    """How the statements of the archive, or of a search, are spread."""
    spread = spread_of(room, asked)
    publishers, months = NONE, NO_MONTHS
    if not asked.given():
        publishers = in_time(lambda: room.remembered.get("outlets", lambda: _read(room, outlets)), NONE)
        months = in_time(lambda: room.remembered.get("outlet months", lambda: _read(room, outlet_months)), NO_MONTHS)
    return View(
        title="Statistics",
        template="statistics.html",
        json=lambda: {
            "query": asked.given(),
            **counts_json(spread),
            "outlets": [{**asdict(row), "months": months.get(row.publisher, {})} for row in publishers],
        },
        table=lambda: _table(spread, publishers, months),
        values={
            "asked": asked,
            "counts": spread,
            "outlets": publishers,
            "calendar": _calendar(publishers, months),
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


def _table(spread: Counts, publishers: Sequence[OutletRow], months: Months) -> Table:
    """All of it as rows: what is counted, the value, an outlet's month, the number; the kinds of an outlet's latest statements."""
    groups = {
        "speaker": spread.speakers,
        "publisher": spread.publishers,
        "month": spread.months,
        "kind": spread.kinds,
        "act": spread.acts,
        "polarity": spread.polarities,
    }
    counted = [(group, one.key, one.name, None, one.count, *UNKNOWN) for group, counts in groups.items() for one in counts]
    kinds = [
        ("outlet", row.publisher, row.publisher, None, row.total, row.direct, row.mixed, row.indirect, row.unresolved) for row in publishers
    ]
    by_month = [
        ("outlet by month", name, name, month, count, *UNKNOWN) for name, counts in months.items() for month, count in counts.items()
    ]
    return Table(COLUMNS, [*counted, *kinds, *by_month])


def _calendar(publishers: Sequence[OutletRow], months: Months) -> Calendar | None:
    """The outlets with most statements in the last months that have any; None where a table of them would tell nothing."""
    columns = sorted({month for counts in months.values() for month in counts if month})[-MONTHS_SHOWN:]
    rows = [(row.publisher, [months.get(row.publisher, {}).get(month, 0) for month in columns]) for row in publishers[:OUTLETS_SHOWN]]
    kept = [(publisher, counts) for publisher, counts in rows if any(counts)]
    return Calendar(months=columns, rows=kept) if len(columns) > 1 and kept else None


def _read(room: Room, ask: Callable[[Archive], Answer]) -> Answer:
    with room.connections.reading() as archive:
        return ask(archive)


add_twins(router, "/statistics", statistics, table=True)
