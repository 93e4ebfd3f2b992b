"""Ingestion: everything that is given is stored or told of, once, whatever happens in between."""

import io
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import toy
from serving import Answer, serving
from typer.testing import CliRunner, Result

import quoth
from quoth import cli
from quoth.archive import Archive
from quoth.cli import ingest as ingest_command
from quoth.cli.gauge import progress_over
from quoth.errors import ArchiveError, ArticleError
from quoth.fetching import Fetcher
from quoth.ingestion import Ingested, Ingestion
from quoth.ingestion.sources import read_sources, source_of
from quoth.ingestion.workers import CRASHED, Workers
from quoth.types import Article, Reading, Skipped, Statement

SAID = "“It will rain,” said Mara Lind. Report {number}."


def extract_or_fail(article: Article) -> tuple[Statement, ...]:
    """The toy extractor, with reports that it does not survive."""
    if "crash" in article.text:
        os._exit(9)
    if "refuse" in article.text:
        raise ArticleError("refused")
    return toy.extract_article(article)


@pytest.mark.parametrize("count", [1, 2])
def test_outcomes_come_in_the_order_of_the_reports(count: int) -> None:
    texts = [SAID.format(number=number) for number in range(20)]
    texts[3] = "refuse"
    tickets = [(number, None if number == 5 else Article.of(text)) for number, text in enumerate(texts)]
    outcomes = dict(Workers[int](extract_or_fail, count).run(tickets))
    assert list(outcomes) == list(range(20))
    assert outcomes.pop(5) is None
    refused = outcomes.pop(3)
    assert isinstance(refused, ArticleError) and refused.reason == "refused"
    assert all(outcomes[number] == toy.extract_article(Article.of(texts[number])) for number in outcomes)


def test_a_process_that_dies_costs_one_report() -> None:
    texts = ["crash" if number == 1 else SAID.format(number=number) for number in range(4)]
    outcomes = dict(Workers[int](extract_or_fail, 2).run((number, Article.of(text)) for number, text in enumerate(texts)))
    crashed = outcomes.pop(1)
    assert isinstance(crashed, ArticleError) and crashed.reason == CRASHED
    assert [len(outcome or ()) for outcome in outcomes.values() if not isinstance(outcome, ArticleError)] == [1] * 3


# --- into an archive


