"""What comes along with some bytes: what an HTTP header, a feed's entry or a record of a crawl tells of a report before it is read."""

from dataclasses import dataclass

from quoth.types import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is told of a report from without. What the report itself tells comes first, but for `url` and `charset`.

    `charset` is that of an HTTP header; `published` is mostly a feed's. `fragment` says that HTML is the report's body alone (the
    content of a feed's entry), and no page of which the body is to be found.
    """

    url: str | None = None
    charset: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    published: Published | None = None
    fragment: bool = False


NOTHING = Known()
"""Nothing is known."""
