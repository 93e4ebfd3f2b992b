"""People changed: renamed, merged, split; each change is kept with what it changed, and can be undone.

Every function takes the archive and, by keyword, who does it (`by`) and when (`at`).
"""

import datetime
import hashlib
import json
from collections.abc import Sequence

from quoth.archive.names import plain_name
from quoth.archive.people import called, person
from quoth.archive.people_state import Touched, changed, put_aliases, put_person, restore, state, state_of, touched_by, written
from quoth.archive.rows import PersonRow
from quoth.archive.selecting import NAME
from quoth.archive.store import Archive
from quoth.errors import ArchiveError
from quoth.types import Person

LONGEST = 500
"""Characters of a name."""


def rename(archive: Archive, who: str, name: str, *, by: str, at: datetime.datetime) -> int | None:
    """Gives a person another name; the one before stays among the names he is found by. The number of the change; None if there is none."""
    new = _checked(name)
    with archive.transaction(durable=True):
        found = _person(archive, who)
        id = found.person.id

        def change() -> None:
            archive.execute("UPDATE people SET name = ? WHERE id = ?", (new, id))
            put_aliases(archive, id, [[new, plain_name(new)], [found.person.name, plain_name(found.person.name)]])

        return changed(archive, "rename", f"{found.person.name} ({id}) is called {new}", Touched(people=(id,)), change, by, at)


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
                put_person(archive, id, state_of(Person(id=id, name=kept_name)))
            for one in ids:
                archive.execute("UPDATE people SET merged_into = ? WHERE id = ?", (id, one))
            put_aliases(archive, id, [] if goes else [[name, plain_name(name)] for name in goes_names])
            archive.connection.executemany("UPDATE speakers SET person = ? WHERE id = ?", [(id, number) for number in numbers])
            archive.connection.executemany("DELETE FROM apart WHERE plain = ? AND person = ?", apart)

        touched = Touched(people=(id, *ids), speakers=tuple(numbers), apart=tuple(apart))
        told = f"{goes_names[0]}{f' ({goes.person.id})' if goes else ''} is {kept_name} ({id})"
        return changed(archive, "merge", told, touched, change, by, at)


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
                put_person(archive, id, state_of(Person(id=id, name=name)))
            for one in back:
                archive.execute("UPDATE people SET merged_into = ? WHERE id = ?", (id if one != id else None, one))
            for plain, one in apart:
                moved = archive.rows("SELECT name, plain FROM aliases WHERE person = ? AND plain = ?", (one, plain))
                put_aliases(archive, id, [list(alias) for alias in moved])
                archive.execute("DELETE FROM aliases WHERE person = ? AND plain = ?", (one, plain))
                archive.execute("INSERT OR REPLACE INTO apart VALUES (?, ?, ?)", (plain, one, id))
            archive.connection.executemany("UPDATE speakers SET person = ? WHERE id = ?", [(id, number) for number in speakers])

        touched = Touched(people=(*ids, *back, id), speakers=tuple(speakers), apart=apart)
        changed(archive, "split", f"{name} ({id}) is not {found.person.name} ({root})", touched, change, by, at)
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
        undoing = changed(archive, "undo", f"undone: {told}", touched, lambda: restore(archive, before), by, at, undoes=undone)
    assert undoing is not None, "what is undone had changed something"
    return undoing


def person_name(archive: Archive, id: str) -> str:
    """What one of the people is called, also one who was merged."""
    [(name,)] = archive.rows("SELECT name FROM people WHERE id = ?", (id,))
    return str(name)


def _refuse_if_used(archive: Archive, number: int, ids: Sequence[str], touched: Touched) -> None:
    """Raises ArchiveError if people who would go have speakers or merged ones that came later."""
    for id in ids:
        speakers = {one for (one,) in archive.rows("SELECT id FROM speakers WHERE person = ?", (id,))} - set(touched.speakers)
        merged = {one for (one,) in archive.rows("SELECT id FROM people WHERE merged_into = ?", (id,))} - set(touched.people)
        apart = set(archive.rows("SELECT plain, person FROM apart WHERE ? IN (person, other)", (id,))) - set(touched.apart)
        if speakers or merged or apart:
            raise ArchiveError(f"change {number} cannot be undone: {id} has got more statements or names since")


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
