"""What is told within the words of another hangs below it; thoughts and hedges of the same speaker do not."""

import pytest

import quoth


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
