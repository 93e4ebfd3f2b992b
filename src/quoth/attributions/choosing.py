"""Which of the tagger's candidates are taken up: those sure enough, and those that alone claim a quotation."""

from collections.abc import Iterable, Sequence

from quoth.attributions.drafts import Board, Draft, extent, length, shared, touch, word_count
from quoth.types import Candidate, Quotation

LEAST_CONFIDENCE = 0.4
"""A candidate below this product of anchor and content probability is dropped."""
UNSOURCED = 0.12
"""So much surer must be one without a source: of those from .4 to .5 on PolNeAR dev 39 % are right, of others 60 at least."""
LEAST_QUOTED = 0.08
"""What will do for a candidate that claims a long quotation which nobody else claims."""
LEAST_SHARE = 0.5
"""A doubtful candidate claims a quotation if so much of its content lies within it."""
CLAIMED = 2
"""So many words make a quotation that a doubtful candidate may claim."""


def chosen(text: str, candidates: Iterable[Candidate], certain: Sequence[Quotation], least: float) -> list[Draft]:
    """The candidates that are sure enough; less will do for one that claims a long quotation which else nobody would have said."""
    sure, doubtful = Board(), Board()
    for candidate in candidates:
        if candidate.content and confidence_of(candidate) >= LEAST_QUOTED:
            needed = least if candidate.source is not None else least + UNSOURCED
            (sure if confidence_of(candidate) >= needed else doubtful).put(drafted(candidate))
    for quotation in certain:
        if quotation.depth or word_count(text, quotation) < CLAIMED or claimed(quotation, sure):
            continue
        claims = [
            draft
            for draft in doubtful.near(extent(quotation))
            if shared(quotation.pieces, draft.content) >= LEAST_SHARE * length(draft.content)
        ]
        if claims:
            sure.put(max(claims, key=lambda draft: draft.confidence))
    return sure.drafts


def claimed(quotation: Quotation, board: Board) -> bool:
    """Whether any content holds words of the quotation."""
    return any(shared(quotation.pieces, draft.content) for draft in board.near(extent(quotation)))


def confidence_of(candidate: Candidate) -> float:
    """How probable it is that a candidate's anchor is one and its content its content."""
    return candidate.score * candidate.content_score


def drafted(candidate: Candidate) -> Draft:
    """A candidate as a draft; where the model marks no cue at the anchor, the anchor is the cue."""
    return Draft(
        content=list(candidate.content),
        cue=candidate.cue if candidate.cue is not None and touch(candidate.cue, candidate.anchor) else candidate.anchor,
        source=candidate.source,
        confidence=confidence_of(candidate),
        source_confidence=candidate.source_score,
        acts=candidate.acts,
        antecedents=candidate.antecedents,
    )
