"""The same words credited to different speakers."""

from typing import Annotated

from fastapi import APIRouter, Query

from quoth.archive.variants import Conflict, conflicts
from quoth.web.room import InRoom, Room, View, add_twins
from quoth.web.tables import Table

router = APIRouter()


def contested(room: InRoom, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> View:
    """Conflicts of attribution, the latest first."""
    found = room.remembered.get(("conflicts", limit), lambda: _conflicts(room, limit))
    return View(
        title="Conflicts of attribution",
        template="conflicts.html",
        json=lambda: {"conflicts": [_json(conflict) for conflict in found]},
        table=lambda: Table(
            ("left", "left_speaker", "left_words", "right", "right_speaker", "right_words", "score"),
            [
                (one.left.id, one.left.speaker, one.left.words, one.right.id, one.right.speaker, one.right.words, round(one.pair.score, 3))
                for one in found
            ],
        ),
        values={"conflicts": found},
    )


def _conflicts(room: Room, limit: int) -> tuple[Conflict, ...]:
    with room.connections.reading() as archive:
        return tuple(conflicts(archive, limit=limit))


def _json(conflict: Conflict) -> dict[str, object]:
    sides = {
        name: {
            "row": int(passage.id),
            "report": int(passage.report),
            "speaker": passage.speaker,
            "person": passage.person,
            "words": passage.words,
            "published": passage.published.isoformat() if passage.published else None,
        }
        for name, passage in (("left", conflict.left), ("right", conflict.right))
    }
    return {**sides, "score": round(conflict.pair.score, 3), "kind": conflict.pair.kind}


add_twins(router, "/conflicts", contested, table=True)
