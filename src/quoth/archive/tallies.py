"""How many statements that are shown have a value: kept up to date as they are written, so that nothing is counted when it is listed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from quoth.archive.database import Database
from quoth.archive.rows import SHOWN

Field = Literal["speaker", "publisher", "month", "kind", "act", "polarity"]
FIELDS: tuple[Field, ...] = ("speaker", "publisher", "month", "kind", "act", "polarity")
Change = Counter[tuple[Field, Any]]
"""By how much the tally of each value changes."""


def change(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Change:
    """What some rows of statements change when others take their place.

    >>> row = {"status": "extracted", "speaker": 7, "publisher": None, "day": "2024-03-05", "kind": "direct", "act": None, "polarity": None}
    >>> change([row], [row | {"speaker": 8}])
    Counter({('speaker', 8): 1, ('speaker', 7): -1})
    """
    counted: Change = Counter()
    for rows, by in ((after, 1), (before, -1)):
        for row in rows:
            if row["status"] in SHOWN:
                counted["month", row["day"][:7]] += by
                for field in FIELDS:
                    if field != "month" and row[field] is not None:
                        counted[field, row[field]] += by
    return Counter({value: number for value, number in counted.items() if number})


def put(archive: Database, changed: Change) -> None:
    """Writes what has changed; within the transaction that changed it.

    One value at a time: SQLite would write the full-text indexes out for a query that may change several rows.
    """
    execute = archive.connection.execute
    for (field, value), number in changed.items():
        execute("UPDATE tallies SET statements = statements + ? WHERE field = ? AND value = ?", (number, field, value))
        if not archive.connection.changes():
            execute("INSERT INTO tallies VALUES (?, ?, ?)", (field, value, number))
        elif number < 0:
            execute("DELETE FROM tallies WHERE field = ? AND value = ? AND statements = 0", (field, value))


def tallies(archive: Database, field: Field) -> Counter[Any]:
    """How many statements each value has."""
    return Counter(dict(archive.rows("SELECT value, statements FROM tallies WHERE field = ?", (field,))))


def counted(archive: Database) -> Change:
    """The tallies as the statements themselves give them, by looking at each."""
    columns = {field: "substr(day, 1, 7)" if field == "month" else field for field in FIELDS}
    return Counter(
        {
            (field, value): number
            for field, column in columns.items()
            for value, number in archive.rows(f"SELECT {column}, count(*) FROM statements WHERE shown AND {column} IS NOT NULL GROUP BY 1")
        }
    )
