"""Folders and files, of this machine or of an object store: a path, or a URI that pyarrow.fs knows (s3://, gs://, abfs://, hdfs://, file://).

Whatever is written is written aside and renamed; an object store shows an object when it is whole, and needs no other name.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from quoth.errors import QuothError
from quoth.exports.files import aside
from quoth.exports.frames import library

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
WHOLE_AT_ONCE = frozenset({"s3", "gcs", "abfs"})
"""File systems on which nobody sees an object before it is whole."""


def is_uri(name: str) -> bool:
    """Whether a name is a URI and no path.

    >>> is_uri("s3://news/2024"), is_uri("news/2024")
    (True, False)
    """
    return URI.match(name) is not None


@lru_cache(maxsize=64)
def _rooted(uri: str) -> tuple[Any, str]:
    """The file system of a URI and the path in it; raises QuothError."""
    with told(uri):
        system, path = library("pyarrow.fs").FileSystem.from_uri(uri)
        return system, path


@contextmanager
def told(name: str) -> Iterator[None]:
    """Tells what goes wrong with a file as one QuothError."""
    arrow = library("pyarrow")
    try:
        yield
    except (OSError, arrow.ArrowException) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise QuothError(reason, concerns=name) from error


def files_below(root: str) -> list[tuple[str, int]]:
    """The files of a folder and of those below, or the file itself, with their sizes, by name; hidden ones are left out.

    Raises QuothError if there is nothing.
    """
    if is_uri(root):
        return _remote_files(root)
    if not Path(root).exists():
        raise QuothError("No such file or directory", concerns=root)
    if not Path(root).is_dir():
        return [(root, Path(root).stat().st_size)]
    found = []
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [Path(place, name) for name in sorted(names) if not name.startswith(".")]
        found += [(str(path), path.stat().st_size if path.is_file() else 0) for path in paths]
    return found


def _remote_files(root: str) -> list[tuple[str, int]]:
    fs = library("pyarrow.fs")
    system, path = _rooted(root)
    with told(root):
        found = system.get_file_info(path)
        if found.type == fs.FileType.NotFound:
            raise QuothError("No such file or directory", concerns=root)
        if found.type == fs.FileType.File:
            return [(root, found.size)]
        below = system.get_file_info(fs.FileSelector(path, recursive=True))
    named = [(f"{root.rstrip('/')}/{one.path[len(path.rstrip('/')) + 1 :]}", one.size) for one in below if one.type == fs.FileType.File]
    return sorted((name, size) for name, size in named if not _hidden(name[len(root) :]))


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(name).parts)


def size_of(source: str) -> int:
    """The bytes of a file; raises QuothError."""
    if is_uri(source):
        system, path = _rooted(source)
        with told(source):
            return int(system.get_file_info(path).size or 0)
    with told(source):
        return Path(source).stat().st_size


@contextmanager
def opened(source: str) -> Iterator[IO[bytes]]:
    """A file, open for reading at any place; raises QuothError."""
    if is_uri(source):
        system, path = _rooted(source)
        with told(source):
            stream = system.open_input_file(path)
        with stream:
            yield cast(IO[bytes], stream)
        return
    with told(source), Path(source).open("rb") as stream:
        yield stream


def bytes_between(source: str, start: int, end: int) -> bytes:
    """The bytes of a file from one place to another; raises QuothError, also where the file ends before."""
    with opened(source) as stream, told(source):
        stream.seek(start)
        raw = stream.read(end - start)
    if len(raw) != end - start:
        raise QuothError("breaks off before the end that was planned", concerns=source)
    return raw


@contextmanager
def local_copy(source: str) -> Iterator[str]:
    """A path of this machine under which the file can be read: its own, or that of a copy with the same file name while it is needed."""
    if not is_uri(source):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="quoth-") as folder:
        path = Path(folder, PurePosixPath(source).name)
        with opened(source) as stream, told(source), path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
        yield str(path)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of a batch. Names within it have slashes; all methods raise QuothError."""

    root: str

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None if there is none."""
        if is_uri(self.root):
            system, path = self._at(name)
            with told(f"{self.root}/{name}"):
                if system.get_file_info(path).type == library("pyarrow.fs").FileType.NotFound:
                    return None
                with system.open_input_file(path) as stream:
                    return bytes(stream.read())
        with told(f"{self.root}/{name}"), suppress(FileNotFoundError):
            return Path(self.root, name).read_bytes()
        return None

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """A path to write a file to, which has its name only when it is whole."""
        if is_uri(self.root):
            with tempfile.TemporaryDirectory(prefix="quoth-") as folder:
                path = Path(folder, "whole")
                yield path
                self._upload(path, name)
            return
        target = Path(self.root, name)
        with told(str(target)):
            target.parent.mkdir(parents=True, exist_ok=True)
        with aside(target) as beside:
            yield beside

    @contextmanager
    def reading(self, name: str) -> Iterator[Any]:
        """A file for pyarrow to read: a path, or an open file of an object store."""
        if not is_uri(self.root):
            yield str(Path(self.root, name))
            return
        system, path = self._at(name)
        with told(f"{self.root}/{name}"):
            stream = system.open_input_file(path)
        with stream:
            yield stream

    def names(self, folder: str) -> list[str]:
        """The files below a folder, by their names from the root on, sorted; none if it is not there."""
        if is_uri(self.root):
            try:
                found = _remote_files(f"{self.root.rstrip('/')}/{folder}")
            except QuothError:
                return []
            return sorted(name[len(self.root.rstrip("/")) + 1 :] for name, _ in found)
        below = Path(self.root, folder)
        return sorted(path.relative_to(self.root).as_posix() for path in below.rglob("[!.]*") if path.is_file())

    def sha256(self, name: str) -> str:
        """The hash of a file."""
        where = f"{self.root}/{name}" if is_uri(self.root) else str(Path(self.root, name))
        digest = hashlib.sha256()
        with opened(where) as stream, told(where):
            while some := stream.read(1 << 20):
                digest.update(some)
        return digest.hexdigest()

    def remove(self, names: Iterable[str]) -> None:
        """Removes files."""
        for name in names:
            if is_uri(self.root):
                system, path = self._at(name)
                with told(f"{self.root}/{name}"):
                    system.delete_file(path)
            else:
                with told(str(Path(self.root, name))):
                    Path(self.root, name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Removes what killed workers left half written."""
        if not is_uri(self.root):
            for left in Path(self.root).rglob(".*.part"):
                with suppress(OSError):
                    left.unlink()

    def _at(self, name: str) -> tuple[Any, str]:
        system, path = _rooted(self.root)
        return system, f"{path.rstrip('/')}/{name}"

    def _upload(self, whole: Path, name: str) -> None:
        system, path = self._at(name)
        with told(f"{self.root}/{name}"):
            system.create_dir(path.rpartition("/")[0], recursive=True)
            beside = path if system.type_name in WHOLE_AT_ONCE else f"{path}.{os.getpid()}.part"
            with system.open_output_stream(beside) as target, whole.open("rb") as stream:
                shutil.copyfileobj(stream, target, 1 << 20)
            if beside != path:
                system.move(beside, path)
