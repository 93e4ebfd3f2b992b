"""Statements as tables of Arrow, pandas and polars; the libraries are imported when they are asked for."""

import importlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from quoth.errors import QuothError
from quoth.exports.rows import COLUMNS, Reports, Row, rows

ROWS = 10_000
"""Rows of one batch, and of one row group of a file."""


def to_arrow(reports: Reports) -> Any:
    """A `pyarrow.Table` with one row a statement and the columns of `quoth.exports.rows.COLUMNS`; raises QuothError without pyarrow.

    >>> from quoth.types import Article
    >>> to_arrow([(Article.of("It rained.", id="r1"), ())]).num_rows
    0
    """
    arrow = library("pyarrow")
    return arrow.Table.from_batches(record_batches(reports), schema=arrow_schema())


def to_pandas(reports: Reports) -> Any:
    """The same as a `pandas.DataFrame`, with Arrow's types; raises QuothError without pandas or pyarrow."""
    pandas = library("pandas")
    return to_arrow(reports).to_pandas(types_mapper=pandas.ArrowDtype)


def to_polars(reports: Reports) -> Any:
    """The same as a `polars.DataFrame`; raises QuothError without polars or pyarrow."""
    polars = library("polars")
    return polars.from_arrow(to_arrow(reports))


def record_batches(reports: Reports) -> Iterator[Any]:
    """Arrow's record batches of some thousand statements."""
    arrow = library("pyarrow")
    schema, waiting = arrow_schema(), rows(reports)
    while batch := list[Row](islice(waiting, ROWS)):
        yield arrow.RecordBatch.from_pylist(batch, schema=schema)


def arrow_schema() -> Any:
    """The schema of the table; the meaning of each column stands in its metadata, under "comment"."""
    arrow = library("pyarrow")
    span = arrow.struct([arrow.field("start", arrow.int32(), nullable=False), arrow.field("end", arrow.int32(), nullable=False)])
    types = {
        "text": arrow.string(),
        "date": arrow.date32(),
        "integer": arrow.int32(),
        "real": arrow.float32(),
        "boolean": arrow.bool_(),
        "spans": arrow.list_(span),
        "texts": arrow.list_(arrow.string()),
    }
    return arrow.schema(
        [
            arrow.field(column.name, types[column.type], nullable=not column.known, metadata={"comment": column.meaning})
            for column in COLUMNS
        ]
    )


def library(name: str) -> Any:
    """A library that may not be installed; raises QuothError that says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise QuothError(f"this needs {name}, which is not installed: pip install {name}") from error
