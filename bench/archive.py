"""The archive at size: made-up statements stored, searched, listed, beside the same queries on a bare FTS5 table.

`python -m bench.archive [--statements N] [--queries N] [--folder DIR]`. Words are made up of syllables and as frequent as words are in
news (Zipf's law as Mandelbrot put it); every run with the same numbers has the same reports and queries.
"""

import argparse
import datetime
import random
import shutil
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from statistics import median, quantiles

import apsw

from quoth.anchors import describe
from quoth.archive import Archive
from quoth.archive.counting import counts, months
from quoth.archive.search import search
from quoth.archive.selecting import Question
from quoth.types import Article, Attribution, Span, Speaker, Statement, statement_id

A_REPORT = 5
SENTENCES = 27
"""Statements a report."""
WORDS, SPEAKERS, PUBLISHERS = 60_000, 50_000, 200
SYLLABLES = [consonant + vowel for consonant in "b c d f g h j k l m n p r s t v w z br st tr pl".split() for vowel in "aeiou"]
FIRST_DAY = datetime.date(2014, 1, 1)
DAYS = 4000
EXTRACTOR = "bench 1"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words with how often each is used, as sums from the first to each."""

    words: tuple[str, ...]
    sums: tuple[float, ...]

    @classmethod
    def of(cls, words: Sequence[str], shift: float) -> "Vocabulary":
        """The words, the first the most frequent: that of rank r in proportion to 1 / (r + shift)."""
        return cls(tuple(words), tuple(accumulate(1 / (rank + shift) for rank in range(1, len(words) + 1))))

    def draw(self, source: random.Random) -> str:
        """One word, as often as it is used."""
        return self.words[bisect(self.sums, source.random() * self.sums[-1])]


@dataclass(frozen=True, slots=True)
class World:
    """What reports are made of."""

    words: Vocabulary
    speakers: Vocabulary
    publishers: Vocabulary


def made_up(count: int, source: random.Random, *, least: int, most: int) -> list[str]:
    """So many different words of syllables, the shortest first, as frequent words are short."""
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(source.choices(SYLLABLES, k=source.randint(least, most)))] = None
    return sorted(words, key=len)


def world() -> World:
    """The same words, speakers and publishers in every run."""
    source = random.Random(7)
    given, family = (made_up(500, source, least=2, most=3), made_up(8000, source, least=2, most=4))
    names: dict[str, None] = {}
    while len(names) < SPEAKERS:
        names[f"{source.choice(given).title()} {source.choice(family).title()}"] = None
    publishers = [f"{name.title()} Post" for name in made_up(PUBLISHERS, source, least=2, most=3)]
    words = made_up(WORDS, source, least=1, most=5)
    return World(Vocabulary.of(words, 2.7), Vocabulary.of(list(names), 20), Vocabulary.of(publishers, 5))


def reports(count: int, parts: World) -> Iterator[tuple[Article, tuple[Statement, ...]]]:
    """So many reports with their statements."""
    source = random.Random(11)
    for number in range(count):
        text, quoted = _text(parts, source)
        article = Article.of(
            text,
            id=f"report-{number}",
            url=f"https://news.example/{number}",
            publisher=parts.publishers.draw(source),
            title=_sentence(parts, source, 8),
            published=FIRST_DAY + datetime.timedelta(days=source.randrange(DAYS)),
        )
        yield article, tuple(_statement(article, *spans, source) for spans in quoted)


def _text(parts: World, source: random.Random) -> tuple[str, list[tuple[Span, Span, Span]]]:
    """A report's text of some 550 words, with content, cue and source of each statement in it."""
    cast = [parts.speakers.draw(source) for _ in range(3)]
    text, spans = "", list[tuple[Span, Span, Span]]()
    for number in range(SENTENCES):
        if number % 3 == 1 and len(spans) < A_REPORT:
            words, name = _sentence(parts, source, source.randint(8, 32)), source.choice(cast)
            content = Span(start=len(text), end=len(text) + len(words) + 3)
            text += f"“{words},” said {name}."
            cue = Span(start=content.end + 1, end=content.end + 5)
            spans.append((content, cue, Span(start=cue.end + 1, end=cue.end + 1 + len(name))))
        else:
            text += _sentence(parts, source, source.randint(8, 32)) + "."
        text += "\n\n" if number % 3 == 2 else " "
    return text.rstrip(), spans


