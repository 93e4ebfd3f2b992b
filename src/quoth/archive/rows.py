"""What the archive gives back: the values of `types.py` with their place in the record."""

import datetime
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from quoth.types import Act, Article, Kind, Person, Polarity, Precision, Reading, Skipped, Span, Statement

Stored = Literal["stored", "already", "updated"]
"""What storing a report did: it is new; nothing changed; its text, its statements or what is known of it changed."""
Status = Literal["extracted", "accepted", "rejected", "merged", "split", "superseded"]
"""Where a statement stands: as extracted; confirmed or edited by a reviewer; rejected; hidden behind what a reviewer merged or split it
into; of a text or reading that another one followed. The first two are shown and found."""
SHOWN: tuple[Status, ...] = ("extracted", "accepted")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A statement as it counts now, with the corrections of reviewers.

    `row` is its number in this archive, which no other statement ever gets; `report` that of its report; `person` the one to whom its
    speaker belongs by now; `target` that of its reviews, if there are any.
    """

    row: int
    statement: Statement
    report: int
    status: Status
    person: str | None = None
    about: tuple[str, ...] = ()
    target: int | None = None

    @property
    def shown(self) -> bool:
        """Whether it is found by searches and counted."""
        return self.status in SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """One text that a report had: its number in the archive, its hash, when it was stored."""

    row: int
    sha256: str
    added: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report with the text that counts; `versions` are all texts it had, the first first.

    `reading` is as it was stored; a report that was stored as a bare article has an empty `source_sha256` and `reader`.
    """

    row: int
    identity: str
    reading: Reading
    extractor: str | None
    added: str | None
    text_row: int
    versions: tuple[TextVersion, ...] = ()

    @property
    def article(self) -> Article:
        """The article."""
        return self.reading.article


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Two statements that are one: rows `a < b`, how near they are, and what shows it (`alignment` is JSON for whoever wrote it)."""

    a: int
    b: int
    kind: str
    score: float
    alignment: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A report that could not be read, with the hash of its bytes, when it was last tried and how often."""

    skipped: Skipped
    source_sha256: str | None
    at: str | None
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where the poller of a feed stands; `next_poll` is a moment with its offset, None for at once; `gone` feeds are not polled again."""

    url: str
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    next_poll: datetime.datetime | None = None
    failures: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A statement that a search found, with what a list shows of it.

    `row` is its number, `id` its hash. `snippet` is the content round the words that were searched, those words as spans of it in
    `marked`. `person` is the id of the person to whom the speaker belongs, if that is known.
    """

    row: int
    id: str
    report: int
    words: str
    snippet: str
    marked: tuple[Span, ...]
    speaker: str | None
    person: str | None
    person_name: str | None
    source: str | None
    cue: str | None
    kind: Kind
    act: Act | None
    polarity: Polarity | None
    confidence: float
    status: Status
    said: datetime.date | None
    said_precision: Precision | None
    published: datetime.date | None
    publisher: str | None
    title: str | None
    url: str | None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHit:
    """A report that a search found: `snippet` is of its text, with the words that were searched as spans of it in `marked`."""

    row: int
    identity: str
    title: str | None
    publisher: str | None
    published: datetime.date | None
    url: str | None
    statements: int
    snippet: str
    marked: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many statements share a value: `key` is what to search for, `name` what to show."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Value]):
    """Some of the results, in order. `after` is what to ask the next page with; None where there is none.

    `sort` is the order they really have: words found in very many statements are not ranked, but listed by date.
    """

    hits: tuple[Value, ...]
    after: str | None
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How the statements that a search finds are spread. Each list is complete if `complete`, else of the newest ones only.

    `months` are in order of time, "2024-03"; "" is for those whose day is not known. The other lists have the greatest first.
    """

    total: int
    complete: bool
    speakers: tuple[Count, ...]
    publishers: tuple[Count, ...]
    months: tuple[Count, ...]
    kinds: tuple[Count, ...] = ()
    acts: tuple[Count, ...] = ()
    polarities: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person of the archive: `person` has the names and offices of all who were merged into him, `merged` their ids.

    `statements` is how many statements are his; `names` are the names that reports give him, the most frequent first.
    """

    person: Person
    statements: int
    names: tuple[Count, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleChange:
    """Something that was done to people: who did it and when, in one line; `undone` by the number of a later change."""

    number: int
    at: str
    editor: str
    action: str
    told: str
    undone: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Something that a reviewer said: an event of the chain; `statement` is the row where it counts now, None if its words are gone."""

    number: int
    at: str
    reviewer: str
    action: str
    value: dict[str, Any]
    target: int
    statement: int | None
    report: int
    words: str
    undoes: int | None = None
    active: bool = True
