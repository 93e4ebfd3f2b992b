"""One shard: its pieces read, their statements extracted, its table and account written. Run twice, it writes the same bytes."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from quoth.errors import ArticleError, QuothError
from quoth.ingestion.workers import Extract
from quoth.reading import readings
from quoth.scale.accounts import Counting, Seconds, Sidecar
from quoth.scale.extractor import PATIENCE, Apart, Patience
from quoth.scale.places import Place, is_uri, local_copy, size_of
from quoth.scale.ranges import read_range
from quoth.scale.shards import Piece, Shard
from quoth.scale.tables import Extracted, row_of, write_table
from quoth.types import Article, Reading, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker needs besides the shard: where to write, what extracts and its name, the columns of tables, its patience."""

    place: Place
    extract: Extract
    extractor: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = PATIENCE


class ShardWorker:
    """Makes the shards of one job, one after the other, with one extractor beside it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._apart = Apart(job.extract, job.patience)

    def __call__(self, shard: Shard) -> Sidecar:
        """Writes the table of a shard, then its account, by which it counts as done. Raises QuothError."""
        clock, cpu = time.perf_counter(), time.process_time()
        counting, place = Counting(), self.job.place
        with place.writing(shard.file("parquet")) as path:
            write_table(counting.over(row_of(result) for result in self._results(shard)), path)
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        seconds = Seconds(clock=round(time.perf_counter() - clock, 3), cpu=round(time.process_time() - cpu, 3))
        sidecar = Sidecar(account=counting.account(shard.name, sha256), seconds=seconds)
        with place.writing(shard.file("json")) as path:
            path.write_text(sidecar.to_json(), encoding="utf-8")
        return sidecar

    def _results(self, shard: Shard) -> Iterator[Extracted | Skipped]:
        """One result a document, in order."""
        found = (_told(result) for piece in shard.pieces for result in read_piece(piece, self.job.mapping))
        for result, outcome in self._apart.outcomes((result, _article(result)) for result in found):
            if isinstance(result, Skipped) or outcome is None:
                assert isinstance(result, Skipped), "every reading has an article"
                yield result
            elif isinstance(outcome, ArticleError):
                yield Skipped(origin=result.origin, reason=outcome.reason)
            else:
                self._check(statement.extractor for statement in outcome)
                yield Extracted(result, outcome)

    def _check(self, extractors: Iterator[str]) -> None:
        other = next((name for name in extractors if name != self.job.extractor), None)
        if other is not None:
            raise QuothError(f"this machine has the extractor {other!r}, and the batch was begun with {self.job.extractor!r}")


def read_piece(piece: Piece, mapping: Mapping[str, str]) -> Iterator[Reading | Skipped]:
    """What a piece holds: one result a report, in order. Raises QuothError if the source is not the one that was planned any more."""
    columns = mapping or None
    if not is_uri(piece.source) and Path(piece.source).exists() and not Path(piece.source).is_file():
        yield Skipped(origin=piece.source, reason="not a file")
        return
    if size_of(piece.source) != piece.size:
        raise QuothError("is not as large as when the batch was planned", concerns=piece.source)
    if piece.end is not None:
        yield from read_range(piece, columns)
        return
    with local_copy(piece.source) as path:
        yield from readings(path, origin=piece.source, mapping=columns)


def _article(result: Reading | Skipped) -> Article | None:
    return None if isinstance(result, Skipped) else result.article


def _told(result: Reading | Skipped) -> Reading | Skipped:
    """A result whose origin can be written down: file names may hold bytes that are no text."""
    origin = result.origin.encode("utf-8", "replace").decode("utf-8")
    return result if origin == result.origin else replace(result, origin=origin)