def _sentence(parts: World, source: random.Random, length: int) -> str:
    words = source.choices(parts.words.words, cum_weights=parts.words.sums, k=length)
    if source.random() < 0.3:
        words[source.randrange(1, length)] = parts.speakers.draw(source)
    return " ".join(words).capitalize() if words[0].islower() else " ".join(words)


def _statement(article: Article, content: Span, cue: Span, source: Span, chance: random.Random) -> Statement:
    attribution = Attribution(
        content=(content,), cue=cue, source=source, kind=chance.choice(("direct", "indirect")), confidence=round(chance.uniform(0.5, 1), 3),
        source_confidence=0.9,
    )  # fmt: skip
    return Statement(
        id=statement_id(article, (content,)),
        article=article,
        attribution=attribution,
        anchors=(describe(content, article.text),),
        speaker=Speaker(name=source.slice(article.text), mention=source, basis="name", confidence=0.9),
        said_on=None,
        act="speech",
        polarity="asserted",
        nested_in=None,
        extractor=EXTRACTOR,
    )


@dataclass(slots=True)
class Stored:
    """How many statements were stored in how many seconds, by the clock and of this process's CPU."""

    statements: int = 0
    clock: float = 0.0
    cpu: float = 0.0

    def told(self) -> str:
        """Both rates."""
        return f"{self.statements / self.clock:,.0f} statements a second by the clock, {self.statements / self.cpu:,.0f} a CPU-second"


