"""A site on this machine for tests: each path has an answer, and each request is remembered."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Connection = BaseHTTPRequestHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back: a status, headers, and a body; `raw` writes all of it itself."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: Callable[[Connection], None] | None = None


Page = Answer | Callable[[dict[str, str]], Answer]
"""An answer, or what takes the headers of a request to one."""


@dataclass(slots=True)
class Site:
    """Pages by path, and what was asked: each request as (path, headers in lower case)."""

    pages: dict[str, Page]
    root: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def url(self, path: str) -> str:
        return self.root + path


@contextmanager
def serving(pages: dict[str, Page]) -> Iterator[Site]:
    """A site on a port of its own, until the block is done."""
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): written for name, written in self.headers.items()}
            site.asked.append((self.path, headers))
            page = site.pages.get(self.path, Answer(status=404))
            answer = page if isinstance(page, Answer) else page(headers)
            with suppress(OSError):
                _send(self, answer)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    site.root = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _send(connection: Connection, answer: Answer) -> None:
    if answer.raw is not None:
        answer.raw(connection)
        connection.close_connection = True
        return
    connection.send_response(answer.status)
    for name, written in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
        connection.send_header(name, written)
    connection.end_headers()
    connection.wfile.write(answer.body)


def refusing_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
