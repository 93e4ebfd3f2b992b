"""Which model reads: the one that ships, the larger one where it is built, or one of a folder."""

import json
import shutil
from pathlib import Path

import pytest
from scaling import needs_ray
from typer.testing import CliRunner

from quoth import cli
from quoth.cli.extracting import extractor_of
from quoth.errors import ModelError
from quoth.scale.tables import read_table
from quoth.tagger import MODEL, load, model_folder

REPORT = '"We leave at dawn," Ada Osei said.\n'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A model of one's own: the shipped one by another name."""
    folder = tmp_path / "own"
    shutil.copytree(MODEL, folder)
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    (folder / "settings.json").write_text(json.dumps(settings | {"name": "own"}), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"QUOTH_MODELS": "/models"}, "/models/accurate"),
        ({"QUOTH_MODELS": "", "XDG_DATA_HOME": "/shared"}, "/shared/quoth/models/accurate"),
        ({"QUOTH_MODELS": "", "XDG_DATA_HOME": "", "HOME": "/home/ida"}, "/home/ida/.local/share/quoth/models/accurate"),
    ],
)
def test_the_accurate_model_has_one_place(variables: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert model_folder("accurate") == Path(folder)
    assert model_folder("fast") == MODEL


def test_a_model_that_is_not_there_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_MODELS", str(tmp_path))
    with pytest.raises(ModelError, match="make accurate"):
        load("accurate")
    told = CliRunner().invoke(cli.app, ["extract", "--model", str(tmp_path / "none"), "-"], input=REPORT)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == f"quoth: {tmp_path / 'none'}: no model (model.onnx) in this folder\n"


def test_every_statement_tells_which_model_read_it(own: Path) -> None:
    told = CliRunner().invoke(cli.app, ["extract", "--model", str(own), "--format", "json", "-"], input=REPORT)
    report = json.loads(told.stdout)
    assert report["extractor"] == load(str(own)).name == f"own@{load().sha256[:8]}"
    assert len(report["statements"]) == 1


def test_workers_find_the_model_wherever_they_run(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own.parent)
    extract, name = extractor_of(None, workers=2, model="own")
    assert extract.keywords["model"] == str(own)  # type: ignore[attr-defined]
    assert name.startswith("own@")


@pytest.mark.parametrize("engine", ["local", pytest.param("ray", marks=[pytest.mark.nightly, needs_ray])])
def test_a_batch_is_read_by_the_model_that_was_named(engine: str, own: Path, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(REPORT, "utf-8")
    arguments = [str(tmp_path / "report.txt"), "--out", str(tmp_path / "out"), "--model", str(own), "--engine", engine, "--workers", "1"]
    told = CliRunner().invoke(cli.app, ["batch", *arguments, "--json"])
    assert (told.exit_code, json.loads(told.stdout)["statements"]) == (0, 1), told.output
    [row] = read_table(str(tmp_path / "out/shards/000/000000.parquet"))
    assert row["statements"][0]["extractor"] == load(str(own)).name
