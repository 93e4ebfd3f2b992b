"""What only pages ask of the archive. Every query is bounded: it looks at no more rows than a page can use."""

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from quoth.archive import Archive, Count, Review, StatementRow
from quoth.archive.reviews import reviews
from quoth.archive.selecting import NAME
from quoth.archive.tallies import tallies

RECENT = 2_000
"""Statements of a person that are looked at to tell what he speaks about and who is quoted beside him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two statements of a conflict: rows, words and names, the earlier report first."""

    rows: tuple[int, int]
    ids: tuple[str, str]
    words: tuple[str, str]
    speakers: tuple[str | None, str | None]
    publishers: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow:
    """The statements of one publisher by their kind."""

    publisher: str
    direct: int
    mixed: int
    indirect: int
    unresolved: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.direct + self.mixed + self.indirect


def added_since(archive: Archive, at: datetime.datetime) -> int:
    """How many reports were stored since a moment."""
    [(count,)] = archive.rows("SELECT count(*) FROM reports WHERE added >= ?", (at.isoformat(timespec="seconds"),))
    return int(count)


def sizes(archive: Archive) -> tuple[int, int, int]:
    """How many reports, statements and people there are."""
    [row] = archive.rows(
        """SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM statements INDEXED BY statements_by_day WHERE shown),
        (SELECT count(*) FROM people WHERE merged_into IS NULL)"""
    )
    return row[0], row[1], row[2]


def twins_of(archive: Archive, key: str, row: int) -> list[tuple[int, int, str | None, str | None]]:
    """Statements of the same id in other reports of the same text: rows, reports, publishers and days."""
    return [
        (other, report, publisher, day)
        for other, report, publisher, day in archive.rows(
            """SELECT s.id, s.report, publishers.name, nullif(s.day, '') FROM statements AS s
            LEFT JOIN publishers ON publishers.id = s.publisher WHERE s.key = ? AND s.id <> ? AND s.shown ORDER BY s.id LIMIT 20""",
            (key, row),
        )
    ]


def history(archive: Archive, row: StatementRow) -> tuple[Review, ...]:
    """What reviewers said of a statement, those reviews too that were all taken back, so that nothing counts any more."""
    targets = {
        target
        for (target,) in archive.rows(
            "SELECT id FROM targets WHERE report = ? AND (statement = ? OR id = ? OR json_extract(original, '$.key') = ?)",
            (row.report, row.row, row.target, row.statement.id),
        )
    }
    return tuple(review for review in reviews(archive, report=row.report) if review.target in targets) if targets else ()


def topics(archive: Archive, speakers: Sequence[int], *, apart: Sequence[str] = (), most: int = 24) -> tuple[Count, ...]:
    """The names that a speaker's latest statements hold most often, apart from some."""
    found: Counter[str] = Counter()
    for (about,) in _latest(archive, "about", speakers):
        found.update(about.split("; ") if about else ())
    for name in apart:
        found.pop(name, None)
    return tuple(Count(key=name, name=name, count=count) for name, count in found.most_common(most))


def beside(archive: Archive, speakers: Sequence[int], *, most: int = 12) -> tuple[Count, ...]:
    """Who else is quoted in the reports of a speaker's latest statements, and in how many of them."""
    texts = sorted({text for (text,) in _latest(archive, "text", speakers)})
    rows = archive.rows(
        f"""SELECT coalesce(people.id, ? || sp.name), coalesce(people.name, sp.name), count(DISTINCT s.text) AS n
        FROM statements AS s JOIN speakers AS sp ON sp.id = s.speaker LEFT JOIN people ON people.id = sp.person
        WHERE s.shown AND s.text IN (SELECT value FROM json_each(?)) AND s.speaker NOT IN ({_list(speakers)})
        GROUP BY 1, 2 ORDER BY n DESC, 2 LIMIT ?""",
        (NAME, json.dumps(texts), most),
    )
    return tuple(Count(key=key, name=name, count=count) for key, name, count in rows)


