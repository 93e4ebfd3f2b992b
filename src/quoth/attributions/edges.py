"""The edges of spans: what belongs to no role is trimmed, and the roles are taken apart."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from quoth.attributions.drafts import WORDS, Draft, is_inside, united
from quoth.spans import subtract, trim
from quoth.types import Quotation, Span

LINE = re.compile(r"[^\n]+")
OPENING_WORD = re.compile(
    r"(?:that|(?<=\w )That|That(?=\s(?:he|she|they|it|I|we|you|the|an?|there|this|his|her)\b))\b(?![’'])"
    r"(?!\s(?:is|was|will|would|has|could|may|means|makes)\b)[\s,]*"
)
"""The complementizer, and not "That is wrong" or "said that would do"."""
DATELINE = re.compile(r"(?:^|(?<=\n))[^\W\d_][^\n\"“”a-z]{2,40}(?:\([^()\n]{2,40}\)[^\n\"“”a-z]{0,4}|[^\n\"“”]{0,30}?)\s(?:—|–|--|-)\s")
"""Where and by whom a report was written, at the start of a paragraph: no words of anyone's."""
REFUSAL = re.compile(r"\b(?:declin|refus)(?:e|es|ed|ing)(?: (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?$", re.IGNORECASE)
REFUSED = re.compile(r"(?P<verb>to (?:say|name|disclose|confirm|reveal|discuss|specify|explain|identify|divulge|state))\s+(?=\S)")
NOUN = re.compile(r"(?:will|can|may|might|must)\s+(?=[a-z]+[^s\W]s$)", re.IGNORECASE)
"""An auxiliary's double at the start of a cue: no auxiliary stands before "directs"."""
CONJUNCTION = re.compile(r"[\s,]+(?:and|but|or)$")
"""At the end of a content it leads on to what somebody else says: 3 of 25,387 pieces of PolNeAR end so."""
LOOSE_END = " \t\xa0\n.,;:—–-"
LOOSE_START = " \t\xa0\n,;:"
ABBREVIATED = re.compile(r"\b(?:[A-Z]|Jr|Sr|Inc|Ltd|Co|Corp|St)\.$")


def widen_refusal(text: str, draft: Draft) -> None:
    """Who "declined to say how many" declined to say it: the verb of saying belongs to the cue where something follows it."""
    cue, first = draft.cue, draft.content[0]
    if cue is None or not REFUSAL.search(text, cue.start, cue.end) or text[cue.end : first.start].strip():
        return
    said = REFUSED.match(text, first.start, first.end)
    if said is not None:
        draft.cue = replace(cue, end=said.end("verb"))
        draft.content[0] = replace(first, start=said.end())


def widen_source(text: str, draft: Draft) -> None:
    """A noun that the model takes for an auxiliary belongs to the source: "Her will directs"."""
    cue, source = draft.cue, draft.source
    noun = None if cue is None else NOUN.match(text, cue.start, cue.end)
    if cue is None or source is None or noun is None or source.end > cue.start or text[source.end : cue.start].strip():
        return
    draft.source = replace(source, end=cue.start + len(noun.group().rstrip()))
    draft.cue = replace(cue, start=noun.end())


def tidy(text: str, draft: Draft, closed: Mapping[int, Quotation]) -> None:
    """Trims what belongs to no role: white space, the complementizer "that", punctuation outside the marks; and takes the roles apart.

    `closed` are the quotations by where their pieces end. The mark that ends the words of another around the draft is not the draft's.
    """
    roles = [role for role in (draft.cue, draft.source) if role is not None]
    around = {place for span in draft.content if _is_around(draft, closed.get(place := span.end))}
    kept = {piece.end for piece in draft.content if draft.verbatim}

    def ends(place: int) -> bool:
        return place in kept or (place in closed and place not in around)

    lines = [line for span in draft.content for rest in subtract(span, roles) for line in _lines(text, rest)]
    pieces = [_without_edges(text, replace(line, end=line.end - (line.end in around and len(line) > 1)), ends) for line in lines]
    draft.content = united(piece for piece in pieces if piece is not None and WORDS.search(text, piece.start, piece.end))
    draft.cue = _bare(text, draft.cue)
    draft.source = _bare(text, draft.source)


def _is_around(draft: Draft, quotation: Quotation | None) -> bool:
    """Whether a quotation holds the words in which the draft is told."""
    return quotation is not None and quotation.certain and is_inside(draft, quotation)


def _lines(text: str, span: Span) -> list[Span]:
    """A span in pieces, one a paragraph."""
    return [Span(start=found.start(), end=found.end()) for found in LINE.finditer(text, span.start, span.end)]


def _without_edges(text: str, span: Span, ends: Callable[[int], bool]) -> Span | None:
    start, end = span.start, span.end
    for opening in (DATELINE.match(text, start, end), OPENING_WORD.match(text, start, end)):
        if opening is not None and opening.end() < end:
            start = opening.end()
    while start < end and text[start] in LOOSE_START:
        start += 1
    end = _loose_end(text, start, end, ends)
    led = CONJUNCTION.search(text, start, end) if not ends(end) else None
    end = end if led is None else _loose_end(text, start, led.start(), ends)
    return trim(Span(start=start, end=end), text) if start < end else None


def _loose_end(text: str, start: int, end: int, ends: Callable[[int], bool]) -> int:
    """Where a piece ends without the punctuation behind it, unless marks end there."""
    while end > start and not ends(end) and text[end - 1] in LOOSE_END:
        end -= 1
    return end


def _bare(text: str, span: Span | None) -> Span | None:
    """The span without punctuation and space at its edges, unless it is nothing else; brackets and full stops of its own stay."""
    if span is None:
        return None
    words = [(found.start(), found.end()) for found in WORDS.finditer(text, span.start, span.end)]
    if not words:
        return trim(span, text)
    start, end = words[0][0], words[-1][1]
    if (start > span.start and text[start - 1] in '“"‘(') or text[max(0, start - 1) : start] == "@":
        start -= 1
    if end < span.end and (text[end] in "”\"’')]" or (text[end] == "." and ABBREVIATED.search(text, start, end + 1))):
        end += 1
    return Span(start=start, end=end)
