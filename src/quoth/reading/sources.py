"""Anything that holds reports to readings: a file, a folder, standard input, bytes, and what is packed in any of them."""

import contextlib
import hashlib
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from quoth.errors import ArticleError
from quoth.reading.charsets import decode
from quoth.reading.columns import checked_mapping
from quoth.reading.containers import MOST_PACKED, Swelling, read_packed, read_tar, read_zip
from quoth.reading.documents import Document, entries, parse
from quoth.reading.kinds import OPENING, Kind, kind_of
from quoth.reading.known import NOTHING, Known
from quoth.reading.languages import foreign, language_of
from quoth.reading.paths import files_in, origin_of
from quoth.reading.published import day_of
from quoth.reading.records import MAX_BYTES, Notice, read_json, read_lines, split_lines
from quoth.reading.tables import read_csv
from quoth.reading.text import MAX_CHARACTERS, declared_charset, read_report
from quoth.reading.warc import read_crawl
from quoth.reading.worker import LIMITS, Limits, run_apart
from quoth.types import Reading, Skipped

STDIN = "-"
STDIN_ORIGIN = "<stdin>"
BYTES_ORIGIN = "<bytes>"
TEXT_READER = "quoth-text 1"
if TYPE_CHECKING:
    from quoth.reading.feeds import Entry

Parse = Callable[[Document], Iterator[Reading | Skipped]]
Follow = Callable[[IO[bytes]], None]
"""Takes each file that is opened, to tell how far it is read."""


