"""The application: the room, its pages, its API, and what is said when something goes wrong."""

import os
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from quoth import __version__
from quoth.archive import Archive
from quoth.errors import QuothError
from quoth.tagger import load
from quoth.web import api, reconciling
from quoth.web.connections import BusyError
from quoth.web.guard import LOG, Guard, wants_json
from quoth.web.pages import ROUTERS
from quoth.web.pages.search import counted
from quoth.web.problems import PageError, problem_of
from quoth.web.questions import Asked
from quoth.web.rendering import STATIC, STATIC_ADDRESS, render
from quoth.web.room import Room, written
from quoth.web.settings import LOOPBACK, Settings

WARMING = 120.0
"""Seconds in which the archive is counted when the room opens."""
ABOUT = "Who said what, when, in whose words. Every list has a page's `after`; every error has one shape."


class KeptFiles(StaticFiles):
    """Files that browsers keep without asking again: their address changes with them."""

    def file_response(self, *arguments: Any, **told: Any) -> Response:
        """A file, with the word to keep it."""
        response = super().file_response(*arguments, **told)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def create_app(
    archive: str | os.PathLike[str],
    *,
    accounts: str | os.PathLike[str] | None = None,
    hosts: Iterable[str] = (),
    reviewer: str | None = None,
    **limits: Any,
) -> FastAPI:
    """The reading room over an archive. Raises ArchiveError if there is none.

    Without a file of `accounts` it answers only to the names of this machine, and whoever sits there is `reviewer` and may do everything;
    with one, `hosts` are further names that it answers to. `limits` are fields of `Settings`.
    """
    told: dict[str, Any] = {**limits, **({"reviewer": reviewer} if reviewer else {})}
    named = tuple(dict.fromkeys((*LOOPBACK, *(host.lower() for host in hosts)))) if accounts is not None else LOOPBACK
    settings = Settings(archive=os.fspath(archive), accounts=None if accounts is None else Path(accounts), hosts=named, **told)
    Archive.open(settings.archive, create=False, read_only=True).close()
    room = Room(settings)
    app = FastAPI(title="quoth", version=__version__, description=ABOUT, docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.room = room
    for router in (*ROUTERS, api.router, reconciling.router):
        app.include_router(router)
    app.mount(STATIC_ADDRESS, KeptFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, settings=settings, accounts=room.accounts, sessions=room.sessions, refuse=refuse)
    app.add_exception_handler(PageError, _refused)
    app.add_exception_handler(QuothError, _refused)
    app.add_exception_handler(BusyError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(Exception, _failed)
    return app


def refuse(request: Request, problem: PageError) -> Response:
    """A problem as its asker reads it: JSON for programs, a page for people."""
    if wants_json(request):
        response = Response(written(problem.json()), status_code=problem.status, media_type="application/json")
    else:
        response = render(request, "problem.html", title=problem.title, status=problem.status, problem=problem)
    if problem.retry_after is not None:
        response.headers["retry-after"] = str(problem.retry_after)
    response.headers["cache-control"] = "no-store"
    return response


async def _refused(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, PageError) else problem_of(error, writing=request.method == "POST")
    return refuse(request, problem)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = str(first["loc"][-1]) if first.get("loc") else None
    told = str(first["msg"]).removeprefix("Value error, ")  # what pydantic puts before our own words
    return refuse(request, PageError(status=400, detail=f"{where}: {told}" if where else told, where=where))


async def _no_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = "There is no such page." if error.status_code == 404 else str(error.detail)
    response = refuse(request, PageError(status=error.status_code, detail=detail))
    response.headers.update(error.headers or {})  # which methods there are, where this one is not
    return response


async def _failed(request: Request, error: Exception) -> Response:
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return refuse(request, PageError(status=500, detail="Something went wrong; it is in the log."))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Warms the model while the first page is read, and closes the archive at the end."""
    threading.Thread(target=_warm, args=(app.state.room,), daemon=True).start()
    yield
    app.state.room.close()


def _warm(room: Room) -> None:
    """Does what the first page would wait for: counts the archive, loads the model."""
    with suppress(QuothError, BusyError):
        room.remembered.get(Asked().question(), lambda: counted(room, Asked(), WARMING))
        load()
