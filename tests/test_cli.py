"""The command line: what is printed, where, and with which exit code."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import IO

import pytest
import toy
from typer.testing import CliRunner, Result

import quoth
from quoth import cli
from quoth.cli import terminal
from quoth.errors import ArticleError, ModelError
from quoth.types import Article, Statement

RAIN = "Title: Rain\nDate: 2024-03-05\n\n“It will rain,” said Mara Lind."
BAD = {
    "empty.txt": (b"", "empty"),
    "binary.txt": (b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG"),
    "nul.txt": (b"It\x00 rained.", "NUL"),
    "date.txt": (b"date 2024-02-31 It rained.", "2024-02-31"),
    "large.txt": (b"x" * 30_000_001, "too large"),
}
PATHS = os.pathsep.join([str(Path(__file__).parent), str(Path(quoth.__file__).parents[1])])
RUN_TOY = """
import sys, time, types, toy
def extract_article(article, people=None):
    time.sleep({pause} if article.id == "slow" else 0)
    return toy.extract_article(article)
sys.modules["quoth.pipeline"] = types.SimpleNamespace(extract_article=extract_article, extractor_name=lambda: "toy 1")
from quoth.cli import main
main()
"""


@pytest.fixture(autouse=True)
def _toy_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, toy.extract_article)


def use(monkeypatch: pytest.MonkeyPatch, extract_article: object) -> None:
    pipeline = ModuleType("quoth.pipeline")
    pipeline.extract_article = extract_article  # type: ignore[attr-defined]
    pipeline.extractor_name = lambda: "toy 1"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quoth.pipeline", pipeline)


@pytest.fixture
def rain(tmp_path: Path) -> str:
    path = tmp_path / "rain.txt"
    path.write_bytes(RAIN.encode())
    return str(path)


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, arguments, input=stdin, prog_name="quoth")


def extract(*arguments: str, stdin: bytes | None = None) -> Result:
    return run("extract", *arguments, stdin=stdin)


def spawn(*arguments: str, pause: float = 0, stdout: int | IO[bytes] = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", RUN_TOY.format(pause=pause), "extract", *arguments]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PATHS}, stdout=stdout, stderr=subprocess.PIPE)


def test_pretty_is_the_default(rain: str) -> None:
    result = extract(rain)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Mara Lind · said · direct\n    “It will rain,”\n" in result.stdout
    assert "\x1b" not in result.stdout
    assert "⟦“It will rain,”⟧ ⟪said⟫ ⟨Mara Lind⟩." in extract("--context", rain).stdout


def test_json_is_an_object_for_one_report_and_an_array_for_several(rain: str) -> None:
    one = json.loads(extract("--format", "json", rain).stdout)
    assert (one["id"], one["title"], one["published"], len(one["statements"])) == ("rain", "Rain", "2024-03-05", 1)
    assert json.loads(extract("--format", "json", rain, rain).stdout) == [one, one]
    failed = extract("--format", "json", rain, "none.txt")
    assert (json.loads(failed.stdout), failed.exit_code) == ([one], 1)
    assert extract("--format", "json", "none.txt").stdout == ""


def test_jsonl_and_csv(rain: str) -> None:
    lines = [json.loads(line) for line in extract("--format", "jsonl", rain, rain).stdout.splitlines()]
    assert [line["id"] for line in lines] == ["rain", "rain"]
    rows = list(csv.DictReader(io.StringIO(extract("--format", "csv", rain, rain).stdout)))
    assert [(row["report"], row["speaker"]) for row in rows] == [("rain", "Mara Lind")] * 2


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_standard_input(arguments: list[str]) -> None:
    report = json.loads(extract("--format", "json", *arguments, stdin=RAIN.encode()).stdout)
    assert report["id"] == report["sha256"][:16]
    records = b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n'
    lines = extract("--format", "jsonl", *arguments, stdin=records).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b"]


def test_published_is_for_reports_that_have_no_date(rain: str, tmp_path: Path) -> None:
    (tmp_path / "bare.txt").write_text("It rained.", encoding="utf-8")
    result = extract("--published", "1 April 2020", "--format", "jsonl", rain, str(tmp_path / "bare.txt"))
    assert [json.loads(line)["published"] for line in result.stdout.splitlines()] == ["2024-03-05", "2020-04-01"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_report_is_one_line_and_the_others_are_printed(name: str, rain: str, tmp_path: Path) -> None:
    raw, expected = BAD[name]
    bad = tmp_path / name
    bad.write_bytes(raw)
    result = extract("--format", "jsonl", rain, str(bad), rain)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    [line] = result.stderr.splitlines()
    assert line.startswith(f"quoth: {bad}: ")
    assert expected in line


def test_files_that_cannot_be_opened_are_one_line_each(rain: str, tmp_path: Path) -> None:
    result = extract(str(tmp_path), "none.txt", rain, "--format", "jsonl")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"quoth: {tmp_path}: Is a directory", "quoth: none.txt: No such file or directory"]
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize("line", [b'{"text": "It', b'{"text": "\\udfff"}', b'{"text": 5}', b"\xff\xfe", b'{"text": "a\x00"}'])
def test_a_broken_line_in_the_middle_is_named_by_its_number(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"id": "a", "text": "One."}\n' + line + b'\n{"id": "b", "text": "Two."}\n')
    result = extract("--format", "jsonl", str(path))
    assert [json.loads(printed)["id"] for printed in result.stdout.splitlines()] == ["a", "b"]
    [complaint] = result.stderr.splitlines()
    assert complaint.startswith(f"quoth: {path}:2: ")
    assert result.exit_code == 1


def test_a_guessed_charset_is_said(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("“It’s over,” said Mara Lind at the café.".encode("cp1252"))
    result = extract(str(path))
    assert (result.exit_code, result.stderr) == (0, f"quoth: note: {path}: not UTF-8, read as cp1252\n")
    assert "“It’s over,”" in result.stdout


def test_a_name_that_would_control_the_terminal_is_escaped() -> None:
    assert extract("\x1b[2Jnone\n.txt").stderr == "quoth: \\x1b[2Jnone .txt: No such file or directory\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--published", "soon", "a.txt"],
        ["--published", "2024-02-30", "a.txt"],
        ["--published", "03/04/2024", "a.txt"],
        ["--format", "xml", "a.txt"],
        ["--context", "--format", "json", "a.txt"],
        ["--what"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = extract(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_help_and_version() -> None:
    assert run("--version").stdout == f"quoth {quoth.__version__}\n"
    assert "Examples:\n    quoth extract report.txt" in extract("--help").stdout
    assert run().exit_code == 2


def test_a_terminal_without_files_gets_help(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SystemExit) as ended:
        cli.app(["extract"], prog_name="quoth")
    assert ended.value.code == 2
    assert "Usage: quoth extract" in capsys.readouterr().err


def test_a_missing_model_is_one_line(rain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def extract_article(article: Article, people: object = None) -> tuple[Statement, ...]:
        raise ModelError("the model is damaged", concerns="model.onnx")

    use(monkeypatch, extract_article)
    result = extract(rain, rain)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "quoth: model.onnx: the model is damaged\n")


def test_a_report_that_the_extractor_refuses_is_named(rain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def extract_article(article: Article, people: object = None) -> tuple[Statement, ...]:
        raise ArticleError("nothing but commas")

    use(monkeypatch, extract_article)
    result = extract(rain, rain, "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, [])
    assert result.stderr == "quoth: rain: nothing but commas\n" * 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read(rain: str) -> None:
    Path(rain).chmod(0)
    assert extract(rain).stderr == f"quoth: {rain}: Permission denied\n"


def test_an_interrupt_leaves_whole_json(rain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def extract_article(article: Article, people: object = None) -> tuple[Statement, ...]:
        seen.append(article.id)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return toy.extract_article(article)

    use(monkeypatch, extract_article)
    result = extract("--format", "json", rain, rain, rain)
    assert (result.exit_code, len(json.loads(result.stdout)), result.stderr) == (130, 2, "")


def test_an_interrupt_while_writing_waits_for_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.BytesIO):
        def write(self, printed: bytes) -> int:  # type: ignore[override]
            super().write(printed[:3])
            signal.raise_signal(signal.SIGINT)
            super().write(printed[3:])
            return len(printed)

    written = Interrupted()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    with pytest.raises(KeyboardInterrupt):
        terminal.write("whole", None)
    assert written.getvalue() == b"whole"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"id": "a", "text": "One."}\n{"id": "slow", "text": "Two."}\n')
    with spawn("--format", "jsonl", str(path), pause=60) as running:
        assert running.stdout is not None
        assert json.loads(running.stdout.readline())["id"] == "a"
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        rest, complaint = running.communicate(timeout=30)
    assert (running.returncode, rest, complaint) == (130, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"id": "a", "text": "One."}\n' * 5000)
    with spawn("--format", "jsonl", str(path)) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(timeout=30) == 141
        assert running.stderr is not None
        assert running.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_one_line(rain: str) -> None:
    with Path("/dev/full").open("wb") as full, spawn(rain, stdout=full) as running:
        _, complaint = running.communicate(timeout=30)
    assert (running.returncode, complaint) == (1, b"quoth: <stdout>: cannot be written to: No space left on device\n")


def test_help_loads_no_model() -> None:
    script = (
        "import sys\nfrom quoth import cli\ntry:\n    cli.app(['extract', '--help'])\nexcept SystemExit:\n    print(sorted(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": PATHS}
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert "'quoth.cli'" in result.stdout
    assert not [name for name in ("onnxruntime", "numpy", "charset_normalizer", "rich", "quoth.reading") if f"'{name}'" in result.stdout]


def test_a_progress_bar_on_a_terminal_only(rain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert extract(rain, rain).stderr == ""
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.progress_bar(1) as none, terminal.progress_bar(2) as progress:
        assert none is None
        assert progress is not None
        with terminal.paused(progress):
            assert not progress.live.is_started
        assert progress.live.is_started
