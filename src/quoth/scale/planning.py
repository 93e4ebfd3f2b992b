"""Inputs to shards: small files gathered, large crawls cut, in an order that depends on nothing but the inputs."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from quoth.errors import QuothError
from quoth.scale.engines import Engine, Lost
from quoth.scale.places import files_below, opened
from quoth.scale.ranges import GZIP, WARC, pieces_of
from quoth.scale.shards import Piece, Shard, numbered

MEGABYTE = 1_000_000
SHARD_BYTES = 64 * MEGABYTE
"""Bytes of a shard, about: some two thousand pages of a packed crawl, minutes of work for one core."""
SMALLEST = MEGABYTE // 4
"""Bytes of a shard, about, where the inputs are small: seconds of work for one core."""
SHARDS = 64
"""Shards into which inputs are cut that hold less than so many of full size, so that all workers have their part of them."""
MOST_FILES = 2_000
"""Files of one shard, at most."""


def plan(inputs: Sequence[str], engine: Engine, *, most: int = SHARD_BYTES) -> tuple[Shard, ...]:
    """The shards of some files, folders and URIs, in their order. Raises QuothError for an input that is not there or named twice.

    They are of about `most` bytes, or smaller where the inputs are small. Crawls larger than that are read through once to find where their
    records begin; the engine's workers do that.
    """
    found = [file for name in inputs for file in files_below(name)]
    seen = dict[str, int]()
    for source, size in found:
        if source in seen:
            raise QuothError("is named twice", concerns=source)
        seen[source] = size
    if not found:
        raise QuothError("the inputs hold no file", concerns=", ".join(inputs))
    most = shard_size(sum(seen.values()), most)
    large = [(source, size) for source, size in found if size > most and _may_be_crawl(source)]
    cut = dict[str, tuple[Piece, ...]]()
    for (source, _), pieces in engine.map(partial(_cutter, most), large):
        if isinstance(pieces, Lost):
            raise QuothError(pieces.reason, concerns=source)
        cut[source] = pieces
    whole = (cut.get(source, (Piece(source=source, size=size),)) for source, size in found)
    return numbered(_grouped((piece for pieces in whole for piece in pieces), most))


def shard_size(total: int, most: int = SHARD_BYTES) -> int:
    """Bytes of a shard, about, of inputs of so many bytes. It depends on nothing else, so that the shards do not either.

    >>> shard_size(100_000), shard_size(64_000_000), shard_size(10**12)
    (250000, 1000000, 64000000)
    """
    return min(most, max(SMALLEST, total // SHARDS))


def _may_be_crawl(source: str) -> bool:
    with opened(source) as stream:
        return stream.read(len(WARC)).startswith((GZIP, WARC))


class _Cut:
    """Cuts one source, in a worker."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, source: tuple[str, int]) -> tuple[Piece, ...]:
        with opened(source[0]) as stream:
            return pieces_of(stream, source=source[0], size=source[1], most=self.most)


def _cutter(most: int) -> _Cut:
    return _Cut(most)


def _grouped(pieces: Iterable[Piece], most: int) -> Iterator[tuple[Piece, ...]]:
    """Pieces in groups of about `most` bytes; a large one stands by itself."""
    group: list[Piece] = []
    length = 0
    for piece in pieces:
        if group and (length + piece.length > most or len(group) == MOST_FILES):
            yield tuple(group)
            group, length = [], 0
        group.append(piece)
        length += piece.length
    if group:
        yield tuple(group)
