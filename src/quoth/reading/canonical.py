r"""Blocks of a page to the canonical text: white space made even, character references resolved, and every other character kept as it is.

>>> from quoth.reading.markup import scan
>>> source = "<p>Lind &amp; Hale\n  agreed.</p><p>It <i>rained</i>.</p>"
>>> canonical = compose(source, [("paragraph", block) for block in scan(source).blocks])
>>> canonical.text
'Lind & Hale agreed.\n\nIt rained.'
>>> canonical.runs[:2]
((0, 3, 5), (6, 13, 5))
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from quoth.reading.markup import Block
from quoth.types import Part, PartKind, Span

BETWEEN = "\n\n"
"""What stands between two blocks of the text."""
INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff"
"""Characters that show nothing: soft hyphens, places to break, marks of direction."""
STRETCH = re.compile(
    rf"(?P<reference>&(?:\#\d+|\#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?)|(?P<space>\s+)|(?P<invisible>[{INVISIBLE}]+)"
    rf"|(?P<kept>[^&\s{INVISIBLE}]+|&)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """A text, the runs of the `spans.OffsetMap` to its source, and what its stretches are."""

    text: str
    runs: tuple[tuple[int, int, int], ...]
    parts: tuple[Part, ...]


def compose(source: str, blocks: Iterable[tuple[PartKind, Block]]) -> Canonical:
    """The text of some blocks, in order, one paragraph each."""
    writer = _Writer(source)
    parts: list[Part] = []
    for kind, block in blocks:
        start = writer.begin()
        for first, last in block.ranges:
            writer.write(first, last)
        if start < writer.length:
            parts.append(Part(kind=kind, span=Span(start=start, end=writer.length)))
    return Canonical(text="".join(writer.written), runs=tuple(writer.runs), parts=tuple(parts))


class _Writer:
    """The text so far and its runs; white space is held back until a word follows it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.written: list[str] = []
        self.runs: list[tuple[int, int, int]] = []
        self.length = 0
        self.between = ""
        self.space: tuple[str, int] | None = None

    def begin(self) -> int:
        """Opens a block; gives where its text will start."""
        self.space = None
        self.between = BETWEEN if self.length else ""
        return self.length + len(self.between)

    def write(self, start: int, end: int) -> None:
        """Adds a range of the source; one of no length is a line break."""
        if start == end:
            self.space = ("\n", -1)
        for stretch in STRETCH.finditer(self.source, start, end):
            self._stretch(stretch)

    def _stretch(self, stretch: re.Match[str]) -> None:
        place, words = stretch.start(), stretch[0]
        match stretch.lastgroup:
            case "kept":
                self._word(words, place)
            case "space":
                self._pause(place if words == " " else -1)
            case "reference":
                resolved = unescape(words)
                if resolved.isspace():
                    self._pause(-1)
                elif resolved == words:
                    self._word(words, place)
                elif resolved.strip(INVISIBLE):
                    self._word(resolved, -1)

    def _pause(self, place: int) -> None:
        if self.space is None:
            self.space = (" ", place)
        elif self.space[0] == " ":
            self.space = (" ", -1)

    def _word(self, words: str, place: int) -> None:
        if self.between:
            self._add(self.between, -1)
            self.between = ""
        elif self.space is not None and self.length and not self.fresh:
            self._add(*self.space)
        self.space = None
        self._add(words, place)

    @property
    def fresh(self) -> bool:
        """Whether the block has no text yet."""
        return bool(self.between)

    def _add(self, words: str, place: int) -> None:
        if place >= 0:
            clean, source, length = self.runs[-1] if self.runs else (0, 0, 0)
            if length and clean + length == self.length and source + length == place:
                self.runs[-1] = (clean, source, length + len(words))
            else:
                self.runs.append((self.length, place, len(words)))
        self.written.append(words)
        self.length += len(words)
