"""What reviewers said of whole reports, as training data."""

from collections.abc import Iterator, Sequence
from typing import Any

from quoth.archive.rows import StatementRow
from quoth.archive.store import Archive
from quoth.types import Span


def training(archive: Archive) -> Iterator[dict[str, Any]]:
    """Every report that was reviewed, as training data: one object each, with text and attributions whose spans are [start, end].

    `attributions` are what counts now; `reviewed` tells which of them somebody confirmed or corrected. `rejected` are contents that are no
    statement. `complete` is true if every statement of the report was accepted, edited or rejected.
    """
    for (report,) in archive.rows("SELECT DISTINCT report FROM targets ORDER BY report"):
        found = archive.report(report)
        if found is None:
            continue
        article, rows = found.article, archive.statements(report, hidden=True)
        shown = [row for row in rows if row.shown]
        rejected = [row for row in rows if row.status == "rejected"]
        yield {
            "id": found.identity,
            "corpus": "reviews",
            "split": "train",
            "published": article.published.isoformat() if article.published else None,
            "publisher": article.publisher,
            "title": article.title,
            "text": article.text,
            "attributions": [_attribution(row) for row in shown],
            "rejected": [_pairs(row.statement.attribution.content) for row in rejected],
            "complete": all(row.status == "accepted" for row in shown),
        }


def _attribution(row: StatementRow) -> dict[str, Any]:
    statement = row.statement
    attribution = statement.attribution
    return {
        "content": _pairs(attribution.content),
        "cue": _pairs([attribution.cue] if attribution.cue else []),
        "source": _pairs([attribution.source] if attribution.source else []),
        "speaker": statement.speaker.name if statement.speaker else None,
        "kind": attribution.kind,
        "type": statement.act,
        "polarity": statement.polarity,
        "said_on": statement.said_on.date.isoformat() if statement.said_on else None,
        "reviewed": row.target is not None,
    }


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
