"""Two passages laid side by side, word by word: the runs of words they share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import LCSseq
from rapidfuzz.fuzz import partial_ratio_alignment

NEARLY_AS_LONG = 0.7
"""From this ratio of lengths on, two passages are compared whole."""
SOLID = 3
"""Words of a run that counts where a short passage is spread over a long one; fewer may meet by chance."""
DOUBTFUL = 0.9
"""Below this share found in one place, the short passage may be one with words left out of its middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Runs of words that stand in both passages in the same order, as (place in the left, place in the right, words)."""

    runs: tuple[tuple[int, int, int], ...]
    left_length: int
    right_length: int

    @property
    def matched(self) -> int:
        """Words that both have."""
        return sum(size for _, _, size in self.runs)

    @property
    def longest(self) -> int:
        """Words of the longest run."""
        return max((size for _, _, size in self.runs), default=0)

    @property
    def left_range(self) -> tuple[int, int]:
        """Where the shared words begin and end in the left passage."""
        return (self.runs[0][0], self.runs[-1][0] + self.runs[-1][2]) if self.runs else (0, 0)

    @property
    def right_range(self) -> tuple[int, int]:
        """Where the shared words begin and end in the right passage."""
        return (self.runs[0][1], self.runs[-1][1] + self.runs[-1][2]) if self.runs else (0, 0)

    @property
    def covers(self) -> tuple[float, float]:
        """The share of the left passage's words that the right one has, and the other way round."""
        return self.matched / max(self.left_length, 1), self.matched / max(self.right_length, 1)


def align(left: Sequence[str], right: Sequence[str]) -> Alignment:
    """The words that two passages share, in order.

    A passage much shorter than the other is looked for in one place of it; if it is not there whole, also over all of it, in runs of at
    least three words, as an ellipsis leaves them.

    >>> align("it was a cold day".split(), "they said it was a very cold day there".split()).runs
    ((0, 2, 3), (3, 6, 2))
    """
    if len(left) > len(right):
        turned = align(right, left)
        return replace(
            turned,
            runs=tuple((there, here, size) for here, there, size in turned.runs),
            left_length=turned.right_length,
            right_length=turned.left_length,
        )
    whole = Alignment(runs=(), left_length=len(left), right_length=len(right))
    if len(left) >= NEARLY_AS_LONG * len(right):
        return replace(whole, runs=_runs(left, right))
    near = replace(whole, runs=_in_one_place(left, right))
    if near.covers[0] >= DOUBTFUL:
        return near
    spread = replace(whole, runs=tuple(run for run in _runs(left, right) if _solid(run, len(left))))
    return max(near, spread, key=lambda alignment: alignment.matched)


def _in_one_place(short: Sequence[str], long: Sequence[str]) -> tuple[tuple[int, int, int], ...]:
    """The runs within the stretch of the long passage that is most like the short one, a little wider than this."""
    place = partial_ratio_alignment(short, long)
    if place is None:
        return ()
    margin = max(2, len(short) // 4)
    start = max(place.dest_start - margin, 0)
    return tuple((here, there + start, size) for here, there, size in _runs(short, long[start : place.dest_end + margin]))


def _solid(run: tuple[int, int, int], length: int) -> bool:
    """Whether a run is long enough to count; at either end of the short passage one word less will do."""
    here, _, size = run
    return size >= SOLID - (here == 0 or here + size == length)


def _runs(left: Sequence[str], right: Sequence[str]) -> tuple[tuple[int, int, int], ...]:
    blocks = LCSseq.editops(left, right).as_matching_blocks()
    return tuple((block.a, block.b, block.size) for block in blocks if block.size)
