"""How a reading room is set up."""

import getpass
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""The names of this machine to itself; a room without accounts answers to no other."""


def reader_name() -> str:
    """Who sits at this machine, as the system tells it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a reading room is told when it opens.

    `accounts` is the file of those who may enter, None for a room that only this machine can see; there `reviewer` is who reviews.
    `hosts` are the names it answers to. A query may take `deadline` seconds, a request `body` bytes, which may be `patience`
    seconds on their way; a text read at once has at most `pasted` characters; `part` characters of a report's text and `marks` of its
    statements are shown on one page.
    """

    archive: str
    accounts: Path | None = None
    hosts: tuple[str, ...] = LOOPBACK
    reviewer: str = field(default_factory=reader_name)
    connections: int = 6
    deadline: float = 3.0
    body: int = 6_000_000
    patience: float = 60.0
    pasted: int = 60_000
    part: int = 100_000
    marks: int = 400
