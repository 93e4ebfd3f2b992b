"""News in JSON as agencies send it: IPTC ninjs 1, 2 and 3."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from quoth.errors import ArticleError
from quoth.reading.charsets import decode
from quoth.reading.html import read_markup
from quoth.reading.known import Known
from quoth.reading.published import day_of, published_as
from quoth.reading.records import parse, read_row
from quoth.types import Published, Reading, Skipped

DATES = ("firstcreated", "firstCreated", "versioncreated", "versionCreated")
HTML_BODIES = ("body_xhtml", "body_html")
Told = Mapping[str, Any]


def read_ninjs(raw: bytes, *, origin: str) -> Iterator[Reading | Skipped]:
    """One result a news item: of one object, an array of them, or the members of an object's "items". Raises ArticleError.

    >>> news = b'{"uri": "n1", "headline": "Rain", "versioncreated": "2024-03-05T09:00:00Z", "body_text": "It rained."}'
    >>> [reading] = read_ninjs(news, origin="n1.json")
    >>> reading.article.title, str(reading.article.published)
    ('Rain', '2024-03-05')
    """
    told = parse(decode(raw)[0])
    several = told if isinstance(told, list) else told.get("items") if isinstance(told, dict) else None
    pieces = several if isinstance(several, list) else [told]
    for number, piece in enumerate(pieces, start=1):
        place = origin if len(pieces) == 1 else f"{origin}, report {number}"
        try:
            yield _reading(piece, origin=place)
        except ArticleError as error:
            yield Skipped(origin=place, reason=error.reason)


def _reading(told: object, *, origin: str) -> Reading:
    """The reading of one news item; raises ArticleError if it holds no text."""
    if not isinstance(told, dict):
        raise ArticleError("not a JSON object")
    words, marked_up = _body(told)
    if words is None:
        raise ArticleError(f"the news item has no text (type {str(told.get('type', 'unknown'))[:40]!r})")
    fields = {
        "id": _string(told.get("uri")), "url": _address(told), "title": _role(told, "headline", "headlines") or _string(told.get("title")),
        "author": _role(told, "byline", "bylines"), "language": _string(told.get("language")), "publisher": _publisher(told),
    }  # fmt: skip
    if not marked_up:
        reading = read_row({**fields, "text": words}, origin=origin)
        return _dated(reading, _published(told))
    identity, rest = fields.pop("id"), {name: value for name, value in fields.items() if value}
    sha256 = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
    known = Known(fragment=True, published=_published(told), **rest)
    return read_markup(words, sha256=sha256, origin=origin, id=identity, known=known)


def _dated(reading: Reading, published: Published | None) -> Reading:
    return replace(reading, published=published, article=replace(reading.article, published=day_of(published)))


def _body(told: Told) -> tuple[str | None, bool]:
    """The body of a news item, HTML before plain text, and whether it is HTML."""
    marked_up = [told.get(name) for name in HTML_BODIES]
    plain = [told.get("body_text")]
    for body in told.get("bodies") or () if isinstance(told.get("bodies"), list) else ():
        if isinstance(body, dict):
            html = "html" in str(body.get("contenttype") or body.get("contentType") or body.get("role") or "").lower()
            (marked_up if html else plain).append(body.get("value"))
    for bodies, is_html in ((marked_up, True), (plain, False)):
        if words := next((body for body in bodies if isinstance(body, str) and body.strip()), None):
            return words, is_html
    return None, False


def _role(told: Told, name: str, several: str) -> str | None:
    """A headline or byline: its own key (ninjs 1), or the first of a list (ninjs 2 and 3)."""
    listed = told.get(several)
    values = [one.get("value") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return next((found for value in (told.get(name), *values) if (found := _string(value))), None)


def _publisher(told: Told) -> str | None:
    sources = told.get("infosources") or told.get("infosource")
    names = [one.get("name") for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    return next((found for value in (*names, told.get("copyrightholder"), told.get("copyrightHolder")) if (found := _string(value))), None)


def _address(told: Told) -> str | None:
    return next((url for name in ("url", "uri") if (url := _string(told.get(name))) and url.startswith(("http://", "https://"))), None)


def _published(told: Told) -> Published | None:
    return next((date for name in DATES if (written := _string(told.get(name))) and (date := published_as(written, "header"))), None)


def _string(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
