"""Offsets of code points, as quoth counts, and of UTF-16 units, as browsers do."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from quoth.types import Span

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Utf16:
    """The places of a text's characters that take two units in UTF-16.

    >>> Utf16.of("a 🎺 b").units(Span(start=4, end=5))
    (5, 6)
    >>> Utf16.of("a 🎺 b").span(5, 6)
    Span(start=4, end=5)
    """

    astral: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Utf16":
        """The map of a text."""
        return cls(tuple(found.start() for found in _ASTRAL.finditer(text)))

    def unit(self, point: int) -> int:
        """How many units stand before a code point."""
        return point + bisect_left(self.astral, point)

    def units(self, span: Span) -> tuple[int, int]:
        """A span in units, half open."""
        return self.unit(span.start), self.unit(span.end)

    def span(self, start: int, end: int) -> Span:
        """The span of units; half of a character counts as the whole. Raises ValueError if it holds nothing."""
        return Span(start=self._point(start), end=self._point(end, up=True))

    def _point(self, unit: int, *, up: bool = False) -> int:
        low, high = 0, len(self.astral)
        while low < high:  # how many pairs begin before the unit
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.astral[middle] + middle < unit else (low, middle)
        inside = bool(low) and self.astral[low - 1] + low == unit  # the second half of a pair
        return unit - low + (1 if inside and up else 0)
