"""Batches at size, measured and reckoned: `python -m bench.scale measure | plan | simulate`.

`measure` makes one batch of real pages (as a crawl, packed as CC-NEWS packs them) by each engine, and one of texts by one worker and by
two, in turns, and tells what they cost, how large the tables are and how fast a crawl is cut. `plan` is the arithmetic of docs/scale.md,
from the figures below. `simulate` lets a thousand workers, some slow, some that die, share out shards whose times are drawn from measured
ones.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # read when numpy and its kin are loaded, so set first

import argparse
import heapq
import io
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import mean

from bench.__main__ import ROOT, processor, read_texts
from bench.speed import Spread
from quoth.cli.extracting import extract_on_one_thread
from quoth.pipeline import extractor_name
from quoth.scale.batch import Batch, Totals, begin
from quoth.scale.engines import Engine, Lost
from quoth.scale.local import Local
from quoth.scale.ray import Ray
from quoth.scale.worker import Job

HOUR = 3600.0
SHARD_BYTES = 64e6
WORDS = (166, 275, 398, 444, 529, 687, 756, 770, 855, 865, 898, 934, 943, 956, 990, 1008, 1116, 1125, 1165, 1179, 1461, 1611, 2473)
"""Words of the reports in the English pages of the evaluation."""
SITES = 12
"""Sites that the pages of a shard are from, as it were: shards differ as the mean of so many pages does."""


# --- measured

SHARDS = 12
"""Shards of a batch, about: so many that the last ones do not decide."""
ONE, TWO, LOCAL, RAY = "texts, local, 1 worker", "texts, local, 2 workers", "pages, local, 2 workers", "pages, Ray, 2 workers"


def sources() -> tuple[str, list[bytes]]:
    """The pages of the evaluation as records of a crawl, or the examples where they are absent."""
    from bench.reading import PAGES, crawl_of, read_pages

    if PAGES.exists():
        return "news pages", [crawl_of([page]) for page in read_pages()]
    return "examples/*.txt", [
        crawl_of([(f"https://a.example/{path.name}", path.read_bytes())]) for path in sorted((ROOT / "examples").glob("*.txt"))
    ]


@dataclass(frozen=True, slots=True)
class Trial:
    """A batch that is timed: what is read, in shards of how many bytes, and the engine."""

    source: Path
    most: int
    engine: Engine


def trials(crawl: Path, table: Path) -> dict[str, Trial]:
    """What is timed, in turns.

    Two workers are set against one by texts: over pages even one worker keeps two processes busy, for they are read beside the extractor.
    """
    texts, pages = sum(path.stat().st_size for path in table.iterdir()) // SHARDS, crawl.stat().st_size // SHARDS
    found = {ONE: Trial(table, texts, Local(1)), TWO: Trial(table, texts, Local(2)), LOCAL: Trial(crawl, pages, Local(2))}
    return found if find_spec("ray") is None else found | {RAY: Trial(crawl, pages, Ray(2))}


def run(trial: Trial, out: str) -> tuple[Batch, float]:
    """The finished batch, and seconds by the clock, the start of the engine and of the model in each worker among them."""
    batch = begin(out, [str(trial.source)], trial.engine, extractor=extractor_name(), most=trial.most)
    job = Job(place=batch.place, extract=partial(extract_on_one_thread, people=None), extractor=batch.manifest.extractor)
    started = time.perf_counter()
    lost = [result for _, result in batch.run(job, trial.engine) if isinstance(result, Lost)]
    if lost:
        raise SystemExit(f"{len(lost)} shards were lost: {lost[0].reason}")
    return batch, time.perf_counter() - started


def starting(engine: Engine) -> float:
    """Seconds until an engine's first worker has done nothing."""
    started = time.perf_counter()
    list(engine.map(partial(partial, abs), [0]))
    return time.perf_counter() - started


def measure(rounds: int, times: int, most: int | None) -> None:
    """Batches of every page so many times, and of the texts once, in turns."""
    (name, records), (corpus, texts) = sources(), read_texts()
    records, texts = records[:most] * times, texts[:most]
    print(f"{processor()}, {os.cpu_count()} cores, {rounds} rounds")
    print(f"{len(records)} {name}, {sum(map(len, records)) / 1e6:.1f} MB packed; {len(texts)} texts, {corpus}")
    with tempfile.TemporaryDirectory() as folder:
        crawl, table = Path(folder, "crawl.warc.gz"), Path(folder, "texts")
        crawl.write_bytes(b"".join(records))
        table.mkdir()
        for number, text in enumerate(texts):
            (table / f"{number:04}.txt").write_text(text, encoding="utf-8")
        print(f"cutting a crawl: {cutting(crawl):,.0f} MB packed a second")
        every = trials(crawl, table)
        taken: dict[str, list[float]] = {label: [] for label in every}
        for number in range(rounds):
            for label, trial in every.items():
                batch, seconds = run(trial, f"{folder}/{number}-{label}")
                taken[label].append(seconds)
                if trial.source == crawl:
                    of_pages = batch
        print(tables(of_pages))
        for label, values in taken.items():
            print(f"{label:26} {Spread.of(values).told('6.1f')} s")
        for label, engine in {label: every[label].engine for label in (LOCAL, RAY) if label in every}.items():
            print(f"{label:26} {starting(engine):6.1f} s of it until the first worker is there")
    print(f"two workers / one, texts: {ratio(taken[ONE], taken[TWO])} times as fast")
    if RAY not in taken:
        print("Ray was not measured: pip install 'quoth[scale]'")
        return
    print(f"Ray / local, pages: {ratio(taken[RAY], taken[LOCAL])} times the seconds")


