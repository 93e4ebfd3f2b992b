"""Corpora to training windows."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quoth.encoding import Ints, Pieces, encode
from quoth.marks import quotations
from quoth.tagging import PAIR_TAGS, ROLE_TAGS, ROLES
from training.acts import UNKNOWN, silver_act

Report = dict[str, Any]
WORD = re.compile(r"\w+|[^\w\s]")


def read_corpus(path: Path) -> list[Report]:
    """The reports of a `.jsonl` or `.jsonl.gz` corpus in the attribution schema."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def cue_weights(reports: Iterable[Report]) -> dict[str, float]:
    """For each word the log odds of standing in a cue rather than elsewhere; the anchor of a cue is its best word."""
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for report in reports:
        everywhere.update(word.lower() for word in WORD.findall(report["text"]))
        for attribution in report["attributions"]:
            for start, end in attribution["cue"]:
                inside.update(word.lower() for word in WORD.findall(report["text"][start:end]))
    return {word: log((inside[word] + 0.1) / (everywhere[word] - inside[word] + 1.0)) for word in everywhere}


@dataclass(kw_only=True)
class Example:
    """A report ready for windows: its pieces, which of them begin words, and its attributions in word numbers.

    Where a corpus marks no attribution within another (`nests` is false), the words of a content are not known to be no anchors; where
    it does not mark all (`complete` is false), no word is that is not marked.
    """

    pieces: Pieces
    words: Ints
    domain: int = 0
    nests: bool = True
    complete: bool = True
    attributions: list[dict[str, Any]] = field(default_factory=list)


def anchor_of(text: str, spans: list[list[int]], starts: Ints, weights: dict[str, float]) -> int | None:
    """The word number of a cue's anchor: the word that is most often part of cues, the last of equals."""
    best: tuple[float, int] | None = None
    for start, end in spans:
        for found in WORD.finditer(text, start, end):
            score = weights.get(found.group().lower(), -6.0)
            if not found.group()[0].isalnum():
                score -= 2.0
            if best is None or score >= best[0]:
                best = (score, int(np.searchsorted(starts, found.start(), side="right")) - 1)
    return None if best is None else best[1]


def prepare(report: Report, tokenizer: Any, weights: dict[str, float], text: str | None = None) -> Example:
    """A report's pieces and attributions; `text` may be a variant of equal length (other marks, other case)."""
    original = report["text"]
    text = original if text is None else text
    pieces = encode(text, tokenizer)
    words = np.flatnonzero(pieces.word_first)
    starts = pieces.starts[words]
    last_pieces = np.append(words[1:], len(pieces)) - 1
    ends = pieces.ends[last_pieces]
    example = Example(
        pieces=pieces,
        words=words,
        domain=report.get("domain", 0),
        nests=report["corpus"] != "polnear",
        complete=report.get("complete", not report.get("unaligned")),
    )
    for attribution in report["attributions"]:
        anchor = anchor_of(original, attribution["cue"], starts, weights)
        if anchor is None:
            continue
        word = original[starts[anchor] : ends[anchor]]
        roles: dict[str, Any] = {"anchor": anchor, "act": silver_act(original, attribution, word)}
        for role in ROLES:
            roles[role] = _word_runs(attribution[role], starts, ends)
        example.attributions.append(roles)
    return example


def _word_runs(spans: list[list[int]], starts: Ints, ends: Ints) -> list[tuple[int, int]]:
    runs = []
    for start, end in spans:
        low, high = int(np.searchsorted(ends, start, side="right")), int(np.searchsorted(starts, end, side="left"))
        if low < high:
            runs.append((low, high))
    return runs


