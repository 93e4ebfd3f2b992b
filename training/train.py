"""Trains the network on attribution corpora: `python -m training.train CONFIG.json --out DIR`; runs again from its last checkpoint.

On a GPU where torch finds one, else on the CPU, in bfloat16 on both.
"""

import argparse
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from quoth.encoding import load_tokenizer
from quoth.tagger import model_folder
from training.data import Example, Report, WindowExample, cue_weights, cut, prepare, read_corpus, vary
from training.losses import attribution_loss, collate, mention_loss
from training.mentions import MentionWindow, mention_windows
from training.nesting import wrapped
from training.network import Network, encoder_shape, load_encoder, tokenizer_file
from training.rewording import reworded
from training.teachers import Echo, Seen, Teachers

DEFAULTS: dict[str, Any] = {
    "begin": None,
    "encoder": None,
    "corpora": ".",
    "shape": {},
    "frozen": [],
    "mentions": [],
    "unlabelled": [],
    "unlabelled_reports": 600,
    "teachers": [],
    "soft": 0.5,
    "temperature": 2.0,
    "likely": 0.2,
    "echo": 0.0,
    "passes": 1,
    "mention_weight": 0.5,
    "act_weight": 0.5,
    "wrap": 0.0,
    "reword": 0.0,
    "free": False,
    "seed": 1,
    "epochs": 6,
    "steps": None,
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
    "saved": 200,
}
"""A configuration tells what differs from these.

`encoder` is a folder of pretrained weights, `shape` what differs in the shape of its network, `begin` a run's checkpoint; or, without an
encoder, `begin` is an exported model (`fast`, `accurate` or a folder). Parts of the network that are `frozen` ("encoder.words") stay as
they are at the beginning. `train`, `mentions` and `unlabelled` are corpora; of the last
`unlabelled_reports` are read an epoch. `steps` ends a run before its `epochs` do; a checkpoint is written after `saved` steps, and at the
end. `teachers` are finished runs: their answers count for `soft` of the loss, at a `temperature`, and words `likely` to be anchors by them
are read too; `echo` weighs their hidden states. The windows of an epoch serve `passes` epochs, for which what teachers make of them is
kept in memory: some 1.5 kB a word. `wrap` and `reword` are shares of the reports; `free` leaves out reports that are not freely licensed.
"""
TOLD = 50
"""Steps between two lines about the run."""


def read_labelled(config: dict[str, Any], kind: str) -> list[Report]:
    """The training reports of the corpora of a kind (`train`, `mentions`), each with its corpus's place in the list as its domain."""
    found = [
        report | {"domain": domain} for domain, name in enumerate(config[kind]) for report in read_corpus(Path(config["corpora"]) / name)
    ]
    kept = [report for report in found if report.get("split") in (None, "train")]
    return [report for report in kept if is_free(report)] if config["free"] else kept


def read_unlabelled(config: dict[str, Any]) -> list[Report]:
    """The reports of the unlabelled corpora that have a text."""
    found = [report for name in config["unlabelled"] for report in read_corpus(Path(config["corpora"]) / name)]
    return [report for report in found if report["text"].strip()]


def is_free(report: Report) -> bool:
    """Whether a report's own licence, where its corpus tells one, lets anybody use it for anything."""
    licence = report.get("licence_text")
    return licence is None or (licence.startswith("CC BY") and "NC" not in licence)


