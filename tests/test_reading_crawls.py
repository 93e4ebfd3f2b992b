"""Crawls and feeds: every record and entry becomes one result; what is damaged, cut short or hostile is told."""

import datetime
import gzip
import tracemalloc
import zlib
from pathlib import Path

import pytest

from quoth.reading import Known, feed_entries, readings
from quoth.reading.warc import dechunked, decoded
from quoth.types import Reading, Skipped

FIXTURES = Path(__file__).parents[2] / "shared" / "corpora" / "fixtures"
WORDS = "The bridge at Ostby will stay closed until the spring, said Mara Lind, who has run the harbour for nine years. "
PAGE = f'<html lang="en"><title>Bridge</title><article><p>{WORDS * 3}</p></article></html>'.encode()


def results(raw: bytes, origin: str = "crawl", **known: str) -> list[Reading | Skipped]:
    return list(readings(raw, origin=origin, known=Known(**known), limits=None))  # type: ignore[arg-type]


def reasons(raw: bytes, origin: str = "crawl") -> list[str]:
    return [result.reason if isinstance(result, Skipped) else "read" for result in results(raw, origin)]


def record(
    block: bytes, kind: str = "response", media: str = "application/http", length: int | None = None, url: str = "https://example.org/a"
) -> bytes:
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", f"Content-Type: {media}"]
    return "\r\n".join([*lines, f"Content-Length: {len(block) if length is None else length}", "", ""]).encode() + block + b"\r\n\r\n"


def response(body: bytes = PAGE, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",)), "", ""]).encode() + body


def chunked(body: bytes, size: int = 100) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("packed", [False, True])
def test_each_document_of_a_crawl_is_one_result(packed: bool) -> None:
    blocks = [
        record(b"software: x\r\n", "warcinfo", "application/warc-fields"),
        record(b"GET / HTTP/1.1\r\n\r\n", "request"),
        record(response()),
        record(response(chunked(PAGE), "Content-Type: text/html", "Transfer-Encoding: chunked")),
        record(response(gzip.compress(PAGE), "Content-Type: text/html", "Content-Encoding: gzip")),
        record(response(zlib.compress(PAGE), "Content-Type: text/html", "Content-Encoding: deflate")),
        record(PAGE, "resource", "text/html"),
        record(WORDS.encode(), "conversion", "text/plain"),
        record(response(b"", "Location: /b", status="301 Moved")),
        record(response(b"\x89PNG", "Content-Type: image/png")),
        record(response(PAGE, "Content-Type: text/html", "Content-Encoding: br")),
        record(response(b"", status="200 OK"), "revisit"),
    ]
    raw = b"".join(gzip.compress(block) if packed else block for block in blocks)
    found = results(raw, "a.warc.gz")
    assert [type(result).__name__ for result in found] == ["Reading"] * 6 + ["Skipped"] * 3
    assert {result.article.url for result in found if isinstance(result, Reading)} == {"https://example.org/a"}
    assert found[0].origin == "a.warc.gz, record 3 (https://example.org/a)"
    assert [result.reason for result in found if isinstance(result, Skipped)] == [
        "HTTP status 301", "no page: image/png", "cannot be unpacked: the content coding 'br'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        (record(response(), length=9_000_000), ["damaged: the record breaks off after"]),
        (record(response(), length=10) + record(response()), ["no HTTP response", "damaged: no WARC record", "read"]),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" + record(response()), ["damaged: the record does not", "read"]),
        (record(b"x", length=-5) + record(response()), ["does not tell its length", "read"]),
        (record(response(gzip.compress(PAGE)[:-9], "Content-Encoding: gzip")), ["damaged: the packed body breaks off"]),
        (record(response(b"\x1f\x8bxxxx", "Content-Encoding: gzip")), ["damaged: Error"]),
        (record(response(gzip.compress(b"a" * 40_000_000), "Content-Encoding: gzip")), ["too large: unpacks to more than"]),
        (b"WARC/1.0\r\n" + b"x: y\r\n" * 100_000, ["a header without an end"]),
        (gzip.compress(record(response())) + b"\x1f\x8b\x08 and then nothing", ["read", "damaged gzip archive"]),
    ],
)  # fmt: skip
def test_damage_is_told_and_the_next_record_is_read(damaged: bytes, expected: list[str]) -> None:
    found = reasons(damaged)
    assert len(found) == len(expected), found
    assert all(part in reason for part, reason in zip(expected, found, strict=True)), found


def test_a_record_cut_short_behind_its_page_is_read() -> None:
    block = response(PAGE, "Content-Type: text/html", f"Content-Length: {len(PAGE)}")
    assert reasons(record(block, length=len(block) + 12)[:-4]) == ["read"]