def fill(archive: Archive, bare: apsw.Connection, statements: int, parts: World) -> tuple[Stored, Stored]:
    """Stores so many statements in the archive, and their words in the bare table.

    Gives how long it took for the first, one transaction a report, and for the others, a hundred reports a transaction.
    """
    bare.execute("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
    bare.execute("CREATE VIRTUAL TABLE f USING fts5 (words, speaker UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')")
    singly, together = Stored(), Stored()
    made = reports(statements // A_REPORT, parts)
    while batch := list(islice(made, 100)):
        alone = singly.statements < min(statements / 10, 20_000)
        _store(archive, batch, singly if alone else together, 1 if alone else len(batch))
        with bare:
            rows = [(one.words, one.speaker.name if one.speaker else "") for _, found in batch for one in found]
            bare.executemany("INSERT INTO f (words, speaker) VALUES (?, ?)", rows)
        print(f"{singly.statements + together.statements:,} statements", end="\r", flush=True)
    return singly, together


def sampled(archive: Archive, count: int) -> list[tuple[str, str]]:
    """Words and speaker of so many statements, drawn alike."""
    source = random.Random(13)
    [(last,)] = archive.rows("SELECT max(id) FROM statements")
    sql = "SELECT words, speakers.name FROM statements JOIN speakers ON speakers.id = speaker WHERE statements.id = ?"
    return [row for _ in range(count) for row in archive.rows(sql, (source.randint(1, last),))]


def _store(archive: Archive, batch: Sequence[tuple[Article, tuple[Statement, ...]]], stored: Stored, size: int) -> None:
    """Stores some reports, so many a transaction."""
    clock, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(batch), size):
        with archive.transaction():
            for article, found in batch[start : start + size]:
                archive.store(article, found, extractor=EXTRACTOR)
    stored.clock += time.perf_counter() - clock
    stored.cpu += time.process_time() - cpu
    stored.statements += sum(len(found) for _, found in batch)


def milliseconds(run: Callable[[], object]) -> float:
    """How long something takes, of this thread's CPU, so that a busy machine does not count."""
    started = time.thread_time()
    run()
    return (time.thread_time() - started) * 1000


def line(name: str, ours: Sequence[float], theirs: Sequence[float] = ()) -> str:
    """A row of the table: median and 95th percentile of both, and their ratios."""
    cells = [f"{median(ours):.1f}", f"{_p95(ours):.1f}"]
    if theirs:
        cells += [f"{median(theirs):.1f}", f"{_p95(theirs):.1f}", f"{sum(ours) / sum(theirs):.2f}"]
    return f"| {name} | {' | '.join(cells + ['–'] * (5 - len(cells)))} |"


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def two_words(words: str, source: random.Random) -> str:
    """Two words of a statement; of those that stand in it the frequent are drawn as often as they stand."""
    return " ".join(source.sample(words.strip("“,”").split(), 2))


BARE = "SELECT rowid, words, snippet(f, 0, '[', ']', '…', 48) FROM f WHERE f MATCH ? {} ORDER BY rank LIMIT 20"


def measure(archive: Archive, bare: apsw.Connection, parts: World, queries: int) -> list[str]:
    """The rows of the table."""
    source, sample = random.Random(17), sampled(archive, queries)
    pairs = [(two_words(words, source), speaker) for words, speaker in sample]
    for query, speaker in pairs[:20]:  # to warm up
        search(archive, query, speaker=speaker)
        bare.execute(BARE.format(""), (" ".join(f'"{word}"' for word in query.split()),)).fetchall()
    rows = []
    for filtered in (False, True):
        ours, theirs = list[float](), list[float]()
        for query, speaker in pairs:
            said = (" ".join(f'"{word}"' for word in query.split()), *((speaker,) if filtered else ()))
            by = speaker if filtered else None
            ours.append(milliseconds(lambda query=query, by=by: search(archive, query, speaker=by)))  # type: ignore[misc]
            sql = BARE.format("AND speaker = ?" if filtered else "")
            theirs.append(milliseconds(lambda sql=sql, said=said: bare.execute(sql, said).fetchall()))  # type: ignore[misc]
        rows.append(line("two words, one speaker" if filtered else "two words", ours, theirs))
    for rank in (0, 1, 10, 100):
        word = parts.words.words[rank]
        ours = [milliseconds(lambda word=word: search(archive, word)) for _ in range(5)]  # type: ignore[misc]
        theirs = [milliseconds(lambda word=word: bare.execute(BARE.format(""), (f'"{word}"',)).fetchall()) for _ in range(5)]  # type: ignore[misc]
        rows.append(line(f"the word of rank {rank + 1}", ours, theirs))
    speakers = [speaker for _, speaker in sample]
    rows.append(line("a person's months", [milliseconds(lambda one=one: months(archive, one)) for one in speakers]))  # type: ignore[misc]
    rows.append(line("a person's latest", [milliseconds(lambda one=one: search(archive, speaker=one)) for one in speakers]))  # type: ignore[misc]
    rows.append(line("the latest of all", [milliseconds(lambda: search(archive)) for _ in range(20)]))
    rows.append(
        line("counts of two words", [milliseconds(lambda one=one: counts(archive, Question(query=one))) for one, _ in pairs[:50]])  # type: ignore[misc]
    )
    rows.append(line("counts of all", [milliseconds(lambda: counts(archive, Question())) for _ in range(3)]))
    return rows


def main() -> None:
    """Fills an archive in a folder, unless one is there, asks, prints."""
    parser = argparse.ArgumentParser(description="Measure the archive.")
    parser.add_argument("--statements", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the files go, and stay; if they are there, they are measured as they are")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    try:
        parts, there = world(), (folder / "quoth.db").exists()
        with Archive.open(folder / "quoth.db") as archive, closing(apsw.Connection(str(folder / "bare.db"))) as bare:
            if not there:
                singly, together = fill(archive, bare, arguments.statements, parts)
                print(f"\nstored, one report a transaction: {singly.told()}")
                print(f"stored, a hundred reports a transaction: {together.told()}")
            for line_of_page in page(archive, bare, parts, arguments.queries):
                print(line_of_page, flush=True)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


def page(archive: Archive, bare: apsw.Connection, parts: World, queries: int) -> Iterator[str]:
    """What is printed of an archive that is filled."""
    archive.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [(statements, reports_there, text_bytes)] = archive.rows(
        "SELECT (SELECT count(*) FROM statements), count(*), sum(octet_length(text)) FROM texts"
    )
    size = Path(archive.path).stat().st_size
    yield f"{statements:,} statements of {reports_there:,} reports, {size / 1e6:,.0f} MB: {size / text_bytes:.2f} times the text"
    yield "\n| query | median, ms of CPU | p95 | bare FTS5, median | p95 | ratio of the sums |\n|---|---:|---:|---:|---:|---:|"
    yield from measure(archive, bare, parts, queries)


if __name__ == "__main__":
    main()
