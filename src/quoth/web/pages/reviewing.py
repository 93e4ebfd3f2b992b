"""The queue of reviews: one decision a screen, by keys or buttons."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict
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
    skipped = _numbers(skip)
    today = datetime.datetime.combine(now().date(), datetime.time(), datetime.UTC)
    with room.connections.reading() as archive:
        several = reviewed_by_several(archive)
        disputed = [place for place, stances in several.items() if stances.asks(user.name)]
        waiting = (
            queue(archive, disputed=disputed, skipped=skipped, most=LISTED)
            if queue_name == "first"
            else second_opinions(archive, reviewer=user.name, skipped=skipped, most=LISTED)
        )
        row = row or next(iter(waiting), None)
        shown = None if row is None else statement_row(archive, str(row))
        last = next((review for review in reviews(archive, row=_row_of(archive, done)) if review.number == done), None) if done else None
        reviewed, mine, left = progress(archive, reviewer=user.name, since=today)
        differing = several[shown.row].differing if shown and shown.row in several else ()
        others = [one for one in reviews(archive, row=shown.row) if one.active and one.reviewer != user.name] if shown and differing else []
        near = archive.statements(shown.report) if shown else ()
    agreed = agreement(several)
    counted: dict[str, Any] = {"reviewed": reviewed, "mine": mine, "left": left, "disputed": len(disputed)}
    values = counted | {
        "wide": True,
        "shown": shown,
        "queue": queue_name,
        "skip": ",".join(map(str, skipped)),
        "last": last,
        "last_told": told_of(last) if last else "",
        "agreed": agreed,
        "known": _names(near),
        "differing": differing,
        "others": [(one, told_of(one)) for one in others],
    }
    if shown is not None:
        statement = shown.statement
        values |= {
            "statement": statement,
            "passage": passage(statement.article, list(marks_of(statement, 1, evidence=True))),
            "fields": fields(statement),
            "content": " […] ".join(piece.slice(statement.article.text) for piece in statement.attribution.content),
            "spans": ",".join(f"{piece.start}-{piece.end}" for piece in statement.attribution.content),
            "skip_link": address("/review", queue=_named(queue_name), skip=",".join(map(str, [*skipped, shown.row][-MOST_SKIPPED:]))),
        }
    return View(
        title="Review",
        template="reviewing.html",
        json=lambda: {
            **counted,
            "agreement": asdict(agreed),
            "next": row_json(shown) if shown else None,
            "differing": list(differing),
            "others": [review_json(one) for one in others],
            "waiting": waiting,
        },
        table=lambda: _table(room, waiting),
        values=values,
    )


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
