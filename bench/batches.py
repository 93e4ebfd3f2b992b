"""Batches, timed: of real pages (as a crawl, packed as CC-NEWS packs them) by each engine, and of texts by one worker and by two, in turns.

`python -m bench.scale measure` tells what they take, how long of it is starting, in what part of it the workers have shards in hand, how
large the tables are and how fast a crawl is cut.
"""

import io
import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from bench.__main__ import ROOT, processor, read_texts
from bench.speed import Spread
from quoth.cli.extracting import extract_on_one_thread
from quoth.pipeline import extractor_name
from quoth.scale.batch import Batch, Totals, begin
from quoth.scale.engines import Engine, Lost
from quoth.scale.local import Local
from quoth.scale.ray import Ray
from quoth.scale.worker import Job

SHARDS = 12
"""Shards of a batch of pages, about."""
TEXT_SHARDS = 40
"""Shards of a batch of texts: so many that the last one, which a worker does while the other has nothing left, weighs little."""
PAGES_EACH = 10
"""Pages for each time that the texts are read: Ray takes seconds to start, and an hour's batch is not to be judged by them."""
SHORT = "“The ferry will not close,” said Ada Lovell."
"""A text that is read at once: a batch of it is all starting."""
ONE, TWO, LOCAL, RAY = "texts, local, 1 worker", "texts, local, 2 workers", "pages, local, 2 workers", "pages, Ray, 2 workers"