def test_old_crawls() -> None:
    header = b"filedesc://a.arc 127.0.0.1 20140216050221 text/plain 5\n1 0 a\n\n"
    block = response()
    line = b"http://example.org/a page?x=y 127.0.0.1 20140216050221 text/html %d\n"
    raw = header + line % len(block) + block + b"\n" + line.replace(b"%d", b"-1") % () + b"\n" + line % len(block) + block + b"\n"
    found = results(raw)
    assert [type(result).__name__ for result in found] == ["Reading", "Skipped", "Reading"]
    assert isinstance(found[0], Reading)
    assert found[0].article.url == "http://example.org/a page?x=y"


def test_a_small_crawl_that_swells_is_not_held() -> None:
    raw = gzip.compress(record(b"\x00" * 100_000_000, "resource", "text/html"), 1)
    tracemalloc.start()
    try:
        assert "not read on" in reasons(raw)[0]
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "plain"), [(chunked(PAGE), PAGE), (PAGE, PAGE), (b"5\r\nRain.\r\n", b"Rain."), (b"zz\r\nRain", b"zz\r\nRain"), (b"", b"")]
)
def test_chunks(body: bytes, plain: bytes) -> None:
    assert dechunked(body) == plain


def test_codings_that_lie_are_seen_through() -> None:
    assert decoded(PAGE, "gzip") == decoded(PAGE, "utf-8") == PAGE
    assert decoded(zlib.compress(PAGE, wbits=-15), "deflate") == decoded(gzip.compress(gzip.compress(PAGE)), "gzip, gzip") == PAGE


FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Ostby Post</title><language>en</language>
<item><title>Bridge &amp;amp; ferry</title><link>/a</link><guid isPermaLink="false">g1</guid><author>Ida Berg</author>
<pubDate>Tue, 05 Mar 2024 23:30:00 -0500</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>It <b>rained</b> &amp; hailed.</p><script>alert(1)</script><p onclick="x()">Then it stopped.</p>]]>
</content:encoded></item>
<item><title>No text</title><link>https://example.org/b</link></item></channel></rss>"""


def test_a_feed() -> None:
    reading, skipped = results(FEED.encode(), "feed.xml", url="https://example.org/feed")
    assert isinstance(reading, Reading)
    assert reading.article.text == "It rained & hailed.\n\nThen it stopped."
    assert (reading.article.title, reading.article.url, reading.article.publisher) == (
        "Bridge & ferry",
        "https://example.org/a",
        "Ostby Post",
    )
    assert reading.published is not None
    assert (str(reading.published.date), reading.published.basis) == ("2024-03-05", "feed")
    assert reading.published.at == datetime.datetime(2024, 3, 6, 4, 30, tzinfo=datetime.UTC)
    assert skipped == Skipped(origin="feed.xml, entry 2", reason="the feed's entry has no text; its page is at https://example.org/b")


def test_the_entries_of_a_feed_are_there_for_who_fetches_their_pages() -> None:
    known = Known(url="https://example.org/feed")
    first, second = feed_entries(FEED.encode(), origin="feed.xml", known=known, limits=None)
    assert not isinstance(first, Skipped) and not isinstance(second, Skipped)
    assert (first.id, first.url, first.full, second.url, second.content) == (
        "g1",
        "https://example.org/a",
        True,
        "https://example.org/b",
        None,
    )
    *_, last = feed_entries(FEED.encode()[:-40], origin="feed.xml", limits=None)
    assert isinstance(last, Skipped)
    assert "breaks off" in last.reason


RSS = '<rss version="2.0" {}><channel><link>https://harl.example/home/</link>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" {}><link rel="self" href="https://harl.example/f/all"/><entry {}>{}</entry></feed>'
JSON = '{{"version": "https://jsonfeed.org/version/1", "feed_url": "https://harl.example/f/all", "items": [{}]}}'
AT = "https://news.example/feeds/all.xml"


