"""Whether two passages are the same words: aligned, weighed, and told with the evidence."""

from dataclasses import dataclass

from quoth.types import Span
from quoth.variants.alignment import Alignment, align
from quoth.variants.drift import drift
from quoth.variants.passages import Agreement, Pair, PairKind, Passage, agreement
from quoth.variants.tokens import MOST_CHARACTERS, passage_tokens, spoken, spoken_words, telling

SHARED_PART: dict[Agreement, float] = {"same": 0.7, "unknown": 0.8, "different": 0.8}
"""Share of a passage's words that must stand in the other, in order, by who speaks; one word in eight changed leaves .88."""
LEAST_RUN = 3
"""Words that the longest shared run must have."""
WORD_FOR_WORD: dict[Agreement, tuple[tuple[int, int], ...]] = {
    "same": ((4, 1), (6, 0)),
    "unknown": ((5, 1), (6, 0)),
    "different": ((8, 4),),
}
"""Shared words, and those among them that tell something, of which one pair is enough where the whole shorter passage is one run."""
WITH_A_GAP: dict[Agreement, tuple[tuple[int, int], ...]] = {
    "same": ((4, 2), (6, 1), (8, 0)),
    "unknown": ((6, 1), (9, 0)),
    "different": ((8, 4),),
}
"""The same where the whole shorter passage is two runs, as an ellipsis leaves them."""
NEARLY: dict[Agreement, tuple[tuple[int, int], ...]] = {"same": ((5, 2), (7, 1)), "unknown": ((6, 2), (8, 1)), "different": ((8, 4),)}
"""The same where words differ or are left out."""
OVERLAP_RUN = 8
"""Words of one run by which two longer passages are parts of one speech."""
PARAPHRASE_SHARE, PARAPHRASE_WORDS, PARAPHRASE_DAYS = 0.5, 4, 3
"""Of one speaker, so many days apart at most: the share of the telling words of the shorter that the other must have, and how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A passage with its words read. Their places are read again where a pair is found, since few are: many passages are held at once."""

    passage: Passage
    words: tuple[str, ...]

    @classmethod
    def of(cls, passage: Passage) -> "Read":
        """The passage, its words read once."""
        return cls(passage=passage, words=spoken_words(passage.words[:MOST_CHARACTERS]))


def judge(left: Read, right: Read) -> Pair | None:
    """The evidence that two passages are the same words, or None; the one that appeared first should be `left`.

    >>> one, other = (Read.of(Passage(id=words[:2], report=words, words=words, speaker="Ama Osei")) for words in
    ...               ("We will never close the harbour of Port Ash", "never close the harbour"))
    >>> pair = judge(one, other)
    >>> pair.kind, pair.score, pair.left_span.slice(one.passage.words)
    ('fragment', 1.0, 'never close the harbour')
    """
    speakers = agreement(left.passage, right.passage)
    if speakers == "different" and not _may_conflict(left, right):
        return None
    shared = align(left.words, right.words)
    kind = _kind(shared, left, right, speakers)
    if kind is not None:
        return _pair(left, right, shared, kind, speakers)
    if speakers == "same" and _paraphrases(left, right):
        return _paraphrase(left, right)
    return None


def _may_conflict(left: Read, right: Read) -> bool:
    """Whether different speakers of the same words contradict each other: both quote, and neither tells what a third one said."""
    return left.passage.quoted and right.passage.quoted and not (left.passage.relays or right.passage.relays)


def _kind(shared: Alignment, left: Read, right: Read, speakers: Agreement) -> PairKind | None:
    """What the shared words make of two passages, None if they are too few or tell nothing."""
    if shared.longest < LEAST_RUN or not _enough(shared, left.words, speakers):
        return None
    least, most = sorted(shared.covers)
    if least >= SHARED_PART[speakers]:
        return "same"
    if most >= SHARED_PART[speakers]:
        return "fragment"
    return "overlap" if shared.longest >= OVERLAP_RUN and speakers != "different" else None


def _enough(shared: Alignment, words: tuple[str, ...], speakers: Agreement) -> bool:
    """Whether the shared words are more than what anybody may say."""
    weight = len(telling(tuple(word for start, _, size in shared.runs for word in words[start : start + size])))
    whole = max(shared.covers) == 1
    table = WORD_FOR_WORD if whole and len(shared.runs) == 1 else WITH_A_GAP if whole and len(shared.runs) == 2 else NEARLY
    return any(shared.matched >= least and weight >= tells for least, tells in table[speakers])


def _pair(left: Read, right: Read, shared: Alignment, kind: PairKind, speakers: Agreement) -> Pair:
    alike = left.words == right.words
    return Pair(
        left=left.passage.id,
        right=right.passage.id,
        kind=kind,
        speakers=speakers,
        score=round(max(shared.covers), 3),
        shared=shared.matched,
        left_span=_stretch(left.passage, *shared.left_range),
        right_span=_stretch(right.passage, *shared.right_range),
        flags=() if alike else drift(left.passage.words, right.passage.words).flags,
    )


def _paraphrases(left: Read, right: Read) -> bool:
    """Whether one speaker told of the same thing in other words: not both quoted, near in time, most telling words shared."""
    one, other = left.passage.published, right.passage.published
    if (left.passage.quoted and right.passage.quoted) or (one and other and abs((one - other).days) > PARAPHRASE_DAYS):
        return False
    here, there = telling(left.words), telling(right.words)
    common = len(here & there)
    return common >= PARAPHRASE_WORDS and common >= PARAPHRASE_SHARE * min(len(here), len(there))


def _paraphrase(left: Read, right: Read) -> Pair:
    here, there = telling(left.words), telling(right.words)
    common = len(here & there)
    return Pair(
        left=left.passage.id,
        right=right.passage.id,
        kind="paraphrase",
        speakers="same",
        score=round(common / min(len(here), len(there)), 3),
        shared=common,
        left_span=_stretch(left.passage, 0, len(left.words)),
        right_span=_stretch(right.passage, 0, len(right.words)),
    )


def _stretch(passage: Passage, first: int, last: int) -> Span:
    """The characters from one of the words compared to another."""
    found = spoken(passage_tokens(passage.words))
    return Span(start=found[first].span.start, end=found[last - 1].span.end)
