"""Searching whole reports, by title and text."""

import datetime
from collections.abc import Sequence
from typing import Any

from quoth.archive.columns import day_of
from quoth.archive.database import Database
from quoth.archive.marking import marked
from quoth.archive.paging import DEADLINE, Cursor, answering
from quoth.archive.rows import Page, ReportHit
from quoth.archive.search import MOST_HITS, ordered_by
from quoth.archive.selecting import Question, Selection, Sort, publishers_called, selected


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
        order = cursor.sort_of(selection) if cursor else ordered_by(archive, selection, None, table="texts_fts")
        conditions = ["reports.text = t.id"]
        conditions += [f"t.publisher IN ({', '.join(map(str, publishers))})"] if publishers is not None else []
        conditions += ["t.published >= :since"] if since else []
        conditions += ["t.published <= :until"] if until else []
        bindings = {"since": since and since.isoformat(), "until": until and until.isoformat()}
        places = _report_places(archive, selection, order, conditions, bindings, limit + 1, cursor)
        hits = tuple(_report_hit(archive, row, selection) for row, _ in places[:limit])
    more = len(places) > limit
    last = Cursor(sort=order, value=places[limit - 1][1], row=places[limit - 1][0]).written() if more else None
    return Page(hits=hits, after=last, sort=order)


def _report_places(
    archive: Database,
    selection: Selection,
    order: Sort,
    conditions: Sequence[str],
    bindings: dict[str, Any],
    limit: int,
    cursor: Cursor | None,
) -> Sequence[tuple[int, Any]]:
    """The rows of texts of a page of reports and what each is ordered by."""
    bindings = bindings | {"match": selection.match, "limit": limit, "value": cursor and cursor.value, "row": cursor and cursor.row}
    where = " AND ".join(conditions)
    if order == "rank":
        behind = "WHERE (rank, id) > (:value, :row)" if cursor else ""
        source = f"""SELECT t.id AS id, texts_fts.rank AS rank FROM texts_fts CROSS JOIN texts AS t ON t.id = texts_fts.rowid
        JOIN reports ON reports.id = t.report WHERE texts_fts MATCH :match AND {where}"""
        return archive.rows(f"SELECT id, rank FROM ({source}) {behind} ORDER BY rank, id LIMIT :limit", bindings)
    behind = "AND (coalesce(t.published, ''), t.id) < (:value, :row)" if cursor else ""
    match = "AND t.id IN (SELECT rowid FROM texts_fts WHERE texts_fts MATCH :match)" if selection.match else ""
    sql = f"""SELECT t.id, coalesce(t.published, '') FROM texts AS t JOIN reports ON reports.id = t.report WHERE {where} {match} {behind}
    ORDER BY t.published DESC, t.id DESC LIMIT :limit"""
    return archive.rows(sql, bindings)


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
