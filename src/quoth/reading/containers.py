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
LARGEST_DIRECTORY = 50_000_000
"""The most bytes of the directory of a ZIP archive, which is held as a whole: a million members."""
LARGEST_HEADER = 1_000_000
"""The most bytes of what stands before a member of a tar archive: its long name, its extended attributes."""
DEEPEST = 4
"""How many archives may be packed in one another."""
MOST_PACKED = 100_000_000
"""The most bytes of an archive that has to be held to be opened: one that is itself a member of another, or comes through a pipe."""
OPENERS: dict[str, Callable[[IO[bytes]], Any]] = {
    "gzip": lambda stream: gzip.GzipFile(fileobj=stream),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".tgz")
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

    def taken(self) -> int:
        """How many bytes were read."""
        return self.count


class Swelling:
    """How much a stream unpacked to, and how much it is packed in."""

    def __init__(self, packed: Callable[[], int]) -> None:
        self.packed = packed
        self.count = 0

    def beyond_measure(self, more: int) -> bool:
        """Counts bytes that were unpacked; whether they are too many by now."""
        self.count += more
        return self.count > FREE and self.count > MOST_TIMES * self.packed()


class Unpacked(io.RawIOBase):
    """What a packed stream unpacks to; reading raises ArticleError where it is damaged or swells beyond all measure, and ever after.

    Each archive is measured by itself, and with all that is packed in it by the outermost one: each level of nesting may swell the next.
    """

    def __init__(self, stream: Any, name: str, measures: tuple[Swelling, ...]) -> None:
        self.stream = stream
        self.name_of_kind = name
        self.measures = measures
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
        swollen = [measure.beyond_measure(len(some)) for measure in self.measures]
        if any(swollen):
            self.trouble = f"unpacks to more than {MOST_TIMES} times its size: not read on"
        if self.trouble:
            raise ArticleError(self.trouble)
        buffer[: len(some)] = some
        return len(some)


class _Wary:
    """A file in which no more is read at once than the directory of a ZIP archive may have; zipfile reads that as a whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable
        self._read = stream.read

    def read(self, size: int = -1) -> bytes:
        """So many bytes; raises ArticleError if they are too many."""
        if size > LARGEST_DIRECTORY:
            raise ArticleError(f"too large: a ZIP archive with a directory of {size:,} bytes")
        return self._read(size)


def read_packed(kind: str, source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What a compressed stream holds."""
    packed = Counted(source.stream)
    stream = OPENERS[kind](io.BufferedReader(packed))
    ending = PurePosixPath(source.name).suffix
    name = source.name.removesuffix(ending) if ending.lower() in PACKED_ENDINGS else source.name
    yield from _deeper(replace(source, name=name), stream, f"{kind} archive", Swelling(packed.taken), onward)


def read_zip(source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What the members of a zip archive hold, in the order of the archive."""
    stream, size = _seekable(source.stream)
    try:
        archive = zipfile.ZipFile(_Wary(stream))
    except DAMAGE as error:
        raise ArticleError(f"damaged ZIP archive: {_reason(error)}") from None
    members = [member for member in archive.infolist() if not member.is_dir() and _shown(member.filename)]
    measure = Swelling(lambda: size)
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
            yield from _deeper(inner, opened, "ZIP archive", measure, onward)
    if not members:
        yield Skipped(origin=source.origin, reason="the archive holds no file")


def read_tar(source: "Source", onward: Onward) -> Iterator[Reading | Skipped]:
    """What the files of a tar archive hold, in the order of the archive; links and devices are passed over."""
    found = False
    try:
        with tarfile.open(fileobj=source.stream, mode="r|", tarinfo=_Header) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # or each would be held until the end
                if member.isfile() and _shown(member.name) and (opened := archive.extractfile(member)) is not None:
                    found = True
                    inner = replace(source, origin=f"{source.origin}/{printable(member.name)}", name=printable(member.name), path=None)
                    packed = Counted(opened)
                    yield from _deeper(inner, io.BufferedReader(packed), "tar archive", Swelling(packed.taken), onward)
    except DAMAGE as error:
        raise ArticleError(f"damaged tar archive: {_reason(error)}") from None
    if not found:
        yield Skipped(origin=source.origin, reason="the archive holds no file")


class _Header(tarfile.TarInfo):
    """The header of a member; one that goes on for long is damage, because tarfile holds it as a whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        """The header that a block holds; raises ReadError for one that announces a header of its own that no name needs."""
        header = super().frombuf(buf, encoding, errors)
        if not (header.isfile() or header.isdir()) and header.size > LARGEST_HEADER:
            raise tarfile.ReadError(f"a header of {header.size:,} bytes")
        return header


def _deeper(source: "Source", packed: Any, name: str, measure: Swelling, onward: Onward) -> Iterator[Reading | Skipped]:
    """What a stream unpacks to, unless too many archives are packed in one another."""
    if source.depth >= DEEPEST:
        yield Skipped(origin=source.origin, reason=f"more than {DEEPEST} archives packed in one another")
        return
    outermost = source.outermost or measure
    unpacked = Unpacked(packed, name, (measure,) if outermost is measure else (measure, outermost))
    stream = io.BufferedReader(unpacked, 65_536)
    yield from onward(replace(source, stream=stream, depth=source.depth + 1, outermost=outermost))


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
