"""The model: text to candidates, each an attribution read from one cue; the only room that knows onnxruntime."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from quoth.confidence import logit, read_calibration
from quoth.encoding import MARK_STATES, Ints, Pieces, Window, encode, load_tokenizer, windows
from quoth.errors import ModelError
from quoth.tagging import PAIR_TAGS, ROLES, Floats, best_tags, head_of, runs
from quoth.types import Antecedent, Candidate, Span

MODEL = Path(__file__).parent / "models"
WINDOW = 318
"""Word pieces a window, without the two that frame it."""
CONTEXT = 40
"""Word pieces that a part of a paragraph longer than a window sees on either side."""
TOGETHER = 16
"""Windows whose tags are decoded at once: a word costs the same whatever the number of anchors."""
CERTAINLY_OUTSIDE = 0.995
"""A word that no anchor gives less than this probability of having no role is not looked at when tags are decoded."""

DEVICES = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
"""Where a model may compute, and what onnxruntime calls it."""
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
    """A model, loaded once; `tagger(text)` gives the candidates of a text in the order of their anchors."""

    def __init__(self, folder: Path = MODEL, *, threads: int = 0, device: str = "cpu") -> None:
        """Loads a model's files from a folder; `threads` 0 leaves the choice to onnxruntime, `device` is one of DEVICES.

        Raises ModelError.
        """
        try:
            weights = (folder / "model.onnx").read_bytes()
            self.tokenizer = load_tokenizer(folder / "tokenizer.json")
            self.settings = Settings(**json.loads((folder / "settings.json").read_text(encoding="utf-8")))
            self.calibration = read_calibration(folder / "calibration.json")
            self.session = _session(weights, threads, device)
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(f"the model cannot be loaded ({error})", concerns=str(folder)) from error
        self.sha256 = hashlib.sha256(weights).hexdigest()

    @property
    def name(self) -> str:
        """Name and hash of the model, as every statement tells them."""
        return f"{self.settings.name}@{self.sha256[:8]}"

    def __call__(self, text: str) -> tuple[Candidate, ...]:
        """The candidates of a text; at least one for every word that is more likely than `threshold` the anchor of a cue."""
        return tuple(self.read([text])[0])

    def read(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """The candidates of several texts, each read by itself; for short ones this takes less time than one call each."""
        found: list[list[Candidate]] = [[] for _ in texts]
        views = ((number, view) for number, text in enumerate(texts) for view in self._views(text) if len(view.anchors))
        while some := list(islice(views, TOGETHER)):
            for (number, _), candidates in zip(some, decode([view for _, view in some]), strict=True):
                found[number].extend(candidates)
        return found

    def antecedents(self, text: str, mention: Span) -> tuple[Antecedent, ...]:
        """The likeliest heads of other mentions of what a mention names, as each candidate has them for its source.

        >>> text = "Ada Osei spoke on Monday. She had no news."
        >>> [first, *_] = load().antecedents(text, Span(start=26, end=29))
        >>> first.word.slice(text) in ("Ada", "Osei")
        True
        """
        for view in self._views(text):
            first, last = np.searchsorted(view.ends, mention.start, side="right"), np.searchsorted(view.starts, mention.end)
            if view.core.start <= mention.start < view.core.end and first < last:
                return view.antecedents([(int(first), int(last))])[0]
        return ()

    def inputs(self, pieces: Pieces, window: Window, threshold: float) -> dict[str, Any]:
        """What the model reads of a window; the words whose score (a logit) is above the threshold are its anchors."""
        run = slice(window.start, window.end)
        words = np.flatnonzero(pieces.word_first[run])
        return {
            "ids": _framed(pieces.ids[run], *pieces.frame),
            "shapes": _framed(pieces.shapes[run], 5, 5),
            "layouts": _framed(pieces.layouts[run], 0, 0),
            "words": words + 1,
            "paragraphs": pieces.paragraphs[run][words],
            "threshold": np.array(threshold, dtype=np.float32),
        }

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
        scores, anchors, tags, acts, pointers = self.session.run(
            ("anchor_scores", "anchors", "tags", "acts", "pointers"), self.inputs(pieces, window, logit(self.settings.threshold))
        )
        states = pieces.layouts[inside] % len(MARK_STATES)
        own = (inside[anchors] >= window.core_start) & (inside[anchors] < window.core_end)
        tags = tags[own]
        tags[:, :, 0] -= self.settings.outside + self.settings.quoted * ((states >= 1) & (states <= 3))
        ends = pieces.ends[np.append(words[first + 1 : last], words[last] if last < len(words) else len(pieces)) - 1]
        return View(
            text=text,
            core=Span(start=int(pieces.starts[window.core_start]), end=int(pieces.ends[window.core_end - 1])),
            starts=pieces.starts[inside].tolist(),
            ends=ends.tolist(),
            anchors=anchors[own],
            anchor_scores=scores,
            tags=tags,
            acts=acts[own],
            pointers=pointers,
        )


def _framed(values: Ints, before: int, after: int) -> Ints:
    framed = np.empty(len(values) + 2, dtype=np.int64)
    framed[0], framed[1:-1], framed[-1] = before, values, after
    return framed


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the model saw in a window: where its words (W) stand in the text, the anchors it read (A), and logits.

    Logits are of being an anchor (W), of the tags of each word for an anchor (A, W, tags), of an anchor's act (A, acts), and of what each
    word points to (W, W + 1; the last is none).
    """

    text: str
    core: Span
    starts: list[int]
    ends: list[int]
    anchors: Ints
    anchor_scores: Floats
    tags: Floats
    acts: Floats
    pointers: Floats

    def span(self, first: int, last: int) -> Span:
        """The characters of words first to last - 1."""
        return Span(start=self.starts[first], end=self.ends[last - 1])

    def antecedents(self, mentions: Sequence[tuple[int, int]]) -> list[tuple[Antecedent, ...]]:
        """For each mention, the words first to last - 1, the likeliest heads of other mentions of what it names."""
        logits = self.pointers[[first + head_of(self._words(first, last)) for first, last in mentions]]
        for row, (first, last) in enumerate(mentions):
            logits[row, first:last] = -np.inf
        return [self._likeliest(shares) for shares in _softmax(logits)[:, :-1]]

    def _words(self, first: int, last: int) -> list[str]:
        return [self.text[start:end] for start, end in zip(self.starts[first:last], self.ends[first:last], strict=True)]

    def _likeliest(self, shares: Floats) -> tuple[Antecedent, ...]:
        """The words with the largest shares (W)."""
        likely = np.flatnonzero(shares >= LEAST_ANTECEDENT)
        places = likely[np.argsort(-shares[likely])][:MOST_ANTECEDENTS].tolist()
        return tuple([Antecedent(word=self.span(place, place + 1), probability=float(shares[place])) for place in places])


