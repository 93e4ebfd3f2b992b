"""How politely an address is asked for: robots.txt, pauses, and hosts that want to be left alone."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networking import PUBLIC, Network, local
from serving import Answer, serving

from quoth.errors import FetchError
from quoth.fetching import Fetcher, retry_after
from quoth.fetching.pace import Pace
from quoth.fetching.robots import Robots, rules_of

ROBOTS = b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n\nUser-agent: quoth\nDisallow: /not-quoth\n"


@pytest.mark.parametrize(
    ("status", "body", "path", "refused"),
    [
        (200, ROBOTS, "/a", None),
        (200, ROBOTS, "/private", None),
        (200, ROBOTS, "/not-quoth/b", "robots.txt does not allow it"),
        (200, b"User-agent: *\nDisallow: /", "/a", "does not allow it"),
        (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/a", "does not allow it"),
        (200, b"<html>not found</html>" * 9, "/a", None),
        (200, b"\xff\xfe\x00" * 100, "/a", None),
        (200, b"User-agent: *\nDisallow: /" + b"#" * 600_000, "/a", "does not allow it"),
        (404, b"", "/a", None),
        (403, b"", "/a", None),
        (429, b"", "/a", "answers 429"),
        (500, b"", "/a", "answers 500, so nothing"),
        (503, b"", "/a", "answers 503"),
    ],
)
def test_robots(status: int, body: bytes, path: str, refused: str | None) -> None:
    pages = {"/robots.txt": Answer(status=status, body=body), path: Answer(body=b"hello")}
    with serving(pages) as site, local() as fetcher:
        if refused is None:
            assert fetcher.get(site.url(path)).body == b"hello"
        else:
            with pytest.raises(FetchError, match=refused):
                fetcher.get(site.url(path))
            assert site.paths == []


def test_robots_holds_behind_a_redirect_too() -> None:
    pages = {
        "/robots.txt": Answer(body=b"User-agent: *\nDisallow: /b"),
        "/a": Answer(status=302, headers={"Location": "/b"}),
        "/b": Answer(body=b"hello"),
    }
    with serving(pages) as site, local() as fetcher, pytest.raises(FetchError, match="does not allow"):
        fetcher.get(site.url("/a"))
    assert site.paths == ["/a"]


class Clock:
    """A clock that goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def test_robots_is_read_once_a_day() -> None:
    clock = Clock()
    asked: list[str] = []

    def fetch(url: str) -> tuple[int, bytes]:
        asked.append(url)
        return (500, b"") if len(asked) == 1 else (200, b"User-agent: *\nCrawl-delay: 5")

    robots = Robots(fetch, agent="quoth", clock=clock)
    for wait, expected in ((0, 1), (599, 1), (2, 2), (86_399, 2), (2, 3)):
        clock.time += wait
        if expected == 1:
            with pytest.raises(FetchError, match="answers 500"):
                robots.check("https://news.example/a?b=c")
        else:
            assert robots.check("https://news.example/a?b=c") == 5
        assert asked == ["https://news.example/robots.txt"] * expected


@pytest.mark.parametrize(("written", "pause"), [("3", 3), ("2.5", 2.5), ("-4", 0), ("nan", 0), ("soon", 0), ("inf", 0), ("1e9", 1e9)])
def test_what_a_site_wants_between_two_requests(written: str, pause: float) -> None:
    assert rules_of(200, f"User-agent: *\nCrawl-delay: {written}".encode(), now=0).pause("quoth") == pause


def test_one_host_is_asked_with_a_pause_and_others_are_not_kept_waiting() -> None:
    clock = Clock()
    with serving({"/": Answer(body=b"x"), "/robots.txt": Answer(body=b"User-agent: *\nCrawl-delay: 7")}) as site:
        options = {"tcp": Network(site), "resolve": lambda host, port: [PUBLIC], "clock": clock, "sleep": clock.sleep}
        with Fetcher(**options) as fetcher:  # type: ignore[arg-type]
            for url in ("http://a.example/", "http://b.example/", "http://a.example/", "http://a.example/"):
                fetcher.get(url)
            assert fetcher.seconds_until_ready("http://a.example/other") == 7
            assert fetcher.seconds_until_ready("http://b.example/") == 0
            assert fetcher.seconds_until_ready("not an address") == 0
    assert clock.slept == [7, 7]


def test_a_host_that_wants_to_be_left_alone_is() -> None:
    clock = Clock()
    with serving({"/": Answer(status=429, headers={"Retry-After": "3600"})}) as site, local(clock=clock) as fetcher:
        answer = fetcher.get(site.url("/"))
        assert (answer.status, answer.retry_after) == (429, 3600)
        with pytest.raises(FetchError, match="left alone for 3600 more seconds"):
            fetcher.get(site.url("/"))
        assert site.paths == ["/"]
        clock.time += 3600
        assert fetcher.get(site.url("/")).status == 429


def test_no_pause_is_for_ever() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.asked("a", pause=float("inf"))
    pace.hold("b", float("inf"))
    assert (pace.seconds_until("a"), pace.seconds_until("b"), pace.seconds_until("c")) == (60, 86_400, 0)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0", 0),
        (" 30 ", 30),
        ("Tue, 05 Mar 2024 12:30:00 GMT", 1800),
        ("Tue, 05 Mar 2024 12:30:00 +0100", 0),
        ("Tue, 05 Mar 2024 11:00:00 GMT", 0),
        ("9" * 400, 999_999_999),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        (None, None),
        ("Tue, 99 Mar 2024", None),
    ],
)
def test_retry_after(written: str | None, seconds: float | None) -> None:
    assert retry_after(written, datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)) == seconds


@given(st.text())
def test_retry_after_never_fails(written: str) -> None:
    seconds = retry_after(written, datetime.datetime(2024, 3, 5, tzinfo=datetime.UTC))
    assert seconds is None or seconds >= 0
