"""`quoth export`: an archive in the formats of others."""

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.extracting import parsed_date
from quoth.cli.ingest import ARCHIVE
from quoth.cli.terminal import OK, complain, guarded

if TYPE_CHECKING:
    from rich.progress import Progress

    from quoth.archive import Archive
    from quoth.exports import Report

EXAMPLES = """\b
Examples:
  quoth export --format parquet --out statements.parquet
  quoth export --format csv --since 2024-01-01 --out this-year.csv
  quoth export --format html --person Q42 --out she-said.html
  quoth export --format postgres --out quoth.sql && psql -f quoth.sql
  quoth export --format brat --out brat/         a new folder

\b
Reports come in the order in which they were stored, each as it counts now:
its latest text, statements with the corrections of reviewers, without those
that were rejected. With --person only reports in which that person speaks,
and only those statements. The file takes its name when it is whole.

\b
Exit code: 0 written; 1 the archive cannot be read or the file not written;
2 wrong usage; 130 interrupted."""


class Format(StrEnum):
    """The formats of `quoth.exports`."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    WEBANNOTATION = "webannotation"
    JSONLD = "jsonld"
    BRAT = "brat"
    POSTGRES = "postgres"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which reports and statements are wanted; None for all."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    publisher: str | None = None
    person: str | None = None

    def report(self, published: datetime.date | None, publisher: str | None) -> bool:
        """Whether a report is wanted; one without a day is not when days are asked for."""
        if self.publisher is not None and publisher != self.publisher:
            return False
        if self.since is None and self.until is None:
            return True
        return published is not None and (self.since or published) <= published <= (self.until or published)


def export(
    format: Annotated[Format, typer.Option(help="What to write.")],
    out: Annotated[str, typer.Option(metavar="PATH", help="The file; for brat a new folder.")],
    archive: Annotated[str, typer.Option("--archive", metavar="FILE", help="The archive.")] = ARCHIVE,
    since: Annotated[
        datetime.date | None, typer.Option(parser=parsed_date, metavar="DATE", help="Reports published on that day or later.")
    ] = None,
    until: Annotated[
        datetime.date | None, typer.Option(parser=parsed_date, metavar="DATE", help="Reports published on that day or earlier.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Reports of one outlet.")] = None,
    person: Annotated[str | None, typer.Option(metavar="ID", help="Statements of one person, by the id in the archive.")] = None,
) -> None:
    """Write the reports and statements of an archive to a file."""
    chosen = Chosen(since=since, until=until, publisher=publisher, person=person)
    raise typer.Exit(guarded(lambda: _run(archive, format, out, chosen)))


def _run(path: str, format: Format, out: str, chosen: Chosen) -> int:
    from quoth.archive import Archive
    from quoth.exports import export

    with Archive.open(path, create=False, read_only=True) as archive, _bar(archive) as progress:
        exported = export(_reports(archive, chosen, progress), out, format=format.value)
    complain(f"{out}: {exported.reports:,} reports, {exported.statements:,} statements", None)
    return OK


def _reports(archive: "Archive", chosen: Chosen, progress: "Progress | None") -> "Iterator[Report]":
    """The reports that are wanted, each with its statements as they count now."""
    for report in archive.every_report():
        article = report.article
        if chosen.report(article.published, article.publisher):
            statements = [one.statement for one in archive.statements(report.row) if chosen.person is None or one.person == chosen.person]
            if statements or chosen.person is None:
                yield article, statements
        if progress is not None:
            progress.advance(progress.task_ids[0])


@contextmanager
def _bar(archive: "Archive") -> "Iterator[Progress | None]":
    """A bar over all reports on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    [(count,)] = archive.rows("SELECT count(*) FROM reports")
    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        progress.add_task("reports", total=count)
        yield progress
