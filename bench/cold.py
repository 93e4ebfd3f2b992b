"""A cold start: the command line on one report in a new process, by the clock and by its peak memory."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

COMMAND = ("-c", "from quoth.cli import main; main()", "extract", "--format", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """Seconds from the start of the process to its end, and its peak memory in MB (10^6 bytes)."""

    seconds: float
    peak: float


def cold_start(text: str) -> ColdStart:
    """Runs `quoth extract` on a text in a new process, with as many threads as it likes; raises RuntimeError if it fails.

    The kernel counts what the parent held when it started the child, so this runs before anything heavy is loaded here.
    """
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.txt"
        path.write_text(text, encoding="utf-8")
        started = time.perf_counter()
        with (Path(folder) / "out").open("w+b") as out:
            child = subprocess.Popen([sys.executable, *COMMAND, str(path)], stdout=out, env=environment)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - started
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode or not out.tell():
                raise RuntimeError(f"quoth extract ended with {child.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return ColdStart(seconds=seconds, peak=usage.ru_maxrss * unit / 1e6)
