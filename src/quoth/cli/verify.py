"""`quoth verify`, `quoth backup`, `quoth restore`: whether the record is whole, and copies of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.archives import ARCHIVE, ArchivePath, AsJson, as_values, json_line
from quoth.cli.terminal import BAD_INPUT, OK, complain, guarded, write
from quoth.escapes import one_line

if TYPE_CHECKING:
    from quoth.archive import Archive

VERIFY_EXAMPLES = """\b
Examples:
  quoth verify
  quoth verify --archive news.db --json
  quoth verify --pages                           are the words still there?

\b
Looked at: every span against its text, every text against its hash, the
indexes, the links between rows, the chain of reviews. With --pages, each page
is read again: its statements are exact, moved, changed (some words are there),
missing, or the page is unread; what is there is told, and is no problem.

\b
Exit code: 0 all is well; 1 something is not, or the archive cannot be read."""
BACKUP_EXAMPLES = """\b
Examples:
  quoth backup quoth-2024-03-05.db               while others read and write

\b
Exit code: 0 written; 1 not, or a file of that name is there."""
RESTORE_EXAMPLES = """\b
Examples:
  quoth restore quoth-2024-03-05.db              after verifying it
  quoth restore quoth-2024-03-05.db --archive news.db

\b
What was there before stays beside it, as "quoth.db.replaced".

\b
Exit code: 0 restored; 1 the backup is not sound, and nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A statement and how it stands on its page as that is now: exact, moved, changed or missing; unread if the page is not to be had."""

    statement: int
    url: str
    now: str
    words: str
    speaker: str | None


def verify(
    archive: ArchivePath = ARCHIVE,
    pages: Annotated[bool, typer.Option("--pages", help="Compare with the pages as they are on the web now, too.")] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch pages from private and local addresses too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look whether everything in an archive is as it must be."""
    if allow_private and not pages:
        raise typer.BadParameter("--allow-private goes with --pages")

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.verification import verify as verified

        with Archive.open(archive, create=False) as opened:
            found = verified(opened)
            standing = list(_on_pages(opened, allow_private)) if pages else []
        for problem in found.problems:
            complain(f"{archive}: {problem.concerns}: {problem.told}", None)
        if as_json:
            write(json_line({**as_values(found), "pages": standing} if pages else found), None)
            return BAD_INPUT if found.problems else OK
        count = len(found.problems) or "no"
        write(f"{found.texts:,} texts, {found.statements:,} statements, {found.reviews:,} reviews: {count} problems\n", None)
        write("".join(f"{one.now:8} statement {one.statement}  {one_line(one.url)}  {one_line(one.words)}\n" for one in standing), None)
        return BAD_INPUT if found.problems else OK

    raise typer.Exit(guarded(run))


def _on_pages(archive: "Archive", allow_private: bool) -> Iterator[Standing]:
    """Every statement of a report that has an address, and how it stands there now; each page is fetched once."""
    from quoth.archive.verification import against
    from quoth.fetching import Fetcher
    from quoth.ingestion.sources import read_sources
    from quoth.types import Reading

    with Fetcher(allow_private=allow_private) as fetcher:
        for report in archive.every_report():
            url, rows = report.article.url, archive.statements(report.row)
            if url is None or not rows:
                continue
            read = next(iter(read_sources([url], fetch=fetcher.page)), None)
            for row in rows:
                now: str = against(row.statement.anchors, read.article.text) if isinstance(read, Reading) else "unread"
                speaker = row.statement.speaker.name if row.statement.speaker else None
                yield Standing(statement=row.row, url=url, now=now, words=row.statement.words, speaker=speaker)


def backup(
    path: Annotated[str, typer.Argument(metavar="FILE", help="Where to; no file may be there.")], archive: ArchivePath = ARCHIVE
) -> None:
    """Copy an archive as it is at this moment."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.backup import backup as copied

        with Archive.open(archive, create=False, read_only=True) as opened:
            copied(opened, path)
        return OK

    raise typer.Exit(guarded(run))


def restore(
    path: Annotated[str, typer.Argument(metavar="BACKUP", help="A file that backup wrote.")], archive: ArchivePath = ARCHIVE
) -> None:
    """Put a backup in an archive's place, after verifying it."""

    def run() -> int:
        from quoth.archive.backup import restore as restored

        found = restored(path, archive)
        write(f"restored: {found.texts:,} texts, {found.statements:,} statements, {found.reviews:,} reviews\n", None)
        return OK

    raise typer.Exit(guarded(run))
