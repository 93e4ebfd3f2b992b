"""The reconciliation service API 0.2 (W3C community group; OpenRefine): which person of the archive a name in a table is."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from rapidfuzz.fuzz import token_sort_ratio
from starlette.requests import Request
from starlette.responses import Response

from quoth.archive import Archive
from quoth.archive.names import plain_name
from quoth.archive.people import person
from quoth.web.describing import ERRORS, JSON
from quoth.web.problems import PageError
from quoth.web.queries import names_known
from quoth.web.room import InRoom, written

router = APIRouter(responses=ERRORS | JSON)
TYPE = {"id": "person", "name": "Person"}
MOST = 50
"""Names of one batch."""
BEST = 10
SURE = 95
"""A likeness from which, with no other like it, a name is taken for a match."""


def manifest(request: Request) -> dict[str, Any]:
    """What this service is."""
    root = str(request.base_url).rstrip("/")
    return {
        "versions": ["0.2"],
        "name": "quoth people",
        "identifierSpace": f"{root}/person/",
        "schemaSpace": f"{root}/",
        "defaultTypes": [TYPE],
        "view": {"url": f"{root}/person/{{{{id}}}}"},
        "batchSize": MOST,
        "suggest": {"entity": {"service_url": root, "service_path": "/reconcile/suggest"}},
    }


def answered(archive: Archive, name: str, most: int) -> list[dict[str, Any]]:
    """The people whom a name may mean, the likeliest first."""
    plain = plain_name(name)
    if not plain:
        return []
    words = [plain, *sorted(plain.split(), key=len, reverse=True)[:2]]
    found = {id: full for word in words for id, full, _ in names_known(archive, word, most=BEST)}
    scored = sorted(((_likeness(archive, id, plain), id, full) for id, full in found.items()), key=lambda one: (-one[0], one[1]))
    sure = [score for score, _, _ in scored if score >= SURE]
    return [
        {"id": id, "name": full, "score": round(score, 1), "match": score >= SURE and len(sure) == 1, "type": [TYPE]}
        for score, id, full in scored[:most]
    ]


def _likeness(archive: Archive, id: str, plain: str) -> float:
    """How like a name is to the nearest of a person's names, of 100."""
    found = person(archive, id)
    names = [found.person.name, *found.person.aliases, *(name.name for name in found.names)] if found else []
    return max((token_sort_ratio(plain, plain_name(name)) for name in names), default=0.0)


def _batch(room: InRoom, queries: str) -> Response:
    try:
        asked = json.loads(queries)
        names = {str(key): (str(one["query"]), int(one.get("limit", BEST))) for key, one in asked.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PageError(status=400, detail='queries: a JSON object such as {"q0": {"query": "a name"}}', where="queries") from None
    if len(names) > MOST:
        raise PageError(status=400, detail=f"queries: at most {MOST} at once", where="queries")
    with room.connections.reading() as archive:
        told = {key: {"result": answered(archive, name[:500], max(1, min(most, BEST)))} for key, (name, most) in names.items()}
    return Response(written(told), media_type="application/json")


@router.get("/reconcile", summary="OpenRefine reconciliation of people: what the service is, or answers to `queries`")
def describe(
    request: Request, room: InRoom, queries: Annotated[str | None, Query(max_length=6000, description="A JSON object of queries.")] = None
) -> Response:
    """The manifest; with `queries` the answers."""
    return _batch(room, queries) if queries is not None else Response(written(manifest(request)), media_type="application/json")


@router.post("/reconcile", summary="OpenRefine reconciliation of people: a batch of queries")
def reconcile(room: InRoom, queries: Annotated[str, Form(max_length=100_000)]) -> Response:
    """The answers to a batch."""
    return _batch(room, queries)


@router.get("/reconcile/suggest", summary="People whose names begin so")
def suggest(room: InRoom, prefix: Annotated[str, Query(max_length=500)]) -> Response:
    """Names to choose from."""
    with room.connections.reading() as archive:
        found = names_known(archive, plain_name(prefix), most=BEST) if prefix.strip() else []
    told = [{"id": id, "name": name, "description": f"{count} statements", "notable": [TYPE]} for id, name, count in found]
    return Response(written({"result": told}), media_type="application/json")
