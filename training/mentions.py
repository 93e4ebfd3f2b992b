"""Coreference corpora to training windows: which words of a window are heads of mentions of the same one."""

import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from quoth.encoding import Ints, Pieces, encode
from quoth.tagging import head_of
from training.data import WORD, Report, vary

MOST_QUERIES = 32
"""Mentions of a window that are asked about in one epoch; the others have their turn in another."""


@dataclass(kw_only=True)
class MentionWindow:
    """One training window: model inputs a piece; words; and for each query word the words that it may point to.

    `right` are the heads of other mentions of the same one, none where it is not named elsewhere in the window. `asked` are the words
    among which to choose, None for all.
    """

    ids: Ints
    shapes: Ints
    layouts: Ints
    words: Ints
    queries: Ints
    right: list[Ints]
    asked: list[Ints | None]


def mention_windows(report: Report, tokenizer: Any, size: int, rng: random.Random) -> list[MentionWindow]:
    """The windows of a report of the mention schema or of GAP for one epoch, its marks and case varied as those of attributions."""
    pieces = encode(vary(report["text"], rng), tokenizer)
    words = np.flatnonzero(pieces.word_first)
    starts = pieces.starts[words]
    if "pronoun" in report:
        window = _gap_window(report, pieces, words, starts)
        return [window] if len(pieces) <= size else []
    heads = sorted({(_head_word(report["text"], mention, starts), mention["entity"]) for mention in report["mentions"]})
    edges = [0, *(np.flatnonzero(np.diff(pieces.paragraphs)) + 1).tolist(), len(pieces)]
    low, windows = 0, []
    while low < len(pieces):
        fitting = [edge for edge in edges if low + size // 3 < edge <= low + size - 2]
        high = fitting[-1] if fitting else min(len(pieces), low + size - 2)
        windows.append(_window(pieces, words, heads, low, high, rng))
        low = high
    return [window for window in windows if len(window.queries)]


def _head_word(text: str, mention: dict[str, Any], starts: Ints) -> int:
    """The word number of the head of a mention: the last word of the annotated head, or of the mention up to what describes it."""
    start, end = mention.get("head") or mention["span"]
    found = list(WORD.finditer(text, start, end))
    place = found[-1] if mention.get("head") else found[head_of([word.group() for word in found])]
    return int(np.searchsorted(starts, place.start(), side="right")) - 1


def _window(pieces: Pieces, words: Ints, heads: list[tuple[int, str]], low: int, high: int, rng: random.Random) -> MentionWindow:
    first, last = (int(place) for place in np.searchsorted(words, (low, high)))
    inside = [(word - first, entity) for word, entity in heads if first <= word < last]
    named = defaultdict(set)
    for word, entity in inside:
        named[entity].add(word)
    queries = rng.sample(inside, min(len(inside), MOST_QUERIES))
    return MentionWindow(
        **_inputs(pieces, low, high),
        words=words[first:last] - low + 1,
        queries=np.array([word for word, _ in queries], dtype=np.int64),
        right=[np.array(sorted(named[entity] - {word}), dtype=np.int64) for word, entity in queries],
        asked=[None] * len(queries),
    )


def _gap_window(report: Report, pieces: Pieces, words: Ints, starts: Ints) -> MentionWindow:
    """The one window of a GAP snippet: its pronoun, which may mean one of two names or neither."""
    pronoun, first, second = (
        int(np.searchsorted(starts, report[name][1] - 1, side="right")) - 1 for name in ("pronoun", "a", "b")
    )  # fmt: skip
    right = [word for word, name in ((first, "a"), (second, "b")) if report[f"{name}_coref"]]
    return MentionWindow(
        **_inputs(pieces, 0, len(pieces)),
        words=words + 1,
        queries=np.array([pronoun]),
        right=[np.array(right, dtype=np.int64)],
        asked=[np.array([first, second])],
    )


def _inputs(pieces: Pieces, low: int, high: int) -> dict[str, Ints]:
    return {
        "ids": np.concatenate(([pieces.frame[0]], pieces.ids[low:high], [pieces.frame[1]])),
        "shapes": np.concatenate(([5], pieces.shapes[low:high], [5])),
        "layouts": np.concatenate(([0], pieces.layouts[low:high], [0])),
    }
