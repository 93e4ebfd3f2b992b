"""`quoth search`: statements of an archive by their words, speakers and days."""

from enum import StrEnum
from shutil import get_terminal_size
from typing import Annotated

import typer

from quoth.cli.archives import ARCHIVE, ArchivePath, AsJson, json_line
from quoth.cli.asking import (
    About,
    By,
    ByEvent,
    MinConfidence,
    OfAct,
    OfKind,
    PublisherNamed,
    Said,
    Since,
    SpeakerNamed,
    Until,
    Words,
    question_of,
)
from quoth.cli.terminal import OK, colour_wanted, complain, guarded, write

EXAMPLES = """\b
Examples:
  quoth search                                   the latest statements
  quoth search harbour strike                    both words
  quoth search '"harbour strike" OR lockout'
  quoth search 'strike -pay'                     the one without the other
  quoth search 'strik*' --speaker "Ama Osei" --since 2024-03-01
  quoth search budget --about Harl --not-said    what somebody denies about it
  quoth search strike --counts                   by speaker, publisher, month
  quoth search strike --csv --limit 1000 > strike.csv

\b
Words are all to be found; "..." is a phrase, strik* every word that begins so,
-pay or NOT pay what must not stand there (in shell quotes, as above), OR (or |) either of two, ( ) group.
Any words may be searched: nothing that is typed is an error. By default the
best match comes first; words that stand in over 10,000 statements are listed
the newest first.

\b
Exit code: 0 searched, found or not; 1 the archive cannot be read, or the
search took too long; 2 wrong usage."""


class Sort(StrEnum):
    """Orders of results."""

    RANK = "rank"
    NEWEST = "newest"
    OLDEST = "oldest"


def search(
    words: Words = None,
    archive: ArchivePath = ARCHIVE,
    speaker: SpeakerNamed = None,
    about: About = None,
    since: Since = None,
    until: Until = None,
    by: ByEvent = By.PUBLISHED,
    publisher: PublisherNamed = None,
    kind: OfKind = None,
    act: OfAct = None,
    said: Said = None,
    min_confidence: MinConfidence = None,
    sort: Annotated[Sort | None, typer.Option(help="The order.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="How many.")] = 20,
    after: Annotated[str | None, typer.Option(metavar="PAGE", help='The next page: "after" of the one before.')] = None,
    reports: Annotated[bool, typer.Option("--reports", help="Search whole reports; takes --publisher, --since, --until.")] = False,
    counts: Annotated[bool, typer.Option("--counts", help="Count by speaker, publisher and month.")] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Search the statements of an archive."""
    if as_json + as_csv > 1 or (as_csv and (counts or reports)) or (counts and reports):
        raise typer.BadParameter("--json, --csv, --counts and --reports do not go together, but for --json with either of the last two")
    question = question_of(
        words, speaker=speaker, about=about, since=since, until=until, by=by, publisher=publisher, kind=kind, act=act, said=said,
        min_confidence=min_confidence,
    )  # fmt: skip
    others = [speaker, about, kind, act, said, min_confidence, sort]
    if reports and any(value is not None for value in others):
        raise typer.BadParameter("--reports goes with --publisher, --since and --until only")

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.counting import counts as counted
        from quoth.archive.report_search import search_reports
        from quoth.archive.search import found
        from quoth.cli import hits

        width, colour = get_terminal_size((100, 24)).columns, colour_wanted()
        with Archive.open(archive, create=False, read_only=True) as opened:
            if counts:
                spread = counted(opened, question)
                write(json_line(spread) if as_json else hits.pretty_counts(spread, width=width, colour=colour), None)
                return OK
            if reports:
                listed = search_reports(opened, question.query, publisher=publisher, since=since, until=until, limit=limit, after=after)
                write(json_line(listed) if as_json else hits.pretty_reports(listed, width=width, colour=colour), None)
                return OK
            page = found(opened, question, sort=sort.value if sort else None, limit=limit, after=after)
            if as_csv:
                write(hits.hits_csv(page.hits), None)
            else:
                write(json_line(page) if as_json else hits.pretty_hits(page, width=width, colour=colour), None)
            if page.after and not as_json:
                complain(f"note: there are more; see them with --limit, or with --after {page.after}", None)
        return OK

    raise typer.Exit(guarded(run))
