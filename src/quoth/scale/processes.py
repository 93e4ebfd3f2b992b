"""Processes that this room starts: new ones, not forks, that end when whoever started them is gone."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

SPAWN = multiprocessing.get_context("spawn")
"""A fork would copy the locks of threads that it does not copy."""


def settle_in() -> None:
    """Begins a process's life: Ctrl-C is its parent's to deal with, and when the parent is gone, so is this one, whatever it is doing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def limit_memory(megabytes: int) -> None:
    """Sets a limit to the address space of this process, where the system has such limits."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
