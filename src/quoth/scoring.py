"""How well extracted statements agree with marked ones: precision, recall and F1, as published for PolNeAR and PARC.

Spans are compared as sets of words: punctuation at their edges and a "that" which opens a content do not count. Statements are paired one
to one, best content first, by the share of words that two contents have in common (Jaccard 1912). What is counted, and at which share,
follows Pareti (2015) and Newell et al. (2018): `soft` pairs share half of the words of the content, `strict` nine tenths, and in both the
sources share half of theirs or neither has one.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quoth.types import Span

TOKEN = re.compile(r"\w+|[^\w\s]")
SOFT, RECORD, STRICT, AGREED = 0.5, 0.8, 0.9, 0.5
ROLES = ("content", "cue", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The spans of one statement, by whomever they were marked."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The same as sets of word numbers."""

    content: frozenset[int]
    cue: frozenset[int]
    source: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two statements that were paired, by their places in both sequences, and the share of words that their contents have in common."""

    gold: int
    found: int
    share: float
    sources_agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Precision, recall and F1 of what was found, with the counts behind them."""

    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Twice what is right by all that was found and marked.

        >>> Measure(right=2, found=3, gold=5).f1
        0.5
        """
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else 0.0


@dataclass(slots=True)
class Score:
    """Counts over reports; `add` takes one report, `measures` tells what they come to."""

    counts: Counter[str] = field(default_factory=Counter)
    reports: int = 0

    def add(self, text: str, gold: Sequence[Marked], found: Sequence[Marked]) -> list[Pair]:
        """Counts one report; returns its pairs."""
        numbers = _numbered(text)
        left, right = [[_words(numbers, text, marked) for marked in side] for side in (gold, found)]
        pairs = paired(left, right)
        self.reports += 1
        self.counts.update(gold=len(gold), found=len(found))
        for name, share, sources in (("content", SOFT, False), ("soft", SOFT, True), ("strict", STRICT, True)):
            self.counts[name] += sum(pair.share >= share and (pair.sources_agree or not sources) for pair in pairs)
        for role in ROLES:
            marked, given = ({getattr(words, role) for words in side} - {frozenset()} for side in (left, right))
            self.counts.update({f"{role}.gold": len(marked), f"{role}.found": len(given), f"{role}.right": len(marked & given)})
        return pairs

    def measures(self) -> dict[str, Measure]:
        """Statements with their source (`soft`, `strict`), contents alone, and the exact spans of each role."""
        counts = self.counts
        whole = {name: Measure(right=counts[name], found=counts["found"], gold=counts["gold"]) for name in ("soft", "strict", "content")}
        exact = {
            f"exact {role}": Measure(right=counts[f"{role}.right"], found=counts[f"{role}.found"], gold=counts[f"{role}.gold"])
            for role in ROLES
        }
        return whole | exact


def paired(gold: Sequence[Words], found: Sequence[Words]) -> list[Pair]:
    """The pairs of two sides, each statement in one at most: best content first, then those whose sources agree, then by order.

    >>> words = Words(content=frozenset({1, 2}), cue=frozenset(), source=frozenset())
    >>> paired([words], [words, words])
    [Pair(gold=0, found=0, share=1.0, sources_agree=True)]
    """
    holders: dict[int, list[int]] = {}
    for place, words in enumerate(found):
        for word in words.content:
            holders.setdefault(word, []).append(place)
    scored = sorted(
        (-share(words.content, found[other].content), not agree(words.source, found[other].source), place, other)
        for place, words in enumerate(gold)
        for other in {holder for word in words.content for holder in holders.get(word, ())}
    )
    pairs: list[Pair] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for negative, apart, place, other in scored:
        if place not in used[0] and other not in used[1]:
            used[0].add(place)
            used[1].add(other)
            pairs.append(Pair(gold=place, found=other, share=-negative, sources_agree=not apart))
    return pairs


def share(left: frozenset[int], right: frozenset[int]) -> float:
    """What two sets have in common, of all that they hold."""
    return len(left & right) / len(left | right) if left or right else 1.0


def agree(left: frozenset[int], right: frozenset[int]) -> bool:
    """Whether two sources share half of their words, or neither has any."""
    return share(left, right) >= AGREED if left and right else not left and not right


def _numbered(text: str) -> tuple[list[int], list[int]]:
    """Where each word or mark of a text starts and ends."""
    found = [found.span() for found in TOKEN.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def _words(numbers: tuple[list[int], list[int]], text: str, marked: Marked) -> Words:
    roles = {role: _set(numbers, text, getattr(marked, role), opens=role == "content") for role in ROLES}
    return Words(**roles)


def _set(numbers: tuple[list[int], list[int]], text: str, spans: Iterable[Span], *, opens: bool) -> frozenset[int]:
    """The words that spans touch; of each run of them without the punctuation at its edges and an opening "that"."""
    starts, ends = numbers
    touched = sorted({word for span in spans for word in range(bisect_right(ends, span.start), bisect_left(starts, span.end))})
    runs: list[list[int]] = []
    for word in touched:
        if runs and word == runs[-1][-1] + 1:
            runs[-1].append(word)
        else:
            runs.append([word])
    return frozenset(word for run in runs for word in _bare(starts, ends, text, run, opens=opens))


def _bare(starts: list[int], ends: list[int], text: str, run: list[int], *, opens: bool) -> list[int]:
    def is_mark(word: int) -> bool:
        return not (text[starts[word]].isalnum() or text[starts[word]] == "_")

    low, high = 0, len(run)
    while low < high and is_mark(run[low]):
        low += 1
    if opens and high - low > 1 and text[starts[run[low]] : ends[run[low]]].lower() == "that":
        low += 1
        while low < high and is_mark(run[low]):
            low += 1
    while high > low and is_mark(run[high - 1]):
        high -= 1
    return run[low:high]
