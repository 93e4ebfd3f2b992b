"""What the commands that extract have in common: who is known, what extracts, what a date is."""

import datetime
from functools import partial
from typing import TYPE_CHECKING

import typer

from quoth.cli.terminal import complain
from quoth.types import Article, Statement

if TYPE_CHECKING:
    from quoth.ingestion import Extract
    from quoth.people import People


def people_of(table: str | None) -> "People | None":
    """The people of a table, if there is one; each row that is left out is one line on stderr. Raises PeopleError."""
    if table is None:
        return None
    from quoth.people import People

    people = People.load(table)
    for skipped in people.skipped:
        complain(f"note: {skipped.origin}: {skipped.reason}", None)
    return people


def extract_on_one_thread(article: Article, *, people: "People | None") -> tuple[Statement, ...]:
    """The statements of an article; where several processes extract, threads in each would only stand in each other's way."""
    from quoth.pipeline import extract_article
    from quoth.tagger import load

    return extract_article(article, tagger=load(threads=1), people=people)


def extractor_of(people: "People | None", workers: int = 1) -> tuple["Extract", str]:
    """What extracts statements, fit to be used in so many processes, and its name; raises ModelError."""
    from quoth.pipeline import extract_article, extractor_name

    extract = extract_article if workers == 1 else extract_on_one_thread
    return partial(extract, people=people), extractor_name()


def parsed_date(written: str) -> datetime.date:
    """The date that an option gives; raises typer.BadParameter."""
    from quoth.reading import published_date

    date = published_date(written)
    if date is None:
        raise typer.BadParameter(f"{written!r} is no date; write it as 2024-03-05")
    return date
