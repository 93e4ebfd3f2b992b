"""When the words were said: a table of cases, the grammar, and what holds for every text."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.dates import said_on
from quoth.dates.grammar import FORMS, Frame, Interval, expressions, matches_of
from quoth.types import Attribution, Said, Span, Speaker

FOLDER = Path(__file__).parent / "cases"
CASES = [json.loads(line) for name in ("dates", "dates_carried") for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]
PUBLISHED = datetime.date(2024, 5, 16)

words = [
    " ",
    " ",
    "\n\n",
    ". ",
    ", ",
    "; ",
    ": ",
    "“",
    "”",
    "Brok ",
    "said ",
    "she ",
    "told the court ",
    "on ",
    "Monday",
    "on Friday",
    "yesterday",
]
times = [
    " at 9am",
    " in May",
    " in 1974",
    " 29 February",
    " 31/12/2019",
    " that day",
    " 99 years later",
    " 3 years ago",
    " will ",
    "Asked ",
    "Q:",
]
texts = st.text() | st.lists(st.sampled_from([*words, *times])).map("".join)
dates = st.dates(min_value=datetime.date(1, 1, 1)) | st.none()


def place(text: str, words: str | None) -> Span | None:
    """Where words stand, once, in a text; if some of them are in brackets, where those stand."""
    if words is None:
        return None
    plain = words.replace("[", "").replace("]", "")
    assert text.count(plain) == 1 or "[" not in words, words
    start = text.index(plain) + max(words.find("["), 0)
    length = words.find("]") - words.find("[") - 1 if "[" in words else len(plain)
    return Span(start=start, end=start + length)


def attribution(text: str, content: list[str], cue: str | None, source: str | None) -> Attribution:
    pieces = [piece for words in content if (piece := place(text, words)) is not None]
    cue_span, source_span = place(text, cue), place(text, source)
    return Attribution(content=tuple(pieces), cue=cue_span, source=source_span, kind="direct", confidence=1, source_confidence=1)


def told(said: Said | None, text: str) -> dict[str, Any] | None:
    if said is None:
        return None
    evidence = said.evidence.slice(text)
    return {"date": str(said.date), "precision": said.precision, "evidence": evidence, "basis": said.basis, "carried": said.carried}


def _case(case: dict[str, Any]) -> Any:
    known = pytest.mark.xfail(reason=case["comment"], strict=True)
    return pytest.param(case, id=case["label"], marks=known if case.get("known_failure") else ())


@pytest.mark.parametrize("case", [_case(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text, published = case["text"], case["published"]
    attributions = [attribution(text, given["content"], given["cue"], given["source"]) for given in case["statements"]]
    found = said_on(text, attributions, published and datetime.date.fromisoformat(published))
    assert [told(said, text) for said in found] == [given["expected"] for given in case["statements"]]


def test_labels_are_unique() -> None:
    assert len({case["label"] for case in CASES}) == len(CASES)


def test_speakers_tell_who_goes_on() -> None:
    text = "Orm Mines reported a loss on Monday. The digger blamed the rain."
    attributions = [attribution(text, ["a loss"], "reported", "Orm Mines"), attribution(text, ["the rain"], "blamed", "The digger")]
    known = Speaker(name="Orm Mines", mention=Span(start=0, end=9), basis="name", confidence=1)
    other = Speaker(name="Digger", mention=Span(start=0, end=9), basis="name", confidence=1)
    assert [said and said.date.day for said in said_on(text, attributions, PUBLISHED)] == [13, None]
    assert [said and said.date.day for said in said_on(text, attributions, PUBLISHED, speakers=[known, known])] == [13, 13]
    assert [said and said.date.day for said in said_on(text, attributions, PUBLISHED, speakers=[known, other])] == [13, None]


@given(st.dates(min_value=datetime.date(2, 1, 1)), st.sampled_from("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()))
def test_a_weekday_is_the_latest_one_up_to_publication(published: datetime.date, weekday: str) -> None:
    text = f"The ferry sails, Ana Brok said on {weekday}."
    (said,) = said_on(text, [attribution(text, ["The ferry sails"], "said", "Ana Brok")], published)
    assert said is not None
    assert f"{said.date:%A}" == weekday
    assert 0 <= (published - said.date).days < 7


@given(st.dates(max_value=datetime.date(9000, 1, 1)), st.sampled_from("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()))
def test_a_weekday_to_come_is_the_next_one(published: datetime.date, weekday: str) -> None:
    text = f"Ana Brok is due to say on {weekday} that the ferry sails."
    (said,) = said_on(text, [attribution(text, ["the ferry sails"], "is due to say", "Ana Brok")], published)
    assert said is not None
    assert f"{said.date:%A}" == weekday
    assert 0 <= (said.date - published).days < 7


@given(st.dates(min_value=datetime.date(1600, 1, 1), max_value=datetime.date(2099, 12, 31)))
def test_a_full_date_needs_no_publication_date(date: datetime.date) -> None:
    for written in (f"{date.day} {date:%B %Y}", f"{date:%B} {date.day}, {date.year}", date.isoformat()):
        (expression,) = expressions(f"She said so on {written}.")
        assert expression.resolve(Frame(today=None)) == Interval(date=date, precision="day")


@given(texts, dates, st.data())
def test_any_attributions_over_any_text(text: str, published: datetime.date | None, choice: st.DataObject) -> None:
    def span() -> Span:
        start = choice.draw(st.integers(0, len(text) - 1))
        return Span(start=start, end=choice.draw(st.integers(start + 1, len(text))))

    attributions = []
    for _ in range(choice.draw(st.integers(0, 3)) if text else 0):
        cue, source = (span() if choice.draw(st.booleans()) else None for _ in range(2))
        attributions.append(Attribution(content=(span(),), cue=cue, source=source, kind="mixed", confidence=1, source_confidence=1))
    found = said_on(text, attributions, published)
    assert len(found) == len(attributions)
    for said in found:
        if said is not None:
            assert 0 <= said.evidence.start < said.evidence.end <= len(text)
            assert published is not None or said.basis != "weekday"


@given(st.lists(st.sampled_from([*words, *times])).map("".join), dates)
def test_expressions_are_ordered_disjoint_and_never_after_today(text: str, published: datetime.date | None) -> None:
    last = 0
    for expression in expressions(text):
        assert last <= expression.span.start
        last = expression.span.end
        interval = expression.resolve(Frame(today=published))
        assert interval is None or published is None or interval.date <= published


@given(st.lists(st.sampled_from([*words, *times, "\n", "a.m.", "in the week", " ago", "that same day"])).map("".join))
def test_a_form_is_found_wherever_it_stands(text: str) -> None:
    for form in FORMS:
        looked_for = [match.span() for match in matches_of(text, form)]
        assert looked_for == [match.span() for match in form.pattern.finditer(text)]


@given(st.lists(st.sampled_from([*words, *times])).map("".join))
def test_evidence_of_a_cue_stands_outside_its_content(words: str) -> None:
    text = f"“{words.replace('“', '').replace('”', '')}” Ana Brok said on Monday."
    end = text.index("”") + 1
    cue, source = Span(start=end + 10, end=end + 14), Span(start=end + 1, end=end + 9)
    brok = Attribution(content=(Span(start=0, end=end),), cue=cue, source=source, kind="direct", confidence=1, source_confidence=1)
    (said,) = said_on(text, [brok], PUBLISHED)
    assert said is None or said.evidence.start >= end


@pytest.mark.parametrize(
    "pattern",
    [
        "“We sail,” Ana Brok said on Monday.\n\n",
        "Ana Brok said on Monday, ",
        "on Monday at 9am, that day, ",
        "The harbour held a briefing on Monday. Ana Brok said it leaked. ",
        "Ana Brok told reporters at a hearing and a rally on Monday, in a letter published on Tuesday, ",
        "Ana Brok said — on Monday — - ",
        "She was speaking to Obi on Monday. “We sail,” she said.\n",
    ],
)
def test_long_texts_take_time_in_proportion(pattern: str) -> None:
    """Not timed: anything worse than linear would not come to an end."""
    text, at = pattern * 4_000, pattern.find("said")
    voices = [
        Attribution(
            content=(Span(start=start, end=start + 4),), cue=Span(start=start + at, end=start + at + 4), source=None,
            kind="direct", confidence=1, source_confidence=1,
        )
        for start in range(0, len(text) if "said" in pattern else 0, 4 * len(pattern))
    ]  # fmt: skip
    assert len(said_on(text, voices, PUBLISHED)) == len(voices)
