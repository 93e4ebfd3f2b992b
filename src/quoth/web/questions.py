"""What the addresses of pages ask for: parameters with their limits, and addresses made of them."""

import datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from quoth.archive.selecting import By, Question, Sort
from quoth.types import Act, Kind, Polarity

Day = Annotated[datetime.date | None, Field(description="A day, as 2024-03-05.")]


def _a_day(value: object) -> object:
    """Days are written as days, not as numbers of seconds."""
    if isinstance(value, str) and not (len(value) == 10 and value[4] == value[7] == "-"):
        raise ValueError("write a day as 2024-03-05")
    return value


def _whole(value: str) -> str:
    """A NUL ends no word, and nobody types it."""
    return value.replace("\0", " ")


Words = Annotated[str, AfterValidator(_whole)]
StrictDay = Annotated[Day, BeforeValidator(_a_day)]


class Asked(BaseModel):
    """The parameters of a search, the same for the page, its twins, its feeds and the API; an empty one counts as not given."""

    q: Words = Field(default="", max_length=2000, description='Words, "phrases", prefixes*, -without, one OR another; any string.')
    speaker: Words | None = Field(
        default=None, max_length=500, description="The id or a name of a person; name:… for a name that is nobody's."
    )
    about: Words | None = Field(default=None, max_length=500, description="A name in the content.")
    publisher: Words | None = Field(default=None, max_length=500, description="The outlet.")
    kind: Kind | None = None
    act: Act | None = None
    polarity: Polarity | None = None
    since: StrictDay = None
    until: StrictDay = None
    by: By = Field(default="published", description="Whether the days are those of the report or those on which the words were said.")
    confidence: float | None = Field(default=None, ge=0, le=1, description="The least confidence of the content.")
    sort: Sort | None = None
    limit: int = Field(default=20, ge=1, le=1000, description="Results a page.")
    after: str | None = Field(default=None, max_length=300, description="What the page before gave as `after`.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values

    def question(self) -> Question:
        """The same as the archive asks it."""
        return Question(
            query=self.q, speaker=self.speaker, about=self.about, since=self.since, until=self.until, by=self.by,
            publisher=self.publisher, kind=self.kind, act=self.act, polarity=self.polarity, min_confidence=self.confidence,
        )  # fmt: skip

    def given(self) -> dict[str, str]:
        """The parameters that differ from their defaults, as an address writes them."""
        plain = self.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        return {name: str(value) for name, value in plain.items()}

    def link(self, path: str = "/search", /, **changes: str | int | None) -> str:
        """The address of the same search with some parameters changed; None takes one away. A change begins at the first page.

        >>> Asked(q="ferry", kind="direct").link(kind=None, since="2024-01-01")
        '/search?q=ferry&since=2024-01-01'
        """
        wanted: dict[str, Any] = {**self.given(), "after": None, **changes}
        return address(path, **wanted)


class AskedReports(BaseModel):
    """The parameters of a search for reports."""

    q: Words = Field(default="", max_length=2000, description="Words of the title or the text.")
    publisher: Words | None = Field(default=None, max_length=500)
    since: StrictDay = None
    until: StrictDay = None
    limit: int = Field(default=20, ge=1, le=200)
    after: str | None = Field(default=None, max_length=300)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values

    def link(self, path: str = "/reports", /, **changes: str | int | None) -> str:
        """The address of the same search with some parameters changed."""
        plain = self.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        return address(path, **{**plain, "after": None, **changes})


def address(path: str, /, **parameters: Any) -> str:
    """An address with parameters; those that are None are left out.

    >>> address("/search", q="a b", after=None)
    '/search?q=a+b'
    """
    given = {name: value for name, value in parameters.items() if value is not None and value != ""}
    return f"{path}?{urlencode(given)}" if given else path


def person_address(key: str) -> str:
    """The page of a person by his id, or of a name by `name:…`.

    >>> person_address("name:Ama Osei")
    '/person/name%3AAma%20Osei'
    """
    return f"/person/{quote(key, safe='')}"


def statement_address(id: str) -> str:
    """The page of a statement."""
    return f"/statement/{quote(id, safe='')}"


def report_address(row: int, *, part: int = 1, statement: str | None = None) -> str:
    """The page of a report, and the place of a statement on it."""
    return address(f"/report/{row}", part=part if part > 1 else None) + (f"#s-{statement}" if statement else "")