class Extractor:
    """The toy extractor, counting what it is asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, article: Article) -> tuple[Statement, ...]:
        self.texts.append(article.text)
        if "refuse" in article.text:
            raise ArticleError("refused")
        return toy.extract_article(article)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        yield opened


@pytest.fixture
def extract() -> Extractor:
    return Extractor()


def reading(text: str, origin: str, **fields: str) -> Reading:
    article = Article.of(text, **fields)  # type: ignore[arg-type]
    return Reading(article=article, origin=origin, source_sha256="", source_length=len(text), reader="test 1")


def endings(results: Iterator[Ingested]) -> list[str]:
    return [ingested.ending for ingested in results]


def test_each_report_is_extracted_and_stored_once(archive: Archive, extract: Extractor) -> None:
    found = [
        reading(SAID.format(number=1), "a", url="https://a.example/1"),
        reading(SAID.format(number=2), "b"),
        Skipped(origin="c", reason="empty"),
        reading("refuse", "d"),
        reading(SAID.format(number=1), "e", url="https://a.example/1"),
    ]
    ingestion = Ingestion(archive, extract, extractor="toy 1")
    assert endings(ingestion.run(found)) == ["stored", "stored", "skipped", "skipped", "already"]
    assert endings(Ingestion(archive, extract, extractor="toy 1").run(found)) == ["already", "already", "skipped", "skipped", "already"]
    assert len(extract.texts) == 4  # what was refused is refused again
    assert {(row.skipped.origin, row.skipped.reason, row.tries) for row in archive.skipped()} == {("c", "empty", 1), ("d", "refused", 1)}


def test_equal_texts_of_two_outlets_are_two_reports(archive: Archive, extract: Extractor) -> None:
    text = SAID.format(number=1)
    found = [reading(text, "a", url="https://a.example/"), reading(text, "b", url="https://b.example/")]
    assert endings(Ingestion(archive, extract, extractor="toy 1").run(found)) == ["stored", "stored"]


def test_what_has_changed_is_updated(archive: Archive, extract: Extractor) -> None:
    def run(text: str, extractor: str = "toy 1", **fields: str) -> list[str]:
        return endings(Ingestion(archive, extract, extractor=extractor).run([reading(text, "a", url="https://a.example/", **fields)]))

    assert run("One.") == ["stored"]
    assert run("Two.") == ["updated"]
    assert run("Two.", title="Rain") == ["updated"]
    assert run("Two.", title="Rain", extractor="toy 2") == ["updated"]
    assert run("Two.", title="Rain", extractor="toy 2") == ["already"]


def test_a_report_that_can_be_read_again_is_no_longer_skipped(archive: Archive, extract: Extractor) -> None:
    first = reading("One.", "a")
    for result in (first, Skipped(origin="a", reason="Permission denied"), first):
        list(Ingestion(archive, extract, extractor="toy 1").run([result]))
    assert archive.skipped() == ()


def test_what_is_tried_again_in_vain_is_counted(archive: Archive, extract: Extractor) -> None:
    skipped = Skipped(origin="a", reason="empty")
    for again in (False, False, True, True):
        list(Ingestion(archive, extract, extractor="toy 1", again=again).run([skipped]))
    assert [row.tries for row in archive.skipped()] == [3]


def test_of_two_reasons_for_one_origin_the_first_counts_however_often_it_is_run(archive: Archive, extract: Extractor) -> None:
    found = [Skipped(origin="a", reason="first"), Skipped(origin="a", reason="second")]
    for _ in range(2):
        assert endings(Ingestion(archive, extract, extractor="toy 1").run(found)) == ["skipped", "skipped"]
        assert [(row.skipped.reason, row.tries) for row in archive.skipped()] == [("first", 1)]


# --- from everywhere

PAGE = "<!doctype html><html lang=en><title>Rain</title><article><p>" + "“It will rain,” said Mara Lind of Harl. " * 9 + "</p></article>"


def test_addresses_are_fetched_and_read() -> None:
    pages = {
        "/rain": Answer(headers={"Content-Type": "text/html; charset=windows-1252"}, body=PAGE.encode("cp1252")),
        "/old": Answer(status=301, headers={"Location": "/rain"}),
        "/gone": Answer(status=410),
    }
    with serving(pages) as site, Fetcher(allow_private=True, pause=0) as fetcher:
        urls = [site.url("/rain"), site.url("/old"), site.url("/gone"), "http://127.0.0.1:1/"]
        rain, old, gone, refused = read_sources(urls, fetch=fetcher.page)
    assert isinstance(rain, Reading) and isinstance(old, Reading)
    assert rain.article.text.startswith("“It will rain,” said") and (rain.origin, rain.article.url) == (urls[0], urls[0])
    assert (old.origin, old.article.url) == (urls[1], urls[0])
    assert gone == Skipped(origin=urls[2], reason="the server answers 410 Gone")
    assert isinstance(refused, Skipped) and "no connection" in refused.reason


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=windows-1252", "cp1252"),
        ("text/html; charset=utf-8", "cp1252"),
        ("text/html; charset=iso-8859-1", "utf-8"),
        ("text/html; charset=none-such", "utf-8"),
        ("text/html", "cp1252"),
        ("text/plain", "utf-16"),
    ],
)
def test_a_charset_that_is_told_wrong(content_type: str, charset: str) -> None:
    page = Answer(headers={"Content-Type": content_type}, body=PAGE.encode(charset))
    with serving({"/": page}) as site, Fetcher(allow_private=True, pause=0) as fetcher:
        [found] = read_sources([site.url("/")], fetch=fetcher.page)
    assert isinstance(found, Reading) and found.article.text.startswith("“It will rain,” said")


def test_the_source_of_an_origin(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.zip"):
        (tmp_path / name).touch()
    inside = {"a.jsonl": "a.jsonl", "a.jsonl:2": "a.jsonl", "b.zip/c/d, e.txt": "b.zip", "b.zip, record 3 (https://x.example/)": "b.zip"}
    for origin, source in inside.items():
        assert source_of(f"{tmp_path}/{origin}") == f"{tmp_path}/{source}"
    assert source_of(f"{tmp_path}/none.txt") is None
    assert source_of(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("sources", "places", "total"),
    [
        (["news"], [0, 1, 1, 2, 3], 4),
        (["news/a.txt", "news/c.txt", "news/b.jsonl"], [0, 1, 2, 2], 3),
        (["news/b.jsonl"], [0, 0], None),
    ],
)
def test_the_gauge_follows_the_files(
    sources: list[str], places: list[int], total: int | None, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(news.parent)
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_over(sources) as gauge:
        assert gauge.progress is not None
        bar = gauge.progress.tasks[0]
        passed = []
        for found in read_sources(sources, fetch=Fetcher().page):
            gauge.passed(found.origin)
            passed.append(bar.completed)
    assert (passed, bar.total) == (places, total)


def test_without_a_terminal_there_is_no_gauge(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with progress_over([str(news)]) as gauge:
        assert gauge.progress is None
        gauge.passed("a")


# --- the command

RUN_TOY = """
import toy
from quoth import cli
from quoth.cli import ingest
ingest.extractor_of = lambda people, workers: (toy.extract_article, "toy 1")
if __name__ == "__main__":
    cli.main()
