"""The queue of reviews: one decision a screen, by keys or buttons."""

import datetime
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
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
from quoth.web.rendering import render
from quoth.web.review_queue import agreement, disputed_rows, progress, queue, second_opinions
from quoth.web.room import InRoom, Reviewer
from quoth.web.setting import passage

router = APIRouter()
MOST_SKIPPED = 60
"""Statements that are passed over until the queue begins anew."""
Queue = Literal["first", "second"]


def screen(
    request: Request,
    room: InRoom,
    user: Reviewer,
    queue_name: Annotated[Queue, Query(alias="queue")] = "first",
    row: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    skip: Annotated[str, Query(max_length=1500, pattern=r"^[0-9,]*$")] = "",
    done: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Response:
    """The statement to decide about next."""
    skipped = _numbers(skip)
    today = datetime.datetime.combine(now().date(), datetime.time(), datetime.UTC)
    with room.connections.reading() as archive:
        if row is None:
            choose = queue if queue_name == "first" else second_opinions
            row = next(iter(choose(archive, reviewer=user.name, skipped=skipped)), None)
        shown = None if row is None else statement_row(archive, str(row))
        last = next((review for review in reviews(archive, row=_row_of(archive, done)) if review.number == done), None) if done else None
        reviewed, mine, left = progress(archive, reviewer=user.name, since=today)
        agreed = agreement(archive)
        disputed = len(disputed_rows(archive, reviewer=user.name))
        near = archive.statements(shown.report) if shown else ()
    values: dict[str, Any] = {
        "shown": shown,
        "queue": queue_name,
        "skip": ",".join(map(str, skipped)),
        "last": last,
        "last_told": told_of(last) if last else "",
    }
    values |= {"reviewed": reviewed, "mine": mine, "left": left, "agreed": agreed, "disputed": disputed, "known": _names(near)}
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
    return render(request, "reviewing.html", title="Review", wide=True, **values)


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


router.add_api_route("/review", screen, methods=["GET"], include_in_schema=False)
router.add_api_route("/review", decided, methods=["POST"], include_in_schema=False)
router.add_api_route("/review/undo", undone, methods=["POST"], include_in_schema=False)
