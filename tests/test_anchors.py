"""Anchors find their words again, or say that they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.anchors import CONTEXT, MOST_PLACES, Attachment, describe, match, reattach, verify
from quoth.types import Anchor, Span

repetitive = st.text(alphabet="ab \n", min_size=1, max_size=200)
texts = st.text(min_size=1) | repetitive


def _span(text: str, data: st.DataObject) -> Span:
    start = data.draw(st.integers(0, len(text) - 1))
    return Span(start=start, end=data.draw(st.integers(start + 1, len(text))))


@given(texts, st.data())
def test_every_span_of_every_text_is_found_again(text: str, data: st.DataObject) -> None:
    span = _span(text, data)
    anchor = describe(span, text)
    assert verify(anchor, text)
    assert match(anchor, text) == span


@given(texts, st.text(max_size=40), st.data())
def test_a_span_is_found_after_a_change_elsewhere_unless_others_look_the_same(text: str, new: str, data: st.DataObject) -> None:
    span = _span(text, data)
    anchor = describe(span, text)
    cut = data.draw(st.integers(0, max(span.start - CONTEXT, 0)))
    edited = text[: data.draw(st.integers(0, cut))] + new + text[cut:]
    moved = Span(start=span.start + len(edited) - len(text), end=span.end + len(edited) - len(text))
    surroundings = anchor.prefix + anchor.exact + anchor.suffix
    places = [at for at in range(len(edited)) if edited.startswith(surroundings, at)]
    if len(places) == 1:
        assert match(anchor, edited) == moved
    else:
        found = match(anchor, edited)
        assert found is None or found.slice(edited) == anchor.exact


@given(texts, texts, st.data())
def test_what_is_found_has_the_exact_words(text: str, other: str, data: st.DataObject) -> None:
    anchor = describe(_span(text, data), text)
    found = match(anchor, other)
    assert (found is None) if anchor.exact not in other else (found is None or found.slice(other) == anchor.exact)


def _anchor(text: str, words: str) -> Anchor:
    return describe(Span(start=text.index(words), end=text.index(words) + len(words)), text)


def test_surroundings_tell_equal_words_apart() -> None:
    anchor = _anchor("Brok said no. Lena said yes.", "said yes")
    edited = "Yes, they said yes. Brok said no. Lena said yes."
    assert match(anchor, edited) == Span(start=39, end=47)


def test_surroundings_count_for_more_than_the_position() -> None:
    anchor = _anchor("“No,” Lena said.", "Lena")
    assert match(anchor, "Then Lena left. “No,” Lena said.") == Span(start=22, end=26)


def test_the_position_decides_between_equals() -> None:
    anchor = _anchor("one", "one")
    assert match(anchor, "one two one") == Span(start=0, end=3)
    assert match(anchor, "two one one") is None


def test_words_that_are_gone_are_not_found() -> None:
    assert match(_anchor("Brok said no.", "said no"), "Brok said nothing? No.") == Span(start=5, end=12)
    assert match(_anchor("Brok said no.", "said no"), "Brok left.") is None
    assert match(_anchor("Brok said no.", "said no"), "") is None


def test_words_that_stand_everywhere_are_found_only_at_their_position() -> None:
    crowd = "a" * (MOST_PLACES + 100)
    anchor = _anchor("b" + crowd, "a")
    assert match(anchor, crowd) is None or match(anchor, crowd) == Span(start=1, end=2)


def test_a_span_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="ends at 3"):
        describe(Span(start=1, end=9), "one")


FIRST = "Intro. “We will close the café bridge in the spring of 2025,” said Mara Lind. It rained in Ostby all day."
WORDS = Span(start=7, end=61)


@pytest.mark.parametrize(
    ("text", "by", "words"),
    [
        (FIRST, "position", WORDS.slice(FIRST)),
        (f"New lead. {FIRST}", "quote", WORDS.slice(FIRST)),
        (FIRST.replace("Intro", "Outro"), "quote", WORDS.slice(FIRST)),
        (FIRST.replace("“", '"').replace("”", '"'), "approximate", '"We will close the café bridge in the spring of 2025,"'),
        (FIRST.replace("café", "cafe"), "approximate", "“We will close the cafe bridge in the spring of 2025,”"),
        (FIRST.replace("spring", "early spring"), "approximate", "“We will close the café bridge in the early spring of 2025,”"),
        (FIRST.replace("the café", "the\ncafé"), "approximate", "“We will close the\ncafé bridge in the spring of 2025,”"),
        (FIRST.replace("the spring of 2025", "June"), None, None),
        (FIRST.replace("café", "cafe") * 2, None, None),
        (WORDS.slice(FIRST) * 2, None, None),
        ("It rained.", None, None),
        ("", None, None),
    ],
)
def test_anchors_are_attached_to_another_version_of_a_text(text: str, by: str | None, words: str | None) -> None:
    attachment = reattach(describe(WORDS, FIRST), text)
    assert (attachment.by, attachment.span and attachment.span.slice(text)) == (by, words)
    assert (attachment.span is None) == (attachment.alike == 0)


@given(st.text("ab é.“", min_size=1, max_size=60), st.text("ab é.“", max_size=60), st.data())
def test_whatever_becomes_of_a_text_an_attachment_lies_in_it(text: str, other: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start=start, end=data.draw(st.integers(start + 1, len(text))))
    anchor = describe(span, text)
    assert reattach(anchor, text) == Attachment(span=span, by="position", alike=1.0)
    attachment = reattach(anchor, other)
    assert attachment.span is None or attachment.span.end <= len(other)
    assert attachment.by != "quote" or (attachment.span is not None and attachment.span.slice(other) == anchor.exact)
