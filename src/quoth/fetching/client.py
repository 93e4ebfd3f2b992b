"""GET, and nothing else: one address to one answer, guarded, polite, within limits."""

import datetime
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpcore2
import httpx2

from quoth.errors import FetchError
from quoth.fetching.allowance import Allowance, Limits
from quoth.fetching.guard import GuardedBackend, Resolve, resolve
from quoth.fetching.pace import Pace, retry_after
from quoth.fetching.packing import CODING, unpacked
from quoth.fetching.robots import MAX_BYTES as ROBOTS_BYTES
from quoth.fetching.robots import Robots

AGENT = "quoth"
"""The name that robots.txt may address."""
PAUSE = 1.0
"""Seconds between two requests to one host, where its robots.txt does not ask for more."""
CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.IGNORECASE | re.ASCII)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
BROKEN = (
    httpcore2.ConnectionNotAvailable,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.TimeoutException,
    httpcore2.UnsupportedProtocol,
)
"""What httpcore2 raises; it has no common root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The answer to a GET: `url` is where it came from, after redirects; header names are in lower case; the body is decoded.

    `moved_to` is the address that all future requests should go to, if the server said so (301, 308); `retry_after` the seconds that the
    server asks to be left alone for.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    moved_to: str | None = None
    retry_after: float | None = None

    @property
    def charset(self) -> str | None:
        """The charset that the Content-Type names.

        >>> Fetched(url="https://a.example/", status=200, headers={"content-type": 'text/html; Charset="UTF-8"'}).charset
        'UTF-8'
        """
        named = CHARSET.search(self.headers.get("content-type", ""))
        return named[1] if named else None


class Fetcher:
    """Fetches addresses of http and https, one at a time; not for several threads.

    Only public addresses are connected to, unless `allow_private`. No cookie, password or proxy is ever used. robots.txt is kept to, and
    two requests to one host have a pause between them. The clocks, the sleep, the resolver and what opens connections are
    parameters for tests.

    >>> with Fetcher() as fetcher:
    ...     fetcher.get("http://127.0.0.1/feed")
    Traceback (most recent call last):
        ...
    quoth.errors.FetchError: http://127.0.0.1/feed: 127.0.0.1 leads to a loopback address, which is not fetched
    """

    def __init__(
        self,
        *,
        user_agent: str = AGENT,
        allow_private: bool = False,
        robots: bool = True,
        pause: float = PAUSE,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
        sleep: Callable[[float], object] = time.sleep,
        resolve: Resolve = resolve,
        tcp: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._limits = limits or Limits()
        self._allowance = Allowance()
        self._pace, self._pause, self._sleep, self._now = Pace(clock), pause, sleep, now
        self._robots = Robots(self._get_robots, agent=AGENT, clock=clock) if robots else None
        # One connection a request: the guard sees each one, and none is stale after a pause.
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_keepalive_connections=0,
            network_backend=GuardedBackend(self._allowance, allow_private=allow_private, resolve=resolve, tcp=tcp),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes what is still open."""
        self._pool.close()

    def seconds_until_ready(self, url: str) -> float:
        """How long the host of an address is still to be left alone; 0 if it may be asked now, or is no host."""
        try:
            return self._pace.seconds_until(checked_url(url).host)
        except FetchError:
            return 0.0

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """The answer at an address, whatever its status, after redirects; raises FetchError if there is none, or it may not be fetched.

        With the `etag` and `last_modified` of an earlier answer, the status is 304 and the body empty while nothing has changed.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        try:
            return self._follow(url, {name: written for name, written in conditions.items() if written}, self._limits, polite=True)
        except FetchError as error:
            raise FetchError(error.reason, concerns=url) from error

    def page(self, url: str) -> Fetched:
        """The answer at an address if it is a good one; raises FetchError for any other status than 200."""
        fetched = self.get(url)
        if fetched.status != HTTPStatus.OK:
            raise FetchError(f"the server answers {status_name(fetched.status)}", concerns=url)
        return fetched

    def _get_robots(self, url: str) -> tuple[int, bytes]:
        fetched = self._follow(url, {}, replace(self._limits, redirects=5), polite=False, cut=ROBOTS_BYTES)
        return fetched.status, fetched.body

    def _follow(self, url: str, conditions: Mapping[str, str], limits: Limits, *, polite: bool, cut: int | None = None) -> Fetched:
        """The first answer that is no redirect; each address on the way is checked as the first one is."""
        address, moved_to = checked_url(url), None
        for_good = True
        for _ in range(limits.redirects + 1):
            if polite:
                self._be_polite(address)
            fetched = self._once(address, conditions, limits, cut)
            location = fetched.headers.get("location")
            if fetched.status not in REDIRECTS or location is None:
                return replace(fetched, moved_to=moved_to)
            address = next_url(address, location)
            for_good = for_good and fetched.status in FOR_GOOD
            moved_to = str(address) if for_good else moved_to
        raise FetchError(f"more than {limits.redirects} redirects")

    def _be_polite(self, address: httpx2.URL) -> None:
        """Waits until the host may be asked; raises FetchError if robots.txt does not allow the address."""
        wanted = self._robots.check(str(address)) if self._robots is not None else 0.0
        self._pace.wait(address.host, self._sleep)
        self._pace.asked(address.host, pause=max(self._pause, wanted))

    def _once(self, address: httpx2.URL, conditions: Mapping[str, str], limits: Limits, cut: int | None) -> Fetched:
        """One request and its answer; of a body only the first `cut` bytes are kept, if given."""
        self._allowance.begin(limits)
        headers = {"Host": address.netloc.decode("ascii"), **self._headers(), **conditions}
        timeouts = {"connect": limits.connect, "read": limits.silence, "write": limits.silence, "pool": limits.connect}
        try:
            raw = self._pool.handle_request(
                httpcore2.Request(
                    "GET",
                    httpcore2.URL(scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path),
                    headers=[(name.encode("ascii"), written.encode()) for name, written in headers.items()],
                    extensions={"timeout": timeouts},
                )
            )
            try:
                return self._answer(address, raw, limits, cut)
            finally:
                raw.close()
        except httpcore2.TimeoutException as error:
            self._allowance.seconds(None)
            raise FetchError("no answer in time") from error
        except BROKEN as error:
            raise FetchError(f"the answer is broken: {_plain(error)}") from error

    def _answer(self, address: httpx2.URL, raw: httpcore2.Response, limits: Limits, cut: int | None) -> Fetched:
        headers = {name.lower(): written for name, written in httpx2.Headers(raw.headers).items()}
        if raw.status in (429, 503):
            self._pace.hold(address.host, retry_after(headers.get("retry-after"), self._now()) or 0.0)
        return Fetched(
            url=str(address),
            status=raw.status,
            headers=headers,
            body=_body(raw, headers, limits, cut) if raw.status == HTTPStatus.OK else b"",
            retry_after=retry_after(headers.get("retry-after"), self._now()),
        )

    def _headers(self) -> dict[str, str]:
        return {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": CODING, "Connection": "close"}


def checked_url(url: str) -> httpx2.URL:
    """An address that may be asked for: http or https, with a host and without a password; raises FetchError.

    >>> str(checked_url("HTTPS://News.Example/a b#top"))
    'https://news.example/a%20b'
    """
    try:
        address = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError("not an address that can be fetched") from error
    if address.scheme not in ("http", "https"):
        raise FetchError(f"only http and https are fetched, not {address.scheme or 'an address without a scheme'}")
    if not address.host:
        raise FetchError("the address names no host")
    if address.port is not None and not 0 < address.port < 65536:
        raise FetchError("the address names no port that there can be")
    if address.userinfo:
        raise FetchError("an address with a user name or password is not fetched")
    return address.copy_with(fragment=None)


def next_url(address: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect leads; raises FetchError if it may not be followed: to another scheme, or from https back to http."""
    try:
        target = checked_url(str(address.join(location.strip())))
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError("the redirect leads to no address that can be fetched") from error
    if address.scheme == "https" and target.scheme == "http":
        raise FetchError(f"the redirect leads from https back to http: {target}")
    return target


def status_name(status: int) -> str:
    """A status with its name.

    >>> status_name(404), status_name(799)
    ('404 Not Found', '799')
    """
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _body(raw: httpcore2.Response, headers: Mapping[str, str], limits: Limits, cut: int | None) -> bytes:
    """The body, unpacked piece by piece up to the limit; raises FetchError if it is longer."""
    most = limits.body if cut is None else cut
    declared = headers.get("content-length", "")
    if cut is None and declared.isdigit() and int(declared[:18]) > most:
        raise FetchError(f"too large: {int(declared[:18]):,} bytes, and {most:,} are read at most")
    pieces, size = [], 0
    for piece in unpacked(raw.iter_stream(), headers.get("content-encoding", "")):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            break
    if size > most and cut is None:
        raise FetchError(f"too large: more than {most:,} bytes once unpacked")
    return b"".join(pieces)[:most]


def _plain(error: Exception) -> str:
    """What a library says of an error, on one line; its kind, if it says nothing."""
    return " ".join(str(error).split())[:200] or type(error).__name__
