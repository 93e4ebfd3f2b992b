"""The commands `quoth ingest` and `quoth skipped`: what they tell, and how they end."""

import io
import json
import os
import sys
from pathlib import Path

import pytest
import toy
from ingesting import SAID, run, watched_archive

from quoth.archive import Archive
from quoth.cli import ingest as ingest_command
from quoth.cli.gauge import progress_over
from quoth.fetching import Fetcher
from quoth.ingestion.sources import read_sources


@pytest.fixture(autouse=True)
def _toy_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_command, "extractor_of", lambda *_: (toy.extract_article, "toy 1"))


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with two reports, one of which is there twice, and two files that are none."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(SAID.format(number=1), "utf-8")
    lines = [{"id": "b", "text": SAID.format(number=2), "url": "https://b.example/"}] * 2
    (folder / "b.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (folder / "c.txt").touch()
    (folder / "d.bin").write_bytes(b"\x89PNG" + bytes(99))
    return folder


def test_ingest_tells_what_became_of_everything(news: Path, tmp_path: Path) -> None:
    path = tmp_path / "quoth.db"
    first = run("ingest", news, "--archive", path)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.splitlines()[0] == "5 read: 2 stored (2 statements), 1 already there, 2 skipped"
    account = json.loads(run("ingest", news, "--archive", path, "--json").stdout)
    assert account == {
        "archive": str(path), "read": 5, "stored": 0, "updated": 0, "already": 3, "skipped": 2, "statements": 0,
        "reasons": {"the report is empty": 1, "not text: a PNG image": 1},
        "variants": {"statements": 0, "same": 0, "paraphrases": 0, "conflicts": 0}, "alerts": {},
    }  # fmt: skip
    listed = run("skipped", "--archive", path)
    assert listed.stdout.splitlines() == [f"{news}/c.txt: the report is empty", f"{news}/d.bin: not text: a PNG image"]
    assert [json.loads(line)["origin"] for line in run("skipped", "--archive", path, "--json").stdout.splitlines()] == [
        f"{news}/c.txt",
        f"{news}/d.bin",
    ]


FERRY = "“The ferry to the islands will sail again at dawn,” said {speaker}. Report {number}."


def put_report(folder: Path, number: int, speaker: str = "Mara Lind") -> None:
    (folder / f"ferry-{number}.txt").write_text(FERRY.format(speaker=speaker, number=number), "utf-8")


def test_variants_and_saved_searches_are_brought_up_to_date(tmp_path: Path) -> None:
    path, folder = watched_archive(tmp_path / "quoth.db"), tmp_path / "news"
    folder.mkdir()
    for number, speaker in enumerate(("Mara Lind", "Mara Lind", "Bo Hale")):
        put_report(folder, number, speaker)
    told = run("ingest", folder, "--archive", path).stdout.splitlines()
    assert told[0] == "ferry: 3 new"
    assert told[-2:] == [
        "3 read: 3 stored (3 statements), 0 already there, 0 skipped",
        "variants: 1 link, 1 conflict; alerts: ferry 3 new",
    ]
    assert run("ingest", folder, "--archive", path).stdout == "3 read: 0 stored (0 statements), 3 already there, 0 skipped\n"
    assert run("alerts", "run", "--archive", path).stdout == ""


def test_what_was_not_followed_up_is_made_up_for(tmp_path: Path) -> None:
    path, folder = watched_archive(tmp_path / "quoth.db"), tmp_path / "news"
    folder.mkdir()
    for number in (1, 2):
        put_report(folder, number)
    result = run("ingest", folder, "--no-variants", "--no-alerts", "--archive", path)
    assert result.stdout == "2 read: 2 stored (2 statements), 0 already there, 0 skipped\n"
    alert, account = map(json.loads, run("ingest", folder, "--archive", path, "--json").stdout.splitlines())
    assert (alert["search"], alert["new"], len(alert["statements"])) == ("ferry", 2, 2)
    assert account["variants"] == {"statements": 2, "same": 1, "paraphrases": 0, "conflicts": 0}
    assert account["alerts"] == {"ferry": 2}


def test_names_that_are_no_text_are_kept_and_found_again(tmp_path: Path) -> None:
    path, folder = tmp_path / "quoth.db", tmp_path / "news"
    folder.mkdir()
    for name, raw in ((b"caf\xe9.txt", SAID.encode()), (b"caf\xe9.jsonl", b"5\n"), (b"a\nb.txt", b"")):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(raw)
    result = run("ingest", folder, "--archive", path)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "3 read: 1 stored (1 statement), 0 already there, 2 skipped")
    assert "caf\\xe9.jsonl:1: not a JSON object" in run("skipped", "--archive", path).stdout
    again = run("ingest", "--retry-skipped", "--archive", path)
    assert (again.stderr, again.stdout.splitlines()[0]) == ("", "2 read: 0 stored (0 statements), 0 already there, 2 skipped")
    assert run("ingest", os.fsdecode(os.fsencode(folder) + b"/caf\xe9.gone"), "--archive", path).exit_code == 1


