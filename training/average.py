"""The mean of several runs' weights: `python -m training.average RUN RUN... --out DIR`; exported models (folders) are taken too.

Runs that went on from one another lie in one valley of the loss; their mean often reads better than any of them (Izmailov et al. 2018,
"Averaging Weights Leads to Wider Optima and Better Generalization"; Wortsman et al. 2022, "Model soups"). What only some of them have, a
head that came later, is the mean of those.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from training.imported import load_model


def read(folder: Path) -> dict[str, Any]:
    """A run's checkpoint; of an exported model its configuration and weights, without the head that its export leaves out."""
    if not (folder / "model.onnx").exists():
        checkpoint: dict[str, Any] = torch.load(folder / "checkpoint.pt", weights_only=False, map_location="cpu")
        return checkpoint
    weights = {name: value for name, value in load_model(folder, 0.0).state_dict().items() if not name.startswith("roles.")}
    return {"network": weights, "config": json.loads((folder / "run.json").read_text(encoding="utf-8"))["config"]}


def average(states: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean of each weight over the networks that have it."""
    names = dict.fromkeys(name for state in states for name in state)
    return {name: _mean([state[name] for state in states if name in state]) for name in names}


def _mean(values: list[Any]) -> Any:
    if not values[0].is_floating_point():
        return values[-1]
    return torch.stack([value.float() for value in values]).mean(dim=0).to(values[0].dtype)


def union(lists: list[list[str]]) -> list[str]:
    """What stands in any of the lists, once.

    >>> union([["a", "b"], ["b", "c"]])
    ['a', 'b', 'c']
    """
    return list(dict.fromkeys(one for some in lists for one in some))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", type=Path, nargs="+", help="the last one, no exported model, lends its configuration")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    checkpoints = [read(run) for run in arguments.runs]
    last = checkpoints[-1]
    averaged = {name: last[name] for name in ("shape", "config", "weights", "epoch")}
    averaged |= {"network": average([checkpoint["network"] for checkpoint in checkpoints])}
    read_by_any = {kind: union([checkpoint["config"].get(kind, []) for checkpoint in checkpoints]) for kind in ("train", "mentions")}
    averaged["config"] = averaged["config"] | read_by_any | {"average": [str(run) for run in arguments.runs]}
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.save(averaged, arguments.out / "checkpoint.pt")


if __name__ == "__main__":
    main()
