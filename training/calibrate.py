"""Fits the curves that make confidences probabilities: `python -m training.calibrate [FOLDER]`, with ../shared beside the project.

Reads the development sets once with the model, by default the shipped one, its curves left out, and finds for each statement whether its
content, source, speaker and date are right. For each field and case a logistic curve is fitted (Platt 1999); what is published is measured
on held-out folds: the curves of nine tenths of the reports, applied to the last tenth. Writes `calibration.json` beside the model, and for
the shipped one `evaluation/reliability.md` with `reliability.svg`.

Names that only the model's antecedents tell (the case "model") are few there, so for them GAP's dev split is read, which no run has read.

A content is right if it shares four fifths of its words with a marked one, a source half; a speaker if one name's words lie within the
other's and they share the last; a date if it is the marked day. The sets without speakers and dates (PolNeAR) count for the first two.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.gap import is_named, meant
from evaluation.predict import article_of
from evaluation.sets import SETS, Report, read_reports
from quoth import confidence, tagger
from quoth.confidence import FIELDS, Curve, case_of, logit, said_case
from quoth.marked import parse_marked
from quoth.pipeline import extract_article
from quoth.scoring import RECORD, SOFT, Marked, Score
from quoth.types import Span, Statement
from training.reliability import Floats, drawing, page

FOLDS = 10
STEPS = 50
PENALTY = 0.1
"""Keeps the curve of a case with few examples near that of no change."""
PRECISIONS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98)
PAGE = Path("evaluation/reliability.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One field of one statement: its case, its rating, whether it is right, and the fold of its report."""

    field: str
    case: str
    rating: float
    right: bool
    fold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A statement as the dial of precision sees it: the ratings of content and source with their cases, and whether both are right."""

    content: Verdict
    source: Verdict
    right: bool


def verdicts_of(report: Report, statements: Sequence[Statement], fold: int) -> Iterator[tuple[list[Verdict], Kept]]:
    """What is right of each statement of a marked report."""
    gold = parse_marked(json.dumps(report)).marked
    entries: list[dict[str, Any]] = report.get("statements") or []
    pairs = {pair.found: pair for pair in Score().add(report["text"], gold, [_marked(statement) for statement in statements])}
    for place, statement in enumerate(statements):
        pair, attribution = pairs.get(place), statement.attribution
        found = pair is not None and pair.share >= SOFT
        sourced = found and pair is not None and pair.sources_agree
        case = case_of(attribution)
        content = Verdict(field="content", case=case, rating=attribution.confidence, right=found and pair.share >= RECORD, fold=fold)  # type: ignore[union-attr]
        source = Verdict(field="source", case=case, rating=attribution.source_confidence, right=sourced, fold=fold)
        verdicts = [content]
        if found and attribution.source is not None:
            verdicts.append(source)
        if sourced and pair is not None and "statements" in report:
            verdicts.extend(_told(statement, entries[pair.gold], fold))
        yield verdicts, Kept(content=content, source=source, right=sourced)


def _marked(statement: Statement) -> Marked:
    def one(span: Span | None) -> tuple[Span, ...]:
        return () if span is None else (span,)

    attribution = statement.attribution
    return Marked(content=attribution.content, cue=one(attribution.cue), source=one(attribution.source))


def pronouns_of(snippet: Report, model: tagger.Tagger, fold: int) -> Iterator[Verdict]:
    """Whether whom the model made of a pronoun of GAP is right, where the two names that the snippet asks for tell."""
    resolution = meant(snippet, model)
    if resolution is None or resolution.basis != "model":
        return
    named = [bool(snippet[f"{name}_coref"]) for name in ("a", "b") if is_named(resolution.owners[0], snippet[name])]
    if named or snippet["a_coref"] or snippet["b_coref"]:
        yield Verdict(field="speaker", case="model", rating=resolution.confidence, right=any(named), fold=fold)


def _told(statement: Statement, entry: dict[str, Any], fold: int) -> Iterator[Verdict]:
    """The speaker and the day of a statement whose content and source were found."""
    speaker, said = statement.speaker, statement.said_on
    if speaker is not None:
        right = same_name(entry.get("speaker"), speaker.name)
        yield Verdict(field="speaker", case=speaker.basis, rating=speaker.confidence, right=right, fold=fold)
    if said is not None and said.precision == "day":
        yield Verdict(field="said_on", case=said_case(said), rating=0.5, right=entry.get("said_on") == said.date.isoformat(), fold=fold)


def same_name(gold: str | None, given: str) -> bool:
    """Whether one name's words lie within the other's and both end alike, titles and case aside.

    >>> same_name("Ada Osei", "Osei"), same_name("Ada Osei", "Ada Lind"), same_name(None, "Osei")
    (True, False, False)
    """
    left, right = ([word.strip(".,").lower() for word in (name or "").replace("’s", "").split()] for name in (gold, given))
    return bool(left and right) and left[-1] == right[-1] and (set(left) <= set(right) or set(right) <= set(left))


def fit(verdicts: Sequence[Verdict]) -> Curve:
    """The logistic curve of greatest likelihood over the logits of the ratings, drawn a little to no change, by Newton's method.

    A step that does not raise the likelihood is halved until it does.
    """
    logits = np.array([logit(verdict.rating) for verdict in verdicts])
    right = np.array([verdict.right for verdict in verdicts], dtype=np.float64)
    design = np.stack([logits, np.ones_like(logits)], axis=1)
    start = np.array([1.0, 0.0])

    def likelihood(weights: Floats) -> float:
        scores = design @ weights
        gap = weights - start
        return float(right @ scores - np.logaddexp(0, scores).sum() - PENALTY / 2 * gap @ gap)

    weights = start.copy()
    for _ in range(STEPS):
        shares = np.exp(-np.logaddexp(0, -design @ weights))
        gradient = design.T @ (right - shares) - PENALTY * (weights - start)
        curvature = (design * (shares * (1 - shares))[:, None]).T @ design + PENALTY * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while likelihood(weights + step) < likelihood(weights) and np.abs(step).max() > 1e-9:
            step /= 2
        weights = weights + step
        if np.abs(step).max() < 1e-9:
            break
    return Curve(slope=round(float(weights[0]), 4), intercept=round(float(weights[1]), 4))


def curves_of(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Curve]]:
    """The curves of every field and case."""
    by_case: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_case[verdict.field, verdict.case].append(verdict)
    found: dict[str, dict[str, Curve]] = {field: {} for field in FIELDS}
    for (field, case), cases in sorted(by_case.items()):
        found[field][case] = fit(cases)
    return found


def held_out(verdicts: Sequence[Verdict]) -> dict[str, tuple[Floats, Floats]]:
    """For each field the probabilities that curves of the other folds give, and what was right."""
    given: dict[str, tuple[list[float], list[float]]] = {field: ([], []) for field in FIELDS}
    for fold in range(FOLDS):
        curves = curves_of([verdict for verdict in verdicts if verdict.fold != fold])
        for verdict in verdicts:
            if verdict.fold == fold:
                curve = curves[verdict.field].get(verdict.case, confidence.UNCHANGED)
                given[verdict.field][0].append(curve(verdict.rating))
                given[verdict.field][1].append(float(verdict.right))
    return {field: (np.array(probabilities), np.array(right)) for field, (probabilities, right) in given.items()}


def dial(kept: Sequence[Kept], curves: dict[str, dict[str, Curve]]) -> list[tuple[float, float, float]]:
    """For each precision the least confidence at which it is reached, and the share of what is right that is then kept."""
    joint = np.array([
        curves["content"].get(one.content.case, confidence.UNCHANGED)(one.content.rating)
        * curves["source"].get(one.source.case, confidence.UNCHANGED)(one.source.rating)
        for one in kept
    ])  # fmt: skip
    right = np.array([one.right for one in kept], dtype=np.float64)
    order = np.argsort(-joint)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    rows = []
    for wanted in PRECISIONS:
        reached = np.flatnonzero(precision >= wanted)
        if len(reached):
            last = int(reached[-1])
            rows.append((wanted, float(joint[order[last]]), float(right[order[: last + 1]].sum() / right.sum())))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=tagger.MODEL)
    folder = parser.parse_args().folder
    model = tagger.Tagger(folder)
    model.calibration = confidence.NONE
    verdicts: list[Verdict] = []
    kept: list[Kept] = []
    names = [one for one in SETS if one.name in ("polnear-dev", "challenge-dev", "wikinews-dev")]
    for evaluation_set in names:
        for number, report in enumerate(read_reports(evaluation_set.path)):
            for found, one in verdicts_of(report, extract_article(article_of(report), tagger=model), number % FOLDS):
                verdicts.extend(found)
                kept.append(one)
        print(f"{evaluation_set.name}: {len(verdicts)} verdicts so far", flush=True)
    gap = next(one for one in SETS if one.scorer == "gap")
    snippets = [report for report in read_reports(gap.path) if report["split"] == "dev"]
    for number, snippet in enumerate(snippets):
        verdicts.extend(pronouns_of(snippet, model, number % FOLDS))
    print(f"{len(snippets)} snippets of GAP: {len(verdicts)} verdicts", flush=True)
    curves = curves_of(verdicts)
    rows = dial(kept, curves)
    calibration = {
        field: {case: {"slope": curve.slope, "intercept": curve.intercept} for case, curve in cases.items()}
        for field, cases in curves.items()
    }
    (folder / "calibration.json").write_text(
        json.dumps(calibration | {"kept": [[wanted, round(least, 4)] for wanted, least, _ in rows]}, indent=1) + "\n", encoding="utf-8"
    )
    measured = held_out(verdicts)
    told = page(model.name, measured, rows, [*(one.name for one in names), "gap (dev)"])
    if folder == tagger.MODEL:
        PAGE.write_text(told, encoding="utf-8")
        PAGE.with_suffix(".svg").write_text(drawing(measured), encoding="utf-8")
    print(told)


if __name__ == "__main__":
    main()
