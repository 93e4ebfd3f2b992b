"""What the tests of `quoth ingest` share: the command with the toy in the extractor's place, in this process or one that is killed."""

import datetime
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from typer.testing import CliRunner, Result

import quoth
from quoth import cli
from quoth.alerts import add_search
from quoth.archive import Archive
from quoth.archive.selecting import Question
from quoth.errors import ArchiveError

SAID = "“It will rain,” said Mara Lind. Report {number}."
RUN_TOY = """
import toy
from quoth import cli
from quoth.cli import ingest
ingest.extractor_of = lambda *_: (toy.extract_article, "toy 1")
if __name__ == "__main__":
    cli.main()
"""
PATHS = os.pathsep.join([str(Path(__file__).parent), str(Path(quoth.__file__).parents[1])])
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*_fts*' AND name NOT GLOB 'sqlite_*'"
CLOCKED = {"added", "at", "created"}


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin, prog_name="quoth")


def rows(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of an archive, without the times at which it was written."""
    with Archive.open(path, read_only=True) as opened:
        assert opened.rows("PRAGMA integrity_check") == [("ok",)]
        return {
            table: [{name: value for name, value in row.items() if name not in CLOCKED} for row in opened.columns(f"SELECT * FROM {table}")]
            for (table,) in opened.rows(TABLES)
        }


def spawn(*arguments: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", RUN_TOY, "ingest", *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PATHS}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def watched_archive(path: Path, word: str = "ferry") -> Path:
    """An archive with a search for a word that is saved under it."""
    with Archive.open(path) as archive:
        add_search(archive, word, Question(query=word), at=datetime.datetime(2024, 3, 5, tzinfo=datetime.UTC))
    return path


def finish(*arguments: str | Path) -> None:
    result = run("ingest", *arguments)
    assert result.exit_code == 0, result.output


def reports(folder: Path, count: int) -> Path:
    """So many short reports, all with one statement: files, lines of a file, some of them twice, empty, or not text."""
    folder.mkdir()
    for number in range(count):
        text = SAID.format(number=number - number % 7) + f" “No,” denied she. “Yes,” said Person {number % 13}."
        text += " “The ferry to the islands will sail again at dawn,” said Mara Lind."
        if number % 2:
            (folder / f"{number:04}.txt").write_bytes(b"" if number % 31 == 0 else text.encode())
        else:
            line = {"text": text, "publisher": f"Paper {number % 5}", "id": f"r{number}"}
            if number % 10 == 0:  # one page, again and again, with another text
                line = {"text": f"{text} It is {number} o'clock.", "url": f"https://live.example/{number % 3}"}
            with (folder / f"{number - number % 20:04}.jsonl").open("a", encoding="utf-8") as opened:
                opened.write((json.dumps(line) if number % 38 else "{broken") + "\n")
    return folder


def kill_when(path: Path, count: int, *arguments: str | Path) -> None:
    """Runs the command until the archive holds so many reports, and kills it without warning."""
    with spawn(*arguments) as running:
        while running.poll() is None and stored(path) < count:
            time.sleep(0.01)
        running.kill()


def stored(path: Path) -> int:
    """How many reports an archive holds by now; -1 before it is one."""
    try:
        with Archive.open(path, read_only=True) as opened:
            return int(opened.rows("SELECT count(*) FROM reports")[0][0])
    except ArchiveError:
        return -1
