"""Quotations that no cue claims: they go on from a statement before them, lead to one behind, or stand alone."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import zip_longest

from quoth.attributions.drafts import WORDS, Board, Draft, extent, touch, united, word_count
from quoth.marks import paragraphs
from quoth.types import Quotation, Span

LONG = 4
"""So many words make a quotation without a cue speech, not a title or a scare quote."""
ENDS = frozenset(".!?”\"’'»:")
OPENING = frozenset("\"“„«»‘'`")
CLOSING = frozenset("\"”“»«’'")


def join_unclaimed(text: str, board: Board, certain: Sequence[Quotation]) -> None:
    """Quotations without a cue go on from the direct statement before them, or lead to the one behind; whole paragraphs may stand alone."""
    lines = paragraphs(text)
    starts = [line.start for line in lines]
    for quotation in certain:
        if quotation.depth or word_count(text, quotation) < LONG or _has_cue_behind(text, quotation) or _is_heading(text, quotation):
            continue
        span = extent(quotation)
        if any(touch(span, role) for draft in board.near(span) for role in draft.spans()):
            continue
        first = bisect_right(starts, quotation.start) - 1
        after = first + len(quotation.pieces)
        whole = all(piece == line for piece, line in zip_longest(quotation.pieces, lines[first:after]))
        owner = _goes_on_from(text, quotation, board, lines[first], lines[first - 1] if first and whole else None)
        if owner is None and whole and after < len(lines):
            owner = _leads_to(text, board, lines[after])
        if owner is not None:
            owner.content = united([*owner.content, *quotation.pieces])
            owner.note("joined")
            board.put(owner)
        elif whole:
            board.put(Draft(content=list(quotation.pieces), cue=None, source=None, confidence=0.5, source_confidence=0.5))


def _has_cue_behind(text: str, quotation: Quotation) -> bool:
    """Whether the quotation ends with a comma, as one does that its cue follows."""
    return text[quotation.start : quotation.end].rstrip("".join(CLOSING)).endswith(",")


def _is_heading(text: str, quotation: Quotation) -> bool:
    """Whether the quotation looks like a title: a capital at nearly every word."""
    words = WORDS.findall(text, quotation.start, quotation.end)
    return len(words) < 12 and sum(word[0].isupper() or len(word) < 4 for word in words) == len(words) and words[-1][0].isupper()


def _goes_on_from(text: str, quotation: Quotation, board: Board, line: Span, line_before: Span | None) -> Draft | None:
    """The direct statement that an unclaimed quotation goes on from: the last one before it in its paragraph, or in the one before."""
    opens_sentence = text[max(0, quotation.start - 8) : quotation.start].rstrip()[-1:] in ENDS or quotation.start == line.start
    for place in (line, line_before):
        if place is not None and opens_sentence:
            before = [draft for draft in _direct(text, board, place) if draft.end <= quotation.start]
            if before:
                return max(before, key=lambda draft: draft.end)
    return None


def _leads_to(text: str, board: Board, line: Span) -> Draft | None:
    """The direct statement that opens the next paragraph, if its cue stands behind the first of its words."""
    return next((draft for draft in _direct(text, board, line) if draft.content[0].start == line.start), None)


def _direct(text: str, board: Board, line: Span) -> list[Draft]:
    """The drafts in a line of which a piece is a quotation by itself."""
    return [
        draft
        for draft in board.near(line)
        if any(touch(span, line) for span in draft.spans())
        and any(text[piece.start] in OPENING and text[piece.end - 1] in CLOSING for piece in draft.content)
    ]
