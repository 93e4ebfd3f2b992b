"""The command `quoth watch`, over a site of this machine."""

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import toy
from ingesting import watched_archive
from serving import Answer, Page, Site, serving
from typer.testing import CliRunner, Result

import quoth
import quoth.fetching
from quoth import cli
from quoth.archive import Archive
from quoth.cli import watch as watch_command
from quoth.fetching import Fetcher

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
    monkeypatch.setattr(watch_command, "extractor_of", lambda *_, **__: (toy.extract_article, "toy 1"))
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
        "variants: 0 links, 0 conflicts",
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
    assert [step.get("entries", step.get("ending")) for step in steps[:-1]] == [2, "stored", "stored"]
    assert steps[-1] == {"variants": {"statements": 2, "same": 0, "paraphrases": 0, "conflicts": 0}, "alerts": {}}


def test_a_round_ends_with_variants_and_saved_searches(real_pages: Site, tmp_path: Path) -> None:
    path, feed = watched_archive(tmp_path / "quoth.db", "harbour"), real_pages.url("/feed")
    for number in (1, 2):
        real_pages.pages[f"/{number}.html"] = Answer(status=404)
    body = rss(real_pages.root, _1="the ferry will sail at dawn", _2="the ferry will sail at dawn")
    real_pages.pages["/feed"] = Answer(body=body.replace(b"In short, the", b"The harbour stays shut, and the"))
    told = watch(feed, "--archive", path).stdout.splitlines()
    assert [line for line in told if line.startswith(("harbour", "variants"))] == [
        "harbour: 2 new",
        "variants: 1 link, 0 conflicts; alerts: harbour 2 new",
    ]
    assert watch(feed, "--archive", path).stdout == ""


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
watch.extractor_of = lambda *_, **__: (toy.extract_article, "toy 1")
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
        assert len(list(archive.every_report())) == 1
