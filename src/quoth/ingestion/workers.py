"""Extraction in several processes at once, with the results in the order of the reports: what is stored does not depend on how many."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Generic, NamedTuple, TypeVar

from quoth.errors import ArticleError
from quoth.types import Article, Statement

Extract = Callable[[Article], tuple[Statement, ...]]
"""Takes an article to its statements; to be used in other processes it must be a function of a module, or a `functools.partial` of one."""
Outcome = tuple[Statement, ...] | ArticleError
"""The statements of an article, or why it has none to give."""
Ticket = TypeVar("Ticket")
AHEAD = 3
"""How many reports a worker are read ahead, so that none of them waits for the slowest."""
CRASHED = "the extractor crashed on it"


class Waiting(NamedTuple, Generic[Ticket]):
    """An article whose outcome is on its way."""

    ticket: Ticket
    article: Article | None
    outcome: "Future[Outcome] | None"


class Workers(Generic[Ticket]):
    """Extracts articles in so many processes; in this one, if there is only one.

    A process that dies (out of memory, say) costs the one report that it died of: those it took along are extracted again.
    """

    def __init__(self, extract: Extract, count: int) -> None:
        self._extract = extract
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    def run(self, articles: Iterable[tuple[Ticket, Article | None]]) -> Iterator[tuple[Ticket, Outcome | None]]:
        """One outcome an article, in their order, each with the ticket it came with; where there is no article there is no outcome."""
        if self._count <= 1:
            for ticket, article in articles:
                yield ticket, None if article is None else attempt(self._extract, article)
            return
        try:
            yield from self._run_in_pool(articles)
        finally:
            self._stop()

    def _run_in_pool(self, articles: Iterable[tuple[Ticket, Article | None]]) -> Iterator[tuple[Ticket, Outcome | None]]:
        waiting: deque[Waiting[Ticket]] = deque()
        for ticket, article in articles:
            waiting.append(Waiting(ticket, article, self._submit(article)))
            if len(waiting) > AHEAD * self._count:
                yield self._first(waiting)
        while waiting:
            yield self._first(waiting)

    def _first(self, waiting: deque[Waiting[Ticket]]) -> tuple[Ticket, Outcome | None]:
        """The outcome that is first in line; if a process died, the article is tried once more by itself, and all others after it."""
        first = waiting.popleft()
        if first.article is None or first.outcome is None:
            return first.ticket, None
        try:
            return first.ticket, first.outcome.result()
        except BrokenProcessPool:
            self._stop()
        outcome = self._alone(first.article)
        again = [Waiting(ticket, article, self._submit(article)) for ticket, article, _ in waiting]
        waiting.clear()
        waiting.extend(again)
        return first.ticket, outcome

    def _alone(self, article: Article) -> Outcome:
        """The outcome of an article while no other one is extracted."""
        try:
            return self._started().submit(attempt_here, article).result()
        except BrokenProcessPool:
            self._stop()
            return ArticleError(CRASHED)

    def _submit(self, article: Article | None) -> "Future[Outcome] | None":
        if article is None:
            return None
        try:
            return self._started().submit(attempt_here, article)
        except BrokenProcessPool:
            broken: Future[Outcome] = Future()
            broken.set_exception(BrokenProcessPool())
            return broken

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that it does not copy
            self._pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=begin, initargs=(self._extract,))
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def attempt(extract: Extract, article: Article) -> Outcome:
    """The statements of an article, or the ArticleError that says why there are none; other errors are raised."""
    try:
        return extract(article)
    except ArticleError as error:
        return error
    except MemoryError:
        return ArticleError("too large: there is not enough memory to extract from it")


_extract: Extract | None = None
"""What a worker process extracts with; set when it begins."""


def begin(extract: Extract) -> None:
    """Prepares a worker process: Ctrl-C is the parent's to deal with, and when the parent is gone, so is the worker."""
    global _extract
    _extract = extract
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def attempt_here(article: Article) -> Outcome:
    """`attempt`, in a worker process."""
    if _extract is None:
        raise RuntimeError("the worker was not begun")
    return attempt(_extract, article)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
