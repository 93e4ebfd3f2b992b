"""What quoth extracts from the marked reports stays above its floors; runs where ../shared is."""

import pytest

from evaluation.gate import below, read_floors
from evaluation.measure import measure
from evaluation.sets import SETS, EvaluationSet

SLOW = {"gap-test"}
CASES = [pytest.param(one, id=one.name, marks=[pytest.mark.nightly] if one.name in SLOW else []) for one in SETS]


@pytest.mark.parametrize("evaluation_set", CASES)
def test_no_measure_is_below_its_floor(evaluation_set: EvaluationSet) -> None:
    if not evaluation_set.present:
        pytest.skip(f"{evaluation_set.name} is not in ../shared")
    floors = {evaluation_set.name: read_floors()[evaluation_set.name]}
    assert below({evaluation_set.name: measure(evaluation_set)}, floors) == []


def test_the_first_report_must_be_whole() -> None:
    assert read_floors()["first-report"]["record.F1"] == 1.0
