"""What the commands that extract have in common: who is known, what extracts, what a date is."""

import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.terminal import complain
from quoth.types import Article, Statement

if TYPE_CHECKING:
    from quoth.ingestion import Extract
    from quoth.people import People


NAMED = ("fast", "accurate")
Model = Annotated[
    str,
    typer.Option(metavar="fast|accurate|FOLDER", help="What reads: the model that ships, the larger one of `make accurate`, or your own."),
]


class Device(StrEnum):
    """Where the model computes."""

    CPU = "cpu"
    CUDA = "cuda"


OnDevice = Annotated[Device, typer.Option("--device", help="Where the model computes; cuda needs a GPU and a float model (docs/scale.md).")]


def people_of(table: str | None) -> "People | None":
    """The people of a table, if there is one; each row that is left out is one line on stderr. Raises PeopleError."""
    if table is None:
        return None
    from quoth.people import People

    people = People.load(table)
    for skipped in people.skipped:
        complain(f"note: {skipped.origin}: {skipped.reason}", None)
    return people


def extract_on_one_thread(article: Article, *, people: "People | None", model: str = "fast", device: str = "cpu") -> tuple[Statement, ...]:
    """The statements of an article; where several processes extract, threads in each would only stand in each other's way."""
    from quoth.pipeline import extract_article
    from quoth.tagger import load

    return extract_article(article, tagger=load(model, threads=1, device=device), people=people)


def extractor_of(people: "People | None", workers: int = 1, model: str = "fast", device: Device = Device.CPU) -> tuple["Extract", str]:
    """What extracts statements, fit to be used in so many processes, and its name; raises ModelError."""
    from quoth.pipeline import extract_article, extractor_name

    if device is Device.CUDA:
        from quoth.tagger import load

        name = load(model, device=device.value).name
    else:
        name = extractor_name() if model == "fast" else extractor_name(model)
    if workers > 1:
        named = model if model in NAMED else str(Path(model).absolute())
        return partial(extract_on_one_thread, people=people, model=named, device=device.value), name
    if model == "fast" and device is Device.CPU:
        return partial(extract_article, people=people), name
    from quoth.tagger import load

    return partial(extract_article, tagger=load(model, device=device.value), people=people), name


def parsed_date(written: str) -> datetime.date:
    """The date that an option gives; raises typer.BadParameter."""
    from quoth.reading import published_date

    date = published_date(written)
    if date is None:
        raise typer.BadParameter(f"{written!r} is no date; write it as 2024-03-05")
    return date
