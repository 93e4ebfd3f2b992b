"""Watching feeds: when each is asked, what is taken from it, and that no entry is taken twice or lost."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import toy

from quoth.archive import Archive, Feed
from quoth.errors import FetchError
from quoth.fetching import Fetched
from quoth.ingestion import Ingestion
from quoth.reading.feeds import Entry
from quoth.types import Article, Reading, Skipped
from quoth.watching import watcher as watcher_module
from quoth.watching.entries import Offer
from quoth.watching.watcher import Polled, Rest, Taken, Watcher

NOON = datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
URL = "https://post.example/feed"


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
        steps = self.watcher(archive, *urls).run(once=stop_after is None)
        return [step for step in steps if not isinstance(step, Rest)]


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds of lines and pages of words, so that only the poller is tested."""
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
