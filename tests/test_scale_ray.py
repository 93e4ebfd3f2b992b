"""Ray makes the shards that one process makes, to the same bytes, whoever is killed meanwhile."""

import json
import sys
from pathlib import Path

import pytest
from scaling import check_kills, finish, needs_proc, needs_ray, reports, written

from quoth.errors import QuothError
from quoth.scale.ray import Ray


def test_without_ray_it_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(QuothError, match=r"pip install 'quoth\[scale\]'"):
        list(Ray(2).map(int, [1]))


@pytest.mark.nightly
@needs_ray
def test_ray_writes_what_one_process_writes(tmp_path: Path) -> None:
    folder = reports(tmp_path / "news", 3, 10)
    options = (folder, "--shard-mb", "0.001", "--json")
    told = json.loads(finish(*options, "--out", tmp_path / "ray", "--engine", "ray", "--workers", "2"))
    assert (told["shards"], told["documents"], told["lost"]) == (3, 30, {})
    finish(*options, "--out", tmp_path / "local", "--workers", "1")
    assert written(tmp_path / "ray") == written(tmp_path / "local")


@pytest.mark.nightly
@needs_ray
@needs_proc
def test_ten_kills_under_ray_leave_the_bytes_of_an_undisturbed_run(tmp_path: Path) -> None:
    check_kills(tmp_path, 10, "--engine", "ray")