def test_skipped_reports_are_tried_again(news: Path, tmp_path: Path) -> None:
    path = tmp_path / "quoth.db"
    run("ingest", news, "--archive", path)
    (news / "c.txt").write_text(SAID.format(number=3), "utf-8")
    (news / "d.bin").unlink()
    again = run("ingest", "--retry-skipped", "--archive", path)
    assert again.stdout.splitlines()[0] == "1 read: 1 stored (1 statement), 0 already there, 0 skipped"
    assert again.stderr == f"quoth: note: {news}/d.bin: no longer there, so it cannot be tried again\n"
    assert run("skipped", "--archive", path).stdout == f"{news}/d.bin: not text: a PNG image\n"


@pytest.mark.parametrize("source", ["none.txt", "http://127.0.0.1/", "https://user:secret@a.example/"])
def test_a_source_that_cannot_be_read_is_one_line_and_exit_1(source: str, news: Path, tmp_path: Path) -> None:
    result = run("ingest", source, news, "--archive", tmp_path / "quoth.db")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith(f"quoth: {source}: ")
    assert "2 stored" in result.stdout


@pytest.mark.parametrize("command", ["ingest", "watch"])
def test_what_is_not_installed_is_one_line(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "quoth.fetching", None)
    result = run(command, "https://post.example/feed", "--archive", tmp_path / "quoth.db")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert "to fetch from the web, pip install 'quoth[news]'" in line


def test_standard_input_and_mapped_columns(tmp_path: Path) -> None:
    path = tmp_path / "quoth.db"
    table = f"story;day\n{SAID.format(number=1)};2024-03-05\n".encode()
    result = run("ingest", "--map", "text=story,published=day", "-", "--archive", path, stdin=table)
    assert result.stdout.startswith("1 read: 1 stored"), result.stdout
    with Archive.open(path) as archive:
        [report] = archive.every_report()
    assert str(report.article.published) == "2024-03-05"


def test_published_is_for_reports_without_a_date(news: Path, tmp_path: Path) -> None:
    path = tmp_path / "quoth.db"
    run("ingest", news / "a.txt", "--published", "5 March 2024", "--archive", path)
    with Archive.open(path) as archive:
        assert [str(report.article.published) for report in archive.every_report()] == ["2024-03-05"]


@pytest.mark.parametrize(
    "arguments",
    [["--map", "text"], ["--map", "colour=a"], ["--workers", "0"], ["--published", "soon"]],
    ids=lambda arguments: " ".join(arguments),
)
def test_wrong_usage(arguments: list[str], tmp_path: Path) -> None:
    result = run("ingest", *arguments, "a.txt", "--archive", tmp_path / "quoth.db")
    assert result.exit_code == 2
    assert not (tmp_path / "quoth.db").exists()


def test_what_is_no_archive_is_one_line(news: Path) -> None:
    for command in (["ingest", news], ["skipped"]):
        result = run(*command, "--archive", news / "a.txt")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"quoth: {news}/a.txt: no quoth archive\n"


@pytest.mark.parametrize(
    ("sources", "places", "total"),
    [
        (["news"], ["a", "ab", "abb", "abb", "abbd"], "abbd"),
        (["news/a.txt", "news/c.txt", "news/b.jsonl"], ["a", "a", "ab", "abb"], "abb"),
        (["news/b.jsonl"], ["b", "bb"], "bb"),
        (["news/a.txt", "news/none.txt", "news/b.jsonl"], ["a", "a", "ab", "abb"], None),
    ],
)
def test_the_gauge_follows_the_bytes_of_the_files(
    sources: list[str], places: list[str], total: str | None, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {path.name[0]: path.stat().st_size for path in news.iterdir()}
    sizes["b"] //= 2  # it has two lines

    def size(read: str) -> int:
        return sum(sizes[letter] for letter in read)

    monkeypatch.chdir(news.parent)
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_over(sources) as gauge:
        assert gauge.progress is not None
        bar = gauge.progress.tasks[0]
        passed = []
        for _ in read_sources(sources, fetch=Fetcher().page, follow=gauge.follow):
            gauge.passed()
            passed.append(bar.completed)
    assert (passed, bar.total) == ([size(place) for place in places], None if total is None else size(total))


def test_without_a_terminal_there_is_no_gauge(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with progress_over([str(news)]) as gauge:
        assert gauge.progress is None
        gauge.passed()
