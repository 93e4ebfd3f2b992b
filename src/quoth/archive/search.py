"""Searching: ranked or by date, a page at a time, within a deadline."""

import datetime
import json
from collections.abc import Sequence
from typing import Any, Literal

from quoth.archive.columns import day_of
from quoth.archive.database import Database
from quoth.archive.marking import marked
from quoth.archive.paging import DEADLINE, Cursor, answering
from quoth.archive.query import is_begun
from quoth.archive.rows import Hit, Page
from quoth.archive.selecting import By, Question, Selection, Sort, selected
from quoth.types import Act, Kind, Polarity

MOST_RANKED = 10_000
"""What is ranked of statements, or of reports; words found in more of them tell nothing by their rank, and those are listed by date."""
MOST_GATHERED = 150_000
"""Of more that match, those of each day may be asked whether they do; of fewer the numbers are gathered, to look for them among these."""
Way = Literal["looked up", "gathered", "asked"]
MOST_HITS = 1000
"""Results a page, at most."""


def search(
    archive: Database,
    query: str = "",
    *,
    speaker: str | None = None,
    about: str | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    by: By = "published",
    publisher: str | None = None,
    kind: Kind | None = None,
    act: Act | None = None,
    polarity: Polarity | None = None,
    min_confidence: float | None = None,
    sort: Sort | None = None,
    limit: int = 20,
    after: str | None = None,
    deadline: float = DEADLINE,
) -> Page[Hit]:
    """The statements that a query finds, a page at a time; an empty query finds all, the newest first.

    `speaker` is the id or a name of a person, or a name that reports give ("name:…" for one who is nobody's person); `about` a name in
    the content. `since` and `until` are days on which the report was published or, `by="said"`, on which the words may have been said;
    by that, words whose day is not known are not found, and dates sort by it too. `after` is that of the page before. Results are ranked
    by bm25 unless `sort` says otherwise, or there are more than 10,000: those are listed the newest first, and the page's `sort` says so.
    Raises QueryError for a query of over 2,000 characters, an `after` of no page, or past the deadline of so many seconds; ArchiveError.
    """
    question = Question(
        query=query, speaker=speaker, about=about, since=since, until=until, by=by, publisher=publisher, kind=kind, act=act,
        polarity=polarity, min_confidence=min_confidence,
    )  # fmt: skip
    return found(archive, question, sort=sort, limit=limit, after=after, deadline=deadline)


def found(
    archive: Database,
    question: Question,
    *,
    sort: Sort | None = None,
    limit: int = 20,
    after: str | None = None,
    deadline: float = DEADLINE,
) -> Page[Hit]:
    """The page of a question, as `search` gives it."""
    cursor = None if after is None else Cursor.read(after)
    limit = max(1, min(limit, MOST_HITS))
    with answering(archive, deadline):
        selection = selected(archive, question)
        if selection.nothing:
            return Page(hits=(), after=None, sort=sort or "rank")
        order = cursor.sort_of(selection) if cursor else order_of(selection, sort)
        way = way_of(archive, "statements_fts", selection, selection.conditions, order, cursor)
        if order == "rank" and way == "looked up":
            places = _ranked(archive, selection, limit + 1, cursor)
        else:
            order = "newest" if order == "rank" else order
            places = _dated(archive, selection, order, way, "said" if question.by == "said" else "day", limit + 1, cursor)
        hits = _hits(archive, [row for row, _ in places[:limit]], selection)
    more = len(places) > limit
    last = Cursor(sort=order, value=places[limit - 1][1], row=places[limit - 1][0]).written() if more else None
    return Page(hits=hits, after=last, sort=order)


def matches(archive: Database, match: str | None, most: int, *, table: str = "statements_fts") -> int:
    """How many rows of a full-text index match, counted no further than `most`."""
    [(count,)] = archive.rows(f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT ?)", (match, most))
    return int(count)


def order_of(selection: Selection, sort: Sort | None) -> Sort:
    """The order that is asked for; what has no words is not ranked."""
    if selection.query is None:
        return "newest" if sort in (None, "rank") else sort
    return sort or "rank"


def way_of(archive: Database, table: str, selection: Selection, conditions: Sequence[str], order: Sort, cursor: Cursor | None) -> Way:
    """How the rows of a full-text index that match are found.

    Few are looked up, and can be ranked. The numbers of many are gathered, and then the days are gone through until enough rows are among
    them. To ask each row of the days whether it matches takes a hundred times as long a row, but nothing before the first: so it is done
    where even to gather takes long and the first rows will do. That is not so where there are conditions, which may hold of few; nor where
    words may go on, for then to ask one row takes as long as to gather all. They are counted first: that costs a tenth of ranking them,
    which for common words would be in vain. A page behind a cursor is of rows that were ranked before, however many there are by now.
    """
    if selection.match is None or (order == "rank" and cursor is not None):
        return "looked up"
    may_ask = not conditions and not is_begun(selection.query)
    number = matches(archive, selection.match, (MOST_GATHERED if may_ask else MOST_RANKED) + 1, table=table)
    if number <= MOST_RANKED:
        return "looked up"
    return "asked" if may_ask and number > MOST_GATHERED else "gathered"


