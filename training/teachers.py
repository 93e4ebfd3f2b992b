"""Teachers: finished runs that tell a student what they would answer (Hinton et al. 2015, "Distilling the Knowledge in a Neural Network").

Several teachers answer with the mean of their probabilities. They read the very pieces that the student reads; where their tokenizer
numbers the same pieces otherwise, as MPNet's does, ids are translated. Beside the answers, the student learns to tell from its own hidden
states what theirs are (Jiao et al. 2020, "TinyBERT: Distilling BERT for Natural Language Understanding").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth.encoding import load_tokenizer
from training.network import Network, load_run, tokenizer_file


class Teachers:
    """Finished networks, to be read without gradients."""

    def __init__(self, runs: Sequence[Path], tokenizer: Any, device: torch.device) -> None:
        """Loads the runs; `tokenizer` is the student's. Raises ValueError where a teacher has not all of its pieces."""
        self.networks: list[Network] = []
        self.ids: list[Tensor] = []
        for run in runs:
            network, config = load_run(run)
            self.networks.append(network.to(device))
            self.ids.append(translation(tokenizer, load_tokenizer(tokenizer_file(config))).to(device))

    def read(self, batch: dict[str, Tensor]) -> "Seen":
        """What each teacher makes of the words of a batch."""
        with torch.no_grad():
            pairs = zip(self.networks, self.ids, strict=True)
            return Seen(networks=self.networks, words=[encode_words(one, batch | {"ids": ids[batch["ids"]]}).half() for one, ids in pairs])


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Teachers, and the hidden states (B, W, width) of each for the words of a batch, in half precision: they are kept between passes."""

    networks: list[Network]
    words: list[Tensor]

    def __iter__(self) -> Iterator[tuple[Network, Tensor]]:
        return iter([(network, words.float()) for network, words in zip(self.networks, self.words, strict=True)])


class Echo(nn.Module):
    """Hidden states of the teachers, told from those of the student by one linear map each; only for training."""

    def __init__(self, width: int, teachers: Teachers | None) -> None:
        super().__init__()
        networks = [] if teachers is None else teachers.networks
        self.maps = nn.ModuleList(nn.Linear(width, network.shape.width) for network in networks)

    def forward(self, words: Tensor, seen: Seen, present: Tensor) -> Tensor:
        """The sum over the words of a batch of one less the cosine of what is told and what is so, the mean of the teachers."""
        pairs = [(told(words[present]), theirs[present]) for told, (_, theirs) in zip(self.maps, seen, strict=True)]
        apart = [1 - functional.cosine_similarity(told, theirs, dim=-1) for told, theirs in pairs]
        return torch.stack(apart).mean(dim=0).sum()


def encode_words(network: Network, batch: dict[str, Tensor]) -> Tensor:
    """The hidden states (B, W, width) of the first pieces of the words of a batch."""
    hidden = network.encode(batch["ids"], batch["shapes"], batch["layouts"], batch["mask"], batch["domains"]).float()
    return torch.gather(hidden, 1, batch["words"][:, :, None].expand(-1, -1, hidden.shape[-1]))


def translation(mine: Any, theirs: Any) -> Tensor:
    """For each piece of one tokenizer its id in another one; raises ValueError where one is missing.

    The pieces that frame a window, and the one that pads it, may have other names.
    """
    known, asked = theirs.get_vocab(), mine.get_vocab()
    frames = dict(zip(mine.encode("").ids, theirs.encode("").ids, strict=True))
    table = torch.zeros(max(asked.values()) + 1, dtype=torch.long)
    for piece, number in asked.items():
        if number not in frames and piece not in known:
            raise ValueError(f"a teacher's tokenizer does not have the piece {piece!r}")
        table[number] = frames.get(number, known.get(piece, 0))
    return table


def mean_of(logits: Sequence[Tensor], temperature: float) -> Tensor:
    """The mean of the teachers' probabilities (..., classes) at a temperature."""
    return torch.stack([(one.float() / temperature).softmax(dim=-1) for one in logits]).mean(dim=0)


def divergence(logits: Tensor, told: Tensor, temperature: float) -> Tensor:
    """The sum of the Kullback-Leibler divergences of the student's probabilities from what is told, both at a temperature.

    Times its square, so that gradients keep their size.
    """
    logs = (logits.float() / temperature).log_softmax(dim=-1)
    return torch.nn.functional.kl_div(logs, told, reduction="sum") * temperature**2


def binary(logits: Tensor) -> Tensor:
    """Logits of yes (...) as logits of no and yes (..., 2)."""
    return torch.stack((torch.zeros_like(logits), logits), dim=-1)
