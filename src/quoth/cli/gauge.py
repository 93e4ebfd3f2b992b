"""How far a run over many files is: a bar on the terminal with the rate and the time that is left."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Gauge:
    """Follows the reports of a run through its files, which come in their order; without a bar it does nothing."""

    def __init__(self, paths: Sequence[str] = (), progress: "Progress | None" = None) -> None:
        self.progress = progress
        self.reports = 0
        self._place = 0
        self._paths = paths
        self._places = {path: place for place, path in enumerate(paths)}

    def passed(self, origin: str) -> None:
        """Notes that a report of this origin was dealt with."""
        self.reports += 1
        if self.progress is not None:
            self._place = self._found(origin)
            bar = self.progress.tasks[0]
            rate = self.reports / elapsed if (elapsed := bar.elapsed) else 0.0
            self.progress.update(bar.id, completed=self._place, reports=f"{self.reports:,} reports", rate=f"{rate:.1f}/s")

    def _found(self, origin: str) -> int:
        """The place of the file that an origin is, or lies in: the one at hand, or one of the next."""
        if origin in self._places:
            return self._places[origin]
        following = range(self._place, min(self._place + 100, len(self._paths)))
        return next((place for place in following if origin.startswith(self._paths[place])), self._place)


def files_of(sources: Sequence[str]) -> list[str]:
    """The files of some sources, folders opened, in the order in which they are read.

    >>> files_of(["-", "a.txt"])
    ['-', 'a.txt']
    """
    files: list[str] = []
    for source in sources:
        if not Path(source).is_dir():
            files.append(source)
            continue
        for place, folders, names in os.walk(source):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            files += (str(Path(place, name)) for name in sorted(names) if not name.startswith("."))
    return files


@contextmanager
def progress_over(sources: Sequence[str]) -> Iterator[Gauge]:
    """A gauge with a bar on stderr, if that is a terminal. One file alone is of unknown length: then the bar only tells that it moves."""
    if not sys.stderr.isatty():
        yield Gauge()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    files = files_of(sources)
    columns = (
        BarColumn(),
        *([MofNCompleteColumn(), TextColumn("files")] if len(files) > 1 else []),
        TextColumn("{task.fields[reports]}  {task.fields[rate]}"),
        TimeElapsedColumn(),
        *([TextColumn("left"), TimeRemainingColumn()] if len(files) > 1 else []),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        progress.add_task("reading", total=len(files) if len(files) > 1 else None, reports="", rate="")
        yield Gauge(files, progress)
