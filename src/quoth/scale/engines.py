"""What an engine is: it has many workers do tasks, in any order, and gives each task with what came of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from quoth.errors import QuothError

Task = TypeVar("Task")
Done = TypeVar("Done")
TRIES = 4
"""How often a task is begun whose worker dies of it, or is killed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What came of a task that could not be done, and why."""

    reason: str


class Engine(Protocol):
    """Has tasks done in other processes."""

    def map(self, make: Callable[[], Callable[[Task], Done]], tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Lost]]:
        """Each task with its result, as they are done. `make` gives what does a task; it is pickled, and called once in each process.

        A task whose process dies is begun again, TRIES times in all; then, or if it raises, it is Lost and the others go on.
        """
        ...


def lost(error: BaseException) -> Lost:
    """What is told of a task that raised."""
    return Lost(
        reason=str(error) if isinstance(error, QuothError) else f"unexpected {type(error).__name__}: {' '.join(str(error).split())[:300]}"
    )
