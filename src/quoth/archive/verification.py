"""Whether the record can be trusted: every span against its text, every text against its hash, indexes, keys, the chain of reviews."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import apsw

from quoth.anchors import match
from quoth.anchors import verify as stands
from quoth.archive import tallies
from quoth.archive.chain import Link, breaks
from quoth.archive.columns import columns_of, text_is_whole
from quoth.archive.settling import settle
from quoth.archive.store import Archive
from quoth.errors import ArchiveError
from quoth.types import Anchor, Span, hash_of

Now = Literal["exact", "moved", "changed", "missing"]
"""How a statement stands in a text as it is now: at its place; elsewhere; only some of its pieces; not at all."""
BATCH = 1000
SPANS = ("cue", "source", "mention", "said")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is not as it must be: what it is about ("text 7") and what is wrong, in one line."""

    concerns: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How much was looked at and what is wrong; `problems` is empty for an archive that can be trusted."""

    texts: int
    statements: int
    reviews: int
    problems: tuple[Problem, ...]


def verify(archive: Archive) -> Verification:
    """Looks at everything in the archive. Raises ArchiveError only if it cannot be read at all.

    The full-text indexes are compared with what they index only where the archive is open for writing.
    """
    found: list[Problem] = []
    with archive.snapshot():
        for check in (_database, _texts, _statements, _reports, _tallies, _chain, _settled):
            try:
                found += check(archive)
            except ArchiveError as error:
                found.append(Problem(concerns="the file", told=error.reason))
        counted = [_count(archive, table) for table in ("texts", "statements", "reviews")]
    found += _indexes(archive)
    return Verification(texts=counted[0], statements=counted[1], reviews=counted[2], problems=tuple(found))


def against(anchors: Sequence[Anchor], text: str) -> Now:
    """How a statement, by its anchors, stands in the text of its page as it is now.

    >>> from quoth.anchors import describe
    >>> anchors = (describe(Span(start=4, end=9), "The words stand."),)
    >>> [against(anchors, text) for text in ("The words stand.", "Now: The words stand.", "The word stands.")]
    ['exact', 'moved', 'missing']
    """
    if all(stands(anchor, text) for anchor in anchors):
        return "exact"
    found = [match(anchor, text) is not None for anchor in anchors]
    return "moved" if all(found) else "changed" if any(found) else "missing"


def _count(archive: Archive, table: str) -> int:
    try:
        [(count,)] = archive.rows(f"SELECT count(*) FROM {table}")
    except ArchiveError:
        return 0
    return int(count)


def _database(archive: Archive) -> Iterator[Problem]:
    """What SQLite itself finds wrong with the file."""
    for (told,) in archive.rows("PRAGMA integrity_check(100)"):
        if told != "ok":
            yield Problem(concerns="the file", told=told)
    for table, row, parent, _ in archive.rows("PRAGMA foreign_key_check"):
        yield Problem(concerns=f"row {row} of {table}", told=f"points to a row of {parent} that is not there")


def _texts(archive: Archive) -> Iterator[Problem]:
    """Every text against its hash."""
    after = 0
    while rows := archive.rows("SELECT id, sha256, text FROM texts WHERE id > ? ORDER BY id LIMIT 100", (after,)):
        for number, sha256, text in rows:
            if not text_is_whole(text, sha256):
                yield Problem(concerns=f"text {number}", told="is not the text that was stored: its hash differs")
        after = rows[-1][0]


def _statements(archive: Archive) -> Iterator[Problem]:
    """Every span of every statement against its text."""
    ends = ", ".join(f"s.{name}_start, s.{name}_end" for name in SPANS)
    sql = f"""SELECT s.id, s.key, s.text, s.content, s.words, {ends} FROM statements AS s
    WHERE (s.text, s.id) > (?, ?) ORDER BY s.text, s.id LIMIT {BATCH}"""
    place, held, text, sha256 = (0, 0), 0, "", ""
    while rows := archive.rows(sql, place):
        for number, key, of_text, content, words, *spans in rows:
            if of_text != held:
                held = of_text
                text, sha256 = next(iter(archive.rows("SELECT text, sha256 FROM texts WHERE id = ?", (of_text,))), ("", ""))
            told = _wrong(key, content, words, spans, text, sha256)
            if told is not None:
                yield Problem(concerns=f"statement {number}", told=told)
        place = (rows[-1][2], rows[-1][0])


def _wrong(key: str, content: str, words: str, ends: list[int | None], text: str, sha256: str) -> str | None:
    """What is wrong with the spans of a statement."""
    try:
        pieces = [Span(start=start, end=end) for start, end in json.loads(content)]
    except (ValueError, TypeError):
        return "has spans that are none"
    if not pieces or any(left.end > right.start for left, right in pairwise(pieces)) or pieces[-1].end > len(text):
        return "has spans that are not in its text"
    if " […] ".join(piece.slice(text) for piece in pieces) != words:
        return "has other words than stand in its text"
    if key != hash_of(f"{sha256}:{','.join(f'{piece.start}-{piece.end}' for piece in pieces)}")[:16]:
        return "has another id than its text and spans give"
    for name, start, end in zip(SPANS, ends[::2], ends[1::2], strict=True):
        if (start is None) != (end is None) or (start is not None and end is not None and not 0 <= start < end <= len(text)):
            return f"has a span of its {name} that is not in its text"
    return None


def _reports(archive: Archive) -> Iterator[Problem]:
    """Every report has a text of its own that counts, and only statements of that one are shown."""
    for (number,) in archive.rows(
        """SELECT reports.id FROM reports LEFT JOIN texts ON texts.id = reports.text
        WHERE texts.report IS NOT reports.id"""
    ):
        yield Problem(concerns=f"report {number}", told="has no text")
    for (number,) in archive.rows(
        """SELECT statements.id FROM statements JOIN reports ON reports.id = statements.report JOIN texts ON texts.id = statements.text
        WHERE texts.report <> reports.id OR (shown AND statements.text <> reports.text) OR day <> coalesce(texts.published, '')
        OR statements.publisher IS NOT texts.publisher"""
    ):
        yield Problem(concerns=f"statement {number}", told="does not go with its report")


def _tallies(archive: Archive) -> Iterator[Problem]:
    """How many statements have each value, against the statements."""
    counted = tallies.counted(archive)
    told = {(field, value): number for field in tallies.FIELDS for value, number in tallies.tallies(archive, field).items()}
    for field, value in sorted(counted.keys() | told.keys(), key=str):
        if counted[field, value] != told.get((field, value), 0):
            yield Problem(concerns=f"the tally of {field} {value}", told="is not the number of statements that have it")


def _chain(archive: Archive) -> Iterator[Problem]:
    """The reviews are those that were written, all of them, in their order."""
    rows = archive.rows(
        """SELECT r.id, r.at, r.reviewer, r.action, reports.identity, targets.anchors, r.value, r.undoes, r.previous, r.hash
        FROM reviews AS r JOIN targets ON targets.id = r.target JOIN reports ON reports.id = targets.report ORDER BY r.id"""
    )
    links = [
        (
            Link(
                number=row[0], at=row[1], reviewer=row[2], action=row[3], report=row[4], anchors=row[5], value=row[6], undoes=row[7],
                previous=row[8],
            ),
            row[9],
        )
        for row in rows
    ]  # fmt: skip
    yield from (Problem(concerns="the reviews", told=told) for told in breaks(links))
    written = archive.row("SELECT seq FROM sqlite_sequence WHERE name = 'reviews'")
    if written is not None and written[0] != len(links):
        yield Problem(concerns="the reviews", told=f"there were {written[0]}, and are {len(links)}")


def _settled(archive: Archive) -> Iterator[Problem]:
    """Every report that was reviewed is as its reviews say."""
    for (report,) in archive.rows("SELECT DISTINCT report FROM targets ORDER BY report"):
        found = archive.report(report)
        if found is None:
            continue
        placed = settle(found.article, archive.extracted(report), *archive.reviewed(report))
        wanted = sorted((columns_of(one.statement)["key"], one.status, one.target or 0) for one in placed)
        rows = archive.rows("SELECT key, status, coalesce(target, 0) FROM statements WHERE text = ?", (found.text_row,))
        if sorted(rows) != wanted:
            yield Problem(concerns=f"report {report}", told="is not as its reviews say")


def _indexes(archive: Archive) -> Iterator[Problem]:
    """The full-text indexes against what they index."""
    if archive.read_only:
        return
    for table in ("statements_fts", "texts_fts"):
        try:
            archive.connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        except apsw.Error as error:
            yield Problem(concerns=table, told=f"does not agree with what it indexes: {error}")
