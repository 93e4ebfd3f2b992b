"""What may be asked of an archive: the words and options that `quoth search` and `quoth alerts add` share."""

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.archives import day_option

if TYPE_CHECKING:
    from quoth.archive.selecting import Question


class Kind(StrEnum):
    """Kinds of statements."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Act(StrEnum):
    """Acts."""

    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"


class By(StrEnum):
    """Which days count."""

    PUBLISHED = "published"
    SAID = "said"


Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="What to search; nothing finds all.")]
SpeakerNamed = Annotated[str | None, typer.Option("--speaker", metavar="NAME|ID", help="Who speaks.")]
About = Annotated[str | None, typer.Option("--about", metavar="NAME", help="A name in the words.")]
Since = Annotated[datetime.date | None, day_option("Not before this day.")]
Until = Annotated[datetime.date | None, day_option("Not after this day.")]
ByEvent = Annotated[By, typer.Option("--by", help="The day of which event.")]
PublisherNamed = Annotated[str | None, typer.Option("--publisher", metavar="NAME", help="Who published it.")]
OfKind = Annotated[Kind | None, typer.Option("--kind", help="Whether in quotation marks.")]
OfAct = Annotated[Act | None, typer.Option("--act", help="Speech, writing or thought.")]
Said = Annotated[bool | None, typer.Option("--said/--not-said", help="Whether it is said, or said not to be so.", show_default=False)]
MinConfidence = Annotated[
    float | None, typer.Option("--min-confidence", min=0, max=1, metavar="P", help="How sure the content is, at least.")
]


def question_of(
    words: list[str] | None,
    *,
    speaker: str | None,
    about: str | None,
    since: datetime.date | None,
    until: datetime.date | None,
    by: By,
    publisher: str | None,
    kind: Kind | None,
    act: Act | None,
    said: bool | None,
    min_confidence: float | None,
) -> "Question":
    """The question that the words and options of a search ask; raises QueryError."""
    from quoth.archive.selecting import Question

    return Question(
        query=" ".join(words or ()), speaker=speaker, about=about, since=since, until=until, by=by.value, publisher=publisher,
        kind=kind.value if kind else None, act=act.value if act else None,
        polarity=None if said is None else "asserted" if said else "not_said", min_confidence=min_confidence,
    )  # fmt: skip
