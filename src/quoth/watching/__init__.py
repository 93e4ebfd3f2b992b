"""Feeds, asked again and again: what is new in each is read from its page and taken into the archive, once."""

from quoth.watching.opml import feeds_of, read_opml
from quoth.watching.watcher import INTERVAL, Polled, Rest, Taken, Watcher

__all__ = ["INTERVAL", "Polled", "Rest", "Taken", "Watcher", "feeds_of", "read_opml"]
