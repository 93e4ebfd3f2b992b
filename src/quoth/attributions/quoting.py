"""Marks dispose: a certain quotation belongs to a content whole or not at all, and ends it where it stops."""

import re
from collections.abc import Sequence

from quoth.attributions.drafts import Draft, is_inside, shared, united
from quoth.types import Quotation, Span

STOPPED = re.compile(r"[.!?][\"“”„«»‘'’]+$")
NEW_SENTENCE = re.compile(r"\s+[A-Z]")
MARK = re.compile(r"[\"“”„«»]")


def take_quotations(draft: Draft, certain: Sequence[Quotation]) -> None:
    """Moves the edges of a content to those of the certain quotations it holds words of; `certain` are those that may touch it."""
    for quotation in certain:
        if is_inside(draft, quotation) or not shared(quotation.pieces, draft.content):
            continue
        content = united([*draft.content, *quotation.pieces])
        if content != draft.content:
            draft.content = content
            draft.note("mark_edge")


def keep_to_inner(draft: Draft, certain: Sequence[Quotation]) -> None:
    """Within the words of another, a content that opens with an inner mark is what stands in inner marks, and no more."""
    told = [
        quotation
        for quotation in certain
        if quotation.depth and not is_inside(draft, quotation) and shared(quotation.pieces, draft.content)
    ]
    if told and draft.content[0].start >= min(quotation.start for quotation in told):
        draft.content = united(piece for quotation in told for piece in quotation.pieces)


def end_with_quotation(text: str, draft: Draft, certain: Sequence[Quotation]) -> None:
    """A sentence behind the full stop and the last mark of a quotation is the reporter's, not the speaker's."""
    for quotation in certain:
        last, end = draft.content[-1], quotation.end
        stopped = last.start < end < last.end and STOPPED.search(text, quotation.start, end) and not is_inside(draft, quotation)
        if stopped and NEW_SENTENCE.match(text, end) and not MARK.search(text, end, last.end):
            draft.content[-1] = Span(start=last.start, end=end)
