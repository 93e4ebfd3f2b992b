"""quoth: who said what, when, in whose words, with the receipt.

>>> import quoth
>>> for statement in quoth.extract('"It rains," Ada Lovell said. She added that it always had.'):
...     print(statement.speaker.name, "|", statement.cue, "|", statement.words)
Ada Lovell | said | "It rains,"
Ada Lovell | added | it always had
"""

import datetime
from typing import TYPE_CHECKING

from quoth.errors import ArchiveError, ArticleError, FetchError, ModelError, PeopleError, QueryError, QuothError
from quoth.types import Article, Attribution, Said, Span, Speaker, Statement

if TYPE_CHECKING:
    from quoth.people import People

__version__ = "0.1.0"
__all__ = [
    "ArchiveError",
    "Article",
    "ArticleError",
    "Attribution",
    "FetchError",
    "ModelError",
    "PeopleError",
    "QueryError",
    "QuothError",
    "Said",
    "Span",
    "Speaker",
    "Statement",
    "extract",
]


def extract(
    text: str,
    *,
    published: datetime.date | str | None = None,
    id: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    people: "People | None" = None,
) -> tuple[Statement, ...]:
    """The statements of one report, in the order of the text.

    `published` is a date or its ISO form; `people` is a table of them (`quoth.people.People.load`). Raises ArticleError if the text is
    empty, too large or not text, ModelError if the model cannot be loaded.

    >>> extract("It rained all day.")
    ()
    """
    from quoth.pipeline import extract_article
    from quoth.reading import checked

    if isinstance(published, str):
        try:
            published = datetime.date.fromisoformat(published)
        except ValueError as error:
            raise ArticleError(f"not a date: {published!r}") from error
    checked(text)
    return extract_article(Article.of(text, id=id, url=url, publisher=publisher, title=title, published=published), people=people)
