"""The archive at size: made-up statements stored, searched, listed, beside the same queries on a bare FTS5 table.

`python -m bench.archive [--statements N …] [--queries N] [--folder DIR]` fills one archive, in DIR, where it stays, and measures it at each
of these sizes. A run that was broken off goes on where it stood; what is full is asked again. With a million statements or more, the
figures are written to ARCHIVE.md. Every run with the same numbers has the same reports and queries.
"""

import argparse
import json
import math
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

import apsw

from bench.__main__ import processor
from bench.made_up import A_REPORT, EXTRACTOR, World, reports, two_words, world
from quoth.archive import Archive
from quoth.archive.counting import counts, months
from quoth.archive.people import people
from quoth.archive.search import search
from quoth.archive.selecting import Question
from quoth.types import Article, Statement

Asked = TypeVar("Asked")
PAGE = Path(__file__).with_name("ARCHIVE.md")
WRITTEN_FROM = 1_000_000
"""Statements from which the figures are written down."""
FAR = 10_000_000
"""Statements to which the curve is drawn out."""
SINGLY = 20_000
"""Statements that are stored one report a transaction, as ingestion does."""
TOGETHER = 100
"""Reports of a transaction where many are stored at once, as `quoth batch load` does."""
BARE = "SELECT rowid, words, snippet(f, 0, '[', ']', '…', 48) FROM f WHERE f MATCH ? {} ORDER BY rank LIMIT 20"


@dataclass(slots=True)
class Stored:
    """How many statements were stored in how many seconds, by the clock and of this process's CPU."""

    statements: int = 0
    clock: float = 0.0
    cpu: float = 0.0

    def add(self, more: "Stored") -> None:
        """Counts more in."""
        self.statements, self.clock, self.cpu = self.statements + more.statements, self.clock + more.clock, self.cpu + more.cpu

    def told(self) -> str:
        """Both rates."""
        if not self.statements:
            return "none"
        return f"{self.statements / self.clock:,.0f} statements a second by the clock, {self.statements / self.cpu:,.0f} a CPU-second"


@dataclass(slots=True)
class Filling:
    """How an archive was filled: one report a transaction, a hundred, and of these the last tenth."""

    singly: Stored = field(default_factory=Stored)
    together: Stored = field(default_factory=Stored)
    last: Stored = field(default_factory=Stored)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one query took: milliseconds of this thread's CPU, and by the clock."""

    cpu: float
    clock: float


