"""Rows to values: reports, texts, statements."""

from collections.abc import Iterator
from dataclasses import replace

from quoth.archive.columns import Columns, article_of, reading_of, statement_of
from quoth.archive.database import Bindings, Database
from quoth.archive.rows import ReportRow, StatementRow, TextVersion
from quoth.errors import ArchiveError
from quoth.types import Article

TEXTS = """SELECT texts.*, publishers.name AS publisher_name, extractors.name AS extractor_name
FROM texts LEFT JOIN publishers ON publishers.id = texts.publisher LEFT JOIN extractors ON extractors.id = texts.extractor"""
STATEMENTS = """SELECT statements.*, speakers.name AS speaker_name, nullif(speakers.given, '') AS speaker_person,
speakers.person AS person, extractors.name AS extractor_name
FROM statements LEFT JOIN speakers ON speakers.id = statements.speaker JOIN extractors ON extractors.id = statements.extractor"""
BATCH = 500
"""Rows read at once where all are wanted; between two batches others may write."""


class Reader(Database):
    """What the archive holds, as values."""

    def holds(self, *, extractor: str, source_sha256: str | None = None, sha256: str | None = None) -> bool:
        """Whether a source, by the hash of its bytes, or a text, by its own, was stored with the statements of this extractor.

        Then reading and extracting it again changes nothing.
        """
        column, value = ("source_sha256", source_sha256) if source_sha256 is not None else ("sha256", sha256)
        row = self.row(
            f"""SELECT 1 FROM texts JOIN reports ON reports.text = texts.id JOIN extractors ON extractors.id = texts.extractor
            WHERE texts.{column} = ? AND extractors.name = ?""",
            (value, extractor),
        )
        return row is not None

    def report(self, key: int | str) -> ReportRow | None:
        """A report by its number, its identity, its address or the id of its article; None if there is none. Of several the first."""
        row = self.row(
            """SELECT reports.id FROM reports WHERE reports.id = :key OR identity = :key OR identity = 'url:' || :key
            UNION ALL SELECT report FROM texts WHERE typeof(:key) = 'text' AND :key IN (url, canonical_url, name) LIMIT 1"""
            if isinstance(key, str)
            else "SELECT id FROM reports WHERE id = :key",
            {"key": key},
        )
        return None if row is None else self._report(row[0])

    def statement(self, key: int | str) -> StatementRow | None:
        """A statement by its row or its id; None if there is none.

        Equal texts in several reports give equal ids: of those the one stored first, and one that is shown before one that is not.
        """
        where = "statements.id = ?" if isinstance(key, int) else "statements.key = ? ORDER BY statements.shown DESC, statements.id LIMIT 1"
        return next(iter(self._statements(f"WHERE {where}", (key,))), None)

    def newest_statement(self) -> int:
        """The row of the statement that was stored last, 0 if there is none."""
        [(newest,)] = self.rows("SELECT coalesce(max(id), 0) FROM statements")
        return int(newest)

    def statements(self, report: int, *, hidden: bool = False) -> tuple[StatementRow, ...]:
        """The statements of a report's current text, in its order; with `hidden` also what was rejected, merged, split or superseded."""
        shown = "" if hidden else "AND statements.shown"
        rows = self._statements(
            f"WHERE statements.text = (SELECT text FROM reports WHERE id = ?) {shown} ORDER BY statements.id",
            (report,),
        )
        return tuple(sorted(rows, key=lambda row: (row.statement.attribution.content, row.row)))

    def superseded(self, report: int) -> tuple[StatementRow, ...]:
        """The statements of the texts that a report had before, as they were read there."""
        earlier = """statements.text IN (SELECT id FROM texts WHERE report = :report)
        AND statements.text <> (SELECT text FROM reports WHERE id = :report)"""
        return tuple(self._statements(f"WHERE {earlier} ORDER BY statements.id", {"report": report}))

    def every_statement(self, *, after: int = 0) -> Iterator[StatementRow]:
        """All statements that are shown, in the order of their rows, from the first row after one. Others may write meanwhile."""
        while batch := self._statements("WHERE statements.id > ? AND statements.shown ORDER BY statements.id LIMIT ?", (after, BATCH)):
            yield from batch
            after = batch[-1].row

    def every_report(self, *, after: int = 0) -> Iterator[ReportRow]:
        """All reports in the order of their rows, from the first row after one. Others may write meanwhile."""
        while rows := self.rows("SELECT id FROM reports WHERE id > ? ORDER BY id LIMIT ?", (after, BATCH)):
            for (row,) in rows:
                report = self._report(row)
                if report is not None:
                    yield report
            after = rows[-1][0]

    def text(self, row: int) -> Article | None:
        """The article of one text version by its row, as it was read then."""
        found = self.columns(f"{TEXTS} WHERE texts.id = ?", (row,))
        return self._article(found[0]) if found else None

    def _article(self, columns: Columns) -> Article:
        try:
            return article_of(columns)
        except ValueError as error:
            raise ArchiveError(f"damaged: text {columns['id']} is not the one that was stored", concerns=self.path) from error

    def _report(self, row: int) -> ReportRow | None:
        found = self.columns(f"{TEXTS} JOIN reports ON reports.text = texts.id WHERE reports.id = ?", (row,))
        known = self.row("SELECT identity, added FROM reports WHERE id = ?", (row,))
        if not found or known is None:
            return None
        self._article(found[0])
        versions = self.rows("SELECT id, sha256, added FROM texts WHERE report = ? ORDER BY id", (row,))
        return ReportRow(
            row=row,
            identity=known[0],
            reading=reading_of(found[0]),
            extractor=found[0]["extractor_name"],
            added=known[1],
            text_row=found[0]["id"],
            versions=tuple(TextVersion(row=number, sha256=sha256, added=added) for number, sha256, added in versions),
        )

    def _statements(self, rest: str, bindings: Bindings) -> list[StatementRow]:
        """The statements of a query; those of one text share its article."""
        found = self.columns(f"{STATEMENTS} {rest}", bindings)
        articles: dict[int, Article] = {}
        for row in found:
            if row["text"] not in articles:
                article = self.text(row["text"])
                assert article is not None, "a foreign key holds it"
                articles[row["text"]] = article
        return [statement_row(row, articles[row["text"]]) for row in found]


def statement_row(columns: Columns, article: Article) -> StatementRow:
    """The value of one row of STATEMENTS; its speaker is the person whom he is by now."""
    statement = statement_of(columns, article)
    if statement.speaker is not None:
        statement = replace(statement, speaker=replace(statement.speaker, person=columns["person"]))
    return StatementRow(
        row=columns["id"],
        statement=statement,
        report=columns["report"],
        status=columns["status"],
        person=columns["person"],
        about=tuple((columns["about"] or "").split("; ")) if columns["about"] else (),
        target=columns["target"],
    )