def vary(text: str, rng: random.Random) -> str:
    """The same text, character for character, with other quotation marks or damaged case; most often unchanged."""
    dice = rng.random()
    characters = list(text)
    if dice < 0.12:
        return text.replace("“", '"').replace("”", '"')
    if dice < 0.30:
        pair = ("“", "”") if dice < 0.22 else ("‘", "’") if dice < 0.27 else ("«", "»")
        for quotation in quotations(text):
            if quotation.depth or not quotation.certain or quotation.style not in ('"', "“"):
                continue
            for piece in quotation.pieces:
                characters[piece.start] = pair[0]
            characters[quotation.end - 1] = pair[1]
        return "".join(characters)
    if dice < 0.36:
        places = [index for index, character in enumerate(text) if character in '"“”']
        for index in rng.sample(places, k=max(0, min(len(places), 1 + len(places) // 12))):
            characters[index] = " "
        return "".join(characters)
    if dice < 0.39:
        return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)
    return text


@dataclass(kw_only=True)
class WindowExample:
    """One training window: model inputs a piece, and targets a word."""

    ids: Ints
    shapes: Ints
    layouts: Ints
    words: Ints
    word_paragraphs: Ints
    role_tags: Ints
    anchors: Ints
    pair_tags: Ints
    acts: Ints
    settled: npt.NDArray[np.bool_]
    domain: int = 0
    labelled: bool = True


def cut(example: Example, size: int, rng: random.Random) -> list[WindowExample]:
    """A report's windows for one epoch: whole paragraphs up to `size` pieces, from a random first cut; long paragraphs are cut anywhere."""
    pieces = example.pieces
    edges = [0, *(np.flatnonzero(np.diff(pieces.paragraphs)) + 1).tolist(), len(pieces)]
    room = size - 2
    target = rng.randint(room // 3, room)
    low, result = 0, []
    while low < len(pieces):
        fitting = [edge for edge in edges if low < edge <= low + target]
        high = fitting[-1] if fitting else min(len(pieces), low + room)
        result.append(_window(example, low, high))
        low, target = high, room
    return [window for window in result if len(window.words)]


def _window(example: Example, low: int, high: int) -> WindowExample:
    pieces = example.pieces
    first, last = (int(place) for place in np.searchsorted(example.words, (low, high)))
    count = last - first
    inside = [attribution for attribution in example.attributions if first <= attribution["anchor"] < last]
    role_tags = np.full(count, 0 if example.complete else UNKNOWN, dtype=np.int64)
    pair_tags = np.zeros((len(inside), count), dtype=np.int64)
    for row, attribution in enumerate(inside):
        for role in ROLES:
            for start, end in attribution[role]:
                start, end = max(start, first) - first, min(end, last) - first
                if start >= end:
                    continue
                begin = PAIR_TAGS.index(f"B-{role}")
                pair_tags[row, start:end] = begin + 1
                pair_tags[row, start], pair_tags[row, end - 1] = begin, begin + 2
                if end - start == 1:
                    pair_tags[row, start] = begin + 3
    for attribution in example.attributions:
        for role in ROLES:
            for start, end in attribution[role]:
                start, end = max(start, first) - first, min(end, last) - first
                if start < end:
                    role_tags[start:end] = ROLE_TAGS.index(f"I-{role}")
                    role_tags[start] = ROLE_TAGS.index(f"B-{role}")

    def framed(values: Ints, before: int, after: int) -> Ints:
        return np.concatenate(([before], values[low:high], [after]))

    words = example.words[first:last]
    anchors = np.array([attribution["anchor"] - first for attribution in inside], dtype=np.int64)
    return WindowExample(
        ids=framed(pieces.ids, *pieces.frame),
        shapes=framed(pieces.shapes, 5, 5),
        layouts=framed(pieces.layouts, 0, 0),
        words=words - low + 1,
        word_paragraphs=pieces.paragraphs[words],
        role_tags=role_tags,
        anchors=anchors,
        pair_tags=pair_tags,
        acts=np.array([attribution["act"] for attribution in inside], dtype=np.int64),
        settled=_settled(example, first, last, anchors),
        domain=example.domain,
        labelled=example.complete or bool(len(anchors)),
    )


def _settled(example: Example, first: int, last: int, anchors: Ints) -> npt.NDArray[np.bool_]:
    """Of which words of a window it is known whether they are anchors."""
    settled = np.full(last - first, example.complete, dtype=np.bool_)
    if not example.nests:
        for attribution in example.attributions:
            for start, end in attribution["content"]:
                settled[max(start - first, 0) : max(end - first, 0)] = False
    settled[anchors] = True
    return settled
