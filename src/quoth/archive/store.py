"""The archive: reports with their texts and statements, each stored once; the front of the room."""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import apsw

from quoth.archive import tallies
from quoth.archive.columns import Columns, anchor_of, columns_of, identity_of, statement_of, text_columns
from quoth.archive.edges import Edges
from quoth.archive.names import plain_name
from quoth.archive.polling import Polling, moment
from quoth.archive.query import ALL
from quoth.archive.reading import STATEMENTS, TEXTS, Reader
from quoth.archive.rows import Stored
from quoth.archive.settling import Event, Placed, Target, settle
from quoth.types import Article, Reading, Statement

NUMBERED = {"speaker_name", "speaker_person", "extractor_name", "publisher_name"}
"""Columns of a value that stand as the number of another row."""
WIKIDATA = re.compile(r"Q[1-9]\d*", re.ASCII)
MOST_REMEMBERED = 100_000
"""Speakers whose numbers are kept in memory."""


class Archive(Reader, Polling, Edges):
    """One SQLite file with the record: reports, statements, people, variants, reviews.

    `Archive.open` opens or makes it; close it, or use it in a `with` statement. One archive serves one thread at a time; other threads
    and programs open their own, and may read while one writes.

    >>> import tempfile
    >>> article = Article.of("It rained.", id="r1", publisher="Harl Post")
    >>> with Archive.open(tempfile.mkdtemp() + "/quoth.db") as archive:
    ...     archive.store(article, (), extractor="none 1"), archive.store(article, (), extractor="none 1")
    ('stored', 'already')
    """

    def __init__(self, path: str, connection: apsw.Connection, *, read_only: bool) -> None:
        super().__init__(path, connection, read_only=read_only)
        self._numbers: dict[tuple[str, ...], int] = {}

    def rolled_back(self) -> None:
        """Forgets the numbers of rows that may never have been written."""
        self._numbers.clear()

    def store(
        self, reading: Reading | Article, statements: Sequence[Statement], *, extractor: str, at: datetime.datetime | None = None
    ) -> Stored:
        """Stores a report and its statements in one transaction, and says what that changed.

        The same report (its canonical address, else publisher and id, else origin) with the same text and the same extractor is
        "already" there. With another text it gets a new text version; read by another extractor its statements are replaced. Reviews hold
        on to the words and are said again on top. Raises ArchiveError, with nothing changed.
        """
        known = text_columns(reading)
        article = reading if isinstance(reading, Article) else reading.article
        with self.transaction():
            if isinstance(reading, Reading):
                self.connection.execute("DELETE FROM skipped WHERE origin = ?", (reading.origin,))
            known["publisher"] = self._number("publishers", known.pop("publisher_name"))
            known["extractor"] = self._number("extractors", extractor)
            row = self.connection.execute("SELECT id, text FROM reports WHERE identity = ?", (identity_of(reading),)).fetchone()
            if row is None:
                report, text = self._new_report(identity_of(reading), known, at)
            else:
                report, (text, changed) = row[0], self._put_text(row[0], known, at)
                if text == row[1] and not changed:
                    return "already"
                if text != row[1]:
                    self._put_first(report, text)
            self._settle(report, text, article, statements)
        return "stored" if row is None else "updated"

    def settle_again(self, report: int) -> None:
        """Works out anew what counts in a report after its reviews changed; within the transaction that changed them."""
        [(text,)] = self.rows("SELECT text FROM reports WHERE id = ?", (report,))
        article = self.text(text)
        assert article is not None, "a foreign key holds it"
        self._settle(report, text, article, self.extracted(report))

    def extracted(self, report: int) -> list[Statement]:
        """The statements of a report's current text as the extractor reads them, whatever reviewers said."""
        [(text,)] = self.rows("SELECT text FROM reports WHERE id = ?", (report,))
        article = self.text(text)
        assert article is not None, "a foreign key holds it"
        where = "statements.text = ? AND statements.target IS NULL"
        untouched = self.columns(f"{STATEMENTS} WHERE {where} ORDER BY statements.id", (text,))
        latest = self.rows("SELECT latest FROM targets WHERE report = ? AND latest IS NOT NULL ORDER BY id", (report,))
        return [statement_of(columns, article) for columns in (*untouched, *(json.loads(written) for (written,) in latest))]

    def reviewed(self, report: int) -> tuple[list[Target], list[Event]]:
        """What was reviewed in a report, and what was said of it, in their order."""
        articles: dict[int, Article] = {}
        targets = []
        for id, text, anchors, original, made_by in self.rows(
            "SELECT id, text, anchors, original, made_by FROM targets WHERE report = ? ORDER BY id", (report,)
        ):
            if text not in articles:
                articles[text] = self._article(self.columns(f"{TEXTS} WHERE texts.id = ?", (text,))[0])
            statement = statement_of(json.loads(original), articles[text])
            places = tuple(anchor_of(anchor) for anchor in json.loads(anchors))
            targets.append(Target(id=id, article=articles[text], anchors=places, original=statement, made_by=made_by))
        events = self.rows(
            """SELECT reviews.id, action, value, target, undoes FROM reviews JOIN targets ON targets.id = reviews.target
            WHERE targets.report = ? ORDER BY reviews.id""",
            (report,),
        )
        return targets, [
            Event(number=number, action=action, value=json.loads(value), target=target, undoes=undoes)
            for number, action, value, target, undoes in events
        ]

    # --- how it is done

    def _new_report(self, identity: str, known: Columns, at: datetime.datetime | None) -> tuple[int, int]:
        """Makes a report with its first text, and gives the numbers of both.

        The text comes first and nothing is updated, because SQLite would write the full-text indexes out at every statement that may change
        several rows.
        """
        [(report,)] = self.connection.execute("SELECT coalesce(max(id), 0) + 1 FROM reports")
        text = self._insert("texts", {"report": report, "added": moment(at), **known})
        self._insert("reports", {"id": report, "identity": identity, "text": text, "added": moment(at)})
        searched = (text, known["title"], known["text"], ALL)
        self.connection.execute("INSERT INTO texts_fts (rowid, title, text, keys) VALUES (?, ?, ?, ?)", searched)
        return report, text

    def _put_first(self, report: int, text: int) -> None:
        """Makes another text version the one that counts."""
        self.connection.execute("UPDATE reports SET text = ? WHERE id = ?", (text, report))
        others = "text IN (SELECT id FROM texts WHERE report = ? AND id <> ?)"
        tallies.put(self, tallies.change(self.columns(f"SELECT * FROM statements WHERE {others}", (report, text)), ()))
        self.connection.execute(f"UPDATE statements SET status = 'superseded' WHERE {others}", (report, text))

    def _put_text(self, report: int, known: Columns, at: datetime.datetime | None) -> tuple[int, bool]:
        """The number of a text version, made new or brought up to date, and whether anything of it changed."""
        found = self.columns("SELECT * FROM texts WHERE report = ? AND sha256 = ?", (report, known["sha256"]))
        if not found:
            return self._insert("texts", {"report": report, "added": moment(at), **known}), True
        changed = {name: value for name, value in known.items() if found[0][name] != value}
        self._update("texts", found[0]["id"], changed)
        return found[0]["id"], bool(changed)

    def _settle(self, report: int, text: int, article: Article, read: Sequence[Statement]) -> None:
        """Writes every statement of a text as it counts."""
        targets, events = self.reviewed(report) if self._is_reviewed(report) else ([], [])
        placed = settle(article, read, targets, events)
        rows = self._write_statements(report, text, placed)
        if targets:
            self.connection.execute("UPDATE targets SET statement = NULL, latest = NULL WHERE report = ?", (report,))
            for one, row in zip(placed, rows, strict=True):
                if one.target is not None:
                    latest = None if one.read is None else json.dumps(columns_of(one.read), ensure_ascii=False)
                    self.connection.execute("UPDATE targets SET statement = ?, latest = ? WHERE id = ?", (row, latest, one.target))

    def _is_reviewed(self, report: int) -> bool:
        return self.connection.execute("SELECT 1 FROM targets WHERE report = ?", (report,)).fetchone() is not None

    def _write_statements(self, report: int, text: int, placed: Sequence[Placed]) -> list[int]:
        """Makes the rows of a text those that are placed, and gives their numbers; a statement that stays keeps its row."""
        existing = self.columns("SELECT * FROM statements WHERE text = ?", (text,))
        [(publisher, day)] = self.connection.execute("SELECT publisher, coalesce(published, '') FROM texts WHERE id = ?", (text,))
        shared = {"report": report, "text": text, "publisher": publisher, "day": day}
        wanted = [self._statement_columns(one) | shared for one in placed]
        kept = _kept_rows(existing, wanted)
        gone = {row["id"] for row in existing} - {row["id"] for row in kept.values()}
        self.connection.executemany("DELETE FROM statements WHERE id = ?", [(row,) for row in sorted(gone)])
        for index, row in kept.items():
            self._update("statements", row["id"], {name: value for name, value in wanted[index].items() if row[name] != value})
        numbers = [kept[index]["id"] if index in kept else self._insert("statements", columns) for index, columns in enumerate(wanted)]
        self._put_into_index([number for index, number in enumerate(numbers) if index not in kept])
        tallies.put(self, tallies.change(existing, wanted))
        return numbers

    def _put_into_index(self, numbers: Sequence[int]) -> None:
        """Makes new statements findable, one at a time: SQLite would write the index out for a query that inserts several."""
        for number in numbers:
            searched = self.connection.execute(
                "SELECT id, words, about, keys FROM searchable_statements WHERE id = ?", (number,)
            ).fetchone()
            if searched is not None:
                self.connection.execute("INSERT INTO statements_fts (rowid, words, about, keys) VALUES (?, ?, ?, ?)", searched)

    def _statement_columns(self, placed: Placed) -> Columns:
        columns = columns_of(placed.statement)
        columns["speaker"] = self._speaker(columns["speaker_name"], columns["speaker_person"])
        columns["extractor"] = self._number("extractors", columns["extractor_name"])
        columns |= {"status": placed.status, "target": placed.target}
        return {name: value for name, value in columns.items() if name not in NUMBERED}

    def _number(self, table: str, name: str | None) -> int | None:
        """The number of a publisher or extractor, made new if need be."""
        if name is None:
            return None
        number = self._numbers.get((table, name))
        if number is None:
            row = self.connection.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
            number = self._numbers[table, name] = row[0] if row else self._insert(table, {"name": name})
        return number

    def _speaker(self, name: str | None, given: str | None) -> int | None:
        """The number of a speaker, made new if need be: he is the person whom he was given for, unless somebody said he is another."""
        if name is None:
            return None
        number = self._numbers.get(("speakers", name, given or ""))
        if number is None:
            row = self.connection.execute("SELECT id FROM speakers WHERE name = ? AND given = ?", (name, given or "")).fetchone()
            number = row[0] if row else self._new_speaker(name, given)
            if len(self._numbers) > MOST_REMEMBERED:
                self._numbers.clear()
            self._numbers["speakers", name, given or ""] = number
        return number

    def _new_speaker(self, name: str, given: str | None) -> int:
        plain = plain_name(name)
        person = None
        if given is not None:
            row = self.connection.execute("SELECT coalesce(merged_into, id) FROM people WHERE id = ?", (given,)).fetchone()
            if row is None:
                self._insert("people", {"id": given, "name": name, "wikidata": given if WIKIDATA.fullmatch(given) else None})
                self._insert("aliases", {"person": given, "name": name, "plain": plain})
            person = row[0] if row else given
            other = self.connection.execute(
                """SELECT coalesce(people.merged_into, people.id) FROM apart JOIN people ON people.id = apart.other
                WHERE apart.plain = ? AND apart.person IN (?, ?)""",
                (plain, given, person),
            ).fetchone()
            person = other[0] if other else person
        return self._insert("speakers", {"name": name, "given": given or "", "plain": plain, "person": person})

    def _insert(self, table: str, columns: Mapping[str, Any]) -> int:
        self.connection.execute(_insertion(table, tuple(columns)), tuple(columns.values()))
        return self.connection.last_insert_rowid()

    def _update(self, table: str, row: int, columns: Mapping[str, Any]) -> None:
        if columns:
            changes = ", ".join(f"{name} = ?" for name in columns)
            self.connection.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*columns.values(), row))


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    """The SQL that inserts a row; the same string for the same columns, so that the database finds it prepared."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _kept_rows(existing: Sequence[Columns], wanted: Sequence[Columns]) -> dict[int, Columns]:
    """Which row stays which statement: that of the same target, else that of the same content."""
    by_target = {row["target"]: row for row in existing if row["target"] is not None}
    kept = {index: by_target[columns["target"]] for index, columns in enumerate(wanted) if columns["target"] in by_target}
    taken = {row["id"] for row in kept.values()}
    by_key = {row["key"]: row for row in existing if row["id"] not in taken}
    for index, columns in enumerate(wanted):
        if index not in kept and columns["key"] in by_key:
            kept[index] = by_key.pop(columns["key"])
    return kept
