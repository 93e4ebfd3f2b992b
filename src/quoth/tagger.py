"""The model: text to candidates, each an attribution read from one cue; the only room that knows onnxruntime."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from quoth.confidence import read_calibration
from quoth.encoding import CLS, MARK_STATES, SEP, Ints, Pieces, Window, encode, load_tokenizer, windows
from quoth.errors import ModelError
from quoth.tagging import PAIR_TAGS, ROLES, Floats, best_tags, head_of, runs
from quoth.types import Antecedent, Candidate, Span

MODEL = Path(__file__).parent / "models"
WINDOW = 318
"""Word pieces a window, without the two that frame it."""
CONTEXT = 24
"""Word pieces of the paragraphs around that a window sees beside its own."""
CERTAINLY_OUTSIDE = 0.995
"""A word that no anchor gives less than this probability of having no role is not looked at when tags are decoded."""

MOST_ANTECEDENTS, LEAST_ANTECEDENT = 8, 0.02
"""Other mentions of a source that are told: so many at most, and none that is less probable."""


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
        """Loads a model's files from a folder; `threads` 0 leaves the choice to onnxruntime. Raises ModelError."""
        try:
            weights = (folder / "model.onnx").read_bytes()
            self.tokenizer = load_tokenizer(folder / "tokenizer.json")
            self.settings = Settings(**json.loads((folder / "settings.json").read_text(encoding="utf-8")))
            self.calibration = read_calibration(folder / "calibration.json")
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
        return tuple(candidate for view in self._views(text) for candidate in decode(view))

    def antecedents(self, text: str, mention: Span) -> tuple[Antecedent, ...]:
        """The likeliest heads of other mentions of what a mention names, as each candidate has them for its source.

        >>> text = "Ada Osei rose. She left."
        >>> [first, *_] = load().antecedents(text, Span(start=15, end=18))
        >>> first.word.slice(text) in ("Ada", "Osei")
        True
        """
        for view in self._views(text):
            first, last = np.searchsorted(view.ends, mention.start, side="right"), np.searchsorted(view.starts, mention.end)
            if view.core.start <= mention.start < view.core.end and first < last:
                return view.antecedents(int(first), int(last))
        return ()

    def _views(self, text: str) -> Iterator["View"]:
        """What the model sees of a text, window by window."""
        pieces = encode(text, self.tokenizer)
        words = np.flatnonzero(pieces.word_first)
        for window in windows(pieces, WINDOW, CONTEXT):
            first, last = np.searchsorted(words, (window.start, window.end))
            if first < last:
                yield self._view(text, pieces, words, window, int(first), int(last))

    def _view(self, text: str, pieces: Pieces, words: Ints, window: Window, first: int, last: int) -> "View":
        inside = words[first:last]
        threshold = self.settings.threshold
        scores, anchors, tags, acts, pointers = self.session.run(
            ("anchor_scores", "anchors", "tags", "acts", "pointers"),
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
        ends = pieces.ends[np.append(words[first + 1 : last], words[last] if last < len(words) else len(pieces)) - 1]
        return View(
            text=text,
            core=Span(start=int(pieces.starts[window.core_start]), end=int(pieces.ends[window.core_end - 1])),
            starts=pieces.starts[inside],
            ends=ends,
            anchors=anchors[own],
            anchor_scores=scores,
            tags=tags[own],
            acts=acts[own],
            pointers=pointers,
        )


def _framed(values: Ints, before: int, after: int) -> Ints:
    return np.concatenate(([before], values, [after]))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the model saw in a window: where its words (W) stand in the text, the anchors it read (A), and logits.

    Logits are of being an anchor (W), of the tags of each word for an anchor (A, W, tags), of an anchor's act (A, acts), and of what each
    word points to (W, W + 1; the last is none).
    """

    text: str
    core: Span
    starts: Ints
    ends: Ints
    anchors: Ints
    anchor_scores: Floats
    tags: Floats
    acts: Floats
    pointers: Floats

    def span(self, first: int, last: int) -> Span:
        """The characters of words first to last - 1."""
        return Span(start=int(self.starts[first]), end=int(self.ends[last - 1]))

    def antecedents(self, first: int, last: int) -> tuple[Antecedent, ...]:
        """The likeliest heads of other mentions of what the words first to last - 1 name."""
        words = [self.text[self.starts[place] : self.ends[place]] for place in range(first, last)]
        logits = self.pointers[first + head_of(words)].copy()
        logits[first:last] = -np.inf
        shares = _softmax(logits)[:-1]
        likely = [place for place in np.argsort(-shares)[:MOST_ANTECEDENTS].tolist() if shares[place] >= LEAST_ANTECEDENT]
        return tuple(Antecedent(word=self.span(place, place + 1), probability=float(shares[place])) for place in likely)


def decode(view: View) -> Iterator[Candidate]:
    """The candidates of a window, one for each anchor that was read."""
    if not len(view.anchors):
        return
    logs = view.tags - view.tags.max(axis=2, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=2, keepdims=True))
    active = (logs[:, :, 0] < np.log(CERTAINLY_OUTSIDE)).any(axis=0)
    kept = np.flatnonzero(active | np.concatenate(([False], active[:-1])) | (np.arange(len(active)) == 0))
    best = np.zeros(logs.shape[:2], dtype=np.int64)
    best[:, kept] = best_tags(logs[:, kept])
    for row, anchor in enumerate(view.anchors.tolist()):
        pieces = {role: runs(best[row], role) for role in ROLES}
        cue, source = (_nearest(pieces[role], anchor) for role in ("cue", "source"))
        yield Candidate(
            anchor=view.span(anchor, anchor + 1),
            content=tuple(view.span(*piece) for piece in pieces["content"]),
            cue=None if cue is None else view.span(*cue),
            source=None if source is None else view.span(*source),
            score=float(1 / (1 + np.exp(-view.anchor_scores[anchor]))),
            content_score=_certainty(logs[row], pieces["content"], "content"),
            source_score=_certainty(logs[row], pieces["source"], "source"),
            acts=tuple(_softmax(view.acts[row]).tolist()),
            antecedents=() if source is None else view.antecedents(*source),
        )


def _certainty(logs: Floats, pieces: list[tuple[int, int]], role: str) -> float:
    """The mean probability that the words of the pieces have the role; 0.0 if there are none."""
    low = PAIR_TAGS.index(f"B-{role}")
    words = [word for first, last in pieces for word in range(first, last)]
    return float(np.exp(logs[words, low : low + 4]).sum(axis=1).mean()) if words else 0.0


def _nearest(pieces: list[tuple[int, int]], place: int) -> tuple[int, int] | None:
    return min(pieces, key=lambda piece: max(piece[0] - place, place - piece[1]), default=None)


def _softmax(logits: Floats) -> Floats:
    shares: Floats = np.exp(logits - logits.max())
    shares /= shares.sum()
    return shares


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
