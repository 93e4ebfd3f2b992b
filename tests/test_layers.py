"""Imports point one way: a room imports only rooms that stand before it in this drawing, from left to right and from top to bottom.

    types errors escapes                what flows, what goes wrong, and how any text is shown
    spans                               arithmetic
    fetching                            the only room that opens the network
    reading anchors marks sentences     bytes to articles; text to places, quotations, sentences
    tagging encoding confidence         what the model reads and what its numbers mean; shared with training
    tagger dates cues labels            what one span says
    polarity acts                       whether it was said, and how
    names                               who is named, and what is told of him
    attributions people speakers nested  which spans belong together, who they are, and what they tell of others
    scoring marked variants             agreement with what people marked; the same statement in other words
    pipeline | archive                  the whole flow; the record. Neither knows the other
    ingestion watching                  read, extract, store; again and again
    formats exports alerts display      out
    __init__                            the front door
    web scale integrations              the same for browsers, clusters and other programs
    cli __main__                        parse, call, print

`training`, `evaluation` and `bench` stand outside: they import quoth, and nothing in quoth imports them.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "quoth"
ROOMS = [room for row in re.findall(r"^    (\S.*?)(?:  |$)", __doc__ or "", re.MULTILINE) for room in row.split() if room != "|"]
APART = {("pipeline", "archive"), ("archive", "pipeline")}
OUTSIDE = {"training", "evaluation", "bench", "tests"}
KEPT_TO = {
    "onnxruntime": {"tagger"},
    "tokenizers": {"encoding"},
    "torch": set(),
    "transformers": set(),
    "typer": {"cli"},
    "socket": {"fetching"},
    "http.client": {"fetching"},
    "urllib.request": {"fetching"},
    "requests": {"fetching"},
    "httpx": {"fetching"},
    "httpx2": {"fetching"},
    "httpcore2": {"fetching"},
    "protego": {"fetching"},
    "sqlite3": set(),
    "apsw": {"archive"},
    "ray": {"scale"},
    "mcp": {"integrations"},
    "fastapi": {"web", "cli"},
}
"""Libraries that only some rooms may know: the model's, the terminal's, the network's and the database's."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: Path) -> str:
    """The room a module stands in: its file or folder right below the package."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(module: Path, code: str) -> Iterator[str]:
    """The dotted names that a module imports anywhere in its code; names taken from a module are joined to it."""
    package = ["quoth", *module.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def rooms_imported(module: Path) -> set[str]:
    """The rooms of quoth that a module imports, without its own; a name of the package itself is the front door's."""
    names = [name.split(".") for name in imported(module, module.read_text("utf-8"))]
    rooms = {parts[1] if len(parts) > 1 and parts[1] in ROOMS else "__init__" for parts in names if parts[0] == "quoth"}
    return rooms - {room_of(module)}


def test_the_drawing_names_each_room_once() -> None:
    assert len(ROOMS) == len(set(ROOMS)) > 20


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_imports_point_one_way(module: Path) -> None:
    room = room_of(module)
    assert room in ROOMS, f"{room} has no place in the drawing at the top of {Path(__file__).name}"
    before = set(ROOMS[: ROOMS.index(room)])
    wrong = {other for other in rooms_imported(module) if other not in before or (room, other) in APART}
    assert not wrong, f"{room} may not import {sorted(wrong)}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_libraries_are_kept_to_their_rooms(module: Path) -> None:
    names = set(imported(module, module.read_text("utf-8")))
    assert not {name for name in names if name.split(".")[0] in OUTSIDE}
    for library, rooms in KEPT_TO.items():
        known = any(name == library or name.startswith(f"{library}.") for name in names)
        assert not known or room_of(module) in rooms, f"{room_of(module)} may not import {library}"


def test_the_reader_of_imports_sees_every_form() -> None:
    code = "import a.b\ndef f():\n    from c import d\n    from . import e\n    from .g import h\nfrom ..i import j\n"
    assert sorted(imported(PACKAGE / "archive" / "store.py", code)) == ["a.b", "c.d", "quoth.archive.e", "quoth.archive.g.h", "quoth.i.j"]


def test_no_pattern_repeats_a_group_for_good() -> None:
    # Python before 3.11.5 matches `(a|b)*+` wrongly (gh-106052), and Debian 12 has 3.11.2.
    wrong = [path.name for path in MODULES if re.search(r"\)[*+?]\+", path.read_text("utf-8"))]
    assert wrong == []
