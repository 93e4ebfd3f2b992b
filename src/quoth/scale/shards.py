"""What a batch is cut into: pieces of sources, shards of pieces, and the manifest that names them all."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from quoth.errors import QuothError

LAYOUT = 1
"""The version of the manifest and of what it describes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A whole source, or with an `end` the records of a crawl that begin in a range of its bytes.

    `size` is the bytes of the whole source when it was planned; `before` is how many records stand before the range.
    """

    source: str
    size: int
    start: int = 0
    end: int | None = None
    before: int = 0

    @property
    def length(self) -> int:
        """Its bytes."""
        return self.size if self.end is None else self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What one worker does at a time, and what becomes one Parquet file.

    >>> Shard(name="001234", pieces=()).file("parquet")
    'shards/001/001234.parquet'
    """

    name: str
    pieces: tuple[Piece, ...]

    @property
    def length(self) -> int:
        """The bytes of its pieces."""
        return sum(piece.length for piece in self.pieces)

    def file(self, ending: str) -> str:
        """Where in the batch its file of some ending is: a thousand shards a folder."""
        return f"shards/{self.name[:3]}/{self.name}.{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All shards of a batch, and what decides their bytes: the extractor, the columns of tables, the table of people (its hash)."""

    extractor: str
    inputs: tuple[str, ...]
    shards: tuple[Shard, ...] = field(repr=False)
    mapping: Mapping[str, str] = field(default_factory=dict)
    people: str | None = None

    def to_json(self) -> str:
        """The manifest as it is written."""
        shards = [{"name": shard.name, "pieces": [_piece_json(piece) for piece in shard.pieces]} for shard in self.shards]
        told = {"layout": LAYOUT, "extractor": self.extractor, "inputs": self.inputs, "mapping": dict(self.mapping), "people": self.people}
        return json.dumps({**told, "shards": shards}, indent=0) + "\n"

    @classmethod
    def of_json(cls, written: str | bytes, *, concerns: str) -> Self:
        """The manifest that was written; raises QuothError for what is none, or of another layout."""
        try:
            told = json.loads(written)
            if told["layout"] != LAYOUT:
                raise QuothError(f"a batch of layout {told['layout']}; this quoth reads {LAYOUT}", concerns=concerns)
            return cls(
                extractor=told["extractor"],
                inputs=tuple(told["inputs"]),
                shards=tuple(_shard_of(shard) for shard in told["shards"]),
                mapping=told["mapping"],
                people=told["people"],
            )
        except (ValueError, TypeError, KeyError) as error:
            raise QuothError("no manifest of a batch, or a damaged one", concerns=concerns) from error

    def differences(self, other: "Manifest") -> list[str]:
        """In what two batches differ besides their shards, in words."""
        names = {"extractor": "the extractor", "inputs": "the inputs", "mapping": "the mapping of columns", "people": "the table of people"}
        return [words for name, words in names.items() if getattr(self, name) != getattr(other, name)]


def numbered(groups: Iterable[tuple[Piece, ...]]) -> tuple[Shard, ...]:
    """Shards of groups of pieces, named by their place."""
    return tuple(Shard(name=f"{number:06}", pieces=pieces) for number, pieces in enumerate(groups))


def _piece_json(piece: Piece) -> dict[str, Any]:
    whole = {"source": piece.source, "size": piece.size}
    return whole if piece.end is None else {**whole, "start": piece.start, "end": piece.end, "before": piece.before}


def _shard_of(told: Mapping[str, Any]) -> Shard:
    return Shard(name=told["name"], pieces=tuple(Piece(**piece) for piece in told["pieces"]))
