"""Text to what the model reads: word pieces with their places in the text, letter case, quotation marks and paragraphs.

The same functions serve training and use, so that the two cannot differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quoth.marks import paragraphs, quotations
from quoth.types import Span

Ints = npt.NDArray[np.int64]

SHAPES = ("lower", "initial", "upper", "mixed", "digit", "other")
MARK_STATES = ("outside", "inside", "opening", "closing", "uncertain")
LAYOUTS = len(MARK_STATES) * 2
"""Layout ids: the state of the marks, plus five where a piece is the first of its paragraph."""

GOES_ON, LED_TO, UNCLOSED, QUOTED, LOOSE = 195, 78, 52, 20, 13
"""What parting two paragraphs costs, in pieces: a quotation goes on; a colon, a small letter; a mark never closed; a mark; a pronoun."""
TAKING_UP = frozenset("he she they it his her their".split())
ENDS = frozenset(".!?\"”’')")
LEADS = frozenset(":,;—–-")
WINDOW_COST, SLOWER = 9, 1 / 770
"""A window costs as much as so many pieces beside its own, and each piece this part more for every other one, which it attends to."""
MOST_PARAGRAPHS = 40
"""Paragraphs of a window at most, so that the work is linear where each is a single piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A text as word pieces: parallel arrays, one entry a piece; `frame` are the two pieces that stand around a window.

    `ties` has one entry a paragraph that holds a piece: how much speaks against a cut before it.
    """

    ids: Ints
    starts: Ints
    ends: Ints
    shapes: Ints
    layouts: Ints
    paragraphs: Ints
    word_first: npt.NDArray[np.bool_]
    ties: Ints
    frame: tuple[int, int]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A run of pieces `start..end` that the model reads at once; results are kept for `core_start..core_end`."""

    start: int
    end: int
    core_start: int
    core_end: int


