"""A search as a feed, Atom and JSON Feed: its newest statements, each with a link to its page here."""

import uuid
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from quoth.alerts.feeds import Entry, SearchFeed, atom, entry_id, json_feed
from quoth.alerts.receipts import receipt_of
from quoth.archive import Archive
from quoth.archive.search import found
from quoth.web.questions import Asked, statement_address
from quoth.web.room import InRoom, Room, tagged

router = APIRouter()
MOST = 50
"""Statements of a feed."""
LONG_AGO = "1970-01-01T00:00:00+00:00"
"""When a report was stored of which nobody knows when."""


def search_feed(asked: Asked, room: Room, *, root: str, path: str) -> SearchFeed:
    """The newest statements of a search; `root` is where the room stands, `path` where in it the feed does."""
    with room.connections.reading() as archive:
        page = found(archive, asked.question(), sort="newest", limit=MOST, deadline=room.settings.deadline)
        entries = {entry.id: entry for hit in page.hits if (entry := _entry(archive, hit.row, root))}
    told = [value for name, value in asked.given().items() if name in ("q", "speaker", "about", "publisher")]
    return SearchFeed(
        id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, root + asked.link())}",
        title=f"quoth: {', '.join(told) or 'all statements'}",
        updated=max((entry.found for entry in entries.values()), default=LONG_AGO),
        entries=tuple(entries.values()),
        page=root + asked.link(),
        itself=root + asked.link(path),
    )


def _entry(archive: Archive, row: int, root: str) -> Entry | None:
    statement = archive.statement(row)
    known = statement and archive.row("SELECT identity, added FROM reports WHERE id = ?", (statement.report,))
    if statement is None or not known:
        return None
    receipt = replace(receipt_of(archive, statement), link=root + statement_address(statement.statement.id))
    return Entry(id=entry_id(known[0], receipt), found=known[1] or LONG_AGO, receipt=receipt)


def as_atom(request: Request, asked: Annotated[Asked, Query()], room: InRoom) -> Response:
    """The newest statements of a search as an Atom feed (RFC 4287)."""
    return tagged(request, Response(atom(_asked_for(request, asked, room)), media_type="application/atom+xml; charset=utf-8"))


def as_json_feed(request: Request, asked: Annotated[Asked, Query()], room: InRoom) -> Response:
    """The newest statements of a search as a JSON Feed 1.1."""
    return tagged(request, Response(json_feed(_asked_for(request, asked, room)), media_type="application/feed+json; charset=utf-8"))


def _asked_for(request: Request, asked: Asked, room: Room) -> SearchFeed:
    return search_feed(asked, room, root=str(request.base_url).rstrip("/"), path=request.url.path)


router.add_api_route("/search.atom", as_atom, methods=["GET"], include_in_schema=False)
router.add_api_route("/feed.json", as_json_feed, methods=["GET"], include_in_schema=False)
