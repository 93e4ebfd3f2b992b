"""A report set for reading: paragraphs with their statements marked, and notes beside them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quoth.exports.links import text_fragment
from quoth.types import Article, Span, Statement
from quoth.web.marking import Mark, excerpt, marked, marks_of, paragraphs, starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What stands beside a paragraph about a statement that begins there; `number` is its number in the report."""

    number: int
    statement: Statement
    within: int | None
    fragment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph with its marks, and the notes beside it; `start` is its place in the text."""

    start: int
    html: Markup
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One part of a report: its paragraphs, which part of how many it is, how many statements could not be marked on it."""

    paragraphs: tuple[Paragraph, ...]
    part: int
    parts: int
    unmarked: int


def parts_of(text: str, size: int) -> list[Span]:
    r"""A text in parts of about a size, parted between paragraphs; one paragraph is never parted unless it is longer than a part.

    >>> [(part.start, part.end) for part in parts_of("One.\n\nTwo.\n\nThree.", 6)]
    [(0, 6), (6, 12), (12, 18)]
    """
    if len(text) <= size:
        return [Span(start=0, end=len(text))] if text else []
    parts: list[Span] = []
    start = 0
    for paragraph in paragraphs(text):
        while paragraph.end - start > size:
            edge = paragraph.start if paragraph.start > start else start + size
            parts.append(Span(start=start, end=edge))
            start = edge
    if start < len(text):
        parts.append(Span(start=start, end=len(text)))
    return parts


def part_with(parts: Sequence[Span], place: int) -> int:
    """Which part a place of the text is in, counted from 1."""
    return max(1, bisect_right([part.start for part in parts], place))


def set_report(article: Article, statements: Sequence[Statement], *, part: int, size: int, most: int) -> Setting:
    """A part of a report with the statements that begin or go on in it; of very many in one part the first ones."""
    parts = parts_of(article.text, size) or []
    if not parts:
        return Setting(paragraphs=(), part=1, parts=1, unmarked=0)
    part = min(max(part, 1), len(parts))
    shown = parts[part - 1]
    numbered = list(enumerate(statements, 1))
    here = [(number, statement) for number, statement in numbered if _touches(statement, shown)]
    kept = here[:most]
    marks = [mark for number, statement in kept for mark in marks_of(statement, number)]
    labels = starts(kept)
    numbers = {statement.id: number for number, statement in numbered}
    kept_by_number = dict(kept)
    set_paragraphs = []
    marks.sort(key=lambda mark: mark.span.start)
    places, reaching, coming = sorted(labels), list[Mark](), 0
    for paragraph in paragraphs(article.text, shown.start, shown.end):
        while coming < len(marks) and marks[coming].span.start < paragraph.end:
            reaching.append(marks[coming])
            coming += 1
        reaching = [mark for mark in reaching if mark.span.end > paragraph.start]
        here_begin = places[bisect_left(places, paragraph.start) : bisect_left(places, paragraph.end)]
        labelled = {place: labels[place] for place in here_begin}
        beginning = [number for group in labelled.values() for number, _ in group]
        notes = tuple(_note(article, kept_by_number[number], number, numbers) for number in sorted(beginning))
        html = marked(article.text, paragraph, reaching, labels=labelled)
        set_paragraphs.append(Paragraph(start=paragraph.start, html=html, notes=notes))
    return Setting(paragraphs=tuple(set_paragraphs), part=part, parts=len(parts), unmarked=len(here) - len(kept))


def passage(article: Article, spans: Sequence[Mark], *, around: int = 1) -> tuple[Paragraph, ...]:
    """The paragraphs round some marks."""
    return tuple(
        Paragraph(start=paragraph.start, html=marked(article.text, paragraph, spans), notes=())
        for paragraph in excerpt(article.text, [mark.span for mark in spans if mark.role == "content"], around=around)
    )


def _touches(statement: Statement, shown: Span) -> bool:
    attribution = statement.attribution
    spans = [*attribution.content, *(span for span in (attribution.cue, attribution.source) if span)]
    return any(span.start < shown.end and shown.start < span.end for span in spans)


def _note(article: Article, statement: Statement, number: int, numbers: dict[str, int]) -> Note:
    return Note(
        number=number,
        statement=statement,
        within=numbers.get(statement.nested_in) if statement.nested_in else None,
        fragment=text_fragment(article.url, statement.attribution.content[0], article.text),
    )
