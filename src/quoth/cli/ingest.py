"""`quoth ingest`: reports from anywhere into an archive; `quoth skipped`: what could not be read."""

import datetime
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.afterwards import Afterwards, WithAlerts, WithVariants, follow_up
from quoth.cli.extracting import Model, extractor_of, parsed_date, people_of
from quoth.cli.gauge import progress_over
from quoth.cli.network import fetching
from quoth.cli.terminal import BAD_INPUT, BAD_USAGE, INTERRUPTED, OK, complain, guarded, write
from quoth.escapes import one_line, visible

if TYPE_CHECKING:
    from quoth.archive import Archive
    from quoth.ingestion import Ingestion
    from quoth.ingestion.sources import FetchPage
    from quoth.ingestion.tally import Tally

EXAMPLES = """\b
Examples:
  quoth ingest news/                             a folder, with all that is in it
  quoth ingest CC-NEWS-20240305.warc.gz          a crawl
  quoth ingest --map text=story,published=day export.csv
  quoth ingest https://post.example/rain.html    a page
  quoth ingest --workers 4 --people offices.csv news/
  quoth ingest --retry-skipped                   what could not be read before

\b
A SOURCE is a file, a folder, an address, or - for standard input: text, HTML,
RSS, Atom, JSON Feed, WARC, JSON, JSON Lines, CSV, Parquet, ninjs, and zip, tar
and gzip of these, told by their content. What is in the archive already is
passed over, so a run that was broken off is simply started again. At the end
the same words are looked for in other reports, as "quoth variants" does, and
saved searches are run, as "quoth alerts run" does.

\b
Exit code: 0 every SOURCE was read (reports within one that could not be read
are counted, and listed by "quoth skipped"); 1 a SOURCE itself could not be
read, or the archive cannot be written; 2 wrong usage; 130 interrupted."""

SKIPPED_EXAMPLES = """\b
Examples:
  quoth skipped                                  origin and reason, one a line
  quoth skipped --json | jq -r .origin
  quoth ingest --retry-skipped                   try them again"""

ArchivePath = Annotated[str, typer.Option("--archive", metavar="FILE", help="The archive; it is made if there is none.")]
ARCHIVE = "quoth.db"


