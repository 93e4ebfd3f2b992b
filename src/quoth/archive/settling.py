"""What counts: the statements an extractor read of a text, with what reviewers said of them. Pure; no database.

Reviews hold on to the words, not to rows: each reviewed statement is a target with the anchors of its content. Whatever text or reading
comes later, its targets are found again in it, what the extractor read there takes the place of what was reviewed, and the reviews are
said again on top.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, get_args

from quoth.anchors import describe, match
from quoth.archive.columns import anchor_of, day_of
from quoth.archive.rows import SHOWN, Status
from quoth.types import Anchor, Article, Kind, Polarity, Precision, Said, Span, Speaker, Statement, statement_id

LEAST_SHARED = 0.5
"""Share of the characters of two contents, of those of either, from which they are one statement read twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a reviewer said of a target."""

    number: int
    action: str
    value: Mapping[str, Any]
    target: int
    undoes: int | None = None

    @property
    def about(self) -> tuple[int, ...]:
        """The targets it is about: its own, and those that a merge puts together with it."""
        return (self.target, *self.value.get("others", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reviewed statement: its anchors, the text it was reviewed in, and how it was before (`original`).

    `made_by` is the number of the split or merge that made it; such a one no extractor ever reads.
    """

    id: int
    article: Article
    anchors: tuple[Anchor, ...]
    original: Statement
    made_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A statement where it counts; `read` is how the extractor reads it, None if it does not."""

    statement: Statement
    status: Status
    target: int | None = None
    read: Statement | None = None


def settle(article: Article, read: Sequence[Statement], targets: Sequence[Target], events: Sequence[Event]) -> tuple[Placed, ...]:
    """Every statement of a text as it counts, in the order of the text.

    `read` is what the extractor read of it, `targets` and `events` are those of its report in their order. Nothing that a reviewer said
    is left out unless its words are gone from the text; then the target is missing from the result.
    """
    if not targets:
        return tuple(Placed(statement=statement, status="extracted", read=statement) for statement in read)
    standing = active(events)
    made = {event.number for event in standing}
    places = {target.id: reattached(target.anchors, article.text) for target in targets}
    readings = _claimed(read, {target.id: places[target.id] for target in targets if target.made_by is None})
    placed: list[Placed] = []
    for target in targets:
        place, said = places[target.id], [event for event in standing if target.id in event.about]
        lives = target.made_by in made if target.made_by is not None else bool(said)
        one = _placed(target, place, readings.get(target.id), said, article) if place is not None and lives else None
        if one is not None:
            placed.append(one)
    claimed = {id(one.read) for one in placed if one.read is not None}
    rest = [Placed(statement=one, status="extracted", read=one) for one in read if id(one) not in claimed]
    return _ordered(_once([*placed, *rest]))


def active(events: Sequence[Event]) -> list[Event]:
    """The events that stand: those that no other event takes back."""
    undone = {event.undoes for event in events if event.action == "undo"}
    return [event for event in events if event.action != "undo" and event.number not in undone]


def reattached(anchors: Iterable[Anchor], text: str) -> tuple[Span, ...] | None:
    """Where the pieces of a content stand in a text; None if one of them is gone, or they are no longer in order."""
    found = [match(anchor, text) for anchor in anchors]
    spans = [span for span in found if span is not None]
    if not spans or len(spans) < len(found) or any(left.end > right.start for left, right in pairwise(spans)):
        return None
    return tuple(spans)


def kind_of(content: Sequence[Span], text: str) -> Kind:
    """Direct if the content is within quotation marks, mixed if part of it is; for contents that a reviewer drew."""
    from quoth.marks import quotations

    pieces = [piece for quotation in quotations(text) if quotation.certain for piece in quotation.pieces]
    inside = sum(max(0, min(span.end, piece.end) - max(span.start, piece.start)) for span in content for piece in pieces)
    whole = sum(len(span) for span in content)
    return "indirect" if not inside else "direct" if inside >= whole - 2 else "mixed"


def with_content(statement: Statement, content: tuple[Span, ...]) -> Statement:
    """The statement with another content: its id, anchors and kind follow."""
    if content == statement.attribution.content:
        return statement
    article = statement.article
    attribution = replace(statement.attribution, content=content, kind=kind_of(content, article.text), repairs=())
    anchors = tuple(describe(piece, article.text) for piece in content)
    return replace(statement, id=statement_id(article, content), attribution=attribution, anchors=anchors)


def _placed(target: Target, place: tuple[Span, ...], read: Statement | None, events: Sequence[Event], article: Article) -> Placed | None:
    """A target in the text, as its reviews leave it."""
    statement = read if read is not None else transplanted(target.original, target.article, article, content=place)
    status: Status = "extracted" if target.made_by is None else "accepted"
    for event in events:
        status, statement = _after(event, status, statement)
    return Placed(statement=statement, status=status, target=target.id, read=read)


def _after(event: Event, status: Status, statement: Statement) -> tuple[Status, Statement]:
    """Status and statement after an event."""
    match event.action:
        case "reject":
            return "rejected", statement
        case "accept" | "edit":
            content = reattached(map(anchor_of, event.value["content"]), statement.article.text)
            return "accepted", statement if content is None else with_content(statement, content)
        case "split":
            return "split", statement
        case "merge":
            return "merged", statement
        case _:
            return status, _with_field(event, statement)


def _with_field(event: Event, statement: Statement) -> Statement:
    """The statement with speaker, day or polarity as a reviewer told them; None is "nobody knows"."""
    value, attribution = event.value, statement.attribution
    proof = attribution.source or attribution.cue or attribution.content[0]
    if event.action == "polarity":
        polarity: Polarity | None = value["polarity"] if value["polarity"] in get_args(Polarity) else None
        return replace(statement, polarity=polarity)
    if event.action == "said":
        date, precision = day_of(value["date"]), value.get("precision", "day")
        known = date is not None and precision in get_args(Precision)
        return replace(statement, said_on=Said(date=date, precision=precision, evidence=proof) if known and date else None)
    if value["name"] is None:
        return replace(statement, speaker=None)
    name, person = value["name"], value.get("person")
    return replace(statement, speaker=Speaker(name=name, mention=proof, basis="reviewer", confidence=1.0, person=person))


def transplanted(statement: Statement, before: Article, after: Article, *, content: tuple[Span, ...]) -> Statement:
    """The statement in another text of its report, where its content is known to stand; what else is gone from it is None."""
    if before.sha256 == after.sha256:
        return with_content(replace(statement, article=after), content)
    attribution, speaker, said = statement.attribution, statement.speaker, statement.said_on
    mention = _moved(speaker.mention if speaker else None, before, after)
    evidence = _moved(said.evidence if said else None, before, after)
    cue, source = _moved(attribution.cue, before, after), _moved(attribution.source, before, after)
    return replace(
        statement,
        id=statement_id(after, content),
        article=after,
        anchors=tuple(describe(piece, after.text) for piece in content),
        attribution=replace(attribution, content=content, cue=cue, source=source),
        speaker=replace(speaker, mention=mention) if speaker and mention else None,
        said_on=replace(said, evidence=evidence) if said and evidence else None,
    )


def _moved(span: Span | None, before: Article, after: Article) -> Span | None:
    return None if span is None else match(describe(span, before.text), after.text)


def _claimed(read: Sequence[Statement], places: Mapping[int, tuple[Span, ...] | None]) -> dict[int, Statement]:
    """Which statement of the extractor is which target: first the same content, then the one that shares most of its characters."""
    claimed: dict[int, Statement] = {}
    free = {statement.attribution.content: statement for statement in read}
    for target, place in places.items():
        if place is not None and place in free:
            claimed[target] = free.pop(place)
    for target, place in places.items():
        if place is None or target in claimed:
            continue
        best = max(free, key=lambda content: shared(content, place), default=None)
        if best is not None and shared(best, place) >= LEAST_SHARED:
            claimed[target] = free.pop(best)
    return claimed


def shared(one: Sequence[Span], other: Sequence[Span]) -> float:
    """The share of the characters of two contents, of those of either, that are in both."""
    both = sum(max(0, min(left.end, right.end) - max(left.start, right.start)) for left in one for right in other)
    either = sum(map(len, one)) + sum(map(len, other)) - both
    return both / either


def _once(placed: Iterable[Placed]) -> list[Placed]:
    """Each content shown once: as a reviewer confirmed it, else as reviewed, else as read; the others stay, superseded."""
    kept: list[Placed] = []
    contents: set[tuple[Span, ...]] = set()
    for one in sorted(placed, key=lambda one: (one.status != "accepted", one.target is None)):
        content = one.statement.attribution.content
        again = one.status in SHOWN and content in contents
        kept.append(replace(one, status="superseded") if again else one)
        contents |= {content} if one.status in SHOWN else set()
    return kept


def _ordered(placed: Iterable[Placed]) -> tuple[Placed, ...]:
    """In the order of the text; statements nested in one whose content was edited follow it."""
    ordered = sorted(placed, key=lambda one: (one.statement.attribution.content, one.target or 0))
    renamed = {one.read.id: one.statement.id for one in ordered if one.read is not None and one.read.id != one.statement.id}
    return tuple(
        replace(one, statement=replace(one.statement, nested_in=renamed[one.statement.nested_in]))
        if one.statement.nested_in in renamed
        else one
        for one in ordered
    )
