"""Every page is for everybody: nothing that axe-core finds against WCAG 2.2 A and AA, light and dark, at three widths, nothing cut off."""

import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from rooms import enter, keep_text

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (390, 1280, 1920)
PAGES = {
    "home": "/", "search": "/search?q=fish+OR+grain", "found nothing": "/search?q=nothingatall",
    "narrowed": "/search?kind=direct&since=2024-01-01",
    "reports": "/reports?q=ferry", "report": "/report/8", "person": "/person/quill?q=fish", "name": "/person/name:Hanneke%20Obi",
    "people": "/people", "changes": "/people/changes", "conflicts": "/conflicts", "statistics": "/statistics", "read": "/read",
    "alerts": "/alerts", "statement": "/statement/3", "review": "/review", "no page": "/nothing", "no statement": "/statement/none",
    "no search": "/search?since=yesterday",
}  # fmt: skip
EMPTY = {
    "home": "/", "search": "/search", "reports": "/reports", "people": "/people", "changes": "/people/changes", "conflicts": "/conflicts",
    "statistics": "/statistics", "alerts": "/alerts", "review": "/review", "second": "/review?queue=second",
}  # fmt: skip
LONG = "Ludovica-Maria Wallenstein-Krzyżanowska vonundzuderSchwarzenbergerlandschaftsdirektion"
HARD = (
    f'Title: {"Unbreakable" * 12}\nPublisher: صحيفة الميناء\nDate: 2025-02-01\n\n"שלום, 🦭 we sail at dawn," said {LONG}, the harbour '
    f'minister. The minister did not say whether "{"very" * 60}" had been said. According to Ama Osei, Bo Lind said that'
    f' "it {"ships " * 60}".'
)


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as a script."""
    pytest.importorskip("axe_playwright_python", reason="needs axe-core: pip install 'quoth[browser]'")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def troubles(page: Any, axe: str, picture: Path | None = None) -> list[tuple[str, str, list[str]]]:
    """What is wrong with a page: by axe-core, or wider than its screen; light and dark."""
    found = []
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
            found.append((scheme, "wider than the screen", [page.url]))
        violations = page.evaluate("(levels) => axe.run(document, { runOnly: levels, resultTypes: ['violations'] })", LEVELS)["violations"]
        found += [(scheme, one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations]
        if picture:
            page.screenshot(path=picture.with_name(f"{picture.name}-{page.viewport_size['width']}-{scheme}.png"), full_page=True)
    return found


def opened_at(opened: Callable[..., Any], room: str, width: int) -> Any:
    return opened(room, viewport={"width": width, "height": 900})


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page(opened: Callable[..., Any], address: str, axe: str, width: int, shots: Path | None) -> None:
    page = opened_at(opened, address, width)
    for name, path in PAGES.items():
        page.goto(path)
        assert (name, troubles(page, axe, shots and shots / name)) == (name, [])


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_an_empty_archive(opened: Callable[..., Any], empty: str, axe: str, width: int, shots: Path | None) -> None:
    page = opened_at(opened, empty, width)
    for name, path in EMPTY.items():
        page.goto(path)
        assert (name, troubles(page, axe, shots and shots / f"empty {name}")) == (name, [])


@pytest.mark.parametrize("width", WIDTHS)
def test_what_forms_lead_to(opened: Callable[..., Any], address: str, axe: str, width: int, shots: Path | None) -> None:
    page = opened_at(opened, address, width)

    def look(name: str) -> None:
        assert (name, troubles(page, axe, shots and shots / name)) == (name, [])

    page.goto("/read")
    page.locator("#text").fill(HARD)
    page.get_by_role("button", name="Read it").click()
    look("hard text")
    keep_text(page, HARD)
    look("hard report")
    page.locator(".note .facts a", has_text="open").first.click()
    look("hard statement")
    page.get_by_role("link", name="Review it").click()
    look("hard review")
    page.locator("#who").fill("Somebody Else")
    page.locator("#who").press("Enter")
    look("reviewed")
    page.goto("/read")
    page.locator("#text").fill("Date: never\n\nIt rained.")
    page.get_by_role("button", name="Read it").click()
    look("no date")
    page.goto("/person/quill")
    page.locator(".who-is-who summary").click()
    look("who is who")
    page.get_by_label("Called").fill(f"Teodor {LONG}")
    page.get_by_role("button", name="Rename").click()
    look("long name")
    page.goto("/search?q=fish")
    page.get_by_text("Keep as an alert").click()
    page.get_by_label("Name").fill(f"fish-{width}")
    page.get_by_role("button", name="Keep").click()
    look("an alert")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_statement_with_its_corrections(opened: Callable[..., Any], address: str, axe: str, width: int, shots: Path | None) -> None:
    page = opened_at(opened, address, width)
    for key in "ann":
        page.goto("/review?row=5")
        page.locator(f'[data-key="{key}"]').click()
    page.get_by_role("button", name="Undo").click()
    page.goto("/statement/5")
    assert len(page.locator(".history li").all()) >= 4
    assert troubles(page, axe, shots and shots / "corrected") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_door(opened: Callable[..., Any], guarded: str, axe: str, width: int, shots: Path | None) -> None:
    page = opened_at(opened, guarded, width)
    page.goto("/search?q=fish")
    assert troubles(page, axe, shots and shots / "login") == []
    page.get_by_label("Name").fill("Nobody")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    assert troubles(page, axe, shots and shots / "wrong password") == []
    enter(page, "Rea")
    assert troubles(page, axe, shots and shots / "reader's home") == []
    page.goto("/review")
    assert troubles(page, axe, shots and shots / "not for readers") == []


def test_words_are_set_in_their_direction(opened: Callable[..., Any], address: str) -> None:
    """A headline of another script turns no line round it."""
    page = opened(address)
    keep_text(page, HARD)
    kicker = page.locator(".kicker bdi")
    assert kicker.evaluate("element => getComputedStyle(element).unicodeBidi") == "isolate"
    assert re.search("ميناء", kicker.inner_text())
