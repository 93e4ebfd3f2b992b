"""What is given on a command line to readings: paths, folders, standard input, and addresses."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from quoth.errors import FetchError
from quoth.reading import Known, readings
from quoth.reading.paths import file_of
from quoth.reading.records import Notice
from quoth.reading.sources import Follow, ignore
from quoth.types import Reading, Skipped

if TYPE_CHECKING:
    from quoth.fetching import Fetched

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
SEPARATOR = re.compile(r"[^\w\s]")
"""What may stand between a file and what is named within it."""
FetchPage = Callable[[str], "Fetched"]
"""Takes an address to what is there; raises FetchError."""


def is_address(source: str) -> bool:
    """Whether a source is an address of the web, and no path.

    >>> is_address("https://post.example/a.html"), is_address("news/a.html")
    (True, False)
    """
    return ADDRESS.match(source) is not None


def read_sources(
    sources: Iterable[str],
    *,
    fetch: FetchPage,
    mapping: Mapping[str, str] | None = None,
    notice: Notice = ignore,
    follow: Follow = ignore,
) -> Iterator[Reading | Skipped]:
    """What the sources hold, in order, one result a report; what is at no address that can be fetched is a Skipped.

    Raises ValueError for a mapping of a field that reports do not have.
    """
    for source in sources:
        if not is_address(source):
            yield from readings(source, mapping=mapping, notice=notice, follow=follow)
            continue
        try:
            fetched = fetch(source)
        except FetchError as error:
            yield Skipped(origin=source, reason=error.reason)
        else:
            yield from read_fetched(fetched, origin=source, mapping=mapping, notice=notice)


def read_fetched(
    fetched: "Fetched",
    *,
    origin: str,
    known: Known | None = None,
    mapping: Mapping[str, str] | None = None,
    notice: Notice = ignore,
) -> Iterator[Reading | Skipped]:
    """What an answer of the web holds."""
    known = replace(known or Known(), url=fetched.url, charset=fetched.charset)
    return readings(fetched.body, origin=origin, mapping=mapping, known=known, notice=notice)


def source_of(origin: str) -> str | None:
    """The source to read again for the origin of a report: an address, else the longest opening of it that is a file, else None.

    >>> source_of("https://post.example/feed#3"), source_of("<stdin>:2")
    ('https://post.example/feed', None)
    """
    if is_address(origin):
        return origin.partition("#")[0]
    ends = [len(origin), *(found.start() for found in reversed(list(SEPARATOR.finditer(origin))))]
    return next((path for end in ends if end and (path := file_of(origin[:end])) is not None), None)
