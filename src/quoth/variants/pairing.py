"""A stream of passages in, pairs out: a window of days slides over the record, so that memory holds days and not years."""

import datetime
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from quoth.variants.grams import GRAM, Postings, gram_keys, meetings, word_keys
from quoth.variants.judging import PARAPHRASE_WORDS, Read, judge
from quoth.variants.passages import Pair, Passage, speaker_key
from quoth.variants.tokens import telling

DAYS = 14
"""Days between two reports of the same words, at most."""
BATCH = 20_000
"""Passages that are read at once."""
SHORT = 14
"""Words of a passage up to which runs of three words count too, if two are shared: where words were left out of it no longer run may be."""
FREQUENT_WORD = 64
"""Passages of one speaker in a batch above which a word tells no paraphrase."""


@dataclass(slots=True, eq=False)
class Batch:
    """Passages of one day, or of none, with the keys they meet by; `carried_on` marks those whose very words a later one repeats."""

    day: datetime.date | None
    passages: Sequence[Read]
    grams: Postings
    short: Postings
    words: Postings
    carried_on: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> "Batch":
        """The passages, read; all have one day."""
        read = [Read.of(passage) for passage in passages]
        named = [(speaker_key(one.passage), sorted(telling(one.words))) for one in read]
        return cls(
            day=passages[0].published,
            passages=read,
            grams=Postings.of(*gram_keys([one.words for one in read])),
            short=Postings.of(*gram_keys([one.words if len(one.words) <= SHORT else () for one in read], size=GRAM - 1)),
            words=Postings.of(*word_keys(named)),
        )


ANYBODYS = 3
"""Named speakers who differ and use the very words: then these are a phrase, and prove nothing of one who is not named."""
ANYBODYS_WORDS = 6
"""Words of a fragment that may be such a phrase."""
Wording = tuple[tuple[str, ...], str | None, str | None]


@dataclass(slots=True, eq=False)
class Window:
    """The batches that a new one is compared with, and the last passage of each wording, with and without a day."""

    days: int
    batches: deque[Batch] = field(default_factory=deque)
    latest: dict[tuple[Wording, bool], tuple[Batch, int]] = field(default_factory=dict)

    def slide(self, day: datetime.date | None) -> None:
        """Forgets the batches too far before a day; those without a day stay."""
        if day is None:
            return
        first = day - datetime.timedelta(days=self.days)
        for batch in [batch for batch in self.batches if batch.day is not None and batch.day < first]:
            self.batches.remove(batch)
            for number, read in enumerate(batch.passages):
                if number not in batch.carried_on:
                    del self.latest[_wording(read), True]

    def repeated(self, batch: Batch) -> Iterator[tuple[Read, Read]]:
        """Each passage whose very words were seen, with the last that had them, which then takes no more part.

        One without a day goes on taking part for those with days, since these are forgotten.
        """
        for number, read in enumerate(batch.passages):
            wording = _wording(read)
            before = self.latest.get((wording, batch.day is not None))
            if before is not None:
                before[0].carried_on.add(before[1])
            elif batch.day is not None:
                before = self.latest.get((wording, False))
            if before is not None and len(read.words) >= GRAM:
                yield before[0].passages[before[1]], read
            self.latest[wording, batch.day is not None] = (batch, number)

    def near(self, batch: Batch) -> Iterator[tuple[Read, Read]]:
        """Each pair of passages of different reports that share keys, one of this batch, the other of it or an earlier one."""
        for earlier in (*self.batches, batch):
            for there, here in _candidates(earlier, batch):
                if here in batch.carried_on or there in earlier.carried_on or (earlier is batch and there >= here):
                    continue
                left, right = earlier.passages[there], batch.passages[here]
                if left.passage.report != right.passage.report and _wording(left) != _wording(right):
                    yield left, right

    def is_anybodys(self, pair: Pair, batch: Batch, left: Read, right: Read) -> bool:
        """Whether the pair is a short fragment without a speaker's name, of words that several speakers in the window use."""
        part = min(left, right, key=lambda read: len(read.words))
        if pair.kind != "fragment" or pair.speakers != "unknown" or len(part.words) > ANYBODYS_WORDS:
            return False
        keys, _ = gram_keys([part.words])
        names = {speaker_key(one.passages[number].passage) for one in (*self.batches, batch) for number in one.grams.having(keys).tolist()}
        return len(names - {""}) >= ANYBODYS


def pairs(passages: Iterable[Passage], *, days: int = DAYS, fresh: Callable[[str], bool] | None = None) -> Iterator[Pair]:
    """Every pair of passages that are the same words, each told once, with the evidence.

    The passages come by the day of their report, those without a day first; these are compared with all others, the others with those of
    at most `days` before. Of passages with the very same words and speaker each is paired with the last one before it, and only the last
    one with other wordings: a chain instead of all pairs. With `fresh`, pairs of two passages of whose ids it says no are left out:
    they are known. Linear in the passages of a window, whose words are held in memory. Raises ValueError if the days are out of order.

    >>> day = datetime.date(2024, 3, 5)
    >>> said = [Passage(id=id, report=id, words=words, published=day, speaker="Ama Osei") for id, words in
    ...         (("a", "The harbour stays open all winter"), ("b", "“The harbour stays open…”"), ("c", "Schools open in May"))]
    >>> [(pair.left, pair.right, pair.kind) for pair in pairs(said)]
    [('a', 'b', 'fragment')]
    """
    window = Window(days=days)
    for batch in _batches(passages):
        window.slide(batch.day)
        for left, right in (*window.repeated(batch), *window.near(batch)):
            if fresh is None or fresh(left.passage.id) or fresh(right.passage.id):
                pair = judge(left, right)
                if pair is not None and not window.is_anybodys(pair, batch, left, right):
                    yield pair
        window.batches.append(batch)


def _batches(passages: Iterable[Passage]) -> Iterator[Batch]:
    waiting: list[Passage] = []
    for passage in passages:
        if waiting and (passage.published != waiting[0].published or len(waiting) == BATCH):
            if waiting[0].published and (passage.published is None or passage.published < waiting[0].published):
                raise ValueError("passages come by the day of their report, those without a day first")
            yield Batch.of(waiting)
            waiting = []
        waiting.append(passage)
    if waiting:
        yield Batch.of(waiting)


def _candidates(earlier: Batch, batch: Batch) -> list[tuple[int, int]]:
    """Pairs of numbers (in the earlier batch, in the later one) that share a run of words, or a speaker and enough telling words."""
    met = (
        meetings(batch.grams, earlier.grams),
        meetings(batch.short, earlier.short, least=2),
        meetings(batch.words, earlier.words, least=PARAPHRASE_WORDS, frequent=FREQUENT_WORD),
    )
    both = np.unique(np.concatenate(met)[:, [1, 0]], axis=0)
    return [(there, here) for there, here in both.tolist()]


def _wording(read: Read) -> Wording:
    return read.words, read.passage.speaker, read.passage.person
