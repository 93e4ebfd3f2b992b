"""Watching feeds: when each is asked, what is taken from it, and that no entry is taken twice or lost."""

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st
from serving import Answer, Page, Site, serving
from typer.testing import CliRunner, Result

import quoth
import quoth.fetching
from quoth import cli
from quoth.archive import Archive, Feed
from quoth.cli import watch as watch_command
from quoth.errors import FetchError, QuothError
from quoth.fetching import Fetched, Fetcher
from quoth.ingestion import Ingestion
from quoth.reading.feeds import Entry
from quoth.types import Article, Reading, Skipped
from quoth.watching import watcher as watcher_module
from quoth.watching.entries import Offer
from quoth.watching.opml import feeds_of, read_opml
from quoth.watching.polling import LONGEST, answered, due, failed, trouble, unfinished
from quoth.watching.watcher import Polled, Taken, Watcher

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


@dataclass
class World:
    """A clock, and a web of feeds and pages that lives by it. A feed's body has a line for each entry: its id, its page, its own words."""

    pages: dict[str, Fetched | FetchError | Callable[[str | None], Fetched]] = field(default_factory=dict)
    time: datetime.datetime = NOON
    asked: list[str] = field(default_factory=list)
    held: dict[str, datetime.datetime] = field(default_factory=dict)
    stop_after: int | None = None

    def now(self) -> datetime.datetime:
        return self.time

    def pause(self, seconds: float) -> None:
        assert seconds > 0
        self.time += datetime.timedelta(seconds=seconds)

    def stopped(self) -> bool:
        return self.stop_after is not None and len(self.asked) >= self.stop_after

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        self.asked.append(url)
        page = self.pages.get(url, Fetched(url=url, status=404))
        if isinstance(page, FetchError):
            raise page
        return page if isinstance(page, Fetched) else page(etag)

    def page(self, url: str) -> Fetched:
        fetched = self.get(url)
        if fetched.status != 200:
            raise FetchError(f"the server answers {fetched.status}", concerns=url)
        return fetched

    def seconds_until_ready(self, url: str) -> float:
        host = url.split("/")[2]
        return max(0.0, (self.held[host] - self.time).total_seconds()) if host in self.held else 0.0

    def put_feed(self, url: str, *lines: str, etag: str = '"v1"') -> None:
        body = "\n".join(lines).encode()
        answers = {True: Fetched(url=url, status=304), False: Fetched(url=url, status=200, headers={"etag": etag}, body=body)}
        self.pages[url] = lambda known: answers[known == etag]

    def put_page(self, url: str, text: str) -> None:
        self.pages[url] = Fetched(url=url, status=200, body=text.encode())

    def watcher(self, archive: Archive, *urls: str) -> Watcher:
        ingestion = Ingestion(archive, toy.extract_article, extractor="toy 1", now=self.now)
        return Watcher(urls, ingestion, self, pause=self.pause, stopped=self.stopped, interval=HOUR)

    def run(self, archive: Archive, *urls: str, stop_after: int | None = None) -> list[Polled | Taken]:
        """What is told until so many addresses were asked; without a number, of one round."""
        self.stop_after = None if stop_after is None else len(self.asked) + stop_after
        return list(self.watcher(archive, *urls).run(once=stop_after is None))


