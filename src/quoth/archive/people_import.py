"""Tables of people taken in: who is new, who was there, and which names of speakers are theirs."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.archive.people import every_person
from quoth.archive.people_state import Touched, keep, put_person, state, state_of, touched_by
from quoth.archive.store import Archive
from quoth.people import People
from quoth.types import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: how many people are new, how many were there, how many names of speakers were found to be one of them."""

    number: int | None
    new: int
    known: int
    linked: int


def import_people(archive: Archive, table: Iterable[Person], *, by: str, at: datetime.datetime) -> Imported:
    """Takes in people of a table, by their ids, and says who of the speakers that are nobody's they are, where names leave one.

    Who is there already keeps his name and gets the table's names and offices. Nobody who was merged, renamed or split is changed in that.
    """
    people = {one.id: one for one in table}
    with archive.transaction(durable=True):
        known = {id for id in people if archive.row("SELECT 1 FROM people WHERE id = ?", (id,))}
        unlinked = archive.rows(
            """SELECT id, name, plain, (SELECT max(day) FROM statements WHERE speaker = speakers.id AND shown)
            FROM speakers WHERE person IS NULL ORDER BY id"""
        )
        touched = Touched(people=tuple(people), speakers=tuple(number for number, *_ in unlinked))
        before = state(archive, touched)
        for one in people.values():
            _take_in(archive, one)
        links = _links(archive, unlinked)
        for number, id in links:
            archive.execute("UPDATE speakers SET person = ? WHERE id = ?", (id, number))
        linked = {number for number, _ in links}
        before["speakers"] = [row for row in before["speakers"] if row[0] in linked]
        told = f"imported {len(people)} people: {len(people) - len(known)} new, {len(known)} known; {len(linked)} names are theirs"
        change = keep(archive, "import", told, touched_by(before), before, by, at)
    return Imported(number=change, new=len(people) - len(known), known=len(known), linked=len(linked))


def _take_in(archive: Archive, one: Person) -> None:
    """Writes a person of a table: new, or with the names and offices added that the table has."""
    known = archive.row("SELECT name, wikidata, merged_into FROM people WHERE id = ?", (one.id,))
    columns = state_of(one)
    if known is not None:
        columns |= {"name": known[0], "wikidata": known[1] or one.wikidata, "merged_into": known[2]}
    apart = {plain for (plain,) in archive.rows("SELECT plain FROM apart WHERE person = ?", (one.id,))}
    columns["aliases"] = [alias for alias in columns["aliases"] if alias[1] not in apart]
    put_person(archive, one.id, columns)


def _links(archive: Archive, unlinked: Sequence[tuple[int, str, str, str | None]]) -> list[tuple[int, str]]:
    """Which of the speakers who are nobody's are whom, where names leave one person who may have spoken on the day."""
    table = People(every_person(archive))
    apart = set(archive.rows("SELECT plain, person FROM apart"))
    links = []
    for number, name, plain, day in unlinked:
        found = table.find(name, on=datetime.date.fromisoformat(day) if day else None).person
        if found is not None and (plain, found.id) not in apart:
            links.append((number, found.id))
    return links