def decode(views: Sequence[View]) -> Iterator[list[Candidate]]:
    """The candidates of windows in order, one for each anchor that was read; every window has some."""
    logs = _log_shares(np.concatenate([view.tags.reshape(-1, len(PAIR_TAGS)) for view in views]))
    by_role = np.exp(logs)[:, 1:].reshape(len(logs), len(ROLES), -1).sum(axis=2)
    for view, shares, tags in zip(views, _parted(by_role, views), _tags_of(_parted(logs, views)), strict=True):
        yield _candidates(view, shares, runs(tags))


def _parted(rows: Floats, views: Sequence[View]) -> list[Floats]:
    """What stands in one row for each anchor and word of some windows, as (A, W, …) for each window."""
    cuts = np.cumsum([view.tags.shape[0] * view.tags.shape[1] for view in views])[:-1]
    return [part.reshape(*view.tags.shape[:2], -1) for view, part in zip(views, np.split(rows, cuts), strict=True)]


def _candidates(view: View, shares: Floats, found: Sequence[Mapping[str, list[tuple[int, int]]]]) -> list[Candidate]:
    """The candidates of a window by the shares of the roles (A, W, roles) and the runs of words that carry each role."""
    anchors = view.anchors.tolist()
    scores = (1 / (1 + np.exp(-view.anchor_scores[view.anchors]))).tolist()
    acts = _softmax(view.acts).tolist()
    sources = [_nearest(pieces["source"], anchor) for anchor, pieces in zip(anchors, found, strict=True)]
    antecedents = iter(view.antecedents([source for source in sources if source is not None]))
    candidates = []
    for row, (anchor, source, pieces) in enumerate(zip(anchors, sources, found, strict=True)):
        cue = _nearest(pieces["cue"], anchor)
        candidates.append(
            Candidate(
                anchor=view.span(anchor, anchor + 1),
                content=tuple([view.span(*piece) for piece in pieces["content"]]),
                cue=None if cue is None else view.span(*cue),
                source=None if source is None else view.span(*source),
                score=scores[row],
                content_score=_certainty(shares[row, :, ROLES.index("content")], pieces["content"]),
                source_score=_certainty(shares[row, :, ROLES.index("source")], pieces["source"]),
                acts=tuple(acts[row]),
                antecedents=() if source is None else next(antecedents),
            )
        )
    return candidates


