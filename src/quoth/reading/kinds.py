"""What some bytes are, by what they hold; a file's name is asked only where the content does not tell."""

import codecs
import csv
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

from quoth.errors import ArticleError
from quoth.reading.charsets import BOMS, decode
from quoth.reading.columns import text_column
from quoth.reading.records import holds_text, parse

Kind = Literal[
    "text",
    "html",
    "feed",
    "xml",
    "jsonfeed",
    "ninjs",
    "json",
    "jsonl",
    "csv",
    "parquet",
    "warc",
    "arc",
    "zip",
    "tar",
    "gzip",
    "bzip2",
    "xz",
]
OPENING = 65_536
"""How many bytes are looked at."""
SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
    (b"filedesc://", "arc"),
)
NAMES: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".html": "html", ".htm": "html", ".xhtml": "html", ".csv": "csv", ".tsv": "csv",
    ".tar": "tar", ".rss": "feed", ".atom": "feed", ".arc": "arc",
}  # fmt: skip
SKIPPED_XML = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!(?!doctype)[^>]*>", re.DOTALL | re.IGNORECASE)
DOCTYPE = re.compile(r"<!doctype\s+([\w:.-]+)[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
ROOT = re.compile(r"<([A-Za-z_][\w:.-]*)")
HTML_WITHIN = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
FEEDS = frozenset({"rss", "rdf:rdf", "feed", "atom:feed"})
HTML_ROOTS = frozenset(
    "html head body title meta link script style div p article section main header nav table h1 h2 h3 ul ol span a img center font "
    "blockquote figure b i em strong br hr".split()
)
JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
OBJECT = re.compile(r"(?:\[\s*)?\{\s*\"[^\"\\]*+(?:\\.[^\"\\]*+)*\"\s*:")
NINJS = re.compile(r'"(?:body_(?:text|x?html|[a-z]+)|bodies)"\s*:')
NINJS_TOO = re.compile(r'"(?:uri|versioncreated|versionCreated)"\s*:')


def kind_of(opening: bytes, name: str = "", mapping: Mapping[str, str] | None = None) -> Kind:
    """What the bytes are that open so; `mapping` names the columns of tables, as in `readings`.

    >>> kind_of(b"<!doctype html><p>Rain"), kind_of(b"<rss><channel>"), kind_of(b'{"text": "Rain"}'), kind_of(b"It rained.", "a.txt")
    ('html', 'feed', 'jsonl', 'text')
    """
    signed = next((kind for signature, kind in SIGNATURES if opening.startswith(signature)), None)
    if signed is not None:
        return signed
    if opening[257:262] == b"ustar":
        return "tar"
    ending = NAMES.get(PurePath(name).suffix.lower())
    if ending == "jsonl":
        return ending
    start = _start(opening)
    if start.startswith("<"):
        return _marked_up(start, ending)
    if start.startswith(("{", "[")):
        return _json(opening, start, ending, mapping)
    if HTML_WITHIN.search(start[:1_000]):
        return "html"
    return "csv" if delimiter_of(start, mapping) else ending or "text"


def delimiter_of(opening: str, mapping: Mapping[str, str] | None = None) -> str | None:
    """What parts the columns of a table that opens so: of the usual delimiters one by which the first line names a column of text.

    >>> delimiter_of('id;body;date')
    ';'
    """
    header = next((line for line in opening.splitlines() if line.strip()), "")
    for delimiter in ",;\t|":
        try:
            columns = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(columns) > 1 and text_column(columns, mapping) is not None:
            return delimiter
    return None


def _start(opening: bytes) -> str:
    """The opening as text, as far as it can be told, without the white space before it."""
    mark = next(((mark, charset) for mark, charset in BOMS if opening.startswith(mark)), (b"", "utf-8"))
    return codecs.decode(opening[len(mark[0]) :], mark[1], "replace").lstrip()


def _marked_up(start: str, ending: Kind | None) -> Kind:
    """Page, feed or other XML, by the document type and the first element."""
    place = 0
    while found := SKIPPED_XML.match(start, place) or DOCTYPE.match(start, place):
        place = found.end()
        if found.re is DOCTYPE and found[1].lower() == "html":
            return "html"
    root = ROOT.match(start, place)
    name = root[1].lower() if root else ""
    if name in FEEDS:
        return "feed"
    if name in HTML_ROOTS or HTML_WITHIN.search(start[:1_000]):
        return "html"
    return ending or ("xml" if start.startswith("<?xml") else "text")


def _json(opening: bytes, start: str, ending: Kind | None, mapping: Mapping[str, str] | None) -> Kind:
    """Which kind of JSON it is, or text that only begins like it."""
    if JSON_FEED.search(start[:2_000]):
        return "jsonfeed"
    line, *others = [line for line in opening.splitlines() if line.strip()][:2]
    if NINJS.search(start) and NINJS_TOO.search(start) and not (others and others[0].startswith(b"{")):
        return "ninjs"
    if start.startswith("{") and _holds_record(line, mapping):
        return "jsonl"
    return ending or ("json" if OBJECT.match(start) else "text")


def _holds_record(line: bytes, mapping: Mapping[str, str] | None) -> bool:
    """Whether a line is a JSON object that has a text and is none of the other kinds."""
    try:
        record = parse(decode(line)[0])
    except ArticleError:
        return False
    return holds_text(record, mapping)
