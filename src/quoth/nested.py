"""What is told within the words of another: contents read again, each as a text of its own.

The tagger gives a word to one attribution, as its training data do. A content that holds a verb of saying is therefore read once more by
itself, and what is found there hangs below it. Thoughts, and pronouns as sources, count only round an inner quotation: "he said he hoped
so" is one statement, not two.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from quoth.acts import act
from quoth.spans import overlap
from quoth.types import Attribution, Candidate, Quotation, Span

Read = Callable[[str], Sequence[Candidate]]
SAYING = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|claim\w*|ask(?:ed|s|ing)|warn\w*|announc\w*|report\w*|add(?:ed|s|ing)|wrote|writes?"
    r"|call(?:ed|s|ing)|promis\w*|insist\w*|suggest\w*|according|den(?:y|ied|ies|ying)|admit\w*|demand\w*|explain\w*|argu\w*)\b",
    re.IGNORECASE,
)
"""A content without one of these is not read again: a second reading costs as much as the first."""
PRONOUNS = frozenset("i we he she they it you who nobody somebody someone everybody everyone anybody anyone".split())
LEAST_CONFIDENCE = 0.5
"""Below this product of probabilities a reading within a content is dropped."""
NEAR = 8
"""Spans on either side of a place that are looked at; reports do not nest deeper."""
MARKS = "“”\"‘’'«»„`"


def candidates_within(text: str, attributions: Sequence[Attribution], found: Sequence[Quotation], read: Read) -> tuple[Candidate, ...]:
    """Candidates told within the contents of others, in the order of the text; `read` is the tagger."""
    inner = sorted(quotation.pieces[0] for quotation in found if quotation.depth and quotation.certain)
    cues = sorted(attribution.cue for attribution in attributions if attribution.cue is not None)
    return tuple(
        candidate
        for attribution in attributions
        for piece in attribution.content
        for candidate in _read_again(text, piece, read)
        if not _touches(candidate.anchor, cues) and _is_told(text, candidate, inner)
    )


def _touches(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of others in order, looking at those around its place only."""
    place = bisect_right(others, span)
    return any(overlap(span, other) for other in others[max(0, place - NEAR) : place + NEAR])


def _read_again(text: str, piece: Span, read: Read) -> Iterator[Candidate]:
    """The candidates of a piece read by itself, without the marks around it."""
    words = piece.slice(text)
    start = piece.start + len(words) - len(words.lstrip(MARKS))
    words = words.strip(MARKS)
    if SAYING.search(words) is None:
        return
    for candidate in read(words):
        if candidate.content and candidate.source and candidate.score * candidate.content_score >= LEAST_CONFIDENCE:
            yield _moved(candidate, start)


def _moved(candidate: Candidate, by: int) -> Candidate:
    """The candidate with every span moved to its place in the whole text."""

    def moved(span: Span) -> Span:
        return Span(start=span.start + by, end=span.end + by)

    return replace(
        candidate,
        anchor=moved(candidate.anchor),
        content=tuple(moved(piece) for piece in candidate.content),
        cue=None if candidate.cue is None else moved(candidate.cue),
        source=None if candidate.source is None else moved(candidate.source),
        antecedents=tuple(replace(antecedent, word=moved(antecedent.word)) for antecedent in candidate.antecedents),
    )


def _is_told(text: str, candidate: Candidate, inner: Sequence[Span]) -> bool:
    """Whether the candidate is a statement by someone: said or written by a named or described one, or in inner quotation marks."""
    assert candidate.source is not None
    if any(_touches(piece, inner) for piece in candidate.content):
        return True
    if candidate.source.slice(text).lower() in PRONOUNS:
        return False
    attribution = Attribution(
        content=candidate.content,
        cue=candidate.cue,
        source=candidate.source,
        kind="indirect",
        confidence=candidate.score,
        source_confidence=candidate.source_score,
        acts=candidate.acts,
    )
    return act(text, attribution) in ("speech", "writing")
