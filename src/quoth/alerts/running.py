"""Running saved searches: what was stored since the last run, told first and remembered then."""

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quoth.alerts.searches import SavedSearch, search_called, searches
from quoth.archive import Archive
from quoth.archive.paging import DEADLINE, answering
from quoth.archive.polling import moment
from quoth.archive.selecting import Selection, selected
from quoth.errors import QueryError

STEP = 100_000
"""Statements that one query looks through, so that the deadline holds however much is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is new for a saved search: the rows of statements, the first stored first; or why it could not be run."""

    search: SavedSearch
    rows: tuple[int, ...] = ()
    trouble: str | None = None


def run_alerts(
    archive: Archive,
    *,
    at: datetime.datetime,
    names: Sequence[str] = (),
    tell: Callable[[Alert], None] = lambda alert: None,
    deadline: float = DEADLINE,
) -> tuple[Alert, ...]:
    """What is new for each saved search, or for those named, since it was run last; `at` is the moment of the run.

    `tell` is called with each alert before the archive remembers that it was told: if it fails, the next run tells the same again. New is
    what was stored since. The same words in a corrected version of a report that was told of already are not new. A search that cannot
    be answered is an alert with its `trouble`, and does not stop the others. Raises QueryError if there is none of a name; ArchiveError.
    """
    chosen = tuple(search_called(archive, name) for name in dict.fromkeys(names)) if names else searches(archive)
    newest, alerts = archive.newest_statement(), []
    for search in chosen:
        try:
            found = _found(archive, search, newest, deadline)
        except QueryError as error:
            alert = Alert(search=search, trouble=error.reason)
            tell(alert)
        else:
            again = _told_before(archive, search, found)
            alert = Alert(search=search, rows=tuple(row for row in found if row not in again))
            tell(alert)
            _remember(archive, alert, again, newest, at)
        alerts.append(alert)
    return tuple(alerts)


def _found(archive: Archive, search: SavedSearch, newest: int, deadline: float) -> list[int]:
    """The rows up to the newest one that a search finds and has not looked at. Raises QueryError."""
    question, rows = search.question, list[int]()
    for first in range(search.seen, newest, STEP):
        with answering(archive, deadline):
            selection = selected(archive, question)
            if not selection.nothing:
                rows += _between(archive, selection, first, min(first + STEP, newest))
    return rows


def _between(archive: Archive, selection: Selection, after: int, last: int) -> list[int]:
    """The rows behind one and up to another that a selection finds, in order."""
    if selection.match is None:
        sql = f"SELECT s.id FROM statements AS s WHERE s.id > ? AND s.id <= ? AND {selection.where} ORDER BY s.id"
        return [row for (row,) in archive.rows(sql, (after, last, *selection.bindings))]
    sql = f"""SELECT s.id FROM statements_fts CROSS JOIN statements AS s ON s.id = statements_fts.rowid
    WHERE statements_fts MATCH ? AND statements_fts.rowid > ? AND statements_fts.rowid <= ? AND {selection.where} ORDER BY s.id"""
    return [row for (row,) in archive.rows(sql, (selection.match, after, last, *selection.bindings))]


def _told_before(archive: Archive, search: SavedSearch, rows: Sequence[int]) -> dict[int, str]:
    """Those rows whose words an earlier text of the same report had, with the moment they were told at then."""
    found = archive.rows(
        """SELECT s.id, min(h.at) FROM json_each(?) CROSS JOIN statements AS s ON s.id = value
        CROSS JOIN texts AS t ON t.report = s.report AND t.id <> s.text
        CROSS JOIN statements AS earlier ON earlier.text = t.id AND earlier.words = s.words AND NOT earlier.shown
        CROSS JOIN search_hits AS h ON h.search = ? AND h.statement = earlier.id GROUP BY s.id""",
        (json.dumps(rows), search.row),
    )
    return dict(found)


def _remember(archive: Archive, alert: Alert, again: dict[int, str], newest: int, at: datetime.datetime) -> None:
    """Keeps what was told, and how far the search has looked; what was told before keeps its moment."""
    now = moment(at)
    told = json.dumps([[row, again.get(row, now)] for row in (*alert.rows, *again)])
    with archive.transaction():
        archive.execute(
            """INSERT OR IGNORE INTO search_hits (search, statement, at) SELECT searches.id, s.id, json_extract(value, '$[1]')
            FROM json_each(?) CROSS JOIN statements AS s ON s.id = json_extract(value, '$[0]') JOIN searches ON searches.id = ?""",
            (told, alert.search.row),
        )
        archive.execute("UPDATE searches SET seen = max(seen, ?) WHERE id = ?", (newest, alert.search.row))
