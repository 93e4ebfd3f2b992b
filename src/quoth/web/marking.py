"""A text with spans marked, as HTML that is nothing but text and marks: every character of the text stands in it once, in order.

What cannot be seen (control characters, marks that turn the direction of writing) is shown by its number, in an element that stands for
that one character, so that a script can count. Marks nest: what is covered by several spans stands within as many elements.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from quoth.exports.html import UNSAFE
from quoth.types import Kind, Span, Statement

Role = Literal["content", "source", "cue", "mention", "said", "found", "same", "changed", "dropped"]
Labels = dict[int, list[tuple[int, str]]]
"""Places of a text with the numbers and ids of the statements that begin there."""
ORDER: dict[str, int] = {"content": 0, "said": 1, "mention": 1, "source": 2, "cue": 3}
"""Which mark stands outside which where two have the same edges."""
DEEPEST = 4
"""Marks of contents that stand within one another; those further in are not drawn."""
FULL = (55, 130)
"""Characters of a line that was broken because it was full."""
_PARAGRAPH = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span with what it is; `number` is that of its statement on the page, `look` the classes that tell more."""

    span: Span
    role: Role
    number: int = 0
    look: str = ""

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Outer marks first."""
        return (self.span.start, -self.span.end, ORDER.get(self.role, 9), self.number)


def plain(text: str) -> Markup:
    r"""A text as nothing but text.

    >>> str(plain("<b>\u202e"))
    '&lt;b&gt;<span class="x" title="U+202E">⍰</span>'
    """
    return Markup(UNSAFE.sub(lambda found: f'<span class="x" title="U+{ord(found[0]):04X}">⍰</span>', escape(text, quote=False)))


def paragraphs(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    r"""The stretches of a text between line breaks that hold more than white space.

    In a text with empty lines between its paragraphs, a line that was broken because it was full goes on with the next one.

    >>> full = "This line was broken because there was no more room in it for more"
    >>> [span.start for span in paragraphs(f"{full}\nwords.\n\nNext.\nLast.")]
    [0, 75, 81]
    """
    wrapped, last = "\n\n" in text, None
    for found in _PARAGRAPH.finditer(text, start, len(text) if end is None else end):
        if found[0].isspace():
            continue
        goes_on = wrapped and last is not None and found.start() == last.end + 1 and _is_full(text, last)
        if last is not None and not goes_on:
            yield last
        last = Span(start=last.start if goes_on and last is not None else found.start(), end=found.end())
    if last is not None:
        yield last


def _is_full(text: str, paragraph: Span) -> bool:
    """Whether the last line of a paragraph is about as long as lines of plain text are broken at."""
    line = paragraph.end - max(text.rfind("\n", paragraph.start, paragraph.end) + 1, paragraph.start)
    return FULL[0] <= line <= FULL[1]


def marks_of(statement: Statement, number: int, *, evidence: bool = False) -> Iterator[Mark]:
    """The marks of a statement; with `evidence` also the words that prove who spoke and when."""
    attribution = statement.attribution
    for piece in attribution.content:
        yield Mark(span=piece, role="content", number=number, look=look(statement.kind, not_said=statement.polarity == "not_said"))
    if attribution.source:
        yield Mark(span=attribution.source, role="source", number=number)
    if attribution.cue:
        yield Mark(span=attribution.cue, role="cue", number=number)
    if evidence and statement.speaker and statement.speaker.mention != attribution.source:
        yield Mark(span=statement.speaker.mention, role="mention", number=number)
    if evidence and statement.said_on:
        yield Mark(span=statement.said_on.evidence, role="said", number=number)


def look(kind: Kind, *, not_said: bool) -> str:
    """The classes that tell a kind of content by its lines."""
    return f"{kind} unsaid" if not_said else kind


def marked(text: str, span: Span, marks: Sequence[Mark], *, labels: Labels | None = None) -> Markup:
    """A stretch of a text with its marks. `labels` are set before places of the text, as links to notes.

    >>> mark = Mark(span=Span(start=3, end=9), role="content", number=1, look="direct")
    >>> str(marked("It rained.", Span(start=0, end=10), [mark]))
    'It <span class="content direct d1" data-s="1">rained</span>.'
    """
    inside = sorted((mark for mark in marks if mark.span.start < span.end and span.start < mark.span.end), key=lambda mark: mark.order)
    places = {place for place in labels or () if span.start <= place < span.end}
    edges = {max(span.start, mark.span.start) for mark in inside} | {min(span.end, mark.span.end) for mark in inside} | places
    shown: list[str] = []
    open_marks: list[Mark] = []
    coming, position = 0, span.start
    for edge in sorted(edges | {span.start, span.end}):
        if position < edge:
            shown.append(_stretch(text[position:edge], open_marks))
            position = edge
        shown += [_label(number, id) for number, id in (labels or {}).get(edge, ()) if edge in places]
        open_marks = [mark for mark in open_marks if mark.span.end > edge]
        while coming < len(inside) and inside[coming].span.start <= edge:
            open_marks.append(inside[coming])
            coming += 1
    return Markup("".join(shown))


def excerpt(text: str, spans: Iterable[Span], *, around: int = 1) -> tuple[Span, ...]:
    """The paragraphs of a text in which spans stand, with so many before and after each run of them."""
    every = list(paragraphs(text))
    wanted = sorted(spans)
    if not wanted:
        return ()
    first, last = wanted[0].start, max(span.end for span in wanted)
    near = [place for place, one in enumerate(every) if one.start < last and first < one.end]
    if not near:
        return ()
    return tuple(every[max(0, near[0] - around) : near[-1] + 1 + around])


def snippet(text: str, spans: Sequence[Span], role: Role = "found") -> Markup:
    """A short text with some words marked."""
    if not text:
        return Markup("")
    return marked(text, Span(start=0, end=len(text)), [Mark(span=span, role=role) for span in spans])


def _stretch(text: str, marks: Sequence[Mark]) -> str:
    """Characters within the elements of all their marks, the outermost first."""
    drawn = list(_drawn(marks))
    return "".join(drawn) + str(plain(text)) + "</span>" * len(drawn)


def _drawn(marks: Sequence[Mark]) -> Iterator[str]:
    depth, roles = 0, set[tuple[str, Span]]()
    for mark in sorted(marks, key=lambda mark: (mark.role != "content", ORDER.get(mark.role, 9), *mark.order)):
        if mark.role == "content":
            depth += 1
            if depth > DEEPEST:
                continue
        elif (mark.role, mark.span) in roles:  # a source or cue that several statements share is drawn once
            continue
        roles.add((mark.role, mark.span))
        numbers = _numbers(marks, mark)
        classes = " ".join(filter(None, (mark.role, mark.look, f"d{depth}" if mark.role == "content" else "")))
        tied = f' data-s="{numbers}"' if numbers else ""
        yield f'<span class="{classes}"{tied}>'


def _numbers(marks: Sequence[Mark], mark: Mark) -> str:
    """The statements that an element belongs to; at most a few, so that no page grows without end."""
    if mark.role == "content":
        return str(mark.number or "")
    same = [other.number for other in marks if other.role == mark.role and other.span == mark.span and other.number]
    return " ".join(map(str, dict.fromkeys(same[:8])))


def _label(number: int, id: str) -> str:
    return f'<a class="n" id="s-{escape(id)}" href="#n{number}" data-s="{number}" aria-label="note {number}">{number}</a>'


def starts(statements: Sequence[tuple[int, Statement]]) -> Labels:
    """Where contents begin, with the numbers and ids of their statements."""
    found = sorted((statement.attribution.content[0].start, number, statement.id) for number, statement in statements)
    return {place: [(number, id) for _, number, id in group] for place, group in groupby(found, key=lambda one: one[0])}
