"""Attributions told by layout: turns, signatures, headlines."""

import pytest

from quoth.labels import labelled


def read(text: str, *sources: str) -> list[tuple[str, str]]:
    return [(turn.source.slice(text), turn.content.slice(text)) for turn in labelled(text, sources)]


def test_turns_with_names() -> None:
    text = "Lind: Is it raining?\n\nOsei: It is.\n\nLind: Still?\n\nOsei: Always."
    assert read(text)[:2] == [("Lind", "Is it raining?"), ("Osei", "It is.")]


def test_one_label_alone_is_no_transcript() -> None:
    assert read("Correction: the boat was red.\n\nThe harbour was full.") == []


@pytest.mark.parametrize("dash", ["— ", "– ", "—", "-- ", "- "])
def test_signatures(dash: str) -> None:
    assert read(f"“It rains.”\n{dash}Ama Osei, harbour master") == [("Ama Osei, harbour master", "“It rains.”")]


def test_a_dash_without_a_quotation_is_no_signature() -> None:
    assert read("It rained all day.\n— Ama Osei") == []


def test_a_headline_names_its_source_on_either_side() -> None:
    assert read("Pilots: we are tired\n\nMore below.", "the pilots’ union") == [("Pilots", "we are tired")]
    assert read("Fares to rise: ferry line\n\nMore below.", "the ferry line") == [("ferry line", "Fares to rise")]


def test_a_headline_whose_sides_nobody_is_has_no_source() -> None:
    assert read("Brackwater: what to see\n\nMore below.", "Ama Osei") == []


def test_initials_stand_for_a_label_before_them() -> None:
    text = "Langen Review: Why nine years?\n\nMara Venn: I threw it away.\n\nLR: Twice?\n\nMV: Twice."
    assert [source for source, _ in read(text)] == ["Langen Review", "Mara Venn", "LR", "MV"]


def test_what_a_page_calls_a_text_has_no_turn() -> None:
    text = "Interview: Mara Venn\n\nLind: Is it raining?\n\nVenn: It is.\n\nLind: Still?"
    assert [source for source, _ in read(text)] == ["Lind", "Venn", "Lind"]
