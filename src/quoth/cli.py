"""The command line: parse, call, print. Heavy imports wait until they are needed, so that help comes at once."""

import datetime
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from quoth import __version__
from quoth.errors import ArticleError, QuothError
from quoth.formats import JsonReports, csv_header, csv_rows, to_json, to_jsonl
from quoth.types import Article, Skipped, Statement

if TYPE_CHECKING:
    from rich.progress import Progress

    from quoth.people import People

OK, BAD_INPUT, BAD_USAGE, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141
"""Exit codes; the last two are those of a program that a signal ends."""
EXAMPLES = """\b
Examples:
  quoth extract report.txt                       who said what, for a reader
  quoth extract --context report.txt             with the report itself, marked
  quoth extract --format jsonl *.txt > out.jsonl one report a line
  quoth extract --format csv reports.jsonl       one statement a row
  quoth extract --people offices.csv report.txt  who "the premier" was that day
  curl -s URL/report.txt | quoth extract --published 2024-03-05 -

\b
A report is plain text, which may open with Title:, Date:, URL:, Publisher:
and Author: lines or with "date 2024-03-05". A .jsonl file holds one report
a line: {"id", "text", "published", "title", "publisher", "url", "author"}.
With --format json one report prints as an object, several as an array.

\b
Exit code: 0 all read; 1 some report could not be (the others are printed);
2 wrong usage; 130 interrupted."""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False)


class Format(StrEnum):
    """How statements are printed."""

    PRETTY = "pretty"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(slots=True)
class Output:
    """What is printed at the beginning, for each report, and at the end, in one format; strings only, nothing is written here."""

    format: Format
    context: bool = False
    width: int = 100
    colour: bool = False
    extractor: str | None = None
    reports: JsonReports = field(default_factory=JsonReports)

    def opening(self) -> str:
        """What comes before the first report."""
        return csv_header() if self.format is Format.CSV else ""

    def report(self, article: Article, statements: Sequence[Statement]) -> str:
        """A report and its statements."""
        match self.format:
            case Format.JSON:
                return self.reports.add(to_json(article, statements, extractor=self.extractor))
            case Format.JSONL:
                return to_jsonl(article, statements, extractor=self.extractor)
            case Format.CSV:
                return csv_rows(article, statements)
            case Format.PRETTY:
                from quoth.display import pretty

                return pretty(article, statements, context=self.context, width=self.width, colour=self.colour)

    def skipped(self) -> str:
        """What stands for a report that could not be read."""
        return self.reports.add(None) if self.format is Format.JSON else ""

    def closing(self) -> str:
        """What comes after the last report."""
        return self.reports.close() if self.format is Format.JSON else ""


def _published(written: str) -> datetime.date:
    from quoth.reading import published_date

    date = published_date(written)
    if date is None:
        raise typer.BadParameter(f"{written!r} is no date; write it as 2024-03-05")
    return date


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"quoth {__version__}")
        raise typer.Exit


