"""Scoring: spans as sets of words, one-to-one pairs, and the same figures as the scorer that others use."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.scoring import Marked, Measure, Score, Words, paired
from quoth.types import Span

TEXT = 'Ada Osei said that "it rains". Bo Lind added that it pours.'
TOOLS = Path(__file__).parents[2] / "shared" / "tools"


def at(*words: str) -> tuple[Span, ...]:
    return tuple(Span(start=TEXT.index(word), end=TEXT.index(word) + len(word)) for word in words)


RAIN = Marked(content=at('"it rains"'), cue=at("said"), source=at("Ada Osei"))
POUR = Marked(content=at("it pours"), cue=at("added"), source=at("Bo Lind"))


@pytest.mark.parametrize(
    ("comment", "found", "soft", "strict", "content"),
    [
        ("all right", [RAIN, POUR], 2, 2, 2),
        ("nothing found", [], 0, 0, 0),
        ("marks and an opening that do not count", [Marked(content=at('that "it rains".'), source=at("Ada Osei"))], 1, 1, 1),
        ("half a name will do", [Marked(content=at("it rains"), source=at("Osei"))], 1, 1, 1),
        ("another's words", [Marked(content=at("it rains"), source=at("Bo Lind"))], 0, 0, 1),
        ("no source where there is one", [Marked(content=at("it rains"))], 0, 0, 1),
        ("half of the words", [Marked(content=at("rains"), source=at("Ada Osei"))], 1, 0, 1),
        ("found twice counts once", [RAIN, RAIN], 1, 1, 1),
    ],
)
def test_what_counts(comment: str, found: list[Marked], soft: int, strict: int, content: int) -> None:
    score = Score()
    score.add(TEXT, [RAIN, POUR], found)
    measures = score.measures()
    assert (measures["soft"].right, measures["strict"].right, measures["content"].right) == (soft, strict, content), comment
    assert (measures["soft"].found, measures["soft"].gold) == (len(found), 2)


def test_no_report_is_no_error() -> None:
    assert {measure.f1 for measure in Score().measures().values()} == {0.0}
    assert (Measure(right=0, found=0, gold=0).precision, Measure(right=0, found=0, gold=0).recall) == (0.0, 0.0)


contents = st.lists(st.frozensets(st.integers(0, 12), min_size=1, max_size=6), max_size=6)


@given(contents, contents)
def test_each_statement_is_in_one_pair_at_most(gold: list[frozenset[int]], found: list[frozenset[int]]) -> None:
    sides = [[Words(content=content, cue=frozenset(), source=frozenset()) for content in side] for side in (gold, found)]
    pairs = paired(*sides)
    assert len({pair.gold for pair in pairs}) == len({pair.found for pair in pairs}) == len(pairs)
    assert all(0 < pair.share <= 1 and gold[pair.gold] & found[pair.found] for pair in pairs)
    assert [pair.share for pair in pairs] == sorted((pair.share for pair in pairs), reverse=True)


def test_the_figures_are_those_of_the_shared_scorer(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (TOOLS / "score_attributions.py").exists():
        pytest.skip("the shared scorer is not here")
    monkeypatch.syspath_prepend(str(TOOLS))
    scorer = pytest.importorskip("score_attributions", reason="the shared scorer cannot be loaded")
    found = [Marked(content=at("rains"), cue=at("said"), source=at("Osei")), POUR, Marked(content=at("Ada"))]
    score = Score()
    score.add(TEXT, [RAIN, POUR], found)

    def roles(marked: Marked) -> dict[str, list[list[int]]]:
        return {role: [[span.start, span.end] for span in getattr(marked, role)] for role in ("content", "cue", "source")}

    sides = [[{"id": "r", "text": TEXT, "attributions": [roles(one) for one in side]}] for side in ([RAIN, POUR], found)]
    theirs = scorer.evaluate(*sides, boot=0)
    theirs = theirs[0] if isinstance(theirs, tuple) else theirs
    ours = score.measures()
    names = {"soft": "attr.soft", "strict": "attr.strict", "content": "content_only.soft", "exact source": "exact.source"}
    for mine, name in names.items():
        assert [ours[mine].precision, ours[mine].recall, ours[mine].f1] == pytest.approx([theirs[f"{name}.{part}"]["v"] for part in "PRF"])
