"""Batches: planned from the inputs alone, made shard by shard to the same bytes, counted again, loaded, compared across shards."""

import datetime
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import poison
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.archive import Archive
from quoth.errors import QuothError
from quoth.ingestion import Ingestion
from quoth.ingestion.workers import CRASHED
from quoth.reading import readings
from quoth.scale.accounts import Sidecar
from quoth.scale.batch import Batch, begin, open_batch
from quoth.scale.engines import Lost, lost
from quoth.scale.extractor import BROKEN, LATE, Patience
from quoth.scale.loading import load
from quoth.scale.local import Local
from quoth.scale.places import files_below
from quoth.scale.planning import plan
from quoth.scale.ranges import pieces_of, record_starts
from quoth.scale.shards import Manifest, Piece, Shard
from quoth.scale.tables import Extracted, document_of, read_table, row_of, write_table
from quoth.scale.variants import find_variants, pairs_of, part_of
from quoth.scale.verifying import gaps, verify
from quoth.scale.worker import Job, read_piece
from quoth.types import Article, Reading, Said, Skipped, Span, Speaker
from quoth.variants import Passage, pairs
from quoth.variants.passages import speaker_key

SAID = "“The ferry of pier {number} sails again at dawn today,” said Mara Lind. “No,” denied she."


class Here:
    """An engine that does everything in this process, one task after the other."""

    def map(self, make: Callable[[], Callable[[Any], Any]], tasks: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        work = make()
        for task in tasks:
            try:
                yield task, work(task)
            except QuothError as error:
                yield task, lost(error)


def lines(folder: Path, name: str, texts: Sequence[str]) -> None:
    folder.mkdir(exist_ok=True)
    rows = [{"id": f"{name}-{number}", "text": text, "published": f"2024-03-{1 + number % 28:02}"} for number, text in enumerate(texts)]
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with reports in two tables, one file that is no report and one that holds a report twice."""
    folder = tmp_path / "news"
    lines(folder, "a", [SAID.format(number=number) for number in range(30)])
    lines(folder, "b", [SAID.format(number=number // 2) for number in range(30)])
    (folder / "c.txt").touch()
    (folder / "d.txt").write_text(SAID.format(number=1), "utf-8")
    return folder


def batch_of(folder: Path, out: Path, engine: Any = None, most: int = 2_000) -> Batch:
    return begin(str(out), [str(folder)], engine or Here(), extractor="toy 1", most=most)


def make(batch: Batch, extract: Any = toy.extract_article, *, engine: Any = None, seconds: float = 60.0) -> dict[str, Sidecar | Lost]:
    job = Job(place=batch.place, extract=extract, extractor=batch.manifest.extractor, patience=Patience(seconds=seconds))
    return {shard.name: result for shard, result in batch.run(job, engine or Here())}


def written(root: Path) -> dict[str, object]:
    """What the shards of a batch hold: the bytes of the tables, the accounts without their seconds."""
    tables = {path.name: path.read_bytes() for path in sorted(root.rglob("*.parquet"))}
    return tables | {path.name: json.loads(path.read_bytes())["account"] for path in sorted((root / "shards").rglob("*.json"))}


def read_from(root: Path) -> list[tuple[object, ...]]:
    """The documents of a batch, wherever their sources are."""
    found = documents(open_batch(str(root)))
    return [(one.reading.article, one.statements) if isinstance(one, Extracted) else (one.reason,) for one in found]


def documents(batch: Batch) -> list[Extracted | Skipped]:
    tables = (Path(batch.place.root, shard.file("parquet")) for shard in batch.manifest.shards)
    return [document_of(row) for table in tables for row in read_table(str(table))]


# --- planning


def record(body: str, kind: str = "conversion", length: int | None = None) -> bytes:
    block = body.encode()
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://harl.example/{len(body)}\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(block) if length is None else length}\r\n\r\n".encode() + block + b"\r\n\r\n"


CRAWL = [
    record("software: x", "warcinfo"),
    *(record(SAID.format(number=number) * (1 + number % 5)) for number in range(40)),
    record("GET /", "request"),
]
DAMAGED = {
    "sound": CRAWL,
    "broken off": [*CRAWL[:-2], CRAWL[-2][:150]],
    "a length too large": [*CRAWL[:20], record("short", length=900), *CRAWL[20:]],
    "no length": [*CRAWL[:20], b"WARC/1.0\r\nWARC-Type: conversion\r\n\r\n", *CRAWL[20:]],
    "junk between": [*CRAWL[:20], b"junk\r\n", *CRAWL[20:]],
    "a record within a record": [*CRAWL[:20], record((record("within") * 3).decode()), *CRAWL[20:]],
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("damage", DAMAGED)
def test_ranges_of_a_crawl_hold_what_the_whole_holds(damage: str, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(gzip.compress(part, 1) if packed else part for part in DAMAGED[damage]))
    with path.open("rb") as stream:
        pieces = pieces_of(stream, source=str(path), size=path.stat().st_size, most=600)
    assert len(pieces) > 3
    assert not list(gaps(Manifest(extractor="", inputs=(), shards=(Shard(name="0", pieces=pieces),))))
    whole = list(readings(str(path)))
    assert [result for piece in pieces for result in read_piece(piece, {})] == whole
    assert len(whole) > 20


@pytest.mark.parametrize(
    "raw",
    [gzip.compress(b"".join(CRAWL)), b"".join(gzip.compress(one + one) for one in CRAWL), b"It rained.", b"", b"\x1f\x8b"],
    ids=["one member", "two records a member", "no crawl", "empty", "a stub"],
)
def test_what_cannot_be_cut_stays_whole(raw: bytes) -> None:
    assert pieces_of(io.BytesIO(raw), source="a", size=len(raw), most=10) == (Piece(source="a", size=len(raw)),)


def test_records_begin_where_gzip_members_do() -> None:
    members = [gzip.compress(part) for part in CRAWL]
    starts = list(record_starts(io.BytesIO(b"".join(members))))
    assert starts == [sum(map(len, members[:number])) for number in range(len(members))]


def test_a_plan_has_every_byte_once_and_small_files_together(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    lines(folder, "large", [SAID] * 50)
    for number in range(9):
        (folder / f"small{number}.txt").write_text("x" * 300, "utf-8")
    (folder / "zz.warc.gz").write_bytes(b"".join(gzip.compress(part) for part in CRAWL))
    (folder / ".hidden").touch()
    shards = plan([str(folder)], Here(), most=1_000)
    assert not list(gaps(Manifest(extractor="", inputs=(), shards=shards)))
    assert [len(shard.pieces) for shard in shards[:4]] == [1, 3, 3, 3]
    assert {piece.source for shard in shards for piece in shard.pieces} == {source for source, _ in files_below(str(folder))}
    assert [shard.name for shard in shards[:2]] == ["000000", "000001"]


@pytest.mark.parametrize(
    ("inputs", "told"),
    [(["none"], "none: No such file"), (["a.txt", "a.txt"], "a.txt: is named twice"), (["empty"], "empty: the inputs hold no file")],
)
def test_inputs_that_cannot_be_planned(inputs: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").touch()
    with pytest.raises(QuothError, match=told):
        plan(inputs, Here())


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


# --- counting again


def _edit_account(shard: Path) -> None:
    told = json.loads(shard.with_suffix(".json").read_bytes())
    told["account"]["documents"] += 1
    shard.with_suffix(".json").write_text(json.dumps(told), "utf-8")


def _rewrite(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def rewrite(shard: Path) -> None:
        rows = list(read_table(str(shard)))
        change(rows[0])
        write_table(rows, shard)

    return rewrite


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda shard: shard.with_suffix(".json").unlink(), "is missing"),
        (lambda shard: shard.unlink(), "No such file"),
        (lambda shard: shard.write_bytes(shard.read_bytes()[:-60]), "damaged Parquet file"),
        (lambda shard: shard.with_suffix(".json").write_bytes(b"{}"), "no account of a shard"),
        (_edit_account, "documents is"),
        (_rewrite(lambda row: row.update(origin="elsewhere")), "documents_sha256 is"),
        (_rewrite(lambda row: row.update(text="Other words.")), "not the hash of the text"),
        (_rewrite(lambda row: row["statements"][0].update(content="words")), "is not what stands at its place"),
        (_rewrite(lambda row: row["statements"][0]["content_spans"][0].update(start=1)), "is not what stands at its place"),
        (_rewrite(lambda row: row.update(statements=row["statements"][:1])), "statements is"),
    ],
    ids=range(10),
)
def test_every_damage_is_found(damage: Callable[[Path], object], told: str, news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    make(batch)
    damage(tmp_path / "out/shards/000/000000.parquet")
    troubles = dict(verify(batch, Here()))
    assert [name for name, wrong in troubles.items() if wrong] == ["000000"]
    assert any(told in trouble for trouble in troubles["000000"]), troubles["000000"]


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([Piece(source="a", size=9, end=4), Piece(source="a", size=9, start=4, end=9, before=2), Piece(source="b", size=0)], []),
        ([Piece(source="a", size=9, end=4)], ["a: bytes 4 to 9 are in no shard"]),
        ([Piece(source="a", size=9, end=4), Piece(source="a", size=9, start=6, end=9)], ["a: bytes 4 to 6 are in no shard"]),
        ([Piece(source="a", size=9), Piece(source="a", size=9, start=6, end=9)], ["a: bytes 6 to 9 are in two shards"]),
    ],
)
def test_gaps_of_a_plan(pieces: list[Piece], told: list[str]) -> None:
    assert list(gaps(Manifest(extractor="", inputs=(), shards=(Shard(name="0", pieces=tuple(pieces)),)))) == told


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"layout": 99}', b"\xff"])
def test_what_is_no_manifest_is_told(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(QuothError, match=f"{tmp_path}.*: (no manifest|a batch of layout 99)"):
        open_batch(str(tmp_path))


# --- loading


def rows(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of an archive, without the times at which it was written."""
    with Archive.open(path, read_only=True) as opened:
        found = {
            table: opened.columns(f"SELECT * FROM {table}")
            for table in "publishers extractors reports texts speakers statements skipped".split()
        }
    return {table: [{name: row[name] for name in row if name not in ("added", "at")} for row in listed] for table, listed in found.items()}


def test_a_loaded_batch_is_the_archive_of_an_ingestion(news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    with pytest.raises(QuothError, match=r"is not finished: \d of \d shards are missing"), Archive.open(tmp_path / "none.db") as archive:
        list(load(batch, archive))
    make(batch)
    with Archive.open(tmp_path / "ingested.db") as archive:
        expected = Counter(one.ending for one in Ingestion(archive, toy.extract_article, extractor="toy 1").run(readings(str(news))))
    with Archive.open(tmp_path / "loaded.db") as archive:
        assert next(load(batch, archive)).ending == "stored"  # broken off
        assert Counter(one.ending for one in load(batch, archive)) == expected - Counter(stored=1) + Counter(already=1)
        assert set(Counter(one.ending for one in load(batch, archive))) == {"already", "skipped"}
    assert rows(tmp_path / "loaded.db") == rows(tmp_path / "ingested.db")


# --- variants

SPEAKERS = ("Mara Lind", "Lind", "Bo Lind", "Ama Osei", "A. Osei", "the airline", None)
WORDS = "the ferry of harl will not sail before the ice is gone from the bridge and the council has voted on it twice".split()
FIRST = datetime.date(988, 12, 1)
passages_of = st.lists(
    st.builds(
        lambda number, start, length, day, speaker: Passage(
            id=f"s{number}",
            report=f"r{number}",
            words=" ".join(WORDS[start : start + length]),
            published=None if day is None else FIRST + datetime.timedelta(days=day),
            speaker=speaker,
        ),
        st.integers(0, 40),
        st.integers(0, 6),
        st.integers(5, 15),
        st.none() | st.integers(0, 100),
        st.sampled_from(SPEAKERS),
    ),
    max_size=30,
    unique_by=lambda passage: passage.id,
)


@settings(max_examples=40, deadline=None)
@given(passages=passages_of)
def test_the_parts_together_find_what_one_pass_finds(passages: list[Passage]) -> None:
    def told(found: Iterable[Any]) -> list[tuple[object, ...]]:
        return sorted((pair.left, pair.right, pair.kind, pair.score, pair.speakers) for pair in found)

    parted = [pair for part in {part_of(passage) for passage in passages} for pair in pairs_of(part, passages)]
    whole = []
    for key in {speaker_key(passage) for passage in passages}:
        group = [passage for passage in passages if speaker_key(passage) == key]
        whole += pairs(sorted(group, key=lambda one: (one.published is not None, one.published or datetime.date.min, one.id)))
    assert told(parted) == told(whole)


def test_variants_of_a_batch_are_written_by_month(tmp_path: Path) -> None:
    words = "“The ferry will not sail before all the ice is gone,” said Mara Lind."
    lines(tmp_path / "news", "a", [words])
    lines(tmp_path / "news", "b", ["It rains.", words + " It rained."])
    (tmp_path / "news" / "c.txt").write_text("Date: 2024-04-09\n\n" + words + " It snowed.", "utf-8")
    batch = batch_of(tmp_path / "news", tmp_path / "out", most=100)
    with pytest.raises(QuothError, match="is not finished"):
        find_variants(batch, Here())
    make(batch)
    found = find_variants(batch, Here())
    assert (found.statements, dict(found.pairs)) == (3, {"same": 1})
    assert {path.parent.name for path in (tmp_path / "out/variants").rglob("*.parquet")} == {"2024-03", "2024-04"}
    assert not list((tmp_path / "out").rglob("*.passages"))
    assert not make(batch) and dict(verify(batch, Here())) == {shard.name: () for shard in batch.manifest.shards}
