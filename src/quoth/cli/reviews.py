"""`quoth reviews`: corrections of statements, which no later reading undoes."""

import datetime
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.archives import ARCHIVE, ArchivePath, AsJson, By, day_option, json_line, now
from quoth.cli.terminal import OK, guarded, write
from quoth.errors import ArchiveError
from quoth.escapes import one_line

if TYPE_CHECKING:
    from quoth.archive import Archive
    from quoth.types import Span

EXAMPLES = """\b
Examples:
  quoth reviews accept 17 --by ida               statement 17 is right
  quoth reviews reject 18                        that one is none
  quoth reviews edit 17 --content 120-164,180-201
  quoth reviews edit 17 --speaker "Ama Osei" --said 2024-03-05 --not-said
  quoth reviews split 17 120-164 180-201
  quoth reviews merge 17 18
  quoth reviews undo 5                           review 5 is taken back
  quoth reviews export > reviewed.jsonl          as training data

\b
The number of a statement is what "quoth search" prints; spans are characters
of its report's text, counted from 0, the end not included. Reviews hold on to
the words: they stay when reports are read again, by whatever model.

\b
Exit code: 0 done; 1 no such archive, statement or review; 2 wrong usage."""

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Corrections: list, accept, reject, edit, split, merge, undo, export.")
Row = Annotated[int, typer.Argument(metavar="STATEMENT", help="Its number.")]


class Precision(StrEnum):
    """How precise a day is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def _spans(written: str) -> "list[Span]":
    """The spans of "120-164,180-201"."""
    from quoth.types import Span

    try:
        return [Span(start=int(start), end=int(end)) for start, _, end in (one.partition("-") for one in written.split(","))]
    except ValueError:
        raise typer.BadParameter(f"{written!r} is no span; write it as 120-164 or 120-164,180-201") from None


def _run(archive: str, review: "Callable[[Archive], list[int]]") -> None:
    """Opens the archive, says something of a statement, prints the number of the review."""

    def run() -> int:
        from quoth.archive import Archive

        with Archive.open(archive, create=False) as opened, opened.transaction(durable=True):
            numbers = review(opened)
        write("".join(f"review {number}\n" for number in numbers), None)
        return OK

    raise typer.Exit(guarded(run))


@app.command("list")
def list_reviews(
    row: Annotated[int | None, typer.Argument(metavar="STATEMENT", help="Its number; all by default.")] = None,
    archive: ArchivePath = ARCHIVE,
    orphaned: Annotated[bool, typer.Option("--orphaned", help="Only those whose words are gone from their report.")] = False,
    as_json: AsJson = False,
) -> None:
    """List reviews in their order."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.reviews import orphans, reviews

        with Archive.open(archive, create=False, read_only=True) as opened:
            found = orphans(opened) if orphaned else reviews(opened, row=row)
        lines = (
            f"{one.number:>5}  {one.at}  {one_line(one.reviewer)}  {one.action}{f' {one.undoes}' if one.undoes else ''}"
            f"{'' if one.active or one.action == 'undo' else ' (undone)'}  statement {one.statement or '–'}  {one_line(one.words)[:60]}\n"
            for one in found
        )
        write(json_line(found) if as_json else "".join(lines) or "nothing was reviewed\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command()
def accept(row: Row, by: By, archive: ArchivePath = ARCHIVE) -> None:
    """Confirm a statement as it stands."""
    from quoth.archive import reviews

    _run(archive, lambda opened: [reviews.accept(opened, row, by=by, at=now())])


@app.command()
def reject(row: Row, by: By, archive: ArchivePath = ARCHIVE) -> None:
    """Say that this is no statement."""
    from quoth.archive import reviews

    _run(archive, lambda opened: [reviews.reject(opened, row, by=by, at=now())])


@app.command()
def edit(
    row: Row,
    by: By,
    archive: ArchivePath = ARCHIVE,
    content: Annotated[str | None, typer.Option(metavar="SPANS", help="The content: 120-164 or 120-164,180-201.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help='Who speaks; "" if nobody can know.')] = None,
    person: Annotated[str | None, typer.Option(metavar="ID", help="Whose id in the archive that is.")] = None,
    said: Annotated[datetime.date | None, day_option("When the words were said.")] = None,
    precision: Annotated[Precision, typer.Option(help="How precise that is.")] = Precision.DAY,
    not_said: Annotated[bool | None, typer.Option("--not-said/--is-said", help="Whether the words were said.", show_default=False)] = None,
) -> None:
    """Correct a statement: its content, speaker, day, or whether it was said."""
    from quoth.archive import reviews

    spans = None if content is None else _spans(content)
    if all(value is None for value in (content, speaker, person, said, not_said)):
        raise typer.BadParameter("say what to correct: --content, --speaker, --person, --said, --not-said")

    def run(opened: "Archive") -> list[int]:
        at, numbers = now(), []
        if spans is not None:
            numbers.append(reviews.edit(opened, row, spans, by=by, at=at))
        if speaker is not None or person is not None:
            numbers.append(reviews.set_speaker(opened, row, speaker or None, person=person, by=by, at=at))
        if said is not None:
            numbers.append(reviews.set_said(opened, row, said, precision=precision.value, by=by, at=at))
        if not_said is not None:
            numbers.append(reviews.set_polarity(opened, row, "not_said" if not_said else "asserted", by=by, at=at))
        return numbers

    _run(archive, run)


@app.command()
def split(
    row: Row,
    contents: Annotated[list[str], typer.Argument(metavar="SPANS", help="The content of each part.")],
    by: By,
    archive: ArchivePath = ARCHIVE,
) -> None:
    """Make several statements of one."""
    from quoth.archive import reviews

    parts = [_spans(content) for content in contents]
    _run(archive, lambda opened: [reviews.split(opened, row, parts, by=by, at=now())])


@app.command()
def merge(
    rows: Annotated[list[int], typer.Argument(metavar="STATEMENT", help="Two or more of one report.")],
    by: By,
    archive: ArchivePath = ARCHIVE,
) -> None:
    """Make one statement of several."""
    from quoth.archive import reviews

    _run(archive, lambda opened: [reviews.merge(opened, rows, by=by, at=now())])


@app.command()
def undo(number: Annotated[int, typer.Argument(metavar="REVIEW", help="Its number.")], by: By, archive: ArchivePath = ARCHIVE) -> None:
    """Take a review back."""
    from quoth.archive import reviews

    _run(archive, lambda opened: [reviews.undo(opened, number, by=by, at=now())])


@app.command()
def export(
    archive: ArchivePath = ARCHIVE,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to; standard output by default.")] = None,
) -> None:
    """Write every reviewed report as a line of JSON: text and attributions with content, cue and source spans."""

    def run() -> int:
        from quoth.archive import Archive
        from quoth.archive.training import training

        with Archive.open(archive, create=False, read_only=True) as opened:
            lines = (json.dumps(report, ensure_ascii=False) + "\n" for report in training(opened))
            if out is None:
                for line in lines:
                    write(line, None)
                return OK
            try:
                with out.open("w", encoding="utf-8") as file:
                    file.writelines(lines)
            except OSError as error:
                raise ArchiveError(f"cannot be written: {error.strerror}", concerns=str(out)) from error
        return OK

    raise typer.Exit(guarded(run))
