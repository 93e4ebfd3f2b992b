"""The weights of an exported model, back in the network, so that a model that ships can be trained further.

What the export leaves out starts anew: the tags of words by themselves (a lesson of training only) and the embeddings of other corpora.
Weights that it made whole numbers come back as these say; training smooths that out within a few steps.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from quoth.tagging import DISTANCES, distance_buckets
from training.network import Network, Shape

Arrays = dict[str, np.ndarray[Any, Any]]


def load_model(folder: Path, dropout: float) -> Network:
    """The network of an exported model (`model.onnx`, `run.json`)."""
    network = Network(Shape(**json.loads((folder / "run.json").read_text(encoding="utf-8"))["shape"]), dropout)
    constants = {one.name: numpy_helper.to_array(one) for one in onnx.load(folder / "model.onnx").graph.initializer}
    state = weights_of(constants, set(network.state_dict()))
    network.load_state_dict({name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in state.items()}, strict=False)
    torch.nn.init.zeros_(network.encoder.domains.weight)
    return network


def weights_of(constants: Arrays, names: set[str]) -> Arrays:
    """The network's weights among the constants of its graph, by the names the network gives them.

    The export adds up what it may, and makes tables of it; from these the weights are told apart again.
    """
    constants = _apart(constants)
    weights = {name: value for name, value in constants.items() if name in names}
    for name, value in constants.items():
        base, _, part = name.rpartition(".")
        if part == "whole":
            weights[f"{base}.weight"] = (value * constants[f"{base}.scale"]).T
        elif part == "matrix":
            weights[f"{base}.weight"] = value.T
    weights["encoder.words.weight"] = constants["embedding"] * constants.get("embedding_scales", np.float32(1))
    weights["encoder.positions.weight"] = constants["places"]
    if (table := constants.get("pair.places")) is not None:
        sums = table.reshape(DISTANCES, -1, table.shape[1])
        weights |= {"pair.distances.weight": sums[:, 0], "pair.paragraphs.weight": sums[0] - sums[0, 0]}
    if (near := constants.get("pointer.near")) is not None:
        numbers, distances = np.arange(len(near)), np.zeros((DISTANCES, 1))
        distances[distance_buckets(numbers, numbers), 0] = near
        weights["pointer.distances.weight"] = distances
    return weights


def _apart(constants: Arrays) -> Arrays:
    """The constants with products that the export joined (`a+b.whole`) told apart (`a.whole`, `b.whole`)."""
    parted: Arrays = {}
    for name, value in constants.items():
        base, _, part = name.rpartition(".")
        if "+" not in base:
            parted[name] = value
        elif part != "sizes":
            cuts = np.cumsum(constants[f"{base}.sizes"])[:-1]
            parted |= {f"{one}.{part}": some for one, some in zip(base.split("+"), np.split(value, cuts, axis=-1), strict=True)}
    return parted
