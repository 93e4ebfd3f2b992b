"""Trains the network on attribution corpora: `python -m training.train CONFIG.json --out DIR`; runs again from its last checkpoint."""

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from quoth.encoding import load_tokenizer
from quoth.tagging import distance_buckets, paragraph_buckets
from training.acts import UNKNOWN
from training.data import Example, WindowExample, cue_weights, cut, prepare, read_corpus, vary
from training.mentions import MentionWindow, mention_windows
from training.nesting import wrapped
from training.network import Network, Shape, load_encoder

DEFAULTS: dict[str, Any] = {
    "begin": None,
    "mentions": [],
    "mention_weight": 0.5,
    "act_weight": 0.5,
    "wrap": 0.0,
    "seed": 1,
    "epochs": 6,
    "batch": 8,
    "window": 384,
    "rate": 1.5e-4,
    "head_rate": 1e-3,
    "warm_up": 0.08,
    "weight_decay": 0.01,
    "dropout": 0.1,
    "vary": True,
    "negatives": 3,
    "role_weight": 0.3,
}


SAVED = 200
"""Steps between two checkpoints within an epoch; the batches of an epoch are the same when it is begun again."""


def padded(windows: Sequence[Any], name: str, size: int, fill: int) -> Tensor:
    """One array of each window, padded to one size."""
    rows = [np.pad(getattr(window, name), (0, size - len(getattr(window, name))), constant_values=fill) for window in windows]
    return torch.from_numpy(np.stack(rows))


def collate(windows: Sequence[WindowExample | MentionWindow]) -> dict[str, Tensor]:
    """Pads what both kinds of windows have; words and pieces that are padding are masked."""
    length = max(len(window.ids) for window in windows)
    width = max(len(window.words) for window in windows)
    return {
        "ids": padded(windows, "ids", length, 0),
        "shapes": padded(windows, "shapes", length, 5),
        "layouts": padded(windows, "layouts", length, 0),
        "mask": padded(windows, "ids", length, 0) != 0,
        "words": padded(windows, "words", width, 0),
        "domains": torch.tensor([getattr(window, "domain", 0) for window in windows]),
    }


def encode_words(network: Network, batch: dict[str, Tensor]) -> Tensor:
    """The hidden states (B, W, width) of the first pieces of the words of a batch."""
    hidden = network.encode(batch["ids"], batch["shapes"], batch["layouts"], batch["mask"], batch["domains"]).float()
    return torch.gather(hidden, 1, batch["words"][:, :, None].expand(-1, -1, hidden.shape[-1]))


