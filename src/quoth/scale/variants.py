"""The same words across the shards of a batch: a second pass, parted by speaker and month, so that each part fits into one worker.

First every shard's statements are written out by part, one file a shard and one row group a part; then every part is read from the shards
that have some of it. A month sees the last days of the one before it, so its pairs are those of a single pass over all months. What is not
seen are the same words under another surname: an archive's `quoth variants` compares these too.
"""

import calendar
import datetime
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeVar

from quoth.errors import QuothError
from quoth.exports.frames import library
from quoth.scale.batch import Batch
from quoth.scale.engines import Engine, Lost
from quoth.scale.places import Place
from quoth.scale.shards import Shard
from quoth.scale.tables import read_table
from quoth.types import Span
from quoth.variants import DAYS, Pair, Passage, pairs
from quoth.variants.passages import speaker_key

BUCKETS = 16
"""Parts that the speakers of a month are spread over."""
UNDATED = ""
FOLDER = "variants"
READ = ("skipped", "sha256", "published", "statements")


Counts = TypeVar("Counts", bound=Mapping[Any, int])


class Part(NamedTuple):
    """Some speakers in one month ("2024-03", "" for reports without a date)."""

    month: str
    bucket: int

    @property
    def file(self) -> str:
        """Where its pairs are, within the batch."""
        return f"{FOLDER}/{self.month or 'undated'}/{self.bucket:02}.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantsWritten:
    """What a pass found: its parts, the statements in them, pairs by kind ("conflict" for the same words of different speakers)."""

    parts: int
    statements: int
    pairs: Mapping[str, int] = field(default_factory=dict)


def find_variants(batch: Batch, engine: Engine) -> VariantsWritten:
    """Writes the pairs of every part to `variants/` in the batch. Raises QuothError if shards are missing, or a task is lost."""
    missing = len(batch.missing())
    if missing:
        raise QuothError(f"is not finished: {missing:,} of {len(batch.manifest.shards):,} shards are missing", concerns=batch.place.root)
    having: dict[Part, list[str]] = {}
    statements = 0
    for shard, counted in engine.map(partial(_Spreader, batch.place), batch.manifest.shards):
        for part, count in _whole(counted, shard.name).items():
            having.setdefault(part, []).append(shard.file("passages"))
            statements += count
    tasks = [(part, tuple(sorted(_near(part, having)))) for part in sorted(having)]
    found = Counter[str]()
    for (part, _), kinds in engine.map(partial(_Pairer, batch.place), tasks):
        found.update(_whole(kinds, part.file))
    batch.place.remove(sorted({file for files in having.values() for file in files}))
    return VariantsWritten(parts=len(tasks), statements=statements, pairs=dict(sorted(found.items())))


def part_of(passage: Passage) -> Part:
    """The part that a passage belongs to.

    >>> part_of(Passage(id="1", report="r", words="Yes.", published=datetime.date(2024, 3, 5), speaker="Ama Osei")).month
    '2024-03'
    """
    month = UNDATED if passage.published is None else _month(passage.published)
    return Part(month, zlib.crc32(speaker_key(passage).encode()) % BUCKETS)


def pairs_of(part: Part, passages: Iterable[Passage]) -> Iterator[Pair]:
    """The pairs of a part, whose later passage is in it; `passages` may be of any. Of one that is told twice the first counts."""
    first, last = _days(part.month)
    groups: dict[str, dict[str, Passage]] = {}
    for passage in sorted(passages, key=_when):
        if passage.published is None or first <= passage.published <= last:
            groups.setdefault(speaker_key(passage), {}).setdefault(passage.id, passage)
    for _, group in sorted(groups.items()):
        own = {id for id, passage in group.items() if part_of(passage) == part}
        if own:
            yield from pairs(group.values(), fresh=own.__contains__)


def _days(month: str) -> tuple[datetime.date, datetime.date]:
    """The days that a month's statements are compared with: its own, and the last before it; none for reports without a date."""
    if month == UNDATED:
        return datetime.date.max, datetime.date.min
    first = datetime.date.fromisoformat(f"{month}-01")
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return datetime.date.fromordinal(max(1, first.toordinal() - DAYS)), last


def _near(part: Part, having: Mapping[Part, Sequence[str]]) -> set[str]:
    """The files of a part and of those that its statements are compared with: the month before, and no month."""
    months = {part.month, UNDATED, _month_before(part.month)}
    return {file for month in months for file in having.get(Part(month, part.bucket), ())}


def _month(day: datetime.date) -> str:
    return day.isoformat()[:7]


