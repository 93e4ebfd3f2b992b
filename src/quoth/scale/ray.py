"""Ray as the engine: an actor a worker, on this machine or on a cluster. Only tasks and their accounts pass through Ray, no documents.

Ray's own means do the rest: an actor that dies is started again, where there is room, and its task begun again.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any

from quoth.errors import QuothError
from quoth.scale.engines import TRIES, Done, Lost, Task, lost


@dataclass(frozen=True, slots=True)
class Ray:
    """Works in so many actors of a Ray cluster, each with one core to itself; without an address in a cluster of this machine's own.

    An address is that of a cluster ("auto", "10.0.0.1:6379", "ray://head:10001"). There, quoth must be installed on every machine in the
    same version, and the sources and the batch must have the same names on all: a shared folder, or URIs.
    """

    workers: int = 1
    address: str | None = None

    def map(self, make: Callable[[], Callable[[Task], Done]], tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Lost]]:
        """As `Engine.map`. Raises QuothError without Ray, or where no cluster answers."""
        waiting = iter(list(tasks))
        first = list(islice(waiting, self.workers))
        if not first:
            return
        with _cluster(self.workers, self.address) as ray:
            actor = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=TRIES - 1)(_Worker)
            running: dict[Any, tuple[Any, Task]] = {}
            for task in first:
                worker = actor.remote(make)
                running[worker.work.remote(task)] = (worker, task)
            while running:
                [done], _ = ray.wait(list(running), num_returns=1)
                worker, task = running.pop(done)
                for following in islice(waiting, 1):
                    running[worker.work.remote(following)] = (worker, following)
                yield task, _result(ray, done)


class _Worker:
    """An actor: does one task after the other."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        self._make = make
        self._work: Callable[[Any], Any] | None = None

    def work(self, task: Any) -> Any:
        """What becomes of a task."""
        try:
            self._work = self._work or self._make()
            return self._work(task)
        except Exception as error:  # whatever it is, it costs this task alone
            return lost(error)


def _result(ray: Any, done: Any) -> Any:
    try:
        return ray.get(done)
    except ray.exceptions.RayError as error:
        return Lost(reason=f"its worker died {TRIES} times, or Ray gave it up: {type(error).__name__}")


@contextmanager
def _cluster(workers: int, address: str | None) -> Iterator[Any]:
    """Ray, connected; a cluster of this machine's own is ended with the block, that of an address is left."""
    try:
        ray = import_module("ray")
    except ImportError as error:
        raise QuothError("the engine ray needs more: pip install 'quoth[scale]' (ray is missing)") from error
    own = {"num_cpus": workers, "include_dashboard": False} if address is None else {}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **own)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise QuothError(f"Ray does not start: {' '.join(str(error).split())[:300]}", concerns=address) from error
    try:
        yield ray
    finally:
        ray.shutdown()
