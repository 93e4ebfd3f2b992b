"""Marked reports: JSON Lines whose attributions people marked, read for evaluation and training.

A line is `{"id", "text", "published", "attributions": [{"content", "cue", "source"}]}`, or the same with `statements`, as `quoth extract
--format jsonl` and `quoth reviews export` write it. A role is a list of `[start, end]` or of `{"start", "end"}`, one of either, or null;
offsets are half-open, in code points.
"""

import datetime
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quoth.errors import ArticleError
from quoth.scoring import ROLES, Marked
from quoth.types import Article, Skipped, Span

MAX_BYTES = 1_000_000_000
"""Unpacked, a file of marked reports is no larger than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedReport:
    """An article and what people marked in it."""

    article: Article
    marked: tuple[Marked, ...]


def read_marked(path: Path) -> Iterator[MarkedReport | Skipped]:
    """The marked reports of a `.jsonl` file, plain or gzipped, one result a line; raises ArticleError if the file cannot be read."""
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            try:
                yield parse_marked(line)
            except ArticleError as error:
                yield Skipped(origin=f"{path}:{number}", reason=error.reason)


def _lines(path: Path) -> list[str]:
    try:
        packed = path.read_bytes()
        raw = _unpacked(packed) if packed[:2] == b"\x1f\x8b" else packed
        return raw.decode("utf-8-sig").split("\n")
    except OSError as error:
        raise ArticleError(error.strerror or str(error), concerns=str(path)) from error
    except (zlib.error, UnicodeDecodeError) as error:
        raise ArticleError(f"not JSON Lines in UTF-8 ({error})", concerns=str(path)) from error


def _unpacked(packed: bytes) -> bytes:
    """What a gzip file holds; raises zlib.error if it is damaged, cut short or too large."""
    decompressor = zlib.decompressobj(31)
    raw = decompressor.decompress(packed, MAX_BYTES)
    if not decompressor.eof:
        raise zlib.error(f"the gzip file is cut short or holds more than {MAX_BYTES:,} bytes")
    return raw


def parse_marked(line: str) -> MarkedReport:
    """The marked report of one line; raises ArticleError.

    >>> report = parse_marked('{"text": "It rains, she said.", "attributions": [{"content": [[0, 8]], "cue": [[14, 18]]}]}')
    >>> [piece.slice(report.article.text) for piece in report.marked[0].content]
    ['It rains']
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError("not a JSON object") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ArticleError('no object with a "text"')
    found = record.get("attributions", record.get("statements"))
    if not isinstance(found, list):
        raise ArticleError('no list of "attributions" or "statements"')
    try:
        article = Article.of(record["text"], id=_told(record, "id"), title=_told(record, "title"), published=_date(record.get("published")))
    except UnicodeEncodeError as error:
        raise ArticleError("the text has a lone surrogate") from error
    return MarkedReport(article=article, marked=tuple(_marked(entry, len(article.text)) for entry in found))


def _told(record: dict[str, Any], name: str) -> str | None:
    return None if record.get(name) is None else str(record[name])


def _date(written: Any) -> datetime.date | None:
    try:
        return None if written is None else datetime.date.fromisoformat(written)
    except (TypeError, ValueError) as error:
        raise ArticleError(f"not a date: {written!r}") from error


def _marked(entry: Any, length: int) -> Marked:
    if not isinstance(entry, dict):
        raise ArticleError("an attribution is no object")
    roles = {role: tuple(sorted(_spans(entry.get(role), length))) for role in ROLES}
    return Marked(**roles)


def _spans(value: Any, length: int) -> Iterator[Span]:
    """The spans of a role, however they are written."""
    if not value:
        return
    single = isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], int))
    for written in [value] if single else value:
        try:
            start, end = (written["start"], written["end"]) if isinstance(written, dict) else written
            span = Span(start=start, end=end)
        except (KeyError, TypeError, ValueError) as error:
            raise ArticleError(f"no span: {json.dumps(written)[:60]}") from error
        if span.end > length:
            raise ArticleError(f"the span {span.start}..{span.end} ends behind the text, which has {length} characters")
        yield span
