"""Confidences as probabilities, the dial of precision, and what a damaged calibration costs."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import quoth
from quoth import cli
from quoth.confidence import FIELDS, NONE, Calibration, Curve, calibrated, joint, reaching, read_calibration
from quoth.errors import ModelError
from quoth.tagger import MODEL, load
from quoth.types import Attribution, Span

TEXT = '"We leave at dawn," Ada Osei said. Rumours of a second ferry were taken as a promise.'


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 5), st.floats(-5, 5))
def test_a_curve_stays_between_0_and_1_and_keeps_the_order(low: float, high: float, slope: float, intercept: float) -> None:
    curve = Curve(slope=slope, intercept=intercept)
    low, high = sorted((low, high))
    assert 0 <= curve(low) <= curve(high) <= 1


def test_a_case_without_a_curve_keeps_its_rating() -> None:
    span = Span(start=0, end=3)
    attribution = Attribution(content=(span,), cue=None, source=None, kind="direct", confidence=0.5, source_confidence=0.25)
    assert calibrated(attribution, NONE).confidence == pytest.approx(0.5)
    curves = {"uncued": Curve(slope=1.0, intercept=2.0)}
    surer = calibrated(attribution, Calibration(content=curves, source={}, speaker={}, said_on={}, kept=()))
    assert (surer.confidence > 0.8, surer.source_confidence) == (True, pytest.approx(0.25))


def test_the_dial_keeps_fewer_the_higher_it_is_set() -> None:
    calibration = load().calibration
    statements = quoth.extract(TEXT)
    assert len(statements) == 2
    kept = [reaching(statements, precision, calibration) for precision, _ in calibration.kept]
    assert all(set(after) <= set(before) for before, after in pairwise(kept))
    assert all(joint(statement) >= least for found, (_, least) in zip(kept, calibration.kept, strict=True) for statement in found)
    with pytest.raises(ModelError, match="no statements reach a precision of 1"):
        reaching(statements, 1.0, calibration)


def test_the_shipped_calibration_has_every_field() -> None:
    calibration = read_calibration(MODEL / "calibration.json")
    assert all(getattr(calibration, field) for field in FIELDS)
    assert [pair[0] for pair in calibration.kept] == sorted({pair[0] for pair in calibration.kept})


@pytest.mark.parametrize("written", ["", "[]", "{}", json.dumps({field: {} for field in FIELDS} | {"kept": [[1]]})])
def test_a_file_that_is_none_is_an_error(tmp_path: Path, written: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(written, encoding="utf-8")
    with pytest.raises((ValueError, TypeError, KeyError)):
        read_calibration(path)


def test_the_command_line_has_the_dial(tmp_path: Path) -> None:
    path = tmp_path / "boat.txt"
    path.write_text(TEXT, encoding="utf-8")

    def words(*options: str) -> list[str]:
        result = CliRunner().invoke(cli.app, ["extract", "--format", "json", *options, str(path)], prog_name="quoth")
        assert result.exit_code == 0, result.stderr
        return [statement["content"][0]["text"] for statement in json.loads(result.stdout)["statements"]]

    every = words()
    assert len(every) == 2
    assert set(words("--precision", "0.95")) < set(words("--precision", "0.5")) == set(every)
    assert words("--act", "speech", "--act", "writing") == every
    assert words("--act", "thought") == []
    refused = CliRunner().invoke(cli.app, ["extract", "--precision", "0.9999", str(path)], prog_name="quoth")
    assert (refused.exit_code, "no statements reach a precision of 0.9999" in refused.stderr) == (1, True)
