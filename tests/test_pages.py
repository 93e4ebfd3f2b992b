"""Pages to readings: which words are the report, where each stands in the source, and what the page tells of itself."""

import codecs
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.pages import FOLDER, means, measure_pages, overlap
from quoth.errors import ArticleError
from quoth.reading.canonical import compose
from quoth.reading.html import decode_page, read_html, read_markup
from quoth.reading.known import Known
from quoth.reading.languages import foreign, language_of
from quoth.reading.markup import scan
from quoth.reading.published import date_in, published_as
from quoth.spans import OffsetMap
from quoth.types import Published, Reading, Span

WORDS = "The bridge at Ostby will stay closed until the spring, said Mara Lind, who has run the harbour for nine years. "
NEXT = "Bo Hale, a ferryman, told the council on Monday that he had not been asked, and that he would not move his boat. "
PARAGRAPHS = f"<p>{WORDS}{WORDS}</p><p>{NEXT}{NEXT}</p><p>{WORDS}{NEXT}</p>"


def page(body: str = PARAGRAPHS, head: str = "<title>Bridge closed</title>", attributes: str = ' lang="en"') -> Reading:
    return read_html(
        f"<!doctype html><html{attributes}><head>{head}</head><body><article>{body}</article></body></html>".encode(), origin="a.html"
    )


def assert_runs(reading: Reading, source: str) -> None:
    assert reading.runs is not None
    OffsetMap(runs=reading.runs, clean_length=len(reading.article.text), source_length=reading.source_length)
    assert reading.source_length == len(source)
    for clean, place, length in reading.runs:
        assert reading.article.text[clean : clean + length] == source[place : place + length]
    for part in reading.parts:
        assert part.span.slice(reading.article.text).strip() == part.span.slice(reading.article.text)


MARKUP = (
    "<p> </p> <div> </div> <br> <b> </b> </a> <a/href> &amp; &nbsp; &#8220; &lt; &nix; <blockquote> </blockquote> <li> < & "
    "<!--no--> <script>a='<p>'</script>"
).split()
pieces = st.lists(st.one_of(st.sampled_from([*MARKUP, "\u00ad", "\u00a0", "\n  "]), st.text("aé “”.,\n\t😀", max_size=8)), max_size=30)


@given(pieces)
def test_each_run_is_the_same_in_text_and_source(some: list[str]) -> None:
    source = "".join(some)
    canonical = compose(source, [("paragraph", block) for block in scan(source).blocks])
    OffsetMap(runs=canonical.runs, clean_length=len(canonical.text), source_length=len(source))
    for clean, place, length in canonical.runs:
        assert canonical.text[clean : clean + length] == source[place : place + length]
    covered = {place for clean, _, length in canonical.runs for place in range(clean, clean + length)}
    replaced = "".join(letter for place, letter in enumerate(canonical.text) if place not in covered)
    assert set(replaced) <= set(" \n&“<")
    assert [part.span.slice(canonical.text) for part in canonical.parts] == (canonical.text.split("\n\n") if canonical.text else [])


def test_a_highlight_is_drawn_on_the_page() -> None:
    source = f"<p>{WORDS}</p><p>“We’ll close it &amp; <em>mend</em>&nbsp;it,” he said.<!-- x --> {NEXT}{NEXT}</p>"
    reading = read_markup(source, sha256="", origin="a.html", known=Known(fragment=True))
    assert_runs(reading, source)
    start = reading.article.text.index("“We’ll")
    span = Span(start=start, end=reading.article.text.index("he said"))
    assert span.slice(reading.article.text) == "“We’ll close it & mend it,” "
    found = OffsetMap(runs=reading.runs or (), clean_length=len(reading.article.text), source_length=len(source)).to_source(span)
    assert found is not None
    assert found.slice(source) == "“We’ll close it &amp; <em>mend</em>&nbsp;it,” "


def test_paragraphs_quotes_and_headings_are_told_apart() -> None:
    body = (
        f"<h1>Bridge closed</h1><p>{WORDS * 2}</p><h2>In the spring</h2><blockquote><p>{NEXT * 2}</p></blockquote><p>{WORDS}<br>{NEXT}</p>"
    )
    reading = page(body)
    assert [part.kind for part in reading.parts] == ["paragraph", "heading", "quote", "paragraph"]
    assert "Bridge closed" not in reading.article.text
    assert f"{WORDS.strip()}\n{NEXT.strip()}" in reading.article.text


@pytest.mark.parametrize(
    "box",
    [
        "<figure><img src=a.jpg><figcaption>The bridge in May. Photo: Ida Berg for the Ostby Post.</figcaption></figure>",
        '<p class="image-caption">The bridge in May, seen from the north side of the harbour.</p>',
        '<p class="photo-credit">Photo: Ida Berg for the Ostby Post, all rights are reserved.</p>',
        '<div class="related-links"><p>Read more about the harbour and the people who work in it.</p></div>',
        '<div class="c-inlineSignup"><p>Get all the news of Ostby every morning, straight to your inbox.</p></div>',
        '<aside><p>Five things to know about the old bridge, and why it was built where it is.</p></aside>',
        "<script>document.write('<p>The bridge is for sale, said nobody at all.</p>')</script>",
    ],
)  # fmt: skip
def test_what_stands_in_a_report_and_is_none_of_it(box: str) -> None:
    reading = page(PARAGRAPHS.replace("</p><p>", f"</p>{box}<p>", 1))
    assert reading.article.text == page().article.text


