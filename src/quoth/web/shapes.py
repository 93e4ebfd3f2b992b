"""What the archive gives back, as the JSON of pages and API."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from quoth.archive import Counts, Hit, PersonRow, ReportHit, ReportRow, Review, StatementRow
from quoth.formats import COLUMNS, csv_header, csv_rows, report_json, statement_json
from quoth.types import Office, Span, Statement
from quoth.web.offsets import Utf16
from quoth.web.questions import person_address, report_address, statement_address
from quoth.web.tables import Table

HIT_COLUMNS = (
    "id", "row", "report", "words", "speaker", "person", "source", "cue", "kind", "act", "polarity", "confidence", "said",
    "said_precision", "published", "publisher", "title", "url", "about",
)  # fmt: skip
"""The columns of a list of statements."""
REPORT_COLUMNS = ("row", "identity", "title", "publisher", "published", "url", "statements")


def hit_json(hit: Hit) -> dict[str, Any]:
    """A statement that a search found."""
    return {
        "id": hit.id,
        "row": hit.row,
        "page": statement_address(hit.id),
        "words": hit.words,
        "snippet": hit.snippet,
        "marked": [[span.start, span.end] for span in hit.marked],
        "speaker": {"name": hit.person_name or hit.speaker, "as_told": hit.speaker, "person": hit.person} if hit.speaker else None,
        "source": hit.source,
        "cue": hit.cue,
        "kind": hit.kind,
        "act": hit.act,
        "polarity": hit.polarity,
        "confidence": round(hit.confidence, 3),
        "status": hit.status,
        "said_on": {"date": hit.said.isoformat(), "precision": hit.said_precision} if hit.said else None,
        "published": hit.published.isoformat() if hit.published else None,
        "publisher": hit.publisher,
        "report": {"row": hit.report, "title": hit.title, "url": hit.url, "page": report_address(hit.report, statement=hit.id)},
        "about": list(hit.about),
    }


def hits_table(hits: tuple[Hit, ...]) -> Table:
    """Statements as rows."""
    rows = []
    for hit in hits:
        cells = {name: getattr(hit, name) for name in HIT_COLUMNS}
        cells |= {"said": _day(hit.said), "published": _day(hit.published), "about": "; ".join(hit.about)}
        cells |= {"speaker": hit.person_name or hit.speaker, "confidence": round(hit.confidence, 3)}
        rows.append(tuple(cells.values()))
    return Table(HIT_COLUMNS, rows)


def report_hit_json(hit: ReportHit) -> dict[str, Any]:
    """A report that a search found."""
    return {
        "row": hit.row,
        "page": report_address(hit.row),
        "identity": hit.identity,
        "title": hit.title,
        "publisher": hit.publisher,
        "published": _day(hit.published),
        "url": hit.url,
        "statements": hit.statements,
        "snippet": hit.snippet,
        "marked": [[span.start, span.end] for span in hit.marked],
    }


def counts_json(counts: Counts) -> dict[str, Any]:
    """How statements are spread."""
    return asdict(counts)


def statements_table(statements: Sequence[Statement]) -> Table:
    """Statements with the columns that the command line's CSV has."""
    lines = csv_header() + "".join(csv_rows(statement.article, [statement]) for statement in statements)
    _, *cells = csv.reader(io.StringIO(lines, newline=""))
    return Table(COLUMNS, cells)


def row_json(row: StatementRow, offsets: Utf16 | None = None) -> dict[str, Any]:
    """A statement of the archive, as it counts now; spans also in UTF-16 units, as browsers count them."""
    statement = row.statement
    offsets = offsets or Utf16.of(statement.article.text)
    told = statement_json(statement)
    for span in _spans_within(told):
        span["utf16"] = list(offsets.units(Span(start=span["start"], end=span["end"])))
    return {
        **told,
        "row": row.row,
        "page": statement_address(statement.id),
        "words": statement.words,
        "report": {"row": row.report, "page": report_address(row.report, statement=statement.id)},
        "status": row.status,
        "person": row.person,
        "about": list(row.about),
        "extractor": statement.extractor,
    }


def report_row_json(report: ReportRow, rows: tuple[StatementRow, ...]) -> dict[str, Any]:
    """A report with its text and statements."""
    offsets = Utf16.of(report.article.text)
    told = report_json(report.article, [], extractor=report.extractor)
    return {
        **told,
        "row": report.row,
        "page": report_address(report.row),
        "identity": report.identity,
        "author": report.article.author,
        "language": report.article.language,
        "added": report.added,
        "versions": [asdict(version) for version in report.versions],
        "statements": [row_json(row, offsets) for row in rows],
    }


def review_json(review: Review) -> dict[str, Any]:
    """Something that a reviewer said."""
    return asdict(review)


def person_json(found: PersonRow) -> dict[str, Any]:
    """A person."""
    return {
        "id": found.person.id,
        "name": found.person.name,
        "page": person_address(found.person.id),
        "aliases": list(found.person.aliases),
        "wikidata": found.person.wikidata,
        "offices": [office_json(office) for office in found.person.offices],
        "statements": found.statements,
        "names": [asdict(name) for name in found.names],
        "merged": list(found.merged),
    }


def office_json(office: Office) -> dict[str, Any]:
    """An office with its dates as precise as they are known."""
    dates = {"start": office.start, "end": office.end, "as_of": office.as_of}
    return {
        "position": office.position,
        "country": office.country,
        **{name: {"date": date.first.isoformat(), "precision": date.precision} if date else None for name, date in dates.items()},
    }


def _spans_within(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Every span of a statement's JSON."""
    found = [*told["content"], told["cue"], told["source"]]
    found += [told["speaker"]["mention"]] if told["speaker"] else []
    found += [told["said_on"]["evidence"]] if told["said_on"] else []
    found += [candidate["mention"] for candidate in told["candidates"]]
    return [span for span in found if span]


def _day(date: Any) -> str | None:
    return date.isoformat() if date else None
