"""What the two JSON-LD formats share: a document written an object at a time, names that are URIs."""

import base64
import json
import os
import uuid
from collections.abc import Iterator
from typing import Any

from quoth.exports.files import text_aside
from quoth.exports.links import safe_url
from quoth.types import Article, Statement


def write_list(path: str | os.PathLike[str], head: str, objects: Iterator[dict[str, Any]], tail: str) -> None:
    """Writes a JSON document whose one long list is written an object a line; head and tail are the JSON around it. Raises QuothError."""
    with text_aside(path) as stream:
        stream.write(head)
        for number, one in enumerate(objects):
            stream.write(",\n" if number else "\n")
            stream.write(json.dumps(one, ensure_ascii=False))
        stream.write(tail)


def name_of_report(article: Article) -> str:
    """The URI of a report: its address, else the name of its text's hash (RFC 6920).

    >>> name_of_report(Article.of("It rained."))
    'ni:///sha-256;izi1WOTfXrOnD2Dt6piNRIVZ393tm3ygjZun9sWscag'
    """
    return safe_url(article.url) or f"ni:///sha-256;{_base64url(article.sha256)}"


def name_of_statement(article: Article, statement: Statement) -> str:
    """The URI of a statement in a report: always the same one (RFC 9562, a name-based UUID)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{name_of_report(article)}#{statement.id}").urn


def _base64url(digits: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(digits)).decode("ascii").rstrip("=")
