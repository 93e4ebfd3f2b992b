"""The queue of reviews: one decision a screen, by keys or buttons."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from quoth.archive import Archive, StatementRow
from quoth.archive.reviews import reviews, undo
from quoth.web.connections import now
from quoth.web.deciding import Action, Decision, decide, told_of
from quoth.web.evidence import fields
from quoth.web.marking import marks_of
from quoth.web.pages.statement import statement_row
from quoth.web.problems import PageError
from quoth.web.questions import address
from quoth.web.review_queue import agreement, progress, queue, reviewed_by_several, second_opinions
from quoth.web.room import InRoom, Reviewer, Room, View, add_twins
from quoth.web.setting import passage
from quoth.web.shapes import review_json, row_json, statements_table
from quoth.web.stances import Stances
from quoth.web.tables import Table

router = APIRouter()
MOST_SKIPPED = 60
"""Statements that are passed over until the queue begins anew."""
LISTED = 50
"""Statements of the queue that programs are told of."""
Queue = Literal["first", "second"]


def screen(
    room: InRoom,
    user: Reviewer,
    queue_name: Annotated[Queue, Query(alias="queue")] = "first",
    row: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    skip: Annotated[str, Query(max_length=1500, pattern=r"^[0-9,]*$")] = "",
    done: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> View:
    """The statement to decide about next."""
    asked = Asked(reviewer=user.name, queue=queue_name, skipped=_numbers(skip))
    with room.connections.reading() as archive:
        several = reviewed_by_several(archive)
        row = row or next(iter(asked.waiting(archive, several, most=1)), None)
        shown = None if row is None else statement_row(archive, str(row))
        counted = _counted(archive, several, user.name)
        last = next((review for review in reviews(archive, row=_row_of(archive, done)) if review.number == done), None) if done else None
        differing = several[shown.row].differing if shown and shown.row in several else ()
        others = [one for one in reviews(archive, row=shown.row) if one.active and one.reviewer != user.name] if shown and differing else []
        near = archive.statements(shown.report) if shown else ()
    agreed = agreement(several)

    def waiting() -> Sequence[int]:
        with room.connections.reading() as archive:
            return asked.waiting(archive, several, most=LISTED)

    return View(
        title="Review",
        template="reviewing.html",
        json=lambda: {
            **counted,
            "agreement": asdict(agreed),
            "next": row_json(shown) if shown else None,
            "differing": list(differing),
            "others": [review_json(one) for one in others],
            "waiting": waiting(),
        },
        table=lambda: _table(room, waiting()),
        values={
            **counted,
            "wide": True,
            "shown": shown,
            "queue": queue_name,
            "skip": asked.link(),
            "last": last,
            "last_told": told_of(last) if last else "",
            "agreed": agreed,
            "known": _names(near),
            "differing": differing,
            "others": [(one, told_of(one)) for one in others],
            **(_drawn(shown, asked) if shown else {}),
        },
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which queue a reviewer works through, and what was passed over."""

    reviewer: str
    queue: Queue
    skipped: list[int]

    def waiting(self, archive: Archive, several: Mapping[int, Stances], *, most: int) -> list[int]:
        """The first statements of the queue; `several` are those that more than one reviewer spoke about."""
        if self.queue == "second":
            return second_opinions(archive, reviewer=self.reviewer, skipped=self.skipped, most=most)
        disputed = [place for place, stances in several.items() if stances.asks(self.reviewer)]
        return queue(archive, disputed=disputed, skipped=self.skipped, most=most)

    def link(self, *more: int) -> str:
        """What is passed over, with more, as addresses say it."""
        return ",".join(map(str, [*self.skipped, *more][-MOST_SKIPPED:]))


def _counted(archive: Archive, several: Mapping[int, Stances], reviewer: str) -> dict[str, int]:
    """How far the reviews are: in all, of this reviewer today, left, and disputed."""
    today = datetime.datetime.combine(now().date(), datetime.time(), datetime.UTC)
    reviewed, mine, left = progress(archive, reviewer=reviewer, since=today)
    return {"reviewed": reviewed, "mine": mine, "left": left, "disputed": sum(stances.asks(reviewer) for stances in several.values())}


