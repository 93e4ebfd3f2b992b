"""Acts: a table of cases, and what holds for every text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_polarity import attribution_of, attributions

from quoth.acts import act
from quoth.types import Attribution, Span

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "acts.jsonl").read_text("utf-8").splitlines()]

words = [" ", "\n", ", ", ". ", ": ", "“", "in ", "on ", "by ", "a ", "the ", "letter ", "statement ", "Twitter ", "Post ", "@a ", "b.com "]
verbs = ["said ", "wrote ", "saying ", "would ", "like ", "thinks ", "aloud ", "which ", "news agency ", "Fars ", "interview ", "🦉", "’s "]
texts = st.text(min_size=1) | st.lists(st.sampled_from([*words, *verbs]), min_size=1).map("".join)


def _case(case: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(reason=case["comment"], strict=True)
    return pytest.param(case, id=case["label"], marks=known if case["status"] == "known failure" else ())


@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert act(case["text"], attribution_of(case, case["text"])) == case["expected"]


def test_labels_are_unique() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES) >= 50


@given(st.data())
def test_any_spans_of_any_text_have_an_act(data: st.DataObject) -> None:
    text = data.draw(texts)
    assert act(text, data.draw(attributions(text))) in {"speech", "writing", "thought"}


def test_an_outlet_is_known_only_where_it_was_introduced() -> None:
    introduced = "Norpresk, the state news agency, opened in May.\n\n"
    text = "Norpresk reported rain."
    source, cue, content = Span(start=0, end=8), Span(start=9, end=17), Span(start=18, end=22)
    shift = len(introduced)
    here = Attribution(content=(content,), cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0)
    there = Attribution(
        content=(Span(start=content.start + shift, end=content.end + shift),),
        cue=Span(start=cue.start + shift, end=cue.end + shift),
        source=Span(start=source.start + shift, end=source.end + shift),
        kind="indirect",
        confidence=1.0,
        source_confidence=1.0,
    )
    assert act(text, here) == "speech"
    assert act(introduced + text, there) == "writing"


def test_forecasts_and_rulings_are_voiced_whatever_the_model_holds() -> None:
    for cue, shares, expected in (("projects", (0.1, 0.1, 0.8, 0.0), "speech"), ("backs", (0.1, 0.1, 0.8, 0.0), "thought")):
        text = f"The bank {cue} a long drought."
        end = 9 + len(cue)
        content, cue_span, source = (Span(start=end + 1, end=len(text) - 1),), Span(start=9, end=end), Span(start=0, end=8)
        read = Attribution(
            content=content, cue=cue_span, source=source, kind="indirect", confidence=1.0, source_confidence=1.0, acts=shares
        )
        assert act(text, read) == expected
