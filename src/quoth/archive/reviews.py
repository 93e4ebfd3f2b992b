"""Corrections: events that are only added, chained by their hashes, and hold on to words rather than to rows.

Every function takes the archive, the row of a statement, and who says so (`by`) and when (`at`); it gives the number of the event.
"""

import datetime
import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from quoth.anchors import describe
from quoth.archive.chain import START, Link
from quoth.archive.columns import anchor_json, anchor_of, columns_of, statement_of
from quoth.archive.polling import moment
from quoth.archive.reading import STATEMENTS
from quoth.archive.rows import Review, StatementRow
from quoth.archive.settling import active, reattached, with_content
from quoth.archive.store import Archive
from quoth.errors import ArchiveError
from quoth.spans import trim
from quoth.types import Polarity, Precision, Span

LONGEST_NAME = 500
"""Characters of a speaker's name."""


def accept(archive: Archive, row: int, *, by: str, at: datetime.datetime) -> int:
    """Confirms a statement as it stands; its content stays so, whatever is read later."""
    return _say(archive, row, "accept", lambda seen: {"content": _anchors(seen, seen.statement.attribution.content)}, by, at)


def reject(archive: Archive, row: int, *, by: str, at: datetime.datetime) -> int:
    """Says that this is no statement; it is no longer found."""
    return _say(archive, row, "reject", lambda seen: {}, by, at)


def edit(archive: Archive, row: int, content: Sequence[Span], *, by: str, at: datetime.datetime) -> int:
    """Gives a statement another content: spans of its report's text. Raises ArchiveError if they are none, overlap or hold no words."""
    return _say(archive, row, "edit", lambda seen: {"content": _anchors(seen, _checked(seen, content))}, by, at)


def set_speaker(archive: Archive, row: int, name: str | None, *, person: str | None = None, by: str, at: datetime.datetime) -> int:
    """Says who speaks, as reports name him, and whose id in the archive that is; None for both if nobody can know."""
    known = None if person is None else archive.row("SELECT name FROM people WHERE id = ?", (person,))
    if person is not None and known is None:
        raise ArchiveError("nobody of that id", concerns=person)
    called = name if name is not None else known[0] if known else None
    if called is not None and not 0 < len(called.strip()) <= LONGEST_NAME:
        raise ArchiveError(f"no name: {called[:40]!r}")
    value = {"name": called.strip() if called is not None else None, "person": person}
    return _say(archive, row, "speaker", lambda seen: value, by, at)


def set_said(
    archive: Archive, row: int, date: datetime.date | None, *, precision: Precision = "day", by: str, at: datetime.datetime
) -> int:
    """Says when the words were said; None if nobody can know."""
    value = {"date": date.isoformat() if date else None, "precision": precision}
    return _say(archive, row, "said", lambda seen: value, by, at)


def set_polarity(archive: Archive, row: int, polarity: Polarity, *, by: str, at: datetime.datetime) -> int:
    """Says whether the words were said at all."""
    return _say(archive, row, "polarity", lambda seen: {"polarity": polarity}, by, at)


def split(archive: Archive, row: int, contents: Sequence[Sequence[Span]], *, by: str, at: datetime.datetime) -> int:
    """Makes several statements of one, each of its own content, alike in everything else."""
    with archive.transaction(durable=True):
        seen = _shown(archive, row)
        checked = [_checked(seen, content) for content in contents]
        if len(checked) < 2 or len(set(checked)) < len(checked):
            raise ArchiveError("a split gives two different contents or more")
        value = {"into": [_anchors(seen, content) for content in checked]}
        number = _append(archive, _target(archive, seen), "split", value, by, at)
        for content in checked:
            _make(archive, seen, content, number)
        archive.settle_again(seen.report)
    return number


def merge(archive: Archive, rows: Sequence[int], *, by: str, at: datetime.datetime) -> int:
    """Makes one statement of several of one report; it is as the first of them is, with the words of all."""
    with archive.transaction(durable=True):
        every = [_shown(archive, row) for row in dict.fromkeys(rows)]
        if len(every) < 2 or len({seen.report for seen in every}) > 1:
            raise ArchiveError("a merge is of two statements or more, of one report")
        pieces = sorted(piece for seen in every for piece in seen.statement.attribution.content)
        content = _checked(every[0], _united(pieces))
        targets = [_target(archive, seen) for seen in every]
        value = {"others": targets[1:], "content": _anchors(every[0], content)}
        number = _append(archive, targets[0], "merge", value, by, at)
        _make(archive, every[0], content, number)
        archive.settle_again(every[0].report)
    return number


