"""The server that `quoth serve` runs."""

import logging
import os
import sys
from collections.abc import Callable, Iterable

import uvicorn

from quoth.web.app import create_app


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
    config = uvicorn.Config(
        application, host=host, port=port, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=75,
        limit_concurrency=400, h11_max_incomplete_event_size=65536,
    )  # fmt: skip
    ready()
    uvicorn.Server(config).run()
