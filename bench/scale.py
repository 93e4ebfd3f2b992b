"""Batches at size, measured and reckoned: `python -m bench.scale measure | plan | simulate`.

`measure` is that of `bench.batches`. `plan` is the arithmetic of docs/scale.md, from the figures below. `simulate` lets a thousand workers,
some slow, some that die, share out shards whose times are drawn from measured ones.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # read when numpy and its kin are loaded, so set first

import argparse
import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from statistics import mean

HOUR = 3600.0
SHARD_BYTES = 64e6
WORDS = (166, 275, 398, 444, 529, 687, 756, 770, 855, 865, 898, 934, 943, 956, 990, 1008, 1116, 1125, 1165, 1179, 1461, 1611, 2473)
"""Words of the reports in the English pages of the evaluation."""
SITES = 12
"""Sites that the pages of a shard are from, as it were: shards differ as the mean of so many pages does."""


# --- reckoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What is assumed of CC-NEWS, and what was measured of quoth."""

    pages: float = 1.0e9
    packed_bytes: float = 33_000.0
    """Bytes a page, packed: a file of 1 GB holds some 30,000 records."""
    read_seconds: float = 0.024
    """CPU seconds to read a page from a crawl (`python -m bench.reading`: 23.5 ms)."""
    english: float = 0.40
    words: float = 500.0
    words_per_second: float = 9_700.0
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
    parser.add_argument("--times", type=int, default=10, help="of measure: all is read so many times, so that starting weighs little")
    parser.add_argument("--most", type=int, help="of measure: only the first so many pages and texts")
    parser.add_argument("--share", type=float, default=1.0, help="of simulate: the share of CC-NEWS")
    parser.add_argument("--pages", type=float, nargs="+", default=Corpus().page_seconds, help="of simulate: seconds of a page")
    arguments = parser.parse_args()
    if arguments.what == "measure":
        from bench.batches import measure  # here, since every process of a batch reads this module again when it starts

        measure(arguments.rounds, times=arguments.times, most=arguments.most)
    elif arguments.what == "plan":
        plan(Corpus())
    else:
        simulation(arguments.pages, arguments.share)


if __name__ == "__main__":
    main()
