"""Candidates and quotation marks to attributions: which source and cue own which content.

The model proposes, the marks dispose: a certain quotation belongs to a content whole or not at all, quotations that nobody claims join
the statement that they go on from, and labels ("Q:", "— Name, title") are read by their layout. Each repair is named in the result.
"""

from collections.abc import Iterable, Sequence

from quoth.attributions.choosing import LEAST_CONFIDENCE, chosen
from quoth.attributions.drafts import Board, Draft, length, said_within, touch
from quoth.attributions.edges import tidy, widen_refusal, widen_source
from quoth.attributions.joining import join_unclaimed
from quoth.attributions.misread import is_none
from quoth.attributions.quoting import RUNS_INTO, end_with_quotation, keep_to_inner, run_into_quotation, take_question, take_quotations
from quoth.attributions.rivals import leave_to_reporter, without_rivals
from quoth.attributions.sources import name_sources
from quoth.labels import labelled
from quoth.marks import kind_of, quotations_near
from quoth.spans import contains
from quoth.types import Attribution, Candidate, Quotation, Span


def attributions(
    text: str, candidates: Iterable[Candidate], found: Sequence[Quotation], *, least: float = LEAST_CONFIDENCE
) -> tuple[Attribution, ...]:
    """The attributions of a text, in the order in which they start, from the tagger's candidates and the text's quotations.

    Candidates of less than the `least` confidence (more without a source) are dropped, but for those that alone claim a quotation.
    """
    certain = [quotation for quotation in found if quotation.certain]
    drafts = [draft for draft in chosen(text, candidates, certain, least) if not is_none(text, draft)]
    for draft in drafts:
        take_question(text, draft, certain)
        near = quotations_near(certain, Span(start=draft.content[0].start, end=draft.content[-1].end + RUNS_INTO))
        take_quotations(draft, near)
        run_into_quotation(text, draft, near)
        keep_to_inner(text, draft, near)
        end_with_quotation(text, draft, near)
    board = Board(labelled_drafts(text, Board(without_rivals(text, drafts))))
    leave_to_reporter(text, board.drafts, certain)
    join_unclaimed(text, board, certain)
    name_sources(text, board.drafts)
    closed = {piece.end: quotation for quotation in found for piece in quotation.pieces}
    for draft in board.drafts:
        widen_refusal(text, draft)
        widen_source(text, draft)
        tidy(text, draft, closed)
    drafts = sorted((draft for draft in board.drafts if draft.content), key=lambda draft: (draft.start, draft.end))
    return settled(text, drafts, found)


def labelled_drafts(text: str, board: Board) -> list[Draft]:
    """The drafts together with those read from labels; where both claim a turn the label wins, and what is told within it stays."""
    turns = labelled(text, [draft.source.slice(text) for draft in board.drafts if draft.source is not None])
    dropped = {
        id(draft)
        for turn in turns
        for draft in board.near(turn.content)
        if any(touch(turn.content, piece) for piece in draft.content) and not said_within(draft, turn.content)
    }
    made = [
        Draft(content=list(turn.pieces), cue=turn.cue, source=turn.source, confidence=1.0, source_confidence=1.0, verbatim=True)
        for turn in turns
    ]
    return [draft for draft in board.drafts if draft.content and id(draft) not in dropped] + made


def settled(text: str, drafts: Sequence[Draft], found: Sequence[Quotation]) -> tuple[Attribution, ...]:
    """The drafts as attributions, each with its kind and its parent: the one with the shortest content that holds its cue."""
    board = Board(drafts)
    numbers = {id(draft): number for number, draft in enumerate(drafts)}
    result = []
    for draft in drafts:
        place = draft.cue or draft.content[0]
        holders = [other for other in board.near(place) if other is not draft for piece in other.content if contains(piece, place)]
        parent = min(holders, key=lambda other: length(other.content), default=None)
        content = tuple(draft.content)
        result.append(
            Attribution(
                content=content,
                cue=draft.cue,
                source=draft.source,
                kind=kind_of(content, found, text, cue=draft.cue),
                confidence=draft.confidence,
                source_confidence=draft.source_confidence,
                parent=None if parent is None else numbers[id(parent)],
                repairs=tuple(draft.repairs),
                acts=draft.acts,
                antecedents=draft.antecedents,
            )
        )
    return tuple(result)
