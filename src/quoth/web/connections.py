"""Connections to the archive: a few that only read, lent one at a time, and one that writes."""

import datetime
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from quoth.archive import Archive

STEPS = 20_000
"""Steps of the database between two looks at the clock."""
WAIT = 10.0
"""Seconds that a request waits for a connection."""
CACHE = "PRAGMA cache_size = -16384"
"""Kilobytes of pages that each reading connection keeps."""


class BusyError(Exception):
    """All connections are lent, and none came back in time."""


class Connections:
    """The archive of a room. Any thread may borrow; what is lent is one thread's until it comes back."""

    def __init__(self, path: str, *, readers: int, deadline: float) -> None:
        self._path = path
        self._deadline = deadline
        self._readers: queue.LifoQueue[Archive | None] = queue.LifoQueue()
        for _ in range(readers):
            self._readers.put(None)
        self._writer: Archive | None = None
        self._writing = threading.Lock()

    @contextmanager
    def reading(self, seconds: float | None = None) -> Iterator[Archive]:
        """An archive to read from: all that is read is of one moment and ends by the deadline. Raises ArchiveError, BusyError."""
        try:
            archive = self._readers.get(timeout=WAIT)
        except queue.Empty:
            raise BusyError from None
        try:
            if archive is None:
                archive = Archive.open(self._path, create=False, read_only=True)
                archive.execute(CACHE)
            with _until(archive, seconds or self._deadline), archive.snapshot():
                yield archive
        finally:
            self._readers.put(archive)

    @contextmanager
    def writing(self) -> Iterator[Archive]:
        """The archive to write to, one writer at a time. Raises ArchiveError, BusyError."""
        if not self._writing.acquire(timeout=WAIT):
            raise BusyError
        try:
            if self._writer is None:
                self._writer = Archive.open(self._path, create=False)
            yield self._writer
        finally:
            self._writing.release()

    def close(self) -> None:
        """Closes every connection that is not lent."""
        while True:
            try:
                archive = self._readers.get_nowait()
            except queue.Empty:
                break
            if archive is not None:
                archive.close()
        with self._writing:
            if self._writer is not None:
                self._writer.close()
                self._writer = None


def now() -> datetime.datetime:
    """This moment."""
    return datetime.datetime.now(datetime.UTC)


@contextmanager
def _until(archive: Archive, seconds: float) -> Iterator[None]:
    """Stops what the database does after so many seconds; searches have a deadline of their own beside it."""
    end = time.monotonic() + seconds
    archive.connection.set_progress_handler(lambda: time.monotonic() > end, STEPS, id="web")
    try:
        yield
    finally:
        archive.connection.set_progress_handler(None, id="web")
