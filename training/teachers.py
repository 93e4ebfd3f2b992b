"""Teachers: finished runs that tell a student what they would answer (Hinton et al. 2015, "Distilling the Knowledge in a Neural Network").

Several teachers answer with the mean of their probabilities. They read the very pieces that the student reads; where their tokenizer
numbers the same pieces otherwise, as MPNet's does, ids are translated.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

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

    def batches(self, batch: dict[str, Tensor]) -> list[tuple[Network, dict[str, Tensor]]]:
        """Each teacher with the batch as it reads it."""
        return [(network, batch | {"ids": ids[batch["ids"]]}) for network, ids in zip(self.networks, self.ids, strict=True)]


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
