"""One statement: its words in context, who else has them, what proves each field, what was corrected, how to cite it."""

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path
from markupsafe import Markup

from quoth.archive import Archive, ReportRow, Review, StatementRow
from quoth.archive.variants import Gathered, variants_of
from quoth.errors import ArchiveError
from quoth.exports.links import safe_url, text_fragment
from quoth.exports.schema_org import news_article, quotation
from quoth.types import Span, Statement
from quoth.variants import Member
from quoth.web.drifting import Wording, edits_json, wording
from quoth.web.marking import Mark, marked, marks_of, paragraphs
from quoth.web.problems import not_found
from quoth.web.queries import history, twins_of
from quoth.web.questions import report_address, statement_address
from quoth.web.rendering import day, said
from quoth.web.room import InRoom, View, add_twins
from quoth.web.setting import passage
from quoth.web.shapes import review_json, row_json, statements_table

router = APIRouter()
Id = Annotated[str, Path(max_length=64, description="The id of the statement, or the number of its row.")]
BASES = {
    "name": "named in the source",
    "description": "what the source itself says",
    "rule": "a rule over names",
    "pronoun": "a pronoun; only one may be meant",
    "model": "a pronoun; the model told between several",
    "turn": "a turn of the interview",
    "office": "the office, and who held it that day",
    "explicit": "a date",
    "weekday": "the name of a weekday",
    "relative": "words counted from another date",
}
AROUND = 110
"""Characters shown before and after the words that prove a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field with its value, the words that prove it, on what ground, how sure."""

    name: str
    value: str
    proof: Markup | None
    basis: str | None
    confidence: float | None


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


def fields(statement: Statement) -> tuple[Field, ...]:
    """Each field of a statement with its evidence."""
    attribution, speaker, text = statement.attribution, statement.speaker, statement.article.text
    found = [
        Field(
            name="Content",
            value=f"{statement.kind}, {len(attribution.content)} pieces" if len(attribution.content) > 1 else statement.kind,
            proof=_proof(text, attribution.content[0], "content", statement.kind),
            basis=", ".join(repair.replace("_", " ") for repair in attribution.repairs) or None,
            confidence=attribution.confidence,
        ),
        Field(
            name="Source",
            value=statement.source or "none",
            proof=_proof(text, attribution.source, "source"),
            basis=None,
            confidence=attribution.source_confidence if attribution.source else None,
        ),
        Field(name="Cue", value=statement.cue or "none", proof=_proof(text, attribution.cue, "cue"), basis=None, confidence=None),
        Field(
            name="Speaker",
            value=speaker.name if speaker else "unresolved",
            proof=_proof(text, speaker.mention, "mention") if speaker else None,
            basis=BASES.get(speaker.basis) if speaker else None,
            confidence=speaker.confidence if speaker else None,
        ),
        Field(
            name="Said on",
            value=said(statement.said_on) or "not told",
            proof=_proof(text, statement.said_on.evidence, "said") if statement.said_on else None,
            basis=BASES.get(statement.said_on.basis) if statement.said_on else None,
            confidence=None,
        ),
        Field(name="Said or not", value=_polarity(statement), proof=None, basis=None, confidence=None),
        Field(name="Act", value=statement.act or "not told", proof=None, basis=None, confidence=None),
    ]
    return tuple(found)


def citation(statement: Statement) -> str:
    """The statement as a line to cite.

    The speaker, the words, when they were said, and where they stand.
    """
    article = statement.article
    quoted = statement.words if statement.kind != "indirect" else f"[in other words] {statement.words}"
    who = statement.speaker.name if statement.speaker else statement.source or "Unresolved speaker"
    where = ", ".join(part for part in (f"“{article.title}”" if article.title else None, article.publisher, day(article.published)) if part)
    when = f" (said on {said(statement.said_on)})" if statement.said_on else ""
    negated = " did not say" if statement.polarity == "not_said" else ""
    url = safe_url(article.url)
    stop = "" if not when and quoted.rstrip("\"'”’»").endswith((".", ",", "!", "?", "…")) else "."
    return " ".join(f"{who}{negated}: {quoted}{when}{stop} {where}.{f' {url}' if url else ''} [{statement.id}]".split())


def json_ld(statement: Statement) -> Markup:
    """The statement and its report as schema.org has them, fit to stand within a script element; nothing in it can end that element."""
    graph = [news_article(statement.article)]
    if statement.polarity != "not_said":
        graph.append(quotation(statement.article, statement))
    written = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=True)
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def told_of(review: Review) -> str:
    """What a review did, in words."""
    value: dict[str, Any] = review.value
    match review.action:
        case "accept":
            return "accepted it as it stands"
        case "reject":
            return "rejected it: no statement"
        case "edit":
            return f"set the words to “{' […] '.join(anchor['exact'] for anchor in value['content'])}”"
        case "speaker":
            return f"set the speaker to {value['name']}" if value["name"] else "said that nobody can know the speaker"
        case "said":
            return f"set the day said to {value['date']}" if value["date"] else "said that nobody can know the day"
        case "polarity":
            return "said that it was not said" if value["polarity"] == "not_said" else "said that it was said"
        case "undo":
            return f"took review {review.undoes} back"
        case action:
            return {"split": "split it", "merge": "merged it with others"}.get(action, action)


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


def _proof(text: str, span: Span | None, role: Any, look: str = "") -> Markup | None:
    """The words of a field with some of what stands round them."""
    if span is None:
        return None
    paragraph = next(
        (one for one in paragraphs(text, max(0, span.start - 2000), min(len(text), span.end + 2000)) if one.end > span.start), span
    )
    start = max(min(paragraph.start, span.start), span.start - AROUND)
    end = min(max(paragraph.end, span.start + 1), span.start + min(len(span), 240) + AROUND)
    start = _word_start(text, start, paragraph.start)
    html = marked(text, Span(start=start, end=end), [Mark(span=span, role=role, look=look)])
    before = "…" if start > paragraph.start else ""
    return Markup("{}{}{}").format(before, html, "…" if end < paragraph.end else "")


def _word_start(text: str, place: int, earliest: int) -> int:
    """The beginning of a word at a place or a little before it."""
    for start in range(place, max(earliest, place - 20), -1):
        if text[start - 1].isspace():
            return start
    return place


def _polarity(statement: Statement) -> str:
    told = {"asserted": "said", "not_said": "not said"}.get(statement.polarity or "", "not told")
    return f"{told}, as a denial" if statement.denies else told


def _title(statement: Statement) -> str:
    words = statement.words if len(statement.words) <= 80 else f"{statement.words[:79]}…"
    return f"{statement.speaker.name if statement.speaker else 'Unresolved'}: {words}"


add_twins(router, "/statement/{id}", statement, table=True)
