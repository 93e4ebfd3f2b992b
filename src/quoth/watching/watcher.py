"""The poller: asks each feed when it is due, reads what is new from the page it links to, and keeps every step in the archive.

The clock, the pauses and the network are given from outside; what an answer means is told by `polling`.
"""

import datetime
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from quoth.archive.rows import Feed
from quoth.errors import FetchError
from quoth.fetching import Fetched
from quoth.fetching.pace import LONGEST_PAUSE
from quoth.ingestion import Ingested, Ingestion
from quoth.reading.feeds import Entry
from quoth.types import Reading, Skipped
from quoth.watching.entries import Offer, entry_id, read_offer, read_own, read_page
from quoth.watching.polling import answered, due, failed, trouble, unfinished

INTERVAL = datetime.timedelta(minutes=30)


class Fetcher(Protocol):
    """What the poller needs of `fetching.Fetcher`."""

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """The answer at an address; raises FetchError."""

    def page(self, url: str) -> Fetched:
        """The answer at an address if it is a good one; raises FetchError."""

    def seconds_until_ready(self, url: str) -> float:
        """How long the host is still to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A feed was asked: how many entries are new, and what was wrong, if anything; `moved_to` is its new address."""

    feed: str
    entries: int = 0
    trouble: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An entry was taken in: from its page, or, if that could not be had (`trouble` says why), from the feed's own words."""

    feed: str
    ingested: Ingested
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is to be done for now: every feed that is due was asked, and its entries are taken in."""


class Job(NamedTuple):
    """The next thing to do: a feed to ask, or the first entry that waits in it."""

    feed: str
    wait: float
    entry: Entry | None


class Watcher:
    """Watches feeds: `run` goes on until it is stopped, `run(once=True)` until every feed was asked and its entries are taken in.

    `pause` sleeps for so many seconds, or until `stopped` becomes true.
    """

    def __init__(
        self,
        urls: Iterable[str],
        ingestion: Ingestion,
        fetcher: Fetcher,
        *,
        pause: Callable[[float], object],
        stopped: Callable[[], bool] = lambda: False,
        interval: datetime.timedelta = INTERVAL,
    ) -> None:
        self._ingestion, self._archive, self._fetcher = ingestion, ingestion.archive, fetcher
        self._pause, self._stopped, self._interval = pause, stopped, interval
        self._feeds = {url: self._archive.feed(url) or Feed(url=url) for url in urls}
        self._waiting: dict[str, deque[Entry]] = {}
        self._complete: dict[str, Feed] = {}
        self._served: dict[str, int] = {}
        self._polled: set[str] = set()

    def run(self, *, once: bool = False) -> Iterator[Polled | Taken | Rest]:
        """What happens, as it happens: each step is in the archive when it is told. Raises ArchiveError, ModelError."""
        while not self._stopped():
            job = self._next(once=once)
            if job is None:
                yield Rest()
                if once or not self._rest():
                    return
            elif job.wait > 0 and not (once and job.wait > LONGEST_PAUSE):
                self._pause(min(job.wait, LONGEST_PAUSE))
            else:
                self._served[job.feed] = self._served.get(job.feed, 0) + 1
                yield self._poll(self._feeds[job.feed]) if job.entry is None else self._take(job.feed, job.entry)

    def _next(self, *, once: bool) -> Job | None:
        """What can be done soonest; of several, what is of the feed that had its turn least often."""
        jobs = (job for feed in self._feeds.values() if (job := self._job(feed, once=once)) is not None)
        return min(jobs, key=lambda job: (job.wait, self._served.get(job.feed, 0)), default=None)

    def _job(self, feed: Feed, *, once: bool) -> Job | None:
        """The first entry that waits in a feed; else the feed itself, if it is due."""
        if waiting := self._waiting.get(feed.url):
            link = waiting[0].url
            return Job(feed.url, self._fetcher.seconds_until_ready(link) if link else 0.0, waiting[0])
        if self._is_due(feed, once=once):
            return Job(feed.url, self._fetcher.seconds_until_ready(feed.url), None)
        return None

    def _is_due(self, feed: Feed, *, once: bool) -> bool:
        """Whether a feed is to be asked; who asks once has a rhythm of his own, but a feed in trouble is left alone all the same."""
        if once and feed.url in self._polled:
            return False
        return due(feed, self._ingestion.now()) or (once and not feed.gone and not feed.failures)

    def _rest(self) -> bool:
        """Waits until the next feed is due; False if none will ever be."""
        polls = [feed.next_poll for feed in self._feeds.values() if feed.next_poll is not None and not feed.gone]
        if polls:
            self._pause(max(1.0, (min(polls) - self._ingestion.now()).total_seconds()))
        return bool(polls)

    def _poll(self, feed: Feed) -> Polled:
        """Asks a feed, and lines up what is new in it."""
        now = self._ingestion.now()
        try:
            fetched = self._fetcher.get(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        except FetchError as error:
            return self._failed(feed, error.reason)
        after = answered(feed, fetched, now=now, interval=self._interval)
        if wrong := trouble(fetched):
            self._put(feed, after)
            return Polled(feed=feed.url, trouble=wrong)
        offer = read_offer(fetched) if fetched.status == 200 else Offer(title=feed.title)
        if offer.trouble and not offer.entries:
            return self._failed(feed, offer.trouble)
        return self._line_up(feed, replace(after, title=offer.title or feed.title), offer)

    def _failed(self, feed: Feed, reason: str) -> Polled:
        self._put(feed, failed(feed, now=self._ingestion.now(), interval=self._interval))
        return Polled(feed=feed.url, trouble=reason)

    def _line_up(self, feed: Feed, after: Feed, offer: Offer) -> Polled:
        """Keeps where the feed stands, and lines up the entries that are new, the oldest first; feeds have the newest first."""
        partly = unfinished(after, feed)
        after = partly if offer.trouble else after
        entries = {entry_id(entry): entry for entry in offer.entries}
        with self._archive.transaction():
            self._put(feed, partly)
            new = [entries[id] for id in self._archive.unseen(after.url, entries)]
            if not new:
                self._put(partly, after)
        self._waiting[after.url] = deque(reversed(new))
        self._complete[after.url] = after
        moved_to = after.url if after.url != feed.url else None
        return Polled(feed=feed.url, entries=len(new), trouble=offer.trouble, moved_to=moved_to)

    def _put(self, before: Feed, after: Feed) -> None:
        """Keeps where a feed stands, under its new address if it has moved."""
        with self._archive.transaction():
            if before.url != after.url and self._archive.feed(before.url) is not None:
                self._archive.move_feed(before.url, after.url)
            self._archive.put_feed(after)
        self._feeds.pop(before.url, None)
        self._feeds[after.url] = after
        self._polled.add(after.url)

    def _take(self, url: str, entry: Entry) -> Taken:
        """Takes in the first entry that waits in a feed, in one transaction with the note that it was seen."""
        found, wrong = self._read(url, entry)
        reading, outcome = (found, None) if isinstance(found, Skipped) else self._ingestion.extracted(found)
        with self._archive.transaction():
            if wrong is not None and wrong != found:
                self._ingestion.skip(wrong)
            ingested = self._ingestion.skip(reading) if isinstance(reading, Skipped) else self._ingestion.keep(reading, outcome)
            self._archive.see(url, [entry_id(entry)], at=self._ingestion.now())
            if len(self._waiting[url]) == 1:
                self._put(self._feeds[url], self._complete[url])
        self._waiting[url].popleft()
        return Taken(feed=url, ingested=ingested, trouble=None if wrong is None else wrong.reason)

    def _read(self, url: str, entry: Entry) -> tuple[Reading | Skipped, Skipped | None]:
        """The report of an entry, from its page or else from the feed's own words; and what was wrong with the page."""
        own = f"{url}#{entry_id(entry)}"
        if entry.url is None:
            return read_own(entry, origin=own), None
        try:
            page = read_page(self._fetcher.page(entry.url), entry, origin=entry.url)
        except FetchError as error:
            page = Skipped(origin=entry.url, reason=error.reason)
        if isinstance(page, Reading):
            return page, None
        words = read_own(entry, origin=own)
        return page if isinstance(words, Skipped) else words, page
