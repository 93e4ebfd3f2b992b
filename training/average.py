"""The mean of several runs' weights: `python -m training.average RUN RUN... --out DIR`.

Runs that went on from one another lie in one valley of the loss; their mean often reads better than any of them (Izmailov et al. 2018,
"Averaging Weights Leads to Wider Optima and Better Generalization"; Wortsman et al. 2022, "Model soups"). What only some of them have, a
head that came later, is the mean of those.
"""

import argparse
from pathlib import Path
from typing import Any

import torch


def average(states: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean of each weight over the networks that have it."""
    names = dict.fromkeys(name for state in states for name in state)
    return {name: _mean([state[name] for state in states if name in state]) for name in names}


def _mean(values: list[Any]) -> Any:
    if not values[0].is_floating_point():
        return values[-1]
    return torch.stack([value.float() for value in values]).mean(dim=0).to(values[0].dtype)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", type=Path, nargs="+", help="the last one lends its configuration")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    checkpoints = [torch.load(run / "checkpoint.pt", weights_only=False, map_location="cpu") for run in arguments.runs]
    last = checkpoints[-1]
    averaged = {name: last[name] for name in ("shape", "config", "weights", "epoch")}
    averaged |= {"network": average([checkpoint["network"] for checkpoint in checkpoints])}
    averaged["config"] = averaged["config"] | {"average": [str(run) for run in arguments.runs]}
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.save(averaged, arguments.out / "checkpoint.pt")


if __name__ == "__main__":
    main()