def ignore(told: object) -> None:
    """Takes no notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to read: the columns of tables, what reads untrusted documents, and whom to tell of guesses and of opened files."""

    mapping: Mapping[str, str] | None = None
    parse: Parse = parse
    notice: Notice = ignore
    follow: Follow = ignore


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An open stream of bytes: where it is from, its file's name, and what is known of it; `path` if it is a file as it lies there.

    `depth` is how many archives it is packed in, `outermost` how much the first of them gave by now.
    """

    stream: IO[bytes] = field(repr=False)
    origin: str
    name: str
    known: Known = NOTHING
    path: str | None = None
    depth: int = 0
    outermost: Swelling | None = field(default=None, repr=False)


def readings(
    source: str | PurePath | bytes,
    *,
    origin: str | None = None,
    mapping: Mapping[str, str] | None = None,
    english_only: bool = True,
    known: Known = NOTHING,
    limits: Limits | None = LIMITS,
    notice: Notice = ignore,
    follow: Follow = ignore,
) -> Iterator[Reading | Skipped]:
    """What a file, a folder, standard input ("-") or some bytes hold: one result a report, in order, as they are read.

    The kind is told by the content. `origin` names the bytes; `mapping` says which column of a table or key of a record holds which field
    (`{"text": "body"}`); `known` is what is told of a document from without. Reports that are not in English are skipped unless
    `english_only` is off. Untrusted formats are parsed in another process within `limits` of time and memory; None reads them in this one.
    `notice` is called with one line for each report that was not in UTF-8, `follow` with each file when it is opened. Never raises for
    what the source holds or for a file that cannot be read: that is a Skipped. Raises ValueError for a mapping of a field that reports do
    not have.

    >>> [reading] = readings(b'{"headline": "Rain", "body": "It rained."}', origin="rain.json")
    >>> reading.article.title, reading.article.text
    ('Rain', 'It rained.')
    """
    settings = Settings(mapping=checked_mapping(mapping), parse=parsing(limits), notice=notice, follow=follow)
    if isinstance(source, bytes):
        name = origin or BYTES_ORIGIN
        results = read_source(Source(stream=io.BytesIO(source), origin=name, name="" if origin is None else name, known=known), settings)
    else:
        results = _at(os.fspath(source), origin, known, settings)
    return map(english, results) if english_only else results


def parsing(limits: Limits | None) -> Parse:
    """What parses documents within some limits, in another process; without limits, in this one."""
    return parse if limits is None else lambda document: run_apart("parse", document, limits)


def feed_entries(raw: bytes, *, origin: str, known: Known = NOTHING, limits: Limits | None = LIMITS) -> Iterator["Entry | Skipped"]:
    """The entries of a feed, with or without a text, in its order; a feed that is damaged ends with a Skipped.

    >>> feed = b"<rss><channel><item><link>https://example.org/a</link></item></channel></rss>"
    >>> [entry.url for entry in feed_entries(feed, origin="feed.xml", limits=None)]
    ['https://example.org/a']
    """
    document = Document(kind="feed", origin=origin, raw=raw, known=known)
    return entries(document) if limits is None else run_apart("entries", document, limits)


def english(result: Reading | Skipped) -> Reading | Skipped:
    """The reading with its language, if it is in English; else the Skipped that says so."""
    if isinstance(result, Skipped):
        return result
    article = result.article
    language = article.language if result.reader.startswith("quoth-html") else language_of(article.text, article.language)
    if (other := foreign(article.text, language)) is not None:
        return Skipped(origin=result.origin, reason=f"not English ({other})")
    return result if language == article.language else replace(result, article=replace(article, language=language))


def read_source(source: Source, settings: Settings) -> Iterator[Reading | Skipped]:
    """What an open stream holds, of whatever kind; an ArticleError of a stream that breaks ends in a Skipped."""
    try:
        opening, stream = opened(source.stream)
        kind = kind_of(opening, source.name, settings.mapping)
        yield from _of_kind(kind, replace(source, stream=stream), settings, opening)
    except ArticleError as error:
        yield Skipped(origin=source.origin, reason=error.reason)
    except OSError as error:
        yield Skipped(origin=source.origin, reason=error.strerror or str(error))


def _at(path: str, origin: str | None, known: Known, settings: Settings) -> Iterator[Reading | Skipped]:
    """What a path holds."""
    name = origin or origin_of(path)
    try:
        if path == STDIN:
            name = origin or STDIN_ORIGIN
            yield from read_source(Source(stream=sys.stdin.buffer, origin=name, name=name, known=known), settings)
        elif Path(path).is_dir():
            yield from _folder(path, settings)
        else:
            with Path(path).open("rb") as stream:
                settings.follow(stream)
                yield from read_source(Source(stream=stream, origin=name, name=path, known=known, path=path), settings)
    except OSError as error:
        yield Skipped(origin=name, reason=error.strerror or str(error))


def _folder(folder: str, settings: Settings) -> Iterator[Reading | Skipped]:
    """What the files of a folder and of those below hold."""
    found = False
    for path in files_in(folder):
        found = True
        yield from [path] if isinstance(path, Skipped) else _within_folder(path, settings)
    if not found:
        yield Skipped(origin=origin_of(folder), reason="the folder holds no file")


def _within_folder(path: str, settings: Settings) -> Iterator[Reading | Skipped]:
    """What a path that was found in a folder holds: a pipe or a device there is nothing that anybody meant to be read."""
    try:
        mode = Path(path).stat().st_mode
    except OSError as error:
        yield Skipped(origin=origin_of(path), reason=error.strerror or str(error))
        return
    if stat.S_ISREG(mode):
        yield from _at(path, None, NOTHING, settings)
    else:
        is_folder = stat.S_ISDIR(mode)
        yield Skipped(origin=origin_of(path), reason="a link to a folder, which is not followed" if is_folder else "not a file")


def opened(stream: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """The opening of a stream, and a stream that begins with it again."""
    opening = b""
    step = getattr(stream, "read1", stream.read)
    with contextlib.suppress(ArticleError):  # damage behind the opening is met again by whoever reads on
        while len(opening) < OPENING and (more := step(OPENING - len(opening))):
            opening += more
    if stream.seekable():
        stream.seek(-len(opening), io.SEEK_CUR)
        return opening, stream
    return opening, io.BufferedReader(_Rejoined(opening, stream), OPENING)


class _Rejoined(io.RawIOBase):
    """A stream of which the opening was read already."""

    def __init__(self, opening: bytes, stream: IO[bytes]) -> None:
        self.opening = opening
        self.step = getattr(stream, "read1", stream.read)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer, first with the opening."""
        some = self.opening[: len(buffer)] or self.step(len(buffer))
        self.opening = self.opening[len(some) :]
        buffer[: len(some)] = some
        return len(some)


