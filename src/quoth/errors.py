"""The tree of errors; every one carries what it concerns and reads as one clear line."""

# QuothError
# ├── ArticleError    a report that cannot be read: unreadable, empty, too large
# ├── ModelError      the model's files are missing or damaged
# ├── PeopleError     a table of people that cannot be read, or a row of it
# ├── ArchiveError    an archive that cannot be opened, written or trusted
# │   └── QueryError  a search that cannot be answered: no such field, or out of time
# └── FetchError      an address that may not be fetched, or could not be


class QuothError(Exception):
    """The root of every error that quoth raises on purpose; `concerns` names the file, line or value, if there is one.

    >>> str(ArticleError("the report is empty", concerns="a.txt"))
    'a.txt: the report is empty'
    """

    def __init__(self, reason: str, *, concerns: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.concerns = concerns

    def __str__(self) -> str:
        return self.reason if self.concerns is None else f"{self.concerns}: {self.reason}"


class ArticleError(QuothError):
    """A report that cannot be read: unreadable, empty, not text, too large."""


class ModelError(QuothError):
    """The model's files are missing or damaged, or do not belong together."""


class PeopleError(QuothError):
    """A table of people that is no table, or a row of one that cannot be taken in."""


class ArchiveError(QuothError):
    """An archive that cannot be opened, read, written or trusted."""


class QueryError(ArchiveError):
    """A search that cannot be answered: a field that is none, or out of time."""


class FetchError(QuothError):
    """An address that may not be fetched, or could not be."""
