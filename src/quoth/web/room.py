"""The reading room itself, and what a page of it is: the same facts for a browser, a program and a spreadsheet."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from quoth.web.accounts import Accounts, Brake, Sessions, User
from quoth.web.accounts import Role as AccountRole
from quoth.web.connections import Connections
from quoth.web.problems import PageError
from quoth.web.remembering import Remembered
from quoth.web.rendering import render
from quoth.web.settings import Settings
from quoth.web.tables import Table

CACHE = "private, no-cache"
"""Browsers keep a page and ask each time whether it is still the same."""


class Room:
    """A reading room that is open: its settings, its connections, who is in it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.connections = Connections(settings.archive, readers=settings.connections, deadline=settings.deadline)
        self.accounts = None if settings.accounts is None else Accounts(settings.accounts)
        self.sessions = Sessions()
        self.brake = Brake()
        self.remembered = Remembered()

    def close(self) -> None:
        """Closes the archive."""
        self.connections.close()


def room_of(request: Request) -> Room:
    """The room that a request is in."""
    return cast(Room, request.app.state.room)


def user_of(request: Request) -> User:
    """Who asks. Raises PageError if nobody does."""
    user = request.scope.get("state", {}).get("user")
    if not isinstance(user, User):
        raise PageError(status=401, detail="Log in first.")
    return user


def needs(role: AccountRole) -> Callable[[Request], User]:
    """What tells who asks, and refuses those of a lower role."""

    def user_of_role(request: Request) -> User:
        user = user_of(request)
        if not user.may(role):
            raise PageError(status=403, detail=f"That is for a {role}; you are a {user.role}.")
        return user

    return user_of_role


InRoom = Annotated[Room, Depends(room_of)]
Anyone = Annotated[User, Depends(user_of)]
Reviewer = Annotated[User, Depends(needs("reviewer"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page shows. `values` are what its template needs, `json` what a program gets, `table` what a spreadsheet gets.

    `after` is the address of the page that follows, `title` what a browser calls this one.
    """

    title: str
    template: str
    json: Callable[[], dict[str, Any]]
    values: dict[str, Any] = field(default_factory=dict)
    table: Callable[[], Table] | None = None
    after: str | None = None


def add_twins(router: APIRouter, path: str, view: Callable[..., View], *, table: bool = False, page: bool = True) -> None:
    """Adds a page at a path, and its twins for programs and spreadsheets at the same path with `.json` and `.csv`."""
    shown = Depends(view)

    def as_page(request: Request, found: View = shown) -> Response:
        return tagged(request, render(request, found.template, title=found.title, twins=_twins(request, table=table), **found.values))

    def as_json(request: Request, found: View = shown) -> Response:
        return json_response(request, found)

    def as_csv(request: Request, found: View = shown) -> Response:
        written = found.table().csv() if found.table is not None else ""
        response = Response(written, media_type="text/csv; charset=utf-8")
        response.headers["content-disposition"] = f'attachment; filename="{path.strip("/").split("/")[0] or "quoth"}.csv"'
        _link(response, found, ".csv")
        return tagged(request, response)

    twin = "/index" if path == "/" else path
    router.add_api_route(f"{twin}.json", as_json, include_in_schema=False)
    if table:
        router.add_api_route(f"{twin}.csv", as_csv, include_in_schema=False)
    if page:
        router.add_api_route(path, as_page, include_in_schema=False)


def json_response(request: Request, found: View) -> Response:
    """The twin of a page for programs."""
    response = Response(written(found.json()), media_type="application/json")
    _link(response, found, ".json")
    return tagged(request, response)


def written(value: Any) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def tagged(request: Request, response: Response) -> Response:
    """The response with a tag of what is in it; nothing but the tag, if the browser has the same."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
    response.headers["etag"] = tag
    response.headers["cache-control"] = CACHE
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if response.status_code == 200 and (tag in known or "*" in known):
        return Response(status_code=304, headers={"etag": tag, "cache-control": CACHE})
    return response


def _twins(request: Request, *, table: bool) -> dict[str, str | None]:
    """The addresses of a page's twins."""
    path = request.url.path.rstrip("/") or "/index"
    query = f"?{request.url.query}" if request.url.query else ""
    raw = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0].rstrip("/") if path != "/index" else path
    return {"json": f"{raw or path}.json{query}", "csv": f"{raw or path}.csv{query}" if table else None}


def _link(response: Response, found: View, ending: str) -> None:
    """Tells the page that follows, as RFC 8288 does."""
    if found.after is not None:
        path, mark, query = found.after.partition("?")
        response.headers["link"] = f'<{path}{ending}{mark}{query}>; rel="next"'
