"""Copies of the archive, and back."""

import os
from contextlib import closing
from pathlib import Path

import apsw

from quoth.archive.file import backed_up, wrapped
from quoth.archive.store import Archive
from quoth.archive.verification import Verification, verify
from quoth.errors import ArchiveError


def backup(archive: Archive, path: str | os.PathLike[str]) -> None:
    """Copies the archive as it is at this moment to a new file, while others read and write. Raises ArchiveError if a file is there."""
    target = os.fspath(path)
    if Path(target).exists():
        raise ArchiveError("is there already; a backup replaces nothing", concerns=target)
    with wrapped(target):
        try:
            backed_up(archive.connection, target)
        except OSError as error:
            raise ArchiveError(f"cannot be written: {error.strerror}", concerns=target) from error


def restore(path: str | os.PathLike[str], archive: str | os.PathLike[str]) -> Verification:
    """Puts a backup in the place of an archive, after verifying it; what was there before stays beside it, as "NAME.replaced".

    Raises ArchiveError, with nothing changed, if the backup is none or has a problem.
    """
    source, target = os.fspath(path), os.fspath(archive)
    if Path(source).resolve() == Path(target).resolve():
        raise ArchiveError("is the archive itself", concerns=source)
    with Archive.open(source, create=False, read_only=True) as copy:
        verification = verify(copy)
        if verification.problems:
            problem = verification.problems[0]
            raise ArchiveError(f"is no sound backup: {problem.concerns} {problem.told}", concerns=source)
        with wrapped(target):
            _put(copy, target)
    return verification


def _put(copy: Archive, target: str) -> None:
    """Writes a sound archive to a place. One that is there is overwritten in one transaction, or, if it is damaged, moved aside."""
    try:
        if Path(target).exists() and not _keep_sound(target):
            for end in ("", "-wal", "-shm"):
                if Path(target + end).exists():
                    Path(target + end).replace(f"{target}.replaced{end}")
        if not Path(target).exists():
            backed_up(copy.connection, target)
            return
    except OSError as error:
        raise ArchiveError(f"cannot be written: {error.strerror}", concerns=target) from error
    with closing(apsw.Connection(target)) as into, into.backup("main", copy.connection, "main") as copying:
        into.set_busy_timeout(10_000)
        copying.step(-1)


def _keep_sound(target: str) -> bool:
    """Keeps a copy of an archive beside it; false if it is too damaged to be copied."""
    try:
        with Archive.open(target, create=False) as before:
            backed_up(before.connection, f"{target}.replaced")
    except (ArchiveError, apsw.Error):
        return False
    return True
