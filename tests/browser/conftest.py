"""Rooms to look at, and the browser that looks: Debian's Chromium, driven by playwright.

What needs a browser is marked so; where playwright or a Chromium is missing it is skipped, with that reason.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rooms import PASSWORDS, served

from bench.web_paint import CHROMIUM, FLAGS

HERE = Path(__file__).parent
LATENCY = 20_000
"""Milliseconds until a page counts as broken: this may run beside much else."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install 'quoth[browser]'")
    if CHROMIUM is None:
        pytest.skip("needs a Chromium, as Debian's chromium")
    sync_api.expect.set_options(timeout=LATENCY)
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def examples(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the example reports."""
    pytest.importorskip("fastapi", reason="needs the extra web")
    from example_archive import make_archive

    path = tmp_path_factory.mktemp("browser") / "quoth.db"
    make_archive(path)
    return path


@pytest.fixture(scope="module")
def address(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A room over the example archive, which the tests of one file may change."""
    path = tmp_path_factory.mktemp("room") / "quoth.db"
    shutil.copy(examples, path)
    with served(path, reviewer="Ama") as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A room that only those with an account enter."""
    from quoth.web.accounts import Accounts

    folder = tmp_path_factory.mktemp("guarded")
    shutil.copy(examples, folder / "quoth.db")
    accounts = Accounts(folder / "accounts.json")
    for name, role in (("Rea", "reader"), ("Rev", "reviewer"), ("Adm", "admin")):
        accounts.put(name, role, PASSWORDS[name])  # type: ignore[arg-type]
    with served(folder / "quoth.db", accounts=folder / "accounts.json") as opened:
        yield opened


@pytest.fixture(scope="module")
def empty(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A room over an archive that holds nothing."""
    pytest.importorskip("fastapi", reason="needs the extra web")
    from quoth.archive import Archive

    path = tmp_path_factory.mktemp("empty") / "quoth.db"
    Archive.open(path).close()
    with served(path, reviewer="Ama") as opened:
        yield opened


def is_trouble(message: Any) -> bool:
    """Whether a console tells of more than a page that is not there or was refused."""
    return message.type == "error" and not re.search(r"status of 4\d\d", message.text)


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages of a room; the test fails if anything is refused, or goes wrong, in one of them."""
    contexts, troubles = [], list[str]()

    def open_page(room: str, **settings: Any) -> Any:
        told = {"viewport": {"width": 1200, "height": 900}, "permissions": ["clipboard-read", "clipboard-write"], **settings}
        contexts.append(browser.new_context(base_url=room, **told))
        contexts[-1].set_default_timeout(LATENCY)
        page = contexts[-1].new_page()
        page.on("console", lambda message: troubles.append(message.text) if is_trouble(message) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def page(opened: Callable[..., Any], address: str) -> Any:
    return opened(address)


@pytest.fixture
def bare(opened: Callable[..., Any], address: str) -> Any:
    """A page without scripts."""
    return opened(address, java_script_enabled=False)


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """A folder for pictures of every page, to look at: what QUOTH_SHOTS names."""
    named = os.environ.get("QUOTH_SHOTS")
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named) if named else None
