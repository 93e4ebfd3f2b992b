import json
from pathlib import Path

import pytest
from archiving import article, put
from typer.testing import CliRunner

from quoth.archive import Archive
from quoth.cli import app
from quoth.errors import FetchError
from quoth.fetching import Fetched, Fetcher


def test_verify_backup_and_restore_on_the_command_line(tmp_path: Path) -> None:
    path, copy = str(tmp_path / "quoth.db"), str(tmp_path / "copy.db")

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, [*arguments, "--archive", path])
        assert result.exit_code == code, result.output
        return result.output

    assert "no such archive" in run("verify", code=1)
    with Archive.open(path) as archive:
        put(archive, article())
    assert run("verify") == "1 texts, 3 statements, 0 reviews: no problems\n"
    assert "goes with --pages" in run("verify", "--allow-private", code=2)
    assert run("backup", copy) == "" and "replaces nothing" in run("backup", copy, code=1)
    with Archive.open(path) as archive:
        archive.execute("UPDATE statements SET words = 'other' WHERE id = 1")
    harmed = run("verify", code=1)
    assert "statement 1: has other words" in harmed and '"problems"' in run("verify", "--json", code=1)
    assert run("restore", copy) == "restored: 1 texts, 3 statements, 0 reviews\n" and "no problems" in run("verify")


def test_verify_against_the_pages_as_they_are_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, path = "https://post.example/rain.txt", str(tmp_path / "quoth.db")
    with Archive.open(path) as archive:
        put(archive, article(url=url))
        put(archive, article(id="r2", url="https://post.example/gone"))
    now = article().text.replace("The ferry is late", "The ferry was late")

    def page(fetcher: Fetcher, address: str) -> Fetched:
        if address != url:
            raise FetchError("the server answers 404 Not Found", concerns=address)
        return Fetched(url=address, status=200, headers={"content-type": "text/plain; charset=utf-8"}, body=now.encode())

    monkeypatch.setattr(Fetcher, "page", page)
    result = CliRunner().invoke(app, ["verify", "--pages", "--archive", path])
    assert result.exit_code == 0 and [line.split()[0] for line in result.output.splitlines()[1:]] == [
        "exact",
        "missing",
        "moved",
        *["unread"] * 3,
    ]
    pages = json.loads(CliRunner().invoke(app, ["verify", "--pages", "--json", "--archive", path]).stdout)["pages"]
    assert pages[1]["now"] == "missing" and pages[1]["speaker"] == "Bo Lind"