def _month_before(month: str) -> str:
    if month == UNDATED:
        return UNDATED
    first = datetime.date.fromisoformat(f"{month}-01")
    return UNDATED if first == datetime.date.min else _month(first - datetime.timedelta(days=1))


class _Spreader:
    """Writes the passages of a shard by part, in a worker; gives how many there are of each."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __call__(self, shard: Shard) -> dict[Part, int]:
        parts: dict[Part, list[Passage]] = {}
        with self.place.reading(shard.file("parquet")) as source:
            for row in read_table(source, READ):
                for passage in _passages(row):
                    parts.setdefault(part_of(passage), []).append(passage)
        parquet = library("pyarrow.parquet")
        with (
            self.place.writing(shard.file("passages")) as path,
            parquet.ParquetWriter(path, _passage_schema(), compression="zstd") as writer,
        ):
            for part, passages in sorted(parts.items()):
                rows = [_passage_row(part, passage) for passage in passages]
                writer.write_table(library("pyarrow").Table.from_pylist(rows, schema=_passage_schema()), row_group_size=len(rows))
        return {part: len(passages) for part, passages in parts.items()}


class _Pairer:
    """Finds the pairs of a part, in a worker; gives how many there are of each kind."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __call__(self, task: tuple[Part, tuple[str, ...]]) -> dict[str, int]:
        part, files = task
        months = [part.month, UNDATED, _month_before(part.month)]
        passages = [passage for file in files for passage in self._read(file, part.bucket, months)]
        found = list(pairs_of(part, passages))
        arrow, parquet = library("pyarrow"), library("pyarrow.parquet")
        with self.place.writing(part.file) as path:
            parquet.write_table(
                arrow.Table.from_pylist([_pair_row(pair) for pair in found], schema=_pair_schema()), path, compression="zstd"
            )
        return Counter("conflict" if pair.conflict else pair.kind for pair in found)

    def _read(self, file: str, bucket: int, months: Sequence[str]) -> Iterator[Passage]:
        wanted = [("bucket", "=", bucket), ("month", "in", months)]
        with self.place.reading(file) as source:
            for row in library("pyarrow.parquet").read_table(source, filters=wanted, use_threads=False).to_pylist():
                yield Passage(**{name: value for name, value in row.items() if name not in Part._fields})


def _passages(row: Mapping[str, Any]) -> Iterator[Passage]:
    """The passages of a document."""
    statements = () if row["skipped"] is not None else row["statements"]
    relaying = {statement["nested_in"] for statement in statements}
    for statement in statements:
        yield Passage(
            id=statement["statement"], report=row["sha256"], words=statement["content"], published=row["published"],
            speaker=statement["speaker"], person=statement["speaker_person"], quoted=statement["kind"] != "indirect",
            relays=statement["statement"] in relaying,
        )  # fmt: skip


def _passage_row(part: Part, passage: Passage) -> dict[str, Any]:
    told = {name: getattr(passage, name) for name in ("id", "report", "words", "published", "speaker", "person", "quoted", "relays")}
    return {**part._asdict(), **told}


def _pair_row(pair: Pair) -> dict[str, Any]:
    return {
        "left": pair.left, "right": pair.right, "kind": pair.kind, "speakers": pair.speakers, "score": pair.score, "shared": pair.shared,
        "left_span": _span(pair.left_span), "right_span": _span(pair.right_span), "flags": list(pair.flags),
    }  # fmt: skip


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _passage_schema() -> Any:
    arrow = library("pyarrow")
    text, yes = arrow.string(), arrow.bool_()
    columns = {"id": text, "report": text, "words": text, "published": arrow.date32(), "speaker": text, "person": text}
    return arrow.schema([("month", text), ("bucket", arrow.int32()), *columns.items(), ("quoted", yes), ("relays", yes)])


def _pair_schema() -> Any:
    arrow = library("pyarrow")
    text, integer = arrow.string(), arrow.int32()
    span = arrow.struct([("start", integer), ("end", integer)])
    columns = {"left": text, "right": text, "kind": text, "speakers": text, "score": arrow.float64(), "shared": integer}
    return arrow.schema([*columns.items(), ("left_span", span), ("right_span", span), ("flags", arrow.list_(text))])


def _whole(counted: Counts | Lost, name: str) -> Counts:
    if isinstance(counted, Lost):
        raise QuothError(counted.reason, concerns=name)
    return counted


def _when(passage: Passage) -> tuple[bool, datetime.date, str]:
    """Those without a day first, by day, then by id."""
    return passage.published is not None, passage.published or datetime.date.min, passage.id
