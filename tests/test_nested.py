"""What is told within the words of another hangs below it; thoughts and hedges of the same speaker do not."""

import pytest

import quoth
from quoth.nested import told
from quoth.types import Attribution, Span


def tree(text: str) -> list[tuple[str | None, str, str | None]]:
    """Speaker, words and, of what they stand in, the speaker."""
    statements = quoth.extract(text)
    by_id = {statement.id: statement for statement in statements}

    def name(statement: quoth.Statement) -> str | None:
        return statement.speaker.name if statement.speaker else None

    return [(name(s), s.words, name(by_id[s.nested_in]) if s.nested_in else None) for s in statements]


def test_a_quotation_within_a_quotation() -> None:
    text = "“Mr. Brandt told me, ‘Books get wet, Delphine,’” Delphine Osei told the jury."
    assert ("Delphine Osei", "“Mr. Brandt told me, ‘Books get wet, Delphine,’”", None) in tree(text)
    assert [row[1:] for row in tree(text) if row[2]] == [("‘Books get wet, Delphine,’", "Delphine Osei")]


def test_a_report_of_a_report() -> None:
    text = "The Harbour Gazette reported on Friday that police sources said the fire had been set on purpose."
    assert [row[2] for row in tree(text)] == [None, "Harbour Gazette"]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Osei said she hopes that the ferry will sail.",
        '"I think we cannot say that we are ready," Ada Osei said.',
        "Ada Osei said it rained.",
    ],
)
def test_hedges_and_hopes_are_no_statements_of_their_own(text: str) -> None:
    assert len(tree(text)) == 1


def test_a_deed_is_no_statement_and_what_was_told_within_it_stands_by_itself() -> None:
    text = "The court sentenced Harl to tell the truth about the bolt."
    deed = Attribution(
        content=(Span(start=20, end=57),), cue=Span(start=10, end=19), source=Span(start=0, end=9), kind="indirect",
        confidence=0.9, source_confidence=0.9,
    )  # fmt: skip
    within = Attribution(
        content=(Span(start=33, end=57),), cue=Span(start=28, end=32), source=Span(start=20, end=24), kind="indirect",
        confidence=0.9, source_confidence=0.9, parent=0,
    )  # fmt: skip
    assert [(attribution.cue, attribution.parent) for attribution in told(text, (deed, within), ())] == [(within.cue, None)]
