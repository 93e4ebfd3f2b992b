"""Read my text: a text is pasted or a file dropped, and shown with its statements marked; to keep it or not is another step."""

import datetime
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from quoth.errors import ArticleError
from quoth.exports.links import safe_url
from quoth.formats import report_json
from quoth.pipeline import extract_article, extractor_name
from quoth.reading import published_date, readings
from quoth.reading.text import read_text
from quoth.tagger import load
from quoth.types import Article, Reading, Skipped, Statement
from quoth.web.connections import BusyError, now
from quoth.web.rendering import render
from quoth.web.room import InRoom, Reviewer, Room, tagged, user_of, written
from quoth.web.setting import set_report
from quoth.web.shapes import statements_table

router = APIRouter()
AT_ONCE = threading.Semaphore(2)
"""Texts that are read at the same time."""
PATIENCE = 20.0
"""Seconds that a text waits until it is read."""
MOST_WORDS = 15_000
"""Words and marks of a text that is read at once; they, and not its characters, are what reading costs."""
MOST_REPORTS = 100
"""Reports of a file that are looked at."""
_WORD = re.compile(r"\w+|[^\w\s]")
Field = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What somebody gave to read, as the form has it."""

    text: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""

    def article(self, most: int) -> Article:
        """The article of it; what the form tells goes before what the text itself opens with. Raises ArticleError."""
        text = self.text.replace("\r\n", "\n")
        if len(text) > most:
            raise ArticleError(f"longer than {most:,} characters: {len(text):,}; use the command line for it", concerns="the text")
        words = sum(1 for _ in _WORD.finditer(text))
        if words > MOST_WORDS:
            reason = f"more than {MOST_WORDS:,} words and marks: {words:,}; use the command line for it"
            raise ArticleError(reason, concerns="the text")
        if not text.strip():
            raise ArticleError("there is nothing to read", concerns="the text")
        article = read_text(text)
        given: dict[str, Any] = {"title": self.title.strip(), "publisher": self.publisher.strip(), "url": safe_url(self.url.strip())}
        told = {name: value for name, value in given.items() if value}
        if self.published.strip():
            told["published"] = _day(self.published.strip())
        return replace(article, id=article.sha256[:16], **told)

    @staticmethod
    def of(article: Article) -> "Text":
        """The form of an article that was read from a file."""
        return Text(
            text=article.text,
            title=article.title or "",
            publisher=article.publisher or "",
            url=article.url or "",
            published=article.published.isoformat() if article.published else "",
        )


def form(request: Request) -> Response:
    """The empty form."""
    return tagged(request, render(request, "reading.html", title="Read my text", form=Text(), article=None, wide=True))


def given_text(
    text: Annotated[str, Form()] = "",
    title: Field = "",
    publisher: Field = "",
    url: Field = "",
    published: Field = "",
    file: UploadFile | None = None,
) -> tuple[Text, str | None]:
    """The text of the form, or of the file that came with it, and a note if that holds more. Raises ArticleError."""
    if file is not None and file.filename:
        reading, note = of_file(file.file.read(), file.filename)
        return Text.of(reading.article), note
    return Text(text=text, title=title, publisher=publisher, url=url, published=published), None


Given = Annotated[tuple[Text, str | None], Depends(given_text)]


def read(request: Request, room: InRoom, given: Given) -> Response:
    """The text with its statements marked; nothing is kept."""
    text, note = given
    try:
        article = text.article(room.settings.pasted)
    except ArticleError as error:
        values: dict[str, Any] = {"form": text, "article": None, "trouble": str(error), "wide": True}
        return render(request, "reading.html", title="Read my text", status=422, **values)
    statements = extracted(article)
    setting = set_report(article, statements, part=1, size=room.settings.pasted + 1, most=room.settings.marks)
    values = {"form": text, "article": article, "statements": statements, "setting": setting, "note": note, "wide": True}
    return render(request, "reading.html", title=article.title or "Read my text", may_keep=user_of(request).may("reviewer"), **values)


def read_json(room: InRoom, given: Given) -> Response:
    """The same for programs."""
    article = given[0].article(room.settings.pasted)
    return Response(written(extracted_json(article, extracted(article))), media_type="application/json")


def read_csv(room: InRoom, given: Given) -> Response:
    """The same for spreadsheets."""
    statements = extracted(given[0].article(room.settings.pasted))
    return Response(statements_table(statements).csv(), media_type="text/csv; charset=utf-8")


def keep(
    room: InRoom,
    user: Reviewer,
    text: Annotated[str, Form()],
    title: Field = "",
    publisher: Field = "",
    url: Field = "",
    published: Field = "",
) -> Response:
    """Stores the text as a report, and shows it there."""
    article = Text(text=text, title=title, publisher=publisher, url=url, published=published).article(room.settings.pasted)
    row = stored(room, article)
    return RedirectResponse(f"/report/{row}", status_code=303)


def stored(room: Room, article: Article) -> int:
    """The number of the report that an article was stored as."""
    statements = extracted(article)
    with room.connections.writing() as archive:
        archive.store(article, statements, extractor=extractor_name(), at=now())
        found = archive.report(article.url or article.id)
    room.remembered.forget()
    assert found is not None, "it was stored just now"
    return found.row


def extracted(article: Article) -> tuple[Statement, ...]:
    """The statements of an article; only so many are worked on at once, each by one thread. Raises BusyError."""
    with _in_turn():
        return extract_article(article, tagger=load(threads=1))


def extracted_json(article: Article, statements: tuple[Statement, ...]) -> dict[str, Any]:
    """A text and its statements."""
    return report_json(article, statements, extractor=extractor_name())


def of_file(raw: bytes, name: str) -> tuple[Reading, str | None]:
    """The report of a file's bytes, and a note if it holds more. Raises ArticleError."""
    results = list(islice(readings(raw, origin=name, english_only=False), MOST_REPORTS))
    found = [result for result in results if isinstance(result, Reading)]
    if not found:
        reasons = [result.reason for result in results if isinstance(result, Skipped)]
        raise ArticleError(reasons[0] if reasons else "holds no report", concerns=name)
    note = f"The file holds {len(found):,} reports; this is the first of them." if len(found) > 1 else None
    return found[0], note


@contextmanager
def _in_turn() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        yield
    finally:
        AT_ONCE.release()


def _day(written: str) -> datetime.date:
    date = published_date(written)
    if date is None:
        raise ArticleError(f"no date: {written[:40]!r}; write it as 2024-03-05", concerns="the day of publication")
    return date


router.add_api_route("/read", form, methods=["GET"], include_in_schema=False)
router.add_api_route("/read", read, methods=["POST"], include_in_schema=False)
router.add_api_route("/read.json", read_json, methods=["POST"], include_in_schema=False)
router.add_api_route("/read.csv", read_csv, methods=["POST"], include_in_schema=False)
router.add_api_route("/read/keep", keep, methods=["POST"], include_in_schema=False)
