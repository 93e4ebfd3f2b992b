"""The bar on stderr that moves while a batch is made, counted again or loaded."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from quoth.scale.shards import Shard


@contextmanager
def moving(total: int, *, unit: str = "bytes") -> "Iterator[Callable[[Shard | None, object], None]]":
    """What is to be told each thing that is done: on a terminal it moves a bar on stderr, by the bytes of a shard or by one."""
    if not sys.stderr.isatty():
        yield lambda shard, result: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn(), TextColumn("left"))
    console = Console(stderr=True)
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        yield _Told(progress, total, unit).passed


class _Told:
    """Moves a bar, and counts beside it."""

    def __init__(self, progress: "Progress", total: int, unit: str) -> None:
        self._progress = progress
        self._unit = unit
        self._task = progress.add_task(unit, total=total, told="")
        self._count = self._documents = self._lost = 0

    def passed(self, shard: "Shard | None", result: object) -> None:
        """One thing was done; a shard may have been lost."""
        from quoth.scale.accounts import Sidecar

        self._count += 1
        if shard is None:
            self._progress.update(self._task, advance=1, told=f"{self._count:,} {self._unit}")
            return
        if isinstance(result, Sidecar):
            self._documents += result.account.documents
        else:
            self._lost += 1
        lost = f", {self._lost:,} lost" if self._lost else ""
        self._progress.update(self._task, advance=shard.length, told=f"{self._count:,} shards{lost}, {self._documents:,} documents")
