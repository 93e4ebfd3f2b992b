"""Logging in and out, for rooms with accounts."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from quoth.web.accounts import TRIES, TRIES_FROM
from quoth.web.guard import COOKIE
from quoth.web.problems import PageError, not_found
from quoth.web.rendering import render
from quoth.web.room import InRoom

router = APIRouter()


def login_page(request: Request, room: InRoom, to: Annotated[str, Query(max_length=8000)] = "/") -> Response:
    """The form."""
    if room.accounts is None:
        raise not_found("need to log in")
    return render(request, "login.html", title="Log in", to=within(to), wrong=False)


def log_in(
    request: Request,
    room: InRoom,
    name: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    to: Annotated[str, Form(max_length=8000)] = "/",
) -> Response:
    """Opens a session, or says that name and password do not belong together."""
    if room.accounts is None:
        raise not_found("need to log in")
    tried = f"name:{name}"
    wait = room.brake.tries((tried, TRIES), (f"address:{request.client.host if request.client else ''}", TRIES_FROM))
    if wait > 0:
        raise PageError(status=429, detail="Too many wrong passwords. Wait a while.", retry_after=int(wait) + 1)
    user = room.accounts.admit(name, password)
    account = room.accounts.get(name) if user else None
    if account is None:
        return render(request, "login.html", title="Log in", status=403, to=within(to), wrong=True)
    room.brake.passed(tried)
    response = RedirectResponse(within(to), status_code=303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, room.sessions.open(account), httponly=True, samesite="lax", secure=secure, path="/")
    return response


def log_out(request: Request, room: InRoom) -> Response:
    """Ends the session."""
    room.sessions.close(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


def within(address: str) -> str:
    r"""An address of this room; the first page for what may lead elsewhere.

    >>> within("/search?q=a"), within("//evil.example/"), within(r"/\evil.example")
    ('/search?q=a', '/', '/')
    """
    own = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if own else "/"


router.add_api_route("/login", login_page, methods=["GET"], include_in_schema=False, name="login")
router.add_api_route("/login", log_in, methods=["POST"], include_in_schema=False)
router.add_api_route("/logout", log_out, methods=["POST"], include_in_schema=False)
