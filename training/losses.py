"""What the network reads of a batch, and how far that is from the marks and from its teachers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from quoth.tagging import distance_buckets, paragraph_buckets
from training.acts import UNKNOWN
from training.data import WindowExample
from training.mentions import MentionWindow
from training.network import Network
from training.teachers import Echo, Seen, binary, divergence, encode_words, mean_of

IGNORED = -100
"""The target of a word about which nothing is known."""
HOPELESS = -3.0
"""Words less likely anchors than this (a logit) need no lesson in not being one."""


def padded(windows: Sequence[Any], name: str, size: int, fill: int) -> Tensor:
    """One array of each window, padded to one size."""
    rows = [np.pad(getattr(window, name), (0, size - len(getattr(window, name))), constant_values=fill) for window in windows]
    return torch.from_numpy(np.stack(rows))


def collate(windows: Sequence[WindowExample | MentionWindow], device: torch.device) -> dict[str, Tensor]:
    """Pads what both kinds of windows have; `mask` and `present` tell pieces and words from padding."""
    pieces, words = ([len(getattr(window, name)) for window in windows] for name in ("ids", "words"))
    length, width = max(pieces), max(words)
    batch = {
        "ids": padded(windows, "ids", length, 0),
        "shapes": padded(windows, "shapes", length, 5),
        "layouts": padded(windows, "layouts", length, 0),
        "mask": torch.arange(length) < torch.tensor(pieces)[:, None],
        "words": padded(windows, "words", width, 0),
        "present": torch.arange(width) < torch.tensor(words)[:, None],
        "domains": torch.tensor([getattr(window, "domain", 0) for window in windows]),
    }
    return {name: value.to(device) for name, value in batch.items()}


def anchors_of(network: Network, words: Tensor) -> Tensor:
    """Logits (B, W) of each word's being an anchor."""
    return network.anchor(words).squeeze(-1)


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The words (A) that are read as anchors: their windows, their places, the buckets (A, W) of every word seen from them, and targets.

    `tags` (A, W) and `acts` (A) are IGNORED where only the teachers know.
    """

    rows: Tensor
    anchors: Tensor
    distances: Tensor
    paragraphs: Tensor
    tags: Tensor
    acts: Tensor

    def read(self, network: Network, words: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the tags of every word for each anchor (A, W, tags) and of the anchors' acts (A, acts)."""
        projected = tuple(share[self.rows] for share in network.pair.project(words))
        anchors = words[self.rows, self.anchors]
        return network.pair(projected, anchors, self.distances, self.paragraphs), network.act(anchors)


def pairs_of(windows: Sequence[WindowExample], scores: Tensor, negatives: int, likely: Tensor | None) -> Pairs:
    """The marked anchors; the words most wrongly taken for anchors (by their logits, B x W), which have no attribution; what teachers find.

    `likely` (B, W) says which further words the teachers take for anchors.
    """
    width = scores.shape[1]
    found: list[tuple[int, int, Any, int]] = []
    for row, window in enumerate(windows):
        count = len(window.words)
        found += [(row, *one) for one in zip(window.anchors.tolist(), window.pair_tags, window.acts.tolist(), strict=True)]
        taken = set(window.anchors.tolist())
        wrong = scores[row, :count].cpu().clone()
        wrong[torch.from_numpy(~window.settled)] = -1e9
        wrong[window.anchors] = -1e9
        for anchor in wrong.topk(min(negatives, count)).indices.tolist():
            if wrong[anchor] > HOPELESS or (window.settled[anchor] and not found):
                found.append((row, anchor, np.zeros(count, dtype=np.int64), UNKNOWN))
                taken.add(anchor)
        if likely is not None:
            unknown = np.full(count, IGNORED)
            found += [(row, anchor, unknown, UNKNOWN) for anchor in likely[row].nonzero()[:, 0].tolist() if anchor not in taken]
    found = found or [(0, 0, np.full(len(windows[0].words), IGNORED), UNKNOWN)]
    rows, anchors, tags, acts = zip(*found, strict=True)
    places = np.arange(width)
    lines = [np.pad(windows[row].word_paragraphs, (0, width - len(windows[row].words))) for row in rows]
    steps = [paragraph_buckets(line, line[[anchor]])[0] for line, anchor in zip(lines, anchors, strict=True)]
    targets = [np.pad(one, (0, width - len(one)), constant_values=IGNORED) for one in tags]
    device = scores.device
    return Pairs(
        rows=torch.tensor(rows, device=device),
        anchors=torch.tensor(anchors, device=device),
        distances=torch.from_numpy(distance_buckets(places, np.array(anchors))).to(device),
        paragraphs=torch.from_numpy(np.stack(steps)).to(device),
        tags=torch.from_numpy(np.stack(targets)).to(device),
        acts=torch.tensor(acts, device=device),
    )