def mapping_of(written: Sequence[str]) -> dict[str, str]:
    """The columns that hold the fields of a report, as --map gives them."""
    pairs = [pair.partition("=") for given in written for pair in given.split(",")]
    if not all(field.strip() and column.strip() for field, _, column in pairs):
        raise typer.BadParameter("write it as FIELD=COLUMN, such as text=body", param_hint="--map")
    mapping = {field.strip(): column.strip() for field, _, column in pairs}
    from quoth.reading.columns import checked_mapping

    try:
        checked_mapping(mapping)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--map") from error
    return mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was asked for on the command line."""

    sources: tuple[str, ...]
    archive: str
    workers: int
    mapping: dict[str, str] = field(default_factory=dict)
    retry: bool = False
    people: str | None = None
    model: str = "fast"
    published: datetime.date | None = None
    contact: str | None = None
    allow_private: bool = False
    variants: bool = True
    alerts: bool = True
    json: bool = False


def ingest(
    command: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="What to read; - is standard input.")] = None,
    archive: ArchivePath = ARCHIVE,
    workers: Annotated[
        int, typer.Option(min=1, max=256, metavar="N", help="How many processes extract at once; the archive is the same.")
    ] = 1,
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of a table holds a field, such as text=body.")
    ] = None,
    retry_skipped: Annotated[bool, typer.Option("--retry-skipped", help="Read again what could not be read before.")] = False,
    people: Annotated[str | None, typer.Option(metavar="TABLE", help="A table of people and their offices: who they are.")] = None,
    model: Model = "fast",
    published: Annotated[
        datetime.date | None, typer.Option(parser=parsed_date, metavar="DATE", help="The date of reports that carry none, as 2024-03-05.")
    ] = None,
    contact: Annotated[str | None, typer.Option(metavar="WHO", help="Told to servers: an address to write to, or of a page.")] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from private and local addresses too.")] = False,
    variants: WithVariants = True,
    alerts: WithAlerts = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the closing account as JSON.")] = False,
) -> None:
    """Read reports, extract their statements, and store both in an archive."""
    if not sources and not retry_skipped:
        if sys.stdin is None or sys.stdin.isatty():
            typer.echo(command.get_help(), err=True)
            raise typer.Exit(BAD_USAGE)
        sources = ["-"]
    choices = Choices(
        sources=tuple(sources or ()), archive=archive, workers=workers, mapping=mapping_of(columns or ()), retry=retry_skipped,
        people=people, model=model,
        published=published, contact=contact, allow_private=allow_private, variants=variants, alerts=alerts, json=as_json,
    )  # fmt: skip
    raise typer.Exit(guarded(lambda: _run(choices)))


def _run(choices: Choices) -> int:
    """Takes the sources in; returns the exit code. Once the archive is open, the account is told however it ends."""
    from quoth.archive import Archive
    from quoth.ingestion import Ingestion
    from quoth.ingestion.tally import Tally
    from quoth.reading.paths import origin_of

    extract, extractor = extractor_of(people_of(choices.people), choices.workers, choices.model)
    tally, afterwards = Tally(), Afterwards()
    with Archive.open(choices.archive) as archive, fetching(contact=choices.contact, allow_private=choices.allow_private) as fetch:
        sources = [*choices.sources, *(_again(archive) if choices.retry else ())]
        ingestion = Ingestion(archive, extract, extractor=extractor, published=choices.published, again=choices.retry)
        try:
            unread = _take_in(ingestion, list(dict.fromkeys(sources)), choices, fetch, tally)
            afterwards = follow_up(archive, variants=choices.variants, alerts=choices.alerts, at=ingestion.now(), as_json=choices.json)
        except KeyboardInterrupt:
            complain("interrupted; what was stored stays, and the same command goes on from there", None)
            return INTERRUPTED
        finally:
            _tell(tally, afterwards, choices)
    return BAD_INPUT if unread.intersection(map(origin_of, choices.sources)) else OK


def _again(archive: "Archive") -> Iterator[str]:
    """The sources of what was skipped; one that is nowhere any more is one line on stderr."""
    from quoth.ingestion.sources import source_of

    for row in archive.skipped():
        source = source_of(row.skipped.origin)
        if source is None:
            complain(f"note: {row.skipped.origin}: no longer there, so it cannot be tried again", None)
        else:
            yield source


def _take_in(ingestion: "Ingestion", sources: Sequence[str], choices: Choices, fetch: "FetchPage", tally: "Tally") -> set[str]:
    """Takes every report in and counts it; returns the origins that were skipped."""
    from quoth.ingestion.sources import read_sources
    from quoth.reading.paths import origin_of

    named = set(map(origin_of, choices.sources))
    skipped: set[str] = set()
    with progress_over(sources) as gauge:
        found = read_sources(
            sources,
            fetch=fetch,
            mapping=choices.mapping or None,
            notice=lambda line: complain(f"note: {line}", gauge.progress),
            follow=gauge.follow,
        )
        for ingested in ingestion.run(found, workers=choices.workers):
            tally.add(ingested)
            gauge.passed()
            if ingested.ending == "skipped":
                skipped.add(ingested.origin)
                if ingested.origin in named:
                    complain(f"{ingested.origin}: {ingested.reason}", gauge.progress)
    return skipped


def _tell(tally: "Tally", afterwards: Afterwards, choices: Choices) -> None:
    """Prints the account."""
    if choices.json:
        account = {"archive": choices.archive, **tally.to_json(), **afterwards.to_json()}
        write(json.dumps(account, ensure_ascii=False) + "\n", None)
        return
    hint = ["", f"quoth skipped --archive {shlex.quote(choices.archive)}   lists what was skipped"] if tally.endings["skipped"] else []
    found = [afterwards.line] if afterwards.line else []
    write("".join(f"{visible(line)}\n" for line in [*tally.lines(), *found, *hint]), None)


def skipped(
    archive: ArchivePath = ARCHIVE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the reports that could not be read, and why."""
    raise typer.Exit(guarded(lambda: _list(archive, as_json)))


def _list(path: str, as_json: bool) -> int:
    from quoth.archive import Archive

    with Archive.open(path, create=False, read_only=True) as archive:
        rows = archive.skipped()
    for row in rows:
        fields = {"origin": row.skipped.origin, "reason": row.skipped.reason, "at": row.at, "tries": row.tries}
        line = json.dumps(fields, ensure_ascii=False) if as_json else f"{one_line(row.skipped.origin)}: {one_line(row.skipped.reason)}"
        write(f"{line}\n", None)
    return OK