@dataclass(frozen=True, slots=True)
class Row:
    """The same kind of query asked many times, of the archive and, where it can answer, of the bare table."""

    name: str
    ours: tuple[Timing, ...]
    theirs: tuple[Timing, ...] = ()

    @property
    def p95(self) -> float:
        """Milliseconds of CPU that nineteen in twenty stay below."""
        return _p95([timing.cpu for timing in self.ours])

    @property
    def ratio(self) -> float | None:
        """How many times as much CPU all of ours took as all of theirs."""
        return sum(timing.cpu for timing in self.ours) / sum(timing.cpu for timing in self.theirs) if self.theirs else None

    def cells(self) -> list[str]:
        """The row of the table."""
        ours = [timing.cpu for timing in self.ours]
        told = [self.name, f"{median(ours):.1f}", f"{self.p95:.1f}", f"{_p95([timing.clock for timing in self.ours]):.1f}"]
        if self.ratio is None:
            return [*told, "–", "–", "–"]
        theirs = [timing.cpu for timing in self.theirs]
        return [*told, f"{median(theirs):.1f}", f"{_p95(theirs):.1f}", f"{self.ratio:.2f}"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of an archive."""

    statements: int
    reports: int
    size: int
    text_bytes: int
    filling: Filling
    rows: tuple[Row, ...]

    def told(self) -> str:
        """The section of the page."""
        filling = self.filling
        lines = [
            f"## {self.statements:,} statements of {self.reports:,} reports",
            "",
            f"- {self.size / 1e6:,.0f} MB, {self.size / self.text_bytes:.2f} times the text",
            f"- stored, one report a transaction: {filling.singly.told()}",
            f"- stored, {TOGETHER} reports a transaction: {filling.together.told()}; of the last tenth {filling.last.told()}",
            "",
            "| query | median, ms of CPU | p95 | p95 by the clock | bare FTS5, median | p95 | ratio of the sums |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(f"| {' | '.join(row.cells())} |" for row in self.rows),
            "",
        ]
        return "\n".join(lines)


def measured(folder: Path, sizes: Sequence[int], queries: int, parts: World) -> Iterator[Measured]:
    """What the archive of a folder comes to at each size, filled as far as need be."""
    with Archive.open(folder / "quoth.db") as archive, closing(apsw.Connection(str(folder / "bare.db"))) as bare:
        made = islice(reports(sizes[-1] // A_REPORT, parts), _count(archive, "reports"), None)
        for size in sizes:
            kept = folder / f"{size}.json"
            if _count(archive, "statements") > size:
                yield measured_from(json.loads(kept.read_text(encoding="utf-8")))
                continue
            filling = fill(archive, bare, size, made, folder / "filling.json")
            archive.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            rows = tuple(measure(archive, bare, parts, queries))
            text_bytes = archive.rows("SELECT sum(octet_length(text)) FROM texts")[0][0]
            one = Measured(size, _count(archive, "reports"), Path(archive.path).stat().st_size, text_bytes, filling, rows)
            kept.write_text(json.dumps(asdict(one)), encoding="utf-8")
            yield one


def measured_from(written: dict[str, Any]) -> Measured:
    """What an earlier run measured."""
    filling = Filling(**{name: Stored(**stored) for name, stored in written["filling"].items()})
    rows = [
        Row(row["name"], *(tuple(Timing(**timing) for timing in timings) for timings in (row["ours"], row["theirs"])))
        for row in written["rows"]
    ]
    return Measured(**written | {"filling": filling, "rows": tuple(rows)})


def fill(archive: Archive, bare: apsw.Connection, size: int, made: Iterator[tuple[Article, tuple[Statement, ...]]], kept: Path) -> Filling:
    """Stores reports until there are so many statements, the first 20,000 one report a transaction, and their words in the bare table."""
    bare.execute("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL").fetchall()
    bare.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
    bare.execute("CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5 (words, speaker UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')")
    told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    filling = Filling(**{name: Stored(**stored) for name, stored in told.items()})
    filling.last, done = Stored(), _count(archive, "statements")
    while done < size and (batch := list(islice(made, TOGETHER))):
        alone = done < SINGLY
        took = _store(archive, batch, 1 if alone else len(batch))
        for stored in [filling.singly] if alone else [filling.together, *([filling.last] if done >= size * 0.9 else [])]:
            stored.add(took)
        with bare:
            rows = [(one.words, one.speaker.name if one.speaker else "") for _, found in batch for one in found]
            bare.executemany("INSERT INTO f (words, speaker) VALUES (?, ?)", rows)
        done += took.statements
        kept.write_text(json.dumps(asdict(filling)), encoding="utf-8")
        if sys.stderr.isatty():
            print(f"{done:,} statements", end="\r", file=sys.stderr, flush=True)
    return filling


def _count(archive: Archive, table: str) -> int:
    [(count,)] = archive.rows(f"SELECT count(*) FROM {table}")
    return int(count)


def _store(archive: Archive, batch: Sequence[tuple[Article, tuple[Statement, ...]]], size: int) -> Stored:
    """Stores some reports, so many a transaction."""
    clock, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(batch), size):
        with archive.transaction():
            for article, found in batch[start : start + size]:
                archive.store(article, found, extractor=EXTRACTOR)
    return Stored(sum(len(found) for _, found in batch), time.perf_counter() - clock, time.process_time() - cpu)


def timed(answer: Callable[[Asked], object], asked: Asked) -> Timing:
    """How long an answer takes."""
    clock, cpu = time.perf_counter(), time.thread_time()
    answer(asked)
    return Timing((time.thread_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000)


def measure(archive: Archive, bare: apsw.Connection, parts: World, queries: int) -> Iterator[Row]:
    """The rows of the table."""
    source, sample = random.Random(17), sampled(archive, queries)
    pairs = [(two_words(words, source), speaker) for words, speaker in sample]
    for query, speaker in pairs[:20]:  # to warm up
        search(archive, query, speaker=speaker)
        _bare(bare, query)
    yield _row("two words", pairs, lambda pair: search(archive, pair[0]), lambda pair: _bare(bare, pair[0]))
    yield _row(
        "two words, one speaker", pairs, lambda pair: search(archive, pair[0], speaker=pair[1]), lambda pair: _bare(bare, pair[0], pair[1])
    )
    for rank in (0, 1, 10, 100):
        words = [parts.words.words[rank]] * 5
        yield _row(f"the word of rank {rank + 1}", words, lambda word: search(archive, word), lambda word: _bare(bare, word))
    yield _row("two words, with counts", pairs, lambda pair: (search(archive, pair[0]), counts(archive, Question(query=pair[0]))))
    common = list(parts.words.words[:20])
    yield _row("each of the 20 commonest words, with counts", common, lambda word: (search(archive, word), counts(archive, _asked(word))))
    yield _row("a person's months", sample, lambda one: months(archive, one[1]))
    yield _row("a person's latest", sample, lambda one: search(archive, speaker=one[1]))
    yield _row("the latest of all, with counts", range(20), lambda _: (search(archive), counts(archive, Question())))
    yield _row("people, each of the first twenty pages", range(20), lambda page: people(archive, offset=page * 50))
    yield _row("people of a name", sample[:50], lambda one: people(archive, one[1].split()[1]))


def _asked(word: str) -> Question:
    return Question(query=word)


def _row(name: str, asked: Sequence[Asked], ours: Callable[[Asked], object], theirs: Callable[[Asked], object] | None = None) -> Row:
    """Each question asked of both in turn, so that what else the machine does falls on both."""
    timings = [(timed(ours, one), timed(theirs, one) if theirs else None) for one in asked]
    return Row(name, tuple(our for our, _ in timings), tuple(their for _, their in timings if their is not None))


def _bare(bare: apsw.Connection, query: str, speaker: str | None = None) -> object:
    words = " ".join(f'"{word}"' for word in query.split())
    return bare.execute(BARE.format("AND speaker = ?" if speaker else ""), (words, speaker) if speaker else (words,)).fetchall()


def sampled(archive: Archive, count: int) -> list[tuple[str, str]]:
    """Words and speaker of so many statements, drawn alike."""
    source = random.Random(13)
    [(last,)] = archive.rows("SELECT max(id) FROM statements")
    sql = "SELECT words, speakers.name FROM statements JOIN speakers ON speakers.id = speaker WHERE statements.id = ?"
    return [row for _ in range(count) for row in archive.rows(sql, (source.randint(1, last),))]


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def drawn_out(sizes: Mapping[int, float], far: int = FAR) -> float:
    """What a figure comes to at a far size, if it goes on to grow by the power of the size by which it grew between the last two; it does
    not shrink.

    >>> round(drawn_out({100: 1.0, 300: 3.0, 1000: 10.0}, 10_000))
    100
    """
    (before, less), (last, value) = sorted(sizes.items())[-2:]
    power = max(math.log(value / less) / math.log(last / before), 0)
    return float(value * (far / last) ** power)


def curve(every: Sequence[Measured]) -> str:
    """The section of the page that tells how each query grows with the size."""
    names = [row.name for row in every[0].rows]
    p95s = {name: {one.statements: row.p95 for one in every for row in one.rows if row.name == name} for name in names}
    lines = [
        "## The curve",
        "",
        f"p95, ms of CPU. {FAR:,} is not measured: each figure grows on by the power of the size by which it grew between the last two.",
        "A query of words reads every entry of its words in the index, as a bare FTS5 table does, so it grows with the statements.",
        "More than 10,000 hits are not ranked, and no more than 5,000 counted, so that common words grow no further. What one person",
        "said grows with him.",
        "",
        f"| query | {' | '.join(f'{one.statements:,}' for one in every)} | {FAR:,}, drawn out |",
        f"|---|{'---:|' * (len(every) + 1)}",
        *(f"| {name} | {' | '.join(f'{p95:.1f}' for p95 in p95s[name].values())} | {drawn_out(p95s[name]):.0f} |" for name in names),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Fills archives in a folder, unless they are there, asks, prints, writes."""
    parser = argparse.ArgumentParser(description="Measure the archive.")
    parser.add_argument("--statements", type=int, nargs="+", default=[50_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the files go, and stay; if they are there, they are measured as they are")
    arguments = parser.parse_args()
    folder, sizes = arguments.folder or Path(tempfile.mkdtemp()), sorted(arguments.statements)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        every = list(measured(folder, sizes, arguments.queries, world()))
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)
    told = [one.told() for one in every] + ([curve(every)] if len(every) > 1 else [])
    written = f"`python -m bench.archive --statements {' '.join(map(str, sizes))}`"
    page = "\n".join([f"# The archive at size\n\nWritten by {written}. {processor()}, SQLite {apsw.sqlite_lib_version()}.\n", *told])
    print(page)
    if sizes[-1] >= WRITTEN_FROM:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
