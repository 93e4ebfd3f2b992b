"""Batches are made shard by shard, every document once, to the same bytes whoever makes them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import poison
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from scaling import SAID, Here, batch_of, documents, lines, make, mixed, written

from quoth.ingestion.workers import CRASHED
from quoth.reading import readings
from quoth.scale.accounts import Sidecar
from quoth.scale.batch import begin, open_batch
from quoth.scale.engines import Lost
from quoth.scale.extractor import BROKEN, LATE
from quoth.scale.local import Local
from quoth.scale.tables import Extracted, document_of, read_table, row_of, write_table
from quoth.scale.variants import find_variants
from quoth.scale.verifying import verify
from quoth.types import Article, Reading, Said, Skipped, Span, Speaker


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return mixed(tmp_path / "news")


def read_from(root: Path) -> list[tuple[object, ...]]:
    """The documents of a batch, wherever their sources are."""
    found = documents(open_batch(str(root)))
    return [(one.reading.article, one.statements) if isinstance(one, Extracted) else (one.reason,) for one in found]


# --- tables

names = st.text(max_size=8)
days = st.none() | st.dates()


@st.composite
def extracted(draw: st.DrawFn) -> Extracted:
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=8))
    article = Article.of(text, id=draw(names), url=draw(st.none() | names), publisher=draw(st.none() | names), published=draw(days))
    origin, source = draw(st.text(min_size=1, max_size=8)), draw(st.none() | st.just(((0, 2, 5),)))
    reading = Reading(article=article, origin=origin, source_sha256="s", source_length=2**40, reader="toy 1", runs=source)
    place, real = Span(start=5, end=8), st.floats(0, 1)
    speaker = Speaker(name=draw(names), mention=place, basis="name", confidence=draw(real), person=draw(st.none() | names))
    said = Said(
        date=draw(st.dates()), precision="week", evidence=place, basis="weekday", carried=draw(st.booleans()), confidence=draw(real)
    )
    content = draw(st.sampled_from([(Span(start=0, end=2),), (Span(start=0, end=1), Span(start=3, end=4))]))
    bare = toy.statement(article, content, nested_in=draw(st.none() | names))
    full = toy.statement(article, content, cue=place, source=place, speaker=speaker, said_on=said, not_said=draw(st.booleans()))
    return Extracted(reading, draw(st.sampled_from([(), (bare,), (bare, replace(full, candidates=(speaker,), denies=True))])))


@settings(max_examples=40, deadline=None)
@given(result=extracted())
def test_a_row_is_the_document(result: Extracted, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "row.parquet"
    write_table([row_of(result), row_of(Skipped(origin="b", reason="why"))], path)
    back, skipped = (document_of(row) for row in read_table(str(path)))
    assert isinstance(back, Extracted)
    without_anchors = [replace(statement, anchors=()) for statement in back.statements]
    assert (back.reading, without_anchors) == (result.reading, list(result.statements))
    assert all(anchor.exact == piece.slice(back.reading.article.text)
               for one in back.statements for anchor, piece in zip(one.anchors, one.attribution.content, strict=True))  # fmt: skip
    assert skipped == Skipped(origin="b", reason="why")


# --- making


def test_a_batch_holds_every_document_once_in_order(news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    accounts = [result.account for result in make(batch).values() if isinstance(result, Sidecar)]
    assert len(accounts) == len(batch.manifest.shards) == 3
    found = list(readings(str(news)))
    assert [result.origin if isinstance(result, Skipped) else result.reading.origin for result in documents(batch)] == [
        result.origin for result in found
    ]
    assert sum(account.documents for account in accounts) == 61
    assert sum(account.statements for account in accounts) == 122
    assert [account.skipped for account in accounts if account.skipped] == [{"the report is empty": 1}]
    assert dict(verify(batch, Here())) == {shard.name: () for shard in batch.manifest.shards}


def test_what_is_missing_is_made_again_to_the_same_bytes(news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    make(batch)
    whole = written(tmp_path / "out")
    (tmp_path / "out/shards/000/000001.json").unlink()  # killed between the table and its account
    (tmp_path / "out/shards/000/000002.json").unlink()
    (tmp_path / "out/shards/000/000002.parquet").unlink()
    (tmp_path / "out/shards/000/.000002.parquet.x.part").write_bytes(b"half")
    assert sorted(make(open_batch(str(tmp_path / "out")))) == ["000001", "000002"]
    assert written(tmp_path / "out") == whole
    assert not list((tmp_path / "out").rglob("*.part"))
    assert not make(batch)


def test_two_workers_write_what_one_writes(news: Path, tmp_path: Path) -> None:
    make(batch_of(news, tmp_path / "one"))
    make(batch_of(news, tmp_path / "two", Local(2)), engine=Local(2))
    assert written(tmp_path / "one") == written(tmp_path / "two")


POISON = {1: ("DIE NOW", CRASHED), 3: ("HANG", LATE), 4: ("BREAK", f"{BROKEN}: IndexError"), 8: ("DIE ONCE {marker}", None)}
"""What the extractor dies of, never ends with, breaks down over, and was killed by somebody else with, by the line."""


def test_a_poisonous_document_is_set_aside_and_not_its_shard(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    texts = [f"{SAID.format(number=number)} {POISON.get(number, ('', None))[0].format(marker=marker)}" for number in range(12)]
    lines(tmp_path / "news", "a", texts)
    batch = batch_of(tmp_path / "news", tmp_path / "out")
    [sidecar] = make(batch, poison.extract, seconds=0.5).values()
    assert isinstance(sidecar, Sidecar) and marker.exists()
    skipped = [result for result in documents(batch) if isinstance(result, Skipped)]
    expected = {f"{tmp_path}/news/a.jsonl:{number + 1}": reason for number, (_, reason) in POISON.items() if reason}
    assert {one.origin: one.reason for one in skipped} == expected
    assert sidecar.account.set_aside == tuple(expected)
    assert (sidecar.account.rows, sidecar.account.documents) == (12, 9)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda news: (news / "a.jsonl").write_text("{}", "utf-8"), "not as large as when"),
        (lambda news: (news / "a.jsonl").unlink(), "No such file"),
    ],
    ids=["changed", "gone"],
)
def test_a_source_that_changed_costs_its_shard(change: Callable[[Path], object], told: str, news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    change(news)
    results = make(batch)
    assert Counter(type(result).__name__ for result in results.values()) == {"Lost": 1, "Sidecar": len(results) - 1}
    assert [result.reason for result in results.values() if isinstance(result, Lost) and told in result.reason]
    assert [shard.name for shard in batch.missing()] == [name for name, result in results.items() if isinstance(result, Lost)]


@pytest.mark.parametrize(
    ("extract", "extractor", "told"),
    [(poison.extract, "toy 1", "the model is missing"), (toy.extract_article, "toy 2", "this machine has the extractor 'toy 1'")],
)
def test_an_extractor_that_cannot_work_costs_the_shard(extract: Any, extractor: str, told: str, tmp_path: Path) -> None:
    lines(tmp_path / "news", "a", [SAID + " NO MODEL"])
    batch = begin(str(tmp_path / "out"), [str(tmp_path / "news")], Here(), extractor=extractor)
    [result] = make(batch, extract).values()
    assert isinstance(result, Lost) and told in result.reason


def test_a_task_that_kills_every_worker_is_lost_and_the_others_are_done() -> None:
    results = dict(Local(2).map(poison.mortal, range(5)))
    assert results.pop(2) == Lost(reason="its worker died 4 times")
    assert results == {0: 0, 1: 10, 3: 30, 4: 40}


def test_a_batch_at_a_uri_is_the_one_of_a_path(news: Path, tmp_path: Path) -> None:
    make(batch_of(news, tmp_path / "path"))
    batch = begin(f"file://{tmp_path}/uri", [f"file://{news}"], Here(), extractor="toy 1", most=2_000)
    make(batch)
    assert not make(open_batch(f"file://{tmp_path}/uri"))
    assert dict(verify(batch, Here())) == {shard.name: () for shard in batch.manifest.shards}
    assert read_from(tmp_path / "uri") == read_from(tmp_path / "path")
    found = find_variants(batch, Here())
    assert found.statements == 122 and (tmp_path / "uri/variants/2024-03").is_dir()
