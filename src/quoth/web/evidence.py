"""The fields of a statement, each with the words that prove it, on what ground, how sure."""

from dataclasses import dataclass

from markupsafe import Markup

from quoth.types import Span, Statement
from quoth.web.marking import Mark, Role, marked, paragraphs
from quoth.web.rendering import said

BASES = {
    "name": "named in the source",
    "description": "what the source itself says",
    "rule": "a rule over names",
    "pronoun": "a pronoun; only one may be meant",
    "model": "a pronoun; the model told between several",
    "turn": "a turn of the interview",
    "office": "the office, and who held it that day",
    "reviewer": "a reviewer said so",
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


def _proof(text: str, span: Span | None, role: Role, look: str = "") -> Markup | None:
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
