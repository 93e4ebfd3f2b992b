import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from archiving import NOON, RAIN, article, found, put, read, reading, words

from quoth.archive import Archive, Feed, Variant
from quoth.archive.columns import identity_of
from quoth.archive.search import search
from quoth.archive.verification import verify
from quoth.errors import ArchiveError
from quoth.types import Article, Part, Published, Reading, Skipped, Span


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        yield opened
        assert verify(opened).problems == ()


def test_a_report_comes_back_as_it_was(archive: Archive) -> None:
    at = datetime.datetime.fromisoformat("2024-03-05T23:30:00-05:00")
    whole = reading(
        article(url="https://post.example/rain?x=1", title="Rain", author="I. Brok", language="en"),
        runs=((0, 3, 10), (10, 20, 7), (18, 30, 2)),
        parts=(Part(kind="headline", span=Span(start=0, end=4)), Part(kind="quote", span=Span(start=5, end=9))),
        published=Published(date=datetime.date(2024, 3, 5), at=at, raw="Tue 23:30 -0500", basis="json-ld"),
        canonical_url="https://post.example/rain",
    )
    assert archive.store(whole, read(whole.article), extractor="toy 1", at=NOON) == "stored"
    report = archive.report("https://post.example/rain")
    assert report is not None and report.reading == whole
    assert (report.extractor, report.added, len(report.versions)) == ("toy 1", "2024-03-05T12:00:00+00:00", 1)
    assert [row.statement for row in archive.statements(report.row)] == [
        replace(statement, anchors=row.statement.anchors)
        for statement, row in zip(read(whole.article), archive.statements(report.row), strict=True)
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "already"),
        ({"extractor": "toy 2"}, "updated"),
        ({"text": RAIN + " That was all."}, "updated"),
        ({"day": 6}, "updated"),
        ({"title": "Rain"}, "updated"),
        ({"id": "r2"}, "stored"),
        ({"publisher": "Orl Times"}, "stored"),
    ],
)
def test_what_storing_again_does(archive: Archive, change: dict[str, str], expected: str) -> None:
    put(archive, article())
    extractor = change.pop("extractor", "toy 1")
    again = article(**change)  # type: ignore[arg-type]
    assert archive.store(again, read(again), extractor=extractor) == expected
    assert archive.store(again, read(again), extractor=extractor) == "already"


def test_another_text_is_a_new_version_and_the_old_one_stays(archive: Archive) -> None:
    report = put(archive, article())
    put(archive, article("“It rains in Harl,” said Ada Lovell."))
    put(archive, article())
    put(archive, article("“It rains in Harl,” said Ada Lovell. “It is late,” said Bo Lind."))
    assert words(archive) == ["“It rains in Harl,”", "“It is late,”"]
    assert {row.status for row in archive.superseded(report)} == {"superseded"}
    assert [hit.words for hit in search(archive, "ferry").hits] == []
    assert len(found_report(archive, report).versions) == 3


def found_report(archive: Archive, report: int):  # type: ignore[no-untyped-def]
    row = archive.report(report)
    assert row is not None
    return row


def test_a_statement_that_stays_keeps_its_row_and_a_row_is_never_given_twice(archive: Archive) -> None:
    put(archive, article())
    rows = {row.statement.words: row.row for row in archive.statements(1)}
    archive.store(article(), read(article())[:2], extractor="toy 2")
    archive.store(article(), read(article()), extractor="toy 3")
    again = {row.statement.words: row.row for row in archive.statements(1)}
    changed = {key for key in rows if rows[key] != again[key]}
    assert changed == {"“We will not pay Norvania,”"} and again["“We will not pay Norvania,”"] > max(rows.values())


