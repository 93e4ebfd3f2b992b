"""Searches that are kept in the archive under a name."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from quoth.archive import Archive
from quoth.archive.polling import moment
from quoth.archive.query import parsed
from quoth.archive.selecting import Question
from quoth.errors import QueryError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
"""A name is the name of files too: nothing in it leads out of a folder, and no two are one where capitals do not count."""
_TEXT: tuple[Callable[[Any], Any], type] = (str, str)
_DAY: tuple[Callable[[Any], Any], type] = (datetime.date.fromisoformat, str)
_EVENT: tuple[Callable[[Any], Any], type] = ({"said": "said", "published": "published"}.__getitem__, str)
_FIELDS = {
    "query": _TEXT, "speaker": _TEXT, "about": _TEXT, "publisher": _TEXT, "since": _DAY, "until": _DAY, "by": _EVENT, "kind": _TEXT,
    "act": _TEXT, "polarity": _TEXT, "min_confidence": (float, float),
}  # fmt: skip
"""The arguments of a search: how each is read, and of which type it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search under a name; `written` is its question as the archive has it, `seen` the last statement that was looked at for it."""

    row: int
    name: str
    written: str
    created: str
    seen: int

    @property
    def question(self) -> Question:
        """What is asked. Raises QueryError if this program cannot read it."""
        return question_of(self.written, name=self.name)


def add_search(archive: Archive, name: str, question: Question, *, at: datetime.datetime, from_start: bool = False) -> SavedSearch:
    """Keeps a search under a name. What the archive holds by now is nothing new to it, unless it is to begin `from_start`.

    Raises QueryError if there is one of that name already, the name is none (small letters, digits, - and _), or the query is too long;
    ArchiveError.
    """
    checked_name(name)
    parsed(question.query)
    asked = written(question)
    question_of(asked, name=name)
    with archive.transaction():
        if archive.row("SELECT 1 FROM searches WHERE name = ?", (name,)) is not None:
            raise QueryError("there is a saved search of that name already", concerns=name)
        archive.execute(
            "INSERT INTO searches (name, query, created, seen) VALUES (?, ?, ?, ?)",
            (name, asked, moment(at), 0 if from_start else archive.newest_statement()),
        )
        return search_called(archive, name)


def searches(archive: Archive) -> tuple[SavedSearch, ...]:
    """All saved searches, by name."""
    rows = archive.rows("SELECT id, name, query, created, seen FROM searches ORDER BY name")
    return tuple(SavedSearch(row=row, name=name, written=query, created=at, seen=seen) for row, name, query, at, seen in rows)


def search_called(archive: Archive, name: str) -> SavedSearch:
    """The saved search of a name. Raises QueryError if there is none."""
    found = next((search for search in searches(archive) if search.name == name), None)
    if found is None:
        raise QueryError("no saved search of that name", concerns=name)
    return found


def remove_search(archive: Archive, name: str) -> None:
    """Takes a saved search away, with what it has found. Raises QueryError if there is none of that name; ArchiveError."""
    with archive.transaction():
        archive.execute("DELETE FROM searches WHERE id = ?", (search_called(archive, name).row,))


def checked_name(name: str) -> str:
    """The name, if it may be one; an archive from elsewhere may hold any. Raises QueryError.

    >>> checked_name("harbour-strike")
    'harbour-strike'
    """
    if NAME.fullmatch(name) is None:
        raise QueryError("no name of a saved search: up to 64 small letters, digits, - and _", concerns=name[:80])
    return name


def written(question: Question) -> str:
    """A question as JSON, without what is not asked.

    >>> written(Question(query="strike", since=datetime.date(2024, 3, 1)))
    '{"query": "strike", "since": "2024-03-01", "by": "published"}'
    """
    asked = {name: value for name, value in asdict(question).items() if value is not None}
    return json.dumps(asked, ensure_ascii=False, default=datetime.date.isoformat)


def question_of(written: str, *, name: str) -> Question:
    """The question that `written` wrote; raises QueryError for anything else, so that no argument is passed over in silence."""
    try:
        asked = json.loads(written)
        if not isinstance(asked, dict) or not all(isinstance(value, _FIELDS[field][1]) for field, value in asked.items()):
            raise TypeError
        json.dumps(asked, ensure_ascii=False).encode("utf-8")  # no lone surrogates, which the database would not take
        return Question(**{field: _FIELDS[field][0](value) for field, value in asked.items()})
    except (ValueError, TypeError, KeyError, RecursionError):
        raise QueryError("this quoth cannot read what the saved search asks", concerns=name[:80]) from None
