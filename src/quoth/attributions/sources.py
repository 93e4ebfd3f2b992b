"""Sources that the sentence leaves no doubt about, where the model named none or one that cannot be.

Counted in 20,426 attributions of PolNeAR that have a source: of 2,742 quotations in a frame ('"…," said Brok on Monday', '"…," the mayor
replied.') each has the frame's noun phrase as its source or within it; of 1,008 cues like ", saying" none has its source within what
somebody else said before; of 34 who were told or asked something, and of 152 of whom something was said ("The club is said to be
broke"), none is the source; of 2,262 sources behind their cue none begins a sentence of its own; and of 24 that describe behind a verb
whom they name next ("said the mayor, Ada Osei") all hold the name.
"""

import re
from collections.abc import Sequence

from quoth.attributions.drafts import Board, Draft, touch
from quoth.sentences import sentences
from quoth.spans import contains
from quoth.types import Span

FRAMED = 0.99
"""How sure a source is that a frame or a participle names."""
BREAKS = (
    "on|in|at|to|as|by|with|when|while|after|before|during|from|for|about|that|who|and|but|"
    "last|this|next|yesterday|today|again|later|also|i"
)
"""Words before which the noun phrase of a frame ends."""
DETERMINERS = "[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Mm]y"
WORD = rf"(?!(?:{BREAKS})\b)[\w’'.-]+"
NOUN_PHRASE = rf"(?:(?:(?:{DETERMINERS}) {WORD}|[A-Z][\w’'.-]*)(?: {WORD}){{0,5}}?|[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ii]t)"
END = rf"(?=[,.;:?!\n]|$| (?:{BREAKS})\b)"
MARKS = "”\"’'»“`"
INVERTED = re.compile(rf" (?P<source>{NOUN_PHRASE}){END}")
"""Behind a cue that follows the last mark: '"We leave," said Brok.'"""
STRAIGHT = re.compile(rf"[{MARKS}],? (?P<source>{NOUN_PHRASE}) $")
"""Before a cue that ends its clause: '"We leave," Brok said.'"""
CLAUSE_END = re.compile(END)
VERB = re.compile(r"[a-z]+(?: [a-z]+)?")
CLOSED = re.compile(rf"[{MARKS}],? $")
GAP = 3
"""Characters between a quotation and its frame at most: a comma and a space, behind the marks or before them."""
LONGEST = 80
"""Characters of a noun phrase in a frame at most."""
ADDRESSED = "asked|assured|informed|notified|questioned|reminded|told"
REPORTED = (
    "alleged|announced|assumed|believed|claimed|considered|declared|deemed|described|estimated|expected|feared|forecast|hoped|known|perceived|"
    "portrayed|predicted|presumed|projected|regarded|reported|rumou?red|said|seen|supposed|suspected|thought|understood|viewed"
)
PASSIVE_CUE = re.compile(rf"\b(?:is|are|was|were|be|been|being)(?: \w+)? (?:{ADDRESSED}|(?P<reported>{REPORTED}))$")
"""The end of a cue whose subject says nothing: "She was told", "She was said"."""
BEFORE_PASSIVE = 30
"""Characters before the end of a cue that hold it and its auxiliary."""
RAISED = re.compile(r"\s(?:to|as)\s")
"""Behind a cue of which the subject opens the content: "She was said to be ill"."""
AGENT = re.compile(rf" by (?P<source>{NOUN_PHRASE}) ")
APPOSED = re.compile(rf"(?:{DETERMINERS}) [^,.;:!?\n]+")
NAMED = re.compile(r", [A-Z][\w’'-]*(?: [A-Z][\w’'.-]*){0,3}(?=[.,;:?!\n]|$)")
"""The name behind a description: '"Eight," corrected his wife, Jean.'"""
ADDED = re.compile(r"\w+ing\b")
COMMA = re.compile(r",\s$")


