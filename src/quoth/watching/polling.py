"""When a feed is asked again: what each answer makes of the poller's state. No clock, no network, no file: values in, values out."""

import datetime
from dataclasses import replace

from quoth.archive.rows import Feed
from quoth.fetching import Fetched, status_name

LONGEST = datetime.timedelta(days=1)
"""However often a feed fails, and whatever it asks for: once a day it is tried."""
GONE = 410
GOOD = (200, 304)


def due(feed: Feed, now: datetime.datetime) -> bool:
    """Whether the feed is to be asked now."""
    return not feed.gone and (feed.next_poll is None or feed.next_poll <= now)


def answered(feed: Feed, answer: Fetched, *, now: datetime.datetime, interval: datetime.timedelta) -> Feed:
    """The state after an answer of the server.

    A good one (200, 304) is followed by the usual interval, a feed that has moved for good keeps its new address, one that is gone (410)
    is not asked again, and any other status is a failure.

    >>> noon = datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)
    >>> hour = datetime.timedelta(hours=1)
    >>> feed = answered(Feed(url="https://a.example/"), Fetched(url="https://a.example/", status=200), now=noon, interval=hour)
    >>> str(feed.next_poll - noon), answered(feed, Fetched(url="https://a.example/", status=410), now=noon, interval=hour).gone
    ('1:00:00', True)
    """
    if answer.status == GONE:
        return replace(feed, gone=True, next_poll=None)
    if answer.status not in GOOD:
        asked = datetime.timedelta(seconds=min(answer.retry_after or 0.0, LONGEST.total_seconds()))
        return failed(feed, now=now, interval=interval, at_least=asked)
    feed = replace(feed, url=answer.moved_to or feed.url, failures=0, next_poll=now + interval)
    if answer.status == 304:
        return feed
    return replace(feed, etag=answer.headers.get("etag"), last_modified=answer.headers.get("last-modified"))


def failed(
    feed: Feed, *, now: datetime.datetime, interval: datetime.timedelta, at_least: datetime.timedelta = datetime.timedelta(0)
) -> Feed:
    """The state after a failure: each one in a row doubles the wait, up to a day.

    >>> noon = datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)
    >>> feed = failed(Feed(url="https://a.example/", failures=2), now=noon, interval=datetime.timedelta(minutes=30))
    >>> str(feed.next_poll - noon), feed.failures
    ('4:00:00', 3)
    """
    doubled = interval * 2 ** min(feed.failures + 1, 10)
    wait = max(interval, min(doubled, LONGEST), at_least)
    return replace(feed, failures=feed.failures + 1, next_poll=now + wait)


def unfinished(feed: Feed, before: Feed) -> Feed:
    """The state while entries of the answer are still to be taken in: if that is broken off, the server must not say "nothing new"."""
    return replace(feed, etag=before.etag, last_modified=before.last_modified)


def trouble(answer: Fetched) -> str | None:
    """What is wrong with an answer, in one line, or None if it is a good one."""
    if answer.status in GOOD:
        return None
    if answer.status == GONE:
        return "gone for good (410); it is not asked again"
    return f"the server answers {status_name(answer.status)}"
