"""What waits for reviewers, the most worth first; how far they are, and how often they agree."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from quoth.archive import Archive
from quoth.web.stances import Field, Opinion, Stances

QUEUE = 2_000
"""Statements that the queue of reviews is chosen from: those that were stored last."""
MOST_COMPARED = 5_000
"""Statements that several reviewers spoke about and that are compared: the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often two reviewers said the same of one statement."""

    both: int
    same: int


def queue(archive: Archive, *, disputed: Sequence[int] = (), skipped: Sequence[int] = (), most: int = 1) -> list[int]:
    """The statements that are best reviewed next: the disputed first, then those whose answer is worth most.

    Worth is the doubt about the content and about the speaker, p (1 - p) each, and more for words that several reports have. What was
    reviewed and is not disputed is left out.
    """
    left_out = json.dumps(list(skipped))
    disputed = [row for row in disputed if row not in set(skipped)]
    rows = archive.rows(
        f"""SELECT id FROM (SELECT * FROM statements WHERE shown AND target IS NULL ORDER BY id DESC LIMIT {QUEUE}) AS s
        WHERE id NOT IN (SELECT value FROM json_each(?))
        ORDER BY (confidence * (1 - confidence) + 0.8 * iif(speaker IS NULL, iif(candidates IS NULL, 0.1, 0.25),
          coalesce(speaker_confidence, 0.5) * (1 - coalesce(speaker_confidence, 0.5))))
          * (1 + 0.5 * EXISTS (SELECT 1 FROM variants WHERE a = s.id OR b = s.id)) DESC, id LIMIT ?""",
        (left_out, most),
    )
    return [*disputed, *(row for (row,) in rows)][:most]


def reviewed_by_several(archive: Archive) -> dict[int, Stances]:
    """By its row, each of the statements that two reviewers or more spoke about last, and what they stand for."""
    rows = archive.rows(
        f"""WITH standing AS (SELECT * FROM reviews AS r WHERE r.action NOT IN ('undo', 'split', 'merge')
            AND NOT EXISTS (SELECT 1 FROM reviews AS u WHERE u.undoes = r.id)),
          several AS (SELECT target FROM standing GROUP BY target HAVING count(DISTINCT reviewer) > 1
            ORDER BY max(id) DESC LIMIT {MOST_COMPARED})
        SELECT t.statement, t.original, r.reviewer, r.action, r.value FROM several AS f JOIN targets AS t ON t.id = f.target
        JOIN statements AS s ON s.id = t.statement JOIN standing AS r ON r.target = t.id
        WHERE s.status IN ('extracted', 'accepted', 'rejected') ORDER BY t.statement, r.id"""
    )
    found: dict[int, Stances] = {}
    for (row, original), events in groupby(rows, key=lambda columns: columns[:2]):
        opinions = (Opinion(reviewer=reviewer, action=action, value=json.loads(value)) for _, _, reviewer, action, value in events)
        found[row] = Stances.of(_read(json.loads(original)), opinions)
    return found


def _read(columns: Mapping[str, Any]) -> dict[Field, Any]:
    """What reviewers can speak about, as a statement had it before they did; its words are told by whoever accepts them."""
    return {"speaker": columns["speaker_name"], "said on": columns["said"], "said or not": columns["polarity"]}


def second_opinions(archive: Archive, *, reviewer: str, most: int = 1, skipped: Sequence[int] = ()) -> list[int]:
    """Statements that one other reviewer has accepted or rejected, for a second opinion."""
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


def agreement(several: Mapping[int, Stances]) -> Agreement:
    """Of how many statements two reviewers spoke about the same thing, and of how many nobody differs about any."""
    compared = [stances for stances in several.values() if stances.compared]
    return Agreement(both=len(compared), same=sum(stances.unanimous for stances in compared))