@pytest.fixture(autouse=True)
def _plain_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds of lines and pages of words, so that only the poller is tested; what is real has a mark of its own."""
    if "real_pages" not in request.fixturenames:
        monkeypatch.setattr(watcher_module, "read_offer", read_lines)
        monkeypatch.setattr(watcher_module, "read_page", read_plain_page)
        monkeypatch.setattr(watcher_module, "read_own", lambda entry, origin: read_words(entry.content, entry.url, origin))


def read_lines(fetched: Fetched) -> Offer:
    if fetched.body == b"broken":
        return Offer(trouble="no feed")
    lines = [line.split(" ", 2) for line in fetched.body.decode().splitlines()]
    whole = [line for line in lines if line != ["cut"]]
    return Offer(title="A feed", entries=tuple(entry(*line) for line in whole), trouble=None if whole == lines else "breaks off")


def read_plain_page(fetched: Fetched, entry: Entry, origin: str) -> Reading | Skipped:
    return read_words(fetched.body.decode(), fetched.url, origin)


def entry(id: str, link: str, words: str = "") -> Entry:
    return Entry(
        id=id, url=None if link == "-" else link, title=None, author=None, published=None, language=None, publisher=None, content=words,
        full=True,
    )  # fmt: skip


def read_words(text: str, url: str | None, origin: str) -> Reading | Skipped:
    if not text:
        return Skipped(origin=origin, reason="no report")
    return Reading(article=Article.of(text, url=url), origin=origin, source_sha256="", source_length=len(text), reader="test 1")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        yield opened


@pytest.fixture
def world() -> World:
    """A feed with two entries, the newest first."""
    world = World()
    world.put_feed(URL, "2 https://post.example/2", "1 https://post.example/1")
    world.put_page("https://post.example/1", "“It rains,” said Mara Lind.")
    world.put_page("https://post.example/2", "“It hails,” said Mara Lind.")
    return world


def texts(archive: Archive) -> list[str]:
    return [report.article.text for report in archive.every_report()]


def test_entries_are_read_from_their_pages_the_oldest_first(world: World, archive: Archive) -> None:
    polled, *taken = world.run(archive, URL)
    assert polled == Polled(feed=URL, entries=2)
    assert [(step.ingested.ending, step.trouble) for step in taken if isinstance(step, Taken)] == [("stored", None)] * 2
    assert texts(archive) == ["“It rains,” said Mara Lind.", "“It hails,” said Mara Lind."]
    assert world.asked == [URL, "https://post.example/1", "https://post.example/2"]
    assert archive.feed(URL) == Feed(url=URL, title="A feed", etag='"v1"', next_poll=NOON + HOUR)


def test_nothing_is_read_twice(world: World, archive: Archive) -> None:
    world.run(archive, URL)
    world.asked.clear()
    assert world.run(archive, URL) == [Polled(feed=URL)]
    world.put_feed(URL, "3 https://post.example/3", "2 https://post.example/2?from=feed", etag='"v2"')
    world.put_page("https://post.example/3", "“It snows,” said Mara Lind.")
    assert len(world.run(archive, URL)) == 2
    assert world.asked == [URL, URL, "https://post.example/3"]


@pytest.mark.parametrize("stop_after", [1, 2])
def test_what_is_broken_off_is_taken_up(stop_after: int, world: World, archive: Archive) -> None:
    world.run(archive, URL, stop_after=stop_after)
    feed = archive.feed(URL)
    assert feed is not None and feed.etag is None
    assert len(texts(archive)) == stop_after - 1
    world.run(archive, URL)
    assert len(texts(archive)) == 2
    feed = archive.feed(URL)
    assert feed is not None and feed.etag == '"v1"'
    assert sorted(world.asked) == sorted([URL, URL, "https://post.example/1", "https://post.example/2"])


def test_it_goes_on_until_it_is_stopped(world: World, archive: Archive) -> None:
    world.run(archive, URL, stop_after=8)
    assert world.asked[3:] == [URL] * 5
    assert world.time == NOON + 5 * HOUR


@pytest.mark.parametrize(
    ("page", "trouble"),
    [
        (FetchError("robots.txt does not allow it"), "robots.txt does not allow it"),
        (Fetched(url="", status=503), "the server answers 503"),
        (Fetched(url="https://post.example/1", status=200), "no report"),
    ],
    ids=["forbidden", "down", "no report"],
)
@pytest.mark.parametrize("own", ["“It drizzles,” said Mara Lind.", ""])
def test_the_feeds_own_words_stand_in_for_a_page(own: str, page: Fetched | FetchError, trouble: str, archive: Archive) -> None:
    world = World()
    world.put_feed(URL, f"1 https://post.example/1 {own}".strip())
    world.pages["https://post.example/1"] = page
    [_, taken] = world.run(archive, URL)
    assert isinstance(taken, Taken) and taken.trouble == trouble
    assert texts(archive) == [own] * bool(own)
    assert [(row.skipped.origin, row.skipped.reason) for row in archive.skipped()] == [("https://post.example/1", trouble)]


def test_entries_without_a_page(archive: Archive) -> None:
    world = World()
    world.put_feed(URL, "1 - “It rains,” said Mara Lind.", "2 -")
    world.run(archive, URL)
    assert len(texts(archive)) == 1
    assert [row.skipped for row in archive.skipped()] == [Skipped(origin=f"{URL}#2", reason="no report")]


def test_a_feed_that_has_moved_is_known_by_its_new_address(world: World, archive: Archive) -> None:
    world.run(archive, URL)
    new = "https://new.example/feed"
    world.put_feed(new, "2 https://post.example/2", "1 https://post.example/1")
    body = b"2 https://post.example/2\n1 https://post.example/1"
    world.pages[URL] = Fetched(url=new, status=200, headers={"etag": '"v1"'}, body=body, moved_to=new)
    assert world.run(archive, URL) == [Polled(feed=URL, moved_to=new)]
    assert [feed.url for feed in archive.feeds()] == [new]
    world.asked.clear()
    assert world.run(archive, URL, new, stop_after=5)[0] == Polled(feed=URL, moved_to=new)
    assert world.asked == [URL, new, new, new, new]
    assert len(texts(archive)) == 2


def test_a_feed_that_is_gone_is_not_asked_again(world: World, archive: Archive) -> None:
    world.pages[URL] = Fetched(url=URL, status=410)
    [polled] = world.run(archive, URL)
    assert isinstance(polled, Polled) and polled.trouble is not None and "not asked again" in polled.trouble
    assert world.run(archive, URL) == []
    assert world.run(archive, URL, stop_after=1) == []
    assert world.asked == [URL]


@pytest.mark.parametrize("page", [FetchError("no connection"), Fetched(url=URL, status=500), Fetched(url=URL, status=200, body=b"broken")])
def test_a_feed_in_trouble_is_asked_less_and_less(page: Fetched | FetchError, archive: Archive) -> None:
    world = World(pages={URL: page})
    steps = world.run(archive, URL, stop_after=4)
    assert all(isinstance(step, Polled) and step.trouble for step in steps)
    assert world.time == NOON + (2 + 4 + 8) * HOUR
    assert world.run(archive, URL) == []  # not even by those who ask once


def test_feeds_take_turns_and_a_host_that_is_held_keeps_nobody_waiting(archive: Archive) -> None:
    world = World()
    urls = [f"https://{name}.example/feed" for name in "abc"]
    for url in urls:
        host = url.removesuffix("feed")
        world.put_feed(url, f"2 {host}2", f"1 {host}1")
        for number in (1, 2):
            world.put_page(f"{host}{number}", f"“It rains,” said {host.split('/')[2][0].upper()}ara Lind, again {number}.")
    world.held["c.example"] = NOON + datetime.timedelta(seconds=30)
    world.run(archive, *urls)
    hosts = [url.split("/")[2][0] for url in world.asked]
    assert hosts == ["a", "b", "a", "b", "a", "b", "c", "c", "c"]
    assert world.time == NOON + datetime.timedelta(seconds=30)


def test_who_asks_once_does_not_wait_for_an_hour(world: World, archive: Archive) -> None:
    world.held["post.example"] = NOON + HOUR
    world.run(archive, URL)
    assert world.time == NOON


def test_a_step_that_fails_leaves_the_entry_unseen(world: World, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = world.watcher(archive, URL)
    with monkeypatch.context() as broken:
        broken.setattr(archive, "see", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            list(watcher.run(once=True))
    assert texts(archive) == []
    assert len(world.run(archive, URL)) == 3


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes_and_asked_for_in_full(world: World, archive: Archive) -> None:
    world.put_feed(URL, "2 https://post.example/2", "cut")
    polled, _ = world.run(archive, URL)
    assert polled == Polled(feed=URL, entries=1, trouble="breaks off")
    feed = archive.feed(URL)
    assert feed is not None and (feed.etag, feed.failures) == (None, 0)
    world.put_feed(URL, "2 https://post.example/2", "1 https://post.example/1")
    assert len(world.run(archive, URL)) == 2
    assert len(texts(archive)) == 2


# --- the command, over a site of this machine

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2024-03-05T09:30:00+01:00"></head><body>
<article><h1>{title}</h1>
<p>“It {said},” said Mara Lind, who has run the harbour of Harl for nine years.</p>
<p>She told the council on Monday that the bridge would stay closed, and that the ferry would go twice as often from now on.</p></article>
</body></html>"""
ITEM = """<item><guid isPermaLink="false">tag:post.example:{number}</guid><link>{root}/{number}.html</link><title>Report {number}</title>
<pubDate>Tue, 05 Mar 2024 23:30:00 -0500</pubDate>
<description>“In short, {said},” said Mara Lind of the harbour, and left the room.</description></item>"""


