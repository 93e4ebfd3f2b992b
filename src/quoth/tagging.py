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


STATES = np.array([PAIR_TAGS.index(tag) for edges in ("B", "OS", "E", "I") for tag in PAIR_TAGS if tag[0] in edges])
"""The tags in an order that makes legality a matter of slices: B, then O and S, then E, then I."""
OPENING, CLOSED, BEGUN, GONE_ON = slice(0, 7), slice(3, 10), slice(0, 3), slice(10, 13)
"""B, O and S may follow only what is closed: O, S and E. The others, E and I, only what is begun or goes on: B and I of the same role."""
_CAME_FROM = np.array([0] * OPENING.stop + [1, 2, 3] * 2)
"""What each state may follow: 0 what is closed, 1 to 3 a role that has begun or goes on."""
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
    anchors, words, _ = scores.shape
    best = np.ascontiguousarray(scores[:, :, STATES].transpose(1, 2, 0))
    best[0, OPENING.stop :] += _FORBIDDEN
    opening, closed, begun, gone_on = (best[:, states] for states in (OPENING, CLOSED, BEGUN, GONE_ON))
    inner = best[:, OPENING.stop :].reshape(words, 2, 3, anchors)
    for opens, goes_on, ended, first, further in zip(opening[1:], inner[1:], closed, begun, gone_on, strict=False):
        opens += np.maximum.reduce(ended)
        goes_on += np.maximum(first, further)
    from_closed = closed.argmax(axis=1) + CLOSED.start
    from_inner = np.where(begun >= gone_on, *(np.r_[states][:, None] for states in (BEGUN, GONE_ON)))
    came_from = np.concatenate((from_closed[:, None], from_inner), axis=1).reshape(words, -1)
    states, rows = [from_closed[-1]], np.arange(anchors)
    for before in came_from[-2::-1]:
        states.append(before.take(_CAME_FROM.take(states[-1]) * anchors + rows))
    tags: Ints = STATES[np.array(states[::-1])].T
    return tags


def runs(tags: Ints) -> list[dict[str, list[tuple[int, int]]]]:
    """For each row of legal pair tags (A, W) the runs of words (first, last + 1) that carry each role; touching pieces are joined."""
    roles = np.zeros((len(tags), tags.shape[1] + 2), dtype=np.int64)
    roles[:, 1:-1] = (tags + 3) // 4
    rows, edges = np.nonzero(np.diff(roles, axis=1))
    begun = roles[rows, edges + 1]
    found: list[dict[str, list[tuple[int, int]]]] = [{role: [] for role in ROLES} for _ in tags]
    for index in np.flatnonzero(begun).tolist():
        found[rows[index]][ROLES[begun[index] - 1]].append((int(edges[index]), int(edges[index + 1])))
    return found