def ranked(
    archive: Database, table: str, match: str | None, rest: str, bindings: Sequence[Any], limit: int, cursor: Cursor | None
) -> list[tuple[int, Any]]:
    """The best rows of a full-text index and their ranks.

    `rest` is SQL that joins rows to those that are `found`, by their `id`, and its conditions.
    """
    behind = "AND (found.rank, found.id) > (?, ?)" if cursor else ""
    return archive.rows(
        f"""WITH found AS MATERIALIZED (SELECT rowid AS id, rank FROM {table} WHERE {table} MATCH ?)
        SELECT found.id, found.rank FROM found {rest} {behind} ORDER BY found.rank, found.id LIMIT ?""",
        [match, *bindings, *((cursor.value, cursor.row) if cursor else ()), limit],
    )


def _ranked(archive: Database, selection: Selection, limit: int, cursor: Cursor | None) -> list[tuple[int, Any]]:
    """The best rows of a page and their ranks."""
    joined = f"CROSS JOIN statements AS s ON s.id = found.id WHERE {selection.where}" if selection.conditions else "WHERE true"
    return ranked(archive, "statements_fts", selection.match, joined, selection.bindings, limit, cursor)


def _dated(
    archive: Database, selection: Selection, order: Sort, way: Way, column: str, limit: int, cursor: Cursor | None
) -> list[tuple[int, Any]]:
    """The rows of a page in the order of their days, with these."""
    compare, direction = ("<", "DESC") if order == "newest" else (">", "ASC")
    behind = f"AND (s.{column}, s.id) {compare} (?, ?)" if cursor else ""
    bindings = [*selection.bindings, *((cursor.value, cursor.row) if cursor else ())]
    rest = f"{selection.where} {behind} ORDER BY s.{column} {direction}, s.id {direction} LIMIT {limit}"
    if selection.match is not None:
        return archive.rows(f"SELECT s.id, s.{column} FROM {_MATCHING[way]} AND {rest}", [selection.match, *bindings])
    if selection.speakers is not None and len(selection.speakers) <= 100:
        one = f"SELECT s.id, s.{column} AS value FROM statements AS s"
        each = [f"SELECT * FROM ({one} WHERE s.speaker = {speaker} AND {rest})" for speaker in selection.speakers]
        sql = f"SELECT id, value FROM ({' UNION ALL '.join(each)}) ORDER BY value {direction}, id {direction} LIMIT {limit}"
        return archive.rows(sql, bindings * len(each))
    return archive.rows(f"SELECT s.id, s.{column} FROM statements AS s WHERE {rest}", bindings)


_MATCHING: dict[Way, str] = {
    "looked up": "statements_fts CROSS JOIN statements AS s ON s.id = statements_fts.rowid WHERE statements_fts MATCH ?",
    "gathered": "statements AS s WHERE +s.id IN (SELECT rowid FROM statements_fts WHERE statements_fts MATCH ?)",
    "asked": "statements AS s CROSS JOIN statements_fts ON s.id = statements_fts.rowid WHERE statements_fts MATCH ?",
}
"""Statements that match, by the way that they are found. The plus keeps SQLite from looking up all of those that are gathered."""


def _hits(archive: Database, rows: Sequence[int], selection: Selection) -> tuple[Hit, ...]:
    """What a list shows of the statements of some rows, in their order."""
    by_row = {columns["id"]: columns for columns in archive.columns(_SHOWN, (json.dumps(rows),))}
    return tuple(_hit(by_row[row], selection) for row in rows if row in by_row)


_SHOWN = """SELECT s.id, s.key, s.report, s.words, s.about, s.kind, s.act, s.polarity, s.confidence, s.status, s.said, s.said_precision,
s.day, speakers.name AS speaker, speakers.person AS person, people.name AS person_name, publishers.name AS publisher, t.title,
coalesce(t.canonical_url, t.url) AS url, substr(t.text, s.source_start + 1, s.source_end - s.source_start) AS source,
substr(t.text, s.cue_start + 1, s.cue_end - s.cue_start) AS cue
FROM statements AS s JOIN texts AS t ON t.id = s.text LEFT JOIN speakers ON speakers.id = s.speaker
LEFT JOIN people ON people.id = speakers.person LEFT JOIN publishers ON publishers.id = s.publisher
WHERE s.id IN (SELECT value FROM json_each(?))"""


def _hit(columns: dict[str, Any], selection: Selection) -> Hit:
    shown, spans = marked(columns["words"], selection.query)
    about = tuple(columns["about"].split("; ")) if columns["about"] else ()
    same = {name: columns[name] for name in _SAME}
    return Hit(
        row=columns["id"], id=columns["key"], snippet=shown, marked=spans, about=about, said=day_of(columns["said"]),
        published=day_of(columns["day"]), **same,
    )  # fmt: skip


_SAME = (
    "report", "words", "speaker", "person", "person_name", "source", "cue", "kind", "act", "polarity", "confidence", "status",
    "said_precision", "publisher", "title", "url",
)  # fmt: skip
