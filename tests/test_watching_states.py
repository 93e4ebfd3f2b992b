"""What an answer makes of a feed's state, and which feeds an OPML file names: values in, values out."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.archive import Feed
from quoth.errors import QuothError
from quoth.fetching import Fetched
from quoth.watching.opml import feeds_of, read_opml
from quoth.watching.polling import LONGEST, answered, due, failed, trouble, unfinished

NOON = datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
URL = "https://post.example/feed"
KNOWN = Feed(url=URL, title="Harl Post", etag='"v1"', last_modified="yesterday", next_poll=NOON, failures=3)


def answer(status: int, **fields: object) -> Fetched:
    return Fetched(url=URL, status=status, **fields)  # type: ignore[arg-type]


STEPS = [
    ("new entries", answer(200, headers={"etag": '"v2"'}), {"etag": '"v2"', "last_modified": None, "failures": 0}, 1),
    ("nothing new", answer(304, headers={"etag": '"v9"'}), {"failures": 0}, 1),
    ("moved for good", answer(304, moved_to="https://new.example/"), {"url": "https://new.example/", "failures": 0}, 1),
    ("moved to nothing", answer(404, moved_to="https://new.example/"), {"failures": 4}, 16),
    ("not found", answer(404), {"failures": 4}, 16),
    ("too many requests", answer(429, retry_after=17 * 3600.0), {"failures": 4}, 17),
    ("too many requests, soon again", answer(429, retry_after=5.0), {"failures": 4}, 16),
    ("down, for ever", answer(503, retry_after=1e12), {"failures": 4}, 24),
    ("down", answer(500), {"failures": 4}, 16),
    ("no content", answer(204), {"failures": 4}, 16),
]


@pytest.mark.parametrize(("label", "fetched", "changes", "hours"), STEPS, ids=[step[0] for step in STEPS])
def test_what_an_answer_makes_of_a_feed(label: str, fetched: Fetched, changes: dict[str, object], hours: int) -> None:
    expected = replace(KNOWN, **{"next_poll": NOON + hours * HOUR, **changes})  # type: ignore[arg-type]
    assert answered(KNOWN, fetched, now=NOON, interval=HOUR) == expected
    assert (trouble(fetched) is None) == (fetched.status in (200, 304))


def test_a_feed_that_is_gone_is_never_due_again() -> None:
    gone = answered(KNOWN, answer(410), now=NOON, interval=HOUR)
    assert gone == replace(KNOWN, gone=True, next_poll=None)
    assert not due(gone, NOON + 1000 * LONGEST)
    assert "not asked again" in (trouble(answer(410)) or "")


@given(st.integers(0, 10_000), st.integers(1, 60 * 24 * 400), st.floats(0, 1e15))
def test_a_failure_never_stops_a_feed_and_never_makes_it_hurry(failures: int, minutes: int, asked: float) -> None:
    interval = datetime.timedelta(minutes=minutes)
    feed = replace(KNOWN, failures=failures)
    for after in (failed(feed, now=NOON, interval=interval), answered(feed, answer(503, retry_after=asked), now=NOON, interval=interval)):
        assert after.next_poll is not None
        assert interval <= after.next_poll - NOON <= max(LONGEST, interval)
        assert due(after, after.next_poll) and not due(after, NOON)


def test_conditions_wait_for_the_entries() -> None:
    after = answered(KNOWN, answer(200, headers={"etag": '"v2"'}), now=NOON, interval=HOUR)
    assert unfinished(after, KNOWN) == replace(KNOWN, next_poll=NOON + HOUR, failures=0)


OPML = """<?xml version="1.0" encoding="{charset}"?>
<opml version="2.0"><head><title>Café</title></head><body>
<outline text="Papers"><outline type="rss" text="Harl Post" xmlUrl="https://post.example/feed?a=1&amp;b=2"/></outline>
<outline text="Café" xmlurl=" https://café.example/feed "/><outline text="none"/><outline xmlUrl=""/>
<outline text="again" xmlUrl="https://post.example/feed?a=1&amp;b=2"/></body></opml>"""


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_opml(charset: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_bytes(OPML.format(charset=charset).encode(charset))
    assert read_opml(str(path)) == ("https://post.example/feed?a=1&b=2", "https://café.example/feed")


BOMB = b"""<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<opml><body><outline xmlUrl="https://&c;"/></body></opml>"""
BAD_OPML = {
    "an entity bomb": (BOMB, "document type"),
    "a file of this machine": (b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml/>', "document type"),
    "a feed": (b'<rss version="2.0"><channel/></rss>', "outermost element"),
    "a page": (b"<html><body><p>Hello</body></html>", "no OPML: mismatched tag"),
    "nothing": (b"", "no element found"),
    "no feeds": (b"<opml><body/></opml>", "without feeds"),
    "cut off": (b'<opml><body><outline xmlUrl="https://a.example/"/>', "no OPML"),
    "an unknown charset": (b'<?xml version="1.0" encoding="none"?><opml/>', "no OPML"),
    "a multibyte charset": (b'<?xml version="1.0" encoding="shift_jis"?><opml/>', "no OPML"),
    "too deep": (b"<opml>" + b"<outline>" * 100_000, "no OPML"),
    "too large": (b"<opml>" + b" " * 10_000_001, "too large"),
}


@pytest.mark.parametrize("name", BAD_OPML)
def test_bad_opml_is_one_clear_reason(name: str) -> None:
    raw, expected = BAD_OPML[name]
    with pytest.raises(QuothError, match=expected) as refused:
        feeds_of(raw)
    assert "\n" not in str(refused.value)


def test_an_opml_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(QuothError, match=r"none\.opml: No such file or directory"):
        read_opml(str(tmp_path / "none.opml"))
