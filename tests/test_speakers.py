"""Sources to speakers, each case against its text, and whatever the text."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.marks import kind_of, quotations
from quoth.speakers import speakers
from quoth.types import Antecedent, Attribution, Span, Speaker

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "speakers.jsonl").read_text("utf-8").splitlines()]


def spans_of(words: str, text: str) -> list[Span]:
    """Everywhere that the words stand in the text."""
    starts = [start for start in range(len(text)) if text.startswith(words, start)]
    return [Span(start=start, end=start + len(words)) for start in starts]


def nearest(words: str, text: str, span: Span) -> Span:
    """Where the words stand nearest to a span, outside it if they stand there at all."""
    found = spans_of(words, text)
    outside = [other for other in found if other.end <= span.start or other.start >= span.end]
    return min(outside or found, key=lambda other: max(other.start - span.end, span.start - other.end, 0))


def attribution_of(statement: dict[str, Any], text: str, start: int) -> Attribution:
    """The attribution of a case: the next content, the cue nearest to it, the source nearest to the cue."""
    content = next(span for span in spans_of(statement["content"], text) if span.start >= start)
    cue = None if statement["cue"] is None else nearest(statement["cue"], text, content)
    source = None if statement["source"] is None else nearest(statement["source"], text, cue or content)
    kind = kind_of((content,), quotations(text), text, cue=cue)
    return Attribution(content=(content,), cue=cue, source=source, kind=kind, confidence=1.0, source_confidence=1.0)


def attributions_of(case: dict[str, Any]) -> list[Attribution]:
    """The attributions of a case, those within the words of others with their parents."""
    found: list[Attribution] = []
    for statement in case["statements"]:
        attribution = attribution_of(statement, case["text"], 0)
        cue = attribution.cue
        holders = [
            (len(other.content[0]), number)
            for number, other in enumerate(found)
            if cue is not None and other.content[0].start <= cue.start and cue.end <= other.content[0].end
        ]
        found.append(
            Attribution(
                content=attribution.content,
                cue=cue,
                source=attribution.source,
                kind=attribution.kind,
                confidence=1.0,
                source_confidence=1.0,
                parent=min(holders)[1] if holders else None,
            )
        )
    return found


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["label"], marks=[pytest.mark.xfail(strict=True)] if case.get("known_failure") else []) for case in CASES],
)
def test_each_case(case: dict[str, Any]) -> None:
    found = speakers(case["text"], attributions_of(case))
    assert [speaker and speaker.name for speaker in found] == [statement["speaker"] for statement in case["statements"]], case["comment"]


def test_the_cases_are_many_and_differ() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES) >= 120
    assert len({case["text"] for case in CASES}) > 100


def test_a_name_is_read_where_its_mention_stands() -> None:
    for case in CASES:
        for speaker in speakers(case["text"], attributions_of(case)):
            if speaker is not None:
                assert proves(speaker, case["text"])


def proves(speaker: Speaker, text: str) -> bool:
    """Whether the mention holds the name, or the first of several, but for a capital letter that opened a sentence."""
    first = speaker.name.split("; ")[0]
    words = speaker.mention.slice(text)
    return words == first or (speaker.basis != "name" and words[0].lower() + words[1:] == first)


WORDS = (
    "Ada Lund|Lund|Mr Brandt|Ivo Brandt|the minister|a clerk|she|He|they|who|I|Q|A|:|said|told|“|”|, |. |\n\n| and | of |’s |(ABC)"
    "|The Harbour Commission|61|-year-old|the letter|it rained|é|🌧| "
)
PIECES = st.sampled_from(WORDS.split("|"))


@given(
    st.lists(PIECES, max_size=30).map(" ".join), st.lists(st.tuples(*[st.integers(0, 160)] * 6, st.none() | st.integers(0, 5)), max_size=5)
)
def test_any_text_and_any_attributions(text: str, places: list[tuple[int, int, int, int, int, int, int | None]]) -> None:
    attributions = []
    for a, b, c, d, e, f, parent in places:
        content, cue, source = (
            Span(start=min(x, len(text) - 1), end=min(max(x, y) + 1, len(text))) if text and min(x, y) < len(text) and x <= y else None
            for x, y in ((a, b), (c, d), (e, f))
        )
        if content is not None:
            attributions.append(
                Attribution(content=(content,), cue=cue, source=source, kind="direct", confidence=1.0, source_confidence=1.0, parent=parent)
            )
    found = speakers(text, attributions)
    assert len(found) == len(attributions)
    assert found == speakers(text, attributions)
    for speaker in found:
        if speaker is not None:
            assert 0 < speaker.confidence <= 1
            assert speaker.mention.end <= len(text)
            assert speaker.basis != "name" or "; " in speaker.name or speaker.mention.slice(text) == speaker.name


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_any_source(text: str, start: int, end: int) -> None:
    if start < end <= len(text):
        span = Span(start=start, end=end)
        attribution = Attribution(content=(span,), cue=None, source=span, kind="indirect", confidence=1.0, source_confidence=1.0)
        assert len(speakers(text, [attribution])) == 1


def test_no_attributions() -> None:
    assert speakers("Ada Lund left.", []) == ()


def test_thousands_of_names_take_time_in_proportion() -> None:
    """Not timed: anything worse than linear would not come to an end."""
    letters = "bdfgklmnprst"
    surnames = [f"V{a}a{b}e{c}" for a in letters for b in letters for c in letters]
    text = "\n\n".join(f"Ada {surname} said it rained. She said the minister left." for surname in surnames)
    attributions = []
    for found in re.finditer(r"(Ada \w+|She) (said) ([^.]+)", text):
        source, cue, content = (Span(start=found.start(group), end=found.end(group)) for group in (1, 2, 3))
        attributions.append(Attribution(content=(content,), cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0))
    found_speakers = speakers(text, attributions)
    assert sum(speaker is not None for speaker in found_speakers) == len(attributions) == 2 * len(surnames)


def test_who_had_the_sentence_before_goes_on_though_the_model_points_at_another() -> None:
    text = (
        "Piet Arend wrote that he would wait. Arend, once a pilot, is from Lorn. Ivo Brandt called the sale a shame. He said it was late."
    )
    statements = [
        {"source": "Ivo Brandt", "cue": "called", "content": "a shame"},
        {"source": "He", "cue": "said", "content": "it was late"},
    ]
    brandt, he = attributions_of({"text": text, "statements": statements})
    arend = spans_of("Arend,", text)[0]
    pointed = replace(he, antecedents=(Antecedent(word=Span(start=arend.start, end=arend.end - 1), probability=0.6),))
    assert [speaker and speaker.name for speaker in speakers(text, [brandt, pointed])] == ["Ivo Brandt", "Ivo Brandt"]


def test_a_spokeswoman_who_adds_goes_on_though_the_model_points_at_another() -> None:
    text = "Eva Brandt left. A spokeswoman for the port said it was dry. She added that it would stay so."
    statements = [
        {"source": "A spokeswoman for the port", "cue": "said", "content": "it was dry"},
        {"source": "She", "cue": "added", "content": "it would stay so"},
    ]
    port, she = attributions_of({"text": text, "statements": statements})
    pointed = replace(she, antecedents=(Antecedent(word=Span(start=0, end=len("Eva Brandt")), probability=0.9),))
    assert [speaker and speaker.name for speaker in speakers(text, [port, pointed])] == ["a spokeswoman for the port"] * 2