def attribution_loss(
    network: Network, windows: list[WindowExample], config: dict[str, Any], seen: Seen | None, echo: Echo | None = None
) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch an attribution: anchors, the tags of every word for every anchor, acts, and role tags of words by themselves.

    `seen` is what teachers make of the batch; with an `echo` the student learns their hidden states too.
    """
    batch = collate(windows, network.device)
    words = encode_words(network, batch)
    scores = anchors_of(network, words)
    told = None if seen is None else Told.by(seen)
    likely = None if told is None else (told.probable >= config["likely"]) & batch["present"]
    pairs = pairs_of(windows, scores.detach(), config["negatives"], likely)
    tags, acts = pairs.read(network, words)
    parts = hard_parts(network, windows, words, scores, pairs, tags, acts)
    count = float(sum(len(window.anchors) for window in windows))
    if told is not None and seen is not None:
        unlabelled = torch.tensor([not window.labelled for window in windows], device=network.device)
        count += (told.probable * batch["present"])[unlabelled].sum().item()
        parts |= told.parts(network, batch["present"], pairs, words, scores, tags, acts, config["temperature"])
        parts |= {"soft echo": echo(words, seen, batch["present"])} if echo is not None and config["echo"] else {}
    return weighed(parts, config, max(1.0, count))


def hard_parts(
    network: Network, windows: list[WindowExample], words: Tensor, scores: Tensor, pairs: Pairs, tags: Tensor, acts: Tensor
) -> dict[str, Tensor]:
    """How far the network is from the marks."""
    width, device = words.shape[1], network.device
    settled = padded(windows, "settled", width, 0).to(device)
    gold = torch.zeros_like(scores)
    for row, window in enumerate(windows):
        gold[row, window.anchors] = 1.0
    role_tags = padded(windows, "role_tags", width, IGNORED).to(device)
    return {
        "anchor": functional.binary_cross_entropy_with_logits(scores[settled], gold[settled], reduction="sum"),
        "pair": functional.cross_entropy(tags.flatten(0, 1), pairs.tags.flatten(), ignore_index=IGNORED, reduction="sum"),
        "role": functional.cross_entropy(network.roles(words).flatten(0, 1), role_tags.flatten(), ignore_index=IGNORED, reduction="sum"),
        "act": functional.cross_entropy(acts, pairs.acts, ignore_index=UNKNOWN, reduction="sum"),
    }


@dataclass(frozen=True, kw_only=True)
class Told:
    """What teachers see in a batch: each with its hidden states of words and its logits of anchors, and the mean probability (B, W)."""

    seen: list[tuple[Network, Tensor, Tensor]]
    probable: Tensor

    @classmethod
    def by(cls, seen: Seen) -> "Told":
        with torch.no_grad():
            scored = [(network, words, anchors_of(network, words)) for network, words in seen]
            return cls(seen=scored, probable=torch.stack([scores.float().sigmoid() for _, _, scores in scored]).mean(dim=0))

    def parts(
        self,
        student: Network,
        present: Tensor,
        pairs: Pairs,
        words: Tensor,
        scores: Tensor,
        tags: Tensor,
        acts: Tensor,
        temperature: float,
    ) -> dict[str, Tensor]:
        """How far the student is from the teachers: anchors and roles of all words, tags and acts of all pairs."""
        asked = present[pairs.rows]
        with torch.no_grad():
            read = [(network.heads, *pairs.read(network, theirs)) for network, theirs, _ in self.seen]
            anchors = mean_of([binary(theirs[present]) for _, _, theirs in self.seen], temperature)
            roles = mean_of([network.roles(theirs[present]) for network, theirs, _ in self.seen], temperature)
            told = mean_of([theirs[asked] for _, theirs, _ in read], temperature)
            done = mean_of([theirs for heads, _, theirs in read if "act" in heads] or [acts], temperature)
        return {
            "soft anchor": divergence(binary(scores[present]), anchors, temperature),
            "soft pair": divergence(tags[asked], told, temperature),
            "soft role": divergence(student.roles(words[present]), roles, temperature),
            "soft act": divergence(acts, done, temperature),
        }


def weighed(parts: dict[str, Tensor], config: dict[str, Any], count: float) -> tuple[Tensor, dict[str, float]]:
    """The sum of the parts by their weights, an attribution; and each part an attribution, to be told."""
    weights = {"anchor": 2.0, "pair": 0.25, "role": 0.25 * config["role_weight"], "act": config["act_weight"], "echo": config["echo"]}
    soft = config["soft"] if any(name.startswith("soft ") for name in parts) else 0.0
    total: Any = 0.0
    for name, part in parts.items():
        kind = name.removeprefix("soft ")
        total = total + weights[kind] * part * (soft if kind != name else 1.0 - soft)
    return total / count, {name: part.item() / count for name, part in parts.items()}


def mention_loss(
    network: Network, windows: list[MentionWindow], config: dict[str, Any], seen: Seen | None
) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch of mentions: each points to another mention of the same one, or to none where there is none."""
    batch = collate(windows, network.device)
    allowed, right = choices(windows, batch["words"].shape[1])
    allowed, right = allowed.to(network.device), right.to(network.device)

    def scores_of(one: Network, words: Tensor) -> Tensor:
        return pointer_scores(one, windows, words).masked_fill(~allowed, -1e4)

    scores = scores_of(network, encode_words(network, batch))
    losses = scores.logsumexp(dim=1) - scores.masked_fill(~right, -1e4).logsumexp(dim=1)
    loss, told = losses.mean(), {"mention": losses.mean().item()}
    if seen is not None:
        with torch.no_grad():
            theirs = [scores_of(one, words) for one, words in seen if "pointer" in one.heads] or [scores]
        temperature, soft = config["temperature"], config["soft"]
        apart = divergence(scores, mean_of(theirs, temperature), temperature) / len(scores)
        loss, told = (1 - soft) * loss + soft * apart, told | {"soft mention": apart.item()}
    return config["mention_weight"] * loss, told


