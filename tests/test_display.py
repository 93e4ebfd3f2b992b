"""What a reader sees at a terminal: legible without colour, and safe whatever a report holds."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import extract_article, statement

from quoth.display import in_context, pretty
from quoth.escapes import one_line, visible
from quoth.types import Article, Precision, Said, Span, Speaker

TEXT = "“It will rain,” said Mara Lind. “Never,” denied Bo Hale. “Soon,” said she"
ARTICLE = Article.of(TEXT, id="rain", publisher="Port Gazette", title="Rain at last", published=datetime.date(2024, 3, 5))
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202eback\u2066[bold]no[/bold]:smile:\x9b31m\x7f"


def test_who_said_what() -> None:
    assert pretty(ARTICLE, extract_article(ARTICLE)).splitlines() == [
        "Rain at last",
        "rain · Port Gazette · published 2024-03-05 · 3 statements",
        "",
        "  Mara Lind · said · direct",
        "    “It will rain,”",
        "",
        "  Bo Hale · denied · direct · NOT SAID",
        "    “Never,”",
        "",
        "  “she” unresolved · said · direct",
        "    “Soon,”",
        "",
    ]


def test_context_without_colour_has_brackets_and_a_legend() -> None:
    shown = pretty(ARTICLE, extract_article(ARTICLE), context=True)
    assert "marked: ⟦content⟧  ⟨source⟩  ⟪cue⟫" in shown
    assert "⟦“It will rain,”⟧ ⟪said⟫ ⟨Mara Lind⟩. ⟦“Never,”⟧ ⟪denied⟫ ⟨Bo Hale⟩. ⟦“Soon,”⟧ ⟪said⟫ ⟨she⟩" in shown
    assert "\x1b" not in shown


def test_context_with_colour_has_styles_and_no_brackets() -> None:
    shown = pretty(ARTICLE, extract_article(ARTICLE), context=True, colour=True)
    assert "\x1b[4;32m“It will rain,”\x1b[0m \x1b[3;36msaid\x1b[0m \x1b[1mMara Lind\x1b[0m." in shown
    assert "⟦" not in shown


def test_nested_statements_stand_under_their_parents() -> None:
    article = Article.of("Ann said that Bo said that Cy left. It rained.", id="nest")
    outer = statement(article, (Span(start=14, end=34),), source=Span(start=0, end=3))
    inner = statement(article, (Span(start=27, end=34),), nested_in=outer.id)
    orphan = statement(article, (Span(start=36, end=45),), nested_in="elsewhere")
    assert pretty(article, [inner, outer, orphan]).splitlines()[3:] == [
        "  “Ann” unresolved · no cue · direct",
        "    Bo said that Cy left",
        "",
        "      no source · no cue · direct",
        "        Cy left",
        "",
        "  no source · no cue · direct",
        "    It rained",
        "",
    ]
    assert "⟦Bo said that ⟦Cy left⟧⟧. ⟦It rained⟧." in pretty(article, [inner, outer, orphan], context=True)


@pytest.mark.parametrize(
    ("precision", "expected"),
    [("day", "said on 2024-03-04"), ("week", "said in the week of 2024-03-04"), ("month", "said in 2024-03 "), ("year", "said in 2024 ")],
)
def test_the_day_is_no_finer_than_it_is_known(precision: Precision, expected: str) -> None:
    said_on = Said(date=datetime.date(2024, 3, 4), precision=precision, evidence=Span(start=0, end=1))
    speaker = Speaker(name="Mara Lind", mention=Span(start=21, end=30), basis="pronoun", confidence=1.0)
    dated = statement(ARTICLE, (Span(start=0, end=15),), source=Span(start=70, end=73), speaker=speaker, said_on=said_on, not_said=True)
    shown = pretty(ARTICLE, [dated])
    assert expected in shown
    assert "Mara Lind “she”" in shown


def test_words_are_wrapped_to_the_width() -> None:
    article = Article.of("rain " * 100 + "x" * 200, id="long")
    shown = pretty(article, [statement(article, (Span(start=0, end=len(article.text)),))], width=50)
    assert max(map(len, shown.splitlines())) <= 50
    assert not any(line != line.rstrip() for line in shown.splitlines())
    assert "".join(shown.split()[6:]).count("x") == 200


@pytest.mark.parametrize("colour", [False, True])
def test_a_hostile_report_is_shown_and_not_obeyed(colour: bool) -> None:
    article = Article.of(f"{HOSTILE} “{HOSTILE}” said Mara", id=HOSTILE, title=HOSTILE, publisher=HOSTILE)
    start = len(HOSTILE) + 1
    said = statement(article, (Span(start=start, end=start + 9),), cue=Span(start=0, end=5))
    shown = pretty(article, [said], context=True, colour=colour)
    kept = re.sub(r"\x1b\[[\d;]*m", "", shown) if colour else shown
    assert not set(kept) & set("\x1b\x07\x9b\x7f\u202e\u2066")
    assert "[bold]no[/bold]:smile:" in kept
    assert r"\x1b]0;owned\x07\x1b[2J\u202eback\u2066" in kept


@given(st.text())
def test_visible_text_controls_nothing(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert all(character.isprintable() or character in "\n\t" or ord(character) >= 0xA0 for character in shown)
    assert "\n" not in one_line(text)
    shown.encode()


@given(st.text("ab \n", min_size=1, max_size=30), st.data())
def test_context_adds_only_brackets(text: str, draws: st.DataObject) -> None:
    article = Article.of(text, id="a")
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda place: place[0] < place[1])
    spans = [Span(start=start, end=end) for start, end in draws.draw(st.lists(places, max_size=6))]
    shown = in_context(article, [statement(article, (span,), cue=span) for span in spans], colour=False).plain
    assert re.sub("[⟦⟧⟨⟩⟪⟫]", "", shown) == text
    assert shown.count("⟦") == shown.count("⟧") == shown.count("⟪") == len(set(spans))


def test_a_long_line_is_shown_whole() -> None:
    article = Article.of("rain " * 200_000, id="long")
    shown = in_context(article, [statement(article, (Span(start=n * 100, end=n * 100 + 50),)) for n in range(10_000)], colour=True)
    assert shown.plain == article.text
