"""Clients that mean harm: raw requests to a real server, slow ones, forged ones, far too large ones."""

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")

from fastapi.testclient import TestClient
from web_archive import make

from quoth.web.accounts import Accounts
from quoth.web.app import create_app
from quoth.web.listening import Impatient, server_of
from quoth.web.rendering import STATIC_ADDRESS

HERE = "http://127.0.0.1:8400"
OWN = {"origin": HERE}
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("attacked") / "quoth.db")


@pytest.fixture
def room(archive: Path, tmp_path: Path) -> TestClient:
    path = tmp_path / "quoth.db"
    shutil.copy(archive, path)
    return TestClient(create_app(path, reviewer="Test", body=200_000), base_url=HERE, follow_redirects=False)


@pytest.fixture
def port(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where a real server listens, which has little patience."""
    monkeypatch.setattr(Impatient, "patience", 0.2)
    listening = socket.create_server(("127.0.0.1", 0))
    server = server_of(create_app(archive, reviewer="Test", body=200_000, patience=0.2), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)


def answer(port: int, request: bytes) -> bytes:
    """All that a server answers until it closes the connection."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as client:
        client.sendall(request)
        pieces = []
        try:
            while piece := client.recv(65_536):
                pieces.append(piece)
        except ConnectionResetError:  # it had enough before it had read all
            pass
        return b"".join(pieces)


def head(*lines: str) -> bytes:
    return "\r\n".join((*lines, "Host: 127.0.0.1", "Connection: close", "", "")).encode("latin-1")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"", b""),
        (b"G", b""),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b""),
        (head("POST /read HTTP/1.1", "Origin: http://127.0.0.1", FORM, "Content-Length: 9") + b"abc", b"408"),
        (head("GET / HTTP/1.1", f"X-Long: {'a' * 600_000}"), b"400"),
        (head("GET / HTTP/1.1", "Content-Length: 5", "Content-Length: 6"), b"400"),
        (head("GET / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 6") + b"0\r\n\r\n", b"200"),
        (head("GET / HTTP/1.1", "Host: evil.example"), b"400"),
        (head("GET http://evil.example/ HTTP/1.1"), b"404"),
        (head("GET //evil.example/ HTTP/1.1"), b"404"),
        (head("GET / HTTP/1.1\r\nX: a\nb"), b"400"),
        (head("GET /search?q=a\r\nX-Injected: 1 HTTP/1.1"), b"400"),
        (head("GET /search?q=%0d%0aX-Injected:%201 HTTP/1.1"), b"200"),
        (head("OPTIONS * HTTP/1.1"), b"404"),
        (head("TRACE / HTTP/1.1"), b"403"),
        (head("HEAD / HTTP/1.1"), b"200"),
        (head("BREW / HTTP/1.1", "Origin: http://127.0.0.1"), b"405"),
    ],
)  # fmt: skip
def test_what_is_no_request_gets_an_answer_or_an_end(port: int, request_: bytes, status: bytes) -> None:
    told = answer(port, request_)
    assert told.partition(b" ")[2][:3] == status
    assert b"Traceback" not in told
    assert not re.search(rb"(?mi)^x-injected", told.partition(b"\r\n\r\n")[0])


def test_a_body_without_a_length_is_cut_off(port: int) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    opening = head(
        "POST /read HTTP/1.1", "Origin: http://127.0.0.1", "Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked"
    )
    assert answer(port, opening + b"5\r\ntext=\r\n" + chunk * 8).partition(b" ")[2][:3] in (b"413", b"408", b"")


@pytest.mark.parametrize(
    "path",
    [
        f"{STATIC_ADDRESS}/../app.py", f"{STATIC_ADDRESS}/%2e%2e/app.py", f"{STATIC_ADDRESS}/..%2fapp.py", f"{STATIC_ADDRESS}/..%5capp.py",
        f"{STATIC_ADDRESS}//etc/passwd", f"{STATIC_ADDRESS}/%00", f"{STATIC_ADDRESS}/", "/static/", "/%2e%2e/%2e%2e/etc/passwd",
        "/report/1/../../etc/passwd", "/report/%2e%2e", "/statement/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/person/%00", "/person/name:%0d%0aX:%201", "/search.json%00.html",
    ],
)  # fmt: skip
def test_no_path_leads_out(room: TestClient, path: str) -> None:
    told = room.get(path)
    assert told.status_code in (400, 404)
    assert "root:" not in told.text
    assert "create_app" not in told.text


