"""How a passage is found again, also in a text that was edited elsewhere: W3C Web Annotation selectors."""

from collections.abc import Iterator
from itertools import islice

from quoth.types import Anchor, Span

CONTEXT = 32
"""Characters of prefix and suffix that an anchor keeps."""
MOST_PLACES = 1000
"""Places looked at; words that stand in more of them are told apart by none."""


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
