"""A document with its statements as one row of a shard's table, and back, with nothing lost that the archive keeps.

The columns of a statement are those of `quoth export --format parquet`, within the list `statements` of its document; beside them stands
what that table leaves out. A document that could not be read, or was set aside, is a row with its origin and the reason.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from quoth.anchors import describe
from quoth.archive.columns import day_of, reading_of, text_columns
from quoth.errors import QuothError
from quoth.exports.frames import arrow_schema, library
from quoth.exports.rows import row as exported
from quoth.types import Article, Attribution, Reading, Said, Skipped, Span, Speaker, Statement, statement_id

ROWS = 1_000
"""Documents of one row group."""
OF_ARTICLE = ("report", "url", "publisher", "title", "published", "language", "sha256")
"""Columns of an exported statement that are its article's."""
RENAMED = {"name": "report", "publisher_name": "publisher"}
"""Columns of the archive's texts that have another name in exports."""
NAMED_BACK = {exported_name: name for name, exported_name in RENAMED.items()}
TEXTS = (
    "report", "url", "canonical_url", "publisher", "title", "author", "language", "published_at", "published_raw", "published_basis",
    "sha256", "source_sha256", "reader", "runs", "parts", "text",
)  # fmt: skip
Row = dict[str, Any]


class Extracted(NamedTuple):
    """A report and what was read from it."""

    reading: Reading
    statements: tuple[Statement, ...]


def schema() -> Any:
    """The Arrow schema of a shard's table, one row a document."""
    arrow = library("pyarrow")
    texts = [arrow.field(name, arrow.string()) for name in TEXTS]
    return arrow.schema(
        [
            arrow.field("origin", arrow.string(), nullable=False),
            arrow.field("skipped", arrow.string()),
            *texts[:7],
            arrow.field("published", arrow.date32()),
            *texts[7:],
            arrow.field("source_length", arrow.int64()),
            arrow.field("statements", arrow.list_(arrow.field("element", _statement_type(), nullable=False))),
        ]
    )


def _statement_type() -> Any:
    arrow = library("pyarrow")
    text, real, integer = arrow.string(), arrow.float64(), arrow.int32()
    candidate = {"name": text, "start": integer, "end": integer, "basis": text, "confidence": real, "person": text}
    plain = [field for field in arrow_schema() if field.name not in OF_ARTICLE]
    exact = [arrow.field(field.name, real, field.nullable) if arrow.types.is_floating(field.type) else field for field in plain]
    more = {"said_on_basis": text, "said_on_carried": arrow.bool_(), "said_on_confidence": real}
    return arrow.struct([*exact, *more.items(), ("candidates", arrow.list_(arrow.struct(list(candidate.items()))))])


def row_of(result: Extracted | Skipped) -> Row:
    """The row of a document."""
    if isinstance(result, Skipped):
        return {"origin": result.origin, "skipped": result.reason}
    columns = {RENAMED.get(name, name): value for name, value in text_columns(result.reading).items()}
    return {**columns, "published": day_of(columns["published"]), "statements": [_statement_row(one) for one in result.statements]}


def document_of(row: Mapping[str, Any]) -> Extracted | Skipped:
    """The document of a row; raises ValueError if its text is not the one that its hash tells."""
    if row["skipped"] is not None:
        return Skipped(origin=row["origin"], reason=row["skipped"])
    published: datetime.date | None = row["published"]
    columns = {NAMED_BACK.get(name, name): value for name, value in row.items()}
    reading = reading_of({**columns, "published": published.isoformat() if published else None})
    return Extracted(reading, tuple(_statement_of(one, reading.article) for one in row["statements"]))


def write_table(rows: Iterable[Row], path: Path) -> None:
    """Writes the rows as a Parquet file, a row group at a time: equal rows give equal bytes, by the same pyarrow."""
    arrow, parquet = library("pyarrow"), library("pyarrow.parquet")
    waiting, columns = iter(rows), schema()
    with parquet.ParquetWriter(path, columns, compression="zstd") as writer:
        while some := list(islice(waiting, ROWS)):
            writer.write_batch(arrow.RecordBatch.from_pylist(some, schema=columns))


def read_table(source: Any, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of a Parquet file, given by its path or open, with all columns or some; raises QuothError if it is damaged."""
    arrow, parquet = library("pyarrow"), library("pyarrow.parquet")
    try:
        with parquet.ParquetFile(source) as table:
            for batch in table.iter_batches(batch_size=ROWS, columns=columns, use_threads=False):
                yield from batch.to_pylist()
    except (arrow.ArrowException, OSError) as error:
        raise QuothError(f"damaged Parquet file: {' '.join(str(error).split())[:200]}") from error


def _statement_row(statement: Statement) -> Row:
    said = statement.said_on
    columns = {name: value for name, value in exported(statement.article, statement).items() if name not in OF_ARTICLE}
    return {
        **columns,
        "confidence_source": statement.attribution.source_confidence,
        "said_on_basis": said.basis if said else None,
        "said_on_carried": said.carried if said else None,
        "said_on_confidence": said.confidence if said else None,
        "candidates": [_candidate_row(one) for one in statement.candidates],
    }


def _statement_of(row: Mapping[str, Any], article: Article) -> Statement:
    content = tuple(Span(start=piece["start"], end=piece["end"]) for piece in row["content_spans"])
    attribution = Attribution(
        content=content,
        cue=_span(row, "cue"),
        source=_span(row, "source"),
        kind=row["kind"],
        confidence=row["confidence_content"],
        source_confidence=row["confidence_source"],
        repairs=tuple(row["repairs"]),
    )
    return Statement(
        id=statement_id(article, content),
        article=article,
        attribution=attribution,
        anchors=tuple(describe(piece, article.text) for piece in content),
        speaker=_speaker(row),
        said_on=_said(row),
        act=row["act"],
        polarity=row["polarity"],
        nested_in=row["nested_in"],
        extractor=row["extractor"],
        denies=row["denies"],
        candidates=tuple(_candidate(one) for one in row["candidates"]),
    )


def _candidate_row(speaker: Speaker) -> Row:
    return {
        "name": speaker.name, "start": speaker.mention.start, "end": speaker.mention.end, "basis": speaker.basis,
        "confidence": speaker.confidence, "person": speaker.person,
    }  # fmt: skip


def _candidate(row: Mapping[str, Any]) -> Speaker:
    mention = Span(start=row["start"], end=row["end"])
    return Speaker(name=row["name"], mention=mention, basis=row["basis"], confidence=row["confidence"], person=row["person"])


def _speaker(row: Mapping[str, Any]) -> Speaker | None:
    mention = _span(row, "speaker_mention")
    if row["speaker"] is None or mention is None:
        return None
    return Speaker(
        name=row["speaker"], mention=mention, basis=row["speaker_basis"], confidence=row["confidence_speaker"], person=row["speaker_person"]
    )


def _said(row: Mapping[str, Any]) -> Said | None:
    evidence = _span(row, "said_on_evidence")
    if row["said_on"] is None or evidence is None:
        return None
    return Said(
        date=row["said_on"], precision=row["said_on_precision"], evidence=evidence, basis=row["said_on_basis"],
        carried=row["said_on_carried"], confidence=row["said_on_confidence"],
    )  # fmt: skip


def _span(row: Mapping[str, Any], name: str) -> Span | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None or end is None else Span(start=start, end=end)
