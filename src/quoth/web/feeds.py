"""A search as a feed: Atom (RFC 4287) and JSON Feed 1.1."""

import datetime
import json
import re
from collections.abc import Sequence
from html import escape

from quoth.archive import Hit
from quoth.exports.html import UNSAFE
from quoth.exports.links import safe_url
from quoth.web.questions import report_address, statement_address

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = datetime.date(1970, 1, 1)


def atom(hits: Sequence[Hit], *, root: str, page: str, itself: str, title: str) -> str:
    """Statements as an Atom feed; `root` is where the room stands, `page` the search, `itself` the feed."""
    newest = max((hit.published for hit in hits if hit.published), default=EPOCH)
    entries = "".join(_entry(hit, root) for hit in hits)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_xml(root + itself)}</id><title>{_xml(title)}</title><updated>{_moment(newest)}</updated>\n"
        f'<link rel="self" href="{_xml(root + itself)}"/><link rel="alternate" href="{_xml(root + page)}"/>\n{entries}</feed>\n'
    )


def json_feed(hits: Sequence[Hit], *, root: str, page: str, itself: str, title: str) -> str:
    """Statements as a JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": root + page,
        "feed_url": root + itself,
        "items": [
            {
                "id": root + statement_address(hit.id),
                "url": root + statement_address(hit.id),
                **({"external_url": url} if (url := safe_url(hit.url)) else {}),
                "title": _headline(hit),
                "content_text": hit.words,
                **({"date_published": _moment(hit.published)} if hit.published else {}),
                **({"authors": [{"name": _speaker(hit)}]} if hit.speaker else {}),
                **({"tags": list(hit.about)} if hit.about else {}),
            }
            for hit in hits
        ],
    }
    return json.dumps(feed, ensure_ascii=False)


def _entry(hit: Hit, root: str) -> str:
    page, told = root + statement_address(hit.id), " – ".join(part for part in (hit.publisher, hit.title) if part)
    return (
        f"<entry><id>{_xml(page)}</id><title>{_xml(_headline(hit))}</title>"
        f"<updated>{_moment(hit.published or EPOCH)}</updated><author><name>{_xml(_speaker(hit) or 'unresolved')}</name></author>"
        f'<link rel="alternate" href="{_xml(page)}"/>'
        f'<link rel="related" href="{_xml(root + report_address(hit.report, statement=hit.id))}" title="{_xml(told)}"/>'
        f'<content type="text">{_xml(hit.words)}</content></entry>\n'
    )


def _headline(hit: Hit) -> str:
    words = hit.words if len(hit.words) <= 100 else f"{hit.words[:99]}…"
    return f"{_speaker(hit) or hit.source or 'Unresolved'}: {words}"


def _speaker(hit: Hit) -> str | None:
    return hit.person_name or hit.speaker


def _moment(date: datetime.date) -> str:
    return f"{date.isoformat()}T00:00:00Z"


def _xml(text: str) -> str:
    """Text for XML 1.0, which has no place for most control characters."""
    return escape(_NOT_XML.sub("\ufffd", UNSAFE.sub("\ufffd", text)))
