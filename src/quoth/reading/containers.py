"""What is packed: gzip, bzip2 and xz streams, zip and tar archives, opened in memory one member after the other.

Nothing is ever written to a path that an archive names. What unpacks to far more than it is packed in is not read on, and damage is told
where it is met; what stands before it is read.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from quoth.errors import ArticleError
from quoth.types import Reading, Skipped

if TYPE_CHECKING:
    from quoth.reading.sources import Source

MOST_TIMES = 200
"""How many times its size something may unpack to, once it has unpacked to FREE bytes; no text packs so well, and deflate reaches 1,030."""
FREE = 64_000_000
DEEPEST = 4
"""How many archives may be packed in one another."""
MOST_PACKED = 100_000_000
"""The most bytes of an archive that has to be held to be opened: one that is itself a member of another, or comes through a pipe."""
OPENERS: dict[str, Callable[[IO[bytes]], Any]] = {
    "gzip": lambda stream: gzip.GzipFile(fileobj=stream),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
DAMAGE = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    ValueError,
    OSError,
)
Onward = Callable[["Source"], Iterator[Reading | Skipped]]
"""Reads what was unpacked."""


class Counted(io.RawIOBase):
    """A stream that counts the bytes that are read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer."""
        some = self.stream.read(len(buffer))
        self.count += len(some)
        buffer[: len(some)] = some
        return len(some)


class Unpacked(io.RawIOBase):
    """What a packed stream unpacks to; reading raises ArticleError where it is damaged or swells beyond all measure, and ever after."""

    def __init__(self, stream: Any, packed: Callable[[], int], name: str) -> None:
        self.stream = stream
        self.packed = packed
        self.name_of_kind = name
        self.count = 0
        self.trouble: str | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer with what one step unpacks: a longer read would lose what stands right before damage."""
        some = b""
        try:
            some = b"" if self.trouble else self.stream.read1(len(buffer))
        except DAMAGE as error:
            self.trouble = f"damaged {self.name_of_kind}: {_reason(error)}"
        self.count += len(some)
        if self.count > FREE and self.count > MOST_TIMES * self.packed():
            self.trouble = f"unpacks to more than {MOST_TIMES} times its size: not read on"
        if self.trouble:
            raise ArticleError(self.trouble)
        buffer[: len(some)] = some
        return len(some)


def read_packed(kind: str, source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What a compressed stream holds."""
    packed = Counted(source.stream)
    stream = OPENERS[kind](io.BufferedReader(packed))
    unpacked = Unpacked(stream, lambda: packed.count, f"{kind} archive")
    name = (
        source.name if PurePosixPath(source.name).suffix.lower() not in (".gz", ".bz2", ".xz", ".tgz") else source.name.rpartition(".")[0]
    )
    yield from _deeper(replace(source, stream=io.BufferedReader(unpacked, 65_536), name=name), onward)


def read_zip(source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What the members of a zip archive hold, in the order of the archive."""
    stream, size = _seekable(source.stream)
    try:
        archive = zipfile.ZipFile(stream)
    except DAMAGE as error:
        raise ArticleError(f"damaged ZIP archive: {_reason(error)}") from None
    members = [member for member in archive.infolist() if not member.is_dir() and _shown(member.filename)]
    budget = _Budget(size)
    for member in members:
        inner = replace(source, origin=f"{source.origin}/{printable(member.filename)}", name=printable(member.filename), path=None)
        if member.flag_bits & 0x1:
            yield Skipped(origin=inner.origin, reason="the member is encrypted")
            continue
        try:
            opened = archive.open(member)
        except DAMAGE as error:
            yield Skipped(origin=inner.origin, reason=f"damaged ZIP archive: {_reason(error)}")
            continue
        with opened:
            unpacked = Unpacked(opened, budget.share, "ZIP archive")
            yield from _deeper(replace(inner, stream=io.BufferedReader(unpacked, 65_536)), onward)
        budget.spend(unpacked.count)
    if not members:
        yield Skipped(origin=source.origin, reason="the archive holds no file")


def read_tar(source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What the files of a tar archive hold, in the order of the archive; links and devices are passed over."""
    found = False
    try:
        with tarfile.open(fileobj=source.stream, mode="r|") as archive:
            for member in archive:
                if member.isfile() and _shown(member.name) and (opened := archive.extractfile(member)) is not None:
                    found = True
                    yield from _tar_member(source, member.name, opened, onward)
    except DAMAGE as error:
        raise ArticleError(f"damaged tar archive: {_reason(error)}") from None
    if not found:
        yield Skipped(origin=source.origin, reason="the archive holds no file")


def _tar_member(source: "Source", name: str, opened: IO[bytes], onward: Onward) -> Iterator[Reading | Skipped]:
    inner = replace(source, origin=f"{source.origin}/{printable(name)}", name=printable(name), path=None)
    packed = Counted(opened)
    unpacked = Unpacked(io.BufferedReader(packed), lambda: packed.count, "tar archive")
    yield from _deeper(replace(inner, stream=io.BufferedReader(unpacked, 65_536)), onward)


class _Budget:
    """How much the members of an archive may unpack to, all together: each may take what those before it left."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.spent = 0

    def share(self) -> int:
        """The packed size that stands for the members still to come."""
        return max(0, self.size - self.spent // MOST_TIMES)

    def spend(self, count: int) -> None:
        """Counts what a member unpacked to."""
        self.spent += count


def _deeper(source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What was unpacked, unless too many archives are packed in one another."""
    if source.depth >= DEEPEST:
        yield Skipped(origin=source.origin, reason=f"more than {DEEPEST} archives packed in one another")
    else:
        yield from onward(replace(source, depth=source.depth + 1))


def _seekable(stream: IO[bytes]) -> tuple[IO[bytes], int]:
    """A stream in which one can go back, and its size; raises ArticleError if it is too large to be held."""
    if stream.seekable():
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        return stream, size
    held = stream.read(MOST_PACKED + 1)
    if len(held) > MOST_PACKED:
        raise ArticleError(f"too large: a packed archive of more than {MOST_PACKED:,} bytes; unpack it first")
    return io.BytesIO(held), len(held)


def _shown(name: str) -> bool:
    """Whether a member is no hidden file and no note of the system that packed it."""
    return not any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in PurePosixPath(name).parts)


def printable(name: str) -> str:
    """A name on one line, without control characters and lone surrogates.

    >>> printable("a" + chr(10) + "b.html")
    'a�b.html'
    """
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:500]


def _reason(error: Exception) -> str:
    """What a foreign error says, on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
