import datetime
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from archiving import NOON, RAIN, WHO, article, found, put, read, words
from hypothesis import given
from hypothesis import strategies as st

from quoth.archive import Archive, Feed, Variant, file
from quoth.archive.backup import backup, restore
from quoth.archive.columns import columns_of, identity_of, reading_of, statement_of, text_columns
from quoth.archive.reviews import accept
from quoth.archive.search import search
from quoth.archive.subjects import subjects
from quoth.archive.verification import verify
from quoth.errors import ArchiveError
from quoth.types import Article, Part, Published, Reading, Said, Skipped, Span, Speaker


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        yield opened
        assert verify(opened).problems == ()


def reading(report: Article, **known: object) -> Reading:
    told = {"origin": "a.html", "source_sha256": "5" * 64, "source_length": 90, "reader": "test 1"} | known
    return Reading(article=report, **told)  # type: ignore[arg-type]


# --- storing


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
    assert [one.b for one in archive.variants(4)] == [4, 6] and archive.cluster(1) == (1, 4, 6)
    archive.unlink(4, 1)
    assert archive.cluster(1) == (1,)
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


def test_columns_hold_all_of_a_statement() -> None:
    report = article()
    one = read(report)[0]
    told = replace(
        one,
        anchors=one.anchors,
        said_on=Said(date=datetime.date(2024, 2, 1), precision="month", evidence=Span(start=3, end=8), basis="relative", carried=True),
        speaker=Speaker(name="Ada Lovell", mention=Span(start=24, end=34), basis="office", confidence=0.5, person="Q1"),
        nested_in="0" * 16,
        denies=True,
        candidates=(Speaker(name="Bo Lind", mention=Span(start=4, end=6), basis="pronoun", confidence=0.2),),
        attribution=replace(one.attribution, content=(Span(start=0, end=3), Span(start=5, end=9)), repairs=("stray", "joined")),
    )
    again = statement_of(columns_of(told), report)
    assert replace(again, id=told.id, anchors=()) == told and columns_of(again)["said_last"] == "2024-02-29"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), max_size=9))
def test_any_offset_map_comes_back(gaps: list[tuple[int, int, int]]) -> None:
    runs, clean, source = [], 0, 0
    for clean_gap, source_gap, length in gaps:
        runs.append((clean + clean_gap, source + source_gap, length))
        clean, source = clean + clean_gap + length, source + source_gap + length
    whole = reading(article(), runs=tuple(runs))
    assert reading_of(text_columns(whole)).runs == tuple(runs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "the harbour of Harl would close until Ms Ama Osei and the Ministry of Transport agree",
            ("Harl", "Ama Osei", "Ministry of Transport"),
        ),
        ("Trains are late. Nobody in Orl’s station knows", ("Orl",)),
        ("NATO knows; I do not, on Monday", ("NATO",)),
        ("no names at all", ()),
        ("", ()),
        ("“We will […] Foreign Minister Ines Rovik", ("Ines Rovik",)),
    ],
)
def test_whom_a_statement_is_about(text: str, expected: tuple[str, ...]) -> None:
    assert subjects(text) == expected


@given(st.text())
def test_subjects_stand_in_the_words(text: str) -> None:
    assert all(part in text for name in subjects(text) for part in name.split())


# --- what cannot be opened or written: one clear line, nothing changed


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("It rained in Harl, and the ferry was late.", "utf-8")
    (tmp_path / "empty.db").touch()
    with apsw_at(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (x)")
    for name, reason in [
        ("notes.txt", "no quoth archive"),
        ("other.db", "another program's database"),
        ("missing.db", "no such archive"),
        ("empty.db", "no quoth archive"),
        (".", "a folder"),
        ("notes.txt/quoth.db", "."),
    ]:
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        with pytest.raises(ArchiveError, match=reason) as raised:
            Archive.open(tmp_path / name, create=False)
        assert "\n" not in str(raised.value)
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_no_folder_to_make_it_in(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive.open(tmp_path / "no" / "quoth.db")


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "quoth.db").touch()
    with Archive.open(tmp_path / "quoth.db") as archive:
        assert put(archive, article()) == 1


def test_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with apsw_at(path) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveError, match=r"newer quoth \(version 99"):
        Archive.open(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = filled(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:16384] + b"\xff" * (len(whole) - 16384))
    with pytest.raises(ArchiveError, match="damaged"), Archive.open(path) as archive:
        put(archive, article(id="r2"))
    path.write_bytes(whole[:40_000])
    with pytest.raises(ArchiveError, match="damaged"), Archive.open(path, read_only=True) as archive:
        list(archive.every_statement())