def undo(archive: Archive, number: int, *, by: str, at: datetime.datetime) -> int:
    """Takes an event back, by another event. What was taken back can be said anew.

    Raises ArchiveError if it was taken back already, is itself an undoing, or if what it split or merged was reviewed since.
    """
    with archive.transaction(durable=True):
        row = archive.row(
            "SELECT targets.report, target FROM reviews JOIN targets ON targets.id = reviews.target WHERE reviews.id = ?", (number,)
        )
        if row is None:
            raise ArchiveError(f"there is no review {number}")
        report, target = row
        standing = active(archive.reviewed(report)[1])
        if number not in {event.number for event in standing}:
            raise ArchiveError(f"review {number} does not stand any more, or is itself an undoing")
        made = {id for (id,) in archive.rows("SELECT id FROM targets WHERE made_by = ?", (number,))}
        later = [event.number for event in standing if made & set(event.about)]
        if later:
            raise ArchiveError(f"review {later[-1]} is about what review {number} made; undo that first")
        event = _append(archive, target, "undo", {}, by, at, undoes=number)
        archive.settle_again(report)
    return event


def reviews(archive: Archive, *, report: int | None = None, row: int | None = None) -> tuple[Review, ...]:
    """The events of the archive, of one report or of one statement's row, in their order."""
    where, bindings = "", list[int | None]()
    if row is not None:
        seen = archive.statement(row)
        where, bindings = "WHERE targets.statement = ? OR targets.id = ?", [row, None if seen is None else _known_target(archive, seen)]
    elif report is not None:
        where, bindings = "WHERE targets.report = ?", [report]
    undone = {number for (number,) in archive.rows("SELECT undoes FROM reviews WHERE undoes IS NOT NULL")}
    return tuple(_review(columns, undone) for columns in archive.columns(f"{_REVIEWS} {where} ORDER BY reviews.id", bindings))


def orphans(archive: Archive) -> tuple[Review, ...]:
    """The standing events whose words are gone from their reports: kept, listed, and heeded again should the words come back."""
    gone = archive.rows(
        """SELECT id FROM targets WHERE statement IS NULL
        AND (made_by IS NULL OR NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.undoes = targets.made_by))"""
    )
    lost = {target for (target,) in gone}
    return tuple(review for review in reviews(archive) if review.active and review.target in lost)


_REVIEWS = """SELECT reviews.id, reviews.at, reviews.reviewer, reviews.action, reviews.value, reviews.undoes, reviews.target,
targets.statement, targets.report, json_extract(targets.original, '$.words') AS words
FROM reviews JOIN targets ON targets.id = reviews.target"""


def _shown(archive: Archive, row: int) -> StatementRow:
    """The statement of a row that can be reviewed: one of the text that counts, not hidden behind a merge or split."""
    found = archive.statement(row)
    if found is None:
        raise ArchiveError(f"there is no statement {row}")
    if found.status not in ("extracted", "accepted", "rejected"):
        raise ArchiveError(f"statement {row} is {found.status}, and no longer reviewed")
    return found


def _checked(statement: StatementRow, content: Sequence[Span]) -> tuple[Span, ...]:
    """A content without white space round its pieces, in order; raises ArchiveError if it is none."""
    text = statement.statement.article.text
    if any(span.end > len(text) for span in content):
        raise ArchiveError(f"the text ends at {len(text)}, before the content does")
    pieces = sorted(piece for span in content if (piece := trim(span, text)) is not None)
    if not pieces or any(left.end > right.start for left, right in pairwise(pieces)):
        raise ArchiveError("a content is one piece or more, of words, and none overlaps another")
    return tuple(pieces)


def _united(pieces: Sequence[Span]) -> list[Span]:
    """Sorted spans with those joined that overlap."""
    united: list[Span] = []
    for piece in pieces:
        if united and piece.start < united[-1].end:
            united[-1] = Span(start=united[-1].start, end=max(united[-1].end, piece.end))
        else:
            united.append(piece)
    return united


def _anchors(statement: StatementRow, content: Sequence[Span]) -> list[dict[str, Any]]:
    return [anchor_json(describe(piece, statement.statement.article.text)) for piece in content]


