"""The reading room at size: how long each page takes on the server, how many bytes it is, and how readers fare beside a writer.

`python -m bench.web [--statements N] [--requests N] [--readers N --seconds S] [--folder DIR]`. The archive is that of `bench.archive`,
with variants left out; a folder that has one is measured as it is. Pages are asked for within this process, so that only the server's
work counts, first by the clock and then by the CPU of all threads. With --readers a real server is asked over loopback while another
process stores reports.
"""

import argparse
import http.client
import multiprocessing
import random
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlencode

import uvicorn
from fastapi.testclient import TestClient

from bench.archive import EXTRACTOR, reports, sampled, two_words, world
from quoth.archive import Archive
from quoth.web.app import create_app

HOST = "127.0.0.1"
A_REPORT = 5
RATE = 20
"""Reports that the writer stores a second: about what one process extracts."""
PAUSES = (5.0, 15.0)
"""Seconds that a reader looks at a page, at least and at most."""


def fill(path: Path, statements: int) -> None:
    """Stores so many statements."""
    made = reports(statements // A_REPORT, world())
    with Archive.open(path) as archive:
        while batch := list(islice(made, 100)):
            with archive.transaction():
                for article, found in batch:
                    archive.store(article, found, extractor=EXTRACTOR)
        archive.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def addresses(path: Path, count: int) -> dict[str, list[str]]:
    """So many addresses of each kind of page, drawn alike."""
    source = random.Random(23)
    with Archive.open(path, read_only=True) as archive:
        sample = sampled(archive, count)
        [(statements, last)] = archive.rows("SELECT max(statements.id), (SELECT max(id) FROM reports) FROM statements")
    pairs = [two_words(words, source) for words, _ in sample]
    rows = [source.randint(1, statements) for _ in range(count)]
    return {
        "home": ["/"] * count,
        "search, two words": [f"/search?{urlencode({'q': words})}" for words in pairs],
        "search, two words, one speaker": [
            f"/search?{urlencode({'q': words, 'speaker': speaker})}" for words, (_, speaker) in zip(pairs, sample, strict=True)
        ],
        "search, no words": ["/search"] * count,
        "reports, two words": [f"/reports?{urlencode({'q': words})}" for words in pairs],
        "report": [f"/report/{source.randint(1, last)}" for _ in range(count)],
        "person": [f"/person/{quote(f'name:{speaker}', safe='')}" for _, speaker in sample],
        "statement": [f"/statement/{row}" for row in rows],
        "statement, JSON": [f"/api/v1/statements/{row}" for row in rows],
        "statistics": ["/statistics"] * count,
        "conflicts": ["/conflicts"] * count,
        "review": ["/review"] * count,
    }


def measured(path: Path, requests: int) -> Iterator[str]:
    """The rows of the table: each kind of page with its time and size."""
    asked = addresses(path, requests)
    with TestClient(create_app(path), base_url=f"http://{HOST}:8400") as room:
        yield "| page | first, ms | median, ms | p95, ms | p95, ms of CPU | kB, greatest |\n|---|---:|---:|---:|---:|---:|"
        for name, pages in asked.items():
            clock, cpu, sizes = [], [], []
            for page in pages:
                before = time.perf_counter(), time.process_time()
                answer = room.get(page)
                clock.append((time.perf_counter() - before[0]) * 1000)
                cpu.append((time.process_time() - before[1]) * 1000)
                assert answer.status_code == 200, (page, answer.status_code)
                sizes.append(len(answer.content))
            rest, work = clock[1:] or clock, cpu[1:] or cpu
            yield f"| {name} | {clock[0]:.0f} | {median(rest):.1f} | {_p95(rest):.1f} | {_p95(work):.1f} | {max(sizes) / 1000:.0f} |"


def crowd(path: Path, readers: int, seconds: float) -> str:
    """So many readers of a real server for so long, beside a process that stores reports: how they fared."""
    asked = [page for pages in addresses(path, 100).values() for page in pages]
    listening = socket.create_server((HOST, 0), backlog=1024)
    serving = multiprocessing.Process(target=_serve, args=(path, listening), daemon=True)
    serving.start()
    writing, stored = multiprocessing.Event(), multiprocessing.Value("i", 0)
    writer = multiprocessing.Process(target=_write, args=(path, writing, stored), daemon=True)
    port, times, failures = listening.getsockname()[1], list[float](), list[str]()
    _wait_for(port)
    writer.start()
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=_read, args=(port, asked, number, end, times, failures)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writing.set()
    writer.join(30)
    serving.terminate()
    serving.join(10)
    return (
        f"{readers} readers for {seconds:.0f} s beside a writer that stored {stored.value:,} reports: {len(times):,} pages, "
        f"{len(failures)} errors{f' ({failures[0]})' if failures else ''}, median {median(times):.0f} ms, p95 {_p95(times):.0f} ms"
    )


def _serve(path: Path, listening: socket.socket) -> None:
    """The room, as `quoth serve` opens it."""
    uvicorn.Server(uvicorn.Config(create_app(path), log_level="critical", access_log=False, timeout_keep_alive=75)).run(sockets=[listening])


def _read(port: int, asked: Sequence[str], number: int, end: float, times: list[float], failures: list[str]) -> None:
    """One reader: a page, a while to look at it, the next one."""
    source = random.Random(number)
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
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


def _write(path: Path, done: "multiprocessing.synchronize.Event", stored: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
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
            connection = http.client.HTTPConnection(HOST, port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def main(write: Callable[[str], None] = print) -> None:
    """Fills an archive in a folder, unless one is there, asks, prints."""
    parser = argparse.ArgumentParser(description="Measure the reading room.")
    parser.add_argument("--statements", type=int, default=50_000)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--readers", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path, help="where the archive goes, and stays; if it is there, it is measured as it is")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "quoth.db"
    try:
        if not path.exists():
            fill(path, arguments.statements)
        with Archive.open(path, read_only=True) as archive:
            [(statements,)] = archive.rows("SELECT count(*) FROM statements")
        write(f"{statements:,} statements\n")
        for row in measured(path, arguments.requests):
            write(row)
        if arguments.readers:
            write(f"\n{crowd(path, arguments.readers, arguments.seconds)}")
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
