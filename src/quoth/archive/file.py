"""The file: opened, made, brought forward; what SQLite says is told in one clear line. The only module that makes connections."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

import apsw

from quoth.archive.migrations import steps
from quoth.errors import ArchiveError

APPLICATION_ID = 0x71756F74
"""Stands in the header of the file and says what it is: "quot"."""
MAGIC = b"SQLite format 3\x00"
BUSY_MS = 10_000
"""Milliseconds that a writer waits for another one."""
PAGES_BEFORE_CHECKPOINT = 4000

FULL = "the disk is full; nothing was changed"
REASONS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.BusyError, "locked by another program that is writing; try again when it has ended"),
    (apsw.LockedError, "locked by another program that is writing; try again when it has ended"),
    (apsw.FullError, FULL),
    (apsw.ReadOnlyError, "cannot be written: the file or its folder is read-only"),
    (apsw.CorruptError, "damaged; restore a backup with `quoth restore`"),
    (apsw.NotADBError, "no quoth archive"),
    (apsw.CantOpenError, "cannot be opened: no such folder, or no permission"),
    (apsw.PermissionsError, "no permission"),
    (apsw.IOError, "the disk failed while it was read or written"),
    (apsw.InterruptError, "took too long and was stopped"),
)
"""What SQLite's errors mean to whoever has the archive."""


@contextmanager
def wrapped(path: str) -> Iterator[None]:
    """Turns every error of the database into one ArchiveError that names the file."""
    try:
        yield
    except apsw.Error as error:
        if getattr(error, "extendedresult", None) == apsw.SQLITE_IOERR_SHMSIZE:  # no room for what programs share
            raise ArchiveError(FULL, concerns=path) from error
        reason = next((reason for kind, reason in REASONS if isinstance(error, kind)), f"the database failed: {error}")
        raise ArchiveError(reason, concerns=path) from error


def newest() -> int:
    """The version of archive that this program writes."""
    return max(steps(), default=1)


def schema() -> str:
    """The SQL of a new archive."""
    return (files(__package__) / "schema.sql").read_text("utf-8")


def opened(path: str, *, create: bool = True, read_only: bool = False) -> apsw.Connection:
    """A connection to the archive at a path: made if it is not there and `create`, brought forward if it is of an older version.

    Raises ArchiveError, with nothing changed, for what is no archive, is damaged, locked, of a newer version, or may not be written.
    """
    _check_file(path, create=create and not read_only)
    with wrapped(path):
        if not read_only:
            return _connected(path, path, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE, create=create)
        try:
            return _connected(path, path, apsw.SQLITE_OPEN_READONLY)
        except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.IOError):
            if _is_in_use(path):
                raise
            frozen = f"{Path(path).absolute().as_uri()}?immutable=1"
            return _connected(path, frozen, apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)


def _connected(path: str, source: str, flags: int, *, create: bool = False) -> apsw.Connection:
    """A connection that is ready; `source` is the path, or an address that says how it is opened."""
    connection = apsw.Connection(source, flags=flags)
    try:
        _prepare(connection, path, create=create, read_only=bool(flags & apsw.SQLITE_OPEN_READONLY))
    except BaseException:
        connection.close()
        raise
    return connection


def _is_in_use(path: str) -> bool:
    """Whether somebody has written to the archive and not put it away; else it may be read where nothing can be written beside it."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def backed_up(connection: apsw.Connection, path: str) -> None:
    """Copies the archive as it is at this moment to a new file, which others see whole or not at all. Raises ArchiveError, apsw.Error."""
    aside = f"{path}.part"
    Path(aside).unlink(missing_ok=True)
    try:
        with closing(apsw.Connection(aside)) as target:
            with target.backup("main", connection, "main") as backup:
                while not backup.done:
                    backup.step(4096)
            target.execute("PRAGMA journal_mode = DELETE")
        with Path(aside).open("rb") as written:
            os.fsync(written.fileno())
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)


def integer(connection: apsw.Connection, sql: str) -> int:
    """The one number that a query gives."""
    value = connection.execute(sql).get
    return int(value) if isinstance(value, int | float) else 0


def _check_file(path: str, *, create: bool) -> None:
    """Refuses what is certainly no archive before anything is done to it."""
    file = Path(path)
    try:
        if file.is_dir():
            raise ArchiveError("a folder, and no archive", concerns=path)
        if not file.exists():
            if create:
                return
            raise ArchiveError("no such archive", concerns=path)
        with file.open("rb") as opened_file:
            start = opened_file.read(100)
    except OSError as error:
        raise ArchiveError(f"cannot be opened: {error.strerror}", concerns=path) from error
    if (start or not create) and not start.startswith(MAGIC):
        raise ArchiveError("no quoth archive", concerns=path)


def _prepare(connection: apsw.Connection, path: str, *, create: bool, read_only: bool) -> None:
    """Settings of the connection; the schema, if it is a new file; the steps forward, if it is an old one."""
    connection.set_busy_timeout(BUSY_MS)
    connection.execute("PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY")
    if _is_new(connection):
        if read_only or not create:
            raise ArchiveError("no quoth archive", concerns=path)
        _make(connection)
    _check_version(connection, path)
    version = integer(connection, "PRAGMA user_version")
    if version < newest():
        if read_only:
            raise ArchiveError(f"of version {version}, older than this quoth; open it once for writing", concerns=path)
        _bring_forward(connection, path, version)
    if not read_only:
        if connection.readonly("main"):
            raise apsw.ReadOnlyError("read-only")
        connection.execute(f"PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = {PAGES_BEFORE_CHECKPOINT}")


def _is_new(connection: apsw.Connection) -> bool:
    """Whether the file holds nothing at all."""
    empty = integer(connection, "SELECT count(*) FROM sqlite_schema") == 0
    return empty and integer(connection, "PRAGMA application_id") in (0, APPLICATION_ID)


def _make(connection: apsw.Connection) -> None:
    """Writes the schema, whole or not at all; another program that does the same at this moment may come first."""
    connection.execute("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_new(connection):
            connection.execute(schema())
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {newest()}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _check_version(connection: apsw.Connection, path: str) -> None:
    if integer(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise ArchiveError("no quoth archive, but another program's database", concerns=path)
    version = integer(connection, "PRAGMA user_version")
    if version > newest():
        raise ArchiveError(f"written by a newer quoth (version {version}; this one reads up to {newest()})", concerns=path)


def _bring_forward(connection: apsw.Connection, path: str, version: int) -> None:
    """Keeps a copy beside the file, then takes all steps in one transaction."""
    backed_up(connection, f"{path}.v{version}.backup")
    connection.execute("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
    try:
        now = integer(connection, "PRAGMA user_version")
        for number, step in steps().items():
            if number > now:
                connection.execute(step)
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise ArchiveError(f"cannot be brought from version {now} to {newest()}: rows would point nowhere", concerns=path)
        connection.execute(f"PRAGMA user_version = {newest()}; COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
