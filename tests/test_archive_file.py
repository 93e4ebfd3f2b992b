"""What cannot be opened or written is one clear line, and nothing is changed; what is of an older version is brought forward."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from archiving import WHO, article, filled, put, read, words

from quoth.archive import Archive, file
from quoth.archive.reviews import reject
from quoth.archive.verification import verify
from quoth.errors import ArchiveError


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("It rained in Harl, and the ferry was late.", "utf-8")
    (tmp_path / "empty.db").touch()
    with closing(apsw.Connection(os.fspath(tmp_path / "other.db"))) as other:
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
    with closing(apsw.Connection(os.fspath(path))) as database:
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
with Archive.open(sys.argv[1], read_only=True) as archive:
    print(len(archive.statements(1)))
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
    assert ran.stdout.splitlines() == ["3", "cannot be written: the file or its folder is read-only"], ran.stderr


def test_read_only_means_it(tmp_path: Path) -> None:
    with Archive.open(filled(tmp_path), read_only=True) as archive:
        assert len(words(archive)) == 3 and verify(archive).problems == ()
        with pytest.raises(ArchiveError, match="read-only"):
            put(archive, article(id="r2"))


# --- versions


NEWEST = file.newest()
STEP = "ALTER TABLE publishers ADD COLUMN country TEXT; UPDATE publishers SET country = 'Norvania'"


def test_an_older_version_is_brought_forward_after_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr(file, "steps", lambda: {NEWEST + 1: STEP})
    with pytest.raises(ArchiveError, match="older than this quoth"):
        Archive.open(path, read_only=True)
    with Archive.open(path) as archive:
        assert archive.rows("SELECT country FROM publishers") == [("Norvania",)] and archive.rows("PRAGMA user_version") == [(NEWEST + 1,)]
        assert words(archive)[0] == "“It rains in Harl,”"
    monkeypatch.undo()
    with Archive.open(f"{path}.v{NEWEST}.backup") as before:
        assert len(words(before)) == 3


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    monkeypatch.setattr(file, "steps", lambda: {NEWEST + 1: STEP, NEWEST + 2: "DELETE FROM extractors"})
    with pytest.raises(ArchiveError, match="rows would point nowhere"):
        Archive.open(path)
    monkeypatch.undo()
    with Archive.open(path) as archive:
        assert verify(archive).problems == () and "country" not in str(archive.columns("SELECT * FROM publishers"))


def test_version_1_becomes_what_is_made_new(tmp_path: Path) -> None:
    """`golden/archive-1.sql` is the schema of version 1, as it was."""
    path, old = filled(tmp_path), tmp_path / "old.db"
    with Archive.open(path) as archive:
        put(archive, article("“It rains in Orl,” said Bo Lind.", id="r1"))
        put(archive, article(id="r2"))
        reject(archive, 5, **WHO)
    with closing(apsw.Connection(str(old))) as one:
        one.execute((Path(__file__).parent / "golden" / "archive-1.sql").read_text("utf-8"))
        one.execute(f"PRAGMA application_id = {file.APPLICATION_ID}; PRAGMA user_version = 1; ATTACH '{path}' AS new")
        tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND instr(name, '_fts') = 0"
        for (table,) in one.execute(tables).fetchall():
            columns = ", ".join(name for _, name, *_ in one.execute(f"PRAGMA main.table_info('{table}')"))
            one.execute(f"DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        for index in ("statements_fts", "texts_fts"):
            one.execute(f"INSERT INTO main.{index} ({index}) VALUES ('rebuild')")
    with Archive.open(old) as brought, Archive.open(path) as made:
        assert verify(brought).problems == () and Path(f"{old}.v1.backup").exists()
        assert sorted(parts(brought)) == sorted(parts(made))
        assert brought.rows("SELECT * FROM tallies") == made.rows("SELECT * FROM tallies") != []


def parts(archive: Archive) -> list[str]:
    """What the file is made of, as SQL."""
    rows = archive.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND instr(name, '_fts') = 0")
    return [sql.replace('"', "") for (sql,) in rows]


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
