"""What ingestion keeps in the archive besides reports: where each feed stands, and what could not be read."""

import datetime
from collections.abc import Iterable

from quoth.archive.database import Database
from quoth.archive.rows import Feed, SkippedRow
from quoth.types import Skipped


def moment(at: datetime.datetime | None) -> str | None:
    """A moment as the archive writes it: in UTC, to the second.

    >>> moment(datetime.datetime.fromisoformat("2024-03-05T09:30:00+01:00"))
    '2024-03-05T08:30:00+00:00'
    """
    if at is None:
        return None
    return (at if at.tzinfo is None else at.astimezone(datetime.UTC)).isoformat(timespec="seconds")


class Polling(Database):
    """Feeds, the entries seen in them, and skipped reports."""

    def skip(self, skipped: Skipped, *, source_sha256: str | None = None, at: datetime.datetime | None = None) -> None:
        """Keeps what could not be read, by its origin, and counts how often it was tried; storing a reading of that origin removes it."""
        with self.transaction():
            self.execute(
                """INSERT INTO skipped (origin, reason, source_sha256, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
                SET reason = excluded.reason, source_sha256 = excluded.source_sha256, at = excluded.at, tries = tries + 1""",
                (skipped.origin, skipped.reason, source_sha256, moment(at)),
            )

    def skipped(self) -> tuple[SkippedRow, ...]:
        """What could not be read yet, by origin."""
        rows = self.rows("SELECT origin, reason, source_sha256, at, tries FROM skipped ORDER BY origin")
        return tuple(
            SkippedRow(skipped=Skipped(origin=origin, reason=reason), source_sha256=sha256, at=at, tries=tries)
            for origin, reason, sha256, at, tries in rows
        )

    def forget_skipped(self, origin: str) -> None:
        """Takes an origin off the list of what could not be read."""
        with self.transaction():
            self.execute("DELETE FROM skipped WHERE origin = ?", (origin,))

    def feed(self, url: str) -> Feed | None:
        """Where the poller of a feed stands, None if the archive does not know it."""
        return next(iter(self._feeds("WHERE url = ?", (url,))), None)

    def feeds(self) -> tuple[Feed, ...]:
        """All feeds, by address."""
        return self._feeds("ORDER BY url", ())

    def put_feed(self, feed: Feed) -> None:
        """Keeps where the poller of a feed stands."""
        with self.transaction():
            self.execute(
                """INSERT INTO feeds (url, title, etag, last_modified, next_poll, failures, gone) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET title = excluded.title, etag = excluded.etag, last_modified = excluded.last_modified,
                next_poll = excluded.next_poll, failures = excluded.failures, gone = excluded.gone""",
                (feed.url, feed.title, feed.etag, feed.last_modified, moment(feed.next_poll), feed.failures, int(feed.gone)),
            )

    def move_feed(self, url: str, to: str) -> None:
        """Gives a feed its new address, with what was seen in it; a feed that is there already takes over what was seen."""
        with self.transaction():
            if url == to:
                return
            if self.feed(to) is None:
                self.execute("UPDATE feeds SET url = ? WHERE url = ?", (to, url))
            else:
                self.execute("INSERT OR IGNORE INTO entries SELECT ?, id, at FROM entries WHERE feed = ?", (to, url))
                self.execute("DELETE FROM feeds WHERE url = ?", (url,))

    def forget_feed(self, url: str) -> None:
        """Takes a feed off the list, with what was seen in it."""
        with self.transaction():
            self.execute("DELETE FROM feeds WHERE url = ?", (url,))

    def unseen(self, url: str, entries: Iterable[str]) -> tuple[str, ...]:
        """Those of some ids of entries that were not seen in a feed yet, in order, each once."""
        seen = "SELECT 1 FROM entries WHERE feed = ? AND id = ?"
        return tuple(entry for entry in dict.fromkeys(entries) if self.row(seen, (url, entry)) is None)

    def see(self, url: str, entries: Iterable[str], *, at: datetime.datetime | None = None) -> None:
        """Remembers ids of entries of a feed that the archive knows."""
        with self.transaction():
            for entry in entries:
                self.execute("INSERT OR IGNORE INTO entries (feed, id, at) VALUES (?, ?, ?)", (url, entry, moment(at)))

    def _feeds(self, rest: str, bindings: tuple[str, ...]) -> tuple[Feed, ...]:
        rows = self.rows(f"SELECT url, title, etag, last_modified, next_poll, failures, gone FROM feeds {rest}", bindings)
        return tuple(
            Feed(
                url=url,
                title=title,
                etag=etag,
                last_modified=modified,
                next_poll=datetime.datetime.fromisoformat(next_poll) if next_poll else None,
                failures=failures,
                gone=bool(gone),
            )
            for url, title, etag, modified, next_poll, failures, gone in rows
        )