def whole(source: Source, most: int = MAX_BYTES) -> bytes:
    """All the bytes of a source; raises ArticleError if they are too many."""
    raw = source.stream.read(most + 1)
    if len(raw) > most:
        raise ArticleError(f"too large: more than {most:,} bytes, and {MAX_CHARACTERS:,} characters are read at most")
    return raw


def _of_kind(kind: Kind, source: Source, settings: Settings, opening: bytes) -> Iterator[Reading | Skipped]:
    def onward(inner: Source) -> Iterator[Reading | Skipped]:
        return read_source(inner, settings)

    match kind:
        case "jsonl":
            yield from read_lines(split_lines(source.stream), origin=source.origin, notice=settings.notice, mapping=settings.mapping)
        case "text":
            yield _text(whole(source), source, settings)
        case "json":
            yield from _json(whole(source), source, settings)
        case "gzip" | "bzip2" | "xz":
            yield from read_packed(kind, source, onward)
        case "zip":
            yield from read_zip(source, onward)
        case "tar":
            yield from read_tar(source, onward)
        case "warc" | "arc":
            yield from read_crawl(kind, source, onward)
        case "csv":
            yield from read_csv(source.stream, opening, origin=source.origin, mapping=settings.mapping)
        case _:
            path = source.path if kind == "parquet" else None
            raw = b"" if path else whole(source, MOST_PACKED if kind == "parquet" else MAX_BYTES)
            document = Document(
                kind=kind, origin=source.origin, raw=raw, path=path, id=file_id(source), known=source.known, mapping=settings.mapping
            )
            yield from settings.parse(document)


def _json(raw: bytes, source: Source, settings: Settings) -> Iterator[Reading | Skipped]:
    """The reports of a JSON file; what only begins like JSON and is not named so is text."""
    text = _decoded(raw, source, settings)
    try:
        yield from read_json(text, origin=source.origin, mapping=settings.mapping)
    except ArticleError:
        if source.name.lower().endswith(".json"):
            raise
        yield _text(raw, source, settings)


def _text(raw: bytes, source: Source, settings: Settings) -> Reading:
    """The reading of a plain text; raises ArticleError if it is no report."""
    if not raw:
        raise ArticleError("the report is empty")
    text = _decoded(raw, source, settings)
    article, published = read_report(text, id=file_id(source))
    known = source.known
    article = replace(
        article, url=article.url or known.url, title=article.title or known.title, author=article.author or known.author,
        publisher=article.publisher or known.publisher, language=article.language or known.language,
        published=article.published or day_of(known.published),
    )  # fmt: skip
    return Reading(
        article=article, origin=source.origin, source_sha256=hashlib.sha256(raw).hexdigest(), source_length=len(text), reader=TEXT_READER,
        runs=((0, len(text) - len(article.text), len(article.text)),), published=published or known.published, canonical_url=article.url,
    )  # fmt: skip


def _decoded(raw: bytes, source: Source, settings: Settings) -> str:
    text, charset = decode(raw, source.known.charset or declared_charset(raw))
    if charset != "utf-8":
        settings.notice(f"{source.origin}: not UTF-8, read as {charset}")
    return text


def file_id(source: Source) -> str | None:
    """The file's name without its ending; what has no name is named by its hash."""
    if source.name in ("", STDIN_ORIGIN):
        return None
    return os.fsencode(PurePath(source.name).stem).decode("utf-8", "replace")
