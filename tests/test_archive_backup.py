"""Verify finds what was harmed; a backup is restored whole, or not at all."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest
from archiving import WHO, article, filled, put, words

from quoth.archive import Archive
from quoth.archive.backup import backup, restore
from quoth.archive.reviews import accept, reject
from quoth.archive.verification import verify
from quoth.errors import ArchiveError


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
        ("UPDATE tallies SET statements = 9 WHERE field = 'month'", "is not the number of statements that have it"),
        ("INSERT INTO statements_fts (statements_fts) VALUES ('delete-all')", "does not agree"),
        ("INSERT INTO texts_fts (texts_fts) VALUES ('delete-all')", "does not agree"),
    ],
)
def test_verify_finds_what_was_harmed(tmp_path: Path, harm: str, told: str) -> None:
    with Archive.open(filled(tmp_path)) as archive:
        accept(archive, 1, **WHO)
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
        with closing(apsw.Connection(str(copy))) as database:
            database.execute("UPDATE statements SET content = '[[0, 5]]'")
        with pytest.raises(ArchiveError, match="no sound backup"):
            restore(copy, path)
        assert verify(archive).problems == ()
