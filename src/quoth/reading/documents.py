"""One document at a time: bytes whose kind is known to readings. What is read here is untrusted, and may be read in another process."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from quoth.errors import ArticleError
from quoth.reading.kinds import Kind
from quoth.reading.known import NOTHING, Known
from quoth.types import Reading, Skipped

if TYPE_CHECKING:
    from quoth.reading.feeds import Entry

Result = TypeVar("Result")
EXTRA = "pip install 'quoth[news]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of one document, or the path of a file that is too large to be held; what kind it is and what is known of it."""

    kind: Kind
    origin: str
    raw: bytes = field(default=b"", repr=False)
    path: str | None = None
    id: str | None = None
    known: Known = NOTHING
    mapping: Mapping[str, str] | None = None


def parse(document: Document) -> Iterator[Reading | Skipped]:
    """The readings of a document; what it does not hold or what is missing to read it is a Skipped.

    >>> [skipped] = parse(Document(kind="html", origin="a.html", raw=b"<p></p>"))
    >>> skipped.reason
    'no report in the page: no text that reads like an article'
    """
    return _guarded(document, _readings)


def entries(document: Document) -> Iterator["Entry | Skipped"]:
    """The entries of a feed, whether or not they hold a text; what is wrong with it is a Skipped."""
    return _guarded(document, _entries)


def _guarded(document: Document, read: Callable[[Document], Iterator[Result]]) -> Iterator[Result | Skipped]:
    try:
        yield from read(document)
    except ArticleError as error:
        yield Skipped(origin=document.origin, reason=error.reason)
    except ModuleNotFoundError as error:
        yield Skipped(origin=document.origin, reason=f"to read this, {EXTRA} ({(error.name or '').split('.')[0]} is missing)")
    except RecursionError:
        yield Skipped(origin=document.origin, reason="nested too deep to be read")


def _entries(document: Document) -> Iterator["Entry | Skipped"]:
    from quoth.reading import feeds

    yield from feeds.entries(document.raw, known=document.known)
    if trouble := feeds.breaks_off(document.raw):
        yield Skipped(origin=document.origin, reason=trouble)


def _readings(document: Document) -> Iterator[Reading | Skipped]:
    match document.kind:
        case "html":
            from quoth.reading.html import read_html

            yield read_html(document.raw, origin=document.origin, id=document.id, known=document.known)
        case "feed" | "jsonfeed":
            from quoth.reading.feeds import read_feed

            yield from read_feed(document.raw, origin=document.origin, known=document.known)
        case "ninjs":
            from quoth.reading.ninjs import read_ninjs

            yield from read_ninjs(document.raw, origin=document.origin)
        case "parquet":
            from quoth.reading.tables import read_parquet

            yield from read_parquet(document.path or document.raw, origin=document.origin, mapping=document.mapping)
        case "xml":
            raise ArticleError("XML that is neither a page nor a feed")
        case _:
            raise ArticleError(f"cannot be read: {document.kind}")
