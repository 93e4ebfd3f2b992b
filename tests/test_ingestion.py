"""Ingestion: everything that is given is stored or told of, once, whatever happens in between."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import toy
from ingesting import SAID, finish, kill_when, reports, rows, stored, watched_archive
from serving import Answer, serving

from quoth.archive import Archive
from quoth.cli import ingest as ingest_command
from quoth.errors import ArticleError
from quoth.fetching import Fetcher
from quoth.ingestion import Ingested, Ingestion
from quoth.ingestion.sources import read_sources, source_of
from quoth.ingestion.workers import CRASHED, Workers
from quoth.types import Article, Reading, Skipped, Statement


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


# --- the command, killed


@pytest.fixture(autouse=True)
def _toy_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_command, "extractor_of", lambda *_: (toy.extract_article, "toy 1"))


def test_three_kills_leave_the_archive_of_one_run(tmp_path: Path) -> None:
    folder = reports(tmp_path / "news", 60)
    whole, killed = (watched_archive(tmp_path / name) for name in ("whole.db", "killed.db"))
    finish(folder, "--archive", whole)
    for count in (0, 9, 30):
        kill_when(killed, count, folder, "--archive", killed)
    finish(folder, "--archive", killed)
    assert rows(killed) == rows(whole)
    assert len(rows(whole)["texts"]) > 50
    assert all(len(rows(whole)[table]) > 10 for table in ("variants", "search_hits"))


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
    whole, killed = (watched_archive(tmp_path / name) for name in ("whole.db", "killed.db"))
    finish(folder, "--archive", whole)
    chance = random.Random(5)
    arguments = (folder, "--workers", workers, "--archive", killed)
    for kill in range(20):
        kill_when(killed, stored(killed) + chance.randint(0, 12) * (kill > 0), *arguments)
    assert stored(killed) < len(rows(whole)["reports"])
    finish(*arguments)
    assert rows(killed) == rows(whole)
    assert len(rows(whole)["texts"]) > 450
