"""Marked reports and `quoth evaluate`: what is read, what is refused with one line."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quoth import cli
from quoth.errors import ArticleError
from quoth.marked import parse_marked, read_marked
from quoth.types import Skipped

TEXT = '"It rains," Ada Osei said.'
LINE = {
    "id": "r",
    "text": TEXT,
    "published": "2024-03-05",
    "attributions": [{"content": [[0, 11]], "cue": [[21, 25]], "source": [[12, 20]]}],
}


@pytest.mark.parametrize("content", [[[0, 11]], [0, 11], {"start": 0, "end": 11}, [{"start": 0, "end": 11, "text": "…"}]])
def test_every_way_to_write_a_span(content: object) -> None:
    report = parse_marked(json.dumps({"text": TEXT, "statements": [{"content": content, "cue": None, "source": []}]}))
    assert [span.slice(TEXT) for span in report.marked[0].content] == ['"It rains,"']


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not a JSON object"),
        ("[]", 'no object with a "text"'),
        ('{"text": 3}', 'no object with a "text"'),
        ('{"text": "x"}', 'no list of "attributions"'),
        ('{"text": "x", "attributions": [3]}', "an attribution is no object"),
        ('{"text": "x", "attributions": [{"content": [[0, 2]]}]}', "the span 0..2 ends behind the text"),
        ('{"text": "x", "attributions": [{"content": [[1, 1]]}]}', "no span"),
        ('{"text": "x", "attributions": [{"content": [["a", 1]]}]}', "no span"),
        ('{"text": "x", "attributions": [], "published": "May"}', "not a date: 'May'"),
        ('{"text": "\\ud800", "attributions": []}', "lone surrogate"),
    ],
)
def test_a_bad_line_is_one_clear_reason(line: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason.replace("[", r"\[")):
        parse_marked(line)


def test_one_bad_line_costs_one_report(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress(f"{json.dumps(LINE)}\n\nno\n{json.dumps(LINE)}\n".encode()))
    results = list(read_marked(path))
    assert [isinstance(result, Skipped) for result in results] == [False, True, False]
    assert results[1] == Skipped(origin=f"{path}:3", reason="not a JSON object")


def evaluate(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["evaluate", *arguments], prog_name="quoth")


def test_a_table_and_json(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    table = evaluate(str(path))
    assert table.exit_code == 0
    assert "exact content" in table.stdout
    assert "1 reports, 1 marked, 1 found" in table.stdout
    found = json.loads(evaluate("--format", "json", str(path)).stdout)
    assert found["measures"]["strict"]["f1"] == 1.0


@pytest.mark.parametrize(
    ("raw", "line"), [(b"", "no marked report in it"), (b"\xff\xfe", "not JSON Lines in UTF-8"), (b"\x1f\x8bx", "not JSON")]
)
def test_what_is_no_gold_is_one_line(tmp_path: Path, raw: bytes, line: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(raw)
    result = evaluate(str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert line in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert evaluate(str(tmp_path / "none.jsonl")).exit_code == 1
