"""What stands before every page: the names the room answers to, who asks, how much he sends, what browsers are told, a log of requests."""

import asyncio
import logging
import time
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quoth.web.accounts import Accounts, Sessions, User
from quoth.web.problems import PageError
from quoth.web.settings import Settings

LOG = logging.getLogger("quoth.web")
COOKIE = "quoth_session"
LONGEST_QUERY = 8_000
"""Bytes of the part of an address behind the question mark."""
OPEN_PATHS = ("/login", "/static/")
"""What may be seen by those who have not logged in."""
NO_FORM = ("/reconcile",)
"""What changes nothing though it is posted, and may be by programs that say nothing of where they come from."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The middleware that all requests pass."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        accounts: Accounts | None,
        sessions: Sessions,
        refuse: Callable[[Request, PageError], Response],
    ) -> None:
        self._app = app
        self._settings = settings
        self._accounts = accounts
        self._sessions = sessions
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # the same as GET, without what is in it
            scope = {**scope, "method": "GET"}
            answered = _Answered(send, empty=True)
        else:
            answered = _Answered(send)
        request = Request(scope, receive)
        began = time.perf_counter()
        try:
            response = await self._checked(request)
            if response is not None:
                await response(scope, receive, answered)
            else:
                await self._app(scope, _limited(receive, self._settings.body, self._settings.patience), answered)
        except PageError as problem:  # the body was too long or too slow, which shows only while it is read
            if answered.status is None:
                await self._refuse(request, problem)(scope, receive, answered)
        finally:
            milliseconds = (time.perf_counter() - began) * 1000
            user = scope.get("state", {}).get("user")
            LOG.info(
                "%s %s %s %d bytes %.1f ms %s",
                scope["method"],
                _shown(scope),
                answered.status or "-",
                answered.sent,
                milliseconds,
                user.name if user else "-",
            )

    async def _checked(self, request: Request) -> Response | None:
        """What is answered at once; None where the request may pass."""
        try:
            check_host(request, self._settings.hosts)
            check_size(request, self._settings.body)
            check_origin(request)
        except PageError as problem:
            return self._refuse(request, problem)
        user = await run_in_threadpool(self._user, request)
        request.scope.setdefault("state", {})["user"] = user
        if user is not None or request.url.path.startswith(OPEN_PATHS):
            return None
        if wants_json(request):
            return self._refuse(request, PageError(status=401, detail="Log in, or send a token: Authorization: Bearer …"))
        where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(request.url_for("login").include_query_params(to=where), status_code=303)

    def _user(self, request: Request) -> User | None:
        if self._accounts is None:
            return User(name=self._settings.reviewer, role="admin")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._accounts.bearer(token.strip())
        account = self._sessions.account(request.cookies.get(COOKIE, ""), self._accounts)
        return account.user if account else None


class _Answered:
    """Sends what is answered, with the headers that every answer has, and counts it."""

    def __init__(self, send: Send, *, empty: bool = False) -> None:
        self._send = send
        self._empty = empty
        self.status: int | None = None
        self.sent = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name.lower() for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in present]
            message = {**message, "headers": [*message["headers"], *more]}
        elif message["type"] == "http.response.body":
            message = {**message, "body": b""} if self._empty else message
            self.sent += len(message.get("body", b""))
        await self._send(message)


def wants_json(request: Request) -> bool:
    """Whether a program asks rather than a browser."""
    path = request.url.path
    if path.startswith("/api/") or path.endswith((".json", ".csv", ".atom")) or path in ("/reconcile", "/feed.json"):
        return True
    return "text/html" not in request.headers.get("accept", "text/html") and "*/*" not in request.headers.get("accept", "*/*")


def check_host(request: Request, hosts: tuple[str, ...]) -> None:
    """Refuses names that are not the room's: a page elsewhere may have had its name point here (DNS rebinding)."""
    named = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{named}").hostname
    except ValueError:
        name = None
    if name is None or name.lower() not in hosts:
        raise PageError(status=421, detail="This reading room does not go by that name.")


def check_size(request: Request, most: int) -> None:
    """Refuses addresses and bodies that are too long."""
    if len(request.scope.get("query_string", b"")) > LONGEST_QUERY:
        raise PageError(status=414, detail=f"The address is too long: at most {LONGEST_QUERY:,} bytes behind the question mark.")
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > most:
        raise PageError(status=413, detail=f"Too much at once: at most {most // 1_000_000} MB.")


def check_origin(request: Request) -> None:
    """Refuses to be written to from pages of others (cross-site request forgery).

    A browser says where a form comes from; a program that says nothing must send JSON or a token, which no form can.
    """
    if request.method in ("GET", "HEAD", "OPTIONS") or request.url.path in NO_FORM:
        return
    headers = request.headers
    if "origin" in headers:
        right = _same(headers["origin"], request)
    elif "sec-fetch-site" in headers:
        right = headers["sec-fetch-site"] in ("same-origin", "none")
    elif "referer" in headers:
        right = _same(headers["referer"], request)
    else:
        json = headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
        right = json or headers.get("authorization", "").lower().startswith("bearer ")
    if not right:
        raise PageError(status=403, detail="That came from another site, and was not done.")


def _same(address: str, request: Request) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == request.headers.get("host", "").lower()


def _limited(receive: Receive, most: int, seconds: float) -> Receive:
    """Reads a body no further than so many bytes, and waits no longer for it than so many seconds."""
    read, end, whole = 0, time.monotonic() + seconds, False

    async def limited() -> MutableMapping[str, Any]:
        nonlocal read, whole
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
        except TimeoutError:
            raise PageError(status=408, detail="That came too slowly.") from None
        read += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if read > most:
            raise PageError(status=413, detail=f"Too much at once: at most {most // 1_000_000} MB.")
        return message

    return limited


def _shown(scope: Scope) -> str:
    """The path of a request on one line of a log; what was searched is nobody's business."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(scope["path"]))[:200]
