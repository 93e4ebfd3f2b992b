"""Confidence that means what it says: of what is told with .9, nine in ten are right.

The tagger's probabilities and the rules' ratings rank well and are no frequencies. For each kind of statement, and each way of naming a
speaker, a logistic curve turns them into one (Platt 1999, "Probabilistic Outputs for Support Vector Machines"); the curves are fitted by
`python -m training.calibrate` on development sets, published with their reliability in `evaluation/reliability.md`, and stand beside the
model in `calibration.json`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from pathlib import Path

from quoth.errors import ModelError
from quoth.types import Attribution, Said, Speaker, Statement

LEAST = 1e-4
"""Probabilities are kept so far from 0 and from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A logistic curve over the logit of a rating."""

    slope: float
    intercept: float

    def __call__(self, rating: float) -> float:
        """The probability that goes with a rating, 0 to 1.

        >>> round(Curve(slope=1.0, intercept=0.0)(0.8), 3)
        0.8
        """
        return 1 / (1 + exp(-(self.slope * logit(rating) + self.intercept)))


FIELDS = ("content", "source", "speaker", "said_on")
UNCHANGED = Curve(slope=1.0, intercept=0.0)


def logit(probability: float) -> float:
    """The log odds of a probability, finite also for 0 and 1."""
    kept = min(max(probability, LEAST), 1 - LEAST)
    return log(kept / (1 - kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The curves of each field, by the kind of case; and how sure a statement must be for what is kept to reach a precision.

    `kept` holds pairs (precision, least confidence), ascending. A case without a curve of its own keeps its rating.
    """

    content: Mapping[str, Curve]
    source: Mapping[str, Curve]
    speaker: Mapping[str, Curve]
    said_on: Mapping[str, Curve]
    kept: tuple[tuple[float, float], ...]

    def least(self, precision: float) -> float:
        """The least confidence of statements that together reach a precision, 0 to 1; above 1 where none do.

        >>> calibration = Calibration(content={}, source={}, speaker={}, said_on={}, kept=((0.8, 0.3), (0.9, 0.6)))
        >>> calibration.least(0.75), calibration.least(0.85), calibration.least(0.99)
        (0.3, 0.6, 1.1)
        """
        return next((least for reached, least in self.kept if reached >= precision), 1.1)


NONE = Calibration(content={}, source={}, speaker={}, said_on={}, kept=())


def read_calibration(path: Path) -> Calibration:
    """The calibration of a model; raises OSError, ValueError, TypeError or KeyError for a file that is none."""
    record = json.loads(path.read_text(encoding="utf-8"))
    curves = {
        field: {case: Curve(**curve) for case, curve in record[field].items()} for field in ("content", "source", "speaker", "said_on")
    }
    return Calibration(**curves, kept=tuple((float(reached), float(least)) for reached, least in record["kept"]))


def case_of(attribution: Attribution) -> str:
    """The kind of case of an attribution: nested, without a cue, or by the marks in its content."""
    if attribution.parent is not None:
        return "nested"
    return "uncued" if attribution.cue is None else attribution.kind


def calibrated(attribution: Attribution, calibration: Calibration) -> Attribution:
    """The attribution with its two confidences as probabilities of being right."""
    case = case_of(attribution)
    return replace(
        attribution,
        confidence=calibration.content.get(case, UNCHANGED)(attribution.confidence),
        source_confidence=calibration.source.get(case, UNCHANGED)(attribution.source_confidence),
    )


def calibrated_speaker(speaker: Speaker | None, calibration: Calibration) -> Speaker | None:
    """The speaker with his confidence as a probability, by what he was named."""
    if speaker is None:
        return None
    return replace(speaker, confidence=calibration.speaker.get(speaker.basis, UNCHANGED)(speaker.confidence))


def calibrated_date(said: Said | None, calibration: Calibration) -> Said | None:
    """The date with a confidence, by what words it is told and whether they were carried over; None where no curve tells."""
    curve = None if said is None else calibration.said_on.get(said_case(said))
    return said if said is None or curve is None else replace(said, confidence=curve(0.5))


def said_case(said: Said) -> str:
    """The kind of case of a date: whether its words stand with the statement, or are carried over to it from the same occasion."""
    return "carried" if said.carried else "own"


def joint(statement: Statement) -> float:
    """How probable it is that both content and source are right."""
    return statement.attribution.confidence * statement.attribution.source_confidence


def reaching(statements: Sequence[Statement], precision: float, calibration: Calibration) -> tuple[Statement, ...]:
    """The statements that are sure enough for those kept to reach a precision, 0 to 1; one within another is judged by itself.

    Raises ModelError where no confidence reaches it.
    """
    least = calibration.least(precision)
    if least > 1:
        highest = max((reached for reached, _ in calibration.kept), default=0.0)
        raise ModelError(f"no statements reach a precision of {precision:g}; the highest is {highest:g}")
    return tuple(statement for statement in statements if joint(statement) >= least)