def name_sources(text: str, drafts: Sequence[Draft]) -> None:
    """Gives each draft the source that its sentence leaves no doubt about: of its frame, of a passive, or of what it is added to."""
    board = Board(draft for draft in drafts if draft.content)
    for draft in board.drafts:
        if is_behind_stop(text, draft):
            draft.source = None
        free_subject(text, draft)
        source = framed(text, draft) or agent(text, draft) or of_main_clause(text, draft, board)
        if source is not None and (draft.source is None or not touch(source, draft.source)):
            draft.source, draft.source_confidence = source, FRAMED
        elif draft.source is not None:
            draft.source = with_name(text, draft.cue, draft.source)


def is_behind_stop(text: str, draft: Draft) -> bool:
    """Whether what the model takes for the source begins a sentence behind that of the cue: "It was announced. Minister Ada Osei wept"."""
    cue, source = draft.cue, draft.source
    if cue is None or source is None or source.start < cue.end:
        return False
    return any(0 < sentence.start <= source.start - cue.start for sentence in sentences(text[cue.start : source.end]))


def free_subject(text: str, draft: Draft) -> None:
    """Takes the source from a passive that has it as its subject, and gives it to the content that goes on from it."""
    cue, source = draft.cue, draft.source
    passive = _passive(text, cue)
    if cue is None or source is None or passive is None or source.end > cue.start or text[source.end : cue.start].strip():
        return
    if passive["reported"] and RAISED.match(text, cue.end) and draft.content[0].start > cue.end:
        draft.content.insert(0, source)
    draft.source = None


def with_name(text: str, cue: Span | None, source: Span) -> Span:
    """A source with the name in apposition that the model left out, where it stands right behind a verb."""
    if cue is None or text[cue.end : source.start] != " " or not VERB.fullmatch(text, cue.start, cue.end):
        return source
    name = NAMED.match(text, source.end, source.end + LONGEST) if APPOSED.fullmatch(text, source.start, source.end) else None
    return source if name is None else Span(start=source.start, end=name.end())


def agent(text: str, draft: Draft) -> Span | None:
    """Who told or asked it, where nothing else stands between the cue and the content: "She was told by Bo Lind that it rained"."""
    cue = draft.cue
    if cue is None or _passive(text, cue) is None:
        return None
    behind = min((piece.start for piece in draft.content if piece.start > cue.end), default=cue.end)
    found = AGENT.fullmatch(text, cue.end, behind)
    return Span(start=found.start("source"), end=found.end("source")) if found else None


def _passive(text: str, cue: Span | None) -> re.Match[str] | None:
    return None if cue is None else PASSIVE_CUE.search(text, max(0, cue.end - BEFORE_PASSIVE), cue.end)


def framed(text: str, draft: Draft) -> Span | None:
    """The noun phrase that stands alone with the cue beside a quotation; None where more stands there."""
    cue = draft.cue
    if cue is None or not VERB.fullmatch(text, cue.start, cue.end):
        return None
    if CLOSED.search(text, max(0, cue.start - GAP), cue.start):
        found, place = INVERTED.match(text, cue.end, cue.end + LONGEST), cue.start
    elif CLAUSE_END.match(text, cue.end):
        found = STRAIGHT.search(text, max(0, cue.start - LONGEST), cue.start)
        place = found.start("source") if found else 0
    else:
        return None
    beside = any(0 < place - piece.end <= GAP for piece in draft.content if text[piece.end - 1] in MARKS)
    return Span(start=found.start("source"), end=found.end("source")) if found and beside else None


def of_main_clause(text: str, draft: Draft, board: Board) -> Span | None:
    """The source of the statement before it, where a cue like ", saying" has one that stands among the words of that statement."""
    cue, source = draft.cue, draft.source
    if (
        cue is None
        or source is None
        or not ADDED.match(text, cue.start, cue.end)
        or not COMMA.search(text, max(0, cue.start - 2), cue.start)
    ):
        return None
    for other in board.near(source):
        if other is draft or other.cue is None or other.source is None or other.cue.end > cue.start:
            continue
        if any(contains(piece, source) and not contains(piece, cue) for piece in other.content):
            return other.source
    return None