def ratio(above: Sequence[float], below: Sequence[float]) -> str:
    """How many times, round by round."""
    return Spread.of([one / other for one, other in zip(above, below, strict=True)]).told(".2f")


def tables(batch: Batch) -> str:
    """What is in a batch, how large its tables are, and how long its shards took."""
    totals, clocks = Totals(), []
    for sidecar in batch.sidecars():
        totals.add(sidecar)
        clocks.append(sidecar.seconds.clock / sidecar.account.rows)
    size = sum(path.stat().st_size for path in Path(batch.place.root).rglob("*.parquet")) / max(totals.documents, 1)
    return (
        f"{totals.documents} documents, {totals.statements} statements, {size:,.0f} bytes of Parquet a document\n"
        f"seconds a page, by shard: {', '.join(f'{clock:.2f}' for clock in clocks)}"
    )


def cutting(crawl: Path) -> float:
    """Megabytes of a packed crawl that are looked through in a second of CPU time."""
    from quoth.scale.ranges import record_starts

    raw = crawl.read_bytes()
    started = time.process_time()
    list(record_starts(io.BytesIO(raw)))
    return len(raw) / 1e6 / (time.process_time() - started)


# --- reckoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is assumed of CC-NEWS, and what was measured of quoth."""

    pages: float = 1.0e9
    packed_bytes: float = 33_000.0
    """Bytes a page, packed: a file of 1 GB holds some 30,000 records."""
    read_seconds: float = 0.035
    """CPU seconds to read a page from a crawl (`python -m bench.reading`: 34.5 ms)."""
    english: float = 0.40
    words: float = 500.0
    words_per_second: float = 5_300.0
    """Words a CPU-second, one thread (RESULTS.md)."""
    parquet_bytes: float = 9_400.0
    """Of a report of so many words, text and statements (`measure`: 17,561 for 939 words)."""
    core_hour: float = 0.04
    """Dollars a core-hour at list price; a third of it for machines that may be taken away."""

    @property
    def page_seconds(self) -> list[float]:
        """CPU seconds a page, on average over all languages, on sites with reports as long as the measured ones."""
        return [self.read_seconds + self.english * self.words * words / mean(WORDS) / self.words_per_second for words in WORDS]

    @property
    def reading_hours(self) -> float:
        """Core-hours to read all pages."""
        return self.pages * self.read_seconds / HOUR

    @property
    def reports(self) -> float:
        """Pages that are reports in English."""
        return self.pages * self.english

    @property
    def extraction_hours(self) -> float:
        """Core-hours to extract from all English reports."""
        return self.reports * self.words / self.words_per_second / HOUR

    @property
    def hours(self) -> float:
        """All core-hours."""
        return self.reading_hours + self.extraction_hours


def plan(corpus: Corpus) -> None:
    """The arithmetic, line by line."""
    packed = corpus.pages * corpus.packed_bytes
    shards, dollars = packed / SHARD_BYTES, corpus.hours * corpus.core_hour
    print(f"packed pages {packed / 1e12:10,.0f} TB in {shards:,.0f} shards of {corpus.pages / shards:,.0f} pages")
    print(f"reading      {corpus.reading_hours:10,.0f} core-hours: {corpus.read_seconds * 1000:.0f} ms a page")
    told = f"{corpus.words:.0f} words at {corpus.words_per_second:,.0f} a second"
    print(f"extraction   {corpus.extraction_hours:10,.0f} core-hours: {corpus.reports:,.0f} reports of {told}")
    print(f"all          {corpus.hours:10,.0f} core-hours, {dollars:,.0f} dollars at {corpus.core_hour} an hour")
    print(f"tables       {corpus.reports * corpus.parquet_bytes / 1e12:10,.1f} TB of Parquet")
    for cores in (10, 100, 1_000):
        hours = corpus.hours / cores
        print(f"{cores:5,} cores  {hours:10,.0f} hours ({hours / 24:,.1f} days), {packed / 1e6 / hours / HOUR:,.0f} MB to be read a second")


