"""Saved searches: what is new for each since it was run last, as values and as feeds (Atom, JSON Feed)."""

from quoth.alerts.feeds import SearchFeed, atom, json_feed
from quoth.alerts.publishing import feed_of, write_feeds
from quoth.alerts.receipts import Receipt, receipt_of
from quoth.alerts.running import Alert, run_alerts
from quoth.alerts.searches import SavedSearch, add_search, remove_search, searches

__all__ = [
    "Alert",
    "Receipt",
    "SavedSearch",
    "SearchFeed",
    "add_search",
    "atom",
    "feed_of",
    "json_feed",
    "receipt_of",
    "remove_search",
    "run_alerts",
    "searches",
    "write_feeds",
]
