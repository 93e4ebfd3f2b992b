"""Rows of people as they stand, kept before and after each change, so that it can be undone."""

import datetime
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from quoth.archive.database import Database
from quoth.archive.names import plain_name
from quoth.archive.polling import moment
from quoth.errors import ArchiveError
from quoth.types import Office, PartialDate, Person

State = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a change may alter: ids of people, numbers of speakers, plain names of people who are told apart."""

    people: tuple[str, ...]
    speakers: tuple[int, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


def state(archive: Database, touched: Touched) -> State:
    """The rows of what is touched; None for those that are not there."""
    return {
        "people": {id: _person(archive, id) for id in sorted(touched.people)},
        "speakers": [[number, *_first(archive, "SELECT person FROM speakers WHERE id = ?", number)] for number in sorted(touched.speakers)],
        "apart": [
            [plain, id, *_first(archive, "SELECT other FROM apart WHERE plain = ? AND person = ?", plain, id)]
            for plain, id in sorted(touched.apart)
        ],
    }


def touched_by(rows: State) -> Touched:
    """What rows are about."""
    return Touched(
        people=tuple(rows["people"]),
        speakers=tuple(number for number, _ in rows["speakers"]),
        apart=tuple((plain, id) for plain, id, _ in rows["apart"]),
    )


def restore(archive: Database, rows: State) -> None:
    """Makes the rows what they were; within a transaction."""
    for plain, id, other in rows["apart"]:
        archive.execute("DELETE FROM apart WHERE plain = ? AND person = ?", (plain, id))
        if other is not None:
            archive.execute("INSERT INTO apart VALUES (?, ?, ?)", (plain, id, other))
    for number, id in rows["speakers"]:
        archive.execute("UPDATE speakers SET person = ? WHERE id = ?", (id, number))
    for id, person in rows["people"].items():
        archive.execute("DELETE FROM aliases WHERE person = ?", (id,))
        archive.execute("DELETE FROM offices WHERE person = ?", (id,))
        if person is None:
            archive.execute("DELETE FROM people WHERE id = ?", (id,))
        else:
            put_person(archive, id, person)


def put_person(archive: Database, id: str, person: State) -> None:
    """Writes a person's row with names and offices, in place of what is there."""
    archive.execute(
        """INSERT INTO people (id, name, wikidata, merged_into) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
        SET name = excluded.name, wikidata = excluded.wikidata, merged_into = excluded.merged_into""",
        (id, person["name"], person["wikidata"], person["merged_into"]),
    )
    put_aliases(archive, id, person["aliases"])
    archive.execute("DELETE FROM offices WHERE person = ?", (id,))
    for number, office in enumerate(person["offices"]):
        archive.execute(f"INSERT INTO offices VALUES (?, ?{', ?' * len(office)})", (id, number, *office))


def put_aliases(archive: Database, id: str, aliases: Iterable[list[str]]) -> None:
    """Adds names, each with its plain letters, to those of a person."""
    for name, plain in aliases:
        archive.execute("INSERT OR IGNORE INTO aliases (person, name, plain) VALUES (?, ?, ?)", (id, name, plain))


def written(rows: State) -> str:
    """The rows as JSON, the same for the same rows."""
    return json.dumps(rows, ensure_ascii=False, sort_keys=True)


def state_of(one: Person) -> State:
    """The rows of a person of a table."""
    return {
        "name": one.name,
        "wikidata": one.wikidata,
        "merged_into": None,
        "aliases": [[name, plain_name(name)] for name in dict.fromkeys((one.name, *one.aliases))],
        "offices": [[office.position, office.country, *_dates(office)] for office in one.offices],
    }


def changed(
    archive: Database, action: str, told: str, touched: Touched, change: Callable[[], None], by: str, at: datetime.datetime,
    *, undoes: int | None = None,
) -> int | None:  # fmt: skip
    """Does a change and keeps it, with the rows before and after; gives its number, None if nothing changed."""
    before = state(archive, touched)
    change()
    return keep(archive, action, told, touched, before, by, at, undoes=undoes)


def keep(
    archive: Database, action: str, told: str, touched: Touched, before: State, by: str, at: datetime.datetime,
    *, undoes: int | None = None,
) -> int | None:  # fmt: skip
    """Keeps a change that was made since the rows were as `before`; gives its number, None if nothing changed. Raises ArchiveError."""
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


def _person(archive: Database, id: str) -> State | None:
    row = archive.row("SELECT name, wikidata, merged_into FROM people WHERE id = ?", (id,))
    if row is None:
        return None
    offices = """SELECT position, country, started, start_precision, ended, end_precision, as_of, as_of_precision
    FROM offices WHERE person = ? ORDER BY number"""
    return {
        "name": row[0],
        "wikidata": row[1],
        "merged_into": row[2],
        "aliases": [list(one) for one in archive.rows("SELECT name, plain FROM aliases WHERE person = ? ORDER BY name", (id,))],
        "offices": [list(one) for one in archive.rows(offices, (id,))],
    }


def _first(archive: Database, sql: str, *bindings: str | int) -> tuple[Any, ...]:
    return archive.row(sql, bindings) or (None,)


def _dates(office: Office) -> list[str | None]:
    dates: list[PartialDate | None] = [office.start, office.end, office.as_of]
    return [value for date in dates for value in ((date.first.isoformat(), date.precision) if date else (None, None))]