def loss_of(network: Network, windows: list[WindowExample], config: dict[str, Any]) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch: anchors, the tags of every word for every anchor, and the role tags of words by themselves."""
    batch = collate(windows)
    words = encode_words(network, batch)
    width = words.shape[1]
    settled = padded(windows, "settled", width, 0)
    paragraphs = padded(windows, "word_paragraphs", width, 0)
    anchor_scores = network.anchor(words).squeeze(-1)
    gold = torch.zeros_like(anchor_scores)
    for row, window in enumerate(windows):
        gold[row, window.anchors] = 1.0
    anchor_loss = functional.binary_cross_entropy_with_logits(anchor_scores[settled], gold[settled], reduction="sum")
    rows, anchors, targets, acts = _pair_targets(windows, anchor_scores.detach(), width, config["negatives"])
    distances, steps = [], []
    for row, anchor in zip(rows.tolist(), anchors.tolist(), strict=True):
        places = np.arange(width)
        distances.append(distance_buckets(places, np.array([anchor]))[0])
        lines = paragraphs[row].numpy()
        steps.append(paragraph_buckets(lines, lines[[anchor]])[0])
    projected = tuple(share[rows] for share in network.pair.project(words))
    scores = network.pair(projected, words[rows, anchors], torch.from_numpy(np.stack(distances)), torch.from_numpy(np.stack(steps)))
    pair_loss = functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum")
    role_tags = padded(windows, "role_tags", width, -100)
    role_loss = functional.cross_entropy(network.roles(words).flatten(0, 1), role_tags.flatten(), ignore_index=-100, reduction="sum")
    act_loss = functional.cross_entropy(network.act(words[rows, anchors]), acts, ignore_index=UNKNOWN, reduction="sum")
    count = max(1, sum(len(window.anchors) for window in windows))
    loss = 2.0 * anchor_loss + 0.25 * pair_loss + 0.25 * config["role_weight"] * role_loss + config["act_weight"] * act_loss
    parts = {"anchor": anchor_loss, "pair": pair_loss, "role": role_loss, "act": act_loss}
    return loss / count, {name: part.item() / count for name, part in parts.items()}


def mention_loss(network: Network, windows: list[MentionWindow], config: dict[str, Any]) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch of mentions: each points to another mention of the same one, or to none where there is none."""
    batch = collate(windows)
    words = encode_words(network, batch)
    width = words.shape[1]
    rows = torch.tensor([row for row, window in enumerate(windows) for _ in window.queries])
    queries = torch.from_numpy(np.concatenate([window.queries for window in windows]))
    allowed = torch.zeros(len(rows), width + 1, dtype=torch.bool)
    right = torch.zeros_like(allowed)
    cases = [(window, place) for window in windows for place in range(len(window.queries))]
    for number, (window, place) in enumerate(cases):
        asked = window.asked[place]
        allowed[number, : len(window.words)] = asked is None
        allowed[number, [*(() if asked is None else asked), width]] = True
        allowed[number, int(queries[number])] = False
        right[number, window.right[place] if len(window.right[place]) else [width]] = True
    distances = torch.from_numpy(distance_buckets(np.arange(width), queries.numpy()))
    scores = network.pointer(words[rows, queries], network.pointer.of_word(words)[rows], distances).masked_fill(~allowed, -1e4)
    losses = scores.logsumexp(dim=1) - scores.masked_fill(~right, -1e4).logsumexp(dim=1)
    return config["mention_weight"] * losses.mean(), {"mention": losses.mean().item()}


