"""Candidates and quotation marks to attributions: which source and cue own which content.

The model proposes, the marks dispose: a certain quotation belongs to a content whole or not at all, quotations that nobody claims join
the statement that they go on from, and labels ("Q:", "— Name, title") are read by their layout. Each repair is named in the result.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from quoth.labels import labelled
from quoth.marks import kind_of, paragraphs, quotations_near
from quoth.spans import contains, subtract, trim
from quoth.types import Antecedent, Attribution, Candidate, Quotation, Repair, Span

LEAST_CONFIDENCE = 0.4
"""A candidate below this product of anchor and content probability is dropped."""
LEAST_QUOTED = 0.08
"""What will do for a candidate that claims a long quotation which nobody else claims."""
LEAST_SHARE = 0.5
"""A doubtful candidate claims a quotation if so much of its content lies within it."""
SAME = 0.5
"""Contents that share this part of the longer one are the same, read twice."""
CLAIMED = 2
"""So many words make a quotation that a doubtful candidate may claim."""
LAST = 3
"""Characters at the end of a piece among which its full stop may stand, with the marks behind it."""
LONG = 4
"""So many words make a quotation without a cue speech, not a title or a scare quote."""

SENTENCE_END = re.compile(r"[.!?][”\"’')]*\s")
LINE = re.compile(r"[^\n]+")
WORDS = re.compile(r"\w+")
OPENING_WORD = re.compile(r"that\b[\s,]*", re.IGNORECASE)
DATELINE = re.compile(r"(?:^|(?<=\n))[^\W\d_][^\n\"“”a-z]{2,40}(?:\([^()\n]{2,40}\)[^\n\"“”a-z]{0,4}|[^\n\"“”]{0,30}?)\s(?:—|–|--|-)\s")
"""Where and by whom a report was written, at the start of a paragraph: no words of anyone's."""
REFUSAL = re.compile(r"\b(?:declin|refus)(?:e|es|ed|ing)$", re.IGNORECASE)
REFUSED = re.compile(r"(?P<verb>to (?:say|name|disclose|confirm|reveal|discuss|specify|explain|identify|divulge|state))\s+(?=\S)")
STOPPED = re.compile(r"[.!?][\"“”„«»‘'’]+$")
NEW_SENTENCE = re.compile(r"\s+[A-Z]")
MARK = re.compile(r"[\"“”„«»]")
LOOSE_END = " \t\xa0\n.,;:—–-"
LOOSE_START = " \t\xa0\n,;:"
ENDS = frozenset(".!?”\"’'»:")
OPENING = frozenset("\"“„«»‘'`")
CLOSING = frozenset("\"”“»«’'")
ABBREVIATED = re.compile(r"\b(?:[A-Z]|Jr|Sr|Inc|Ltd|Co|Corp|St)\.$")


@dataclass(slots=True, eq=False)
class Draft:
    """An attribution while it is being settled; a verbatim content keeps its last full stop, though no marks end it."""

    content: list[Span]
    cue: Span | None
    source: Span | None
    confidence: float
    source_confidence: float
    repairs: list[Repair] = field(default_factory=list)
    verbatim: bool = False
    acts: tuple[float, ...] = ()
    antecedents: tuple[Antecedent, ...] = ()

    @property
    def start(self) -> int:
        """Where its first span starts."""
        return min(span.start for span in self.spans())

    @property
    def end(self) -> int:
        """Where its last span ends."""
        return max(span.end for span in self.spans())

    def spans(self) -> Iterator[Span]:
        """Content, cue and source, as far as there are any."""
        yield from self.content
        yield from (span for span in (self.cue, self.source) if span is not None)

    def note(self, repair: Repair) -> None:
        """Names a repair, once."""
        if repair not in self.repairs:
            self.repairs.append(repair)


