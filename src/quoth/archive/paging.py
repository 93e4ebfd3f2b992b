"""What all searches share: cursors and deadlines."""

import base64
import binascii
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import apsw

from quoth.archive.database import Database
from quoth.archive.selecting import Selection, Sort
from quoth.errors import ArchiveError, QueryError

DEADLINE = 5.0
"""Seconds that a search may take."""
STEPS = 20_000
"""Steps of the database between two looks at the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Behind which row a page starts: the order of the pages, what they are ordered by there, the row."""

    sort: Sort
    value: str | float
    row: int

    def written(self) -> str:
        """As one word, which `read` takes back."""
        return base64.urlsafe_b64encode(json.dumps([self.sort, self.value, self.row]).encode()).decode().rstrip("=")

    def sort_of(self, selection: Selection) -> Sort:
        """The order of the pages of a search. Raises QueryError if that search has no such pages."""
        if self.sort == "rank" and selection.query is None:
            raise QueryError("no page of this search starts there", concerns=self.written())
        return self.sort

    @staticmethod
    def read(written: str) -> "Cursor":
        """The cursor that was written. Raises QueryError for anything else.

        >>> Cursor.read(Cursor(sort="newest", value="2024-03-05", row=7).written()).row
        7
        """
        try:
            sort, value, row = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise QueryError("no page of a search starts there", concerns=written[:40]) from None
        right = (sort == "rank" and isinstance(value, float)) or (sort in ("newest", "oldest") and isinstance(value, str))
        if not right or not isinstance(row, int) or isinstance(row, bool) or abs(row) >= 2**63:
            raise QueryError("no page of a search starts there", concerns=written[:40])
        return Cursor(sort=sort, value=value, row=row)


@contextmanager
def answering(archive: Database, seconds: float) -> Iterator[None]:
    """All that is asked within is of one moment and ends after so many seconds, with a QueryError."""
    end = time.monotonic() + seconds
    connection = archive.connection
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        with archive.snapshot():
            yield
    except apsw.InterruptError as error:
        raise _too_long(seconds) from error
    except ArchiveError as error:
        if isinstance(error.__cause__, apsw.InterruptError):
            raise _too_long(seconds) from error
        raise
    finally:
        connection.set_progress_handler(None)


def _too_long(seconds: float) -> QueryError:
    return QueryError(f"took longer than {seconds:g} s and was stopped; ask for rarer words, or within a speaker, a publisher or some days")