def _pair_targets(windows: list[WindowExample], scores: Tensor, width: int, negatives: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Gold anchors with their tags and acts, and the words most wrongly taken for anchors, which have no attribution at all."""
    rows, anchors, targets, acts = [], [], [], []
    for row, window in enumerate(windows):
        count = len(window.words)
        for anchor, tags, act in zip(window.anchors.tolist(), window.pair_tags, window.acts.tolist(), strict=True):
            rows.append(row)
            anchors.append(anchor)
            acts.append(act)
            targets.append(np.pad(tags, (0, width - count), constant_values=-100))
        wrong = scores[row, :count].clone()
        wrong[window.anchors] = -1e9
        wrong[torch.from_numpy(~window.settled)] = -1e9
        for anchor in wrong.topk(min(negatives, count)).indices.tolist():
            if wrong[anchor] > -3.0 or (negatives and not rows):
                rows.append(row)
                anchors.append(anchor)
                acts.append(UNKNOWN)
                targets.append(np.pad(np.zeros(count, dtype=np.int64), (0, width - count), constant_values=-100))
    return torch.tensor(rows), torch.tensor(anchors), torch.from_numpy(np.stack(targets)), torch.tensor(acts)


class Trainer:
    """State of a run: everything a checkpoint needs to go on exactly where it stopped."""

    def __init__(self, config: dict[str, Any], out: Path) -> None:
        self.config, self.out = config, out
        torch.manual_seed(config["seed"])
        self.tokenizer = load_tokenizer(Path(config["encoder"]) / "tokenizer.json")
        shape = Shape(**config.get("shape", {}))
        self.network = Network(shape, config["dropout"])
        load_encoder(self.network, Path(config["encoder"]))
        if config["begin"] is not None:
            self.network.load_state_dict(torch.load(config["begin"], weights_only=False)["network"], strict=False)
        self.reports = [
            report | {"domain": domain}
            for domain, name in enumerate(config["train"])
            for report in read_corpus(Path(config["corpora"]) / name)
        ]
        self.reports = [report for report in self.reports if report.get("split") in (None, "train")]
        self.mentions = [report for name in config["mentions"] for report in read_corpus(Path(config["corpora"]) / name)]
        self.mentions = [report for report in self.mentions if report["split"] == "train"]
        self.weights = cue_weights(self.reports)
        encoder = [value for name, value in self.network.named_parameters() if name.startswith("encoder.")]
        heads = [value for name, value in self.network.named_parameters() if not name.startswith("encoder.")]
        self.optimizer = torch.optim.AdamW(
            [{"params": encoder, "lr": config["rate"]}, {"params": heads, "lr": config["head_rate"]}],
            weight_decay=config["weight_decay"],
            betas=(0.9, 0.98),
            eps=1e-6,
            fused=True,
        )
        self.epoch = self.step = 0

    def examples(self, rng: random.Random) -> list[Example]:
        """The prepared reports of one epoch, each perhaps with other marks or case."""
        result = []
        for original in self.reports:
            report = wrapped(original, rng) if rng.random() < self.config["wrap"] else original
            text = vary(report["text"], rng) if self.config["vary"] else report["text"]
            result.append(prepare(report, self.tokenizer, self.weights, text))
        return result

    def batches(self, epoch: int) -> list[list[WindowExample] | list[MentionWindow]]:
        """The batches of an epoch, the same for the same seed and epoch; each holds windows of about one length."""
        rng = random.Random(self.config["seed"] * 1000 + epoch)
        size = self.config["window"]
        attributed = [window for example in self.examples(rng) for window in cut(example, size, rng)]
        named = [window for report in self.mentions for window in mention_windows(report, self.tokenizer, size, rng)]
        batches = [*self._batched(attributed, rng), *self._batched(named, rng)]
        rng.shuffle(batches)
        return batches

    def _batched(self, windows: list[Any], rng: random.Random) -> list[list[Any]]:
        rng.shuffle(windows)
        size = self.config["batch"]
        blocks = [sorted(windows[low : low + 16 * size], key=lambda window: len(window.ids)) for low in range(0, len(windows), 16 * size)]
        return [block[low : low + size] for block in blocks for low in range(0, len(block), size)]

    def rate_at(self, done: float) -> float:
        """The share of the full learning rate after a share of the run: linear warm-up, then linear decay."""
        warm = self.config["warm_up"]
        return min(done / warm, (1 - done) / (1 - warm)) + 1e-3

    def train(self) -> None:
        while self.epoch < self.config["epochs"]:
            self.train_epoch()
            self.epoch, self.step = self.epoch + 1, 0
            self.save()

    def train_epoch(self) -> None:
        self.network.train()
        batches = self.batches(self.epoch)
        started, seen = time.perf_counter(), 0
        totals: dict[str, float] = {}
        for step, batch in enumerate(batches):
            if step < self.step:
                continue
            share = self.rate_at((self.epoch + step / len(batches)) / self.config["epochs"])
            for group, rate in zip(self.optimizer.param_groups, (self.config["rate"], self.config["head_rate"]), strict=True):
                group["lr"] = rate * share
            with torch.autocast("cpu", dtype=torch.bfloat16):
                asks = mention_loss if isinstance(batch[0], MentionWindow) else loss_of
                loss, parts = asks(self.network, batch, self.config)  # type: ignore[arg-type]
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimizer.step()
            seen += sum(len(window.ids) for window in batch)
            for name, value in parts.items():
                totals[name] = totals.get(name, 0.0) * 0.98 + value * 0.02 if name in totals else value
            if step % SAVED == SAVED - 1:
                self.step = step + 1
                self.save()
            if step % 50 == 0:
                speed = seen / (time.perf_counter() - started)
                told = " ".join(f"{name} {value:.3f}" for name, value in totals.items())
                print(f"epoch {self.epoch} step {step}/{len(batches)} {told} | {speed:.0f} pieces/s", flush=True)

    def save(self) -> None:
        """Writes the checkpoint aside and renames it, so that a stop never leaves half a file."""
        state = {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.epoch,
            "step": self.step,
            "shape": asdict(self.network.shape),
            "config": self.config,
            "weights": self.weights,
        }
        partial = self.out / "checkpoint.partial"
        torch.save(state, partial)
        partial.replace(self.out / "checkpoint.pt")

    def resume(self) -> None:
        path = self.out / "checkpoint.pt"
        if path.exists():
            state = torch.load(path, weights_only=False)
            self.network.load_state_dict(state["network"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch, self.step = state["epoch"], state.get("step", 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    config = DEFAULTS | json.loads(arguments.config.read_text(encoding="utf-8"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    trainer = Trainer(config, arguments.out)
    trainer.resume()
    trainer.train()


if __name__ == "__main__":
    main()
