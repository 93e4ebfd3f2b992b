"""The reading room in a real browser: with and without scripts, light and dark, for those who see and those who do not.

Needs playwright and a Chromium; axe-core is read from the file that QUOTH_AXE names. What is missing is skipped, with that reason.
QUOTH_PICTURES names a folder for pictures of every page.
"""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

uvicorn = pytest.importorskip("uvicorn", reason="needs the extra web")

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
AXE = Path(os.environ.get("QUOTH_AXE", "node_modules/axe-core/axe.min.js"))
PICTURES = os.environ.get("QUOTH_PICTURES")
CLIPBOARD = ["clipboard-read", "clipboard-write"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (390, 820, 1440)
PAGES = {
    "home": "/", "search": "/search?q=fish+OR+grain", "reports": "/reports?q=ferry", "report": "/report/8",
    "person": "/person/quill?q=fish",
    "name": "/person/name:Hanneke%20Obi", "people": "/people", "changes": "/people/changes", "statement": "/search?q=settled+may",
    "conflicts": "/conflicts",
    "statistics": "/statistics", "read": "/read", "review": "/review", "alerts": "/alerts", "nothing": "/nothing",
}  # fmt: skip
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A room over the example archive, at a free port."""
    path = tmp_path_factory.mktemp("browser") / "quoth.db"
    from example_archive import make_archive

    from quoth.web.app import create_app

    make_archive(path)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(path, reviewer="Ama"), log_level="critical", lifespan="on"))
    started = threading.Event()
    startup = server.startup

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page that fails the test if anything is refused, or goes wrong, in it."""
    context = browser.new_context(base_url=address, viewport={"width": 1200, "height": 900}, permissions=CLIPBOARD)
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" and "404" not in message.text else None)
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    context.close()
    assert troubles == []


@pytest.fixture
def bare(browser: Any, address: str) -> Iterator[Any]:
    """A page without scripts."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    yield context.new_page()
    context.close()


def go(page: Any, name: str) -> None:
    """Opens a page of the list."""
    page.goto(PAGES[name])
    if name == "statement":
        page.locator(".hit .words a").first.click()


def violations(page: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds wrong with a page, by WCAG A and AA."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("(levels) => axe.run(document, { runOnly: levels })", LEVELS)
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_for_everybody(page: Any, name: str, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("needs axe-core: QUOTH_AXE names its file")
    page.emulate_media(color_scheme=scheme)
    go(page, name)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_forms_lead_to_is_for_everybody(page: Any, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("needs axe-core: QUOTH_AXE names its file")
    page.emulate_media(color_scheme=scheme)
    page.goto("/read")
    page.locator("#text").fill('"We are ready," Ada Byron said on Monday. Bo Lind declined to say why.')
    page.get_by_role("button", name="Read it").click()
    assert violations(page) == []
    page.goto("/review")
    page.get_by_role("button", name="Accept").click()
    assert violations(page) == []
    page.goto("/person/quill")
    page.locator(".who-is-who summary").click()
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_fits_its_screen(page: Any, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        go(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)


def test_results_come_as_one_types(page: Any) -> None:
    page.goto("/search")
    page.locator("#q").press_sequentially("fish")
    page.wait_for_url("**/search?q=fish")
    sync_api.expect(page.locator(".hit")).to_have_count(3)
    assert page.locator(".hit .found").all_inner_texts() == ["fish"] * 3


def test_a_time_is_chosen_by_dragging(page: Any) -> None:
    page.goto("/search")
    box = page.locator(".histogram").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.up()
    page.wait_for_url("**/search?since=*")
    assert page.locator(".chosen a").count() == 2


def test_source_cue_words_and_note_shine_together(page: Any) -> None:
    page.goto("/report/8")
    page.locator(".text .source").first.hover()
    number = page.locator(".text .source").first.get_attribute("data-s")
    tied = page.locator(f'[data-s~="{number}"]')
    assert tied.count() >= 3
    assert all("on" in (tied.nth(place).get_attribute("class") or "").split() for place in range(tied.count()))


def test_a_link_to_a_statement_opens_at_the_words(bare: Any) -> None:
    bare.goto("/search?q=fish")
    bare.locator(".hit .meta a").first.click()
    assert "#s-" in bare.url
    target = bare.locator(".n:target")
    sync_api.expect(target).to_be_in_viewport()


def test_copying(page: Any) -> None:
    go(page, "statement")
    page.get_by_role("button", name="Copy citation").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#citation").inner_text()
    page.get_by_role("button", name="Copy link").click()
    sync_api.expect(page.locator("[data-copy-link]")).to_have_text("Copied")
    assert "/statement/" in page.evaluate("navigator.clipboard.readText()")


def test_reviewing_by_keys(page: Any) -> None:
    page.goto("/review")
    first = page.locator('.verdicts [name="row"]').get_attribute("value")
    page.keyboard.press("a")
    page.wait_for_url("**/review?done=*")
    sync_api.expect(page.locator(".last")).to_contain_text("You accepted it as it stands.")
    assert page.locator('.verdicts [name="row"]').get_attribute("value") != first
    page.keyboard.press("u")
    page.wait_for_url(f"**/review?row={first}")
    page.keyboard.press("s")
    page.wait_for_url("**/review?skip=*")
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.id") == "who"


def test_the_words_are_chosen_by_selecting_them_behind_an_emoji(page: Any) -> None:
    text = '🎺🎺 "We sail 🦭 at dawn," said Ama Osei of Harl.'
    page.goto("/read")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Keep it in the archive").click()
    page.locator(".note .facts a").first.click()
    row = page.get_by_role("link", name="Review it").get_attribute("href")
    page.goto(row)
    page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.getElementById("passage"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const place = node.data.indexOf("sail 🦭 at");
                if (place >= 0) { document.getSelection().setBaseAndExtent(node, place, node, place + "sail 🦭 at".length); return; }
            }
        }"""
    )
    spans = page.locator('[name="spans"]')
    start = text.index("sail")
    sync_api.expect(spans).to_have_value(f"{start}-{start + 9}")
    page.locator(".review h1").click()
    page.keyboard.press("]")
    sync_api.expect(page.locator("#words")).to_have_value('sail 🦭 at dawn,"')
    page.get_by_role("button", name="Set words").click()
    page.wait_for_url("**/review?done=*")
    sync_api.expect(page.locator(".last")).to_contain_text("sail 🦭 at dawn")


def test_reading_a_text_and_reviewing_without_scripts(bare: Any) -> None:
    bare.goto("/read")
    bare.locator("#text").fill('"We are ready," Ada Byron said on Monday. <script>alert(1)</script>')
    bare.get_by_role("button", name="Read it").click()
    sync_api.expect(bare.locator(".text .content").first).to_have_text('"We are ready,"')
    bare.goto("/review")
    row = bare.locator('.verdicts [name="row"]').get_attribute("value")
    bare.get_by_role("button", name="Reject").click()
    sync_api.expect(bare.locator(".last")).to_contain_text("You rejected it")
    bare.locator(".last button").click()
    assert bare.url.endswith(f"/review?row={row}")
    bare.goto("/search?q=grain")
    bare.locator(".facet a").first.click()
    assert bare.locator(".chosen a").count() == 1


def test_a_hostile_report_runs_nothing(page: Any) -> None:
    page.goto("/read")
    hostile = "<img src=x onerror=document.title=1><script>document.title=1</script>"
    page.locator("#text").fill(f'"{hostile}," said <b onclick=alert(1)>Ama Osei.')
    page.get_by_role("button", name="Read it").click()
    assert page.title() == "Read my text"
    assert page.locator("main img, main script, main b[onclick]").count() == 0
