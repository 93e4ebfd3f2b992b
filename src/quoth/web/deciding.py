"""What a reviewer decides about one statement, as forms and programs send it, and as pages tell it."""

import datetime
from collections.abc import Sequence
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field

from quoth.archive import Archive, Review, StatementRow
from quoth.archive import reviews as said_by
from quoth.errors import ArticleError
from quoth.types import Precision, Span

Action = Literal["accept", "reject", "edit", "speaker", "said", "not_said", "asserted"]
ACTIONS: tuple[Action, ...] = get_args(Action)
APART = " […] "
"""Stands between pieces of a content where they are written as one string."""


class Decision(BaseModel):
    """One decision. `words` or `content` go with "edit": the right words, or their spans in code points."""

    action: Action
    name: str | None = Field(default=None, max_length=500, description='With "speaker": the name; nothing if nobody can know.')
    person: str | None = Field(default=None, max_length=300, description='With "speaker": the id of a person in the archive.')
    words: str | None = Field(default=None, max_length=20_000, description='With "edit": the right words as they stand in the text.')
    content: list[tuple[int, int]] | None = Field(default=None, max_length=100, description='With "edit": [[start, end], …].')
    date: datetime.date | None = Field(default=None, description='With "said": the day; nothing if nobody can know.')
    precision: Precision = "day"


def decide(archive: Archive, row: StatementRow, decision: Decision, *, by: str, at: datetime.datetime) -> int:
    """Says it in the archive; the number of the review. Raises ArchiveError, ArticleError."""
    told: dict[str, Any] = {"by": by, "at": at}
    match decision.action:
        case "accept":
            return said_by.accept(archive, row.row, **told)
        case "reject":
            return said_by.reject(archive, row.row, **told)
        case "edit":
            return said_by.edit(archive, row.row, content_of(row, decision), **told)
        case "speaker":
            name = (decision.name or "").strip() or None
            return said_by.set_speaker(archive, row.row, name, person=decision.person or None, **told)
        case "said":
            return said_by.set_said(archive, row.row, decision.date, precision=decision.precision, **told)
        case "not_said":
            return said_by.set_polarity(archive, row.row, "not_said", **told)
        case "asserted":
            return said_by.set_polarity(archive, row.row, "asserted", **told)


def told_of(review: Review) -> str:
    """What a review did, in words."""
    value: dict[str, Any] = review.value
    match review.action:
        case "accept":
            return "accepted it as it stands"
        case "reject":
            return "rejected it: no statement"
        case "edit":
            return f"set the words to “{' […] '.join(anchor['exact'] for anchor in value['content'])}”"
        case "speaker":
            return f"set the speaker to {value['name']}" if value["name"] else "said that nobody can know the speaker"
        case "said":
            return f"set the day said to {value['date']}" if value["date"] else "said that nobody can know the day"
        case "polarity":
            return "said that it was not said" if value["polarity"] == "not_said" else "said that it was said"
        case "undo":
            return f"took review {review.undoes} back"
        case action:
            return {"split": "split it", "merge": "merged it with others"}.get(action, action)


def content_of(row: StatementRow, decision: Decision) -> tuple[Span, ...]:
    """The content that a decision means. Raises ArticleError if it is none or its words are not in the text."""
    text = row.statement.article.text
    if decision.content:
        try:
            return tuple(Span(start=start, end=end) for start, end in decision.content)
        except ValueError as error:
            raise ArticleError(str(error), concerns="the content") from error
    if not (decision.words or "").strip():
        raise ArticleError("the right words are missing", concerns="the content")
    return found_in(text, (decision.words or "").split(APART.strip()), near=row.statement.attribution.content[0].start)


def found_in(text: str, pieces: Sequence[str], *, near: int) -> tuple[Span, ...]:
    """Words as spans of a text: each piece where it stands nearest to a place. Raises ArticleError if one stands nowhere.

    >>> found_in("It rained. It rained.", ["rained"], near=12)
    (Span(start=14, end=20),)
    """
    found: list[Span] = []
    for piece in pieces:
        words = piece.strip().replace("\r\n", "\n")
        places = _places(text, words)
        if not words or not places:
            raise ArticleError(f"not in the text: {words[:60]!r}", concerns="the content")
        start = min(places, key=lambda place: abs(place - near))
        found.append(Span(start=start, end=start + len(words)))
    return tuple(sorted(found))


def _places(text: str, words: str) -> list[int]:
    """Where words stand in a text."""
    places: list[int] = []
    place = text.find(words) if words else -1
    while place >= 0 and len(places) < 10_000:
        places.append(place)
        place = text.find(words, place + 1)
    return places
