"""Statement to JSON, JSON Lines and CSV."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quoth.types import Article, Span, Statement

COLUMNS = (
    "report", "url", "publisher", "title", "published", "sha256", "statement", "kind", "act", "polarity", "denies", "nested_in",
    "speaker", "speaker_basis", "speaker_mention", "speaker_mention_start", "speaker_mention_end",
    "content", "content_start", "content_end", "content_spans", "cue", "cue_start", "cue_end", "source", "source_start", "source_end",
    "said_on", "said_on_precision", "said_on_evidence", "said_on_evidence_start", "said_on_evidence_end",
    "confidence_content", "confidence_source", "confidence_speaker", "repairs", "extractor",
)  # fmt: skip
"""The columns of the CSV. `content_spans` is a JSON array of [start, end]; the other offsets are numbers."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by."""
WIKIDATA = re.compile(r"Q\d+")
LINE_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Characters that JSON allows within a string and that some readers of lines take for the end of one."""


def report_json(article: Article, statements: Sequence[Statement], *, extractor: str | None = None) -> dict[str, Any]:
    """The JSON object of a report and its statements; every span gives its offsets, in code points, and its words.

    `extractor` tells what read the report, where it has no statement to tell it.

    >>> from quoth.types import Article
    >>> report = report_json(Article.of("It rained.", id="r1"), ())
    >>> report["id"], report["published"], report["statements"]
    ('r1', None, [])
    """
    return {
        "id": article.id,
        "url": article.url,
        "publisher": article.publisher,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "text": article.text,
        "sha256": article.sha256,
        "extractor": statements[0].extractor if statements else extractor,
        "statements": [statement_json(statement) for statement in statements],
    }


def statement_json(statement: Statement) -> dict[str, Any]:
    """The JSON object of one statement, as it stands in its report's; what is not known is null."""
    attribution, text = statement.attribution, statement.article.text
    return {
        "id": statement.id,
        "kind": statement.kind,
        "act": statement.act,
        "polarity": statement.polarity,
        "denies": statement.denies,
        "nested_in": statement.nested_in,
        "content": [_span_json(piece, text) for piece in attribution.content],
        "cue": _span_json(attribution.cue, text),
        "source": _span_json(attribution.source, text),
        "speaker": _speaker_json(statement),
        "candidates": [
            {"name": speaker.name, "mention": _span_json(speaker.mention, text), "confidence": speaker.confidence}
            for speaker in statement.candidates
        ],
        "said_on": _said_json(statement),
        "confidence": _confidence_json(statement),
        "repairs": list(attribution.repairs),
    }


def to_json(article: Article, statements: Sequence[Statement], *, extractor: str | None = None) -> str:
    """The report as an indented JSON object, without a line end behind it."""
    return json.dumps(report_json(article, statements, extractor=extractor), ensure_ascii=False, indent=2)


def to_jsonl(article: Article, statements: Sequence[Statement], *, extractor: str | None = None) -> str:
    r"""The report as one line of JSON, with its line end.

    >>> to_jsonl(Article.of("One.\nTwo.\u2028Three.", id="r1"), ()).count("\n")
    1
    """
    return json.dumps(report_json(article, statements, extractor=extractor), ensure_ascii=False).translate(LINE_BREAKS) + "\n"


@dataclass(slots=True)
class JsonReports:
    r"""Reports as JSON: one object for an input of one report, an array for one of several, whether they could be read or not.

    >>> reports = JsonReports()
    >>> reports.add("{}") + reports.add(None) + reports.add("{}") + reports.close()
    '[\n{},\n{}\n]\n'
    """

    first: str | None = None
    seen: int = 0
    printed: int = 0

    def add(self, report: str | None) -> str:
        """What is to be printed now that this report has come, or None for one that could not be read; the first one waits."""
        self.seen += 1
        if self.seen == 1:
            self.first = report
            return ""
        coming = [known for known in (self.first, report) if known is not None]
        opening, self.first = "[" if self.seen == 2 else "", None
        separators = ["," if self.printed + place else "" for place in range(len(coming))]
        self.printed += len(coming)
        return opening + "".join(f"{separator}\n{known}" for separator, known in zip(separators, coming, strict=True))

    def close(self) -> str:
        """What is to be printed at the end."""
        if self.seen > 1:
            return "\n]\n"
        return f"{self.first}\n" if self.first else ""


