"""What every command needs of the terminal: exit codes, lines that are written whole, a progress bar that makes way for them."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from quoth.errors import QuothError

if TYPE_CHECKING:
    from rich.progress import Progress

OK, BAD_INPUT, BAD_USAGE, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141
"""Exit codes; the last two are those of a program that a signal ends."""


def guarded(run: Callable[[], int]) -> int:
    """The exit code of a command: its own, or that of what stopped it. A QuothError is one line on stderr."""
    try:
        return run()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        abandon_stdout()
        return BROKEN_PIPE
    except QuothError as error:
        complain(str(error), None)
        return BAD_INPUT


def colour_wanted() -> bool:
    """Whether stdout is a terminal that shows colours and nobody asked for none (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def progress_bar(count: int) -> Iterator["Progress | None"]:
    """A progress bar over so many files, on stderr, if there are several and stderr is a terminal."""
    if count < 2 or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        progress.add_task("reading", total=count)
        yield progress


@contextmanager
def paused(progress: "Progress | None") -> Iterator[None]:
    """Takes the progress bar off the terminal while something else is printed there."""
    if progress is None:
        yield
        return
    progress.stop()
    yield
    progress.start()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Puts Ctrl-C off until the block is done; what is printed and what is known to be printed stay the same."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        signal.raise_signal(signal.SIGINT)


def write(printed: str, progress: "Progress | None") -> None:
    """Writes to stdout at once and whole; raises BrokenPipeError when nobody reads any more."""
    if not printed:
        return
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    try:
        with paused(progress if sys.stdout.isatty() else None), uninterrupted():
            sys.stdout.buffer.write(printed.encode(encoding, "replace"))
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise QuothError(f"cannot be written to: {error.strerror}", concerns="<stdout>") from error


def complain(line: str, progress: "Progress | None") -> None:
    """One line on stderr."""
    from quoth.escapes import one_line

    with paused(progress):
        print(f"quoth: {one_line(line)}", file=sys.stderr, flush=True)


def abandon_stdout() -> None:
    """Points stdout nowhere, so that Python does not try to write what is left of it at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
