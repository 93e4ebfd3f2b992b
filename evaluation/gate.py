"""Holds the measured quality to floors that only rise: `python -m evaluation.gate [--raise]` reads results.json and floors.json.

Exits with 1 if a measure lies below its floor. `--raise` lifts each floor to what was measured and never lowers one.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path

from evaluation.sets import SETS

Figures = dict[str, dict[str, float]]
"""Set to measure to value."""

RESULTS = Path(__file__).with_name("results.json")
FLOORS = Path(__file__).with_name("floors.json")
TOLERANCE = 0.003
"""Integer kernels round differently on different processors; so much less than a floor is still taken for it."""


def below(measured: Mapping[str, Mapping[str, float]], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """A line for each floor that is not reached; a measure that is missing is not reached.

    >>> below({"dev": {"record.F1": 0.5}}, {"dev": {"record.F1": 0.6}})
    ['dev record.F1: 0.500 is below its floor of 0.600']
    """
    lines = []
    for name, measures in floors.items():
        for measure, floor in measures.items():
            value = measured.get(name, {}).get(measure)
            if value is None:
                lines.append(f"{name} {measure}: not measured; its floor is {floor:.3f}")
            elif not value >= floor - TOLERANCE:
                lines.append(f"{name} {measure}: {value:.3f} is below its floor of {floor:.3f}")
    return lines


def raised(measured: Mapping[str, Mapping[str, float]], floors: Mapping[str, Mapping[str, float]]) -> Figures:
    """The floors, each lifted to what was measured where that is higher, and a floor for each held measure that has none.

    >>> raised({"dev": {"record.F1": 0.7129}}, {"dev": {"record.F1": 0.6, "found.F1": 0.8}})
    {'dev': {'record.F1': 0.712, 'found.F1': 0.8}}
    """
    held = {evaluation_set.name: evaluation_set.held for evaluation_set in SETS}
    lifted = {name: dict(measures) for name, measures in floors.items()}
    for name, measures in measured.items():
        for measure, value in measures.items():
            if measure in held.get(name, ()) or measure in lifted.get(name, {}):
                floor = math.floor(value * 1000) / 1000
                lifted.setdefault(name, {})[measure] = max(floor, lifted.get(name, {}).get(measure, 0.0))
    return lifted


def read_floors() -> Figures:
    """The floors as they stand."""
    floors: Figures = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def main() -> None:
    """Compares, perhaps lifts, and exits with 1 below a floor."""
    parser = argparse.ArgumentParser(description="Hold the measured quality to its floors.")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors to what was measured")
    arguments = parser.parse_args()
    if not all(evaluation_set.present for evaluation_set in SETS):
        print("gate: skipped, the sets in ../shared are not here")
        return
    if not RESULTS.exists():
        sys.exit("gate: nothing measured yet; run python -m evaluation")
    measured = {name: entry["measures"] for name, entry in json.loads(RESULTS.read_text(encoding="utf-8"))["sets"].items()}
    floors = read_floors()
    lines = below(measured, floors)
    if arguments.lift:
        FLOORS.write_text(json.dumps(raised(measured, floors), indent=2) + "\n", encoding="utf-8")
    for line in lines:
        print(f"gate: {line}", file=sys.stderr)
    if lines:
        sys.exit(1)
    print(f"gate: all {sum(map(len, floors.values()))} floors hold")


if __name__ == "__main__":
    main()
