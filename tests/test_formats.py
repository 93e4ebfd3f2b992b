"""JSON, JSON Lines and CSV: every span slices back, and every reader gets what was written."""

import csv
import datetime
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import extract_article, statement

from quoth.formats import COLUMNS, JsonReports, csv_header, csv_rows, report_json, to_json, to_jsonl
from quoth.types import Article, Said, Span, Speaker, Statement

SHARED = Path(__file__).parents[2] / "shared"
TEXT = "“It will 🌧 rain,” said Mara Lind.\nOn Monday “Never,” denied Bo Hale. “Soon,” said she"
ARTICLE = Article.of(TEXT, id="rain", publisher="Port Gazette", published=datetime.date(2024, 3, 5))
CHARACTERS = st.characters(exclude_categories=["Cs"])


@st.composite
def reports(draw: st.DrawFn) -> tuple[Article, tuple[Statement, ...]]:
    """An article of any characters with statements of any spans."""
    text = draw(st.text(CHARACTERS, min_size=4, max_size=60))
    edges = st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True).map(sorted)
    article = Article.of(text, id=draw(st.text(CHARACTERS, min_size=1)), title=draw(st.none() | st.text(CHARACTERS)))
    return article, tuple(_any_statement(draw, article, draw(edges)) for _ in range(draw(st.integers(0, 3))))


def _any_statement(draw: st.DrawFn, article: Article, edges: list[int]) -> Statement:
    spans = tuple(Span(start=start, end=end) for start, end in zip(edges[::2], edges[1::2], strict=False))
    source = draw(st.none() | st.sampled_from(spans))
    speaker = Speaker(name=source.slice(article.text), mention=source, basis="name", confidence=1 / 3) if source else None
    cue = draw(st.none() | st.sampled_from(spans))
    return statement(article, spans, cue=cue, source=source, speaker=speaker, not_said=draw(st.booleans()))


def rows_of(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed, newline="")))


def test_the_shape() -> None:
    report = report_json(ARTICLE, extract_article(ARTICLE))
    assert list(report) == ["id", "url", "publisher", "title", "published", "text", "sha256", "extractor", "statements"]
    assert (report["id"], report["published"], report["extractor"]) == ("rain", "2024-03-05", "toy 1")
    first, second, third = report["statements"]
    assert " ".join(first) == "id kind act polarity denies nested_in content cue source speaker candidates said_on confidence repairs"
    assert first["content"] == [{"start": 0, "end": 17, "text": "“It will 🌧 rain,”"}]
    assert first["speaker"] == {
        "name": "Mara Lind",
        "person": None,
        "wikidata": None,
        "mention": {"start": 23, "end": 32, "text": "Mara Lind"},
        "basis": "name",
    }
    assert first["confidence"] == {"content": 0.988, "source": 0.5, "speaker": 0.75, "said_on": None}
    assert (second["polarity"], second["said_on"]) == ("not_said", None)
    assert (third["speaker"], third["confidence"]["speaker"]) == (None, None)


def test_a_date_said_gives_its_evidence() -> None:
    monday = Span(start=TEXT.index("Monday"), end=TEXT.index("Monday") + 6)
    dated = statement(ARTICLE, (monday,), said_on=Said(date=datetime.date(2024, 3, 4), precision="day", evidence=monday))
    [row] = report_json(ARTICLE, [dated])["statements"]
    evidence = {"start": monday.start, "end": monday.end, "text": "Monday"}
    expected = {"date": "2024-03-04", "precision": "day", "basis": "explicit", "carried": False, "evidence": evidence}
    assert row["said_on"] == expected
    assert (row["cue"], row["source"], row["speaker"], row["confidence"]["source"]) == (None, None, None, None)


@given(reports())
def test_json_reads_back_and_its_spans_slice_back(given_report: tuple[Article, tuple[Statement, ...]]) -> None:
    article, statements = given_report
    expected = report_json(article, statements)
    assert json.loads(to_json(article, statements)) == expected
    line = to_jsonl(article, statements)
    assert json.loads(line) == expected
    assert len(line.splitlines()) == 1
    mentions = [(row["speaker"] or {}).get("mention") for row in expected["statements"]]
    spans = [*mentions, *(span for row in expected["statements"] for span in [*row["content"], row["cue"], row["source"]])]
    assert all(article.text[span["start"] : span["end"]] == span["text"] for span in spans if span)


@given(reports())
def test_csv_reads_back(given_report: tuple[Article, tuple[Statement, ...]]) -> None:
    article, statements = given_report
    rows = rows_of(csv_header() + csv_rows(article, statements))
    assert [row["statement"] for row in rows] == [row.id for row in statements]
    for row, written in zip(rows, statements, strict=True):
        assert row["report"] in (article.id, f"'{article.id}")
        assert row["content"] in (written.words, f"'{written.words}")
        assert [[piece.start, piece.end] for piece in written.attribution.content] == json.loads(row["content_spans"])
        assert int(row["content_start"]) == written.attribution.content[0].start
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(words: str) -> None:
    article = Article.of(f"{words} it said", id=words, title=words)
    [row] = rows_of(csv_header() + csv_rows(article, [statement(article, (Span(start=0, end=len(words)),))]))
    assert row["report"] == row["title"] == row["content"] == f"'{words}"
    assert (row["content_start"], row["content_end"], row["cue_start"]) == ("0", str(len(words)), "")


def test_every_row_has_every_column() -> None:
    rows = list(csv.reader(io.StringIO(csv_header() + csv_rows(ARTICLE, extract_article(ARTICLE)), newline="")))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 4


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([], None),
        ([None], None),
        (["{}"], {}),
        ([None, None], []),
        (["{}", None], [{}]),
        ([None, "{}"], [{}]),
        (["1", "2", None, "3"], [1, 2, 3]),
    ],
)
def test_one_report_is_an_object_and_several_an_array(reports: list[str | None], expected: object) -> None:
    array = JsonReports()
    printed = "".join(array.add(report) for report in reports) + array.close()
    assert (json.loads(printed) if printed else None) == expected


def test_the_scorer_reads_the_json_lines(tmp_path: Path) -> None:
    scorer, folder = SHARED / "tools" / "score_statements.py", SHARED / "first-report"
    if not scorer.is_file():
        pytest.skip("the shared scorer is not here")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    article = Article.of(gold["text"], id=gold["id"])
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n", encoding="utf-8")
    (tmp_path / "found.jsonl").write_text(to_jsonl(article, [_gold(article, row) for row in gold["statements"]]), encoding="utf-8")
    command = [sys.executable, str(scorer), str(tmp_path / "gold.jsonl"), str(tmp_path / "found.jsonl")]
    scored = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "found            P 1.000 R 1.000 F1 1.000" in scored.stdout
    assert "record           P 1.000 R 1.000 F1 1.000" in scored.stdout


def _gold(article: Article, row: dict[str, list[list[int]]]) -> Statement:
    content, cue, source = (tuple(Span(start=start, end=end) for start, end in row[role]) for role in ("content", "cue", "source"))
    speaker = Speaker(name=str(row["speaker"]), mention=source[0], basis="name", confidence=1.0)
    return statement(article, content, cue=cue[0], source=source[0], speaker=speaker)
