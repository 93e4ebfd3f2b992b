"""How the statements of a search are spread over speakers, publishers, months; a person's months."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from quoth.archive import tallies
from quoth.archive.database import Database
from quoth.archive.paging import DEADLINE, answering
from quoth.archive.rows import Count, Counts
from quoth.archive.selecting import NAME, By, Question, Selection, selected, speakers_called

MOST_COUNTED = 5_000
"""Statements that are counted one by one; of more, the last ones are."""
MOST_VALUES = 50
"""Speakers and publishers that are listed."""
EMPTY = Counts(total=0, complete=True, speakers=(), publishers=(), months=())


def counts(archive: Database, question: Question, *, most: int = MOST_VALUES, deadline: float = DEADLINE) -> Counts:
    """How the statements that a question finds are spread: the greatest of speakers and publishers, all months, kinds, acts, polarities.

    Those of the whole archive are always exact. Where a question finds more than 5,000, or its words alone do, no more are counted: the
    spread is that of the 5,000 stored last, or, where there are no words, of the newest; `complete` is then false, and `total` is a number
    that is surely reached. Raises QueryError past the deadline of so many seconds, as `search` does.
    """
    with answering(archive, deadline):
        selection = selected(archive, question)
        if selection.nothing:
            return EMPTY
        if selection.match is None and not selection.conditions:
            return _spread(archive, [tallies.tallies(archive, field) for field in tallies.FIELDS], most, complete=True)
        return _found(archive, selection, "said" if question.by == "said" else "day", most)


def months(archive: Database, speaker: str, *, by: By = "published", deadline: float = DEADLINE) -> tuple[Count, ...]:
    """How many statements a person or name has by month, in order of time; "" is for those whose day is not known.

    By the day said only statements count whose day is known.
    """
    with answering(archive, deadline):
        speakers = speakers_called(archive, speaker)
        found: Counter[str] = Counter()
        for number in speakers:
            if by == "published":
                sql = "SELECT substr(day, 1, 7), count(*) FROM statements WHERE shown AND speaker = ? GROUP BY 1"
            else:
                sql = "SELECT substr(said, 1, 7), count(*) FROM statements WHERE shown AND speaker = ? AND said IS NOT NULL GROUP BY 1"
            found.update(dict(archive.rows(sql, (number,))))
    return _in_time(found.items())


def _found(archive: Database, selection: Selection, column: str, most: int) -> Counts:
    """Counts of what is found, of the last ones where they are many: one pass over so many rows at most."""
    if selection.match is None:
        last = f"SELECT s.id FROM statements AS s WHERE {selection.where} ORDER BY s.{column} DESC LIMIT {MOST_COUNTED + 1}"
        found, bindings, few = f"({last}) AS f CROSS JOIN statements AS s ON s.id = f.id", [*selection.bindings], True
    else:
        sql = "SELECT rowid FROM statements_fts WHERE statements_fts MATCH ? ORDER BY rowid DESC LIMIT ?"
        matching = [row for (row,) in archive.rows(sql, (selection.match, MOST_COUNTED + 1))]
        found = f"json_each(?) AS f CROSS JOIN statements AS s ON s.id = f.value WHERE {selection.where}"
        bindings, few = [json.dumps(matching[:MOST_COUNTED]), *selection.bindings], len(matching) <= MOST_COUNTED
    values = f"s.speaker, s.publisher, coalesce(substr(s.{column}, 1, 7), ''), s.kind, s.act, s.polarity"
    rows = archive.rows(f"SELECT {values} FROM {found}", bindings)
    columns = zip(*rows[:MOST_COUNTED], strict=True) if rows else [()] * len(tallies.FIELDS)
    return _spread(archive, [Counter(column) for column in columns], most, complete=few and len(rows) <= MOST_COUNTED)


def _spread(archive: Database, counted: Sequence[Counter[Any]], most: int, *, complete: bool) -> Counts:
    """What was counted of each field, with names, the greatest first."""
    speakers, publishers, in_months, *others = counted
    kinds, acts, polarities = (
        _greatest(((value, value, count) for value, count in values.items() if value is not None), most) for values in others
    )
    return Counts(
        total=in_months.total(),
        complete=complete,
        speakers=_speakers(archive, speakers, most),
        publishers=_publishers(archive, publishers, most),
        months=_in_time(in_months.items()),
        kinds=kinds,
        acts=acts,
        polarities=polarities,
    )


def _speakers(archive: Database, found: Counter[int | None], most: int) -> tuple[Count, ...]:
    """Counts by person, or by name for those who are nobody's; those without a speaker are left out."""
    numbers = [number for number, _ in found.most_common(most * 4) if number is not None]
    tally: Counter[tuple[str, str]] = Counter()
    sql = "SELECT speakers.name, people.id, people.name FROM speakers LEFT JOIN people ON people.id = speakers.person WHERE speakers.id = ?"
    for number in numbers:
        row = archive.row(sql, (number,))
        if row is not None:
            name, person, person_name = row
            tally[(person, person_name) if person is not None else (NAME + name, name)] += found[number]
    return _greatest(((key, name, count) for (key, name), count in tally.items()), most)


def _publishers(archive: Database, found: Counter[int | None], most: int) -> tuple[Count, ...]:
    names = dict(archive.rows("SELECT id, name FROM publishers"))
    return _greatest(((names[number], names[number], count) for number, count in found.items() if number is not None), most)


def _greatest(found: Iterable[tuple[str, str, int]], most: int) -> tuple[Count, ...]:
    ordered = sorted(found, key=lambda one: (-one[2], one[1], one[0]))[:most]
    return tuple(Count(key=key, name=name, count=count) for key, name, count in ordered)


def _in_time(found: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
    return tuple(Count(key=month, name=month, count=count) for month, count in sorted(found))
