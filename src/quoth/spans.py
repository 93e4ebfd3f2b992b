"""Span arithmetic, and the map between a cleaned text and its source."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from quoth.types import Span


def contains(outer: Span, inner: Span) -> bool:
    """Whether every character of the inner span is one of the outer.

    >>> contains(Span(start=0, end=9), Span(start=4, end=9))
    True
    """
    return outer.start <= inner.start and inner.end <= outer.end


def overlap(left: Span, right: Span) -> Span | None:
    """The characters that two spans share.

    >>> overlap(Span(start=0, end=5), Span(start=3, end=9))
    Span(start=3, end=5)
    """
    start, end = max(left.start, right.start), min(left.end, right.end)
    return Span(start=start, end=end) if start < end else None


def trim(span: Span, text: str) -> Span | None:
    """The span without white space at its edges; None if it holds nothing else.

    >>> trim(Span(start=0, end=6), " words ")
    Span(start=1, end=6)
    """
    words = span.slice(text)
    start = span.start + len(words) - len(words.lstrip())
    end = span.start + len(words.rstrip())
    return Span(start=start, end=end) if start < end else None


def union(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """The same characters in as few spans as may be, in order: those that overlap or have only white space between them are joined.

    >>> union((Span(start=4, end=7), Span(start=0, end=3)), "one two, three")
    (Span(start=0, end=7),)
    """
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last is not None and (span.start <= last.end or text[last.end : span.start].isspace()):
            joined[-1] = replace(last, end=max(last.end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def subtract(span: Span, others: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of a span, in order, without the characters of the others.

    >>> subtract(Span(start=0, end=9), (Span(start=3, end=5),))
    (Span(start=0, end=3), Span(start=5, end=9))
    """
    left: list[Span] = []
    start = span.start
    for other in sorted(others):
        if start < min(other.start, span.end):
            left.append(Span(start=start, end=min(other.start, span.end)))
        start = max(start, other.end)
    if start < span.end:
        left.append(Span(start=start, end=span.end))
    return tuple(left)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetMap:
    """How a cleaned text and its source correspond.

    `runs` are `(clean_start, source_start, length)`, in order in both texts: stretches that were kept as they are. What lies between two
    runs was replaced as a whole (`&amp;` by `&`, tags by a line break), and either side of it may be empty. Raises ValueError if the runs
    overlap, are out of order or pass the end of a text.

    >>> source_map = OffsetMap(runs=((0, 3, 3), (4, 11, 6)), clean_length=10, source_length=21)  # <p>A & B said</p>
    >>> source_map.to_source(Span(start=2, end=5))
    Span(start=5, end=12)
    """

    runs: tuple[tuple[int, int, int], ...]
    clean_length: int
    source_length: int

    def __post_init__(self) -> None:
        clean_end = source_end = 0
        for clean, source, length in self.runs:
            if length < 1 or clean < clean_end or source < source_end:
                raise ValueError("the runs of an offset map are ordered and disjoint in both texts, and none is empty")
            clean_end, source_end = clean + length, source + length
        if clean_end > self.clean_length or source_end > self.source_length:
            raise ValueError("the runs of an offset map lie within both texts")

    def to_source(self, span: Span) -> Span | None:
        """The characters of the source that a span of the clean text comes from; None if it comes from none."""
        return _mapped(span, self.runs, self.source_length)

    def to_clean(self, span: Span) -> Span | None:
        """The characters of the clean text that a span of the source became; None if nothing is left of it."""
        return _mapped(span, self.inverse().runs, self.clean_length)

    def inverse(self) -> "OffsetMap":
        """The same map with source and clean text exchanged."""
        runs = tuple((source, clean, length) for clean, source, length in self.runs)
        return OffsetMap(runs=runs, clean_length=self.source_length, source_length=self.clean_length)

    def after(self, earlier: "OffsetMap") -> "OffsetMap":
        """One map for two steps of cleaning, of which `earlier` came first; raises ValueError if the texts between differ in length."""
        if earlier.clean_length != self.source_length:
            raise ValueError("the clean text of the earlier map is not the source of this one")
        runs: list[tuple[int, int, int]] = []
        index = 0
        for clean, middle, length in self.runs:
            while index < len(earlier.runs) and earlier.runs[index][0] < middle + length:
                first, source, earlier_length = earlier.runs[index]
                start, end = max(first, middle), min(first + earlier_length, middle + length)
                if start < end:
                    runs.append((clean + start - middle, source + start - first, end - start))
                if first + earlier_length > middle + length:
                    break
                index += 1
        return OffsetMap(runs=tuple(runs), clean_length=self.clean_length, source_length=earlier.source_length)


def _mapped(span: Span, runs: tuple[tuple[int, int, int], ...], length: int) -> Span | None:
    """A span by way of runs into a text of a given length; what lies between two runs counts as a whole."""
    behind = bisect_right(runs, span.start, key=_origin)
    origin, target, size = runs[behind - 1] if behind else (0, 0, 0)
    start = target + min(span.start - origin, size)
    behind = bisect_right(runs, span.end - 1, key=_origin)
    origin, target, size = runs[behind - 1] if behind else (0, 0, 0)
    between = runs[behind][1] if behind < len(runs) else length
    end = target + span.end - origin if span.end <= origin + size else between
    return Span(start=start, end=end) if start < end else None


def _origin(run: tuple[int, int, int]) -> int:
    return run[0]
