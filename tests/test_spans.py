"""Span arithmetic and offset maps, against what sets of characters and plain replacement say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.spans import OffsetMap, contains, overlap, subtract, trim, union
from quoth.types import Span

SIZE = 24
spans = st.tuples(st.integers(0, SIZE - 1), st.integers(1, SIZE)).map(lambda ends: Span(start=min(ends), end=max(*ends, min(ends) + 1)))
some_spans = st.lists(spans, max_size=5)


def _places(*some: Span) -> set[int]:
    return {place for span in some for place in range(span.start, span.end)}


@given(spans, spans)
def test_overlap_and_contains_are_those_of_sets(left: Span, right: Span) -> None:
    shared = overlap(left, right)
    assert (_places(shared) if shared else set()) == _places(left) & _places(right)
    assert contains(left, right) == (_places(left) >= _places(right))


@given(spans, some_spans)
def test_subtract_leaves_the_other_characters(span: Span, others: list[Span]) -> None:
    left = subtract(span, others)
    assert _places(*left) == _places(span) - _places(*others)
    assert list(left) == sorted(left)


@given(st.text(alphabet="ab \n", min_size=SIZE, max_size=SIZE), some_spans)
def test_union_adds_only_white_space_and_leaves_words_between(text: str, some: list[Span]) -> None:
    joined = union(some, text)
    assert _places(*some) <= _places(*joined)
    assert all(text[place].isspace() for place in _places(*joined) - _places(*some))
    assert all(text[left.end : right.start].strip() for left, right in pairwise(joined))


@given(st.text(min_size=SIZE, max_size=SIZE), spans)
def test_trim_keeps_the_words(text: str, span: Span) -> None:
    trimmed = trim(span, text)
    assert (trimmed.slice(text) if trimmed else "") == span.slice(text).strip()
    assert trimmed is None or contains(span, trimmed)


steps = st.lists(
    st.tuples(st.text(alphabet="abc", max_size=4), st.sampled_from([("", "<b>"), ("&", "&amp;"), ("\n", ""), ("é", "&#233;")]))
)
"""A text as kept stretches, each followed by a replacement: what it became and what it was."""


def _read(parts: list[tuple[str, tuple[str, str]]]) -> tuple[str, str, OffsetMap]:
    clean = source = ""
    runs = []
    for kept, (became, was) in parts:
        if kept:
            runs.append((len(clean), len(source), len(kept)))
        clean, source = clean + kept + became, source + kept + was
    return clean, source, OffsetMap(runs=tuple(runs), clean_length=len(clean), source_length=len(source))


@given(steps, st.data())
def test_kept_characters_map_exactly_both_ways(parts: list[tuple[str, tuple[str, str]]], data: st.DataObject) -> None:
    clean, source, offsets = _read(parts)
    kept = [place for start, _, length in offsets.runs for place in range(start, start + length)]
    if not kept:
        return
    first, last = sorted((data.draw(st.sampled_from(kept)), data.draw(st.sampled_from(kept))))
    span = Span(start=first, end=last + 1)
    found = offsets.to_source(span)
    assert found is not None
    assert (found.slice(source)[0], found.slice(source)[-1]) == (span.slice(clean)[0], span.slice(clean)[-1])
    assert offsets.to_clean(found) == span


@given(steps, st.data())
def test_every_span_maps_to_all_that_it_came_from(parts: list[tuple[str, tuple[str, str]]], data: st.DataObject) -> None:
    clean, source, offsets = _read(parts)
    if not clean:
        return
    start = data.draw(st.integers(0, len(clean) - 1))
    span = Span(start=start, end=data.draw(st.integers(start + 1, len(clean))))
    found = offsets.to_source(span)
    if found is None:
        assert not span.slice(clean).strip("\n")
    else:
        assert found.end <= len(source)
        back = offsets.to_clean(found)
        kept = [place for first, _, length in offsets.runs for place in range(first, first + length) if span.start <= place < span.end]
        assert not kept or (back is not None and all(back.start <= place < back.end for place in kept))


def test_a_replaced_character_maps_to_the_whole_of_what_it_was() -> None:
    clean, source, offsets = _read([("A", ("&", "&amp;")), ("B", ("\n", "</p><p>")), ("C", ("", "<br>"))])
    assert (clean, source) == ("A&B\nC", "A&amp;B</p><p>C<br>")
    found = offsets.to_source(Span(start=1, end=3))
    assert found is not None
    assert found.slice(source) == "&amp;B"
    assert offsets.to_clean(Span(start=2, end=4)) == Span(start=1, end=2)
    assert offsets.to_clean(Span(start=15, end=19)) is None


@given(steps, st.data())
def test_two_steps_are_one(parts: list[tuple[str, tuple[str, str]]], data: st.DataObject) -> None:
    middle, _, earlier = _read(parts)
    dropped = data.draw(st.sets(st.integers(0, max(len(middle) - 1, 0))))
    kept = [place for place in range(len(middle)) if place not in dropped]
    runs = tuple((number, place, 1) for number, place in enumerate(kept))
    later = OffsetMap(runs=runs, clean_length=len(kept), source_length=len(middle))
    both = later.after(earlier)
    sources = {place for first, _, length in earlier.runs for place in range(first, first + length)}
    for number, place in enumerate(kept):
        if place in sources:
            assert both.to_source(Span(start=number, end=number + 1)) == earlier.to_source(Span(start=place, end=place + 1))


@pytest.mark.parametrize("runs", [((0, 0, 0),), ((0, 0, 3), (2, 5, 2)), ((0, 4, 3), (4, 0, 3)), ((0, 0, 99),)])
def test_runs_out_of_order_are_refused(runs: tuple[tuple[int, int, int], ...]) -> None:
    with pytest.raises(ValueError, match="offset map"):
        OffsetMap(runs=runs, clean_length=10, source_length=10)


def test_maps_that_do_not_meet_are_refused() -> None:
    left = OffsetMap(runs=(), clean_length=1, source_length=2)
    with pytest.raises(ValueError, match="earlier map"):
        left.after(left)