def contested(archive: Archive, speakers: Sequence[int], *, most: int = 20) -> tuple[Sides, ...]:
    """The conflicts of attribution that a speaker is part of, the latest first."""
    latest = json.dumps([row for (row,) in _latest(archive, "id", speakers)])
    rows = archive.rows(
        """SELECT a, b FROM (
          SELECT a, b FROM json_each(:rows) CROSS JOIN variants ON a = value WHERE kind = 'conflict'
          UNION SELECT a, b FROM json_each(:rows) CROSS JOIN variants ON b = value WHERE kind = 'conflict'
        ) ORDER BY b DESC, a DESC LIMIT :most""",
        {"rows": latest, "most": most},
    )
    return tuple(sides for a, b in rows if (sides := _sides(archive, a, b)) is not None)


def outlets(archive: Archive, *, most: int = 30) -> tuple[OutletRow, ...]:
    """The publishers with most statements, by kind and by whether a speaker is known; of very many statements, of those stored last."""
    rows = archive.rows(
        """SELECT coalesce(publishers.name, ''), kind, count(*), sum(speaker IS NULL) FROM (
          SELECT publisher, kind, speaker FROM statements WHERE shown ORDER BY id DESC LIMIT 50000
        ) AS s LEFT JOIN publishers ON publishers.id = s.publisher GROUP BY 1, 2"""
    )
    by_publisher: dict[str, Counter[str]] = {}
    for publisher, kind, count, unresolved in rows:
        tally = by_publisher.setdefault(publisher, Counter())
        tally[kind] += count
        tally["unresolved"] += unresolved
    table = [
        OutletRow(publisher=name, direct=one["direct"], mixed=one["mixed"], indirect=one["indirect"], unresolved=one["unresolved"])
        for name, one in by_publisher.items()
    ]
    return tuple(sorted(table, key=lambda row: (-row.total, row.publisher))[:most])


def outlet_months(archive: Archive, *, most: int = 100) -> dict[str, dict[str, int]]:
    """How many statements the publishers with most of them have in each month, in order of time; "" is a month that is not known."""
    largest = [number for number, _ in tallies(archive, "publisher").most_common(most)]
    rows = archive.rows(
        """SELECT publishers.name, substr(day, 1, 7), count(*) FROM statements JOIN publishers ON publishers.id = statements.publisher
        WHERE shown AND publisher IN (SELECT value FROM json_each(?)) GROUP BY 1, 2 ORDER BY 1, 2""",
        (json.dumps(largest),),
    )
    return {publisher: {month: count for _, month, count in group} for publisher, group in groupby(rows, key=lambda row: row[0])}


def names_known(archive: Archive, words: str, *, most: int = 8) -> list[tuple[str, str, int]]:
    """Ids and names of people of whose names some words are the beginning or the whole of a word, and how many statements are theirs."""
    return [
        (id, name, count)
        for id, name, count in archive.rows(
            """SELECT p.id, p.name, (SELECT count(*) FROM speakers JOIN statements ON statements.speaker = speakers.id
              WHERE speakers.person = p.id AND statements.shown) AS n
            FROM people AS p WHERE p.id IN (
              SELECT coalesce(o.merged_into, o.id) FROM aliases JOIN people AS o ON o.id = aliases.person
              WHERE instr(' ' || aliases.plain, ' ' || ?) > 0 LIMIT 200
            ) ORDER BY n DESC, p.name LIMIT ?""",
            (words, most),
        )
    ]


def _latest(archive: Archive, column: str, speakers: Sequence[int]) -> list[tuple[Any, ...]]:
    """A column of the latest statements of some speakers."""
    return archive.rows(
        f"SELECT {column} FROM statements WHERE shown AND speaker IN ({_list(speakers)}) ORDER BY day DESC, id DESC LIMIT {RECENT}"
    )


def _sides(archive: Archive, a: int, b: int) -> Sides | None:
    rows = archive.rows(
        """SELECT s.id, s.key, s.words, coalesce(people.name, speakers.name), publishers.name, coalesce(people.id, speakers.name)
        FROM statements AS s LEFT JOIN speakers ON speakers.id = s.speaker LEFT JOIN people ON people.id = speakers.person
        LEFT JOIN publishers ON publishers.id = s.publisher WHERE s.id IN (?, ?) AND s.shown ORDER BY s.day, s.id""",
        (a, b),
    )
    if len(rows) < 2 or rows[0][5] == rows[1][5]:
        return None
    left, right = rows
    return Sides(
        rows=(left[0], right[0]),
        ids=(left[1], right[1]),
        words=(left[2], right[2]),
        speakers=(left[3], right[3]),
        publishers=(left[4], right[4]),
    )


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)
