"""What a saved search has found as a feed: Atom (RFC 4287) and JSON Feed 1.1. Values in, text out."""

import datetime
import json
import re
import uuid
from dataclasses import dataclass
from html import escape
from typing import Any

from quoth.alerts.receipts import Receipt, receipt_json
from quoth.exports.html import UNSAFE

LONGEST_TITLE = 100
"""Characters of the words that stand in a title."""
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A statement in a feed: `id` is the same in each feed and after each run, `found` the moment the search found it."""

    id: str
    found: str
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFeed:
    """A feed of what a search has found, the latest first; `updated` is when it found something last, or was made.

    `page` is the address of the search for people, `itself` that of the feed, where it has them.
    """

    id: str
    title: str
    updated: str
    entries: tuple[Entry, ...]
    page: str | None = None
    itself: str | None = None


def entry_id(identity: str, receipt: Receipt) -> str:
    """The id of a statement in feeds, by its report, speaker and words: a corrected text or a newer extractor leaves it as it is."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([identity, receipt.speaker, receipt.words]))}"


def atom(feed: SearchFeed) -> str:
    """The feed as Atom (RFC 4287). What XML has no place for, and marks that turn the direction of writing, are U+FFFD in it."""
    entries = "".join(_atom_entry(entry) for entry in feed.entries)
    links = "".join(f'<link rel="{rel}" href="{_xml(to)}"/>' for rel, to in (("alternate", feed.page), ("self", feed.itself)) if to)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_xml(feed.id)}</id><title>{_xml(feed.title)}</title><updated>{_xml(feed.updated)}</updated>"
        f"{links}<generator>quoth</generator>\n{entries}</feed>\n"
    )


def json_feed(feed: SearchFeed) -> str:
    """The feed as JSON Feed 1.1; the member `_quoth` of each item is its whole receipt."""
    items = [_json_item(entry) for entry in feed.entries]
    links = {name: to for name, to in (("home_page_url", feed.page), ("feed_url", feed.itself)) if to}
    told = {"version": "https://jsonfeed.org/version/1.1", "title": feed.title, **links, "items": items}
    return json.dumps(_cleaned(told), ensure_ascii=False, indent=1) + "\n"


def headline(receipt: Receipt) -> str:
    """Who said what, on one short line; words that were denied or not said are never without that."""
    who = receipt.speaker or (f"“{receipt.source}”, unresolved" if receipt.source else "Unresolved")
    words = " ".join(receipt.words.split())
    short = words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
    return " ".join(f"{who}{f' ({receipt.negated})' if receipt.negated else ''}: {short}".split())


def _atom_entry(entry: Entry) -> str:
    receipt = entry.receipt
    link = f'<link rel="alternate" href="{_xml(receipt.link)}"/>' if receipt.link else ""
    published = f"<published>{_midnight(receipt.published)}</published>" if receipt.published else ""
    return (
        f"<entry><id>{_xml(entry.id)}</id><title>{_xml(headline(receipt))}</title><updated>{_xml(entry.found)}</updated>{published}"
        f"<author><name>{_xml(receipt.speaker or 'unresolved')}</name></author>{link}"
        f'<summary type="text">{_xml(_where(receipt))}</summary><content type="text">{_xml(receipt.words)}</content></entry>\n'
    )


def _json_item(entry: Entry) -> dict[str, Any]:
    receipt = entry.receipt
    item: dict[str, Any] = {
        "id": entry.id,
        "title": headline(receipt),
        "content_text": receipt.words,
        "summary": _where(receipt),
        "date_modified": entry.found,
    }
    if receipt.link:
        item["url"] = receipt.link
    if receipt.published:
        item["date_published"] = _midnight(receipt.published)
    if receipt.speaker:
        item["authors"] = [{"name": receipt.speaker}]
    return item | {"_quoth": receipt_json(receipt)}


def _where(receipt: Receipt) -> str:
    """How, when and where it was said, on one line."""
    said = f"said {receipt.said} ({receipt.said_precision})" if receipt.said else None
    published = str(receipt.published) if receipt.published else None
    facts = (receipt.negated, receipt.kind, receipt.cue, said, receipt.publisher, published, receipt.title)
    return " · ".join(" ".join(fact.split()) for fact in facts if fact)


def _midnight(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _plain(text: str) -> str:
    """Text without what a reader would obey rather than show."""
    return _NOT_XML.sub("\ufffd", UNSAFE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")))


def _cleaned(value: Any) -> Any:
    """The same value with every string in it plain."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list) else value


def _xml(text: str) -> str:
    return escape(_plain(text))
