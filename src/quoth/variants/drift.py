"""How the wording changed, word by word: what was replaced, dropped and added, and which changes may turn the meaning."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from quoth.types import Span
from quoth.variants.alignment import align
from quoth.variants.tokens import FUNCTION, Token, passage_tokens, spoken

EditKind = Literal["replaced", "dropped", "added"]
EditClass = Literal["number", "negation", "modal", "aside", "spelling", "function", "word"]
"""What changed: a number, a negation or a modal verb (these may turn the meaning: `FLAGGED`); words an editor put in brackets; the ending
or spelling of a word; only function words; other words."""
FLAGGED: tuple[EditClass, ...] = ("number", "negation", "modal")
NEGATIONS = frozenset("not no never none nobody nothing neither nor nowhere without hardly barely scarcely".split())
MODALS = frozenset("will would shall should can could may might must ought".split())
SCALES = frozenset("hundred thousand million billion trillion dozen percent half third quarter twice double".split())
FIGURE = re.compile(r"\d")
EDGE = 2
"""Words before the first or after the last shared one that count as changed rather than cut."""
SHARED_LETTERS = 4
"""Letters that two words must begin with alike to be one word in another form or spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change from the left wording to the right one: the words on either side, their places, and what they are."""

    kind: EditKind
    left: str
    right: str
    left_span: Span | None
    right_span: Span | None
    classes: tuple[EditClass, ...]

    @property
    def flagged(self) -> tuple[EditClass, ...]:
        """Those classes that may turn the meaning."""
        return tuple(name for name in self.classes if name in FLAGGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The changes between two wordings, over the stretch of words that both have; what lies before or after it was cut, not changed.

    `left_span` and `right_span` are that stretch, None where nothing is shared.
    """

    left_span: Span | None
    right_span: Span | None
    edits: tuple[Edit, ...]

    @property
    def flags(self) -> tuple[EditClass, ...]:
        """The classes that may turn the meaning, each once."""
        return tuple(name for name in FLAGGED if any(name in edit.classes for edit in self.edits))


def drift(left: str, right: str) -> Drift:
    """What changed from one wording to another; capitals, punctuation and the writing of contractions and numbers are no change.

    >>> changes = drift("We will not raise taxes by two percent.", "“We may raise taxes by 3%,”")
    >>> [(edit.kind, edit.left, edit.right, edit.flagged) for edit in changes.edits]
    [('replaced', 'will not', 'may', ('negation', 'modal')), ('replaced', 'two', '3', ('number',))]
    """
    left_tokens, right_tokens = passage_tokens(left), passage_tokens(right)
    shared = align([token.word for token in spoken(left_tokens)], [token.word for token in spoken(right_tokens)])
    if not shared.runs:
        return Drift(left_span=None, right_span=None, edits=())
    left_span = _reach(left_tokens, shared.left_range, shared.left_length)
    right_span = _reach(right_tokens, shared.right_range, shared.right_length)
    left_range, right_range = _within(left_tokens, left_span), _within(right_tokens, right_span)
    return Drift(left_span=left_span, right_span=right_span, edits=tuple(_edits(left, right, left_range, right_range)))


def classes(left: Sequence[Token], right: Sequence[Token]) -> tuple[EditClass, ...]:
    """What kinds of words differ between two stretches, the gravest first."""
    changed = _difference(left, right)
    found: list[EditClass] = []
    if any(FIGURE.search(word) or word in SCALES for word in changed):
        found.append("number")
    if changed & NEGATIONS:
        found.append("negation")
    if changed & MODALS:
        found.append("modal")
    if any(token.aside for token in (*left, *right)):
        found.append("aside")
    rest = changed - NEGATIONS - MODALS
    if len(left) == len(right) and all(_one_word(one.word, other.word) for one, other in zip(left, right, strict=True)):
        found.append("spelling")
    elif not found:
        found.append("function" if rest <= FUNCTION else "word")
    return tuple(found)


def _edits(left: str, right: str, left_tokens: Sequence[Token], right_tokens: Sequence[Token]) -> Iterator[Edit]:
    steps = Levenshtein.opcodes([token.word for token in left_tokens], [token.word for token in right_tokens])
    changed: tuple[int, int, int, int] | None = None
    for step in steps:
        if step.tag != "equal":
            start = (step.src_start, step.dest_start) if changed is None else (changed[0], changed[2])
            changed = (start[0], step.src_end, start[1], step.dest_end)
        elif changed is not None:
            yield _edit(left, right, left_tokens[changed[0] : changed[1]], right_tokens[changed[2] : changed[3]])
            changed = None
    if changed is not None:
        yield _edit(left, right, left_tokens[changed[0] : changed[1]], right_tokens[changed[2] : changed[3]])


def _edit(left: str, right: str, before: Sequence[Token], after: Sequence[Token]) -> Edit:
    before_span, after_span = _span(before), _span(after)
    kind: EditKind = "replaced" if before and after else "dropped" if before else "added"
    return Edit(
        kind=kind,
        left=before_span.slice(left) if before_span else "",
        right=after_span.slice(right) if after_span else "",
        left_span=before_span,
        right_span=after_span,
        classes=classes(before, after),
    )


def _difference(left: Sequence[Token], right: Sequence[Token]) -> frozenset[str]:
    """The words that one side has more often than the other."""
    before, after = Counter(token.word for token in left), Counter(token.word for token in right)
    return frozenset((before - after) | (after - before))


def _one_word(one: str, other: str) -> bool:
    """Whether two words are forms or spellings of one: they begin alike, and neither is a number."""
    if FIGURE.search(one + other):
        return one == other
    return one[:SHARED_LETTERS] == other[:SHARED_LETTERS] and abs(len(one) - len(other)) <= SHARED_LETTERS


def _span(part: Sequence[Token]) -> Span | None:
    return Span(start=part[0].span.start, end=part[-1].span.end) if part else None


def _reach(found: tuple[Token, ...], reach: tuple[int, int], length: int) -> Span:
    """The characters from the first to the last shared word; to the very edge if none but two words are left there.

    A changed first or last word is a change, a missing half a cut.
    """
    words = spoken(found)
    first = found[0] if reach[0] <= EDGE else words[reach[0]]
    last = found[-1] if length - reach[1] <= EDGE else words[reach[1] - 1]
    return Span(start=first.span.start, end=last.span.end)


def _within(found: Sequence[Token], span: Span) -> tuple[Token, ...]:
    return tuple(token for token in found if span.start <= token.span.start and token.span.end <= span.end)
