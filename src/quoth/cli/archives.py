"""What the commands that work on an archive share: which one, who asks, rows as JSON and CSV."""

import csv
import datetime
import getpass
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import Annotated, Any

import typer

from quoth.formats import FORMULA

ARCHIVE = "quoth.db"
ArchivePath = Annotated[str, typer.Option("--archive", metavar="FILE", envvar="QUOTH_ARCHIVE", help="The archive.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _day(written: str) -> datetime.date:
    from quoth.reading import published_date

    date = published_date(written)
    if date is None:
        raise typer.BadParameter(f"{written!r} is no date; write it as 2024-03-05")
    return date


def _whoever() -> str:
    """Who sits at this machine, as far as it tells."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


By = Annotated[str, typer.Option("--by", metavar="NAME", envvar="QUOTH_REVIEWER", help="Who says so.", default_factory=_whoever)]


def day_option(help: str) -> Any:
    """An option that takes a day."""
    return typer.Option(parser=_day, metavar="DATE", help=help)


def now() -> datetime.datetime:
    """The moment a command is run at."""
    return datetime.datetime.now(datetime.UTC)


def as_values(value: object) -> Any:
    """A value as JSON has it: dataclasses as objects, dates as strings, spans as [start, end]."""
    from quoth.types import Span

    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_values(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [as_values(one) for one in value]
    return value


def json_line(value: object) -> str:
    """A value as indented JSON, with a line end."""
    return json.dumps(as_values(value), ensure_ascii=False, indent=2) + "\n"


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; a cell that a spreadsheet would take for a formula is put behind an apostrophe."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row])
    return table.getvalue()
