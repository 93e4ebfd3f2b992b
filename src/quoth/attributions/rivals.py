"""What two cues claim is shared out, since each is read by itself."""

import re
from collections.abc import Iterable, Sequence

from quoth.attributions.drafts import WORDS, Board, Draft, is_inside, length, said_within, shared, touch
from quoth.marks import quotations_near
from quoth.spans import subtract
from quoth.types import Quotation, Span

SAME = 0.5
"""Contents that share this part of the longer one are the same, read twice."""
LAST = 3
"""Characters at the end of a piece among which its full stop may stand, with the marks behind it."""
PART_END = re.compile(r"[.!?;][”\"’')]*\s")
CONTRAST = re.compile(r",?\s(?:despite|although|though|while|whereas|but)\s$")
"""With these a reporter sets the words of another against those of the one before."""
BEFORE_SOURCE = 12
"""Characters before a source that hold such a word."""
SENTENCE_END = re.compile(r"[.!?][”\"’')]*\s")


def without_rivals(text: str, drafts: Iterable[Draft]) -> list[Draft]:
    """Of drafts with the same cue, or the same content in one piece, the surest; otherwise what two claim goes to the nearer cue."""
    kept = Board()
    for draft in sorted(drafts, key=lambda draft: -draft.confidence):
        near = kept.near(Span(start=draft.start, end=draft.end))
        if any(_same_cue(draft, other) for other in near):
            continue
        contested = [other for other in near if shared(draft.content, other.content) and not _nested(draft, other)]
        if any(_same_content(draft, other) for other in contested):
            continue
        for other in contested:
            share_out(text, draft, other)
        kept.put(draft)
    return sorted((draft for draft in kept.drafts if draft.content), key=lambda draft: draft.start)


def share_out(text: str, draft: Draft, other: Draft) -> None:
    """Each piece that two drafts claim goes to the one that has no other, or else to the one whose cue is nearer."""
    for piece in list(draft.content):
        for rival in [rival for rival in other.content if touch(piece, rival)]:
            common = Span(start=max(piece.start, rival.start), end=min(piece.end, rival.end))
            alone = len(draft.content) == 1, len(other.content) == 1
            farther = _distance(text, draft, piece, common) > _distance(text, other, rival, common)
            loser = draft if alone == (False, True) or (alone[0] == alone[1] and farther) else other
            loser.content = [rest for span in loser.content for rest in subtract(span, [common])]


def _distance(text: str, draft: Draft, own: Span, common: Span) -> int:
    """Characters between the part that two claim and the cue or source of a draft, without those of its `own` piece that holds the part.

    The end of a sentence counts as many, that of a paragraph as more. The full stop that ends the part itself counts when what is
    measured stands behind it.
    """
    roles = [role for role in (draft.cue, draft.source) if role and not touch(role, common)]
    gaps = [
        (text[max(common.start, common.end - LAST) : role.start], max(role.start - own.end, 0))
        if common.end <= role.start
        else (text[role.end : common.start], max(own.start - role.end, 0))
        for role in roles
    ]
    return min((far + 40 * len(SENTENCE_END.findall(gap)) + 160 * gap.count("\n") for gap, far in gaps), default=0)


def _same_cue(draft: Draft, other: Draft) -> bool:
    return draft.cue is not None and other.cue is not None and touch(draft.cue, other.cue)


def _same_content(draft: Draft, other: Draft) -> bool:
    """Whether the two hold nearly the same words, and neither has a piece to itself."""
    alone = any(not shared([piece], two.content) for one, two in ((draft, other), (other, draft)) for piece in one.content)
    several = min(len(draft.content), len(other.content)) > 1
    return not alone and not several and shared(draft.content, other.content) >= SAME * max(length(draft.content), length(other.content))


def _nested(draft: Draft, other: Draft) -> bool:
    """Whether one of the two is told within the words of the other."""
    return any(said_within(draft, piece) for piece in other.content) or any(said_within(other, piece) for piece in draft.content)


def leave_to_reporter(text: str, drafts: Sequence[Draft], certain: Sequence[Quotation]) -> None:
    """A content ends where the reporter sets another's words against it, and has no piece that is another's statement, told by itself.

    What stands within quotation marks is the speaker's.
    """
    board = Board(drafts)
    for other in drafts:
        if other.cue is None or other.source is None:
            continue
        if any(is_inside(other, quotation) for quotation in quotations_near(certain, other.cue)):
            continue
        start, end = other.start, other.end
        holding = [(draft, piece) for draft in board.near(other.cue) for piece in draft.content if piece.start <= start < end <= piece.end]
        contrast = CONTRAST.search(text, max(0, start - BEFORE_SOURCE), start) if holding else None
        for draft, piece in holding:
            if draft is other:
                continue
            if contrast is not None and piece.start < contrast.start():
                draft.content[draft.content.index(piece)] = Span(start=piece.start, end=contrast.start())
            elif len(draft.content) > 1 and _tells_all(text, other, piece) and _is_apart(text, draft, piece):
                draft.content.remove(piece)


def _tells_all(text: str, draft: Draft, piece: Span) -> bool:
    """Whether a piece holds no word besides those from a draft's first to its last."""
    return WORDS.search(text[piece.start : draft.start] + text[draft.end : piece.end]) is None


def _is_apart(text: str, draft: Draft, piece: Span) -> bool:
    """Whether a full stop or a semicolon stands between a draft's cue and a piece behind it."""
    return draft.cue is not None and PART_END.search(text, draft.cue.end, piece.start) is not None
