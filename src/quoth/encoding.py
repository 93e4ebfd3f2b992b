"""Text to what the model reads: word pieces with their places in the text, letter case, quotation marks and paragraphs.

The same functions serve training and use, so that the two cannot differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quoth.marks import paragraphs, quotations

Ints = npt.NDArray[np.int64]

SHAPES = ("lower", "initial", "upper", "mixed", "digit", "other")
MARK_STATES = ("outside", "inside", "opening", "closing", "uncertain")
LAYOUTS = len(MARK_STATES) * 2
"""Layout ids: the state of the marks, plus five where a piece is the first of its paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A text as word pieces: parallel arrays, one entry a piece; `frame` are the two pieces that stand around a window."""

    ids: Ints
    starts: Ints
    ends: Ints
    shapes: Ints
    layouts: Ints
    paragraphs: Ints
    word_first: npt.NDArray[np.bool_]
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
    lines = [(line.start, line.end) for line in paragraphs(text)]
    encodings = tokenizer.encode_batch([text[start:end] for start, end in lines], add_special_tokens=False)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    shapes: list[int] = []
    numbers: list[int] = []
    firsts: list[bool] = []
    for number, ((line_start, _), encoding) in enumerate(zip(lines, encodings, strict=True)):
        ids.extend(encoding.ids)
        offsets, words = encoding.offsets, encoding.word_ids
        starts.extend(line_start + start for start, _ in offsets)
        ends.extend(line_start + end for _, end in offsets)
        numbers.extend([number] * len(offsets))
        word, shape = -1, 0
        for index, (piece_word, (start, _)) in enumerate(zip(words, offsets, strict=True)):
            first = piece_word != word
            if first:
                last = index
                while last + 1 < len(words) and words[last + 1] == piece_word:
                    last += 1
                word, shape = piece_word, shape_of(text[line_start + start : line_start + offsets[last][1]])
            firsts.append(first)
            shapes.append(shape)
    starts_array, ends_array = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    numbers_array = np.array(numbers, dtype=np.int64)
    layouts = _mark_states(text, starts_array)
    if len(ids):
        layouts[np.diff(numbers_array, prepend=-1) != 0] += len(MARK_STATES)
    before, after = tokenizer.encode("").ids
    return Pieces(
        ids=np.array(ids, dtype=np.int64),
        starts=starts_array,
        ends=ends_array,
        shapes=np.array(shapes, dtype=np.int64),
        layouts=layouts,
        paragraphs=numbers_array,
        word_first=np.array(firsts, dtype=np.bool_),
        frame=(before, after),
    )


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
    """Cuts at paragraph ends, filled up to `size` pieces with the paragraphs around as far as `context` allows.

    A paragraph longer than a window is cut into parts that overlap by a quarter of the window. Every piece is in the core of exactly one
    window.
    """
    if not len(pieces):
        return
    room = size - 2 * context
    edges = [0, *(np.flatnonzero(np.diff(pieces.paragraphs)) + 1).tolist(), len(pieces)]
    parts: list[tuple[int, int]] = []
    for low, high in pairwise(edges):
        if high - low <= room:
            if parts and high - parts[-1][0] <= room:
                parts[-1] = (parts[-1][0], high)
            else:
                parts.append((low, high))
        else:
            count = -(-(high - low) // (room - room // 4))
            cuts = [low + (high - low) * index // count for index in range(count + 1)]
            parts.extend(pairwise(cuts))
    for low, high in parts:
        spare = size - (high - low)
        before = min(low, max(context, spare // 2 if high - low > room * 3 // 4 else context))
        start = low - before
        end = min(len(pieces), high + min(spare - before, max(context, size // 8)))
        yield Window(start=start, end=end, core_start=low, core_end=high)
