"""Attributions while they are being settled, and where to find them by place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quoth.spans import contains
from quoth.types import Antecedent, Quotation, Repair, Span

WORDS = re.compile(r"\w+")


@dataclass(slots=True, eq=False)
class Draft:
    """An attribution while it is being settled; a verbatim content keeps its last full stop, though no marks end it."""

    content: list[Span]
    cue: Span | None
    source: Span | None
    confidence: float
    source_confidence: float
    repairs: list[Repair] = field(default_factory=list)
    verbatim: bool = False
    acts: tuple[float, ...] = ()
    antecedents: tuple[Antecedent, ...] = ()

    @property
    def start(self) -> int:
        """Where its first span starts."""
        return min([span.start for span in self.spans()])

    @property
    def end(self) -> int:
        """Where its last span ends."""
        return max([span.end for span in self.spans()])

    def spans(self) -> list[Span]:
        """Content, cue and source, as far as there are any."""
        return [*self.content, *[role for role in (self.cue, self.source) if role is not None]]

    def note(self, repair: Repair) -> None:
        """Names a repair, once."""
        if repair not in self.repairs:
            self.repairs.append(repair)


class Board:
    """Drafts by place, so that those near a span are found without looking at all."""

    SQUARE = 2048

    def __init__(self, drafts: Iterable[Draft] = ()) -> None:
        self.squares: dict[int, list[Draft]] = {}
        self.drafts: list[Draft] = []
        self.known: set[int] = set()
        for draft in drafts:
            self.put(draft)

    def put(self, draft: Draft) -> None:
        """Adds a draft, or finds it again at the places that it has grown to."""
        if id(draft) not in self.known:
            self.known.add(id(draft))
            self.drafts.append(draft)
        for square in range(draft.start // self.SQUARE, (draft.end - 1) // self.SQUARE + 1):
            there = self.squares.setdefault(square, [])
            if draft not in there:
                there.append(draft)

    def near(self, span: Span) -> list[Draft]:
        """The drafts that may touch a span, each once, in the order in which they were put."""
        first, last = span.start // self.SQUARE, (span.end - 1) // self.SQUARE
        if first == last:
            return list(self.squares.get(first, ()))
        return list(dict.fromkeys([draft for square in range(first, last + 1) for draft in self.squares.get(square, ())]))


def touch(left: Span, right: Span) -> bool:
    """Whether two spans share a character."""
    return left.start < right.end and right.start < left.end


def length(spans: Iterable[Span]) -> int:
    """Characters covered by disjoint spans."""
    return sum(len(span) for span in spans)


def shared(left: Iterable[Span], right: Sequence[Span]) -> int:
    """Characters that two sets of disjoint spans have in common."""
    return sum([min(one.end, other.end) - max(one.start, other.start) for one in left for other in right if touch(one, other)])


def united(spans: Iterable[Span]) -> list[Span]:
    """Ordered and disjoint spans that cover the same characters."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(start=result[-1].start, end=max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def said_within(draft: Draft, piece: Span) -> bool:
    """Whether the cue of the draft stands in the piece: it is told there, by someone else."""
    return draft.cue is not None and contains(piece, draft.cue)


def extent(quotation: Quotation) -> Span:
    """From the first mark of a quotation to the last."""
    return Span(start=quotation.start, end=quotation.end)


def word_count(text: str, quotation: Quotation) -> int:
    """The number of words of a quotation."""
    return sum(len(WORDS.findall(text, piece.start, piece.end)) for piece in quotation.pieces)


def is_inside(draft: Draft, quotation: Quotation) -> bool:
    """Whether the draft is told within the quotation: its cue stands there."""
    return draft.cue is not None and any(touch(draft.cue, piece) for piece in quotation.pieces)