@pytest.mark.parametrize(
    ("feed", "at", "id", "url"),
    [
        (RSS.format("", "<item><link>a.html</link><guid>7</guid></item>"), AT, None, "https://news.example/feeds/a.html"),
        (RSS.format("", '<item><link>/a</link><guid isPermaLink="false">7</guid></item>'), None, "7", "https://harl.example/a"),
        (RSS.format("", "<item><guid>a.html</guid></item>"), AT, None, "https://news.example/feeds/a.html"),
        (RSS.format("", '<item><guid isPermaLink="false">7</guid></item>'), AT, "7", None),
        (RSS.format("", "<item><guid>tag:harl.example,2024:7</guid></item>"), AT, "tag:harl.example,2024:7", None),
        (RSS.format('xml:base="https://b.example/x/"', "<item><link>a</link></item>"), AT, None, "https://b.example/x/a"),
        (RSS.format('xml:base="https://b.example/x/"', '<item xml:base="y/"><link>a</link></item>'), AT, None, "https://b.example/x/y/a"),
        (RSS.format("", "<item><link>javascript:alert(1)</link></item>"), AT, None, None),
        (RSS.format("", "<item><link>file:///etc/passwd</link></item>"), AT, None, None),
        (RSS.format("", '<item><link>http://[bad</link><guid isPermaLink="false">7</guid></item>'), AT, "7", None),
        (ATOM.format("", "", '<id>urn:7</id><link href="a"/>'), AT, "urn:7", "https://news.example/feeds/a"),
        (ATOM.format("", "", '<id>urn:7</id><link href="a"/>'), None, "urn:7", "https://harl.example/f/a"),
        (ATOM.format('xml:base="https://b.example/"', 'xml:base="x/"', '<id>urn:7</id><link href="a"/>'), AT, "urn:7", "https://b.example/x/a"),
        (JSON.format('{"id": "7", "url": "a"}'), AT, "7", "https://news.example/feeds/a"),
        (JSON.format('{"id": "7", "url": "a"}'), None, "7", "https://harl.example/f/a"),
        (JSON.format('{"id": "/7", "external_url": "//b.example/a"}'), AT, "/7", "https://b.example/a"),
        (JSON.format('{"id": "\\ud83d7", "url": "mailto:a@b.example"}'), AT, "?7", None),
    ],
)  # fmt: skip
def test_where_an_entry_leads(feed: str, at: str | None, id: str | None, url: str | None) -> None:
    [entry] = feed_entries(feed.encode(), origin="feed", known=Known(url=at), limits=None)
    assert not isinstance(entry, Skipped)
    assert entry.url == url
    assert id is None or entry.id == id


def test_a_json_feed() -> None:
    raw = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Ostby Post", "authors": [{"name": "Ida Berg"}], "items": [
      {"id": 1, "url": "/a", "content_html": "<p>It rained.</p>", "date_published": "2024-03-05T23:30:00-05:00", "language": "en"},
      {"content_text": ["no"], "summary": "It hailed.", "authors": [{"name": "Bo Hale"}]}, 5, {"url": 7}]}"""
    first, second, *others = results(raw, "feed", url="https://example.org/feed.json")
    assert isinstance(first, Reading) and isinstance(second, Reading)
    assert (first.article.url, first.article.author, str(first.article.published)) == ("https://example.org/a", "Ida Berg", "2024-03-05")
    assert (second.article.text, second.article.author) == ("It hailed.", "Bo Hale")
    assert [result.reason for result in others if isinstance(result, Skipped)] == ["the feed's entry has no text"] * 2


def test_feedparser_never_opens_what_a_feed_calls_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feedparser = pytest.importorskip("feedparser")
    seen: list[object] = []
    real = feedparser.parse
    monkeypatch.setattr(feedparser, "parse", lambda source, **named: seen.append(source) or real(source, **named))
    for raw in (b"/etc/passwd", b"http://127.0.0.1/feed", b"<rss>"):
        list(feed_entries(raw, origin="x", limits=None))
    assert all(hasattr(source, "read") for source in seen) and seen


def test_a_bomb_of_entities_is_no_memory_and_no_text() -> None:
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 20}">' for level in range(1, 12))
    feed = "<rss><channel><item><title>&e11;</title></item></channel></rss>"
    raw = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "rain">{entities}]>{feed}'
    assert all(isinstance(result, Skipped) for result in results(raw.encode()))


def test_entities_from_files_are_not_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    for raw in (f"<?xml version='1.0'?>{doctype}<rss><channel><item><description>It rained. &x;</description></item></channel></rss>",
                f"<?xml version='1.0'?>{doctype}<html><body><p>{WORDS * 4} &x;</p></body></html>"):  # fmt: skip
        assert "secret" not in str([result.article for result in results(raw.encode()) if isinstance(result, Reading)])


@pytest.mark.parametrize("folder", ["feeds", "warc"])
def test_the_shared_fixtures(folder: str) -> None:
    if not FIXTURES.is_dir():
        pytest.skip("the shared fixtures are not here")
    for path in sorted((FIXTURES / folder).iterdir()):
        found = list(readings(path, limits=None, english_only=False))
        assert found, path.name
        assert all("\n" not in result.reason for result in found if isinstance(result, Skipped)), path.name
        expected = READABLE.get(path.name, 0)
        assert sum(isinstance(result, Reading) for result in found) == expected, (path.name, found)


READABLE = {
    "atom-full.atom": 1, "atom-relative-links.atom": 1, "jsonfeed-full.json": 2, "rss-windows-1255.xml": 1,
    "rss1-rdf.xml": 1, "rss2-full.rss": 1,
    "example-bad-non-chunked.warc.gz": 1, "example-bad.warc.gz.bad": 1, "example-iana.org-chunked.warc": 1, "example-resource.warc.gz": 1,
    "example-space-in-url.arc": 1, "example-wget-bad-target-uri.warc.gz": 1, "example-wrong-chunks.warc.gz": 1, "example.arc": 1,
    "example.arc.gz": 1, "example.warc": 1, "example.warc.gz": 1,
}  # fmt: skip
"""How many reports of each fixture are read, looked at by eye; the rest hold none, or what is too damaged."""
