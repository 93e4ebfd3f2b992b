"""Plain text to Article: the header, if the report opens with one, and the body."""

import datetime
import re

from quoth.errors import ArticleError
from quoth.reading.published import day_of, published_as, published_date
from quoth.types import Article, Published

MAX_CHARACTERS = 5_000_000
FIELDS = {"title": "title", "date": "published", "published": "published", "url": "url", "publisher": "publisher", "author": "author"}
BARE_DATE = re.compile(r"\s*date[ \t]+(\d+-\d+-\d+(?:T\S+)?)(?:\s+|\Z)", re.IGNORECASE | re.ASCII)
HEADER_LINE = re.compile(r"[ \t]*(title|date|published|url|publisher|author|charset)[ \t]*:([^\r\n]*)(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
CHARSET_LINE = re.compile(rb"^[ \t]*charset[ \t]*:[ \t]*([\w.:+-]+)", re.IGNORECASE | re.MULTILINE)
HEADER_BYTES = 2_000


def read_text(text: str, *, id: str | None = None) -> Article:
    r"""The article of a plain text report, which may open with a header.

    A header is `date 2019-11-14` with the body right behind it, or lines of `Title:`, `Date:` or `Published:`, `URL:`, `Publisher:`,
    `Author:`, `Charset:`, each once at most, and then the body. Without a header the body is the whole text as it is. Raises
    ArticleError for a header whose date is none and for a body that is no report.

    >>> article = read_text("Title: Rain\nDate: 5 March 2024\n\nIt rained.")
    >>> article.title, str(article.published), article.text
    ('Rain', '2024-03-05', 'It rained.')
    """
    return read_report(text, id=id)[0]


def read_report(text: str, *, id: str | None = None) -> tuple[Article, Published | None]:
    """The article of a plain text report, as `read_text` gives it, and its date as the header writes it."""
    if bare := BARE_DATE.match(text):
        published = _date(bare[1])
        return article_of(text[bare.end() :], id=id, published=published.date), published
    header, body = _split(text)
    dated = _date(header["published"]) if "published" in header else None
    named = {name: header.get(name) for name in ("title", "url", "publisher", "author")}
    return article_of(body, id=id, published=day_of(dated), **named), dated


def declared_charset(raw: bytes) -> str | None:
    r"""The charset that a `Charset:` line of the header names.

    >>> declared_charset(b"Title: Rain\nCharset: windows-1251\n\n...")
    'windows-1251'
    """
    found = CHARSET_LINE.search(raw[:HEADER_BYTES])
    if found is None or not all(HEADER_LINE.match(line.decode("latin-1")) for line in raw[: found.start()].splitlines() if line.strip()):
        return None
    return found[1].decode("latin-1")


def article_of(
    text: str,
    *,
    id: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    author: str | None = None,
    published: datetime.date | None = None,
    language: str | None = None,
) -> Article:
    """An article of these fields; raises ArticleError if the text is no report or a field holds a lone surrogate.

    >>> str(article_of("It rained.", url="https://example.org/rain").url)
    'https://example.org/rain'
    """
    checked(text)
    for written in (id, url, publisher, title, author, language):
        _reject_surrogates(written or "")
    return Article.of(text, id=id, url=url, publisher=publisher, title=title, author=author, published=published, language=language)


def checked(text: str) -> str:
    """The same text; raises ArticleError if it is too large or empty, or holds a NUL character or a lone surrogate.

    >>> checked("  ")
    Traceback (most recent call last):
    quoth.errors.ArticleError: the report is empty
    """
    if len(text) > MAX_CHARACTERS:
        raise ArticleError(f"too large: {len(text):,} characters, and {MAX_CHARACTERS:,} are read at most")
    if not text or text.isspace():
        raise ArticleError("the report is empty")
    if (place := text.find("\x00")) >= 0:
        raise ArticleError(f"NUL character at character {place}")
    _reject_surrogates(text)
    return text


def _reject_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(f"lone surrogate U+{ord(text[error.start]):04X} at character {error.start}") from None


def _split(text: str) -> tuple[dict[str, str], str]:
    """The fields of the header lines that open a text, and the body; a field that is given again belongs to the body."""
    header: dict[str, str] = {}
    start = end = len(text) - len(text.lstrip())
    while found := HEADER_LINE.match(text, end):
        field = FIELDS.get(found[1].lower(), "charset")
        if field in header:
            break
        header[field] = found[2].strip()
        end = found.end()
    if end == start:
        return {}, text
    return {field: written for field, written in header.items() if written}, text[end:].lstrip("\r\n")


def _date(written: str) -> Published:
    date = published_date(written)
    if date is None:
        raise ArticleError(f"the header's date is no date: {written[:40]!r}")
    return published_as(written, "header") or Published(date=date, raw=written, basis="header")
