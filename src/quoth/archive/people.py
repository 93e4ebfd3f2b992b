"""The people of the archive: listed, found by id or name."""

from quoth.archive.columns import day_of
from quoth.archive.database import Database
from quoth.archive.names import plain_name
from quoth.archive.rows import Count, PeopleChange, PersonRow
from quoth.archive.selecting import NAME
from quoth.errors import ArchiveError
from quoth.types import Office, PartialDate, Person


def people(archive: Database, words: str = "", *, limit: int = 50, offset: int = 0) -> tuple[PersonRow, ...]:
    """The people of the archive, those first who have most statements; with `words` only those in one of whose names they stand."""
    plain = plain_name(words) if words.strip() else ""
    named = "AND p.id IN (SELECT coalesce(o.merged_into, o.id) FROM aliases JOIN people AS o ON o.id = aliases.person WHERE {})"
    where = named.format("instr(' ' || aliases.plain, ' ' || :plain) > 0") if plain else ""
    rows = archive.rows(
        f"""SELECT p.id FROM people AS p LEFT JOIN (
          SELECT speakers.person AS person, sum(statements) AS n FROM speakers JOIN tallies ON field = 'speaker' AND value = +speakers.id
          WHERE speakers.person IS NOT NULL GROUP BY speakers.person
        ) AS c ON c.person = p.id WHERE p.merged_into IS NULL {where}
        ORDER BY coalesce(c.n, 0) DESC, p.name, p.id LIMIT :limit OFFSET :offset""",
        {"plain": plain, "limit": limit, "offset": offset},
    )
    return tuple(row for (id,) in rows if (row := person(archive, id)) is not None)


def person(archive: Database, id: str) -> PersonRow | None:
    """The person of an id, as he is by now: of one who was merged into another, that other. None if there is nobody of that id."""
    row = archive.row("SELECT coalesce(merged_into, id) FROM people WHERE id = ?", (id,))
    if row is None:
        return None
    root = row[0]
    every = [(root, *archive.rows("SELECT name, wikidata FROM people WHERE id = ?", (root,))[0])]
    every += archive.rows("SELECT id, name, wikidata FROM people WHERE merged_into = ? ORDER BY id", (root,))
    called = archive.rows(
        """SELECT name FROM aliases WHERE person = :id OR person IN (SELECT id FROM people WHERE merged_into = :id)
        ORDER BY person <> :id, name""",
        {"id": root},
    )
    names = archive.rows(
        """SELECT name, sum(coalesce(statements, 0)) AS n FROM speakers LEFT JOIN tallies ON field = 'speaker' AND value = +speakers.id
        WHERE person = ? GROUP BY name ORDER BY n DESC, name""",
        (root,),
    )
    name = every[0][1]
    aliases = dict.fromkeys(other for other in (*(one[1] for one in every), *(one for (one,) in called)) if other != name)
    return PersonRow(
        person=Person(
            id=root,
            name=name,
            aliases=tuple(aliases),
            wikidata=next((wikidata for _, _, wikidata in every if wikidata), None),
            offices=tuple(office for one, _, _ in every for office in _offices(archive, one)),
        ),
        statements=sum(count for _, count in names),
        names=tuple(Count(key=NAME + written, name=written, count=count) for written, count in names),
        merged=tuple(one for one, _, _ in every[1:]),
    )


def called(archive: Database, name: str) -> PersonRow | None:
    """The person of an id or, if only one is called so, of a name; None if there is none. Raises ArchiveError if it may be several."""
    found = person(archive, name)
    if found is not None:
        return found
    rows = archive.rows(
        """SELECT DISTINCT coalesce(people.merged_into, people.id) FROM aliases JOIN people ON people.id = aliases.person
        WHERE aliases.plain = :plain
        AND NOT EXISTS (SELECT 1 FROM apart WHERE apart.plain = :plain AND apart.person IN (people.id, people.merged_into))
        ORDER BY 1""",
        {"plain": plain_name(name.removeprefix(NAME))},
    )
    if len(rows) > 1:
        raise ArchiveError(f"may be {', '.join(id for (id,) in rows[:10])}: say which by the id", concerns=name)
    return person(archive, rows[0][0]) if rows else None


def changes(archive: Database) -> tuple[PeopleChange, ...]:
    """What was done to people, the first first."""
    rows = archive.rows(
        """SELECT c.id, c.at, c.editor, c.action, c.told, (SELECT u.id FROM people_changes AS u WHERE u.undoes = c.id)
        FROM people_changes AS c ORDER BY c.id"""
    )
    return tuple(
        PeopleChange(number=number, at=at, editor=editor, action=action, told=told, undone=undone)
        for number, at, editor, action, told, undone in rows
    )


def every_person(archive: Database) -> tuple[Person, ...]:
    """All people as they are by now, by id; for a table of them (`quoth.people.People`) that knows what reviewers did."""
    rows = archive.rows("SELECT id, name, wikidata, merged_into FROM people ORDER BY id")
    aliases: dict[str, list[str]] = {}
    for id, name in archive.rows(
        """SELECT aliases.person, aliases.name FROM aliases WHERE NOT EXISTS
        (SELECT 1 FROM apart WHERE apart.plain = aliases.plain AND apart.person = aliases.person) ORDER BY 1, 2"""
    ):
        aliases.setdefault(id, []).append(name)
    offices: dict[str, list[Office]] = {}
    for id, *columns in archive.rows(f"SELECT person, {_OFFICE} FROM offices ORDER BY person, number"):
        offices.setdefault(id, []).append(_office(*columns))
    merged: dict[str, list[str]] = {}
    for id, _, _, into in rows:
        merged.setdefault(into or id, []).append(id)
    return tuple(
        Person(
            id=id,
            name=name,
            aliases=tuple(dict.fromkeys(alias for one in merged[id] for alias in aliases.get(one, ()) if alias != name)),
            wikidata=wikidata,
            offices=tuple(office for one in merged[id] for office in offices.get(one, ())),
        )
        for id, name, wikidata, into in rows
        if into is None
    )


_OFFICE = "position, country, started, start_precision, ended, end_precision, as_of, as_of_precision"


def _offices(archive: Database, id: str) -> list[Office]:
    return [_office(*columns) for columns in archive.rows(f"SELECT {_OFFICE} FROM offices WHERE person = ? ORDER BY number", (id,))]


def _office(position: str, country: str | None, *dates: str | None) -> Office:
    start, end, as_of = (_partial(day, precision) for day, precision in zip(dates[::2], dates[1::2], strict=True))
    return Office(position=position, country=country, start=start, end=end, as_of=as_of)


def _partial(day: str | None, precision: str | None) -> PartialDate | None:
    first = day_of(day)
    if first is None:
        return None
    return PartialDate(first=first, precision="year" if precision == "year" else "month" if precision == "month" else "day")