def _say(archive: Archive, row: int, action: str, value: Callable[[StatementRow], dict[str, Any]], by: str, at: datetime.datetime) -> int:
    """Adds an event about the statement of a row, as it is seen now, and works out anew what counts in its report."""
    with archive.transaction(durable=True):
        seen = _shown(archive, row)
        number = _append(archive, _target(archive, seen), action, value(seen), by, at)
        archive.settle_again(seen.report)
    return number


def _target(archive: Archive, seen: StatementRow) -> int:
    """The number of a statement's target, made new by its first review."""
    if seen.target is not None:
        return seen.target
    [columns] = archive.columns(f"{STATEMENTS} WHERE statements.id = ?", (seen.row,))
    original = statement_of(columns, seen.statement.article)
    anchors = json.dumps(_anchors(seen, original.attribution.content), ensure_ascii=False)
    written = json.dumps(columns_of(original), ensure_ascii=False)
    target = _known_target(archive, seen)
    if target is not None:
        archive.execute("UPDATE targets SET latest = ? WHERE id = ?", (written, target))
    else:
        archive.execute(
            "INSERT INTO targets (report, text, anchors, original, latest) VALUES (?, ?, ?, ?, ?)",
            (seen.report, columns["text"], anchors, written, written),
        )
        target = archive.connection.last_insert_rowid()
    archive.execute("UPDATE statements SET target = ? WHERE id = ?", (target, seen.row))
    return target


def _known_target(archive: Archive, seen: StatementRow) -> int | None:
    """The target of a statement, also one whose reviews were all taken back; None if it was never reviewed."""
    if seen.target is not None:
        return seen.target
    statement = seen.statement
    for id, anchors in archive.rows(
        "SELECT id, anchors FROM targets WHERE report = ? AND made_by IS NULL AND statement IS NULL ORDER BY id", (seen.report,)
    ):
        if reattached(map(anchor_of, json.loads(anchors)), statement.article.text) == statement.attribution.content:
            return int(id)
    return None


def _make(archive: Archive, statement: StatementRow, content: tuple[Span, ...], number: int) -> None:
    """A target for what a split or merge makes."""
    [columns] = archive.columns(f"{STATEMENTS} WHERE statements.id = ?", (statement.row,))
    made = with_content(statement_of(columns, statement.statement.article), content)
    anchors = json.dumps(_anchors(statement, content), ensure_ascii=False)
    archive.execute(
        "INSERT INTO targets (report, text, anchors, original, made_by) VALUES (?, ?, ?, ?, ?)",
        (statement.report, columns["text"], anchors, json.dumps(columns_of(made), ensure_ascii=False), number),
    )


def _append(
    archive: Archive, target: int, action: str, value: dict[str, Any], by: str, at: datetime.datetime, *, undoes: int | None = None
) -> int:
    """Writes an event behind the last one; it is on the disk before this returns."""
    if not by.strip():
        raise ArchiveError("a review needs to say who reviewed")
    last = archive.row("SELECT id, hash FROM reviews ORDER BY id DESC LIMIT 1")
    identity, anchors = archive.rows(
        "SELECT reports.identity, targets.anchors FROM targets JOIN reports ON reports.id = targets.report WHERE targets.id = ?", (target,)
    )[0]
    link = Link(
        number=last[0] + 1 if last else 1,
        at=moment(at) or "",
        reviewer=by.strip(),
        action=action,
        report=identity,
        anchors=anchors,
        value=json.dumps(value, ensure_ascii=False),
        undoes=undoes,
        previous=last[1] if last else START,
    )
    archive.execute(
        "INSERT INTO reviews (id, at, reviewer, action, target, value, undoes, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (link.number, link.at, link.reviewer, link.action, target, link.value, link.undoes, link.previous, link.hash),
    )
    return link.number


def _review(columns: dict[str, Any], undone: set[int]) -> Review:
    return Review(
        number=columns["id"],
        at=columns["at"],
        reviewer=columns["reviewer"],
        action=columns["action"],
        value=json.loads(columns["value"]),
        target=columns["target"],
        statement=columns["statement"],
        report=columns["report"],
        words=columns["words"],
        undoes=columns["undoes"],
        active=columns["action"] != "undo" and columns["id"] not in undone,
    )
