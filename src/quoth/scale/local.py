"""The engine of one machine: so many processes, each with one task in hand; one that dies is replaced, and its task begun again."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Self

from quoth.scale.engines import TRIES, Done, Lost, Task, lost
from quoth.scale.processes import SPAWN, settle_in

NOTHING = -1


@dataclass(slots=True, eq=False)
class _Slot:
    """A process, and the task that it has in hand: its number and how often it was begun."""

    process: SpawnProcess
    connection: "Connection[Any, Any]"
    number: int = NOTHING
    tries: int = 0

    @classmethod
    def start(cls, make: Callable[[], Any]) -> Self:
        here, there = SPAWN.Pipe()
        process = SPAWN.Process(target=serve, args=(make, there))
        process.start()
        there.close()
        return cls(process, here)

    def begin(self, number: int, tries: int, task: object) -> None:
        """Hands a task over."""
        self.number, self.tries = number, tries
        try:
            self.connection.send(task)
        except OSError:
            return  # it is dead already, which is seen when its answer is asked for

    def answer(self) -> Any:
        """What became of the task; None if the process died of it."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            return None

    def close(self) -> None:
        """Ends the process; what it has started ends with it."""
        self.process.kill()
        self.process.join()
        self.connection.close()


@dataclass(frozen=True, slots=True)
class Local:
    """Works in so many processes of this machine."""

    workers: int = 1

    def map(self, make: Callable[[], Callable[[Task], Done]], tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Lost]]:
        """As `Engine.map`; the processes are there for as long as the tasks last."""
        every = list(tasks)
        waiting = deque((number, 1) for number in range(len(every)))
        slots: list[_Slot] = []
        try:
            while waiting or any(slot.number != NOTHING for slot in slots):
                idle = [slot for slot in slots if slot.number == NOTHING]
                started = [_Slot.start(make) for _ in range(min(self.workers - len(slots), len(waiting) - len(idle)))]
                slots += started
                for slot in (idle + started)[: len(waiting)]:
                    number, tries = waiting.popleft()
                    slot.begin(number, tries, every[number])
                ready = wait([slot.connection for slot in slots if slot.number != NOTHING])
                for slot in [slot for slot in slots if slot.connection in ready]:
                    number, result = slot.number, slot.answer()
                    slot.number = NOTHING
                    if result is None:
                        slots.remove(slot)
                        slot.close()
                        if slot.tries < TRIES:
                            waiting.appendleft((number, slot.tries + 1))
                            continue
                        result = Lost(reason=f"its worker died {TRIES} times")
                    yield every[number], result
        finally:
            for slot in slots:
                slot.close()


def serve(make: Callable[[], Callable[[Any], Any]], connection: "Connection[Any, Any]") -> None:
    """A worker's own life: tasks in, results out, until nobody asks any more."""
    settle_in()
    work: Callable[[Any], Any] | None = None
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            work = work or make()
            result = work(task)
        except Exception as error:  # whatever it is, it costs this task alone
            result = lost(error)
        try:
            connection.send(result)
        except OSError:
            return