# --- simulated


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A cluster: so many workers, the share of slow ones and how slow, hours between two deaths of a worker, seconds to replace one."""

    workers: int = 1_000
    slow: float = 0.05
    slowness: float = 2.0
    lifetime: float = 24.0
    replacing: float = 180.0


@dataclass(slots=True)
class Run:
    """What a simulated run took: hours to the end, hours lost to deaths, copies of shards begun in vain."""

    hours: float
    lost: float
    copies: int


@dataclass(slots=True, eq=False)
class Work:
    """A shard in a world: its seconds on a common worker; when it is done; how many work on it."""

    seconds: float
    done: bool = False
    workers: list[int] = field(default_factory=list)


def simulate(shards: Sequence[float], world: World, *, copies: bool, seed: int = 1) -> Run:
    """Shares shards out to workers, in their order, until all are done.

    A worker that dies is replaced, and its shard begun again by the next one that is free, as the engines do. With `copies` a worker that
    finds nothing to do begins a shard again that another still has in hand, and the first of the two counts.
    """
    chance = random.Random(seed)
    speeds = [1 / world.slowness if chance.random() < world.slow else 1.0 for _ in range(world.workers)]
    waiting = [Work(seconds) for seconds in reversed(shards)]
    running: list[Work] = []
    order, left, run = count(), len(shards), Run(0.0, 0.0, 0)
    events: list[tuple[float, int, int, Work | None, float, bool]] = [
        (0.0, next(order), worker, None, 0.0, False) for worker in range(world.workers)
    ]
    heapq.heapify(events)
    while left:
        now, _, worker, work, began, died = heapq.heappop(events)
        if work is not None:
            work.workers.remove(worker)
            if work.done:
                run.lost += now - began
            elif died:
                run.lost += now - began
                if not work.workers:
                    running.remove(work)
                    waiting.append(work)
            else:
                work.done = True
                running.remove(work)
                left -= 1
                run.hours = now / HOUR
        free = now + (world.replacing if died else 0.0)
        following = waiting.pop() if waiting else None
        if following is None and copies:
            following = next((one for one in running if len(one.workers) == 1), None)
            run.copies += following is not None
        if following is None:
            heapq.heappush(events, (free + 30.0, next(order), worker, None, 0.0, False))
            continue
        if not following.workers:
            running.append(following)
        following.workers.append(worker)
        needed, life = following.seconds / speeds[worker], chance.expovariate(1 / (world.lifetime * HOUR))
        heapq.heappush(events, (free + min(needed, life), next(order), worker, following, free, life < needed))
    run.lost /= HOUR
    return run


def shard_times(pages: Sequence[float], each: int, chance: random.Random) -> Iterator[float]:
    """Endless seconds of shards of so many pages, drawn from seconds of a page."""
    while True:
        yield each * mean(chance.choices(pages, k=SITES))


def simulation(pages: Sequence[float], share: float) -> None:
    """A share of CC-NEWS on a thousand workers, by size of shard and by policy."""
    print("| shard | shards | policy | hours | of the ideal | core-hours lost to deaths and copies |\n|---|---:|---|---:|---:|---:|")
    for label, each in (("64 MB", 1_940), ("256 MB", 7_760), ("a file, 1 GB", 30_000)):
        chance = random.Random(3)
        drawn = shard_times(pages, each, chance)
        shards = [next(drawn) for _ in range(round(1e9 * share / each))]
        world = World()
        ideal = sum(shards) / HOUR / (world.workers * (1 - world.slow + world.slow / world.slowness))
        largest = sorted(shards, reverse=True)
        for policy, ordered, copies in (("as they come", shards, False), ("largest first", largest, False), ("and copies", largest, True)):
            run = simulate(ordered, world, copies=copies)
            print(f"| {label} | {len(shards):,} | {policy} | {run.hours:.2f} | {run.hours / ideal:.3f} | {run.lost:,.0f} |")


def main() -> None:
    """One of the three."""
    parser = argparse.ArgumentParser(description="Batches at size.")
    parser.add_argument("what", choices=("measure", "plan", "simulate"))
    parser.add_argument("--rounds", type=int, default=3, help="of measure")
    parser.add_argument("--times", type=int, default=10, help="of measure: each page so many times, so that starting weighs little")
    parser.add_argument("--most", type=int, help="of measure: only the first so many pages and texts")
    parser.add_argument("--share", type=float, default=1.0, help="of simulate: the share of CC-NEWS")
    parser.add_argument("--pages", type=float, nargs="+", default=Corpus().page_seconds, help="of simulate: seconds of a page")
    arguments = parser.parse_args()
    if arguments.what == "measure":
        measure(arguments.rounds, arguments.times, arguments.most)
    elif arguments.what == "plan":
        plan(Corpus())
    else:
        simulation(arguments.pages, arguments.share)


if __name__ == "__main__":
    main()
