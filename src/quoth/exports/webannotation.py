"""W3C Web Annotation (JSON-LD): each statement an annotation of the words of its content.

The target is every piece of the content, by a TextQuoteSelector and a TextPositionSelector of the report's text (code points, as the
standard has them). Speaker, kind, act and polarity are bodies; so are the words of source and cue, as specific resources.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

from quoth.anchors import describe
from quoth.exports.jsonld import name_of_report, name_of_statement, write_list
from quoth.exports.rows import Reports, wikidata
from quoth.types import Article, Span, Statement

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"quoth": "urn:x-quoth:"}]
"""The standard's context, and the prefix of two purposes of ours: `quoth:source` and `quoth:cue`."""


def write(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes an AnnotationPage with one annotation a statement. Raises QuothError."""
    head = f'{{"@context": {json.dumps(CONTEXT)}, "id": "urn:x-quoth:page", "type": "AnnotationPage", "startIndex": 0, "items": ['
    write_list(path, head, annotations(reports), "\n]}\n")


def annotations(reports: Reports) -> Iterator[dict[str, Any]]:
    """The annotation of each statement, in order."""
    for article, statements in reports:
        for statement in statements:
            yield annotation(article, statement)


def annotation(article: Article, statement: Statement) -> dict[str, Any]:
    """A statement as an annotation (Web Annotation Data Model, 3.1)."""
    return {
        "id": name_of_statement(article, statement),
        "type": "Annotation",
        "motivation": "describing",
        "generator": {"id": "urn:x-quoth:extractor", "type": "Software", "name": statement.extractor},
        "body": list(_bodies(article, statement)),
        "target": [_place(article, piece) for piece in statement.attribution.content],
    }


def _bodies(article: Article, statement: Statement) -> Iterator[dict[str, Any]]:
    if statement.speaker is not None:
        yield {"type": "TextualBody", "purpose": "identifying", "format": "text/plain", "value": statement.speaker.name}
        if known := wikidata(statement):
            yield {"type": "SpecificResource", "purpose": "identifying", "source": f"http://www.wikidata.org/entity/{known}"}
    for tag in (statement.kind, statement.act, statement.polarity, "denies" if statement.denies else None):
        if tag is not None:
            yield {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": tag}
    for purpose, span in (("quoth:source", statement.attribution.source), ("quoth:cue", statement.attribution.cue)):
        if span is not None:
            yield {**_place(article, span), "purpose": purpose}


def _place(article: Article, span: Span) -> dict[str, Any]:
    """A span as a specific resource with both selectors (4.2.4, 4.2.5)."""
    anchor = describe(span, article.text)
    return {
        "type": "SpecificResource",
        "source": name_of_report(article),
        "selector": [
            {"type": "TextQuoteSelector", "exact": anchor.exact, "prefix": anchor.prefix, "suffix": anchor.suffix},
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        ],
    }