def csv_header() -> str:
    r"""The line of CSV that names the columns.

    >>> csv_header().startswith("report,url,publisher,")
    True
    """
    return _csv_line(COLUMNS)


def csv_rows(article: Article, statements: Sequence[Statement]) -> str:
    """One line of CSV a statement (RFC 4180); a cell that a spreadsheet would take for a formula gets an apostrophe in front.

    >>> csv_rows(Article.of("It rained.", id="r1"), ())
    ''
    """
    report = report_json(article, statements)
    return "".join(_csv_line(_cells(report, statement)) for statement in report["statements"])


def _cells(report: dict[str, Any], statement: dict[str, Any]) -> list[str | int | float | None]:
    """The cells of one statement, in the order of COLUMNS."""
    speaker, said_on, confidence = statement["speaker"] or {}, statement["said_on"] or {}, statement["confidence"]
    pieces = statement["content"]
    return [
        report["id"], report["url"], report["publisher"], report["title"], report["published"], report["sha256"],
        statement["id"], statement["kind"], statement["act"], statement["polarity"], statement["denies"], statement["nested_in"],
        speaker.get("name"), speaker.get("basis"), *_span_cells(speaker.get("mention")),
        " […] ".join(piece["text"] for piece in pieces), pieces[0]["start"], pieces[-1]["end"],
        json.dumps([[piece["start"], piece["end"]] for piece in pieces]),
        *_span_cells(statement["cue"]), *_span_cells(statement["source"]),
        said_on.get("date"), said_on.get("precision"), *_span_cells(said_on.get("evidence")),
        confidence["content"], confidence["source"], confidence["speaker"], " ".join(statement["repairs"]), report["extractor"],
    ]  # fmt: skip


def _csv_line(cells: Sequence[str | int | float | None]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([_safe(cell) for cell in cells])
    return line.getvalue()


def _safe(cell: str | int | float | None) -> str | int | float | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _span_cells(span: dict[str, Any] | None) -> tuple[str | None, int | None, int | None]:
    return (span["text"], span["start"], span["end"]) if span else (None, None, None)


def _span_json(span: Span | None, text: str) -> dict[str, Any] | None:
    return {"start": span.start, "end": span.end, "text": span.slice(text)} if span else None


def _speaker_json(statement: Statement) -> dict[str, Any] | None:
    """The speaker; `person` and `wikidata` are those of a table of people, null without one: an article alone does not tell them."""
    speaker = statement.speaker
    if speaker is None:
        return None
    return {
        "name": speaker.name,
        "person": speaker.person,
        "wikidata": speaker.person if WIKIDATA.fullmatch(speaker.person or "") else None,
        "mention": _span_json(speaker.mention, statement.article.text),
        "basis": speaker.basis,
    }


def _said_json(statement: Statement) -> dict[str, Any] | None:
    said = statement.said_on
    if said is None:
        return None
    return {
        "date": said.date.isoformat(),
        "precision": said.precision,
        "basis": said.basis,
        "carried": said.carried,
        "evidence": _span_json(said.evidence, statement.article.text),
    }


def _confidence_json(statement: Statement) -> dict[str, float | None]:
    """What confidence is known, to three decimals."""
    attribution, speaker, said = statement.attribution, statement.speaker, statement.said_on
    return {
        "content": round(attribution.confidence, 3),
        "source": round(attribution.source_confidence, 3) if attribution.source else None,
        "speaker": round(speaker.confidence, 3) if speaker else None,
        "said_on": None if said is None or said.confidence is None else round(said.confidence, 3),
    }
