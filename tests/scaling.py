"""What the tests of batches share: reports, an engine in this process, what a batch holds, and killing at random whoever works on one."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import toy

import quoth
from quoth.errors import QuothError
from quoth.scale.accounts import Sidecar
from quoth.scale.batch import Batch, begin
from quoth.scale.engines import Lost, lost
from quoth.scale.extractor import Patience
from quoth.scale.tables import Extracted, document_of, read_table
from quoth.scale.worker import Job
from quoth.types import Skipped

SAID = "“The ferry of pier {number} sails again at dawn today,” said Mara Lind. “No,” denied she."
RUN_TOY = """
import poison
from quoth import cli
from quoth.cli import batch_making
batch_making.extractor_of = lambda people, *_: (poison.extract_slowly, "toy 1")
if __name__ == "__main__":
    cli.main()
"""
PATHS = os.pathsep.join([str(Path(__file__).parent), str(Path(quoth.__file__).parents[1])])

WORKER = re.compile(rb"spawn_main|ray::_Worker")
"""How the command lines of workers and extractors look."""


class Here:
    """An engine that does everything in this process, one task after the other."""

    def map(self, make: Callable[[], Callable[[Any], Any]], tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        work = make()
        for task in tasks:
            try:
                yield task, work(task)
            except QuothError as error:
                yield task, lost(error)


def lines(folder: Path, name: str, texts: Sequence[str]) -> None:
    """A table of texts in a folder."""
    folder.mkdir(exist_ok=True)
    rows = [{"id": f"{name}-{number}", "text": text, "published": f"2024-03-{1 + number % 28:02}"} for number, text in enumerate(texts)]
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def mixed(folder: Path) -> Path:
    """A folder with reports in two tables, one file that is no report and one that holds a report twice."""
    lines(folder, "a", [SAID.format(number=number) for number in range(30)])
    lines(folder, "b", [SAID.format(number=number // 2) for number in range(30)])
    (folder / "c.txt").touch()
    (folder / "d.txt").write_text(SAID.format(number=1), "utf-8")
    return folder


def reports(folder: Path, files: int, each: int) -> Path:
    """So many files of so many reports."""
    folder.mkdir()
    for number in range(files):
        rows = [{"id": f"{number}-{place}", "text": SAID.format(number=number * each + place)} for place in range(each)]
        (folder / f"{number:03}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def written(root: Path) -> dict[str, object]:
    """What the shards of a batch hold: the bytes of the tables, the accounts without their seconds."""
    tables = {path.name: path.read_bytes() for path in sorted(root.rglob("*.parquet"))}
    return tables | {path.name: json.loads(path.read_bytes())["account"] for path in sorted((root / "shards").rglob("*.json"))}


def batch_of(folder: Path, out: Path, engine: Any = None, most: int = 2_000) -> Batch:
    return begin(str(out), [str(folder)], engine or Here(), extractor="toy 1", most=most)


def make(batch: Batch, extract: Any = toy.extract_article, *, engine: Any = None, seconds: float = 60.0) -> dict[str, Sidecar | Lost]:
    job = Job(place=batch.place, extract=extract, extractor=batch.manifest.extractor, patience=Patience(seconds=seconds))
    return {shard.name: result for shard, result in batch.run(job, engine or Here())}


def documents(batch: Batch) -> list[Extracted | Skipped]:
    tables = (Path(batch.place.root, shard.file("parquet")) for shard in batch.manifest.shards)
    return [document_of(row) for table in tables for row in read_table(str(table))]


def spawn(*arguments: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", RUN_TOY, "batch", *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PATHS}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def below(process: int) -> Iterator[int]:
    """The workers and extractors that a process has started, and those that these have."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            is_worker = WORKER.search((place / "cmdline").read_bytes()) is not None
        except OSError:
            continue
        if parent == process:
            yield from ([int(place.name)] if is_worker else [])
            yield from below(int(place.name))


def finished(out: Path) -> int:
    return len(list((out / "shards").rglob("*.json")))


def wait_for(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def kill_at_random(out: Path, arguments: tuple[str | Path, ...], kills: int, chance: random.Random) -> None:
    """Runs a batch, again and again, and kills the driver, a worker or an extractor, each time after some more shards."""
    running = spawn(*arguments)
    for number in range(kills):
        enough = finished(out) + 1
        wait_for(partial(lambda running, enough: finished(out) >= enough or running.poll() is not None, running, enough))
        workers = sorted(below(running.pid))
        if number % 2 and workers:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
            continue
        running.kill()
        running.communicate()
        wait_for(partial(lambda workers: not any(map(alive, workers)), workers))  # nobody outlives the driver
        running = spawn(*arguments)
    output, complaints = running.communicate()
    assert running.returncode == 0, (output, complaints)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def finish(*arguments: str | Path) -> str:
    """What a batch prints that nobody disturbs."""
    with spawn(*arguments) as running:
        output, complaints = running.communicate()
    assert running.returncode == 0, complaints
    return output.decode()


def check_kills(tmp_path: Path, kills: int, *engine: str) -> None:
    folder, out, whole = reports(tmp_path / "news", kills * 4, 25), tmp_path / "out", tmp_path / "whole"
    options = ("--shard-mb", "0.002")
    arguments = (folder, "--out", out, "--workers", "2", "--resume", *options, *engine)
    kill_at_random(out, arguments, kills, random.Random(kills))
    finish(folder, "--out", whole, "--workers", "1", *options)
    assert written(out) == written(whole)
    assert finish("verify", out, "--workers", "1") == f"{kills * 4} shards: all sound\n"


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found by /proc")
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed: pip install 'quoth[scale]'")
