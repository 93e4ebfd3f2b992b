"""Saying who is who: people are renamed, merged and split by admins; every change is kept and can be taken back."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from quoth.archive import Archive
from quoth.archive.people import called, changes
from quoth.archive.people_changes import merge, rename, split, undo
from quoth.archive.selecting import NAME
from quoth.web.connections import now
from quoth.web.pages.person import Key
from quoth.web.questions import person_address
from quoth.web.room import Admin, InRoom, View, add_twins

router = APIRouter()
Name = Annotated[str, Form(max_length=500)]


def rename_person(key: Key, room: InRoom, user: Admin, name: Name) -> Response:
    """Gives a person another name."""
    with room.connections.writing() as archive:
        rename(archive, key, name, by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse(person_address(key), status_code=303)


def merge_person(key: Key, room: InRoom, user: Admin, other: Name) -> Response:
    """Says that somebody else, by id or name, is this person; a name that was nobody's becomes one of the person's."""
    with room.connections.writing() as archive:
        other = other.strip()
        known = called(archive, other) if key.startswith(NAME) and not other.startswith(NAME) else None
        keep, goes = (known.person.id, key) if known else (key, other)
        merge(archive, keep, goes, by=user.name, at=now())
        kept = _id_of(archive, keep) if keep.startswith(NAME) else keep
    room.remembered.forget()
    return RedirectResponse(person_address(kept), status_code=303)


def split_person(key: Key, room: InRoom, user: Admin, names: Annotated[list[str], Form(max_length=100)]) -> Response:
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
    told = [{"number": one.number, "at": one.at, "editor": one.editor, "told": one.told, "undone": one.undone} for one in every]
    return View(title="Changes to people", template="people_changes.html", json=lambda: {"changes": told}, values={"changes": every})


def undo_change(room: InRoom, user: Admin, number: Annotated[int, Form(ge=1, lt=2**63)]) -> Response:
    """Takes a change to people back."""
    with room.connections.writing() as archive:
        undo(archive, number, by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse("/people/changes", status_code=303)


add_twins(router, "/people/changes", people_changes)
router.add_api_route("/people/undo", undo_change, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/rename", rename_person, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/merge", merge_person, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/split", split_person, methods=["POST"], include_in_schema=False)
