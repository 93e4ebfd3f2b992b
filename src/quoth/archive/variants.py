"""Variants in the archive: looked for among what is new, stored with their evidence, gathered into one statement when it is read."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from quoth.archive.columns import day_of
from quoth.archive.database import Database
from quoth.archive.edges import APART, CONFLICT, pair_of, variant_of
from quoth.archive.rows import Variant
from quoth.archive.store import Archive
from quoth.errors import ArchiveError
from quoth.variants.clusters import Cluster, clusters
from quoth.variants.copies import copies, sketch
from quoth.variants.pairing import DAYS, pairs
from quoth.variants.passages import Pair, Passage, agreement

MARK = "variants"
"""Under this name the archive remembers up to which statement variants were looked for."""
PAGE = 2000
"""Statements read, and links written, at once; between two pages others may write."""
MOST = 500
"""Statements of one cluster that are gathered at most."""
COLUMNS = """statements.id, statements.report, statements.words, statements.day, statements.kind, speakers.name, speakers.person,
EXISTS (SELECT 1 FROM statements AS inner_one WHERE inner_one.text = statements.text AND inner_one.nested_in = statements.key)
FROM statements LEFT JOIN speakers ON speakers.id = statements.speaker"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantsFound:
    """What a pass found: statements that were new to it, links of the same words, loose ones to paraphrases, conflicts of attribution."""

    statements: int
    same: int
    paraphrases: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One statement in the words of several reports: the cluster, the reports that are copies of others, and the conflicts it is part of.

    The ids of its passages are rows of statements, their reports rows of reports.
    """

    cluster: Cluster
    copied: dict[str, str]
    conflicts: tuple["Conflict", ...] = ()

    @property
    def witnesses(self) -> int:
        """Reports that have the words, copies of one article counted once."""
        return self.cluster.witnesses(self.copied)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The same words credited to two speakers: both passages, the earlier first, and the evidence."""

    left: Passage
    right: Passage
    pair: Pair


def find_variants(
    archive: Archive, *, days: int = DAYS, again: bool = False, progress: Callable[[int], None] | None = None
) -> VariantsFound:
    """Looks for variants of the statements stored since the last pass, of all with `again`, and stores the links.

    Only reports of at most `days` before or after one with new statements are read, and those without a day. What somebody set apart stays
    apart. `progress` is told after each page how many statements were read. A pass that was broken off is done again by the next one.
    Raises ArchiveError.
    """
    if again:
        with archive.transaction():
            archive.execute("DELETE FROM variants WHERE kind <> ?", (APART,))
            archive.set_mark(MARK, "0")
    last, newest = int(archive.mark(MARK) or 0), archive.newest_statement()
    apart, counted = _apart(archive), dict.fromkeys(("same", "paraphrase", CONFLICT), 0)
    found = pairs(_near(archive, last, newest, days, progress), days=days, fresh=lambda row: int(row) > last)
    while page := [variant_of(pair) for pair in islice(found, PAGE)]:
        links = [link for link in page if (link.a, link.b) not in apart]
        archive.link(links)
        for link in links:
            counted[link.kind if link.kind in counted else "same"] += 1
    [(statements,)] = archive.rows("SELECT count(*) FROM statements WHERE shown AND id > ? AND id <= ?", (last, newest))
    archive.set_mark(MARK, str(newest))
    return VariantsFound(statements=statements, same=counted["same"], paraphrases=counted["paraphrase"], conflicts=counted[CONFLICT])


def variants_of(archive: Archive, row: int) -> Gathered:
    """The statement that one row is part of, in the words of all reports; of only one member if no other report has it.

    Raises ArchiveError if there is no such statement, or it is hidden.
    """
    with archive.snapshot():
        rows = _connected(archive, row)
        passages = {passage.id: passage for passage in _passages(archive, rows)}
        if str(row) not in passages:
            raise ArchiveError(f"no statement {row} is shown", concerns=archive.path)
        links = [link for one in rows for link in archive.variants(one) if link.a == one]
        found = [pair for link in links if link.kind != APART and (pair := _as_of_now(link, passages)) is not None]
        apart = [(str(link.a), str(link.b)) for link in links if link.kind == APART]
        gathered = [cluster for cluster in clusters(passages.values(), found, apart=apart) if _holds(cluster, str(row))]
        cluster = gathered[0] if gathered else Cluster.of(passages[str(row)])
        contested = [
            Conflict(left=passages[pair.left], right=passages[pair.right], pair=pair)
            for pair in found
            if pair.conflict and str(row) in (pair.left, pair.right)
        ]
        return Gathered(cluster=cluster, copied=_copied(archive, cluster), conflicts=tuple(contested))


def conflicts(archive: Archive, *, limit: int | None = None) -> Iterator[Conflict]:
    """The same words credited to different speakers, the latest first; those whose speakers are one person by now are left out."""
    before, given = (2**63 - 1, 2**63 - 1), 0
    while True:
        rows = archive.rows(
            """SELECT a, b, kind, score, alignment FROM variants WHERE kind = ? AND (b, a) < (?, ?) ORDER BY b DESC, a DESC LIMIT ?""",
            (CONFLICT, *before, PAGE),
        )
        links = [Variant(a=a, b=b, kind=kind, score=score, alignment=json.loads(written)) for a, b, kind, score, written in rows]
        for conflict in _conflicts(archive, links):
            if limit is not None and given >= limit:
                return
            yield conflict
            given += 1
        if len(rows) < PAGE:
            return
        before = (rows[-1][1], rows[-1][0])


