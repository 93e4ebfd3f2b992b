"""What waits for reviewers, the most worth first; how far they are, and how often they agree."""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass

from quoth.archive import Archive

QUEUE = 2_000
"""Statements that the queue of reviews is chosen from: those that were stored last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often two reviewers said the same of one statement."""

    both: int
    same: int


def queue(archive: Archive, *, reviewer: str, skipped: Sequence[int] = (), most: int = 1) -> list[int]:
    """The statements that are best reviewed next: the disputed first, then those whose answer is worth most.

    Worth is the doubt about the content and about the speaker, p (1 - p) each, and more for words that several reports have. What the
    reviewer has spoken about himself is left out.
    """
    left_out = json.dumps(list(skipped))
    disputed = [row for row in disputed_rows(archive, reviewer=reviewer) if row not in set(skipped)]
    rows = archive.rows(
        f"""SELECT id FROM (SELECT * FROM statements WHERE shown AND target IS NULL ORDER BY id DESC LIMIT {QUEUE}) AS s
        WHERE id NOT IN (SELECT value FROM json_each(?))
        ORDER BY (confidence * (1 - confidence) + 0.8 * iif(speaker IS NULL, iif(candidates IS NULL, 0.1, 0.25),
          coalesce(speaker_confidence, 0.5) * (1 - coalesce(speaker_confidence, 0.5))))
          * (1 + 0.5 * EXISTS (SELECT 1 FROM variants WHERE a = s.id OR b = s.id)) DESC, id LIMIT ?""",
        (left_out, most),
    )
    return [*disputed, *(row for (row,) in rows)][:most]


def disputed_rows(archive: Archive, *, reviewer: str) -> list[int]:
    """Statements of which one reviewer said yes and another no, where this reviewer has not spoken yet."""
    rows = archive.rows(
        """SELECT t.statement FROM reviews AS r JOIN targets AS t ON t.id = r.target
        WHERE r.action IN ('accept', 'reject') AND NOT EXISTS (SELECT 1 FROM reviews AS u WHERE u.undoes = r.id) AND t.statement IS NOT NULL
        GROUP BY r.target HAVING count(DISTINCT r.action) > 1 AND count(DISTINCT r.reviewer) = 2 AND sum(r.reviewer = ?) = 0
        ORDER BY max(r.id) LIMIT 100""",
        (reviewer,),
    )
    return [row for (row,) in rows]


def second_opinions(archive: Archive, *, reviewer: str, most: int = 1, skipped: Sequence[int] = ()) -> list[int]:
    """Statements that one other reviewer has accepted, for a second opinion."""
    rows = archive.rows(
        """SELECT t.statement FROM reviews AS r JOIN targets AS t ON t.id = r.target JOIN statements AS s ON s.id = t.statement
        WHERE r.action IN ('accept', 'reject') AND s.status IN ('extracted', 'accepted', 'rejected')
        AND NOT EXISTS (SELECT 1 FROM reviews AS u WHERE u.undoes = r.id)
        AND t.statement NOT IN (SELECT value FROM json_each(?))
        GROUP BY r.target HAVING count(DISTINCT r.reviewer) = 1 AND sum(r.reviewer = ?) = 0 ORDER BY max(r.id) LIMIT ?""",
        (json.dumps(list(skipped)), reviewer, most),
    )
    return [row for (row,) in rows]


def progress(archive: Archive, *, reviewer: str, since: datetime.datetime) -> tuple[int, int, int]:
    """How many statements were reviewed, how many of them by a reviewer since a moment, and how many were not yet."""
    [row] = archive.rows(
        """SELECT (SELECT count(*) FROM targets WHERE made_by IS NULL),
        (SELECT count(DISTINCT target) FROM reviews AS r WHERE reviewer = ? AND at >= ? AND action <> 'undo'
          AND NOT EXISTS (SELECT 1 FROM reviews AS u WHERE u.undoes = r.id)),
        (SELECT count(*) FROM statements INDEXED BY statements_by_day WHERE shown)
          - (SELECT count(*) FROM statements WHERE target IS NOT NULL AND shown)""",
        (reviewer, since.isoformat(timespec="seconds")),
    )
    return row[0], row[1], row[2]


def agreement(archive: Archive) -> Agreement:
    """Of how many statements two reviewers said yes or no, and of how many the same."""
    rows = archive.rows(
        """SELECT count(*), coalesce(sum(one), 0) FROM (
          SELECT count(DISTINCT r.action) = 1 AS one FROM reviews AS r
          WHERE r.action IN ('accept', 'reject') AND NOT EXISTS (SELECT 1 FROM reviews AS u WHERE u.undoes = r.id)
          GROUP BY r.target HAVING count(DISTINCT r.reviewer) > 1
        )"""
    )
    return Agreement(both=rows[0][0], same=rows[0][1])