@app.callback(epilog='"quoth extract --help" has examples.')
def quoth(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    """Who said what: the attributed statements of dated news reports, with the words that prove each."""


@app.command(epilog=EXAMPLES)
def extract(
    command: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(metavar="FILES|-", help="Reports to read; - is standard input.")] = None,
    published: Annotated[
        datetime.date | None,
        typer.Option(parser=_published, metavar="DATE", help="The date of reports that carry none, as 2024-03-05."),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print the statements.")] = Format.PRETTY,
    people: Annotated[
        str | None,
        typer.Option(metavar="TABLE", help="A table of people and their offices (CSV, Popolo, FollowTheMoney, Wikidata): who they are."),
    ] = None,
    context: Annotated[bool, typer.Option("--context", help="Print each report too, with content, source and cue marked.")] = False,
) -> None:
    """Print the statements of each report: who said what, in which words."""
    if context and format is not Format.PRETTY:
        raise typer.BadParameter("--context goes with --format pretty")
    if not files and (sys.stdin is None or sys.stdin.isatty()):
        typer.echo(command.get_help(), err=True)
        raise typer.Exit(BAD_USAGE)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    output = Output(format=format, context=context, width=get_terminal_size((100, 24)).columns, colour=colour)
    raise typer.Exit(_run(files or ["-"], published, people, output))


def _run(files: Sequence[str], published: datetime.date | None, table: str | None, output: Output) -> int:
    """Prints every report of the files; returns the exit code."""
    try:
        people = None if table is None else _people(table)
        with _progress(len(files)) as progress:
            return _print_reports(files, published, people, output, progress)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_stdout()
        return BROKEN_PIPE
    except QuothError as error:
        _complain(str(error), None)
        return BAD_INPUT


def _people(table: str) -> "People":
    """The people of a table; each row that is left out is one line on stderr. Raises PeopleError."""
    from quoth.people import People

    people = People.load(table)
    for skipped in people.skipped:
        _complain(f"note: {skipped.origin}: {skipped.reason}", None)
    return people


def _print_reports(
    files: Sequence[str], published: datetime.date | None, people: "People | None", output: Output, progress: "Progress | None"
) -> int:
    """Prints every report; one that cannot be read is one line on stderr, and the next one follows. What is printed is whole."""
    from quoth.pipeline import extract_article, extractor_name

    code = OK
    _write(output.opening(), progress)
    try:
        for result in _read_all(files, progress):
            try:
                if isinstance(result, Skipped):
                    raise ArticleError(result.reason)
                article = result if result.published else replace(result, published=published)
                statements = extract_article(article, people=people)
                output.extractor = output.extractor or extractor_name()
                with _uninterrupted():
                    _write(output.report(article, statements), progress)
            except ArticleError as error:
                code = BAD_INPUT
                with _uninterrupted():
                    _complain(f"{result.origin if isinstance(result, Skipped) else result.id}: {error.reason}", progress)
                    _write(output.skipped(), progress)
    finally:
        _write(output.closing(), progress)
    return code


def _read_all(files: Sequence[str], progress: "Progress | None") -> Iterator[Article | Skipped]:
    """The reports of all files, in order."""
    from quoth.reading import read

    for file in files:
        yield from read(file, notice=lambda line: _complain(f"note: {line}", progress))
        if progress is not None:
            progress.advance(progress.task_ids[0])


@contextmanager
def _progress(count: int) -> Iterator["Progress | None"]:
    """A progress bar over the files, on stderr, if there are several and stderr is a terminal."""
    if count < 2 or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        progress.add_task("reading", total=count)
        yield progress


@contextmanager
def _paused(progress: "Progress | None") -> Iterator[None]:
    """Takes the progress bar off the terminal while something else is printed there."""
    if progress is None:
        yield
        return
    progress.stop()
    yield
    progress.start()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Puts Ctrl-C off until the block is done; what is printed and what is known to be printed stay the same."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        signal.raise_signal(signal.SIGINT)


def _write(printed: str, progress: "Progress | None") -> None:
    """Writes to stdout at once and whole; raises BrokenPipeError when nobody reads any more."""
    if not printed:
        return
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    try:
        with _paused(progress if sys.stdout.isatty() else None), _uninterrupted():
            sys.stdout.buffer.write(printed.encode(encoding, "replace"))
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _abandon_stdout()
        raise QuothError(f"cannot be written to: {error.strerror}", concerns="<stdout>") from error


def _complain(line: str, progress: "Progress | None") -> None:
    """One line on stderr."""
    from quoth.display import one_line

    with _paused(progress):
        print(f"quoth: {one_line(line)}", file=sys.stderr, flush=True)


def _abandon_stdout() -> None:
    """Points stdout nowhere, so that Python does not try to write what is left of it at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """The entry point."""
    app(prog_name="quoth")


if __name__ == "__main__":
    main()
