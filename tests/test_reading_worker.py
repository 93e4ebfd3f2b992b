"""Untrusted documents are parsed in another process: it is used again, and what kills it costs one document."""

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice

import pytest

from quoth.reading import Limits, feed_entries, readings
from quoth.reading.documents import Document
from quoth.reading.worker import LENGTH, Worker, _idle, _read, _Rebuilder, _rebuilt, close_all
from quoth.types import Reading, Skipped

WORDS = "The bridge at Ostby will stay closed until the spring, said Mara Lind, who has run the harbour for nine years. "
PAGE = f'<html lang="en"><title>Bridge</title><article><p>{WORDS * 3}</p></article></html>'.encode()
FEED = b"<rss><channel><item><link>https://example.org/a</link><description>It rained.</description></item></channel></rss>"
PATIENT = Limits(seconds=300)
DOCUMENT = Document(kind="html", origin="a.html", raw=PAGE)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker(PATIENT)
    yield worker
    worker.close()


def test_a_worker_reads_as_this_process_does_and_is_used_again(worker: Worker) -> None:
    [here] = readings(PAGE, origin="a.html", limits=None)
    [first] = worker.run("parse", DOCUMENT)
    process = worker.process
    [second] = worker.run("parse", DOCUMENT)
    assert isinstance(here, Reading) and isinstance(first, Reading)
    assert (first.article.text, first.runs, first.parts) == (here.article.text, here.runs, here.parts)
    assert second == first
    assert worker.process is process


def test_a_document_that_takes_too_long_is_given_up_and_the_worker_replaced(worker: Worker) -> None:
    long = Document(kind="html", origin="a.html", raw=PAGE * 1_000)
    worker.limits = Limits(seconds=0.001)
    assert list(worker.run("parse", long)) == [Skipped(origin="a.html", reason="given up after 0.001 seconds")]
    worker.limits = PATIENT
    [reading] = worker.run("parse", DOCUMENT)
    assert isinstance(reading, Reading)


def test_a_document_that_needs_too_much_memory_costs_one_document() -> None:
    pytest.importorskip("resource")
    large = Document(kind="html", origin="large.html", raw=b"<p>" + WORDS.encode() * 170_000)
    worker = Worker(Limits(seconds=PATIENT.seconds, megabytes=500))
    (skipped,) = worker.run("parse", large)
    assert isinstance(skipped, Skipped)
    assert "memory" in skipped.reason
    worker.close()


def test_a_worker_that_is_killed_is_replaced(worker: Worker) -> None:
    assert len(list(worker.run("parse", DOCUMENT))) == 1
    assert worker.process is not None
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    [reading] = worker.run("parse", DOCUMENT)
    assert isinstance(reading, Reading)


def many_entries(count: int) -> bytes:
    """A feed whose entries do not fit into a pipe at once, so that its worker lives until the last is read."""
    entries = "".join(
        f"<item><link>https://example.org/{number}</link><description>{WORDS}</description></item>" for number in range(count)
    )
    return f"<rss><channel>{entries}</channel></rss>".encode()


@pytest.mark.parametrize("kills", [1, 2])
def test_a_worker_that_is_killed_over_a_document_is_replaced_once(worker: Worker, kills: int) -> None:
    results = worker.run("entries", Document(kind="feed", origin="feed.xml", raw=many_entries(2_000)))
    found = []
    for _ in range(kills):
        found.append(next(results))
        assert worker.process is not None
        worker.process.kill()
        worker.process.wait()
        found += islice(results, 1_000)  # those that the pipe still held, and then those of the next worker
    found += results
    urls = [entry.url for entry in found if not isinstance(entry, Skipped)]
    assert urls == [f"https://example.org/{number}" for number in range(len(urls))]
    troubles = [entry.reason for entry in found if isinstance(entry, Skipped)]
    if kills == 1:
        assert (len(urls), troubles) == (2_000, [])
    else:
        assert len(urls) < 2_000
        assert ["broke down over it twice" in trouble for trouble in troubles] == [True]


def test_results_that_nobody_waits_for_are_thrown_away() -> None:
    several = FEED.replace(b"</item>", b"</item>" + FEED[14:-16])
    results = readings(several, origin="feed.xml")
    assert isinstance(next(results), Reading)
    del results
    assert len(list(readings(FEED, origin="feed.xml"))) == 1


def test_two_that_go_on_at_the_same_time_have_a_worker_each() -> None:
    pairs = list(zip(readings(FEED, origin="a"), readings(FEED, origin="b"), strict=True))
    assert [(left.origin, right.origin) for left, right in pairs] == [("a, entry 1", "b, entry 1")]
    assert len(_idle) >= 2
    close_all()
    assert not _idle


def test_entries_come_from_a_worker_too() -> None:
    [entry] = feed_entries(FEED, origin="feed.xml")
    assert not isinstance(entry, Skipped)
    assert (entry.url, entry.content) == ("https://example.org/a", "It rained.")


def test_only_values_of_readings_are_rebuilt() -> None:
    for evil in (os.system, subprocess.Popen, Document, pickle.Unpickler):
        with pytest.raises(pickle.UnpicklingError, match="no part of a reading"):
            _Rebuilder(io.BytesIO(pickle.dumps(evil))).load()
        assert _rebuilt(pickle.dumps(("result", evil))) == ("died", None)
    assert _rebuilt(b"no pickle") == _rebuilt(pickle.dumps("no pair")) == ("died", None)
    assert _read(io.BytesIO(LENGTH.pack(2**63) + b"x")) is None


def test_a_worker_ends_with_its_program() -> None:
    code = """
from quoth.reading import readings
from quoth.reading.worker import _idle
list(readings(b"<rss></rss>"))
print(_idle[0].process.pid)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(run.stdout), 0)
