"""A crowd of readers of a real server, over loopback, beside a process that stores reports."""

import http.client
import multiprocessing
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles

import uvicorn

from bench.made_up import EXTRACTOR, reports, world
from quoth.archive import Archive
from quoth.web.app import create_app

HOST = "127.0.0.1"
RATE = 20
"""Reports that the writer stores a second: about what one process extracts."""
PAUSES = (5.0, 15.0)
"""Seconds that a reader looks at a page, at least and at most."""
PATIENCE = 30.0
"""Seconds until a reader gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """How readers fared: milliseconds of each page, what failed, what the writer stored, seconds of CPU of the server."""

    readers: int
    seconds: float
    times: tuple[float, ...]
    failures: tuple[str, ...]
    stored: int
    cpu: float

    def told(self) -> str:
        """One line."""
        trouble = f" ({self.failures[0]})" if self.failures else ""
        return (
            f"{self.readers} readers for {self.seconds:.0f} s beside a writer that stored {self.stored:,} reports: "
            f"{len(self.times):,} pages, {len(self.failures)} errors{trouble}, "
            f"median {median(self.times):.0f} ms, p95 {p95(self.times):.0f} ms; "
            f"{self.cpu:.1f} s of CPU of the server, {self.cpu * 1000 / len(self.times):.1f} ms a page"
        )


def crowd(path: Path, asked: Sequence[str], readers: int, seconds: float) -> Fared:
    """So many readers for so long, each asking for some of these addresses."""
    times, failures = list[float](), list[str]()
    writing, stored = multiprocessing.Event(), multiprocessing.Value("i", 0)
    writer = multiprocessing.Process(target=_write, args=(path, writing, stored), daemon=True)
    with serving(path) as (port, cpu):
        writer.start()
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=_read, args=(port, asked, number, end, times, failures)) for number in range(readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        writing.set()
        writer.join(PATIENCE)
    return Fared(
        readers=readers, seconds=seconds, times=tuple(times), failures=tuple(failures), stored=stored.value, cpu=cpu.value
    )  # fmt: skip


@contextmanager
def serving(path: Path) -> "Iterator[tuple[int, Synchronized[float]]]":
    """A room in a process of its own: its port, and how many seconds of CPU it took, once it is closed."""
    listening = socket.create_server((HOST, 0), backlog=1024)
    closing, cpu = multiprocessing.Event(), multiprocessing.Value("d", 0.0)
    server = multiprocessing.Process(target=_serve, args=(path, listening, closing, cpu), daemon=True)
    server.start()
    port = listening.getsockname()[1]
    _wait_for(port)
    try:
        yield port, cpu
    finally:
        closing.set()
        server.join(PATIENCE)
        listening.close()


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 do not exceed."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def _serve(path: Path, listening: socket.socket, closing: Event, cpu: "Synchronized[float]") -> None:
    """The room, as `quoth serve` opens it."""
    server = uvicorn.Server(uvicorn.Config(create_app(path), log_level="critical", access_log=False, timeout_keep_alive=75))

    def close() -> None:
        closing.wait()
        server.should_exit = True

    threading.Thread(target=close, daemon=True).start()
    server.run(sockets=[listening])
    cpu.value = time.process_time()


def _read(port: int, asked: Sequence[str], number: int, end: float, times: list[float], failures: list[str]) -> None:
    """One reader: a page, a while to look at it, the next one."""
    source = random.Random(number)
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    time.sleep(source.uniform(0, PAUSES[1]))
    while time.monotonic() < end:
        started = time.perf_counter()
        try:
            connection.request("GET", source.choice(asked), headers={"accept": "text/html"})
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 400:
                failures.append(str(answer.status))
        except (OSError, http.client.HTTPException) as error:
            failures.append(repr(error))
            connection.close()
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(source.uniform(*PAUSES))


def _write(path: Path, done: Event, stored: "Synchronized[int]") -> None:
    """Stores reports until it is told to end."""
    with Archive.open(path) as archive:
        for number, (article, found) in enumerate(reports(10**6, world())):
            if done.is_set():
                return
            archive.store(article, found, extractor=f"{EXTRACTOR}, again {number}")
            stored.value += 1
            done.wait(1 / RATE)


def _wait_for(port: int) -> None:
    """Until the server answers."""
    while True:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