FORMS = {
    "many fields": {f"f{number}": "x" for number in range(5_000)},
    "one field many times": {"names": ["x"] * 5_000},
    "a long field": {"text": "x" * 150_000},
    "a long name": {"x" * 150_000: "text"},
    "too much": {"text": "x" * 300_000},
}


TEXTS = {
    "nested quotes": "“" * 10_000 + "deep" + "”" * 10_000,
    "quotes that never close": '"' * 9_999 + " said Ama Osei. " + "«" * 10_000,
    "brackets": "[" * 20_000,
    "marks on one letter": "e" + "\u0301" * 30_000,
    "one word": "said" * 14_000,
}


@pytest.mark.parametrize("name", FORMS)
def test_no_form_is_too_large(room: TestClient, name: str) -> None:
    for path in ("/read", "/review", "/alerts", "/person/name:Bo Lind/split"):
        told = room.post(path, data=FORMS[name], headers=OWN)
        assert told.status_code in (200, 400, 404, 409, 413, 422), (path, told.text)
        assert "Traceback" not in told.text
    files = [("file", (f"{number}.txt", b"x")) for number in range(1_500)]
    assert room.post("/read", files=files, headers=OWN).status_code in (400, 422)


def test_a_text_of_too_many_marks_is_refused_in_one_line(room: TestClient) -> None:
    text = '"' * 20_000
    told = room.post("/api/v1/extract", json={"text": text})
    assert (told.status_code, told.json()["error"]["detail"]) == (
        422,
        "The text: more than 15,000 words and marks: 20,000; use the command line for it",
    )
    assert room.post("/read", data={"text": text}, headers=OWN).status_code == 422


@pytest.mark.nightly
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_too_strange(room: TestClient, name: str) -> None:
    told = room.post("/read", data={"text": TEXTS[name]}, headers=OWN)
    assert told.status_code in (200, 413, 422)
    assert "Traceback" not in told.text


BODIES = (
    "[" * 100_000,
    '{"a":' * 20_000,
    '{"text": 1e999}',
    '{"text": "x", "text": ["x"]}',
    "\ufeff{}",
    '{"text": "' + "\\u0000" * 90 + '"}',
)


@pytest.mark.parametrize("body", BODIES)
def test_no_json_is_too_deep(room: TestClient, body: str) -> None:
    for path in ("/api/v1/extract", "/api/v1/statements/1/reviews"):
        told = room.post(path, content=body.encode(), headers={"content-type": "application/json"})
        assert told.status_code in (200, 400, 422), told.text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nX-Injected: 1", "/\u2028", "javascript:alert(1)"]
)
def test_logging_in_leads_nowhere_else(archive: Path, tmp_path: Path, to: str) -> None:
    Accounts(tmp_path / "a.json").put("Rea", "reader", "reads all day")
    room = TestClient(create_app(archive, accounts=tmp_path / "a.json"), base_url=HERE, follow_redirects=False)
    told = room.post("/login", data={"name": "Rea", "password": "reads all day", "to": to}, headers=OWN)
    assert (told.status_code, told.headers["location"]) == (303, "/")
    assert "x-injected" not in told.headers


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(archive: Path, tmp_path: Path) -> None:
    Accounts(tmp_path / "a.json").put("Rea", "reader", "reads all day")
    room = TestClient(create_app(archive, accounts=tmp_path / "a.json"), base_url=HERE, follow_redirects=False)
    told = list[int]()

    def guess() -> None:
        told.append(room.post("/login", data={"name": "Rea", "password": "wrong"}, headers=OWN).status_code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [403] * 5 + [429] * 7


def test_an_unknown_method_is_told_which_there_are(room: TestClient) -> None:
    told = room.request("PUT", "/api/v1/search", headers=OWN)
    assert (told.status_code, told.headers["allow"]) == (405, "GET")
    assert told.json()["error"]["status"] == 405
