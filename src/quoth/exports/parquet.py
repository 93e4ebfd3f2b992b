"""Apache Parquet: one row a statement, some thousand in a row group, compressed by Zstandard."""

import os

from quoth.errors import QuothError
from quoth.exports.files import aside
from quoth.exports.frames import arrow_schema, library, record_batches
from quoth.exports.rows import Reports


def write(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes the table of `quoth.exports.frames`, a row group at a time. Raises QuothError, also without pyarrow."""
    arrow, files = library("pyarrow"), library("pyarrow.parquet")
    with aside(path) as beside:
        try:
            with files.ParquetWriter(beside, arrow_schema(), compression="zstd") as writer:
                for batch in record_batches(reports):
                    writer.write_batch(batch)
        except arrow.ArrowException as error:
            raise QuothError(f"cannot be written: {error}", concerns=str(path)) from error
