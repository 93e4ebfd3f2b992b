"""When a browser first paints each page, over loopback, with nothing kept of an earlier visit."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from bench.web_crowd import HOST, serving

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
VISITS = 5
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def missing() -> str | None:
    """What painting needs and is not here."""
    if find_spec("playwright") is None:
        return "no playwright: pip install 'quoth[browser]'"
    return None if CHROMIUM else "no Chromium"


def painted(path: Path, asked: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The rows of a table: each kind of page with the milliseconds to its first paint."""
    from playwright.sync_api import sync_playwright

    yield "| page | first paint, median, ms | greatest, ms |\n|---|---:|---:|"
    with serving(path) as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, pages in asked.items():
            times = []
            for page in pages[:VISITS]:
                context = browser.new_context(base_url=f"http://{HOST}:{port}")
                opened = context.new_page()
                opened.goto(page)
                opened.wait_for_load_state("networkidle")
                times.append(float(opened.evaluate(PAINTED) or 0.0))
                context.close()
            yield f"| {name} | {median(times):.0f} | {max(times):.0f} |"
        browser.close()
