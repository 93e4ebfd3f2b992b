"""Finds the settings that go with exported weights: `python -m training.settle FOLDER`, with ../shared beside the project.

Reads PolNeAR dev once with the exported model, then decodes and scores it for each pair of settings: by how much having no role is held
back (`outside`, logits) and the least confidence of a statement. Prints a table; the best pair is written into `training/export.py` and
`quoth/attributions/choosing.py` by hand, with a line in LOG.md.
"""

import argparse
import importlib.util
from pathlib import Path
from typing import Any

from quoth import attributions, tagger
from quoth.marks import quotations
from quoth.types import Attribution, Candidate, Quotation, Span
from training.data import Report, read_corpus

OUTSIDE = (0.0, 0.4, 0.8, 1.2, 1.6)
LEAST = (0.1, 0.2, 0.3, 0.4)
MEASURES = ("attr.soft.F", "attr.strict.F", "exact.content.F", "exact.cue.F", "exact.source.F", "direct.recall_J80", "direct.speaker_acc")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--scorer", type=Path, default=Path("../shared/tools"))
    arguments = parser.parse_args()
    scorer = load_scorer(arguments.scorer / "score_attributions.py")
    reports = read_corpus(arguments.corpora / "polnear-dev.jsonl.gz")
    found = [quotations(report["text"]) for report in reports]
    print("outside least ", *MEASURES)
    for outside in OUTSIDE:
        model = tagger.Tagger(arguments.folder)
        model.settings = tagger.Settings(name="trial", threshold=0.03, outside=outside, quoted=0.7)
        candidates = [model(report["text"]) for report in reports]
        for least in LEAST:
            predicted = [predict(*read, least) for read in zip(reports, candidates, found, strict=True)]
            scores = scorer.evaluate(reports, predicted, boot=0)
            scores = scores[0] if isinstance(scores, tuple) else scores
            print(f"{outside:7.1f} {least:5.2f} ", *(f"{100 * scores[name]['v']:{len(name)}.1f}" for name in MEASURES), flush=True)


def load_scorer(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predict(report: Report, candidates: tuple[Candidate, ...], found: tuple[Quotation, ...], least: float) -> Report:
    settled = attributions.attributions(report["text"], candidates, found, least=least)
    return {"id": report["id"], "text": report["text"], "attributions": [roles_of(attribution) for attribution in settled]}


def roles_of(attribution: Attribution) -> dict[str, list[list[int]]]:
    def places(*spans: Span | None) -> list[list[int]]:
        return [[span.start, span.end] for span in spans if span is not None]

    return {"content": places(*attribution.content), "cue": places(attribution.cue), "source": places(attribution.source)}


if __name__ == "__main__":
    main()
