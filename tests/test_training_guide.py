"""The guide for newsrooms does what it says, from corrections to a model that reads: needs torch, and is skipped without it."""

import doctest
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_guides import QUOTH, ROOT, SESSION, SHOWN, STEP, run

import quoth

pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("onnx", reason="needs the extra train")

REPORTS = {
    "bridge": '"The bridge will open in May," said Mara Lind, who runs the works.',
    "council": 'The council met late.\n\n"We will vote again," Osk Tamber told reporters.',
    "ferry": 'The ferry is late by an hour.\n\n"Nobody was hurt," Mara Lind said.',
    "lamps": 'The notice says that the lamps will be lit by June.\n\n"They were promised for last June," said Bo Renk.',
    "school": 'Ama Osei said that the school at Harl needs a new roof before winter.\n\n"It rains on the maps," she said.',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the reports and the training code, where `quoth` and `python` are those of this test, on one thread."""
    commands, work = tmp_path / "bin", tmp_path / "work"
    for one in (commands, work / "news"):
        one.mkdir(parents=True)
    for day, (name, text) in enumerate(REPORTS.items(), start=5):
        (work / "news" / f"{name}.txt").write_text(f"Date: 2024-03-0{day}\n\n{text}\n", "utf-8")
    (commands / "quoth").write_text(QUOTH.format(python=sys.executable, path=[str(Path(quoth.__file__).parents[1])]), "utf-8")
    (commands / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    for command in commands.iterdir():
        command.chmod(0o755)
    (work / "training").symlink_to(ROOT / "training")
    (work / "evaluation").symlink_to(ROOT / "evaluation")
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(work)
    return work


def trained(command: str) -> tuple[int, str, str]:
    """What a step of training gives; it takes seconds, and minutes where others keep the machine busy."""
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=900)
    return result.returncode, result.stdout, result.stderr


@pytest.mark.skipif(os.name == "nt", reason="the guide is written for a POSIX shell")
def test_from_corrections_to_a_model(folder: Path) -> None:
    sessions = SESSION.findall((ROOT / "docs" / "training-on-your-corrections.md").read_text("utf-8"))
    for command, shown in (step for session in sessions for step in STEP.findall(session)):
        code, printed, complaint = trained(command) if command.startswith("python ") else run(command)
        assert code == 0, f"{command}: {complaint}"
        assert doctest.OutputChecker().check_output(shown, printed, SHOWN), f"{command}:\n{printed}{complaint}"
    assert (folder / "runs" / "own" / "model" / "model.onnx").stat().st_size > 1_000_000
