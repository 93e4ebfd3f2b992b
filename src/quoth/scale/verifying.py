"""A batch counted again: nothing is believed that an account tells, every table is read and every text and place held against its hash."""

from collections.abc import Iterator
from functools import partial

from quoth.errors import QuothError
from quoth.scale.accounts import Counting, Sidecar
from quoth.scale.batch import Batch
from quoth.scale.engines import Engine, Lost
from quoth.scale.places import Place
from quoth.scale.shards import Manifest, Piece, Shard
from quoth.scale.tables import Row, document_of, read_table
from quoth.types import Skipped


def verify(batch: Batch, engine: Engine) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each shard with what is wrong with it, nothing if it is sound, as they are read; first, as "manifest", what is wrong with the plan.

    Sound is a shard whose account tells what its table holds, of which every text has its hash, every statement its id, and every content
    the words that stand at its place.
    """
    if wrong := tuple(gaps(batch.manifest)):
        yield "manifest", wrong
    for shard, result in engine.map(partial(_Verifier, batch.place), batch.manifest.shards):
        yield shard.name, (result.reason,) if isinstance(result, Lost) else result


def gaps(manifest: Manifest) -> Iterator[str]:
    """What of the sources stands in no shard, or in two."""
    pieces: dict[str, list[Piece]] = {}
    for shard in manifest.shards:
        for piece in shard.pieces:
            pieces.setdefault(piece.source, []).append(piece)
    for source, parts in pieces.items():
        place = 0
        for piece in sorted(parts, key=lambda piece: piece.start):
            if piece.start != place:
                trouble = "in no shard" if piece.start > place else "in two shards"
                yield f"{source}: bytes {min(place, piece.start):,} to {max(place, piece.start):,} are {trouble}"
            place = piece.size if piece.end is None else piece.end
        if place != parts[0].size:
            yield f"{source}: bytes {place:,} to {parts[0].size:,} are in no shard"


class _Verifier:
    """Reads shards of one batch, in a worker."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __call__(self, shard: Shard) -> tuple[str, ...]:
        written = self.place.read(shard.file("json"))
        if written is None:
            return ("is missing",)
        try:
            told = Sidecar.of_json(written, concerns=shard.file("json")).account
            counting, wrong = Counting(), list[str]()
            with self.place.reading(shard.file("parquet")) as source:
                for row in counting.over(read_table(source)):
                    wrong += _wrong(row)
            found = counting.account(shard.name, self.place.sha256(shard.file("parquet")))
        except QuothError as error:
            return (error.reason,)
        return (*told.differences(found), *wrong)


def _wrong(row: Row) -> Iterator[str]:
    """What is wrong with a document."""
    try:
        document = document_of(row)
    except (ValueError, TypeError, KeyError) as error:
        yield f"{row['origin']}: {error}"
        return
    if isinstance(document, Skipped):
        return
    for told, statement in zip(row["statements"], document.statements, strict=True):
        if told["statement"] != statement.id or told["content"] != statement.words:
            yield f"{row['origin']}: the statement {told['statement']} is not what stands at its place"
