"""The same article elsewhere: a wire copy on eighty sites is one witness and not eighty.

An article's sketch keeps those hashes of its five-word runs that a fixed number divides (Broder 1997, "On the resemblance and containment
of documents"): about one in eight. Unlike the smallest so many, they tell also whether a copy that was cut lies within the whole.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from quoth.variants.grams import gram_keys
from quoth.variants.tokens import spoken_words

SHINGLE = 5
"""Words of a run."""
KEPT = 8
"""One hash in so many is kept."""
LONGEST = 200_000
"""Characters of an article that are looked at."""
CONTAINED = 0.6
"""Share of the shorter article's sketch that a copy's must hold."""
LEAST = 5
"""Hashes that two sketches must share: shorter reports are copies only if their words are equal."""

Sketch = frozenset[int]


def sketch(text: str) -> Sketch:
    """The kept hashes of an article's five-word runs.

    >>> words = " ".join(f"word{number}" for number in range(400))
    >>> 30 < len(sketch(words)) < 70
    True
    """
    keys, _ = gram_keys([spoken_words(text[:LONGEST])], size=SHINGLE)
    return frozenset(np.unique(keys[keys % np.uint64(KEPT) == 0]).tolist())


def same_article(one: Sketch, other: Sketch) -> bool:
    """Whether one article is a copy of the other, whole or cut."""
    shared = len(one & other)
    return shared >= LEAST and shared >= CONTAINED * min(len(one), len(other))


def copies(sketches: Mapping[str, Sketch]) -> dict[str, str]:
    """For each report the first one, in the order given, that it is a copy of, itself if of none.

    Reports meet by the hashes they share, so that the work grows with the copies and not with the square of the reports.

    >>> text = " ".join(f"word{number}" for number in range(400))
    >>> copies({"wire": sketch(text), "paper": sketch(text + " and more"), "other": sketch("It rained.")})
    {'wire': 'wire', 'paper': 'wire', 'other': 'other'}
    """
    first: dict[str, str] = {}
    having: dict[int, list[str]] = {}
    for report, own in sketches.items():
        met = dict.fromkeys(earlier for key in sorted(own) for earlier in having.get(key, ()))
        first[report] = next((earlier for earlier in met if same_article(sketches[earlier], own)), report)
        if first[report] == report:
            for key in own:
                having.setdefault(key, []).append(report)
    return first


def witnesses(reports: Iterable[str], copied: Mapping[str, str]) -> int:
    """How many reports there are when copies of one article count once."""
    return len({copied.get(report, report) for report in reports})
