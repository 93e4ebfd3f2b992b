"""Measures exported models on the development sets, with intervals: `python -m training.figures FOLDER`, with ../shared beside the project.

Each interval holds 95 % of the values that the reports give when they are drawn again, with replacement (Efron 1979): how far the figure
could be off because the sets have no more reports than they have. With `--against` the gap to other models is measured on the same draws.
Writes `figures.json` into the folder, from which `python -m training.card` writes the card.
"""

import argparse
import importlib.util
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.measure import as_attributions
from evaluation.predict import article_of
from evaluation.sets import SETS, TOOLS, EvaluationSet, Report, read_reports
from quoth.formats import report_json
from quoth.pipeline import extract_article
from quoth.tagger import Tagger

Counts = npt.NDArray[np.float64]

SHOWN: dict[str, dict[str, str]] = {
    "polnear-dev": {
        "attr.soft.F": "attribution F1, soft",
        "attr.strict.F": "attribution F1, strict",
        "exact.content.F": "content, exact F1",
        "exact.cue.F": "cue, exact F1",
        "exact.source.F": "source, exact F1",
        "direct.recall_J80": "direct quotes found",
        "direct.speaker_acc": "source right in them",
        "class.indirect.content_recall_J50": "indirect found",
    },
    "challenge-dev": {"content.F1": "content F1", "found.F1": "found F1", "record.F1": "record F1"},
    "wikinews-dev": {"content.F1": "content F1", "found.F1": "found F1", "record.F1": "record F1"},
}
"""The measures that are told, with their names."""


def scorer(name: str) -> ModuleType:
    """A shared scorer as a module, so that its counts can be drawn again."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extracted(reports: Iterable[Report], tagger: Tagger) -> list[Report]:
    """What a model finds in reports, in the shape of `--format json`."""
    articles = map(article_of, reports)
    return [report_json(article, extract_article(article, tagger=tagger)) for article in articles]


def counted(evaluation_set: EvaluationSet, tagger: Tagger) -> tuple[tuple[str, ...], Counts]:
    """What the scorer of a set counts in each report (R, counts), with the names of the counts."""
    reports = read_reports(evaluation_set.path)
    found = extracted(reports, tagger)
    module = scorer(f"score_{evaluation_set.scorer}")
    if evaluation_set.scorer == "attributions":
        rows = [module.doc_counts(report, as_attributions(one)) for report, one in zip(reports, found, strict=True)]
    else:
        rows = [module.score([report], [one]) for report, one in zip(reports, found, strict=True)]
    names = tuple(sorted({name for row in rows for name in row}))
    return names, np.array([[Counter(row)[name] for name in names] for row in rows], dtype=np.float64)


def values(evaluation_set: EvaluationSet, names: tuple[str, ...], sums: Counts) -> dict[str, Any]:
    """The measures that counts (..., counts) come to, as their scorer reckons them."""
    told = dict(zip(names, np.moveaxis(sums, -1, 0), strict=True))
    if evaluation_set.scorer == "attributions":
        reckoned: dict[str, Any] = scorer("score_attributions").metrics(told)
        return {name: reckoned[name] for name in SHOWN[evaluation_set.name]}
    return {f"{name}.F1": 2 * told[name] / np.maximum(told["pred"] + told["gold"], 1) for name in ("content", "found", "record")}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The measures of a model on a set, and what they are when its reports are drawn again (as many values as draws)."""

    point: dict[str, Any]
    drawn: dict[str, Any]

    @classmethod
    def of(cls, evaluation_set: EvaluationSet, tagger: Tagger, boot: int) -> "Measured":
        """Measures a model; the draws are the same for every model."""
        names, rows = counted(evaluation_set, tagger)
        reports = len(rows)
        weights = np.random.default_rng(0).multinomial(reports, np.full(reports, 1 / reports), size=boot).astype(np.float64)
        drawn = values(evaluation_set, names, weights @ rows) if boot else {}
        return cls(point=values(evaluation_set, names, rows.sum(axis=0)), drawn=drawn)

    def __sub__(self, other: "Measured") -> "Measured":
        """By how much the measures differ, draw by draw."""
        point, drawn = (
            {name: value - theirs[name] for name, value in ours.items()}
            for ours, theirs in ((self.point, other.point), (self.drawn, other.drawn))
        )
        return Measured(point=point, drawn=drawn)

    def told(self) -> dict[str, dict[str, float]]:
        """Each measure as `value`, with `low` and `high` where there are draws."""
        rows = {name: {"value": round(float(value), 4)} for name, value in self.point.items()}
        for name, drawn in self.drawn.items():
            low, high = np.nanpercentile(drawn, (2.5, 97.5))
            rows[name] |= {"low": round(float(low), 4), "high": round(float(high), 4)}
        return rows


def figures_of(folder: Path, *, boot: int = 1000, others: Mapping[str, Path] = MappingProxyType({})) -> dict[str, Any]:
    """The figures of a model and, under `against`, those of others and what they have more than it, each with its interval."""
    tagger = Tagger(folder)
    figures: dict[str, Any] = {"model": tagger.name, "sets": {}}
    against: dict[str, Any] = {name: {"model": Tagger(other).name, "sets": {}, "more": {}} for name, other in others.items()}
    for evaluation_set in (one for one in SETS if one.name in SHOWN):
        ours = Measured.of(evaluation_set, tagger, boot)
        figures["sets"][evaluation_set.name] = ours.told()
        for name, other in others.items():
            theirs = Measured.of(evaluation_set, Tagger(other), boot)
            against[name]["sets"][evaluation_set.name] = theirs.told()
            against[name]["more"][evaluation_set.name] = (theirs - ours).told()
    return figures | {"against": against}


def tables(figures: Mapping[str, Any]) -> list[str]:
    """The figures as lines of Markdown: those of the model, and beside each what other models have more."""
    others = figures["against"]
    head = ["set", "measure", figures["model"], *(f"{name} ({entry['model']}), more" for name, entry in others.items())]
    lines = [f"| {' | '.join(head)} |", f"|---|---|{'---:|' * (1 + len(others))}"]
    for name, measures in SHOWN.items():
        for measure, shown in measures.items():
            told = [written(figures["sets"][name][measure])]
            told += [written(entry["more"][name][measure], sign="+") for entry in others.values()]
            lines.append(f"| {name} | {shown} | {' | '.join(told)} |")
    return lines


def written(figure: Mapping[str, float], sign: str = "") -> str:
    """A share in hundredths with its interval.

    >>> written({"value": 0.742, "low": 0.72, "high": 0.7611}), written({"value": -0.0021}, sign="+")
    ('74.2 (72.0 to 76.1)', '-0.2')
    """
    value, *edges = (format(100 * figure[name], f"{sign}.1f") for name in ("value", "low", "high") if name in figure)
    return f"{value} ({' to '.join(edges)})" if edges else value


def named_folder(written: str) -> tuple[str, Path]:
    name, mark, folder = written.partition("=")
    if not mark:
        raise argparse.ArgumentTypeError(f"{written!r} is not NAME=FOLDER")
    return name, Path(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--against", type=named_folder, metavar="NAME=FOLDER", action="append", default=[], help="another model; again for more"
    )
    parser.add_argument("--boot", type=int, default=1000, help="how often the reports are drawn")
    arguments = parser.parse_args()
    figures = figures_of(arguments.folder, boot=arguments.boot, others=dict(arguments.against))
    (arguments.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print("\n".join(tables(figures)))
    print("now: python -m training.card", arguments.folder)


if __name__ == "__main__":
    main()