def _log_shares(logits: Floats) -> Floats:
    """The logarithms of shares of one, along the last axis."""
    logs: Floats = logits - logits.max(axis=-1, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=-1, keepdims=True))
    return logs


def _tags_of(logs: Sequence[Floats]) -> Iterator[Ints]:
    """The best legal tags (A, W) of several windows, found at once; of each only the words that an anchor may want, and the next."""
    kept = []
    for one in logs:
        active = (one[:, :, 0] < np.log(CERTAINLY_OUTSIDE)).any(axis=0)
        active[1:] |= active[:-1]
        active[0] = True
        kept.append(np.flatnonzero(active))
    together = np.full((sum(map(len, logs)), max(map(len, kept)), len(PAIR_TAGS)), -np.inf, dtype=np.float32)
    together[:, :, 0] = 0.0
    edges = np.cumsum([0, *map(len, logs)]).tolist()
    for one, places, (low, high) in zip(logs, kept, pairwise(edges), strict=True):
        together[low:high, : len(places)] = one[:, places]
    best = best_tags(together)
    for one, places, (low, high) in zip(logs, kept, pairwise(edges), strict=True):
        tags = np.zeros(one.shape[:2], dtype=np.int64)
        tags[:, places] = best[low:high, : len(places)]
        yield tags


def _certainty(shares: Floats, pieces: Sequence[tuple[int, int]]) -> float:
    """The mean probability that the words of the pieces have a role, of the shares of all words (W); 0.0 if there are none."""
    inside = sum([last - first for first, last in pieces])
    return float(sum([np.add.reduce(shares[first:last]) for first, last in pieces]) / inside) if inside else 0.0


def _nearest(pieces: list[tuple[int, int]], place: int) -> tuple[int, int] | None:
    return min(pieces, key=lambda piece: max(piece[0] - place, place - piece[1]), default=None)


def _softmax(logits: Floats) -> Floats:
    """Shares of one, along the last axis."""
    shares: Floats = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares


def _session(weights: bytes, threads: int, device: str) -> Any:
    import onnxruntime

    if device == "cuda" and DEVICES[device] not in onnxruntime.get_available_providers():
        raise ModelError("no GPU can be used: onnxruntime is here without CUDA (pip install onnxruntime-gpu)")
    if device == "cuda" and b"DynamicQuantizeMatMul" in weights:
        raise ModelError("this model computes in int8, for CPUs; a GPU needs one of python -m training.export --float (docs/scale.md)")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(weights, options, providers=list(dict.fromkeys((DEVICES[device], DEVICES["cpu"]))))
    if DEVICES[device] not in session.get_providers():
        raise ModelError("no GPU can be used: CUDA finds none, or not its libraries")
    return session


def model_folder(model: str) -> Path:
    """Where a model's files lie: `fast` is the one that ships, `accurate` a larger one that `make accurate` builds, else a folder.

    Larger models are looked for in the folder that the variable QUOTH_MODELS names, else among the user's data
    (`$XDG_DATA_HOME/quoth/models`, by default `~/.local/share/quoth/models`).

    >>> model_folder("fast") == MODEL, model_folder("mine/model").name
    (True, 'model')
    """
    if model == "fast":
        return MODEL
    if model != "accurate":
        return Path(model)
    told, home = os.environ.get("QUOTH_MODELS"), os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return (Path(told) if told else Path(home, "quoth", "models")) / model


def load(model: str = "fast", *, threads: int = 0, device: str = "cpu") -> Tagger:
    """A model by name or folder (`model_folder`), loaded at the first call and kept; raises ModelError."""
    return _kept(model, threads, device)


@cache
def _kept(model: str, threads: int, device: str) -> Tagger:
    folder = model_folder(model)
    if not (folder / "model.onnx").exists():
        missing = (
            "the accurate model is not here; `make accurate` builds it" if model == "accurate" else "no model (model.onnx) in this folder"
        )
        raise ModelError(missing, concerns=str(folder))
    return Tagger(folder, threads=threads, device=device)
