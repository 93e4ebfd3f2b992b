"""Files and folders that are written aside and renamed when they are whole."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from quoth.errors import QuothError


@contextmanager
def aside(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A name beside the path to write a file to; it takes the place of the path at the end of the block, or goes if the block fails.

    Raises QuothError if the path is a folder, or cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise QuothError("is a folder", concerns=str(target))
    with _named(target):
        number, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
        os.close(number)
        beside = Path(name)
        try:
            yield beside
            _settled(beside)
            beside.chmod(_mode())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def text_aside(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """The same as an open text file, UTF-8, with line ends as they are written."""
    with aside(path) as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def folder_aside(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A new folder beside the path to write files to; it gets the name at the end of the block, or goes if the block fails.

    Raises QuothError if there is something of that name already, other than an empty folder.
    """
    target = Path(path)
    with _named(target):
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise QuothError("is there already; name a new folder", concerns=str(target))
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent))
        try:
            yield beside
            beside.chmod(_mode() | (_mode() & 0o444) >> 2)
            beside.replace(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise QuothError(f"cannot be written: {error.strerror or error}", concerns=str(path)) from error


def _settled(path: Path) -> None:
    """Waits until the bytes are on the disk, so that the name never points to a file without them."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _mode() -> int:
    """What a new file may be read and written by, as the user has set it."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
