"""Saying who is who: reviewers rename, merge and split people; every change is kept, and taken back by whoever made it or an admin."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from quoth.archive import Archive
from quoth.archive.people import called, changes
from quoth.archive.people_changes import merge, rename, split, undo
from quoth.archive.selecting import NAME
from quoth.web.connections import now
from quoth.web.pages.person import Key
from quoth.web.problems import PageError
from quoth.web.questions import person_address
from quoth.web.room import InRoom, Reviewer, View, add_twins
from quoth.web.tables import Table

router = APIRouter()
COLUMNS = ("number", "at", "editor", "told", "undone")
Name = Annotated[str, Form(max_length=500)]


def rename_person(key: Key, room: InRoom, user: Reviewer, name: Name) -> Response:
    """Gives a person another name."""
    with room.connections.writing() as archive:
        rename(archive, key, name, by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse(person_address(key), status_code=303)


def merge_person(key: Key, room: InRoom, user: Reviewer, other: Name) -> Response:
    """Says that somebody else, by id or name, is this person; a name that was nobody's becomes one of the person's."""
    with room.connections.writing() as archive:
        other = other.strip()
        known = called(archive, other) if key.startswith(NAME) and not other.startswith(NAME) else None
        keep, goes = (known.person.id, key) if known else (key, other)
        merge(archive, keep, goes, by=user.name, at=now())
        kept = _id_of(archive, keep) if keep.startswith(NAME) else keep
    room.remembered.forget()
    return RedirectResponse(person_address(kept), status_code=303)


def split_person(key: Key, room: InRoom, user: Reviewer, names: Annotated[list[str], Form(max_length=100)]) -> Response:
    """Says that some names of a person are somebody else's."""
    with room.connections.writing() as archive:
        new = split(archive, key, [name for name in names if name.strip()], by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse(person_address(new), status_code=303)


def _id_of(archive: Archive, key: str) -> str:
    """Who a name that was nobody's is now."""
    row = archive.row("SELECT person FROM speakers WHERE name = ? AND person IS NOT NULL LIMIT 1", (key.removeprefix(NAME),))
    return str(row[0]) if row else key


def people_changes(room: InRoom) -> View:
    """What was done to people, the last first."""
    with room.connections.reading() as archive:
        every = changes(archive)[::-1][:500]
    told = [{name: getattr(one, name) for name in COLUMNS} for one in every]
    return View(
        title="Changes to people",
        template="people_changes.html",
        json=lambda: {"changes": told},
        table=lambda: Table(COLUMNS, [tuple(change.values()) for change in told]),
        values={"changes": every},
    )


def undo_change(room: InRoom, user: Reviewer, number: Annotated[int, Form(ge=1, lt=2**63)]) -> Response:
    """Takes a change to people back: one's own, or, for an admin, anybody's."""
    with room.connections.writing() as archive:
        editor = next((one.editor for one in changes(archive) if one.number == number), user.name)
        if editor != user.name and not user.may("admin"):
            raise PageError(status=403, detail=f"{editor} made that change; to take it back is for {editor} or an admin.")
        undo(archive, number, by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse("/people/changes", status_code=303)


add_twins(router, "/people/changes", people_changes, table=True)
router.add_api_route("/people/undo", undo_change, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/rename", rename_person, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/merge", merge_person, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/split", split_person, methods=["POST"], include_in_schema=False)
