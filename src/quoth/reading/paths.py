r"""Files and folders: what lies in them, and their names as text that can be kept.

>>> origin_of(os.fsdecode(b"caf\xe9.txt"))
'caf\\xe9.txt'
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from quoth.types import Skipped

WRITTEN_OUT = re.compile(rb"\\x([89a-f][0-9a-f])")


def files_in(folder: str) -> Iterator[str | Skipped]:
    """The paths in a folder, and then in those below, in the order of their names, without hidden ones; a link to a folder is one path.

    A folder that cannot be opened is a Skipped.
    """
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as found:
                shown = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
            below = {entry.path: entry.is_dir(follow_symlinks=False) for entry in shown}
        except OSError as error:
            yield Skipped(origin=origin_of(place), reason=error.strerror or str(error))
            continue
        yield from (path for path, is_folder in below.items() if not is_folder)
        waiting += reversed([path for path, is_folder in below.items() if is_folder])


def origin_of(path: str) -> str:
    """A path as a text that can be kept: bytes of a name that are no UTF-8 are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def file_of(origin: str) -> str | None:
    """The path of the file of which this is the origin; None if there is no such file."""
    for path in (origin, os.fsdecode(WRITTEN_OUT.sub(lambda found: bytes.fromhex(found[1].decode()), os.fsencode(origin)))):
        try:
            if Path(path).is_file():
                return path
        except (OSError, ValueError):  # a name too long, or one that no file has
            return None
    return None
