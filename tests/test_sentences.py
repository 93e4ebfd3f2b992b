"""Sentences: a table of cases, and what holds for every text."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.marks import paragraphs
from quoth.sentences import sentences
from quoth.spans import contains

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "sentences.jsonl").read_text("utf-8").splitlines()]

stops = st.lists(st.sampled_from([". ", "? ", "…", "”", '"', " »", "(", "U.S", "Mr", "No", "5", "The", "x", "\n", " ", "。"])).map("".join)
texts = st.text() | stops


def _case(case: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(reason=case["comment"], strict=True)
    return pytest.param(case, id=case["label"], marks=known if case["status"] == "known failure" else ())


@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert [sentence.slice(case["text"]) for sentence in sentences(case["text"])] == case["expected"]


@given(texts)
def test_every_word_lies_in_exactly_one_sentence(text: str) -> None:
    found = sentences(text)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert "".join("".join(sentence.slice(text).split()) for sentence in found) == "".join(text.split())


@given(texts)
def test_sentences_begin_and_end_with_words_and_keep_to_their_paragraph(text: str) -> None:
    lines = list(paragraphs(text))
    for sentence in sentences(text):
        assert sentence.slice(text) == sentence.slice(text).strip()
        assert sum(contains(line, sentence) for line in lines) == 1


@pytest.mark.parametrize("unit", [". ", "a. ", '."', '. "', "... ", "a", " ", ".  (  ", "U.S. "])
def test_long_lines_take_time_in_proportion(unit: str) -> None:
    """Not timed: anything worse than linear would not come to an end."""
    sentences(unit * 300_000)
