"""The server that `quoth serve` runs: uvicorn, without patience for those who send a request a letter at a time."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from quoth.web.app import create_app

HEAD = 15.0
"""Seconds in which the head of a request has to come."""
IDLE = 75
"""Seconds for which a connection is kept between two requests."""
AT_ONCE = 400
"""Connections at a time; more are told to come again."""
LONGEST_HEAD = 65_536
"""Bytes of the head of a request."""


class Impatient(H11Protocol):
    """A connection that is closed if the head of a request does not come in time; bodies are the guard's to wait for."""

    patience = HEAD
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has come, and says nothing yet."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Something has come: a whole head, or a part of one."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()
        elif self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.patience, self.transport.close)


def server_of(application: FastAPI, host: str, port: int) -> uvicorn.Server:
    """The server of a room, ready to run."""
    config = uvicorn.Config(
        application, host=host, port=port, http=Impatient, ws="none", log_level="warning", access_log=False, server_header=False,
        timeout_keep_alive=IDLE, limit_concurrency=AT_ONCE, h11_max_incomplete_event_size=LONGEST_HEAD,
    )  # fmt: skip
    return uvicorn.Server(config)


def listen(
    archive: str | os.PathLike[str],
    host: str,
    port: int,
    *,
    accounts: str | os.PathLike[str] | None = None,
    hosts: Iterable[str] = (),
    reviewer: str | None = None,
    log: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serves the reading room over an archive until it is interrupted; `ready` is called before it listens.

    Raises ArchiveError if there is no archive.
    """
    application = create_app(archive, accounts=accounts, hosts=(*hosts, host), reviewer=reviewer)
    if log:
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", stream=sys.stderr)
        logging.getLogger("quoth.web").setLevel(logging.INFO)
    ready()
    server_of(application, host, port).run()
