"""What the documentation shows is true: every doctest of the package runs, and so does every example of README.md and docs/.

A fenced block of ```python is executed. In a block of ```console each line `$ quoth …` is run as on a command line, from the root of the
project, and must end well; the lines shown under it, if there are any, must be what it prints (`...` stands for anything). A block whose
fence says `no-run` after the language is left alone, and so are command lines with pipes and other programs' commands.
"""

import doctest
import importlib
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "src" / "quoth").rglob("*.py"))
PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if page.exists()]
BLOCK = re.compile(r"^```(?P<language>python|console)(?P<rest>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
SHELL_ONLY = frozenset("|<>;&*")
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def _blocks(language: str) -> list[object]:
    found: list[object] = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in BLOCK.finditer(text):
            if block["language"] == language and "no-run" not in block["rest"]:
                line = text.count("\n", 0, block.start()) + 1
                found.append(pytest.param(block["body"], id=f"{page.name}:{line}"))
    return found


def _name(module: Path) -> str:
    parts = module.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("name", [_name(module) for module in MODULES if module.stem != "__main__"])
def test_doctests(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0


@pytest.mark.parametrize("code", _blocks("python"))
def test_python_examples(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    if ">>>" in code:
        example = doctest.DocTestParser().get_doctest(code, {}, "example", None, 0)
        assert doctest.DocTestRunner(optionflags=SHOWN).run(example).failed == 0
    else:
        exec(compile(code, "example", "exec"), {"__name__": "example"})


@pytest.mark.parametrize("session", _blocks("console"))
def test_console_examples(session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from quoth.cli import app

    monkeypatch.chdir(ROOT)
    for command, shown in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", session, re.MULTILINE):
        if command.startswith("quoth ") and not SHELL_ONLY & set(command):
            result = CliRunner().invoke(app, shlex.split(command)[1:])
            assert result.exit_code == 0, f"{command}: {result.output}"
            assert not shown.strip() or doctest.OutputChecker().check_output(shown, result.stdout, SHOWN), f"{command}:\n{result.stdout}"
