"""Measures quoth on every set that is here, prints a table, and writes RESULTS.md and results.json, signed: `python -m evaluation`."""

import argparse
import json
import time
import tomllib
from pathlib import Path
from typing import Any

import quoth
from evaluation.gate import RESULTS, Figures, read_floors
from evaluation.measure import measure
from evaluation.sets import ROOT, SETS, EvaluationSet, digest

PAGE = RESULTS.with_name("RESULTS.md")
COMMAND = "make evaluate"


def model_digest() -> str:
    """The first digits of the SHA-256 of the shipped model."""
    return digest(next((Path(quoth.__file__).parent / "models").glob("*.onnx")))


def measured_set(evaluation_set: EvaluationSet) -> dict[str, Any]:
    """The measures of one set, with what signs them: the file and the scorer."""
    started = time.perf_counter()
    measures = {name: round(value, 4) for name, value in measure(evaluation_set).items()}
    print(f"{evaluation_set.name}: {time.perf_counter() - started:.0f} s", flush=True)
    return {
        "file": f"{evaluation_set.path.name} {digest(evaluation_set.path)}",
        "scorer": f"{evaluation_set.program.name} {digest(evaluation_set.program)}",
        "measures": measures,
    }


def table(results: dict[str, Any], floors: Figures) -> list[str]:
    """The held measures of each set as lines of a Markdown table, with their floors."""
    lines = ["| set | measure | value | floor |", "|---|---|---:|---:|"]
    for evaluation_set in SETS:
        measures = results["sets"].get(evaluation_set.name, {}).get("measures", {})
        for name in evaluation_set.held:
            if name in measures:
                floor = floors.get(evaluation_set.name, {}).get(name)
                lines.append(f"| {evaluation_set.name} | {name} | {measures[name]:.3f} | {'' if floor is None else f'{floor:.3f}'} |")
    return lines


def page(results: dict[str, Any], floors: Figures) -> str:
    """RESULTS.md: the table, how it was made, and the signature of each figure in it."""
    signed = [f"- {name}: `{entry['file']}`, scorer `{entry['scorer']}`" for name, entry in results["sets"].items()]
    return "\n".join(
        [
            "# Measured quality",
            "",
            f"Written by `{results['command']}`: quoth {results['quoth']}, model `{results['model']}`. All measures of each set are in"
            " `results.json`; the scorers say what they mean. A floor is never lowered.",
            "",
            *table(results, floors),
            "",
            "Signatures (SHA-256, first twelve digits):",
            "",
            *signed,
            "",
        ]
    )


def main() -> None:
    """Measures the sets named on the command line, or all; only a run over all of them is written down."""
    parser = argparse.ArgumentParser(description="Measure the quality of extraction.")
    parser.add_argument("sets", nargs="*", help=", ".join(evaluation_set.name for evaluation_set in SETS))
    names = set(parser.parse_args().sets)
    if unknown := names - {evaluation_set.name for evaluation_set in SETS}:
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    chosen = [evaluation_set for evaluation_set in SETS if not names or evaluation_set.name in names]
    if not all(evaluation_set.present for evaluation_set in chosen):
        print("evaluation: skipped, the sets in ../shared are not here")
        return
    results = {
        "command": COMMAND,
        "quoth": tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        "model": model_digest(),
        "sets": {evaluation_set.name: measured_set(evaluation_set) for evaluation_set in chosen},
    }
    floors = read_floors()
    print("\n".join(table(results, floors)))
    if not names:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(results, floors), encoding="utf-8")


if __name__ == "__main__":
    main()
