"""What the tests of batches share: reports, what a batch holds, and killing at random whoever works on one."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

import quoth

SAID = "“The ferry of pier {number} sails again at dawn today,” said Mara Lind. “No,” denied she."
RUN_TOY = """
import poison
from quoth import cli
from quoth.cli import batch
batch.extractor_of = lambda people, workers: (poison.extract_slowly, "toy 1")
if __name__ == "__main__":
    cli.main()
"""
PATHS = os.pathsep.join([str(Path(__file__).parent), str(Path(quoth.__file__).parents[1])])

WORKER = re.compile(rb"spawn_main|ray::_Worker")
"""How the command lines of workers and extractors look."""


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
