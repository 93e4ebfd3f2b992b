"""The whole flow: golden results of the example reports, replayed against their text, and any text at all.

To accept new results after a look at the difference: `QUOTH_ACCEPT=1 .venv/bin/python -m pytest tests/test_pipeline.py`.
"""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quoth
from quoth.anchors import match
from quoth.errors import ArticleError
from quoth.formats import report_json
from quoth.pipeline import extract_article
from quoth.reading import read
from quoth.types import Article, Statement, hash_of

ROOT = Path(__file__).parents[1]
REPORTS = sorted((ROOT / "examples").glob("*.txt"))
GOLDEN = ROOT / "tests" / "golden"
SHARED = ROOT.parent / "shared"


def article_of(path: Path) -> Article:
    (article,) = read(path)
    assert isinstance(article, Article)
    return article


def summary(statement: Statement) -> dict[str, object]:
    """What a reader would check: who, how, what, and inside what."""
    return {
        "speaker": statement.speaker.name if statement.speaker else None,
        "source": statement.source,
        "cue": statement.cue,
        "words": statement.words,
        "kind": statement.kind,
        "nested": statement.nested_in is not None,
        "repairs": list(statement.attribution.repairs),
    }


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_examples_are_read_as_before(path: Path) -> None:
    found = [summary(statement) for statement in extract_article(article_of(path))]
    golden = GOLDEN / f"{path.stem}.json"
    if os.environ.get("QUOTH_ACCEPT"):
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def replay(article: Article, statements: tuple[Statement, ...]) -> None:
    """Every claim of a result against the text."""
    report = report_json(article, statements)
    assert report["sha256"] == hash_of(report["text"])
    ids = [statement["id"] for statement in report["statements"]]
    for statement in report["statements"]:
        for span in [*statement["content"], statement["cue"], statement["source"], (statement["speaker"] or {}).get("mention")]:
            assert span is None or report["text"][span["start"] : span["end"]] == span["text"]
        assert statement["nested_in"] is None or statement["nested_in"] in ids
        assert all(0 <= value <= 1 for value in statement["confidence"].values() if value is not None)
    for found in statements:
        assert [match(anchor, article.text) for anchor in found.anchors] == list(found.attribution.content)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_span_of_the_examples_slices_back(path: Path) -> None:
    article = article_of(path)
    statements = extract_article(article)
    replay(article, statements)
    assert extract_article(article) == statements


WORDS = st.sampled_from(
    ["Ada Osei", "said", "that", "it rains", "“", "”", '"', "‘", "’", "''", "Q:", "A:", "—", "\n\n", ",", ".", "🌧", "\u202e", "\x00"]
)


@given(st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=300)))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_spans_of_itself(text: str) -> None:
    try:
        statements = quoth.extract(text)
    except ArticleError:
        return
    if statements:
        replay(statements[0].article, statements)


def test_published_as_text_or_date() -> None:
    (statement,) = quoth.extract('"It rains," Ada Osei said.', published="2024-05-02", id="r7")
    assert (str(statement.article.published), statement.article.id) == ("2024-05-02", "r7")
    with pytest.raises(ArticleError, match="not a date"):
        quoth.extract("It rains.", published="May the second")


def test_a_million_characters_in_one_line() -> None:
    text = "Ada Osei said it rained, and the rain went on. " * 4_000
    assert len(quoth.extract(text[:200_000])) > 3_000


@pytest.mark.skipif(not (SHARED / "first-report").exists(), reason="needs ../shared/first-report")
def test_the_first_report() -> None:
    gold = json.loads((SHARED / "first-report" / "gold.json").read_text(encoding="utf-8"))
    article = article_of(SHARED / "first-report" / gold["file"])
    assert article.text == gold["text"]
    statements = extract_article(article)
    replay(article, statements)
    assert [statement.speaker and statement.speaker.name for statement in statements] == [s["speaker"] for s in gold["statements"]]
    assert [statement.kind for statement in statements] == [s["kind"] for s in gold["statements"]]
