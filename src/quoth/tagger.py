"""The model: text to candidates, each an attribution read from one cue; the only room that knows onnxruntime."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from quoth.encoding import CLS, MARK_STATES, SEP, Ints, Pieces, Window, encode, load_tokenizer, windows
from quoth.errors import ModelError
from quoth.tagging import PAIR_TAGS, ROLES, Floats, best_tags, runs
from quoth.types import Candidate, Span

MODEL = Path(__file__).parent / "models"
WINDOW = 318
"""Word pieces a window, without the two that frame it."""
CONTEXT = 24
"""Word pieces of the paragraphs around that a window sees beside its own."""
CERTAINLY_OUTSIDE = 0.995
"""A word that no anchor gives less than this probability of having no role is not looked at when tags are decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What goes with the weights, chosen on a development set.

    The name of the model, the least probability of an anchor that is read, and by how much (in logits) a word's having no role is held
    back: everywhere, and once more within quotation marks that pair.
    """

    name: str
    threshold: float
    outside: float
    quoted: float


class Tagger:
    """The shipped model, loaded once; `tagger(text)` gives the candidates of a text in the order of their anchors."""

    def __init__(self, folder: Path = MODEL, *, threads: int = 0) -> None:
        """Loads `model.onnx`, `tokenizer.json` and `settings.json`; `threads` 0 leaves the choice to onnxruntime. Raises ModelError."""
        try:
            weights = (folder / "model.onnx").read_bytes()
            self.tokenizer = load_tokenizer(folder / "tokenizer.json")
            self.settings = Settings(**json.loads((folder / "settings.json").read_text(encoding="utf-8")))
            self.session = _session(weights, threads)
        except Exception as error:
            raise ModelError(f"the model cannot be loaded ({error})", concerns=str(folder)) from error
        self.sha256 = hashlib.sha256(weights).hexdigest()

    @property
    def name(self) -> str:
        """Name and hash of the model, as every statement tells them."""
        return f"{self.settings.name}@{self.sha256[:8]}"

    def __call__(self, text: str) -> tuple[Candidate, ...]:
        """The candidates of a text; at least one for every word that is more likely than `threshold` the anchor of a cue."""
        pieces = encode(text, self.tokenizer)
        words = np.flatnonzero(pieces.word_first)
        found: list[Candidate] = []
        for window in windows(pieces, WINDOW, CONTEXT):
            found.extend(self._read(pieces, words, window))
        return tuple(found)

    def _read(self, pieces: Pieces, words: Ints, window: Window) -> Iterator[Candidate]:
        """The candidates whose anchor lies in the core of the window."""
        first, last = np.searchsorted(words, (window.start, window.end))
        inside = words[first:last]
        if not len(inside):
            return
        threshold = self.settings.threshold
        _, scores, anchors, tags = self.session.run(
            ("roles", "anchor_scores", "anchors", "tags"),
            {
                "ids": _framed(pieces.ids[window.start : window.end], CLS, SEP),
                "shapes": _framed(pieces.shapes[window.start : window.end], 5, 5),
                "layouts": _framed(pieces.layouts[window.start : window.end], 0, 0),
                "words": inside - window.start + 1,
                "paragraphs": pieces.paragraphs[inside],
                "threshold": np.array(np.log(threshold / (1 - threshold)), dtype=np.float32),
            },
        )
        quoted = np.isin(pieces.layouts[inside] % len(MARK_STATES), (1, 2, 3))
        tags[:, :, 0] -= self.settings.outside + self.settings.quoted * quoted
        own = (inside[anchors] >= window.core_start) & (inside[anchors] < window.core_end)
        anchors, tags = anchors[own], tags[own]
        ends = pieces.ends[np.append(words[first + 1 : last], words[last] if last < len(words) else len(pieces)) - 1]
        yield from decode(pieces.starts[inside], ends, scores, anchors, tags)


def _framed(values: Ints, before: int, after: int) -> Ints:
    return np.concatenate(([before], values, [after]))


def decode(starts: Ints, ends: Ints, anchor_scores: Floats, anchors: Ints, scores: Floats) -> Iterator[Candidate]:
    """Candidates from the scores of a window: places (W) of words in the text, logits (W) of anchors, anchors (A), logits (A, W, tags)."""
    if not len(anchors):
        return
    logs = scores - scores.max(axis=2, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=2, keepdims=True))
    active = (logs[:, :, 0] < np.log(CERTAINLY_OUTSIDE)).any(axis=0)
    kept = np.flatnonzero(active | np.concatenate(([False], active[:-1])) | (np.arange(len(active)) == 0))
    best = np.zeros(logs.shape[:2], dtype=np.int64)
    best[:, kept] = best_tags(logs[:, kept])
    for row, anchor in enumerate(anchors.tolist()):
        pieces = {role: runs(best[row], role) for role in ROLES}
        spans = {role: tuple(Span(start=int(starts[low]), end=int(ends[high - 1])) for low, high in pieces[role]) for role in ROLES}
        yield Candidate(
            anchor=Span(start=int(starts[anchor]), end=int(ends[anchor])),
            content=spans["content"],
            cue=_nearest(spans["cue"], int(starts[anchor])),
            source=_nearest(spans["source"], int(starts[anchor])),
            score=float(1 / (1 + np.exp(-anchor_scores[anchor]))),
            content_score=_certainty(logs[row], pieces["content"], "content"),
            source_score=_certainty(logs[row], pieces["source"], "source"),
        )


def _certainty(logs: Floats, pieces: list[tuple[int, int]], role: str) -> float:
    """The mean probability that the words of the pieces have the role; 0.0 if there are none."""
    low = PAIR_TAGS.index(f"B-{role}")
    words = [word for first, last in pieces for word in range(first, last)]
    return float(np.exp(logs[words, low : low + 4]).sum(axis=1).mean()) if words else 0.0


def _nearest(spans: tuple[Span, ...], place: int) -> Span | None:
    return min(spans, key=lambda span: max(span.start - place, place - span.end), default=None)


def _session(weights: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


@cache
def load(*, threads: int = 0) -> Tagger:
    """The shipped model, loaded at the first call and kept; raises ModelError."""
    return Tagger(threads=threads)
