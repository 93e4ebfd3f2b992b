"""Fetching: which addresses are connected to, what is read of an answer, and how politely it is asked for."""

import datetime
import gzip
import threading
import zlib
from collections.abc import Iterable
from ipaddress import ip_address

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Answer, Connection, Site, refusing_port, serving

from quoth.errors import FetchError
from quoth.fetching import Fetched, Fetcher, Limits, checked_url, forbidden, retry_after
from quoth.fetching.client import next_url
from quoth.fetching.guard import numeric
from quoth.fetching.pace import Pace
from quoth.fetching.packing import unpacked
from quoth.fetching.robots import Robots, rules_of

NEVER = threading.Event()
PUBLIC = "93.184.215.14"
HOSTILE = [
    "http://127.0.0.1/",
    "http://127.8.9.10/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.8/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://134744072/",
    "http://127.0.0.1./",
    "http://1.2.3.4.5/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:93.184.215.14]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::5db8:d70e]/",
    "http://[64:ff9b:1::10.0.0.1]/",
    "http://[100::1]/",
    "http://[2001::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2001:10::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:5db8:d70e::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[4000::1]/",
    "ftp://news.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:text/html,hello",
    "javascript:alert(1)",
    "//news.example/",
    "news.example/feed",
    "/etc/passwd",
    "",
    "http://",
    "http:///feed",
    "http://:80/",
    "http://user:secret@news.example/",
    "http://127.0.0.1@news.example/",
    "http://news.example:99999/",
    "http://news.example:port/",
    "http://news.example/\r\nX-Injected: 1",
    "http://new s.example/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://" + "a" * 70_000 + "/",
    "http://" + "a" * 64 + ".example/",
]


class Network(httpcore2.SyncBackend):
    """Connects to one local site whatever the address, and remembers where it was to connect to."""

    def __init__(self, site: Site | None = None) -> None:
        self.site = site
        self.connected: list[str] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        self.connected.append(host)
        assert self.site is not None, f"{host} was connected to"
        return super().connect_tcp("127.0.0.1", int(self.site.root.rpartition(":")[2]), timeout, local_address, socket_options)


def local(**options: object) -> Fetcher:
    """A fetcher that may ask this machine, and does not wait."""
    return Fetcher(**{"allow_private": True, "pause": 0.0, "sleep": lambda seconds: None, **options})  # type: ignore[arg-type]


def fetched(page: Answer, **options: object) -> Fetched:
    with serving({"/": page}) as site, local(robots=False, **options) as fetcher:
        return fetcher.get(site.url("/"))


@pytest.mark.parametrize("url", HOSTILE, ids=lambda url: url[:40])
def test_a_hostile_address_is_never_connected_to(url: str) -> None:
    network = Network()
    with Fetcher(tcp=network, resolve=known_hosts) as fetcher, pytest.raises(FetchError) as refused:
        fetcher.get(url)
    assert network.connected == []
    assert refused.value.concerns == url
    assert "\n" not in refused.value.reason


def known_hosts(host: str, port: int) -> list[str]:
    """What a system resolver makes of a host, without asking anybody: numbers in every form that inet_aton reads, and localhost."""
    if host == "localhost":
        return ["127.0.0.1", "::1"]
    try:
        return [str(ip_address(host.removesuffix(".")))]
    except ValueError:
        raise FetchError(f"the host {host} cannot be found") from None


@given(st.ip_addresses(v=4))
def test_public_addresses_are_no_stricter_or_laxer_than_the_registry(address: object) -> None:
    parsed = ip_address(str(address))
    if forbidden(str(address)) is None:
        assert parsed.is_global and not parsed.is_multicast


EMBEDDING = ["::{}", "::ffff:{}", "64:ff9b::{}", "64:ff9b:1::{}", "2001::{}", "2002::{}"]


@given(st.ip_addresses(v=4), st.sampled_from(EMBEDDING))
def test_no_ipv4_address_hides_in_an_ipv6_one(address: object, form: str) -> None:
    assert forbidden(form.format(address)) is not None


def test_a_name_that_leads_home_is_refused_each_time_it_is_asked() -> None:
    answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]])
    with serving({"/": Answer(body=b"hello")}) as site:
        network = Network(site)
        with Fetcher(robots=False, pause=0, tcp=network, resolve=lambda host, port: next(answers)) as fetcher:
            assert fetcher.get("http://news.example/").body == b"hello"
            assert fetcher.get("http://news.example/").body == b"hello"
            with pytest.raises(FetchError, match=r"news\.example leads to a loopback address"):
                fetcher.get("http://news.example/")
    assert network.connected == [PUBLIC, PUBLIC]


