"""Runs the scorers over what quoth extracts from a set, and reads what they print.

The scorers are not ours to change: they are run as programs, so that a figure here is the one anybody gets from them.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.gap import measure_gap
from evaluation.offices import shares
from evaluation.predict import predictions, write_lines
from evaluation.sets import TOOLS, EvaluationSet, Report, read_reports
from quoth.people import People

Measures = dict[str, float]
"""Measure to value, 0 to 1."""

F1_LINE = re.compile(r"(\w+) +P ([\d.]+) R ([\d.]+) F1 ([\d.]+)")
SHARE_LINE = re.compile(r"([a-z_]+(?: [a-z]+)?) +(\d\.\d+)(?: of .*)?")
INVENTED = re.compile(r"invented (\d\.\d+) of")
DIFFERENT_TEXTS = re.compile(r"texts that differ (\d+)")


def measure(evaluation_set: EvaluationSet) -> Measures:
    """Extracts and scores one set; raises RuntimeError with the scorer's own words if it fails."""
    if evaluation_set.scorer == "offices":
        return shares(People.load(evaluation_set.path))
    reports = read_reports(evaluation_set.path)
    if evaluation_set.scorer == "gap":
        return measure_gap(report for report in reports if report["split"] == "test")
    extracted = list(predictions(reports))
    with tempfile.TemporaryDirectory() as folder:
        score = score_attributions if evaluation_set.scorer == "attributions" else score_statements
        return score(reports, extracted, Path(folder))


def score_attributions(reports: Sequence[Report], extracted: Sequence[Report], folder: Path) -> Measures:
    """The measures of `score_attributions.py`, by the names it gives them; one that has nothing to count is left out."""
    gold, found, scores = folder / "gold.json", folder / "found.json", folder / "scores.json"
    gold.write_text(json.dumps(reports), encoding="utf-8")
    found.write_text(json.dumps([as_attributions(report) for report in extracted]), encoding="utf-8")
    run_scorer("score_attributions.py", gold, found, "--boot", "0", "--json", scores)
    values = {name: score["v"] for name, score in json.loads(scores.read_text(encoding="utf-8")).items() if not name.startswith("_")}
    return {name: value for name, value in values.items() if value == value}


def score_statements(reports: Sequence[Report], extracted: Sequence[Report], folder: Path) -> Measures:
    """The measures of `score_statements.py`, as `read_statement_scores` names them."""
    gold, found = folder / "gold.jsonl", folder / "found.jsonl"
    write_lines(gold, reports)
    write_lines(found, extracted)
    return read_statement_scores(run_scorer("score_statements.py", gold, found))


def run_scorer(name: str, *arguments: str | Path) -> str:
    """What a scorer prints."""
    finished = subprocess.run([sys.executable, str(TOOLS / name), *map(str, arguments)], capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(f"{name}: {finished.stderr.strip() or finished.stdout.strip()}")
    return finished.stdout


def read_statement_scores(printed: str) -> Measures:
    r"""The figures in the lines that `score_statements.py` prints.

    >>> read_statement_scores("record P 0.500 R 1.000 F1 0.667\nsaid_on 0.250 of 4 dated; invented 0.100 of 6 undated")
    {'record.P': 0.5, 'record.R': 1.0, 'record.F1': 0.667, 'said_on': 0.25, 'invented': 0.1, 'not_invented': 0.9}
    """
    measures: Measures = {}
    for line in printed.splitlines():
        if found := F1_LINE.fullmatch(line.strip()):
            name, *values = found.groups()
            measures |= {f"{name}.{measure}": float(value) for measure, value in zip(("P", "R", "F1"), values, strict=True)}
        elif found := SHARE_LINE.fullmatch(line.strip()):
            measures[found[1].replace(" ", "_")] = float(found[2])
        if found := INVENTED.search(line):
            measures |= {"invented": float(found[1]), "not_invented": 1 - float(found[1])}
        if (found := DIFFERENT_TEXTS.search(line)) and int(found[1]):
            raise RuntimeError(f"{found[1]} texts are not those of the reports")
    if "false_asserted" in measures:
        measures["truly_asserted"] = 1 - measures["false_asserted"]
    if "record.F1" not in measures:
        raise RuntimeError(f"the scorer printed no record: {printed[:200]!r}")
    return measures


def as_attributions(report: Report) -> Report:
    """A report in quoth's JSON as `score_attributions.py` reads it: each role a list of `[start, end]`."""
    return {"id": report["id"], "text": report["text"], "attributions": [roles(statement) for statement in report["statements"]]}


def roles(statement: dict[str, Any]) -> dict[str, list[list[int]]]:
    """Content, cue and source of a statement in quoth's JSON, each a list of `[start, end]`."""
    passages = {"content": statement["content"], "cue": [statement["cue"]], "source": [statement["source"]]}
    return {role: [[passage["start"], passage["end"]] for passage in found if passage] for role, found in passages.items()}
