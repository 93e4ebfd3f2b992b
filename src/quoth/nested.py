"""What is told within the words of another: which attributions within a content are statements, and a second reading that finds more.

Within the words of others much is only meant or done: "he said he hoped so" is one statement, not two. An attribution there counts if the
model surely takes its cue for one of saying or writing, and somebody named or described says it, or if it stands in inner quotation marks.
Training data hardly ever nest, so a content that holds a verb of saying is read once more as a text of its own, and what is found there
hangs below it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from quoth.acts import is_deed
from quoth.marks import paragraphs
from quoth.spans import overlap
from quoth.types import Antecedent, Attribution, Candidate, Quotation, Span

Read = Callable[[Sequence[str]], Sequence[Sequence[Candidate]]]
SAYING = re.compile(
    r"\b(?:(?P<pronoun>I|you|we|they|s?he|it)(?:['’](?:ve|d|ll|m|re|s))?\s+"
    r"(?:(?:have|has|had|will|would|can|could|should|just|also|already|never|did|do|does|(?:do|did|would)n['’]t|not)\s+){0,2})?"
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|claim(?:s|ed|ing)?|ask(?:ed|s|ing)|warn(?:s|ed|ing)|announc\w*|reported|add(?:ed|s|ing)"
    r"|wrote|writes|call(?:ed|s|ing)|promis(?:es|ed|ing)|insist\w*|suggest\w*|according|den(?:y|ied|ies|ying)|admit(?:s|ted|ting)"
    r"|demand\w*|explain\w*|argu(?:es?|ed|ing|ments?))\b",
    re.IGNORECASE,
)
"""A content in which nobody but a pronoun has one of these words, and nothing is in inner quotation marks, is not read again.

A second reading costs as much as the first, and what a pronoun says there is no statement by itself. Of 276 contents of training reports in
which a second reading finds something five are lost, of 726 in which it does not 271 are spared (bench/LOG.md).
"""
PRONOUNS = frozenset(
    "i we he she they it you my our his her their its your who whose that which "
    "nobody somebody someone everybody everyone anybody anyone".split()
)
LEAST_CONFIDENCE, LEAST_QUOTED = 0.7, 0.4
"""Below these an attribution within a content is dropped; the second counts round inner quotation marks."""
LEAST_SAID = 0.9
"""How probable the model must hold that something is said or written there."""
NEAR = 8
"""Spans on either side of a place that are looked at; reports do not nest deeper."""
MARKS = "“”\"‘’'«»„`"


def told(text: str, attributions: Sequence[Attribution], found: Sequence[Quotation]) -> tuple[Attribution, ...]:
    """The attributions without deeds, and without those within the words of others that are no statements by themselves.

    What stood within one that is dropped now stands in the one around it.
    """
    inner = inner_quotations(found)
    kept = [
        place
        for place, attribution in enumerate(attributions)
        if not is_deed(text, attribution)
        and (attribution.parent is None or not attribution.acts or _is_statement(text, attribution, inner))
    ]
    numbers: dict[int | None, int | None] = {None: None} | {place: number for number, place in enumerate(kept)}

    def holder(place: int | None) -> int | None:
        seen: set[int | None] = set()
        while place not in numbers and place not in seen:
            seen.add(place)
            place = None if place is None else attributions[place].parent
        return numbers.get(place)

    parents = [holder(attributions[place].parent) for place in kept]
    if parents == [attribution.parent for attribution in attributions]:
        return tuple(attributions)
    return tuple(replace(attributions[place], parent=parent) for place, parent in zip(kept, parents, strict=True))


def inner_quotations(found: Sequence[Quotation]) -> list[Span]:
    """The first pieces of the certain quotations within others, in order."""
    return sorted(quotation.pieces[0] for quotation in found if quotation.depth and quotation.certain)


def candidates_within(text: str, attributions: Sequence[Attribution], found: Sequence[Quotation], read: Read) -> tuple[Candidate, ...]:
    """Candidates told within the contents of others, in the order of the text; `read` is the tagger's.

    A paragraph that a label gives to somebody whole, without marks, was read by itself the first time.
    """
    inner = inner_quotations(found)
    read_before = {line for line in paragraphs(text) if text[line.start] not in MARKS}
    cues = sorted(attribution.cue for attribution in attributions if attribution.cue is not None)
    pieces = [piece for attribution in attributions for piece in attribution.content if _may_tell(text, piece, inner)]
    bare = [_without_marks(text, piece) for piece in pieces if piece not in read_before]
    return tuple(
        moved
        for piece, candidates in zip(bare, read([piece.slice(text) for piece in bare]), strict=True)
        for candidate in candidates
        if candidate.content and candidate.source
        for moved in (_moved(candidate, piece.start),)
        if not _touches(moved.anchor, cues) and _is_statement(text, _attribution(moved), inner)
    )


def _may_tell(text: str, piece: Span, inner: Sequence[Span]) -> bool:
    """Whether a second reading of a piece of a content may find something."""
    sayings = list(SAYING.finditer(text, piece.start, piece.end))
    return bool(sayings) and (any(saying["pronoun"] is None for saying in sayings) or _touches(piece, inner))


def _touches(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of others in order, looking at those around its place only."""
    place = bisect_right(others, span)
    return any(overlap(span, other) for other in others[max(0, place - NEAR) : place + NEAR])


def _without_marks(text: str, piece: Span) -> Span:
    """A piece that holds words without the marks around it."""
    words = piece.slice(text)
    return Span(start=piece.start + len(words) - len(words.lstrip(MARKS)), end=piece.start + len(words.rstrip(MARKS)))


def _moved(candidate: Candidate, by: int) -> Candidate:
    """The candidate with every span moved to its place in the whole text."""

    def moved(span: Span) -> Span:
        return Span(start=span.start + by, end=span.end + by)

    def named(antecedent: Antecedent) -> Antecedent:
        return replace(antecedent, word=moved(antecedent.word))

    return replace(
        candidate,
        anchor=moved(candidate.anchor),
        content=tuple(moved(piece) for piece in candidate.content),
        cue=None if candidate.cue is None else moved(candidate.cue),
        source=None if candidate.source is None else moved(candidate.source),
        antecedents=tuple(named(antecedent) for antecedent in candidate.antecedents),
    )


def _attribution(candidate: Candidate) -> Attribution:
    return Attribution(
        content=candidate.content,
        cue=candidate.cue,
        source=candidate.source,
        kind="indirect",
        confidence=candidate.score * candidate.content_score,
        source_confidence=candidate.source_score,
        acts=candidate.acts,
    )


def _is_statement(text: str, attribution: Attribution, inner: Sequence[Span]) -> bool:
    """Whether an attribution within the words of another is somebody's statement: said or written, or in inner quotation marks."""
    speech, writing = attribution.acts[:2]
    if any(_touches(piece, inner) for piece in attribution.content):
        return attribution.confidence >= LEAST_QUOTED and speech + writing >= 0.5
    named = attribution.source is not None and attribution.source.slice(text).lower() not in PRONOUNS
    return named and attribution.confidence >= LEAST_CONFIDENCE and speech + writing >= LEAST_SAID