def rss(root: str, **items: str) -> bytes:
    listed = "".join(ITEM.format(root=root, number=number.strip("_"), said=said) for number, said in items.items())
    return f"<rss version='2.0'><channel><title>Harl Post</title>{listed}</channel></rss>".encode()


@pytest.fixture
def real_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A paper with a feed of two reports, one of which robots.txt forbids."""
    monkeypatch.setattr(quoth.fetching, "Fetcher", partial(Fetcher, pause=0.0))
    monkeypatch.setattr(watch_command, "extractor_of", lambda people: (toy.extract_article, "toy 1"))
    pages: dict[str, Page] = {
        "/robots.txt": Answer(body=b"User-agent: *\nDisallow: /2.html"),
        "/1.html": Answer(body=PAGE.format(title="Rain", said="rained").encode(), headers={"Content-Type": "text/html"}),
        "/2.html": Answer(body=PAGE.format(title="Hail", said="hailed").encode()),
    }
    with serving(pages) as site:
        body = rss(site.root, _2="it hailed", _1="it rained")
        pages["/feed"] = lambda headers: (
            Answer(status=304) if headers.get("if-none-match") == '"v1"' else Answer(headers={"ETag": '"v1"'}, body=body)
        )
        yield site


def watch(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["watch", "--once", "--allow-private", *map(str, arguments)], prog_name="quoth")


def test_watch_once(real_pages: Site, tmp_path: Path) -> None:
    path, feed = tmp_path / "quoth.db", real_pages.url("/feed")
    result = watch(feed, "--archive", path)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"{feed}: 2 new",
        f"  stored: {real_pages.url('/1.html')} (1 statement)",
        f"  stored: {feed}#tag:post.example:2 (1 statement)",
    ]
    assert result.stderr == f"quoth: note: {feed}#tag:post.example:2: its site's robots.txt does not allow it\n"
    with Archive.open(path) as archive:
        rain, hail = (report.reading for report in archive.every_report())
        assert [row.skipped.origin for row in archive.skipped()] == [real_pages.url("/2.html")]
    assert (rain.article.title, str(rain.article.published), rain.article.publisher) == ("Rain", "2024-03-05", "Harl Post")
    assert (hail.article.title, str(hail.article.published), hail.article.url) == ("Report 2", "2024-03-05", real_pages.url("/2.html"))
    assert hail.article.text == "“In short, it hailed,” said Mara Lind of the harbour, and left the room."
    again = watch(feed, "--archive", path)
    assert (again.exit_code, again.output) == (0, "")
    assert real_pages.paths == ["/feed", "/1.html", "/feed"]


def test_watch_an_opml_file_and_tell_each_step(real_pages: Site, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(f'<opml><body><outline xmlUrl="{real_pages.url("/feed")}"/></body></opml>', "utf-8")
    result = watch(opml, opml, "--archive", tmp_path / "quoth.db", "--json")
    steps = [json.loads(line) for line in result.stdout.splitlines()]
    assert [step.get("entries", step.get("ending")) for step in steps] == [2, "stored", "stored"]


def test_a_feed_that_has_moved_is_told_and_one_in_trouble_is_exit_1(real_pages: Site, tmp_path: Path) -> None:
    path, feed = tmp_path / "quoth.db", real_pages.url("/feed")
    real_pages.pages["/old"] = Answer(status=301, headers={"Location": "/feed"})
    real_pages.pages["/gone"] = Answer(status=410)
    real_pages.pages["/busy"] = Answer(status=429, headers={"Retry-After": "5000"})
    real_pages.pages["/page"] = real_pages.pages["/1.html"]
    result = watch(*(real_pages.url(page) for page in ("/old", "/gone", "/page", "/busy")), "--archive", path)
    assert result.exit_code == 1
    told = [line for line in result.stderr.splitlines() if "note: " + feed not in line]
    assert told[0] == f"quoth: note: {real_pages.url('/old')}: has moved for good to {feed}"
    assert told[1] == f"quoth: {real_pages.url('/gone')}: gone for good (410); it is not asked again"
    assert told[2].startswith(f"quoth: {real_pages.url('/page')}: damaged")
    assert told[3] == f"quoth: {real_pages.url('/busy')}: the server answers 429 Too Many Requests"
    with Archive.open(path) as archive:
        known = {feed.url: feed for feed in archive.feeds()}
    assert set(known) == {feed, *(real_pages.url(page) for page in ("/gone", "/page", "/busy"))}
    assert known[real_pages.url("/gone")].gone
    wait = known[real_pages.url("/busy")].next_poll
    assert wait is not None and wait > datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=4000)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["ftp://post.example/feed"], 1, "only http and https are fetched, not ftp"),
        (["none.opml"], 1, "none.opml: No such file or directory"),
        (["tests"], 1, "tests: Is a directory"),
        (["--interval", "0", "https://post.example/feed"], 2, "--interval"),
        ([], 2, "Missing argument"),
    ],
)
def test_wrong_feeds(arguments: list[str], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)
    result = watch(*arguments, "--archive", tmp_path / "quoth.db")
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_private_addresses_are_not_watched_unless_asked_for(real_pages: Site, tmp_path: Path) -> None:
    arguments = ["watch", "--once", real_pages.url("/feed"), "--archive", str(tmp_path / "quoth.db")]
    result = CliRunner().invoke(cli.app, arguments)
    assert (result.exit_code, real_pages.asked) == (1, [])
    assert result.stderr.endswith("127.0.0.1 leads to a loopback address, which is not fetched\n")


RUN_TOY = """
import toy
from functools import partial
import quoth.fetching
from quoth import cli
from quoth.cli import watch
watch.extractor_of = lambda people: (toy.extract_article, "toy 1")
quoth.fetching.Fetcher = partial(quoth.fetching.Fetcher, pause=0.0)
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_step_at_hand(number: signal.Signals, real_pages: Site, tmp_path: Path) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    page = real_pages.pages["/1.html"]

    def slow(headers: dict[str, str]) -> Answer:
        arrived.set()
        go_on.wait(30)
        assert isinstance(page, Answer)
        return page

    real_pages.pages["/1.html"] = slow
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(quoth.__file__).parents[1])])
    command = [sys.executable, "-c", RUN_TOY, "watch", "--allow-private", real_pages.url("/feed"), "--archive", str(tmp_path / "quoth.db")]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert arrived.wait(60)
        running.send_signal(number)
        go_on.set()
        printed, complaint = running.communicate(timeout=60)
    assert (running.returncode, complaint) == (0, "")
    assert [line.partition(":")[0] for line in printed.splitlines()[1:]] == ["  stored"]
    with Archive.open(tmp_path / "quoth.db") as archive:
        assert len(texts(archive)) == 1
