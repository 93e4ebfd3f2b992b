"""The reading room at size: how long each page takes on the server, how many bytes it is, when it is painted, and how a crowd fares.

`python -m bench.web [--statements N] [--requests N] [--readers N] [--seconds S] [--folder DIR]` prints all of it. The archive is that of
`bench.archive`, with variants left out; a folder that has one is measured as it is. Pages are asked for within this process first, so that
only the server's work counts, by the clock and by the CPU of all threads. Then a Chromium, if one is here, opens them over loopback; and
readers of a real server are measured beside another process that stores reports.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.testclient import TestClient

from bench.archive import sampled
from bench.made_up import A_REPORT, EXTRACTOR, reports, two_words, world
from bench.web_crowd import HOST, crowd, p95
from bench.web_paint import missing, painted
from quoth.archive import Archive
from quoth.web.app import create_app

PASTED = '"The harbour is closed," Ama Osei said on Monday. Bo Lind declined to say when it would open. ' * 30
"""A text to read: about 500 words."""
OWN = {"origin": f"http://{HOST}:8400"}


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


def measured(path: Path, asked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The rows of the table: each kind of page with its time and size."""
    with TestClient(create_app(path), base_url=f"http://{HOST}:8400") as room:
        yield "| page | first, ms | median, ms | p95, ms | p95, ms of CPU | kB, greatest |\n|---|---:|---:|---:|---:|---:|"
        for name, pages in asked.items():
            yield _row(name, [partial(room.get, page) for page in pages])
        yield _row("read a text of 500 words", [partial(room.post, "/read", data={"text": PASTED}, headers=OWN)] * len(asked["home"]))


def _row(name: str, requests: Sequence[Callable[[], Any]]) -> str:
    clock, cpu, sizes = [], [], []
    for request in requests:
        before = time.perf_counter(), time.process_time()
        answer = request()
        clock.append((time.perf_counter() - before[0]) * 1000)
        cpu.append((time.process_time() - before[1]) * 1000)
        assert answer.status_code == 200, (answer.url, answer.status_code)
        sizes.append(len(answer.content))
    rest, work = clock[1:] or clock, cpu[1:] or cpu
    return f"| {name} | {clock[0]:.0f} | {median(rest):.1f} | {p95(rest):.1f} | {p95(work):.1f} | {max(sizes) / 1000:.0f} |"


def main(write: Callable[[str], None] = print) -> None:
    """Fills an archive in a folder, unless one is there, asks, prints."""
    parser = argparse.ArgumentParser(description="Measure the reading room.")
    parser.add_argument("--statements", type=int, default=50_000)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--readers", type=int, default=200, help="0 for no crowd")
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
        asked = addresses(path, arguments.requests)
        for row in measured(path, asked):
            write(row)
        lack = missing()
        for row in [f"\nnot painted: {lack}"] if lack else ["", *painted(path, asked)]:
            write(row)
        if arguments.readers:
            every = [page for pages in asked.values() for page in pages]
            write(f"\n{crowd(path, every, arguments.readers, arguments.seconds).told()}")
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