def load_tokenizer(path: Path) -> Any:
    """The WordPiece tokenizer stored beside the model (a `tokenizers.Tokenizer`)."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def shape_of(word: str) -> int:
    """The letter case of a word as an index into `SHAPES`.

    >>> [SHAPES[shape_of(word)] for word in ("said", "Putin", "NATO", "iPhone", "2019", "—")]
    ['lower', 'initial', 'upper', 'mixed', 'digit', 'other']
    """
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 1
    if word[:1].isupper() and word[1:].islower():
        return 1
    if any(character.isdigit() for character in word):
        return 4
    return 3 if any(character.isalpha() for character in word) else 5


def encode(text: str, tokenizer: Any) -> Pieces:
    """The word pieces of a text with letter case, state of the quotation marks and paragraph of each."""
    lines = paragraphs(text)
    encodings = tokenizer.encode_batch([line.slice(text) for line in lines], add_special_tokens=False)
    numbers = np.repeat(np.arange(len(lines)), [len(encoding) for encoding in encodings])
    words = np.fromiter(chain.from_iterable([encoding.word_ids for encoding in encodings]), dtype=np.int64)
    places = chain.from_iterable([encoding.offsets for encoding in encodings])
    offsets = np.fromiter(chain.from_iterable(places), dtype=np.int64).reshape(-1, 2)
    offsets += np.array([line.start for line in lines], dtype=np.int64)[numbers, None]
    starts, ends = offsets[:, 0].copy(), offsets[:, 1].copy()
    opens = _differs(numbers)
    word_first = opens | _differs(words)
    first = np.flatnonzero(word_first)
    last = np.append(first[1:], len(words))[: len(first)] - 1
    spelled = [text[start:end] for start, end in zip(starts[first].tolist(), ends[last].tolist(), strict=True)]
    known = {word: shape_of(word) for word in set(spelled)}
    shapes = [known[word] for word in spelled]
    layouts = _mark_states(text, starts)
    ties = _ties(text, [lines[number] for number in numbers[opens].tolist()], layouts, np.flatnonzero(opens))
    layouts[opens] += len(MARK_STATES)
    before, after = tokenizer.encode("").ids
    return Pieces(
        ids=np.fromiter(chain.from_iterable([encoding.ids for encoding in encodings]), dtype=np.int64),
        starts=starts,
        ends=ends,
        shapes=np.repeat(np.array(shapes, dtype=np.int64), last - first + 1),
        layouts=layouts,
        paragraphs=numbers,
        word_first=word_first,
        ties=ties,
        frame=(before, after),
    )


def _differs(values: Ints) -> npt.NDArray[np.bool_]:
    """Whether each value is another one than that before it, as the first one is."""
    differs = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=differs[1:])
    return differs


def _ties(text: str, lines: Sequence[Span], states: Ints, opens: Ints) -> Ints:
    """How much speaks against a cut before each paragraph, of the states of the marks (pieces) and the first piece of each (paragraphs)."""
    ties = np.zeros(len(lines), dtype=np.int64)
    last, first = states[opens[1:] - 1].tolist(), states[opens[1:]].tolist()
    for number, (before, line) in enumerate(pairwise(lines), start=1):
        state_before, state = last[number - 1], first[number - 1]
        word = text[line.start : line.start + 8].split(maxsplit=1)[0]
        if state_before == MARK_STATES.index("inside"):
            ties[number] = GOES_ON
        elif text[before.end - 1] in LEADS or text[line.start].islower():
            ties[number] = LED_TO
        elif state_before == MARK_STATES.index("uncertain"):
            ties[number] = UNCLOSED
        elif state in (MARK_STATES.index("opening"), MARK_STATES.index("uncertain")):
            ties[number] = QUOTED
        elif word.lower() in TAKING_UP or text[before.end - 1] not in ENDS:
            ties[number] = LOOSE
    return ties


def _mark_states(text: str, starts: Ints) -> Ints:
    """For each piece an index into `MARK_STATES`; of nested quotations the outermost counts."""
    states = np.zeros(len(starts), dtype=np.int64)
    for quotation in quotations(text):
        if quotation.depth:
            continue
        for piece in quotation.pieces:
            low, high = np.searchsorted(starts, (piece.start, piece.end))
            if low == high:
                continue
            if not quotation.certain:
                states[low:high] = 4
                continue
            width = len(quotation.style)
            states[low:high] = 1
            states[low : np.searchsorted(starts, piece.start + width)] = 2
            if piece is quotation.pieces[-1]:
                states[np.searchsorted(starts, piece.end - width) : high] = 3
    return states


def windows(pieces: Pieces, size: int, context: int = 0) -> Iterator[Window]:
    """Whole paragraphs, as the model knows them from its training, `size` pieces at most; every piece is in the core of exactly one window.

    What belongs together is kept together (`ties`), and windows are as short as is cheap. A paragraph longer than a window is cut into
    equal parts, which see `context` pieces more of it on either side.
    """
    edges = [*np.flatnonzero(_differs(pieces.paragraphs)).tolist(), len(pieces)]
    for first, last in _packed(edges, pieces.ties.tolist(), size):
        low, high = edges[first], edges[last]
        count = 1 if high - low <= size else -(-(high - low) // (size - 2 * context))
        cuts = [low + (high - low) * index // count for index in range(count + 1)]
        for start, end in pairwise(cuts):
            yield Window(start=max(low, start - context), end=min(high, end + context), core_start=start, core_end=end)


def _packed(edges: list[int], ties: list[int], size: int) -> list[tuple[int, int]]:
    """The cheapest runs of paragraphs (first, last + 1) that are no longer than `size`, or a single paragraph each."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(edges)):
        choices: list[tuple[float, int]] = []
        for first in range(last - 1, max(-1, last - 1 - MOST_PARAGRAPHS), -1):
            length = edges[last] - edges[first]
            if length > size and choices:
                break
            choices.append((best[first][0] + ties[first] + WINDOW_COST + length * (1 + length * SLOWER), first))
        best.append(min(choices))
    runs: list[tuple[int, int]] = []
    last = len(edges) - 1
    while last > 0:
        runs.append((best[last][1], last))
        last = best[last][1]
    return runs[::-1]
