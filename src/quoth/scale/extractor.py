"""The extractor in a process of its own, so that a document it dies of or never ends with costs that document and nothing else.

It is told one document after the other and answers in their order, so the first that it has not answered is the one it died of; no search
among many is needed. That one is tried again by itself, since somebody else may have killed the process; then it is set aside.
"""

import contextlib
import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from quoth.errors import ArticleError, QuothError
from quoth.ingestion.workers import CRASHED, Extract, Outcome, attempt
from quoth.scale.processes import SPAWN, limit_memory, settle_in
from quoth.types import Article

Ticket = TypeVar("Ticket")
LATE = "the extractor gave no answer in time"
BROKEN = "the extractor broke down over it"
"""How the reason begins that goes on with the name of the error."""
TRIES = 3
"""How often a document is tried that the extractor dies of or does not end with."""
AHEAD = 4
"""Documents that are told ahead, so that the extractor never waits for the next to be read."""
STARTING = 120.0
"""Seconds that the process has to start, which no document's clock counts."""
READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What one document may take: seconds of the clock, and one more a thousand characters; megabytes of the extractor's address space, or
    None for as many as it likes.
    """

    seconds: float = 60.0
    megabytes: int | None = 4_000

    def with_text(self, text: str) -> float:
        """The seconds for a text.

        >>> Patience().with_text("x" * 5000)
        65.0
        """
        return self.seconds + len(text) / 1000


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class _Unable:
    """The extractor cannot work at all, whatever the document: it is not installed, or its model is damaged."""

    reason: str


class Apart:
    """The extractor, apart: started at the first document, and again after it died."""

    def __init__(self, extract: Extract, patience: Patience) -> None:
        self._extract = extract
        self._patience = patience
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None

    def outcomes(self, articles: Iterable[tuple[Ticket, Article | None]]) -> Iterator[tuple[Ticket, Outcome | None]]:
        """One outcome an article, in their order, each with the ticket it came with; where there is no article there is no outcome.

        Raises QuothError if the extractor cannot be started or cannot work at all.
        """
        waiting: deque[tuple[Ticket, Article | None]] = deque()
        whole = False
        try:
            for ticket, article in articles:
                waiting.append((ticket, article))
                self._send(article)
                if len(waiting) > AHEAD:
                    yield self._first(waiting)
            while waiting:
                yield self._first(waiting)
            whole = True
        finally:
            if not whole:
                self.close()  # its next answers would be for documents that nobody asks about any more

    def close(self) -> None:
        """Ends the process."""
        if self._connection is not None:
            self._process.kill()
            self._process.join()
            self._connection.close()
            self._connection = None

    def _first(self, waiting: deque[tuple[Ticket, Article | None]]) -> tuple[Ticket, Outcome | None]:
        """The outcome that is first in line; if the process died of it, the others are told to the next one."""
        ticket, article = waiting.popleft()
        if article is None:
            return ticket, None
        outcome = self._answer(article)
        tries = 1
        while isinstance(outcome, str) and tries < TRIES:
            self._send(article)
            outcome = self._answer(article)
            tries += 1
        if tries > 1 or isinstance(outcome, str):
            for _, other in waiting:
                self._send(other)
        return ticket, ArticleError(outcome) if isinstance(outcome, str) else outcome

    def _answer(self, article: Article) -> Outcome | str:
        """What the process answers; a string says why it has none, and that it is gone."""
        connection = self._connection
        assert connection is not None, "an article was sent"
        trouble = LATE
        if connection.poll(self._patience.with_text(article.text)):
            try:
                answer: Outcome | _Unable = connection.recv()
            except (EOFError, OSError):
                trouble = CRASHED
            else:
                if isinstance(answer, _Unable):
                    raise QuothError(answer.reason)
                return answer
        self.close()
        return trouble

    def _send(self, article: Article | None) -> None:
        if article is None:
            return
        if self._connection is None:
            self._connection = self._started()
        with contextlib.suppress(OSError):  # it is dead already, which is seen when its answer is asked for
            self._connection.send(article)

    def _started(self) -> "Connection[Any, Any]":
        for _ in range(TRIES):
            here, there = SPAWN.Pipe()
            self._process = SPAWN.Process(target=serve, args=(self._extract, self._patience.megabytes, there), daemon=True)
            self._process.start()
            there.close()
            with contextlib.suppress(EOFError, OSError):
                if here.poll(STARTING) and here.recv() == READY:
                    return here
            self._process.kill()
            self._process.join()
            here.close()
        raise QuothError("the extractor cannot be started")


def serve(extract: Extract, megabytes: int | None, connection: "Connection[Any, Any]") -> None:
    """The extractor's own life: articles in, outcomes out, until nobody asks any more."""
    settle_in()
    if megabytes is not None:
        limit_memory(megabytes)
    articles: queue.SimpleQueue[Article | None] = queue.SimpleQueue()
    threading.Thread(target=_take_in, args=(connection, articles), daemon=True).start()
    with contextlib.suppress(OSError):  # the worker is gone, and so is who might want to know
        connection.send(READY)
        while (article := articles.get()) is not None:
            connection.send(_outcome(extract, article))


def _take_in(connection: "Connection[Any, Any]", articles: "queue.SimpleQueue[Article | None]") -> None:
    """Takes articles off the pipe as they come: were it full while answers wait to be read, both ends would wait for ever."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            articles.put(connection.recv())
    articles.put(None)


def _outcome(extract: Extract, article: Article) -> Outcome | _Unable:
    try:
        return attempt(extract, article)
    except QuothError as error:
        return _Unable(str(error))
    except ImportError as error:
        return _Unable(f"the extractor is not whole on this machine: {error}")
    except Exception as error:  # whatever a hostile document brings about costs that document alone
        return ArticleError(f"{BROKEN}: {type(error).__name__}")
