"""How a passage is found again, also in a text that was edited elsewhere: W3C Web Annotation selectors."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from quoth.types import Anchor, Span

CONTEXT = 32
"""Characters of prefix and suffix that an anchor keeps."""
MOST_PLACES = 1000
"""Places looked at; words that stand in more of them are told apart by none."""
LEAST_ALIKE = 0.85
"""The share of characters that words must keep (1 less the normalised indel distance) to count as the same words, edited."""
LEAST_RUN = 4
"""Characters that must have been kept in a row for it to be no chance."""
LEAST_LETTERS = 16
"""Characters below which words are too few to be known again once they are edited."""
MARGIN = 0.03
"""By how much one place must be more alike than another for it to be the place."""
Attached = Literal["position", "quote", "approximate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Where an anchor stands in another version of its text and how it was found; `span` and `by` are None for an orphan.

    `alike` is the share of characters that the words kept, 1 if they are the very same.
    """

    span: Span | None = None
    by: Attached | None = None
    alike: float = 0.0


def describe(span: Span, text: str) -> Anchor:
    """The anchor of a span: its position, its exact words, and up to 32 characters before and after them.

    A TextPositionSelector and a TextQuoteSelector (W3C Web Annotation Data Model, 4.2). Raises ValueError for a span beyond the text.

    >>> describe(Span(start=4, end=9), "The words stand.")
    Anchor(position=Span(start=4, end=9), exact='words', prefix='The ', suffix=' stand.')
    """
    if span.end > len(text):
        raise ValueError(f"the text ends at {len(text)}, before the span's end: {span.start}..{span.end}")
    prefix = text[max(span.start - CONTEXT, 0) : span.start]
    return Anchor(position=span, exact=span.slice(text), prefix=prefix, suffix=text[span.end : span.end + CONTEXT])


def verify(anchor: Anchor, text: str) -> bool:
    """Whether the exact words stand at the very position.

    >>> verify(describe(Span(start=4, end=9), "The words stand."), "Two words stand.")
    True
    """
    return bool(anchor.exact) and anchor.position.slice(text) == anchor.exact


def match(anchor: Anchor, text: str) -> Span | None:
    """Where the words of an anchor stand in a text.

    Their position, if words and surroundings are as described there; else the place whose surroundings agree in most characters. Of places
    that agree equally the position is taken, if it is one of them. None when the words are gone, or no place is better than the others.

    >>> anchor = describe(Span(start=4, end=9), "The words stand.")
    >>> match(anchor, "In short: The words stand.")
    Span(start=14, end=19)
    """
    position = anchor.position
    if verify(anchor, text) and _agreement(anchor, text, position.start) == len(anchor.prefix) + len(anchor.suffix):
        return position
    places = list(islice(_places(anchor.exact, text), MOST_PLACES + 1))
    if not places or len(places) > MOST_PLACES:
        return position if verify(anchor, text) else None
    scores = [_agreement(anchor, text, place) for place in places]
    highest = max(scores)
    best = [place for place, score in zip(places, scores, strict=True) if score == highest]
    if len(best) == 1:
        return Span(start=best[0], end=best[0] + len(anchor.exact))
    return position if position.start in best else None


def reattach(anchor: Anchor, text: str) -> Attachment:
    """Where an anchor stands in another version of its text: at its position, at its exact words, or at words much like them.

    Its position counts if the exact words and all their surroundings stand there; else the exact words are looked for, as `match` does;
    else the one stretch that keeps most of their characters. An anchor that is found by none of these, or at no place more than at
    another, is an orphan.

    >>> anchor = describe(Span(start=4, end=38), "He: we'll close the old bridge in June.")
    >>> attachment = reattach(anchor, "He said: We’ll close the old bridge in June, at last.")
    >>> attachment.by, attachment.span.slice("He said: We’ll close the old bridge in June, at last.")
    ('approximate', 'We’ll close the old bridge in June')
    >>> reattach(anchor, "It rained.")
    Attachment(span=None, by=None, alike=0.0)
    """
    span = match(anchor, text)
    if span is not None:
        unmoved = span == anchor.position and _agreement(anchor, text, span.start) == len(anchor.prefix) + len(anchor.suffix)
        return Attachment(span=span, by="position" if unmoved else "quote", alike=1.0)
    if len(anchor.exact) < LEAST_LETTERS or anchor.exact in text:
        return Attachment()
    best = _most_alike(anchor.exact, text, 0, len(text))
    if best is None or best.span is None:
        return Attachment()
    around = ((0, best.span.start), (best.span.end, len(text)))
    others = [other.alike for start, end in around if (other := _most_alike(anchor.exact, text, start, end)) is not None]
    return Attachment() if any(alike > best.alike - MARGIN for alike in others) else best


def _most_alike(words: str, text: str, start: int, end: int) -> Attachment | None:
    """The stretch of a part of the text that is most like some words; None if none is much like them."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    found = fuzz.partial_ratio_alignment(words, text[start:end], score_cutoff=100 * LEAST_ALIKE - 15)
    if found is None or found.dest_start == found.dest_end:
        return None
    margin = len(words) // 4
    first = max(start, start + found.dest_start - margin)
    window = text[first : min(end, start + found.dest_end + margin)]
    kept = [block for block in Indel.opcodes(words, window) if block.tag == "equal" and block.src_end - block.src_start >= LEAST_RUN]
    if not kept:
        return None
    before, behind = kept[0].src_start, len(words) - kept[-1].src_end
    span = _edged(first + kept[0].dest_start, first + kept[-1].dest_end, before, behind, text[:end])
    alike = Indel.normalized_similarity(words, span.slice(text))
    return Attachment(span=span, by="approximate", alike=round(alike, 4)) if alike >= LEAST_ALIKE else None


def _edged(first: int, last: int, before: int, behind: int, text: str) -> Span:
    """The span with as many more characters as were changed at its edges, up to white space, and with its edge words whole."""
    while first > 0 and not text[first - 1].isspace() and (before > 0 or (text[first - 1].isalnum() and text[first].isalnum())):
        first, before = first - 1, before - 1
    while last < len(text) and not text[last].isspace() and (behind > 0 or (text[last].isalnum() and text[last - 1].isalnum())):
        last, behind = last + 1, behind - 1
    return Span(start=first, end=last)


def _places(words: str, text: str) -> Iterator[int]:
    """Every start of the words in the text; they may overlap."""
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _agreement(anchor: Anchor, text: str, start: int) -> int:
    """How many characters right before and right after the words are as described."""
    end = start + len(anchor.exact)
    before = text[max(start - len(anchor.prefix), 0) : start]
    behind = text[end : end + len(anchor.suffix)]
    return _common(anchor.prefix[::-1], before[::-1]) + _common(anchor.suffix, behind)


def _common(left: str, right: str) -> int:
    """How many characters two strings begin with alike."""
    length = min(len(left), len(right))
    return next((index for index in range(length) if left[index] != right[index]), length)
