"""A person, or a name that is nobody's yet: who that is, what was said when, on what, beside whom; merging, splitting, renaming."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import RedirectResponse, Response

from quoth.archive import Archive, PersonRow
from quoth.archive.counting import months
from quoth.archive.people import changes, people, person
from quoth.archive.people_changes import merge, rename, split, undo
from quoth.archive.search import search
from quoth.archive.selecting import NAME, speakers_called
from quoth.types import Office, PartialDate
from quoth.web.charts import bars, histogram
from quoth.web.connections import now
from quoth.web.pages.search import ends
from quoth.web.problems import not_found
from quoth.web.queries import beside, contested, topics
from quoth.web.questions import Asked, Words, address, person_address
from quoth.web.rendering import day
from quoth.web.room import Admin, InRoom, View, add_twins
from quoth.web.shapes import hit_json, hits_table, person_json
from quoth.web.tables import Table

router = APIRouter()
Key = Annotated[str, Path(max_length=700, description="The id of a person, or name:… for a name that is nobody's.")]
Name = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An office as a page tells it."""

    position: str
    country: str | None
    told: str


def one_person(
    key: Key,
    room: InRoom,
    q: Annotated[Words, Query(max_length=2000, description="Words to search within the person's statements.")] = "",
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 15,
) -> View:
    """A person with a timeline, topics, those quoted beside, conflicts, and the latest statements or those that some words find."""
    seconds = room.settings.deadline
    with room.connections.reading() as archive:
        found = None if key.startswith(NAME) else person(archive, key)
        speakers = speakers_called(archive, found.person.id if found else key)
        if found is None and (not speakers or not key.startswith(NAME)):
            raise not_found("person of that id or name")
        asked_key = found.person.id if found else key
        page = search(archive, q, speaker=asked_key, limit=limit, after=after, deadline=seconds)
        first = search(archive, q, speaker=asked_key, limit=1, sort="oldest", deadline=seconds).hits if q else ()
        last = search(archive, q, speaker=asked_key, limit=1, sort="newest", deadline=seconds).hits if q else ()
        timeline = months(archive, asked_key, deadline=seconds)
        about, others, sides = topics(archive, speakers, apart=_names(found, key)), beside(archive, speakers), contested(archive, speakers)
        near = _namesakes(archive, key) if found is None else ()
    name = found.person.name if found else key.removeprefix(NAME)
    asked = Asked(q=q, speaker=asked_key)
    total = sum(count.count for count in timeline)
    here = person_address(asked_key)
    following = address(here, q=q, after=page.after) if page.after else None
    return View(
        title=name,
        template="person.html",
        json=lambda: {
            "person": person_json(found) if found else None,
            "name": name,
            "statements": total,
            "months": [{"month": count.key, "statements": count.count} for count in timeline],
            "about": [{"name": count.name, "statements": count.count} for count in about],
            "beside": [{"key": count.key, "name": count.name, "reports": count.count} for count in others],
            "conflicts": [{"statements": list(side.ids), "words": list(side.words), "speakers": list(side.speakers)} for side in sides],
            "query": q,
            "first": hit_json(first[0]) if first else None,
            "last": hit_json(last[0]) if last else None,
            "hits": [hit_json(hit) for hit in page.hits],
            "after": page.after,
        },
        table=lambda: hits_table(page.hits),
        after=following,
        values={
            "key": asked_key,
            "name": name,
            "found": found,
            "terms": [term(office) for office in found.person.offices] if found else [],
            "total": total,
            "chart": chart(asked, timeline),
            "span": ends(bars(timeline)),
            "about": about,
            "beside": others,
            "conflicts": sides,
            "asked": asked,
            "query": "",
            "q": q,
            "first": first[0] if first else None,
            "last": last[0] if last else None,
            "hits": page.hits,
            "after": following,
            "here": here,
            "near": near,
            "wide": True,
        },
    )


def _names(found: PersonRow | None, key: str) -> tuple[str, ...]:
    """All names of somebody."""
    if found is None:
        return (key.removeprefix(NAME),)
    return (found.person.name, *found.person.aliases, *(count.name for count in found.names))


def everyone(
    room: InRoom,
    q: Annotated[Words, Query(max_length=500, description="Words of a name.")] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> View:
    """The people of the archive, those first who have most statements."""
    size = 50
    found = room.remembered.get(("people", q, page), lambda: _people(room, q, size, page))
    following = address("/people", q=q, page=page + 1) if len(found) > size else None
    shown = found[:size]
    return View(
        title="People",
        template="people.html",
        json=lambda: {"people": [person_json(one) for one in shown], "next": following},
        table=lambda: Table(
            ("id", "name", "wikidata", "statements", "aliases"),
            [(one.person.id, one.person.name, one.person.wikidata, one.statements, "; ".join(one.person.aliases)) for one in shown],
        ),
        after=following,
        values={"people": shown, "q": q, "after": following, "term": term},
    )


def _people(room: Any, q: str, size: int, page: int) -> tuple[PersonRow, ...]:
    with room.connections.reading() as archive:
        return people(archive, q, limit=size + 1, offset=(page - 1) * size)


def chart(asked: Asked, timeline: tuple[Any, ...]) -> Any:
    """The months of a person as bars; each leads to a search of his statements then."""
    return histogram(
        bars(timeline), lambda bar: asked.link(since=bar.first.isoformat(), until=bar.last.isoformat()), label="statements by month"
    )


def term(office: Office) -> Term:
    """An office with its time in words.

    >>> import datetime
    >>> term(Office(position="Mayor", start=PartialDate(first=datetime.date(2019, 5, 1), precision="month"))).told
    'since May 2019'
    """
    start, end = _partial(office.start), _partial(office.end)
    if start and end:
        told = f"{start} – {end}"
    elif start:
        told = f"since {start}"
    elif end:
        told = f"until {end}"
    else:
        told = ""
    as_of = _partial(office.as_of)
    if not end and as_of:
        told = f"{told}, as of {as_of}".lstrip(", ")
    return Term(position=office.position, country=office.country, told=told)


def _partial(date: PartialDate | None) -> str:
    if date is None:
        return ""
    return {"day": day(date.first), "month": f"{date.first:%B} {date.first.year}", "year": str(date.first.year)}[date.precision]


def _namesakes(archive: Archive, key: str) -> tuple[PersonRow, ...]:
    """People who may be the one of a name that is nobody's."""
    words = key.removeprefix(NAME)
    return people(archive, words, limit=5) or people(archive, words.split()[-1] if words.split() else "", limit=5)


def rename_person(key: Key, room: InRoom, user: Admin, name: Name) -> Response:
    """Gives a person another name."""
    with room.connections.writing() as archive:
        rename(archive, key, name, by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse(person_address(key), status_code=303)


def merge_person(key: Key, room: InRoom, user: Admin, other: Name) -> Response:
    """Says that somebody else, by id or name, is this person."""
    with room.connections.writing() as archive:
        merge(archive, key, other.strip(), by=user.name, at=now())
        found = person(archive, key) if not key.startswith(NAME) else None
        kept = found.person.id if found else _id_of(archive, key)
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
add_twins(router, "/people", everyone, table=True)
router.add_api_route("/people/undo", undo_change, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/rename", rename_person, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/merge", merge_person, methods=["POST"], include_in_schema=False)
router.add_api_route("/person/{key:path}/split", split_person, methods=["POST"], include_in_schema=False)
add_twins(router, "/person/{key:path}", one_person, table=True)
