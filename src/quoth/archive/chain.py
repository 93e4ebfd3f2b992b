"""The chain of reviews: each event holds the hash of the one before it, so that none can be changed or taken out unseen."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

START = ""
"""What stands for the event before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event as its hash sees it; `report` is the identity of its report, `anchors` and `value` are JSON as they are stored."""

    number: int
    at: str
    reviewer: str
    action: str
    report: str
    anchors: str
    value: str
    undoes: int | None
    previous: str

    @property
    def hash(self) -> str:
        """The SHA-256 of all of it, in hexadecimal."""
        told: list[Any] = [
            self.previous, self.number, self.at, self.reviewer, self.action, self.report, self.anchors, self.value, self.undoes,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def breaks(links: Iterable[tuple[Link, str]]) -> Iterator[str]:
    """Where a chain of events with their stored hashes does not hold, one line each.

    >>> first = Link(number=1, at="", reviewer="a", action="accept", report="r", anchors="[]", value="{}", undoes=None, previous=START)
    >>> list(breaks([(first, first.hash)])), list(breaks([(first, "0")]))
    ([], ['review 1 was changed after it was written'])
    """
    previous, number = START, 0
    for link, stored in links:
        if link.number != number + 1:
            yield f"review {number + 1} is missing"
        elif link.previous != previous:
            yield f"review {link.number} does not follow the one before it"
        if link.hash != stored:
            yield f"review {link.number} was changed after it was written"
        previous, number = stored, link.number
