"""Untrusted documents are parsed in another process, with a limit of time and of memory; one that breaks it costs one document.

A worker is a Python of its own that reads one document after the other from a pipe and writes what it finds to another. It is killed when
a document takes too long, and dies of itself when memory runs out; the next document gets a new one. What it writes is taken for no more
than it is: only the values that readings are made of are rebuilt from it. The limit of memory needs `resource`, which Windows lacks.
"""

import atexit
import contextlib
import importlib
import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO, Any, Literal

from quoth.reading.documents import Document, entries, parse
from quoth.types import Skipped

LENGTH = struct.Struct(">Q")
LARGEST_FRAME = 1_000_000_000
Task = Literal["parse", "entries"]
TASKS = {"parse": parse, "entries": entries}
REBUILT = {
    "quoth.types": {"Article", "Part", "Published", "Reading", "Skipped", "Span"},
    "quoth.reading.feeds": {"Entry"},
    "datetime": {"date", "datetime", "timedelta", "timezone"},
}
START = "import sys; sys.path[:] = {path!r}; from quoth.reading.worker import serve; serve({seconds}, {megabytes})"
STARTING = 120.0
"""Seconds that a worker has to start, which no document's clock counts."""
EARLY = ("trafilatura.core", "lxml.html", "htmldate", "py3langid")
"""What a worker imports at its start, if it is there, so that no document waits for it."""
AFTERLIFE = 5
"""Seconds after which a worker ends by itself when whoever should have killed it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one report may take: seconds of wall clock, and megabytes of address space for the whole worker."""

    seconds: float = 20.0
    megabytes: int = 2_000


LIMITS = Limits()


class Worker:
    """A process that parses documents; started at the first, and again after it was killed."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, task: Task, document: Document) -> Iterator[Any]:
        """The results of a task as they come; if no worker lives to the end of it, the last is a Skipped that says why.

        A worker that dies is replaced once, and the new one goes on where it stopped: it may have been killed for no fault of the
        document, by a system that was short of memory, say. One that takes too long is not.
        """
        given = 0
        for first in (True, False):
            ending = "died"
            with contextlib.closing(self._answers(task, document)) as answers:
                for place, (ending, result) in enumerate(answers):
                    if ending == "result" and place >= given:
                        given += 1
                        yield result
            if ending == "late" or (ending == "died" and not first):
                yield Skipped(origin=document.origin, reason=self._reason(ending))
            if ending != "died":
                return

    def _answers(self, task: Task, document: Document) -> Generator[tuple[str, Any], None, None]:
        """What a worker sends: each "result", and then its "end", or that it was too "late", or "died"."""
        process = self._started()
        kind = "died"
        try:
            with contextlib.suppress(BrokenPipeError):
                _write(_pipe(process.stdin), pickle.dumps((task, document)))
            while kind != "end":
                frame, late = _answer(process, self.limits.seconds)
                kind, result = ("late" if late else "died", None) if frame is None else _rebuilt(frame)
                yield kind, result
                if kind in ("late", "died"):
                    return
        finally:
            if kind != "end":
                self.close()

    def close(self) -> None:
        """Ends the process."""
        if self.process is not None:
            process, self.process = self.process, None
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    _pipe(pipe).close()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.close()
            code = START.format(path=sys.path, seconds=self.limits.seconds, megabytes=self.limits.megabytes)
            threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self.process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | threads,
            )
            _answer(self.process, STARTING)
        return self.process

    def _reason(self, ending: str) -> str:
        if ending == "late":
            return f"given up after {self.limits.seconds:g} seconds"
        return f"the reader broke down over it twice: most likely more than {self.limits.megabytes:,} MB of memory were needed"


def _answer(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes | None, bool]:
    """The next frame, or None if the worker died before it was whole; and whether that was because it took too long."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return _read(_pipe(process.stdout)), not timer.is_alive()
    finally:
        timer.cancel()


_idle: list[Worker] = []
"""Workers of this process that wait for a document."""
_owner = os.getpid()


def run_apart(task: Task, document: Document, limits: Limits) -> Iterator[Any]:
    """The results of a task, done in a worker that waits for one; two that go on at the same time have one each."""
    global _owner
    if _owner != os.getpid():  # a fork: the workers belong to the parent
        _idle.clear()
        _owner = os.getpid()
    worker = next((_idle.pop(place) for place, idle in enumerate(_idle) if idle.limits == limits), None) or Worker(limits)
    try:
        yield from worker.run(task, document)
    finally:
        _idle.append(worker)


@atexit.register
def close_all() -> None:
    """Ends the workers that wait."""
    while _idle and _owner == os.getpid():
        _idle.pop().close()


def serve(seconds: float, megabytes: int) -> None:
    """The worker's own life: tasks from standard input, results to standard output, until the input ends."""
    tasks, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    sys.stdout = sys.stderr  # whatever a library prints is no result
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(megabytes)
    for name in EARLY:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    _write(results, pickle.dumps(("ready", None)))
    while (frame := _read(tasks)) is not None:
        if hasattr(signal, "alarm"):
            signal.alarm(int(seconds) + AFTERLIFE)
        task, document = pickle.loads(frame)
        for result in _results(task, document):
            _write(results, pickle.dumps(("result", result)))
            if hasattr(signal, "alarm"):
                signal.alarm(int(seconds) + AFTERLIFE)
        _write(results, pickle.dumps(("end", None)))
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _results(task: Task, document: Document) -> Iterator[Any]:
    try:
        yield from TASKS[task](document)
    except MemoryError:
        yield Skipped(origin=document.origin, reason="too large: there is not enough memory to read it")
    except Exception as error:  # whatever a hostile document brings about costs that document alone
        yield Skipped(origin=document.origin, reason=f"the reader broke down over it: {type(error).__name__}")


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return
    most = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the worker was started without pipes")
    return stream


def _write(stream: IO[bytes], frame: bytes) -> None:
    stream.write(LENGTH.pack(len(frame)) + frame)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """The next frame; None if the stream ends before its end, or the frame is larger than any reading."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    if length > LARGEST_FRAME:
        return None
    frame = stream.read(length)
    return frame if len(frame) == length else None


def _rebuilt(frame: bytes) -> tuple[str, Any]:
    """What a frame says; "died" if it says nothing that a worker does, which is as good as none."""
    try:
        kind, result = _Rebuilder(io.BytesIO(frame)).load()
    except Exception:  # a worker in the hands of its document may write anything
        return "died", None
    return kind, result


class _Rebuilder(pickle.Unpickler):
    """Rebuilds the values that readings are made of, and nothing else that a hijacked worker may name."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name; raises UnpicklingError for all others."""
        if name not in REBUILT.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a reading")
        return super().find_class(module, name)
