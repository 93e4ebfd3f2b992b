"""Searches that are kept under a name: what is new to them is found by `quoth alerts run`, and here at any time."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from quoth.alerts.searches import SavedSearch, add_search, remove_search, searches
from quoth.archive.selecting import Question
from quoth.web.connections import now
from quoth.web.questions import Asked
from quoth.web.room import InRoom, Reviewer, View, add_twins
from quoth.web.tables import Table

router = APIRouter()
COLUMNS = ("name", "created", "page", "atom", "json_feed")
Name = Annotated[str, Form(max_length=64, description="Small letters, digits, - and _.")]


class Kept(Asked):
    """A search with the name it is kept under."""

    name: str


def asked_of(question: Question) -> Asked:
    """The parameters of a question."""
    return Asked(
        q=question.query, speaker=question.speaker, about=question.about, publisher=question.publisher, kind=question.kind,
        act=question.act, polarity=question.polarity, since=question.since, until=question.until, by=question.by,
        confidence=question.min_confidence,
    )  # fmt: skip


def kept(room: InRoom) -> View:
    """The saved searches, each with its address and feeds."""
    with room.connections.reading() as archive:
        found = searches(archive)
    listed = [(search, asked_of(search.question)) for search in found]
    return View(
        title="Alerts",
        template="alerts.html",
        json=lambda: {"alerts": [_json(search, asked) for search, asked in listed]},
        table=lambda: Table(COLUMNS, [[told[name] for name in COLUMNS] for told in (_json(*one) for one in listed)]),
        values={"alerts": listed},
    )


def keep(kept: Annotated[Kept, Form()], room: InRoom, user: Reviewer) -> Response:
    """Keeps a search."""
    with room.connections.writing() as archive:
        add_search(archive, kept.name, kept.question(), at=now())
    return RedirectResponse("/alerts", status_code=303)


def remove(name: Name, room: InRoom, user: Reviewer) -> Response:
    """Takes a saved search away."""
    with room.connections.writing() as archive:
        remove_search(archive, name)
    return RedirectResponse("/alerts", status_code=303)


def _json(search: SavedSearch, asked: Asked) -> dict[str, Any]:
    newest = {"sort": "newest"}
    return {
        "name": search.name,
        "created": search.created,
        "query": asked.given(),
        "page": asked.link(**newest),
        "atom": asked.link("/search.atom"),
        "json_feed": asked.link("/feed.json"),
    }


add_twins(router, "/alerts", kept, table=True)
router.add_api_route("/alerts", keep, methods=["POST"], include_in_schema=False)
router.add_api_route("/alerts/remove", remove, methods=["POST"], include_in_schema=False)