"""
PATHS = os.pathsep.join([str(Path(__file__).parent), str(Path(quoth.__file__).parents[1])])
TABLES = "publishers extractors reports texts people aliases speakers statements skipped feeds entries marks".split()
CLOCKED = {"added", "at"}


@pytest.fixture(autouse=True)
def _toy_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_command, "extractor_of", lambda people, workers: (toy.extract_article, "toy 1"))


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin, prog_name="quoth")


def rows(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of an archive, without the times at which it was written."""
    with Archive.open(path, read_only=True) as opened:
        assert opened.rows("PRAGMA integrity_check") == [("ok",)]
        return {
            table: [{name: value for name, value in row.items() if name not in CLOCKED} for row in opened.columns(f"SELECT * FROM {table}")]
            for table in TABLES
        }


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
    }  # fmt: skip
    listed = run("skipped", "--archive", path)
    assert listed.stdout.splitlines() == [f"{news}/c.txt: the report is empty", f"{news}/d.bin: not text: a PNG image"]
    assert [json.loads(line)["origin"] for line in run("skipped", "--archive", path, "--json").stdout.splitlines()] == [
        f"{news}/c.txt",
        f"{news}/d.bin",
    ]


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


def spawn(*arguments: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", RUN_TOY, "ingest", *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PATHS}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(*arguments: str | Path) -> None:
    result = run("ingest", *arguments)
    assert result.exit_code == 0, result.output


def reports(folder: Path, count: int) -> Path:
    """So many short reports: files, lines of a file, some of them twice, empty, or not text."""
    folder.mkdir()
    for number in range(count):
        text = SAID.format(number=number - number % 7) + f" “No,” denied she. “Yes,” said Person {number % 13}."
        if number % 2:
            (folder / f"{number:04}.txt").write_bytes(b"" if number % 31 == 0 else text.encode())
        else:
            line = {"text": text, "publisher": f"Paper {number % 5}", "id": f"r{number}"}
            if number % 10 == 0:  # one page, again and again, with another text
                line = {"text": f"{text} It is {number} o'clock.", "url": f"https://live.example/{number % 3}"}
            with (folder / f"{number - number % 20:04}.jsonl").open("a", encoding="utf-8") as opened:
                opened.write((json.dumps(line) if number % 38 else "{broken") + "\n")
    return folder


def kill_when(path: Path, count: int, *arguments: str | Path) -> None:
    """Runs the command until the archive holds so many reports, and kills it without warning."""
    with spawn(*arguments) as running:
        while running.poll() is None and stored(path) < count:
            time.sleep(0.01)
        running.kill()


def stored(path: Path) -> int:
    """How many reports an archive holds by now; -1 before it is one."""
    try:
        with Archive.open(path, read_only=True) as opened:
            return int(opened.rows("SELECT count(*) FROM reports")[0][0])
    except ArchiveError:
        return -1


def test_three_kills_leave_the_archive_of_one_run(tmp_path: Path) -> None:
    folder = reports(tmp_path / "news", 60)
    finish(folder, "--archive", tmp_path / "whole.db")
    for count in (0, 9, 30):
        kill_when(tmp_path / "killed.db", count, folder, "--archive", tmp_path / "killed.db")
    finish(folder, "--archive", tmp_path / "killed.db")
    assert rows(tmp_path / "killed.db") == rows(tmp_path / "whole.db")
    assert len(rows(tmp_path / "whole.db")["texts"]) > 50


def test_the_last_text_of_a_page_counts_whoever_extracts_it(archive: Archive) -> None:
    found = [reading(f"Version {number}.", f"a{number}", url="https://a.example/") for number in range(3)]
    for workers in (1, 2, 1):
        list(Ingestion(archive, toy.extract_article, extractor="toy 1").run(found, workers=workers))
        [report] = archive.every_report()
        assert (report.article.text, len(report.versions)) == ("Version 2.", 3)


def test_a_report_that_takes_all_memory_is_skipped(archive: Archive) -> None:
    def extract(article: Article) -> tuple[Statement, ...]:
        raise MemoryError

    [ingested] = Ingestion(archive, extract, extractor="toy 1").run([reading("One.", "a")])
    assert (ingested.ending, ingested.reason) == ("skipped", "too large: there is not enough memory to extract from it")


def test_workers_leave_the_archive_of_one_process(tmp_path: Path) -> None:
    folder = reports(tmp_path / "news", 60)
    finish(folder, "--archive", tmp_path / "one.db")
    finish(folder, "--workers", "2", "--archive", tmp_path / "two.db")
    assert rows(tmp_path / "two.db") == rows(tmp_path / "one.db")


@pytest.mark.nightly
@pytest.mark.parametrize("workers", ["1", "2"])
def test_twenty_kills_leave_the_archive_of_one_run(workers: str, tmp_path: Path) -> None:
    folder = reports(tmp_path / "news", 500)
    finish(folder, "--archive", tmp_path / "whole.db")
    chance = random.Random(5)
    arguments = (folder, "--workers", workers, "--archive", tmp_path / "killed.db")
    for kill in range(20):
        before = stored(tmp_path / "killed.db")
        kill_when(tmp_path / "killed.db", before + chance.randint(0, 12) * (kill > 0), *arguments)
    assert stored(tmp_path / "killed.db") < len(rows(tmp_path / "whole.db")["reports"])
    finish(*arguments)
    assert rows(tmp_path / "killed.db") == rows(tmp_path / "whole.db")
    assert len(rows(tmp_path / "whole.db")["texts"]) > 450