def _drawn(shown: StatementRow, asked: Asked) -> dict[str, Any]:
    """What the page draws of the statement to decide about."""
    statement = shown.statement
    content = statement.attribution.content
    return {
        "statement": statement,
        "passage": passage(statement.article, list(marks_of(statement, 1, evidence=True))),
        "fields": fields(statement),
        "content": " […] ".join(piece.slice(statement.article.text) for piece in content),
        "spans": ",".join(f"{piece.start}-{piece.end}" for piece in content),
        "skip_link": address("/review", queue=_named(asked.queue), skip=asked.link(shown.row)),
    }


def _table(room: Room, waiting: Sequence[int]) -> Table:
    """The first of the statements that wait."""
    with room.connections.reading() as archive:
        found = [archive.statement(row) for row in waiting]
    return statements_table([one.statement for one in found if one is not None])


def decided(
    room: InRoom,
    user: Reviewer,
    row: Annotated[int, Form(ge=1, lt=2**63)],
    action: Annotated[Action, Form()],
    name: Annotated[str, Form(max_length=500)] = "",
    words: Annotated[str, Form(max_length=20_000)] = "",
    spans: Annotated[str, Form(max_length=2_000, pattern=r"^([0-9]{1,9}-[0-9]{1,9}(,[0-9]{1,9}-[0-9]{1,9})*)?$")] = "",
    date: Annotated[str, Form(max_length=10)] = "",
    queue_name: Annotated[Queue, Form(alias="queue")] = "first",
    skip: Annotated[str, Form(max_length=1500, pattern=r"^[0-9,]*$")] = "",
    back: Annotated[Literal["review", "statement"], Form()] = "review",
) -> Response:
    """Says a decision, and goes on to the next statement or back to this one."""
    pieces = [(int(start), int(end)) for start, _, end in (piece.partition("-") for piece in spans.split(",") if piece)]
    decision = Decision(action=action, name=name or None, words=words or None, content=pieces or None, date=_day(date))
    with room.connections.writing() as archive:
        found = statement_row(archive, str(row))
        number = decide(archive, found, decision, by=user.name, at=now())
    room.remembered.forget()
    if back == "statement":
        return RedirectResponse(f"/statement/{row}", status_code=303)
    return RedirectResponse(address("/review", queue=_named(queue_name), skip=skip, done=number), status_code=303)


def undone(room: InRoom, user: Reviewer, number: Annotated[int, Form(ge=1, lt=2**63)]) -> Response:
    """Takes a review back, and shows its statement again."""
    with room.connections.writing() as archive:
        where = _row_of(archive, number) or None
        undo(archive, number, by=user.name, at=now())
    room.remembered.forget()
    return RedirectResponse(address("/review", row=where), status_code=303)


def _row_of(archive: Archive, number: int | None) -> int:
    """The row of the statement that a review is about; 0 if its words are gone."""
    found = archive.row("SELECT targets.statement FROM reviews JOIN targets ON targets.id = reviews.target WHERE reviews.id = ?", (number,))
    return int(found[0]) if found and found[0] is not None else 0


def _names(rows: Sequence[StatementRow]) -> list[str]:
    """Who speaks in some statements, each once."""
    return list(dict.fromkeys(row.statement.speaker.name for row in rows if row.statement.speaker))


def _day(written: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(written) if written else None
    except ValueError:
        raise PageError(status=400, detail=f"{written!r} is no day; write it as 2024-03-05", where="date") from None


def _numbers(written: str) -> list[int]:
    return [int(number) for number in written.split(",") if number and len(number) < 19][-MOST_SKIPPED:]


def _named(queue_name: Queue) -> str | None:
    return None if queue_name == "first" else queue_name


add_twins(router, "/review", screen, table=True)
router.add_api_route("/review", decided, methods=["POST"], include_in_schema=False)
router.add_api_route("/review/undo", undone, methods=["POST"], include_in_schema=False)
