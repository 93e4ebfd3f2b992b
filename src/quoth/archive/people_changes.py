"""People changed: imported, renamed, merged, split; each change is kept with what it changed, and can be undone.

Every function takes the archive and, by keyword, who does it (`by`) and when (`at`).
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quoth.archive.names import plain_name
from quoth.archive.people import called, every_person, person
from quoth.archive.people_state import State, Touched, put_aliases, put_person, restore, state, touched_by, written
from quoth.archive.polling import moment
from quoth.archive.rows import PersonRow
from quoth.archive.selecting import NAME
from quoth.archive.store import Archive
from quoth.errors import ArchiveError
from quoth.people import People
from quoth.types import Office, PartialDate, Person

LONGEST = 500
"""Characters of a name."""


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
        change = _keep(archive, "import", told, touched_by(before), before, by, at)
    return Imported(number=change, new=len(people) - len(known), known=len(known), linked=len(linked))


def rename(archive: Archive, who: str, name: str, *, by: str, at: datetime.datetime) -> int | None:
    """Gives a person another name; the one before stays among the names he is found by. The number of the change; None if there is none."""
    new = _checked(name)
    with archive.transaction(durable=True):
        found = _person(archive, who)
        id = found.person.id

        def change() -> None:
            archive.execute("UPDATE people SET name = ? WHERE id = ?", (new, id))
            put_aliases(archive, id, [[new, plain_name(new)], [found.person.name, plain_name(found.person.name)]])

        return _changed(archive, "rename", f"{found.person.name} ({id}) is called {new}", Touched(people=(id,)), change, by, at)


def merge(archive: Archive, who: str, other: str, *, by: str, at: datetime.datetime) -> int | None:
    """Says that two are one: all of the other's names, offices and statements become the person's.

    Either is the id or the name of a person, or a name of speakers who are nobody's yet ("name:…" means no one else). The number of the
    change; None if they are one already.
    """
    with archive.transaction(durable=True):
        keep, goes = _known(archive, who), _known(archive, other)
        if keep is not None and goes is not None and keep.person.id == goes.person.id:
            return None
        kept_name = keep.person.name if keep else _checked(who.removeprefix(NAME))
        id = keep.person.id if keep else _new_id(archive, kept_name)
        goes_names = [goes.person.name, *goes.person.aliases] if goes else [_checked(other.removeprefix(NAME))]
        ids = (goes.person.id, *goes.merged) if goes else ()
        numbers = set(_speakers_of(archive, goes)) if goes else _nobodys(archive, other)
        numbers |= set() if keep else _nobodys(archive, who)
        plains = {plain_name(name) for name in goes_names}
        apart = [
            (plain, apart_from)
            for plain, apart_from, told in archive.rows("SELECT plain, person, other FROM apart")
            if (plain in plains and apart_from in (id, *(keep.merged if keep else ()))) or (told in ids and apart_from == id)
        ]

        def change() -> None:
            if keep is None:
                put_person(archive, id, _columns(Person(id=id, name=kept_name)))
            for one in ids:
                archive.execute("UPDATE people SET merged_into = ? WHERE id = ?", (id, one))
            put_aliases(archive, id, [] if goes else [[name, plain_name(name)] for name in goes_names])
            archive.connection.executemany("UPDATE speakers SET person = ? WHERE id = ?", [(id, number) for number in numbers])
            archive.connection.executemany("DELETE FROM apart WHERE plain = ? AND person = ?", apart)

        touched = Touched(people=(id, *ids), speakers=tuple(numbers), apart=tuple(apart))
        told = f"{goes_names[0]}{f' ({goes.person.id})' if goes else ''} is {kept_name} ({id})"
        return _changed(archive, "merge", told, touched, change, by, at)


def split(archive: Archive, who: str, names: Sequence[str], *, by: str, at: datetime.datetime) -> str:
    """Says that some names of a person are somebody else's; gives that one's id, who is new, or was merged into the person before.

    A name may also be the id of one who was merged. No import and no ingestion puts them together again. Raises ArchiveError if the person
    has no such name, or has no other.
    """
    with archive.transaction(durable=True):
        found = _person(archive, who)
        root = found.person.id
        plains = {plain for name in names for plain in _plains_of(archive, found, name)}
        if not plains:
            raise ArchiveError("a split needs a name, or the id of one who was merged", concerns=who)
        back = [id for id in found.merged if id in names or _plains(archive, (id,)) <= plains]
        if plain_name(found.person.name) in plains and root not in back:
            raise ArchiveError("is what the person is called; rename first, or split the other names off", concerns=found.person.name)
        name = person_name(archive, back[0]) if back else next((one for one in names if plain_name(one) in plains), names[0])
        id = back[0] if back else _new_id(archive, name)
        speakers = [
            number
            for number, plain, given in archive.rows("SELECT id, plain, given FROM speakers WHERE person = ?", (root,))
            if plain in plains or given in back
        ]
        ids = (root, *(one for one in found.merged if one not in back))
        apart = tuple((plain, one) for plain in plains for one in ids)

        def change() -> None:
            if not back:
                put_person(archive, id, _columns(Person(id=id, name=name)))
            for one in back:
                archive.execute("UPDATE people SET merged_into = ? WHERE id = ?", (id if one != id else None, one))
            for plain, one in apart:
                moved = archive.rows("SELECT name, plain FROM aliases WHERE person = ? AND plain = ?", (one, plain))
                put_aliases(archive, id, [list(alias) for alias in moved])
                archive.execute("DELETE FROM aliases WHERE person = ? AND plain = ?", (one, plain))
                archive.execute("INSERT OR REPLACE INTO apart VALUES (?, ?, ?)", (plain, one, id))
            archive.connection.executemany("UPDATE speakers SET person = ? WHERE id = ?", [(id, number) for number in speakers])

        touched = Touched(people=(*ids, *back, id), speakers=tuple(speakers), apart=apart)
        _changed(archive, "split", f"{name} ({id}) is not {found.person.name} ({root})", touched, change, by, at)
    return id


def undo(archive: Archive, number: int | None = None, *, by: str, at: datetime.datetime) -> int:
    """Takes a change back, the last one that stands if none is named; gives the number of the undoing.

    Raises ArchiveError if there is none, or if what it changed was changed since: then that is to be undone first.
    """
    with archive.transaction(durable=True):
        standing = "action <> 'undo' AND id NOT IN (SELECT undoes FROM people_changes WHERE undoes IS NOT NULL)"
        which, bindings = ("AND id = ?", (number,)) if number is not None else ("", ())
        row = archive.row(
            f"SELECT id, told, rows_before, rows_after FROM people_changes WHERE {standing} {which} ORDER BY id DESC LIMIT 1", bindings
        )
        if row is None:
            raise ArchiveError("there is no change to undo" if number is None else f"change {number} does not stand any more, or is none")
        undone, told, before, after = row[0], row[1], json.loads(row[2]), row[3]
        touched = touched_by(before)
        if written(state(archive, touched)) != after:
            raise ArchiveError(f"what change {undone} did was changed since; undo that first")
        _refuse_if_used(archive, undone, [id for id, one in before["people"].items() if one is None], touched)
        undoing = _changed(archive, "undo", f"undone: {told}", touched, lambda: restore(archive, before), by, at, undoes=undone)
    assert undoing is not None, "what is undone had changed something"
    return undoing


def person_name(archive: Archive, id: str) -> str:
    """What one of the people is called, also one who was merged."""
    [(name,)] = archive.rows("SELECT name FROM people WHERE id = ?", (id,))
    return str(name)


def _changed(
    archive: Archive, action: str, told: str, touched: Touched, change: Callable[[], None], by: str, at: datetime.datetime,
    *, undoes: int | None = None,
) -> int | None:  # fmt: skip
    """Does a change and keeps it, with the rows before and after; gives its number, None if nothing changed."""
    before = state(archive, touched)
    change()
    return _keep(archive, action, told, touched, before, by, at, undoes=undoes)


def _keep(
    archive: Archive, action: str, told: str, touched: Touched, before: State, by: str, at: datetime.datetime,
    *, undoes: int | None = None,
) -> int | None:  # fmt: skip
    if not by.strip():
        raise ArchiveError("a change of people needs to say who made it")
    after = state(archive, touched)
    if after == before:
        return None
    archive.execute(
        "INSERT INTO people_changes (at, editor, action, told, rows_before, rows_after, undoes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (moment(at), by.strip(), action, told, written(before), written(after), undoes),
    )
    return archive.connection.last_insert_rowid()


def _refuse_if_used(archive: Archive, number: int, ids: Sequence[str], touched: Touched) -> None:
    """Raises ArchiveError if people who would go have speakers or merged ones that came later."""
    for id in ids:
        speakers = {one for (one,) in archive.rows("SELECT id FROM speakers WHERE person = ?", (id,))} - set(touched.speakers)
        merged = {one for (one,) in archive.rows("SELECT id FROM people WHERE merged_into = ?", (id,))} - set(touched.people)
        apart = set(archive.rows("SELECT plain, person FROM apart WHERE ? IN (person, other)", (id,))) - set(touched.apart)
        if speakers or merged or apart:
            raise ArchiveError(f"change {number} cannot be undone: {id} has got more statements or names since")


def _take_in(archive: Archive, one: Person) -> None:
    """Writes a person of a table: new, or with the names and offices added that the table has."""
    known = archive.row("SELECT name, wikidata, merged_into FROM people WHERE id = ?", (one.id,))
    columns = _columns(one)
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


def _columns(one: Person) -> State:
    """The rows of a person as `people_state` has them."""
    return {
        "name": one.name,
        "wikidata": one.wikidata,
        "merged_into": None,
        "aliases": [[name, plain_name(name)] for name in dict.fromkeys((one.name, *one.aliases))],
        "offices": [[office.position, office.country, *_dates(office)] for office in one.offices],
    }


def _dates(office: Office) -> list[str | None]:
    dates: list[PartialDate | None] = [office.start, office.end, office.as_of]
    return [value for date in dates for value in ((date.first.isoformat(), date.precision) if date else (None, None))]


def _known(archive: Archive, who: str) -> PersonRow | None:
    """The person meant; None for a name of speakers who are nobody's. Raises ArchiveError if nobody is called so."""
    found = None if who.startswith(NAME) else called(archive, who)
    if found is None and not _nobodys(archive, who):
        raise ArchiveError("nobody of that id or name", concerns=who)
    return found


