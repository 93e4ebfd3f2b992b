"""The API: everything as JSON under /api/v1, described by /openapi.json. What a page shows, its twin here tells."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from quoth.archive.reviews import undo
from quoth.types import Article
from quoth.web.connections import now
from quoth.web.deciding import Decision, decide
from quoth.web.describing import ERRORS, JSON
from quoth.web.pages.alerts import kept
from quoth.web.pages.conflicts import contested
from quoth.web.pages.home import home
from quoth.web.pages.person import everyone, one_person
from quoth.web.pages.reading import Text, extracted, extracted_json, stored
from quoth.web.pages.report import report
from quoth.web.pages.reports import reports
from quoth.web.pages.search import searched
from quoth.web.pages.statement import statement, statement_row
from quoth.web.pages.statistics import statistics
from quoth.web.pages.who_is_who import people_changes
from quoth.web.queries import history
from quoth.web.room import Anyone, InRoom, Reviewer, View, json_response, written
from quoth.web.shapes import review_json, row_json


class TextToRead(BaseModel):
    """A text with what is known of it."""

    text: str = Field(max_length=60_000, description="The text; it may open with Title:, Date:, Publisher:, URL: and Author: lines.")
    title: str = Field(default="", max_length=2000)
    publisher: str = Field(default="", max_length=2000)
    url: str = Field(default="", max_length=2000)
    published: str = Field(default="", max_length=40, description="The day on which it appeared, as 2024-03-05.")

    def article(self, most: int) -> Article:
        """The article of it. Raises ArticleError."""
        return Text(**self.model_dump()).article(most)


router = APIRouter(prefix="/api/v1", responses=ERRORS)


def _add(path: str, view: Any, summary: str) -> None:
    shown = Depends(view)

    def told(request: Request, found: View = shown) -> Response:
        return json_response(request, found)

    told.__name__ = view.__name__
    router.add_api_route(path, told, summary=summary, response_class=Response, responses=JSON)


_add("/", home, "How much there is, what was said last, who is quoted most")
_add("/search", searched, "Statements that a query finds, with facets, a page at a time")
_add("/reports", reports, "Reports that a query finds, a page at a time")
_add("/reports/{row}", report, "A report with its text and statements")
_add("/statements/{id}", statement, "A statement with evidence, variants and history")
_add("/people", everyone, "People, those first who have most statements")
_add("/people/changes", people_changes, "What was done to people: imports, merges, splits")
_add("/people/{key:path}", one_person, "A person with a timeline, topics and statements")
_add("/conflicts", contested, "The same words credited to different speakers")
_add("/alerts", kept, "Searches that are kept under a name")
_add("/statistics", statistics, "How statements are spread")


@router.post("/extract", summary="The statements of a text; nothing is kept")
def extract(asked: TextToRead, room: InRoom, user: Anyone) -> Response:
    """The statements of a text, as `quoth extract --format json` prints them."""
    article = asked.article(room.settings.pasted)
    return Response(written(extracted_json(article, extracted(article))), media_type="application/json")


@router.post("/reports", status_code=201, summary="Reads a text and keeps it")
def add_report(asked: TextToRead, room: InRoom, user: Reviewer) -> Response:
    """Reads a text, stores it with its statements, and tells its number."""
    row = stored(room, asked.article(room.settings.pasted))
    told = {"row": row, "page": f"/report/{row}"}
    return Response(written(told), status_code=201, media_type="application/json", headers={"location": f"/api/v1/reports/{row}"})


@router.post("/statements/{id}/reviews", status_code=201, summary="Says something about a statement")
def review(id: Annotated[str, Path(max_length=64)], decision: Decision, room: InRoom, user: Reviewer) -> Response:
    """Adds a review, and tells its number and the statement as it counts now."""
    with room.connections.writing() as archive:
        row = statement_row(archive, id)
        number = decide(archive, row, decision, by=user.name, at=now())
        changed = archive.statement(row.row)
        said_of = history(archive, row)
    room.remembered.forget()
    told = {"review": number, "statement": row_json(changed) if changed else None, "reviews": [review_json(one) for one in said_of]}
    return Response(written(told), status_code=201, media_type="application/json")


@router.post("/reviews/{number}/undo", status_code=201, summary="Takes a review back")
def undo_review(number: Annotated[int, Path(ge=1, lt=2**63)], room: InRoom, user: Reviewer) -> Response:
    """Adds a review that undoes another."""
    with room.connections.writing() as archive:
        told = {"review": undo(archive, number, by=user.name, at=now()), "undoes": number}
    room.remembered.forget()
    return Response(written(told), status_code=201, media_type="application/json")
