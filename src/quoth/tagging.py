"""What the model's numbers mean: the tag sets, the distances it is told, and the best legal tags for a row of scores.

Shared by training and use. Numpy only.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

ROLES = ("content", "cue", "source")
ROLE_TAGS = ("O", *(f"{edge}-{role}" for role in ROLES for edge in "BI"))
"""Tags of a word by itself, whatever attribution it belongs to."""
PAIR_TAGS = ("O", *(f"{edge}-{role}" for role in ROLES for edge in "BIES"))
"""Tags of a word for one anchor: begin, inside, end of a piece, or a piece of a single word."""

ACTS = ("speech", "writing", "thought", "none")
"""What the words of a cue tell of: a statement of three kinds, or none at all (support, a vote, what a poll shows)."""

DESCRIBING = frozenset(
    "of from by to in on at for with about against near behind between among who whom whose which that where when , ( - – — :".split()
)
"""Where what describes a noun after it begins."""

DISTANCE_EDGES = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128])
DISTANCES = 2 * len(DISTANCE_EDGES) + 1
PARAGRAPH_STEPS = 5


def head_of(words: Sequence[str]) -> int:
    """The index of the head of a noun phrase: its last word before what describes it afterwards.

    >>> words = "the minister of justice , Ana Olt".split()
    >>> words[head_of(words)], head_of(["He"])
    ('minister', 0)
    """
    end = next((index for index, word in enumerate(words) if index and word.lower() in DESCRIBING), len(words))
    return end - 1


def distance_buckets(words: npt.NDArray[Any], anchors: npt.NDArray[Any]) -> Ints:
    """How far each word (W) stands from each anchor (A), in words, as bucket numbers (A, W); the middle bucket is the anchor itself."""
    offsets = words[None, :] - anchors[:, None]
    sizes = np.searchsorted(DISTANCE_EDGES, np.abs(offsets), side="right")
    buckets: Ints = (np.sign(offsets) * sizes + len(DISTANCE_EDGES)).astype(np.int64)
    return buckets


def paragraph_buckets(words: npt.NDArray[Any], anchors: npt.NDArray[Any]) -> Ints:
    """How many paragraphs each word's paragraph (W) lies after each anchor's (A), clipped to two, as bucket numbers (A, W)."""
    steps: Ints = (np.clip(words[None, :] - anchors[:, None], -2, 2) + 2).astype(np.int64)
    return steps


def _legal() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which pair tag may follow which, which may stand first and which last."""
    count = len(PAIR_TAGS)
    follows = np.zeros((count, count), dtype=np.bool_)
    opens = np.array([tag == "O" or tag[0] in "BS" for tag in PAIR_TAGS])
    closes = np.array([tag == "O" or tag[0] in "ES" for tag in PAIR_TAGS])
    for left, tag in enumerate(PAIR_TAGS):
        for right, after in enumerate(PAIR_TAGS):
            if closes[left]:
                follows[left, right] = opens[right]
            else:
                follows[left, right] = after[0] in "IE" and after[2:] == tag[2:]
    return follows, opens, closes


FOLLOWS, OPENS, CLOSES = _legal()
_FORBIDDEN = np.float32(-1e9)


def best_tags(scores: Floats) -> Ints:
    """The best legal tags (A, W) for log scores (A, W, tags) of A anchors over the same W words (Viterbi 1967).

    >>> scores = np.full((1, 3, len(PAIR_TAGS)), -9.0, dtype=np.float32)
    >>> for word, tag in enumerate(("B-content", "I-content", "S-cue")):
    ...     scores[0, word, PAIR_TAGS.index(tag)] = 0.0
    >>> scores[0, 1, PAIR_TAGS.index("E-content")] = -0.5
    >>> [PAIR_TAGS[tag] for tag in best_tags(scores)[0]]
    ['B-content', 'E-content', 'S-cue']
    """
    anchors, words, count = scores.shape
    penalty = np.where(FOLLOWS, np.float32(0), _FORBIDDEN).T[None]
    best = scores[:, 0] + np.where(OPENS, np.float32(0), _FORBIDDEN)
    came_from = np.zeros((words, anchors, count), dtype=np.int64)
    for word in range(1, words):
        reached = best[:, None, :] + penalty
        came_from[word] = reached.argmax(axis=2)
        best = np.take_along_axis(reached, came_from[word][:, :, None], axis=2)[:, :, 0] + scores[:, word]
    tags = np.zeros((anchors, words), dtype=np.int64)
    tags[:, -1] = (best + np.where(CLOSES, np.float32(0), _FORBIDDEN)).argmax(axis=1)
    rows = np.arange(anchors)
    for word in range(words - 1, 0, -1):
        tags[:, word - 1] = came_from[word, rows, tags[:, word]]
    return tags


def runs(tags: Ints, role: str) -> list[tuple[int, int]]:
    """The runs of words (first, last + 1) that carry a role in one row of legal pair tags; touching pieces are joined."""
    low = 1 + 4 * ROLES.index(role)
    inside = (tags >= low) & (tags < low + 4)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.view(np.int8), [0]))))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