def _person(archive: Archive, who: str) -> PersonRow:
    found = called(archive, who)
    if found is None:
        raise ArchiveError("nobody of that id or name among the people; `merge` makes one of a speaker's name", concerns=who)
    return found


def _nobodys(archive: Archive, name: str) -> set[int]:
    """The numbers of the speakers of a name who are nobody's."""
    rows = archive.rows("SELECT id FROM speakers WHERE plain = ? AND person IS NULL", (plain_name(name.removeprefix(NAME)),))
    return {number for (number,) in rows}


def _speakers_of(archive: Archive, found: PersonRow) -> list[int]:
    return [number for (number,) in archive.rows("SELECT id FROM speakers WHERE person = ?", (found.person.id,))]


def _plains(archive: Archive, ids: Sequence[str]) -> set[str]:
    """The plain names of some people, without those merged into them."""
    return {plain for id in ids for (plain,) in archive.rows("SELECT plain FROM aliases WHERE person = ?", (id,))}


def _plains_of(archive: Archive, found: PersonRow, name: str) -> set[str]:
    """The plain names that a name of a person, or the id of one merged into him, stands for. Raises ArchiveError if he has none such."""
    if name in found.merged:
        return _plains(archive, (name,))
    plain = plain_name(name.removeprefix(NAME))
    ours = _plains(archive, (found.person.id, *found.merged)) | {plain_name(one.name) for one in found.names}
    if plain not in ours:
        raise ArchiveError(f"{found.person.name} has no such name", concerns=name)
    return {plain}


def _new_id(archive: Archive, name: str) -> str:
    """An id that nobody has, the same for the same name in the same archive."""
    for number in range(1, 10_000):
        id = f"p-{hashlib.sha256(f'{name}/{number}'.encode()).hexdigest()[:10]}"
        if person(archive, id) is None:
            return id
    raise ArchiveError("too many people of one name", concerns=name)


def _checked(name: str) -> str:
    clean = " ".join(name.split())
    if not 0 < len(clean) <= LONGEST:
        raise ArchiveError(f"no name: {name[:40]!r}")
    return clean
