"""The archive as a database: opened, closed, asked, written in transactions. What it holds is told by the classes that build on it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import apsw

from quoth.archive.columns import Columns
from quoth.archive.file import opened, wrapped

Bindings = Sequence[Any] | dict[str, Any]


class Database:
    """One SQLite file, one connection."""

    def __init__(self, path: str, connection: apsw.Connection, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.connection = connection

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = True, read_only: bool = False) -> Self:
        """The archive in a file, made new if there is none and `create`; an older version is brought forward, after a backup beside it.

        Raises ArchiveError, with nothing changed, if the file is no archive, damaged, locked, of a newer version or may not be written.
        """
        name = os.fspath(path)
        return cls(name, opened(name, create=create, read_only=read_only), read_only=read_only)

    def close(self) -> None:
        """Closes the file; what was stored stays."""
        with wrapped(self.path):
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """All that is done within is done whole or not at all; a transaction within another is part of it. Raises ArchiveError.

        A program that is killed loses nothing of a transaction that ended; one that is `durable` is on the disk then, so that a failure of
        power loses nothing of it either.
        """
        if self.connection.in_transaction:
            yield
            return
        with wrapped(self.path):
            if durable:
                self.connection.execute("PRAGMA synchronous = FULL")
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self.connection.execute("COMMIT")
                except BaseException:
                    if self.connection.in_transaction:
                        self.connection.execute("ROLLBACK")
                    self.rolled_back()
                    raise
            finally:
                if durable:
                    self.connection.execute("PRAGMA synchronous = NORMAL")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read within is of one moment, whoever writes meanwhile. Raises ArchiveError."""
        if self.connection.in_transaction:
            yield
            return
        with wrapped(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def rolled_back(self) -> None:
        """Called when a transaction was undone: what was remembered of it is wrong."""

    def execute(self, sql: str, bindings: Bindings = ()) -> None:
        """Runs SQL that gives nothing back. Raises ArchiveError."""
        with wrapped(self.path):
            self.connection.execute(sql, bindings)

    def rows(self, sql: str, bindings: Bindings = ()) -> list[tuple[Any, ...]]:
        """What a query gives. Raises ArchiveError."""
        with wrapped(self.path):
            return self.connection.execute(sql, bindings).fetchall()

    def row(self, sql: str, bindings: Bindings = ()) -> tuple[Any, ...] | None:
        """The first row that a query gives, None if there is none. Raises ArchiveError."""
        with wrapped(self.path):
            found: tuple[Any, ...] | None = self.connection.execute(sql, bindings).fetchone()
            return found

    def columns(self, sql: str, bindings: Bindings = ()) -> list[Columns]:
        """What a query gives, each row by the names of its columns. Raises ArchiveError."""
        names: list[str] = []
        found: list[Columns] = []
        with wrapped(self.path):
            cursor = self.connection.execute(sql, bindings)
            for row in cursor:
                names = names or [column[0] for column in cursor.get_description()]
                found.append(dict(zip(names, row, strict=True)))
        return found

    def mark(self, name: str) -> str | None:
        """What a program remembered under a name, such as up to which statement it has worked."""
        row = self.row("SELECT value FROM marks WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def set_mark(self, name: str, value: str) -> None:
        """Remembers a value under a name."""
        with self.transaction():
            self.execute("INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value))