class Board:
    """Drafts by place, so that those near a span are found without looking at all."""

    SQUARE = 2048

    def __init__(self, drafts: Iterable[Draft] = ()) -> None:
        self.squares: dict[int, list[Draft]] = {}
        self.drafts: list[Draft] = []
        self.known: set[int] = set()
        for draft in drafts:
            self.put(draft)

    def put(self, draft: Draft) -> None:
        """Adds a draft, or finds it again at the places that it has grown to."""
        if id(draft) not in self.known:
            self.known.add(id(draft))
            self.drafts.append(draft)
        for square in range(draft.start // self.SQUARE, (draft.end - 1) // self.SQUARE + 1):
            there = self.squares.setdefault(square, [])
            if draft not in there:
                there.append(draft)

    def near(self, span: Span) -> list[Draft]:
        """The drafts that may touch a span, each once, in the order in which they were put."""
        squares = range(span.start // self.SQUARE, (span.end - 1) // self.SQUARE + 1)
        return list(dict.fromkeys(draft for square in squares for draft in self.squares.get(square, ())))


def attributions(
    text: str, candidates: Iterable[Candidate], found: Sequence[Quotation], *, least: float = LEAST_CONFIDENCE
) -> tuple[Attribution, ...]:
    """The attributions of a text, in the order in which they start, from the tagger's candidates and the text's quotations.

    Candidates of less than the `least` confidence are dropped, but for those that alone claim a quotation.
    """
    certain = [quotation for quotation in found if quotation.certain]
    drafts = chosen(text, candidates, certain, least)
    for draft in drafts:
        near = quotations_near(certain, Span(start=draft.content[0].start, end=draft.content[-1].end))
        take_quotations(draft, near)
        keep_to_inner(draft, near)
        end_with_quotation(text, draft, near)
    board = Board(labelled_drafts(text, Board(without_rivals(text, drafts))))
    join_unclaimed(text, board, certain)
    mark_ends = {piece.end for quotation in found for piece in quotation.pieces}
    for draft in board.drafts:
        widen_refusal(text, draft)
        tidy(text, draft, mark_ends)
    drafts = sorted((draft for draft in board.drafts if draft.content), key=lambda draft: (draft.start, draft.end))
    return settled(text, drafts, found)


def chosen(text: str, candidates: Iterable[Candidate], certain: Sequence[Quotation], least: float) -> list[Draft]:
    """The candidates that are sure enough; less will do for one that claims a long quotation which else nobody would have said."""
    sure, doubtful = Board(), Board()
    for candidate in candidates:
        if candidate.content and _confidence(candidate) >= LEAST_QUOTED:
            (sure if _confidence(candidate) >= least else doubtful).put(drafted(candidate))
    for quotation in certain:
        if quotation.depth or _words(text, quotation) < CLAIMED or claimed(quotation, sure):
            continue
        claims = [
            draft
            for draft in doubtful.near(_whole(quotation))
            if shared(quotation.pieces, draft.content) >= LEAST_SHARE * length(draft.content)
        ]
        if claims:
            sure.put(max(claims, key=lambda draft: draft.confidence))
    return sure.drafts


def claimed(quotation: Quotation, board: Board) -> bool:
    """Whether any content holds words of the quotation."""
    return any(shared(quotation.pieces, draft.content) for draft in board.near(_whole(quotation)))


def _words(text: str, quotation: Quotation) -> int:
    return sum(len(WORDS.findall(text, piece.start, piece.end)) for piece in quotation.pieces)


def _confidence(candidate: Candidate) -> float:
    return candidate.score * candidate.content_score


def drafted(candidate: Candidate) -> Draft:
    """A candidate as a draft; where the model marks no cue at the anchor, the anchor is the cue."""
    return Draft(
        content=list(candidate.content),
        cue=candidate.cue if candidate.cue is not None and touch(candidate.cue, candidate.anchor) else candidate.anchor,
        source=candidate.source,
        confidence=_confidence(candidate),
        source_confidence=candidate.source_score,
        acts=candidate.acts,
        antecedents=candidate.antecedents,
    )


def touch(left: Span, right: Span) -> bool:
    """Whether two spans share a character."""
    return left.start < right.end and right.start < left.end


def length(spans: Iterable[Span]) -> int:
    """Characters covered by disjoint spans."""
    return sum(len(span) for span in spans)


def shared(left: Iterable[Span], right: Sequence[Span]) -> int:
    """Characters that two sets of disjoint spans have in common."""
    return sum(max(0, min(one.end, other.end) - max(one.start, other.start)) for one in left for other in right)


def without_rivals(text: str, drafts: Iterable[Draft]) -> list[Draft]:
    """Of drafts with the same cue, or the same content in one piece, the surest; otherwise what two claim goes to the nearer cue."""
    kept = Board()
    for draft in sorted(drafts, key=lambda draft: -draft.confidence):
        near = kept.near(Span(start=draft.start, end=draft.end))
        if any(_same_cue(draft, other) for other in near):
            continue
        contested = [other for other in near if shared(draft.content, other.content) and not _nested(draft, other)]
        if any(_same_content(draft, other) for other in contested):
            continue
        for other in contested:
            share_out(text, draft, other)
        kept.put(draft)
    return sorted((draft for draft in kept.drafts if draft.content), key=lambda draft: draft.start)


def share_out(text: str, draft: Draft, other: Draft) -> None:
    """Each piece that two drafts claim goes to the one that has no other, or else to the one whose cue is nearer."""
    for piece in list(draft.content):
        for rival in [rival for rival in other.content if touch(piece, rival)]:
            common = Span(start=max(piece.start, rival.start), end=min(piece.end, rival.end))
            alone = len(draft.content) == 1, len(other.content) == 1
            farther = _distance(text, draft, common) > _distance(text, other, common)
            loser = draft if alone == (False, True) or (alone[0] == alone[1] and farther) else other
            loser.content = [rest for span in loser.content for rest in subtract(span, [common])]


def _distance(text: str, draft: Draft, piece: Span) -> int:
    """Characters between a piece and the cue or source of a draft; the end of a sentence counts as many, that of a paragraph as more.

    The full stop that ends the piece itself counts when what is measured stands behind it.
    """
    roles = [role for role in (draft.cue, draft.source) if role and not touch(role, piece)]
    gaps = [
        text[max(piece.start, piece.end - LAST) : role.start] if piece.end <= role.start else text[role.end : piece.start] for role in roles
    ]
    return min((len(gap) + 40 * len(SENTENCE_END.findall(gap)) + 160 * gap.count("\n") for gap in gaps), default=0)


def _same_cue(draft: Draft, other: Draft) -> bool:
    return draft.cue is not None and other.cue is not None and touch(draft.cue, other.cue)


def _same_content(draft: Draft, other: Draft) -> bool:
    """Whether the two hold nearly the same words, and neither has a piece to itself."""
    alone = any(not shared([piece], two.content) for one, two in ((draft, other), (other, draft)) for piece in one.content)
    several = min(len(draft.content), len(other.content)) > 1
    return not alone and not several and shared(draft.content, other.content) >= SAME * max(length(draft.content), length(other.content))


def _nested(draft: Draft, other: Draft) -> bool:
    """Whether one of the two is told within the words of the other."""
    return any(_said_within(draft, piece) for piece in other.content) or any(_said_within(other, piece) for piece in draft.content)


def _said_within(draft: Draft, piece: Span) -> bool:
    """Whether the cue of the draft stands in the piece: it is told there, by someone else."""
    return draft.cue is not None and contains(piece, draft.cue)


def take_quotations(draft: Draft, certain: Sequence[Quotation]) -> None:
    """Moves the edges of a content to those of the certain quotations it holds words of; `certain` are those that may touch it."""
    for quotation in certain:
        if _is_inside(draft, quotation) or not shared(quotation.pieces, draft.content):
            continue
        content = united([*draft.content, *quotation.pieces])
        if content != draft.content:
            draft.content = content
            draft.note("mark_edge")


def keep_to_inner(draft: Draft, certain: Sequence[Quotation]) -> None:
    """Within the words of another, a content that opens with an inner mark is what stands in inner marks, and no more."""
    told = [
        quotation
        for quotation in certain
        if quotation.depth and not _is_inside(draft, quotation) and shared(quotation.pieces, draft.content)
    ]
    if told and draft.content[0].start >= min(quotation.start for quotation in told):
        draft.content = united(piece for quotation in told for piece in quotation.pieces)


def end_with_quotation(text: str, draft: Draft, certain: Sequence[Quotation]) -> None:
    """A sentence behind the full stop and the last mark of a quotation is the reporter's, not the speaker's."""
    for quotation in certain:
        last, end = draft.content[-1], quotation.end
        stopped = last.start < end < last.end and STOPPED.search(text, quotation.start, end) and not _is_inside(draft, quotation)
        if stopped and NEW_SENTENCE.match(text, end) and not MARK.search(text, end, last.end):
            draft.content[-1] = Span(start=last.start, end=end)


def _whole(quotation: Quotation) -> Span:
    """From the first mark of a quotation to the last."""
    return Span(start=quotation.start, end=quotation.end)


def _is_inside(draft: Draft, quotation: Quotation) -> bool:
    """Whether the draft is told within the quotation: its cue stands there."""
    return draft.cue is not None and any(touch(draft.cue, piece) for piece in quotation.pieces)


def united(spans: Iterable[Span]) -> list[Span]:
    """Ordered and disjoint spans that cover the same characters."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(start=result[-1].start, end=max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def labelled_drafts(text: str, board: Board) -> list[Draft]:
    """The drafts together with those read from labels; where both claim a turn the label wins, and what is told within it stays."""
    turns = labelled(text, [draft.source.slice(text) for draft in board.drafts if draft.source is not None])
    dropped = {
        id(draft)
        for turn in turns
        for draft in board.near(turn.content)
        if any(touch(turn.content, piece) for piece in draft.content) and not _said_within(draft, turn.content)
    }
    made = [
        Draft(content=list(turn.pieces), cue=turn.cue, source=turn.source, confidence=1.0, source_confidence=1.0, verbatim=True)
        for turn in turns
    ]
    return [draft for draft in board.drafts if draft.content and id(draft) not in dropped] + made


def join_unclaimed(text: str, board: Board, certain: Sequence[Quotation]) -> None:
    """Quotations without a cue go on from the direct statement before them, or lead to the one behind; whole paragraphs may stand alone."""
    lines = list(paragraphs(text))
    starts = [line.start for line in lines]
    for quotation in certain:
        if quotation.depth or _words(text, quotation) < LONG or _has_cue_behind(text, quotation) or _is_heading(text, quotation):
            continue
        span = _whole(quotation)
        if any(touch(span, role) for draft in board.near(span) for role in draft.spans()):
            continue
        first = bisect_right(starts, quotation.start) - 1
        after = first + len(quotation.pieces)
        whole = all(piece == line for piece, line in zip_longest(quotation.pieces, lines[first:after]))
        owner = _goes_on_from(text, quotation, board, lines[first], lines[first - 1] if first and whole else None)
        if owner is None and whole and after < len(lines):
            owner = _leads_to(text, board, lines[after])
        if owner is not None:
            owner.content = united([*owner.content, *quotation.pieces])
            owner.note("joined")
            board.put(owner)
        elif whole:
            board.put(Draft(content=list(quotation.pieces), cue=None, source=None, confidence=0.5, source_confidence=0.5))


def _has_cue_behind(text: str, quotation: Quotation) -> bool:
    """Whether the quotation ends with a comma, as one does that its cue follows."""
    return text[quotation.start : quotation.end].rstrip("".join(CLOSING)).endswith(",")


def _is_heading(text: str, quotation: Quotation) -> bool:
    """Whether the quotation looks like a title: a capital at nearly every word."""
    words = WORDS.findall(text, quotation.start, quotation.end)
    return len(words) < 12 and sum(word[0].isupper() or len(word) < 4 for word in words) == len(words) and words[-1][0].isupper()


def _goes_on_from(text: str, quotation: Quotation, board: Board, line: Span, line_before: Span | None) -> Draft | None:
    """The direct statement that an unclaimed quotation goes on from: the last one before it in its paragraph, or in the one before."""
    opens_sentence = text[max(0, quotation.start - 8) : quotation.start].rstrip()[-1:] in ENDS or quotation.start == line.start
    for place in (line, line_before):
        if place is not None and opens_sentence:
            before = [draft for draft in _direct(text, board, place) if draft.end <= quotation.start]
            if before:
                return max(before, key=lambda draft: draft.end)
    return None


def _leads_to(text: str, board: Board, line: Span) -> Draft | None:
    """The direct statement that opens the next paragraph, if its cue stands behind the first of its words."""
    return next((draft for draft in _direct(text, board, line) if draft.content[0].start == line.start), None)


def _direct(text: str, board: Board, line: Span) -> list[Draft]:
    """The drafts in a line of which a piece is a quotation by itself."""
    return [
        draft
        for draft in board.near(line)
        if any(touch(span, line) for span in draft.spans())
        and any(text[piece.start] in OPENING and text[piece.end - 1] in CLOSING for piece in draft.content)
    ]


def widen_refusal(text: str, draft: Draft) -> None:
    """Who "declined to say how many" declined to say it: the verb of saying belongs to the cue where something follows it."""
    cue, first = draft.cue, draft.content[0]
    if cue is None or not REFUSAL.search(text, cue.start, cue.end) or text[cue.end : first.start].strip():
        return
    said = REFUSED.match(text, first.start, first.end)
    if said is not None:
        draft.cue = replace(cue, end=said.end("verb"))
        draft.content[0] = replace(first, start=said.end())


def tidy(text: str, draft: Draft, mark_ends: set[int]) -> None:
    """Trims what belongs to no role: white space, the complementizer "that", punctuation outside the marks; and takes the roles apart."""
    roles = [role for role in (draft.cue, draft.source) if role is not None]
    ends = mark_ends | {piece.end for piece in draft.content} if draft.verbatim else mark_ends
    lines = [line for span in draft.content for rest in subtract(span, roles) for line in _lines(text, rest)]
    pieces = [_without_edges(text, line, ends) for line in lines]
    draft.content = united(piece for piece in pieces if piece is not None and WORDS.search(text, piece.start, piece.end))
    draft.cue = _bare(text, draft.cue)
    draft.source = _bare(text, draft.source)


def _lines(text: str, span: Span) -> list[Span]:
    """A span in pieces, one a paragraph."""
    return [Span(start=found.start(), end=found.end()) for found in LINE.finditer(text, span.start, span.end)]


def _without_edges(text: str, span: Span, mark_ends: set[int]) -> Span | None:
    start, end = span.start, span.end
    for opening in (DATELINE.match(text, start, end), OPENING_WORD.match(text, start, end)):
        if opening is not None and opening.end() < end:
            start = opening.end()
    while end > start and end not in mark_ends and text[end - 1] in LOOSE_END:
        end -= 1
    while start < end and text[start] in LOOSE_START:
        start += 1
    return trim(Span(start=start, end=end), text) if start < end else None


def _bare(text: str, span: Span | None) -> Span | None:
    """The span without punctuation and space at its edges, unless it is nothing else; brackets and full stops of its own stay."""
    if span is None:
        return None
    words = [(found.start(), found.end()) for found in WORDS.finditer(text, span.start, span.end)]
    if not words:
        return trim(span, text)
    start, end = words[0][0], words[-1][1]
    if start > span.start and text[start - 1] in '“"‘(':
        start -= 1
    if end < span.end and (text[end] in "”\"’')]" or (text[end] == "." and ABBREVIATED.search(text, start, end + 1))):
        end += 1
    return Span(start=start, end=end)


def settled(text: str, drafts: Sequence[Draft], found: Sequence[Quotation]) -> tuple[Attribution, ...]:
    """The drafts as attributions, each with its kind and its parent: the one with the shortest content that holds its cue."""
    board = Board(drafts)
    numbers = {id(draft): number for number, draft in enumerate(drafts)}
    result = []
    for draft in drafts:
        place = draft.cue or draft.content[0]
        holders = [other for other in board.near(place) if other is not draft and any(contains(piece, place) for piece in other.content)]
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
