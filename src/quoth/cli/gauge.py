"""How far a run over many files is: a bar on the terminal with the rate and the time that is left, by the bytes that were read."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Gauge:
    """Follows a run through the bytes of its files, which come one after the other; without a bar it does nothing."""

    def __init__(self, progress: "Progress | None" = None) -> None:
        self.progress = progress
        self.reports = 0
        self._before = self._size = 0
        self._file: IO[bytes] | None = None

    def follow(self, file: IO[bytes]) -> None:
        """Notes that the next file was opened."""
        self._before += self._size
        self._file, self._size = file, os.fstat(file.fileno()).st_size

    def passed(self) -> None:
        """Notes that a report was dealt with."""
        self.reports += 1
        if self.progress is not None:
            bar = self.progress.tasks[0]
            rate = self.reports / elapsed if (elapsed := bar.elapsed) else 0.0
            self.progress.update(bar.id, completed=self._read(), reports=f"{self.reports:,} reports", rate=f"{rate:.1f}/s")

    def _read(self) -> int:
        """How many bytes were read by now."""
        if self._file is None or self._file.closed:
            return self._before + self._size
        return self._before + min(self._file.tell(), self._size)


def bytes_of(sources: Sequence[str]) -> int | None:
    """How many bytes the files of some sources hold, folders opened; None if some source is none, such as standard input.

    >>> bytes_of(["-"]) is None
    True
    """
    from quoth.reading.paths import files_in

    total = 0
    for source in sources:
        is_folder = Path(source).is_dir()
        if not is_folder and not Path(source).is_file():
            return None
        for path in files_in(source) if is_folder else [source]:
            if isinstance(path, str) and Path(path).is_file():
                total += Path(path).stat().st_size
    return total or None


@contextmanager
def waiting(line: str) -> Iterator[None]:
    """Says on stderr, if that is a terminal, what is being done, until the block is."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(line):
        yield


@contextmanager
def progress_over(sources: Sequence[str]) -> Iterator[Gauge]:
    """A gauge with a bar on stderr, if that is a terminal. Where it is not known how much there is, the bar only tells that it moves."""
    if not sys.stderr.isatty():
        yield Gauge()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    try:
        total = bytes_of(sources)
    except OSError:  # a file that went away meanwhile
        total = None
    columns = (
        BarColumn(),
        *([TaskProgressColumn()] if total else []),
        TextColumn("{task.fields[reports]}  {task.fields[rate]}"),
        TimeElapsedColumn(),
        *([TextColumn("left"), TimeRemainingColumn()] if total else []),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        progress.add_task("reading", total=total, reports="", rate="")
        yield Gauge(progress)