def choices(windows: list[MentionWindow], width: int) -> tuple[Tensor, Tensor]:
    """For each query of a batch which words it may point to, and which are right (Q, W + 1); the last is none."""
    cases = [(window, place) for window in windows for place in range(len(window.queries))]
    allowed = torch.zeros(len(cases), width + 1, dtype=torch.bool)
    right = torch.zeros_like(allowed)
    for number, (window, place) in enumerate(cases):
        asked = window.asked[place]
        allowed[number, : len(window.words)] = asked is None
        allowed[number, [*(() if asked is None else asked), width]] = True
        allowed[number, int(window.queries[place])] = False
        right[number, window.right[place] if len(window.right[place]) else [width]] = True
    return allowed, right


def pointer_scores(network: Network, windows: list[MentionWindow], words: Tensor) -> Tensor:
    """Logits (Q, W + 1) of what each query of a batch points to."""
    rows = torch.tensor([row for row, window in enumerate(windows) for _ in window.queries], device=words.device)
    queries = np.concatenate([window.queries for window in windows])
    distances = torch.from_numpy(distance_buckets(np.arange(words.shape[1]), queries)).to(words.device)
    places = torch.from_numpy(queries).to(words.device)
    return network.pointer(words[rows, places], network.pointer.of_word(words)[rows], distances)
