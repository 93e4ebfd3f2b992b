"""A program that is killed while it writes loses nothing that it said was written, and leaves the archive whole."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from archiving import WHO, article, put

from quoth.archive import Archive, file
from quoth.archive.reviews import reviews, set_polarity
from quoth.archive.verification import verify

WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from archiving import WHO, article, put
from quoth.archive import Archive, reviews
with Archive.open(sys.argv[1]) as archive:
    start = archive.rows("SELECT count(*) FROM reports")[0][0]
    for number in range(start, start + 2000):
        report = put(archive, article(id=f"r{number}"))
        print("report", f"r{number}", flush=True)
        row = archive.statements(report)[number % 3].row
        print("review", (reviews.reject if number % 2 else reviews.accept)(archive, row, **WHO), flush=True)
        if number % 5 == 0:
            put(archive, article("Again. " + article().text, id=f"r{number}"), extractor="toy 2")
"""
BASE = file.newest()
STEPS = {
    BASE + 1: """CREATE TABLE big (x TEXT) STRICT; INSERT INTO big
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT hex(randomblob(2000)) FROM n;""",
    BASE + 2: "ALTER TABLE publishers ADD COLUMN country TEXT; UPDATE statements SET words = words || ''",
}
MIGRATOR = """
import sys
from quoth.archive import Archive, file
base = file.newest()
file.steps = lambda: {base + 1: sys.argv[2], base + 2: sys.argv[3]}
print("go", flush=True)
Archive.open(sys.argv[1]).close()
print("done", flush=True)
"""


def killed(code: str, *arguments: str, after: float) -> str:
    """What a program printed that was killed some seconds after its first line."""
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        first = program.stdout.readline()
        try:
            program.wait(after)
        except subprocess.TimeoutExpired:
            program.send_signal(signal.SIGKILL)
        return first + program.stdout.read()


def kill_writers(path: Path, times: int) -> None:
    chance, told = random.Random(5), list[str]()
    for _ in range(times):
        told += killed(WRITER, os.fspath(path), os.fspath(Path(__file__).parent), after=chance.uniform(0.0, 0.3)).splitlines()
        with Archive.open(path, create=False) as archive:
            assert verify(archive).problems == ()
            said = {review.number for review in reviews(archive)}
            for line in told:
                kind, name = line.split()
                assert int(name) in said if kind == "review" else archive.report(name) is not None
    assert len(told) > times


def kill_migrators(path: Path, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(6)
    with Archive.open(path) as archive:
        for number in range(50):
            put(archive, article(id=f"r{number}"))
        set_polarity(archive, 1, "not_said", **WHO)
        size = verify(archive)
    for _ in range(times):
        killed(MIGRATOR, os.fspath(path), *STEPS.values(), after=chance.uniform(0.0, 0.15))
        with monkeypatch.context() as patch:
            patch.setattr(file, "newest", lambda: BASE + 2)
            patch.setattr(file, "_bring_forward", lambda *_: None)
            with Archive.open(path) as archive:
                [(version,)] = archive.rows("PRAGMA user_version")
                tables = {name for (name,) in archive.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
                assert verify(archive) == size and version in (BASE, BASE + 2) and ("big" in tables) == (version > BASE)
        if version > BASE:
            Path(f"{path}.v{BASE}.backup").replace(path)


def test_a_few_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kill_writers(tmp_path / "one.db", 3)
    kill_migrators(tmp_path / "two.db", 2, monkeypatch)


@pytest.mark.nightly
def test_fifty_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kill_writers(tmp_path / "one.db", 35)
    kill_migrators(tmp_path / "two.db", 15, monkeypatch)