def test_of_several_addresses_only_public_ones_are_tried() -> None:
    with serving({"/": Answer(body=b"hello")}) as site:
        network = Network(site)
        found = ["::1", "10.0.0.1", PUBLIC]
        with Fetcher(robots=False, tcp=network, resolve=lambda host, port: found) as fetcher:
            assert fetcher.get("http://news.example/").body == b"hello"
    assert network.connected == [PUBLIC]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://127.0.0.1:1/secret", "loopback"),
        ("http://169.254.169.254/", "link-local"),
        ("http://[::ffff:10.0.0.1]/", "IPv4-mapped"),
        ("http://2130706433/", "disguise"),
        ("//localhost/", "loopback"),
        ("file:///etc/passwd", "only http and https"),
        ("http://user:secret@news.example/", "password"),
        ("http://news.example:99999/", "no port"),
        ("/", "more than 8 redirects"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_checked_like_a_first_address(status: int, location: str, expected: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return [PUBLIC] if host == "news.example" else known_hosts(host, port)

    with serving({"/": Answer(status=status, headers={"Location": location})}) as site:
        network = Network(site)
        with Fetcher(robots=False, pause=0, tcp=network, resolve=resolve) as fetcher, pytest.raises(FetchError, match=expected):
            fetcher.get("http://news.example/")
    assert set(network.connected) == {PUBLIC}


def test_a_redirect_from_https_to_http_is_refused() -> None:
    with pytest.raises(FetchError, match="from https back to http"):
        next_url(checked_url("https://news.example/"), "http://news.example/")
    assert str(next_url(checked_url("http://news.example/a"), "b?c#d")) == "http://news.example/b?c"


def test_moved_to_is_told_while_every_step_is_for_good() -> None:
    pages = {
        "/a": Answer(status=301, headers={"Location": "/b"}),
        "/b": Answer(status=308, headers={"Location": "/c"}),
        "/c": Answer(status=302, headers={"Location": "/d"}),
        "/d": Answer(status=301, headers={"Location": "/e"}),
        "/e": Answer(body=b"hello"),
    }
    with serving(pages) as site, local() as fetcher:
        answer = fetcher.get(site.url("/a"))
        assert (answer.url, answer.moved_to, answer.body) == (site.url("/e"), site.url("/c"), b"hello")
        assert fetcher.get(site.url("/c")).moved_to is None
        assert fetcher.get(site.url("/e")).moved_to is None


def test_conditions_are_sent_and_304_has_no_body() -> None:
    def page(headers: dict[str, str]) -> Answer:
        known = headers.get("if-none-match") == '"v1"' and headers.get("if-modified-since") == "Tue, 05 Mar 2024 12:00:00 GMT"
        return Answer(status=304) if known else Answer(headers={"ETag": '"v1"'}, body=b"new")

    with serving({"/": page}) as site, local() as fetcher:
        first = fetcher.get(site.url("/"))
        again = fetcher.get(site.url("/"), etag=first.headers["etag"], last_modified="Tue, 05 Mar 2024 12:00:00 GMT")
    assert (first.status, first.body, again.status, again.body) == (200, b"new", 304, b"")


def test_nothing_is_told_but_who_asks() -> None:
    page = Answer(headers={"Set-Cookie": "id=1"}, body=b"hello")
    with serving({"/": page}) as site, local(user_agent="quoth/9 (desk@paper.example)") as fetcher:
        fetcher.get(site.url("/"))
        fetcher.get(site.url("/"))
        told = [set(headers) for path, headers in site.asked if path == "/"]
        assert site.asked[-1][1]["user-agent"] == "quoth/9 (desk@paper.example)"
    assert told == [{"host", "user-agent", "accept", "accept-encoding", "connection"}] * 2


def test_an_answer_in_another_language_of_headers() -> None:
    answer = fetched(Answer(headers={"ETag": '"caf\xe9"', "Content-Type": "text/html; charset=windows-1251"}, body=b"\xcf"))
    assert (answer.charset, answer.body) == ("windows-1251", b"\xcf")
    with serving({"/": Answer(body=b"x")}) as site, local(robots=False) as fetcher:
        assert fetcher.get(site.url("/"), etag=answer.headers["etag"]).status == 200
        with pytest.raises(FetchError, match="broken"):
            fetcher.get(site.url("/"), etag='"a"\r\nX-Injected: 1')


def drip(connection: Connection) -> None:
    connection.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not NEVER.wait(0.005):
        connection.wfile.write(b"x")


def write_forever(opening: bytes, again: bytes) -> Answer:
    def raw(connection: Connection) -> None:
        connection.wfile.write(opening)
        while True:
            connection.wfile.write(again)

    return Answer(raw=raw)


def write_once(written: bytes) -> Answer:
    return Answer(raw=lambda connection: connection.wfile.write(written))


def packed(coding: str, body: bytes) -> Answer:
    return Answer(headers={"Content-Encoding": coding}, body=body)


def bomb() -> bytes:
    return gzip.compress(bytes(30_000_000), 9)


PATIENT = Limits(body=1_000_000)
HASTY = Limits(body=1_000_000, total=0.5, silence=0.3)
BAD_ANSWERS = {
    "slow drip": (Answer(raw=drip), "too slow"),
    "silence": (Answer(raw=lambda connection: NEVER.wait(2)), "no answer in time|too slow"),
    "nothing": (write_once(b""), "broken"),
    "not HTTP": (write_once(b"220 mail.example ESMTP\r\n"), "broken"),
    "endless body": (write_forever(b"HTTP/1.1 200 OK\r\n\r\n", bytes(65536)), "too large"),
    "endless chunks": (
        write_forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + bytes(16384) + b"\r\n"),
        "too large",
    ),
    "endless headers": (write_forever(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 9000 + b"\r\n"), "broken"),
    "one endless header": (write_forever(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 9000), "broken"),
    "endless 1xx": (write_forever(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000), "too large"),
    "endless empty members": (
        write_forever(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000),
        "too large",
    ),
    "cut off": (write_once(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"), "broken"),
    "cut off in a chunk": (write_once(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nonly this"), "broken"),
    "two lengths": (write_once(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "broken"),
    "announced too large": (Answer(headers={"Content-Length": "999999999999"}), "too large: 999,999,999,999 bytes"),
    "gzip bomb": (packed("gzip", bomb()), "too large: more than 1,000,000 bytes once unpacked"),
    "many members": (packed("gzip", gzip.compress(bytes(9)) * 50_000), "too large"),
    "more than gzip": (packed("gzip", gzip.compress(b"hello") + b"rest"), "no gzip"),
    "deflate": (packed("deflate", zlib.compress(b"hello")), "not asked for"),
    "no gzip": (packed("gzip", b"hello"), "no gzip, though it says so"),
    "half a gzip": (packed("gzip", gzip.compress(b"hello" * 1000)[:30]), "the answer is cut off"),
    "brotli": (packed("br", b"hello"), "'br', which was not asked for"),
    "zstd": (packed("zstd", b"(\xb5/\xfd"), "not asked for"),
    "packed twice": (packed("gzip, gzip", gzip.compress(bomb())), "not asked for"),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_a_bad_answer_is_one_clear_reason(name: str) -> None:
    page, expected = BAD_ANSWERS[name]
    with pytest.raises(FetchError, match=expected) as refused:
        fetched(page, limits=HASTY if name in ("slow drip", "silence") else PATIENT)
    assert str(refused.value).startswith("http://127.0.0.1:")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("gzip", gzip.compress(b"hello" * 1000), b"hello" * 1000),
        ("GZip", gzip.compress(b"hello"), b"hello"),
        ("gzip", gzip.compress(b"hel") + gzip.compress(b"lo"), b"hello"),
        ("gzip", gzip.compress(b"hello") + bytes(9), b"hello"),
        ("gzip", b"", b""),
        ("identity", b"hello", b"hello"),
    ],
)
def test_packed_answers_are_unpacked(coding: str, body: bytes, expected: bytes) -> None:
    assert fetched(packed(coding, body)).body == expected


@given(st.lists(st.binary(max_size=3000), max_size=3), st.integers(1, 700))
def test_unpacking_does_not_depend_on_how_the_pieces_are_cut(members: list[bytes], size: int) -> None:
    whole = b"".join(gzip.compress(member) for member in members)
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert b"".join(unpacked(pieces, "gzip")) == b"".join(members)


def test_a_page_is_an_answer_that_is_good() -> None:
    with serving({"/": Answer(body=b"hello")}) as site, local() as fetcher:
        assert fetcher.page(site.url("/")).body == b"hello"
        with pytest.raises(FetchError, match="the server answers 404 Not Found"):
            fetcher.page(site.url("/none"))
        with pytest.raises(FetchError, match="no connection"):
            fetcher.get(f"http://127.0.0.1:{refusing_port()}/")


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


@pytest.mark.parametrize("host", ["news.example", "a.b.example", "1a.example", "0xzz", "example.com.", "2606:2800::1"])
def test_names_are_not_taken_for_numbers(host: str) -> None:
    assert not numeric(host)
