"""OPML, the format in which feed readers hand on their subscriptions: the addresses of its feeds, read without trust."""

from pathlib import Path
from xml.parsers import expat

from quoth.errors import QuothError

MAX_BYTES = 10_000_000
MAX_FEEDS = 10_000


def read_opml(path: str) -> tuple[str, ...]:
    """The addresses of the feeds of an OPML file; raises QuothError if it cannot be read."""
    try:
        with Path(path).open("rb") as opened:
            return feeds_of(opened.read(MAX_BYTES + 1))
    except OSError as error:
        raise QuothError(error.strerror or str(error), concerns=path) from error
    except QuothError as error:
        raise QuothError(error.reason, concerns=path) from error


def feeds_of(raw: bytes) -> tuple[str, ...]:
    """The addresses of the feeds of an OPML document, each once, in order; raises QuothError.

    A document that declares a document type is refused, because that is where entities that grow without end are declared.

    >>> feeds_of(b'<opml><body><outline text="Harl Post" xmlUrl="https://post.example/feed"/></body></opml>')
    ('https://post.example/feed',)
    """
    if len(raw) > MAX_BYTES:
        raise QuothError(f"too large: more than {MAX_BYTES:,} bytes")
    feeds: dict[str, None] = {}
    names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not names:
            names.append(name.lower())
        url = next((written for key, written in attributes.items() if key.lower() == "xmlurl"), "").strip()
        if name.lower() == "outline" and url and len(feeds) < MAX_FEEDS:
            feeds[url] = None

    def refuse(*declared: object) -> None:
        raise QuothError("no OPML that can be trusted: it declares a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise QuothError(f"no OPML: {error}") from error
    if names != ["opml"]:
        raise QuothError("no OPML: its outermost element is another")
    if not feeds:
        raise QuothError("an OPML without feeds")
    return tuple(feeds)
