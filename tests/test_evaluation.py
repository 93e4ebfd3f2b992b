"""The gate and the reading of the scorers' figures, on small made-up results."""

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import gate
from evaluation.gate import TOLERANCE, below, raised
from evaluation.measure import as_attributions, read_statement_scores
from evaluation.sets import EvaluationSet, read_reports

PRINTED = """content          P 0.900 R 0.800 F1 0.847
found            P 0.800 R 0.700 F1 0.747
record           P 0.500 R 0.400 F1 0.444
kind             0.950
speaker lenient  0.800
said_on          0.250 of 4 dated; invented 0.100 of 6 undated
false asserted   0.120 of 25
gold 30, predicted 25, texts that differ 0
"""

values = st.floats(min_value=0, max_value=1)
figures = st.dictionaries(
    st.sampled_from(["first-report", "polnear-dev", "wikinews-dev"]),
    st.dictionaries(st.sampled_from(["record.F1", "attr.soft.F", "kind"]), values, min_size=1),
)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        pytest.param(0.71, [], id="above"),
        pytest.param(0.70, [], id="at the floor"),
        pytest.param(0.70 - TOLERANCE / 2, [], id="within what processors differ by"),
        pytest.param(0.69, ["dev record.F1: 0.690 is below its floor of 0.700"], id="below"),
        pytest.param(float("nan"), ["dev record.F1: nan is below its floor of 0.700"], id="not a number"),
    ],
)
def test_below(value: float, lines: list[str]) -> None:
    assert below({"dev": {"record.F1": value, "kind": 0.1}}, {"dev": {"record.F1": 0.7}}) == lines


@pytest.mark.parametrize("measured", [{}, {"dev": {}}, {"other": {"record.F1": 1.0}}])
def test_what_is_not_measured_is_below_its_floor(measured: dict[str, dict[str, float]]) -> None:
    assert below(measured, {"dev": {"record.F1": 0.7}}) == ["dev record.F1: not measured; its floor is 0.700"]


@given(measured=figures, floors=figures)
def test_floors_only_rise(measured: gate.Figures, floors: gate.Figures) -> None:
    lifted = raised(measured, floors)
    assert all(lifted[name][measure] >= floor for name, measures in floors.items() for measure, floor in measures.items())
    assert raised(measured, lifted) == lifted


@given(measured=figures)
def test_what_set_the_floors_passes_them(measured: gate.Figures) -> None:
    assert below(measured, raised(measured, {})) == []


def test_only_held_measures_get_a_floor() -> None:
    assert raised({"first-report": {"record.F1": 0.9, "invented": 0.5}}, {}) == {"first-report": {"record.F1": 0.9}}


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the gate reads instead of its own, with one set measured at .65 and its floor at .7."""
    here = EvaluationSet(name="dev", path=tmp_path, scorer="statements", held=("record.F1",))
    monkeypatch.setattr(EvaluationSet, "present", True)
    monkeypatch.setattr(gate, "SETS", (here,))
    monkeypatch.setattr(gate, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(sys, "argv", ["gate"])
    (tmp_path / "results.json").write_text(json.dumps({"sets": {"dev": {"measures": {"record.F1": 0.65}}}}), encoding="utf-8")
    (tmp_path / "floors.json").write_text(json.dumps({"dev": {"record.F1": 0.7}}), encoding="utf-8")
    return tmp_path


def test_gate_fails_below_a_floor(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        gate.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "gate: dev record.F1: 0.650 is below its floor of 0.700\n"


@pytest.mark.parametrize(
    ("floor", "after", "ending"),
    [
        pytest.param(0.7, 0.7, pytest.raises(SystemExit), id="never lowers"),
        pytest.param(0.5, 0.65, nullcontext(), id="raises"),
    ],
)
def test_raising(judged: Path, monkeypatch: pytest.MonkeyPatch, floor: float, after: float, ending: AbstractContextManager[object]) -> None:
    (judged / "floors.json").write_text(json.dumps({"dev": {"record.F1": floor}}), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["gate", "--raise"])
    with ending:
        gate.main()
    assert json.loads((judged / "floors.json").read_text(encoding="utf-8")) == {"dev": {"record.F1": after}}


def test_gate_without_the_sets_says_so(judged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(EvaluationSet, "present", False)
    gate.main()
    assert capsys.readouterr().out == "gate: skipped, the sets in ../shared are not here\n"


def test_statement_scores_are_read() -> None:
    scores = read_statement_scores(PRINTED)
    assert scores["record.F1"] == 0.444
    assert scores["found.P"] == 0.8
    assert (scores["kind"], scores["speaker_lenient"]) == (0.95, 0.8)
    assert (scores["said_on"], scores["invented"], scores["false_asserted"]) == (0.25, 0.1, 0.12)


@pytest.mark.parametrize("printed", ["", "a new form of output", PRINTED.replace("differ 0", "differ 2")])
def test_scores_that_cannot_be_trusted_are_refused(printed: str) -> None:
    with pytest.raises(RuntimeError):
        read_statement_scores(printed)


def test_statements_as_attributions() -> None:
    statement = {"content": [{"start": 0, "end": 5, "text": "“Hm,”"}], "cue": {"start": 9, "end": 13, "text": "said"}, "source": None}
    report = {"id": "a", "text": "“Hm,” he said.", "statements": [statement]}
    attribution = {"content": [[0, 5]], "cue": [[9, 13]], "source": []}
    assert as_attributions(report) == {"id": "a", "text": "“Hm,” he said.", "attributions": [attribution]}


def test_reports_are_read_one_a_line_or_one_a_file(tmp_path: Path) -> None:
    report = {"id": "a", "text": "One\u2028line.", "statements": []}
    (tmp_path / "one.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    (tmp_path / "many.jsonl").write_text(json.dumps(report, ensure_ascii=False) + "\n\n" + json.dumps(report), encoding="utf-8")
    assert read_reports(tmp_path / "one.json") == [report]
    assert read_reports(tmp_path / "many.jsonl") == [report, report]
