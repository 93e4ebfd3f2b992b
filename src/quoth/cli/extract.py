"""`quoth extract`: the statements of each report, printed."""

import datetime
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.extracting import Device, Model, OnDevice, extractor_of, parsed_date, people_of
from quoth.cli.terminal import BAD_INPUT, BAD_USAGE, OK, colour_wanted, complain, guarded, progress_bar, uninterrupted, write
from quoth.errors import ArticleError
from quoth.formats import JsonReports, csv_header, csv_rows, to_json, to_jsonl
from quoth.types import Article, Skipped, Statement

if TYPE_CHECKING:
    from rich.progress import Progress

    from quoth.people import People

EXAMPLES = """\b
Examples:
  quoth extract report.txt                       who said what, for a reader
  quoth extract --context report.txt             with the report itself, marked
  quoth extract --format jsonl *.txt > out.jsonl one report a line
  quoth extract --format csv reports.jsonl       one statement a row
  quoth extract --people offices.csv report.txt  who "the premier" was that day
  quoth extract --act speech --act writing report.txt  no thoughts, plans, support
  quoth extract --precision 0.9 report.txt       only what is surely right
  quoth extract --model accurate report.txt      slower, and better
  curl -s URL/report.txt | quoth extract --published 2024-03-05 -

\b
A report is plain text, which may open with Title:, Date:, URL:, Publisher:
and Author: lines or with "date 2024-03-05". A .jsonl file holds one report
a line: {"id", "text", "published", "title", "publisher", "url", "author"}.
With --format json one report prints as an object, several as an array.

\b
Exit code: 0 all read; 1 some report could not be (the others are printed);
2 wrong usage; 130 interrupted."""


class ActName(StrEnum):
    """How a statement was made."""

    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which model reads, and which statements are printed: those of some acts, those sure enough for a precision; else all."""

    acts: frozenset[str] | None
    precision: float | None
    model: str = "fast"
    device: Device = Device.CPU

    def of(self, statements: Sequence[Statement]) -> Sequence[Statement]:
        """The chosen ones; raises ModelError where the model reaches no such precision."""
        chosen = statements if self.acts is None else [statement for statement in statements if statement.act in self.acts]
        if self.precision is None:
            return chosen
        from quoth.confidence import reaching
        from quoth.tagger import load

        return reaching(chosen, self.precision, load(self.model, device=self.device.value).calibration)


def extract(
    command: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(metavar="FILES|-", help="Reports to read; - is standard input.")] = None,
    published: Annotated[
        datetime.date | None,
        typer.Option(parser=parsed_date, metavar="DATE", help="The date of reports that carry none, as 2024-03-05."),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print the statements.")] = Format.PRETTY,
    people: Annotated[
        str | None,
        typer.Option(metavar="TABLE", help="A table of people and their offices (CSV, Popolo, FollowTheMoney, Wikidata): who they are."),
    ] = None,
    context: Annotated[bool, typer.Option("--context", help="Print each report too, with content, source and cue marked.")] = False,
    act: Annotated[
        list[ActName] | None,
        typer.Option(help="Only statements made this way; may be given again. Without it also what the cue may not tell of at all."),
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="Only statements sure enough for so many of them to be right, measured on development sets."),
    ] = None,
    model: Model = "fast",
    device: OnDevice = Device.CPU,
) -> None:
    """Print the statements of each report: who said what, in which words."""
    if context and format is not Format.PRETTY:
        raise typer.BadParameter("--context goes with --format pretty")
    if not files and (sys.stdin is None or sys.stdin.isatty()):
        typer.echo(command.get_help(), err=True)
        raise typer.Exit(BAD_USAGE)
    output = Output(format=format, context=context, width=get_terminal_size((100, 24)).columns, colour=colour_wanted())
    choice = Choice(acts=None if not act else frozenset(name.value for name in act), precision=precision, model=model, device=device)
    raise typer.Exit(guarded(lambda: _run(files or ["-"], published, people, choice, output)))


def _run(files: Sequence[str], published: datetime.date | None, table: str | None, choice: "Choice", output: Output) -> int:
    """Prints every report of the files; returns the exit code."""
    people = people_of(table)
    with progress_bar(len(files)) as progress:
        return _print_reports(files, published, people, choice, output, progress)


def _print_reports(
    files: Sequence[str],
    published: datetime.date | None,
    people: "People | None",
    choice: "Choice",
    output: Output,
    progress: "Progress | None",
) -> int:
    """Prints every report; one that cannot be read is one line on stderr, and the next one follows. What is printed is whole."""
    code = OK
    extract, output.extractor = extractor_of(people, model=choice.model, device=choice.device)
    write(output.opening(), progress)
    try:
        for result in _read_all(files, progress):
            try:
                if isinstance(result, Skipped):
                    raise ArticleError(result.reason)
                article = result if result.published else replace(result, published=published)
                statements = choice.of(extract(article))
                with uninterrupted():
                    write(output.report(article, statements), progress)
            except ArticleError as error:
                code = BAD_INPUT
                with uninterrupted():
                    complain(f"{result.origin if isinstance(result, Skipped) else result.id}: {error.reason}", progress)
                    write(output.skipped(), progress)
    finally:
        write(output.closing(), progress)
    return code


def _read_all(files: Sequence[str], progress: "Progress | None") -> Iterator[Article | Skipped]:
    """The reports of all files, in order."""
    from quoth.reading import read

    for file in files:
        yield from read(file, notice=lambda line: complain(f"note: {line}", progress))
        if progress is not None:
            progress.advance(progress.task_ids[0])
