"""Keys that passages meet by: hashes of runs of words, and of the telling words of one speaker, joined as sorted arrays.

An index of word 4-grams finds a fragment in the whole it was cut from, where Jaccard's measure and MinHash cannot: they ask how much is
shared of both. Arrays of numbers, sorted and joined, take 12 bytes a key and no Python object.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

GRAM = 4
"""Words of a run that two passages must share to be compared."""
FREQUENT = 256
"""Passages of one batch above which a key is a common phrase, or the words of the day in ever new wordings."""
FIRST = 4
"""With how many of those, the first ones, a passage meets by such a key."""
MOST_MEETINGS = 20_000_000
"""Meetings that are counted at once; above it, fewer passages make a key frequent."""
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], dtype=np.uint64)

Keys = NDArray[np.uint64]
Owners = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Keys in ascending order, and the passage that each belongs to, by number."""

    keys: Keys
    owners: Owners

    @classmethod
    def of(cls, keys: Keys, owners: Owners) -> "Postings":
        """The postings of keys in any order; a key that a passage has twice counts once."""
        order = np.lexsort((owners, keys))
        keys, owners = keys[order], owners[order]
        first = np.ones(len(keys), dtype=bool)
        first[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
        return cls(keys[first], owners[first])

    def having(self, keys: Keys) -> Owners:
        """The passages that have every one of some keys.

        >>> Postings.of(*gram_keys(["a b c d e".split(), "x b c d e".split()])).having(gram_keys(["b c d e".split()])[0]).tolist()
        [0, 1]
        """
        found = [self.owners[np.searchsorted(self.keys, key, "left") : np.searchsorted(self.keys, key, "right")] for key in keys]
        return reduce(np.intersect1d, found) if found else self.owners[:0]


def gram_keys(passages: Sequence[Sequence[str]], *, size: int = GRAM) -> tuple[Keys, Owners]:
    """The hash of every run of `size` words (at most five) of each passage, and the index of the passage it is from.

    >>> keys, owners = gram_keys([["a", "b", "c", "d", "e"], ["a", "b"], ["b", "c", "d", "e"]])
    >>> owners.tolist(), bool(keys[1] == keys[2])
    ([0, 0, 2], True)
    """
    lengths = np.fromiter((len(words) for words in passages), dtype=np.int64, count=len(passages))
    words = np.fromiter((_hashed(word) for passage in passages for word in passage), dtype=np.uint64, count=int(lengths.sum()))
    owners = np.repeat(np.arange(len(passages), dtype=np.int64), lengths)
    count = max(len(words) - size + 1, 0)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(size):
        mixed += (words[place : place + count] + np.uint64(1)) * _ODD[place]
    within = owners[:count] == owners[size - 1 : size - 1 + count]
    return _scattered(mixed[within]), owners[:count][within]


def word_keys(passages: Sequence[tuple[str, Sequence[str]]]) -> tuple[Keys, Owners]:
    """The hash of each word together with a name, for passages of a name and words; a passage without a name has none."""
    pairs = [(_hashed(name), _hashed(word), number) for number, (name, words) in enumerate(passages) if name for word in words]
    table = np.array(pairs, dtype=np.uint64).reshape(-1, 3)
    return _scattered(table[:, 0] * _ODD[0] + table[:, 1] * _ODD[1]), table[:, 2].astype(np.int64)


def meetings(fresh: Postings, known: Postings, *, least: int = 1, frequent: int = FREQUENT) -> NDArray[np.int64]:
    """Pairs of passages that share at least so many keys: rows of (fresh passage, known passage, shared keys), in ascending order.

    By a key that more than `frequent` passages have, each meets the first few of them only, so that the work stays linear and the words
    of the day are still found to be one.

    >>> postings = Postings.of(*gram_keys(["a b c d e".split(), "x b c d e".split()]))
    >>> meetings(postings, postings).tolist()
    [[0, 0, 2], [0, 1, 1], [1, 0, 1], [1, 1, 2]]
    """
    start = np.searchsorted(known.keys, fresh.keys, "left")
    counts = np.searchsorted(known.keys, fresh.keys, "right") - start
    while True:
        met = np.where(counts > frequent, np.minimum(counts, FIRST), counts)
        if int(met.sum()) <= MOST_MEETINGS or frequent <= FIRST:
            break
        frequent //= 2
    kept = met > 0
    start, counts, left = start[kept], met[kept], fresh.owners[kept]
    steps = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    right = known.owners[np.repeat(start, counts) + steps]
    pairs, shared = np.unique((np.repeat(left, counts) << 32) | right, return_counts=True)
    enough = shared >= least
    return np.stack((pairs[enough] >> 32, pairs[enough] & 0xFFFFFFFF, shared[enough]), axis=1)


def _hashed(word: str) -> int:
    return zlib.crc32(word.encode("utf-8"))


def _scattered(keys: Keys) -> Keys:
    """The keys with their bits spread (the finaliser of SplitMix64), so that any part of them is as good as another."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))
