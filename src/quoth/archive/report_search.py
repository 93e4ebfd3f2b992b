"""Searching whole reports, by title and text."""

import datetime
from collections.abc import Sequence
from typing import Any

from quoth.archive.columns import day_of
from quoth.archive.database import Database
from quoth.archive.marking import marked
from quoth.archive.paging import DEADLINE, Cursor, answering
from quoth.archive.rows import Page, ReportHit
from quoth.archive.search import MOST_HITS, Way, order_of, ranked, way_of
from quoth.archive.selecting import Question, Selection, publishers_called, selected


def search_reports(
    archive: Database,
    query: str = "",
    *,
    publisher: str | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    limit: int = 20,
    after: str | None = None,
    deadline: float = DEADLINE,
) -> Page[ReportHit]:
    """The reports whose title or text a query finds, ranked by bm25, or the newest first; otherwise as `search`."""
    cursor = None if after is None else Cursor.read(after)
    limit = max(1, min(limit, MOST_HITS))
    with answering(archive, deadline):
        selection = selected(archive, Question(query=query))
        publishers = None if publisher is None else publishers_called(archive, publisher)
        if selection.nothing or publishers == ():
            return Page(hits=(), after=None, sort="rank")
        order = cursor.sort_of(selection) if cursor else order_of(selection, None)
        days = [(condition, day.isoformat()) for condition, day in (("t.published >= ?", since), ("t.published <= ?", until)) if day]
        conditions = [condition for condition, _ in days]
        conditions += [f"t.publisher IN ({', '.join(map(str, publishers))})"] if publishers is not None else []
        where, bindings = " AND ".join(("true", *conditions)), [day for _, day in days]
        joined = f"CROSS JOIN texts AS t ON t.id = found.id WHERE {where}" if conditions else "WHERE true"
        way = way_of(archive, "texts_fts", selection, conditions, order, cursor)
        if order == "rank" and way == "looked up":
            places = ranked(archive, "texts_fts", selection.match, joined, bindings, limit + 1, cursor)
        else:
            order, places = "newest", _newest(archive, selection, way, where, bindings, limit + 1, cursor)
        hits = tuple(_report_hit(archive, row, selection) for row, _ in places[:limit])
    more = len(places) > limit
    last = Cursor(sort=order, value=places[limit - 1][1], row=places[limit - 1][0]).written() if more else None
    return Page(hits=hits, after=last, sort=order)


def _newest(
    archive: Database, selection: Selection, way: Way, where: str, bindings: Sequence[str], limit: int, cursor: Cursor | None
) -> list[tuple[int, Any]]:
    """The rows of texts of a page of reports, the newest first, with their days. The index holds the texts that count."""
    if selection.match and way == "asked":
        tables, which = "texts AS t CROSS JOIN texts_fts ON texts_fts.rowid = t.id", "AND texts_fts MATCH ?"
    elif selection.match:
        tables, which = "texts AS t", "AND +t.id IN (SELECT rowid FROM texts_fts WHERE texts_fts MATCH ?)"
    else:
        tables, which = "texts AS t JOIN reports ON reports.id = t.report", "AND reports.text = t.id"
    behind = "AND (coalesce(t.published, ''), t.id) < (?, ?)" if cursor else ""
    sql = f"""SELECT t.id, coalesce(t.published, '') FROM {tables} WHERE {where} {which} {behind}
    ORDER BY t.published DESC, t.id DESC LIMIT ?"""
    matched, after = [selection.match] if selection.match else [], [cursor.value, cursor.row] if cursor else []
    return archive.rows(sql, [*bindings, *matched, *after, limit])


def _report_hit(archive: Database, text: int, selection: Selection) -> ReportHit:
    [columns] = archive.columns(
        """SELECT reports.id AS row, reports.identity, t.title, publishers.name AS publisher, t.published,
        coalesce(t.canonical_url, t.url) AS url, t.text,
        (SELECT count(*) FROM statements WHERE statements.text = t.id AND statements.shown) AS statements
        FROM texts AS t JOIN reports ON reports.id = t.report LEFT JOIN publishers ON publishers.id = t.publisher WHERE t.id = :text""",
        {"text": text},
    )
    shown, spans = marked(columns.pop("text"), selection.query)
    return ReportHit(**columns | {"published": day_of(columns["published"])}, snippet=shown, marked=spans)