def test_notes_about_who_wrote_it_are_left_out() -> None:
    note = "<p>Additional reporting by Ida Berg in Ostby.</p>"
    assert page(PARAGRAPHS + note).article.text == page().article.text
    said = f"<p>Reporting by phone is hard, said Ida Berg. {NEXT * 4}</p>"
    assert "Reporting by phone" in page(PARAGRAPHS + said).article.text


def test_a_paragraph_that_was_passed_over_is_read() -> None:
    linked = f'<p><a href="/a">{WORDS[:80]}</a>{WORDS[80:]}</p>'
    assert page(PARAGRAPHS.replace("</p><p>", f"</p>{linked}<p>", 1)).article.text.count(WORDS.strip()) == 4


@pytest.mark.parametrize(
    ("head", "basis", "day", "at"),
    [
        ('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05T23:30:00-05:00"}</script>'
         '<meta property="article:published_time" content="2024-01-01">', "json-ld", "2024-03-05", "2024-03-05T23:30:00-05:00"),
        ('<script type="application/ld+json">{"@graph":[{"@type":"ImageObject","datePublished":"2020-01-01"},{"@type":["Article"],'
         '"headline":"a\nb","datePublished":"2024-03-05"}]}</script>', "json-ld", "2024-03-05", None),
        ('<meta property="article:published_time" content="2024-03-05T10:00:00Z">', "meta", "2024-03-05", "2024-03-05T10:00:00+00:00"),
        ('<meta name="parsely-pub-date" content="2024-03-05 10:00:00 +01:00">', "meta", "2024-03-05", "2024-03-05T10:00:00+01:00"),
        ('<meta itemprop="datePublished" content="20240305">', "meta", "2024-03-05", None),
        ('<script type="application/ld+json">{broken</script><time pubdate datetime="2024-03-05T10:00">', "time", "2024-03-05", None),
        ('<time class="updated" datetime="2024-03-07"></time><time datetime="2024-03-05"></time>', "time", "2024-03-05", None),
        ('<link rel="canonical" href="https://example.org/2024/mar/05/bridge">', "url", "2024-03-05", None),
        ("<p>Published on March 5, 2024 by the Ostby Post</p>", "guess", "2024-03-05", None),
    ],
)  # fmt: skip
def test_the_date_and_where_it_was_read(head: str, basis: str, day: str, at: str | None) -> None:
    published = page(head=head).published
    assert published is not None
    assert (published.basis, str(published.date), published.at and published.at.isoformat()) == (basis, day, at)


def test_a_feed_tells_the_date_of_a_page_that_does_not() -> None:
    told = Published(date=datetime.date(2024, 3, 5), raw="Tue, 05 Mar 2024 23:00:00 -0500", basis="feed")
    reading = read_html(
        f"<article>{PARAGRAPHS}</article>".encode(), origin="a.html", known=Known(published=told, url="https://example.org/a")
    )
    assert (reading.published, reading.article.published, reading.article.url) == (told, told.date, "https://example.org/a")


@pytest.mark.parametrize(
    ("written", "day", "offset"),
    [
        ("Tue, 05 Mar 2024 23:30:00 -0500", "2024-03-05", -5), ("5 Mar 2024 23:30 GMT", "2024-03-05", 0),
        ("2024-03-05T23:30+0200", "2024-03-05", 2),
        ("2024-03-05 23:30:00", "2024-03-05", None), ("March 5, 2024", "2024-03-05", None), ("20240305T101500Z", "2024-03-05", None),
        ("05/03/2024", None, None), ("5 hours ago", None, None), ("2024-02-30", None, None), ("", None, None), ("9" * 500, None, None),
        ("99 Mar 2024 10:00 GMT", None, None), ("2024-03-05T99:30:00Z", None, None),
    ],
)  # fmt: skip
def test_dates_as_pages_and_feeds_write_them(written: str, day: str | None, offset: int | None) -> None:
    published = published_as(written, "feed")
    assert (published and str(published.date)) == day
    moment = published.at if published else None
    assert (moment.utcoffset() if moment else None) == (None if offset is None else datetime.timedelta(hours=offset))


