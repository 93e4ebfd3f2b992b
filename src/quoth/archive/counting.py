"""How the statements of a search are spread over speakers, publishers, months; a person's months."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from quoth.archive.database import Database
from quoth.archive.paging import DEADLINE, answering
from quoth.archive.rows import Count, Counts
from quoth.archive.search import matches
from quoth.archive.selecting import NAME, By, Question, Selection, selected, speakers_called

MOST_COUNTED = 50_000
"""Statements that are counted one by one; of more, those are counted that were stored last."""
MOST_VALUES = 50
"""Speakers and publishers that are listed."""
EMPTY = Counts(total=0, complete=True, speakers=(), publishers=(), months=())


def counts(archive: Database, question: Question, *, most: int = MOST_VALUES, deadline: float = DEADLINE) -> Counts:
    """How the statements that a question finds are spread: the greatest of speakers and publishers, all months, kinds, acts, polarities.

    Where more than 50,000 are found by their words, `total` is not counted further than that, and the spread is that of the 50,000 stored
    last; `complete` is then false. Raises QueryError past the deadline of so many seconds, as `search` does.
    """
    with answering(archive, deadline):
        selection = selected(archive, question)
        if selection.nothing:
            return EMPTY
        everything = selection.match is None and not selection.conditions
        column = "said" if question.by == "said" else "day"
        if everything:
            return _of_everything(archive, most)
        source, complete = _source(archive, selection)
        bindings = [*([selection.match] if selection.match is not None else []), *selection.bindings]
        return _spread(archive, source, bindings, column, complete=complete, most=most)


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


def _source(archive: Database, selection: Selection) -> tuple[str, bool]:
    """The rows to count as the end of a query, and whether they are all."""
    if selection.match is None:
        return f"FROM statements AS s WHERE {selection.where}", True
    complete = matches(archive, selection, MOST_COUNTED + 1) <= MOST_COUNTED
    newest = "" if complete else f"ORDER BY rowid DESC LIMIT {MOST_COUNTED}"
    found = f"(SELECT rowid AS id FROM statements_fts WHERE statements_fts MATCH ? {newest})"
    return f"FROM {found} AS f CROSS JOIN statements AS s ON s.id = f.id WHERE {selection.where}", complete


def _spread(archive: Database, source: str, bindings: Sequence[Any], column: str, *, complete: bool, most: int) -> Counts:
    """Counts of every kind, in one pass over the rows."""
    rows = archive.rows(
        f"""SELECT s.speaker, s.publisher, coalesce(substr(s.{column}, 1, 7), ''), s.kind, s.act, s.polarity, count(*)
        {source} GROUP BY 1, 2, 3, 4, 5, 6""",
        bindings,
    )
    tallies: list[Counter[Any]] = [Counter() for _ in range(6)]
    for *values, count in rows:
        for tally, value in zip(tallies, values, strict=True):
            tally[value] += count
    speakers, publishers, in_months, kinds, acts, polarities = tallies
    return Counts(
        total=sum(in_months.values()),
        complete=complete,
        speakers=_speakers(archive, speakers, most),
        publishers=_publishers(archive, publishers, most),
        months=_in_time(in_months.items()),
        kinds=_plain(kinds),
        acts=_plain(acts),
        polarities=_plain(polarities),
    )


def _of_everything(archive: Database, most: int) -> Counts:
    """The counts of the whole archive, from its indexes alone; kinds, acts and polarities of the statements stored last."""
    shown = "FROM statements WHERE shown"
    last = f"FROM (SELECT * FROM statements WHERE shown ORDER BY id DESC LIMIT {MOST_COUNTED}) AS s WHERE true"
    speakers = Counter(dict(archive.rows(f"SELECT speaker, count(*) {shown} GROUP BY 1")))
    publishers = Counter(dict(archive.rows(f"SELECT publisher, count(*) {shown} GROUP BY 1")))
    in_months = dict(archive.rows(f"SELECT substr(day, 1, 7), count(*) {shown} GROUP BY 1"))
    total = sum(in_months.values())
    kinds, acts, polarities = (
        Counter(dict(archive.rows(f"SELECT {name}, count(*) {last} GROUP BY 1"))) for name in ("kind", "act", "polarity")
    )
    return Counts(
        total=total,
        complete=total <= MOST_COUNTED,
        speakers=_speakers(archive, speakers, most),
        publishers=_publishers(archive, publishers, most),
        months=_in_time(in_months.items()),
        kinds=_plain(kinds),
        acts=_plain(acts),
        polarities=_plain(polarities),
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


def _plain(found: Counter[str | None]) -> tuple[Count, ...]:
    return _greatest(((value, value, count) for value, count in found.items() if value is not None), MOST_VALUES)


def _in_time(found: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
    return tuple(Count(key=month, name=month, count=count) for month, count in sorted(found))