@dataclass(frozen=True, slots=True)
class Trial:
    """A batch that is timed: what is read, in how many shards, and the engine."""

    source: Path
    shards: int
    engine: Engine

    @property
    def most(self) -> int:
        """Bytes of a shard."""
        files = self.source.iterdir() if self.source.is_dir() else (self.source,)
        return max(1, sum(path.stat().st_size for path in files) // self.shards)


@dataclass(frozen=True, slots=True)
class Timed:
    """What a batch took by the clock, and the seconds in which its workers had shards in hand, all together."""

    seconds: float
    in_hand: float


def measure(rounds: int, *, times: int, most: int | None) -> None:
    """Batches of every text so many times, and of every page PAGES_EACH times as often, in turns."""
    (name, records), (corpus, texts) = sources(), read_texts()
    records, texts = records[:most] * times * PAGES_EACH, texts[:most] * times
    print(f"{processor()}, {os.cpu_count()} cores, {rounds} rounds")
    print(f"{len(records)} {name}, {sum(map(len, records)) / 1e6:.1f} MB packed; {len(texts)} texts, {corpus}")
    with tempfile.TemporaryDirectory() as folder:
        crawl = Path(folder, "crawl.warc.gz")
        crawl.write_bytes(b"".join(records))
        table, short = written(Path(folder, "texts"), texts), written(Path(folder, "short"), [SHORT])
        print(f"cutting a crawl: {cutting(crawl):,.0f} MB packed a second")
        trials = {ONE: Trial(table, TEXT_SHARDS, Local(1)), TWO: Trial(table, TEXT_SHARDS, Local(2)), LOCAL: Trial(crawl, SHARDS, Local(2))}
        if find_spec("ray") is not None:
            trials[RAY] = Trial(crawl, SHARDS, Ray(2))
        taken: dict[str, list[Timed]] = {label: [] for label in trials}
        starting: list[float] = []
        for number in range(rounds):
            starting.append(run(Trial(short, 1, Local(1)), f"{folder}/{number}-short")[1].seconds)
            for label, trial in trials.items():
                batch, timed = run(trial, f"{folder}/{number}-{label}")
                taken[label].append(timed)
                if trial.source == crawl:
                    of_pages = batch
        print(tables(of_pages))
        told(trials, taken)
        first = {label: first_worker(trials[label].engine) for label in (LOCAL, RAY) if label in trials}
        for label, seconds in first.items():
            print(f"{label:26} {seconds:6.1f} s of it until the first worker is there")
    compared(taken, median(starting), first)


def sources() -> tuple[str, list[bytes]]:
    """The pages of the evaluation as records of a crawl, or the examples where they are absent."""
    from bench.reading import PAGES, crawl_of, read_pages

    if PAGES.exists():
        return "news pages", [crawl_of([page]) for page in read_pages()]
    return "examples/*.txt", [
        crawl_of([(f"https://a.example/{path.name}", path.read_bytes())]) for path in sorted((ROOT / "examples").glob("*.txt"))
    ]


def written(folder: Path, texts: Iterable[str]) -> Path:
    """A folder with these texts as files."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")
    return folder


def run(trial: Trial, out: str) -> tuple[Batch, Timed]:
    """The finished batch and what it took, the start of the engine and of the model in each worker among it."""
    batch = begin(out, [str(trial.source)], trial.engine, extractor=extractor_name(), most=trial.most)
    job = Job(place=batch.place, extract=partial(extract_on_one_thread, people=None), extractor=batch.manifest.extractor)
    started = time.perf_counter()
    lost = [result for _, result in batch.run(job, trial.engine) if isinstance(result, Lost)]
    if lost:
        raise SystemExit(f"{len(lost)} shards were lost: {lost[0].reason}")
    seconds = time.perf_counter() - started
    return batch, Timed(seconds, sum(sidecar.seconds.clock for sidecar in batch.sidecars()))


def first_worker(engine: Engine) -> float:
    """Seconds until an engine's first worker has done nothing."""
    started = time.perf_counter()
    list(engine.map(partial(partial, abs), [0]))
    return time.perf_counter() - started


def told(trials: Mapping[str, Trial], taken: Mapping[str, Sequence[Timed]]) -> None:
    """What each batch took."""
    for label, runs in taken.items():
        engine = trials[label].engine
        workers = engine.workers if isinstance(engine, Local | Ray) else 1
        busy = median(one.in_hand / (one.seconds * workers) for one in runs)
        print(f"{label:26} {Spread.of([one.seconds for one in runs]).told('6.1f')} s; shards in hand for {busy:.1%} of it")


def compared(taken: Mapping[str, Sequence[Timed]], starting: float, first: Mapping[str, float]) -> None:
    """Two workers by one, and Ray by the local engine.

    Two workers are set against one by texts: over pages even one worker keeps two processes busy, for they are read beside the extractor.
    The whole batches are compared first; then what is left of them without their start: the seconds that a batch of one short text takes
    and, for Ray and the local engine, those until the first worker is there.
    """
    one, two = ([timed.seconds for timed in taken[label]] for label in (ONE, TWO))
    print(f"starting, a batch of one short text: {starting:.1f} s")
    print(f"two workers / one, texts: {ratio(one, two)} times as fast")
    if (rest := without(one, starting)) and (other := without(two, starting)):
        print(f"two workers / one, without the start: {ratio(rest, other)} times as fast")
    if RAY not in taken:
        print("Ray was not measured: pip install 'quoth[scale]'")
        return
    ray, local = ([timed.seconds for timed in taken[label]] for label in (RAY, LOCAL))
    print(f"Ray / local, pages: {ratio(ray, local)} times the seconds")
    if (rest := without(ray, first[RAY])) and (other := without(local, first[LOCAL])):
        print(f"Ray / local, without the start: {ratio(rest, other)} times the seconds")


def without(whole: Sequence[float], start: float) -> list[float]:
    """What is left of batches without the seconds of their start; nothing where one is shorter than that.

    >>> without([3.0, 5.0], 2.0), without([1.0, 5.0], 2.0)
    ([1.0, 3.0], [])
    """
    return [seconds - start for seconds in whole] if min(whole) > start else []


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
        f"seconds a page, by shard, {len(clocks)} shards: {Spread.of(clocks).told('.2f')}"
    )


def cutting(crawl: Path) -> float:
    """Megabytes of a packed crawl that are looked through in a second of CPU time."""
    from quoth.scale.ranges import record_starts

    raw = crawl.read_bytes()
    started = time.process_time()
    list(record_starts(io.BytesIO(raw)))
    return len(raw) / 1e6 / (time.process_time() - started)
