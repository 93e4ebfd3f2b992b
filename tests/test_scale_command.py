"""`quoth batch`: what it prints and refuses, and that whoever is killed while it runs, the bytes are those of an undisturbed run."""

import json
from pathlib import Path

import pytest
import toy
from scaling import SAID, check_kills, needs_proc, reports
from typer.testing import CliRunner, Result

from quoth import cli
from quoth.archive import Archive
from quoth.cli import batch_making as command
from quoth.scale.batch import Batch
from quoth.scale.extractor import Patience
from quoth.scale.worker import Job


@pytest.fixture(autouse=True)
def _toy_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "extractor_of", lambda people, *_: (toy.extract_article, "toy 1"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["batch", *map(str, arguments)], prog_name="quoth")


def test_a_batch_from_the_first_line_to_the_archive(tmp_path: Path) -> None:
    folder, out = reports(tmp_path / "news", 2, 5), tmp_path / "out"
    (folder / "empty.txt").touch()
    made = run(folder, "--out", out, "--workers", 1, "--shard-mb", 0.001)
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout == "2 of 2 shards: 10 documents, 20 statements, 1 skipped\n  1 the report is empty\n"
    again = json.loads(run("--out", out, "--resume", "--json").stdout)
    assert {name: again[name] for name in ("shards", "missing", "documents", "statements", "skipped", "lost", "set_aside")} == {
        "shards": 2, "missing": 0, "documents": 10, "statements": 20, "skipped": 1, "lost": {}, "set_aside": [],
    }  # fmt: skip
    assert run("verify", out, "--workers", 1).stdout == "2 shards: all sound\n"
    assert run("variants", out, "--workers", 1).stdout.startswith("20 statements in ")
    loaded = run("load", out, "--archive", tmp_path / "quoth.db")
    assert loaded.stdout.splitlines()[0] == "11 read: 10 stored (20 statements), 0 already there, 1 skipped"
    with Archive.open(tmp_path / "quoth.db") as archive:
        assert len(list(archive.every_report())) == 10


def test_resume_begins_too_and_refuses_another_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = reports(tmp_path / "news", 1, 3), tmp_path / "out"
    (tmp_path / "people.csv").write_text("id,name\nQ1,Mara Lind\n", "utf-8")
    assert run(folder, "--out", out, "--workers", 1, "--resume").exit_code == 0
    assert run(folder, "--out", out, "--workers", 1, "--resume").exit_code == 0
    refused = {
        "holds a batch already": run(folder, "--out", out),
        "begun with another state of the inputs": run(folder / "000.jsonl", "--out", out, "--resume"),
        "begun with another state of the mapping of columns": run("--out", out, "--resume", "--map", "text=body"),
        "begun with another state of the table of people": run("--out", out, "--resume", "--people", tmp_path / "people.csv"),
        "no batch to go on with": run("--out", tmp_path / "none", "--resume"),
    }
    monkeypatch.setattr(command, "extractor_of", lambda people, *_: (toy.extract_article, "toy 2"))
    refused["begun with another state of the extractor"] = run("--out", out, "--resume")
    for told, result in refused.items():
        assert (result.exit_code, result.stdout) == (1, "")
        [line] = result.stderr.splitlines()
        assert told in line


def test_a_shard_that_cannot_be_made_is_one_line_and_exit_1(tmp_path: Path) -> None:
    folder, out = reports(tmp_path / "news", 2, 20), tmp_path / "out"
    run(folder, "--out", out, "--workers", 1, "--shard-mb", 0.001)
    (folder / "000.jsonl").unlink()
    (out / "shards/000/000000.json").unlink()
    result = run("--out", out, "--resume", "--workers", 1)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "1 of 2 shards: 20 documents, 40 statements, 0 skipped")
    assert result.stderr == f"quoth: shard 000000: {folder}/000.jsonl: No such file or directory\n"
    for refusing in (run("verify", out, "--workers", 1), run("load", out, "--archive", tmp_path / "a.db"), run("variants", out)):
        assert (refusing.exit_code, len(refusing.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2), (["--out", "out"], 2), (["a.txt"], 2), (["a.txt", "--out", "out", "--workers", "0"], 2),
        (["a.txt", "--out", "out", "--map", "colour=a"], 2), (["a.txt", "--out", "out", "--address", "auto"], 2),
        (["none.txt", "--out", "out"], 1), (["verify", "none"], 1), (["load", "none"], 1), (["a.txt", "--out", "a.txt"], 1),
        (["--help"], 0), (["run", "--help"], 0),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)  # fmt: skip
def test_exit_codes(arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(SAID, "utf-8")
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert code != 1 or len(result.stderr.splitlines()) == 1


def test_cuda_may_reserve_the_address_space_it_likes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[Job] = []
    monkeypatch.setattr(Batch, "run", lambda self, job, engine: iter(jobs.append(job) or ()))
    for device in ("cpu", "cuda"):
        assert run(reports(tmp_path / device, 1, 1), "--out", tmp_path / f"out-{device}", "--device", device).exit_code == 0
    assert [job.patience.megabytes for job in jobs] == [Patience().megabytes, None]


@needs_proc
def test_two_kills_leave_the_bytes_of_an_undisturbed_run(tmp_path: Path) -> None:
    check_kills(tmp_path, 2)


@pytest.mark.nightly
@needs_proc
def test_ten_kills_leave_the_bytes_of_an_undisturbed_run(tmp_path: Path) -> None:
    check_kills(tmp_path, 10)
