"""The words of statements as variants see them, and the pairs that were found to be the same words."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self

from quoth.people.matching import NICKNAMES, Name, agree, read_name
from quoth.types import Span, Statement
from quoth.variants.drift import EditClass

PairKind = Literal["same", "fragment", "overlap", "paraphrase"]
"""Both have nearly all words of each other; one is cut from the other; each has a long run of the other's words and more of its own; one
speaker told of the same thing in other words, which is a likelihood and no proof."""
DESCRIBED = ("The ", "A ", "An ")
"""What a description begins with; so does the name of some bodies, of which it is better not to know than to be wrong."""
Agreement = Literal["same", "unknown", "different"]
"""Whether two statements have one speaker: "unknown" if one of them has none that is known by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The content of one statement: its words, who said them where, and on which day the report appeared.

    `quoted` tells whether some of it stands within quotation marks, `relays` whether it tells what somebody else said.
    """

    id: str
    report: str
    words: str
    published: datetime.date | None = None
    speaker: str | None = None
    person: str | None = None
    quoted: bool = True
    relays: bool = False

    @classmethod
    def of(cls, statement: Statement, *, relays: bool = False) -> Self:
        """The passage of a statement."""
        speaker = statement.speaker
        return cls(
            id=statement.id,
            report=statement.article.sha256,
            words=statement.words,
            published=statement.article.published,
            speaker=None if speaker is None else speaker.name,
            person=None if speaker is None else speaker.person,
            quoted=statement.kind != "indirect",
            relays=relays,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The evidence that two statements are the same words; `left` is the one that appeared first.

    `score` is the share of the shorter one's words that the other has, in order; `shared` counts these words. The spans are where they
    stand in each statement's words (`Statement.words`). `flags` are the changes that may turn the meaning.
    """

    left: str
    right: str
    kind: PairKind
    speakers: Agreement
    score: float
    shared: int
    left_span: Span
    right_span: Span
    flags: tuple[EditClass, ...] = ()

    @property
    def conflict(self) -> bool:
        """Whether the same words are credited to different speakers."""
        return self.speakers == "different"


def agreement(one: Passage, other: Passage) -> Agreement:
    """Whether two passages have one speaker: by the person's id where both have one, else by name.

    >>> passages = [Passage(id=name, report="r", words="", speaker=name) for name in ("Ama Osei", "Osei", "Bo Lind")]
    >>> agreement(passages[0], passages[1]), agreement(passages[1], passages[2])
    ('same', 'different')
    """
    if one.person is not None and other.person is not None:
        return "same" if one.person == other.person else "different"
    if one.speaker is None or other.speaker is None:
        return "unknown"
    left, right = name_of(one.speaker), name_of(other.speaker)
    if left is None or right is None:
        return "unknown"
    if agree(left, right, NICKNAMES):
        return "same"
    return "unknown" if _given_name_only(left, right) or _given_name_only(right, left) else "different"


@lru_cache(maxsize=65536)
def name_of(speaker: str) -> Name | None:
    """The parts of a speaker's name; None for a description, which any name may belong to ("the airline", "a spokesperson for Aerova").

    >>> name_of("the airline") is None, name_of("Ama Osei")
    (True, Name(given=('ama',), surname='osei', suffix=None))
    """
    return read_name(speaker) if speaker[:1].isupper() and not speaker.startswith(DESCRIBED) else None


def _given_name_only(short: Name, full: Name) -> bool:
    """Whether the one is nothing but a word of the other."""
    return not short.given and short.surname in full.given


def speaker_key(passage: Passage) -> str:
    """What all names of one speaker share: the surname, folded; "" for nobody."""
    name = None if passage.speaker is None else name_of(passage.speaker)
    return "" if name is None else name.surname
