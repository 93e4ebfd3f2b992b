"""Quotation marks: a table of cases, and what holds for every text."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.marks import CLOSED_BY, MARK, kind_of, paragraphs, quotations
from quoth.spans import contains
from quoth.types import Repair, Span

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "marks.jsonl").read_text("utf-8").splitlines()]

words = [" ", " ", "\n", "\u2028", "a", "Brok", "boys’ ", "12", ". ", ", ", "‘n’", "’90s", "🦉"]
marked = st.lists(st.sampled_from([*CLOSED_BY, "”", "’", "’’", "''", *words])).map("".join)
texts = st.text() | marked


def _case(case: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(reason=case["comment"], strict=True)
    return pytest.param(case, id=case["label"], marks=known if case["status"] == "known failure" else ())


@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    found = [{"words": text[q.start : q.end], "depth": q.depth, "repairs": list(q.repairs)} for q in quotations(text)]
    assert found == case["expected"]


def test_labels_are_unique() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES)


@given(texts)
def test_paragraphs_hold_every_word_once(text: str) -> None:
    lines = list(paragraphs(text))
    assert all(line.slice(text) == line.slice(text).strip() for line in lines)
    assert all(left.end < right.start for left, right in pairwise(lines))
    assert "".join("".join(line.slice(text).split()) for line in lines) == "".join(text.split())


@given(texts)
def test_quotations_stand_in_order_and_nest(text: str) -> None:
    around: list[int] = []
    last = 0
    for quotation in quotations(text):
        assert last <= quotation.start < quotation.end <= len(text)
        last = quotation.start
        while around and around[-1] <= quotation.start:
            around.pop()
        assert quotation.depth == len(around)
        assert not around or quotation.end <= around[-1]
        around.append(quotation.end)


@given(texts)
def test_pieces_lie_in_one_paragraph_each_and_begin_with_the_mark(text: str) -> None:
    lines = list(paragraphs(text))
    for quotation in quotations(text):
        assert text.startswith(quotation.style, quotation.start)
        assert all(left.end <= right.start for left, right in pairwise(quotation.pieces))
        homes = [index for piece in quotation.pieces for index, line in enumerate(lines) if contains(line, piece)]
        assert homes == list(range(homes[0], homes[0] + len(quotation.pieces)))


@given(texts)
def test_certain_quotations_are_closed_by_a_mark_of_their_style(text: str) -> None:
    for quotation in quotations(text):
        if quotation.certain:
            assert any(text.endswith(mark, 0, quotation.end) for mark in CLOSED_BY[quotation.style])
        assert (len(quotation.pieces) > 1) <= ("reopened" in quotation.repairs or not quotation.certain)


@given(texts, texts)
def test_a_plain_paragraph_parts_what_stands_before_and_after(before: str, after: str) -> None:
    first = before + "\nPlain.\n"
    assert _facts(first + after, 0) == _facts(first, 0) + _facts(after, len(first))


def _facts(text: str, shift: int) -> list[tuple[int, int, int, tuple[Repair, ...]]]:
    return [(q.start + shift, q.end + shift, q.depth, q.repairs) for q in quotations(text)]


@given(st.text(alphabet="abc ,.\n"))
def test_a_text_without_marks_has_no_quotation(text: str) -> None:
    assert MARK.search(text) is None
    assert quotations(text) == ()


@pytest.mark.parametrize("unit", ['"', "'", "“", "‘a ", "«“„‘", "boys’ ", "‘boys’ ", '12" ', "“a\n", "“‘a\n", "“a ”", "’ ‘s' "])
def test_many_marks_take_time_in_proportion(unit: str) -> None:
    """Not timed: anything worse than linear would not come to an end."""
    quotations(unit * 100_000)


def _kind(text: str, *contents: str, cue: str | None = None) -> str:
    spans = tuple(Span(start=text.index(words), end=text.index(words) + len(words)) for words in contents)
    place = None if cue is None else Span(start=text.index(cue), end=text.index(cue) + len(cue))
    return kind_of(spans, quotations(text), text, cue=place)


def test_kind_is_told_by_the_words_within_marks() -> None:
    text = "“We sail,” said Brok, adding that the boat was “old but dry”. “At noon.” He left early."
    assert _kind(text, "“We sail,”", "“At noon.”") == "direct"
    assert _kind(text, "We sail") == "direct"
    assert _kind(text, "the boat was “old but dry”") == "mixed"
    assert _kind(text, "the boat was") == "indirect"
    assert _kind(text, "“We sail,”", "the boat was") == "mixed"


def test_the_marks_of_an_outer_speaker_do_not_count() -> None:
    text = "“Lena said she was late and told me ‘go’ at once,” said Brok."
    assert _kind(text, "she was late", cue="said") == "indirect"
    assert _kind(text, "‘go’", cue="told") == "direct"
    assert _kind(text, "“Lena said she was late and told me ‘go’ at once,”", cue="said Brok") == "direct"


def test_the_marks_of_a_nickname_do_not_count() -> None:
    text = "Brok said that Lena “Spider” Ardo would sail on the “Grey Owl” at noon."
    assert _kind(text, "Lena “Spider” Ardo would sail") == "indirect"
    assert _kind(text, "Lena “Spider” Ardo would sail on the “Grey Owl” at noon") == "mixed"


@given(texts, st.data())
def test_kind_of_is_what_each_word_tells(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start=start, end=data.draw(st.integers(start + 1, len(text))))
    found = quotations(text)
    inside = [any(q.start <= at < q.end for q in found) for at in range(span.start, span.end) if text[at].isalnum()]
    kind = kind_of((span,), found, text)
    if "Brok" not in text and inside:
        assert kind == ("direct" if all(inside) else "mixed" if any(inside) else "indirect")