def set_apart(archive: Archive, one: int, other: int) -> None:
    """Says that two statements are not one: their link is taken back, no later pass links them again, and no third one ties them.

    Raises ArchiveError.
    """
    if one == other:
        raise ArchiveError("a statement cannot be set apart from itself", concerns=archive.path)
    archive.link([Variant(a=min(one, other), b=max(one, other), kind=APART, score=0.0, alignment={})])


def _apart(archive: Database) -> set[tuple[int, int]]:
    return {(a, b) for a, b in archive.rows("SELECT a, b FROM variants WHERE kind = ?", (APART,))}


def _near(archive: Database, last: int, newest: int, days: int, progress: Callable[[int], None] | None) -> Iterator[Passage]:
    """The passages that may be variants of new ones, in order of time: those without a day first, then those of days near new ones."""
    fresh = [
        day
        for (day,) in archive.rows("SELECT DISTINCT day FROM statements WHERE shown AND id > ? AND id <= ? ORDER BY day", (last, newest))
    ]
    if not fresh:
        return
    spans = [("", "9999-12-31")] if fresh[0] == "" else [("", ""), *_merged(fresh, days)]
    near = chain.from_iterable(_of_days(archive, first, until, newest) for first, until in spans)
    for read, passage in enumerate(near, 1):
        yield passage
        if progress is not None and read % PAGE == 0:
            progress(read)


def _merged(days: Sequence[str], margin: int) -> Iterator[tuple[str, str]]:
    """Ranges of days, in order and disjoint, that hold each day and so many before and after it."""
    first = until = None
    for day in (datetime.date.fromisoformat(day) for day in days):
        start = datetime.date.fromordinal(max(day.toordinal() - margin, 1))
        end = datetime.date.fromordinal(min(day.toordinal() + margin, datetime.date.max.toordinal()))
        if first is not None and until is not None and start <= until:
            until = end
            continue
        if first is not None and until is not None:
            yield first.isoformat(), until.isoformat()
        first, until = start, end
    if first is not None and until is not None:
        yield first.isoformat(), until.isoformat()


def _of_days(archive: Database, first: str, until: str, newest: int) -> Iterator[Passage]:
    after: tuple[str, int] = (first, 0)
    while True:
        rows = archive.rows(
            f"""SELECT {COLUMNS} WHERE statements.shown AND (statements.day, statements.id) > (?, ?) AND statements.day <= ?
            AND statements.id <= ? ORDER BY statements.day, statements.id LIMIT ?""",
            (*after, until, newest, PAGE),
        )
        yield from (_passage(row) for row in rows)
        if len(rows) < PAGE:
            return
        after = (rows[-1][3], rows[-1][0])


def _passages(archive: Database, rows: Iterable[int]) -> Iterator[Passage]:
    """The passages of rows that are shown."""
    for row in rows:
        for found in archive.rows(f"SELECT {COLUMNS} WHERE statements.shown AND statements.id = ?", (row,)):
            yield _passage(found)


def _passage(row: tuple[Any, ...]) -> Passage:
    number, report, words, day, kind, speaker, person, relays = row
    return Passage(
        id=str(number),
        report=str(report),
        words=words,
        published=day_of(day),
        speaker=speaker,
        person=person,
        quoted=kind != "indirect",
        relays=bool(relays),
    )


def _connected(archive: Database, row: int) -> list[int]:
    """The rows that links lead to from one, nearest first; from a paraphrase no further."""
    found, waiting = {row: None}, [row]
    while waiting and len(found) < MOST:
        one = waiting.pop(0)
        for kind, other in archive.rows(
            """SELECT kind, b FROM variants WHERE a = :row AND kind <> 'apart'
            UNION ALL SELECT kind, a FROM variants WHERE b = :row AND kind <> 'apart'""",
            {"row": one},
        ):
            if other not in found and len(found) < MOST:
                found[other] = None
                if kind != "paraphrase":
                    waiting.append(other)
    return list(found)


def _holds(cluster: Cluster, id: str) -> bool:
    return any(member.passage.id == id and member.role != "paraphrase" for member in cluster.members)


def _copied(archive: Database, cluster: Cluster) -> dict[str, str]:
    """The reports of a cluster, each with the one it is a copy of."""
    reports = dict.fromkeys(member.passage.report for member in cluster.members)
    texts = (
        (report, archive.row("SELECT texts.text FROM reports JOIN texts ON texts.id = reports.text WHERE reports.id = ?", (int(report),)))
        for report in reports
    )
    return copies({report: sketch(found[0]) for report, found in texts if found is not None})


def _conflicts(archive: Database, links: Iterable[Variant]) -> Iterator[Conflict]:
    """The conflicts that are still some, by who the speakers are now."""
    for link in links:
        passages = {passage.id: passage for passage in _passages(archive, (link.a, link.b))}
        pair = _as_of_now(link, passages)
        if pair is not None and pair.conflict:
            yield Conflict(left=passages[pair.left], right=passages[pair.right], pair=pair)


def _as_of_now(link: Variant, passages: Mapping[str, Passage]) -> Pair | None:
    """The pair of a link, by who the speakers are now; None if one of the two is hidden."""
    pair = pair_of(link)
    if pair.left not in passages or pair.right not in passages:
        return None
    return replace(pair, speakers=agreement(passages[pair.left], passages[pair.right]))
