"""Rooms to look at in a browser, and what is done in all of them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PASSWORDS = {"Rea": "reads all day", "Rev": "reviews all day", "Adm": "administers"}


@contextmanager
def served(archive: Path, **settings: Any) -> Iterator[str]:
    """A real server over an archive, at a free port; gives its address."""
    import uvicorn

    from quoth.web.app import create_app

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(archive, **settings), log_level="critical"))
    started, startup = threading.Event(), server.startup

    async def announced(*arguments: Any, **told: Any) -> None:
        await startup(*arguments, **told)
        started.set()

    server.startup = announced  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert started.wait(60)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def enter(page: Any, name: str) -> None:
    """Logs in."""
    page.goto("/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORDS[name])
    page.get_by_role("button", name="Log in").click()


def keep_text(page: Any, text: str) -> None:
    """Has a text read, and keeps it; the page is then that of the report."""
    page.goto("/read")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Keep it in the archive").click()
