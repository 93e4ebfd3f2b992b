"""Marks dispose: a certain quotation belongs to a content whole or not at all, and ends it where it stops."""

import re
from collections.abc import Sequence

from quoth.attributions.drafts import Draft, is_inside, shared, united
from quoth.marks import quotations_near
from quoth.types import Quotation, Span

STOPPED = re.compile(r"[.!?][\"“”„«»‘'’]+$")
NEW_SENTENCE = re.compile(r"\s+[A-Z]")
PAUSE = 2
"""The last two characters of a quotation: a comma and the mark, if any comma stands within."""
WANTS = re.compile(r"want(?:s|ed)?$")
TO_KNOW = re.compile(r"\sto know\b")
BEFORE_ASKING = 2
"""Characters between a question and who asks it at most: a space and perhaps a comma."""
RUNS_INTO = 2
"""Characters behind a content within which a quotation that it runs into begins: a space and the mark."""
PAUSED = re.compile(r"(?:,[\"“”„«»‘'’]|.[\"“”„«»‘'’],)\s+(?:and|but|while|as|before|after|when)\s")
"""A comma before or behind the last mark, and a word that goes on with another clause."""
TURNED = re.compile(
    r"(?:,[\"“”„«»‘'’]|.[\"“”„«»‘'’],)\s+(?:and|but)\s+(?:then\s+)?(?:[a-z]{3,}ed|came|gave|got|left|made|put|ran|said|told|took|went)\b"
)
"""The same, where a verb in the past goes on: of nine such contents in PolNeAR that do not open with marks, eight end at the mark."""
ADDRESSED = re.compile(r"(?:me|us|him|her|them|you),\s+")
"""Whom inner words are told, before their mark."""
MARK = re.compile(r"[\"“”„«»]")


def take_question(text: str, draft: Draft, certain: Sequence[Quotation]) -> None:
    """What is asked is the quotation, not "to know", where somebody wanted to know: '“Which ferry?” the purser wanted to know'."""
    cue, source = draft.cue, draft.source
    if cue is None or source is None or not WANTS.search(text, cue.start, cue.end):
        return
    known = TO_KNOW.match(text, cue.end)
    asked = [quotation for quotation in quotations_near(certain, source) if 0 <= source.start - quotation.end <= BEFORE_ASKING]
    if known is not None and asked and draft.content[-1].end == known.end():
        draft.cue = Span(start=cue.start, end=known.end())
        draft.content = list(asked[-1].pieces)
        draft.note("mark_edge")


def take_quotations(draft: Draft, certain: Sequence[Quotation]) -> None:
    """Moves the edges of a content to those of the certain quotations it holds words of; `certain` are those that may touch it."""
    for quotation in certain:
        if is_inside(draft, quotation) or not shared(quotation.pieces, draft.content):
            continue
        content = united([*draft.content, *quotation.pieces])
        if content != draft.content:
            draft.content = content
            draft.note("mark_edge")


def run_into_quotation(text: str, draft: Draft, certain: Sequence[Quotation]) -> None:
    """A content that no stop parts from a quotation which goes on in small letters holds it: 'told us that it fell "and broke in two"'."""
    for quotation in certain:
        last = draft.content[-1]
        if text[last.end : quotation.start] != " " or not text[quotation.start + 1].islower() or is_inside(draft, quotation):
            continue
        if draft.cue is None or not last.end <= draft.cue.start < quotation.end:
            draft.content = united([*draft.content, Span(start=last.start, end=quotation.end), *quotation.pieces])
            draft.note("mark_edge")


def keep_to_inner(text: str, draft: Draft, certain: Sequence[Quotation]) -> None:
    """Within the words of another, a content that opens with an inner mark is what stands in inner marks, and no more.

    Whom it is told, before the mark, is no part of it: 'She told me, ‘Come back’'.
    """
    told = [
        quotation
        for quotation in certain
        if quotation.depth and not is_inside(draft, quotation) and shared(quotation.pieces, draft.content)
    ]
    if not told:
        return
    start, opened = draft.content[0].start, min(quotation.start for quotation in told)
    if start >= opened or ADDRESSED.fullmatch(text, start, opened):
        draft.content = united(piece for quotation in told for piece in quotation.pieces)


def end_with_quotation(text: str, draft: Draft, certain: Sequence[Quotation]) -> None:
    """Ends a content with its last quotation where what follows has no marks and is the reporter's.

    That is a sentence behind a full stop within the marks; where the content opens with them, a clause behind a comma: in 'she said
    "It fell," and the flag came down' the flag is no words of hers; and what somebody did next: 'he called it "dead", and left'.
    """
    for quotation in certain:
        last, end = draft.content[-1], quotation.end
        if not last.start < end < last.end or is_inside(draft, quotation) or MARK.search(text, end, last.end):
            continue
        stopped = STOPPED.search(text, quotation.start, end) and NEW_SENTENCE.match(text, end)
        paused = (PAUSED if last.start == quotation.start else TURNED).match(text, end - PAUSE)
        if stopped or paused:
            draft.content[-1] = Span(start=last.start, end=end)
