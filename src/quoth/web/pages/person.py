"""A person, or a name that is nobody's yet: who that is, what was said when, on what, beside whom."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from quoth.archive import Archive, PersonRow
from quoth.archive.counting import months
from quoth.archive.people import people, person
from quoth.archive.search import search
from quoth.archive.selecting import NAME, speakers_called
from quoth.types import Office, PartialDate
from quoth.web.charts import bars, histogram
from quoth.web.pages.search import ends
from quoth.web.problems import not_found
from quoth.web.queries import beside, contested, topics
from quoth.web.questions import Asked, Words, address, person_address
from quoth.web.rendering import day
from quoth.web.room import InRoom, View, add_twins
from quoth.web.shapes import hit_json, hits_table, person_json
from quoth.web.tables import Table

router = APIRouter()
Key = Annotated[str, Path(max_length=700, description="The id of a person, or name:… for a name that is nobody's.")]


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
        found = _known(archive, key)
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


def _known(archive: Archive, key: str) -> PersonRow | None:
    """Who a key names by now: a link to a name that was nobody's still leads to whoever was found to bear it."""
    if not key.startswith(NAME):
        return person(archive, key)
    bearers = archive.rows("SELECT DISTINCT person FROM speakers WHERE name = ? LIMIT 2", (key.removeprefix(NAME),))
    return person(archive, bearers[0][0]) if len(bearers) == 1 and bearers[0][0] is not None else None


def _namesakes(archive: Archive, key: str) -> tuple[PersonRow, ...]:
    """People who may be the one of a name that is nobody's."""
    words = key.removeprefix(NAME)
    return people(archive, words, limit=5) or people(archive, words.split()[-1] if words.split() else "", limit=5)


add_twins(router, "/people", everyone, table=True)
add_twins(router, "/person/{key:path}", one_person, table=True)
