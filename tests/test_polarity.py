"""Polarity: a table of cases, each with the whole cue and with its main word alone, and what holds for every text."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.cues import REACH, clause_of
from quoth.polarity import denies, polarity
from quoth.types import Attribution, Span

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "polarity.jsonl").read_text("utf-8").splitlines()]

marks = [" ", "\n", ", ", ". ", "? ", "“", "”", "’", "🦉"]
words = "not no nobody nor did would to if who and or only yet say said saying denied urged expected declined Brok she on Monday".split()
texts = st.text(min_size=1) | st.lists(st.sampled_from([*marks, *(word + " " for word in words)]), min_size=1).map("".join)


def _case(case: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(reason=case["comment"], strict=True)
    return pytest.param(case, id=case["label"], marks=known if case["status"] == "known failure" else ())


def span_of(text: str, words: str | None) -> Span | None:
    """The first place where the words stand, and not as part of longer ones."""
    if words is None:
        return None
    found = re.search(rf"(?:(?<!\w)|(?!\w)){re.escape(words)}(?:(?!\w)|(?<!\w))", text)
    assert found, f"{words!r} is not in {text!r}"
    return Span(start=found.start(), end=found.end())


def attribution_of(case: dict[str, Any], text: str, *, parent: int | None = None) -> Attribution:
    content = span_of(text, case["content"])
    assert content
    cue, source = span_of(text, case["cue"]), span_of(text, case["source"])
    kind = case.get("kind", "indirect")
    return Attribution(content=(content,), cue=cue, source=source, kind=kind, confidence=1.0, source_confidence=1.0, parent=parent)


def _found(case: dict[str, Any]) -> list[Attribution]:
    """The attribution of a case, and before it the one that it is nested in."""
    if "parent" not in case:
        return [attribution_of(case, case["text"])]
    return [attribution_of(case["parent"], case["text"]), attribution_of(case, case["text"], parent=0)]


@st.composite
def attributions(draw: st.DrawFn, text: str) -> Attribution:
    places = st.integers(0, len(text) + 3)
    spans = st.tuples(places, places).map(lambda pair: Span(start=min(pair), end=max(pair) + 1))
    cue, source, content = draw(st.none() | spans), draw(st.none() | spans), draw(spans)
    parent = draw(st.none() | st.integers(-2, 3))
    return Attribution(content=(content,), cue=cue, source=source, kind="direct", confidence=1.0, source_confidence=1.0, parent=parent)


@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = _found(case)
    assert polarity(case["text"], found[-1], found) == case["expected"]
    assert denies(case["text"], found[-1]) == case["denies"]


@pytest.mark.parametrize("case", [_case(case) for case in CASES if case["cue"] and " " in case["cue"]])
def test_the_main_word_alone_will_do_for_a_cue(case: dict[str, Any]) -> None:
    text, found = case["text"], _found(case)
    clause, cue = clause_of(text, found[-1]), found[-1].cue
    assert clause
    assert cue
    start = cue.start + cue.slice(text).lower().rindex(clause.main)
    found[-1] = replace(found[-1], cue=Span(start=start, end=start + len(clause.main)))
    assert polarity(text, found[-1], found) == case["expected"]


def test_labels_are_unique() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES) >= 70


@given(st.data())
def test_any_spans_of_any_text_have_a_polarity(data: st.DataObject) -> None:
    text = data.draw(texts)
    found = data.draw(st.lists(attributions(text), min_size=1, max_size=3))
    for attribution in found:
        assert polarity(text, attribution, found) in {"asserted", "not_said"}
        assert not denies(text, attribution) or polarity(text, replace(attribution, parent=None), found) == "asserted"


@given(st.data(), st.sampled_from([0, 1, 3 * REACH]))
def test_what_stands_in_other_paragraphs_changes_nothing(data: st.DataObject, length: int) -> None:
    text = "Brok did not say why. Ardo said so."
    cue = Span(start=13, end=16) if data.draw(st.booleans()) else Span(start=27, end=31)
    content = Span(start=cue.end + 1, end=cue.end + 3)
    found = Attribution(content=(content,), cue=cue, source=None, kind="indirect", confidence=1.0, source_confidence=1.0)
    shift = length + 2
    moved = replace(
        found,
        cue=Span(start=cue.start + shift, end=cue.end + shift),
        content=(Span(start=content.start + shift, end=content.end + shift),),
    )
    around = "x" * length + "\n\n" + text + "\n\nNobody said if not."
    assert polarity(around, moved) == polarity(text, found)
