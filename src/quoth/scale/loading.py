"""A finished batch into an archive, which is then the one that `quoth ingest` makes of the same sources."""

from collections.abc import Iterator

from quoth.archive import Archive
from quoth.errors import QuothError
from quoth.ingestion import Ingested, Ingestion
from quoth.scale.batch import Batch
from quoth.scale.tables import document_of, read_table
from quoth.types import Article, Skipped, Statement


def load(batch: Batch, archive: Archive) -> Iterator[Ingested]:
    """Stores every document of a batch: one result a document, in order, each told when it is in the archive.

    What the archive holds is passed over, so that a load that was broken off is simply begun again. Raises QuothError if shards are missing
    or damaged, ArchiveError if the archive cannot be written.
    """
    missing = len(batch.missing())
    if missing:
        raise QuothError(f"is not finished: {missing:,} of {len(batch.manifest.shards):,} shards are missing", concerns=batch.place.root)
    ingestion = Ingestion(archive, _nothing, extractor=batch.manifest.extractor)
    for shard in batch.manifest.shards:
        with batch.place.reading(shard.file("parquet")) as source:
            for row in read_table(source):
                try:
                    document = document_of(row)
                except ValueError as error:
                    raise QuothError(f"damaged: {error}", concerns=f"{batch.place.root}/{shard.file('parquet')}") from error
                if isinstance(document, Skipped):
                    yield ingestion.skip(document)
                else:
                    yield ingestion.keep(document.reading, document.statements)


def _nothing(article: Article) -> tuple[Statement, ...]:
    raise AssertionError("what comes from a batch is extracted already")
