"""The pictures in docs/, of the example archive: drawn into the folder that QUOTH_PICTURES names, with as few colours as they need."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = os.environ.get("QUOTH_PICTURES")
PHONE = (390, 844)
PICTURES = {
    "home": ("/", (1200, 820), "light"),
    "search": ("/search?q=fish+OR+grain", (1200, 820), "light"),
    "report": ("/report/9", (1200, 900), "light"),
    "report-dark": ("/report/1", PHONE, "dark"),
    "person": ("/person/quill?q=fish", (1200, 900), "light"),
    "statement": ("/search?q=settled+may", (1200, 1000), "light"),
    "statistics": ("/statistics", (1200, 900), "light"),
    "review": ("/review", (1200, 800), "dark"),
}
COLOURS = 96
LARGEST = 1_000_000
"""Bytes of all pictures."""


@pytest.mark.skipif(FOLDER is None, reason="QUOTH_PICTURES names no folder")
def test_the_pictures_are_drawn(opened: Callable[..., Any], address: str) -> None:
    image = pytest.importorskip("PIL.Image", reason="needs pillow: pip install 'quoth[browser]'")
    folder = Path(FOLDER or "")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (path, (width, height), scheme) in PICTURES.items():
        page = opened(address, viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
        page.goto(path)
        if name == "statement":
            page.locator(".hit .words a").first.click()
            page.wait_for_url("**/statement/*")
        if name == "report":
            page.locator(".text .source").nth(1).hover()
        if name == "review":
            page.keyboard.press("[")
        drawn = image.open(io.BytesIO(page.screenshot())).convert("RGB")
        drawn.quantize(COLOURS, dither=image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
    assert sum(picture.stat().st_size for picture in folder.glob("*.png")) < LARGEST