@pytest.mark.parametrize(
    ("url", "day"),
    [("https://example.org/2024/03/05/rain", "2024-03-05"), ("https://example.org/a-20240305-x", "2024-03-05"),
     ("https://example.org/20241399", None), ("https://example.org/2024/02/31/a", None), ("https://example.org/a/1234567890123", None)],
)  # fmt: skip
def test_dates_in_addresses(url: str, day: str | None) -> None:
    published = date_in(url)
    assert (published and str(published.date)) == day


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Bridge closed | Ostby Post</title>", "Bridge closed"),
        ('<meta property="og:site_name" content="Ostby Post"><title>Bridge closed - Ostby Post</title>', "Bridge closed"),
        ('<meta property="og:title" content="Bridge &amp;amp; ferry closed"><title>x</title>', "Bridge & ferry closed"),
        ('<meta property="og:title" content="Lind speaks out"><title>Bridge closed</title>'
         '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Bridge closed"}</script>', "Bridge closed"),
        ('<meta property="og:title" content="Old bridge closed"><title>Old bridge closed until spring</title>', "Old bridge closed"),
        ("", None),
    ],
)  # fmt: skip
def test_the_title(head: str, title: str | None) -> None:
    assert page(head=head).article.title == title


def test_what_else_a_page_tells() -> None:
    structured = {
        "@graph": [
            {"@id": "#us", "name": "Ostby Post"},
            {
                "@type": "NewsArticle",
                "headline": "x",
                "publisher": {"@id": "#us"},
                "author": [{"name": "By Ida Berg"}, {"name": "Bo Hale"}],
            },
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(structured)}</script><link rel="canonical" href="/a">'
    source = f"<html lang=en-GB><head>{head}</head><body><article>{PARAGRAPHS}</article></body></html>"
    reading = read_html(source.encode(), origin="a.html", known=Known(url="https://example.org/b?x=1"))
    article = reading.article
    assert (article.author, article.publisher, article.language) == ("Ida Berg, Bo Hale", "Ostby Post", "en")
    assert (article.url, reading.canonical_url) == ("https://example.org/b?x=1", "https://example.org/a")
    assert reading.reader.startswith("quoth-html 1, trafilatura ")
    assert_runs(reading, source)


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        (codecs.BOM_UTF8 + "<p>“Café”".encode(), "latin-1"),
        (codecs.BOM_UTF16_LE + "<p>“Café”".encode("utf-16-le"), None),
        ("<p>“Café”".encode("cp1252"), "iso-8859-1"),
        ('<meta charset="windows-1252"><p>“Café”'.encode("cp1252"), None),
        ("<p>“Café”".encode(), "iso-no-such"),
        (b'<meta charset="ascii">' + "<p>“Café”".encode("cp1252"), "ascii"),
    ],
)
def test_charsets(raw: bytes, declared: str | None) -> None:
    assert decode_page(raw, declared).endswith("<p>“Café”")


def test_a_page_that_breaks_its_charset_in_one_place_keeps_it() -> None:
    raw = '<meta charset="utf-8"><p>“Café” '.encode() + b"rain " * 1000 + b"\xe2\x80"
    assert decode_page(raw).count("“Café”") == 1


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (WORDS, None, "en"), (WORDS, "de", "en"), ("It rained.", None, None), ("It rained.", "de", "de"),
        ("Die Brücke bleibt bis zum Frühjahr geschlossen, sagte Mara Lind am Montag in Ostby.", "en", "de"),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_words(text: str, declared: str | None, expected: str | None) -> None:
    assert language_of(text, declared) == expected


def test_what_counts_as_english() -> None:
    assert foreign("It rained.", None) is None
    assert foreign("הגשר סגור", None) == "another script"
    assert foreign("Es regnet.", "de") == "de"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<html></html>", "no report in the page"),
        (b"<p>" + b"a" * 20_000_001, "too large"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><body>" + b"<div>" * 100_000 + WORDS.encode() * 5, "no report"),
        (b"<p>" + b"<span>" * 100_000 + WORDS.encode(), "no report"),
        (b"<a b='" * 100_000, "no report"),
        (b"<!--" * 100_000 + b"<svg>" * 100_000, "no report"),
    ],
)
def test_pages_that_hold_no_report(raw: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_html(raw, origin="a.html")


@given(st.text("<>/=\"' ap!-scripth1&;#x", max_size=200))
def test_the_scanner_takes_anything(source: str) -> None:
    markup = scan(source)
    ranges = [place for block in markup.blocks for found in block.ranges for place in found]
    assert ranges == sorted(ranges)
    assert not ranges or ranges[-1] <= len(source)


def test_real_pages() -> None:
    if not Path(FOLDER).is_dir():
        pytest.skip("the shared pages are not here")
    scores, told_apart = measure_pages()
    reached = means(scores)
    assert reached["f1"] >= 0.97
    assert reached["title"] >= 0.95
    assert reached["date"] >= 0.99
    assert all(told_apart)


def test_the_measure() -> None:
    assert overlap("It rained, all day long.", "it rained all day long") == (1.0, 1.0, 1.0)
    assert overlap("", "it rained all day long") == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("end", ["</script>", "</SCRIPT\n>", "</script ", ""])
def test_what_a_script_holds_is_no_text_however_it_ends(end: str) -> None:
    markup = scan(f"<p>Rain.<script type='a>b'>if (a < b) say('</p>');{end}")
    assert [markup.words(block) for block in markup.blocks] == ["Rain."]
