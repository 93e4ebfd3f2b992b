"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287) and JSON Feed 1.1, to entries and to readings of what the entries hold."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from quoth.errors import ArticleError
from quoth.reading.charsets import BOMS, decode
from quoth.reading.html import read_markup
from quoth.reading.known import NOTHING, Known
from quoth.reading.published import published_as
from quoth.reading.records import parse
from quoth.types import Published, Reading, Skipped

CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>?\s*(?:<!--.*?-->\s*)*\Z", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[!/?]?[a-zA-Z][^<>]*>")
DECLARED = re.compile(rb"<\?xml[^>]+encoding", re.IGNORECASE)
HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed: `content` is its HTML or its words, `full` whether the feed gives it as the content and not as a summary.

    `id` is the feed's own name for it, else its address; `url` is absolute, None where what the feed gives is no address of the web;
    `published` falls back on the day of the last change.
    """

    id: str | None
    url: str | None
    title: str | None
    author: str | None
    published: Published | None
    language: str | None
    publisher: str | None
    content: str | None = field(repr=False)
    full: bool


def read_feed(raw: bytes, *, origin: str, known: Known = NOTHING) -> Iterator[Reading | Skipped]:
    """One result an entry, in the order of the feed: what the entry itself holds. Raises ArticleError for what is no feed.

    >>> feed = b"<rss><channel><item><title>Rain</title><description>It rained.</description></item></channel></rss>"
    >>> [reading] = read_feed(feed, origin="feed.xml")
    >>> reading.article.title, reading.article.text
    ('Rain', 'It rained.')
    """
    count = 0
    for count, entry in enumerate(entries(raw, known=known), start=1):
        place = f"{origin}, entry {count}"
        try:
            yield _reading(entry, origin=place)
        except ArticleError as error:
            yield Skipped(
                origin=place, reason=error.reason + (f"; its page is at {entry.url}" if (entry.url or "").startswith("http") else "")
            )
    if trouble := breaks_off(raw):
        yield Skipped(origin=origin, reason=trouble)
    elif not count:
        yield Skipped(origin=origin, reason="the feed holds no entry")


def entries(raw: bytes, *, known: Known = NOTHING) -> Iterator[Entry]:
    """The entries of a feed, in its order; `known.url` is the feed's own address, from which relative links go out. Raises ArticleError."""
    start = raw[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    yield from _json_entries(raw, known.url) if start.startswith(b"{") else _xml_entries(raw, known)


def breaks_off(raw: bytes) -> str | None:
    """Why a feed in XML is not whole, or None."""
    text = raw if b"\x00" not in raw[:4] + raw[-4:] else decode(raw)[0].encode()
    whole = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or CLOSED.search(text[-2_000:])
    return None if whole else "damaged: the feed breaks off, its last element is not closed"


def _reading(entry: Entry, *, origin: str) -> Reading:
    """The reading of an entry's own content; raises ArticleError if it holds no words."""
    if not (entry.content or "").strip():
        raise ArticleError("the feed's entry has no text")
    source = entry.content or ""
    known = Known(
        url=entry.url, title=entry.title, author=entry.author, publisher=entry.publisher, language=entry.language,
        published=entry.published, fragment=True,
    )  # fmt: skip
    sha256 = hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()
    reading = read_markup(source, sha256=sha256, origin=origin, known=known)
    return replace(reading, canonical_url=entry.url)


def _xml_entries(raw: bytes, known: Known) -> Iterator[Entry]:
    parsed = _parsed(raw, known)
    feed = parsed.get("feed", {})
    if not parsed.get("version") and not parsed.entries and not feed and parsed.get("bozo"):
        raise ArticleError(f"damaged feed: {_line(str(parsed.get('bozo_exception')))}")
    base = known.url or next((link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self"), None) or feed.get("link")
    for entry in parsed.entries:
        content, full = _content(entry)
        written = entry.get("published") or entry.get("updated")
        yield Entry(
            id=_line(entry.get("id")) or _line(entry.get("link")), url=_address(base, entry.get("link")), title=_words(entry.get("title")),
            author=_words(entry.get("author")), published=published_as(written, "feed") if isinstance(written, str) else None,
            language=_line(entry.get("language")) or _line(feed.get("language")), publisher=_words(feed.get("title")),
            content=content, full=full,
        )  # fmt: skip


def _parsed(raw: bytes, known: Known) -> Any:
    """What feedparser makes of a feed; raises ArticleError if it breaks down over it."""
    import feedparser

    charset = known.charset or _charset(raw)
    headers = {"content-location": known.url} if known.url else {}
    headers |= {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        # Never the bytes themselves: feedparser takes bytes that look like a path or an address for one, and opens it.
        return feedparser.parse(io.BytesIO(raw), response_headers=headers)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ArticleError(f"damaged feed: {type(error).__name__} in feedparser") from None


def _charset(raw: bytes) -> str | None:
    """The charset of a feed that declares none and is not in UTF-8, by a guess."""
    if raw.startswith(tuple(mark for mark, _ in BOMS)) or DECLARED.search(raw[:500]):
        return None
    charset = decode(raw)[1]
    return None if charset == "utf-8" else charset


def _content(entry: Any) -> tuple[str | None, bool]:
    """The content of an entry, HTML before other types and long before short, and whether it is the content; else its summary."""
    contents = [one for one in entry.get("content", ()) if isinstance(one.get("value"), str)]
    if contents:
        best = max(contents, key=lambda one: (one.get("type") in HTML_TYPES, len(one["value"])))
        if best["value"].strip():
            return best["value"], best.get("value") != entry.get("summary")
    return entry.get("summary"), False


def _json_entries(raw: bytes, url: str | None) -> Iterator[Entry]:
    feed = parse(decode(raw)[0])
    base = url or (_line(feed.get("feed_url")) if isinstance(feed, dict) else None)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ArticleError('damaged feed: no "items"')
    for one in items:
        yield _json_entry(one if isinstance(one, dict) else {}, feed, base)


def _json_entry(told: Mapping[str, Any], feed: Mapping[str, Any], base: str | None) -> Entry:
    content = next(
        (told[name] for name in ("content_html", "content_text") if isinstance(told.get(name), str) and told[name].strip()), None
    )
    written = next((told[name] for name in ("date_published", "date_modified") if isinstance(told.get(name), str)), None)
    link = next((told[name] for name in ("url", "external_url") if isinstance(told.get(name), str)), None)
    summary = told.get("summary")
    return Entry(
        id=_line(told.get("id")) or _line(link), url=_address(base, link), title=_words(told.get("title")),
        author=_authors(told) or _authors(feed),
        published=published_as(written, "feed") if written else None, language=_line(told.get("language")) or _line(feed.get("language")),
        publisher=_words(feed.get("title")), content=content or (summary if isinstance(summary, str) else None), full=content is not None,
    )  # fmt: skip


def _authors(told: Mapping[str, Any]) -> str | None:
    authors = told.get("authors")
    people = authors if isinstance(authors, list) else [told.get("author")]
    names = [name for person in people if isinstance(person, dict) and (name := _words(person.get("name")))]
    return ", ".join(names) or None


def _address(base: object, link: object) -> str | None:
    """Where a link leads from some base, if that is an address of the web; the feed's own ids often stand where a link should."""
    try:
        address = urljoin(_line(base) or "", _line(link) or "")
        parts = urlsplit(address)
        return address if link and parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _line(written: object) -> str | None:
    """A string on one line, without the lone surrogates that JSON may hold; None for anything else."""
    return " ".join(written.split()).encode("utf-8", "replace").decode() or None if isinstance(written, str) else None


def _words(written: object) -> str | None:
    """A title or name without the tags that some feeds put in it."""
    return _line(unescape(TAG.sub("", written))) if isinstance(written, str) else None
