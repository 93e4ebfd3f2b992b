"""What a search asks for, as SQL: filters to conditions and to keys of the full-text index."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quoth.archive.database import Database
from quoth.archive.names import plain_name
from quoth.archive.query import KEY, Node, compiled, parsed, phrase
from quoth.types import Act, Kind, Polarity

By = Literal["said", "published"]
Sort = Literal["rank", "newest", "oldest"]
MOST_KEYS = 200
"""Speakers or publishers that are looked for in the full-text index; more are told apart by their rows."""
NAME = "name:"
"""What the key of a speaker opens with who is nobody's person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The arguments of a search."""

    query: str = ""
    speaker: str | None = None
    about: str | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    by: By = "published"
    publisher: str | None = None
    kind: Kind | None = None
    act: Act | None = None
    polarity: Polarity | None = None
    min_confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A question in the terms of the archive.

    `match` is the FTS5 expression, None if no words are asked for. `conditions` are about rows `s` of statements; those that `match`
    sees to are not among them. `query` is the tree of the words that were typed, None if there are none. `speakers` are the numbers of the
    speaker's names, None if any may speak; `publishers` likewise. `nothing` is true if no row can be found.
    """

    match: str | None
    query: Node | None
    conditions: tuple[str, ...]
    bindings: tuple[str | int | float, ...]
    speakers: tuple[int, ...] | None = None
    publishers: tuple[int, ...] | None = None
    nothing: bool = False

    @property
    def where(self) -> str:
        """The conditions as one."""
        return " AND ".join(("s.shown", *self.conditions))


def selected(archive: Database, question: Question) -> Selection:
    """The question in the terms of the archive. Raises QueryError for a query that is too long."""
    query, about = parsed(question.query), _about(question.about)
    words = None if query is None else compiled(query)
    speakers = None if question.speaker is None else speakers_called(archive, question.speaker)
    publishers = None if question.publisher is None else publishers_called(archive, question.publisher)
    asked = [f"({part})" for part in (words, about) if part is not None]
    conditions, bindings = _conditions(question)
    for name, key, numbers in (("speaker", "s", speakers), ("publisher", "p", publishers)):
        if numbers is None:
            continue
        if asked and len(numbers) <= MOST_KEYS:
            asked.append("(" + " OR ".join(f'"{KEY}{key}{number}"' for number in numbers) + ")")
        else:
            conditions.append(f"s.{name} IN ({', '.join(map(str, numbers))})")
    return Selection(
        match=" AND ".join(asked) or None,
        query=query,
        conditions=tuple(conditions),
        bindings=tuple(bindings),
        speakers=speakers,
        publishers=publishers,
        nothing=() in (speakers, publishers)
        or (words is None and bool(question.query.strip()))
        or about == ""
        or _is_absent(archive, question),
    )


def speakers_called(archive: Database, called: str) -> tuple[int, ...]:
    """The numbers of all names of a speaker: of the person of that id or name, and of nobody's of that name.

    Only if nobody is called so, those of whom these are some of the words ("Osei" for "Ama Osei").
    """
    if called.startswith(NAME):
        return _numbers(archive, "SELECT id FROM speakers WHERE name = ? AND person IS NULL", (called.removeprefix(NAME),))
    person = archive.row("SELECT coalesce(merged_into, id) FROM people WHERE id = ?", (called,))
    if person is not None:
        return _numbers(archive, "SELECT id FROM speakers WHERE person = ?", (person[0],))
    plain = plain_name(called)
    exact = _numbers(
        archive,
        """SELECT id FROM speakers WHERE plain = :plain UNION SELECT speakers.id FROM aliases
        JOIN people ON people.id = aliases.person JOIN speakers ON speakers.person = coalesce(people.merged_into, people.id)
        WHERE aliases.plain = :plain AND NOT EXISTS (
          SELECT 1 FROM apart WHERE apart.plain = :plain AND apart.person IN (people.id, people.merged_into))""",
        {"plain": plain},
    )
    return exact or _numbers(archive, f"SELECT id FROM speakers WHERE {_has_words('plain')}", (plain,))


def publishers_called(archive: Database, called: str) -> tuple[int, ...]:
    """The numbers of the publishers of a name; if there is none, of those of whose names these are some of the words."""
    exact = _numbers(archive, "SELECT id FROM publishers WHERE name = ?", (called,))
    if exact:
        return exact
    plain = plain_name(called)
    named = [(number, plain_name(name)) for number, name in archive.rows("SELECT id, name FROM publishers ORDER BY id")]
    same = tuple(number for number, name in named if name == plain)
    return same or tuple(number for number, name in named if f" {plain} " in f" {name} ")


def _numbers(archive: Database, sql: str, bindings: Sequence[str] | dict[str, str]) -> tuple[int, ...]:
    return tuple(sorted({number for (number,) in archive.rows(sql, bindings)}))


def _has_words(column: str) -> str:
    return f"instr(' ' || {column} || ' ', ' ' || ? || ' ') > 0"


def _is_absent(archive: Database, question: Question) -> bool:
    """Whether no statement is of the kind, act or polarity that is asked for: all would be looked at to find none."""
    asked = {"kind": question.kind, "act": question.act, "polarity": question.polarity}
    sql = "SELECT 1 FROM tallies WHERE field = ? AND value = ? AND statements > 0"
    return any(value is not None and archive.row(sql, (field, value)) is None for field, value in asked.items())


def _about(about: str | None) -> str | None:
    """The expression for names in the content; "" if there is no word in what is asked for."""
    if about is None:
        return None
    words = phrase(about)
    return "" if words is None else f"about : {words}"


def _conditions(question: Question) -> tuple[list[str], list[str | int | float]]:
    """What is asked of rows, apart from words, speaker and publisher."""
    since, until = question.since, question.until
    first, last = ("s.said", "s.said_last") if question.by == "said" else ("s.day", "s.day")
    asked: list[tuple[str, str | float | None]] = [
        (f"{last} >= ?", since.isoformat() if since else None),
        (f"{first} <= ?", until.isoformat() if until else None),
        ("s.kind = ?", question.kind),
        ("s.act = ?", question.act),
        ("s.polarity = ?", question.polarity),
        ("s.confidence >= ?", question.min_confidence),
    ]
    given = [(condition, value) for condition, value in asked if value is not None]
    conditions = [condition for condition, _ in given]
    if question.by == "said":
        conditions.append("s.said IS NOT NULL")
    elif until is not None and since is None:
        conditions.append("s.day <> ''")
    return conditions, [value for _, value in given]
