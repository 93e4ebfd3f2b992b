"""Fetching: what is asked for, what is read of an answer, and what is wrong with a bad one."""

import gzip
import threading
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networking import fetched, local
from serving import Answer, Connection, refusing_port, serving

from quoth.errors import FetchError
from quoth.fetching import Limits
from quoth.fetching.packing import unpacked

NEVER = threading.Event()


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
        last = site.asked[-1][1]
        assert (last["user-agent"], last["accept-encoding"]) == ("quoth/9 (desk@paper.example)", "gzip")
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
