"""The first page: one box to search, what was said last, who is quoted most, what was added today."""

import datetime
from itertools import groupby

from fastapi import APIRouter

from quoth.archive.search import search
from quoth.web.connections import now
from quoth.web.pages.search import spread_of
from quoth.web.problems import in_time
from quoth.web.queries import added_since, sizes
from quoth.web.questions import Asked
from quoth.web.room import InRoom, Room, View, add_twins
from quoth.web.shapes import hit_json, hits_table

router = APIRouter()
LATEST = 20
MOST_QUOTED = 15


def home(room: InRoom) -> View:
    """What there is."""
    today = datetime.datetime.combine(now().date(), datetime.time(), datetime.UTC)
    spread = spread_of(room, Asked())
    reports, statements, people = in_time(lambda: room.remembered.get("sizes", lambda: _sizes(room)), (0, 0, 0))
    with room.connections.reading() as archive:
        hits = search(archive, limit=LATEST, deadline=room.settings.deadline).hits
        added = added_since(archive, today)
    return View(
        title="quoth – who said what",
        template="home.html",
        json=lambda: {
            "reports": reports,
            "statements": statements,
            "people": people,
            "added_today": added,
            "latest": [hit_json(hit) for hit in hits],
            "most_quoted": [{"key": one.key, "name": one.name, "statements": one.count} for one in spread.speakers[:MOST_QUOTED]],
        },
        table=lambda: hits_table(hits),
        values={
            "hits": hits,
            "groups": [(number, sorted(group, key=lambda hit: hit.row)) for number, group in groupby(hits, key=lambda hit: hit.report)],
            "most": spread.speakers[:MOST_QUOTED],
            "reports": reports,
            "statements": statements,
            "people": people,
            "added": added,
            "wide": True,
        },
    )


def _sizes(room: Room) -> tuple[int, int, int]:
    with room.connections.reading() as archive:
        return sizes(archive)


add_twins(router, "/", home, table=True)