class Trainer:
    """State of a run: everything a checkpoint needs to go on exactly where it stopped."""

    def __init__(self, config: dict[str, Any], out: Path) -> None:
        self.config, self.out = config, out
        torch.manual_seed(config["seed"])
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.tokenizer = load_tokenizer(tokenizer_file(config))
        self.network = begun(config).to(self.device)
        for name in config["frozen"]:
            self.network.get_submodule(name).requires_grad_(False)
        self.teachers = Teachers([Path(run) for run in config["teachers"]], self.tokenizer, self.device) if config["teachers"] else None
        self.echo = Echo(self.network.shape.width, self.teachers).to(self.device)
        self.kept: dict[int, Seen] = {}
        self.reports = read_labelled(config, "train")
        self.mentions = read_labelled(config, "mentions")
        self.unlabelled = read_unlabelled(config)
        self.weights = cue_weights(self.reports)
        learning = [(name, value) for name, value in self.network.named_parameters() if value.requires_grad]
        encoder = [value for name, value in learning if name.startswith("encoder.")]
        heads = [value for name, value in learning if not name.startswith("encoder.")]
        self.optimizer = torch.optim.AdamW(
            [{"params": encoder, "lr": config["rate"]}, {"params": [*heads, *self.echo.parameters()], "lr": config["head_rate"]}],
            weight_decay=config["weight_decay"],
            betas=(0.9, 0.98),
            eps=1e-6,
            fused=True,
        )
        self.epoch = self.step = self.taken = 0

    def examples(self, rng: random.Random) -> list[Example]:
        """The prepared reports of one epoch, each perhaps with other marks or case."""
        result = []
        for original in self.reports:
            report = wrapped(original, rng) if rng.random() < self.config["wrap"] else original
            report = reworded(report, rng) if self.config["reword"] and rng.random() < self.config["reword"] else report
            result.append(self.example(report, rng))
        chosen = rng.sample(self.unlabelled, min(len(self.unlabelled), self.config["unlabelled_reports"]))
        bare = [{"corpus": "unlabelled", "text": report["text"], "attributions": [], "complete": False} for report in chosen]
        return result + [self.example(report, rng) for report in bare]

    def example(self, report: Report, rng: random.Random) -> Example:
        text = vary(report["text"], rng) if self.config["vary"] else report["text"]
        return prepare(report, self.tokenizer, self.weights, text)

    def batches(self, epoch: int) -> list[list[WindowExample] | list[MentionWindow]]:
        """The batches of an epoch, the same for the same seed and epochs that share them; each holds windows of about one length."""
        rng = random.Random(self.config["seed"] * 1000 + epoch // self.config["passes"])
        size = self.config["window"]
        attributed = [window for example in self.examples(rng) for window in cut(example, size, rng)]
        named = [window for report in self.mentions for window in mention_windows(report, self.tokenizer, size, rng)]
        batches = [*self._batched(attributed, rng), *self._batched(named, rng)]
        rng.shuffle(batches)
        return batches

    def order(self, epoch: int, count: int) -> list[int]:
        """In which order an epoch takes its batches: as they are at their first pass."""
        again = epoch % self.config["passes"]
        return random.Random(self.config["seed"] * 1000 + epoch).sample(range(count), count) if again else list(range(count))

    def seen(self, number: int, batch: list[Any]) -> Seen | None:
        """What the teachers make of a batch, read once and kept for later passes."""
        if self.teachers is None:
            return None
        if (known := self.kept.get(number)) is not None:
            return known
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            read = self.teachers.read(collate(batch, self.device))
        if self.config["passes"] > 1:
            self.kept[number] = read
        return read

    def _batched(self, windows: list[Any], rng: random.Random) -> list[list[Any]]:
        rng.shuffle(windows)
        size = self.config["batch"]
        blocks = [sorted(windows[low : low + 16 * size], key=lambda window: len(window.ids)) for low in range(0, len(windows), 16 * size)]
        return [block[low : low + size] for block in blocks for low in range(0, len(block), size)]

    @property
    def finished(self) -> bool:
        """Whether no step is left."""
        return self.epoch >= self.config["epochs"] or (self.config["steps"] is not None and self.taken >= self.config["steps"])

    def done(self, batches: int) -> float:
        """The share of the run that is done, in an epoch of so many batches."""
        by_epochs = (self.epoch + self.step / batches) / self.config["epochs"]
        return float(by_epochs if self.config["steps"] is None else max(by_epochs, self.taken / self.config["steps"]))

    def rate_at(self, done: float) -> float:
        """The share of the full learning rate after a share of the run: linear warm-up, then linear decay."""
        warm = self.config["warm_up"]
        return min(done / warm, (1 - done) / (1 - warm)) + 1e-3

    def train(self) -> None:
        """Trains to the end of the run; a run that is finished is left alone."""
        if not self.finished:
            while not self.finished:
                self.train_epoch()
            self.save()

    def train_epoch(self) -> None:
        """Trains to the end of the epoch, or of the run."""
        self.network.train()
        batches = self.batches(self.epoch)
        order = self.order(self.epoch, len(batches))
        if self.epoch % self.config["passes"] == 0:
            self.kept = {}
        pace = Pace(epoch=self.epoch, steps=len(batches))
        while self.step < len(batches) and not self.finished:
            number = order[self.step]
            batch = batches[number]
            parts = self.train_step(batch, self.rate_at(self.done(len(batches))), self.seen(number, batch))
            pace.add(parts, sum(len(window.ids) for window in batch))
            self.step, self.taken = self.step + 1, self.taken + 1
            if self.step % TOLD == 0 or self.step == len(batches) or self.finished:
                print(pace.line(self.step), flush=True)
            if self.taken % self.config["saved"] == 0:
                self.save()
        if self.step == len(batches):
            self.epoch, self.step = self.epoch + 1, 0

    def train_step(self, batch: list[Any], share: float, seen: Seen | None) -> dict[str, float]:
        """One step of the optimizer at a share of the full learning rates, with what teachers see; returns the parts of the loss."""
        for group, rate in zip(self.optimizer.param_groups, (self.config["rate"], self.config["head_rate"]), strict=True):
            group["lr"] = rate * share
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            if isinstance(batch[0], MentionWindow):
                loss, parts = mention_loss(self.network, batch, self.config, seen)
            else:
                loss, parts = attribution_loss(self.network, batch, self.config, seen, self.echo)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        return parts

    def save(self) -> None:
        """Writes the checkpoint aside and renames it, so that a stop never leaves half a file."""
        state = {
            "network": self.network.state_dict(),
            "echo": self.echo.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.epoch,
            "step": self.step,
            "taken": self.taken,
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
            state = torch.load(path, weights_only=False, map_location=self.device)
            self.network.load_state_dict(state["network"])
            self.echo.load_state_dict(state.get("echo", {}), strict="echo" in state)
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch, self.step, self.taken = state["epoch"], state.get("step", 0), state.get("taken", 0)


def begun(config: dict[str, Any]) -> Network:
    """The network that a run begins with: an exported model's, or a pretrained encoder with new heads, or with those of another run."""
    if config["encoder"] is None:
        from training.imported import load_model

        return load_model(model_folder(config["begin"]), config["dropout"])
    folder = Path(config["encoder"])
    network = Network(encoder_shape(folder, **config["shape"]), config["dropout"])
    load_encoder(network, folder)
    if config["begin"] is not None:
        state = torch.load(config["begin"], weights_only=False, map_location="cpu")
        network.load_state_dict(state["network"], strict=False)
    return network


@dataclass(kw_only=True)
class Pace:
    """How an epoch goes: the parts of the loss, smoothed, and the pieces read a second."""

    epoch: int
    steps: int
    pieces: int = 0
    parts: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    def add(self, parts: dict[str, float], pieces: int) -> None:
        self.pieces += pieces
        for name, value in parts.items():
            self.parts[name] = self.parts[name] * 0.98 + value * 0.02 if name in self.parts else value

    def line(self, step: int) -> str:
        told = " ".join(f"{name} {value:.3f}" for name, value in self.parts.items())
        return f"epoch {self.epoch} step {step}/{self.steps} {told} | {self.pieces / (time.perf_counter() - self.started):.0f} pieces/s"


def read_config(path: Path) -> dict[str, Any]:
    """A configuration with what it leaves to the defaults."""
    config: dict[str, Any] = DEFAULTS | json.loads(path.read_text(encoding="utf-8"))
    return config


def run(config: dict[str, Any], out: Path) -> None:
    """Trains to the end, from the last checkpoint where there is one."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    trainer = Trainer(config, out)
    if not trainer.reports:
        sys.exit(f"no report to train on in {config['corpora']}: {', '.join(config['train'])}")
    trainer.resume()
    trainer.train()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    run(read_config(arguments.config), arguments.out)


if __name__ == "__main__":
    main()
