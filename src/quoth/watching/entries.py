"""What a feed offers, and the report behind an entry: its page, or the words that the feed itself has of it. No network here."""

import hashlib
from dataclasses import dataclass, replace

from quoth.fetching import Fetched
from quoth.reading import LIMITS, Known, Limits, feed_entries, readings
from quoth.reading.documents import Document
from quoth.reading.feeds import Entry
from quoth.reading.sources import english, parsing
from quoth.types import Reading, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed as it was read: its title, its entries in its order, and what was wrong with it, if anything."""

    title: str | None = None
    entries: tuple[Entry, ...] = ()
    trouble: str | None = None


def read_offer(fetched: Fetched, *, limits: Limits | None = LIMITS) -> Offer:
    """The entries of a feed that was fetched.

    >>> feed = b"<rss><channel><item><link>https://post.example/1</link></item></channel></rss>"
    >>> offer = read_offer(Fetched(url="https://post.example/feed", status=200, body=feed), limits=None)
    >>> [entry.url for entry in offer.entries], offer.trouble
    (['https://post.example/1'], None)
    """
    known = Known(url=fetched.url, charset=fetched.charset)
    found = list(feed_entries(fetched.body, origin=fetched.url, known=known, limits=limits))
    entries = tuple(entry for entry in found if not isinstance(entry, Skipped))
    troubles = [entry.reason for entry in found if isinstance(entry, Skipped)]
    title = next((entry.publisher for entry in entries if entry.publisher), None)
    return Offer(title=title, entries=entries, trouble=next(iter(troubles), None))


def entry_id(entry: Entry) -> str:
    """By what an entry is known again: the feed's own name for it (guid, id), else its address, else a hash of its words."""
    words = "\n".join(part or "" for part in (entry.title, entry.content))
    return entry.id or entry.url or hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def read_page(fetched: Fetched, entry: Entry, *, origin: str) -> Reading | Skipped:
    """The report on the page that an entry links to; what the page does not tell of itself, the feed may."""
    known = replace(known_of(entry), url=fetched.url, charset=fetched.charset)
    return next(readings(fetched.body, origin=origin, known=known), Skipped(origin=origin, reason="the page is empty"))


def read_own(entry: Entry, *, origin: str, limits: Limits | None = LIMITS) -> Reading | Skipped:
    """The report as the feed itself has it."""
    if not (entry.content or "").strip():
        return Skipped(origin=origin, reason="the feed's entry has no text")
    raw = (entry.content or "").encode("utf-8", "replace")
    document = Document(kind="html", origin=origin, raw=raw, known=replace(known_of(entry), fragment=True, charset="utf-8"))
    result = english(next(parsing(limits)(document)))
    return result if isinstance(result, Skipped) else replace(result, canonical_url=entry.url)


def known_of(entry: Entry) -> Known:
    """What a feed tells of a report."""
    return Known(
        url=entry.url, title=entry.title, author=entry.author, publisher=entry.publisher, language=entry.language, published=entry.published
    )