def test_equal_texts_of_two_outlets_are_two_reports(archive: Archive) -> None:
    first, second = put(archive, article()), put(archive, article(publisher="Orl Times", url="https://orl.example/1"))
    assert first != second and words(archive, first) == words(archive, second)
    ids = {row.statement.id for report in (first, second) for row in archive.statements(report)}
    assert len(ids) == 3 and found(archive.statement(min(ids))).report == first


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (article(url="https://a.example/1"), "url:https://a.example/1"),
        (reading(article(url="https://a.example/1?utm=2"), canonical_url="https://a.example/1"), "url:https://a.example/1"),
        (article(), "id:Harl Post/r1"),
        (reading(article(publisher=None), origin="b.jsonl:3"), "origin:b.jsonl:3"),
        (reading(Article.of(RAIN), origin="c.txt"), "origin:c.txt"),
        (article(publisher=None), "id:/r1"),
        (Article.of("It rained."), "text:" + Article.of("It rained.").sha256),
    ],
)
def test_by_what_a_report_is_known_again(report: Article | Reading, expected: str) -> None:
    assert identity_of(report) == expected


def test_what_is_held_need_not_be_read_again(archive: Archive) -> None:
    whole = reading(article())
    archive.store(whole, (), extractor="toy 1")
    assert archive.holds(source_sha256="5" * 64, extractor="toy 1") and archive.holds(sha256=whole.article.sha256, extractor="toy 1")
    assert not archive.holds(source_sha256="5" * 64, extractor="toy 2") and not archive.holds(sha256="6" * 64, extractor="toy 1")


def test_skipped_reports_stay_until_they_are_read(archive: Archive) -> None:
    for _ in range(2):
        archive.skip(Skipped(origin="a.html", reason="empty"), source_sha256="5", at=NOON)
    archive.skip(Skipped(origin="b.html", reason="a PDF"))
    assert [(row.skipped.origin, row.tries) for row in archive.skipped()] == [("a.html", 2), ("b.html", 1)]
    archive.store(reading(article()), (), extractor="toy 1")
    archive.forget_skipped("b.html")
    assert archive.skipped() == ()


def test_feeds_and_what_was_seen_in_them(archive: Archive) -> None:
    feed = Feed(url="https://a.example/feed", etag='"1"', next_poll=NOON, failures=2)
    archive.put_feed(feed)
    archive.put_feed(replace(feed, gone=True))
    archive.see(feed.url, ["e1", "e2"], at=NOON)
    archive.see(feed.url, ["e2"])
    assert archive.feed(feed.url) == replace(feed, gone=True) and archive.feed("https://b.example") is None
    assert archive.unseen(feed.url, ["e3", "e1", "e3"]) == ("e3",)
    archive.move_feed(feed.url, "https://b.example/feed")
    assert [one.url for one in archive.feeds()] == ["https://b.example/feed"] and archive.unseen("https://b.example/feed", ["e2"]) == ()
    archive.forget_feed("https://b.example/feed")
    assert archive.feeds() == () and archive.rows("SELECT * FROM entries") == []


def test_variants_go_with_their_statements(archive: Archive) -> None:
    put(archive, article())
    put(archive, article(id="r2"))
    archive.link([Variant(a=1, b=4, kind="same", score=1.0, alignment=[["equal", 0, 3]]), Variant(a=2, b=5, kind="part", score=0.7)])
    archive.link([Variant(a=4, b=6, kind="paraphrase", score=0.5)])
    assert [one.b for one in archive.variants(4)] == [4, 6]
    archive.unlink(4, 1)
    assert archive.variants(1) == ()
    archive.store(article(), (), extractor="toy 2")
    assert [(one.a, one.b) for one in archive.variants()] == [(4, 6)]
    with pytest.raises(ArchiveError):
        archive.link([Variant(a=4, b=5, kind="same", score=1.0), Variant(a=4, b=99, kind="same", score=1.0)])
    assert len(archive.variants()) == 1


def test_everything_is_gone_through_in_order_while_others_write(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quoth.archive.reading.BATCH", 2)
    for number in range(4):
        put(archive, article(id=f"r{number}"))
    rows = archive.every_statement()
    first = next(rows)
    put(archive, article(id="r9"))
    assert [first.row, *(row.row for row in rows)] == list(range(1, 16))
    assert [row.row for row in archive.every_statement(after=13)] == [14, 15]
    assert [report.article.id for report in archive.every_report(after=3)] == ["r3", "r9"]
