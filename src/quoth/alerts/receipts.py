"""A statement with what proves it, for readers outside of the archive."""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from quoth.archive import Archive, StatementRow
from quoth.exports.links import safe_url, text_fragment
from quoth.types import Act, Kind, Polarity, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Who said what, when, and where it is told.

    `speaker` is the person's name where the archive knows who it is, else the name in the report; None if unresolved. `source` and `cue`
    are the report's words. `denies`: the speaker says that the words are not so; `polarity` "not_said": the report says they were not
    said. `url` is the report's page, `link` the same opened at the words; None where there is none that may be linked to.
    """

    row: int
    id: str
    report: int
    words: str
    speaker: str | None
    person: str | None
    source: str | None
    cue: str | None
    kind: Kind
    act: Act | None
    polarity: Polarity | None
    denies: bool
    confidence: float
    said: datetime.date | None
    said_precision: Precision | None
    published: datetime.date | None
    publisher: str | None
    title: str | None
    url: str | None
    link: str | None

    @property
    def negated(self) -> str | None:
        """Why the words do not count as said: they are "denied", or "not said"; None where they do."""
        return "denied" if self.denies else "not said" if self.polarity == "not_said" else None


def receipt_of(archive: Archive, row: StatementRow) -> Receipt:
    """The receipt of a statement of an archive. Raises ArchiveError."""
    statement, article = row.statement, row.statement.article
    named = archive.row("SELECT name FROM people WHERE id = ?", (row.person,)) if row.person else None
    said = statement.said_on
    return Receipt(
        row=row.row,
        id=statement.id,
        report=row.report,
        words=statement.words,
        speaker=named[0] if named else statement.speaker.name if statement.speaker else None,
        person=row.person,
        source=statement.source,
        cue=statement.cue,
        kind=statement.kind,
        act=statement.act,
        polarity=statement.polarity,
        denies=statement.denies,
        confidence=statement.attribution.confidence,
        said=said.date if said else None,
        said_precision=said.precision if said else None,
        published=article.published,
        publisher=article.publisher,
        title=article.title,
        url=safe_url(article.url),
        link=text_fragment(article.url, statement.attribution.content[0], article.text),
    )


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON has it: days as 2024-03-05."""
    fields = asdict(receipt)
    return {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in fields.items()}
