import datetime
from dataclasses import replace

import pytest
from archiving import article, read, reading
from hypothesis import given
from hypothesis import strategies as st

from quoth.archive.columns import columns_of, reading_of, statement_of, text_columns
from quoth.archive.subjects import subjects
from quoth.types import Said, Span, Speaker


def test_columns_hold_all_of_a_statement() -> None:
    report = article()
    one = read(report)[0]
    told = replace(
        one,
        anchors=one.anchors,
        said_on=Said(date=datetime.date(2024, 2, 1), precision="month", evidence=Span(start=3, end=8), basis="relative", carried=True),
        speaker=Speaker(name="Ada Lovell", mention=Span(start=24, end=34), basis="office", confidence=0.5, person="Q1"),
        nested_in="0" * 16,
        denies=True,
        candidates=(Speaker(name="Bo Lind", mention=Span(start=4, end=6), basis="pronoun", confidence=0.2),),
        attribution=replace(one.attribution, content=(Span(start=0, end=3), Span(start=5, end=9)), repairs=("stray", "joined")),
    )
    again = statement_of(columns_of(told), report)
    assert replace(again, id=told.id, anchors=()) == told and columns_of(again)["said_last"] == "2024-02-29"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), max_size=9))
def test_any_offset_map_comes_back(gaps: list[tuple[int, int, int]]) -> None:
    runs, clean, source = [], 0, 0
    for clean_gap, source_gap, length in gaps:
        runs.append((clean + clean_gap, source + source_gap, length))
        clean, source = clean + clean_gap + length, source + source_gap + length
    whole = reading(article(), runs=tuple(runs))
    assert reading_of(text_columns(whole)).runs == tuple(runs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "the harbour of Harl would close until Ms Ama Osei and the Ministry of Transport agree",
            ("Harl", "Ama Osei", "Ministry of Transport"),
        ),
        ("Trains are late. Nobody in Orl’s station knows", ("Orl",)),
        ("NATO knows; I do not, on Monday", ("NATO",)),
        ("no names at all", ()),
        ("", ()),
        ("“We will […] Foreign Minister Ines Rovik", ("Ines Rovik",)),
    ],
)
def test_whom_a_statement_is_about(text: str, expected: tuple[str, ...]) -> None:
    assert subjects(text) == expected


@given(st.text())
def test_subjects_stand_in_the_words(text: str) -> None:
    assert all(part in text for name in subjects(text) for part in name.split())
