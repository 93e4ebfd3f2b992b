"""What goes wrong, told in one way: one JSON shape for programs, one page for people; never a traceback."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import HTTPException

from quoth.errors import ArchiveError, ArticleError, FetchError, ModelError, PeopleError, QueryError, QuothError
from quoth.web.connections import BusyError

Value = TypeVar("Value")
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (QueryError, 400),
    (ArticleError, 422),
    (PeopleError, 422),
    (ModelError, 503),
    (FetchError, 502),
    (BusyError, 503),
)
STOPPED = "took too long and was stopped"


class PageError(HTTPException):
    """Something that cannot be done: an HTTP status and one clear line; `where` names the parameter at fault.

    It is one of the framework's own errors, so that it passes where a body is read, and all others count as a body that is none.
    """

    def __init__(self, *, status: int, detail: str, where: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(status_code=status, detail=detail)
        self.status = status
        self.where = where
        self.retry_after = retry_after

    @property
    def title(self) -> str:
        """What the status means."""
        return HTTPStatus(self.status).phrase

    def json(self) -> dict[str, Any]:
        """The one shape of errors."""
        return {"error": {"status": self.status, "title": self.title, "detail": self.detail, "where": self.where}}


def in_time(answer: Callable[[], Value], otherwise: Value) -> Value:
    """An answer, or another where it takes longer than the room allows. Raises ArchiveError for all else."""
    try:
        return answer()
    except ArchiveError as error:
        if not isinstance(error, QueryError) and error.reason != STOPPED:
            raise
        return otherwise


def not_found(what: str) -> PageError:
    """There is no such thing."""
    return PageError(status=404, detail=f"There is no {what} here.")


def problem_of(error: Exception, *, writing: bool = False) -> PageError:
    """The problem that an error of quoth is; what failed while something was written is a conflict with what is there.

    >>> problem_of(QueryError("longer than 2,000 characters", concerns="the query")).status
    400
    """
    if isinstance(error, BusyError):
        return PageError(status=503, detail="The archive is busy. Try again in a moment.", retry_after=2)
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    reason = error.reason if isinstance(error, QuothError) else "Something went wrong."
    if isinstance(error, ArchiveError) and status == 500:
        if reason == STOPPED:
            return PageError(status=503, detail="That took too long and was stopped.", retry_after=5)
        status = 409 if writing else 503
    if isinstance(error, QuothError) and error.concerns and not isinstance(error, ArchiveError | ModelError):
        reason = f"{error.concerns}: {reason}"
    return PageError(status=status, detail=reason[:1].upper() + reason[1:])
