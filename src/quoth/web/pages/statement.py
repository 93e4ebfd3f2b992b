"""One statement: its words in context, who else has them, what proves each field, what was corrected, how to cite it."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path

from quoth.archive import Archive, ReportRow, StatementRow
from quoth.archive.variants import Gathered, variants_of
from quoth.errors import ArchiveError
from quoth.exports.links import safe_url, text_fragment
from quoth.types import Statement
from quoth.variants import Member
from quoth.web.citing import citation, json_ld
from quoth.web.deciding import told_of
from quoth.web.drifting import Wording, edits_json, wording
from quoth.web.evidence import fields
from quoth.web.marking import marks_of
from quoth.web.problems import not_found
from quoth.web.queries import history, twins_of
from quoth.web.questions import report_address, statement_address
from quoth.web.room import InRoom, View, add_twins
from quoth.web.setting import passage
from quoth.web.shapes import review_json, row_json, statements_table

router = APIRouter()
Id = Annotated[str, Path(max_length=64, description="The id of the statement, or the number of its row.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The same statement in another report."""

    row: StatementRow
    report: ReportRow
    role: str
    copied: bool
    wording: Wording


def statement_row(archive: Archive, id: str) -> StatementRow:
    """The statement of an id or of a row's number. Raises PageError if there is none."""
    found = archive.statement(id)
    if found is None and id.isascii() and id.isdigit() and len(id) < 16:
        found = archive.statement(int(id))
    if found is None:
        raise not_found("statement of that id")
    return found


def statement(id: Id, room: InRoom) -> View:
    """A statement with its context, variants, evidence and history."""
    with room.connections.reading() as archive:
        row = statement_row(archive, id)
        report = archive.report(row.report)
        assert report is not None, "a foreign key holds it"
        said_of = history(archive, row)
        gathered = _gathered(archive, row)
        variants = _variants(archive, gathered, row) if gathered else ()
        same = twins_of(archive, row.statement.id, row.row)
    told = row.statement
    article = told.article
    url = safe_url(report.reading.canonical_url or article.url)
    return View(
        title=_title(told),
        template="statement.html",
        json=lambda: {
            **row_json(row),
            "title": article.title,
            "url": url,
            "publisher": article.publisher,
            "published": article.published.isoformat() if article.published else None,
            "citation": citation(told),
            "variants": _variants_json(told, variants),
            "witnesses": gathered.witnesses if gathered else 1,
            "conflicts": _conflicts_json(gathered),
            "reviews": [review_json(review) for review in said_of],
        },
        table=lambda: statements_table([told]),
        values={
            "row": row,
            "statement": told,
            "article": article,
            "passage": passage(article, list(marks_of(told, 1, evidence=True))),
            "fields": fields(told),
            "variants": variants,
            "gathered": gathered,
            "earliest": gathered.cluster.earliest if gathered else None,
            "same": same,
            "history": [(review, told_of(review)) for review in reversed(said_of)],
            "citation": citation(told),
            "json_ld": json_ld(told),
            "fragment": text_fragment(url, told.attribution.content[0], article.text),
            "in_report": report_address(row.report, statement=told.id),
            "report": report,
            "wide": True,
        },
    )


def _gathered(archive: Archive, row: StatementRow) -> Gathered | None:
    """The statement in all reports; None for one that is hidden."""
    try:
        return variants_of(archive, row.row)
    except ArchiveError as error:
        if "is shown" in error.reason:
            return None
        raise


def _variants(archive: Archive, gathered: Gathered, row: StatementRow) -> tuple[Variant, ...]:
    """The members of a cluster with their wording against the earliest one; that of the page stands out by its row."""
    found = []
    earliest = gathered.cluster.earliest.words
    for member in gathered.cluster.members[:40]:
        other = archive.statement(int(member.passage.id))
        report = archive.report(int(member.passage.report)) if other else None
        if other is not None and report is not None:
            found.append(_variant(other, report, member, gathered, earliest))
    return tuple(found) if len(found) > 1 else ()


def _variant(row: StatementRow, report: ReportRow, member: Member, gathered: Gathered, earliest: str) -> Variant:
    words = member.passage.words
    return Variant(
        row=row,
        report=report,
        role=member.role,
        copied=gathered.copied.get(member.passage.report, member.passage.report) != member.passage.report,
        wording=wording(earliest, words),
    )


def _variants_json(statement: Statement, variants: tuple[Variant, ...]) -> list[dict[str, Any]]:
    if not variants:
        return []
    earliest = variants[0].row.statement.words
    return [
        {
            "row": one.row.row,
            "page": statement_address(one.row.statement.id),
            "report": one.report.row,
            "publisher": one.report.article.publisher,
            "published": one.report.article.published.isoformat() if one.report.article.published else None,
            "speaker": one.row.statement.speaker.name if one.row.statement.speaker else None,
            "words": one.row.statement.words,
            "role": one.role,
            "copy": one.copied,
            "changes": edits_json(earliest, one.row.statement.words) if place else [],
        }
        for place, one in enumerate(variants)
    ]


def _conflicts_json(gathered: Gathered | None) -> list[dict[str, Any]]:
    if gathered is None:
        return []
    return [
        {"rows": [int(conflict.left.id), int(conflict.right.id)], "speakers": [conflict.left.speaker, conflict.right.speaker]}
        for conflict in gathered.conflicts
    ]


def _title(statement: Statement) -> str:
    words = statement.words if len(statement.words) <= 80 else f"{statement.words[:79]}…"
    return f"{statement.speaker.name if statement.speaker else 'Unresolved'}: {words}"


add_twins(router, "/statement/{id}", statement, table=True)