def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_MS", 20)
    path = filled(tmp_path)
    with Archive.open(path) as one, Archive.open(path) as other, one.transaction():
        with pytest.raises(ArchiveError, match="locked by another program"):
            put(other, article(id="r2"))
        assert words(other) == words(one)


def test_a_full_disk(tmp_path: Path) -> None:
    with Archive.open(filled(tmp_path)) as archive:
        [(pages,)] = archive.rows("PRAGMA page_count")
        archive.execute(f"PRAGMA max_page_count = {pages + 2}")
        large = article("“" + "It rains. " * 20_000 + "” said Bo Lind.", id="r2")
        with pytest.raises(ArchiveError, match="disk is full"):
            archive.store(large, read(large), extractor="toy 1")
        assert archive.report("r2") is None and len(words(archive)) == 3
        archive.execute("PRAGMA max_page_count = 1000000")
        assert put(archive, large) == 2
        assert verify(archive).problems == ()


def test_a_file_that_may_only_be_read() -> None:
    folder = Path(tempfile.mkdtemp())
    path = filled(folder)
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    folder.chmod(0o555)
    code = """
import os, sys
from quoth.archive import Archive
from quoth.errors import ArchiveError
Archive.open(sys.argv[1], read_only=True).close()
if os.getuid() == 0: os.setuid(65534)
try:
    Archive.open(sys.argv[1])
except ArchiveError as error:
    print(error.reason)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, os.fspath(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    folder.chmod(0o755)
    assert ran.stdout.strip() == "cannot be written: the file or its folder is read-only", ran.stderr


def test_read_only_means_it(tmp_path: Path) -> None:
    with Archive.open(filled(tmp_path), read_only=True) as archive:
        assert len(words(archive)) == 3 and verify(archive).problems == ()
        with pytest.raises(ArchiveError, match="read-only"):
            put(archive, article(id="r2"))


# --- versions


STEPS = {2: "ALTER TABLE publishers ADD COLUMN country TEXT; UPDATE publishers SET country = 'Norvania'"}


def test_an_older_version_is_brought_forward_after_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr(file, "steps", lambda: STEPS)
    with pytest.raises(ArchiveError, match="older than this quoth"):
        Archive.open(path, read_only=True)
    with Archive.open(path) as archive:
        assert archive.rows("SELECT country FROM publishers") == [("Norvania",)] and archive.rows("PRAGMA user_version") == [(2,)]
        assert words(archive)[0] == "“It rains in Harl,”"
    monkeypatch.undo()
    with Archive.open(f"{path}.v1.backup") as before:
        assert len(words(before)) == 3


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr(file, "steps", lambda: {2: STEPS[2], 3: "DELETE FROM extractors"})
    with pytest.raises(ArchiveError, match="rows would point nowhere"):
        Archive.open(path)
    monkeypatch.undo()
    with Archive.open(path) as archive:
        assert verify(archive).problems == () and "country" not in str(archive.columns("SELECT * FROM publishers"))


def test_the_schema_is_strict_and_told() -> None:
    schema = file.schema()
    tables = [line for line in schema.splitlines() if line.startswith("CREATE TABLE")]
    assert schema.count(") STRICT") == len(tables) > 15 and schema.count("-- ") > 50


def test_other_programs_read_the_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(f"file:{filled(tmp_path)}?mode=ro", uri=True)) as other:
        pieces = """SELECT substr(t.text, json_extract(value, '$[0]') + 1, json_extract(value, '$[1]') - json_extract(value, '$[0]')), words
        FROM statements AS s JOIN texts AS t ON t.id = s.text, json_each(s.content)"""
        rows = other.execute(pieces).fetchall()
        assert len(rows) == 3 and all(piece == words for piece, words in rows)
        assert other.execute("SELECT rowid FROM statements_fts WHERE statements_fts MATCH 'ferry'").fetchall() == [(2,)]


# --- verify, backup, restore


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DROP TRIGGER texts_are_not_edited; UPDATE texts SET text = replace(text, 'Harl', 'Orl ')", "hash differs"),
        ("UPDATE statements SET content = '[[0, 5]]' WHERE id = 1", "other words than stand in its text"),
        ("UPDATE statements SET content = '[[0, 5000]]' WHERE id = 1", "not in its text"),
        ("UPDATE statements SET content = 'soon' WHERE id = 1", "spans that are none"),
        ("UPDATE statements SET key = '0123456789abcdef' WHERE id = 2", "another id"),
        ("UPDATE statements SET cue_end = 9999 WHERE id = 2", "span of its cue"),
        ("UPDATE statements SET day = '2020-01-01' WHERE id = 2", "does not go with its report"),
        ("UPDATE statements SET status = 'extracted' WHERE status = 'rejected'", "not as its reviews say"),
        ("DROP TRIGGER reviews_are_not_changed; UPDATE reviews SET reviewer = 'bo' WHERE id = 1", "changed after it was written"),
        ("DROP TRIGGER reviews_are_not_deleted; DELETE FROM reviews WHERE id = 1", "review 1 is missing"),
        ("DROP TRIGGER reviews_are_not_deleted; DELETE FROM reviews WHERE id = 2", "there were 2, and are 1"),
        ("PRAGMA foreign_keys = OFF; UPDATE statements SET speaker = 77 WHERE id = 1", "row of speakers that is not there"),
        ("INSERT INTO statements_fts (statements_fts) VALUES ('delete-all')", "does not agree"),
        ("INSERT INTO texts_fts (texts_fts) VALUES ('delete-all')", "does not agree"),
    ],
)
def test_verify_finds_what_was_harmed(tmp_path: Path, harm: str, told: str) -> None:
    with Archive.open(filled(tmp_path)) as archive:
        accept(archive, 1, **WHO)
        from quoth.archive.reviews import reject

        reject(archive, 3, **WHO)
        assert verify(archive).problems == ()
        archive.execute(harm)
        assert any(told in problem.told for problem in verify(archive).problems), verify(archive).problems


def test_reviews_cannot_be_changed_by_accident(tmp_path: Path) -> None:
    with Archive.open(filled(tmp_path)) as archive:
        accept(archive, 1, **WHO)
        for sql in ("UPDATE reviews SET reviewer = 'bo'", "DELETE FROM reviews", "UPDATE texts SET text = ''"):
            with pytest.raises(ArchiveError):
                archive.execute(sql)


def test_a_backup_is_restored_after_it_was_verified(tmp_path: Path) -> None:
    path, copy = filled(tmp_path), tmp_path / "copy.db"
    with Archive.open(path) as archive:
        backup(archive, copy)
        with pytest.raises(ArchiveError, match="replaces nothing"):
            backup(archive, copy)
        put(archive, article(id="r2"))
        with Archive.open(path, read_only=True) as reader:
            assert restore(copy, path).statements == 3
            assert reader.report("r2") is None
    with Archive.open(f"{path}.replaced") as before:
        assert before.report("r2") is not None
    with pytest.raises(ArchiveError, match="itself"):
        restore(path, path)


@pytest.mark.parametrize("damage", [b"nothing of the kind", b""])
def test_a_damaged_archive_is_moved_aside_by_restore(tmp_path: Path, damage: bytes) -> None:
    path, copy = filled(tmp_path), tmp_path / "copy.db"
    with Archive.open(path) as archive:
        backup(archive, copy)
    path.write_bytes(damage)
    restore(copy, path)
    with Archive.open(path, create=False) as archive:
        assert len(words(archive)) == 3
    assert Path(f"{path}.replaced").read_bytes() == damage


def test_an_unsound_backup_replaces_nothing(tmp_path: Path) -> None:
    path, copy = filled(tmp_path), tmp_path / "copy.db"
    with Archive.open(path) as archive:
        backup(archive, copy)
        with apsw_at(copy) as database:
            database.execute("UPDATE statements SET content = '[[0, 5]]'")
        with pytest.raises(ArchiveError, match="no sound backup"):
            restore(copy, path)
        assert verify(archive).problems == ()


def filled(folder: Path) -> Path:
    """An archive with one report, closed."""
    path = folder / "quoth.db"
    with Archive.open(path) as archive:
        put(archive, article())
    return path


class apsw_at:  # noqa: N801
    """A bare connection, closed at the end."""

    def __init__(self, path: Path | str) -> None:
        self.connection = apsw.Connection(os.fspath(path))

    def __enter__(self) -> apsw.Connection:
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.close()
